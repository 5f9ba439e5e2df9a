import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { undecidedReferrals } from '../../src/clinic/referrals/triage.queries.js';
import type { TriageEntry, TriageFilterInput, TriageOrder } from '../../src/clinic/referrals/triage.type.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Prisma } from '../../src/platform/database/generated/client.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import {
  aClinician,
  mustBeDone,
  newestAct,
  openTriage,
  receive,
  type TriageRoom,
  tracesOfTriage,
} from '../support/triage.factory.js';

// What waits for a clinician: what was promised, who has it in hand, and what happens when nobody does anything.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const EASTER = ['2026-04-03', '2026-04-06'];
const PAGE = { size: 25 };
const clock = new FixedClock(NOW);
const desk = aStaffActor();
let home: TestDatabase;
let room: TriageRoom;
let database: Database;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openTriage(home.url, clock);
  database = room.database;
  await database.client.bankHoliday.createMany({
    data: EASTER.map((day) => ({ heldOn: dateFromPlainDate(Temporal.PlainDate.from(day)), name: 'Easter' })),
  });
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(database, 'referrals, outbox_messages');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const patientId = async () => (await makePatient(room.patients)).id;
const rowOf = (id: string) => database.client.referral.findUniqueOrThrow({ where: { id } });
const dueOf = async (id: string) => (await rowOf(id)).dueOn?.toISOString().slice(0, 10);
const dueMessages = (subjectId: string) =>
  database.client.outboxMessage.findMany({
    where: { topic: 'referral.due', subjectId },
    orderBy: { dueAt: 'asc' },
  });
const overdueMessages = (subjectId: string) =>
  database.client.outboxMessage.findMany({ where: { topic: 'referral.overdue', subjectId } });
const traces = () => tracesOfTriage(database);

async function anAccount(role: Role, disabledAt: Date | null = null): Promise<string> {
  const { id } = await database.client.staffAccount.create({
    data: {
      email: `${randomUUID()}@clinic.example`,
      displayName: role,
      roles: [role],
      passwordHash: 'none',
      createdAt: new Date(NOW),
      disabledAt,
    },
  });
  return id;
}

describe('what is promised', () => {
  it('is fixed at receipt by priority, in working days over Easter, and watched', async () => {
    clock.set('2026-04-02T09:00:00Z'); // Maundy Thursday
    const routine = await receive(room, await patientId());
    const urgent = await receive(room, await patientId(), { priority: 'URGENT' });
    const suspected = await receive(room, await patientId(), { priority: 'TWO_WEEK_WAIT' });
    expect(await Promise.all([routine, urgent, suspected].map(({ id }) => dueOf(id)))).toEqual([
      '2026-04-13',
      '2026-04-08',
      '2026-04-07',
    ]);
    // Midnight after the day, on the clinic's wall clock: British summer time has begun.
    expect((await dueMessages(urgent.id)).map(({ dueAt }) => dueAt.toISOString())).toEqual([
      '2026-04-08T23:00:00.000Z',
    ]);
  });

  it('counts from the arrival, by the policy that held then; a new policy holds for what comes after it', async () => {
    const before = await traces();
    const input = {
      priority: 'URGENT' as const,
      triageDays: 1,
      informationDays: 2,
      adviceDays: 1,
      escalationDays: 3,
      effectiveFrom: '2026-03-03',
      reason: ' Fewer  clinics ',
    };
    const policy = mustBeDone(await room.policies.setTriagePolicy(desk, input));
    expect(policy).toMatchObject({ triageDays: 1, reason: 'Fewer  clinics', setById: desk.id });
    expect(await newestAct(database)).toMatchObject({ action: 'triage-policy.set', subjectId: policy.id });
    const today = await receive(room, await patientId(), { priority: 'URGENT' });
    clock.set('2026-03-04T09:00:00Z');
    const late = await receive(room, await patientId(), { priority: 'URGENT', receivedOn: '2026-03-02' });
    const then = await receive(room, await patientId(), { priority: 'URGENT' });
    expect(await Promise.all([today, late, then].map(({ id }) => dueOf(id)))).toEqual([
      '2026-03-04',
      '2026-03-04',
      '2026-03-05',
    ]);
    const set = await traces();
    expect(set.policies).toBe(before.policies + 1);
    expect((await room.policies.triagePolicies()).map(({ id }) => id)).toContain(policy.id);
  });

  it.each([
    ['2026-03-01', 'TriagePolicyInThePast'],
    ['2026-05-01', 'TriagePolicyAlreadySet'],
  ])('is not set anew from %s: %s, and nothing is written', async (effectiveFrom, code) => {
    const days = { triageDays: 3, informationDays: 3, adviceDays: 3, escalationDays: 3 };
    const input = { priority: 'TWO_WEEK_WAIT' as const, ...days, effectiveFrom: '2026-05-01', reason: 'So' };
    if ((await database.client.triagePolicy.count({ where: { triageDays: 3 } })) === 0)
      mustBeDone(await room.policies.setTriagePolicy(desk, input));
    const before = await traces();
    expect(await room.policies.setTriagePolicy(desk, { ...input, effectiveFrom })).toMatchObject({ code });
    expect(await traces()).toEqual(before);
  });

  it('is never rewritten: the database refuses it', async () => {
    await expect(database.client.triagePolicy.updateMany({ data: { triageDays: 9 } })).rejects.toThrow();
    await expect(database.client.triagePolicy.deleteMany()).rejects.toThrow();
  });
});

