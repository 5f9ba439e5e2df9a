/**
 * When an extra session could be held: Monday to Friday from 8 to 18 by the wall clock, but not on a bank holiday, nor
 * while the resource or the clinic is closed, on leave or taken. By resource, as two lists of epoch milliseconds.
 * $1 from and $2 until (epoch ms), $3 time zone, $4 kinds, $5 holder whose own claims do not count (null: all count)
 */
export const OPENABLE_TIME = `
  WITH asked AS (
    SELECT to_timestamp($1::float8 / 1000) AS starts_at, to_timestamp($2::float8 / 1000) AS ends_at
  ), days AS (
    SELECT day::date AS held_on
      FROM asked
      CROSS JOIN generate_series((starts_at AT TIME ZONE $3)::date::timestamp,
                                 (ends_at AT TIME ZONE $3)::date::timestamp, interval '1 day') AS day
     WHERE extract(isodow FROM day) <= 5
       AND NOT EXISTS (SELECT FROM bank_holidays holiday WHERE holiday.held_on = day::date)
  ), clinic AS (
    SELECT range_agg(tstzrange((held_on + time '08:00') AT TIME ZONE $3, (held_on + time '18:00') AT TIME ZONE $3, '[)'))
             * tstzmultirange(tstzrange(min(asked.starts_at), min(asked.ends_at), '[)')) AS spans
      FROM days
      CROSS JOIN asked
  )
  SELECT resource.id, resource.kind::text AS kind, resource.name, resource.skills, resource.site_code AS "siteId",
         array_agg((extract(epoch FROM lower(span)) * 1000)::float8 ORDER BY span) AS starts,
         array_agg((extract(epoch FROM upper(span)) * 1000)::float8 ORDER BY span) AS ends
    FROM resources resource
    CROSS JOIN asked
    CROSS JOIN clinic
    LEFT JOIN LATERAL (
      SELECT range_agg(tstzrange(
               (closure.held_on + coalesce(closure.starts_at, time '00:00')) AT TIME ZONE $3,
               coalesce(closure.held_on + closure.ends_at, closure.held_on + interval '1 day') AT TIME ZONE $3, '[)')) AS spans
        FROM opening_exceptions closure
        JOIN days ON days.held_on = closure.held_on
       WHERE closure.kind IN ('CLOSED', 'LEAVE')
         AND (closure.resource_id IS NULL OR closure.resource_id = resource.id)
    ) closed ON true
    LEFT JOIN LATERAL (
      SELECT range_agg(claim.span) AS spans
        FROM span_claims claim
       WHERE claim.resource_id = resource.id
         AND claim.released_at IS NULL
         AND claim.span && tstzrange(asked.starts_at, asked.ends_at, '[)')
         AND ($5::uuid IS NULL OR claim.holder_id <> $5::uuid)
    ) taken ON true
    CROSS JOIN LATERAL unnest(clinic.spans - coalesce(closed.spans, '{}') - coalesce(taken.spans, '{}')) AS span
   WHERE resource.kind::text = ANY ($4::text[])
     AND (resource.retired_on IS NULL OR resource.retired_on > (asked.ends_at AT TIME ZONE $3)::date)
   GROUP BY resource.id
   ORDER BY resource.id`;
