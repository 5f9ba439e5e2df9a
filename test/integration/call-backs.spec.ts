import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { CallBackService } from '../../src/clinic/enquiries/call-back.service.js';
import type { CallBack } from '../../src/clinic/enquiries/call-back.type.js';
import { CallBackEntryService } from '../../src/clinic/enquiries/call-back-entry.service.js';
import type { RecordedCall } from '../../src/clinic/enquiries/call-back-entry.type.js';
import { CallBackEscalationService } from '../../src/clinic/enquiries/call-back-escalation.service.js';
import type { RecordCallBackAttemptInput } from '../../src/clinic/enquiries/call-back-input.type.js';
import { CallBackLetterService } from '../../src/clinic/enquiries/call-back-letter.service.js';
import { CallBackPolicyService } from '../../src/clinic/enquiries/call-back-policy.service.js';
import { CallBackQueueService } from '../../src/clinic/enquiries/call-back-queue.service.js';
import { EnquiryService } from '../../src/clinic/enquiries/enquiry.service.js';
import { RedFlagAskingService } from '../../src/clinic/enquiries/red-flag-asking.service.js';
import { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { anEntry, type EnquiryHouse, openEnquiries, redFlagAnswers } from '../support/enquiries.factory.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';

const TUESDAY = '2026-03-03T09:00:00Z';
const ANN: StaffActor = aStaffActor();
const BEN: StaffActor = aStaffActor();
const at = (text: string) => Temporal.Instant.from(text);

let testDatabase: TestDatabase;
let database: Database;
let house: EnquiryHouse;
const clock = new FixedClock(TUESDAY);
let entries: CallBackEntryService;
let handling: CallBackService;
let queue: CallBackQueueService;
let escalations: CallBackEscalationService;
let letters: CallBackLetterService;
let made = 0;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  house = await openEnquiries(database, clock);
  const { app } = house;
  entries = app.get(CallBackEntryService);
  handling = app.get(CallBackService);
  queue = app.get(CallBackQueueService);
  escalations = app.get(CallBackEscalationService);
  letters = app.get(CallBackLetterService);
});

afterAll(async () => {
  await house.app.close();
  await testDatabase.drop();
});

beforeEach(() => clock.set(TUESDAY));

/** A number of the range for fiction that no other test has. */
function aNumber(): string {
  made += 1;
  return `07700 900${String(made).padStart(3, '0')}`;
}

async function heard(parts: Partial<Parameters<CallBackEntryService['recordVoicemail']>[1]> = {}) {
  const answer = await entries.recordVoicemail(ANN, { phone: aNumber(), said: 'Please ring me.', ...parts });
  if (isRefusal(answer)) throw new Error(`not recorded: ${answer.message}`);
  return answer;
}

function mustBe<T extends object>(answer: T | object): T {
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer as T;
}

async function tried(callBack: CallBack, parts: Partial<RecordCallBackAttemptInput> = {}) {
  const { id: callBackId, version } = await database.client.callBack.findUniqueOrThrow({
    where: { id: callBack.id },
  });
  const answer = await handling.recordCallBackAttempt(ANN, {
    ...{ callBackId, version, outcome: 'NO_ANSWER' },
    ...parts,
  });
  return mustBe<CallBack>(answer);
}

const versionOf = async ({ id }: CallBack) =>
  (await database.client.callBack.findUniqueOrThrow({ where: { id } })).version;
const actsOn = (id: string) =>
  database.client.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: 'asc' } });
const messagesOf = (id: string) =>
  database.client.outboxMessage.findMany({ where: { subjectId: id, handledAt: null } });

/** Everything that a verb may write, as it stands: the same before and after means that nothing was changed. */
async function all() {
  const { client } = database;
  return JSON.stringify([
    await client.callBack.findMany({ orderBy: { id: 'asc' } }),
    await client.callBackCall.count(),
    await client.callBackAttempt.count(),
    await client.enquiry.findMany({ orderBy: { id: 'asc' } }),
    await client.enquiryEvent.count(),
    await client.enquiryMessage.count(),
    await client.outboxMessage.count(),
    await client.auditEntry.count(),
  ]);
}

