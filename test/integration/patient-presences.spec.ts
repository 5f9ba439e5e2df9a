import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

// A clinic that has booked scans takes up the version with visits of every kind: what it has is kept, and says where its
// patients have to be.

const BEFORE = ['20261122000000_first_light', '20261123000000_scanner_words', '20261123000001_scanner_side'];
const STAFF = randomUUID();
const CAMERA = randomUUID();
const PROTOCOL = randomUUID();

let testDatabase: TestDatabase;
let client: pg.Client;

interface Presence {
  readonly starts: string;
  readonly ends: string;
  readonly isLive: boolean;
}

async function aReferredPatient(): Promise<{ readonly patient: string; readonly referral: string }> {
  const [patient, referral] = [randomUUID(), randomUUID()];
  await client.query(
    `INSERT INTO patients (id, local_number, family_name, given_name, date_of_birth, sex_for_clinical_use, stated_gender,
                           address_lines, contact_preference, registered_at, registered_by_id)
     VALUES ($1, $2, 'Hale', 'Ada', '1970-01-01', 'FEMALE', 'NOT_KNOWN', '{}', 'LETTER', now(), $3)`,
    [patient, patient.slice(0, 12), STAFF],
  );
  await client.query(
    `INSERT INTO referrals (id, patient_id, source, priority, status, referrer_name, clinical_question, received_on,
                            recorded_at, recorded_by_id, decided_at, decided_by_id)
     VALUES ($1, $2, 'GP', 'ROUTINE', 'ACCEPTED', 'Dr Hart', 'Which joint?', '2026-11-01', now(), $3, now(), $3)`,
    [referral, patient, STAFF],
  );
  return { patient, referral };
}

