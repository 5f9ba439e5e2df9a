-- CreateEnum
CREATE TYPE "ScanPart" AS ENUM ('EARLY', 'DELAYED');

-- AlterTable
ALTER TABLE "visits" ALTER COLUMN "changed_by_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "visit_revisions" ALTER COLUMN "changed_by_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "scan_bookings" ADD COLUMN     "early_ends_at" TIMESTAMPTZ(3),
ADD COLUMN     "early_starts_at" TIMESTAMPTZ(3);

-- DropIndex
DROP INDEX "worklist_entries_booking_id_modality_key";

-- AlterTable
ALTER TABLE "worklist_entries" ADD COLUMN     "part" "ScanPart" NOT NULL DEFAULT 'DELAYED';

-- CreateIndex
CREATE UNIQUE INDEX "worklist_entries_booking_id_part_modality_key" ON "worklist_entries"("booking_id", "part", "modality");

-- From here on by hand. Scans that are booked become visits with the same id.

-- Kinds of scan are kinds of visit. Those that the reference data has not brought yet are made here, with what it says.
INSERT INTO visit_types (code, name, modality, companion, needs_referral, consent_purpose, is_public, hold_minutes, moves_max, late_change_hours)
SELECT DISTINCT ON (code) code, name, 'IN_PERSON'::"VisitModality", 'SCAN', true, 'IMAGING_TRACER_AND_XRAYS'::"ConsentPurpose", true, 30, 2, 48
  FROM imaging_protocols
 ORDER BY code, effective_from DESC
ON CONFLICT (code) DO NOTHING;

-- How long things take was said by imaging's protocol, and is from now on said by the visit type's of the same day.
CREATE TEMP TABLE scan_protocol AS
SELECT imaging.id AS imaging_id, imaging.code, imaging.effective_from, imaging.start_step_minutes, imaging.source,
       imaging.injection_minutes, imaging.acquisition_minutes,
       imaging.uptake_minutes_min, imaging.uptake_minutes_target, imaging.uptake_minutes_max,
       coalesce(known.id, gen_random_uuid()) AS visit_protocol_id, known.id IS NULL AS is_new
  FROM imaging_protocols imaging
  LEFT JOIN visit_protocols known ON known.visit_type_code = imaging.code AND known.effective_from = imaging.effective_from;

INSERT INTO visit_protocols (id, visit_type_code, effective_from, start_step_minutes, source)
SELECT visit_protocol_id, code, effective_from, start_step_minutes, source FROM scan_protocol WHERE is_new;

INSERT INTO visit_protocol_steps (id, protocol_id, position, name, duration_minutes)
SELECT gen_random_uuid(), visit_protocol_id, 0, 'Injection', injection_minutes FROM scan_protocol WHERE is_new;

INSERT INTO visit_protocol_steps (id, protocol_id, position, name, duration_minutes, wait_minutes_min, wait_minutes_target, wait_minutes_max)
SELECT gen_random_uuid(), visit_protocol_id, 1, 'SPECT-CT', acquisition_minutes, uptake_minutes_min, uptake_minutes_target, uptake_minutes_max
  FROM scan_protocol WHERE is_new;

INSERT INTO visit_step_needs (id, step_id, role, kind)
SELECT gen_random_uuid(), step.id, need.role, need.kind::"ResourceKind"
  FROM scan_protocol
  JOIN visit_protocol_steps step ON step.protocol_id = scan_protocol.visit_protocol_id
  JOIN (VALUES (0, 'room', 'INJECTION_ROOM'), (0, 'injector', 'NUCLEAR_MEDICINE_TECHNOLOGIST'),
               (1, 'camera', 'CAMERA'), (1, 'operator', 'NUCLEAR_MEDICINE_TECHNOLOGIST')) AS need (position, role, kind)
    ON need.position = step.position
 WHERE scan_protocol.is_new;

-- Where both were there and differ, scans were booked by imaging's numbers: nothing was booked by the other's yet.
UPDATE visit_protocols protocol
   SET start_step_minutes = said.start_step_minutes, source = said.source
  FROM scan_protocol said
 WHERE protocol.id = said.visit_protocol_id AND NOT said.is_new
   AND (protocol.start_step_minutes <> said.start_step_minutes
     OR EXISTS (SELECT FROM visit_protocol_steps step
                 WHERE step.protocol_id = protocol.id
                   AND (step.position = 0 AND step.duration_minutes <> said.injection_minutes
                     OR step.position = 1 AND (step.duration_minutes, step.wait_minutes_min, step.wait_minutes_target, step.wait_minutes_max)
                          <> (said.acquisition_minutes, said.uptake_minutes_min, said.uptake_minutes_target, said.uptake_minutes_max))));
