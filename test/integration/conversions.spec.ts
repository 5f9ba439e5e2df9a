import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { ConsentService } from '../../src/clinic/consent/consent.service.js';
import { CallBackService } from '../../src/clinic/enquiries/call-back.service.js';
import { CallBackEntryService } from '../../src/clinic/enquiries/call-back-entry.service.js';
import type { RecordedCall } from '../../src/clinic/enquiries/call-back-entry.type.js';
import { ConversionService } from '../../src/clinic/enquiries/conversion.service.js';
import type { ConvertEnquiryInput, EnquiryConversion } from '../../src/clinic/enquiries/conversion.type.js';
import { ConversionJoinService } from '../../src/clinic/enquiries/conversion-join.service.js';
import { ConversionUndoService } from '../../src/clinic/enquiries/conversion-undo.service.js';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import type { Enquiry } from '../../src/clinic/enquiries/enquiry.type.js';
import type { EnquiryEntry } from '../../src/clinic/enquiries/enquiry-entry.type.js';
import { MatchService } from '../../src/clinic/enquiries/match.service.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import type { RegisterPatientInput } from '../../src/clinic/patients/patient.type.js';
import { PatientMergeService } from '../../src/clinic/patients/patient-merge.service.js';
import { PatientMergeFollowers } from '../../src/clinic/patients/patient-merge-followers.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import { SubjectAccess } from '../../src/clinic/records/subject-access.type.js';
import { ReferralService } from '../../src/clinic/referrals/referral.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { type ConversionHouse, openConversions } from '../support/conversions.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { anEntry, redFlagAnswers } from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aRegistration, aStaffActor, aTestNhsNumber } from '../support/patients.factory.js';
import { makeRequestableType } from '../support/requests.factory.js';
import { aBooker } from '../support/visits.factory.js';

const TUESDAY = '2026-03-03T09:00:00Z';
const ANN: StaffActor = aStaffActor();
const at = (text: string) => Temporal.Instant.from(text);
const HOW = 'Gave date of birth and address on the telephone.';
const REFERRAL = { priority: 'ROUTINE', clinicalQuestion: 'Low back pain for a year.' } as const;
const PHYSIO = {
  ...{ visitTypeCode: 'PHYSIO', times: [], travelMinutes: 0, keepsStaff: false },
  ...{ wantsFreed: true, noticeHoursMin: 0 },
};

let testDatabase: TestDatabase;
let database: Database;
let house: ConversionHouse;
let wordings: { readonly notice: string; readonly news: string };
let asked: { readonly questionnaireId: string; readonly answers: ReturnType<typeof redFlagAnswers> };
const clock = new FixedClock(TUESDAY);
let made = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  house = await openConversions(testDatabase.url, clock);
  const { client } = database;
  const idOf = async (purpose: 'PRIVACY_NOTICE' | 'MARKETING') =>
    (await client.consentWording.findFirstOrThrow({ where: { purpose } })).id;
  wordings = { notice: await idOf('PRIVACY_NOTICE'), news: await idOf('MARKETING') };
  const { id: questionnaireId } = await client.redFlagQuestionnaire.findFirstOrThrow();
  asked = { questionnaireId, answers: redFlagAnswers() };
  await makeRequestableType(database, 'PHYSIO');
  await makeRequestableType(database, 'CONSULTATION', { type: { needsReferral: true } });
});

afterAll(async () => {
  await house.app.close();
  await database.close();
  await testDatabase.drop();
});

beforeEach(() => clock.set(TUESDAY));

function of<T>(service: new (...args: never[]) => T): T {
  return house.app.get(service, { strict: false });
}

function mustBe<T extends object>(answer: T | object): T {
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer as T;
}

/** Whoever filled in the form on Monday evening, with both ticks, and was asked everything. */
async function anEnquirer(parts: Partial<EnquiryEntry> = {}): Promise<Enquiry> {
  made += 1;
  return database.transaction((tx) =>
    of(EnquiryService).receiveIn(
      tx,
      ANN,
      anEntry({
        ...{ channel: 'WEB', name: `Person ${made}`, email: `person${made}@example.org`, redFlags: asked },
        receivedAt: at('2026-03-02T19:00:00Z'),
        privacyNotice: { wordingId: wordings.notice, at: at('2026-03-02T18:59:00Z'), byId: null },
        marketing: { wordingId: wordings.news, at: at('2026-03-02T18:59:30Z'), byId: null },
        ...parts,
      }),
    ),
  );
}

const convert = (
  enquiry: Enquiry,
  parts: Partial<ConvertEnquiryInput> = {},
  booker = aBooker({ id: ANN.id }),
) =>
  of(ConversionService).convertEnquiry(booker, {
    enquiryId: enquiry.id,
    patient: { register: aRegistration() },
    target: 'PATIENT_ONLY',
    ...parts,
  });
const toReferral = (register: RegisterPatientInput = aRegistration()): Partial<ConvertEnquiryInput> => ({
  ...{ patient: { register }, target: 'SELF_REFERRAL', referral: REFERRAL },
});
const enquiryRow = ({ id }: { id: string }) =>
  database.client.enquiry.findUniqueOrThrow({
    where: { id },
    include: { events: { orderBy: { id: 'asc' } }, redFlagAlerts: true, conversions: true, callBacks: true },
  });
const register = async (parts: Partial<RegisterPatientInput> = {}) =>
  mustBe<{ id: string }>(await of(PatientService).registerPatient(ANN, aRegistration(parts))).id;

