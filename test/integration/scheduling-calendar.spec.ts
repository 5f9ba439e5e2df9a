import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AddResourceInput } from '../../src/clinic/scheduling/resource.type.js';
import {
  BeyondDiary,
  ClosureHitsBookings,
  InThePast,
  LeadTimePolicyAlreadySet,
  ResourceNameTaken,
  SlotAlreadyTaken,
  TooSoonForLeadTime,
} from '../../src/clinic/scheduling/schedule.refusals.js';
import { Database } from '../../src/platform/database/database.service.js';
import { ExceptionKind, ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Fault } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { makeClaim, makeLeadTimePolicy, makeResource, schedulingOn } from '../support/scheduling.factory.js';

const ACTOR = { kind: 'STAFF', id: randomUUID(), label: null, requestId: 'test', source: null } as const;
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);

let db: TestDatabase;
let database: Database;
const clock = new FixedClock('2026-03-02T09:00:00Z');
let room: ReturnType<typeof schedulingOn>;
let camera: string;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  room = schedulingOn(database, clock);
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(
    database,
    'span_claims, opening_exceptions, opening_hours, bank_holidays, resources, lead_time_policies',
  );
  clock.set('2026-03-02T09:00:00Z');
  camera = await makeResource(database, ResourceKind.CAMERA, { weekdays: ['08:00-17:00'] });
});

/** What the last audit entry says was done; and how many entries there are. */
const audited = async () => {
  const last = await database.client.auditEntry.findFirst({ orderBy: { id: 'desc' } });
  return {
    count: await database.client.auditEntry.count(),
    action: last?.action,
    actorId: last?.actorId,
    after: last?.after,
  };
};

const closure = (heldOn: string, more: object = {}) =>
  room.calendar.addOpeningException(ACTOR, {
    kind: ExceptionKind.CLOSED,
    heldOn,
    reason: 'service',
    ...more,
  });
const nine = (day: string, more: object = {}) =>
  makeClaim(database, {
    resourceId: camera,
    startsAt: `${day}T09:00:00Z`,
    endsAt: `${day}T10:00:00Z`,
    ...more,
  });
/** A hold on the camera from 09:00 to 10:00 on 10 March; its holder. */
const holdUntil = async (expiresAt: string) => {
  const holderId = randomUUID();
  const span = { resourceId: camera, startsAt: at('2026-03-10T09:00Z'), endsAt: at('2026-03-10T10:00Z') };
  const hold = { holderId, at: clock.now(), expiresAt: at(expiresAt), spans: [span] };
  expect(await database.transaction((tx) => room.schedule.claimSpans(tx, hold))).toBeNull();
  return holderId;
};
const claimAt = (startsAt: string) =>
  database.transaction((tx) =>
    room.schedule.claimSpans(tx, {
      holderId: randomUUID(),
      at: clock.now(),
      spans: [{ resourceId: camera, startsAt: at(startsAt), endsAt: at(startsAt).add({ minutes: 30 }) }],
    }),
  );

