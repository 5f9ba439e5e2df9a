/** Queries that are kept of each scanner to explain why a booking was not seen: an hour or so of an eager console. */
export const QUERIES_KEPT_MAX = 50;
/** And no longer than a day: they say, veiled, what was asked about patients. */
export const QUERIES_KEPT_HOURS = 24;
/** Callers that were turned away: enough for a week of a console that is set up wrongly, too few to be a burden. */
export const REJECTIONS_KEPT_MAX = 500;
/** And of one source address: whoever knocks without end must not push the clinic's own consoles off the list. */
export const REJECTIONS_KEPT_OF_ONE_ADDRESS_MAX = 100;

/**
 * Whose visits were shown, look by look: by the visit and not by its steps, which may have gone since. A look without any
 * has no row. $1 an array of the looks' accession numbers, each an array; place counts from 0.
 */
export const PATIENTS_OF_LOOKS = `
  SELECT (look.number - 1)::int AS place, array_agg(DISTINCT booking.patient_id) AS "patientIds"
    FROM json_array_elements($1::json) WITH ORDINALITY AS look (accession_numbers, number)
   CROSS JOIN json_array_elements_text(look.accession_numbers) AS shown (accession_number)
    JOIN scan_bookings booking ON booking.accession_number = shown.accession_number
   GROUP BY look.number`;

/**
 * When a scanner was last heard. Several processes may write: the later moment stays. $1 scanner, $2 echo, $3 query,
 * $4 its status, $5 its answers, $6 step.
 */
export const NOTE_CONTACT = `
  INSERT INTO scanner_contacts AS contact
         (scanner_id, echoed_at, queried_at, query_status, query_answers, stepped_at)
  VALUES ($1::uuid, $2::timestamptz, $3::timestamptz, $4::int, $5::int, $6::timestamptz)
  ON CONFLICT (scanner_id) DO UPDATE
     SET echoed_at     = greatest(contact.echoed_at, excluded.echoed_at),
         query_status  = CASE WHEN excluded.queried_at >= coalesce(contact.queried_at, '-infinity')
                              THEN excluded.query_status ELSE contact.query_status END,
         query_answers = CASE WHEN excluded.queried_at >= coalesce(contact.queried_at, '-infinity')
                              THEN excluded.query_answers ELSE contact.query_answers END,
         queried_at    = greatest(contact.queried_at, excluded.queried_at),
         stepped_at    = greatest(contact.stepped_at, excluded.stepped_at)`;

/** All but a scanner's newest queries. $1 scanner, $2 how many stay. */
export const PRUNE_QUERIES = `
  DELETE FROM scanner_queries
   WHERE id IN (SELECT id FROM scanner_queries
                 WHERE scanner_id = $1::uuid
                 ORDER BY received_at DESC, id DESC OFFSET $2::int)`;

/** All but the newest rejections. $1 how many stay, $2 how many of one source address. */
export const PRUNE_REJECTIONS = `
  WITH ranked AS (
    SELECT id, rejected_at, row_number() OVER (PARTITION BY source ORDER BY rejected_at DESC, id DESC) AS place
      FROM scanner_rejections),
  stays AS (
    SELECT id FROM ranked WHERE place <= $2::int ORDER BY rejected_at DESC, id DESC LIMIT $1::int)
  DELETE FROM scanner_rejections WHERE id NOT IN (SELECT id FROM stays)`;
