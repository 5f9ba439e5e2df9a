/**
 * What was decided by whom and when, and nothing else, for thousands of patients at once: a scanner's worklist asks
 * for all of them. $1 patients, $2 purpose.
 */
export const DECISIONS_OF_PATIENTS = `
  SELECT id, patient_id AS "patientId", decision::text AS decision, decided_at AS "decidedAt",
         recorded_at AS "recordedAt"
    FROM consent_records
   WHERE patient_id = ANY ($1::uuid[]) AND purpose = $2::"ConsentPurpose"`;
