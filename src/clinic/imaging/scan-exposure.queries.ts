/**
 * Scans that a scanner carried out and of which nobody recorded the injection, for each of these visits ($1, whose patients are
 * $2) from $3 on and before $4. What was recorded is told of by the room that records it.
 */
export const EARLIER_SCANS = `
  SELECT want.visit_id AS "forVisitId", protocol.name,
         booking.started_at AS at
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS want (visit_id, patient_id, since, until)
    JOIN patients patient          ON patient.id = want.patient_id OR patient.merged_into_id = want.patient_id
    JOIN scan_bookings booking     ON booking.patient_id = patient.id AND booking.id <> want.visit_id
    JOIN imaging_protocols protocol ON protocol.id = booking.protocol_id
   WHERE booking.injected_at IS NULL AND booking.started_at >= want.since AND booking.started_at < want.until
   ORDER BY 1, 3`;
