import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS_FOLDER, migrate } from '../../src/platform/database/migrate.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';

// A clinic that has booked scans takes up the versions in which scans are visits: what it has is kept, is a visit with the
// same id, and says where its patients have to be.

const BEFORE = ['20261122000000_first_light', '20261123000000_scanner_words', '20261123000001_scanner_side'];
const STAFF = randomUUID();
const CAMERA = randomUUID();
const ROOM = randomUUID();
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
  status: string,
): Promise<string> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO scan_bookings (id, patient_id, referral_id, protocol_id, status, study_instance_uid,
                                injection_starts_at, injection_ends_at, scan_starts_at, scan_ends_at, camera_id,
                                injection_room_id, injection_technologist_id, scan_technologist_id, booked_at,
                                booked_by_id, changed_at, cancelled_at, cancelled_by_id, cancel_reason, ended_at)
     SELECT $1, $2, $3, $4, $5::"ScanBookingStatus", '2.25.' || $6, $7::date + time '10:00', $7::date + time '10:15',
            $7::date + time '13:00', $7::date + time '14:00', $8, $10, $8, $8, now(), $9, now(),
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
      ROOM,
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

const DAY = '2026-12-01';
const scans: Record<string, string> = {};
const idOf = (status: string): string => scans[status] ?? '';

