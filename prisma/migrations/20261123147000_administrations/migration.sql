-- What was injected, when, by whom and how much of it; when the scan may begin after it; what the CT part gave.

-- CreateEnum
CREATE TYPE "AdministrationEntry" AS ENUM ('RECORDED', 'REPORTED_OUTSIDE_GATES', 'RESIDUAL_MEASURED', 'CORRECTED', 'VOIDED');

-- CreateEnum
CREATE TYPE "AdministrationSide" AS ENUM ('LEFT', 'RIGHT');

-- CreateEnum
CREATE TYPE "ActivityComparison" AS ENUM ('BELOW_PLAN', 'AS_PLANNED', 'ABOVE_PLAN', 'ABOVE_DRL');

-- CreateEnum
CREATE TYPE "CtPhantom" AS ENUM ('HEAD_16_CM', 'BODY_32_CM');

-- CreateTable
CREATE TABLE "administrations" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "again_because" TEXT,
    "again_decided_by" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "administrations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "administration_versions" (
    "administration_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "visit_id" UUID NOT NULL,
    "entry" "AdministrationEntry" NOT NULL,
    "operator_id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "site_code" TEXT NOT NULL,
    "administered_on" DATE NOT NULL,
    "injected_at" TIMESTAMPTZ(3) NOT NULL,
    "measured_activity_mbq" DOUBLE PRECISION NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,
    "residual_activity_mbq" DOUBLE PRECISION,
    "residual_measured_at" TIMESTAMPTZ(3),
    "drawn_activity_mbq" DOUBLE PRECISION NOT NULL,
    "net_activity_mbq" DOUBLE PRECISION NOT NULL,
    "half_life_id" UUID NOT NULL,
    "half_life_hours" DOUBLE PRECISION NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "tracer_name" TEXT NOT NULL,
    "batch_id" UUID NOT NULL,
    "batch_number" TEXT NOT NULL,
    "batch_use_id" UUID,
    "route" "TracerRoute" NOT NULL,
    "body_site" TEXT NOT NULL,
    "side" "AdministrationSide",
    "volume_ml" DOUBLE PRECISION,
    "weight_kg" DOUBLE PRECISION,
    "has_extravasated" BOOLEAN NOT NULL DEFAULT false,
    "extravasation" TEXT,
    "dose_protocol_id" UUID NOT NULL,
    "planned_activity_mbq" DOUBLE PRECISION NOT NULL,
    "drl_mbq" DOUBLE PRECISION,
    "drl_citation" TEXT,
    "comparison" "ActivityComparison" NOT NULL,
    "departure_because" TEXT,
    "departure_approved_by" UUID,
    "approved_protocol" TEXT,
    "effective_dose_msv" DOUBLE PRECISION,
    "effective_dose_source" TEXT,
    "closed_gates" TEXT[],
    "gates" JSONB NOT NULL,
    "reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "administration_versions_pkey" PRIMARY KEY ("administration_id","version")
);

-- CreateTable
CREATE TABLE "uptake_explanations" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "administration_id" UUID NOT NULL,
    "injected_at" TIMESTAMPTZ(3) NOT NULL,
    "scan_started_at" TIMESTAMPTZ(3) NOT NULL,
    "uptake_minutes" INTEGER NOT NULL,
    "minutes_min" INTEGER NOT NULL,
    "minutes_max" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "uptake_explanations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ct_doses" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "series" TEXT NOT NULL,
    "ctdi_vol_mgy" DOUBLE PRECISION NOT NULL,
    "dlp_mgy_cm" DOUBLE PRECISION NOT NULL,
    "phantom" "CtPhantom" NOT NULL,
    "replaces_id" UUID,
    "is_void" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "ct_doses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "acquisition_notes" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "part" "ScanPart" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),
    "deviations" TEXT,
    "comment" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "acquisition_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "administration_policies" (
    "id" UUID NOT NULL,
    "effective_from" DATE NOT NULL,
    "tolerance_percent" DOUBLE PRECISION NOT NULL,
    "unit_mistake_factor" DOUBLE PRECISION NOT NULL,
    "uptake_closing_minutes" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "administration_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "administration_policies_effective_from_key" ON "administration_policies"("effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "administrations_visit_id_ordinal_key" ON "administrations"("visit_id", "ordinal");

-- CreateIndex
CREATE INDEX "administration_versions_visit_id_idx" ON "administration_versions"("visit_id");

-- CreateIndex
CREATE INDEX "administration_versions_administered_on_idx" ON "administration_versions"("administered_on");

-- CreateIndex
CREATE INDEX "administration_versions_batch_id_idx" ON "administration_versions"("batch_id");

-- CreateIndex
CREATE INDEX "uptake_explanations_administration_id_idx" ON "uptake_explanations"("administration_id");

