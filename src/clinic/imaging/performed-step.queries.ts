/**
 * The step that a scanner names, kept from changing until the transaction ends. It may be named by any scanner at the
 * camera where it was begun: a console that is replaced in the middle of a day ends what the one before it began.
 * $1 SOP Instance UID, $2 the scanner that asks.
 */
export const LOCKED_STEP = `
  SELECT step.id
    FROM performed_steps step
    JOIN scanners sender ON sender.id = step.scanner_id
    JOIN scanners asking ON asking.resource_id = sender.resource_id
   WHERE step.sop_instance_uid = $1 AND asking.id = $2::uuid
     FOR NO KEY UPDATE OF step`;

/**
 * The step that a scanner asks to see. One that was retired may end what it began on an association that was open then,
 * but is shown no patient any more. $1 SOP Instance UID, $2 the scanner that asks.
 */
export const SHOWN_STEP = `
  SELECT step.id
    FROM performed_steps step
    JOIN scanners sender ON sender.id = step.scanner_id
    JOIN scanners asking ON asking.resource_id = sender.resource_id
   WHERE step.sop_instance_uid = $1 AND asking.id = $2::uuid AND asking.retired_at IS NULL
     FOR NO KEY UPDATE OF step`;

/**
 * Steps of which nothing was heard for the hours of their scanner's profile although something should have been: those
 * in progress, and the last that ended of a visit of which another scheduled step never began. After early images nothing
 * is heard until the scan itself is due, hours later. Both halves begin at what is open now, however much was done before.
 * $1 now, $2 how many.
 */
export const OVERDUE_STEPS = `
  WITH open_step AS (
    SELECT step.id, step.scanner_id, step.changed_at
      FROM performed_steps step
     WHERE step.status = 'IN_PROGRESS' AND step.overdue_at IS NULL
    UNION
    SELECT step.id, step.scanner_id,
           greatest(step.changed_at, CASE WHEN booking.early_starts_at IS NOT NULL THEN booking.scan_starts_at END)
      FROM scan_bookings booking
      JOIN performed_step_links link ON link.booking_id = booking.id
      JOIN performed_steps step      ON step.id = link.performed_step_id
     WHERE booking.status = 'IN_PROGRESS' AND step.status <> 'IN_PROGRESS' AND step.overdue_at IS NULL
       AND NOT EXISTS (SELECT 1
                         FROM performed_step_links other_link
                         JOIN performed_steps other ON other.id = other_link.performed_step_id
                        WHERE other_link.booking_id = booking.id
                          AND (other.status = 'IN_PROGRESS' OR other.changed_at > step.changed_at)))
  SELECT open_step.id
    FROM open_step
    JOIN scanners scanner ON scanner.id = open_step.scanner_id
   WHERE open_step.changed_at < $1::timestamptz - make_interval(hours => scanner.performed_step_hours_max)
   ORDER BY open_step.changed_at
   LIMIT $2`;

/** The same of one step, locked; nothing when another process has it or it is not overdue any more. $1 id, $2 now. */
export const CLAIMED_OVERDUE_STEP = `
  SELECT step.id
    FROM performed_steps step
    JOIN scanners scanner ON scanner.id = step.scanner_id
   WHERE step.id = $1::uuid
     AND step.overdue_at IS NULL
     AND step.changed_at < $2::timestamptz - make_interval(hours => scanner.performed_step_hours_max)
     FOR NO KEY UPDATE OF step SKIP LOCKED`;
