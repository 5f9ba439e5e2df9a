import { type DataSet, dataSet } from '../../src/dicom/index.js';
import type { RunningService } from '../support/facet.js';
import type { GraphqlClient } from '../support/graphql.js';
import { MppsScu } from '../support/mpps-scu.js';
import { first } from './visits.js';

/** What the people of imaging see and say through the API, and what their scanner asks for. */

export interface StepSeen {
  readonly id: string;
  readonly sopInstanceUID: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly seriesCount: number;
  readonly unmatchedReason: string | null;
  readonly contradictsClosing: boolean;
  readonly links: readonly { readonly scheduledProcedureStepId: string }[];
}

/** A booking as imaging sees it. */
export interface Standing {
  readonly status: string;
  readonly version: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly closedAs: string | null;
  readonly closeReason: string | null;
  readonly allowedActions: readonly string[];
  readonly worklistEntries: readonly {
    readonly scheduledProcedureStepId: string;
    readonly modality: string;
    readonly status: string;
  }[];
  readonly performedSteps: readonly StepSeen[];
}

interface Profile {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly cameraId: string;
  readonly callingAETitles: readonly string[];
}

const STEP = `id sopInstanceUID status startedAt endedAt seriesCount unmatchedReason contradictsClosing
  links { scheduledProcedureStepId }`;
const REFUSAL = '... on Refusal { code message }';

export const COMPLETE = `mutation Complete($input: CloseScanInput!) { completeScan(input: $input) {
  __typename ... on ScanBooking { status closedAs closeReason } ${REFUSAL} } }`;
export const REOPEN = `mutation Reopen($input: ReopenScanInput!) { reopenScan(input: $input) {
  __typename ... on ScanBooking { status closedAs } ${REFUSAL} } }`;
export const ATTACH = `mutation Attach($input: AttachPerformedStepInput!) { attachPerformedStep(input: $input) {
  __typename ... on PerformedStep { ${STEP} } ${REFUSAL} } }`;
export const DETACH = `mutation Detach($input: DetachPerformedStepInput!) { detachPerformedStep(input: $input) {
  __typename ... on PerformedStep { ${STEP} } ${REFUSAL} } }`;
export const CONNECT = `mutation Connect($input: ConnectScannerInput!) { connectScanner(input: $input) {
  __typename ... on Scanner { id } ${REFUSAL} } }`;
export const REVISE = `mutation Revise($input: ReviseScannerInput!) { reviseScanner(input: $input) {
  __typename ... on Scanner { id version } ${REFUSAL} } }`;
export const WITHDRAW = `mutation Withdraw($input: WithdrawConsentInput!) { withdrawConsent(input: $input) {
  __typename ${REFUSAL} } }`;
export const CONSENT = `mutation Consent($input: RecordConsentInput!) { recordConsent(input: $input) {
  __typename ${REFUSAL} } }`;

/** What giving and withdrawing have in common. */
export const consentOf = (patientId: string) => ({
  patientId,
  purpose: 'IMAGING_TRACER_AND_XRAYS',
  givenBy: 'PATIENT',
  method: 'IN_PERSON',
});

/** The result of a mutation with one field, whatever became of it. */
export async function say<Result = Readonly<Record<string, unknown>>>(
  client: GraphqlClient,
  mutation: string,
  input: object,
): Promise<Result> {
  const data = await client.ask<Record<string, Result>>(mutation, { input });
  return first(Object.values(data), 'result');
}

export async function standingOf(client: GraphqlClient, scanBookingId: string): Promise<Standing> {
  const { scanBooking } = await client.ask<{ scanBooking: Standing }>(
    `query Standing($id: ID!) { scanBooking(id: $id) { status version startedAt endedAt closedAs closeReason
      allowedActions worklistEntries { scheduledProcedureStepId modality status } performedSteps { ${STEP} } } }`,
    { id: scanBookingId },
  );
  return scanBooking;
}

/** The list that a person must work through. */
export async function unmatchedSteps(client: GraphqlClient): Promise<readonly StepSeen[]> {
  const { performedSteps } = await client.ask<{ performedSteps: { items: StepSeen[] } }>(
    `{ performedSteps(filter: { unmatched: true }) { items { ${STEP} } } }`,
  );
  return performedSteps.items;
}

export async function scannerCalled(client: GraphqlClient, callingAETitle: string): Promise<Profile> {
  const { scanners } = await client.ask<{ scanners: Profile[] }>(
    '{ scanners { id name version cameraId callingAETitles } }',
  );
  const named = scanners.filter((scanner) => scanner.callingAETitles.includes(callingAETitle));
  return first(named, `scanner called ${callingAETitle}`);
}

/** Gives the scanner of the demo clinic another profile; throws when that is refused. */
export async function revise(client: GraphqlClient, change: object): Promise<void> {
  const { id, version } = await scannerCalled(client, 'SPECTCT1');
  const result = await say(client, REVISE, { id, version, ...change });
  if (result.__typename !== 'Scanner') throw new Error(`not revised: ${JSON.stringify(result)}`);
}

/** A second camera, and a scanner at it. */
export async function connectBeside(admin: GraphqlClient, callingAETitle: string): Promise<void> {
  const { addResource } = await admin.ask<{ addResource: { id: string } }>(
    `mutation Camera($input: AddResourceInput!) { addResource(input: $input) { ... on Resource { id } } }`,
    { input: { kind: 'CAMERA', name: `Camera of ${callingAETitle}` } },
  );
  const result = await say(admin, CONNECT, {
    name: callingAETitle,
    cameraId: addResource.id,
    callingAETitles: [callingAETitle],
    stationAETitle: callingAETitle,
    stationName: callingAETitle,
    modalities: ['NM'],
    responseCharacterSet: 'ISO_IR_192',
  });
  if (result.__typename !== 'Scanner') throw new Error(`not connected: ${JSON.stringify(result)}`);
}

/** A scanner's association, for a whole day. */
export function openScanner(service: RunningService, callingAETitle = 'SPECTCT1'): Promise<MppsScu> {
  return MppsScu.open({ port: service.dicomPort, callingAETitle });
}

/** The scheduled steps of a booking, with all that a scanner copies into its performed step. */
export async function worklistItems(scanner: MppsScu, accessionNumber: string): Promise<readonly DataSet[]> {
  const { answers, status } = await scanner.find(
    dataSet({
      AccessionNumber: accessionNumber,
      PatientName: '',
      PatientID: '',
      PatientBirthDate: '',
      PatientSex: '',
      StudyInstanceUID: '',
      RequestedProcedureID: '',
      RequestedProcedureDescription: '',
      ScheduledProcedureStepSequence: [
        {
          Modality: '',
          ScheduledStationAETitle: '',
          ScheduledProcedureStepStartDate: '',
          ScheduledProcedureStepStartTime: '',
          ScheduledProcedureStepID: '',
          ScheduledProcedureStepDescription: '',
          ScheduledProcedureStepStatus: '',
        },
      ],
    }),
  );
  if (status !== 0) throw new Error(`the query ended with ${status.toString(16)}`);
  return answers;
}

/** Everybody who is on the worklist. */
export async function allAccessionNumbers(scanner: MppsScu): Promise<readonly string[]> {
  return (await worklistItems(scanner, '')).map((item) => item.text('AccessionNumber'));
}

/** `2026-12-07` and `09:30` as a scanner writes them. */
export const dicomDay = (date: string): string => date.replaceAll('-', '');
export const dicomTime = (time: string): string => `${time.replace(':', '')}00`;
