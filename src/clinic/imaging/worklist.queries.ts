/**
 * A batch of worklist items in the order in which a console shows them: by start, then by step id. Demographics are
 * joined and not copied, so a corrected name is right in the next answer. Every parameter may be null (do not narrow).
 * $1 stations text[], $2 modalities text[], $3 from, $4 until, $5 local number, $6 accession number, $7 step id,
 * $8 and $9 the place to go on after (start, step id), $10 how many.
 */
export const WORKLIST_ITEMS = `
  SELECT entry.scheduled_procedure_step_id AS "scheduledProcedureStepId",
         entry.modality,
         entry.station_ae_title            AS "stationAETitle",
         entry.starts_at                   AS "startsAt",
         scanner.station_name              AS "stationName",
         booking.accession_number          AS "accessionNumber",
         booking.study_instance_uid        AS "studyInstanceUID",
         protocol.procedure_description    AS "procedureDescription",
         referral.referrer_name            AS "referrerName",
         referral.priority::text           AS priority,
         camera.name                       AS "cameraName",
         patient.id                        AS "patientId",
         patient.local_number              AS "localNumber",
         patient.family_name               AS "familyName",
         patient.given_name                AS "givenName",
         patient.middle_names              AS "middleNames",
         patient.name_prefix               AS "namePrefix",
         to_char(patient.date_of_birth, 'YYYY-MM-DD') AS "dateOfBirth",
         patient.sex_for_clinical_use::text AS "sexForClinicalUse"
    FROM worklist_entries entry
    JOIN scanners scanner           ON scanner.id = entry.scanner_id
    JOIN scan_bookings booking      ON booking.id = entry.booking_id
    JOIN imaging_protocols protocol ON protocol.id = booking.protocol_id
    JOIN referrals referral         ON referral.id = booking.referral_id
    JOIN resources camera           ON camera.id = booking.camera_id
    JOIN patients patient           ON patient.id = booking.patient_id
   WHERE ($1::text[] IS NULL OR entry.station_ae_title = ANY ($1))
     AND ($2::text[] IS NULL OR entry.modality = ANY ($2))
     AND ($3::timestamptz IS NULL OR entry.starts_at >= $3)
     AND ($4::timestamptz IS NULL OR entry.starts_at < $4)
     AND ($5::text IS NULL OR patient.local_number = $5)
     AND ($6::text IS NULL OR booking.accession_number = $6)
     AND ($7::text IS NULL OR entry.scheduled_procedure_step_id = $7)
     AND ($8::timestamptz IS NULL OR (entry.starts_at, entry.scheduled_procedure_step_id) > ($8, $9::text))
   ORDER BY entry.starts_at, entry.scheduled_procedure_step_id
   LIMIT $10`;

/** Live bookings whose entries are not what they should be, and entries of bookings that are not live. For the reconcile. */
export const BOOKINGS_TO_PROJECT = `
  SELECT booking.id
    FROM scan_bookings booking
    LEFT JOIN scanners scanner ON scanner.resource_id = booking.camera_id AND scanner.retired_at IS NULL
    LEFT JOIN LATERAL (
      SELECT count(*) AS entries,
             count(*) FILTER (WHERE entry.booking_version = booking.version
                                AND entry.starts_at = booking.scan_starts_at
                                AND entry.scanner_id = scanner.id
                                AND entry.modality = ANY (scanner.modalities)) AS right_entries
        FROM worklist_entries entry
       WHERE entry.booking_id = booking.id) found ON true
   WHERE CASE WHEN booking.status = 'BOOKED'
              THEN found.right_entries <> coalesce(cardinality(scanner.modalities), 0) OR found.entries <> found.right_entries
              ELSE found.entries > 0 END
     AND booking.scan_ends_at > $1
   ORDER BY booking.id
   LIMIT $2`;