UPDATE visit_protocol_steps step
   SET duration_minutes = said.injection_minutes
  FROM scan_protocol said
 WHERE step.protocol_id = said.visit_protocol_id AND NOT said.is_new AND step.position = 0;
UPDATE visit_protocol_steps step
   SET duration_minutes = said.acquisition_minutes, wait_minutes_min = said.uptake_minutes_min,
       wait_minutes_target = said.uptake_minutes_target, wait_minutes_max = said.uptake_minutes_max
  FROM scan_protocol said
 WHERE step.protocol_id = said.visit_protocol_id AND NOT said.is_new AND step.position = 1;

-- Who images early does both early steps; who images hours later may be somebody else.
UPDATE visit_step_needs need
   SET role = 'early operator', continuity = 'REQUIRED'
  FROM visit_protocol_steps step
  JOIN visit_protocols protocol ON protocol.id = step.protocol_id
 WHERE need.step_id = step.id AND need.role = 'operator' AND protocol.visit_type_code = 'BONE_SPECT_CT_EARLY'
   AND step.position < (SELECT max(later.position) FROM visit_protocol_steps later WHERE later.protocol_id = protocol.id);

-- The reasons for which scans were cancelled, in the words of all visits.
CREATE TEMP TABLE scan_reason (said text PRIMARY KEY, code text NOT NULL);
INSERT INTO scan_reason (said, code) VALUES
  ('PATIENT_REQUEST', 'PATIENT_CANNOT_COME'), ('PATIENT_ILL', 'PATIENT_UNWELL'), ('PATIENT_DIED', 'PATIENT_DIED'),
  ('CLINICALLY_UNSUITABLE', 'CLINICALLY_NOT_NEEDED'), ('EQUIPMENT_FAILURE', 'EQUIPMENT_FAILED'),
  ('TRACER_UNAVAILABLE', 'NO_TRACER'), ('STAFF_UNAVAILABLE', 'STAFF_ABSENT'), ('BOOKED_IN_ERROR', 'BOOKED_IN_ERROR'),
  ('OTHER', 'OTHER');

INSERT INTO cancel_reasons (code, name, fhir_code, allowed_roles, needs_comment)
SELECT known.code, known.name, known.fhir_code, known.roles::"Role"[], known.needs_comment
  FROM (VALUES
    ('PATIENT_CANNOT_COME', 'The patient cannot come then', 'pat-crs', '{RECEPTION,CLINICIAN,IMAGING}', false),
    ('PATIENT_UNWELL', 'The patient is unwell', 'pat', '{RECEPTION,CLINICIAN,IMAGING}', false),
    ('PATIENT_DIED', 'The patient has died', 'pat-dec', '{RECEPTION,CLINICIAN,MANAGER,IMAGING}', false),
    ('CLINICALLY_NOT_NEEDED', 'Not needed, as a clinician decided', 'prov', '{CLINICIAN,IMAGING}', true),
    ('EQUIPMENT_FAILED', 'Equipment has failed', 'maint-equip', '{IMAGING,MANAGER,RECEPTION}', true),
    ('NO_TRACER', 'The tracer did not come', 'meds-inc', '{IMAGING,MANAGER}', true),
    ('STAFF_ABSENT', 'A member of staff is absent', 'prov-pers', '{RECEPTION,MANAGER,IMAGING}', false),
    ('BOOKED_IN_ERROR', 'Booked in error', 'other', '{RECEPTION,IMAGING,MANAGER}', false),
    ('OTHER', 'Another reason', 'other', '{RECEPTION,CLINICIAN,IMAGING,MANAGER}', true))
    AS known (code, name, fhir_code, roles, needs_comment)
 WHERE EXISTS (SELECT FROM scan_bookings WHERE cancel_reason IS NOT NULL)
ON CONFLICT (code) DO NOTHING;
-- What only others could say, imaging says of a scan as it could before.
UPDATE cancel_reasons SET allowed_roles = array_append(allowed_roles, 'IMAGING')
 WHERE code IN ('PATIENT_DIED', 'CLINICALLY_NOT_NEEDED', 'STAFF_ABSENT') AND NOT 'IMAGING' = ANY (allowed_roles);

-- So many days of the kind after a day, as working-days.rules counts them.
CREATE FUNCTION pg_temp.days_ahead(from_on date, count integer, kind text) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN kind = 'CALENDAR' OR count = 0 THEN from_on + count ELSE (
    SELECT max(counted.held_on)
      FROM (SELECT day::date AS held_on
              FROM generate_series(from_on + 1, from_on + count * 2 + 30, interval '1 day') AS day
             WHERE extract(isodow FROM day) < 6
               AND NOT EXISTS (SELECT FROM bank_holidays WHERE held_on = day::date)
             ORDER BY day
             LIMIT count) counted) END
$$;

