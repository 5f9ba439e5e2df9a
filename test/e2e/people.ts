import { localDate, SystemClock } from '../../src/platform/time/index.js';
import type { GraphqlClient } from '../support/graphql.js';

/** Synthetic people, brought through the doors of the API to where a scan can be booked. */

export interface Desks {
  readonly reception: GraphqlClient;
  readonly clinician: GraphqlClient;
}

export interface Person {
  readonly familyName: string;
  readonly givenName: string;
  readonly dateOfBirth: string;
}

export interface BookablePerson {
  readonly patientId: string;
  readonly referralId: string;
  readonly email: string;
}

const REGISTER = `mutation Register($input: RegisterPatientInput!) {
  registerPatient(input: $input) { __typename ... on Patient { id } ... on Refusal { code message } } }`;
const RECEIVE = `mutation Receive($input: ReceiveReferralInput!) {
  receiveReferral(input: $input) { ... on Referral { id } ... on Refusal { code message } } }`;
const ACCEPT = `mutation Accept($input: AcceptReferralInput!) {
  acceptReferral(input: $input) { __typename ... on Refusal { code message } } }`;
const CONSENT = `mutation Consent($input: RecordConsentInput!) {
  recordConsent(input: $input) { __typename ... on Refusal { code message } } }`;

const REQUEST = `mutation Request($input: RequestImagingInput!) {
  requestImaging(input: $input) { __typename ... on ImagingRequest { id revision } ... on Refusal { code message } } }`;
const JUSTIFY = `mutation Justify($input: JustifyImagingRequestInput!) {
  justifyImagingRequest(input: $input) { __typename ... on Refusal { code message } } }`;

interface Answer {
  readonly __typename: string;
}

/** A clinician of the demo clinic refers for the exposure, and justifies and authorises it; throws when that is refused. */
export async function vetReferral(
  clinician: GraphqlClient,
  referralId: string,
  procedureCode = 'BONE_SPECT_CT',
): Promise<void> {
  const weightOn = localDate(new SystemClock().now(), 'Europe/London').toString();
  const { requestImaging } = await clinician.ask<{
    requestImaging: Answer & { id?: string; revision?: number };
  }>(REQUEST, {
    input: {
      ...{ referralId, procedureCode, asReferrer: true },
      content: {
        clinicalQuestion: 'Which facet joint is active?',
        history: 'Pain for two years.',
        earlierImaging: 'NONE',
        recentStudies: 'NONE',
        weightKg: 72,
        weightOn,
        weightSource: 'SAID_BY_PATIENT',
        mobility: 'WALKS',
        pregnancy: 'DOES_NOT_APPLY',
        pregnancyText: 'for a test',
        breastFeeding: 'DOES_NOT_APPLY',
      },
    },
  });
  const { id: requestId, revision } = requestImaging;
  if (requestId === undefined) throw new Error(`not requested: ${JSON.stringify(requestImaging)}`);
  const words = { benefit: 'Shows the joint.', detriment: 'A few mSv.', alternatives: 'MRI was considered.' };
  const { justifyImagingRequest } = await clinician.ask<{ justifyImagingRequest: Answer }>(JUSTIFY, {
    input: { requestId, revision, ...words },
  });
  if (justifyImagingRequest.__typename !== 'ImagingRequest')
    throw new Error(`not justified: ${JSON.stringify(justifyImagingRequest)}`);
}

/** Registered, consenting and with an accepted referral that is vetted; throws when a step is refused. */
export async function bookablePerson(
  { reception, clinician }: Desks,
  person: Person,
  from: { readonly source: string; readonly referrerId?: string } = { source: 'SELF' },
): Promise<BookablePerson> {
  const email = `${person.givenName}.${person.familyName}@example.org`.toLowerCase();
  const input = {
    ...person,
    sexForClinicalUse: 'FEMALE',
    statedGender: 'NOT_KNOWN',
    email,
    contactPreference: 'EMAIL',
  };
  const { registerPatient } = await reception.ask<{ registerPatient: { id?: string } }>(REGISTER, { input });
  const patientId = registerPatient.id;
  if (patientId === undefined) throw new Error(`not registered: ${JSON.stringify(registerPatient)}`);
  const { receiveReferral } = await reception.ask<{ receiveReferral: { id: string } }>(RECEIVE, {
    input: { patientId, ...from, priority: 'ROUTINE', clinicalQuestion: 'Where does it come from?' },
  });
  const accepted = await clinician.ask<Record<string, { __typename: string }>>(ACCEPT, {
    input: { referralId: receiveReferral.id },
  });
  const consented = await reception.ask<Record<string, { __typename: string }>>(CONSENT, {
    input: {
      patientId,
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      decision: 'GIVEN',
      wordingVersion: '2026-01',
      locale: 'en-GB',
      givenBy: 'PATIENT',
      method: 'IN_PERSON',
    },
  });
  if (
    accepted.acceptReferral?.__typename !== 'Referral' ||
    consented.recordConsent?.__typename !== 'ConsentRecord'
  ) {
    throw new Error(`refused: ${JSON.stringify({ accepted, consented })}`);
  }
  await vetReferral(clinician, receiveReferral.id);
  return { patientId, referralId: receiveReferral.id, email };
}