async function one<Row extends pg.QueryResultRow>(sql: string, ...values: readonly unknown[]): Promise<Row> {
  const { rows } = await client.query<Row>(sql, [...values]);
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows`);
  return row;
}

async function visitOf(status: string) {
  return one(
    `SELECT visit.status, visit.companion, visit.visit_type_code, visit.version, visit.moves_count, visit.site_code,
            visit.cancel_reason_code, visit.discontinued_because, visit.started_at IS NOT NULL AS has_started,
            visit.finished_at IS NOT NULL AS has_finished, request.status AS request_status,
            request.clock_started_on::text, request.target_on::text, request.breach_on::text
       FROM visits visit JOIN visit_requests request ON request.id = visit.request_id
      WHERE visit.id = $1`,
    idOf(status),
  );
}

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
  await client.query(
    `INSERT INTO resources (id, kind, name) VALUES ($1, 'CAMERA', 'Camera 1'), ($2, 'INJECTION_ROOM', 'Room 1')`,
    [CAMERA, ROOM],
  );
  await client.query(
    `INSERT INTO imaging_protocols (id, code, name, injection_minutes, acquisition_minutes, uptake_minutes_min,
                                    uptake_minutes_target, uptake_minutes_max, start_step_minutes,
                                    procedure_description, source, effective_from)
     VALUES ($1, 'BONE_SPECT_CT', 'Bone', 15, 60, 110, 170, 290, 10, 'Bone', 'our own numbers', '2020-01-01')`,
    [PROTOCOL],
  );
  await client.query(
    `INSERT INTO lead_time_policies (id, visit_type, earliest_days, target_days, latest_days, effective_from, reason)
     VALUES (gen_random_uuid(), 'BONE_SPECT_CT', 7, 14, 84, '2020-01-01', 'promise')`,
  );
  for (const status of ['BOOKED', 'CANCELLED', 'COMPLETED', 'DISCONTINUED', 'IN_PROGRESS', 'UNCONFIRMED'])
    scans[status] = await aScan(await aReferredPatient(), DAY, status);
  // One referral, called off twice and then booked; another that nobody expects any more.
  const often = await aReferredPatient();
  for (const day of ['2026-11-10', '2026-11-20']) await aScan(often, day, 'CANCELLED');
  scans.AGAIN = await aScan(often, DAY, 'BOOKED');
  scans.DIED = await aScan(await aReferredPatient(), DAY, 'CANCELLED');
  await client.query(`UPDATE scan_bookings SET cancel_reason = 'PATIENT_DIED' WHERE id = $1`, [scans.DIED]);
  await client.query(
    `INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at)
     VALUES (gen_random_uuid(), $1, $2::date + time '13:00', $2::date + time '14:00', $3, now()),
            (gen_random_uuid(), $1, $2::date + time '15:00', $2::date + time '16:00', $4, now())`,
    [CAMERA, DAY, idOf('BOOKED'), idOf('DISCONTINUED')],
  );
  await migrate(testDatabase.url);
});

afterAll(async () => {
  await client.end();
  await testDatabase.drop();
});

describe('a clinic with scans takes up visits of every kind', () => {
  it('with its patients where their scans are, and nowhere for those that will not be', async () => {
    for (const status of ['BOOKED', 'COMPLETED', 'IN_PROGRESS', 'UNCONFIRMED'])
      expect(await presencesOf(idOf(status))).toEqual([whole(DAY, true)]);
    expect(await presencesOf(idOf('CANCELLED'))).toEqual([]);
    expect(await presencesOf(idOf('DISCONTINUED'))).toEqual([]);
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

  it('with every scan as a visit of the same id, which answers a request with the clock of its referral', async () => {
    const counts = await one(
      `SELECT (SELECT count(*)::int FROM visits) AS visits, (SELECT count(*)::int FROM scan_bookings) AS scans,
              (SELECT count(*)::int FROM visit_requests) AS requests, (SELECT count(*)::int FROM visit_steps) AS steps,
              (SELECT count(*)::int FROM visit_step_resources) AS resources,
              (SELECT count(*)::int FROM visit_revisions WHERE action = 'migrated' AND changed_by_id IS NULL) AS revisions`,
    );
    expect(counts).toEqual({ visits: 10, scans: 10, requests: 8, steps: 20, resources: 40, revisions: 10 });
    expect(await visitOf('BOOKED')).toEqual({
      status: 'BOOKED',
      companion: 'SCAN',
      visit_type_code: 'BONE_SPECT_CT',
      version: 0,
      moves_count: 0,
      site_code: 'MAIN',
      cancel_reason_code: null,
      discontinued_because: null,
      has_started: false,
      has_finished: false,
      request_status: 'BOOKED',
      clock_started_on: '2026-11-01',
      target_on: '2026-11-15',
      breach_on: '2026-11-15',
    });
  });

  it('each as it stands: what ended badly waits again, and nothing is made up of what nobody said', async () => {
    const ended = { request_status: 'WAITING' };
    expect(await visitOf('CANCELLED')).toMatchObject({
      status: 'CANCELLED',
      cancel_reason_code: 'PATIENT_CANNOT_COME',
      ...ended,
    });
    expect(await visitOf('DISCONTINUED')).toMatchObject({
      status: 'DISCONTINUED',
      discontinued_because: 'The scanner broke it off.',
      has_finished: true,
      ...ended,
    });
    expect(await visitOf('COMPLETED')).toMatchObject({ status: 'COMPLETED', has_finished: true });
    expect(await visitOf('IN_PROGRESS')).toMatchObject({ status: 'IN_PROGRESS', has_started: true });
    expect(await visitOf('UNCONFIRMED')).toMatchObject({ status: 'IN_PROGRESS', has_finished: false });
  });

  it('each referral as one request, whatever was called off before, and none for whom nobody expects any more', async () => {
    expect(await visitOf('AGAIN')).toMatchObject({ status: 'BOOKED', request_status: 'BOOKED' });
    const { visits } = await one<{ visits: number }>(
      `SELECT count(*)::int AS visits FROM visits
        WHERE request_id = (SELECT request_id FROM visits WHERE id = $1)`,
      idOf('AGAIN'),
    );
    expect(visits).toBe(3);
    expect(await visitOf('DIED')).toMatchObject({
      cancel_reason_code: 'PATIENT_DIED',
      request_status: 'CLOSED',
    });
  });

  it('with the steps and the resources of the scan, by the clinic’s own numbers', async () => {
    const { rows } = await client.query(
      `SELECT step.position, step.name, to_char(step.starts_at AT TIME ZONE 'UTC', 'HH24:MI') AS starts,
              to_char(step.ends_at AT TIME ZONE 'UTC', 'HH24:MI') AS ends,
              array_agg(part.role || ' ' || resource.name ORDER BY part.role) AS served
         FROM visit_steps step
         JOIN visit_step_resources part ON part.step_id = step.id
         JOIN resources resource ON resource.id = part.resource_id
        WHERE step.visit_id = $1 GROUP BY step.id ORDER BY step.position`,
      [idOf('BOOKED')],
    );
    expect(rows).toEqual([
      {
        position: 0,
        name: 'Injection',
        starts: '10:00',
        ends: '10:15',
        served: ['injector Camera 1', 'room Room 1'],
      },
      {
        position: 1,
        name: 'SPECT-CT',
        starts: '13:00',
        ends: '14:00',
        served: ['camera Camera 1', 'operator Camera 1'],
      },
    ]);
    const protocol = await one(
      `SELECT protocol.start_step_minutes, protocol.source, step.wait_minutes_min, step.wait_minutes_target, step.wait_minutes_max
         FROM visits visit JOIN visit_protocols protocol ON protocol.id = visit.protocol_id
         JOIN visit_protocol_steps step ON step.protocol_id = protocol.id AND step.position = 1
        WHERE visit.id = $1`,
      idOf('BOOKED'),
    );
    expect(protocol).toEqual({
      start_step_minutes: 10,
      source: 'our own numbers',
      wait_minutes_min: 110,
      wait_minutes_target: 170,
      wait_minutes_max: 290,
    });
  });

  it('with the camera of what was broken off free again, and of what is booked taken', async () => {
    const { rows } = await client.query(
      'SELECT holder_id, released_at IS NULL AS "isLive" FROM span_claims ORDER BY starts_at',
    );
    expect(rows).toEqual([
      { holder_id: idOf('BOOKED'), isLive: true },
      { holder_id: idOf('DISCONTINUED'), isLive: false },
    ]);
  });
});
