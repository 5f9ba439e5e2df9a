import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFailure } from '../../../src/platform/database/database.errors.js';
import {
  Database,
  TRANSACTION_TIMEOUT_MS,
  type Tx,
} from '../../../src/platform/database/database.service.js';
import { Prisma } from '../../../src/platform/database/generated/client.js';
import { toPublicFault } from '../../../src/platform/graphql/faults.js';
import { codeOf } from '../../../src/platform/queue/wait.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

// SQL written by hand goes past the query engine inside a transaction. It must not be noticed.

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  await database.client.$executeRawUnsafe('CREATE TABLE probe (id int PRIMARY KEY)');
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const EVERYTHING = `
  SELECT 1::int2 AS "small", 2::int4 AS "whole", 9007199254740993::int8 AS "big", 1.5::float8 AS "real", 0.1::numeric AS "exact",
         true AS "yes", 'ä'::text AS "words", 'BOOKED'::"VisitStatus" AS "state",
         '0191d3a0-0000-7000-8000-000000000001'::uuid AS "id",
         '2026-03-29T00:59:59.123Z'::timestamptz AS "at", '2026-03-29'::date AS "day", '09:30'::time AS "time",
         '{"a": [1, null]}'::jsonb AS "json", NULL::int AS "nothing", '\\x00ff'::bytea AS "bytes",
         ARRAY[1, NULL]::int4[] AS "wholes", ARRAY['a', 'b']::text[] AS "lines",
         ARRAY['2026-03-29T00:59:59Z']::timestamptz[] AS "instants", ARRAY[3]::int8[] AS "bigs",
         ARRAY['{"b": 1}']::jsonb[] AS "jsons"`;

