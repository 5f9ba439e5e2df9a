/**
 * What was decided by whom and when, and nothing else, for thousands of patients at once: a scanner's worklist asks
 * for all of them. What was decided under a record that was merged counts for the one that was kept.
 * $1 patients, $2 purpose.
 */
export const DECISIONS_OF_PATIENTS = `
  SELECT id, patient_id AS "patientId", decision::text AS decision, decided_at AS "decidedAt",
         recorded_at AS "recordedAt"
    FROM consent_records
   WHERE patient_id = ANY ($1::uuid[]) AND purpose = $2::"ConsentPurpose"
   UNION ALL
  SELECT record.id, stub.merged_into_id, record.decision::text, record.decided_at, record.recorded_at
    FROM patients stub
    JOIN consent_records record ON record.patient_id = stub.id
   WHERE stub.merged_into_id = ANY ($1::uuid[]) AND record.purpose = $2::"ConsentPurpose"`;
