/** When two patients are expected at the same time, for as long as both are. $1 one, $2 the other, $3 now */
export const PRESENCES_OF_BOTH = `
  SELECT greatest(one.starts_at, other.starts_at) AS "startsAt", least(one.ends_at, other.ends_at) AS "endsAt"
    FROM patient_presences one
    JOIN patient_presences other ON other.patient_id = $2::uuid AND other.span && one.span
   WHERE one.patient_id = $1::uuid
     AND one.released_at IS NULL AND (one.expires_at IS NULL OR one.expires_at > $3::timestamptz)
     AND other.released_at IS NULL AND (other.expires_at IS NULL OR other.expires_at > $3::timestamptz)
   ORDER BY 1, 2`;
