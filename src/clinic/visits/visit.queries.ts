/** Keeps visits from changing, in the order of their ids: whoever locks two never waits for whom he keeps waiting. $1 ids */
export const LOCK_VISITS = `
  SELECT id FROM visits WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/**
 * What a new visit stands beside, in the order of ids: the visit that it replaces, and the holds of its request, or
 * instead of the same visit, that have ended by themselves: they still stand in the unique indexes.
 * $1 request (null: none), $2 replaced visit (null: none), $3 now
 */
export const LOCK_BESIDE = `
  SELECT id FROM visits
   WHERE id = $2::uuid
      OR ((request_id = $1::uuid OR replaces_id = $2::uuid) AND status = 'HELD' AND held_until <= $3::timestamptz)
   ORDER BY id
     FOR NO KEY UPDATE`;

/** Keeps a request from changing. $1 id */
export const LOCK_REQUEST = `
  SELECT id FROM visit_requests WHERE id = $1::uuid FOR UPDATE`;

/** A page of each patient's visits, the latest first. $1 patients, $2 how many, $3 start and $4 id of the last shown (null: from the top) */
export const PAGES_OF_PATIENTS = `
  SELECT page.id
    FROM unnest($1::uuid[]) AS asked (patient_id)
    CROSS JOIN LATERAL (
      SELECT visit.id
        FROM visits visit
       WHERE visit.patient_id = asked.patient_id
         AND ($3::timestamptz IS NULL OR (visit.starts_at, visit.id) < ($3::timestamptz, $4::uuid))
       ORDER BY visit.starts_at DESC, visit.id DESC
       LIMIT $2::int
    ) page`;

/** Who follows whom when visits are booked instead of others, to the end of each line. $1 ids */
export const LAST_IN_LINE = `
  WITH RECURSIVE line AS (
    SELECT visit.replaces_id AS id, visit.id AS last_id
      FROM visits visit
     WHERE visit.replaces_id = ANY ($1::uuid[])
    UNION ALL
    SELECT line.id, visit.id
      FROM line
      JOIN visits visit ON visit.replaces_id = line.last_id
  )
  SELECT line.id, line.last_id AS "lastId"
    FROM line
   WHERE NOT EXISTS (SELECT FROM visits later WHERE later.replaces_id = line.last_id)`;
