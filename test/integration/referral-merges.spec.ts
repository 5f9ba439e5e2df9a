import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ReferralDependents } from '../../src/clinic/referrals/referral-dependents.service.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
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

// Two letters about one matter become one referral, and two again when that was a mistake.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
const desk = aStaffActor();
const decider = { actor: desk, roles: ['RECEPTION' as const] };
/** Referrals for which the visits' room says that something is booked. */
const booked = new Set<string>();
let home: TestDatabase;
let room: TriageRoom;
let database: Database;
let patientId: string;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openTriage(home.url, clock);
  database = room.database;
  room.module.get(ReferralDependents, { strict: false }).register({
    room: 'visits',
    liveVisits: async (_tx, id) => ({ visitIds: booked.has(id) ? [id] : [], requestIds: [] }),
  });
});
beforeEach(async () => {
  clock.set(NOW);
  booked.clear();
  await emptyTables(database, 'referrals, outbox_messages');
  patientId = (await makePatient(room.patients)).id;
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const traces = () => tracesOfTriage(database);
const rowOf = (id: string) => database.client.referral.findUniqueOrThrow({ where: { id } });
const daysOf = async (id: string) => {
  const { receivedOn, dueOn } = await rowOf(id);
  return [receivedOn, dueOn].map((day) => day?.toISOString().slice(0, 10));
};
const merge = (keptId: string, mergedId: string, reason = ' The same letter ') =>
  room.merges.mergeReferrals(decider, { keptId, mergedId, reason });
const undo = (mergedId: string) => room.merges.undoReferralMerge(desk, { mergedId, reason: ' Two matters ' });

describe('mergeReferrals', () => {
  it('keeps one with the earlier arrival and the earlier promise, and writes both down', async () => {
    const kept = await receive(room, patientId); // due 9 March
    const merged = await receive(room, patientId, { receivedOn: '2026-02-26', priority: 'URGENT' }); // due 2 March
    const before = await traces();
    const after = mustBeDone(await merge(kept.id, merged.id));
    expect(after).toMatchObject({ id: kept.id, status: 'RECEIVED', receivedOn: '2026-02-26' });
    expect(await daysOf(kept.id)).toEqual(['2026-02-26', '2026-03-02']);
    expect(await rowOf(merged.id)).toMatchObject({
      status: 'MERGED',
      mergedIntoId: kept.id,
      reasonCode: 'DUPLICATE_REFERRAL',
    });
    const left = await traces();
    expect(left.merges).toMatchObject([
      {
        keptId: kept.id,
        mergedId: merged.id,
        reason: 'The same letter',
        mergedStatus: 'RECEIVED',
        undoneAt: null,
      },
    ]);
    expect([left.moves, left.triageEvents, left.audit]).toEqual([
      before.moves + 1,
      before.triageEvents + 1,
      before.audit + 2,
    ]);
    expect(await newestAct(database)).toMatchObject({
      action: 'referral.merged-in',
      subjectId: kept.id,
      patientIds: [patientId],
      before: { receivedOn: '2026-03-02', dueOn: '2026-03-09' },
      after: { receivedOn: '2026-02-26', dueOn: '2026-03-02', subjectId: merged.id },
    });
    // The kept one is looked at by its new day.
    const watched = await database.client.outboxMessage.findMany({
      where: { topic: 'referral.due', subjectId: kept.id },
    });
    expect(watched.map(({ dueAt }) => dueAt.toISOString())).toEqual(['2026-03-03T00:00:00.000Z']);
    const { items } = await room.queue.triageQueue(desk, {}, 'DUE', { size: 25 });
    expect(items).toMatchObject([
      { referralId: kept.id, reasonsHere: ['NOT_LOOKED_AT', 'MERGED_WITH_ANOTHER'] },
    ]);
  });

  it('shows what was merged with the kept one, through several merges, and records the look', async () => {
    const kept = await receive(room, patientId);
    const second = await receive(room, patientId);
    const third = await receive(room, patientId, { receivedOn: '2026-02-26' });
    mustBeDone(await merge(second.id, third.id));
    mustBeDone(await merge(kept.id, second.id));
    const shown = await room.mergeRecords.mergedInto(desk, [kept.id, third.id]);
    expect(
      shown
        .get(kept.id)
        ?.map(({ id }) => id)
        .sort(),
    ).toEqual([second.id, third.id].sort());
    expect(shown.get(third.id)).toEqual([]);
    expect(await newestAct(database)).toMatchObject({ action: 'referrals.viewed', patientIds: [patientId] });
  });

  it('refuses what cannot be merged, and changes nothing', async () => {
    const one = await receive(room, patientId);
    const stranger = await receive(room, (await makePatient(room.patients)).id);
    const over = await receive(room, patientId);
    const visited = await receive(room, patientId);
    mustBeDone(
      await room.decisions.declineReferral(aClinician(), {
        referralId: over.id,
        reasonCode: 'WRONG_PROVIDER',
      }),
    );
    mustBeDone(await room.decisions.acceptReferral(aClinician(), { referralId: visited.id }));
    booked.add(visited.id);
    const before = await traces();
    expect(await merge(one.id, stranger.id)).toMatchObject({ code: 'ReferralsOfTwoPatients' });
    expect(await merge(over.id, one.id)).toMatchObject({ code: 'KeptReferralIsOver', status: 'DECLINED' });
    expect(await merge(one.id, over.id)).toMatchObject({ code: 'ReferralNotPossible', status: 'DECLINED' });
    expect(await merge(one.id, visited.id)).toMatchObject({
      code: 'ReferralHasVisits',
      visitIds: [visited.id],
    });
    await expect(merge(one.id, one.id)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(merge(one.id, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await undo(one.id)).toMatchObject({ code: 'ReferralNotMerged', status: 'RECEIVED' });
    expect(await traces()).toEqual(before);
  });

  it('loses no urgency: the kept one is as urgent as the most urgent of them, until that is undone', async () => {
    const kept = await receive(room, patientId);
    const urgent = await receive(room, patientId, { priority: 'URGENT' });
    const cancer = await receive(room, patientId, { priority: 'TWO_WEEK_WAIT' });
    const priority = async () => (await rowOf(kept.id)).priority;
    expect(mustBeDone(await merge(kept.id, urgent.id)).priority).toBe('URGENT');
    expect(mustBeDone(await merge(kept.id, cancer.id)).priority).toBe('TWO_WEEK_WAIT');
    const event = await database.client.triageEvent.findFirstOrThrow({ where: { subjectId: cancer.id } });
    expect(event).toMatchObject({ fromPriority: 'URGENT', toPriority: 'TWO_WEEK_WAIT' });
    mustBeDone(await undo(cancer.id));
    expect(await priority()).toBe('URGENT');
    mustBeDone(await undo(urgent.id));
    expect(await priority()).toBe('ROUTINE');
    // What a clinician said of it since is its own.
    mustBeDone(await merge(kept.id, urgent.id));
    clock.advance({ hours: 1 });
    mustBeDone(
      await room.claims.changeReferralPriority(aClinician().actor, {
        ...{ referralId: kept.id, priority: 'TWO_WEEK_WAIT', reason: 'Weight loss' },
      }),
    );
    mustBeDone(await undo(urgent.id));
    expect(await priority()).toBe('TWO_WEEK_WAIT');
  });

  it('does not take an undecided one out of triage behind a decided one, unless a clinician does', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId, { priority: 'TWO_WEEK_WAIT' });
    mustBeDone(await room.decisions.acceptReferral(aClinician(), { referralId: kept.id }));
    const before = await traces();
    expect(await merge(kept.id, merged.id)).toMatchObject({
      code: 'KeptReferralIsDecided',
      status: 'ACCEPTED',
    });
    expect(await traces()).toEqual(before);
    mustBeDone(
      await room.merges.mergeReferrals(aClinician(), {
        ...{ keptId: kept.id, mergedId: merged.id, reason: 'Read both' },
      }),
    );
    expect(await rowOf(merged.id)).toMatchObject({ status: 'MERGED' });
  });

  it('waits for a colleague who has the merged one in hand', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId);
    const { actor } = aClinician();
    mustBeDone(await room.claims.claimReferral(actor, { referralId: merged.id }));
    const before = await traces();
    expect(await merge(kept.id, merged.id)).toMatchObject({
      ...{ code: 'ReferralClaimedByAnother', claimedById: actor.id },
    });
    expect(await traces()).toEqual(before);
    clock.advance({ hours: 8 });
    mustBeDone(await merge(kept.id, merged.id));
  });

  it('of each into the other at once happens one way only', async () => {
    const [one, two] = [await receive(room, patientId), await receive(room, patientId)];
    const results = await Promise.all([merge(one.id, two.id), merge(two.id, one.id)]);
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(1);
    const rows = [await rowOf(one.id), await rowOf(two.id)];
    expect(rows.map(({ status }) => status).sort()).toEqual(['MERGED', 'RECEIVED']);
  });
});

