import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdviceThread, OpenAdviceThreadInput } from '../../src/clinic/referrals/advice.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import {
  mustBeDone,
  newestAct,
  openTriage,
  receive,
  type TriageRoom,
  tracesOfTriage,
} from '../support/triage.factory.js';

// A referrer asks, a clinician answers, and perhaps it becomes a referral.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const clinician = aStaffActor();
let home: TestDatabase;
let room: TriageRoom;
let database: Database;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openTriage(home.url, clock);
  database = room.database;
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(database, 'referrals, advice_threads, outbox_messages');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const traces = () => tracesOfTriage(database);
const posted = (topic: string) => database.client.outboxMessage.findMany({ where: { topic } });

function aQuestion(parts: Partial<OpenAdviceThreadInput> = {}): OpenAdviceThreadInput {
  return {
    method: 'LETTER',
    text: 'Facet joint pain after fusion: is a bone scan of use?',
    priority: 'ROUTINE',
    source: 'GP',
    referrerName: 'Dr Amrit Patel',
    referrerOrganisation: 'Example Surgery',
    referrerEmail: 'patel@surgery.example',
    patientName: 'A. N. Other',
    patientDateOfBirth: '1970-01-02',
    patientNhsNumber: '999 000-0018',
    ...parts,
  };
}
const ask = (parts: Partial<OpenAdviceThreadInput> = {}) =>
  room.advice.openAdviceThread(desk, aQuestion(parts));
const answer = (thread: AdviceThread, parts: object = {}) =>
  room.advice.answerAdvice(clinician, {
    threadId: thread.id,
    version: thread.version,
    text: 'Yes, with CT.',
    method: 'EMAIL',
    ...parts,
  });

