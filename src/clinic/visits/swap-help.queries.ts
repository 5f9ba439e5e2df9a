/**
 * Visits of one kind and protocol that have something of some kinds in a time, and that may be moved: booked, moved less
 * often than the kind allows, not so near that the change would be late. The earliest first. Each with all that it has,
 * its patient's stated times and the end of its promise; without one, the day on which it is now: nobody is put off for
 * somebody else. Instants are milliseconds since 1970.
 * $1 kind of visit, $2 protocol, $3 kinds of resource, $4 from and $5 until (epoch ms), $6 now (timestamptz), $7 time zone
 * $8 patient whose own visits are left out (null: nobody's), $9 visit that is left out (null: none)
 * $10 wanted resources: of each kind among them only these ({}: no wish), $11 code of the only site (null: any)
 * $12 how many
 */
export const MOVABLE_VISITS = `
  SELECT visit.id, visit.version, visit.patient_id AS "patientId",
         (extract(epoch FROM visit.starts_at) * 1000)::float8 AS "startMs",
         coalesce(request.target_on, (visit.starts_at AT TIME ZONE $7)::date)::text AS "promisedOn",
         coalesce(request.travel_minutes, 0) AS "travelMinutes",
         coalesce((
           SELECT jsonb_agg(jsonb_build_object(
                    'isoWeekday', said.iso_weekday, 'fromTime', to_char(said.from_time, 'HH24:MI'),
                    'untilTime', to_char(said.until_time, 'HH24:MI'), 'firstOn', said.first_on, 'lastOn', said.last_on,
                    'isExcluded', said.is_excluded))
             FROM visit_request_times said
            WHERE said.request_id = visit.request_id), '[]') AS times,
         held.claims
    FROM visits visit
    JOIN visit_types type ON type.code = visit.visit_type_code
    LEFT JOIN visit_requests request ON request.id = visit.request_id
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object(
               'resourceId', claim.resource_id, 'id', claim.resource_id, 'kind', resource.kind, 'name', resource.name,
               'skills', resource.skills, 'siteId', resource.site_code,
               'startMs', extract(epoch FROM claim.starts_at) * 1000,
               'endMs', extract(epoch FROM claim.ends_at) * 1000)) AS claims,
             bool_or(resource.kind::text = ANY ($3::text[])) AS "hasWanted"
        FROM span_claims claim
        JOIN resources resource ON resource.id = claim.resource_id
       WHERE claim.holder_id = visit.id
         AND claim.released_at IS NULL
         AND ($11::text IS NULL OR resource.site_code = $11)
         AND (resource.id = ANY ($10::uuid[])
              OR resource.kind NOT IN (SELECT wanted.kind FROM resources wanted WHERE wanted.id = ANY ($10::uuid[])))
    ) held
   WHERE visit.visit_type_code = $1
     AND visit.protocol_id = $2::uuid
     AND visit.status = 'BOOKED'
     AND visit.moves_count < type.moves_max
     AND visit.starts_at >= $6::timestamptz + make_interval(hours => type.late_change_hours)
     AND visit.starts_at < to_timestamp($5::float8 / 1000)
     AND visit.ends_at > to_timestamp($4::float8 / 1000)
     AND ($8::uuid IS NULL OR visit.patient_id <> $8::uuid)
     AND ($9::uuid IS NULL OR visit.id <> $9::uuid)
     AND held."hasWanted"
   ORDER BY visit.starts_at, visit.id
   LIMIT $12::int`;
