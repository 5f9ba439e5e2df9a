import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SetLeadTimePolicyInput } from '../../src/clinic/scheduling/lead-time.type.js';
import {
  BeyondDiary,
  InThePast,
  LeadTimePolicyAlreadySet,
  OverrideNotAllowed,
  TooSoonForLeadTime,
} from '../../src/clinic/scheduling/schedule.refusals.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { ReferralPriority, Role } from '../../src/platform/database/generated/enums.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import { schedulingOn } from '../support/scheduling.factory.js';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const ACTOR = aStaffActor();
const BONE = 'BONE';

let db: TestDatabase;
let database: Database;
const clock = new FixedClock();
let room: ReturnType<typeof schedulingOn>;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  room = schedulingOn(database, clock);
  await database.transaction((tx) => room.holidays.refreshBankHolidays(tx, 2026, 2028));
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await database.client.$executeRawUnsafe('TRUNCATE lead_time_policies');
  clock.set('2026-01-05T09:00:00Z');
});

/** A policy from the start of 2026, set by somebody who may. */
async function setPolicy(parts: Partial<SetLeadTimePolicyInput> = {}) {
  return room.leadTimes.setLeadTimePolicy(ACTOR, {
    visitType: BONE,
    earliestDays: 7,
    targetDays: 14,
    latestDays: 84,
    effectiveFrom: '2026-01-05',
    reason: 'demand',
    ...parts,
  });
}

const clockFrom = async (startedOn: string, priority: ReferralPriority | null = null) => {
  const found = await room.leadTimes.clock(database.client, {
    visitType: BONE,
    priority,
    startedOn: day(startedOn),
  });
  return [found.targetOn.toString(), found.breachOn.toString()];
};

const windowFrom = async (startedOn: string | null) => {
  const found = await room.leadTimes.bookableFor(database.client, {
    visitType: BONE,
    priority: null,
    startedOn: startedOn === null ? null : day(startedOn),
  });
  return [found.from, found.targetUntil, found.breachUntil, found.until].map(String);
};

