/**
 * The visits of these patients that stand on a consent and are still to be, or under way. Those that another room follows
 * are that room's. $1 patients, $2 purpose, $3 code of the procedure; null: not one of procedures
 */
export const VISITS_ON_CONSENT = `
  SELECT visit.id, visit.patient_id AS "patientId"
    FROM visits visit
    JOIN visit_types kind ON kind.code = visit.visit_type_code
   WHERE visit.patient_id = ANY ($1::uuid[]) AND visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS')
     AND kind.companion IS NULL AND kind.consent_purpose = $2::"ConsentPurpose"
     AND ($3::text IS NULL OR kind.code = $3::text)
   ORDER BY visit.starts_at, visit.id`;