describe('what nobody decides', () => {
  it('is left alone until its day has passed, then escalated, again and again until it is decided', async () => {
    const { id } = await receive(room, await patientId()); // due on Monday 9 March
    clock.set('2026-03-09T23:59:59Z');
    const before = await traces();
    expect((await room.escalation.passDeadline(id))?.toString()).toBe('2026-03-10T00:00:00Z');
    expect(await traces()).toEqual(before);

    clock.set('2026-03-10T00:00:00Z');
    expect((await room.escalation.passDeadline(id))?.toString()).toBe('2026-03-13T00:00:00Z');
    expect(await rowOf(id)).toMatchObject({
      escalationsCount: 1,
      escalatedAt: new Date('2026-03-10T00:00:00Z'),
    });
    expect(await overdueMessages(id)).toMatchObject([{ version: 1 }]);
    expect(await newestAct(database)).toMatchObject({
      action: 'referral.escalated',
      actorKind: 'SYSTEM',
      subjectId: id,
      before: { escalatedAt: null, escalationsCount: 0 },
      after: { escalationsCount: 1 },
    });
    // Doing it twice is doing it once.
    const once = await traces();
    expect((await room.escalation.passDeadline(id))?.toString()).toBe('2026-03-13T00:00:00Z');
    expect(await traces()).toEqual(once);

    clock.set('2026-03-14T09:00:00Z'); // a Saturday, the worker was away
    await room.escalation.passDeadline(id);
    expect((await overdueMessages(id)).map(({ version }) => version).sort()).toEqual([1, 2]);

    mustBeDone(await room.decisions.acceptReferral(aClinician(), { referralId: id }));
    clock.set('2026-03-20T09:00:00Z');
    const decided = await traces();
    expect(await room.escalation.passDeadline(id)).toBeNull();
    expect(await traces()).toEqual(decided);
    expect(await database.client.triageEvent.count({ where: { referralId: id, kind: 'ESCALATED' } })).toBe(2);
  });

  it('waits for the referrer as long as they were given, and is promised anew when they answer', async () => {
    const { id } = await receive(room, await patientId());
    clock.set('2026-03-06T09:00:00Z');
    const decider = aClinician();
    mustBeDone(await room.decisions.requestInformation(decider, { referralId: id, wanted: 'The last MRI.' }));
    expect((await rowOf(id)).informationDueOn?.toISOString().slice(0, 10)).toBe('2026-03-20');
    clock.set('2026-03-12T09:00:00Z');
    expect((await room.escalation.passDeadline(id))?.toString()).toBe('2026-03-21T00:00:00Z');
    mustBeDone(await room.decisions.recordInformationReceived(decider, { referralId: id }));
    expect(await dueOf(id)).toBe('2026-03-19');
    expect((await dueMessages(id)).at(-1)?.dueAt.toISOString()).toBe('2026-03-20T00:00:00.000Z');
  });

  it('is promised anew when its priority changes, from its arrival on, and escalated at once when that has passed', async () => {
    const { id, version } = await receive(room, await patientId());
    clock.set('2026-03-06T09:00:00Z');
    const clinician = aStaffActor();
    const change = { referralId: id, priority: 'URGENT' as const, reason: ' New weakness ' };
    const after = mustBeDone(await room.claims.changeReferralPriority(clinician, change));
    expect(after).toMatchObject({ priority: 'URGENT', version: version + 1 });
    expect(await dueOf(id)).toBe('2026-03-04');
    expect((await dueMessages(id)).map(({ dueAt }) => dueAt.toISOString())).toEqual([
      '2026-03-05T00:00:00.000Z',
    ]);
    const event = await database.client.triageEvent.findFirstOrThrow({ where: { referralId: id } });
    expect(event).toMatchObject({
      kind: 'PRIORITY_CHANGED',
      actorId: clinician.id,
      reason: 'New weakness',
      fromPriority: 'ROUTINE',
      toPriority: 'URGENT',
    });
    expect(await newestAct(database)).toMatchObject({
      action: 'referral.priority-changed',
      before: { priority: 'ROUTINE', dueOn: '2026-03-09' },
      after: { priority: 'URGENT', dueOn: '2026-03-04', reason: 'New weakness' },
    });
    await room.escalation.passDeadline(id);
    expect(await overdueMessages(id)).toHaveLength(1);
    const same = await traces();
    await room.claims.changeReferralPriority(clinician, change);
    expect(await traces()).toEqual(same);
  });

  it('is nothing when it is nowhere', async () => {
    expect(await room.escalation.passDeadline(randomUUID())).toBeNull();
  });
});

