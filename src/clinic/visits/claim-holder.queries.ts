/** $1 visits */
export const KINDS_OF_VISITS = `SELECT id, visit_type_code AS "visitTypeCode" FROM visits WHERE id = ANY ($1::uuid[])`;

/**
 * Steps to come that a resource serves in a role for which their protocol asks for a skill that is not among these.
 * A hold that has ended counts for as long as somebody may be confirming it. $1 resource, $2 skills, $3 now, $4 holds that
 * ended before this do not count (timestamptz)
 */
export const BEYOND_SKILLS = `
  SELECT DISTINCT part.resource_id AS "resourceId", step.starts_at AS "startsAt", step.ends_at AS "endsAt"
    FROM visit_step_resources part
    JOIN visit_steps step ON step.id = part.step_id
    JOIN visits visit ON visit.id = step.visit_id
   WHERE part.resource_id = $1::uuid
     AND step.ends_at > $3::timestamptz
     AND (visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS')
          OR (visit.status = 'HELD' AND visit.held_until > $4::timestamptz))
     AND EXISTS (
       SELECT FROM visit_protocol_steps planned
         JOIN visit_step_needs need ON need.step_id = planned.id
        WHERE planned.protocol_id = visit.protocol_id
          AND (planned.name = step.name OR need.fills_wait)
          AND need.role = part.role
          AND need.skill IS NOT NULL
          AND need.skill <> ALL ($2::text[]))
   ORDER BY step.starts_at, step.ends_at`;
