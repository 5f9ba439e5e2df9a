-- CreateEnum
CREATE TYPE "GateCode" AS ENUM ('REFERRER_ENTITLED', 'REQUEST_COMPLETE', 'JUSTIFIED', 'AUTHORISED', 'EMPLOYER_LICENCE', 'PRACTITIONER_LICENCE', 'CONSENT_IN_FORCE', 'NO_RECENT_EXPOSURE', 'IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED', 'BREAST_FEEDING_ENQUIRED', 'SAFETY_CHECKED', 'OPERATOR_ENTITLED', 'BATCH_VALID', 'ACTIVITY_WITHIN_PROTOCOL', 'UPTAKE_IN_WINDOW', 'EVALUATED', 'REPORT_ACKNOWLEDGED');

-- CreateEnum
CREATE TYPE "GateStage" AS ENUM ('BOOKING', 'PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION', 'AFTERWARDS');

-- CreateEnum
CREATE TYPE "GateStrictness" AS ENUM ('HARD', 'ADVISORY');

-- CreateTable
CREATE TABLE "gate_policies" (
    "id" UUID NOT NULL,
    "gate" "GateCode" NOT NULL,
    "stage" "GateStage" NOT NULL,
    "strictness" "GateStrictness" NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "gate_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "exposure_interval_policies" (
    "id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "within_hours" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "exposure_interval_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "gate_policies_gate_stage_effective_from_key" ON "gate_policies"("gate", "stage", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "exposure_interval_policies_procedure_code_effective_from_key" ON "exposure_interval_policies"("procedure_code", "effective_from");

-- What Prisma cannot say.

-- The floor: what the law asks before an exposure is never softer than hard, from the stage on at which it can be known.
ALTER TABLE gate_policies
  ADD CONSTRAINT gate_policies_floor CHECK (
    strictness = 'HARD' OR NOT (
      (gate IN ('EMPLOYER_LICENCE', 'PRACTITIONER_LICENCE', 'JUSTIFIED', 'AUTHORISED')
        AND stage IN ('PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'))
      OR (gate = 'CONSENT_IN_FORCE' AND stage IN ('BOOKING', 'PUBLICATION', 'ARRIVAL', 'INJECTION', 'ACQUISITION'))
      OR (gate IN ('IDENTITY_CHECKED', 'PREGNANCY_ENQUIRED') AND stage IN ('INJECTION', 'ACQUISITION'))
      OR (gate = 'BATCH_VALID' AND stage = 'INJECTION')));
ALTER TABLE exposure_interval_policies
  ADD CONSTRAINT exposure_interval_policies_in_bounds CHECK (within_hours BETWEEN 0 AND 8784);
CREATE TRIGGER gate_policies_append_only BEFORE UPDATE OR DELETE ON gate_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gate_policies_no_truncate BEFORE TRUNCATE ON gate_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exposure_interval_policies_append_only BEFORE UPDATE OR DELETE ON exposure_interval_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exposure_interval_policies_no_truncate BEFORE TRUNCATE ON exposure_interval_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A gate that becomes hard, or is no longer, hides and shows bookings.
CREATE TRIGGER gate_policies_noted AFTER INSERT ON gate_policies
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');
CREATE TRIGGER exposure_interval_policies_noted AFTER INSERT ON exposure_interval_policies
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO gate_policies (id, gate, stage, strictness, effective_from, source, set_at)
VALUES
  ('0193b450-0000-7000-8000-000000000001', 'REFERRER_ENTITLED', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000002', 'REFERRER_ENTITLED', 'PUBLICATION', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000003', 'REFERRER_ENTITLED', 'ARRIVAL', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000004', 'REFERRER_ENTITLED', 'INJECTION', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000005', 'REQUEST_COMPLETE', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000006', 'REQUEST_COMPLETE', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000007', 'REQUEST_COMPLETE', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000008', 'REQUEST_COMPLETE', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000009', 'NO_RECENT_EXPOSURE', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000010', 'NO_RECENT_EXPOSURE', 'ARRIVAL', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000011', 'NO_RECENT_EXPOSURE', 'INJECTION', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000012', 'EMPLOYER_LICENCE', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000013', 'EMPLOYER_LICENCE', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000014', 'EMPLOYER_LICENCE', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000015', 'EMPLOYER_LICENCE', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000016', 'EMPLOYER_LICENCE', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000017', 'PRACTITIONER_LICENCE', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000018', 'PRACTITIONER_LICENCE', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000019', 'PRACTITIONER_LICENCE', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000020', 'PRACTITIONER_LICENCE', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000021', 'PRACTITIONER_LICENCE', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000022', 'JUSTIFIED', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000023', 'JUSTIFIED', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000024', 'JUSTIFIED', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000025', 'JUSTIFIED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000026', 'JUSTIFIED', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000027', 'AUTHORISED', 'BOOKING', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000028', 'AUTHORISED', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000029', 'AUTHORISED', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000030', 'AUTHORISED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000031', 'AUTHORISED', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000032', 'OPERATOR_ENTITLED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000033', 'OPERATOR_ENTITLED', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000034', 'CONSENT_IN_FORCE', 'BOOKING', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000035', 'CONSENT_IN_FORCE', 'PUBLICATION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000036', 'CONSENT_IN_FORCE', 'ARRIVAL', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000037', 'CONSENT_IN_FORCE', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000038', 'CONSENT_IN_FORCE', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000039', 'IDENTITY_CHECKED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000040', 'IDENTITY_CHECKED', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000041', 'PREGNANCY_ENQUIRED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000042', 'PREGNANCY_ENQUIRED', 'ACQUISITION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000043', 'BREAST_FEEDING_ENQUIRED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000044', 'SAFETY_CHECKED', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000045', 'BATCH_VALID', 'INJECTION', 'HARD', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000046', 'ACTIVITY_WITHIN_PROTOCOL', 'INJECTION', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000047', 'UPTAKE_IN_WINDOW', 'ACQUISITION', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000048', 'EVALUATED', 'AFTERWARDS', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b450-0000-7000-8000-000000000049', 'REPORT_ACKNOWLEDGED', 'AFTERWARDS', 'ADVISORY', '2000-01-01', 'Clinic default: what stands at which stage, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
INSERT INTO exposure_interval_policies (id, procedure_code, within_hours, effective_from, source, set_at)
VALUES ('0193b450-0000-7000-8000-000000001001', 'ANY', 48, '2000-01-01', 'Ten half-lives of Tc-99m (60 hours) leave a thousandth; 24 to 48 hours are usual between two studies with Tc-99m. Clinic default, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
