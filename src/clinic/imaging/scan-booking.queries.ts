// A scan and its visit have one id. Whoever changes either holds the visit first, then the scan, everywhere.

/** Keeps the visit of a scan from changing. $1 id */
export const LOCK_VISIT = 'SELECT 1 FROM visits WHERE id = $1::uuid FOR NO KEY UPDATE';

/** Keeps a scan from changing. $1 id */
export const LOCK_SCAN = 'SELECT 1 FROM scan_bookings WHERE id = $1::uuid FOR NO KEY UPDATE';
