import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { type ConversionHouse, openConversions } from '../support/conversions.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { QUESTIONS, redFlagAnswers } from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aRegistration } from '../support/patients.factory.js';

// Desk hours, call-backs and conversions as the graph answers them: first and compiled queries, inputs, permissions.

let testDatabase: TestDatabase;
let database: Database;
let house: ConversionHouse;
const clock = new FixedClock('2026-03-03T09:00:00Z');

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  house = await openConversions(testDatabase.url, clock);
});

afterAll(async () => {
  await house.app.close();
  await database.close();
  await testDatabase.drop();
});

async function ask<Field>(role: Role, name: string, query: string, variables: object = {}): Promise<Field> {
  const { data, errors } = await house.graph(role, query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.[name] as Field;
}

const refusedTo = async (role: Role, query: string, variables: object) => {
  const { errors } = await house.graph(role, query, variables);
  return (errors?.[0] as { extensions?: { code: string } } | undefined)?.extensions?.code;
};

const CALL_BACK = `id enquiryId reference status allowedActions priority version name phoneAsEntered phoneE164
  safeToLeaveMessage bestTimes callCount calledAt lastCalledAt attemptCount isExhausted nextAttemptAt dueAt isOverdue
  escalations claimedById claimedUntil reachedAt outcome outcomeComment letter closedAt closedById
  calls { id kind receivedAt recordedAt recordedById name said }
  attempts { id madeAt madeById outcome phoneAsEntered ringAgainAt note }`;
const REFUSAL = '... on Refusal { code message }';
const VOICEMAIL = `mutation ($input: RecordVoicemailInput!) { recordVoicemail(input: $input) { __typename
  ... on RecordedCall { isJoined emergencyAdvice callBack { ${CALL_BACK} } } ${REFUSAL} } }`;
const MISSED = `mutation ($input: RecordMissedCallInput!) { recordMissedCall(input: $input) { __typename
  ... on RecordedCall { isJoined callBack { ${CALL_BACK} } } ${REFUSAL} } }`;
const LIST = `query ($filter: CallBackFilterInput!, $page: PageInput!) { callBacks(filter: $filter, page: $page) {
  nextCursor items { ${CALL_BACK} } } }`;
const ONE = `query ($id: ID!) { callBack(id: $id) { ${CALL_BACK} } }`;
const handle = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { __typename ... on CallBack { ${CALL_BACK} } ${REFUSAL} } }`;
const ATTEMPT = handle('recordCallBackAttempt', 'RecordCallBackAttemptInput');
const CLOSE = handle('closeCallBack', 'CloseCallBackInput');

interface Shown {
  readonly id: string;
  readonly enquiryId: string;
  readonly version: number;
  readonly status: string;
}
const heard = async (input: object) =>
  (await ask<{ callBack: Shown }>('RECEPTION', 'recordVoicemail', VOICEMAIL, { input })).callBack;

describe('desk hours', () => {
  const HOURS =
    'query ($on: LocalDate) { deskHours(on: $on) { effectiveFrom reason week { isoWeekday opens closes } } }';
  const SET = `mutation ($input: SetDeskHoursInput!) { setDeskHours(input: $input) { __typename
    ... on DeskHours { effectiveFrom week { isoWeekday opens closes } } ${REFUSAL} } }`;

  it('are read by everybody, set by managers, and judged before', async () => {
    const today = await ask<{ week: object[] }>('MDT_MEMBER', 'deskHours', HOURS, {});
    expect(today.week).toHaveLength(5);
    const week = [{ isoWeekday: 6, opens: '09:00', closes: '12:00' }];
    const input = { effectiveFrom: '2027-01-01', week, reason: 'Saturdays.' };
    expect(await refusedTo('RECEPTION', SET, { input })).toBe('FORBIDDEN');
    for (const wrong of [
      { week: [] },
      { week: [{ isoWeekday: 8, opens: '09:00', closes: '12:00' }] },
      { week: [{ isoWeekday: 1, opens: '9:00', closes: '24:00' }] },
      { week: [{ isoWeekday: 1, opens: '12:00', closes: '09:00' }] },
      { reason: '' },
    ]) {
      expect(await refusedTo('MANAGER', SET, { input: { ...input, ...wrong } })).toBe('BAD_INPUT');
    }
    expect(await ask('MANAGER', 'setDeskHours', SET, { input })).toEqual({
      ...{ __typename: 'DeskHours', effectiveFrom: '2027-01-01', week },
    });
    expect(
      await ask('MANAGER', 'setDeskHours', SET, { input: { ...input, effectiveFrom: '2026-03-02' } }),
    ).toMatchObject({
      code: 'DeskHoursInThePast',
    });
    expect(await ask('MDT_MEMBER', 'deskHours', HOURS, { on: '2027-01-02' })).toMatchObject({ week });
  });

  it('with the bank holidays beside', async () => {
    await database.client.bankHoliday.create({
      data: { heldOn: new Date('2026-04-03'), name: 'Good Friday' },
    });
    const query = '{ bankHolidays(year: 2026) { heldOn name } }';
    expect(await ask('MDT_MEMBER', 'bankHolidays', query)).toEqual([
      { heldOn: '2026-04-03', name: 'Good Friday' },
    ]);
  });
});

describe('call-backs', () => {
  it('go from a voicemail to what came of it, the first time and compiled', async () => {
    for (const [number, phone] of ['020 7946 0001', '020 7946 0002', '020 7946 0003'].entries()) {
      const { id, version } = await heard({
        phone,
        said: '<b>Ring</b> me',
        name: null,
        safeToLeaveMessage: null,
      });
      const claimed = await ask<Shown>(
        'RECEPTION',
        'claimCallBack',
        handle('claimCallBack', 'CallBackInput'),
        {
          input: { callBackId: id },
        },
      );
      expect(claimed).toMatchObject({ __typename: 'CallBack', version: version + 1 });
      const others = await ask('CLINICIAN', 'claimCallBack', handle('claimCallBack', 'CallBackInput'), {
        input: { callBackId: id },
      });
      expect(others).toMatchObject({ __typename: 'CallBackClaimedByOther', code: 'CallBackClaimedByOther' });
      const input = {
        callBackId: id,
        version: claimed.version,
        outcome: 'LEFT_MESSAGE',
        ringAgainAt: null,
        note: null,
      };
      expect(await ask('RECEPTION', 'recordCallBackAttempt', ATTEMPT, { input })).toMatchObject({
        code: 'MessageNotSafe',
      });
      const spoke = await ask<Shown>('RECEPTION', 'recordCallBackAttempt', ATTEMPT, {
        input: { ...input, outcome: 'SPOKE', note: `call ${number}` },
      });
      expect(spoke).toMatchObject({
        status: 'REACHED',
        attempts: [{ outcome: 'SPOKE', note: `call ${number}` }],
      });
      const closing = {
        callBackId: id,
        version: spoke.version,
        outcome: 'NO_FURTHER_ACTION',
        comment: 'Wanted the address.',
      };
      expect(await ask('RECEPTION', 'closeCallBack', CLOSE, { input: closing })).toMatchObject({
        status: 'CLOSED',
      });
      expect(await ask('CLINICIAN', 'callBack', ONE, { id })).toMatchObject({
        calls: [{ said: '<b>Ring</b> me', kind: 'VOICEMAIL' }],
      });
    }
  });

  it('are listed with a filter that says nothing, or null, and beside their enquiry', async () => {
    const missed = await ask<{ callBack: Shown }>('RECEPTION', 'recordMissedCall', MISSED, {
      input: { phone: '020 7946 0010' },
    });
    for (const filter of [
      {},
      { show: null, priority: null, enquiryId: null },
      { show: 'DUE' },
      { show: 'OPEN' },
    ]) {
      const { items } = await ask<{ items: Shown[] }>('MANAGER', 'callBacks', LIST, { filter, page: {} });
      expect(items.map(({ id }) => id)).toContain(missed.callBack.id);
    }
    const enquiry = 'query ($id: ID!) { enquiry(id: $id) { id callBacks { id } conversions { id } } }';
    expect(await ask('MANAGER', 'enquiry', enquiry, { id: missed.callBack.enquiryId })).toEqual({
      id: missed.callBack.enquiryId,
      callBacks: [{ id: missed.callBack.id }],
      conversions: [],
    });
  });

  it('are refused what is no number, no text, no time', async () => {
    const fine = { phone: '020 7946 0020', said: 'Ring me.' };
    for (const wrong of [
      { said: '' },
      { said: ' \n' },
      { said: 'x'.repeat(4_001) },
      { said: 'nul\u0000' },
      { phone: 'x'.repeat(41) },
      { phone: 'new\nline' },
      { name: 'x'.repeat(121) },
      { receivedAt: '2026-03-04T09:00:00Z' },
      { enquiryId: 'nobody' },
      { safeToLeaveMessage: 'PERHAPS' },
    ]) {
      expect([wrong, await refusedTo('RECEPTION', VOICEMAIL, { input: { ...fine, ...wrong } })]).toEqual([
        wrong,
        'BAD_INPUT',
      ]);
    }
    expect(await refusedTo('RECEPTION', ONE, { id: '018f0000-0000-7000-8000-000000000001' })).toBe(
      'NOT_FOUND',
    );
  });

  it('are for those who handle enquiries', async () => {
    const { id: callBackId } = await heard({ phone: '020 7946 0030', said: 'Ring me.' });
    const version = 0;
    for (const role of ['IMAGING', 'MDT_MEMBER'] as const) {
      expect(await refusedTo(role, LIST, { filter: {}, page: {} })).toBe('FORBIDDEN');
      expect(await refusedTo(role, ONE, { id: callBackId })).toBe('FORBIDDEN');
    }
    for (const role of ['IMAGING', 'MDT_MEMBER', 'ADMIN'] as const) {
      expect(await refusedTo(role, VOICEMAIL, { input: { said: 'x' } })).toBe('FORBIDDEN');
      expect(await refusedTo(role, MISSED, { input: {} })).toBe('FORBIDDEN');
      expect(await refusedTo(role, ATTEMPT, { input: { callBackId, version, outcome: 'SPOKE' } })).toBe(
        'FORBIDDEN',
      );
      expect(await refusedTo(role, CLOSE, { input: { callBackId, version, outcome: 'CONVERTED' } })).toBe(
        'FORBIDDEN',
      );
      for (const name of ['claimCallBack', 'releaseCallBack'] as const) {
        expect(await refusedTo(role, handle(name, 'CallBackInput'), { input: { callBackId } })).toBe(
          'FORBIDDEN',
        );
      }
    }
    const level = `mutation ($input: SetCallBackPolicyInput!) { setCallBackPolicy(input: $input) { __typename
      ... on CallBackPolicy { effectiveFrom normalMinutes } ${REFUSAL} } }`;
    const input = {
      ...{
        effectiveFrom: '2027-01-01',
        normalMinutes: 60,
        redFlagMinutes: 0,
        attemptsMax: 3,
        pauseMinutes: 60,
      },
      ...{ escalateAfterMinutes: 0, redFlagEscalateAfterMinutes: 15, claimMinutes: 30, reason: 'for a test' },
    };
    expect(await refusedTo('RECEPTION', level, { input })).toBe('FORBIDDEN');
    expect(await refusedTo('MANAGER', level, { input: { ...input, redFlagMinutes: 241 } })).toBe('BAD_INPUT');
    expect(await ask('MANAGER', 'setCallBackPolicy', level, { input })).toMatchObject({ normalMinutes: 60 });
  });
});

describe('conversion', () => {
  const CONVERT = `mutation ($input: ConvertEnquiryInput!) { convertEnquiry(input: $input) { __typename
    ... on EnquiryConversion { id patientId target registered referralId visitRequestId consentRecordIds matchReasons
      matchDoubts convertedAt undoableUntil undoneAt } ... on MatchNotConfirmed { strength reasons doubts } ${REFUSAL} } }`;
  const UNDO = `mutation ($input: UndoConversionInput!) { undoConversion(input: $input) { __typename
    ... on EnquiryConversion { id undoneAt undoReason } ${REFUSAL} } }`;
  const JOIN = `mutation ($input: JoinEnquiriesInput!) { joinEnquiries(input: $input) { __typename
    ... on Enquiry { id status } ... on EnquiriesDiffer { fields } ${REFUSAL} } }`;
  const MATCHES = `query ($enquiryId: ID!) { enquiryMatches(enquiryId: $enquiryId) {
    patientId strength reasons doubts patient { id familyName } } }`;
  const ASKED = `mutation ($input: RecordRedFlagsInput!) { recordRedFlags(input: $input) { __typename } }`;

  it('of a voicemail, after the questions were asked: matched, confirmed, converted once, taken back', async () => {
    const register = aRegistration({ familyName: 'Doorway', givenName: 'Dora' });
    const REGISTER = `mutation ($input: RegisterPatientInput!) { registerPatient(input: $input) {
      __typename ... on Patient { id } } }`;
    const { id: patientId } = await ask<{ id: string }>('RECEPTION', 'registerPatient', REGISTER, {
      input: register,
    });
    const { enquiryId } = await heard({ phone: '020 7946 0040', name: 'Dora Doorway', said: 'Ring me.' });
    const referral = { priority: 'ROUTINE', clinicalQuestion: 'Neck pain.' };
    const input = { enquiryId, patient: { patientId }, target: 'SELF_REFERRAL', referral, request: null };
    expect(await ask('RECEPTION', 'convertEnquiry', CONVERT, { input })).toMatchObject({
      code: 'RedFlagsNotAsked',
    });
    const redFlags = { version: QUESTIONS.version, answers: redFlagAnswers() };
    await ask('RECEPTION', 'recordRedFlags', ASKED, { input: { enquiryId, redFlags } });
    expect(await ask('RECEPTION', 'enquiryMatches', MATCHES, { enquiryId })).toMatchObject([
      { patientId, strength: 'POSSIBLE', reasons: ['SAME_NAME'], patient: { familyName: 'Doorway' } },
    ]);
    expect(await ask('RECEPTION', 'convertEnquiry', CONVERT, { input })).toMatchObject({
      ...{ __typename: 'MatchNotConfirmed', strength: 'POSSIBLE' },
    });
    const confirmed = { ...input, patient: { patientId, howConfirmed: 'Date of birth and address.' } };
    const headers = { 'idempotency-key': 'door-1' };
    const answers: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      answers.push(
        (await house.graph('RECEPTION', CONVERT, { input: confirmed }, headers)).data?.convertEnquiry,
      );
    }
    expect(answers[0]).toMatchObject({ __typename: 'EnquiryConversion', patientId, registered: false });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    const undo = { enquiryId, reason: 'Her sister.' };
    expect(await ask('RECEPTION', 'undoConversion', UNDO, { input: undo })).toMatchObject({
      undoReason: 'Her sister.',
    });
  });

  it('registers a new person, whatever of the input is left out or null', async () => {
    const { enquiryId } = await heard({ phone: '020 7946 0041', said: 'Ring me.' });
    const redFlags = { version: QUESTIONS.version, answers: redFlagAnswers() };
    await ask('RECEPTION', 'recordRedFlags', ASKED, { input: { enquiryId, redFlags } });
    const wrong = {
      enquiryId,
      patient: { register: { ...aRegistration(), familyName: '' } },
      target: 'PATIENT_ONLY',
    };
    expect(await refusedTo('RECEPTION', CONVERT, { input: wrong })).toBe('BAD_INPUT');
    const referral = { priority: 'URGENT', clinicalQuestion: ' ', serviceCode: null };
    const blank = { enquiryId, patient: { register: aRegistration() }, target: 'SELF_REFERRAL', referral };
    expect(await refusedTo('RECEPTION', CONVERT, { input: blank })).toBe('BAD_INPUT');
    const input = { ...blank, referral: { ...referral, clinicalQuestion: 'Neck pain.' }, request: null };
    expect(await ask('RECEPTION', 'convertEnquiry', CONVERT, { input })).toMatchObject({ registered: true });
  });

  it('shows an open red flag with the patient and with the referral', async () => {
    const { enquiryId } = await heard({ phone: '020 7946 0045', said: 'I have saddle numbness.' });
    const redFlags = { version: QUESTIONS.version, answers: redFlagAnswers() };
    await ask('RECEPTION', 'recordRedFlags', ASKED, { input: { enquiryId, redFlags } });
    const referral = { priority: 'URGENT', clinicalQuestion: 'Now.' };
    const input = { enquiryId, patient: { register: aRegistration() }, target: 'SELF_REFERRAL', referral };
    const made = await ask<{ patientId: string; referralId: string }>(
      'RECEPTION',
      'convertEnquiry',
      CONVERT,
      { input },
    );
    const seen = 'openRedFlags { enquiryId status codes }';
    const flags = [{ enquiryId, status: 'OPEN', codes: ['saddle numbness'] }];
    const patient = `query ($id: ID!) { patient(id: $id) { ${seen} } }`;
    expect(await ask('IMAGING', 'patient', patient, { id: made.patientId })).toEqual({ openRedFlags: flags });
    const sent = `query ($id: ID!) { referral(id: $id) { ${seen} } }`;
    expect(await ask('CLINICIAN', 'referral', sent, { id: made.referralId })).toEqual({
      openRedFlags: flags,
    });
  });

  it('joins two, and says in what they differ', async () => {
    const one = await heard({ phone: '020 7946 0050', said: 'Ring me.' });
    const other = await heard({ phone: '020 7946 0051', said: 'Ring me.' });
    const input = { keepId: one.enquiryId, otherId: other.enquiryId, howConfirmed: 'Said so.' };
    expect(await ask('RECEPTION', 'joinEnquiries', JOIN, { input })).toMatchObject({ id: one.enquiryId });
    const both = 'query ($id: ID!) { enquiry(id: $id) { joinedIntoId joinedFromIds } }';
    expect(await ask('RECEPTION', 'enquiry', both, { id: one.enquiryId })).toEqual({
      ...{ joinedIntoId: null, joinedFromIds: [other.enquiryId] },
    });
    expect(await ask('RECEPTION', 'enquiry', both, { id: other.enquiryId })).toEqual({
      ...{ joinedIntoId: one.enquiryId, joinedFromIds: [] },
    });
    expect(await ask('RECEPTION', 'joinEnquiries', JOIN, { input })).toMatchObject({
      code: 'EnquiryNotInState',
    });
  });

  it('is for those who may do each part of it', async () => {
    const { enquiryId } = await heard({ phone: '020 7946 0060', said: 'Ring me.' });
    const input = { enquiryId, patient: { register: aRegistration() }, target: 'PATIENT_ONLY' };
    for (const role of ['MANAGER', 'ADMIN', 'IMAGING', 'MDT_MEMBER'] as const) {
      expect(await refusedTo(role, CONVERT, { input })).toBe('FORBIDDEN');
      expect(await refusedTo(role, UNDO, { input: { enquiryId, reason: 'x' } })).toBe('FORBIDDEN');
    }
    for (const role of ['IMAGING', 'MDT_MEMBER'] as const) {
      expect(await refusedTo(role, MATCHES, { enquiryId })).toBe('FORBIDDEN');
      expect(
        await refusedTo(role, JOIN, { input: { keepId: enquiryId, otherId: enquiryId, howConfirmed: 'x' } }),
      ).toBe('FORBIDDEN');
    }
  });
});