describe('a voicemail', () => {
  it('is an enquiry with somebody to ring, due by the service level, told of and watched', async () => {
    const phone = aNumber();
    const received = at('2026-03-02T19:00:00Z');
    const { callBack, isJoined, emergencyAdvice } = await heard({
      ...{ phone, name: 'Mrs Example', said: 'My back hurts, please ring.', receivedAt: received },
      safeToLeaveMessage: 'YES',
    });
    expect([isJoined, emergencyAdvice]).toEqual([false, null]);
    expect(callBack).toMatchObject({
      ...{ status: 'WAITING', priority: 'NORMAL', callCount: 1, attemptCount: 0, escalations: 0 },
      ...{ name: 'Mrs Example', phoneAsEntered: phone, safeToLeaveMessage: 'YES', isOverdue: false },
      phoneE164: `+44${phone.slice(1).replace(' ', '')}`,
      nextAttemptAt: at('2026-03-03T08:00:00Z'),
      dueAt: at('2026-03-03T18:00:00Z'),
      allowedActions: ['CLAIM', 'RELEASE', 'GIVE_NUMBER', 'RECORD_ATTEMPT', 'CLOSE'],
    });
    expect(callBack.calls).toMatchObject([
      { kind: 'VOICEMAIL', said: 'My back hurts, please ring.', receivedAt: received, recordedById: ANN.id },
    ]);
    const enquiry = await database.client.enquiry.findUniqueOrThrow({
      where: { id: callBack.enquiryId },
      include: { messages: true, events: true },
    });
    expect(enquiry).toMatchObject({ channel: 'VOICEMAIL', status: 'NEW', redFlagsAsked: 'TO_ASK' });
    expect(enquiry.messages).toMatchObject([{ direction: 'IN', text: 'My back hurts, please ring.' }]);
    expect(enquiry.events.map(({ action }) => action)).toContain('call-back.opened');
    expect(await messagesOf(callBack.id)).toMatchObject([
      { topic: 'call-back.due', dueAt: new Date('2026-03-04T08:00:00Z') },
    ]);
    expect(await messagesOf(enquiry.id)).toMatchObject([{ topic: 'enquiry.received' }]);
    const [act] = await actsOn(callBack.id);
    expect(act).toMatchObject({ action: 'call-back.opened', actorId: ANN.id });
    expect(JSON.stringify(act)).not.toContain('hurts');
  });

  it('twice by the same number is one task, the more urgent of the two', async () => {
    const phone = aNumber();
    const first = await heard({ phone, receivedAt: at('2026-03-03T08:30:00Z') });
    const again = await heard({
      ...{ phone: `+44 ${phone.slice(1)}`, receivedAt: at('2026-03-02T17:00:00Z') },
      said: 'Me again. I cannot pee since yesterday.',
    });
    expect(again).toMatchObject({ isJoined: true, callBack: { id: first.callBack.id, callCount: 2 } });
    expect(again.emergencyAdvice).toContain('999');
    expect(again.callBack).toMatchObject({
      ...{
        priority: 'RED_FLAG',
        dueAt: at('2026-03-02T17:00:00Z'),
        nextAttemptAt: at('2026-03-02T17:00:00Z'),
      },
      ...{ calledAt: at('2026-03-02T17:00:00Z'), lastCalledAt: at('2026-03-03T08:30:00Z'), isOverdue: true },
    });
    expect(await database.client.enquiry.count({ where: { id: first.callBack.enquiryId } })).toBe(1);
    expect(
      await database.client.enquiryMessage.count({ where: { enquiryId: first.callBack.enquiryId } }),
    ).toBe(2);
    expect(await database.client.redFlagAlert.count({ where: { enquiryId: first.callBack.enquiryId } })).toBe(
      1,
    );
  });

  it('with words of danger is rung at once, whatever the hour', async () => {
    clock.set('2026-12-25T03:00:00Z');
    const { callBack, emergencyAdvice } = await heard({ said: 'I have saddle numbness.' });
    expect(emergencyAdvice).toContain('999');
    expect(callBack).toMatchObject({ priority: 'RED_FLAG', dueAt: at('2026-12-25T03:00:00Z') });
    const due = (await messagesOf(callBack.id)).find(({ topic }) => topic === 'call-back.due');
    expect(due?.dueAt).toEqual(new Date('2026-12-25T03:15:00Z'));
  });

  it('of two calls at once from one number one task comes', async () => {
    const phone = aNumber();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) => heard({ phone, said: `Call ${number}` })),
    );
    expect(new Set(answers.map(({ callBack }) => callBack.id)).size).toBe(1);
    expect(answers.filter(({ isJoined }) => !isJoined)).toHaveLength(1);
    const [first] = answers;
    const task = await database.client.callBack.findUniqueOrThrow({
      where: { id: first?.callBack.id ?? '' },
      include: { calls: true },
    });
    expect([task.callCount, task.calls.length]).toEqual([12, 12]);
    const e164 = task.phoneE164 ?? '';
    expect(await database.client.enquiry.count({ where: { phoneE164: e164 } })).toBe(1);
    const second = database.client.$executeRawUnsafe(
      `INSERT INTO call_backs (id, enquiry_id, priority, phone_as_entered, phone_e164, called_at, last_called_at, due_at, next_attempt_at, escalate_at)
       SELECT gen_random_uuid(), enquiry_id, priority, phone_as_entered, phone_e164, now(), now(), now(), now(), now() FROM call_backs WHERE id = '${task.id}'`,
    );
    await expect(second).rejects.toThrow(/call_backs_one_open_per_number/);
  });

  it('withheld is kept, and never joined to another', async () => {
    const [one, other] = [await heard({ phone: null }), await heard({ phone: null })];
    expect(one.callBack.id).not.toBe(other.callBack.id);
    expect(one.callBack).toMatchObject({ phoneAsEntered: null, phoneE164: null, isExhausted: true });
  });

  it('joins the open enquiry from the same number, unless the name says that it is another person', async () => {
    const phone = aNumber();
    const intake = house.app.get(EnquiryService);
    const enquiry = await database.transaction((tx) =>
      intake.receiveIn(tx, ANN, anEntry({ name: 'Ann Example', phone })),
    );
    const { callBack } = await heard({ phone, name: 'Mrs Example' });
    expect(callBack.enquiryId).toBe(enquiry.id);
    mustBe(
      await handling.closeCallBack(ANN, {
        ...{ callBackId: callBack.id, version: callBack.version },
        ...{ outcome: 'NO_FURTHER_ACTION', comment: 'for a test' },
      }),
    );
    const stranger = await heard({ phone, name: 'Ben Other' });
    expect(stranger.callBack.enquiryId).not.toBe(enquiry.id);
    const named = await heard({ phone: aNumber(), name: 'Ben Other', enquiryId: enquiry.id });
    expect(named.callBack.enquiryId).toBe(enquiry.id);
  });

  it('is refused for an enquiry that is over, and from a time that cannot be', async () => {
    const { callBack } = await heard();
    await database.client.enquiry.update({
      where: { id: callBack.enquiryId },
      data: { status: 'SPAM', spamReason: 'MARKED_BY_STAFF' },
    });
    const before = await all();
    const refusal = await entries.recordVoicemail(ANN, {
      ...{ phone: aNumber(), said: 'x', enquiryId: callBack.enquiryId },
    });
    expect(refusal).toMatchObject({ code: 'EnquiryNotInState', status: 'SPAM' });
    await expect(heard({ receivedAt: at('2026-03-03T09:06:00Z') })).rejects.toThrow(/future/);
    await expect(heard({ enquiryId: randomUUID() })).rejects.toThrow(/enquiry/);
    expect(await all()).toBe(before);
  });
});

