/**
 * Holds on some days that end after a moment, the first to end first: those that have ended meanwhile, and the next.
 * $1, $2 the days from and until (timestamptz[]), $3 the moment, $4 how many
 */
export const HOLDS_TO_END = `
  SELECT visit.id, visit.version, visit.site_code AS "siteCode",
         (extract(epoch FROM visit.starts_at) * 1000)::float8 AS "startsAtMs",
         (extract(epoch FROM visit.held_until) * 1000)::float8 AS "heldUntilMs"
    FROM unnest($1::timestamptz[], $2::timestamptz[]) AS day (begins, ends)
    JOIN visits visit ON visit.starts_at >= day.begins AND visit.starts_at < day.ends
   WHERE visit.status = 'HELD' AND visit.held_until > $3::timestamptz
   ORDER BY visit.held_until, visit.id
   LIMIT $4`;