-- One request for each referral and kind of scan. Its clock is that of the policy in force when it was first booked.
CREATE TEMP TABLE scan_request AS
WITH asked AS (
  SELECT DISTINCT ON (booking.referral_id, imaging.code)
         booking.referral_id, imaging.code, booking.patient_id, booking.booked_at, booking.booked_by_id
    FROM scan_bookings booking
    JOIN imaging_protocols imaging ON imaging.id = booking.protocol_id
   ORDER BY booking.referral_id, imaging.code, booking.booked_at, booking.id
), standing AS (
  SELECT DISTINCT ON (booking.referral_id, imaging.code) booking.*, imaging.code
    FROM scan_bookings booking
    JOIN imaging_protocols imaging ON imaging.id = booking.protocol_id
   ORDER BY booking.referral_id, imaging.code,
            booking.status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED') DESC, booking.changed_at DESC, booking.id
)
SELECT gen_random_uuid() AS id, asked.*, referral.priority,
       standing.status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED') AS is_booked,
       -- Whom nobody expects any more does not wait.
       standing.cancel_reason IN ('PATIENT_DIED', 'CLINICALLY_UNSUITABLE', 'BOOKED_IN_ERROR') AS is_closed,
       standing.cancelled_at, standing.cancelled_by_id, standing.cancel_reason,
       clock.started_by, clock.started_on,
       pg_temp.days_ahead(clock.started_on, coalesce(policy.target_days, 14), coalesce(policy.day_kind::text, 'CALENDAR')) AS target_on,
       pg_temp.days_ahead(clock.started_on, coalesce(policy.breach_days, 14), coalesce(policy.day_kind::text, 'CALENDAR')) AS breach_on
  FROM asked
  JOIN standing ON standing.referral_id = asked.referral_id AND standing.code = asked.code
  JOIN referrals referral ON referral.id = asked.referral_id
  LEFT JOIN LATERAL (
    SELECT * FROM lead_time_policies
     WHERE visit_type = asked.code AND effective_from <= asked.booked_at::date
       AND priority::text IN ('ANY', referral.priority::text)
     ORDER BY priority = 'ANY', effective_from DESC
     LIMIT 1) policy ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(policy.clock_start, 'REFERRAL_RECEIVED') AS started_by,
           CASE coalesce(policy.clock_start::text, 'REFERRAL_RECEIVED')
             WHEN 'REFERRAL_RECEIVED' THEN referral.received_on
             WHEN 'REFERRAL_ACCEPTED' THEN coalesce(referral.decided_at::date, referral.received_on)
             ELSE asked.booked_at::date END AS started_on) clock;

INSERT INTO visit_requests (id, patient_id, referral_id, visit_type_code, priority, status, clock_started_on, clock_started_by,
                            target_on, breach_on, requested_at, requested_by_id, closed_at, closed_by_id, close_reason)
SELECT id, patient_id, referral_id, code, priority,
       CASE WHEN is_booked THEN 'BOOKED' WHEN is_closed THEN 'CLOSED' ELSE 'WAITING' END::"VisitRequestStatus",
       started_on, started_by, target_on, breach_on, booked_at, booked_by_id,
       CASE WHEN is_closed AND NOT is_booked THEN cancelled_at END,
       CASE WHEN is_closed AND NOT is_booked THEN cancelled_by_id END,
       CASE WHEN is_closed AND NOT is_booked THEN 'The scan was cancelled: ' || cancel_reason::text END
  FROM scan_request;

INSERT INTO visits (id, request_id, patient_id, visit_type_code, companion, site_code, protocol_id, status, version,
                    starts_at, ends_at, booked_at, booked_by_id, changed_at, changed_by_id, moves_count,
                    discontinued_because, cancel_reason_code, cancel_comment, cancelled_at, started_at, finished_at)
SELECT booking.id, request.id, booking.patient_id, said.code, 'SCAN', camera.site_code, said.visit_protocol_id,
       CASE booking.status WHEN 'UNCONFIRMED' THEN 'IN_PROGRESS' ELSE booking.status::text END::"VisitStatus",
       booking.version, booking.injection_starts_at, booking.scan_ends_at, booking.booked_at, booking.booked_by_id,
       booking.changed_at, coalesce(booking.cancelled_by_id, booking.closed_by_id, booking.booked_by_id),
       greatest(0, booking.version - CASE WHEN booking.status = 'CANCELLED' THEN 1 ELSE 0 END),
       CASE WHEN booking.status = 'DISCONTINUED' THEN coalesce(booking.close_reason, 'The scanner broke it off.') END,
       reason.code, booking.cancel_comment, booking.cancelled_at,
       CASE WHEN booking.status IN ('IN_PROGRESS', 'UNCONFIRMED')
            THEN coalesce(booking.started_at, booking.injection_starts_at) ELSE booking.started_at END,
       CASE WHEN booking.status IN ('COMPLETED', 'DISCONTINUED') THEN booking.ended_at END
  FROM scan_bookings booking
  JOIN scan_protocol said ON said.imaging_id = booking.protocol_id
  JOIN scan_request request ON request.referral_id = booking.referral_id AND request.code = said.code
  JOIN resources camera ON camera.id = booking.camera_id
  LEFT JOIN scan_reason reason ON reason.said = booking.cancel_reason::text;