describe('two people at one telephone', () => {
  const alertsOf = (enquiryId: string) => database.client.redFlagAlert.count({ where: { enquiryId } });
  const enquiryOf = (id: string) => database.client.enquiry.findUniqueOrThrow({ where: { id } });

  it('are each rung for themselves: enquiry, task and alert of their own', async () => {
    const phone = aNumber();
    const ann = await heard({ phone, name: 'Ann Example', safeToLeaveMessage: 'NO' });
    const said = 'I have saddle numbness.';
    const ben = await heard({ phone, name: 'Ben Other', said, safeToLeaveMessage: 'YES' });
    expect(ben).toMatchObject({
      ...{ isJoined: false, callBack: { priority: 'RED_FLAG', name: 'Ben Other', callCount: 1 } },
    });
    expect(ben.callBack.enquiryId).not.toBe(ann.callBack.enquiryId);
    expect([await alertsOf(ann.callBack.enquiryId), await alertsOf(ben.callBack.enquiryId)]).toEqual([0, 1]);
    expect((await enquiryOf(ann.callBack.enquiryId)).safeToLeaveMessage).toBe('NO');
    expect(await database.client.callBack.findUnique({ where: { id: ann.callBack.id } })).toMatchObject({
      ...{ priority: 'NORMAL', callCount: 1 },
    });
    for (const [name, own] of [
      ['Mrs Ann Example', ann],
      ['Mr Other', ben],
    ] as const) {
      expect(await heard({ phone, name })).toMatchObject({
        isJoined: true,
        callBack: { id: own.callBack.id },
      });
    }
  });

  it('do not get a third person’s words, and whoever does not say who they are is taken for one of them only if there is one', async () => {
    const phone = aNumber();
    const ann = await heard({ phone, name: 'Ann Example' });
    const unnamed = await heard({ phone, safeToLeaveMessage: 'YES' });
    expect(unnamed).toMatchObject({ isJoined: true, callBack: { id: ann.callBack.id } });
    expect((await enquiryOf(ann.callBack.enquiryId)).safeToLeaveMessage).toBe('NOT_ASKED');
    const ben = await heard({ phone, name: 'Ben Other' });
    const nobody = await heard({ phone });
    expect(nobody.isJoined).toBe(false);
    expect([ann, ben].map(({ callBack }) => callBack.id)).not.toContain(nobody.callBack.id);
    expect(await heard({ phone })).toMatchObject({ isJoined: true, callBack: { id: nobody.callBack.id } });
  });

  it('of any number of calls at once are two tasks', async () => {
    const phone = aNumber();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        heard({ phone, name: number % 2 === 0 ? 'Ann Example' : 'Ben Other' }),
      ),
    );
    expect(new Set(answers.map(({ callBack }) => callBack.id)).size).toBe(2);
    expect(answers.filter(({ isJoined }) => !isJoined)).toHaveLength(2);
    expect(answers.map(({ callBack }) => callBack.name?.split(' ')[0])).toEqual(
      Array.from({ length: 12 }, (_, number) => (number % 2 === 0 ? 'Ann' : 'Ben')),
    );
  });

  it('a call for an enquiry that is named is its own, whoever waits at the same number', async () => {
    const phone = aNumber();
    const ann = await heard({ phone, name: 'Ann Example' });
    const ben = await heard({ phone: aNumber(), name: 'Ben Other', safeToLeaveMessage: 'NO' });
    const { enquiryId } = ben.callBack;
    const forBen = await heard({ phone, enquiryId, safeToLeaveMessage: 'YES', name: 'Daisy Daughter' });
    expect(forBen).toMatchObject({ isJoined: false, callBack: { enquiryId } });
    expect(forBen.callBack.id).not.toBe(ann.callBack.id);
    expect((await enquiryOf(enquiryId)).safeToLeaveMessage).toBe('NO');
    expect(await heard({ phone, enquiryId })).toMatchObject({ callBack: { id: forBen.callBack.id } });
  });

  it('may have one number given, and a task opened again, where the other waits', async () => {
    const phone = aNumber();
    const ann = await heard({ phone, name: 'Ann Example' });
    const ben = await heard({ name: 'Ben Other' });
    const given = mustBe<CallBack>(
      await handling.giveCallBackNumber(ANN, { callBackId: ben.callBack.id, phone }),
    );
    expect(given.phoneE164).toBe(ann.callBack.phoneE164);
    const again = await heard({ name: 'Ann Example' });
    const before = await all();
    expect(await handling.giveCallBackNumber(ANN, { callBackId: again.callBack.id, phone })).toMatchObject({
      code: 'NumberWaitingAlready',
    });
    expect(await all()).toBe(before);
    mustBe(
      await handling.closeCallBack(ANN, {
        ...{ callBackId: ben.callBack.id, version: await versionOf(ben.callBack) },
        ...{ outcome: 'NO_FURTHER_ACTION', comment: 'for a test' },
      }),
    );
    const reopened = await handling.reopenCallBack(ANN, { callBackId: ben.callBack.id, reason: 'x' });
    expect(mustBe<CallBack>(reopened).status).toBe('WAITING');
  });
});