/** Everything that a verb may write: the same before and after means that nothing was changed. */
async function all() {
  const { client } = database;
  return JSON.stringify([
    await client.enquiry.findMany({ orderBy: { id: 'asc' } }),
    await client.enquiryConversion.findMany({ orderBy: { id: 'asc' } }),
    await client.callBack.findMany({ orderBy: { id: 'asc' } }),
    ...[await client.patient.count(), await client.referral.count(), await client.visitRequest.count()],
    ...[await client.consentRecord.count(), await client.enquiryEvent.count()],
    ...[await client.outboxMessage.count(), await client.enquiryMessage.count()],
    await client.auditEntry.count({
      where: { action: { notIn: ['patients.compared', 'referrals.compared'] } },
    }),
  ]);
}

/** A file that came with an enquiry; nobody opens it here. */
async function aFile(enquiry: Enquiry): Promise<string> {
  const filedAt = new Date(TUESDAY);
  const { id } = await database.client.document.create({
    data: {
      ...{ subjectType: 'ENQUIRY', subjectId: enquiry.id, kind: 'OTHER', title: 'Old images', filedAt },
      retentionClass: 'ENQUIRY_UNCONVERTED',
      versions: {
        create: {
          ...{
            number: 1,
            storageKey: enquiry.id.replaceAll('-', ''),
            fileName: 'a.png',
            mediaType: 'image/png',
            sizeBytes: 1,
          },
          ...{ sha256: Buffer.alloc(32), keyName: 'test', wrappedKey: Buffer.alloc(60), filedAt },
          scanState: 'NOT_SCANNED',
        },
      },
    },
  });
  return id;
}

describe('an enquiry becomes', () => {
  it('somebody’s, and its files theirs; nobody’s again when that is taken back', async () => {
    const enquiry = await anEnquirer();
    const id = await aFile(enquiry);
    const { patientId } = mustBe<EnquiryConversion>(await convert(enquiry));
    const file = () => database.client.document.findUniqueOrThrow({ where: { id } });
    expect(await file()).toMatchObject({ patientId, retentionClass: 'DOCUMENT' });
    const acted = await database.client.auditEntry.findFirst({ where: { subjectId: id } });
    expect(acted).toMatchObject({ action: 'document.patient-set', patientIds: [patientId] });
    const { actor, roles } = { actor: ANN, roles: ['RECEPTION'] as const };
    mustBe(
      await of(ConversionUndoService).undoConversion(
        { actor, roles: [...roles] },
        { enquiryId: enquiry.id, reason: 'Somebody else of the same name.' },
      ),
    );
    expect(await file()).toMatchObject({ patientId: null, retentionClass: 'ENQUIRY_UNCONVERTED' });
  });

  it('a self-referral of a new patient, with what was ticked, and what was spoken about is settled', async () => {
    const enquiry = await anEnquirer();
    const { callBack } = mustBe<RecordedCall>(
      await of(CallBackEntryService).recordVoicemail(ANN, {
        ...{ phone: '07700 900777', said: 'I filled in your form.', enquiryId: enquiry.id },
      }),
    );
    mustBe(
      await of(CallBackService).recordCallBackAttempt(ANN, {
        ...{ callBackId: callBack.id, version: callBack.version, outcome: 'SPOKE' },
      }),
    );
    const conversion = mustBe<EnquiryConversion>(await convert(enquiry, toReferral()));
    expect(conversion).toMatchObject({
      ...{ target: 'SELF_REFERRAL', registered: true, matchReasons: [], visitRequestId: null },
      ...{ convertedAt: at(TUESDAY), undoableUntil: at('2026-03-04T09:00:00Z'), undoneAt: null },
    });
    const { patientId, referralId } = conversion;
    const referral = await of(ReferralService).referral(ANN, referralId ?? '');
    expect(referral).toMatchObject({
      ...{ patientId, source: 'SELF', receivedOn: '2026-03-02', clinicalQuestion: REFERRAL.clinicalQuestion },
    });
    const consents = await of(ConsentService).consentRecords(ANN, patientId, { size: 25 });
    expect(consents.items.toReversed()).toMatchObject([
      { purpose: 'PRIVACY_NOTICE', method: 'WEB_FORM', decidedAt: at('2026-03-02T18:59:00Z') },
      { purpose: 'MARKETING', decision: 'GIVEN', decidedAt: at('2026-03-02T18:59:30Z') },
    ]);
    expect(conversion.consentRecordIds).toHaveLength(2);
    const row = await enquiryRow(enquiry);
    expect(row).toMatchObject({ status: 'CONVERTED', patientId, claimedById: null });
    expect(row.callBacks).toMatchObject([{ status: 'CLOSED', outcome: 'CONVERTED' }]);
    expect(row.events.map(({ action }) => action)).toContain('enquiry.converted');
    const acts = await database.client.auditEntry.findMany({ where: { patientIds: { has: patientId } } });
    expect(new Set(acts.map(({ action }) => action))).toEqual(
      new Set([
        ...['patient.registered', 'referral.received', 'referral.viewed', 'consent.recorded'],
        ...['enquiry-conversion.made', 'enquiry.converted', 'call-back.closed', 'consent.viewed'],
      ]),
    );
  });

  it('a booking request, where no referral is needed', async () => {
    const patientId = await register();
    const patient = { patientId, howConfirmed: HOW };
    const request = (visitTypeCode: string) =>
      ({ patient, target: 'BOOKING_REQUEST', request: { ...PHYSIO, visitTypeCode } }) as const;
    const enquiry = await anEnquirer();
    const before = await all();
    expect(await convert(enquiry, request('CONSULTATION'))).toMatchObject({ code: 'VisitNeedsReferral' });
    expect(await all()).toBe(before);
    const { visitRequestId } = mustBe<EnquiryConversion>(await convert(enquiry, request('PHYSIO')));
    const waiting = { where: { id: visitRequestId ?? '' } };
    expect(await database.client.visitRequest.findUnique(waiting)).toMatchObject({
      ...{ patientId, status: 'WAITING', visitTypeCode: 'PHYSIO' },
    });
    const again = await anEnquirer();
    expect(await convert(again, request('PHYSIO'))).toMatchObject({ code: 'AlreadyWaiting' });
  });

  it('a patient and nothing more; without a tick there is no consent', async () => {
    const enquiry = await anEnquirer({ channel: 'EMAIL', marketing: null, privacyNotice: null });
    const conversion = mustBe<EnquiryConversion>(await convert(enquiry));
    expect(conversion).toMatchObject({ referralId: null, visitRequestId: null, consentRecordIds: [] });
  });

  it('with an open red flag, which stays open and is the patient’s from now on', async () => {
    const answers = redFlagAnswers({ SADDLE: 'YES' });
    const enquiry = await anEnquirer({ redFlags: { ...asked, answers } });
    const { patientId } = mustBe<EnquiryConversion>(await convert(enquiry));
    const row = await enquiryRow(enquiry);
    expect(row.redFlagAlerts).toMatchObject([{ status: 'OPEN' }]);
    expect(row.patientId).toBe(patientId);
  });

  it('what was read out on the telephone, as said on the telephone', async () => {
    const privacyNotice = { wordingId: wordings.notice, at: at('2026-03-03T08:00:00Z'), byId: ANN.id };
    const enquiry = await anEnquirer({ channel: 'TELEPHONE', privacyNotice, marketing: null });
    const { patientId } = mustBe<EnquiryConversion>(await convert(enquiry));
    const records = await database.client.consentRecord.findMany({ where: { patientId } });
    expect(records).toMatchObject([{ purpose: 'PRIVACY_NOTICE', method: 'TELEPHONE' }]);
  });

  it.each([
    ['a referral without its words', { target: 'SELF_REFERRAL' }],
    ['a request without its words', { target: 'BOOKING_REQUEST' }],
    ['words of a referral and no referral', { referral: REFERRAL }],
    ['nobody', { patient: {} }],
  ] as const)('not %s', async (_, parts) => {
    const enquiry = await anEnquirer();
    const before = await all();
    await expect(convert(enquiry, parts)).rejects.toThrow(/referral|request|patient/);
    expect(await all()).toBe(before);
  });
});

