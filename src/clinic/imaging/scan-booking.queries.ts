// A scan and its visit have one id. Whoever changes either holds the visit first, everywhere. Then comes the line of those
// who set scanners up (advisory lock 4207, 3), which whoever takes or changes a scan's place joins, shared, and last the scan:
// who sets a scanner up holds that line alone, then the scanner, then the scans on its camera.

/** Keeps the visit of a scan from changing. $1 id */
export const LOCK_VISIT = 'SELECT 1 FROM visits WHERE id = $1::uuid FOR NO KEY UPDATE';

/** Keeps scanners from being set up until the transaction ends. */
export const KEEP_SCANNERS = 'SELECT pg_advisory_xact_lock_shared(4207, 3)::text';

/** Keeps everybody out who books, moves or cancels scans, and everybody else who sets scanners up. */
export const SET_SCANNERS_UP = 'SELECT pg_advisory_xact_lock(4207, 3)::text';

/** Keeps a scan from changing. $1 id */
export const LOCK_SCAN = 'SELECT 1 FROM scan_bookings WHERE id = $1::uuid FOR NO KEY UPDATE';