describe('a statement inside a transaction', () => {
  it('gives the same values as one outside, whatever their type', async () => {
    const outside = await database.client.$queryRawUnsafe<unknown[]>(EVERYTHING);
    const inside = await database.transaction((tx) => tx.$queryRawUnsafe<unknown[]>(EVERYTHING));
    expect(inside).toHaveLength(1);
    expect(inside).toEqual(outside);
  });

  it('takes the same values as one outside', async () => {
    const values = [
      'ä',
      7,
      true,
      12n,
      new Date('2026-10-25T01:30:00.250Z'),
      null,
      ['a', 'b'],
      [new Date('2026-10-25T00:30:00Z')],
      Buffer.from([0, 255]),
      '{"a": "ö"}',
    ];
    const sql = `
      SELECT $1::text AS a, $2::int AS b, $3::boolean AS c, $4::int8 AS d, $5::timestamptz AS e, $6::uuid AS f, $7::text[] AS g,
             $8::timestamptz[] AS h, $9::bytea AS i, $10::jsonb AS j`;
    const outside = await database.client.$queryRawUnsafe(sql, ...values);
    expect(await database.transaction((tx) => tx.$queryRawUnsafe(sql, ...values))).toEqual(outside);
  });

  it('may be a template or made of parts, and says how many rows it touched', async () => {
    const counts = await database.transaction(async (tx) => {
      const first = await tx.$executeRaw`INSERT INTO probe (id) VALUES (${1}), (${2})`;
      const part = Prisma.sql`id = ${1}`;
      const second = await tx.$executeRaw(Prisma.sql`DELETE FROM probe WHERE ${part}`);
      const left = await tx.$queryRaw<
        { id: number }[]
      >`SELECT id FROM probe WHERE id IN (${Prisma.join([1, 2])})`;
      return [first, second, left];
    });
    expect(counts).toEqual([2, 1, [{ id: 2 }]]);
  });

  it('is of the transaction: what it did is seen by the others of it, and undone with it', async () => {
    const seen: number[] = [];
    const failed = database.transaction(async (tx) => {
      await tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES ($1)', 40);
      seen.push((await tx.$queryRaw<unknown[]>`SELECT FROM probe WHERE id = 40`).length);
      await tx.site.findMany();
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(seen).toEqual([1]);
    expect(await database.client.$queryRaw`SELECT id FROM probe WHERE id = 40`).toEqual([]);
  });

  it('fails with what PostgreSQL said', async () => {
    const failed = database.transaction((tx) =>
      tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES (2), (2)'),
    );
    const failure = await failed.then(
      () => undefined,
      (error: unknown) => databaseFailure(error),
    );
    expect(failure).toMatchObject({ sqlState: '23505', constraint: 'probe_pkey' });
  });

  it('is known by its code wherever errors are told apart, and quotes nothing', async () => {
    const failed = database.transaction((tx) => tx.$queryRawUnsafe('SELECT $1::int', 'Brontë'));
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('22P02');
    expect(String(error)).not.toContain('Brontë');
    const stopped = database.transaction((tx) =>
      tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'stop' USING ERRCODE = '57014'; END $$`),
    );
    expect(toPublicFault(await stopped.catch((thrown: unknown) => thrown)).code).toBe('TRY_AGAIN');
  });

  it('is refused when it holds what no column can', async () => {
    const failed = database.transaction((tx) => tx.$queryRawUnsafe('SELECT $1', { a: 1 }));
    await expect(failed).rejects.toThrow('none that the database driver knows');
  });
});

describe('statements that are begun together', () => {
  const ids = (tx: Tx) =>
    tx.$queryRawUnsafe<{ id: number }[]>('SELECT id FROM probe WHERE id >= 70 ORDER BY id');

  it('are done in the order in which they were begun', async () => {
    const [before, , between, , after] = await database.transaction((tx) =>
      Promise.all([
        ids(tx),
        tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES ($1)', 70),
        ids(tx),
        tx.$executeRawUnsafe('DELETE FROM probe WHERE id = $1', 70),
        ids(tx),
      ]),
    );
    expect([before, between, after]).toEqual([[], [{ id: 70 }], []]);
  });

  it('fail with what failed first, leave nothing, and work on the same connection afterwards', async () => {
    const insert = 'INSERT INTO probe (id) VALUES ($1)';
    // Often enough that all of them have names.
    for (let round = 0; round < 5; round += 1) {
      const error: unknown = await database
        .transaction((tx) =>
          Promise.all([
            tx.$executeRawUnsafe(insert, 71),
            tx.$executeRawUnsafe('SELECT $1::int / 0', 1),
            tx.$executeRawUnsafe(insert, 72),
            ids(tx),
          ]),
        )
        .catch((thrown: unknown) => thrown);
      expect(databaseFailure(error)?.sqlState).toBe('22012');
    }
    const found = await database.transaction(async (tx) => {
      await tx.$executeRawUnsafe(insert, 73);
      return ids(tx);
    });
    expect(found).toEqual([{ id: 73 }]);
  });

  it('all fail when the connection breaks, and the next transaction has another', async () => {
    const broken = database.transaction((tx) =>
      Promise.allSettled([
        tx.$queryRawUnsafe('SELECT pg_terminate_backend(pg_backend_pid())'),
        tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES ($1)', 74),
        ids(tx),
      ]).then((outcomes) => outcomes.map(({ status }) => status)),
    );
    // The end of a transaction whose connection is gone fails as well.
    expect(await broken.catch(() => 'failed')).toBe('failed');
    expect(await database.transaction(ids)).toEqual([{ id: 73 }]);
  });
});

describe('a statement after the end of its transaction', () => {
  it('is refused, and nothing is written, when it was left behind', async () => {
    let left: Tx | undefined;
    await database.transaction(async (tx) => {
      left = tx;
      await tx.$queryRaw`SELECT 1`;
    });
    await expect(left?.$executeRawUnsafe('INSERT INTO probe (id) VALUES (50)')).rejects.toThrow(
      'after the end',
    );
    expect(await database.client.$queryRaw`SELECT id FROM probe WHERE id = 50`).toEqual([]);
  });

  it(
    'is refused, and nothing is written, when the transaction took too long',
    async () => {
      let late: Promise<unknown> | undefined;
      const work = database.transaction(async (tx) => {
        await tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES (60)');
        await sleep(TRANSACTION_TIMEOUT_MS + 500);
        late = tx.$executeRawUnsafe('INSERT INTO probe (id) VALUES (61)');
        await late;
      });
      const error: unknown = await work.catch((thrown: unknown) => thrown);
      expect(toPublicFault(error).code).toBe('TRY_AGAIN');
      await expect(late ?? work).rejects.toThrow('after the end');
      expect(await database.client.$queryRaw`SELECT id FROM probe WHERE id IN (60, 61)`).toEqual([]);
    },
    TRANSACTION_TIMEOUT_MS * 3,
  );
});
