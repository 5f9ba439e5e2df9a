/** Puts whoever works on a freed place in line. $1 place */
export const LOCK_FREED_PLACE = `
  SELECT id FROM freed_places WHERE id = $1::uuid FOR UPDATE`;

/**
 * One round after another reads who may be asked, until it is committed who is: of several places that fall free at once
 * only one asks the same patient. 4207 is this project's, of which 1 to 3 are taken elsewhere. $1 and $2 are the two
 * numbers of `FREED_PLACE_ROUNDS_LOCK`
 */
export const LOCK_FREED_PLACE_ROUNDS = `
  SELECT pg_advisory_xact_lock($1::int, $2::int)::text`;
export const FREED_PLACE_ROUNDS_LOCK = [4207, 4] as const;

/**
 * What this very transaction has given back of the claims of a visit: rows that it has written. No moment says it as
 * exactly, for several changes may happen in one. $1 visit, $2 what ends then or before is of no use any more
 */
export const GIVEN_BACK_NOW = `
  SELECT claim.resource_id AS "resourceId", claim.starts_at AS "startsAt", claim.ends_at AS "endsAt"
    FROM span_claims claim
   WHERE claim.holder_id = $1::uuid
     AND claim.released_at IS NOT NULL
     AND claim.ends_at > $2::timestamptz
     AND claim.xmin = pg_current_xact_id()::xid
   ORDER BY claim.resource_id, claim.starts_at`;

/**
 * Who may be asked about a place, in the order in which they are asked but for the fit: those for whom a later day than
 * that of the place is a breach first, then the longest wait. Not those who were asked about it already, who are being
 * asked about another, for whom a time is held, who have died, or whose visit a closure has changed that may still be
 * taken back: nobody has told them; and not the patient who left it.
 * $1 kinds of visit, $2 place, $3 patient who left it, $4 now, $5 end of the place, $6 its local day, $7 how many
 */
export const WAITING_FOR_PLACE = `
  SELECT request.id
    FROM visit_requests request
   WHERE request.status = 'WAITING'
     AND request.wants_freed
     AND request.visit_type_code = ANY ($1::text[])
     AND request.patient_id <> $3::uuid
     AND $4::timestamptz + request.notice_hours_min * interval '1 hour' < $5::timestamptz
     AND NOT EXISTS (
           SELECT FROM freed_place_offers offer
            WHERE offer.request_id = request.id
              AND ((offer.freed_place_id = $2::uuid AND offer.status <> 'QUEUED')
                OR (offer.freed_place_id <> $2::uuid AND offer.status = 'SENT' AND offer.answer_by > $4::timestamptz)))
     AND NOT EXISTS (
           SELECT FROM visits visit
            WHERE visit.request_id = request.id AND visit.status = 'HELD' AND visit.held_until > $4::timestamptz)
     AND NOT EXISTS (
           SELECT FROM visits visit
            WHERE visit.patient_id = request.patient_id
              AND visit.status = 'CANCELLED'
              AND visit.cancel_reason_code = 'PATIENT_DIED')
     AND NOT EXISTS (
           SELECT FROM visits visit
             JOIN closure_changes change ON change.visit_id = visit.id
             JOIN closures closure ON closure.id = change.closure_id
            WHERE visit.request_id = request.id
              AND closure.status = 'APPLIED'
              AND closure.tells_at > $4::timestamptz)
   ORDER BY (request.breach_on <= $6::date) DESC, request.clock_started_on, request.id
   LIMIT $7::int`;
