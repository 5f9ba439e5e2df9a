/** The newest requests of each of these patients. $1 patients, $2 how many of each */
export const NEWEST_REQUESTS_OF_EACH = `
  SELECT newest.id
    FROM unnest($1::uuid[]) AS asked (patient_id)
    CROSS JOIN LATERAL (
      SELECT request.id
        FROM visit_requests request
       WHERE request.patient_id = asked.patient_id
       ORDER BY request.requested_at DESC, request.id DESC
       LIMIT $2::int
    ) newest`;