CREATE TEMP TABLE scan_step AS
SELECT gen_random_uuid() AS id, booking.id AS visit_id, step.*
  FROM scan_bookings booking
  CROSS JOIN LATERAL (
    VALUES (0, 'Injection', booking.injection_starts_at, booking.injection_ends_at, NULL::timestamptz, NULL::timestamptz,
            'room', booking.injection_room_id, 'injector', booking.injection_technologist_id),
           (1, 'SPECT-CT', booking.scan_starts_at, booking.scan_ends_at, booking.started_at,
            CASE WHEN booking.started_at <= booking.ended_at THEN booking.ended_at END,
            'camera', booking.camera_id, 'operator', booking.scan_technologist_id))
    AS step (position, name, starts_at, ends_at, started_at, ended_at, place_role, place_id, person_role, person_id);

INSERT INTO visit_steps (id, visit_id, position, name, starts_at, ends_at, patient_present, started_at, ended_at)
SELECT id, visit_id, position, name, starts_at, ends_at, true, started_at, ended_at FROM scan_step;

INSERT INTO visit_step_resources (step_id, role, resource_id)
SELECT id, place_role, place_id FROM scan_step
UNION ALL
SELECT id, person_role, person_id FROM scan_step;

-- What was broken off gives back its camera and people, as every visit does.
UPDATE span_claims claim SET released_at = booking.changed_at
  FROM scan_bookings booking
 WHERE claim.holder_id = booking.id AND claim.released_at IS NULL AND booking.status = 'DISCONTINUED';

-- Nobody has to hear of these on an open screen.
ALTER TABLE visit_revisions DISABLE TRIGGER visit_revisions_told;
INSERT INTO visit_revisions (visit_id, version, action, snapshot, changed_at, changed_by_id)
SELECT visit.id, visit.version, 'migrated',
       jsonb_build_object(
         'id', visit.id, 'status', visit.status, 'version', visit.version, 'patientId', visit.patient_id,
         'visitTypeCode', visit.visit_type_code, 'companion', visit.companion, 'siteCode', visit.site_code,
         'protocolId', visit.protocol_id, 'requestId', visit.request_id,
         'startsAt', to_char(visit.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         'endsAt', to_char(visit.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
         'steps', (SELECT jsonb_agg(jsonb_build_object(
                            'position', step.position, 'name', step.name,
                            'startsAt', to_char(step.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                            'endsAt', to_char(step.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY step.position)
                     FROM visit_steps step WHERE step.visit_id = visit.id)),
       visit.changed_at, NULL
  FROM visits visit
  JOIN scan_bookings booking ON booking.id = visit.id;
ALTER TABLE visit_revisions ENABLE TRIGGER visit_revisions_told;

DROP TABLE scan_protocol, scan_reason, scan_request, scan_step;
DROP FUNCTION pg_temp.days_ahead(date, integer, text);

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_id_fkey" FOREIGN KEY ("id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is said by the visit is not said again. Its presence reaches from the injection to the end of the scan, as before.
DROP TRIGGER scan_bookings_keep_presence ON scan_bookings;
DROP TRIGGER scan_bookings_emptied_forget_presence ON scan_bookings;
DROP FUNCTION keep_scan_presence();
DROP FUNCTION forget_scan_presences();
ALTER TABLE scan_bookings
  DROP CONSTRAINT scan_bookings_one_place_at_a_time,
  DROP CONSTRAINT scan_bookings_cancelled_with_reason,
  DROP COLUMN cancelled_at,
  DROP COLUMN cancelled_by_id,
  DROP COLUMN cancel_reason,
  DROP COLUMN cancel_comment,
  ADD CONSTRAINT scan_bookings_early_in_order
    CHECK ((early_starts_at IS NULL) = (early_ends_at IS NULL)
       AND (early_starts_at IS NULL OR (early_starts_at < early_ends_at AND early_ends_at <= scan_starts_at)));
DROP TYPE "ScanCancelReason";
ALTER TABLE imaging_protocols
  DROP CONSTRAINT imaging_protocols_in_order,
  DROP COLUMN injection_minutes,
  DROP COLUMN acquisition_minutes,
  DROP COLUMN uptake_minutes_min,
  DROP COLUMN uptake_minutes_target,
  DROP COLUMN uptake_minutes_max,
  DROP COLUMN start_step_minutes;
