/**
 * The visits of one stretch of time with their steps, the waits between them and who serves them; and what is closed
 * in it. One row, whatever there is. Instants are milliseconds since 1970.
 * $1 from, $2 until (timestamptz): visits that start in between, $3 now, $4 cancelled ones too?
 * $5 the local day, $6 time zone: of the closures, read as the diary's own search reads them
 * $7 code of the only site (null: every site)
 */
export const BOARD = `
  WITH shown AS (
    SELECT visit.*, type.name AS type_name
      FROM visits visit
      JOIN visit_types type ON type.code = visit.visit_type_code
     WHERE visit.starts_at >= $1::timestamptz AND visit.starts_at < $2::timestamptz
       AND visit.status <> 'LAPSED'
       AND (visit.status <> 'HELD' OR visit.held_until > $3::timestamptz)
       AND ($4::boolean OR visit.status <> 'CANCELLED')
       AND ($7::text IS NULL OR visit.site_code = $7)
  ), served AS (
    SELECT part.step_id, jsonb_agg(jsonb_build_object(
             'role', part.role,
             'resource', jsonb_build_object('id', resource.id, 'kind', resource.kind, 'name', resource.name))
             ORDER BY part.role) AS resources
      FROM shown
      JOIN visit_steps step ON step.visit_id = shown.id
      JOIN visit_step_resources part ON part.step_id = step.id
      JOIN resources resource ON resource.id = part.resource_id
     GROUP BY part.step_id
  ), planned AS (
    -- A need that fills the wait is a step of its own in a visit, before the one that has it.
    SELECT step.protocol_id, step.wait_minutes_min, step.wait_minutes_max,
           step.position + sum(filler.steps) OVER (PARTITION BY step.protocol_id ORDER BY step.position) AS position
      FROM visit_protocol_steps step
      CROSS JOIN LATERAL (
        SELECT CASE WHEN EXISTS (SELECT FROM visit_step_needs need WHERE need.step_id = step.id AND need.fills_wait)
                    THEN 1 ELSE 0 END AS steps) filler
     WHERE step.protocol_id IN (SELECT protocol_id FROM shown)
  ), stepped AS (
    SELECT step.visit_id, jsonb_agg(jsonb_build_object(
             'position', step.position, 'name', step.name,
             'startsAtMs', extract(epoch FROM step.starts_at) * 1000,
             'endsAtMs', extract(epoch FROM step.ends_at) * 1000,
             'startedAtMs', extract(epoch FROM step.started_at) * 1000,
             'endedAtMs', extract(epoch FROM step.ended_at) * 1000,
             'waitMinutesMin', planned.wait_minutes_min,
             'waitMinutesMax', planned.wait_minutes_max,
             'resources', coalesce(served.resources, '[]'))
             ORDER BY step.position) AS steps
      FROM shown
      JOIN visit_steps step ON step.visit_id = shown.id
      LEFT JOIN planned ON planned.protocol_id = shown.protocol_id AND planned.position = step.position
      LEFT JOIN served ON served.step_id = step.id
     GROUP BY step.visit_id
  ), closures AS (
    SELECT resource_id, kind, reason,
           (held_on + coalesce(starts_at, time '00:00')) AT TIME ZONE $6 AS starts,
           coalesce(held_on + ends_at, held_on + interval '1 day') AT TIME ZONE $6 AS ends
      FROM opening_exceptions
     WHERE held_on = $5::date AND kind IN ('CLOSED', 'LEAVE')
  )
  SELECT coalesce((
    SELECT jsonb_agg(jsonb_build_object(
             'id', shown.id, 'patientId', shown.patient_id, 'requestId', shown.request_id,
             'siteCode', shown.site_code, 'visitTypeCode', shown.visit_type_code, 'visitTypeName', shown.type_name,
             'companion', shown.companion, 'status', shown.status, 'version', shown.version,
             'startsAtMs', extract(epoch FROM shown.starts_at) * 1000,
             'endsAtMs', extract(epoch FROM shown.ends_at) * 1000,
             'heldUntilMs', extract(epoch FROM shown.held_until) * 1000,
             'arrivedAtMs', extract(epoch FROM shown.arrived_at) * 1000,
             'startedAtMs', extract(epoch FROM shown.started_at) * 1000,
             'finishedAtMs', extract(epoch FROM shown.finished_at) * 1000,
             'cancelReasonCode', shown.cancel_reason_code,
             'steps', coalesce(stepped.steps, '[]'))
             ORDER BY shown.starts_at, shown.id)
      FROM shown
      LEFT JOIN stepped ON stepped.visit_id = shown.id), '[]') AS visits,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'name', name, 'siteCode', site_code)
                     ORDER BY kind, name)
      FROM resources
     WHERE (retired_on IS NULL OR retired_on > $5::date)
       AND ($7::text IS NULL OR site_code = $7)), '[]') AS resources,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object(
             'resourceId', resource_id, 'kind', kind, 'reason', reason,
             'startsAtMs', extract(epoch FROM starts) * 1000,
             'endsAtMs', extract(epoch FROM ends) * 1000)
             ORDER BY starts, ends)
      FROM closures
     WHERE starts < ends), '[]') AS closures,
  $7::text IS NULL OR EXISTS (SELECT FROM sites WHERE code = $7) AS "isSite",
  (SELECT name FROM bank_holidays WHERE held_on = $5::date) AS "bankHoliday"`;
