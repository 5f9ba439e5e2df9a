/**
 * What is booked or held of these resources in a time, in order: whose it is, and whether that is a visit, or a place
 * that fell free and is kept for those who are asked about it. What is over does not count, and neither does a hold that
 * has ended.
 * $1 resource ids, $2 from, $3 until, $4 now
 */
export const BOOKED_IN_TIME = `
  SELECT claim.holder_id AS "holderId", visit.id IS NOT NULL AS "isVisit", place.id IS NOT NULL AS "isOffered",
         claim.starts_at AS "startsAt", claim.ends_at AS "endsAt"
    FROM span_claims claim
    LEFT JOIN visits visit ON visit.id = claim.holder_id
    LEFT JOIN freed_places place ON place.id = claim.holder_id
   WHERE claim.resource_id = ANY ($1::uuid[])
     AND claim.released_at IS NULL
     AND (claim.expires_at IS NULL OR claim.expires_at > $4::timestamptz)
     AND claim.span && tstzrange(least(greatest($2::timestamptz, $4::timestamptz), $3::timestamptz), $3::timestamptz, '[)')
   ORDER BY claim.starts_at, claim.holder_id, claim.resource_id`;

/** Of two who undo one closure the second waits and finds it undone. $1 closure */
export const LOCK_CLOSURE = `
  SELECT id FROM closures WHERE id = $1::uuid FOR UPDATE`;
