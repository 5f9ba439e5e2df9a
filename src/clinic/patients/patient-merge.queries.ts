/** The needs of a patient $1, and which of them another $2 has as well: one of a kind and detail at a time is enough. */
export const NEEDS_OF_MERGED = `
  SELECT need.id::text AS id,
         need.ended_at IS NULL
           AND EXISTS (SELECT 1 FROM communication_needs other
                        WHERE other.patient_id = $2::uuid AND other.ended_at IS NULL
                          AND other.kind_code = need.kind_code
                          AND lower(coalesce(other.detail, '')) = lower(coalesce(need.detail, ''))) AS "isDouble"
    FROM communication_needs need
   WHERE need.patient_id = $1::uuid
   ORDER BY need.id`;
