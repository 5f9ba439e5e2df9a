import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { CAMERA, type Item, PROCEDURE, REFERRER, STATION, STATION_NAME, TIME_ZONE } from './items.js';
import { CALLING_AE_TITLE } from './servers.js';

// Items as rows of Facet's database, written behind the back of the running process: what it must pick up by itself.

/** More than any size of the bench, so that a broad query is answered in full. */
const ANSWERS_MAX = 100_000;
const STAFF_ID = randomUUID();

const PATIENTS = `
  INSERT INTO patients (id, local_number, family_name, given_name, date_of_birth, sex_for_clinical_use, stated_gender,
                        address_lines, contact_preference, registered_at, registered_by_id)
  SELECT patient_id, local_number, family_name, given_name, date_of_birth, sex::"SexForClinicalUse", 'NOT_KNOWN',
         '{}', 'LETTER', now(), $1::uuid
    FROM new_items`;
const REFERRALS = `
  INSERT INTO referrals (id, patient_id, source, priority, status, referrer_name, clinical_question, received_on,
                         recorded_at, recorded_by_id, decided_at, decided_by_id)
  SELECT referral_id, patient_id, 'GP', 'ROUTINE', 'ACCEPTED', $2, 'Which facet joint is active?', current_date,
         now(), $1::uuid, now(), $1::uuid
    FROM new_items`;
const CONSENTS = `
  INSERT INTO consent_records (id, patient_id, purpose, decision, wording_id, wording_sha256, given_by, method,
                               decided_at, recorded_at, recorded_by_id)
  SELECT gen_random_uuid(), patient_id, wording.purpose, 'GIVEN', wording.id, wording.sha256, 'PATIENT', 'IN_PERSON',
         now() - interval '1 hour', now(), $1::uuid
    FROM new_items
   CROSS JOIN (SELECT * FROM consent_wordings WHERE purpose = 'IMAGING_TRACER_AND_XRAYS' LIMIT 1) wording`;
/** A request that is complete, justified and authorised: what a scan needs beside consent and licences to be offered. */
const REQUESTS = [
  `INSERT INTO imaging_requests (id, referral_id, status, procedure_code, urgency, requested_on, requested_at,
                                 requested_by_id, policy_id)
   SELECT referral_id, referral_id, 'DRAFT', 'BENCH', 'ROUTINE', current_date, now(), $1::uuid, policy.id
     FROM new_items CROSS JOIN (SELECT id FROM vetting_policies ORDER BY effective_from LIMIT 1) policy`,
  `INSERT INTO imaging_request_contents (id, request_id, referral_id, revision, procedure_code, clinical_question, history,
                                         earlier_imaging, recent_studies, weight_kg, weight_on, weight_source, mobility,
                                         pregnancy, pregnancy_text, breast_feeding, urgency, referrer_kind,
                                         referrer_staff_id, referrer_entitlement_id, signature, signed_on, written_at,
                                         written_by_id)
   SELECT gen_random_uuid(), referral_id, referral_id, 1, 'BENCH', 'Which facet joint is active?', 'Pain for two years.',
          'NONE', 'NONE', 72, current_date, 'MEASURED', 'WALKS', 'DOES_NOT_APPLY', 'for the bench', 'DOES_NOT_APPLY',
          'ROUTINE', 'STAFF', $1::uuid, gen_random_uuid(), 'SESSION', current_date, now(), $1::uuid
     FROM new_items`,
  `INSERT INTO vetting_justifications (id, request_id, referral_id, version, revision, practitioner_id, decided_at,
                                       decided_by_id, procedure_code, site_code, benefit, detriment, alternatives)
   SELECT referral_id, referral_id, referral_id, 1, 1, $1::uuid, now(), $1::uuid, 'BENCH', 'MAIN', 'for the bench',
          'for the bench', 'none'
     FROM new_items`,
  `INSERT INTO vetting_authorisations (id, request_id, referral_id, version, justification_id, mode, authorised_by_id,
                                       authorised_at)
   SELECT referral_id, referral_id, referral_id, 2, referral_id, 'PRACTITIONER', $1::uuid, now() FROM new_items`,
  `UPDATE imaging_requests
      SET status = 'AUTHORISED', justification_id = id, authorisation_id = id, version = 2,
          lapses_on = current_date + 3650
    WHERE $1::uuid IS NOT NULL AND id IN (SELECT referral_id FROM new_items)`,
] as const;
const VISITS = `
  INSERT INTO visits (id, patient_id, visit_type_code, companion, protocol_id, status, starts_at, ends_at, booked_at,
                      booked_by_id, changed_at)
  SELECT booking_id, patient_id, 'BENCH', 'SCAN', department.protocol_id, 'BOOKED', starts_at - interval '195 minutes',
         starts_at + interval '60 minutes', now(), $1::uuid, now()
    FROM new_items CROSS JOIN bench_department department`;