describe('nothing becomes of it', () => {
  it('before the red flags were asked, while somebody else has it, or a second time', async () => {
    const unasked = await anEnquirer({ channel: 'EMAIL', redFlags: { notAskedWhy: 'e-mail' } });
    const taken = await anEnquirer();
    await database.client.enquiry.update({
      where: { id: taken.id },
      data: { status: 'IN_HAND', claimedById: aStaffActor().id, claimedAt: new Date(TUESDAY) },
    });
    const done = await anEnquirer();
    mustBe(await convert(done));
    const before = await all();
    expect(await convert(unasked)).toMatchObject({ code: 'RedFlagsNotAsked' });
    expect(await convert(taken)).toMatchObject({ code: 'EnquiryAlreadyClaimed' });
    expect(await convert(done)).toMatchObject({ code: 'EnquiryNotInState', status: 'CONVERTED' });
    expect(await all()).toBe(before);
  });

  it('on a word that is no proof: only number and date of birth are certain', async () => {
    const nhsNumber = aTestNhsNumber(4_001);
    const known = { familyName: 'Certain', givenName: 'Cara', dateOfBirth: '1980-01-02', email: null };
    const patientId = await register({ ...known, nhsNumber, contactPreference: 'LETTER' });
    const name = 'Cara Certain';
    const named = await anEnquirer({ name, dateOfBirth: '1980-01-02' });
    const before = await all();
    const refusal = await convert(named, { patient: { patientId } });
    expect(refusal).toMatchObject({
      ...{ code: 'MatchNotConfirmed', strength: 'LIKELY', doubts: [] },
      reasons: ['SAME_NAME', 'SAME_DATE_OF_BIRTH'],
    });
    const stranger = await anEnquirer({ name: 'Somebody Else', nhsNumber: aTestNhsNumber(4_002) });
    expect(await convert(stranger, { patient: { patientId } })).toMatchObject({ strength: 'UNLIKELY' });
    const rest = JSON.parse(before);
    expect(JSON.parse(await all()).slice(1, 6)).toEqual(rest.slice(1, 6));
    expect(
      mustBe<EnquiryConversion>(await convert(named, { patient: { patientId, howConfirmed: HOW } })),
    ).toMatchObject({
      ...{ patientId, registered: false, matchReasons: ['SAME_NAME', 'SAME_DATE_OF_BIRTH'] },
    });
    const proof = await database.client.auditEntry.findFirst({
      where: { action: 'enquiry-conversion.made', patientIds: { has: patientId } },
    });
    expect(proof?.after).toMatchObject({ howConfirmed: HOW });
    const certain = await anEnquirer({ name, dateOfBirth: '1980-01-02', nhsNumber });
    expect(mustBe<EnquiryConversion>(await convert(certain, { patient: { patientId } }))).toMatchObject({
      patientId,
    });
  });

  it('where the person is here already under another record, and that look is recorded', async () => {
    const nhsNumber = aTestNhsNumber(4_003);
    const person = aRegistration({ nhsNumber });
    const patientId = mustBe<{ id: string }>(await of(PatientService).registerPatient(ANN, person)).id;
    const enquiry = await anEnquirer();
    const before = await all();
    expect(await convert(enquiry, toReferral(person))).toMatchObject({ code: 'NhsNumberTaken' });
    expect(await convert(enquiry, toReferral({ ...person, nhsNumber: null }))).toMatchObject({
      code: 'LikelyDuplicate',
      candidates: [{ patientId }],
    });
    expect(await all()).toBe(before);
    const looks = { where: { action: 'patients.compared', patientIds: { has: patientId } } };
    expect(await database.client.auditEntry.count(looks)).toBe(2);
  });

  it('where the patient has such a referral already, unless it is another matter', async () => {
    const first = mustBe<EnquiryConversion>(await convert(await anEnquirer(), toReferral()));
    const enquiry = await anEnquirer();
    const patient = { patientId: first.patientId, howConfirmed: HOW };
    const before = await all();
    const again = { ...toReferral(), patient };
    expect(await convert(enquiry, again)).toMatchObject({ code: 'OpenReferralExists' });
    expect(await all()).toBe(before);
    const confirmedNotDuplicateOf = [first.referralId ?? ''];
    const second = await convert(enquiry, { ...again, referral: { ...REFERRAL, confirmedNotDuplicateOf } });
    expect(mustBe<EnquiryConversion>(second).referralId).not.toBe(first.referralId);
  });
});

