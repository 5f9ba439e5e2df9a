import pg from 'pg';
import { VISIT_CONSTRAINTS } from '../../src/clinic/visits/visit-booking.service.js';
import type { BookVisitInput } from '../../src/clinic/visits/visit-booking.type.js';
import { Database } from '../../src/platform/database/database.service.js';
import { POOL_CONNECTIONS_MAX } from '../../src/platform/database/pool.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Temporal } from '../../src/platform/time/index.js';
import { percentile } from '../bench/figures.js';
import type { AtTheEnd } from '../bench/servers.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aBooker, visitsOn } from '../support/visits.factory.js';
import { type BareGround, bookBare, bookBareAtOnce } from './bare-booking.js';
import {
  BOOKED_AT,
  BOOKED_TYPE,
  type BookingPlan,
  crewResources,
  makePlans,
  PROCEDURE,
} from './booking-plan.js';
import { writePatients, writeResources, writeVisitType } from './clinic-rows.js';
import type { BenchServer } from './server.js';
import { statementsOf } from './statements.js';

// Bookings per second of visits that are not in each other's way, by as many as Facet has connections.

export const SIDES = ['facet', 'bare', 'bare at once', 'day lock'] as const;
export type Side = (typeof SIDES)[number];

export interface BookingFigures {
  /** Medians over the rounds. */
  readonly perSecond: Readonly<Record<Side, number>>;
  /** Sent to PostgreSQL for one booking, BEGIN and COMMIT among them. */
  readonly statements: Readonly<Record<Side, number>>;
  readonly rounds: number;
  readonly connections: number;
  /** In words; empty when both wrote as many rows. */
  readonly differences: readonly string[];
}

const ROUNDS = 5;
/** A service has been running since the morning: what it does often has long been translated for speed. */
const WARM_UP_SECONDS = 3;
/** Any fixed number: the first key of the advisory locks that stand for a clinic's days. */
const DAY_LOCK = 7_043_227;
/** The tables of a booking. */
const TABLES = [
  'span_claims',
  'patient_presences',
  'visits',
  'visit_steps',
  'visit_step_resources',
  'visit_revisions',
  'audit_entries',
  'audit_links',
  'outbox_messages',
];

interface Ground extends BareGround {
  readonly plans: readonly BookingPlan[];
  readonly patients: readonly string[];
  readonly book: Readonly<Record<Side, (plan: BookingPlan, patientId: string) => Promise<void>>>;
  next: number;
}

/** The sides take turns, each for a part of a second that was asked for. */
export async function measureBookings(
  seconds: number,
  server: BenchServer,
  atTheEnd: AtTheEnd,
): Promise<BookingFigures> {
  const ground = await prepare(server, atTheEnd);
  const found: Record<Side, number[]> = { facet: [], bare: [], 'bare at once': [], 'day lock': [] };
  const rows: Record<Side, string> = { facet: '', bare: '', 'bare at once': '', 'day lock': '' };
  for (const side of SIDES) rows[side] = await rowsOfOne(ground, side);
  const statements: Record<Side, number> = { facet: 0, bare: 0, 'bare at once': 0, 'day lock': 0 };
  // The first bookings open the connections and are not counted.
  for (const side of SIDES) await bookFor(ground, side, WARM_UP_SECONDS);
  // A clinic's server does so by itself within a minute. Until then it keeps the plans that it made for empty tables, its
  // own for foreign keys too, and each booking would cost more than the one before.
  await ground.pool.query('ANALYZE');
  for (const side of SIDES) statements[side] = await statementsOf(() => bookNext(ground, side));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const side of SIDES) found[side].push(await bookFor(ground, side, seconds / ROUNDS));
  const median = (side: Side): number => percentile(found[side], 0.5);
  return {
    perSecond: {
      facet: median('facet'),
      bare: median('bare'),
      'bare at once': median('bare at once'),
      'day lock': median('day lock'),
    },
    statements,
    rounds: ROUNDS,
    connections: POOL_CONNECTIONS_MAX,
    differences: SIDES.filter((side) => rows[side] !== rows.facet).map(
      (side) => `a booking of "${side}" writes ${rows[side]} and Facet's ${rows.facet}`,
    ),
  };
}