-- CreateIndex
CREATE UNIQUE INDEX "uptake_explanations_visit_id_injected_at_scan_started_at_key" ON "uptake_explanations"("visit_id", "injected_at", "scan_started_at");

-- CreateIndex
CREATE UNIQUE INDEX "ct_doses_replaces_id_key" ON "ct_doses"("replaces_id");

-- CreateIndex
CREATE INDEX "ct_doses_visit_id_idx" ON "ct_doses"("visit_id");

-- CreateIndex
CREATE INDEX "acquisition_notes_visit_id_recorded_at_idx" ON "acquisition_notes"("visit_id", "recorded_at");

-- AddForeignKey
ALTER TABLE "administrations" ADD CONSTRAINT "administrations_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "administration_versions" ADD CONSTRAINT "administration_versions_administration_id_fkey" FOREIGN KEY ("administration_id") REFERENCES "administrations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "administration_versions" ADD CONSTRAINT "administration_versions_half_life_id_fkey" FOREIGN KEY ("half_life_id") REFERENCES "radionuclide_half_lives"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "administration_versions" ADD CONSTRAINT "administration_versions_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "tracer_batches"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "administration_versions" ADD CONSTRAINT "administration_versions_dose_protocol_id_fkey" FOREIGN KEY ("dose_protocol_id") REFERENCES "dose_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "uptake_explanations" ADD CONSTRAINT "uptake_explanations_administration_id_fkey" FOREIGN KEY ("administration_id") REFERENCES "administrations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ct_doses" ADD CONSTRAINT "ct_doses_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ct_doses" ADD CONSTRAINT "ct_doses_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "ct_doses"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "acquisition_notes" ADD CONSTRAINT "acquisition_notes_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A first injection needs nothing; whoever is injected again after an extravasation is so because a practitioner decided it.
ALTER TABLE administrations
  ADD CONSTRAINT administrations_again_whole
    CHECK ((again_because IS NULL) = (again_decided_by IS NULL) AND (ordinal > 1 OR again_because IS NULL) AND ordinal >= 1);

-- Activities are positive, in MBq, and what went in is what was drawn without what stayed behind. Measured before, left over after.
ALTER TABLE administration_versions
  ADD CONSTRAINT administration_versions_activity
    CHECK (measured_activity_mbq > 0 AND half_life_hours > 0 AND planned_activity_mbq > 0 AND drawn_activity_mbq > 0
       AND drawn_activity_mbq <= measured_activity_mbq AND net_activity_mbq > 0 AND net_activity_mbq <= drawn_activity_mbq
       AND (residual_activity_mbq IS NOT NULL OR net_activity_mbq = drawn_activity_mbq)
       AND (residual_activity_mbq IS NULL) = (residual_measured_at IS NULL)
       AND (residual_activity_mbq IS NULL OR (residual_activity_mbq >= 0 AND residual_activity_mbq < measured_activity_mbq))),
  ADD CONSTRAINT administration_versions_in_order
    CHECK (measured_at <= injected_at AND (residual_measured_at IS NULL OR residual_measured_at >= injected_at)
       AND injected_at <= recorded_at AND (residual_measured_at IS NULL OR residual_measured_at <= recorded_at)),
  -- Above the plan or the reference level: a reason, and one of the two that may cover it.
  ADD CONSTRAINT administration_versions_departure
    CHECK (num_nonnulls(departure_approved_by, approved_protocol) = CASE WHEN departure_because IS NULL THEN 0 ELSE 1 END
       AND (comparison NOT IN ('ABOVE_PLAN', 'ABOVE_DRL') OR departure_because IS NOT NULL)),
  ADD CONSTRAINT administration_versions_extravasation CHECK (has_extravasated OR extravasation IS NULL),
  ADD CONSTRAINT administration_versions_amounts
    CHECK ((volume_ml IS NULL OR volume_ml > 0) AND (weight_kg IS NULL OR weight_kg > 0)),
  ADD CONSTRAINT administration_versions_drl_cited CHECK ((drl_mbq IS NULL) = (drl_citation IS NULL)),
  -- The first entry is the record, what is added later says why. Through a closed gate nothing is recorded as given: what was
  -- given all the same is reported as just that, with the gates that were closed.
  ADD CONSTRAINT administration_versions_entry
    CHECK (version >= 1 AND (version = 1) = (entry IN ('RECORDED', 'REPORTED_OUTSIDE_GATES'))
       AND (entry IN ('REPORTED_OUTSIDE_GATES', 'CORRECTED', 'VOIDED')) = (reason IS NOT NULL)
       AND (entry <> 'RECORDED' OR closed_gates = '{}') AND (entry <> 'REPORTED_OUTSIDE_GATES' OR closed_gates <> '{}'));

