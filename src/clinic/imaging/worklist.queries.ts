/**
 * Bookings whose entries are not what they should be. For the reconcile; WorklistService.project says what they should be,
 * and scheduledStatusOf how each stands. A scan that goes on past its time is still looked at.
 * $1 now, $2 how many.
 */
export const BOOKINGS_TO_PROJECT = `
  SELECT booking.id
    FROM scan_bookings booking
    LEFT JOIN scanners scanner ON scanner.resource_id = booking.camera_id AND scanner.retired_at IS NULL
    LEFT JOIN LATERAL (
      SELECT count(*) AS entries,
             count(*) FILTER (WHERE entry.booking_version = booking.version
                                AND entry.starts_at = CASE entry.part WHEN 'EARLY' THEN booking.early_starts_at
                                                                       ELSE booking.scan_starts_at END
                                AND entry.scanner_id = scanner.id
                                AND (entry.part = 'EARLY' OR entry.modality = ANY (scanner.modalities))
                                AND entry.status::text = CASE
                                      WHEN booking.status = 'BOOKED' THEN 'SCHEDULED'
                                      WHEN booking.closed_as IS NOT NULL THEN booking.closed_as::text
                                      ELSE coalesce(
                                        (SELECT CASE WHEN bool_or(step.status = 'IN_PROGRESS') THEN 'STARTED'
                                                     WHEN bool_or(step.status = 'COMPLETED') THEN 'COMPLETED'
                                                     WHEN count(*) > 0 THEN 'DISCONTINUED' END
                                           FROM performed_step_links link
                                           JOIN performed_steps step ON step.id = link.performed_step_id
                                          WHERE link.booking_id = booking.id
                                            AND link.scheduled_procedure_step_id = entry.scheduled_procedure_step_id),
                                        CASE WHEN booking.status = 'COMPLETED'
                                             THEN 'COMPLETED' ELSE 'SCHEDULED' END) END) AS right_entries
        FROM worklist_entries entry
       WHERE entry.booking_id = booking.id) found ON true
   WHERE CASE WHEN booking.status IN ('CANCELLED', 'UNCONFIRMED', 'NO_SHOW')
              THEN found.entries > 0
              ELSE found.entries <> found.right_entries
                OR found.right_entries <> CASE WHEN scanner.id IS NULL THEN 0
                                               ELSE cardinality(scanner.modalities) + num_nonnulls(booking.early_starts_at) END END
     AND (booking.scan_ends_at > $1 OR booking.status IN ('IN_PROGRESS', 'UNCONFIRMED'))
   ORDER BY booking.id
   LIMIT $2`;
