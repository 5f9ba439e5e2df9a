/**
 * When resources can be had, in one statement whatever the days and resources:
 * (weekly hours outside bank holidays + extra sessions) − closures and leave − live claims. A hold that has ended is
 * no live claim any more, swept or not.
 *
 * What beats what: a closure beats everything; an extra session opens its own hours even on a bank holiday; the
 * weekly hours do not hold on a bank holiday. Local wall time becomes instants day by day, so a session across a
 * change of the clocks is as long as it is. PostgreSQL reads an hour that is skipped as if the clock had not been
 * put forward, and of an hour that comes twice it takes the second; a session that would end before it begins by
 * that reading does not take place.
 *
 * $1 from, $2 until (timestamptz), $3 time zone
 * $4 kinds (null: all), $5 resource ids (null: all)
 * $6 wanted resource ids (null: no wish): of each kind named among them, only these
 * $7 take live claims away? (false: opening hours only), $8 holder whose own claims do not count (null: all count)
 * $9 now (timestamptz): holds that end then or before do not count
 * $10 code of a visit type: sessions that are for other types only are closed to it (null: every session counts)
 */
const OPENED = `
  WITH asked AS (
    SELECT tstzrange($1::timestamptz, $2::timestamptz, '[)') AS window,
           ($1::timestamptz AT TIME ZONE $3)::date AS first_on,
           ($2::timestamptz AT TIME ZONE $3)::date AS last_on
  ), chosen AS (
    SELECT resource.id, resource.kind, resource.name, resource.skills, resource.site_code,
           coalesce(resource.retired_on, 'infinity') AS retired_on
      FROM resources resource
     WHERE ($4::text[] IS NULL OR resource.kind::text = ANY ($4::text[]))
       AND ($5::uuid[] IS NULL OR resource.id = ANY ($5::uuid[]))
       AND ($6::uuid[] IS NULL OR resource.id = ANY ($6::uuid[]) OR resource.kind NOT IN (
             SELECT named.kind FROM resources named WHERE named.id = ANY ($6::uuid[])))
  ), days AS (
    SELECT day::date AS held_on, extract(isodow FROM day) AS iso_weekday, holiday.held_on IS NOT NULL AS is_holiday
      FROM asked
      CROSS JOIN generate_series(first_on::timestamp, last_on::timestamp, interval '1 day') AS day
      LEFT JOIN bank_holidays holiday ON holiday.held_on = day::date
  ), sessions AS (
    SELECT chosen.id, days.held_on, hours.opens_at, hours.closes_at
      FROM chosen
      JOIN opening_hours hours ON hours.resource_id = chosen.id
      JOIN days ON days.iso_weekday = hours.iso_weekday
               AND days.held_on BETWEEN hours.valid_from AND coalesce(hours.valid_until, 'infinity')
               AND days.held_on < chosen.retired_on
     WHERE NOT days.is_holiday
       AND ($10::text IS NULL OR hours.serves = '{}' OR $10::text = ANY (hours.serves))
    UNION ALL
    SELECT chosen.id, extra.held_on, extra.starts_at, extra.ends_at
      FROM asked
      JOIN opening_exceptions extra ON extra.held_on BETWEEN first_on AND last_on AND extra.kind = 'EXTRA_SESSION'
      JOIN chosen ON chosen.id = extra.resource_id AND extra.held_on < chosen.retired_on
     WHERE $10::text IS NULL OR extra.serves = '{}' OR $10::text = ANY (extra.serves)
  ), opened AS (
    SELECT id, range_agg(tstzrange((held_on + opens_at) AT TIME ZONE $3, (held_on + closes_at) AT TIME ZONE $3, '[)')) AS spans
      FROM sessions
     WHERE (held_on + opens_at) AT TIME ZONE $3 < (held_on + closes_at) AT TIME ZONE $3
     GROUP BY id
  ), closures AS (
    SELECT closure.resource_id,
           closure.held_on + coalesce(closure.starts_at, time '00:00') AS starts,
           coalesce(closure.held_on + closure.ends_at, closure.held_on + interval '1 day') AS ends
      FROM asked
      JOIN opening_exceptions closure ON closure.held_on BETWEEN first_on AND last_on AND closure.kind IN ('CLOSED', 'LEAVE')
  ), closed AS (
    SELECT chosen.id, range_agg(tstzrange(starts AT TIME ZONE $3, ends AT TIME ZONE $3, '[)')) AS spans
      FROM closures
      JOIN chosen ON closures.resource_id IS NULL OR closures.resource_id = chosen.id
     WHERE starts AT TIME ZONE $3 < ends AT TIME ZONE $3
     GROUP BY chosen.id
  )`;

