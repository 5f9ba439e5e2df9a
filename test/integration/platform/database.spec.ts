import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database, type Tx } from '../../../src/platform/database/database.service.js';
import { Refusal } from '../../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

class Taken extends Refusal {
  readonly code = 'Taken';
}

const SPAN = '[2026-03-02 09:00+00,2026-03-02 10:00+00)';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  await database.client.$executeRawUnsafe(`
    CREATE TABLE probe (
      id int PRIMARY KEY, name text CONSTRAINT probe_name_once UNIQUE,
      n int NOT NULL DEFAULT 1 CONSTRAINT probe_n_positive CHECK (n > 0),
      span tstzrange, CONSTRAINT probe_span_free EXCLUDE USING gist (span WITH &&))`);
  await database.client.$executeRawUnsafe(`
    CREATE TABLE probe_child (
      probe_id int CONSTRAINT probe_child_parent REFERENCES probe (id) DEFERRABLE INITIALLY DEFERRED)`);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

beforeEach(async () => {
  await database.client.$executeRawUnsafe('TRUNCATE probe, probe_child');
});

const insert = (
  tx: Tx,
  id: number,
  name: string | null = null,
  span: string | null = null,
): Promise<number> =>
  tx.$executeRaw`INSERT INTO probe (id, name, span) VALUES (${id}, ${name}, ${span}::tstzrange)`;

async function ids(): Promise<readonly number[]> {
  const rows = await database.client.$queryRaw<{ id: number }[]>`SELECT id FROM probe ORDER BY id`;
  return rows.map((row) => row.id);
}

