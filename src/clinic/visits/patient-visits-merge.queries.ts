/**
 * Holds what these patients have, so that nobody changes it before the patients are held: places in the order of the
 * house, freed places, series, visits, requests. Each $1 patients.
 */
export const HOLD_PLACES_OFFERED = `
  SELECT place.id FROM freed_places place
   WHERE place.settled_at IS NULL
     AND place.id IN (SELECT freed_place_id FROM freed_place_offers
                       WHERE request_id IN (SELECT id FROM visit_requests WHERE patient_id = ANY ($1::uuid[])))
   ORDER BY place.id FOR UPDATE`;
export const HOLD_SERIES_OF_PATIENTS = `
  SELECT id FROM visit_series WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
export const HOLD_VISITS_OF_PATIENTS = `
  SELECT id FROM visits WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;
export const HOLD_REQUESTS_OF_PATIENTS = `
  SELECT id FROM visit_requests WHERE patient_id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`;

/**
 * Requests that go back: those that had followed, and those made since for a referral that went back.
 * $1 to whom, $2 from whom, $3 ids that had followed
 */
export const REQUESTS_GO_BACK = `
  UPDATE visit_requests SET patient_id = $1::uuid
   WHERE patient_id = $2::uuid
     AND (id = ANY ($3::uuid[]) OR referral_id IN (SELECT id FROM referrals WHERE patient_id = $1::uuid))`;

/** Series that go back: those that had followed, and those booked since for a request that went back. The same arguments. */
export const SERIES_GO_BACK = `
  UPDATE visit_series SET patient_id = $1::uuid
   WHERE patient_id = $2::uuid
     AND (id = ANY ($3::uuid[]) OR request_id IN (SELECT id FROM visit_requests WHERE patient_id = $1::uuid))`;

/**
 * Visits that go back: those that had followed, those booked since for a request or in a series that went back, and those
 * that stand in the place of one of these. The same arguments.
 */
export const VISITS_GO_BACK = `
  WITH RECURSIVE back AS (
    SELECT id FROM visits
     WHERE patient_id = $2::uuid
       AND (id = ANY ($3::uuid[])
         OR request_id IN (SELECT id FROM visit_requests WHERE patient_id = $1::uuid)
         OR series_id IN (SELECT id FROM visit_series WHERE patient_id = $1::uuid))
     UNION
    SELECT visit.id FROM visits visit JOIN back ON visit.replaces_id = back.id
     WHERE visit.patient_id = $2::uuid AND visit.request_id IS NULL)
  UPDATE visits SET patient_id = $1::uuid WHERE id IN (SELECT id FROM back) RETURNING id::text`;

/** Places offered for requests that went back. $1 to whom, $2 from whom */
export const OFFERS_GO_BACK = `
  UPDATE freed_place_offers SET patient_id = $1::uuid
   WHERE patient_id = $2::uuid AND request_id IN (SELECT id FROM visit_requests WHERE patient_id = $1::uuid)`;

/** Whoever looks at a day from $1 (a local date) on looks again: names on the board have changed. */
export const TELL_DAYS_FROM = `
  SELECT pg_notify('facet_day', jsonb_build_object('firstOn', $1::text, 'lastOn', NULL, 'siteCode', NULL)::text)::text`;
