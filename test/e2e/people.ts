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

/** Registered, consenting and with an accepted referral; throws when a step is refused. */
export async function bookablePerson(
  { reception, clinician }: Desks,
  person: Person,
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
    input: { patientId, source: 'SELF', priority: 'ROUTINE', clinicalQuestion: 'Where does it come from?' },
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
  return { patientId, referralId: receiveReferral.id, email };
}
