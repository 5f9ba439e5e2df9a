/**
 * Waits that ended with a visit, in groups and altogether (the row without a group), in one statement.
 *
 * A wait is counted once: only the visit with which a request stands booked counts. Visits that were only held, have been
 * cancelled or were missed have ended nothing, and of a series the first that stands has. Days are counted on the clinic's calendar, from the day on which the clock
 * started to the local day of the visit, so that a change of the clocks adds no day and takes none.
 *
 * $1 first moment and $2 moment after the last, $3 time zone, $4 kind of visit (null: all), $5 priority (null: all),
 * $6 what is grouped by: TYPE, WEEK or PRIORITY
 */
export const LEAD_TIMES = `
  WITH waits AS (
    SELECT CASE $6::text
             WHEN 'TYPE' THEN request.visit_type_code
             WHEN 'WEEK' THEN to_char(date_trunc('week', visit.starts_at AT TIME ZONE $3::text), 'YYYY-MM-DD')
             ELSE request.priority::text
           END AS grouped,
           (visit.starts_at AT TIME ZONE $3::text)::date AS held_on,
           request.clock_started_on,
           request.target_on,
           request.breach_on
      FROM visits visit
      JOIN visit_requests request ON request.id = visit.request_id
     WHERE visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED')
       AND visit.starts_at >= $1::timestamptz AND visit.starts_at < $2::timestamptz
       AND ($4::text IS NULL OR request.visit_type_code = $4::text)
       AND ($5::text IS NULL OR request.priority::text = $5::text)
       AND (visit.series_id IS NULL OR visit.id = (
             SELECT one.id
               FROM visits one
              WHERE one.series_id = visit.series_id
                AND one.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED')
              ORDER BY one.series_position, one.starts_at DESC
              LIMIT 1))
  )
  SELECT grouped AS "group",
         GROUPING(grouped) = 1 AS "isTotal",
         count(*)::int AS "count",
         percentile_cont(0.5) WITHIN GROUP (ORDER BY held_on - clock_started_on) AS "medianDays",
         percentile_cont(0.9) WITHIN GROUP (ORDER BY held_on - clock_started_on) AS "p90Days",
         count(*) FILTER (WHERE held_on <= target_on)::int AS "insidePromise",
         count(*) FILTER (WHERE held_on > breach_on)::int AS "breaches"
    FROM waits
   GROUP BY GROUPING SETS ((grouped), ())
   ORDER BY grouped NULLS LAST`;