const BOOKINGS = `
  INSERT INTO scan_bookings (id, patient_id, referral_id, protocol_id, status, accession_number, study_instance_uid,
                             injection_starts_at, injection_ends_at, scan_starts_at, scan_ends_at, camera_id,
                             injection_room_id, injection_technologist_id, scan_technologist_id, booked_at,
                             booked_by_id, changed_at)
  SELECT booking_id, patient_id, referral_id, department.protocol_id, 'BOOKED', accession_number, study_instance_uid,
         starts_at - interval '195 minutes', starts_at - interval '180 minutes', starts_at,
         starts_at + interval '60 minutes', department.camera_id, department.camera_id, department.camera_id,
         department.camera_id, now(), $1::uuid, now()
    FROM new_items CROSS JOIN bench_department department`;
const ENTRIES = `
  INSERT INTO worklist_entries (scheduled_procedure_step_id, booking_id, booking_version, scanner_id,
                                station_ae_title, modality, starts_at, ends_at)
  SELECT step_id, booking_id, 0, department.scanner_id, $1, 'NM', starts_at, starts_at + interval '60 minutes'
    FROM new_items CROSS JOIN bench_department department`;
const COLUMNS = `
  step_id text, accession_number text, study_instance_uid text, local_number text, family_name text, given_name text,
  date_of_birth date, sex text, starts_at timestamptz, patient_id uuid, referral_id uuid, booking_id uuid`;

export class FacetRows {
  private constructor(private readonly client: pg.Client) {}

