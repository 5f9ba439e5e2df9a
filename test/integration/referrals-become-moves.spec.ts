import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

// A clinic that has decided on referrals takes up the version in which every move is kept: nothing that was decided is
// lost, what is booked is booked, and the log begins with what is known.

/** The first folder that came with the moves; what is before it is what the clinic had. */
const FIRST_NEW = '20261123130000_referral_words';
const STAFF = randomUUID();
const CLINICIAN = randomUUID();
const PATIENT = randomUUID();
const PROTOCOL = randomUUID();

let home: TestDatabase;
let client: pg.Client;
const ids: Record<string, string> = {};

async function aReferral(name: string, columns: Record<string, unknown>): Promise<void> {
  const id = randomUUID();
  ids[name] = id;
  const row: Record<string, unknown> = {
    ...{ id, patient_id: PATIENT, source: 'GP', priority: 'ROUTINE', referrer_name: 'Dr Hart' },
    ...{ clinical_question: 'Which joint?', received_on: '2026-10-01', recorded_at: '2026-10-01T09:00:00Z' },
    ...{ recorded_by_id: STAFF, ...columns },
  };
  const names = Object.keys(row);
  await client.query(
    `INSERT INTO referrals (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
}

async function aVisit(referral: string, status: string, bookedAt: string): Promise<string> {
  const [request, visit] = [randomUUID(), randomUUID()];
  await client.query(
    `INSERT INTO visit_requests (id, patient_id, referral_id, visit_type_code, priority, status, clock_started_on,
                                 clock_started_by, target_on, breach_on, requested_at, requested_by_id)
     VALUES ($1, $2, $3, 'PHYSIO', 'ROUTINE', $4, '2026-10-01', 'REQUESTED', '2026-10-15', '2026-10-15', now(), $5)`,
    [request, PATIENT, ids[referral], status === 'CANCELLED' ? 'WAITING' : 'BOOKED', STAFF],
  );
  await client.query(
    `INSERT INTO visits (id, request_id, patient_id, visit_type_code, protocol_id, status, starts_at, ends_at, booked_at,
                         booked_by_id, changed_at, changed_by_id, cancelled_at, cancel_reason_code)
     VALUES ($1, $2, $3, 'PHYSIO', $4, $5::"VisitStatus", $6::timestamptz + interval '20 days',
             $6::timestamptz + interval '20 days 1 hour', $6, $7, now(), $7,
             CASE WHEN $5 = 'CANCELLED' THEN now() END, CASE WHEN $5 = 'CANCELLED' THEN 'OTHER' END)`,
    [visit, request, PATIENT, PROTOCOL, status, bookedAt, STAFF],
  );
  return visit;
}

async function movesOf(name: string): Promise<readonly unknown[]> {
  const { rows } = await client.query(
    `SELECT version, action, from_status, to_status, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS at, actor_id,
            reason_code, comment, subject_id
       FROM referral_events WHERE referral_id = $1 ORDER BY version`,
    [ids[name]],
  );
  return rows;
}

async function rowOf(name: string): Promise<Record<string, unknown>> {
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT status, reason_code, version, accepted_for, decision_comment, taken_up_by_id, ended_by_id,
            ended_at = decided_at AS ended_as_decided
       FROM referrals WHERE id = $1`,
    [ids[name]],
  );
  return rows[0] ?? {};
}

const decided = { decided_at: '2026-10-03T10:00:00Z', decided_by_id: CLINICIAN, version: 1 };
let firstVisit: string;