describe('the same thing twice', () => {
  it('with one key is done once, also at once, and answered the same', async () => {
    const enquiry = await anEnquirer();
    const parts = toReferral();
    const booker = aBooker({ id: ANN.id, key: 'convert-1' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => convert(enquiry, parts, booker)));
    const [first] = answers;
    for (const answer of answers) expect(answer).toEqual(first);
    expect(mustBe<EnquiryConversion>(first ?? {}).referralId).not.toBeNull();
    expect(await database.client.enquiryConversion.count({ where: { enquiryId: enquiry.id } })).toBe(1);
    expect(await convert(enquiry, toReferral(), booker)).toMatchObject({ code: 'IdempotencyKeyReused' });
  });

  it('without a key is won by one of ten', async () => {
    const enquiry = await anEnquirer();
    const answers = await Promise.all(Array.from({ length: 10 }, () => convert(enquiry, toReferral())));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    for (const refusal of answers.filter(isRefusal))
      expect(refusal).toMatchObject({ code: 'EnquiryNotInState' });
    expect(await database.client.enquiryConversion.count({ where: { enquiryId: enquiry.id } })).toBe(1);
  });
});

describe('who the enquirer may be', () => {
  it('is shown with reasons, the strongest first, and each look is recorded', async () => {
    const nhsNumber = aTestNhsNumber(4_010);
    const same = { familyName: 'Mapperley', givenName: 'Mina', dateOfBirth: '1971-05-06' };
    const certain = await register({ ...same, nhsNumber, email: 'mina@example.org' });
    const namesake = await register({
      ...same,
      givenName: 'Mina',
      dateOfBirth: '1990-09-09',
      email: 'm2@example.org',
    });
    const enquiry = await anEnquirer({
      ...{ name: 'Mina Mapperley', dateOfBirth: '1971-05-06', nhsNumber, email: 'mina@example.org' },
    });
    const matches = await of(MatchService).enquiryMatches(ANN, enquiry.id);
    expect(matches.map(({ patientId, strength }) => [patientId, strength])).toEqual([
      [certain, 'CERTAIN'],
      [namesake, 'POSSIBLE'],
    ]);
    const look = await database.client.auditEntry.findFirst({
      where: { action: 'enquiry.matched', subjectId: enquiry.id },
    });
    expect(look?.patientIds.toSorted()).toEqual([certain, namesake].toSorted());
  });
});

