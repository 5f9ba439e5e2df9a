import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  databaseFailure,
  isTransient,
  violatedConstraint,
} from '../../../src/platform/database/database.errors.js';
import { Database } from '../../../src/platform/database/database.service.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new Database(testDatabase.url);
  await database.client.$executeRawUnsafe(`
    CREATE TABLE probe (
      id int PRIMARY KEY, name text CONSTRAINT probe_name_once UNIQUE,
      n int CONSTRAINT probe_n_positive CHECK (n > 0),
      span tstzrange, CONSTRAINT probe_span_free EXCLUDE USING gist (span WITH &&))`);
  await database.client.$executeRawUnsafe(
    'CREATE UNIQUE INDEX probe_one_big ON probe ((n > 100)) WHERE n > 100',
  );
  await database.client.$executeRawUnsafe(
    'CREATE TABLE probe_child (probe_id int CONSTRAINT probe_child_parent REFERENCES probe (id))',
  );
  await database.client.$executeRawUnsafe(
    `INSERT INTO probe VALUES (1, 'a', 101, '[2026-03-02 09:00+00,2026-03-02 10:00+00)')`,
  );
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const NAMES = [
  'probe_name_once',
  'probe_n_positive',
  'probe_span_free',
  'probe_one_big',
  'probe_child_parent',
];

const failureOf = (sql: string): Promise<unknown> =>
  database.client.$executeRawUnsafe(sql).then(
    () => undefined,
    (error: unknown) => error,
  );

/** What the real driver, adapter and client of this version make of each violation. */
describe('a violated constraint is found by name', () => {
  it.each([
    ['exclusion', '23P01', 'probe_span_free', `(2, 'b', 1, '[2026-03-02 09:30+00,2026-03-02 09:45+00)')`],
    ['unique', '23505', 'probe_name_once', `(2, 'a', 1, NULL)`],
    ['partial unique index', '23505', 'probe_one_big', `(2, 'b', 102, NULL)`],
    ['check', '23514', 'probe_n_positive', `(2, 'b', -1, NULL)`],
  ])('%s', async (_, sqlState, name, values) => {
    const error = await failureOf(`INSERT INTO probe VALUES ${values}`);
    expect(databaseFailure(error)?.sqlState).toBe(sqlState);
    expect(violatedConstraint(error, NAMES)).toBe(name);
    expect(violatedConstraint(error, ['probe_n', 'something_else'])).toBe(undefined);
    expect(isTransient(error)).toBe(false);
  });

  it('foreign key', async () => {
    const error = await failureOf('INSERT INTO probe_child VALUES (77)');
    expect(violatedConstraint(error, NAMES)).toBe('probe_child_parent');
  });

  it('through a model as well as through SQL', async () => {
    const data = { heldOn: new Date('2026-12-25'), name: 'Christmas Day' };
    await database.client.bankHoliday.create({ data });
    const error = await database.client.bankHoliday.create({ data }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'P2002' });
    expect(violatedConstraint(error, ['bank_holidays_pkey'])).toBe('bank_holidays_pkey');
  });
});

describe('the words around the name do not matter', () => {
  it.each([
    'conflicting key value violates exclusion constraint "probe_span_free"',
    'kollidierender Schlüsselwert verletzt Exclusion-Constraint »probe_span_free«',
    'la valeur d’une clé entre en conflit avec la contrainte d’exclusion « probe_span_free »',
  ])('%s', (message) => {
    const error = { meta: { driverAdapterError: { cause: { kind: 'postgres', code: '23P01', message } } } };
    expect(violatedConstraint(error, NAMES)).toBe('probe_span_free');
  });

  it('and part of a longer name is not the name', () => {
    const message = 'violates exclusion constraint "probe_span_free_2"';
    expect(violatedConstraint({ code: '23P01', message }, NAMES)).toBe(undefined);
  });
});

describe('what PostgreSQL had no part in', () => {
  it.each([[new Error('x')], [undefined], ['text'], [{ code: 'ECONNREFUSED' }], [{ code: 'P2002' }]])(
    '%s',
    (error) => {
      expect(databaseFailure(error)).toBe(undefined);
      expect(isTransient(error)).toBe(false);
    },
  );

  it('does not go round in circles', () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(databaseFailure(error)).toBe(undefined);
  });
});
