import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Referral } from '../../src/clinic/referrals/referral.type.js';
import type { RecordRttEventInput } from '../../src/clinic/referrals/referral-clock.type.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
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

// The clock from referral to treatment, on the log of a referral.

const NOW = '2026-03-02T09:00:00Z';
const clock = new FixedClock(NOW);
const clinician = aStaffActor();
let home: TestDatabase;
let room: TriageRoom;
let silent: TriageRoom;
let referral: Referral;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openTriage(home.url, clock, { RTT_CLOCK: 'on' });
  silent = await openTriage(home.url, clock);
});
beforeEach(async () => {
  clock.set(NOW);
  referral = await receive(room, (await makePatient(room.patients)).id, { receivedOn: '2026-02-02' });
});
afterAll(async () => {
  await room.close();
  await silent.close();
  await home.drop();
});

const traces = () => tracesOfTriage(room.database);
const clockOf = async () => (await room.clocks.clocks([referral.id])).get(referral.id);
const record = (parts: Partial<RecordRttEventInput>) =>
  room.clocks.recordRttEvent(clinician, { referralId: referral.id, kind: 'FIRST_TREATMENT', ...parts });

describe('the clock from referral to treatment', () => {
  it('runs from the receipt', async () => {
    expect(await clockOf()).toEqual({
      startedOn: '2026-02-02',
      weeksWaited: 4,
      stoppedOn: null,
      stopReason: null,
      breachOn: '2026-06-08',
      isBreach: false,
      entries: [],
    });
    clock.set('2026-06-09T09:00:00Z');
    expect(await clockOf()).toMatchObject({ weeksWaited: 18, isBreach: true });
  });

  it('is stopped by what is recorded, started anew, and forgets an error', async () => {
    const stopped = mustBeDone(await record({ happenedOn: '2026-02-20', comment: ' Injection ' }));
    expect(stopped).toMatchObject({ stoppedOn: '2026-02-20', stopReason: 'FIRST_TREATMENT', weeksWaited: 2 });
    expect(await newestAct(room.database)).toMatchObject({
      action: 'referral.clock-recorded',
      actorId: clinician.id,
      subjectId: referral.id,
      after: { kind: 'RTT_FIRST_TREATMENT', happenedOn: '2026-02-20', reason: 'Injection' },
    });
    const before = await traces();
    expect(await record({ kind: 'NOT_TO_TREAT' })).toMatchObject({ code: 'RttClockStopped' });
    expect(await traces()).toEqual(before);
    const [entry] = stopped.entries;
    const corrected = mustBeDone(await record({ kind: 'RECORDED_IN_ERROR', entryId: entry?.id ?? null }));
    expect(corrected).toMatchObject({
      stoppedOn: null,
      entries: [{ id: entry?.id }, { entryId: entry?.id }],
    });
    expect(await record({ kind: 'NEW_START' })).toMatchObject({ code: 'RttClockRunning' });
    mustBeDone(await record({ kind: 'ACTIVE_MONITORING', happenedOn: '2026-02-25' }));
    clock.advance({ hours: 1 });
    await expect(record({ kind: 'NEW_START', happenedOn: '2026-02-24' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    expect(mustBeDone(await record({ kind: 'NEW_START' }))).toMatchObject({
      startedOn: '2026-03-02',
      weeksWaited: 0,
      stoppedOn: null,
    });
  });

  it('stops with the decision not to see the patient, and goes on when that is taken back', async () => {
    const decider = aClinician();
    mustBeDone(
      await room.decisions.declineReferral(decider, {
        referralId: referral.id,
        reasonCode: 'WRONG_PROVIDER',
      }),
    );
    expect(await clockOf()).toMatchObject({ stoppedOn: '2026-03-02', stopReason: 'DECLINED' });
    clock.advance({ hours: 24 });
    mustBeDone(
      await room.steering.reopenReferral(decider, {
        referralId: referral.id,
        reasonCode: 'DECIDED_IN_ERROR',
        comment: 'The wrong button',
      }),
    );
    expect(await clockOf()).toMatchObject({ startedOn: '2026-02-02', stoppedOn: null });
  });

  it.each<readonly [Partial<RecordRttEventInput>, string]>([
    [{ happenedOn: '2026-03-03' }, 'happenedOn'],
    [{ happenedOn: '2026-02-01' }, 'happenedOn'],
    [{ kind: 'RECORDED_IN_ERROR', entryId: null }, 'entryId'],
    [{ kind: 'RECORDED_IN_ERROR', entryId: randomUUID() }, 'entryId'],
  ])('takes no %j, names %s, and changes nothing', async (parts, field) => {
    const before = await traces();
    await expect(record(parts)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(`^${field}: `),
    });
    expect(await traces()).toEqual(before);
  });

  it("is the kept one's when two were merged, from the earlier arrival on", async () => {
    const other = await receive(room, referral.patientId, { receivedOn: '2026-01-05' });
    mustBeDone(await record({ referralId: other.id, happenedOn: '2026-02-10' }));
    const merge = { keptId: referral.id, mergedId: other.id, reason: 'The same letter' };
    mustBeDone(await room.merges.mergeReferrals(aClinician(), merge));
    // What was recorded with the other counts here, and is found wrong here.
    const kept = await clockOf();
    expect(kept).toMatchObject({ startedOn: '2026-01-05', stoppedOn: '2026-02-10' });
    const wrong = { kind: 'RECORDED_IN_ERROR' as const, entryId: kept?.entries[0]?.id ?? null };
    expect(mustBeDone(await record(wrong))).toMatchObject({ stoppedOn: null, weeksWaited: 8 });
    expect((await room.clocks.clocks([other.id])).size).toBe(0);
    expect(await record({ referralId: other.id })).toMatchObject({ code: 'RttClockElsewhere' });
    await expect(record({ referralId: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is neither shown nor recorded where the clinic runs none', async () => {
    const before = await traces();
    expect((await silent.clocks.clocks([referral.id])).size).toBe(0);
    const input = { referralId: referral.id, kind: 'FIRST_TREATMENT' as const };
    expect(await silent.clocks.recordRttEvent(clinician, input)).toMatchObject({ code: 'RttClockOff' });
    expect(await traces()).toEqual(before);
  });
});