const failWith = (tx: Tx, sqlState: string): Promise<number> =>
  tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'probe' USING ERRCODE = '${sqlState}'; END $$`);

describe('the session', () => {
  it('keeps UTC and a time limit, so that instants are not moved and nothing runs for ever', async () => {
    const [row] = await database.client.$queryRaw<{ zone: string; limit: string }[]>`
      SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS limit`;
    expect(row).toEqual({ zone: 'UTC', limit: '15s' });
  });

  it('stores an instant as it is', async () => {
    const instant = new Date('2026-03-29T00:59:59.123Z');
    const [row] = await database.client.$queryRaw<{ at: Date }[]>`SELECT ${instant}::timestamptz AS at`;
    expect(row?.at).toEqual(instant);
  });
});

describe('a transaction', () => {
  it('commits what work returns from', async () => {
    expect(await database.transaction((tx) => insert(tx, 1))).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  it('rolls back when work throws', async () => {
    const work = database.transaction(async (tx) => {
      await insert(tx, 1);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await ids()).toEqual([]);
  });

  it('rolls back when work returns a Refusal, and answers with it', async () => {
    const answer = await database.transaction(async (tx) => {
      await insert(tx, 1);
      return new Taken('taken');
    });
    expect(answer).toBeInstanceOf(Taken);
    expect(await ids()).toEqual([]);
  });

  it('refuses to be started inside another one, and leaves nothing', async () => {
    const nested = database.transaction(async (tx) => {
      await insert(tx, 1);
      return database.transaction((inner) => insert(inner, 2));
    });
    await expect(nested).rejects.toThrow('inside a transaction');
    expect(await ids()).toEqual([]);
  });
});

describe('a transaction that met another', () => {
  it.each(['40001', '40P01'])('is done again as a whole after %s', async (sqlState) => {
    let tries = 0;
    await database.transaction(async (tx) => {
      tries += 1;
      await insert(tx, tries);
      if (tries < 3) await failWith(tx, sqlState);
    });
    expect(tries).toBe(3);
    expect(await ids()).toEqual([3]);
  });

  it('is done again at most three times', async () => {
    let tries = 0;
    const work = database.transaction(async (tx) => {
      tries += 1;
      await failWith(tx, '40001');
    });
    await expect(work).rejects.toThrow('40001');
    expect(tries).toBe(4);
  });

  it.each(['23505', '57014', '22012'])('is not done again after %s', async (sqlState) => {
    let tries = 0;
    const work = database.transaction(async (tx) => {
      tries += 1;
      await failWith(tx, sqlState);
    });
    await expect(work).rejects.toThrow();
    expect(tries).toBe(1);
  });

  it('survives a real deadlock', async () => {
    await database.transaction(async (tx) => {
      await insert(tx, 1);
      await insert(tx, 2);
    });
    const lockBoth = (first: number, second: number) =>
      database.transaction(async (tx) => {
        await tx.$executeRaw`UPDATE probe SET n = n + 1 WHERE id = ${first}`;
        await sleep(200);
        await tx.$executeRaw`UPDATE probe SET n = n + 1 WHERE id = ${second}`;
      });
    await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
    const rows = await database.client.$queryRaw`SELECT id, n FROM probe ORDER BY id`;
    expect(rows).toEqual([
      { id: 1, n: 3 },
      { id: 2, n: 3 },
    ]);
  });

  it('survives two serializable ones that cannot both be first', async () => {
    const addOneMore = (id: number) =>
      database.transaction(
        async (tx) => {
          const rows = await tx.$queryRaw<{ count: number }[]>`SELECT count(*)::int AS count FROM probe`;
          await sleep(100);
          await tx.$executeRaw`INSERT INTO probe (id, n) VALUES (${id}, ${(rows[0]?.count ?? 0) + 1})`;
        },
        { isolation: 'Serializable' },
      );
    await Promise.all([addOneMore(1), addOneMore(2)]);
    const rows = await database.client.$queryRaw<{ n: number }[]>`SELECT n FROM probe ORDER BY n`;
    expect(rows.map((row) => row.n)).toEqual([1, 2]);
  });
});

describe('a violated constraint', () => {
  const taken = { onConstraint: { probe_span_free: () => new Taken('span') } };

  it('that is listed becomes a Refusal, after the rollback', async () => {
    await database.transaction((tx) => insert(tx, 1, 'a', SPAN));
    const answer = await database.transaction(async (tx) => {
      await insert(tx, 2);
      await insert(tx, 3, 'b', SPAN);
    }, taken);
    expect(answer).toBeInstanceOf(Taken);
    expect(await ids()).toEqual([1]);
  });

  it('may ask the database what to say', async () => {
    await database.transaction((tx) => insert(tx, 1, 'a'));
    const answer = await database.transaction((tx) => insert(tx, 2, 'a'), {
      onConstraint: { probe_name_once: async () => new Taken(`beside ${(await ids()).length}`) },
    });
    expect(answer).toMatchObject({ message: 'beside 1' });
  });

  it('that is not listed is thrown', async () => {
    await database.transaction((tx) => insert(tx, 1, 'a', SPAN));
    await expect(database.transaction((tx) => insert(tx, 2, 'a'), taken)).rejects.toThrow('23505');
  });

  it('is caught when it shows only at the commit', async () => {
    const answer = await database.transaction((tx) => tx.$executeRaw`INSERT INTO probe_child VALUES (77)`, {
      onConstraint: { probe_child_parent: () => new Taken('no parent') },
    });
    expect(answer).toBeInstanceOf(Taken);
  });
});

describe('after the commit', () => {
  it('callbacks are called once, and see what was committed', async () => {
    const seen: (readonly number[])[] = [];
    await database.transaction(async (tx) => {
      await insert(tx, 1);
      database.afterCommit(tx, async () => {
        seen.push(await ids());
      });
      expect(seen).toEqual([]);
    });
    await expect.poll(() => seen).toEqual([[1]]);
  });

  it('those of a try that was rolled back are not called', async () => {
    const called: number[] = [];
    let tries = 0;
    await database.transaction(async (tx) => {
      tries += 1;
      const now = tries;
      database.afterCommit(tx, () => void called.push(now));
      if (tries === 1) await failWith(tx, '40001');
    });
    await database.transaction(async (tx) => {
      database.afterCommit(tx, () => void called.push(99));
      return new Taken('no');
    });
    expect(called).toEqual([2]);
  });

  it('one that fails does not make the commit look failed', async () => {
    const answer = await database.transaction(async (tx) => {
      database.afterCommit(tx, () => {
        throw new Error('not your problem');
      });
      return 'done';
    });
    expect(answer).toBe('done');
  });

  it('one may start a transaction of its own', async () => {
    await database.transaction(async (tx) => {
      database.afterCommit(tx, async () => void (await database.transaction((inner) => insert(inner, 5))));
    });
    await expect.poll(ids).toEqual([5]);
  });

  it('a tx that has ended takes no more', async () => {
    const kept = await database.transaction(async (tx) => ({ tx }));
    expect(() => database.afterCommit(kept.tx, () => undefined)).toThrow('running transaction');
  });
});

describe('afterRefusal', () => {
  it('is called once all is rolled back, and waited for; what it keeps stays', async () => {
    const answer = await database.transaction(async (tx) => {
      await insert(tx, 1);
      database.afterRefusal(tx, async () => {
        expect(await ids()).toEqual([]);
        await database.transaction((inner) => insert(inner, 2));
      });
      return new Taken('no');
    });
    expect(answer).toBeInstanceOf(Taken);
    expect(await ids()).toEqual([2]);
  });

  it('is not called after a commit, nor after a fault, nor for a try that was done again', async () => {
    const called: string[] = [];
    await database.transaction(async (tx) => database.afterRefusal(tx, () => void called.push('commit')));
    const fault = database.transaction(async (tx) => {
      database.afterRefusal(tx, () => void called.push('fault'));
      throw new Error('broken');
    });
    await expect(fault).rejects.toThrow('broken');
    let tries = 0;
    await database.transaction(async (tx) => {
      tries += 1;
      const now = tries;
      database.afterRefusal(tx, () => void called.push(`try ${now}`));
      if (tries === 1) await failWith(tx, '40001');
      return new Taken('no');
    });
    expect(called).toEqual(['try 2']);
  });

  it('a tx that has ended takes no more', async () => {
    const kept = await database.transaction(async (tx) => ({ tx }));
    expect(() => database.afterRefusal(kept.tx, () => undefined)).toThrow('running transaction');
  });
});

describe('fifty people at once', () => {
  it('wait for ten connections rather than fail', async () => {
    const everybody = Array.from({ length: 50 }, (_, id) =>
      database.transaction(async (tx) => {
        await insert(tx, id);
        await tx.$queryRaw`SELECT pg_sleep(0.05)::text`;
      }),
    );
    await Promise.all(everybody);
    expect(await ids()).toHaveLength(50);
  });

  it('want the same span: one gets it, the others are told', async () => {
    // In line before they insert: plain inserts that meet in a GiST index wait for each other, and PostgreSQL takes a
    // second to see each such knot. Rooms claim with ON CONFLICT DO NOTHING, which does not knot.
    const everybody = Array.from({ length: 50 }, (_, id) =>
      database.transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT pg_advisory_xact_lock(1)::text`;
          return insert(tx, id, null, SPAN);
        },
        { onConstraint: { probe_span_free: () => new Taken('span') } },
      ),
    );
    const answers = await Promise.all(everybody);
    expect(answers.filter((answer) => answer instanceof Taken)).toHaveLength(49);
    expect(await ids()).toHaveLength(1);
  });
});
