/** What the gates judge of the scans $1: whose, for which referral, what, where and when. An injection that was given counts as it was. */
export const SUBJECTS_OF = `
  SELECT booking.id AS "visitId", booking.patient_id AS "patientId", booking.referral_id AS "referralId",
         protocol.code AS "procedureCode", camera.site_code AS "siteCode",
         coalesce(booking.injected_at, booking.injection_starts_at) AS "injectionAt",
         booking.scan_starts_at AS "scanAt"
    FROM scan_bookings booking
    JOIN imaging_protocols protocol ON protocol.id = booking.protocol_id
    JOIN resources camera           ON camera.id = booking.camera_id
   WHERE booking.id = ANY ($1::uuid[])
   ORDER BY booking.id`;
