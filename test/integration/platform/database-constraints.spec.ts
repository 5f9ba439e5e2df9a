import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertConstraints, type RequiredConstraint } from '../../../src/platform/database/constraints.js';
import { Database } from '../../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  for (const sql of [
    `CREATE TABLE probe (id int PRIMARY KEY, n int CONSTRAINT probe_n_positive CHECK (n > 0), live boolean,
       span tstzrange, CONSTRAINT probe_span_free EXCLUDE USING gist (span WITH &&) WHERE (live))`,
    'ALTER TABLE probe ADD CONSTRAINT probe_n_small CHECK (n < 10) NOT VALID',
    'CREATE UNIQUE INDEX probe_one_live ON probe (live) WHERE live',
    'CREATE FUNCTION probe_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
    'CREATE TRIGGER probe_keep BEFORE DELETE ON probe FOR EACH ROW EXECUTE FUNCTION probe_refuse()',
    'CREATE TRIGGER probe_off BEFORE DELETE ON probe FOR EACH ROW EXECUTE FUNCTION probe_refuse()',
    'ALTER TABLE probe DISABLE TRIGGER probe_off',
  ]) {
    await database.client.$executeRawUnsafe(sql);
  }
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const check = (...required: readonly RequiredConstraint[]) => assertConstraints(database.client, required);

describe('constraints that Prisma cannot say', () => {
  it('are found, with what they say', async () => {
    await check(
      {
        kind: 'exclusion',
        table: 'probe',
        name: 'probe_span_free',
        contains: 'EXCLUDE USING gist (span WITH &&) WHERE (live)',
      },
      { kind: 'check', table: 'probe', name: 'probe_n_positive', contains: 'n > 0' },
      { kind: 'unique', table: 'probe', name: 'probe_one_live', contains: 'WHERE live' },
      { kind: 'index', table: 'probe', name: 'probe_one_live' },
      { kind: 'trigger', table: 'probe', name: 'probe_keep', contains: 'BEFORE DELETE' },
    );
  });

  it.each<[string, RequiredConstraint, string]>([
    [
      'missing',
      { kind: 'exclusion', table: 'probe', name: 'gone' },
      'the exclusion constraint "gone" on "probe" is missing',
    ],
    ['of another kind', { kind: 'check', table: 'probe', name: 'probe_span_free' }, 'is missing'],
    ['on another table', { kind: 'trigger', table: 'other', name: 'probe_keep' }, 'is missing'],
    [
      'weakened',
      { kind: 'trigger', table: 'probe', name: 'probe_keep', contains: 'UPDATE' },
      'does not say UPDATE',
    ],
    ['never validated', { kind: 'check', table: 'probe', name: 'probe_n_small' }, 'not validated'],
    ['switched off', { kind: 'trigger', table: 'probe', name: 'probe_off' }, 'switched off'],
  ])('%s: the start is refused', async (_, required, sentence) => {
    await expect(check(required)).rejects.toThrow(sentence);
  });

  it('names all that are missing at once', async () => {
    const gone = (name: string): RequiredConstraint => ({ kind: 'index', table: 'probe', name });
    await expect(check(gone('a'), gone('b'))).rejects.toThrow(/"a" on "probe" is missing; the index "b"/);
  });
});
