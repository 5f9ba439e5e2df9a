// What every process that answers scanners asks to keep its worklist in memory true. Prepared once on its connection.

/**
 * Which changes have become visible since the snapshot $1, and the snapshot to go on from. A transaction that was still
 * running then and has committed since is found whatever the order of ids, and writers wait for nobody. All of it is one
 * statement, so the list and the new snapshot are of the same moment. Null when it is the same snapshot still: then nothing
 * at all has been committed, and no table is looked at.
 */
export const CHANGES_SINCE = {
  name: 'worklist-changes-since',
  text: `
    SELECT pg_current_snapshot()::text AS snapshot,
           CASE WHEN pg_current_snapshot()::text = $1::text THEN NULL
                ELSE ARRAY(SELECT kind || ' ' || subject_id
                             FROM worklist_changes
                            WHERE xid >= pg_snapshot_xmin($1::text::pg_snapshot)
                              AND NOT pg_visible_in_snapshot(xid, $1::text::pg_snapshot))
            END AS changes`,
};

/** Changes of an earlier day: every mirror has seen them, or reads everything afresh. $1 until when. */
export const FORGET_CHANGES = 'DELETE FROM worklist_changes WHERE changed_at < $1';

/** The profiles of the scanners that may call. */
export const LIVE_SCANNERS = {
  name: 'worklist-live-scanners',
  text: `
    SELECT id, resource_id AS "cameraId", calling_ae_titles AS "callingAETitles",
           source_addresses AS "sourceAddresses", transport::text AS transport,
           certificate_sha256 AS "certificateSha256", station_ae_title AS "stationAETitle",
           response_character_set::text AS "responseCharacterSet",
           own_station_by_default AS "ownStationByDefault", own_items_only AS "ownItemsOnly",
           hidden_statuses::text[] AS "hiddenStatuses", days_before AS "daysBefore", days_after AS "daysAfter",
           answers_max AS "answersMax", time_zone AS "timeZone", sends_every_type_2 AS "sendsEveryType2"
      FROM scanners
     WHERE retired_at IS NULL
     ORDER BY id`,
};

/**
 * Scheduled steps with everything that a scanner may be told. Demographics are joined and not copied, so a corrected name
 * is right in the next answer.
 */
const ITEMS = `
    SELECT entry.scheduled_procedure_step_id AS "scheduledProcedureStepId",
           entry.booking_id                  AS "bookingId",
           entry.scanner_id                  AS "scannerId",
           entry.status::text                AS status,
           entry.part::text                  AS part,
           entry.modality,
           entry.station_ae_title            AS "stationAETitle",
           entry.starts_at                   AS "startsAt",
           scanner.station_name              AS "stationName",
           scanner.time_zone                 AS "timeZone",
           booking.referral_id               AS "referralId",
           booking.injection_starts_at       AS "injectionStartsAt",
           booking.scan_starts_at            AS "scanStartsAt",
           booking.injected_at               AS "injectedAt",
           booking.net_activity_mbq          AS "netActivityMbq",
           booking.tracer_name               AS "tracerName",
           booking.half_life_hours           AS "halfLifeHours",
           booking.accession_number          AS "accessionNumber",
           booking.study_instance_uid        AS "studyInstanceUID",
           protocol.code                     AS "procedureCode",
           protocol.procedure_description    AS "procedureDescription",
           referral.referrer_name            AS "referrerName",
           referral.priority::text           AS priority,
           camera.name                       AS "cameraName",
           camera.site_code                  AS "siteCode",
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
      JOIN patients patient           ON patient.id = booking.patient_id`;

/** All steps from $1 on, by start: those of one day come together, which is how they are kept. */
export const ITEMS_FROM = `${ITEMS}
     WHERE entry.starts_at >= $1
     ORDER BY entry.starts_at`;

/** The steps of these bookings $1, patients $2, referrals $3 and scanners $4 from $5 on. */
export const ITEMS_OF = {
  name: 'worklist-items-of',
  text: `${ITEMS}
     WHERE (entry.booking_id = ANY ($1::uuid[])
         OR entry.booking_id IN (SELECT id FROM scan_bookings WHERE patient_id = ANY ($2::uuid[]) OR referral_id = ANY ($3::uuid[]))
         OR entry.scanner_id = ANY ($4::uuid[]))
       AND entry.starts_at >= $5
     ORDER BY entry.starts_at, entry.scheduled_procedure_step_id`,
};

/** By which the steps of these bookings are known, whether or not they have any now. */
export const ACCESSION_NUMBERS = {
  name: 'worklist-accession-numbers',
  text: 'SELECT accession_number AS "accessionNumber" FROM scan_bookings WHERE id = ANY ($1::uuid[])',
};
