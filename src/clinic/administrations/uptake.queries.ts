/**
 * The uptake of scans: the injection that counts, the window of the protocol that it was given by, when the delayed images
 * began (the visit's last step), and whether somebody has said why. Instants are milliseconds since 1970. To be narrowed.
 */
const UPTAKES = `
  SELECT booking.id AS "visitId", booking.patient_id AS "patientId", given.id AS "administrationId",
         (extract(epoch FROM given.injected_at) * 1000)::float8 AS "injectedAtMs",
         (extract(epoch FROM acquisition.started_at) * 1000)::float8 AS "scanStartedAtMs",
         (extract(epoch FROM booking.scan_starts_at) * 1000)::float8 AS "scanPlannedAtMs",
         protocol.uptake_minutes_min AS "minutesMin", protocol.uptake_minutes_target AS "minutesTarget",
         protocol.uptake_minutes_max AS "minutesMax", explanation.reason AS "explanation",
         explanation.recorded_by_id AS "explainedById"
    FROM scan_bookings booking
    LEFT JOIN LATERAL (
      SELECT administration.id, stands.injected_at, stands.dose_protocol_id
        FROM administrations administration
        JOIN LATERAL (SELECT version.entry, version.injected_at, version.dose_protocol_id
                        FROM administration_versions version
                       WHERE version.administration_id = administration.id
                       ORDER BY version.version DESC LIMIT 1) stands ON true
       WHERE administration.visit_id = booking.id AND stands.entry <> 'VOIDED'
       ORDER BY administration.ordinal DESC LIMIT 1) given ON true
    LEFT JOIN dose_protocols protocol ON protocol.id = given.dose_protocol_id
    LEFT JOIN LATERAL (
      SELECT step.started_at FROM visit_steps step
       WHERE step.visit_id = booking.id ORDER BY step.position DESC LIMIT 1) acquisition ON true
    LEFT JOIN uptake_explanations explanation
      ON explanation.visit_id = booking.id AND explanation.injected_at = given.injected_at
     AND explanation.scan_started_at = acquisition.started_at`;

/** Of the scans $1. */
export const UPTAKES_OF = `${UPTAKES} WHERE booking.id = ANY ($1::uuid[])`;

/**
 * Scans planned from $1 until $2 (timestamptz) whose delayed images began outside of the window; $3: also those of which
 * somebody has said why. After the planned start $4 and the id $5 (null: from the first), at most $6.
 */
export const STARTED_OUTSIDE = `${UPTAKES}
   WHERE booking.scan_starts_at >= $1::timestamptz AND booking.scan_starts_at < $2::timestamptz
     AND (acquisition.started_at < given.injected_at + make_interval(mins => protocol.uptake_minutes_min)
       OR acquisition.started_at > given.injected_at + make_interval(mins => protocol.uptake_minutes_max))
     AND ($3::boolean OR explanation.reason IS NULL)
     AND ($4::timestamptz IS NULL OR (booking.scan_starts_at, booking.id) > ($4::timestamptz, $5::uuid))
   ORDER BY booking.scan_starts_at, booking.id
   LIMIT $6`;