describe('a claim', () => {
  it("is one person's: fifty at once, one has it, and the others are told who", async () => {
    const { id } = await receive(room, await patientId());
    const people = Array.from({ length: 50 }, () => aStaffActor());
    const before = await traces();
    const results = await Promise.all(
      people.map((actor) => room.claims.claimReferral(actor, { referralId: id })),
    );
    const winners = people.filter((_, at) => !isRefusal(results[at]));
    expect(winners).toHaveLength(1);
    const refused = results.filter(isRefusal);
    expect(refused).toHaveLength(49);
    for (const refusal of refused) {
      expect(refusal).toMatchObject({ code: 'ReferralClaimedByAnother', claimedById: winners[0]?.id });
    }
    expect(await rowOf(id)).toMatchObject({ claimedById: winners[0]?.id });
    const after = await traces();
    expect([after.triageEvents, after.audit]).toEqual([before.triageEvents + 1, before.audit + 1]);
  }, 60_000);

  it('keeps others from deciding, until they take it over with a reason', async () => {
    const { id } = await receive(room, await patientId());
    const [mine, other] = [aClinician(), aClinician()];
    mustBeDone(await room.claims.claimReferral(mine.actor, { referralId: id }));
    const before = await traces();
    expect(await room.decisions.acceptReferral(other, { referralId: id })).toMatchObject({
      code: 'ReferralClaimedByAnother',
      claimedById: mine.actor.id,
    });
    expect(await room.claims.claimReferral(other.actor, { referralId: id })).toMatchObject({
      code: 'ReferralClaimedByAnother',
    });
    expect(await traces()).toEqual(before);
    mustBeDone(
      await room.claims.claimReferral(other.actor, { referralId: id, takeOverReason: 'They are ill' }),
    );
    expect(await newestAct(database)).toMatchObject({
      action: 'referral.taken-over',
      actorId: other.actor.id,
      before: { claimedById: mine.actor.id },
      after: { claimedById: other.actor.id, staffId: mine.actor.id, reason: 'They are ill' },
    });
    expect(await room.decisions.acceptReferral(mine, { referralId: id })).toMatchObject({
      code: 'ReferralClaimedByAnother',
    });
    mustBeDone(await room.decisions.acceptReferral(other, { referralId: id }));
    expect(await rowOf(id)).toMatchObject({ status: 'ACCEPTED', claimedById: null, claimActiveAt: null });
  });

  it('lapses after eight hours in which nothing was done', async () => {
    const { id } = await receive(room, await patientId());
    const [first, second] = [aStaffActor(), aStaffActor()];
    mustBeDone(await room.claims.claimReferral(first, { referralId: id }));
    clock.advance({ hours: 7 });
    const urgent = { referralId: id, priority: 'URGENT' as const, reason: 'New weakness' };
    mustBeDone(await room.claims.changeReferralPriority(first, urgent));
    clock.advance({ hours: 7, minutes: 59 });
    expect(isRefusal(await room.claims.claimReferral(second, { referralId: id }))).toBe(true);
    clock.advance({ minutes: 1 });
    const before = await traces();
    expect(await room.claims.releaseReferral(first, { referralId: id })).toMatchObject({
      code: 'ReferralNotClaimed',
    });
    expect(await traces()).toEqual(before);
    mustBeDone(await room.claims.claimReferral(second, { referralId: id }));
    expect(await newestAct(database)).toMatchObject({ action: 'referral.claimed', actorId: second.id });
  });

  it('is given back by whoever has it, and by nobody else', async () => {
    const { id } = await receive(room, await patientId());
    const mine = aStaffActor();
    mustBeDone(await room.claims.claimReferral(mine, { referralId: id }));
    expect(await room.claims.releaseReferral(aStaffActor(), { referralId: id })).toMatchObject({
      code: 'ReferralNotClaimed',
    });
    mustBeDone(await room.claims.releaseReferral(mine, { referralId: id }));
    expect(await rowOf(id)).toMatchObject({ claimedById: null });
    expect(await newestAct(database)).toMatchObject({ action: 'referral.released' });
  });

  it('and everything else that is arranged is only for what waits', async () => {
    const { id } = await receive(room, await patientId());
    mustBeDone(
      await room.decisions.declineReferral(aClinician(), { referralId: id, reasonCode: 'WRONG_PROVIDER' }),
    );
    const before = await traces();
    const clinicianId = await anAccount('CLINICIAN');
    const refusals = [
      await room.claims.claimReferral(desk, { referralId: id }),
      await room.claims.releaseReferral(desk, { referralId: id }),
      await room.claims.assignReferral(desk, { referralId: id, clinicianId }),
      await room.claims.unassignReferral(desk, { referralId: id }),
      await room.claims.changeReferralPriority(desk, { referralId: id, priority: 'URGENT', reason: 'So' }),
    ];
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'ReferralNotWaiting', status: 'DECLINED' });
    expect(await traces()).toEqual(before);
    await expect(room.claims.claimReferral(desk, { referralId: randomUUID() })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('an assignment', () => {
  it('is to a clinician who can sign in, and is taken back', async () => {
    const { id } = await receive(room, await patientId());
    const clinicianId = await anAccount('CLINICIAN');
    mustBeDone(await room.claims.assignReferral(desk, { referralId: id, clinicianId, reason: 'Spine' }));
    expect(await rowOf(id)).toMatchObject({ assignedToId: clinicianId, assignedAt: new Date(NOW) });
    expect(await newestAct(database)).toMatchObject({
      action: 'referral.assigned',
      before: { assignedToId: null },
      after: { assignedToId: clinicianId, reason: 'Spine' },
    });
    mustBeDone(await room.claims.unassignReferral(desk, { referralId: id }));
    expect(await rowOf(id)).toMatchObject({ assignedToId: null, assignedAt: null });
    const before = await traces();
    mustBeDone(await room.claims.unassignReferral(desk, { referralId: id }));
    expect(await traces()).toEqual(before);
  });

  it.each([
    ['RECEPTION' as const, null],
    ['CLINICIAN' as const, new Date(NOW)],
    [null, null],
  ])('is refused for %s disabled at %s', async (role, disabledAt) => {
    const { id } = await receive(room, await patientId());
    const clinicianId = role === null ? randomUUID() : await anAccount(role, disabledAt);
    const before = await traces();
    expect(await room.claims.assignReferral(desk, { referralId: id, clinicianId })).toMatchObject({
      code: 'NotAClinician',
    });
    expect(await traces()).toEqual(before);
  });
});

describe('the queue', () => {
  const seen = async (filter: TriageFilterInput = {}, order: TriageOrder = 'DUE', actor = desk) =>
    (await room.queue.triageQueue(actor, filter, order, PAGE)).items;
  const idsOf = async (filter: TriageFilterInput = {}, order: TriageOrder = 'DUE', actor = desk) =>
    (await seen(filter, order, actor)).map(({ referralId }) => referralId);

  it('holds what is undecided, by what is due, by priority, or by arrival, page by page', async () => {
    const person = await patientId();
    const make = (priority: 'ROUTINE' | 'URGENT' | 'TWO_WEEK_WAIT', receivedOn: string) =>
      receive(room, person, { priority, receivedOn });
    const routine = await make('ROUTINE', '2026-02-25'); // due 4 March
    const urgent = await make('URGENT', '2026-03-02'); // due 4 March
    const suspected = await make('TWO_WEEK_WAIT', '2026-03-02'); // due 3 March
    const late = await make('ROUTINE', '2026-02-13'); // due 20 February
    const decided = await make('ROUTINE', '2026-02-13');
    mustBeDone(await room.decisions.acceptReferral(aClinician(), { referralId: decided.id }));
    const orders = {
      DUE: [late.id, suspected.id, urgent.id, routine.id],
      PRIORITY: [suspected.id, urgent.id, late.id, routine.id],
      RECEIVED: [late.id, routine.id, suspected.id, urgent.id],
    };
    for (const order of ['DUE', 'PRIORITY', 'RECEIVED'] as const) {
      expect(await idsOf({}, order)).toEqual(orders[order]);
      const paged: string[] = [];
      let after: string | null = null;
      do {
        const page: { items: readonly TriageEntry[]; nextCursor: string | null } =
          await room.queue.triageQueue(desk, {}, order, { size: 1, after });
        paged.push(...page.items.map(({ referralId }) => referralId));
        after = page.nextCursor;
      } while (after !== null);
      expect(paged).toEqual(orders[order]);
    }
    const [first] = await seen();
    expect(first).toMatchObject({
      dueOn: '2026-02-20',
      isOverdue: true,
      workingDaysLeft: null,
      workingDaysOverdue: 6,
      nextDueOn: '2026-02-20',
      duplicatesCount: 4,
      reasonsHere: ['NOT_LOOKED_AT', 'POSSIBLE_DUPLICATE', 'OVERDUE'],
      allowedActions: ['CLAIM', 'ASSIGN', 'CHANGE_PRIORITY'],
      referral: { id: late.id, status: 'RECEIVED' },
    });
    expect(await newestAct(database)).toMatchObject({
      action: 'triage-queue.viewed',
      actorId: desk.id,
      patientIds: [person],
    });
  });

  it('is narrowed by every filter', async () => {
    const [one, two] = [await patientId(), await patientId()];
    const clinicianId = await anAccount('CLINICIAN');
    const me = aStaffActor(clinicianId);
    const mine = await receive(room, one, {
      priority: 'URGENT',
      clinicalQuestion: 'Is it the sacro_iliac joint, 100%?',
    });
    const other = await receive(room, two, { source: 'INSURER', referrerName: 'Case Manager Quill' });
    const asked = await receive(room, two, { receivedOn: '2026-02-10' });
    mustBeDone(await room.claims.assignReferral(desk, { referralId: mine.id, clinicianId }));
    mustBeDone(await room.claims.claimReferral(me, { referralId: other.id }));
    mustBeDone(
      await room.decisions.requestInformation(aClinician(), {
        referralId: asked.id,
        wanted: 'The last MRI.',
      }),
    );
    const askedHolder = (await rowOf(asked.id)).claimedById;
    const cases: readonly (readonly [TriageFilterInput, readonly string[]])[] = [
      [{ priorities: ['URGENT'] }, [mine.id]],
      [{ statuses: ['INFORMATION_REQUESTED'] }, [asked.id]],
      [{ statuses: ['ACCEPTED'] }, []],
      [{ sources: ['INSURER'] }, [other.id]],
      [{ patientId: one }, [mine.id]],
      [{ assigned: 'ME' }, [mine.id]],
      [{ assigned: 'SOMEBODY' }, [mine.id]],
      [{ assigned: 'NOBODY' }, [other.id, asked.id]],
      [{ claimed: 'ME' }, [other.id]],
      [{ claimed: 'SOMEBODY' }, askedHolder === null ? [other.id] : [other.id, asked.id]],
      [{ claimed: 'NOBODY' }, askedHolder === null ? [mine.id, asked.id] : [mine.id]],
      [{ isOverdue: true }, []],
      [{ isOverdue: false, dueUntil: '2026-03-09' }, [mine.id, other.id]],
      [{ text: 'quill' }, [other.id]],
      [{ text: '100%' }, [mine.id]],
      [{ text: 'sacro_iliac' }, [mine.id]],
      [{ text: 'sacroXiliac' }, []],
      [{ serviceCodes: ['NONE'] }, []],
      [{ assigned: 'ME', priorities: ['ROUTINE'] }, []],
    ];
    for (const [filter, ids] of cases)
      expect([filter, await idsOf(filter, 'DUE', me)]).toEqual([filter, ids]);
    // A claim that has lapsed is nobody's.
    clock.advance({ hours: 8 });
    expect(await idsOf({ claimed: 'SOMEBODY' })).toEqual([]);
  });

  it('says why each is there, in codes and in words', async () => {
    const { id } = await receive(room, await patientId());
    const decider = aClinician();
    mustBeDone(await room.decisions.requestInformation(decider, { referralId: id, wanted: 'The last MRI.' }));
    expect(await seen()).toMatchObject([
      {
        reasonsHere: ['AWAITS_REFERRER'],
        dueOn: '2026-03-09',
        nextDueOn: '2026-03-16',
        workingDaysLeft: 10,
        whyHere: 'The referrer was asked for information, due on Monday 16 March 2026.',
      },
    ]);
    clock.set('2026-03-04T09:00:00Z');
    mustBeDone(await room.decisions.recordInformationReceived(decider, { referralId: id }));
    expect(await seen()).toMatchObject([
      { reasonsHere: ['BEING_TRIAGED', 'INFORMATION_BACK'], dueOn: '2026-03-11' },
    ]);
    mustBeDone(await room.decisions.acceptReferral(decider, { referralId: id }));
    mustBeDone(
      await room.steering.reopenReferral(decider, {
        referralId: id,
        reasonCode: 'NEW_INFORMATION',
        comment: 'A fall since',
      }),
    );
    clock.set('2026-03-12T09:00:00Z');
    await room.escalation.passDeadline(id);
    expect(await seen()).toMatchObject([
      {
        reasonsHere: ['BEING_TRIAGED', 'REOPENED', 'INFORMATION_BACK', 'OVERDUE', 'ESCALATED'],
        escalationsCount: 1,
        nextDueOn: '2026-03-16',
        workingDaysOverdue: 1,
      },
    ]);
  });

  it('asks as many statements for twenty as for two', async () => {
    const statementsOf = async () => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await seen();
      const count = spy.mock.calls.length;
      spy.mockRestore();
      return count;
    };
    for (let n = 0; n < 2; n += 1) await receive(room, await patientId());
    await seen();
    const forTwo = await statementsOf();
    for (let n = 0; n < 18; n += 1) await receive(room, await patientId());
    expect(await seen()).toHaveLength(20);
    expect(await statementsOf()).toBe(forTwo);
    // BEGIN, the rows, the bank holidays, the referrals, the audit entry and its chain, COMMIT.
    expect(forTwo).toBeLessThanOrEqual(7);
  });

  it('is found by its index, however much has been decided', async () => {
    const person = await patientId();
    await receive(room, person);
    await database.client.$executeRaw`
      INSERT INTO referrals (id, patient_id, source, priority, status, clinical_question, received_on, recorded_at,
                             recorded_by_id, decided_at, decided_by_id, reason_code, ended_at, ended_by_id)
      SELECT gen_random_uuid(), ${person}::uuid, 'SELF', 'ROUTINE', 'DECLINED', 'Which level?', '2026-01-01', now(),
             ${desk.id}::uuid, now(), ${desk.id}::uuid, 'WRONG_PROVIDER', now(), ${desk.id}::uuid
        FROM generate_series(1, 3000)`;
    await database.client.$executeRawUnsafe('ANALYZE referrals');
    const any = {
      ...{ ids: null, priorities: null, serviceCodes: null, statuses: null, sources: null, patientId: null },
      ...{ assigned: null, claimed: null, isOverdue: null, dueUntil: null, text: null },
    };
    const moment = { today: '2026-03-02', claimsLapsedAt: new Date(NOW) };
    const asked = undecidedReferrals(any, moment, 'DUE', null, 26);
    const plan = await database.client.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`EXPLAIN ${asked}`);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Scan (?:on|using) referrals_undecided/);
    expect(text).toMatch(/referrals_open_of_patient/);
    expect(text).not.toMatch(/Seq Scan on referrals/);
  });

  it.each(['rubbish', Buffer.from('["2026-02-30","1","x"]').toString('base64url')])(
    'refuses the cursor %s',
    async (after) => {
      const asked = room.queue.triageQueue(desk, {}, 'DUE', { size: 2, after });
      await expect(asked).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  it('is counted for whoever asks', async () => {
    const clinicianId = await anAccount('CLINICIAN');
    const me = aStaffActor(clinicianId);
    expect(await room.queue.triageSummary(me)).toMatchObject({ undecidedCount: 0, firstDueOn: null });
    const first = await receive(room, await patientId(), { priority: 'URGENT', receivedOn: '2026-02-20' });
    const second = await receive(room, await patientId(), { receivedOn: '2026-02-23' });
    await receive(room, await patientId());
    mustBeDone(await room.claims.assignReferral(desk, { referralId: first.id, clinicianId }));
    mustBeDone(await room.claims.claimReferral(me, { referralId: second.id }));
    await room.escalation.passDeadline(first.id);
    expect(await room.queue.triageSummary(me)).toEqual({
      undecidedCount: 3,
      notLookedAtCount: 3,
      awaitsReferrerCount: 0,
      overdueCount: 1,
      dueTodayCount: 1,
      escalatedCount: 1,
      unassignedCount: 2,
      assignedToMeCount: 1,
      claimedByMeCount: 1,
      twoWeekWaitCount: 0,
      urgentCount: 1,
      routineCount: 2,
      firstDueOn: '2026-02-24',
      openAdviceCount: 0,
      overdueAdviceCount: 0,
    });
  });
});

describe('a referral that is here already', () => {
  const letter = (parts: object = {}) => ({
    patientId: '',
    source: 'GP' as const,
    priority: 'ROUTINE' as const,
    referrerName: 'Dr Amrit Patel',
    clinicalQuestion: 'Low back pain.',
    ...parts,
  });

  it('is warned of, with all that are open, until all of them are confirmed to be another matter', async () => {
    const person = await patientId();
    const first = await receive(room, person, { receivedOn: '2026-02-25' });
    const second = await receive(room, person);
    const before = await traces();
    const refusal = await room.reception.receiveReferral(desk, letter({ patientId: person }));
    expect(refusal).toMatchObject({
      code: 'OpenReferralExists',
      openReferrals: [
        {
          referralId: first.id,
          status: 'RECEIVED',
          receivedOn: '2026-02-25',
          referrerName: 'Dr Amrit Patel',
        },
        { referralId: second.id },
      ],
    });
    // Only the look is written down.
    const looked = await traces();
    expect(looked).toEqual({ ...before, audit: before.audit + 1 });
    expect(await newestAct(database)).toMatchObject({ action: 'referrals.compared', patientIds: [person] });
    const oneOnly = letter({ patientId: person, confirmedNotDuplicateOf: [first.id] });
    expect(await room.reception.receiveReferral(desk, oneOnly)).toMatchObject({ code: 'OpenReferralExists' });
    const both = letter({ patientId: person, confirmedNotDuplicateOf: [second.id, first.id] });
    expect(mustBeDone(await room.reception.receiveReferral(desk, both))).toMatchObject({
      status: 'RECEIVED',
    });
  });

  it("is no matter when it is over, or another person's", async () => {
    const person = await patientId();
    const { id } = await receive(room, person);
    mustBeDone(
      await room.decisions.declineReferral(aClinician(), { referralId: id, reasonCode: 'WRONG_PROVIDER' }),
    );
    await receive(room, await patientId());
    mustBeDone(await room.reception.receiveReferral(desk, letter({ patientId: person })));
  });

  it('taken in by ten at once is taken in once', async () => {
    const person = await patientId();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => room.reception.receiveReferral(desk, letter({ patientId: person }))),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    expect(await database.client.referral.count({ where: { patientId: person } })).toBe(1);
  });
});