/** A scan with its injection at ten and its end at two on this day. */
async function aScan(
  { patient, referral }: { readonly patient: string; readonly referral: string },
  day: string,
  status = 'BOOKED',
): Promise<string> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO scan_bookings (id, patient_id, referral_id, protocol_id, status, study_instance_uid,
                                injection_starts_at, injection_ends_at, scan_starts_at, scan_ends_at, camera_id,
                                injection_room_id, injection_technologist_id, scan_technologist_id, booked_at,
                                booked_by_id, changed_at, cancelled_at, cancelled_by_id, cancel_reason, ended_at)
     SELECT $1, $2, $3, $4, $5::"ScanBookingStatus", '2.25.' || $6, $7::date + time '10:00', $7::date + time '10:15',
            $7::date + time '13:00', $7::date + time '14:00', $8, $8, $8, $8, now(), $9, now(),
            CASE WHEN $5 = 'CANCELLED' THEN now() END, CASE WHEN $5 = 'CANCELLED' THEN $9::uuid END,
            CASE WHEN $5 = 'CANCELLED' THEN 'PATIENT_REQUEST'::"ScanCancelReason" END,
            CASE WHEN $5 IN ('COMPLETED', 'DISCONTINUED') THEN now() END`,
    [
      id,
      patient,
      referral,
      PROTOCOL,
      status,
      BigInt(`0x${id.replaceAll('-', '')}`).toString(),
      day,
      CAMERA,
      STAFF,
    ],
  );
  return id;
}

async function presencesOf(holderId: string): Promise<readonly Presence[]> {
  const { rows } = await client.query<Presence>(
    `SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS starts,
            to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS ends, released_at IS NULL AS "isLive"
       FROM patient_presences WHERE holder_id = $1 ORDER BY starts_at`,
    [holderId],
  );
  return rows;
}

const whole = (day: string, isLive: boolean): Presence => ({
  starts: `${day} 10:00`,
  ends: `${day} 14:00`,
  isLive,
});

const scans: Record<string, string> = {};

beforeAll(async () => {
  testDatabase = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'facet-migrations-'));
  try {
    for (const name of ['migration_lock.toml', ...BEFORE])
      cpSync(join(MIGRATIONS_FOLDER, name), join(folder, name), { recursive: true });
    expect((await migrate(testDatabase.url, folder)).applied).toEqual(BEFORE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  client = new pg.Client({ connectionString: testDatabase.url, options: '-c TimeZone=UTC' });
  await client.connect();
  await client.query(`INSERT INTO resources (id, kind, name) VALUES ($1, 'CAMERA', 'Camera 1')`, [CAMERA]);
  await client.query(
    `INSERT INTO imaging_protocols (id, code, name, injection_minutes, acquisition_minutes, uptake_minutes_min,
                                    uptake_minutes_target, uptake_minutes_max, start_step_minutes,
                                    procedure_description, source, effective_from)
     VALUES ($1, 'BONE', 'Bone', 15, 60, 120, 180, 300, 15, 'Bone', 'test', '2020-01-01')`,
    [PROTOCOL],
  );
  await client.query(
    `INSERT INTO lead_time_policies (id, visit_type, earliest_days, target_days, latest_days, effective_from, reason)
     VALUES (gen_random_uuid(), 'BONE_SPECT_CT', 7, 14, 84, '2026-01-01', 'promise')`,
  );
  for (const status of ['BOOKED', 'CANCELLED', 'COMPLETED', 'DISCONTINUED'])
    scans[status] = await aScan(await aReferredPatient(), '2026-12-01', status);
  await migrate(testDatabase.url);
});

afterAll(async () => {
  await client.end();
  await testDatabase.drop();
});

describe('a clinic with scans takes up visits of every kind', () => {
  it('with its patients where their scans are, and nowhere for those that will not be', async () => {
    expect(await presencesOf(scans.BOOKED ?? '')).toEqual([whole('2026-12-01', true)]);
    expect(await presencesOf(scans.COMPLETED ?? '')).toEqual([whole('2026-12-01', true)]);
    expect(await presencesOf(scans.CANCELLED ?? '')).toEqual([]);
    expect(await presencesOf(scans.DISCONTINUED ?? '')).toEqual([]);
  });

  it('with its promises, broken on the day after their target', async () => {
    const { rows } = await client.query(
      'SELECT target_days, breach_days, priority, day_kind, clock_start FROM lead_time_policies',
    );
    expect(rows).toEqual([
      {
        target_days: 14,
        breach_days: 14,
        priority: 'ANY',
        day_kind: 'CALENDAR',
        clock_start: 'REFERRAL_RECEIVED',
      },
    ]);
  });
});

describe('the time of a scan’s patient', () => {
  it('moves with the scan, ends with it and comes back with it', async () => {
    const scan = await aScan(await aReferredPatient(), '2026-12-02');
    expect(await presencesOf(scan)).toEqual([whole('2026-12-02', true)]);
    await client.query(
      `UPDATE scan_bookings SET injection_starts_at = injection_starts_at + interval '1 day',
              injection_ends_at = injection_ends_at + interval '1 day', scan_starts_at = scan_starts_at + interval '1 day',
              scan_ends_at = scan_ends_at + interval '1 day' WHERE id = $1`,
      [scan],
    );
    expect(await presencesOf(scan)).toEqual([whole('2026-12-02', false), whole('2026-12-03', true)]);
    await client.query(`UPDATE scan_bookings SET status = 'DISCONTINUED', ended_at = now() WHERE id = $1`, [
      scan,
    ]);
    expect((await presencesOf(scan)).filter(({ isLive }) => isLive)).toEqual([]);
    await client.query(`UPDATE scan_bookings SET status = 'IN_PROGRESS' WHERE id = $1`, [scan]);
    expect((await presencesOf(scan)).filter(({ isLive }) => isLive)).toEqual([whole('2026-12-03', true)]);
  });

  it('is not written again by a change that leaves it as it is', async () => {
    const scan = await aScan(await aReferredPatient(), '2026-12-02');
    await client.query(`UPDATE scan_bookings SET status = 'IN_PROGRESS', started_at = now() WHERE id = $1`, [
      scan,
    ]);
    expect(await presencesOf(scan)).toHaveLength(1);
  });

  it('is nobody else’s: another visit in it is refused, beside it is not, and a hold that has ended gives way', async () => {
    const who = await aReferredPatient();
    const hold = (from: string, until: string, expires: string | null) =>
      client.query(
        `INSERT INTO patient_presences (id, patient_id, starts_at, ends_at, holder_id, claimed_at, expires_at)
         VALUES (gen_random_uuid(), $1, $2, $3, gen_random_uuid(), now() - interval '1 hour', $4::timestamptz)`,
        [who.patient, from, until, expires],
      );
    await hold('2026-12-02 13:00', '2026-12-02 13:30', new Date(Date.now() - 60_000).toISOString());
    await aScan(who, '2026-12-02');
    await expect(hold('2026-12-02 13:59', '2026-12-02 15:00', null)).rejects.toMatchObject({
      code: '23P01',
      constraint: 'patient_presences_one_place',
    });
    await hold('2026-12-02 14:00', '2026-12-02 15:00', null);
    const other = await aReferredPatient();
    const held = { ...who, referral: other.referral };
    await expect(aScan(held, '2026-12-02')).rejects.toMatchObject({ code: '23P01' });
  });

  it('goes with scans that are emptied by hand', async () => {
    await client.query('TRUNCATE scan_bookings CASCADE');
    const { rows } = await client.query('SELECT count(*)::int AS count FROM patient_presences');
    expect(rows).toEqual([{ count: 0 }]);
  });
});
