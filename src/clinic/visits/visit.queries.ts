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
      SELECT visit.id, visit.starts_at
        FROM visits visit
       WHERE visit.patient_id = asked.patient_id
         AND ($3::timestamptz IS NULL OR (visit.starts_at, visit.id) < ($3::timestamptz, $4::uuid))
       ORDER BY visit.starts_at DESC, visit.id DESC
       LIMIT $2::int
    ) page
   ORDER BY page.starts_at DESC, page.id DESC`;

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

/**
 * Visits with their steps and who serves them, each as one JSON object, in no order. Every verb reads its visit before
 * and after, so it is one statement whatever there is. Instants are milliseconds since 1970. $1 ids
 */
export const VISITS = `
  SELECT json_build_object(
           'id', visit.id, 'requestId', visit.request_id, 'patientId', visit.patient_id,
           'visitTypeCode', visit.visit_type_code, 'companion', visit.companion, 'siteCode', visit.site_code,
           'seriesId', visit.series_id, 'seriesPosition', visit.series_position, 'protocolId', visit.protocol_id,
           'status', visit.status, 'version', visit.version,
           'startsAt', extract(epoch FROM visit.starts_at) * 1000, 'endsAt', extract(epoch FROM visit.ends_at) * 1000,
           'heldUntil', extract(epoch FROM visit.held_until) * 1000,
           'bookedAt', extract(epoch FROM visit.booked_at) * 1000,
           'changedAt', extract(epoch FROM visit.changed_at) * 1000,
           'movesCount', visit.moves_count, 'replacesId', visit.replaces_id,
           'replacedById', (SELECT later.id FROM visits later WHERE later.replaces_id = visit.id),
           'overrideReason', visit.override_reason, 'discontinuedBecause', visit.discontinued_because,
           'cancelReasonCode', visit.cancel_reason_code, 'cancelComment', visit.cancel_comment,
           'cancelledAt', extract(epoch FROM visit.cancelled_at) * 1000,
           'arrivedAt', extract(epoch FROM visit.arrived_at) * 1000,
           'startedAt', extract(epoch FROM visit.started_at) * 1000,
           'finishedAt', extract(epoch FROM visit.finished_at) * 1000,
           'steps', coalesce((
             SELECT json_agg(json_build_object(
                      'position', step.position, 'name', step.name,
                      'startsAt', extract(epoch FROM step.starts_at) * 1000,
                      'endsAt', extract(epoch FROM step.ends_at) * 1000,
                      'startedAt', extract(epoch FROM step.started_at) * 1000,
                      'endedAt', extract(epoch FROM step.ended_at) * 1000,
                      'resources', coalesce((
                        SELECT json_agg(json_build_object(
                                 'role', part.role,
                                 'resource', json_build_object(
                                   'id', resource.id, 'kind', resource.kind, 'name', resource.name))
                                 ORDER BY part.role)
                          FROM visit_step_resources part
                          JOIN resources resource ON resource.id = part.resource_id
                         WHERE part.step_id = step.id), '[]'))
                      ORDER BY step.position)
               FROM visit_steps step WHERE step.visit_id = visit.id), '[]')) AS visit
    FROM visits visit
   WHERE visit.id = ANY ($1::uuid[])`;

/** What resources are and can do, to hold a visit against its protocol. $1 ids */
export const RESOURCES_TO_PLAN = `
  SELECT id, kind::text AS kind, skills, site_code AS "siteCode" FROM resources WHERE id = ANY ($1::uuid[])`;

const STEPS = `
    INSERT INTO visit_steps (id, position, name, starts_at, ends_at, patient_present, visit_id)
    SELECT step.*, $1::uuid
      FROM unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::boolean[]) AS step`;

const PARTS = `
  INSERT INTO visit_step_resources (step_id, role, resource_id)
  SELECT * FROM unnest($8::uuid[], $9::text[], $10::uuid[])`;

/**
 * Writes the steps of a visit and who serves them.
 * $1 visit; $2 ids, $3 positions, $4 names, $5 starts, $6 ends of the steps, $7 whether the patient is there;
 * $8 steps, $9 roles, $10 resources
 */
export const WRITE_STEPS = `
  WITH steps AS (${STEPS}
  )${PARTS}`;

/**
 * The same with the visit itself: times, kind and whose it is.
 * $11 request, $12 patient, $13 kind, $14 companion, $15 site, $16 protocol, $17 status, $18 start, $19 end, $20 end of
 * the hold, $21 now, $22 who, $23 replaced visit, $24 why a bound was overridden,
 * $25 series, $26 its place in it
 */
export const WRITE_VISIT = `
  WITH visit AS (
    INSERT INTO visits (id, request_id, patient_id, visit_type_code, companion, site_code, protocol_id, status,
                        starts_at, ends_at, held_until, booked_at, changed_at, booked_by_id, changed_by_id,
                        replaces_id, override_reason, series_id, series_position)
    VALUES ($1::uuid, $11::uuid, $12::uuid, $13, $14, $15, $16::uuid, $17::"VisitStatus", $18::timestamptz,
            $19::timestamptz, $20::timestamptz, $21::timestamptz, $21::timestamptz, $22::uuid, $22::uuid, $23::uuid,
            $24, $25::uuid, $26::int)
  ), steps AS (${STEPS}
  )${PARTS}`;

/** $1 visit, $2 version, $3 what was done, $4 the visit as it is now (JSON), $5 when, $6 who */
export const WRITE_REVISION = `
  INSERT INTO visit_revisions (visit_id, version, action, snapshot, changed_at, changed_by_id)
  VALUES ($1::uuid, $2::int, $3, $4::jsonb, $5::timestamptz, $6::uuid)`;