describe('taken back', () => {
  const undo = (enquiry: Enquiry) =>
    of(ConversionUndoService).undoConversion(
      { actor: ANN, roles: ['RECEPTION'] },
      { enquiryId: enquiry.id, reason: 'It was her mother.' },
    );

  it('the referral is withdrawn, the consents too, and the enquiry stands as before', async () => {
    const enquiry = await anEnquirer();
    const { id, patientId, referralId } = mustBe<EnquiryConversion>(await convert(enquiry, toReferral()));
    clock.set('2026-03-04T09:00:00Z');
    expect(await undo(enquiry)).toMatchObject({ id, undoneById: ANN.id, undoReason: 'It was her mother.' });
    expect(await enquiryRow(enquiry)).toMatchObject({ status: 'NEW', patientId: null });
    const referral = await of(ReferralService).referral(ANN, referralId ?? '');
    expect(referral.status).toBe('WITHDRAWN');
    for (const purpose of ['PRIVACY_NOTICE', 'MARKETING'] as const) {
      expect(await of(ConsentService).consentInForce(ANN, patientId, purpose)).toMatchObject({
        state: 'WITHDRAWN',
      });
    }
    const before = await all();
    expect(await undo(enquiry)).toMatchObject({ code: 'EnquiryNotInState', status: 'NEW' });
    expect(await all()).toBe(before);
    const again = mustBe<EnquiryConversion>(await convert(enquiry));
    expect((await enquiryRow(enquiry)).conversions).toHaveLength(2);
    expect(again.consentRecordIds).toHaveLength(2);
  });

  it('the request is closed', async () => {
    const enquiry = await anEnquirer();
    const parts = { target: 'BOOKING_REQUEST', request: PHYSIO } as const;
    const { visitRequestId } = mustBe<EnquiryConversion>(await convert(enquiry, parts));
    mustBe(await undo(enquiry));
    const request = { where: { id: visitRequestId ?? '' } };
    expect(await database.client.visitRequest.findUnique(request)).toMatchObject({ status: 'CLOSED' });
  });

  it('not after a day, and not once a clinician has taken it up or somebody has built on it', async () => {
    const old = await anEnquirer();
    mustBe(await convert(old, toReferral()));
    const accepted = await anEnquirer();
    clock.set('2026-03-04T09:00:00.001Z');
    const { referralId } = mustBe<EnquiryConversion>(await convert(accepted, toReferral()));
    mustBe(await of(ReferralService).acceptReferral(ANN, { referralId: referralId ?? '' }));
    const before = await all();
    expect(await undo(old)).toMatchObject({
      code: 'ConversionTooOld',
      undoableUntil: at('2026-03-04T09:00:00Z'),
    });
    expect(await undo(accepted)).toMatchObject({ code: 'ConversionSettled' });
    expect(await undo(await anEnquirer())).toMatchObject({ code: 'EnquiryNotInState' });
    expect(JSON.parse(await all()).slice(1, 7)).toEqual(JSON.parse(before).slice(1, 7));
  });
});

