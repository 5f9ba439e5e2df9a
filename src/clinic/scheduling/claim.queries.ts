/**
 * Takes spans of resources and of a patient's time. What meets a live claim or presence is left out by the exclusion
 * constraints, also what others are just writing; how many were taken of each. The order of the lists is the order in
 * which they are written.
 * $1 holder, $2 now, $3 end of the hold (null: for good)
 * $4 ids, $5 resources, $6 starts, $7 ends of the claims; $8 patient, $9 ids, $10 starts, $11 ends of the presences
 */
export const TAKE = `
  WITH claimed AS (
    INSERT INTO span_claims (id, resource_id, starts_at, ends_at, holder_id, claimed_at, expires_at)
    SELECT wanted.*, $1::uuid, $2::timestamptz, $3::timestamptz
      FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[]) AS wanted
        ON CONFLICT DO NOTHING
    RETURNING 1
  ), present AS (
    INSERT INTO patient_presences (id, starts_at, ends_at, patient_id, holder_id, claimed_at, expires_at)
    SELECT wanted.*, $8::uuid, $1::uuid, $2::timestamptz, $3::timestamptz
      FROM unnest($9::uuid[], $10::timestamptz[], $11::timestamptz[]) AS wanted
        ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT (SELECT count(*)::int FROM claimed) AS claims, (SELECT count(*)::int FROM present) AS presences`;

/**
 * Ends the holds in the way of a claim whose time is over: the exclusion constraint may not ask for the time, so to it
 * they still stand. A swept hold is released at the moment at which it ended, which tells it from one given back.
 * Rows are locked in the order in which claims are written. Somebody who confirms the hold in this moment holds the
 * lock: then it is not over any more, and the row is left alone.
 * $1 resource ids, $2 from, $3 until, $4 now
 */
export const SWEEP_CLAIMS = `
  UPDATE span_claims claim SET released_at = claim.expires_at
    FROM (SELECT id
            FROM span_claims
           WHERE resource_id = ANY ($1::uuid[])
             AND released_at IS NULL
             AND expires_at <= $4::timestamptz
             AND span && tstzrange($2::timestamptz, $3::timestamptz, '[)')
           ORDER BY resource_id, starts_at, id
             FOR UPDATE) ended
   WHERE claim.id = ended.id`;

/** The same for where a patient was to be. $1 patient, $2 now */
export const SWEEP_PRESENCES = `
  UPDATE patient_presences presence SET released_at = presence.expires_at
    FROM (SELECT id
            FROM patient_presences
           WHERE patient_id = $1::uuid AND released_at IS NULL AND expires_at <= $2::timestamptz
           ORDER BY starts_at, id
             FOR UPDATE) ended
   WHERE presence.id = ended.id`;

/**
 * Makes a hold a claim for good, all of it or nothing of it; says whether it did. Of the holder's rows those of its
 * last claim count: none of them may have ended or been swept (released at its own end), and one must be left. The
 * locks are taken first and give the newest rows, so whoever swept before is seen.
 * $1 holder, $2 now
 */
export const FIRM_HOLD = `
  WITH claims AS (
    SELECT id, released_at, expires_at
      FROM span_claims
     WHERE holder_id = $1::uuid
       AND claimed_at = (SELECT max(claimed_at) FROM span_claims WHERE holder_id = $1::uuid)
     ORDER BY resource_id, starts_at, id
       FOR UPDATE
  ), presences AS (
    SELECT id, released_at, expires_at
      FROM patient_presences
     WHERE holder_id = $1::uuid
       AND claimed_at = (SELECT max(claimed_at) FROM patient_presences WHERE holder_id = $1::uuid)
     ORDER BY starts_at, id
       FOR UPDATE
  ), parts AS (
    SELECT released_at, expires_at FROM claims UNION ALL SELECT released_at, expires_at FROM presences
  ), verdict AS (
    SELECT count(*) FILTER (WHERE released_at IS NULL) > 0
             AND count(*) FILTER (WHERE released_at = expires_at) = 0
             AND count(*) FILTER (WHERE released_at IS NULL AND expires_at <= $2::timestamptz) = 0 AS "isFirm"
      FROM parts
  ), firm_claims AS (
    UPDATE span_claims SET expires_at = NULL
      FROM verdict
     WHERE verdict."isFirm" AND released_at IS NULL AND id IN (SELECT id FROM claims)
  ), firm_presences AS (
    UPDATE patient_presences SET expires_at = NULL
      FROM verdict
     WHERE verdict."isFirm" AND released_at IS NULL AND id IN (SELECT id FROM presences)
  )
  SELECT "isFirm" FROM verdict`;

/** When the patient is to be somewhere else in one of these spans: the first. $1 patient, $2 starts, $3 ends, $4 holder */
export const PATIENT_ELSEWHERE = `
  SELECT presence.starts_at AS "startsAt", presence.ends_at AS "endsAt"
    FROM patient_presences presence
    JOIN unnest($2::timestamptz[], $3::timestamptz[]) AS wanted (starts_at, ends_at)
      ON presence.span && tstzrange(wanted.starts_at, wanted.ends_at, '[)')
   WHERE presence.patient_id = $1::uuid AND presence.released_at IS NULL AND presence.holder_id <> $4::uuid
   ORDER BY presence.starts_at
   LIMIT 1`;
