-- Incidents with exposures, from near misses to what a regulator has to hear of, and the dated rules that say which is which.

-- Numbers that the clinic gives out. A sequence leaves gaps when a transaction rolls back; it never repeats.
CREATE SEQUENCE incident_number AS bigint MINVALUE 1 MAXVALUE 9999999 NO CYCLE;

-- CreateEnum
CREATE TYPE "IncidentKind" AS ENUM ('WRONG_PATIENT', 'WRONG_PROCEDURE', 'WRONG_ACTIVITY', 'WRONG_RADIOPHARMACEUTICAL', 'EXTRAVASATION', 'REPEATED_EXPOSURE', 'PREGNANCY_NOT_KNOWN', 'BREAST_FEEDING_NOT_KNOWN', 'NOT_JUSTIFIED', 'LICENCE_BREACH', 'EQUIPMENT_FAULT', 'CONTAMINATION', 'OTHER');

-- CreateEnum
CREATE TYPE "IncidentStatus" AS ENUM ('RAISED', 'ASSESSED', 'NOTIFIED', 'CLOSED');

-- CreateEnum
CREATE TYPE "IncidentOutcome" AS ENUM ('NEAR_MISS', 'LOCAL', 'NOTIFIABLE');

-- CreateEnum
CREATE TYPE "IncidentExposure" AS ENUM ('NONE', 'ACCIDENTAL', 'UNINTENDED');

-- CreateEnum
CREATE TYPE "IncidentRegulator" AS ENUM ('CQC', 'ARSAC', 'HSE', 'MHRA', 'ENVIRONMENT_AGENCY', 'OTHER');

-- CreateEnum
CREATE TYPE "IncidentCandour" AS ENUM ('TOLD', 'NOT_NEEDED', 'NOT_POSSIBLE');

-- CreateEnum
CREATE TYPE "IncidentThresholdBasis" AS ENUM ('ACCIDENTAL_DOSE', 'UNINTENDED_DOSE', 'FOETAL_DOSE', 'INFANT_DOSE', 'WRONG_RADIOPHARMACEUTICAL', 'LICENCE_BREACH');

