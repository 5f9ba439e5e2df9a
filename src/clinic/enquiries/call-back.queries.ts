/**
 * Holds the enquiry of a call-back until the transaction ends: the enquiry always before its call-backs, so that
 * nobody waits for each other. $1 call-back
 */
export const HOLD_ENQUIRY_OF_CALL_BACK = `
  SELECT id
    FROM enquiries
   WHERE id = (SELECT enquiry_id FROM call_backs WHERE id = $1::uuid)
     FOR NO KEY UPDATE`;

/** Holds a call-back, and says to which enquiry it belongs by now. $1 call-back */
export const HOLD_CALL_BACK = `
  SELECT enquiry_id AS "enquiryId"
    FROM call_backs
   WHERE id = $1::uuid
     FOR NO KEY UPDATE`;

/** Calls from one number come one after another, whether they are known here or not. $1 number as E.164 */
export const ONE_CALLER_AT_ONCE = `
  SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtextextended('call-back ' || $1, 0))) AS lock`;

/** Open call-backs to a number, one for each person who shares it, the newest first. $1 number as E.164 */
export const OPEN_CALL_BACKS_TO = `
  SELECT task.id, task.enquiry_id AS "enquiryId", enquiry.name
    FROM call_backs AS task
    JOIN enquiries AS enquiry ON enquiry.id = task.enquiry_id
   WHERE task.phone_e164 = $1 AND task.status <> 'CLOSED'
   ORDER BY task.last_called_at DESC, task.id DESC`;

/**
 * Enquiries from a number that still go on, the newest first: more than any household has. $1 number as E.164
 */
export const OPEN_ENQUIRIES_FROM = `
  SELECT id, name
    FROM enquiries
   WHERE phone_e164 = $1 AND status IN ('NEW', 'IN_HAND', 'ANSWERED') AND destroyed_at IS NULL
   ORDER BY received_at DESC, id DESC
   LIMIT 50`;
