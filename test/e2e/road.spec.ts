import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { FILLED_IN_MIN_MS } from '../../src/platform/http/public-form-reader.js';
import { facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { askWorklist, onDays } from './console.js';
import { bookPhysiotherapy } from './ordinary-visits.js';
import { vetReferral } from './people.js';
import { book, findOffers, first, toVisit } from './visits.js';

// From the first message to the scanner: a form of the website becomes a scan, a voicemail becomes a visit, and who
// comes by three channels is one patient.

const house = facetHouse();
let service: RunningService;
let desk: SignedInClient;
let clinician: SignedInClient;

beforeAll(async () => {
  service = await house.start(await house.newHome());
  desk = await signInAs(service, 'reception');
  clinician = await signInAs(service, 'clinician');
});

const PERSON = {
  familyName: 'Ashdown',
  givenName: 'Imogen',
  dateOfBirth: '1974-05-09',
  sexForClinicalUse: 'FEMALE',
  statedGender: 'FEMALE',
  phones: [{ kind: 'MOBILE', number: '07700 900 461' }],
  email: 'imogen@example.org',
  nhsNumber: '999 000 0050',
  contactPreference: 'EMAIL',
};

const FIND = `query F($search: String) { enquiries(filter: { search: $search }) { items { id status patientId } } }`;
const CLAIM = `mutation C($id: ID!) { claimEnquiry(enquiryId: $id) { __typename ... on Refusal { code message } } }`;
const MATCHES = `query M($id: ID!) { enquiryMatches(enquiryId: $id) { strength reasons patientId } }`;
const CONVERT = `mutation C($input: ConvertEnquiryInput!) { convertEnquiry(input: $input) {
  __typename ... on EnquiryConversion { patientId referralId visitRequestId registered consentRecordIds }
  ... on Refusal { code message } } }`;
const QUEUE = `query Q($patientId: ID) { triageQueue(filter: { patientId: $patientId }) {
  items { referralId whyHere dueOn isOverdue } } }`;
const ACCEPT = `mutation A($input: AcceptReferralInput!) { acceptReferral(input: $input) {
  __typename ... on Referral { status acceptedFor } ... on Refusal { code message } } }`;
const CONSENT = `mutation R($input: RecordConsentInput!) { recordConsent(input: $input) {
  __typename ... on ConsentRecord { id } ... on Refusal { code message } } }`;
const REFERRAL = `query R($id: ID!) { referral(id: $id) { status events { action to } patient { localNumber } } }`;

interface Converted {
  readonly patientId: string;
  readonly referralId: string | null;
  readonly visitRequestId: string | null;
  readonly registered: boolean;
}

/** A form of the website, sent as a browser without scripts sends it; its reference. */
async function formOf(parts: Readonly<Record<string, string>>): Promise<string> {
  const shown = await fetch(`${service.httpUrl}/enquiry-form`);
  const { token, redFlags } = (await shown.json()) as {
    token: string;
    redFlags: { questions: { code: string }[] };
  };
  await sleep(FILLED_IN_MIN_MS + 100);
  const body = new URLSearchParams({ token, privacyNotice: 'yes', ...parts });
  for (const { code } of redFlags.questions) body.append(`redFlags.${code}`, 'no');
  const headers = { accept: 'application/json' };
  const sent = await fetch(`${service.httpUrl}/enquiries`, { method: 'POST', headers, body });
  expect(sent.status).toBe(202);
  return ((await sent.json()) as { reference: string }).reference;
}

async function enquiryOf(reference: string): Promise<string> {
  const { enquiries } = await desk.ask<{ enquiries: { items: { id: string }[] } }>(FIND, {
    search: reference,
  });
  const { id } = first(enquiries.items, 'enquiry');
  expect(await desk.ask(CLAIM, { id })).toEqual({ claimEnquiry: { __typename: 'Enquiry' } });
  return id;
}

async function converted(input: object): Promise<Converted> {
  const { convertEnquiry } = await desk.ask<{ convertEnquiry: Converted & { __typename: string } }>(CONVERT, {
    input,
  });
  expect(convertEnquiry).toMatchObject({ __typename: 'EnquiryConversion' });
  return convertEnquiry;
}

const matchesOf = async (id: string) =>
  (await desk.ask<{ enquiryMatches: { strength: string; patientId: string }[] }>(MATCHES, { id }))
    .enquiryMatches;

let patientId = '';

describe('a form of the website', () => {
  let referralId = '';

  it('becomes a patient and a referral of their own', async () => {
    const reference = await formOf({
      name: 'Imogen Ashdown',
      email: 'imogen@example.org',
      phone: '07700 900461',
      message: 'My back has hurt since spring, most when I lean back.',
    });
    const enquiryId = await enquiryOf(reference);
    expect(await matchesOf(enquiryId)).toEqual([]);
    const made = await converted({
      enquiryId,
      patient: { register: PERSON, howConfirmed: 'Asked for name, day of birth and postcode.' },
      target: 'SELF_REFERRAL',
      referral: { clinicalQuestion: 'Which joint hurts?', priority: 'ROUTINE' },
    });
    expect(made).toMatchObject({ registered: true });
    patientId = made.patientId;
    referralId = made.referralId ?? '';
  });

  it('waits for triage with a due day, and is accepted straight to the scan', async () => {
    const { triageQueue } = await clinician.ask<{ triageQueue: { items: { referralId: string }[] } }>(QUEUE, {
      patientId,
    });
    expect(triageQueue.items).toMatchObject([{ referralId, isOverdue: false }]);
    const input = { referralId, acceptedFor: 'STRAIGHT_TO_TEST', tell: [] };
    expect(await clinician.ask(ACCEPT, { input })).toMatchObject({
      acceptReferral: { status: 'ACCEPTED', acceptedFor: 'STRAIGHT_TO_TEST' },
    });
  });

  it('ends on the worklist of the scanner', async () => {
    const consent = {
      patientId,
      purpose: 'IMAGING_TRACER_AND_XRAYS',
      decision: 'GIVEN',
      wordingVersion: '2026-01',
      locale: 'en-GB',
      givenBy: 'PATIENT',
      method: 'PAPER_FORM',
    };
    expect(await desk.ask(CONSENT, { input: consent })).toMatchObject({
      recordConsent: { __typename: 'ConsentRecord' },
    });
    const { offers } = await findOffers(desk, referralId);
    const booking = await book(desk, referralId, toVisit(first(offers, 'offer')));
    const { referral } = await desk.ask<{
      referral: { status: string; events: { to: string }[]; patient: { localNumber: string } };
    }>(REFERRAL, { id: referralId });
    expect(referral.status).toBe('BOOKED');
    expect(referral.events.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['RECEIVED', 'ACCEPTED', 'BOOKED']),
    );
    const keys = { ...onDays(booking.scanLocal.date), PatientID: referral.patient.localNumber };
    // Nobody has justified the exposure yet.
    expect((await askWorklist({ port: service.dicomPort, keys })).answers).toEqual([]);
    await vetReferral(clinician, referralId);
    const { answers, log } = await askWorklist({ port: service.dicomPort, keys });
    expect(answers, log).toHaveLength(1);
    expect(first(answers, 'answer').get('PatientName')).toContain('Ashdown^Imogen');
  });
});