describe('a missed call, and somebody who asks', () => {
  it('are tasks too', async () => {
    const missed = mustBe<RecordedCall>(await entries.recordMissedCall(ANN, { phone: aNumber() }));
    expect(missed.callBack.calls).toMatchObject([{ kind: 'MISSED_CALL', said: null }]);
    const phone = aNumber();
    const intake = house.app.get(EnquiryService);
    const enquiry = await database.transaction((tx) => intake.receiveIn(tx, ANN, anEntry({ phone })));
    const asked = mustBe<RecordedCall>(
      await entries.askForCallBack(ANN, { enquiryId: enquiry.id, said: 'about prices' }),
    );
    expect(asked.callBack).toMatchObject({ enquiryId: enquiry.id, phoneE164: enquiry.phoneE164 });
    const again = mustBe<RecordedCall>(await entries.askForCallBack(ANN, { enquiryId: enquiry.id }));
    expect(again).toMatchObject({ isJoined: true, callBack: { id: asked.callBack.id, callCount: 2 } });
  });
});

describe('a claim', () => {
  it('of fifty at once is one person’s, and lapses', async () => {
    const { callBack } = await heard();
    const input = { callBackId: callBack.id };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => handling.claimCallBack(aStaffActor(), input)),
    );
    const winners = answers.filter((answer): answer is CallBack => !isRefusal(answer));
    expect(winners).toHaveLength(1);
    const [winner] = winners;
    for (const answer of answers.filter(isRefusal)) {
      expect(answer).toMatchObject({ code: 'CallBackClaimedByOther', claimedById: winner?.claimedById });
    }
    const before = await all();
    const busy = await handling.recordCallBackAttempt(ANN, {
      ...{ callBackId: callBack.id, version: winner?.version ?? 0, outcome: 'SPOKE' },
    });
    expect(busy).toMatchObject({ code: 'CallBackClaimedByOther' });
    expect(await handling.releaseCallBack(ANN, input)).toMatchObject({ code: 'CallBackClaimedByOther' });
    expect(await all()).toBe(before);
    clock.advance({ minutes: 30 });
    expect(await handling.claimCallBack(ANN, input)).toMatchObject({ claimedById: ANN.id });
    expect(await handling.releaseCallBack(ANN, input)).toMatchObject({ claimedById: null });
    expect(await handling.claimCallBack(BEN, input)).toMatchObject({ claimedById: BEN.id });
  });
});