describe('undoReferralMerge', () => {
  it('puts both back as they stood, and their clocks', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId, { receivedOn: '2026-02-26' }); // due 5 March
    mustBeDone(
      await room.decisions.acceptReferral(aClinician(), { referralId: merged.id, comment: 'See soon' }),
    );
    mustBeDone(await merge(kept.id, merged.id));
    clock.advance({ hours: 24 });
    const restored = mustBeDone(await undo(merged.id));
    expect(restored).toMatchObject({ id: merged.id, status: 'ACCEPTED', mergedIntoId: null, endedAt: null });
    expect(restored.decidedAt).not.toBeNull();
    expect(await daysOf(kept.id)).toEqual(['2026-03-02', '2026-03-09']);
    expect((await traces()).merges).toMatchObject([{ undoReason: 'Two matters', undoneById: desk.id }]);
    const moves = await database.client.referralEvent.findMany({
      where: { referralId: merged.id },
      orderBy: { version: 'asc' },
    });
    expect(moves.map(({ action, toStatus }) => `${action} ${toStatus}`)).toEqual([
      'RECEIVE RECEIVED',
      'ACCEPT ACCEPTED',
      'MERGE MERGED',
      'REOPEN ACCEPTED',
    ]);
    const before = await traces();
    expect(await undo(merged.id)).toMatchObject({ code: 'ReferralNotMerged' });
    expect(await traces()).toEqual(before);
    mustBeDone(await merge(kept.id, merged.id));
  });

  it('leaves what others that are merged bring with them', async () => {
    const kept = await receive(room, patientId);
    const early = await receive(room, patientId, { receivedOn: '2026-02-25' });
    const earlier = await receive(room, patientId, { receivedOn: '2026-02-23' });
    mustBeDone(await merge(kept.id, early.id));
    mustBeDone(await merge(kept.id, earlier.id));
    expect(await daysOf(kept.id)).toEqual(['2026-02-23', '2026-03-02']);
    mustBeDone(await undo(earlier.id));
    expect(await daysOf(kept.id)).toEqual(['2026-02-25', '2026-03-04']);
    mustBeDone(await undo(early.id));
    expect(await daysOf(kept.id)).toEqual(['2026-03-02', '2026-03-09']);
  });

  it('waits no more for a referrer who was asked, and is watched again', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId);
    const wanted = { referralId: merged.id, wanted: 'The last MRI.' };
    const doctor = aClinician();
    mustBeDone(await room.decisions.requestInformation(doctor, wanted));
    const pair = { keptId: kept.id, mergedId: merged.id, reason: 'The same letter' };
    mustBeDone(await room.merges.mergeReferrals(doctor, pair));
    expect(mustBeDone(await undo(merged.id))).toMatchObject({
      status: 'BEING_TRIAGED',
      informationWanted: null,
    });
    const dues = await database.client.outboxMessage.findMany({
      where: { topic: 'referral.due', subjectId: merged.id },
    });
    expect(dues.map(({ dueAt }) => dueAt.toISOString())).toContain('2026-03-10T00:00:00.000Z');
  });

  it('happens by itself when the merged one is opened again: both wait, each by its own clock', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId, { receivedOn: '2026-02-26' });
    mustBeDone(await merge(kept.id, merged.id));
    clock.advance({ hours: 24 * 40 });
    const again = { referralId: merged.id, reasonCode: 'DECIDED_IN_ERROR', comment: 'Two matters' };
    expect(mustBeDone(await room.steering.reopenReferral(aClinician(), again))).toMatchObject({
      status: 'RECEIVED',
      mergedIntoId: null,
    });
    expect(await daysOf(kept.id)).toEqual(['2026-03-02', '2026-03-09']);
    expect((await traces()).merges).toMatchObject([{ undoReason: 'DECIDED_IN_ERROR' }]);
    expect((await room.mergeRecords.mergedInto(desk, [kept.id])).get(kept.id)).toEqual([]);
    mustBeDone(await merge(kept.id, merged.id));
  });

  it('is possible for thirty days', async () => {
    const kept = await receive(room, patientId);
    const merged = await receive(room, patientId);
    mustBeDone(await merge(kept.id, merged.id));
    clock.advance({ hours: 24 * 30 });
    const before = await traces();
    expect(await undo(merged.id)).toMatchObject({ code: 'ReferralMergeTooOld', daysMax: 30 });
    expect(await traces()).toEqual(before);
    clock.advance({ seconds: -1 });
    mustBeDone(await undo(merged.id));
  });
});