  /** Connects, and makes a camera with its scanner. */
  static async open(databaseUrl: string): Promise<FacetRows> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    // The server is stopped before we are.
    client.on('error', () => undefined);
    await client.query(`
      CREATE TEMPORARY TABLE bench_department (camera_id uuid, scanner_id uuid, protocol_id uuid)`);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    await client.query('INSERT INTO bench_department VALUES ($1, $2, $3)', ids);
    await makeDepartment(client, ids);
    return new FacetRows(client);
  }

  async postgresVersion(): Promise<string> {
    const { rows } = await this.client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'of unknown version';
  }

  /** All in one transaction. */
  async add(items: readonly Item[]): Promise<void> {
    const records = JSON.stringify(items.map(recordOf));
    await this.client.query('BEGIN');
    await this.client.query(`CREATE TEMPORARY TABLE new_items (${COLUMNS}) ON COMMIT DROP`);
    const fromRecords = `INSERT INTO new_items SELECT * FROM jsonb_to_recordset($1::jsonb) AS records (${COLUMNS})`;
    await this.client.query(fromRecords, [records]);
    await this.client.query(PATIENTS, [STAFF_ID]);
    await this.client.query(REFERRALS, [STAFF_ID, REFERRER.written]);
    await this.client.query(CONSENTS, [STAFF_ID]);
    for (const statement of REQUESTS) await this.client.query(statement, [STAFF_ID]);
    await this.client.query(VISITS, [STAFF_ID]);
    await this.client.query(BOOKINGS, [STAFF_ID]);
    await this.client.query(ENTRIES, [STATION]);
    await this.client.query('COMMIT');
    // As autovacuum does some time after so large a change.
    await this.client.query('ANALYZE');
  }

  async renamePatient(item: Item, familyName: string): Promise<void> {
    await this.client.query('UPDATE patients SET family_name = $2 WHERE id = $1', [
      item.patientId,
      familyName,
    ]);
  }

  /** By whole days, as a move in the diary does it. */
  async move(item: Item, days: number): Promise<void> {
    const by = [item.bookingId, `${days} days`];
    await this.client.query('BEGIN');
    await this.client.query(
      `UPDATE visits
          SET version = version + 1, changed_at = now(), starts_at = starts_at + $2::interval,
              ends_at = ends_at + $2::interval
        WHERE id = $1`,
      by,
    );
    await this.client.query(
      `UPDATE scan_bookings
          SET version = version + 1, changed_at = now(), injection_starts_at = injection_starts_at + $2::interval,
              injection_ends_at = injection_ends_at + $2::interval, scan_starts_at = scan_starts_at + $2::interval,
              scan_ends_at = scan_ends_at + $2::interval
        WHERE id = $1`,
      by,
    );
    await this.client.query(
      `UPDATE worklist_entries
          SET booking_version = booking_version + 1, starts_at = starts_at + $2::interval,
              ends_at = ends_at + $2::interval
        WHERE booking_id = $1`,
      by,
    );
    await this.client.query('COMMIT');
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

function recordOf(item: Item): object {
  return {
    step_id: item.stepId,
    accession_number: item.accessionNumber,
    study_instance_uid: item.studyInstanceUID,
    local_number: item.localNumber,
    family_name: item.familyName,
    given_name: item.givenName,
    date_of_birth: item.dateOfBirth,
    sex: item.sex,
    starts_at: item.startsAt.toZonedDateTime(TIME_ZONE).toInstant().toString(),
    patient_id: item.patientId,
    referral_id: item.referralId,
    booking_id: item.bookingId,
  };
}

async function makeDepartment(client: pg.Client, [cameraId, scannerId, protocolId]: string[]): Promise<void> {
  await client.query(`INSERT INTO resources (id, kind, name) VALUES ($1, 'CAMERA', $2)`, [cameraId, CAMERA]);
  await client.query(
    `INSERT INTO imaging_protocols (id, code, name, procedure_description, source, effective_from)
     VALUES ($1, 'BENCH', 'Bench', $2, 'for the bench', '2020-01-01')`,
    [protocolId, PROCEDURE],
  );
  await client.query(
    `INSERT INTO visit_types (code, name, modality, companion, needs_referral, consent_purpose, is_public, hold_minutes,
                              moves_max, late_change_hours)
     VALUES ('BENCH', 'Bench', 'IN_PERSON', 'SCAN', true, 'IMAGING_TRACER_AND_XRAYS', false, 30, 2, 48)`,
  );
  await client.query(
    `INSERT INTO staff_accounts (id, email, display_name, roles, password_hash, created_at)
     VALUES ($1, 'bench@facet.example', 'Dr Bench', '{CLINICIAN}', 'nobody signs in', now())`,
    [STAFF_ID],
  );
  await client.query(
    `INSERT INTO licences (id, kind, number, site_codes, staff_id, procedure_codes, valid_from, valid_until, source,
                           recorded_at, recorded_by_id)
     VALUES (gen_random_uuid(), 'EMPLOYER', 'BENCH', '{MAIN}', NULL, '{BENCH}', '2000-01-01', '2099-12-31', 'for the bench',
             now(), $1),
            (gen_random_uuid(), 'PRACTITIONER', 'BENCH', '{}', $1, '{BENCH}', '2000-01-01', '2099-12-31', 'for the bench',
             now(), $1)`,
    [STAFF_ID],
  );
  // Nothing is booked by it: the visits are written as they are.
  await client.query(
    `INSERT INTO visit_protocols (id, visit_type_code, effective_from, start_step_minutes, source)
     VALUES ($1, 'BENCH', '2020-01-01', 5, 'for the bench')`,
    [protocolId],
  );
  await client.query(
    `INSERT INTO scanners (id, name, resource_id, calling_ae_titles, source_addresses, station_ae_title, station_name,
                           modalities, response_character_set, own_station_by_default, answers_max)
     VALUES ($1, 'Bench', $2, ARRAY[$3], '{}', $4, $5, '{NM}', 'ISO_IR_192', true, $6)`,
    [scannerId, cameraId, CALLING_AE_TITLE, STATION, STATION_NAME, ANSWERS_MAX],
  );
}
