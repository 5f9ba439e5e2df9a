import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DiaryService, findChainOffers, whyNone } from '../../src/clinic/scheduling/diary.service.js';
import type { ScheduleService } from '../../src/clinic/scheduling/schedule.service.js';
import type { FreeSpanQuery } from '../../src/clinic/scheduling/schedule.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { ResourceKind } from '../../src/platform/database/generated/enums.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import {
  aChain,
  makeBankHoliday,
  makeClaim,
  makeException,
  makeResource,
  schedulingOn,
} from '../support/scheduling.factory.js';

const { CAMERA, INJECTION_ROOM, NUCLEAR_MEDICINE_TECHNOLOGIST: TECHNOLOGIST } = ResourceKind;

type ChainOfferStep = ReturnType<typeof findChainOffers>[number]['steps'][number];

let db: TestDatabase;
let database: Database;
let schedule: ScheduleService;
let diary: DiaryService;

beforeAll(async () => {
  db = await createTestDatabase();
  database = new Database(db.url);
  ({ schedule, diary } = schedulingOn(database));
});

afterAll(async () => {
  await database.close();
  await db.drop();
});

beforeEach(async () => {
  await emptyTables(database, 'span_claims, opening_exceptions, opening_hours, bank_holidays, resources');
});

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const window = (from: string, until: string) => ({ startsAt: at(from), endsAt: at(until) });

/** Free spans as `from/until` texts in UTC, without seconds. */
async function freeOn(
  from: string,
  until: string,
  query: Partial<FreeSpanQuery> = {},
): Promise<readonly string[]> {
  const spans = await schedule.freeSpans(database.client, { window: window(from, until), ...query });
  return spans.map(({ startsAt, endsAt }) => `${brief(startsAt)}/${brief(endsAt)}`);
}

function brief(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'minute' }).replace('Z', '');
}

const dayOf = (day: string): [string, string] => [`${day}T00:00:00Z`, `${day}T23:59:59Z`];