describe('one person who came three times', () => {
  const join = (keep: Enquiry, other: Enquiry) =>
    of(ConversionJoinService).joinEnquiries(ANN, { keepId: keep.id, otherId: other.id, howConfirmed: HOW });

  it('is one patient, whatever came by form, voicemail and e-mail', async () => {
    const form = await anEnquirer({ name: 'Tria Three', phone: null, marketing: null });
    const { callBack } = mustBe<RecordedCall>(
      await of(CallBackEntryService).recordVoicemail(ANN, {
        ...{
          phone: '07700 900333',
          name: 'Tria Three',
          said: 'I have saddle numbness.',
          safeToLeaveMessage: 'YES',
        },
      }),
    );
    const voicemail = await of(EnquiryService).enquiry(ANN, callBack.enquiryId);
    const mail = await anEnquirer({
      ...{ channel: 'EMAIL', name: 'Tria Three', email: 'tria@example.org', dateOfBirth: '1966-06-06' },
      ...{ privacyNotice: null, redFlags: { notAskedWhy: 'e-mail' } },
    });
    mustBe(await join(form, voicemail));
    const { id: keepId } = form;
    const afterTwo = await enquiryRow(form);
    expect(afterTwo.callBacks).toMatchObject([{ id: callBack.id, priority: 'RED_FLAG' }]);
    expect(afterTwo.redFlagAlerts).toMatchObject([{ status: 'OPEN', enquiryId: keepId }]);
    const conversion = mustBe<EnquiryConversion>(await convert(form, toReferral()));
    expect(mustBe<Enquiry>(await join(form, mail))).toMatchObject({
      ...{ id: keepId, status: 'CONVERTED', dateOfBirth: '1966-06-06', phoneE164: '+447700900333' },
      ...{ safeToLeaveMessage: 'YES', email: form.email, redFlagsAsked: 'ASKED' },
    });
    for (const other of [voicemail, mail]) {
      expect(await enquiryRow(other)).toMatchObject({
        ...{ status: 'CLOSED', closeReason: 'DUPLICATE', joinedIntoId: keepId },
      });
    }
    expect(await enquiryRow(mail)).toMatchObject({ patientId: conversion.patientId });
    expect(await database.client.enquiryMessage.count({ where: { enquiryId: keepId } })).toBe(3);
    const consents = await of(ConsentService).consentRecords(ANN, conversion.patientId, { size: 25 });
    expect(consents.items.map(({ purpose }) => purpose).toSorted()).toEqual(['MARKETING', 'PRIVACY_NOTICE']);
  });

  it('is not joined with somebody else, nor with what is over, nor over somebody’s head', async () => {
    const one = await anEnquirer({ dateOfBirth: '1980-01-02' });
    const other = await anEnquirer({ dateOfBirth: '1980-02-01' });
    const over = await anEnquirer();
    mustBe(await convert(over));
    const taken = await anEnquirer();
    await database.client.enquiry.update({
      where: { id: taken.id },
      data: { status: 'IN_HAND', claimedById: aStaffActor().id, claimedAt: new Date(TUESDAY) },
    });
    const before = await all();
    expect(await join(one, other)).toMatchObject({ code: 'EnquiriesDiffer', fields: ['dateOfBirth'] });
    expect(await join(one, over)).toMatchObject({ code: 'EnquiryNotInState', status: 'CONVERTED' });
    expect(await join(one, taken)).toMatchObject({ code: 'EnquiryAlreadyClaimed' });
    await expect(join(one, one)).rejects.toThrow(/another/);
    expect(await all()).toBe(before);
  });

  it('all that is known of the two before the conversion is the patient’s after it, until it is taken back', async () => {
    const [keep, other] = [await anEnquirer(), await anEnquirer()];
    mustBe(await join(keep, other));
    const { patientId } = mustBe<EnquiryConversion>(await convert(keep));
    expect(await enquiryRow(other)).toMatchObject({ patientId });
    const input = { enquiryId: keep.id, reason: 'Her sister.' };
    mustBe(await of(ConversionUndoService).undoConversion({ actor: ANN, roles: ['RECEPTION'] }, input));
    expect(await enquiryRow(other)).toMatchObject({ patientId: null });
  });

  it('is one person’s files too, whenever the enquiries were joined, and nobody’s when that is taken back', async () => {
    const [keep, before, after] = [await anEnquirer(), await anEnquirer(), await anEnquirer()];
    const [early, late] = [await aFile(before), await aFile(after)];
    mustBe(await join(keep, before));
    const { patientId } = mustBe<EnquiryConversion>(await convert(keep));
    mustBe(await join(keep, after));
    const filesAre = async () =>
      database.client.document.findMany({ where: { id: { in: [early, late] } }, orderBy: { id: 'asc' } });
    const theirs = { patientId, retentionClass: 'DOCUMENT' };
    expect(await filesAre()).toMatchObject([theirs, theirs]);
    const input = { enquiryId: keep.id, reason: 'Her sister.' };
    mustBe(await of(ConversionUndoService).undoConversion({ actor: ANN, roles: ['RECEPTION'] }, input));
    const nobodys = { patientId: null, retentionClass: 'ENQUIRY_UNCONVERTED' };
    expect(await filesAre()).toMatchObject([nobodys, nobodys]);
  });

  it.each([
    ['NO', null, 'YES', '07700 900401', 'NO'],
    ['YES', '07700 900402', 'NO', '07700 900402', 'NO'],
    ['YES', '07700 900403', 'NO', null, 'NO'],
    ['NOT_ASKED', '07700 900404', 'NO', '07700 900405', 'NO'],
    ['NOT_ASKED', '07700 900406', 'YES', '07700 900407', 'NOT_ASKED'],
    ['NOT_ASKED', '07700 900408', 'YES', '07700 900408', 'YES'],
    ['NOT_ASKED', 'ext. 12', 'YES', '07700 900409', 'NOT_ASKED'],
    ['NOT_ASKED', null, 'YES', '07700 900410', 'YES'],
    ['YES', '07700 900411', 'NOT_ASKED', '07700 900411', 'YES'],
    ['YES', '07700 900412', 'YES', '07700 900413', 'YES'],
    ['YES', '07700 900414', 'NOT_ASKED', '07700 900415', 'NOT_ASKED'],
  ] as const)(
    'is left a message only where it was said to be safe: %s at %s and %s at %s is %s',
    async (safe, phone, otherSafe, otherPhone, both) => {
      const keep = await anEnquirer({ phone, safeToLeaveMessage: safe });
      const other = await anEnquirer({ phone: otherPhone, safeToLeaveMessage: otherSafe });
      expect(mustBe<Enquiry>(await join(keep, other)).safeToLeaveMessage).toBe(both);
    },
  );

  it('is rung once: of two tasks to one number the more urgent goes on, with all that was said in their own', async () => {
    const phone = '07700 900420';
    const [keep, other] = [await anEnquirer(), await anEnquirer()];
    const ring = async ({ id: enquiryId }: Enquiry, said: string, receivedAt: string) => {
      const call = { phone, said, enquiryId, receivedAt: at(receivedAt) };
      return mustBe<RecordedCall>(await of(CallBackEntryService).recordVoicemail(ANN, call)).callBack;
    };
    const stays = await ring(keep, 'Please ring me.', TUESDAY);
    const goes = await ring(other, 'I have saddle numbness.', '2026-03-03T08:50:00Z');
    mustBe(
      await of(CallBackService).recordCallBackAttempt(ANN, {
        ...{ callBackId: stays.id, version: stays.version, outcome: 'SPOKE' },
      }),
    );
    mustBe(await join(keep, other));
    const { callBacks } = await enquiryRow(keep);
    const byId = new Map(callBacks.map((row) => [row.id, row]));
    expect(byId.get(goes.id)).toMatchObject({ status: 'CLOSED', outcome: 'NO_FURTHER_ACTION', callCount: 1 });
    expect(byId.get(stays.id)).toMatchObject({
      ...{ status: 'WAITING', priority: 'RED_FLAG', dueAt: new Date('2026-03-03T08:50:00Z') },
      calledAt: new Date('2026-03-03T08:50:00Z'),
    });
    const due = await database.client.outboxMessage.findMany({
      where: { topic: 'call-back.due', handledAt: null, subjectId: { in: [stays.id, goes.id] } },
    });
    expect(due.map(({ subjectId }) => subjectId)).toEqual([stays.id]);
  });

  it('has consents that name the form in which they were ticked, also when the enquiry learned of it; what was read out names none', async () => {
    const ticked = at('2026-03-02T18:59:00Z');
    const aForm = (key: string) => ({
      ...{ receivedAt: ticked, privacyNotice: { wordingId: wordings.notice, at: ticked, byId: null } },
      marketing: { wordingId: wordings.news, at: ticked, byId: null },
      form: { submissionKey: key.repeat(64), shownAt: ticked, address: '192.0.2.7', userAgent: 'Tablet' },
    });
    const evidenceOf = async (enquiry: Enquiry) => {
      const { patientId } = mustBe<EnquiryConversion>(await convert(enquiry));
      const records = await of(ConsentService).consentRecords(ANN, patientId, { size: 25 });
      return records.items.map(({ evidence, method }) => [method, evidence.formId, evidence.formAddress]);
    };
    const expected = (key: string) => ['WEB_FORM', `enquiry ${key.repeat(64)}`, null];
    expect(await evidenceOf(await anEnquirer(aForm('a')))).toEqual([expected('a'), expected('a')]);
    const mail = await anEnquirer({ channel: 'EMAIL', marketing: null, privacyNotice: null });
    mustBe(await join(mail, await anEnquirer(aForm('b'))));
    expect(await evidenceOf(mail)).toEqual([expected('b'), expected('b')]);
    const readOut = { wordingId: wordings.notice, at: at(TUESDAY), byId: ANN.id };
    const called = await anEnquirer({ channel: 'TELEPHONE', marketing: null, privacyNotice: readOut });
    expect(await evidenceOf(called)).toEqual([['TELEPHONE', null, null]]);
  });

  it('has nothing left of what was ticked when that was a mistake, also by what was joined later, and after a merge', async () => {
    const undo = ({ id: enquiryId }: Enquiry) =>
      of(ConversionUndoService).undoConversion(
        { actor: ANN, roles: ['RECEPTION'] },
        { enquiryId, reason: 'X.' },
      );
    const stateOf = async (patientId: string) =>
      (await of(ConsentService).consentInForce(ANN, patientId, 'MARKETING')).state;
    const keep = await anEnquirer({ channel: 'EMAIL', marketing: null, privacyNotice: null });
    const { patientId } = mustBe<EnquiryConversion>(await convert(keep));
    const other = await anEnquirer();
    mustBe(await join(keep, other));
    expect((await enquiryRow(keep)).conversions[0]?.consentRecordIds).toHaveLength(2);
    expect(await stateOf(patientId)).toBe('IN_FORCE');
    mustBe(await undo(keep));
    expect(await stateOf(patientId)).toBe('WITHDRAWN');

    const enquiry = await anEnquirer();
    const { patientId: from } = mustBe<EnquiryConversion>(await convert(enquiry));
    const into = await register();
    const versionOf = async (id: string) =>
      (await database.client.patient.findUniqueOrThrow({ where: { id } })).version;
    mustBe(
      await of(PatientMergeService).mergePatients(ANN, {
        ...{ keepId: into, keepVersion: await versionOf(into), reason: 'Same address.' },
        ...{ mergeId: from, mergeVersion: await versionOf(from) },
      }),
    );
    expect(await stateOf(into)).toBe('IN_FORCE');
    mustBe(await undo(enquiry));
    expect(await stateOf(into)).toBe('WITHDRAWN');
  });

  it('both ways at once ends with one that goes on', async () => {
    const [one, other] = [await anEnquirer(), await anEnquirer()];
    const answers = await Promise.all([join(one, other), join(other, one)]);
    expect(answers.filter(isRefusal)).toHaveLength(1);
    const rows = [await enquiryRow(one), await enquiryRow(other)];
    expect(rows.filter(({ joinedIntoId }) => joinedIntoId === null)).toHaveLength(1);
  });
});