/**
 * What is left of each resource's opening hours, as `span`. Stands after `OPENED` and a list of columns. `inWindow` says
 * which claims meet the window, in the way that is quick for it.
 */
const fromFree = (inWindow: string) => `
    FROM opened
    JOIN chosen ON chosen.id = opened.id
    LEFT JOIN closed ON closed.id = opened.id
    LEFT JOIN LATERAL (
      SELECT range_agg(tstzrange(claim.starts_at, claim.ends_at, '[)')) AS spans
        FROM span_claims claim
       WHERE $7::boolean
         AND claim.resource_id = opened.id
         AND ${inWindow}
         AND claim.released_at IS NULL
         AND (claim.expires_at IS NULL OR claim.expires_at > $9::timestamptz)
         AND ($8::uuid IS NULL OR claim.holder_id <> $8::uuid)
    ) claimed ON true
    CROSS JOIN asked
    CROSS JOIN LATERAL unnest(
      opened.spans * tstzmultirange(asked.window)
        - coalesce(closed.spans, '{}')
        - coalesce(claimed.spans, '{}')
    ) AS span`;

/**
 * For the hours of one visit: by the index of the exclusion constraint. The planner takes the window for a small one, and
 * keeps the plan; with two bounds of time it would plan anew for each booking.
 */
const IN_HOURS = `claim.span && tstzrange($1::timestamptz, $2::timestamptz, '[)')`;

/** For days and weeks: in order of time and without a look at the rows (`span_claims_live`). */
const IN_DAYS = 'claim.ends_at > $1::timestamptz AND claim.starts_at < $2::timestamptz';

/** A row for each span, by resource and time. */
export const SPANS = `${OPENED}
  SELECT opened.id AS "resourceId", chosen.kind::text AS kind, chosen.name AS "resourceName",
         lower(span) AS "startsAt", upper(span) AS "endsAt"${fromFree(IN_HOURS)}
   ORDER BY opened.id, span`;

/** The same, a row for each resource: its spans as two lists of epoch milliseconds, in order of time. */
export const DIARY = `${OPENED}
  SELECT opened.id AS id, chosen.kind::text AS kind, chosen.name AS name, chosen.skills AS skills,
         chosen.site_code AS "siteId",
         array_agg((extract(epoch FROM lower(span)) * 1000)::float8 ORDER BY span) AS starts,
         array_agg((extract(epoch FROM upper(span)) * 1000)::float8 ORDER BY span) AS ends${fromFree(IN_DAYS)}
   GROUP BY opened.id, chosen.kind, chosen.name, chosen.skills, chosen.site_code
   ORDER BY opened.id`;

/**
 * Puts whoever claims these resources and whoever changes their hours in line, in a fixed order: claims hold this
 * until they are committed, and only `LOCK_TO_CHANGE_HOURS` waits for them. It is the lock that the foreign key of
 * a claim takes anyway, taken before the opening hours are read instead of after. It says, too, whether a hold has
 * ended that nobody has swept yet, so that a claim sweeps only then: that the end is not null says itself, and leads the
 * planner, which does not know the time, to the index of the few holds. $1 resource ids, $2 now
 */
export const LOCK_TO_CLAIM = `
  SELECT id, name, EXISTS (
           SELECT FROM span_claims
            WHERE released_at IS NULL AND expires_at IS NOT NULL
              AND expires_at <= $2::timestamptz AND resource_id = ANY ($1::uuid[])
         ) AS "hasEndedHolds"
    FROM resources WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE`;

/** Keeps claims of these resources waiting until the change is committed. $1 resource ids (null: all) */
export const LOCK_TO_CHANGE_HOURS = `
  SELECT id, name FROM resources WHERE $1::uuid[] IS NULL OR id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`;
