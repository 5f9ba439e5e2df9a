/**
 * Those of these patients who have a visit in a stretch of time: booked, under way or over, and neither missed nor
 * cancelled.
 * $1 patients, $2 first moment and $3 moment after the last, $4 only visits of a kind that cannot be without this consent
 * (null: every kind), $5 only visits of this procedure (null: every one)
 */
export const PATIENTS_WITH_VISITS = `
  SELECT DISTINCT visit.patient_id AS "patientId"
    FROM visits visit
    JOIN visit_types kind ON kind.code = visit.visit_type_code
   WHERE visit.patient_id = ANY ($1::uuid[])
     AND visit.starts_at >= $2::timestamptz AND visit.starts_at < $3::timestamptz
     AND visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED')
     AND ($5::text IS NULL OR visit.visit_type_code = $5::text)
     AND ($4::text IS NULL OR $5::text IS NOT NULL OR kind.consent_purpose::text = $4::text)`;