describe('free spans of a hand-made calendar', () => {
  it('are the weekly hours, on their days, while they hold', async () => {
    await makeResource(database, CAMERA, {
      week: { 1: ['08:00-12:00', '13:00-17:00'], 3: ['09:00-11:00'] },
      validFrom: '2026-03-04',
      validUntil: '2026-03-09',
    });
    expect(await freeOn('2026-03-01T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      '2026-03-04T09:00/2026-03-04T11:00',
      '2026-03-09T08:00/2026-03-09T12:00',
      '2026-03-09T13:00/2026-03-09T17:00',
    ]);
  });

  it('are cut at both ends of the window, and sessions that touch are one', async () => {
    await makeResource(database, CAMERA, { weekdays: ['08:00-12:00', '12:00-17:00'] });
    expect(await freeOn('2026-03-02T10:00:00Z', '2026-03-02T16:00:00Z')).toEqual([
      '2026-03-02T10:00/2026-03-02T16:00',
    ]);
    expect(await freeOn('2026-03-02T17:00:00Z', '2026-03-03T08:00:00Z')).toEqual([]);
    expect(await freeOn('2026-03-02T17:00:00Z', '2026-03-02T17:00:00Z')).toEqual([]);
  });

  it('are none on a bank holiday, but for the hours of an extra session', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    const other = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    await makeBankHoliday(database, '2026-04-06');
    expect(await freeOn(...dayOf('2026-04-06'))).toEqual([]);
    await makeException(database, 'EXTRA_SESSION', '2026-04-06', {
      resourceId: camera,
      hours: '10:00-12:00',
    });
    const day = window(...dayOf('2026-04-06'));
    expect(await schedule.freeSpans(database.client, { window: day })).toMatchObject([
      {
        resourceId: camera,
        kind: CAMERA,
        startsAt: at('2026-04-06T09:00Z'),
        endsAt: at('2026-04-06T11:00Z'),
      },
    ]);
    expect(await schedule.freeSpans(database.client, { window: day, resourceIds: [other] })).toEqual([]);
  });

  it('lose to a closure whatever opened them: the week, an extra session, a bank holiday session', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    await makeBankHoliday(database, '2026-01-01');
    await makeException(database, 'EXTRA_SESSION', '2026-01-01', {
      resourceId: camera,
      hours: '10:00-14:00',
    });
    await makeException(database, 'CLOSED', '2026-01-01', { hours: '11:00-12:00' });
    expect(await freeOn(...dayOf('2026-01-01'))).toEqual([
      '2026-01-01T10:00/2026-01-01T11:00',
      '2026-01-01T12:00/2026-01-01T14:00',
    ]);
    await makeException(database, 'CLOSED', '2026-01-02');
    expect(await freeOn(...dayOf('2026-01-02'))).toEqual([]);
  });

  it('lose a part of the day, for one resource or for all', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    const room = await makeResource(database, INJECTION_ROOM, { weekdays: ['08:00-17:00'] });
    await makeException(database, 'CLOSED', '2026-03-03', { resourceId: camera, hours: '09:00-10:00' });
    await makeException(database, 'CLOSED', '2026-03-03', { hours: '12:00-13:00' });
    expect(await freeOn(...dayOf('2026-03-03'), { resourceIds: [camera] })).toEqual([
      '2026-03-03T08:00/2026-03-03T09:00',
      '2026-03-03T10:00/2026-03-03T12:00',
      '2026-03-03T13:00/2026-03-03T17:00',
    ]);
    expect(await freeOn(...dayOf('2026-03-03'), { resourceIds: [room] })).toHaveLength(2);
  });

  it('gain an extra session, joined to the week where they meet', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    await makeException(database, 'EXTRA_SESSION', '2026-03-03', {
      resourceId: camera,
      hours: '16:00-20:00',
    });
    await makeException(database, 'EXTRA_SESSION', '2026-03-07', {
      resourceId: camera,
      hours: '09:00-12:00',
    });
    expect(await freeOn('2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z')).toEqual([
      '2026-03-03T08:00/2026-03-03T20:00',
    ]);
    expect(await freeOn('2026-03-07T00:00:00Z', '2026-03-09T00:00:00Z')).toEqual([
      '2026-03-07T09:00/2026-03-07T12:00',
    ]);
  });

  it('end on the day before a resource is retired', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    await database.client.resource.update({
      where: { id: camera },
      data: { retiredOn: new Date('2026-03-04T00:00:00Z') },
    });
    await makeException(database, 'EXTRA_SESSION', '2026-03-05', {
      resourceId: camera,
      hours: '16:00-20:00',
    });
    expect(await freeOn('2026-03-03T00:00:00Z', '2026-03-08T00:00:00Z')).toEqual([
      '2026-03-03T08:00/2026-03-03T17:00',
    ]);
  });
});