describe('an attempt', () => {
  it('that reaches nobody says when to ring next, and lets the task go', async () => {
    const { callBack } = await heard();
    mustBe(await handling.claimCallBack(ANN, { callBackId: callBack.id }));
    const after = await tried(callBack, { note: 'rang out' });
    expect(after).toMatchObject({
      ...{ status: 'WAITING', claimedById: null, attemptCount: 1, isExhausted: false },
      ...{ nextAttemptAt: at('2026-03-03T11:00:00Z'), dueAt: at('2026-03-03T13:00:00Z') },
      attempts: [{ outcome: 'NO_ANSWER', madeById: ANN.id, note: 'rang out' }],
    });
    expect(await messagesOf(callBack.id)).toMatchObject([
      { topic: 'call-back.due', dueAt: new Date('2026-03-03T13:00:00Z') },
    ]);
    expect((await actsOn(callBack.id)).at(-1)).toMatchObject({ action: 'call-back.attempted' });
  });

  it('leaves a message only where it is safe', async () => {
    for (const [safeToLeaveMessage, refused] of [
      ['NO', true],
      [null, true],
      ['YES', false],
    ] as const) {
      const { callBack } = await heard({ safeToLeaveMessage });
      const before = await all();
      const answer = await handling.recordCallBackAttempt(ANN, {
        ...{ callBackId: callBack.id, version: callBack.version, outcome: 'LEFT_MESSAGE' },
      });
      expect(isRefusal(answer)).toBe(refused);
      if (refused) expect(answer).toMatchObject({ code: 'MessageNotSafe' });
      expect((await all()) === before).toBe(refused);
    }
  });

  it('of two at once one is told that the other was quicker', async () => {
    const { callBack } = await heard();
    const input = { callBackId: callBack.id, version: callBack.version, outcome: 'NO_ANSWER' } as const;
    const answers = await Promise.all(
      [ANN, BEN].map((actor) => handling.recordCallBackAttempt(actor, input)),
    );
    expect(answers.filter(isRefusal)).toMatchObject([{ code: 'CallBackChangedMeanwhile' }]);
    expect(await database.client.callBackAttempt.count({ where: { callBackId: callBack.id } })).toBe(1);
  });

  it('asks them again when they want it, and does not count against them', async () => {
    const { callBack } = await heard();
    const ringAgainAt = at('2026-03-07T10:00:00Z');
    const after = await tried(callBack, { outcome: 'ASKED_TO_RING_LATER', ringAgainAt });
    expect(after).toMatchObject({
      ...{ attemptCount: 0, reachedAt: at(TUESDAY), nextAttemptAt: at('2026-03-09T08:00:00Z') },
      attempts: [{ ringAgainAt }],
    });
  });

  it('at a wrong number takes the number away, and another can be given', async () => {
    const phone = aNumber();
    const { callBack } = await heard({ phone });
    const wrong = await tried(callBack, { outcome: 'WRONG_NUMBER' });
    expect(wrong).toMatchObject({ phoneAsEntered: null, phoneE164: null, isExhausted: true });
    expect(wrong.attempts).toMatchObject([{ phoneAsEntered: phone }]);
    await expect(tried(callBack)).rejects.toThrow(/no number/);
    const other = await heard();
    const taken = { callBackId: callBack.id, phone: other.callBack.phoneAsEntered ?? '' };
    const before = await all();
    expect(await handling.giveCallBackNumber(ANN, taken)).toMatchObject({ code: 'NumberWaitingAlready' });
    expect(await all()).toBe(before);
    const given = await handling.giveCallBackNumber(ANN, { callBackId: callBack.id, phone: aNumber() });
    expect(given).toMatchObject({ isExhausted: false });
  });

  it('that reaches them ends the wait; when they ring again they wait anew', async () => {
    const phone = aNumber();
    const { callBack } = await heard({ phone });
    const spoke = await tried(callBack, { outcome: 'SPOKE' });
    expect(spoke).toMatchObject({ status: 'REACHED', isOverdue: false, reachedAt: at(TUESDAY) });
    expect(await messagesOf(callBack.id)).toEqual([]);
    clock.set('2026-03-05T09:00:00Z');
    const { callBack: again, isJoined } = await heard({ phone });
    expect(isJoined).toBe(true);
    expect(again).toMatchObject({ status: 'WAITING', dueAt: at('2026-03-06T09:00:00Z') });
    expect(await messagesOf(callBack.id)).toHaveLength(1);
  });
});

