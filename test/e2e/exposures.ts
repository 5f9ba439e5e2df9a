import { SystemClock } from '../../src/platform/time/index.js';
import type { RunningService } from '../support/facet.js';
import type { SignedInClient } from '../support/graphql.js';
import { performedStep } from '../support/performed-step.factory.js';
import { dicomDay, dicomTime, openScanner, say, worklistItems } from './imaging.js';
import { rowsOf } from './tables.js';
import { type Booking, book, findOffers, first, referralOf, toVisit } from './visits.js';

// What there is once somebody is exposed: a batch, an injection, a scan that is over with its report, an incident.

const SITE = 'MAIN';
const TRACER = 'TC99M_MDP';

const BATCH = `mutation ($input: ReceiveBatchInput!) {
  receiveBatch(input: $input) { ... on TracerBatch { id } ... on Refusal { message } } }`;
const DRAW = `mutation ($input: DrawFromBatchInput!) {
  drawFromBatch(input: $input) { ... on TracerBatch { id } ... on Refusal { message } } }`;
const DRAFT = `mutation ($input: KeepReportDraftInput!) {
  keepReportDraft(input: $input) { ... on ScanReportDraft { version } ... on Refusal { message } } }`;
const SIGN = `mutation ($input: SignReportInput!) {
  signReport(input: $input) { ... on ScanReport { id version } ... on Refusal { message } } }`;
const CRITICAL = `mutation ($input: FlagCriticalFindingInput!) {
  flagCriticalFinding(input: $input) { ... on CriticalFinding { id } ... on Refusal { message } } }`;
const INCIDENT = 'mutation ($input: RaiseIncidentInput!) { raiseIncident(input: $input) { id } }';
const ASSESS = `mutation ($input: AssessIncidentInput!) {
  assessIncident(input: $input) { ... on Incident { id } ... on Refusal { message } } }`;

interface Made {
  readonly id?: string;
  readonly message?: string;
}

function idOf({ id, message }: Made, what: string): string {
  if (id === undefined) throw new Error(`no ${what}: ${message}`);
  return id;
}

/** The imaging request of a referral that has one. */
export async function imagingRequestOf(client: SignedInClient, referralId: string): Promise<string> {
  const { referral } = await client.ask<{ referral: { imagingRequests: { id: string }[] } }>(
    'query ($id: ID!) { referral(id: $id) { imagingRequests { id } } }',
    { id: referralId },
  );
  return first(referral.imagingRequests, 'imaging request').id;
}

/** Whoever supplies the demo clinic's tracers. */
export async function supplierOf(client: SignedInClient): Promise<string> {
  const { doseSuppliers } = await client.ask<{ doseSuppliers: { id: string }[] }>('{ doseSuppliers { id } }');
  return first(doseSuppliers, 'supplier').id;
}

/** A batch that came an hour ago, from which the day's quality control was drawn; its id. */
export async function receiveBatch(client: SignedInClient, supplierId: string): Promise<string> {
  const preparedAt = new SystemClock().now().subtract({ minutes: 60 }).toString();
  const received = await say<Made>(client, BATCH, {
    ...{ supplierId, batchNumber: 'MDP-0001', tracerCode: TRACER, siteCode: SITE },
    ...{ preparedAt, calibratedAt: preparedAt, activity: { value: 20_000, unit: 'MBQ' }, volumeMl: 10 },
  });
  const batchId = idOf(received, 'batch');
  const drawn = { batchId, activity: { value: 1, unit: 'MBQ' }, purpose: 'QUALITY_CONTROL' };
  idOf(await say<Made>(client, DRAW, drawn), 'activity was drawn');
  return batchId;
}

/** Something that went wrong with somebody’s visit, looked into; its id. */
export async function assessedIncident(
  { raiser, assessor }: { readonly raiser: SignedInClient; readonly assessor: SignedInClient },
  subject: { readonly patientId: string; readonly visitId: string },
): Promise<string> {
  const happenedAt = new SystemClock().now().subtract({ minutes: 5 }).toString();
  const raised = await say<Made>(raiser, INCIDENT, {
    ...{ ...subject, happenedAt, kind: 'WRONG_ACTIVITY', siteCode: SITE },
    whatHappened: 'The syringe was measured in another unit; it was seen before it was given.',
  });
  const incidentId = idOf(raised, 'incident');
  const assessed = await say<Made>(assessor, ASSESS, {
    ...{ incidentId, exposure: 'NONE', isProceduralFailure: true },
    ...{ isWrongRadiopharmaceutical: false, isLicenceBreach: false },
    anonymousSummary: 'A syringe was measured in another unit, which was seen before the injection.',
  });
  return idOf(assessed, 'assessment');
}