ALTER TABLE uptake_explanations
  ADD CONSTRAINT uptake_explanations_outside
    CHECK (minutes_min >= 0 AND minutes_max >= minutes_min
       AND (scan_started_at < injected_at + make_interval(mins => minutes_min)
         OR scan_started_at > injected_at + make_interval(mins => minutes_max)));
ALTER TABLE ct_doses
  ADD CONSTRAINT ct_doses_in_bounds CHECK (ctdi_vol_mgy > 0 AND dlp_mgy_cm > 0),
  ADD CONSTRAINT ct_doses_replacement CHECK ((replaces_id IS NULL) = (reason IS NULL) AND (NOT is_void OR replaces_id IS NOT NULL));
ALTER TABLE acquisition_notes
  ADD CONSTRAINT acquisition_notes_in_order
    CHECK ((stopped_at IS NULL OR stopped_at >= started_at) AND started_at <= recorded_at
       AND (stopped_at IS NULL OR stopped_at <= recorded_at));

-- Units are mixed up by 37 (mCi) or 1000 (kBq, GBq): a factor that lets either through would ask for nothing.
ALTER TABLE administration_policies
  ADD CONSTRAINT administration_policies_in_bounds
    CHECK (tolerance_percent BETWEEN 0 AND 50 AND unit_mistake_factor BETWEEN 2 AND 20 AND uptake_closing_minutes BETWEEN 0 AND 240);
CREATE TRIGGER administration_policies_append_only BEFORE UPDATE OR DELETE ON administration_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER administration_policies_no_truncate BEFORE TRUNCATE ON administration_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO administration_policies (id, effective_from, tolerance_percent, unit_mistake_factor, uptake_closing_minutes, source, set_at)
VALUES ('0193b000-0000-7000-8000-000000000147', '2000-01-01', 10, 6, 30,
        'Ten per cent is customary and unconfirmed: have it confirmed by the medical physics expert. Six lies half-way to 37, the least factor between two units. What the system begins with.',
        '2000-01-01T00:00:00Z');

-- Versions follow one another, and none follows a void one. Whoever adds one holds the visit; this is the last word.
CREATE FUNCTION administration_version_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last administration_versions%ROWTYPE;
BEGIN
  SELECT * INTO last FROM administration_versions
   WHERE administration_id = NEW.administration_id ORDER BY version DESC LIMIT 1;
  IF NEW.version <> coalesce(last.version, 0) + 1 OR last.entry = 'VOIDED' THEN
    RAISE EXCEPTION 'version % of administration % does not follow', NEW.version, NEW.administration_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.visit_id <> (SELECT visit_id FROM administrations WHERE id = NEW.administration_id) THEN
    RAISE EXCEPTION 'administration % is of another visit', NEW.administration_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER administration_versions_follow BEFORE INSERT ON administration_versions
  FOR EACH ROW EXECUTE FUNCTION administration_version_follows();

-- Nobody is injected twice for one scan, unless the injection before was void, or ran beside the vein and somebody decided so.
CREATE FUNCTION administration_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM administrations before
      LEFT JOIN LATERAL (SELECT entry, has_extravasated FROM administration_versions version
                          WHERE version.administration_id = before.id ORDER BY version.version DESC LIMIT 1) stands ON true
     WHERE before.visit_id = NEW.visit_id
       AND stands.entry IS DISTINCT FROM 'VOIDED'
       AND NOT (coalesce(stands.has_extravasated, false) AND NEW.again_because IS NOT NULL)) THEN
    RAISE EXCEPTION 'visit % has been injected', NEW.visit_id
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'administrations_once', TABLE = 'administrations';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER administrations_once BEFORE INSERT ON administrations
  FOR EACH ROW EXECUTE FUNCTION administration_once();

-- What was given is never rewritten; a lawful destruction takes it with the patient's record.
CREATE TRIGGER administrations_append_only BEFORE UPDATE OR DELETE ON administrations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER administrations_no_truncate BEFORE TRUNCATE ON administrations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER administration_versions_append_only BEFORE UPDATE OR DELETE ON administration_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER administration_versions_no_truncate BEFORE TRUNCATE ON administration_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER uptake_explanations_append_only BEFORE UPDATE OR DELETE ON uptake_explanations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER uptake_explanations_no_truncate BEFORE TRUNCATE ON uptake_explanations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ct_doses_append_only BEFORE UPDATE OR DELETE ON ct_doses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ct_doses_no_truncate BEFORE TRUNCATE ON ct_doses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER acquisition_notes_append_only BEFORE UPDATE OR DELETE ON acquisition_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER acquisition_notes_no_truncate BEFORE TRUNCATE ON acquisition_notes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