describe('resources', () => {
  const create = (input: AddResourceInput) => room.calendar.addResource(ACTOR, input);

  it('are created once a name, and written down', async () => {
    const created = await create({ kind: ResourceKind.CAMERA, name: 'Symbia' });
    expect(created).toMatchObject({ kind: 'CAMERA', name: 'Symbia', retiredOn: null });
    const after = await audited();
    expect(after).toMatchObject({ action: 'resource.created', actorId: ACTOR.id });
    expect(await create({ kind: ResourceKind.INJECTION_ROOM, name: 'Symbia' })).toBeInstanceOf(
      ResourceNameTaken,
    );
    expect((await audited()).count).toBe(after.count);
    expect(await room.calendar.resources(ResourceKind.CAMERA)).toContainEqual(created);
    expect(await room.calendar.resources(ResourceKind.INJECTION_ROOM)).toEqual([]);
  });

  it('are retired from a day on, unless somebody is booked after that', async () => {
    const holderId = await nine('2026-03-10');
    const retire = (retiredOn: string) =>
      room.calendar.retireResource(ACTOR, { resourceId: camera, retiredOn });
    expect(await retire('2026-03-10')).toBeInstanceOf(ClosureHitsBookings);
    expect(await retire('2026-03-01')).toBeInstanceOf(InThePast);
    expect(await retire('2026-03-11')).toMatchObject({ id: camera, retiredOn: '2026-03-11' });
    await database.transaction((tx) => room.schedule.releaseSpans(tx, holderId, clock.now()));
    expect(await retire('2026-03-10')).toMatchObject({ retiredOn: '2026-03-10' });
    await expect(
      room.calendar.retireResource(ACTOR, { resourceId: randomUUID(), retiredOn: '2026-03-10' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the week', () => {
  const setHours = (
    validFrom: string,
    ...sessions: { isoWeekday: number; opensAt: string; closesAt: string }[]
  ) => room.calendar.setOpeningHours(ACTOR, { resourceId: camera, validFrom, sessions });

  it('is replaced from a day on; what was before stays, what was planned for later goes', async () => {
    await setHours('2026-05-01', { isoWeekday: 1, opensAt: '10:00', closesAt: '11:00' });
    const week = await setHours('2026-04-01', { isoWeekday: 3, opensAt: '09:00', closesAt: '12:00' });
    expect(week).toMatchObject({ resourceId: camera });
    const hours = await room.calendar.openingHours(camera);
    expect(hours).toHaveLength(6);
    expect(hours[0]).toMatchObject({
      isoWeekday: 1,
      opensAt: '08:00',
      closesAt: '17:00',
      validUntil: '2026-03-31',
    });
    expect(hours[5]).toMatchObject({
      isoWeekday: 3,
      opensAt: '09:00',
      validFrom: '2026-04-01',
      validUntil: null,
    });
    expect((await audited()).action).toBe('opening-hours.set');
  });

  it('may not leave a booking in closed hours', async () => {
    await nine('2026-04-07');
    const refusal = await setHours('2026-04-01', { isoWeekday: 2, opensAt: '11:00', closesAt: '17:00' });
    expect(refusal).toMatchObject({
      code: 'ClosureHitsBookings',
      bookedCount: 1,
      bookedSpans: [{ startsAt: at('2026-04-07T09:00Z'), endsAt: at('2026-04-07T10:00Z') }],
    });
    expect(await room.calendar.openingHours(camera)).toHaveLength(5);
    expect(await setHours('2026-04-08')).toMatchObject({ resourceId: camera });
  });

  it('does not begin in the past and does not overlap itself', async () => {
    expect(await setHours('2026-03-01')).toBeInstanceOf(InThePast);
    const overlap = { isoWeekday: 1, opensAt: '08:00', closesAt: '12:00' };
    await expect(setHours('2026-04-01', overlap, { ...overlap, opensAt: '11:00' })).rejects.toBeInstanceOf(
      Fault,
    );
  });
});

describe('closures and extra sessions', () => {
  it('a closure over live claims says how many and when, and changes nothing', async () => {
    await nine('2026-03-10');
    await makeClaim(database, {
      resourceId: camera,
      startsAt: '2026-03-10T15:30:00Z',
      endsAt: '2026-03-10T16:00:00Z',
    });
    await nine('2026-03-11');
    await nine('2026-03-12', { isReleased: true });
    const { count } = await audited();
    const refusal = await closure('2026-03-10');
    expect(refusal).toBeInstanceOf(ClosureHitsBookings);
    expect(refusal).toMatchObject({
      bookedCount: 2,
      bookedSpans: [{ startsAt: at('2026-03-10T09:00Z') }, {}],
    });
    expect(refusal).toHaveProperty('message', expect.stringContaining('Tuesday 10 March 2026 at 09:00'));
    expect(await room.calendar.openingExceptions('2026-03-01', '2026-03-31')).toEqual([]);
    expect((await audited()).count).toBe(count);
    expect(await closure('2026-03-10', { startsAt: '10:00', endsAt: '15:30' })).toMatchObject({
      startsAt: '10:00',
    });
    expect(await closure('2026-03-12', { resourceId: camera })).toMatchObject({
      resourceId: camera,
      startsAt: null,
    });
    expect((await audited()).action).toBe('opening-exception.added');
  });

  it('a closure of another resource is nobody’s business', async () => {
    await nine('2026-03-10');
    const other = await makeResource(database, ResourceKind.CAMERA, { weekdays: ['08:00-17:00'] });
    expect(await closure('2026-03-10', { resourceId: other })).toMatchObject({ resourceId: other });
  });

  it('what is over today does not stand in the way of a closure today', async () => {
    await makeClaim(database, {
      resourceId: camera,
      startsAt: '2026-03-02T08:00:00Z',
      endsAt: '2026-03-02T09:00:00Z',
    });
    expect(await closure('2026-03-02')).toMatchObject({ heldOn: '2026-03-02' });
    expect(await closure('2026-03-01')).toBeInstanceOf(InThePast);
  });

  it('an extra session is not taken back while it is booked', async () => {
    const extra = await room.calendar.addOpeningException(ACTOR, {
      kind: ExceptionKind.EXTRA_SESSION,
      resourceId: camera,
      heldOn: '2026-03-14',
      startsAt: '09:00',
      endsAt: '12:00',
      reason: 'Saturday clinic',
    });
    if (!('id' in extra)) throw new Error('refused');
    const holderId = await nine('2026-03-14');
    const remove = () => room.calendar.removeOpeningException(ACTOR, { exceptionId: extra.id });
    expect(await remove()).toBeInstanceOf(ClosureHitsBookings);
    await database.transaction((tx) => room.schedule.releaseSpans(tx, holderId, clock.now()));
    expect(await remove()).toEqual(extra);
    await expect(remove()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['a year', '2027-04-13'],
    ['two years', '2028-05-16'],
  ])('a booking more than %s after another is judged like any other', async (_, far) => {
    await nine('2026-03-10');
    const summer = { startsAt: `${far}T08:15:00Z`, endsAt: `${far}T09:00:00Z` };
    await makeClaim(database, { resourceId: camera, ...summer });
    const setHours = (opensAt: string) =>
      room.calendar.setOpeningHours(ACTOR, {
        resourceId: camera,
        validFrom: '2026-03-03',
        sessions: [{ isoWeekday: 2, opensAt, closesAt: '17:00' }],
      });
    expect(await setHours('09:00')).toMatchObject({ resourceId: camera });
    expect(await setHours('09:30')).toMatchObject({
      bookedCount: 2,
      bookedSpans: [{ startsAt: at('2026-03-10T09:00Z') }, { startsAt: at(`${far}T08:15Z`) }],
    });
    const retire = (retiredOn: string) =>
      room.calendar.retireResource(ACTOR, { resourceId: camera, retiredOn });
    expect(await retire('2026-03-11')).toMatchObject({ code: 'ClosureHitsBookings', bookedCount: 1 });
    expect(await retire('2029-01-01')).toMatchObject({ retiredOn: '2029-01-01' });
  });

  it('a closure while a hold that has just ended is being confirmed: the hold counts', async () => {
    const holderId = await holdUntil('2026-03-02T09:15:00Z');
    let commit = () => {};
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let confirmed = Promise.resolve(false);
    await new Promise<void>((hasLooked, fail) => {
      confirmed = database.transaction(async (tx) => {
        const isFirm = await room.claims.firm(tx, holderId, at('2026-03-02T09:14:59.999Z'));
        hasLooked();
        await mayCommit;
        return isFirm;
      });
      confirmed.catch(fail);
    });
    clock.set('2026-03-02T09:15:00.001Z');
    try {
      expect(await closure('2026-03-10')).toBeInstanceOf(ClosureHitsBookings);
    } finally {
      commit();
    }
    expect(await confirmed).toBe(true);
    expect(await room.calendar.openingExceptions('2026-03-01', '2026-03-31')).toEqual([]);
  });

  it('a hold that ended longer ago than a confirmation can take does not stand in the way', async () => {
    await holdUntil('2026-03-02T09:15:00Z');
    clock.set('2026-03-02T09:15:19.999Z');
    expect(await closure('2026-03-10')).toBeInstanceOf(ClosureHitsBookings);
    clock.set('2026-03-02T09:15:20Z');
    expect(await closure('2026-03-10')).toMatchObject({ heldOn: '2026-03-10' });
  });

  it('a closure and a claim at the same moment: never both', async () => {
    for (let day = 9; day <= 13; day += 1) {
      const heldOn = `2026-03-${String(day).padStart(2, '0')}`;
      const [closed, ...claimed] = await Promise.all([
        closure(heldOn, { resourceId: camera }),
        claimAt(`${heldOn}T09:00:00Z`),
        claimAt(`${heldOn}T09:30:00Z`),
        claimAt(`${heldOn}T10:00:00Z`),
      ]);
      const isClosed = !(closed instanceof ClosureHitsBookings);
      const taken = claimed.filter((answer) => answer === null).length;
      expect(isClosed ? taken : 0).toBe(0);
      expect(isClosed || taken > 0).toBe(true);
    }
  });
});

describe('bank holidays', () => {
  it('of England come with their substitute days, as often as they are refreshed', async () => {
    const refresh = () => database.transaction((tx) => room.holidays.refreshBankHolidays(tx, 2026, 2028));
    expect(await refresh()).toBeGreaterThan(24);
    expect(await refresh()).toBe(0);
    const daysOf = async (year: number) =>
      (await room.calendarRoom.bankHolidays(year)).map((day) => day.heldOn);
    expect(await daysOf(2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-04',
      '2026-05-25',
      '2026-08-31',
      '2026-12-25',
      '2026-12-26',
      '2026-12-28',
    ]);
    expect(await daysOf(2027)).toEqual([
      '2027-01-01',
      '2027-03-26',
      '2027-03-29',
      '2027-05-03',
      '2027-05-31',
      '2027-08-30',
      '2027-12-25',
      '2027-12-26',
      '2027-12-27',
      '2027-12-28',
    ]);
    expect(await daysOf(2028)).toEqual([
      '2028-01-01',
      '2028-01-03',
      '2028-04-14',
      '2028-04-17',
      '2028-05-01',
      '2028-05-29',
      '2028-08-28',
      '2028-12-25',
      '2028-12-26',
    ]);
    await database.client.bankHoliday.create({ data: { heldOn: new Date('2026-07-01'), name: 'a mistake' } });
    expect(await refresh()).toBe(1);
  });

  it('close the diary on the substitute day', async () => {
    await database.transaction((tx) => room.holidays.refreshBankHolidays(tx, 2026, 2026));
    expect(await claimAt('2026-12-28T09:00:00Z')).toMatchObject({
      code: 'OutsideOpeningHours',
      openSpans: [],
    });
    expect(await claimAt('2026-12-29T09:00:00Z')).toBeNull();
    expect(await claimAt('2026-12-29T09:00:00Z')).toBeInstanceOf(SlotAlreadyTaken);
  });
});

describe('lead times', () => {
  const days = { earliestDays: 7, targetDays: 14, latestDays: 60 };
  const set = (effectiveFrom: string, over: object = {}) =>
    room.leadTimes.setLeadTimePolicy(ACTOR, {
      visitType: 'BONE',
      ...days,
      effectiveFrom,
      reason: 'demand',
      ...over,
    });

  it('hold from their day on, are never rewritten, and never begin in the past', async () => {
    await makeLeadTimePolicy(database, 'BONE');
    expect(await set('2026-03-03', { earliestDays: 3 })).toMatchObject({
      earliestDays: 3,
      effectiveFrom: '2026-03-03',
    });
    expect((await audited()).action).toBe('lead-time-policy.set');
    expect(await set('2026-03-03')).toBeInstanceOf(LeadTimePolicyAlreadySet);
    expect(await set('2026-03-01')).toBeInstanceOf(InThePast);
    await expect(set('2026-03-09', { targetDays: 3 })).rejects.toBeInstanceOf(Fault);
    expect(await room.leadTimes.leadTimePolicies('BONE')).toHaveLength(2);
    const soon = at('2026-03-07T09:00:00Z');
    const client = database.client;
    expect(await room.leadTimes.canBookAt(client, 'BONE', soon)).toBeInstanceOf(TooSoonForLeadTime);
    clock.set('2026-03-03T09:00:00Z');
    expect(await room.leadTimes.canBookAt(client, 'BONE', soon)).toBeNull();
    expect(await room.leadTimes.canBookAt(client, 'BONE', at('2026-06-01T09:00:00Z'))).toBeInstanceOf(
      BeyondDiary,
    );
    expect(await room.leadTimes.canBookAt(client, 'BONE', at('2026-03-02T09:00:00Z'))).toBeInstanceOf(
      InThePast,
    );
  });

  it('of a kind of visit that has none are our own mistake', async () => {
    await expect(
      room.leadTimes.bookableWindow(database.client, 'UNKNOWN', Temporal.PlainDate.from('2026-03-01')),
    ).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