describe('a policy', () => {
  it('that leaves everything new out is what it always was', async () => {
    expect(await setPolicy()).toMatchObject({
      priority: 'ANY',
      breachDays: 14,
      dayKind: 'CALENDAR',
      clockStart: 'REFERRAL_RECEIVED',
      earliestOverriddenBy: [],
      latestOverriddenBy: [],
    });
  });

  it('of a priority goes before the one for any, and each has its own days', async () => {
    await setPolicy();
    const urgent = { priority: 'URGENT', targetDays: 7, breachDays: 10, earliestDays: 2 } as const;
    expect(await setPolicy(urgent)).toMatchObject(urgent);
    expect(await setPolicy(urgent)).toBeInstanceOf(LeadTimePolicyAlreadySet);
    expect(await clockFrom('2026-01-05')).toEqual(['2026-01-19', '2026-01-19']);
    expect(await clockFrom('2026-01-05', 'ROUTINE')).toEqual(['2026-01-19', '2026-01-19']);
    expect(await clockFrom('2026-01-05', 'URGENT')).toEqual(['2026-01-12', '2026-01-15']);
    await setPolicy({ effectiveFrom: '2026-01-06', targetDays: 21 });
    clock.set('2026-01-06T09:00:00Z');
    // A newer row for any priority does not overrule one of the priority itself.
    expect(await clockFrom('2026-01-05', 'URGENT')).toEqual(['2026-01-12', '2026-01-15']);
    expect(await clockFrom('2026-01-05', 'ROUTINE')).toEqual(['2026-01-26', '2026-01-26']);
  });

  it('says what starts its clock, and which row says so', async () => {
    const policy = await setPolicy({ clockStart: 'REQUESTED' });
    const found = await room.leadTimes.clock(database.client, {
      visitType: BONE,
      priority: null,
      startedOn: day('2026-01-05'),
    });
    expect(found).toMatchObject({ clockStart: 'REQUESTED', policyId: isRefusal(policy) ? '' : policy.id });
  });

  it('does not break its promise before the promise is over', async () => {
    await expect(setPolicy({ breachDays: 13 })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('working days', () => {
  it.each([
    ['over Easter', '2026-04-01', 3, '2026-04-08'],
    ['from Good Friday', '2026-04-03', 1, '2026-04-07'],
    ['over Christmas with its substitute day', '2026-12-23', 2, '2026-12-29'],
    ['over Christmas and New Year', '2026-12-23', 5, '2027-01-04'],
    ['over a weekend', '2026-01-09', 1, '2026-01-12'],
    ['from a Saturday', '2026-01-10', 1, '2026-01-12'],
    ['of which there are none to count', '2026-04-03', 0, '2026-04-03'],
  ])('%s', async (_, startedOn, targetDays, targetOn) => {
    await setPolicy({ dayKind: 'WORKING', earliestDays: 0, targetDays, breachDays: targetDays + 1 });
    expect((await clockFrom(startedOn))[0]).toBe(targetOn);
  });

  it('are counted far ahead, too: a year of them is a year and its holidays', async () => {
    await setPolicy({ dayKind: 'WORKING', targetDays: 40, breachDays: 253 });
    // 2026 has 261 days from Monday to Friday, eight of them bank holidays.
    expect((await clockFrom('2025-12-31'))[1]).toBe('2026-12-31');
  });

  it('are what notice is given in, and the end of the diary is not', async () => {
    await setPolicy({ dayKind: 'WORKING', earliestDays: 3, targetDays: 5, latestDays: 12 });
    clock.set('2026-04-01T09:00:00Z');
    expect(await windowFrom('2026-04-01')).toEqual([
      '2026-04-07T23:00:00Z',
      '2026-04-10T23:00:00Z',
      '2026-04-10T23:00:00Z',
      '2026-04-13T23:00:00Z',
    ]);
    const ask = (startsAt: string) => room.leadTimes.canBookAt(database.client, BONE, at(startsAt));
    expect(await ask('2026-04-07T16:00:00Z')).toMatchObject({
      code: 'TooSoonForLeadTime',
      earliestOn: '2026-04-08',
    });
    expect(await ask('2026-04-08T07:00:00Z')).toBeNull();
  });

  it('ask for bank holidays only when they are wanted', async () => {
    await setPolicy();
    let asked = 0;
    const reader: Parameters<typeof room.leadTimes.clock>[0] = {
      $queryRawUnsafe: database.client.$queryRawUnsafe.bind(database.client),
      get bankHoliday() {
        asked += 1;
        return database.client.bankHoliday;
      },
    };
    const query = { visitType: BONE, priority: null, startedOn: day('2026-01-05') };
    await room.leadTimes.clock(reader, query);
    expect(asked).toBe(0);
    await setPolicy({ priority: 'URGENT', dayKind: 'WORKING' });
    await room.leadTimes.clock(reader, { ...query, priority: 'URGENT' });
    expect(asked).toBe(1);
  });
});

describe('on the days the clocks change', () => {
  it.each([
    ['forward, seven days of notice end after it', '2026-03-25T23:30:00Z', '2026-03-31T23:00:00Z'],
    ['forward, seven days of notice end on it', '2026-03-22T10:00:00Z', '2026-03-29T00:00:00Z'],
    ['back, seven days of notice end after it', '2026-10-20T09:00:00Z', '2026-10-27T00:00:00Z'],
    ['back, seven days of notice end on it', '2026-10-18T10:00:00Z', '2026-10-24T23:00:00Z'],
    ['forward in 2027', '2027-03-21T10:00:00Z', '2027-03-28T00:00:00Z'],
    ['back in 2027', '2027-10-24T10:00:00Z', '2027-10-30T23:00:00Z'],
  ])('%s', async (_, now, from) => {
    await setPolicy();
    clock.set(now);
    const [found] = await windowFrom(null);
    expect(found).toBe(from);
    expect(await room.leadTimes.canBookAt(database.client, BONE, at(from))).toBeNull();
    const before = at(from).subtract({ milliseconds: 1 });
    expect(await room.leadTimes.canBookAt(database.client, BONE, before)).toBeInstanceOf(TooSoonForLeadTime);
  });

  it('a promise of fourteen days ends at midnight of the wall, before and after', async () => {
    await setPolicy({ breachDays: 16 });
    clock.set('2026-03-20T09:00:00Z');
    expect((await windowFrom('2026-03-20')).slice(1, 3)).toEqual([
      '2026-04-03T23:00:00Z',
      '2026-04-05T23:00:00Z',
    ]);
    expect((await windowFrom('2026-03-15')).slice(1, 3)).toEqual([
      '2026-03-29T23:00:00Z',
      '2026-03-31T23:00:00Z',
    ]);
    clock.set('2026-10-11T09:00:00Z');
    expect((await windowFrom(null)).slice(1, 3)).toEqual(['2026-10-26T00:00:00Z', '2026-10-28T00:00:00Z']);
  });
});

describe('going beyond the bounds', () => {
  const soon = '2026-01-08T09:00:00Z';
  const far = '2026-06-01T09:00:00Z';
  const ask = (startsAt: string, roles: readonly Role[], overrideReason: string | null) =>
    room.leadTimes.mayBookAt(database.client, {
      visitType: BONE,
      priority: 'ROUTINE',
      startsAt: at(startsAt),
      roles,
      overrideReason,
    });

  it('is for nobody unless the policy says so', async () => {
    await setPolicy();
    expect(await ask(soon, ['ADMIN', 'CLINICIAN'], 'in great pain')).toMatchObject({
      code: 'OverrideNotAllowed',
      allowedRoles: [],
      earliestOn: '2026-01-12',
      latestOn: '2026-03-30',
    });
  });

  it('is for some, each bound for its own, and only with a reason', async () => {
    await setPolicy({ earliestOverriddenBy: ['CLINICIAN'], latestOverriddenBy: ['MANAGER'] });
    expect(await ask(soon, ['CLINICIAN', 'RECEPTION'], 'in great pain')).toBeNull();
    expect(await ask(soon, ['CLINICIAN'], null)).toBeInstanceOf(TooSoonForLeadTime);
    expect(await ask(soon, ['CLINICIAN'], '  ')).toBeInstanceOf(TooSoonForLeadTime);
    expect(await ask(soon, ['MANAGER'], 'in great pain')).toMatchObject({ allowedRoles: ['CLINICIAN'] });
    expect(await ask(far, ['CLINICIAN'], 'works abroad')).toBeInstanceOf(OverrideNotAllowed);
    expect(await ask(far, ['MANAGER'], 'works abroad')).toBeNull();
    expect(await ask(far, ['MANAGER'], null)).toBeInstanceOf(BeyondDiary);
    expect(await ask('2026-01-05T08:59:00Z', ['CLINICIAN', 'MANAGER'], 'any')).toBeInstanceOf(InThePast);
    expect(await ask('2026-01-12T09:00:00Z', ['RECEPTION'], null)).toBeNull();
  });
});