describe('on the days the clocks change', () => {
  it('29 March 2026: a session from half past midnight to three lasts an hour and a half', async () => {
    await makeResource(database, CAMERA, { week: { 7: ['00:30-03:00', '09:00-17:00'] } });
    expect(await freeOn('2026-03-28T12:00:00Z', '2026-03-29T22:00:00Z')).toEqual([
      '2026-03-29T00:30/2026-03-29T02:00',
      '2026-03-29T08:00/2026-03-29T16:00',
    ]);
  });

  it('25 October 2026: the same session lasts three hours and a half', async () => {
    await makeResource(database, CAMERA, { week: { 6: ['09:00-17:00'], 7: ['00:30-03:00', '09:00-17:00'] } });
    expect(await freeOn('2026-10-24T00:00:00Z', '2026-10-25T22:00:00Z')).toEqual([
      '2026-10-24T08:00/2026-10-24T16:00',
      '2026-10-24T23:30/2026-10-25T03:00',
      '2026-10-25T09:00/2026-10-25T17:00',
    ]);
  });

  it('a closure of the whole day takes 23 or 25 hours, and leaves the days beside it alone', async () => {
    const week = { 6: ['22:00-23:59'], 7: ['00:00-23:59'], 1: ['00:00-01:00'] } as const;
    await makeResource(database, CAMERA, { week });
    for (const day of ['2026-03-29', '2026-10-25']) await makeException(database, 'CLOSED', day);
    expect(await freeOn('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-28T22:00/2026-03-28T23:59',
      '2026-03-29T23:00/2026-03-30T00:00',
    ]);
    expect(await freeOn('2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-24T21:00/2026-10-24T22:59',
      '2026-10-26T00:00/2026-10-26T01:00',
    ]);
  });

  it('a session that would end before it begins does not take place, and breaks nothing', async () => {
    await makeResource(database, CAMERA, { week: { 7: ['01:30-02:10', '09:00-10:00'] } });
    expect(await freeOn('2026-03-29T00:00:00Z', '2026-03-29T22:00:00Z')).toEqual([
      '2026-03-29T08:00/2026-03-29T09:00',
    ]);
  });

  it('the answer does not depend on the time zone of the server', async () => {
    await makeResource(database, CAMERA, { weekdays: ['09:00-17:00'] });
    await database.client.$executeRawUnsafe(`ALTER DATABASE ${db.name} SET TimeZone = 'America/New_York'`);
    const elsewhere = new Database(db.url);
    try {
      const spans = await schedule.freeSpans(elsewhere.client, { window: window(...dayOf('2026-07-01')) });
      expect(spans).toMatchObject([{ startsAt: at('2026-07-01T08:00Z'), endsAt: at('2026-07-01T16:00Z') }]);
    } finally {
      await elsewhere.close();
      await database.client.$executeRawUnsafe(`ALTER DATABASE ${db.name} RESET TimeZone`);
    }
  });
});

describe('what is claimed', () => {
  it('is not free; what is released is; one holder can be left out', async () => {
    const camera = await makeResource(database, CAMERA, { weekdays: ['08:00-17:00'] });
    const nine = { resourceId: camera, startsAt: '2026-03-03T09:00:00Z', endsAt: '2026-03-03T10:00:00Z' };
    const holderId = await makeClaim(database, nine);
    await makeClaim(database, {
      resourceId: camera,
      startsAt: '2026-03-03T12:00:00Z',
      endsAt: '2026-03-03T13:00:00Z',
      isReleased: true,
    });
    const whole = '2026-03-03T08:00/2026-03-03T17:00';
    const day = dayOf('2026-03-03');
    expect(await freeOn(...day)).toEqual([
      '2026-03-03T08:00/2026-03-03T09:00',
      '2026-03-03T10:00/2026-03-03T17:00',
    ]);
    expect(await freeOn(...day, { ignoreHolderId: holderId })).toEqual([whole]);
    const open = await schedule.openSpans(database.client, { window: window(...day) });
    expect(open.map((span) => `${brief(span.startsAt)}/${brief(span.endsAt)}`)).toEqual([whole]);
    await database.transaction((tx) => schedule.releaseSpans(tx, holderId, at('2026-03-01T00:00:00Z')));
    expect(await freeOn(...day)).toEqual([whole]);
  });
});