describe('everything at once', () => {
  it('leaves one patient, one open task for the number, and nobody stuck', async () => {
    const phone = '07700 900888';
    const [keep, other] = [await anEnquirer({ phone }), await anEnquirer()];
    const ring = (enquiryId: string | null) =>
      of(CallBackEntryService).recordVoicemail(aStaffActor(), { phone, said: 'Ring me.', enquiryId });
    const { callBack } = mustBe<RecordedCall>(await ring(keep.id));
    const spoke = { callBackId: callBack.id, version: callBack.version, outcome: 'SPOKE' } as const;
    const results = await Promise.allSettled([
      ...Array.from({ length: 6 }, () => ring(null)),
      ...Array.from({ length: 3 }, () => convert(keep, toReferral())),
      ...Array.from({ length: 2 }, () =>
        of(ConversionJoinService).joinEnquiries(ANN, {
          keepId: keep.id,
          otherId: other.id,
          howConfirmed: HOW,
        }),
      ),
      ...Array.from({ length: 2 }, () => ring(other.id)),
      ...Array.from({ length: 3 }, () => of(CallBackService).recordCallBackAttempt(ANN, spoke)),
    ]);
    const thrown = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(thrown.filter((reason) => !/at the same moment/.test(reason))).toEqual([]);
    const rows = await database.client.callBack.findMany({ where: { phoneE164: '+447700900888' } });
    expect(rows.filter(({ status }) => status !== 'CLOSED').length).toBeLessThanOrEqual(1);
    const calls = await database.client.callBackCall.count({
      where: { callBack: { phoneE164: '+447700900888' } },
    });
    expect(rows.reduce((sum, { callCount }) => sum + callCount, 0)).toBe(calls);
    const own = await enquiryRow(keep);
    expect(own.conversions).toHaveLength(1);
    expect(own).toMatchObject({ status: 'CONVERTED', patientId: own.conversions[0]?.patientId });
    const due = await database.client.outboxMessage.findMany({
      where: { topic: 'call-back.due', handledAt: null, subjectId: { in: rows.map(({ id }) => id) } },
    });
    expect(due).toHaveLength(rows.filter(({ status }) => status === 'WAITING').length);
  });
});

