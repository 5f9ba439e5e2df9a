import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

// A clinic whose referrals wait takes up the version with promises: what waits is promised as if it had just come, and is
// looked at; what is decided stays as it was.

const NEW = '20261123130000_referral_words';
const STAFF = randomUUID();
const PATIENT = randomUUID();
const EASTER = ['2026-04-03', '2026-04-06'];

let testDatabase: TestDatabase;
let client: pg.Client;
const ids = new Map<string, string>();

async function aReferral(name: string, priority: string, status: string, receivedOn: string): Promise<void> {
  const id = randomUUID();
  ids.set(name, id);
  await client.query(
    `INSERT INTO referrals (id, patient_id, source, priority, status, referrer_name, clinical_question, received_on,
                            recorded_at, recorded_by_id, decided_at, decided_by_id, decline_reason)
     VALUES ($1, $2, 'GP', $3::"ReferralPriority", $4::"ReferralStatus", 'Dr Hart', 'Which joint?', $5, now(), $6,
             CASE WHEN $4 <> 'AWAITING_TRIAGE' THEN now() END, CASE WHEN $4 <> 'AWAITING_TRIAGE' THEN $6::uuid END,
             CASE WHEN $4 = 'DECLINED' THEN 'WRONG_PROVIDER'::"ReferralDeclineReason" END)`,
    [id, PATIENT, priority, status, receivedOn, STAFF],
  );
}

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
  await client.query(
    `INSERT INTO patients (id, local_number, family_name, given_name, date_of_birth, sex_for_clinical_use, stated_gender,
                           address_lines, contact_preference, registered_at, registered_by_id)
     VALUES ($1, 'F0000001', 'Hale', 'Ada', '1970-01-01', 'FEMALE', 'NOT_KNOWN', '{}', 'LETTER', now(), $2)`,
    [PATIENT, STAFF],
  );
  for (const day of EASTER)
    await client.query(`INSERT INTO bank_holidays (held_on, name) VALUES ($1, 'Easter')`, [day]);
  await aReferral('over Easter', 'ROUTINE', 'AWAITING_TRIAGE', '2026-03-30');
  await aReferral('urgent, on a Saturday', 'URGENT', 'AWAITING_TRIAGE', '2026-04-04');
  await aReferral('accepted', 'ROUTINE', 'ACCEPTED', '2026-03-30');
  await aReferral('declined', 'ROUTINE', 'DECLINED', '2026-03-30');
  await migrate(testDatabase.url);
});
afterAll(async () => {
  await client.end();
  await testDatabase.drop();
});

describe('referrals of before', () => {
  it.each([
    ['over Easter', 'RECEIVED', '2026-04-08'],
    ['urgent, on a Saturday', 'RECEIVED', '2026-04-08'],
    ['accepted', 'ACCEPTED', null],
    ['declined', 'DECLINED', null],
  ])('%s: %s, due on %s', async (name, status, dueOn) => {
    const { rows } = await client.query<{ status: string; due_on: string | null; priority: string | null }>(
      `SELECT referral.status, referral.due_on::text AS due_on, policy.priority
         FROM referrals referral LEFT JOIN triage_policies policy ON policy.id = referral.due_policy_id
        WHERE referral.id = $1`,
      [ids.get(name)],
    );
    expect(rows).toMatchObject([{ status, due_on: dueOn }]);
    expect(rows[0]?.priority === null).toBe(dueOn === null);
  });

  it('are looked at when they wait, and not otherwise', async () => {
    const { rows } = await client.query<{ subject_id: string }>(
      `SELECT subject_id FROM outbox_messages WHERE topic = 'referral.due' AND handled_at IS NULL`,
    );
    const waiting = [ids.get('over Easter'), ids.get('urgent, on a Saturday')];
    expect(rows.map((row) => row.subject_id).sort()).toEqual(waiting.sort());
  });
});
