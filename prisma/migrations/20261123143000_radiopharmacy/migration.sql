-- CreateEnum
CREATE TYPE "TracerRoute" AS ENUM ('INTRAVENOUS', 'ORAL', 'SUBCUTANEOUS', 'INTRADERMAL', 'INHALATION');

-- CreateEnum
CREATE TYPE "PlannedDoseStatus" AS ENUM ('WANTED', 'NOT_WANTED');

-- CreateEnum
CREATE TYPE "DoseBasis" AS ENUM ('ADULT', 'PAEDIATRIC_CARD', 'WEIGHT_MISSING', 'DECIDED');

-- CreateEnum
CREATE TYPE "DoseOrderStatus" AS ENUM ('DRAFT', 'SENT', 'AMENDED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "WastedDoseReason" AS ENUM ('MOVED', 'NOT_WANTED', 'ORDER_CANCELLED');

-- CreateEnum
CREATE TYPE "BatchUsePurpose" AS ENUM ('PATIENT_DOSE', 'QUALITY_CONTROL', 'WASTE');

-- CreateTable
CREATE TABLE "radionuclides" (
    "symbol" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "dicom_code_value" TEXT,
    "dicom_coding_scheme" TEXT,
    "dicom_code_meaning" TEXT,

    CONSTRAINT "radionuclides_pkey" PRIMARY KEY ("symbol")
);

-- CreateTable
CREATE TABLE "radionuclide_half_lives" (
    "id" UUID NOT NULL,
    "radionuclide_symbol" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "half_life_hours" DOUBLE PRECISION NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "radionuclide_half_lives_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tracers" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "radionuclide_symbol" TEXT NOT NULL,
    "dicom_code_value" TEXT,
    "dicom_coding_scheme" TEXT,
    "dicom_code_meaning" TEXT,
    "source" TEXT NOT NULL,

    CONSTRAINT "tracers_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "dose_protocols" (
    "id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "route" "TracerRoute" NOT NULL,
    "planned_activity_mbq" DOUBLE PRECISION NOT NULL,
    "activity_mbq_min" DOUBLE PRECISION,
    "activity_mbq_max" DOUBLE PRECISION,
    "activity_source" TEXT NOT NULL,
    "drl_mbq" DOUBLE PRECISION,
    "drl_citation" TEXT,
    "drl_dated_on" DATE,
    "effective_dose_msv_per_mbq" DOUBLE PRECISION NOT NULL,
    "effective_dose_source" TEXT NOT NULL,
    "uptake_minutes_min" INTEGER NOT NULL,
    "uptake_minutes_target" INTEGER NOT NULL,
    "uptake_minutes_max" INTEGER NOT NULL,
    "uptake_source" TEXT NOT NULL,
    "kit_use_by_minutes" INTEGER NOT NULL,
    "kit_use_by_source" TEXT NOT NULL,
    "paediatric_below_age_years" INTEGER,
    "paediatric_baseline_mbq" DOUBLE PRECISION,
    "paediatric_minimum_mbq" DOUBLE PRECISION,
    "paediatric_source" TEXT,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "dose_protocols_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "paediatric_multiples" (
    "protocol_id" UUID NOT NULL,
    "weight_kg" DOUBLE PRECISION NOT NULL,
    "multiple" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "paediatric_multiples_pkey" PRIMARY KEY ("protocol_id", "weight_kg")
);

-- CreateTable
CREATE TABLE "dose_suppliers" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "retired_on" DATE,

    CONSTRAINT "dose_suppliers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supplier_terms" (
    "id" UUID NOT NULL,
    "supplier_id" UUID NOT NULL,
    "effective_from" DATE NOT NULL,
    "cut_off_time" TIME(0) NOT NULL,
    "working_days_before" INTEGER NOT NULL,
    "weekdays" INTEGER[],
    "delivers_on_holidays" BOOLEAN NOT NULL DEFAULT false,
    "charges_wasted" BOOLEAN NOT NULL,
    "shortfall_percent_max" DOUBLE PRECISION NOT NULL,
    "label_tolerance_percent" DOUBLE PRECISION NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "supplier_terms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supplier_deliveries" (
    "terms_id" UUID NOT NULL,
    "delivers_at" TIME(0) NOT NULL,
    "calibrated_at" TIME(0) NOT NULL,

    CONSTRAINT "supplier_deliveries_pkey" PRIMARY KEY ("terms_id", "delivers_at")
);

-- CreateTable
CREATE TABLE "dose_supplies" (
    "id" UUID NOT NULL,
    "site_code" TEXT NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "supplier_id" UUID NOT NULL,
    "effective_from" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "dose_supplies_pkey" PRIMARY KEY ("id")
);

-- By which a supplier knows a dose.
CREATE SEQUENCE planned_dose_reference AS bigint MINVALUE 1 MAXVALUE 99999999 NO CYCLE;

-- CreateTable
CREATE TABLE "planned_doses" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "reference" TEXT NOT NULL DEFAULT ('D'::text || lpad((nextval('planned_dose_reference'::regclass))::text, 8, '0'::text)),
    "procedure_code" TEXT NOT NULL,
    "site_code" TEXT NOT NULL,
    "protocol_id" UUID NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "half_life_id" UUID NOT NULL,
    "status" "PlannedDoseStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "held_on" DATE NOT NULL,
    "injection_at" TIMESTAMPTZ(3) NOT NULL,
    "basis" "DoseBasis" NOT NULL,
    "weight_kg" DOUBLE PRECISION,
    "age_years" INTEGER,
    "planned_activity_mbq" DOUBLE PRECISION NOT NULL,
    "supplier_id" UUID,
    "terms_id" UUID,
    "delivers_at" TIMESTAMPTZ(3),
    "calibrated_at" TIMESTAMPTZ(3),
    "activity_at_calibration_mbq" DOUBLE PRECISION,
    "cut_off_at" TIMESTAMPTZ(3),
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "planned_doses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dose_orders" (
    "id" UUID NOT NULL,
    "supplier_id" UUID NOT NULL,
    "site_code" TEXT NOT NULL,
    "held_on" DATE NOT NULL,
    "status" "DoseOrderStatus" NOT NULL DEFAULT 'DRAFT',
    "version" INTEGER NOT NULL DEFAULT 0,
    "cut_off_at" TIMESTAMPTZ(3),

    CONSTRAINT "dose_orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dose_order_versions" (
    "order_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "status" "DoseOrderStatus" NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_by_id" UUID NOT NULL,
    "cut_off_at" TIMESTAMPTZ(3),
    "agreed_with" TEXT,
    "comment" TEXT,

    CONSTRAINT "dose_order_versions_pkey" PRIMARY KEY ("order_id", "version")
);

-- CreateTable
CREATE TABLE "dose_order_lines" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "order_version" INTEGER NOT NULL,
    "planned_dose_id" UUID NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "injection_at" TIMESTAMPTZ(3) NOT NULL,
    "planned_activity_mbq" DOUBLE PRECISION NOT NULL,
    "delivers_at" TIMESTAMPTZ(3) NOT NULL,
    "calibrated_at" TIMESTAMPTZ(3) NOT NULL,
    "activity_at_calibration_mbq" DOUBLE PRECISION NOT NULL,
    "half_life_hours" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "dose_order_lines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wasted_doses" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line_id" UUID NOT NULL,
    "reason" "WastedDoseReason" NOT NULL,
    "activity_mbq" DOUBLE PRECISION NOT NULL,
    "is_chargeable" BOOLEAN NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,
    "counted_by_id" UUID,
    "taken_back_at" TIMESTAMPTZ(3),
    "taken_back_by_id" UUID,

    CONSTRAINT "wasted_doses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tracer_batches" (
    "id" UUID NOT NULL,
    "supplier_id" UUID NOT NULL,
    "batch_number" TEXT NOT NULL,
    "tracer_code" TEXT NOT NULL,
    "site_code" TEXT NOT NULL,
    "half_life_id" UUID NOT NULL,
    "prepared_at" TIMESTAMPTZ(3) NOT NULL,
    "calibrated_at" TIMESTAMPTZ(3) NOT NULL,
    "calibrated_activity_mbq" DOUBLE PRECISION NOT NULL,
    "label_tolerance_percent" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "drawn_mbq" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "expiry_source" TEXT,
    "volume_ml" DOUBLE PRECISION,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "received_by_id" UUID NOT NULL,
    "discarded_at" TIMESTAMPTZ(3),
    "discarded_by_id" UUID,
    "discard_reason" TEXT,

    CONSTRAINT "tracer_batches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_uses" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "visit_id" UUID,
    "purpose" "BatchUsePurpose" NOT NULL,
    "activity_mbq" DOUBLE PRECISION NOT NULL,
    "drawn_at" TIMESTAMPTZ(3) NOT NULL,
    "calibrated_mbq" DOUBLE PRECISION NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "given_back_at" TIMESTAMPTZ(3),
    "given_back_by_id" UUID,
    "given_back_reason" TEXT,

    CONSTRAINT "batch_uses_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "radionuclide_half_lives_radionuclide_symbol_version_key" ON "radionuclide_half_lives"("radionuclide_symbol", "version");

-- CreateIndex
CREATE UNIQUE INDEX "radionuclide_half_lives_radionuclide_symbol_effective_from_key" ON "radionuclide_half_lives"("radionuclide_symbol", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "dose_protocols_procedure_code_effective_from_key" ON "dose_protocols"("procedure_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "dose_suppliers_code_key" ON "dose_suppliers"("code");

-- CreateIndex
CREATE UNIQUE INDEX "supplier_terms_supplier_id_effective_from_key" ON "supplier_terms"("supplier_id", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "dose_supplies_site_code_tracer_code_effective_from_key" ON "dose_supplies"("site_code", "tracer_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "planned_doses_visit_id_key" ON "planned_doses"("visit_id");

-- CreateIndex
CREATE UNIQUE INDEX "planned_doses_reference_key" ON "planned_doses"("reference");

-- CreateIndex
CREATE INDEX "planned_doses_held_on_site_code_idx" ON "planned_doses"("held_on", "site_code");

-- CreateIndex
CREATE INDEX "planned_doses_supplier_id_site_code_held_on_idx" ON "planned_doses"("supplier_id", "site_code", "held_on");

-- CreateIndex
CREATE UNIQUE INDEX "dose_orders_supplier_id_site_code_held_on_key" ON "dose_orders"("supplier_id", "site_code", "held_on");

-- CreateIndex
CREATE INDEX "dose_orders_held_on_idx" ON "dose_orders"("held_on");

-- CreateIndex
CREATE UNIQUE INDEX "dose_order_lines_order_id_order_version_planned_dose_id_key" ON "dose_order_lines"("order_id", "order_version", "planned_dose_id");

-- CreateIndex
CREATE INDEX "dose_order_lines_planned_dose_id_idx" ON "dose_order_lines"("planned_dose_id");

-- CreateIndex
CREATE INDEX "wasted_doses_order_id_idx" ON "wasted_doses"("order_id");

-- CreateIndex
CREATE INDEX "tracer_batches_site_code_expires_at_idx" ON "tracer_batches"("site_code", "expires_at");

-- CreateIndex
CREATE INDEX "batch_uses_batch_id_idx" ON "batch_uses"("batch_id");

-- CreateIndex
CREATE INDEX "batch_uses_visit_id_idx" ON "batch_uses"("visit_id");

-- AddForeignKey
ALTER TABLE "radionuclide_half_lives" ADD CONSTRAINT "radionuclide_half_lives_radionuclide_symbol_fkey" FOREIGN KEY ("radionuclide_symbol") REFERENCES "radionuclides"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tracers" ADD CONSTRAINT "tracers_radionuclide_symbol_fkey" FOREIGN KEY ("radionuclide_symbol") REFERENCES "radionuclides"("symbol") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_protocols" ADD CONSTRAINT "dose_protocols_procedure_code_fkey" FOREIGN KEY ("procedure_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_protocols" ADD CONSTRAINT "dose_protocols_tracer_code_fkey" FOREIGN KEY ("tracer_code") REFERENCES "tracers"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "paediatric_multiples" ADD CONSTRAINT "paediatric_multiples_protocol_id_fkey" FOREIGN KEY ("protocol_id") REFERENCES "dose_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supplier_terms" ADD CONSTRAINT "supplier_terms_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "dose_suppliers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supplier_deliveries" ADD CONSTRAINT "supplier_deliveries_terms_id_fkey" FOREIGN KEY ("terms_id") REFERENCES "supplier_terms"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_supplies" ADD CONSTRAINT "dose_supplies_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_supplies" ADD CONSTRAINT "dose_supplies_tracer_code_fkey" FOREIGN KEY ("tracer_code") REFERENCES "tracers"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_supplies" ADD CONSTRAINT "dose_supplies_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "dose_suppliers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_protocol_id_fkey" FOREIGN KEY ("protocol_id") REFERENCES "dose_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_tracer_code_fkey" FOREIGN KEY ("tracer_code") REFERENCES "tracers"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_half_life_id_fkey" FOREIGN KEY ("half_life_id") REFERENCES "radionuclide_half_lives"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "dose_suppliers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "planned_doses" ADD CONSTRAINT "planned_doses_terms_id_fkey" FOREIGN KEY ("terms_id") REFERENCES "supplier_terms"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_orders" ADD CONSTRAINT "dose_orders_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "dose_suppliers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_orders" ADD CONSTRAINT "dose_orders_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_order_versions" ADD CONSTRAINT "dose_order_versions_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "dose_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_order_lines" ADD CONSTRAINT "dose_order_lines_order_id_order_version_fkey" FOREIGN KEY ("order_id", "order_version") REFERENCES "dose_order_versions"("order_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dose_order_lines" ADD CONSTRAINT "dose_order_lines_planned_dose_id_fkey" FOREIGN KEY ("planned_dose_id") REFERENCES "planned_doses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wasted_doses" ADD CONSTRAINT "wasted_doses_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "dose_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wasted_doses" ADD CONSTRAINT "wasted_doses_line_id_fkey" FOREIGN KEY ("line_id") REFERENCES "dose_order_lines"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tracer_batches" ADD CONSTRAINT "tracer_batches_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "dose_suppliers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tracer_batches" ADD CONSTRAINT "tracer_batches_tracer_code_fkey" FOREIGN KEY ("tracer_code") REFERENCES "tracers"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tracer_batches" ADD CONSTRAINT "tracer_batches_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tracer_batches" ADD CONSTRAINT "tracer_batches_half_life_id_fkey" FOREIGN KEY ("half_life_id") REFERENCES "radionuclide_half_lives"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_uses" ADD CONSTRAINT "batch_uses_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "tracer_batches"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_uses" ADD CONSTRAINT "batch_uses_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

ALTER TABLE radionuclide_half_lives
  ADD CONSTRAINT radionuclide_half_lives_in_bounds CHECK (
    half_life_hours > 0 AND half_life_hours < 'Infinity'::float8 AND version >= 1 AND btrim(source) <> '');
ALTER TABLE tracers
  ADD CONSTRAINT tracers_code CHECK (code ~ '^[A-Z][A-Z0-9_]{1,39}$');
ALTER TABLE dose_protocols
  ADD CONSTRAINT dose_protocols_activity CHECK (
    planned_activity_mbq > 0 AND planned_activity_mbq < 100000 AND activity_mbq_min <= activity_mbq_max
    AND effective_dose_msv_per_mbq > 0 AND effective_dose_msv_per_mbq < 100),
  -- A level without its citation and date says nothing.
  ADD CONSTRAINT dose_protocols_drl_cited CHECK (
    (drl_mbq IS NULL) = (drl_citation IS NULL) AND (drl_mbq IS NULL) = (drl_dated_on IS NULL)
    AND (drl_mbq IS NULL OR drl_mbq > 0)),
  ADD CONSTRAINT dose_protocols_times CHECK (
    uptake_minutes_min >= 0 AND uptake_minutes_min <= uptake_minutes_target
    AND uptake_minutes_target <= uptake_minutes_max AND kit_use_by_minutes > 0),
  ADD CONSTRAINT dose_protocols_card_whole CHECK (
    (paediatric_below_age_years IS NULL) = (paediatric_baseline_mbq IS NULL)
    AND (paediatric_below_age_years IS NULL) = (paediatric_minimum_mbq IS NULL)
    AND (paediatric_below_age_years IS NULL) = (paediatric_source IS NULL)
    AND (paediatric_baseline_mbq IS NULL OR paediatric_baseline_mbq > 0)
    AND (paediatric_minimum_mbq IS NULL OR paediatric_minimum_mbq > 0));
ALTER TABLE paediatric_multiples
  ADD CONSTRAINT paediatric_multiples_in_bounds CHECK (weight_kg > 0 AND multiple > 0);
ALTER TABLE dose_suppliers
  ADD CONSTRAINT dose_suppliers_code CHECK (code ~ '^[A-Z][A-Z0-9_]{1,39}$');
ALTER TABLE supplier_terms
  ADD CONSTRAINT supplier_terms_in_bounds CHECK (
    working_days_before BETWEEN 0 AND 20 AND cardinality(weekdays) >= 1
    AND weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND shortfall_percent_max >= 0 AND shortfall_percent_max < 100
    AND label_tolerance_percent >= 0 AND label_tolerance_percent <= 20);

-- A dose comes by a delivery, wholly or not at all.
ALTER TABLE planned_doses
  ADD CONSTRAINT planned_doses_delivered_whole CHECK (
    (delivers_at IS NULL) = (calibrated_at IS NULL) AND (delivers_at IS NULL) = (activity_at_calibration_mbq IS NULL)
    AND (delivers_at IS NULL) = (cut_off_at IS NULL) AND (delivers_at IS NULL OR terms_id IS NOT NULL)
    AND (terms_id IS NULL OR supplier_id IS NOT NULL)),
  ADD CONSTRAINT planned_doses_in_bounds CHECK (
    planned_activity_mbq > 0 AND (activity_at_calibration_mbq IS NULL OR activity_at_calibration_mbq > 0)
    AND (weight_kg IS NULL OR weight_kg > 0) AND (age_years IS NULL OR age_years >= 0));

ALTER TABLE dose_orders
  ADD CONSTRAINT dose_orders_sent_with_version CHECK ((status = 'DRAFT') = (version = 0));
ALTER TABLE dose_order_versions
  ADD CONSTRAINT dose_order_versions_sent CHECK (status <> 'DRAFT' AND version >= 1);

-- A line is counted as wasted once at a time.
CREATE UNIQUE INDEX wasted_doses_one_per_line ON wasted_doses (line_id) WHERE (taken_back_at IS NULL);
ALTER TABLE wasted_doses
  ADD CONSTRAINT wasted_doses_taken_back CHECK (
    activity_mbq > 0 AND (taken_back_by_id IS NULL OR taken_back_at IS NOT NULL));

ALTER TABLE tracer_batches
  ADD CONSTRAINT tracer_batches_in_order CHECK (prepared_at < expires_at AND prepared_at <= received_at),
  ADD CONSTRAINT tracer_batches_activity CHECK (
    calibrated_activity_mbq > 0 AND calibrated_activity_mbq < 10000000 AND (volume_ml IS NULL OR volume_ml > 0)
    AND label_tolerance_percent >= 0 AND label_tolerance_percent <= 20),
  -- Nobody draws what is not there: what the label says, and so much more as two calibrators may differ. A millionth of a
  -- MBq is the rounding of drawing all that is left.
  ADD CONSTRAINT tracer_batches_not_overdrawn CHECK (
    drawn_mbq >= 0 AND drawn_mbq <= calibrated_activity_mbq * (1 + label_tolerance_percent / 100) * 1.000000001 + 0.000001),
  ADD CONSTRAINT tracer_batches_discarded_whole CHECK (
    (discarded_at IS NULL) = (discarded_by_id IS NULL) AND (discarded_at IS NULL) = (discard_reason IS NULL));
-- A label is entered once. One that was read wrongly is discarded and entered anew.
CREATE UNIQUE INDEX tracer_batches_once ON tracer_batches (supplier_id, batch_number, tracer_code) WHERE (discarded_at IS NULL);
ALTER TABLE batch_uses
  ADD CONSTRAINT batch_uses_in_bounds CHECK (
    activity_mbq > 0 AND calibrated_mbq > 0 AND activity_mbq < 'Infinity'::float8 AND calibrated_mbq < 'Infinity'::float8),
  ADD CONSTRAINT batch_uses_for_whom CHECK ((purpose = 'PATIENT_DOSE') = (visit_id IS NOT NULL)),
  ADD CONSTRAINT batch_uses_given_back_whole CHECK (
    (given_back_at IS NULL) = (given_back_by_id IS NULL) AND (given_back_at IS NULL) = (given_back_reason IS NULL));

-- What a batch holds is the database's own sum, under the batch's lock: of those who draw at once one comes after the
-- other, and each sees what the one before took. Nothing is drawn before it was prepared, in a minute after its last one,
-- or from what was discarded.
CREATE FUNCTION keep_batch_stock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  batch tracer_batches%ROWTYPE;
BEGIN
  SELECT * INTO STRICT batch FROM tracer_batches WHERE id = NEW.batch_id FOR UPDATE;
  IF TG_OP = 'INSERT' THEN
    IF NEW.drawn_at < batch.prepared_at
       OR date_trunc('minute', NEW.drawn_at) > date_trunc('minute', batch.expires_at) THEN
      RAISE EXCEPTION 'batch % cannot be used at %', batch.id, NEW.drawn_at
        USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_uses_within_life', TABLE = 'batch_uses';
    END IF;
    IF batch.discarded_at IS NOT NULL AND NEW.drawn_at >= batch.discarded_at THEN
      RAISE EXCEPTION 'batch % was discarded', batch.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_uses_not_discarded', TABLE = 'batch_uses';
    END IF;
  END IF;
  UPDATE tracer_batches
     SET drawn_mbq = (SELECT coalesce(sum(calibrated_mbq), 0) FROM batch_uses
                       WHERE batch_id = NEW.batch_id AND given_back_at IS NULL)
   WHERE id = NEW.batch_id;
  RETURN NULL;
END $$;
CREATE TRIGGER batch_uses_counted AFTER INSERT OR UPDATE ON batch_uses
  FOR EACH ROW EXECUTE FUNCTION keep_batch_stock();

-- Of a use nothing changes but that it is given back, once.
CREATE FUNCTION refuse_change_of_batch_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.batch_id, NEW.visit_id, NEW.purpose, NEW.activity_mbq, NEW.drawn_at, NEW.calibrated_mbq, NEW.recorded_at, NEW.recorded_by_id)
       IS DISTINCT FROM (OLD.id, OLD.batch_id, OLD.visit_id, OLD.purpose, OLD.activity_mbq, OLD.drawn_at, OLD.calibrated_mbq, OLD.recorded_at, OLD.recorded_by_id)
     OR OLD.given_back_at IS NOT NULL THEN
    RAISE EXCEPTION 'a use of a batch is only ever given back, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_uses_fixed BEFORE UPDATE ON batch_uses
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_batch_use();
-- What is stated of a batch stays as it was received; it is drawn from and discarded.
CREATE FUNCTION refuse_change_of_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - ARRAY['drawn_mbq', 'discarded_at', 'discarded_by_id', 'discard_reason'])
       IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['drawn_mbq', 'discarded_at', 'discarded_by_id', 'discard_reason'])
     OR (OLD.discarded_at IS NOT NULL AND NEW.discarded_at IS DISTINCT FROM OLD.discarded_at) THEN
    RAISE EXCEPTION 'what is stated of a batch stays as it was received' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tracer_batches_fixed BEFORE UPDATE ON tracer_batches
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_batch();
CREATE TRIGGER batch_uses_no_delete BEFORE DELETE ON batch_uses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tracer_batches_no_delete BEFORE DELETE ON tracer_batches FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Numbers that people were given doses by are never rewritten: a change is a new row. What went out stays as it went.
CREATE TRIGGER radionuclide_half_lives_append_only BEFORE UPDATE OR DELETE ON radionuclide_half_lives FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER radionuclide_half_lives_no_truncate BEFORE TRUNCATE ON radionuclide_half_lives FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_protocols_append_only BEFORE UPDATE OR DELETE ON dose_protocols FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_protocols_no_truncate BEFORE TRUNCATE ON dose_protocols FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paediatric_multiples_append_only BEFORE UPDATE OR DELETE ON paediatric_multiples FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER paediatric_multiples_no_truncate BEFORE TRUNCATE ON paediatric_multiples FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supplier_terms_append_only BEFORE UPDATE OR DELETE ON supplier_terms FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supplier_terms_no_truncate BEFORE TRUNCATE ON supplier_terms FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supplier_deliveries_append_only BEFORE UPDATE OR DELETE ON supplier_deliveries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER supplier_deliveries_no_truncate BEFORE TRUNCATE ON supplier_deliveries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_supplies_append_only BEFORE UPDATE OR DELETE ON dose_supplies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_supplies_no_truncate BEFORE TRUNCATE ON dose_supplies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_order_versions_append_only BEFORE UPDATE OR DELETE ON dose_order_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_order_versions_no_truncate BEFORE TRUNCATE ON dose_order_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_order_lines_append_only BEFORE UPDATE OR DELETE ON dose_order_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dose_order_lines_no_truncate BEFORE TRUNCATE ON dose_order_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