async function prepare(server: BenchServer, atTheEnd: AtTheEnd): Promise<Ground> {
  const url = await server.createDatabase('bookings');
  const pool = new pg.Pool({ connectionString: url, max: POOL_CONNECTIONS_MAX });
  const pipelined = new pg.Pool({ connectionString: url, max: POOL_CONNECTIONS_MAX, pipeline: true });
  for (const one of [pool, pipelined]) {
    // The server is stopped before an idle connection is.
    one.on('error', () => undefined);
    atTheEnd(() => one.end());
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ids = await writeResources(client, crewResources());
  const protocolId = await writeVisitType(client, BOOKED_TYPE, PROCEDURE);
  const plans = makePlans(ids);
  const patients = await writePatients(client, plans.length);
  await client.query('VACUUM ANALYZE');
  await client.end();
  const database = new Database(url, 'facet-bench');
  atTheEnd(() => database.close());
  const { visits, booking } = visitsOn(database, new FixedClock(BOOKED_AT));
  const booker = aBooker();
  const facet = async (plan: BookingPlan, patientId: string): Promise<void> =>
    mustBeBooked(await visits.bookVisit(booker, inputOf(plan, patientId)));
  const dayLock = async (plan: BookingPlan, patientId: string): Promise<void> => {
    const lockAndBook = (tx: Parameters<typeof booking.bookIn>[0]) =>
      tx
        .$executeRawUnsafe('SELECT pg_advisory_xact_lock($1::int, $2::int)', DAY_LOCK, plan.day)
        .then(() => booking.bookIn(tx, booker, inputOf(plan, patientId), 'BOOKED'));
    mustBeBooked(await database.transaction(lockAndBook, { onConstraint: VISIT_CONSTRAINTS }));
  };
  const bare = (plan: BookingPlan, patientId: string) => bookBare({ pool, protocolId }, plan, patientId);
  const bareAtOnce = (plan: BookingPlan, patientId: string) =>
    bookBareAtOnce({ pool: pipelined, protocolId }, plan, patientId);
  const book = { facet, bare, 'bare at once': bareAtOnce, 'day lock': dayLock };
  return { pool, protocolId, plans, patients, book, next: 0 };
}

function inputOf({ steps }: BookingPlan, patientId: string): BookVisitInput {
  return {
    patientId,
    visitTypeCode: BOOKED_TYPE,
    steps: steps.map(({ startMs, resources }) => ({
      startsAt: Temporal.Instant.fromEpochMilliseconds(startMs),
      resources: [...resources],
    })),
  };
}

function mustBeBooked(answer: object): void {
  if (isRefusal(answer)) throw new Error(`A visit of the bench was refused: ${JSON.stringify(answer)}`);
}

/** As many at once as there are connections; bookings a second. */
async function bookFor(ground: Ground, side: Side, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await bookNext(ground, side);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: POOL_CONNECTIONS_MAX }, worker));
  return (count * 1_000) / (performance.now() - startedAt);
}

async function bookNext(ground: Ground, side: Side): Promise<void> {
  const place = ground.next;
  ground.next += 1;
  const plan = ground.plans[place];
  const patientId = ground.patients[place];
  if (plan === undefined || patientId === undefined)
    throw new Error('The clinic of the bench is fully booked: ask for fewer --seconds.');
  await ground.book[side](plan, patientId);
}

/** The rows that one booking adds, by table. */
async function rowsOfOne(ground: Ground, side: Side): Promise<string> {
  const before = await countRows(ground.pool);
  await bookNext(ground, side);
  const after = await countRows(ground.pool);
  return TABLES.map((table, place) => `${(after[place] ?? 0) - (before[place] ?? 0)} ${table}`).join(', ');
}

async function countRows(pool: pg.Pool): Promise<readonly number[]> {
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table})::int`).join(', ');
  const { rows } = await pool.query({ text: `SELECT ${counts}`, rowMode: 'array' });
  return rows[0] ?? [];
}
