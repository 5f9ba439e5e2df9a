/**
 * What whoever scans should know of these patients ($1), in words: alerts that are no secret from whoever stands at the
 * console, allergies and implants that any of their referrals names, and what they need. Of alerts: from and until which day.
 */
export const CARE_WORDS_OF = `
  SELECT patient_id AS "patientId", 'ALERT' AS kind, text AS words, severity::text AS severity,
         to_char(from_on, 'YYYY-MM-DD') AS "fromOn", to_char(until_on, 'YYYY-MM-DD') AS "untilOn"
    FROM patient_alerts
   WHERE patient_id = ANY ($1::uuid[]) AND ended_at IS NULL AND kind IN ('CLINICAL', 'SAFETY')
     AND (coalesce(cardinality(visible_to), 0) = 0 OR 'IMAGING' = ANY (visible_to))
  UNION ALL
  SELECT referral.patient_id, item.kind::text, item.what, NULL, NULL, NULL
    FROM referral_history_items item
    JOIN referrals referral ON referral.id = item.referral_id
   WHERE referral.patient_id = ANY ($1::uuid[]) AND item.kind IN ('ALLERGY', 'IMPLANT') AND item.retired_at IS NULL
     AND item.is_current IS DISTINCT FROM false
  UNION ALL
  SELECT need.patient_id, 'NEED', kind.flag || coalesce(': ' || need.detail, ''), NULL, NULL, NULL
    FROM communication_needs need
    JOIN communication_need_kinds kind ON kind.code = need.kind_code
   WHERE need.patient_id = ANY ($1::uuid[]) AND need.ended_at IS NULL
   ORDER BY 1, 2, 3`;
