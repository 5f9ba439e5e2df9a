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

/** A place, and those of which it is the rest. $2 place */
const PLACE_AND_EARLIER = `
  WITH RECURSIVE line AS (
    SELECT id, rest_of_id FROM freed_places WHERE id = $2::uuid
     UNION ALL
    SELECT earlier.id, earlier.rest_of_id FROM freed_places earlier JOIN line ON earlier.id = line.rest_of_id)`;

/**
 * The starts about which the patient was asked before, of a place of which this one is the rest: they heard that it had
 * gone. Epoch milliseconds.
 */
const ASKED_AT = `
  ARRAY (SELECT (extract(epoch FROM offer.starts_at) * 1000)::float8
           FROM freed_place_offers offer JOIN line ON line.id = offer.freed_place_id
          WHERE offer.request_id = request.id AND offer.sent_at IS NOT NULL AND offer.status = 'GONE') AS "askedAtMs"`;

/**
 * Not those who were asked about the place already, or have said no or nothing to one of which it is the rest; who are
 * being asked about another; who have died; or whose visit a closure has changed that may still be taken back: nobody
 * has told them; and not the patient who left it.
 * $2 place, $3 patient who left it, $4 now
 */
const MAY_BE_ASKED = `
         request.patient_id <> $3::uuid
     AND NOT EXISTS (
           SELECT FROM freed_place_offers offer LEFT JOIN line ON line.id = offer.freed_place_id
            WHERE offer.request_id = request.id
              AND offer.sent_at IS NOT NULL
              AND ((line.id IS NULL AND offer.status = 'SENT' AND offer.answer_by > $4::timestamptz)
                OR (line.id = $2::uuid)
                OR (line.id IS NOT NULL AND offer.status <> 'GONE')))
     AND NOT EXISTS (
           SELECT FROM visits dead
            WHERE dead.patient_id = request.patient_id
              AND dead.status = 'CANCELLED'
              AND dead.cancel_reason_code = 'PATIENT_DIED')
     AND NOT EXISTS (
           SELECT FROM visits changed
             JOIN closure_changes change ON change.visit_id = changed.id
             JOIN closures closure ON closure.id = change.closure_id
            WHERE changed.request_id = request.id
              AND closure.status = 'APPLIED'
              AND closure.tells_at > $4::timestamptz)`;

/**
 * Those who wait and may be asked about a place, in the order in which they are asked but for the fit: those for whom a
 * later day than that of the place is a breach first, then the longest wait. Not those for whom a time is held.
 * $1 kinds of visit, $2 place, $3 patient who left it, $4 now, $5 end of the place, $6 its local day, $7 how many
 */
export const WAITING_FOR_PLACE = `
  ${PLACE_AND_EARLIER}
  SELECT request.id, ${ASKED_AT}
    FROM visit_requests request
   WHERE request.status = 'WAITING'
     AND request.wants_freed
     AND request.visit_type_code = ANY ($1::text[])
     AND $4::timestamptz + request.notice_hours_min * interval '1 hour' < $5::timestamptz
     AND ${MAY_BE_ASKED}
     AND NOT EXISTS (
           SELECT FROM visits visit
            WHERE visit.request_id = request.id AND visit.status = 'HELD' AND visit.held_until > $4::timestamptz)
   ORDER BY (request.breach_on <= $6::date) DESC, request.clock_started_on, request.id
   LIMIT $7::int`;

/**
 * Those who have a visit after the place and would come sooner, in the same order. The parameters are the same.
 */
export const SOONER_FOR_PLACE = `
  ${PLACE_AND_EARLIER}
  SELECT request.id, ${ASKED_AT},
         visit.id AS "visitId", visit.protocol_id AS "protocolId", visit.moves_count AS "movesCount",
         visit.starts_at AS "startsAt", wish.notice_hours_min AS "noticeHoursMin"
    FROM sooner_wishes wish
    JOIN visits visit ON visit.id = wish.visit_id
    JOIN visit_requests request ON request.id = visit.request_id
   WHERE visit.status = 'BOOKED'
     AND visit.series_id IS NULL
     AND visit.starts_at >= $5::timestamptz
     AND visit.visit_type_code = ANY ($1::text[])
     AND $4::timestamptz + wish.notice_hours_min * interval '1 hour' < $5::timestamptz
     AND ${MAY_BE_ASKED}
   ORDER BY (request.breach_on <= $6::date) DESC, request.clock_started_on, request.id
   LIMIT $7::int`;
