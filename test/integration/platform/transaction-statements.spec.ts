import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFailure } from '../../../src/platform/database/database.errors.js';
import {
  Database,
  TRANSACTION_TIMEOUT_MS,
  type Tx,
} from '../../../src/platform/database/database.service.js';
import { Prisma } from '../../../src/platform/database/generated/client.js';
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

  it('is refused when it holds what no column can', async () => {
    const failed = database.transaction((tx) => tx.$queryRawUnsafe('SELECT $1', { a: 1 }));
    await expect(failed).rejects.toThrow('none that the database driver knows');
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
      await expect(work).rejects.toThrow();
      await expect(late ?? work).rejects.toThrow('after the end');
      expect(await database.client.$queryRaw`SELECT id FROM probe WHERE id IN (60, 61)`).toEqual([]);
    },
    TRANSACTION_TIMEOUT_MS * 3,
  );
});