beforeAll(async () => {
  home = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'facet-test-moves-'));
  const known = readdirSync(MIGRATIONS_FOLDER).filter((name) => name < FIRST_NEW || name.endsWith('.toml'));
  for (const name of known) cpSync(join(MIGRATIONS_FOLDER, name), join(folder, name), { recursive: true });
  await migrate(home.url, folder);
  client = new pg.Client({ connectionString: home.url });
  await client.connect();
  await client.query(
    `INSERT INTO patients (id, local_number, family_name, given_name, date_of_birth, sex_for_clinical_use, stated_gender,
                           address_lines, contact_preference, registered_at, registered_by_id)
     VALUES ($1, 'F9000001', 'Hale', 'Ada', '1970-01-01', 'FEMALE', 'NOT_KNOWN', '{}', 'LETTER', now(), $2)`,
    [PATIENT, STAFF],
  );
  await client.query(
    `INSERT INTO visit_types (code, name, modality, needs_referral, is_public, hold_minutes, moves_max, late_change_hours)
     VALUES ('PHYSIO', 'Physiotherapy', 'IN_PERSON', false, true, 15, 2, 24)`,
  );
  await client.query(
    `INSERT INTO visit_protocols (id, visit_type_code, effective_from, start_step_minutes, source)
     VALUES ($1, 'PHYSIO', '2020-01-01', 15, 'The clinic')`,
    [PROTOCOL],
  );
  await client.query(
    `INSERT INTO cancel_reasons (code, name, allowed_roles, needs_comment) VALUES ('OTHER', 'Other', '{RECEPTION}', true)
     ON CONFLICT DO NOTHING`,
  );
  await aReferral('waiting', { status: 'AWAITING_TRIAGE' });
  await aReferral('accepted', { status: 'ACCEPTED', decision_comment: 'See soon', ...decided });
  for (const reason of [
    ...['SERVICE_INAPPROPRIATE', 'WRONG_PROVIDER', 'TREATMENT_NO_LONGER_REQUIRED', 'DUPLICATE_REFERRAL'],
    ...['RAISED_IN_ERROR', 'OTHER'],
  ]) {
    const declined = { status: 'DECLINED', decline_reason: reason, decision_comment: 'Because.' };
    await aReferral(reason, { ...declined, ...decided });
  }
  await aReferral('booked', { status: 'ACCEPTED', ...decided });
  await aVisit('booked', 'BOOKED', '2026-10-06T08:00:00Z');
  firstVisit = await aVisit('booked', 'BOOKED', '2026-10-05T08:00:00Z');
  await aReferral('cancelled', { status: 'ACCEPTED', ...decided });
  await aVisit('cancelled', 'CANCELLED', '2026-10-05T08:00:00Z');
  rmSync(folder, { recursive: true, force: true });
  await migrate(home.url);
}, 60_000);
afterAll(async () => {
  await client.end();
  await home.drop();
});

describe('referrals of before', () => {
  const RECEIVED = {
    ...{ version: 0, action: 'RECEIVE', from_status: null, to_status: 'RECEIVED', at: '2026-10-01' },
    ...{ actor_id: STAFF, reason_code: null, comment: null, subject_id: null },
  };
  const DECIDED = {
    ...{ version: 1, from_status: 'RECEIVED', at: '2026-10-03', actor_id: CLINICIAN },
    ...{ reason_code: null, comment: null, subject_id: null },
  };

  it('that wait have arrived', async () => {
    expect(await rowOf('waiting')).toMatchObject({ status: 'RECEIVED', version: 0, taken_up_by_id: null });
    expect(await movesOf('waiting')).toEqual([RECEIVED]);
  });

  it('that were accepted are, and nobody says for what', async () => {
    expect(await rowOf('accepted')).toMatchObject({
      ...{ status: 'ACCEPTED', accepted_for: null, decision_comment: 'See soon', taken_up_by_id: CLINICIAN },
    });
    expect(await movesOf('accepted')).toEqual([
      RECEIVED,
      { ...DECIDED, action: 'ACCEPT', to_status: 'ACCEPTED', comment: 'See soon' },
    ]);
  });

  it.each([
    'SERVICE_INAPPROPRIATE',
    'WRONG_PROVIDER',
    'TREATMENT_NO_LONGER_REQUIRED',
    'DUPLICATE_REFERRAL',
    'RAISED_IN_ERROR',
    'OTHER',
  ])('that were declined for %s keep it', async (reason) => {
    expect(await rowOf(reason)).toMatchObject({
      ...{ status: 'DECLINED', reason_code: reason, ended_as_decided: true, ended_by_id: CLINICIAN },
    });
    expect((await movesOf(reason)).at(-1)).toEqual({
      ...DECIDED,
      ...{ action: 'DECLINE', to_status: 'DECLINED', reason_code: reason, comment: 'Because.' },
    });
  });

  it('with a visit that stands are booked since the first; with one that went away they are not', async () => {
    expect(await rowOf('booked')).toMatchObject({ status: 'BOOKED', version: 2 });
    expect((await movesOf('booked')).at(-1)).toEqual({
      ...{ version: 2, action: 'BOOK', from_status: 'ACCEPTED', to_status: 'BOOKED', at: '2026-10-05' },
      ...{ actor_id: STAFF, reason_code: null, comment: null, subject_id: firstVisit },
    });
    expect(await rowOf('cancelled')).toMatchObject({ status: 'ACCEPTED', version: 1 });
  });

  it('know every reason that may be given, and the constraint that holds them together', async () => {
    const { rows } = await client.query(
      `SELECT count(*)::int AS lost FROM referrals LEFT JOIN referral_reasons ON code = reason_code
        WHERE reason_code IS NOT NULL AND code IS NULL`,
    );
    expect(rows).toEqual([{ lost: 0 }]);
    await expect(
      client.query(`UPDATE referrals SET status = 'DECLINED' WHERE id = $1`, [ids.waiting]),
    ).rejects.toThrow(/referrals_fit_status/);
  });
});
