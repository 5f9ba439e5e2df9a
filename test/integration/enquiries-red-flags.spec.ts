import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import type { Enquiry } from '../../src/clinic/enquiries/enquiry.type.js';
import { EnquiryAccessService } from '../../src/clinic/enquiries/enquiry-access.service.js';
import type { EnquiryRegistered } from '../../src/clinic/enquiries/enquiry-action.type.js';
import { EnquiryHandlingService } from '../../src/clinic/enquiries/enquiry-handling.service.js';
import { EnquiryLetterService } from '../../src/clinic/enquiries/enquiry-letter.service.js';
import { EnquiryMessageService } from '../../src/clinic/enquiries/enquiry-message.service.js';
import { EnquiryRecordService } from '../../src/clinic/enquiries/enquiry-record.service.js';
import { EnquiryRegistrationService } from '../../src/clinic/enquiries/enquiry-registration.service.js';
import type { RedFlagAlert, RedFlagsRecorded } from '../../src/clinic/enquiries/red-flag.type.js';
import { RedFlagAlertService } from '../../src/clinic/enquiries/red-flag-alert.service.js';
import { RedFlagAskingService } from '../../src/clinic/enquiries/red-flag-asking.service.js';
import { RedFlagQuestionnaireService } from '../../src/clinic/enquiries/red-flag-questionnaire.service.js';
import { ReferralRedFlagService } from '../../src/clinic/enquiries/referral-red-flag.service.js';
import { PatientService } from '../../src/clinic/patients/patient.service.js';
import { RetentionClasses } from '../../src/clinic/records/retention-class.type.js';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import { ReferralReceptionService } from '../../src/clinic/referrals/referral-reception.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { HandleLater, OutboxHandlers } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  anEnquiry,
  anEntry,
  type EnquiryHouse,
  openEnquiries,
  QUESTIONS,
  redFlagAnswers,
} from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { aReferral } from '../support/referrals.factory.js';

const NOW = '2026-11-23T09:00:00Z';
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const clinician = aStaffActor();
let home: TestDatabase;
let database: Database;
let house: EnquiryHouse;
let alerts: RedFlagAlertService;
let askings: RedFlagAskingService;
let handling: EnquiryHandlingService;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  house = await openEnquiries(database, clock);
  alerts = house.app.get(RedFlagAlertService);
  askings = house.app.get(RedFlagAskingService);
  handling = house.app.get(EnquiryHandlingService);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await house.app.close();
  await database.close();
  await home.drop();
});

function must<T extends object>(result: T | object): T {
  if (isRefusal(result)) throw new Error(`refused: ${result.message}`);
  return result as T;
}

async function inDanger(): Promise<{ enquiry: Enquiry; alert: RedFlagAlert }> {
  const registration = house.app.get(EnquiryRegistrationService);
  const input = anEnquiry({
    email: 'ann@example.org',
    redFlags: { version: QUESTIONS.version, answers: redFlagAnswers({ SADDLE: 'YES' }) },
  });
  const { enquiry, emergencyAdvice } = must<EnquiryRegistered>(
    await registration.registerEnquiry(desk, input),
  );
  expect(emergencyAdvice).toBe(QUESTIONS.emergencyAdvice);
  const found = await alerts.ofEnquiries(database.client, [enquiry.id]);
  const [alert] = found.get(enquiry.id) ?? [];
  if (alert === undefined) throw new Error('no alert was raised');
  return { enquiry, alert };
}

const posted = async (subjectId: string, topic: string) =>
  database.client.outboxMessage.findMany({ where: { subjectId, topic }, orderBy: { id: 'asc' } });