describe('a voicemail', () => {
  const CALLED = `mutation V($input: RecordVoicemailInput!) { recordVoicemail(input: $input) {
    __typename ... on RecordedCall { isJoined callBack { id version enquiryId status isOverdue } } ... on Refusal { code message } } }`;
  const CLAIM_CALL = `mutation C($input: CallBackInput!) { claimCallBack(input: $input) {
    __typename ... on CallBack { version } ... on Refusal { code message } } }`;
  const ATTEMPT = `mutation A($input: RecordCallBackAttemptInput!) { recordCallBackAttempt(input: $input) {
    __typename ... on CallBack { version reachedAt } ... on Refusal { code message } } }`;
  const ASKED = `mutation A($input: RecordRedFlagsInput!) { recordRedFlags(input: $input) {
    __typename ... on RedFlagsRecorded { emergencyAdvice } ... on Refusal { code message } } }`;
  const QUESTIONS = `{ redFlagQuestionnaires { version inForce questions { code } } }`;

  interface Called {
    readonly recordVoicemail: { readonly isJoined: boolean; readonly callBack: CalledBack };
  }
  interface CalledBack {
    readonly id: string;
    readonly version: number;
    readonly enquiryId: string;
  }

  it('is rung back, asked about red flags, and booked for the patient that they are already', async () => {
    const said = { phone: '07700 900461', name: 'I. Ashdown', said: 'Could I come for physiotherapy?' };
    const { recordVoicemail: called } = await desk.ask<Called>(CALLED, { input: said });
    expect(called.isJoined).toBe(false);
    const again = await desk.ask<Called>(CALLED, { input: { ...said, said: 'It is me again.' } });
    expect(again.recordVoicemail).toMatchObject({ isJoined: true, callBack: { id: called.callBack.id } });

    const { id: callBackId, enquiryId } = called.callBack;
    const claimed = await desk.ask<{ claimCallBack: { version: number } }>(CLAIM_CALL, {
      input: { callBackId },
    });
    const version = claimed.claimCallBack.version;
    const left = { callBackId, version, outcome: 'LEFT_MESSAGE' };
    expect(await desk.refusal(ATTEMPT, { input: left })).toMatchObject({ code: 'MessageNotSafe' });
    const spoke = await desk.ask(ATTEMPT, { input: { callBackId, version, outcome: 'SPOKE' } });
    expect(spoke).toMatchObject({ recordCallBackAttempt: { __typename: 'CallBack' } });

    await desk.ask(CLAIM, { id: enquiryId });
    const confirmed = { patientId, howConfirmed: 'Said their name, day of birth and address.' };
    const wish = {
      enquiryId,
      patient: confirmed,
      target: 'BOOKING_REQUEST',
      request: { visitTypeCode: 'PHYSIOTHERAPY' },
    };
    expect(await desk.refusal(CONVERT, { input: wish })).toMatchObject({ code: 'RedFlagsNotAsked' });
    const { redFlagQuestionnaires } = await desk.ask<{
      redFlagQuestionnaires: { version: string; inForce: boolean; questions: { code: string }[] }[];
    }>(QUESTIONS);
    const asked = first(
      redFlagQuestionnaires.filter(({ inForce }) => inForce),
      'questionnaire',
    );
    const answers = asked.questions.map(({ code }) => ({ code, answer: 'NO' }));
    const redFlags = { enquiryId, redFlags: { version: asked.version, answers } };
    expect(await desk.ask(ASKED, { input: redFlags })).toMatchObject({
      recordRedFlags: { __typename: 'RedFlagsRecorded', emergencyAdvice: null },
    });

    const candidates = await matchesOf(enquiryId);
    expect(candidates.map((one) => one.patientId)).toEqual([patientId]);
    const made = await converted(wish);
    expect(made).toMatchObject({ patientId, registered: false });
    const visitId = await bookPhysiotherapy(desk, patientId, made.visitRequestId ?? '');
    expect(visitId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('and an e-mail of the same person end with the same patient', async () => {
    const register = `mutation R($input: RegisterEnquiryInput!) { registerEnquiry(input: $input) {
      ... on EnquiryRegistered { enquiry { id } } ... on Refusal { code message } } }`;
    const { redFlagQuestionnaires } = await desk.ask<{
      redFlagQuestionnaires: { version: string; inForce: boolean; questions: { code: string }[] }[];
    }>(QUESTIONS);
    const { version, questions } = first(
      redFlagQuestionnaires.filter(({ inForce }) => inForce),
      'questionnaire',
    );
    const answers = questions.map(({ code }) => ({ code, answer: 'NO' }));
    const { registerEnquiry } = await desk.ask<{ registerEnquiry: { enquiry: { id: string } } }>(register, {
      input: {
        channel: 'EMAIL',
        name: 'Imogen Ashdown',
        email: 'Imogen@example.org',
        nhsNumber: '9990000050',
        dateOfBirth: '1974-05-09',
        message: 'Here are my old reports.',
        redFlags: { version, answers },
      },
    });
    const enquiryId = registerEnquiry.enquiry.id;
    await desk.ask(CLAIM, { id: enquiryId });
    expect(await matchesOf(enquiryId)).toMatchObject([{ patientId, strength: 'CERTAIN' }]);
    const patient = { patientId, howConfirmed: 'The NHS number and the day of birth agree.' };
    expect(await converted({ enquiryId, patient, target: 'PATIENT_ONLY' })).toMatchObject({
      patientId,
      registered: false,
    });
    const { enquiries } = await desk.ask<{ enquiries: { items: { status: string }[] } }>(
      'query P($id: ID) { enquiries(filter: { patientId: $id }) { items { status } } }',
      { id: patientId },
    );
    expect(enquiries.items.map(({ status }) => status)).toEqual(['CONVERTED', 'CONVERTED', 'CONVERTED']);
  });
});