describe('the end of a call-back', () => {
  const close = async (callBack: CallBack, parts: object) =>
    handling.closeCallBack(ANN, {
      ...{ callBackId: callBack.id, version: await versionOf(callBack) },
      ...{ outcome: 'NO_FURTHER_ACTION', comment: 'They only wanted the address.' },
      ...parts,
    });

  it('needs a reason, is audited, and can be taken back', async () => {
    const { callBack } = await heard();
    await expect(close(callBack, { comment: null })).rejects.toThrow(/comment/);
    const closed = mustBe<CallBack>(await close(callBack, {}));
    expect(closed).toMatchObject({
      ...{ status: 'CLOSED', outcome: 'NO_FURTHER_ACTION', closedById: ANN.id, allowedActions: ['REOPEN'] },
    });
    expect(await messagesOf(callBack.id)).toEqual([]);
    const before = await all();
    for (const verb of [
      () => close(callBack, {}),
      () => handling.claimCallBack(ANN, { callBackId: callBack.id }),
      () => handling.releaseCallBack(ANN, { callBackId: callBack.id }),
      () => handling.giveCallBackNumber(ANN, { callBackId: callBack.id, phone: aNumber() }),
      () =>
        handling.recordCallBackAttempt(ANN, {
          ...{ callBackId: callBack.id, version: closed.version, outcome: 'SPOKE' },
        }),
    ]) {
      expect(await verb()).toMatchObject({ code: 'CallBackNotOpen', status: 'CLOSED' });
    }
    expect(await all()).toBe(before);
    clock.set('2026-03-04T09:00:00Z');
    const again = mustBe<CallBack>(
      await handling.reopenCallBack(ANN, { callBackId: callBack.id, reason: 'They rang the manager.' }),
    );
    expect(again).toMatchObject({
      ...{ status: 'WAITING', outcome: null, attemptCount: 0, dueAt: at('2026-03-05T09:00:00Z') },
    });
    expect(again.calls.at(-1)).toMatchObject({ kind: 'ASKED_FOR', said: 'They rang the manager.' });
    expect(await handling.reopenCallBack(ANN, { callBackId: callBack.id, reason: 'x' })).toMatchObject({
      code: 'CallBackNotOpen',
    });
  });

  it('as unreachable needs every attempt, and says what was sent', async () => {
    const { callBack } = await heard();
    const unreachable = { outcome: 'UNREACHABLE', letter: 'POSTED', comment: null } as const;
    for (const attempts of [0, 1, 2]) {
      expect(await close(callBack, unreachable)).toMatchObject({
        ...{ code: 'CallBackNotTriedEnough', attempts, attemptsMax: 3 },
      });
      await tried(callBack);
    }
    await expect(close(callBack, { ...unreachable, letter: null })).rejects.toThrow(/letter/);
    expect(await close(callBack, unreachable)).toMatchObject({ outcome: 'UNREACHABLE', letter: 'POSTED' });
  });

  it('waits for a clinician while a red flag is open, and for the conversion', async () => {
    const { callBack } = await heard({ said: 'saddle numbness' });
    expect(await close(callBack, {})).toMatchObject({ code: 'CallBackHasRedFlag' });
    const other = await heard();
    expect(await close(other.callBack, { outcome: 'CONVERTED', comment: null })).toMatchObject({
      code: 'CallBackNotConverted',
    });
  });

  it('cannot be undone while another to the same number is open', async () => {
    const phone = aNumber();
    const { callBack } = await heard({ phone });
    mustBe(await close(callBack, {}));
    await heard({ phone });
    const before = await all();
    const answer = await handling.reopenCallBack(ANN, { callBackId: callBack.id, reason: 'x' });
    expect(answer).toMatchObject({ code: 'NumberWaitingAlready' });
    expect(await all()).toBe(before);
  });
});

