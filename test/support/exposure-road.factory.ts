import { Temporal } from '../../src/platform/time/index.js';
import { askWorklist } from '../e2e/console.js';
import { type Booking, book, findOffers, first, toVisit } from '../e2e/visits.js';
import type { Desk, RoadHouse } from './exposure-road.house.js';

// Every step from a referral to a report, as an operation of the API by the desk whose step it is.

export interface Said {
  readonly __typename: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface GateSeen {
  readonly code: string;
  readonly stage: string;
  readonly strictness: string;
  readonly state: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: string | null;
  readonly stages: readonly { readonly stage: string; readonly strictness: string }[];
}

export interface Traveller {
  readonly patientId: string;
  readonly referralId: string;
}

/** What is not done on the way; whatever is left out is done. */
export type Leaving =
  | 'JUSTIFICATION'
  | 'CONSENT'
  | 'IDENTITY'
  | 'PREGNANCY'
  | 'WITNESS'
  | 'BREAST_FEEDING'
  | 'SAFETY';

/** One mutation with one input, whatever became of it. */
export async function say(
  house: RoadHouse,
  desk: Desk,
  [operation, inputType, fields = '']: readonly [operation: string, inputType: string, fields?: string],
  input: object,
): Promise<Said> {
  const query = `mutation Say($input: ${inputType}!) { ${operation}(input: $input) {
    __typename ${fields} ... on Refusal { code message } } }`;
  const data = await house.desk(desk).ask<Record<string, Said>>(query, { input });
  return first(Object.values(data), operation);
}

/** The same where it must not be refused. */
export async function must(...call: Parameters<typeof say>): Promise<Said> {
  const said = await say(...call);
  if ('code' in said) throw new Error(`${call[2][0]} is refused: ${JSON.stringify(said)}`);
  return said;
}

const idOf = (type: string, more = '') => `... on ${type} { id ${more} }`;

/** Nobody is so like somebody of before that reception is asked about it. */
let travellersCount = 0;

/** Somebody of about 40 years who may be with child, with an accepted referral and consent to imaging. */
export async function makeTraveller(
  house: RoadHouse,
  familyName: string,
  parts: object = {},
): Promise<Traveller> {
  travellersCount += 1;
  const dateOfBirth = Temporal.PlainDate.from('1984-07-12')
    .add({ days: 37 * travellersCount })
    .toString();
  const person = {
    ...{ familyName, givenName: `Ottilie ${familyName}`, dateOfBirth, sexForClinicalUse: 'FEMALE' },
    ...{
      statedGender: 'FEMALE',
      addressLines: [`${travellersCount} Example Row`, 'London'],
      postcode: 'N1 9GU',
    },
    ...{ email: `${familyName.toLowerCase()}@example.org`, contactPreference: 'EMAIL' },
    ...parts,
  };
  const register = ['registerPatient', 'RegisterPatientInput', idOf('Patient')] as const;
  const { id: patientId } = await must(house, 'reception', register, person);
  const letter = {
    ...{ patientId, source: 'GP', priority: 'ROUTINE', referrerName: 'Dr Amelia Hart' },
    clinicalQuestion: 'Which facet joint is active?',
  };
  const receive = ['receiveReferral', 'ReceiveReferralInput', idOf('Referral')] as const;
  const { id: referralId } = await must(house, 'reception', receive, letter);
  await must(house, 'clinician', ['acceptReferral', 'AcceptReferralInput'], { referralId });
  await giveConsent(house, patientId);
  return { patientId, referralId };
}

const consentOf = (patientId: string) => ({
  ...{ patientId, purpose: 'IMAGING_TRACER_AND_XRAYS', givenBy: 'PATIENT', method: 'IN_PERSON' },
});

export const giveConsent = (house: RoadHouse, patientId: string): Promise<Said> =>
  must(house, 'reception', ['recordConsent', 'RecordConsentInput'], {
    ...{ ...consentOf(patientId), decision: 'GIVEN', wordingVersion: '2026-01', locale: 'en-GB' },
  });

export const withdrawConsent = (house: RoadHouse, patientId: string): Promise<Said> =>
  must(house, 'reception', ['withdrawConsent', 'WithdrawConsentInput'], consentOf(patientId));

/** The first place that is offered from the first possible day on. */
export async function bookScan(house: RoadHouse, { referralId }: Traveller, filter = {}): Promise<Booking> {
  const { offers } = await findOffers(house.desk('reception'), referralId, filter);
  return book(house.desk('reception'), referralId, toVisit(first(offers, 'offer')));
}

/** The clinician refers for the exposure, with other words where they are given; the request's id and revision. */
export async function requestImaging(
  house: RoadHouse,
  { referralId }: Traveller,
  parts: object = {},
): Promise<Said> {
  const fields = '... on ImagingRequest { id revision status isComplete missing { sentence } }';
  const operation = ['requestImaging', 'RequestImagingInput', fields] as const;
  return must(house, 'clinician', operation, {
    ...{ referralId, procedureCode: 'BONE_SPECT_CT', asReferrer: true },
    content: {
      ...{ clinicalQuestion: 'Which facet joint is active?', history: 'Pain for two years.' },
      ...{ earlierImaging: 'NONE', recentStudies: 'NONE', mobility: 'WALKS' },
      ...{ weightKg: 72, weightOn: house.day(), weightSource: 'MEASURED' },
      ...{ pregnancy: 'NOT_PREGNANT', lastMenstrualPeriodOn: house.day(-9), breastFeeding: 'NO' },
      ...parts,
    },
  });
}

/** Reception puts something right in the record of the patient. */
export async function correctPatient(house: RoadHouse, id: string, parts: object): Promise<void> {
  const desk = house.desk('reception');
  const VERSION = 'query V($id: ID!) { patient(id: $id) { version } }';
  const { patient } = await desk.ask<{ patient: { version: number } }>(VERSION, { id });
  const words = { patientId: id, version: patient.version, reason: 'The passport says so.' };
  await must(house, 'reception', ['correctPatient', 'CorrectPatientInput'], { ...words, ...parts });
}

/** The accession numbers that a console of another maker is shown for this booking: one, or none. */
export async function shownOnWorklist(
  house: RoadHouse,
  { accessionNumber }: Pick<Booking, 'accessionNumber'>,
): Promise<readonly (string | undefined)[]> {
  const reply = await askWorklist({ port: house.dicomPort, keys: { AccessionNumber: accessionNumber } });
  if (reply.exitCode !== 0) throw new Error(reply.log);
  return reply.answers.map((answer) => answer.get('AccessionNumber'));
}

/** The clinician, who is the practitioner too, justifies it and, unless said otherwise, authorises it at once. */
export const justify = (house: RoadHouse, { id: requestId, revision }: Said, authorise = true) =>
  must(
    house,
    'clinician',
    ['justifyImagingRequest', 'JustifyImagingRequestInput', '... on ImagingRequest { id status }'],
    {
      ...{ requestId, revision, authorise, benefit: 'Shows the joint.' },
      ...{ detriment: 'A few mSv from the tracer and the CT.', alternatives: 'MRI was considered.' },
    },
  );

/** The instant so many minutes after the planned injection; below zero, before it. */
export const minutesFrom = (booking: Pick<Booking, 'injectionStartsAt'>, minutes: number): string =>
  Temporal.Instant.from(booking.injectionStartsAt).add({ minutes }).toString();

export const ARRIVES_MINUTES = -45;

/** The day itself, three quarters of an hour before the injection: the patient comes. */
export async function arrive(house: RoadHouse, booking: Booking): Promise<Said> {
  await house.at(minutesFrom(booking, ARRIVES_MINUTES));
  return say(house, 'reception', ['markArrived', 'VisitVersionInput', '... on Visit { id status }'], {
    ...{ visitId: booking.id, version: await visitVersionOf(house, booking.id) },
  });
}

async function visitVersionOf(house: RoadHouse, id: string): Promise<number> {
  const VERSION = 'query V($id: ID!) { scanBooking(id: $id) { visit { version } } }';
  const { scanBooking } = await house
    .desk('reception')
    .ask<{ scanBooking: { visit: { version: number } } }>(VERSION, { id });
  return scanBooking.visit.version;
}

export const checkIdentity = (house: RoadHouse, visitId: string) =>
  must(house, 'imaging', ['recordIdentityCheck', 'RecordIdentityCheckInput'], {
    ...{ visitId, answeredBy: 'PATIENT', askedOpenly: true },
    ...{ matched: ['NAME', 'DATE_OF_BIRTH', 'ADDRESS'], differing: [] },
  });

const ENQUIRY = [
  'recordPregnancyEnquiry',
  'RecordPregnancyEnquiryInput',
  idOf('PregnancyEnquiry', 'answer'),
] as const;

export const enquirePregnancy = (house: RoadHouse, visitId: string, answer = 'NO') =>
  must(house, 'imaging', ENQUIRY, {
    ...{ visitId, answeredBy: 'PATIENT', potential: 'YES', answer, attestation: 'SIGNED' },
    lastPeriodOn: house.day(-9),
  });

export async function witness(house: RoadHouse, checkId: string): Promise<void> {
  const WITNESS = `mutation W($id: ID!) { witnessPregnancyEnquiry(checkId: $id) { __typename ... on Refusal { message } } }`;
  const said = await house.desk('clinician').ask<{ witnessPregnancyEnquiry: Said }>(WITNESS, { id: checkId });
  if (said.witnessPregnancyEnquiry.__typename !== 'PregnancyEnquiry') throw new Error(JSON.stringify(said));
}

export const enquireBreastFeeding = (house: RoadHouse, visitId: string) =>
  must(house, 'imaging', ['recordBreastFeedingEnquiry', 'RecordBreastFeedingEnquiryInput'], {
    ...{ visitId, answeredBy: 'PATIENT', answer: 'NO' },
  });

interface Template {
  readonly visitChecks: { readonly safetyTemplate: { readonly items: readonly SafetyItem[] } | null };
}
interface SafetyItem {
  readonly code: string;
  readonly kind: string;
  readonly expected: string | null;
}

/** Every question of the template in force, answered as is hoped for. */
export async function checkSafety(house: RoadHouse, visitId: string): Promise<Said> {
  const TEMPLATE =
    'query T($id: ID!) { visitChecks(visitId: $id) { safetyTemplate { items { code kind expected } } } }';
  const { visitChecks } = await house.desk('imaging').ask<Template>(TEMPLATE, { id: visitId });
  const asked = visitChecks.safetyTemplate?.items ?? [];
  const items = asked.filter(({ kind }) => kind === 'YES_OR_NO');
  const answers = items.map(({ code, expected }) => ({ code, reply: expected ?? 'NO', note: 'Asked.' }));
  return must(house, 'imaging', ['recordSafetyCheck', 'RecordSafetyCheckInput'], {
    ...{ visitId, weightKg: 71.5, answers },
  });
}

/** What is asked of somebody who has come, by those who are entitled to ask it. */
export async function check(
  house: RoadHouse,
  visitId: string,
  leaving: readonly Leaving[] = [],
): Promise<void> {
  const does = (what: Leaving) => !leaving.includes(what);
  if (does('IDENTITY')) await checkIdentity(house, visitId);
  if (does('PREGNANCY')) {
    const { id } = await enquirePregnancy(house, visitId);
    if (does('WITNESS')) await witness(house, id);
  }
  if (does('BREAST_FEEDING')) await enquireBreastFeeding(house, visitId);
  if (does('SAFETY')) await checkSafety(house, visitId);
}

/** A kit that was prepared two hours before the injection; it may be used until six hours after, or as is said. */
export async function receiveBatch(house: RoadHouse, booking: Booking, expiresAt?: string): Promise<Said> {
  const { doseSuppliers } = await house
    .desk('imaging')
    .ask<{ doseSuppliers: readonly { id: string }[] }>('{ doseSuppliers { id } }');
  const preparedAt = minutesFrom(booking, -120);
  const expiry = expiresAt === undefined ? {} : { expiresAt, expirySource: 'The label.' };
  const operation = ['receiveBatch', 'ReceiveBatchInput', idOf('TracerBatch', 'expiresAt')] as const;
  return must(house, 'imaging', operation, {
    ...{ supplierId: first(doseSuppliers, 'supplier').id, siteCode: 'MAIN', tracerCode: 'TC99M_MDP' },
    ...{ batchNumber: `B-${booking.accessionNumber}`, activity: { value: 4_000, unit: 'MBQ' } },
    ...{ preparedAt, calibratedAt: preparedAt, ...expiry },
  });
}

const GIVEN = `... on Administration { id current { operatorId netActivityMbq measuredActivityMbq comparison
  effectiveDoseMsv administeredOn closedGates } } ... on GateClosed { gate stage state reasonCode } ... on BatchExpired { expiresAt }`;

/**
 * 820 MBq measured twenty minutes before the injection and 12 MBq left in the syringe five minutes after it: 776.94 MBq
 * have been given, above the guideline's 740 and below the reference level of 800, so a reason is said.
 */
export const inject = (house: RoadHouse, booking: Booking, batchId: string, parts: object = {}) =>
  say(house, 'imaging', ['recordAdministration', 'RecordAdministrationInput', GIVEN], {
    ...{ scanBookingId: booking.id, batchId, bodySite: 'back of the hand', side: 'LEFT' },
    ...{ measuredActivity: { value: 820, unit: 'MBQ' }, measuredAt: minutesFrom(booking, -20) },
    injectedAt: minutesFrom(booking, 0),
    ...{ residualActivity: { value: 12, unit: 'MBQ' }, residualMeasuredAt: minutesFrom(booking, 5) },
    departure: { because: 'A late delivery held more.', practitionerId: house.desk('clinician').accountId },
    ...parts,
  });

const GATES = `query Gates($id: ID!) { scanGates(scanBookingId: $id) {
  code stage strictness state reasonCode reason byId byName at stages { stage strictness } } }`;

/** Every gate of a booking as it stands, by its code. */
export async function gatesOf(house: RoadHouse, id: string): Promise<ReadonlyMap<string, GateSeen>> {
  const { scanGates } = await house.desk('imaging').ask<{ scanGates: readonly GateSeen[] }>(GATES, { id });
  return new Map(scanGates.map((gate) => [gate.code, gate]));
}
