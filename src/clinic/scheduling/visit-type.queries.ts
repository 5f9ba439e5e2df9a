/** A protocol with its steps and their needs, as one JSON object; `protocol` is its row. */
const PROTOCOL = `
  json_build_object(
    'id', protocol.id, 'visitTypeCode', protocol.visit_type_code, 'effectiveFrom', protocol.effective_from,
    'startStepMinutes', protocol.start_step_minutes, 'source', protocol.source,
    'steps', coalesce((
      SELECT json_agg(json_build_object(
               'position', step.position, 'name', step.name, 'durationMinutes', step.duration_minutes,
               'waitMinutesMin', step.wait_minutes_min, 'waitMinutesTarget', step.wait_minutes_target,
               'waitMinutesMax', step.wait_minutes_max, 'patientPresent', step.patient_present,
               'needs', coalesce((
                 SELECT json_agg(json_build_object(
                          'role', need.role, 'kind', need.kind, 'skill', need.skill,
                          'bufferBeforeMinutes', need.buffer_before_minutes,
                          'bufferAfterMinutes', need.buffer_after_minutes,
                          'continuity', need.continuity, 'fillsWait', need.fills_wait) ORDER BY need.role)
                   FROM visit_step_needs need WHERE need.step_id = step.id), '[]'))
               ORDER BY step.position)
        FROM visit_protocol_steps step WHERE step.protocol_id = protocol.id), '[]'))`;

/** A kind of visit with the protocol in force on the day $2, as one JSON object; `type` is its row. */
const TYPE = `
  json_build_object(
    'code', type.code, 'name', type.name, 'modality', type.modality, 'companion', type.companion,
    'needsReferral', type.needs_referral, 'consentPurpose', type.consent_purpose, 'isPublic', type.is_public,
    'holdMinutes', type.hold_minutes, 'movesMax', type.moves_max, 'lateChangeHours', type.late_change_hours,
    'offersFreed', type.offers_freed, 'offersAtOnce', type.offers_at_once, 'answerMinutes', type.answer_minutes,
    'retiredOn', type.retired_on,
    'protocol', (
      SELECT ${PROTOCOL}
        FROM visit_protocols protocol
       WHERE protocol.visit_type_code = type.code AND protocol.effective_from <= $2::date
       ORDER BY protocol.effective_from DESC
       LIMIT 1))`;

/** No row: there is no such kind. $1 code, $2 the day */
export const VISIT_TYPE = `
  SELECT ${TYPE} AS "visitType" FROM visit_types type WHERE type.code = $1`;

/**
 * The same with what else every booking of that kind asks before it takes anything, as one statement: the lead-time
 * policies that have come into force, for every priority, and who or what is asked for. $1 code, $2 the day, $3 ids
 */
export const BOOKING_GROUND = `
  SELECT ${TYPE} AS "visitType",
         (SELECT coalesce(json_agg(json_build_object(
                   'id', policy.id, 'visitType', policy.visit_type, 'priority', policy.priority,
                   'earliestDays', policy.earliest_days, 'targetDays', policy.target_days,
                   'breachDays', policy.breach_days, 'latestDays', policy.latest_days,
                   'dayKind', policy.day_kind, 'clockStart', policy.clock_start,
                   'earliestOverriddenBy', policy.earliest_overridden_by,
                   'latestOverriddenBy', policy.latest_overridden_by,
                   'effectiveFrom', policy.effective_from, 'reason', policy.reason)), '[]')
            FROM lead_time_policies policy
           WHERE policy.visit_type = type.code AND policy.effective_from <= $2::date) AS policies,
         (SELECT coalesce(json_agg(json_build_object(
                   'id', resource.id, 'kind', resource.kind, 'name', resource.name, 'skills', resource.skills,
                   'siteCode', resource.site_code)), '[]')
            FROM resources resource WHERE resource.id = ANY ($3::uuid[])) AS resources
    FROM visit_types type
   WHERE type.code = $1`;

/** One protocol by its id. $1 id */
export const VISIT_PROTOCOL = `
  SELECT ${PROTOCOL} AS protocol FROM visit_protocols protocol WHERE protocol.id = $1::uuid`;