describe('nobody waits unheard', () => {
  it('the clinic is told when it is overdue, and again, and not once somebody rang', async () => {
    const { callBack } = await heard();
    const due = at('2026-03-04T09:00:00Z');
    expect(await escalations.escalate(callBack.id)).toEqual(due);
    clock.set('2026-03-04T09:00:01Z');
    expect(await escalations.escalate(callBack.id)).toBeNull();
    const told = (await messagesOf(callBack.id)).filter(({ topic }) => topic === 'call-back.overdue');
    expect(told).toHaveLength(1);
    const version = told[0]?.version ?? -1;
    expect(await letters.matter(database.client, callBack.id, version)).toEqual({
      ...{ callBackId: callBack.id, enquiryId: callBack.enquiryId, reference: callBack.reference },
      ...{ patientId: null, dueAt: due },
    });
    // The same message once more, and at the same moment in two processes.
    const again = await Promise.all([escalations.escalate(callBack.id), escalations.escalate(callBack.id)]);
    expect(again).toEqual([at('2026-03-05T09:00:01Z'), at('2026-03-05T09:00:01Z')]);
    expect((await actsOn(callBack.id)).filter(({ action }) => action === 'call-back.overdue')).toHaveLength(
      1,
    );
    clock.set('2026-03-05T10:00:00Z');
    expect(await escalations.escalate(callBack.id)).toBeNull();
    expect(await database.client.callBack.findUnique({ where: { id: callBack.id } })).toMatchObject({
      escalations: 2,
    });
    await tried(callBack, { outcome: 'SPOKE' });
    expect(await letters.matter(database.client, callBack.id, await versionOf(callBack))).toBeNull();
    expect(await escalations.escalate(callBack.id)).toBeNull();
    expect(await escalations.escalate(randomUUID())).toBeNull();
  });

  it('a red flag that shows later hastens whoever waits', async () => {
    const { callBack } = await heard();
    const asking = house.app.get(RedFlagAskingService);
    const redFlags = { version: 'test-1', answers: redFlagAnswers({ BLADDER: 'YES' }) };
    mustBe(await asking.recordRedFlags(ANN, { enquiryId: callBack.enquiryId, redFlags }));
    const hastened = await queue.callBack(ANN, callBack.id);
    expect(hastened).toMatchObject({ priority: 'RED_FLAG', dueAt: at(TUESDAY), nextAttemptAt: at(TUESDAY) });
  });
});