describe('a red flag', () => {
  it('is raised with the answer, told to the clinic, and due again', async () => {
    const { enquiry, alert } = await inDanger();
    expect(alert).toMatchObject({
      status: 'OPEN',
      basis: 'ANSWERED',
      codes: ['SADDLE'],
      acknowledgedAt: null,
    });
    expect(await posted(alert.id, 'red-flag.raised')).toHaveLength(1);
    const [due] = await posted(alert.id, 'red-flag.due');
    expect(due?.dueAt.toISOString()).toBe('2026-11-23T09:15:00.000Z');
    const listed = await house.app
      .get(EnquiryService)
      .enquiries(desk, { oldestFirst: false, hasOpenRedFlag: true }, { size: 100 });
    expect(listed.items.map(({ id }) => id)).toContain(enquiry.id);
  });

  it('keeps its enquiry from being closed, converted or put away until a clinician has closed it in words', async () => {
    const { enquiry, alert } = await inDanger();
    const closing = { enquiryId: enquiry.id, reason: 'ANSWERED_FULLY' as const };
    const refusal = { code: 'RedFlagOpen', alertIds: [alert.id] };
    expect(await handling.closeEnquiry(desk, closing)).toMatchObject(refusal);
    expect(await handling.markSpam(desk, enquiry.id)).toMatchObject(refusal);
    const records = house.app.get(EnquiryRecordService);
    const converted = await database.transaction(async (tx) => {
      const held = await records.mustHave(tx, enquiry.id, { hold: true });
      return records.move(tx, desk, held, 'CONVERT', { action: 'enquiry.converted', data: {} });
    });
    expect(converted).toMatchObject(refusal);
    must<RedFlagAlert>(await alerts.acknowledgeRedFlag(desk, alert.id));
    expect(await handling.closeEnquiry(desk, closing)).toMatchObject(refusal);
    const closed = await alerts.closeRedFlag(clinician, {
      alertId: alert.id,
      note: ' Seen in A&E; no compression. ',
    });
    expect(closed).toMatchObject({
      status: 'CLOSED',
      closedById: clinician.id,
      closingNote: 'Seen in A&E; no compression.',
      acknowledgedById: desk.id,
    });
    expect(await alerts.closeRedFlag(desk, { alertId: alert.id, note: 'me too' })).toMatchObject({
      code: 'RedFlagAlertClosed',
      closedById: clinician.id,
    });
    expect(await alerts.acknowledgeRedFlag(desk, alert.id)).toMatchObject({ code: 'RedFlagAlertClosed' });
    expect(must<Enquiry>(await handling.closeEnquiry(desk, closing)).status).toBe('CLOSED');
    const audit = await database.client.auditEntry.findMany({ where: { subjectId: alert.id } });
    expect(JSON.stringify(audit)).not.toContain('compression');
  });

  it('is closed by one of many clinicians at once', async () => {
    const { alert } = await inDanger();
    const people = Array.from({ length: 20 }, () => aStaffActor());
    const results = await Promise.all(
      people.map((person) => alerts.closeRedFlag(person, { alertId: alert.id, note: 'seen' })),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
  });

  it('cannot be closed half, not even by hand', async () => {
    const { alert } = await inDanger();
    await expect(
      database.client.$executeRaw`UPDATE red_flag_alerts SET status = 'CLOSED' WHERE id = ${alert.id}::uuid`,
    ).rejects.toThrow('red_flag_alerts_closed_in_words');
    await expect(database.client.$executeRaw`UPDATE red_flag_answers SET answer = 'NO'`).rejects.toThrow(
      'only ever added to',
    );
  });

  it('comes again until it is closed, less often once it was seen, and never twice for one time', async () => {
    const { alert } = await inDanger();
    const handler = house.app.get(OutboxHandlers).handlerOf('red-flag.due');
    const message = { id: randomUUID(), topic: 'red-flag.due', subjectId: alert.id, version: 0 };
    const nextOf = async () => {
      try {
        await handler?.handle(message);
        return null;
      } catch (error) {
        return error instanceof HandleLater ? error.notBefore.toString() : error;
      }
    };
    expect(await nextOf()).toBe('2026-11-23T09:15:00Z');
    expect(await posted(alert.id, 'red-flag.overdue')).toHaveLength(0);
    clock.set('2026-11-23T09:15:00Z');
    const both = await Promise.all([nextOf(), nextOf()]);
    expect(both).toEqual(['2026-11-23T09:30:00Z', '2026-11-23T09:30:00Z']);
    const [first] = await posted(alert.id, 'red-flag.overdue');
    expect(await posted(alert.id, 'red-flag.overdue')).toHaveLength(1);
    const letters = house.app.get(EnquiryLetterService);
    const matter = () => database.transaction((tx) => letters.alertMatter(tx, alert.id, first?.version ?? 0));
    expect(await matter()).toMatchObject({ about: { type: 'ENQUIRY', id: alert.enquiryId } });
    must(await alerts.acknowledgeRedFlag(desk, alert.id));
    expect(await nextOf()).toBe('2026-11-23T10:15:00Z');
    clock.set('2026-11-23T10:15:00Z');
    expect(await nextOf()).toBe('2026-11-23T11:15:00Z');
    const versions = (await posted(alert.id, 'red-flag.overdue')).map(({ version }) => version);
    expect(new Set(versions).size).toBe(2);
    must(await alerts.closeRedFlag(clinician, { alertId: alert.id, note: 'seen' }));
    clock.set('2026-11-23T12:00:00Z');
    expect(await nextOf()).toBeNull();
    expect(await matter()).toBeNull();
  });
});

describe('words that nobody asked about', () => {
  it('raise a possible red flag in an e-mail, and in the next one', async () => {
    const enquiries = house.app.get(EnquiryService);
    const said = 'For two days I CANNOT  pee, and there is a saddle-numbness.';
    const mailed = await database.transaction((tx) =>
      enquiries.receiveIn(tx, desk, anEntry({ message: said })),
    );
    const [alert] = (await alerts.ofEnquiries(database.client, [mailed.id])).get(mailed.id) ?? [];
    expect(alert).toMatchObject({
      basis: 'FREE_TEXT',
      codes: ['saddle numbness', 'cannot pee'],
      status: 'OPEN',
    });
    expect(await posted(alert?.id ?? '', 'red-flag.raised')).toHaveLength(1);
    const calm = await database.transaction((tx) =>
      enquiries.receiveIn(tx, desk, anEntry({ message: 'I cannot peel potatoes.' })),
    );
    expect((await alerts.ofEnquiries(database.client, [calm.id])).size).toBe(0);
    const messages = house.app.get(EnquiryMessageService);
    await database.transaction((tx) =>
      messages.receiveIn(tx, desk, calm.id, { channel: 'EMAIL', text: 'Now I cannot pee.' }),
    );
    expect((await alerts.ofEnquiries(database.client, [calm.id])).get(calm.id)).toHaveLength(1);
  });

  it('do not replace the questions: they are asked before anything is made of it', async () => {
    const enquiries = house.app.get(EnquiryService);
    const records = house.app.get(EnquiryRecordService);
    const { id } = await database.transaction((tx) => enquiries.receiveIn(tx, desk, anEntry()));
    const convert = () =>
      database.transaction(async (tx) => {
        const held = await records.mustHave(tx, id, { hold: true });
        return records.move(tx, desk, held, 'CONVERT', { action: 'enquiry.converted', data: {} });
      });
    expect(await convert()).toMatchObject({ code: 'RedFlagsNotAsked' });
    const wrong = { version: QUESTIONS.version, answers: redFlagAnswers().slice(1) };
    expect(await askings.recordRedFlags(desk, { enquiryId: id, redFlags: wrong })).toMatchObject({
      code: 'RedFlagQuestionsDiffer',
    });
    const right = { version: QUESTIONS.version, answers: redFlagAnswers({ FEVER: 'NOT_SURE' }) };
    const recorded = must<RedFlagsRecorded>(
      await askings.recordRedFlags(desk, { enquiryId: id, redFlags: right }),
    );
    expect(recorded.emergencyAdvice).toBeNull();
    expect(recorded.asking.answers.map(({ code, answer }) => `${code} ${answer}`)).toEqual([
      ...['BLADDER NO', 'SADDLE NO', 'FEVER NOT_SURE'],
    ]);
    expect(must<Enquiry>(await convert()).status).toBe('CONVERTED');
  });
});

describe('the questions', () => {
  it('are never edited: a new version takes over at its time, and old answers keep their words', async () => {
    const questionnaires = house.app.get(RedFlagQuestionnaireService);
    const { enquiry } = await inDanger();
    const input = {
      version: 'test-2',
      effectiveFrom: Temporal.Instant.from('2026-12-01T00:00:00Z'),
      emergencyAdvice: 'Ring 999.',
      watchWords: [],
      questions: [{ code: 'BLADDER', kind: 'CAUDA_EQUINA' as const, wording: 'Other words?' }],
    };
    const later = [{ code: 'FEVER', kind: 'SERIOUS_PATHOLOGY' as const, wording: 'Fever?' }];
    expect(await questionnaires.setRedFlagQuestionnaire(desk, { ...input, questions: later })).toMatchObject({
      code: 'CaudaEquinaNotAsked',
    });
    const past = { ...input, effectiveFrom: Temporal.Instant.from('2026-11-01T00:00:00Z') };
    await expect(questionnaires.setRedFlagQuestionnaire(desk, past)).rejects.toThrow('effectiveFrom: ');
    const twice = { ...input, questions: [...input.questions, ...input.questions] };
    await expect(questionnaires.setRedFlagQuestionnaire(desk, twice)).rejects.toThrow('questions: ');
    expect(await questionnaires.setRedFlagQuestionnaire(desk, input)).toMatchObject({
      version: 'test-2',
      inForce: false,
    });
    expect(await questionnaires.setRedFlagQuestionnaire(desk, input)).toMatchObject({
      code: 'QuestionnaireVersionTaken',
    });
    expect((await questionnaires.inForce())?.version).toBe('test-1');
    clock.set('2026-12-01T00:00:00Z');
    expect((await questionnaires.inForce())?.version).toBe('test-2');
    const asked = (await askings.ofEnquiries(database.client, [enquiry.id])).get(enquiry.id);
    expect(asked?.[0]).toMatchObject({
      version: 'test-1',
      answers: [{ wording: 'Has your bladder changed?' }, {}, {}],
    });
    await expect(database.client.$executeRaw`UPDATE red_flag_questions SET wording = 'x'`).rejects.toThrow(
      'only ever added to',
    );
  });
});

describe('the doors', () => {
  const REGISTER = `mutation R($input: RegisterEnquiryInput!) { registerEnquiry(input: $input) { __typename
    ... on EnquiryRegistered { emergencyAdvice enquiry { id reference status allowedActions redFlagsAsked
      messages { direction text } events { action } redFlagAskings { version answers { code answer } }
      redFlagAlerts { id status codes enquiry { id } } } }
    ... on Refusal { code message } } }`;
  const CLOSE = `mutation C($input: CloseRedFlagInput!) { closeRedFlag(input: $input) { __typename
    ... on RedFlagAlert { status closedById } ... on Refusal { code } } }`;

  it('let the desk register and a clinician close, and nobody else', async () => {
    const input = {
      channel: 'TELEPHONE',
      name: 'Ann Example',
      phone: '07700 900123',
      message: 'hello',
      redFlags: { version: 'test-1', answers: redFlagAnswers({ BLADDER: 'YES' }) },
    };
    const { data, errors } = await house.graph('RECEPTION', REGISTER, { input });
    expect(errors).toBeUndefined();
    const registered = data?.registerEnquiry as {
      emergencyAdvice: string;
      enquiry: { redFlagAlerts: { id: string }[] };
    };
    expect(registered).toMatchObject({
      emergencyAdvice: QUESTIONS.emergencyAdvice,
      enquiry: {
        status: 'NEW',
        redFlagsAsked: 'ASKED',
        messages: [{ direction: 'IN', text: 'hello' }],
        redFlagAlerts: [{ status: 'OPEN', codes: ['BLADDER'] }],
      },
    });
    const closing = { input: { alertId: registered.enquiry.redFlagAlerts[0]?.id, note: 'seen' } };
    for (const role of ['RECEPTION', 'MANAGER', 'ADMIN', 'IMAGING', 'MDT_MEMBER'] as const) {
      const refused = await house.graph(role, CLOSE, closing);
      expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const blank = await house.graph('CLINICIAN', CLOSE, { input: { ...closing.input, note: ' ' } });
    expect(blank.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    const closed = await house.graph('CLINICIAN', CLOSE, closing);
    expect(closed.data?.closeRedFlag).toMatchObject({ status: 'CLOSED' });
    for (const role of ['IMAGING', 'MDT_MEMBER'] as const) {
      const listed = await house.graph(role, '{ enquiries { items { id } } }');
      expect(listed.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    const unasked = await house.graph('RECEPTION', REGISTER, { input: { ...input, redFlags: null } });
    expect(unasked.data?.registerEnquiry).toMatchObject({ code: 'RedFlagsNotAsked' });
  });

  it('list alerts and questions, page by page', async () => {
    await inDanger();
    await inDanger();
    const query = `query L($after: String) { redFlagAlerts(filter: { status: OPEN, isAcknowledged: false }, page: { size: 1, after: $after }) {
      nextCursor items { id status enquiry { reference name } } } redFlagQuestionnaires { version inForce questions { code kind wording } } }`;
    const first = await house.graph('CLINICIAN', query);
    expect(first.errors).toBeUndefined();
    const page = first.data?.redFlagAlerts as { nextCursor: string; items: { id: string }[] };
    const second = await house.graph('CLINICIAN', query, { after: page.nextCursor });
    const next = second.data?.redFlagAlerts as { items: { id: string }[] };
    expect(next.items[0]?.id).not.toBe(page.items[0]?.id);
    expect(JSON.stringify(first.data?.redFlagQuestionnaires)).toContain('SADDLE');
  });
});

describe('a referral letter', () => {
  const letters = () => house.app.get(EnquiryLetterService);
  const ofReferral = (referralId: string) =>
    alerts.redFlagAlerts(clinician, { referralId }, { size: 10 }).then(({ items }) => items);

  async function referred(clinicalQuestion: string) {
    const patient = await makePatient(house.app.get(PatientService));
    const reception = house.app.get(ReferralReceptionService);
    const letter = aReferral(patient.id, { clinicalQuestion });
    return must<Referral>(await reception.receiveReferral(desk, letter));
  }

  it('that names a dangerous sign raises an alert as it comes, and the clinic is told', async () => {
    const referral = await referred('Since Monday she has had saddle numbness.');
    const [alert] = await ofReferral(referral.id);
    if (alert === undefined) throw new Error('no alert was raised');
    expect(alert).toMatchObject({
      ...{ status: 'OPEN', basis: 'FREE_TEXT', codes: ['saddle numbness'], enquiryId: null },
      referralId: referral.id,
    });
    expect(await posted(alert.id, 'red-flag.raised')).toHaveLength(1);
    expect(await posted(alert.id, 'red-flag.due')).toHaveLength(1);
    expect(await letters().alertMatter(database.client, alert.id, 0)).toMatchObject({
      about: { type: 'REFERRAL', id: referral.id },
      patientId: referral.patientId,
    });
    // Raising it, and each look at it, stand in the record of whom it is about.
    const patientIds = [referral.patientId];
    const { client } = database;
    const raised = { action: 'red-flag.raised', subjectId: alert.id };
    expect(await client.auditEntry.findFirst({ where: raised })).toMatchObject({
      actorId: desk.id,
      patientIds,
    });
    const look = {
      action: 'red-flags.viewed',
      actorId: clinician.id,
      patientIds: { has: referral.patientId },
    };
    expect(await client.auditEntry.count({ where: look })).toBe(1);
    const closed = await alerts.closeRedFlag(clinician, {
      alertId: alert.id,
      note: 'Rang her: long-standing.',
    });
    expect(closed).toMatchObject({ status: 'CLOSED', closedById: clinician.id });
    expect(await letters().alertMatter(database.client, alert.id, 1)).toBeNull();
  });

  it('that names none raises none; asked later, a yes does, and what to say comes with it', async () => {
    const referral = await referred('Low back pain for two years.');
    expect(await ofReferral(referral.id)).toEqual([]);
    const RECORD = `mutation ($input: RecordReferralRedFlagsInput!) { recordReferralRedFlags(input: $input) { __typename
      ... on RedFlagsRecorded { emergencyAdvice asking { answers { code answer } } } ... on Refusal { code } } }`;
    const say = (answers: object, version: string = QUESTIONS.version) =>
      house.graph('RECEPTION', RECORD, {
        input: { referralId: referral.id, redFlags: { version, answers } },
      });
    const old = await say(redFlagAnswers(), 'of-last-year');
    expect(old.data?.recordReferralRedFlags).toMatchObject({ code: 'RedFlagQuestionsDiffer' });
    expect(
      await database.client.auditEntry.count({
        where: { subjectId: referral.id, action: { startsWith: 'referral.red' } },
      }),
    ).toBe(0);
    expect(await database.client.redFlagAlert.count({ where: { referralId: referral.id } })).toBe(0);
    expect(await database.client.redFlagAsking.count({ where: { referralId: referral.id } })).toBe(0);
    const no = await say(redFlagAnswers());
    expect(no.data?.recordReferralRedFlags).toMatchObject({ emergencyAdvice: null });
    expect(await ofReferral(referral.id)).toEqual([]);
    const yes = await say(redFlagAnswers({ BLADDER: 'YES' }));
    expect(yes.data?.recordReferralRedFlags).toMatchObject({ emergencyAdvice: QUESTIONS.emergencyAdvice });
    const seen = await house.graph(
      'CLINICIAN',
      `query ($id: ID!) { referral(id: $id) { openRedFlags { codes enquiry { id } referralId } redFlagAskings { version } } }`,
      { id: referral.id },
    );
    expect(seen.errors).toBeUndefined();
    expect(seen.data?.referral).toEqual({
      openRedFlags: [{ codes: ['BLADDER'], enquiry: null, referralId: referral.id }],
      redFlagAskings: [{ version: QUESTIONS.version }, { version: QUESTIONS.version }],
    });
    const audit = await database.client.auditEntry.findMany({
      where: { action: 'referral.red-flags-asked', subjectId: referral.id },
    });
    expect(audit).toHaveLength(2);
    const looks = await database.client.auditEntry.findMany({
      where: { action: 'red-flags.viewed', patientIds: { has: referral.patientId } },
    });
    expect(looks.map(({ subjectType }) => subjectType).sort()).toEqual(['red-flag-alert', 'red-flag-asking']);
  });

  it('keeps its patient’s record while an alert is open, is in their copy, and goes with the record', async () => {
    const referral = await referred('He cannot pee.');
    const { patientId } = referral;
    const said = { version: QUESTIONS.version, answers: redFlagAnswers({ SADDLE: 'YES' }) };
    const asked = house.app.get(ReferralRedFlagService);
    must(await asked.recordReferralRedFlags(desk, { referralId: referral.id, redFlags: said }));
    const { client } = database;
    const part = house.app
      .get(RetentionClasses)
      .parts()
      .find(({ room }) => room === 'enquiries');
    if (part === undefined) throw new Error('the room has no part of a record');
    const kept = async () => (await part.facts(client, [patientId])).get(patientId)?.keptBecause;
    expect(await kept()).toBe('RED_FLAG_OPEN');
    const copy = await house.app.get(EnquiryAccessService).collect(client, patientId);
    const inCopy = Object.fromEntries(copy.map(({ name, records }) => [name, records.length]));
    expect(inCopy).toMatchObject({ 'red-flag-alerts': 2, 'red-flag-questions': 1 });
    for (const { id } of await ofReferral(referral.id)) {
      must(await alerts.closeRedFlag(clinician, { alertId: id, note: 'Seen today.' }));
    }
    expect(await kept()).toBeNull();
    const [itemId, runId, approvedById] = [randomUUID(), randomUUID(), clinician.id];
    const at = Temporal.Instant.from(NOW);
    const gone = await database.transaction((tx) =>
      part.destroy(tx, clinician, patientId, { itemId, runId, approvedById, at }),
    );
    expect(gone).toEqual([
      { what: 'red-flag alerts of referrals', count: 2 },
      { what: 'red-flag answers of referrals', count: 1 },
    ]);
    expect(await client.redFlagAsking.count({ where: { referralId: referral.id } })).toBe(0);
  });

  it('is refused to those who may not, and for a referral that there is not', async () => {
    const input = {
      referralId: randomUUID(),
      redFlags: { version: QUESTIONS.version, answers: redFlagAnswers() },
    };
    const RECORD =
      'mutation ($input: RecordReferralRedFlagsInput!) { recordReferralRedFlags(input: $input) { __typename } }';
    expect((await house.graph('RECEPTION', RECORD, { input })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    expect((await house.graph('MDT_MEMBER', RECORD, { input })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});
