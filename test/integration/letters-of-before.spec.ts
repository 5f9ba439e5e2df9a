import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

// A clinic that has written letters takes up the version in which letters are to anybody: what it has stays as it was,
// is to its patients, and is about what it was about.

const NEW = '20261123138000_letter_words';

const KINDS = {
  SCAN_BOOKED: 'SCAN_BOOKING',
  SCAN_MOVED: 'SCAN_BOOKING',
  SCAN_CANCELLED: 'SCAN_BOOKING',
  VISIT_BOOKED: 'VISIT',
  VISIT_MOVED: 'VISIT',
  VISIT_CANCELLED: 'VISIT',
  FREED_PLACE_OFFERED: 'FREED_PLACE_OFFER',
  FREED_PLACE_GONE: 'FREED_PLACE_OFFER',
} as const;

let testDatabase: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'facet-migrations-'));
  try {
    const before = readdirSync(MIGRATIONS_FOLDER).filter((name) => name < NEW || name.endsWith('.toml'));
    for (const name of before) cpSync(join(MIGRATIONS_FOLDER, name), join(folder, name), { recursive: true });
    await migrate(testDatabase.url, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await testDatabase.drop();
});

function write(kind: string, status: string) {
  const [id, subject, patient] = [randomUUID(), randomUUID(), randomUUID()];
  return client.query(
    `INSERT INTO letters (id, kind, channel, subject_id, subject_version, patient_id, status, message_id, created_at,
                          due_at, settled_at)
     VALUES ($1, $2, 'EMAIL', $3, 0, $4, $5::"LetterStatus", $6, now(), now(),
             CASE WHEN $5 = 'SENT' THEN now() END)`,
    [id, kind, subject, patient, status, `<${id}@facet.example>`],
  );
}

describe('letters of before', () => {
  it('are to their patients, and about what they were about', async () => {
    for (const kind of Object.keys(KINDS)) await write(kind, kind.endsWith('BOOKED') ? 'DUE' : 'SENT');
    const before = await client.query('SELECT * FROM letters ORDER BY id');
    const { applied } = await migrate(testDatabase.url, MIGRATIONS_FOLDER);
    expect(applied).toContain(NEW);
    const after = await client.query('SELECT * FROM letters ORDER BY id');
    expect(after.rows).toEqual(
      before.rows.map((row) => ({
        ...row,
        recipient: 'PATIENT',
        recipient_id: null,
        about_type: KINDS[row.kind as keyof typeof KINDS],
        about_id: row.subject_id,
      })),
    );
  });

  // In the order of the file: by now the migration has run.
  it.each([
    ['letter to a patient without one', 'PATIENT', null, null],
    ['notice to a referrer', 'CLINIC', randomUUID(), null],
  ])('stand beside no %s', async (_, recipient, recipientId, patientId) => {
    const insert = client.query(
      `INSERT INTO letters (id, kind, channel, subject_id, subject_version, recipient, recipient_id, patient_id,
                            about_type, about_id, status, message_id, created_at, due_at)
       VALUES ($1, 'ENQUIRY_NOTICE', 'EMAIL', $1, 0, $2, $3, $4, 'ENQUIRY', $1, 'DUE', $5, now(), now())`,
      [randomUUID(), recipient, recipientId, patientId, randomUUID()],
    );
    await expect(insert).rejects.toMatchObject({ constraint: 'letters_recipient_known' });
  });
});
