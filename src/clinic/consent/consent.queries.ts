/**
 * What was decided by whom and when, and nothing else, for thousands of patients at once: a scanner's worklist asks
 * for all of them. What was decided under a record that was merged counts for the one that was kept.
 * $1 patients, $2 purpose, $3 code of the procedure or null for every one.
 */
export const DECISIONS_OF_PATIENTS = `
  SELECT id, patient_id AS "patientId", decision::text AS decision, decided_at AS "decidedAt",
         recorded_at AS "recordedAt", wording_id AS "wordingId", procedure_code AS "procedureCode",
         side::text AS side, levels, stage::text AS stage, of_record_id AS "ofRecordId"
    FROM consent_records
   WHERE patient_id = ANY ($1::uuid[]) AND purpose = $2::"ConsentPurpose"
     AND ($3::text IS NULL OR procedure_code = $3)
   UNION ALL
  SELECT record.id, stub.merged_into_id, record.decision::text, record.decided_at, record.recorded_at,
         record.wording_id, record.procedure_code, record.side::text, record.levels, record.stage::text,
         record.of_record_id
    FROM patients stub
    JOIN consent_records record ON record.patient_id = stub.id
   WHERE stub.merged_into_id = ANY ($1::uuid[]) AND record.purpose = $2::"ConsentPurpose"
     AND ($3::text IS NULL OR record.procedure_code = $3)`;

/** Those whose records are their own and were not destroyed, in order of id. $1 after which id, $2 how many. */
export const LIVE_PATIENTS = `
  SELECT id FROM patients
   WHERE merged_into_id IS NULL AND destroyed_at IS NULL AND ($1::uuid IS NULL OR id > $1::uuid)
   ORDER BY id LIMIT $2`;
