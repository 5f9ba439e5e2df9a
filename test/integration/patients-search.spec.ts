import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundPatients, suspects } from '../../src/clinic/patients/patient.queries.js';
import { readSearch } from '../../src/clinic/patients/patient-search.rules.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Prisma } from '../../src/platform/database/generated/client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Enough that the planner prefers an index where there is one, and few enough to be made in a second. */
const PATIENTS = 8_000;

let home: TestDatabase;
let database: Database;

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  await database.client.$executeRaw`
    INSERT INTO patients (id, family_name, given_name, date_of_birth, sex_for_clinical_use, stated_gender, address_lines,
                          email, nhs_number, contact_preference, registered_at, registered_by_id)
    SELECT gen_random_uuid(), initcap(translate(left(md5(n::text), 12), '0123456789', 'ghijklmnop')),
           initcap(translate(left(md5((n + 1000000)::text), 12), '0123456789', 'ghijklmnop')),
           date '1930-01-01' + n % 29000, 'UNKNOWN', 'NOT_KNOWN', '{}', 'p' || n || '@example.org',
           (4000000000 + n)::text, 'EMAIL', timestamptz '2026-01-01', gen_random_uuid()
    FROM generate_series(1, ${PATIENTS}::int) AS n`;
  await database.client.$executeRaw`
    INSERT INTO patient_phones (id, patient_id, kind, e164, as_entered, position)
    SELECT gen_random_uuid(), id, 'MOBILE', '+44770' || lpad((row_number() OVER ())::text, 7, '0'), '0', 0
    FROM patients`;
  await database.client.$executeRaw`ANALYZE patients, patient_phones`;
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

/** The plan of a statement exactly as the service sends it; `forced` asks for what is possible, not for what is cheapest. */
async function planOf(statement: Prisma.Sql, forced = false): Promise<string> {
  return database.transaction(async (tx) => {
    if (forced) await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
    const lines = await tx.$queryRaw<{ 'QUERY PLAN': string }[]>(Prisma.sql`EXPLAIN ${statement}`);
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  });
}

function search(text: string, after: string | null = null): Prisma.Sql {
  const meant = readSearch(text);
  if (meant.kind === 'UNCLEAR') throw new Error(meant.message);
  return foundPatients(meant, after, 26);
}

describe('the plan of a search', () => {
  it.each([
    ['a part of a name', 'gkcnb', 'patients_search_name'],
    ['two parts', 'gkcnb hdah', 'patients_search_name'],
    ['a date of birth', '1961-03-04', 'patients_date_of_birth_idx'],
    ['a local number', 'F0000123', 'patients_local_number_key'],
    ['an NHS number', '943 476 5919', 'patients_nhs_number_key'],
    ['a phone', '07700 900123', 'patient_phones_e164_idx'],
  ])('by %s goes through its index', async (_, text, index) => {
    const plan = await planOf(search(text));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });

  it('by two letters can go through the index, where a name begins', async () => {
    const plan = await planOf(search('gk'), true);
    expect(plan).toMatch(/BitmapOr.*patients_search_name.*gk%.*patients_search_name.* gk%/s);
  });

  it('goes through the index on later pages, too', async () => {
    const anybody = await database.client.patient.findFirstOrThrow();
    const plan = await planOf(search('gkcnb', anybody.id));
    expect(plan).toContain('patients_search_name');
    expect(plan).not.toContain('Seq Scan');
  });

  it('for likely duplicates goes through three indexes', async () => {
    const person = {
      datesOfBirth: ['1961-03-04', '1961-04-03'],
      phones: ['+447700900123'],
      email: 'P7@example.org',
    };
    const plan = await planOf(suspects(person, 500));
    for (const index of ['patients_date_of_birth_idx', 'patient_phones_e164_idx', 'patients_lower_email']) {
      expect(plan).toContain(index);
    }
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('what a search finds', () => {
  it('is what a look at every name finds', async () => {
    const rows = await database.client.patient.findMany({
      select: { id: true, familyName: true, givenName: true },
    });
    for (const text of ['gkcnb', 'abc', 'ef gh', 'k']) {
      const words = text.split(' ');
      const expected = rows.filter(({ familyName, givenName }) => {
        const names = [givenName.toLowerCase(), familyName.toLowerCase()];
        return words.every((word) =>
          word.length < 3
            ? names.some((name) => name.startsWith(word))
            : names.some((name) => name.includes(word)),
        );
      });
      const statement = foundPatients({ kind: 'NAME', words }, null, PATIENTS);
      const found = await database.client.$queryRaw<{ id: string }[]>(statement);
      expect(found.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
    }
  });
});
