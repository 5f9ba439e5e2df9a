import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import {
  arrive,
  bookScan,
  check,
  inject,
  justify,
  makeTraveller,
  minutesFrom,
  receiveBatch,
  requestImaging,
} from '../support/exposure-road.factory.js';
import { openRoadHouse, type RoadHouse } from '../support/exposure-road.house.js';

// A page of bookings with all their gates, as a list shows it: what it costs does not grow with the bookings.

const BOOKINGS = 50;

let house: RoadHouse;
let database: Database;

beforeAll(async () => {
  house = await openRoadHouse('2026-03-02T09:00:00Z');
  database = new Database(house.databaseUrl);
});
afterAll(async () => {
  await database?.close();
  await house?.close();
});

/** The same visit and booking once more, of nobody's time: a list does not ask for that. */
const COPY_VISIT = `
  INSERT INTO visits SELECT (jsonb_populate_record(old, jsonb_build_object('id', made.id))).*
    FROM visits old, unnest($2::uuid[]) AS made (id) WHERE old.id = $1::uuid`;
const COPY_BOOKING = `
  INSERT INTO scan_bookings
  SELECT (jsonb_populate_record(old, jsonb_build_object('id', made.id, 'accession_number', 'C' || $3 || made.n,
            'study_instance_uid', old.study_instance_uid || '.' || made.n))).*
    FROM scan_bookings old, unnest($2::uuid[]) WITH ORDINALITY AS made (id, n) WHERE old.id = $1::uuid`;

async function copies(id: string, count: number, mark: string): Promise<void> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await database.transaction(async (tx) => {
    await tx.$executeRawUnsafe(COPY_VISIT, id, ids);
    await tx.$executeRawUnsafe(COPY_BOOKING, id, ids, mark);
  });
}

const PAGE = `query P($size: Int!) { scanBookings(page: { size: $size }) { items {
  id patient { id } gates { code stage strictness state reasonCode reason byId byName at } } } }`;
interface Page {
  readonly scanBookings: {
    readonly items: readonly { readonly gates: readonly { readonly state: string }[] }[];
  };
}

/** What is asked for together may be looked up in two goes on a machine that has much to do; it never grows with the list. */
const APART_MAX = 4;

/** Asked so often, because the house does other things beside it, which only ever add statements. */
const TIMES = 4;

/** The least of several times, the first of which is not counted: it prepares. */
async function statements(size: number): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  const counts: number[] = [];
  try {
    for (let time = 0; time < TIMES; time += 1) {
      const before = spy.mock.calls.length;
      const { items } = (await house.desk('imaging').ask<Page>(PAGE, { size })).scanBookings;
      counts.push(spy.mock.calls.length - before);
      expect(items).toHaveLength(size);
      for (const { gates } of items) expect(gates.length).toBeGreaterThan(15);
    }
  } finally {
    spy.mockRestore();
  }
  return Math.min(...counts.slice(1));
}

it('does not take more statements for fifty bookings than for one, whatever has become of each', async () => {
  const [waiting, done] = [await makeTraveller(house, 'Waiting'), await makeTraveller(house, 'Injected')];
  await justify(house, await requestImaging(house, done));
  const [unvetted, injected] = [await bookScan(house, waiting), await bookScan(house, done)];
  await arrive(house, injected);
  await check(house, injected.id);
  const batch = await receiveBatch(house, injected);
  await house.at(minutesFrom(injected, 10));
  expect(await inject(house, injected, batch.id)).toMatchObject({ __typename: 'Administration' });
  // Copies are all for the same two referrals, which nobody could book.
  const client = database.client;
  await client.$executeRawUnsafe(
    'DROP INDEX scan_bookings_one_live_per_referral, visits_one_live_per_request',
  );
  await copies(unvetted.id, BOOKINGS / 2, '1');
  await copies(injected.id, BOOKINGS / 2, '2');
  // The list is by time: first all that wait, then all that were injected, of whom is asked by whom and with what.
  const one = await statements(1);
  expect(Math.abs((await statements(BOOKINGS / 2 + 1)) - one)).toBeLessThanOrEqual(APART_MAX);
  const withInjected = await statements(BOOKINGS / 2 + 2);
  expect(Math.abs((await statements(BOOKINGS)) - withInjected)).toBeLessThanOrEqual(APART_MAX);
  expect(withInjected - one).toBeLessThanOrEqual(2 + APART_MAX);
}, 120_000);
