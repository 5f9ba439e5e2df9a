import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LeadTimeReportService } from '../../src/clinic/visits/lead-time-report.service.js';
import type { LeadTimeReportFilterInput } from '../../src/clinic/visits/lead-time-report.type.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { ReferralPriority, VisitStatus } from '../../src/platform/database/generated/enums.js';
import { dateFromInstant, dateFromPlainDate, Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { makePatient, patientServiceOn } from '../support/patients.factory.js';
import { makeRequestableType } from '../support/requests.factory.js';

// Waits as rows, because what is tested is the counting.

const STAFF = randomUUID();
const LONDON = 'Europe/London';
const YEAR = { from: '2026-01-01', until: '2026-12-31', by: 'TYPE' } as const;
let home: TestDatabase;
let database: Database;
let reports: LeadTimeReportService;
let patientId: string;
let protocols: ReadonlyMap<string, string>;

interface Wait {
  readonly visitTypeCode?: string;
  readonly priority?: ReferralPriority;
  readonly startedOn: string;
  /** Of the promise and of the breach, from the start of the clock. */
  readonly targetDays?: number;
  readonly breachDays?: number;
  /** An instant, or days after the start of the clock at noon. */
  readonly visit: string | number;
  readonly status?: VisitStatus;
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  reports = new LeadTimeReportService(database, readConfig({}, '/tmp'));
  ({ id: patientId } = await makePatient(patientServiceOn(database)));
  for (const code of ['PHYSIO', 'TALK']) await makeRequestableType(database, code);
  const rows = await database.client.visitProtocol.findMany();
  protocols = new Map(rows.map((row) => [row.visitTypeCode, row.id]));
});
beforeEach(async () => {
  await emptyTables(database, 'visits, visit_requests');
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

function instantOfVisit({ visit, startedOn }: Wait): Temporal.Instant {
  if (typeof visit === 'string') return Temporal.Instant.from(visit);
  const on = Temporal.PlainDate.from(startedOn).add({ days: visit });
  return on.toZonedDateTime({ timeZone: LONDON, plainTime: '12:00' }).toInstant();
}

async function makeWaits(waits: readonly Wait[]): Promise<void> {
  const rows = waits.map((wait) => ({ wait, requestId: randomUUID() }));
  await database.client.visitRequest.createMany({
    data: rows.map(({ wait, requestId }) => {
      const startedOn = Temporal.PlainDate.from(wait.startedOn);
      const dayAfter = (days: number) => dateFromPlainDate(startedOn.add({ days }));
      return {
        id: requestId,
        patientId,
        visitTypeCode: wait.visitTypeCode ?? 'PHYSIO',
        priority: wait.priority ?? 'ROUTINE',
        status: 'BOOKED' as const,
        clockStartedOn: dayAfter(0),
        clockStartedBy: 'REQUESTED' as const,
        targetOn: dayAfter(wait.targetDays ?? 14),
        breachOn: dayAfter(wait.breachDays ?? 21),
        requestedAt: dayAfter(0),
        requestedById: STAFF,
      };
    }),
  });
  await database.client.visit.createMany({
    data: rows.map(({ wait, requestId }) => {
      const start = instantOfVisit(wait);
      const startsAt = dateFromInstant(start);
      const endsAt = dateFromInstant(start.add({ minutes: 45 }));
      const status = wait.status ?? 'BOOKED';
      const visitTypeCode = wait.visitTypeCode ?? 'PHYSIO';
      return {
        requestId,
        patientId,
        visitTypeCode,
        protocolId: protocols.get(visitTypeCode) ?? '',
        status,
        startsAt,
        endsAt,
        heldUntil: status === 'HELD' ? endsAt : null,
        arrivedAt: startsAt,
        startedAt: startsAt,
        finishedAt: endsAt,
        discontinuedBecause: status === 'DISCONTINUED' ? 'Fainted.' : null,
        bookedAt: startsAt,
        bookedById: STAFF,
        changedAt: startsAt,
        changedById: STAFF,
      };
    }),
  });
}

const report = (filter: Partial<LeadTimeReportFilterInput> = {}) =>
  reports.leadTimeReport({ ...YEAR, ...filter });

describe('a report on nothing', () => {
  it.each(['TYPE', 'WEEK', 'PRIORITY'] as const)('by %s says so', async (by) => {
    expect(await report({ by })).toEqual({
      groups: [],
      total: { count: 0, medianDays: null, p90Days: null, insidePromiseShare: null, breaches: 0 },
    });
  });
});

describe('the lead-time report', () => {
  it('counts each wait on the right side of promise and breach', async () => {
    await makeWaits([13, 14, 15, 21, 22].map((visit) => ({ startedOn: '2026-05-04', visit })));
    expect((await report()).total).toEqual({
      count: 5,
      medianDays: 15,
      p90Days: 21.6,
      insidePromiseShare: 0.4,
      breaches: 1,
    });
  });

  it('groups by kind, week and urgency, with all of them together', async () => {
    await makeWaits([
      { startedOn: '2026-05-04', visit: 7 },
      { startedOn: '2026-05-04', visit: 13, priority: 'URGENT' },
      { startedOn: '2026-05-04', visit: 14, visitTypeCode: 'TALK' },
    ]);
    const groups = async (by: LeadTimeReportFilterInput['by']) =>
      (await report({ by })).groups.map(({ group, count }) => [group, count]);
    expect(await groups('TYPE')).toEqual([
      ['PHYSIO', 2],
      ['TALK', 1],
    ]);
    // Monday 11 and Sunday 17 May are one week.
    expect(await groups('WEEK')).toEqual([
      ['2026-05-11', 2],
      ['2026-05-18', 1],
    ]);
    expect(await groups('PRIORITY')).toEqual([
      ['ROUTINE', 2],
      ['URGENT', 1],
    ]);
    expect((await report({ visitTypeCode: 'TALK' })).total).toMatchObject({ count: 1, medianDays: 14 });
    expect((await report({ priority: 'URGENT' })).total).toMatchObject({ count: 1, medianDays: 13 });
    expect((await report({ visitTypeCode: 'NO_SUCH' })).total.count).toBe(0);
  });

  it('counts days and weeks on the wall, also where the clocks change', async () => {
    await makeWaits([
      // Sunday 29 March has 23 hours; half past midnight on Monday is still Sunday in UTC.
      { startedOn: '2026-03-16', visit: '2026-03-29T23:30:00Z', targetDays: 14 },
      // The last minute of Sunday 25 October, which has 25 hours.
      { startedOn: '2026-10-12', visit: '2026-10-25T23:59:00Z', targetDays: 13 },
    ]);
    const { groups, total } = await report({ by: 'WEEK' });
    expect(groups.map(({ group, medianDays }) => [group, medianDays])).toEqual([
      ['2026-03-30', 14],
      ['2026-10-19', 13],
    ]);
    expect(total.insidePromiseShare).toBe(1);
  });

  it('takes both days of its period, from midnight to midnight in the clinic', async () => {
    await makeWaits([
      { startedOn: '2026-06-01', visit: '2026-06-09T22:59:59Z' },
      { startedOn: '2026-06-01', visit: '2026-06-09T23:00:00Z' },
      { startedOn: '2026-06-01', visit: '2026-06-11T22:59:59Z' },
      { startedOn: '2026-06-01', visit: '2026-06-11T23:00:00Z' },
    ]);
    expect((await report({ from: '2026-06-10', until: '2026-06-11' })).total.count).toBe(2);
  });

  it('leaves out what ended no wait', async () => {
    const statuses = [
      'HELD',
      'LAPSED',
      'NO_SHOW',
      'BOOKED',
      'ARRIVED',
      'IN_PROGRESS',
      'COMPLETED',
      'DISCONTINUED',
    ] as const;
    await makeWaits(statuses.map((status) => ({ startedOn: '2026-05-04', visit: 5, status })));
    expect((await report()).total.count).toBe(5);
  });

  it('refuses a period that is none', async () => {
    await expect(report({ from: '2026-06-11', until: '2026-06-10' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching('^filter.until: '),
    });
    await expect(report({ until: '2028-01-01' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is one statement', async () => {
    await makeWaits([{ startedOn: '2026-05-04', visit: 5 }]);
    await report();
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    await report({ by: 'WEEK' });
    expect(spy.mock.calls).toHaveLength(1);
    spy.mockRestore();
  });
});

/** The percentile as a textbook has it: linear between the two nearest ranks. */
function percentile(days: readonly number[], share: number): number {
  const sorted = days.toSorted((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

describe('law', () => {
  it('the figures are those of a plain computation', async () => {
    const waits = fc.array(
      fc.record({ days: fc.nat({ max: 60 }), visitTypeCode: fc.constantFrom('PHYSIO', 'TALK') }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(waits, async (drawn) => {
        await emptyTables(database, 'visits, visit_requests');
        await makeWaits(
          drawn.map(({ days, visitTypeCode }) => ({ startedOn: '2026-03-20', visit: days, visitTypeCode })),
        );
        const { groups, total } = await report();
        const expected = (days: readonly number[]) => ({
          count: days.length,
          medianDays: expect.closeTo(percentile(days, 0.5), 6),
          p90Days: expect.closeTo(percentile(days, 0.9), 6),
          insidePromiseShare: days.filter((wait) => wait <= 14).length / days.length,
          breaches: days.filter((wait) => wait > 21).length,
        });
        expect(total).toEqual(expected(drawn.map(({ days }) => days)));
        for (const { group, ...figures } of groups) {
          const own = drawn.filter((wait) => wait.visitTypeCode === group).map(({ days }) => days);
          expect(figures).toEqual(expected(own));
        }
      }),
      { numRuns: 25 },
    );
  });
});