describe('the list', () => {
  it('shows who is due first, by what is wanted, in pages; and each look is recorded', async () => {
    await database.client.callBackAttempt.deleteMany();
    await database.client.callBackCall.deleteMany();
    await database.client.callBack.deleteMany();
    const later = await heard({ receivedAt: at('2026-03-03T08:30:00Z') });
    const sooner = await heard({ receivedAt: at('2026-03-03T08:00:00Z') });
    const flagged = await heard({ said: 'cannot pee' });
    const resting = await heard({ receivedAt: at('2026-03-02T09:00:00Z') });
    await tried(resting.callBack);
    const mine = await heard({ receivedAt: at('2026-03-03T08:45:00Z') });
    mustBe(await handling.claimCallBack(BEN, { callBackId: mine.callBack.id }));
    clock.advance({ minutes: 1 });
    const idsOf = async (filter: object, page: object = { size: 25 }, actor = BEN) =>
      (await queue.callBacks(actor, filter, page as never)).items.map(({ id }) => id);
    const ids = {
      later: later.callBack.id,
      sooner: sooner.callBack.id,
      flagged: flagged.callBack.id,
      resting: resting.callBack.id,
      mine: mine.callBack.id,
    };
    expect(await idsOf({})).toEqual([ids.flagged, ids.resting, ids.sooner, ids.later, ids.mine]);
    expect(await idsOf({ show: 'DUE' })).toEqual([ids.flagged, ids.sooner, ids.later, ids.mine]);
    expect(await idsOf({ show: 'OVERDUE' })).toEqual([ids.flagged]);
    expect(await idsOf({ show: 'MINE' })).toEqual([ids.mine]);
    expect(await idsOf({ show: 'UNCLAIMED' })).toEqual([ids.flagged, ids.resting, ids.sooner, ids.later]);
    expect(await idsOf({ show: 'CLOSED' })).toEqual([]);
    expect(await idsOf({ priority: 'RED_FLAG' })).toEqual([ids.flagged]);
    expect(await idsOf({ enquiryId: later.callBack.enquiryId })).toEqual([ids.later]);
    const first = await queue.callBacks(BEN, {}, { size: 2 });
    const rest = await queue.callBacks(BEN, {}, { size: 25, after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(await idsOf({}));
    expect(rest.nextCursor).toBeNull();
    const looks = await database.client.auditEntry.findMany({
      where: { action: 'call-backs.viewed', actorId: BEN.id },
      orderBy: { id: 'desc' },
      take: 1,
    });
    expect(JSON.stringify(looks)).toContain(ids.flagged);
  });
});

describe('the service level', () => {
  const policies = () => house.app.get(CallBackPolicyService);
  const LEVEL = {
    ...{ normalMinutes: 60, redFlagMinutes: 0, attemptsMax: 2, pauseMinutes: 30, escalateAfterMinutes: 0 },
    ...{ redFlagEscalateAfterMinutes: 5, claimMinutes: 10, reason: 'for a test' },
  };

  it('is dated, never rewritten, and holds for what rings from then on', async () => {
    clock.set('2026-04-01T09:00:00Z');
    const set = (effectiveFrom: string) => policies().setCallBackPolicy(ANN, { ...LEVEL, effectiveFrom });
    expect(await set('2026-03-31')).toMatchObject({ code: 'CallBackPolicyInThePast' });
    expect(await set('2026-04-02')).toMatchObject({ normalMinutes: 60 });
    expect(await set('2026-04-02')).toMatchObject({ code: 'CallBackPolicyAlreadySet' });
    expect((await heard()).callBack.dueAt).toEqual(at('2026-04-02T09:00:00Z'));
    clock.set('2026-04-02T09:00:00Z');
    expect((await heard()).callBack.dueAt).toEqual(at('2026-04-02T10:00:00Z'));
    expect(await policies().callBackPolicies()).toHaveLength(2);
    const rewritten = database.client.$executeRawUnsafe('UPDATE call_back_policies SET normal_minutes = 1');
    await expect(rewritten).rejects.toThrow();
  });
});