-- CreateTable
CREATE TABLE "incidents" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL DEFAULT ('I'::text || lpad((nextval('incident_number'::regclass))::text, 7, '0'::text)),
    "kind" "IncidentKind" NOT NULL,
    "status" "IncidentStatus" NOT NULL DEFAULT 'RAISED',
    "version" INTEGER NOT NULL DEFAULT 0,
    "site_code" TEXT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "patient_id" UUID,
    "visit_id" UUID,
    "what_happened" TEXT NOT NULL,
    "immediate_action" TEXT,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "raised_by_id" UUID NOT NULL,
    "outcome" "IncidentOutcome",
    "codes" TEXT[],
    "regulators" "IncidentRegulator"[],
    "notify_by" DATE,
    "notified_at" TIMESTAMPTZ(3),
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "reminded_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "incidents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_assessments" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "exposure" "IncidentExposure" NOT NULL,
    "is_child" BOOLEAN NOT NULL,
    "tracer_code" TEXT,
    "intended_activity_mbq" DECIMAL(12,4),
    "actual_activity_mbq" DECIMAL(12,4),
    "intended_dose_msv" DECIMAL(12,6),
    "actual_dose_msv" DECIMAL(12,6),
    "coefficient_id" UUID,
    "foetal_dose_mgy" DECIMAL(12,6),
    "infant_dose_msv" DECIMAL(12,6),
    "is_procedural_failure" BOOLEAN NOT NULL,
    "is_wrong_radiopharmaceutical" BOOLEAN NOT NULL,
    "is_licence_breach" BOOLEAN NOT NULL,
    "outcome" "IncidentOutcome" NOT NULL,
    "codes" TEXT[],
    "threshold_ids" UUID[],
    "notifiable_because" TEXT,
    "anonymous_summary" TEXT NOT NULL,
    "comment" TEXT,
    "assessed_at" TIMESTAMPTZ(3) NOT NULL,
    "assessed_by_id" UUID NOT NULL,

    CONSTRAINT "incident_assessments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_notifications" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "regulator" "IncidentRegulator" NOT NULL,
    "notified_at" TIMESTAMPTZ(3) NOT NULL,
    "reference" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "incident_notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_notes" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "noted_at" TIMESTAMPTZ(3) NOT NULL,
    "noted_by_id" UUID NOT NULL,

    CONSTRAINT "incident_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_closings" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "learning" TEXT NOT NULL,
    "candour" "IncidentCandour" NOT NULL,
    "candour_record" TEXT NOT NULL,
    "candour_told_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_by_id" UUID NOT NULL,

    CONSTRAINT "incident_closings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_thresholds" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "basis" "IncidentThresholdBasis" NOT NULL,
    "regulator" "IncidentRegulator" NOT NULL,
    "intended_from_msv" DECIMAL(12,6),
    "is_from_included" BOOLEAN NOT NULL DEFAULT true,
    "intended_until_msv" DECIMAL(12,6),
    "is_until_included" BOOLEAN NOT NULL DEFAULT false,
    "adult_msv" DECIMAL(12,6),
    "child_msv" DECIMAL(12,6),
    "factor" DECIMAL(8,4),
    "dose_mgy" DECIMAL(12,6),
    "needs_procedural_failure" BOOLEAN NOT NULL DEFAULT false,
    "is_dropped" BOOLEAN NOT NULL DEFAULT false,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "incident_thresholds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dose_coefficients" (
    "id" UUID NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "msv_per_mbq" DECIMAL(12,8) NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "dose_coefficients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_policies" (
    "id" UUID NOT NULL,
    "notify_days" INTEGER NOT NULL,
    "remind_days" INTEGER NOT NULL,
    "child_below_years" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "incident_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "incidents_reference_key" ON "incidents"("reference");

-- CreateIndex
CREATE INDEX "incidents_status_raised_at_idx" ON "incidents"("status", "raised_at");

-- CreateIndex
CREATE INDEX "incidents_happened_at_idx" ON "incidents"("happened_at");

-- CreateIndex
CREATE INDEX "incidents_patient_id_idx" ON "incidents"("patient_id");

-- CreateIndex
CREATE INDEX "incidents_visit_id_idx" ON "incidents"("visit_id");

-- CreateIndex
CREATE UNIQUE INDEX "incident_assessments_incident_id_number_key" ON "incident_assessments"("incident_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "incident_notifications_incident_id_regulator_reference_key" ON "incident_notifications"("incident_id", "regulator", "reference");

-- CreateIndex
CREATE INDEX "incident_notes_incident_id_noted_at_idx" ON "incident_notes"("incident_id", "noted_at");

-- CreateIndex
CREATE UNIQUE INDEX "incident_closings_incident_id_number_key" ON "incident_closings"("incident_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "incident_thresholds_code_effective_from_key" ON "incident_thresholds"("code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "dose_coefficients_tracer_code_effective_from_key" ON "dose_coefficients"("tracer_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "incident_policies_effective_from_key" ON "incident_policies"("effective_from");

-- AddForeignKey
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incidents" ADD CONSTRAINT "incidents_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_assessments" ADD CONSTRAINT "incident_assessments_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_assessments" ADD CONSTRAINT "incident_assessments_coefficient_id_fkey" FOREIGN KEY ("coefficient_id") REFERENCES "dose_coefficients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_notifications" ADD CONSTRAINT "incident_notifications_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_notes" ADD CONSTRAINT "incident_notes_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_closings" ADD CONSTRAINT "incident_closings_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incidents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- What an assessment found is there as soon as there is one; what a regulator was told, and the end, have their times.
ALTER TABLE incidents
  ADD CONSTRAINT incidents_assessed_whole CHECK ((outcome IS NULL) = (status = 'RAISED')),
  ADD CONSTRAINT incidents_notified_whole
    CHECK ((status = 'NOTIFIED' AND notified_at IS NOT NULL) OR (status IN ('RAISED', 'ASSESSED') AND notified_at IS NULL) OR status = 'CLOSED'),
  ADD CONSTRAINT incidents_notifiable_told
    CHECK (status <> 'CLOSED' OR outcome <> 'NOTIFIABLE' OR notified_at IS NOT NULL),
  ADD CONSTRAINT incidents_regulators_of_codes
    CHECK (COALESCE(cardinality(regulators), 0) <= COALESCE(cardinality(codes), 0)
       AND (COALESCE(cardinality(codes), 0) = 0 OR cardinality(regulators) > 0)),
  ADD CONSTRAINT incidents_notify_by_said CHECK ((notify_by IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'NOTIFIABLE')),
  ADD CONSTRAINT incidents_closed_whole CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL)),
  ADD CONSTRAINT incidents_reminded_whole CHECK ((reminded_at IS NULL) = (reminders = 0)),
  ADD CONSTRAINT incidents_in_order CHECK (happened_at <= raised_at),
  ADD CONSTRAINT incidents_in_words CHECK (what_happened ~ '\S');
-- What a regulator still has to be told, by the day by which.
CREATE INDEX incidents_to_notify ON incidents (notify_by, id) WHERE (notify_by IS NOT NULL AND notified_at IS NULL);

-- Doses are not negative; a thing that exposed nobody has none; whatever is met makes it notifiable, and nothing else does.
ALTER TABLE incident_assessments
  ADD CONSTRAINT incident_assessments_not_negative
    CHECK (least(intended_activity_mbq, actual_activity_mbq, intended_dose_msv, actual_dose_msv, foetal_dose_mgy, infant_dose_msv) IS NULL
        OR least(intended_activity_mbq, actual_activity_mbq, intended_dose_msv, actual_dose_msv, foetal_dose_mgy, infant_dose_msv) >= 0),
  ADD CONSTRAINT incident_assessments_exposed
    CHECK (CASE exposure WHEN 'NONE' THEN actual_dose_msv IS NULL AND actual_activity_mbq IS NULL
                         WHEN 'ACCIDENTAL' THEN actual_dose_msv IS NOT NULL
                         ELSE actual_dose_msv IS NOT NULL AND intended_dose_msv IS NOT NULL END),
  ADD CONSTRAINT incident_assessments_judged
    CHECK ((outcome = 'NOTIFIABLE') = (COALESCE(cardinality(codes), 0) > 0 OR notifiable_because IS NOT NULL)),
  ADD CONSTRAINT incident_assessments_sourced CHECK (COALESCE(cardinality(codes), 0) = COALESCE(cardinality(threshold_ids), 0)),
  ADD CONSTRAINT incident_assessments_numbered CHECK (number > 0),
  ADD CONSTRAINT incident_assessments_in_words CHECK (anonymous_summary ~ '\S');
ALTER TABLE incident_notifications
  ADD CONSTRAINT incident_notifications_in_order CHECK (notified_at <= recorded_at),
  ADD CONSTRAINT incident_notifications_named CHECK (reference ~ '\S');
ALTER TABLE incident_notes ADD CONSTRAINT incident_notes_in_words CHECK (text ~ '\S');
ALTER TABLE incident_closings
  ADD CONSTRAINT incident_closings_candour CHECK ((candour = 'TOLD') = (candour_told_at IS NOT NULL)),
  ADD CONSTRAINT incident_closings_in_words CHECK (learning ~ '\S' AND candour_record ~ '\S'),
  ADD CONSTRAINT incident_closings_numbered CHECK (number > 0);
-- A threshold says what it asks, and only that.
ALTER TABLE incident_thresholds
  ADD CONSTRAINT incident_thresholds_of_their_basis CHECK (is_dropped OR CASE basis
    WHEN 'ACCIDENTAL_DOSE' THEN adult_msv IS NOT NULL AND child_msv IS NOT NULL AND factor IS NULL AND dose_mgy IS NULL
    WHEN 'UNINTENDED_DOSE' THEN ((adult_msv IS NOT NULL AND child_msv IS NOT NULL) <> (factor IS NOT NULL)) AND dose_mgy IS NULL
    WHEN 'FOETAL_DOSE' THEN dose_mgy IS NOT NULL AND adult_msv IS NULL AND factor IS NULL
    WHEN 'INFANT_DOSE' THEN child_msv IS NOT NULL AND adult_msv IS NULL AND factor IS NULL
    ELSE adult_msv IS NULL AND child_msv IS NULL AND factor IS NULL AND dose_mgy IS NULL END),
  ADD CONSTRAINT incident_thresholds_in_bounds
    CHECK ((least(adult_msv, child_msv, factor, dose_mgy) IS NULL OR least(adult_msv, child_msv, factor, dose_mgy) > 0)
       AND (intended_from_msv IS NULL OR intended_from_msv >= 0)
       AND (intended_until_msv IS NULL OR intended_until_msv > COALESCE(intended_from_msv, 0))),
  ADD CONSTRAINT incident_thresholds_sourced CHECK (source ~ '\S' AND code ~ '^[A-Z0-9][A-Z0-9_.]{0,29}$');
ALTER TABLE dose_coefficients
  ADD CONSTRAINT dose_coefficients_in_bounds CHECK (msv_per_mbq > 0 AND msv_per_mbq < 1000),
  ADD CONSTRAINT dose_coefficients_sourced CHECK (source ~ '\S');
ALTER TABLE incident_policies
  ADD CONSTRAINT incident_policies_in_bounds
    CHECK (notify_days BETWEEN 0 AND 366 AND remind_days BETWEEN 1 AND 366 AND child_below_years BETWEEN 1 AND 25),
  ADD CONSTRAINT incident_policies_sourced CHECK (source ~ '\S');

-- Only ever added to. What belongs to an incident goes with the record of the patient whom it names, and never otherwise.
CREATE FUNCTION refuse_change_of_incident_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM incidents incident
        WHERE incident.id = OLD.incident_id AND destruction_reaches('incidents', to_jsonb(incident))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER incident_assessments_append_only BEFORE UPDATE OR DELETE ON incident_assessments FOR EACH ROW EXECUTE FUNCTION refuse_change_of_incident_part();
CREATE TRIGGER incident_assessments_no_truncate BEFORE TRUNCATE ON incident_assessments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_notifications_append_only BEFORE UPDATE OR DELETE ON incident_notifications FOR EACH ROW EXECUTE FUNCTION refuse_change_of_incident_part();
CREATE TRIGGER incident_notifications_no_truncate BEFORE TRUNCATE ON incident_notifications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_notes_append_only BEFORE UPDATE OR DELETE ON incident_notes FOR EACH ROW EXECUTE FUNCTION refuse_change_of_incident_part();
CREATE TRIGGER incident_notes_no_truncate BEFORE TRUNCATE ON incident_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_closings_append_only BEFORE UPDATE OR DELETE ON incident_closings FOR EACH ROW EXECUTE FUNCTION refuse_change_of_incident_part();
CREATE TRIGGER incident_closings_no_truncate BEFORE TRUNCATE ON incident_closings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_thresholds_append_only BEFORE UPDATE OR DELETE ON incident_thresholds FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_thresholds_no_truncate BEFORE TRUNCATE ON incident_thresholds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_coefficients_append_only BEFORE UPDATE OR DELETE ON dose_coefficients FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_coefficients_no_truncate BEFORE TRUNCATE ON dose_coefficients FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_policies_append_only BEFORE UPDATE OR DELETE ON incident_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incident_policies_no_truncate BEFORE TRUNCATE ON incident_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was raised stays as it was raised; only the record of a destroyed patient takes the words with it.
CREATE FUNCTION refuse_change_of_raised_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'incident % stays: it is never deleted', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.reference, NEW.kind, NEW.happened_at, NEW.raised_at, NEW.raised_by_id)
       IS DISTINCT FROM (OLD.id, OLD.reference, OLD.kind, OLD.happened_at, OLD.raised_at, OLD.raised_by_id)
     OR ((NEW.what_happened, NEW.immediate_action, NEW.destroyed_at)
           IS DISTINCT FROM (OLD.what_happened, OLD.immediate_action, OLD.destroyed_at)
         AND destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) IS NOT TRUE) THEN
    RAISE EXCEPTION 'what was raised as incident % stays as it was raised: add a note', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER incidents_stay_as_raised BEFORE UPDATE OR DELETE ON incidents FOR EACH ROW EXECUTE FUNCTION refuse_change_of_raised_incident();
CREATE TRIGGER incidents_no_truncate BEFORE TRUNCATE ON incidents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER incidents_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON incidents
  FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION refuse_merged_patient();

-- What a clinic begins with: the regulator's codes as they were published, each with where it was read. Rows are added, never edited.
INSERT INTO incident_thresholds
  (id, code, basis, regulator, intended_from_msv, is_from_included, intended_until_msv, is_until_included, adult_msv, child_msv, factor, dose_mgy, needs_procedural_failure, effective_from, source, set_at)
VALUES
  ('0193c190-0000-7000-8000-000000000001', '1', 'ACCIDENTAL_DOSE', 'CQC', NULL, true, NULL, false, 3, 1, NULL, NULL, false, '2000-01-01',
   'CQC, IR(ME)R notification codes: accidental exposure in England, 3 mSv or more (adult), 1 mSv or more (child).', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000002', '2.1', 'UNINTENDED_DOSE', 'CQC', NULL, true, 0.3, false, 3, 1, NULL, NULL, false, '2000-01-01',
   'CQC, IR(ME)R notification codes: intended dose below 0.3 mSv, received 3 mSv or more (adult), 1 mSv or more (child), the intended part included.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000003', '2.2', 'UNINTENDED_DOSE', 'CQC', 0.3, true, 2.5, false, NULL, NULL, 10, NULL, false, '2000-01-01',
   'CQC, IR(ME)R notification codes: intended dose of 0.3 to 2.5 mSv, received ten times or more, the intended part included.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000004', '2.3', 'UNINTENDED_DOSE', 'CQC', 2.5, true, 10, true, 25, 25, NULL, NULL, false, '2000-01-01',
   'CQC, IR(ME)R notification codes: intended dose of 2.5 to 10 mSv, received 25 mSv or more, the intended part included.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000005', '2.4', 'UNINTENDED_DOSE', 'CQC', 10, false, NULL, false, NULL, NULL, 2.5, NULL, false, '2000-01-01',
   'CQC, IR(ME)R notification codes: intended dose above 10 mSv, received 2.5 times or more, the intended part included.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000006', 'FOETAL', 'FOETAL_DOSE', 'CQC', NULL, true, NULL, false, NULL, NULL, NULL, 1, true, '2000-01-01',
   'CQC, older table: foetal dose of 1 mGy or more where a procedure was not followed.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000007', 'FOETAL', 'FOETAL_DOSE', 'CQC', NULL, true, NULL, false, NULL, NULL, NULL, 10, false, '2023-05-16',
   'CQC, 2023 table (Society of Radiographers, 16 May 2023): foetal dose of 10 mGy or more, whether or not procedures were followed.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000008', 'INFANT', 'INFANT_DOSE', 'CQC', NULL, true, NULL, false, NULL, 1, NULL, NULL, true, '2000-01-01',
   'CQC, older table: breast-fed infant, 1 mSv or more where a procedure was not followed. To be confirmed against the table in force.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-000000000009', 'RADIOPHARMACEUTICAL', 'WRONG_RADIOPHARMACEUTICAL', 'CQC', NULL, true, NULL, false, NULL, NULL, NULL, NULL, false, '2023-05-16',
   'CQC, 2023 table: criteria for an incorrect radiopharmaceutical were added. To be confirmed against the table in force.', '2000-01-01T00:00:00Z'),
  ('0193c190-0000-7000-8000-00000000000a', 'LICENCE', 'LICENCE_BREACH', 'ARSAC', NULL, true, NULL, false, NULL, NULL, NULL, NULL, false, '2000-01-01',
   'CQC, "Notifying us": administering without the right licence is a breach of IR(ME)R 2017, reg. 5: the ARSAC Support Unit is told, telling CQC is encouraged.', '2000-01-01T00:00:00Z');
INSERT INTO dose_coefficients (id, tracer_code, msv_per_mbq, effective_from, source, set_at)
VALUES
  ('0193c191-0000-7000-8000-000000000001', 'TC99M_MDP', 0.0057, '2000-01-01',
   'SNMMI table in the Journal of Nuclear Medicine, after ICRP: 99mTc-MDP, adult, 0.0057 mSv/MBq. To be confirmed by the medical physics expert.', '2000-01-01T00:00:00Z');
INSERT INTO incident_policies (id, notify_days, remind_days, child_below_years, effective_from, source, set_at)
VALUES
  ('0193c192-0000-7000-8000-000000000001', 14, 2, 18, '2000-01-01',
   'Clinic default, to be confirmed by the clinic: regulators ask for notification without delay.', '2000-01-01T00:00:00Z');