/** Somebody of the demo clinic, booked, and scanned as the console says: begun as planned and over within the day. */
export async function performScan(
  service: RunningService,
  reception: SignedInClient,
  familyName: string,
): Promise<Booking> {
  const { id } = await referralOf(reception, familyName);
  const offer = first((await findOffers(reception, id)).offers, 'offer');
  const booking = await book(reception, id, toVisit(offer));
  const { date, time } = booking.scanLocal;
  const scanner = await openScanner(service);
  const step = performedStep({
    ...{ startDate: dicomDay(date), startTime: dicomTime(time) },
    items: await worklistItems(scanner, booking.accessionNumber),
  });
  const end = step.completed({ endDate: dicomDay(date), endTime: '235900' });
  const replies = [
    await scanner.nCreate(step.sopInstanceUID, step.begun),
    await scanner.nSet(step.sopInstanceUID, end),
  ];
  await scanner.release();
  if (replies.some(({ status }) => status !== 0)) throw new Error(`not scanned: ${JSON.stringify(replies)}`);
  return booking;
}

/** The final report of a scan that is over, with something that cannot wait. */
export async function reportScan(clinician: SignedInClient, scanBookingId: string): Promise<void> {
  const finding = { structure: 'FACET', level: 'L4_L5', side: 'LEFT', uptake: 'INTENSE' };
  const draft = await say<{ version?: number; message?: string }>(clinician, DRAFT, {
    ...{ scanBookingId, draftVersion: 0, seenVersion: 0 },
    content: {
      ...{ clinicalQuestion: 'Which facet joint is active?', conclusion: 'L4/L5 on the left.' },
      findings: [finding],
    },
  });
  if (draft.version === undefined) throw new Error(`no draft: ${draft.message}`);
  const said = { scanBookingId, draftVersion: draft.version, as: 'FINAL' };
  idOf(await say<Made>(clinician, SIGN, said), 'report');
  const critical = { category: 'OTHER', description: 'A collapsed vertebra, to be looked at this week.' };
  idOf(await say<Made>(clinician, CRITICAL, { scanBookingId, ...critical }), 'critical finding');
}

/**
 * An injection of this batch as it stands in the record; its id. It is written where it is kept: Facet takes one only on
 * the day of its visit, and no scan can be booked for today.
 */
export async function keepInjection(
  databaseUrl: string,
  injection: { readonly visitId: string; readonly batchId: string; readonly operatorId: string },
): Promise<string> {
  const [row] = await rowsOf<{ id: string }>(databaseUrl, INJECTION, [
    injection.visitId,
    injection.batchId,
    injection.operatorId,
  ]);
  return idOf(row ?? {}, 'injection');
}

const INJECTION = `
  WITH injection AS (
    INSERT INTO administrations (id, visit_id, ordinal, recorded_at, recorded_by_id)
    VALUES (gen_random_uuid(), $1, 1, now(), $3) RETURNING id, visit_id, recorded_at, recorded_by_id)
  INSERT INTO administration_versions (administration_id, version, visit_id, entry, operator_id, procedure_code, site_code,
    administered_on, injected_at, measured_activity_mbq, measured_at, drawn_activity_mbq, net_activity_mbq, half_life_id,
    half_life_hours, tracer_code, tracer_name, batch_id, batch_number, route, body_site, dose_protocol_id,
    planned_activity_mbq, comparison, closed_gates, gates, recorded_at, recorded_by_id)
  SELECT injection.id, 1, injection.visit_id, 'RECORDED', injection.recorded_by_id, protocol.procedure_code, batch.site_code,
    injection.recorded_at, injection.recorded_at, 600, injection.recorded_at, 600, 600, half_life.id,
    half_life.half_life_hours, tracer.code, tracer.name, batch.id, batch.batch_number, protocol.route, 'back of the hand',
    protocol.id, 600, 'AS_PLANNED', '{}', '[]', injection.recorded_at, injection.recorded_by_id
    FROM injection, tracer_batches batch
    JOIN tracers tracer ON tracer.code = batch.tracer_code
    JOIN radionuclide_half_lives half_life ON half_life.id = batch.half_life_id
    JOIN dose_protocols protocol ON protocol.tracer_code = batch.tracer_code
   WHERE batch.id = $2
   ORDER BY protocol.effective_from DESC LIMIT 1
  RETURNING administration_id AS id`;