describe('how long it is kept', () => {
  const MARCH_2027 = '2027-03-03';
  const holder = () => {
    const found = of(RetentionClasses).holderOf('enquiry');
    if (found === null) throw new Error('nobody holds enquiries');
    return found;
  };
  const question = (createdUntil: string) => ({
    classes: ['ENQUIRY_UNCONVERTED'] as const,
    createdUntil: Temporal.PlainDate.from(createdUntil),
    ...{ afterId: null, limit: 1_000 },
  });
  const destruction = {
    ...{ itemId: aStaffActor().id, runId: aStaffActor().id, approvedById: ANN.id },
    at: at('2027-03-03T09:00:00Z'),
  };

  it('an enquiry that became nothing stands for itself; while anything is open it is kept', async () => {
    const open = await anEnquirer({ redFlags: { ...asked, answers: redFlagAnswers({ SADDLE: 'YES' }) } });
    const done = await anEnquirer();
    mustBe(await convert(done));
    const { callBack } = mustBe<RecordedCall>(
      await of(CallBackEntryService).recordVoicemail(ANN, { phone: '07700 900555', said: 'Ring me.' }),
    );
    const records = await database.transaction((tx) => holder().candidates(tx, question(MARCH_2027)));
    const byId = new Map(records.map((record) => [record.id, record]));
    expect(byId.get(open.id)).toMatchObject({
      classes: ['ENQUIRY_UNCONVERTED'],
      keptBecause: 'RED_FLAG_OPEN',
    });
    expect(byId.get(callBack.enquiryId)).toMatchObject({ keptBecause: 'CALL_BACK_OPEN', patientId: null });
    expect(byId.has(done.id)).toBe(false);
    const early = await database.transaction((tx) => holder().candidates(tx, question('2026-03-01')));
    expect(early).toEqual([]);
  });

  it('destroyed, a stub is left that says nothing of the person', async () => {
    const { callBack } = mustBe<RecordedCall>(
      await of(CallBackEntryService).recordVoicemail(ANN, {
        ...{ phone: '07700 900556', name: 'Wanda Gone', said: 'I have saddle numbness.' },
      }),
    );
    const { enquiryId: id } = callBack;
    await database.client.enquiryMessage.updateMany({ where: { enquiryId: id }, data: { documentIds: [] } });
    const parts = await database.transaction(async (tx) => {
      expect(await holder().record(tx, id)).toMatchObject({ id, keptBecause: 'RED_FLAG_OPEN' });
      return holder().destroy(tx, ANN, id, destruction);
    });
    expect(parts.map(({ what }) => what)).toEqual(['enquiries', 'messages', 'call-backs', 'red-flag alerts']);
    const row = await enquiryRow({ id });
    expect(row).toMatchObject({ name: null, phoneE164: null, channel: 'VOICEMAIL', callBacks: [] });
    expect(JSON.stringify(row)).not.toMatch(/Wanda|numbness|900556/);
    expect(await database.transaction((tx) => holder().record(tx, id))).toBeNull();
    expect(await convert(row as unknown as Enquiry)).toMatchObject({ code: 'EnquiryNotInState' });
  });

  it('with a patient’s record it goes, and is in what the patient is given', async () => {
    const enquiry = await anEnquirer({ message: 'It hurts at night.' });
    const { patientId } = mustBe<EnquiryConversion>(await convert(enquiry));
    const room = of(SubjectAccess)
      .rooms()
      .find((one) => one.room === 'enquiries');
    const sections = await database.transaction(async (tx) => room?.collect(tx, patientId) ?? []);
    expect(sections.map(({ name, records }) => [name, records.length])).toEqual([
      ['enquiries', 1],
      ['messages', 1],
      ['history', 2],
      ['red-flag-questions', 1],
      ['red-flag-alerts', 0],
      ['call-backs', 0],
      ['conversions', 1],
    ]);
    const part = of(RetentionClasses)
      .parts()
      .find((one) => one.room === 'enquiries');
    const facts = await database.transaction(
      (tx) => part?.facts(tx, [patientId]) ?? Promise.resolve(new Map()),
    );
    expect(facts.get(patientId)).toMatchObject({ keptBecause: null, classes: [] });
    expect(String(facts.get(patientId)?.lastContactOn)).toBe('2026-03-02');
    await database.transaction(async (tx) => part?.destroy(tx, ANN, patientId, destruction));
    expect(await enquiryRow(enquiry)).toMatchObject({ email: null, conversions: [] });
  });

  it('follows when two records of a person become one, and goes back', async () => {
    const { patientId: from, enquiryId } = mustBe<EnquiryConversion>(await convert(await anEnquirer()));
    const into = await register();
    const follower = of(PatientMergeFollowers)
      .all()
      .find(({ room }) => room === 'enquiries');
    if (follower === undefined) throw new Error('enquiries do not follow');
    const moved = new Map<string, readonly string[]>();
    await database.transaction(async (tx) => {
      await follower.hold?.(tx, [from, into]);
      expect(await follower.preview(tx, from, into)).toMatchObject({
        rows: { enquiries: 1, 'conversions of enquiries': 1 },
      });
      await follower.follow(tx, ANN, 'merge', from, into, async (kind, ids) => {
        moved.set(kind, ids);
      });
    });
    const whose = async () => {
      const { patientId, conversions } = await enquiryRow({ id: enquiryId });
      return [patientId, conversions[0]?.patientId];
    };
    expect(await whose()).toEqual([into, into]);
    const rows = Object.assign(moved, { mergedAt: at(TUESDAY) });
    await database.transaction((tx) => follower.unfollow(tx, ANN, 'merge', from, into, rows));
    expect(await whose()).toEqual([from, from]);
  });
});
