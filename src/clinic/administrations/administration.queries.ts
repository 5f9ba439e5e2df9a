/** Holds the referral of the scan $1: what is decided about its request at this moment is decided before or after. */
export const LOCK_REFERRAL_OF_SCAN = `
  SELECT referral.id
    FROM scan_bookings booking
    JOIN referrals referral ON referral.id = booking.referral_id
   WHERE booking.id = $1::uuid
     FOR NO KEY UPDATE OF referral`;

/** Holds the requests of that referral, in the order of their ids: which of them is used up is decided once. */
export const LOCK_REQUESTS_OF_SCAN = `
  SELECT request.id
    FROM scan_bookings booking
    JOIN imaging_requests request ON request.referral_id = booking.referral_id
   WHERE booking.id = $1::uuid
   ORDER BY request.id
     FOR NO KEY UPDATE OF request`;

/**
 * What patients were injected with before, for several questions at once: $1 the visits that are asked for, $2 their patients,
 * $3 from when and $4 until when (timestamptz[]). Also what was given under a record that was merged into theirs: it has moved
 * with its booking. Instants are milliseconds since 1970.
 */
export const EARLIER_INJECTIONS = `
  SELECT want.visit_id AS "forVisitId", protocol.name || ', ' || stands.tracer_name AS name,
         (extract(epoch FROM stands.injected_at) * 1000)::float8 AS "atMs"
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
         AS want (visit_id, patient_id, since, until)
    JOIN scan_bookings booking ON booking.patient_id = want.patient_id AND booking.id <> want.visit_id
    JOIN imaging_protocols protocol ON protocol.id = booking.protocol_id
    JOIN administrations administration ON administration.visit_id = booking.id
    JOIN LATERAL (SELECT version.entry, version.injected_at, version.tracer_name
                    FROM administration_versions version
                   WHERE version.administration_id = administration.id
                   ORDER BY version.version DESC LIMIT 1) stands ON true
   WHERE stands.entry <> 'VOIDED' AND stands.injected_at >= want.since AND stands.injected_at < want.until
   ORDER BY stands.injected_at DESC`;