describe('openAdviceThread', () => {
  it('keeps the question and whom it is about, promises an answer, and writes it down', async () => {
    const before = await traces();
    const thread = await ask({ happenedOn: '2026-02-27' });
    expect(thread).toMatchObject({
      reference: expect.stringMatching(/^A[A-Z0-9]{8}$/),
      status: 'OPEN',
      allowedActions: ['ASK_MORE', 'ANSWER', 'LINK_PATIENT', 'CLOSE', 'CONVERT'],
      version: 0,
      patientId: null,
      patientName: 'A. N. Other',
      patientDateOfBirth: '1970-01-02',
      patientNhsNumber: '9990000018',
      askedOn: '2026-02-27',
      dueOn: '2026-03-06',
      isOverdue: false,
      openedById: desk.id,
      messages: [
        { direction: 'FROM_REFERRER', method: 'LETTER', happenedOn: '2026-02-27', recordedById: desk.id },
      ],
    });
    const after = await traces();
    expect([after.threads.length, after.messages, after.audit, after.outbox]).toEqual([
      before.threads.length + 1,
      before.messages + 1,
      before.audit + 1,
      before.outbox + 1,
    ]);
    // Somebody looks when the day of the answer has passed: its midnight on the clinic's clock.
    expect(await posted('advice.due')).toMatchObject([{ dueAt: new Date('2026-03-07T00:00:00Z') }]);
    expect(await newestAct(database)).toMatchObject({ action: 'advice-thread.opened', subjectId: thread.id });
  });

  it.each<readonly [Partial<OpenAdviceThreadInput>, string]>([
    [{ patientName: ' ', patientNhsNumber: null }, 'patientName'],
    [{ patientNhsNumber: '999' }, 'patientNhsNumber'],
    [{ referrerName: ' ' }, 'referrerName'],
    [{ happenedOn: '2026-03-03' }, 'happenedOn'],
    [{ serviceCode: 'NOTHING' }, 'serviceCode'],
  ])('refuses %j, names %s, and leaves everything as it was', async (parts, field) => {
    const before = await traces();
    await expect(ask(parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await traces()).toEqual(before);
  });

  it('of nobody who is known is NOT_FOUND', async () => {
    const before = await traces();
    await expect(ask({ patientId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask({ referrerId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await traces()).toEqual(before);
  });

  it('takes who asks from the directory', async () => {
    const { id } = await database.client.referrer.create({
      data: {
        kind: 'CONSULTANT',
        title: 'Miss',
        name: 'Jo Ade',
        organisation: 'St Elsewhere',
        email: 'ade@hospital.example',
        addressLines: [],
        registeredAt: new Date(NOW),
        registeredById: desk.id,
      },
    });
    expect(await ask({ referrerId: id, referrerName: 'Somebody else' })).toMatchObject({
      referrerId: id,
      referrerName: 'Miss Jo Ade',
      referrerOrganisation: 'St Elsewhere',
      referrerEmail: 'ade@hospital.example',
    });
  });
});

describe('an answer', () => {
  it('by e-mail is sent, and its letter says what the clinician wrote', async () => {
    const thread = await ask();
    const before = await traces();
    const answered = mustBeDone(await answer(thread, { text: ' Yes, with CT. ' }));
    expect(answered).toMatchObject({ status: 'ANSWERED', version: 1 });
    const message = answered.messages.at(-1);
    expect(message).toMatchObject({
      direction: 'TO_REFERRER',
      text: 'Yes, with CT.',
      recordedById: clinician.id,
    });
    expect(await posted('advice.answered')).toMatchObject([{ subjectId: message?.id, version: 0 }]);
    // What was asked more since is another question.
    const more = { threadId: thread.id, version: 1, method: 'EMAIL' as const, text: 'And MRI?' };
    const after = await traces();
    expect([after.messages, after.audit, after.outbox]).toEqual([
      before.messages + 1,
      before.audit + 1,
      before.outbox + 1,
    ]);
    expect(await newestAct(database)).toMatchObject({
      action: 'advice-thread.answered',
      actorId: clinician.id,
      before: { status: 'OPEN' },
      after: { status: 'ANSWERED' },
    });
    clock.set('2026-03-05T09:00:00Z');
    mustBeDone(await room.advice.askMoreAdvice(desk, more));
    const matter = await database.transaction((tx) => room.adviceLetters.matter(tx, message?.id ?? ''));
    expect(matter?.askedOn.toString()).toBe('2026-03-02');
    expect(matter).toMatchObject({
      threadId: thread.id,
      reference: thread.reference,
      patientId: null,
      referrer: { referrerId: null, name: 'Dr Amrit Patel', email: 'patel@surgery.example' },
      text: 'Yes, with CT.',
    });
    const question = answered.messages[0]?.id ?? '';
    expect(await database.transaction((tx) => room.adviceLetters.matter(tx, question))).toBeNull();
    expect(await database.transaction((tx) => room.adviceLetters.matter(tx, randomUUID()))).toBeNull();
  });

  it('by letter or telephone is recorded and not sent; without an address no e-mail is', async () => {
    const thread = await ask({ referrerEmail: null });
    const before = await traces();
    expect(await answer(thread)).toMatchObject({ code: 'AdviceReferrerWithoutEmail' });
    expect(await traces()).toEqual(before);
    const told = mustBeDone(await answer(thread, { method: 'TELEPHONE' }));
    expect(await posted('advice.answered')).toEqual([]);
    const said = told.messages.at(-1)?.id ?? '';
    expect(await database.transaction((tx) => room.adviceLetters.matter(tx, said))).toBeNull();
  });

  it('is given once by two at once; the other is told that it has changed', async () => {
    const thread = await ask();
    const results = await Promise.all([answer(thread), answer(thread)]);
    expect(results.filter(isRefusal)).toMatchObject([{ code: 'AdviceChangedMeanwhile', version: 1 }]);
    expect(await database.client.adviceMessage.count()).toBe(2);
  });

  it('is never rewritten: the database refuses it', async () => {
    mustBeDone(await answer(await ask()));
    await expect(database.client.adviceMessage.updateMany({ data: { text: 'No.' } })).rejects.toThrow();
    await expect(database.client.adviceMessage.deleteMany()).rejects.toThrow();
  });
});

describe('a thread', () => {
  it('waits again when the referrer asks more, with a promise of its own; an unanswered one keeps its promise', async () => {
    const thread = await ask();
    clock.set('2026-03-04T09:00:00Z');
    const more = { threadId: thread.id, method: 'TELEPHONE' as const, text: 'And with a pacemaker?' };
    const waiting = mustBeDone(await room.advice.askMoreAdvice(desk, { ...more, version: 0 }));
    expect(waiting).toMatchObject({ status: 'OPEN', askedOn: '2026-03-02', dueOn: '2026-03-09', version: 1 });
    mustBeDone(await answer(waiting));
    clock.set('2026-03-12T09:00:00Z');
    const early = { ...more, version: 2, happenedOn: '2026-03-01' };
    await expect(room.advice.askMoreAdvice(desk, early)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const again = mustBeDone(await room.advice.askMoreAdvice(desk, { ...more, version: 2 }));
    expect(again).toMatchObject({ status: 'OPEN', askedOn: '2026-03-12', dueOn: '2026-03-19' });
    expect(again.messages.map(({ direction }) => direction)).toEqual([
      'FROM_REFERRER',
      'FROM_REFERRER',
      'TO_REFERRER',
      'FROM_REFERRER',
    ]);
  });

  it('is closed with a reason and opened again; what it cannot do then is refused and changes nothing', async () => {
    const thread = await ask();
    const end = (version: number) => ({
      threadId: thread.id,
      version,
      reason: ' Withdrawn by the practice ',
    });
    const closed = mustBeDone(await room.advice.closeAdviceThread(desk, end(0)));
    expect(closed).toMatchObject({
      status: 'CLOSED',
      closeReason: 'Withdrawn by the practice',
      allowedActions: ['REOPEN'],
    });
    const before = await traces();
    for (const refusal of [
      await answer(closed),
      await room.advice.closeAdviceThread(desk, end(1)),
      await room.advice.askMoreAdvice(desk, { ...end(1), method: 'LETTER', text: 'More?' }),
      await room.advice.linkAdviceToPatient(desk, {
        ...end(1),
        patientId: (await makePatient(room.patients)).id,
      }),
    ])
      expect(refusal).toMatchObject({ code: 'AdviceNotPossible', status: 'CLOSED' });
    expect({ ...(await traces()), audit: 0 }).toEqual({ ...before, audit: 0 });
    clock.set('2026-03-09T09:00:00Z');
    expect(mustBeDone(await room.advice.reopenAdviceThread(desk, end(1)))).toMatchObject({
      status: 'OPEN',
      closedAt: null,
      closeReason: null,
      dueOn: '2026-03-16',
    });
    expect(await newestAct(database)).toMatchObject({
      action: 'advice-thread.reopened',
      after: { reason: 'Withdrawn by the practice' },
    });
    expect(await room.advice.reopenAdviceThread(desk, end(2))).toMatchObject({ code: 'AdviceNotPossible' });
  });

  it('is looked at, and listed by what is due; each look is written down', async () => {
    const { id: patientId } = await makePatient(room.patients);
    const routine = await ask({ patientId });
    const urgent = await ask({ priority: 'URGENT' });
    mustBeDone(await answer(urgent));
    const open = await ask({ priority: 'TWO_WEEK_WAIT', happenedOn: '2026-02-26' });
    expect(await room.adviceRecords.adviceThread(desk, routine.id)).toMatchObject({ id: routine.id });
    expect(await newestAct(database)).toMatchObject({
      action: 'advice-thread.viewed',
      subjectId: routine.id,
      patientIds: [patientId],
    });
    const listed = async (filter: object, size = 25) =>
      (await room.adviceRecords.adviceThreads(desk, filter, { size })).items.map(({ id }) => id);
    expect(await listed({})).toEqual([open.id, urgent.id, routine.id]);
    expect(await listed({ statuses: ['OPEN'] })).toEqual([open.id, routine.id]);
    expect(await listed({ patientId })).toEqual([routine.id]);
    expect(await listed({ isOverdue: true })).toEqual([open.id]);
    expect(await listed({ isOverdue: false })).toEqual([urgent.id, routine.id]);
    expect(await listed({ dueUntil: '2026-03-04' })).toEqual([open.id, urgent.id]);
    const first = await room.adviceRecords.adviceThreads(desk, {}, { size: 2 });
    const rest = await room.adviceRecords.adviceThreads(desk, {}, { size: 2, after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([open.id, urgent.id, routine.id]);
    expect(rest.nextCursor).toBeNull();
    await expect(room.adviceRecords.adviceThread(desk, randomUUID())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('convertAdviceToReferral', () => {
  const convert = (thread: AdviceThread, parts: object = {}) =>
    room.conversion.convertAdviceToReferral(desk, {
      threadId: thread.id,
      version: thread.version,
      confirmedNotDuplicateOf: [],
      ...parts,
    });

  it('needs to know whom it is about, and then makes a referral that is triaged as any other', async () => {
    const thread = await ask({ priority: 'URGENT', referrerRegistration: '1234567' });
    const before = await traces();
    expect(await convert(thread)).toMatchObject({ code: 'AdvicePatientUnknown' });
    expect(await traces()).toEqual(before);
    const { id: patientId } = await makePatient(room.patients);
    const link = { threadId: thread.id, version: 0, patientId };
    const linked = mustBeDone(await room.advice.linkAdviceToPatient(desk, link));
    expect(linked).toMatchObject({ patientId, patientName: 'A. N. Other', version: 1 });
    clock.set('2026-03-04T09:00:00Z');
    const converted = mustBeDone(await convert(linked));
    expect(converted).toMatchObject({ status: 'CONVERTED', allowedActions: [], version: 2 });
    const referral = await room.referrals.referral(desk, converted.referralId ?? '');
    expect(referral).toMatchObject({
      patientId,
      status: 'RECEIVED',
      priority: 'URGENT',
      source: 'GP',
      referrerName: 'Dr Amrit Patel',
      referrerRegistration: '1234567',
      clinicalQuestion: 'Facet joint pain after fusion: is a bone scan of use?',
      receivedOn: '2026-03-04',
    });
    const { items } = await room.queue.triageQueue(desk, {}, 'DUE', { size: 25 });
    expect(items).toMatchObject([{ referralId: referral.id, reasonsHere: ['NOT_LOOKED_AT', 'FROM_ADVICE'] }]);
    const ofReferral = await room.adviceRecords.ofReferrals(desk, [referral.id]);
    expect(ofReferral.get(referral.id)).toMatchObject({ id: thread.id });
    expect(await convert(converted)).toMatchObject({ code: 'AdviceNotPossible', status: 'CONVERTED' });
  });

  it('warns of a referral that is here already, records the look, and makes one when that is confirmed', async () => {
    const { id: patientId } = await makePatient(room.patients);
    const open = await receive(room, patientId);
    const thread = await ask({ patientId });
    const before = await traces();
    expect(await convert(thread)).toMatchObject({
      code: 'OpenReferralExists',
      openReferrals: [{ referralId: open.id }],
    });
    expect(await traces()).toEqual({ ...before, audit: before.audit + 1 });
    expect(await newestAct(database)).toMatchObject({
      action: 'referrals.compared',
      patientIds: [patientId],
    });
    const parts = {
      confirmedNotDuplicateOf: [open.id],
      clinicalQuestion: 'Which level?',
      priority: 'URGENT',
    };
    const converted = mustBeDone(await convert(thread, parts));
    expect(await room.referrals.referral(desk, converted.referralId ?? '')).toMatchObject({
      clinicalQuestion: 'Which level?',
      priority: 'URGENT',
    });
  });

  it('by two at once makes one referral', async () => {
    const { id: patientId } = await makePatient(room.patients);
    const thread = await ask({ patientId });
    const results = await Promise.all([convert(thread), convert(thread), convert(thread)]);
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(await database.client.referral.count({ where: { patientId } })).toBe(1);
  });
});