describe('offers', () => {
  const chain = aChain();
  const march = {
    from: at('2026-03-28T00:00:00Z'),
    until: at('2026-04-04T00:00:00Z'),
    targetUntil: at('2026-04-01T23:00:00Z'),
  };

  /** What is found in the diary, and why nothing is. */
  async function search(query: {
    readonly limit: number;
    readonly window?: { readonly from: Temporal.Instant; readonly until: Temporal.Instant };
    readonly wantedResourceIds?: readonly string[];
    readonly ignoreHolderId?: string;
  }) {
    const { limit, window: { from, until } = march, ...asked } = query;
    const found = {
      diary: await diary.diary(database.client, {
        chain,
        visitTypeCode: 'BONE_SPECT_CT',
        window: { startsAt: from, endsAt: until },
        ...asked,
      }),
      chain,
      patientFree: null,
      fromMs: from.epochMilliseconds,
      untilMs: until.epochMilliseconds,
      targetUntilMs: march.targetUntil.epochMilliseconds,
      breachUntilMs: until.epochMilliseconds,
      timeZone: 'Europe/London',
      keepsStaff: false,
      shortestUseMs: new Map(),
      limit,
    };
    const offers = findChainOffers(found).map(({ insidePromise, steps }) => {
      const [first, second] = steps;
      if (first === undefined || second === undefined) throw new Error('an offer of two steps');
      return { insidePromise, first: toTimes(first), second: toTimes(second) };
    });
    return { offers, whyNone: whyNone(found) };
  }

  const toTimes = ({ startMs, endMs, resources }: ChainOfferStep) => ({
    startsAt: Temporal.Instant.fromEpochMilliseconds(startMs),
    endsAt: Temporal.Instant.fromEpochMilliseconds(endMs),
    resources,
  });

  async function makeClinic() {
    const weekdays = ['09:00-17:00'] as const;
    return {
      room: await makeResource(database, INJECTION_ROOM, { weekdays }),
      camera: await makeResource(database, CAMERA, { weekdays }),
      other: await makeResource(database, CAMERA, { weekdays }),
      ann: await makeResource(database, TECHNOLOGIST, { weekdays }),
    };
  }

  it('are found inside the window, best first, at the right local time after the clocks changed', async () => {
    await makeClinic();
    const { offers, whyNone: why } = await search({ limit: 50 });
    expect(why).toBeNull();
    expect(offers[0]?.first.startsAt.toString()).toBe('2026-03-30T08:00:00Z');
    expect(offers[0]?.second.startsAt.toString()).toBe('2026-03-30T11:30:00Z');
    const days = offers.map((offer) => brief(offer.first.startsAt).slice(0, 10));
    expect([...new Set(days)]).toEqual([
      '2026-03-30',
      '2026-03-31',
      '2026-04-01',
      '2026-04-02',
      '2026-04-03',
    ]);
    expect(
      offers
        .filter((offer) => !offer.insidePromise)
        .map((offer) => brief(offer.first.startsAt) >= '2026-04-01T23'),
    ).not.toContain(false);
  });

  it('keep to what is wanted', async () => {
    const clinic = await makeClinic();
    const { offers } = await search({
      limit: 50,
      window: { from: at('2026-03-30T23:00:00Z'), until: at('2026-04-01T23:00:00Z') },
      wantedResourceIds: [clinic.other],
    });
    expect(offers.length).toBeGreaterThan(0);
    for (const offer of offers) {
      expect(offer.second.resources.find(({ role }) => role === 'camera')?.resourceId).toBe(clinic.other);
      expect(['2026-03-31', '2026-04-01']).toContain(brief(offer.first.startsAt).slice(0, 10));
    }
  });

  it('name nothing when a wanted resource is not free, instead of another one', async () => {
    const clinic = await makeClinic();
    const retired = await makeResource(database, CAMERA);
    const { offers, whyNone: why } = await search({ limit: 50, wantedResourceIds: [retired, clinic.ann] });
    expect(offers).toEqual([]);
    expect(why).toMatchObject({ reason: 'NOT_FREE', needs: [{ kind: CAMERA }] });
  });

  it('ignore the claims of the visit that is moved', async () => {
    const clinic = await makeClinic();
    const holderId = await makeClaim(database, {
      resourceId: clinic.room,
      startsAt: '2026-03-30T08:00:00Z',
      endsAt: '2026-03-30T16:00:00Z',
    });
    const others = await search({ limit: 1 });
    expect(others.offers[0]?.first.startsAt.toString()).toBe('2026-03-31T08:00:00Z');
    const own = await search({ limit: 1, ignoreHolderId: holderId });
    expect(own.offers[0]?.first.startsAt.toString()).toBe('2026-03-30T08:00:00Z');
  });
});
