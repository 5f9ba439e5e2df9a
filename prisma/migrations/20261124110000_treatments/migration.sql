-- CreateEnum
CREATE TYPE "TreatmentKind" AS ENUM ('FACET_JOINT_INJECTION', 'MEDIAL_BRANCH_BLOCK', 'SACRO_ILIAC_INJECTION', 'RADIOFREQUENCY_DENERVATION', 'OTHER');

-- CreateEnum
CREATE TYPE "TreatmentStatus" AS ENUM ('REQUESTED', 'PLANNED', 'IN_PROGRESS', 'DONE', 'DECLINED', 'CANCELLED', 'ABANDONED');

-- CreateEnum
CREATE TYPE "TreatmentOrigin" AS ENUM ('MANUAL', 'DECISION_ACTION', 'RESPONSE');

-- CreateEnum
CREATE TYPE "TreatmentGuidance" AS ENUM ('FLUOROSCOPY', 'CT', 'ULTRASOUND', 'NONE');

-- CreateEnum
CREATE TYPE "TreatmentAspect" AS ENUM ('ANTICOAGULANT', 'ALLERGY', 'INFECTION', 'CARDIAC_IMPLANT', 'DIABETES', 'PREGNANCY');

-- CreateEnum
CREATE TYPE "TreatmentAspectFinding" AS ENUM ('NO_CONCERN', 'MANAGED', 'NOT_APPLICABLE');

-- CreateEnum
CREATE TYPE "TreatmentPauseSource" AS ENUM ('CONSENT', 'MARK', 'IMAGE', 'PLAN');

-- CreateEnum
CREATE TYPE "TreatmentCriterion" AS ENUM ('PAIN_SCORE', 'CONSERVATIVE_CARE', 'BLOCK_RESPONSE', 'REPEAT_INTERVAL', 'STEROID_CEILING');

-- CreateEnum
CREATE TYPE "TreatmentEnforcement" AS ENUM ('ADVISORY', 'MANDATORY');

-- CreateEnum
CREATE TYPE "TreatmentAgentKind" AS ENUM ('STEROID', 'LOCAL_ANAESTHETIC', 'CONTRAST', 'OTHER');

-- CreateEnum
CREATE TYPE "ComplicationType" AS ENUM ('VASOVAGAL', 'BLEEDING', 'INFECTION', 'NERVE_INJURY', 'DURAL_PUNCTURE', 'ALLERGIC_REACTION', 'STEROID_EFFECT', 'PAIN_FLARE', 'WRONG_SITE', 'OTHER');

-- CreateEnum
CREATE TYPE "ComplicationSeverity" AS ENUM ('MILD', 'MODERATE', 'SEVERE', 'LIFE_THREATENING');

-- CreateTable
CREATE TABLE "treatments" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "kind" "TreatmentKind" NOT NULL,
    "other_name" TEXT,
    "procedure_code" TEXT NOT NULL,
    "status" "TreatmentStatus" NOT NULL DEFAULT 'REQUESTED',
    "origin" "TreatmentOrigin" NOT NULL,
    "origin_id" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "because" TEXT NOT NULL,
    "indication" TEXT NOT NULL,
    "alternatives" TEXT NOT NULL,
    "conservative_weeks" INTEGER,
    "payer_code" TEXT,
    "visit_id" UUID,
    "lost_visit_id" UUID,
    "plan_version" INTEGER NOT NULL DEFAULT 0,
    "record_version" INTEGER NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "started_by_id" UUID,
    "pause_id" UUID,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "treatments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_targets" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "structure" "FindingStructure" NOT NULL,
    "level" "SpineLevel",
    "side" "FindingSide" NOT NULL,
    "detail" TEXT,
    "finding_id" UUID,
    "no_finding_because" TEXT,

    CONSTRAINT "treatment_targets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_plans" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "approach" TEXT NOT NULL,
    "guidance" "TreatmentGuidance" NOT NULL,
    "anticoagulant_plan" TEXT NOT NULL,
    "justification" TEXT,
    "entitlement_id" UUID,
    "policy_id" UUID NOT NULL,
    "unmet_criteria" "TreatmentCriterion"[],
    "proceed_because" TEXT,
    "replan_because" TEXT,
    "targets_count" INTEGER NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "planned_by_id" UUID NOT NULL,

    CONSTRAINT "treatment_plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_plan_agents" (
    "id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "agent_id" UUID NOT NULL,
    "dose_mg" DOUBLE PRECISION,
    "volume_ml" DOUBLE PRECISION,

    CONSTRAINT "treatment_plan_agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_plan_aspects" (
    "id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "aspect" "TreatmentAspect" NOT NULL,
    "finding" "TreatmentAspectFinding" NOT NULL,
    "note" TEXT,

    CONSTRAINT "treatment_plan_aspects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_pauses" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "present_ids" UUID[],
    "present_names" TEXT[],
    "consent_record_id" UUID NOT NULL,
    "comment" TEXT,

    CONSTRAINT "treatment_pauses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_pause_readings" (
    "id" UUID NOT NULL,
    "pause_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "source" "TreatmentPauseSource" NOT NULL,
    "position" INTEGER NOT NULL,
    "level" "SpineLevel",
    "side" "FindingSide" NOT NULL,

    CONSTRAINT "treatment_pause_readings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_pause_answers" (
    "id" UUID NOT NULL,
    "pause_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "aspect" "TreatmentAspect" NOT NULL,
    "note" TEXT,

    CONSTRAINT "treatment_pause_answers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_records" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "operator_id" UUID NOT NULL,
    "guidance" "TreatmentGuidance" NOT NULL,
    "entitlement_id" UUID,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "dose_area_product_gy_cm2" DOUBLE PRECISION,
    "fluoroscopy_seconds" INTEGER,
    "ct_dlp_mgy_cm" DOUBLE PRECISION,
    "observed_until" TIMESTAMPTZ(3),
    "observation" TEXT,
    "leaflet" TEXT,
    "advice" TEXT,
    "comment" TEXT,
    "abandoned_because" TEXT,
    "corrected_because" TEXT,
    "targets_count" INTEGER NOT NULL,
    "agents_count" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "treatment_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_given_targets" (
    "id" UUID NOT NULL,
    "record_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "structure" "FindingStructure" NOT NULL,
    "level" "SpineLevel",
    "side" "FindingSide" NOT NULL,
    "detail" TEXT,
    "was_treated" BOOLEAN NOT NULL,
    "left_out_because" TEXT,
    "needle" TEXT,
    "contrast_spread" TEXT,
    "temperature_c" DOUBLE PRECISION,
    "lesion_seconds" INTEGER,
    "lesions_count" INTEGER,
    "electrode" TEXT,

    CONSTRAINT "treatment_given_targets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_given_agents" (
    "id" UUID NOT NULL,
    "record_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "target_position" INTEGER,
    "agent_id" UUID NOT NULL,
    "concentration_mg_ml" DOUBLE PRECISION,
    "volume_ml" DOUBLE PRECISION NOT NULL,
    "dose_mg" DOUBLE PRECISION,
    "batch_number" TEXT NOT NULL,
    "expires_on" DATE NOT NULL,
    "steroid_mg" DOUBLE PRECISION,

    CONSTRAINT "treatment_given_agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_complications" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "type" "ComplicationType" NOT NULL,
    "severity" "ComplicationSeverity" NOT NULL,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "description" TEXT NOT NULL,
    "action_taken" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "replaces_id" UUID,
    "replace_reason" TEXT,

    CONSTRAINT "treatment_complications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_policies" (
    "id" UUID NOT NULL,
    "kind" "TreatmentKind" NOT NULL,
    "payer_code" TEXT NOT NULL DEFAULT '',
    "enforcement" "TreatmentEnforcement" NOT NULL,
    "nrs_min" INTEGER,
    "conservative_weeks_min" INTEGER,
    "block_kind" "TreatmentKind",
    "block_percent_min" INTEGER,
    "block_months_max" INTEGER,
    "repeat_months_min" INTEGER,
    "steroid_ceiling_mg" INTEGER,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "treatment_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_agents" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "TreatmentAgentKind" NOT NULL,
    "steroid_factor" DOUBLE PRECISION,
    "effective_from" DATE NOT NULL,
    "is_dropped" BOOLEAN NOT NULL DEFAULT false,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "treatment_agents_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "treatments_patient_id_status_idx" ON "treatments"("patient_id", "status");

-- CreateIndex
CREATE INDEX "treatments_referral_id_idx" ON "treatments"("referral_id");

-- CreateIndex
CREATE INDEX "treatments_visit_id_idx" ON "treatments"("visit_id");

-- CreateIndex
CREATE INDEX "treatments_lost_visit_id_idx" ON "treatments"("lost_visit_id");

-- CreateIndex
CREATE INDEX "treatments_status_requested_at_idx" ON "treatments"("status", "requested_at");

-- CreateIndex
CREATE INDEX "treatment_targets_finding_id_idx" ON "treatment_targets"("finding_id");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_targets_treatment_id_plan_version_position_key" ON "treatment_targets"("treatment_id", "plan_version", "position");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_plans_treatment_id_number_key" ON "treatment_plans"("treatment_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_plan_agents_plan_id_position_key" ON "treatment_plan_agents"("plan_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_plan_aspects_plan_id_aspect_key" ON "treatment_plan_aspects"("plan_id", "aspect");

-- CreateIndex
CREATE INDEX "treatment_pauses_treatment_id_held_at_idx" ON "treatment_pauses"("treatment_id", "held_at");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_pause_readings_pause_id_source_position_key" ON "treatment_pause_readings"("pause_id", "source", "position");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_pause_answers_pause_id_aspect_key" ON "treatment_pause_answers"("pause_id", "aspect");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_records_treatment_id_number_key" ON "treatment_records"("treatment_id", "number");

-- CreateIndex
CREATE INDEX "treatment_given_targets_structure_level_side_idx" ON "treatment_given_targets"("structure", "level", "side");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_given_targets_record_id_position_key" ON "treatment_given_targets"("record_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_given_agents_record_id_position_key" ON "treatment_given_agents"("record_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_complications_replaces_id_key" ON "treatment_complications"("replaces_id");

-- CreateIndex
CREATE INDEX "treatment_complications_treatment_id_idx" ON "treatment_complications"("treatment_id");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_policies_kind_payer_code_effective_from_key" ON "treatment_policies"("kind", "payer_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_agents_code_effective_from_key" ON "treatment_agents"("code", "effective_from");

-- AddForeignKey
ALTER TABLE "treatments" ADD CONSTRAINT "treatments_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatments" ADD CONSTRAINT "treatments_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatments" ADD CONSTRAINT "treatments_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_targets" ADD CONSTRAINT "treatment_targets_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_targets" ADD CONSTRAINT "treatment_targets_finding_id_fkey" FOREIGN KEY ("finding_id") REFERENCES "scan_report_findings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_plans" ADD CONSTRAINT "treatment_plans_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_plans" ADD CONSTRAINT "treatment_plans_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "treatment_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_plan_agents" ADD CONSTRAINT "treatment_plan_agents_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "treatment_plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_plan_agents" ADD CONSTRAINT "treatment_plan_agents_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "treatment_agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_plan_aspects" ADD CONSTRAINT "treatment_plan_aspects_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "treatment_plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_pauses" ADD CONSTRAINT "treatment_pauses_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_pause_readings" ADD CONSTRAINT "treatment_pause_readings_pause_id_fkey" FOREIGN KEY ("pause_id") REFERENCES "treatment_pauses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_pause_answers" ADD CONSTRAINT "treatment_pause_answers_pause_id_fkey" FOREIGN KEY ("pause_id") REFERENCES "treatment_pauses"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_records" ADD CONSTRAINT "treatment_records_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_given_targets" ADD CONSTRAINT "treatment_given_targets_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "treatment_records"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_given_agents" ADD CONSTRAINT "treatment_given_agents_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "treatment_records"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_given_agents" ADD CONSTRAINT "treatment_given_agents_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "treatment_agents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_complications" ADD CONSTRAINT "treatment_complications_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_complications" ADD CONSTRAINT "treatment_complications_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "treatment_complications"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- What Prisma cannot say.

-- A table with something in it is not emptied, by whatever way.
CREATE FUNCTION refuse_emptying_of_treatments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  has_rows boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_rows;
  IF has_rows THEN
    RAISE EXCEPTION '% is only ever added to: truncate is refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- What belongs to a treatment goes with the record of its patient, and never otherwise.
CREATE FUNCTION refuse_change_of_treatment_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM treatments treatment
        WHERE treatment.id = OLD.treatment_id AND destruction_reaches('treatments', to_jsonb(treatment))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;

-- How far it is says what is known of it, and the other way round.
ALTER TABLE treatments
  ADD CONSTRAINT treatments_named CHECK ((kind = 'OTHER') = (other_name IS NOT NULL) AND (other_name IS NULL OR other_name ~ '\S')),
  ADD CONSTRAINT treatments_in_words CHECK (because ~ '\S' AND indication ~ '\S' AND alternatives ~ '\S'),
  ADD CONSTRAINT treatments_of_origin CHECK ((origin = 'MANUAL') = (origin_id IS NULL)),
  ADD CONSTRAINT treatments_payer_coded CHECK (payer_code IS NULL OR payer_code ~ '^[A-Z0-9][A-Z0-9_]{0,29}$'),
  ADD CONSTRAINT treatments_counts CHECK (
    plan_version >= 0 AND record_version >= 0 AND conservative_weeks BETWEEN 0 AND 5200
    AND (status <> 'REQUESTED' OR plan_version = 0)
    AND (plan_version > 0 OR status IN ('REQUESTED', 'DECLINED', 'CANCELLED'))
    AND (record_version > 0) = (status IN ('DONE', 'ABANDONED'))),
  ADD CONSTRAINT treatments_started CHECK (
    (started_at IS NOT NULL) = (status IN ('IN_PROGRESS', 'DONE', 'ABANDONED'))
    AND (started_at IS NULL) = (started_by_id IS NULL) AND (started_at IS NULL) = (pause_id IS NULL)),
  ADD CONSTRAINT treatments_ended CHECK (
    (ended_at IS NULL) = (status IN ('REQUESTED', 'PLANNED', 'IN_PROGRESS')) AND (ended_at IS NULL) = (ended_by_id IS NULL)
    AND (end_reason IS NOT NULL) = (status IN ('DECLINED', 'CANCELLED', 'ABANDONED')) AND (end_reason IS NULL OR end_reason ~ '\S')),
  ADD CONSTRAINT treatments_one_visit CHECK (visit_id IS NULL OR lost_visit_id IS NULL),
  ADD CONSTRAINT treatments_in_order CHECK (requested_at <= started_at AND started_at <= ended_at AND requested_at <= ended_at);
-- What a decision or a response asks for is asked for once, unless it came to nothing.
CREATE UNIQUE INDEX treatments_once_of_origin ON treatments (origin, origin_id) WHERE (origin <> 'MANUAL' AND status NOT IN ('DECLINED', 'CANCELLED'));

-- A treatment goes forward only. It starts after a pause that found nothing wrong, held for the plan that stands, at most a
-- quarter of an hour before.
CREATE FUNCTION refuse_treatment_backwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.referral_id, NEW.kind, NEW.other_name, NEW.procedure_code, NEW.origin, NEW.origin_id, NEW.requested_at, NEW.requested_by_id, NEW.because, NEW.indication, NEW.alternatives, NEW.conservative_weeks, NEW.payer_code)
       IS DISTINCT FROM
     (OLD.id, OLD.referral_id, OLD.kind, OLD.other_name, OLD.procedure_code, OLD.origin, OLD.origin_id, OLD.requested_at, OLD.requested_by_id, OLD.because, OLD.indication, OLD.alternatives, OLD.conservative_weeks, OLD.payer_code)
     OR NEW.plan_version NOT BETWEEN OLD.plan_version AND OLD.plan_version + 1
     OR NEW.record_version NOT BETWEEN OLD.record_version AND OLD.record_version + 1
     OR (OLD.started_at IS NOT NULL AND
         (NEW.started_at, NEW.started_by_id, NEW.pause_id, NEW.plan_version, NEW.visit_id, NEW.lost_visit_id)
           IS DISTINCT FROM (OLD.started_at, OLD.started_by_id, OLD.pause_id, OLD.plan_version, OLD.visit_id, OLD.lost_visit_id))
     OR (OLD.ended_at IS NOT NULL AND
         (NEW.ended_at, NEW.ended_by_id, NEW.end_reason, NEW.visit_id, NEW.lost_visit_id, NEW.plan_version)
           IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id, OLD.end_reason, OLD.visit_id, OLD.lost_visit_id, OLD.plan_version))
     OR NOT (NEW.status = OLD.status OR CASE OLD.status
          WHEN 'REQUESTED' THEN NEW.status IN ('PLANNED', 'DECLINED', 'CANCELLED')
          WHEN 'PLANNED' THEN NEW.status IN ('IN_PROGRESS', 'DECLINED', 'CANCELLED')
          WHEN 'IN_PROGRESS' THEN NEW.status IN ('DONE', 'ABANDONED')
          ELSE false END) THEN
    RAISE EXCEPTION 'treatment % goes forward only, and stays what was asked for', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'IN_PROGRESS' AND OLD.status <> 'IN_PROGRESS' AND NOT EXISTS (
       SELECT FROM treatment_pauses pause
        WHERE pause.id = NEW.pause_id AND pause.treatment_id = NEW.id AND pause.plan_version = NEW.plan_version
          AND NEW.started_at BETWEEN pause.held_at AND pause.held_at + interval '15 minutes') THEN
    RAISE EXCEPTION 'treatment % starts after a safety pause for its plan, and soon after it', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatments_forward BEFORE UPDATE ON treatments FOR EACH ROW EXECUTE FUNCTION refuse_treatment_backwards();
CREATE FUNCTION treatment_born_requested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a treatment begins with its request' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER treatments_born_requested BEFORE INSERT ON treatments
  FOR EACH ROW WHEN (NEW.status <> 'REQUESTED') EXECUTE FUNCTION treatment_born_requested();
CREATE TRIGGER treatments_no_delete BEFORE DELETE ON treatments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER treatments_no_truncate BEFORE TRUNCATE ON treatments FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatments_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON treatments
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
-- It is of the patient of its referral; looked at when the transaction ends, because a merge moves one after the other.
CREATE FUNCTION treatment_of_its_referral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM treatments treatment JOIN referrals referral ON referral.id = treatment.referral_id
        WHERE treatment.id = NEW.id AND treatment.patient_id = referral.patient_id)
     AND EXISTS (SELECT FROM treatments treatment WHERE treatment.id = NEW.id) THEN
    RAISE EXCEPTION 'treatment % is of another patient than its referral', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treatments_of_their_referral AFTER INSERT OR UPDATE OF patient_id ON treatments
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treatment_of_its_referral();

-- What goes with what. The levels stand in order from the skull down: spaces up to L6_S1, single vertebrae after it.
ALTER TABLE treatment_targets
  ADD CONSTRAINT treatment_targets_in_place CHECK (CASE structure
    WHEN 'FACET' THEN level IS NOT NULL AND level <= 'L6_S1' AND side <> 'MIDLINE'
    WHEN 'SACRO_ILIAC' THEN level IS NULL AND side <> 'MIDLINE'
    WHEN 'OTHER' THEN detail IS NOT NULL AND detail ~ '\S'
    ELSE level IS NOT NULL END),
  ADD CONSTRAINT treatment_targets_suggested CHECK (
    (finding_id IS NULL) = (no_finding_because IS NOT NULL) AND (no_finding_because IS NULL OR no_finding_because ~ '\S')),
  ADD CONSTRAINT treatment_targets_counted CHECK (plan_version >= 0 AND position >= 1);
CREATE UNIQUE INDEX treatment_targets_said_once ON treatment_targets (treatment_id, plan_version, structure, level, side) NULLS NOT DISTINCT
  WHERE (structure <> 'OTHER');
-- A place belongs to what is being written now, and its finding to the same patient.
CREATE FUNCTION treatment_target_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held treatments%ROWTYPE;
BEGIN
  SELECT * INTO held FROM treatments WHERE id = NEW.treatment_id FOR NO KEY UPDATE;
  IF NOT (NEW.plan_version = held.plan_version + 1 AND held.status IN ('REQUESTED', 'PLANNED')
          OR NEW.plan_version = 0 AND held.status = 'REQUESTED') THEN
    RAISE EXCEPTION 'plan % of treatment % stands as it is', NEW.plan_version, NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.finding_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM scan_report_findings finding JOIN visits visit ON visit.id = finding.visit_id
        WHERE finding.id = NEW.finding_id AND visit.patient_id = held.patient_id) THEN
    RAISE EXCEPTION 'finding % is of another patient', NEW.finding_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_targets_in_time BEFORE INSERT ON treatment_targets FOR EACH ROW EXECUTE FUNCTION treatment_target_in_time();

-- A plan says what there is to say: with X-rays why, against the terms why, instead of another plan why.
ALTER TABLE treatment_plans
  ADD CONSTRAINT treatment_plans_in_words CHECK (approach ~ '\S' AND anticoagulant_plan ~ '\S'),
  ADD CONSTRAINT treatment_plans_justified CHECK (
    (guidance IN ('FLUOROSCOPY', 'CT')) = (justification IS NOT NULL) AND (justification IS NULL) = (entitlement_id IS NULL)
    AND (justification IS NULL OR justification ~ '\S')),
  ADD CONSTRAINT treatment_plans_reasoned CHECK (
    (coalesce(cardinality(unmet_criteria), 0) > 0) = (proceed_because IS NOT NULL) AND (proceed_because IS NULL OR proceed_because ~ '\S')),
  ADD CONSTRAINT treatment_plans_again CHECK (
    (number > 1) = (replan_because IS NOT NULL) AND (replan_because IS NULL OR replan_because ~ '\S')),
  ADD CONSTRAINT treatment_plans_counts CHECK (number >= 1 AND targets_count >= 1);
CREATE FUNCTION treatment_plan_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held treatments%ROWTYPE;
BEGIN
  SELECT * INTO held FROM treatments WHERE id = NEW.treatment_id FOR NO KEY UPDATE;
  IF held.status NOT IN ('REQUESTED', 'PLANNED') OR NEW.number <> held.plan_version + 1 THEN
    RAISE EXCEPTION 'plan % of treatment % is out of order', NEW.number, NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_plans_in_time BEFORE INSERT ON treatment_plans FOR EACH ROW EXECUTE FUNCTION treatment_plan_in_time();
CREATE FUNCTION treatment_plan_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.targets_count <> (SELECT count(*) FROM treatment_targets target
                            WHERE target.treatment_id = NEW.treatment_id AND target.plan_version = NEW.number) THEN
    RAISE EXCEPTION 'plan % of treatment % does not have its places', NEW.number, NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treatment_plans_whole AFTER INSERT ON treatment_plans
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treatment_plan_whole();
CREATE FUNCTION treatment_plan_part_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM treatment_plans plan JOIN treatments treatment ON treatment.id = plan.treatment_id
                  WHERE plan.id = NEW.plan_id AND treatment.id = NEW.treatment_id AND plan.number = treatment.plan_version + 1) THEN
    RAISE EXCEPTION 'plan % stands as it is', NEW.plan_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_plan_agents_in_time BEFORE INSERT ON treatment_plan_agents FOR EACH ROW EXECUTE FUNCTION treatment_plan_part_in_time();
CREATE TRIGGER treatment_plan_aspects_in_time BEFORE INSERT ON treatment_plan_aspects FOR EACH ROW EXECUTE FUNCTION treatment_plan_part_in_time();
ALTER TABLE treatment_plan_agents
  ADD CONSTRAINT treatment_plan_agents_in_bounds CHECK (coalesce(dose_mg > 0, true) AND coalesce(volume_ml > 0, true));
ALTER TABLE treatment_plan_aspects
  ADD CONSTRAINT treatment_plan_aspects_in_words CHECK ((finding = 'NO_CONCERN' OR note IS NOT NULL) AND (note IS NULL OR note ~ '\S'));

-- A pause that found everything right: each of consent, mark, image and plan names the sides and levels of the plan, all of
-- them and no other. Both sides are the left and the right.
ALTER TABLE treatment_pauses
  ADD CONSTRAINT treatment_pauses_held CHECK (held_at <= recorded_at AND cardinality(present_ids) + coalesce(cardinality(present_names), 0) >= 2);
CREATE FUNCTION treatment_pause_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held treatments%ROWTYPE;
BEGIN
  SELECT * INTO held FROM treatments WHERE id = NEW.treatment_id FOR NO KEY UPDATE;
  IF held.status <> 'PLANNED' OR NEW.plan_version <> held.plan_version THEN
    RAISE EXCEPTION 'a pause is held for the plan that stands, before treatment % starts', NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_pauses_in_time BEFORE INSERT ON treatment_pauses FOR EACH ROW EXECUTE FUNCTION treatment_pause_in_time();
CREATE FUNCTION treatment_pause_matches(of_pause uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH planned AS (
    SELECT DISTINCT target.level, place.side
      FROM treatment_pauses pause
      JOIN treatment_targets target ON target.treatment_id = pause.treatment_id AND target.plan_version = pause.plan_version
      CROSS JOIN LATERAL unnest(CASE target.side WHEN 'BILATERAL' THEN ARRAY['LEFT', 'RIGHT'] ELSE ARRAY[target.side::text] END) AS place(side)
     WHERE pause.id = of_pause
  ), read AS (
    SELECT DISTINCT reading.source, reading.level, place.side
      FROM treatment_pause_readings reading
      CROSS JOIN LATERAL unnest(CASE reading.side WHEN 'BILATERAL' THEN ARRAY['LEFT', 'RIGHT'] ELSE ARRAY[reading.side::text] END) AS place(side)
     WHERE reading.pause_id = of_pause
  ), wanted AS (
    SELECT source, planned.level, planned.side
      FROM unnest(enum_range(NULL::"TreatmentPauseSource")) AS source CROSS JOIN planned
  )
  SELECT NOT EXISTS (SELECT * FROM wanted EXCEPT SELECT * FROM read)
     AND NOT EXISTS (SELECT * FROM read EXCEPT SELECT * FROM wanted)
$$;
CREATE FUNCTION refuse_wrong_side() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_pause uuid := CASE TG_TABLE_NAME WHEN 'treatment_pauses' THEN (to_jsonb(NEW)->>'id')::uuid ELSE (to_jsonb(NEW)->>'pause_id')::uuid END;
BEGIN
  IF NOT treatment_pause_matches(of_pause) THEN
    RAISE EXCEPTION 'pause % names another side or level than the plan', of_pause USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treatment_pauses_match AFTER INSERT ON treatment_pauses
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_wrong_side();
CREATE CONSTRAINT TRIGGER treatment_pause_readings_match AFTER INSERT ON treatment_pause_readings
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_wrong_side();

-- What was given is recorded of what was started, in order; with X-rays with their dose and by somebody entitled.
ALTER TABLE treatment_records
  ADD CONSTRAINT treatment_records_counts CHECK (number >= 1 AND targets_count >= 1 AND agents_count >= 0),
  ADD CONSTRAINT treatment_records_corrected CHECK (
    (number > 1) = (corrected_because IS NOT NULL) AND (corrected_because IS NULL OR corrected_because ~ '\S')),
  ADD CONSTRAINT treatment_records_exposure CHECK (
    (guidance IN ('FLUOROSCOPY', 'CT')) = (entitlement_id IS NOT NULL)
    AND (guidance = 'FLUOROSCOPY') = (dose_area_product_gy_cm2 IS NOT NULL) AND (guidance = 'FLUOROSCOPY') = (fluoroscopy_seconds IS NOT NULL)
    AND (guidance = 'CT') = (ct_dlp_mgy_cm IS NOT NULL)
    AND coalesce(least(dose_area_product_gy_cm2, fluoroscopy_seconds, ct_dlp_mgy_cm) >= 0, true)),
  ADD CONSTRAINT treatment_records_in_order CHECK (finished_at <= recorded_at AND coalesce(observed_until >= finished_at, true)),
  ADD CONSTRAINT treatment_records_abandoned CHECK (abandoned_because IS NULL OR abandoned_because ~ '\S');
CREATE FUNCTION treatment_record_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held treatments%ROWTYPE;
BEGIN
  SELECT * INTO held FROM treatments WHERE id = NEW.treatment_id FOR NO KEY UPDATE;
  IF NEW.number <> held.record_version + 1 OR NEW.plan_version <> held.plan_version OR NEW.finished_at < held.started_at
     OR (NEW.number = 1 AND held.status <> 'IN_PROGRESS')
     OR (NEW.number > 1 AND (held.status = 'ABANDONED') <> (NEW.abandoned_because IS NOT NULL)) THEN
    RAISE EXCEPTION 'record % of treatment % is out of order', NEW.number, NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_records_in_time BEFORE INSERT ON treatment_records FOR EACH ROW EXECUTE FUNCTION treatment_record_in_time();
CREATE FUNCTION treatment_record_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.targets_count <> (SELECT count(*) FROM treatment_given_targets target WHERE target.record_id = NEW.id)
     OR NEW.agents_count <> (SELECT count(*) FROM treatment_given_agents agent WHERE agent.record_id = NEW.id) THEN
    RAISE EXCEPTION 'record % of treatment % does not have its parts', NEW.number, NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER treatment_records_whole AFTER INSERT ON treatment_records
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION treatment_record_whole();
CREATE FUNCTION treatment_record_part_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM treatment_records record
        WHERE record.id = NEW.record_id AND record.treatment_id = NEW.treatment_id
          AND NEW.position BETWEEN 1 AND CASE TG_TABLE_NAME WHEN 'treatment_given_targets' THEN record.targets_count ELSE record.agents_count END) THEN
    RAISE EXCEPTION 'record % stands as it is', NEW.record_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_given_targets_counted BEFORE INSERT ON treatment_given_targets FOR EACH ROW EXECUTE FUNCTION treatment_record_part_counted();
CREATE TRIGGER treatment_given_agents_counted BEFORE INSERT ON treatment_given_agents FOR EACH ROW EXECUTE FUNCTION treatment_record_part_counted();
ALTER TABLE treatment_given_targets
  ADD CONSTRAINT treatment_given_targets_left_out CHECK (
    was_treated = (left_out_because IS NULL) AND (left_out_because IS NULL OR left_out_because ~ '\S')),
  ADD CONSTRAINT treatment_given_targets_lesion CHECK (
    (temperature_c IS NULL) = (lesion_seconds IS NULL) AND (temperature_c IS NULL) = (lesions_count IS NULL)
    AND coalesce(temperature_c BETWEEN 37 AND 100, true) AND coalesce(lesion_seconds BETWEEN 1 AND 3600, true)
    AND coalesce(lesions_count BETWEEN 1 AND 20, true));
ALTER TABLE treatment_given_agents
  ADD CONSTRAINT treatment_given_agents_in_bounds CHECK (
    volume_ml > 0 AND coalesce(dose_mg > 0, true) AND coalesce(concentration_mg_ml > 0, true) AND coalesce(steroid_mg >= 0, true)
    AND (dose_mg IS NULL) = (concentration_mg_ml IS NULL)),
  ADD CONSTRAINT treatment_given_agents_batched CHECK (batch_number ~ '\S');
-- Nothing is given after its last day. The clinic's own day is the service's business: here a day of grace for its time zone.
CREATE FUNCTION refuse_expired_agent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM treatment_records record WHERE record.id = NEW.record_id
                AND NEW.expires_on < (record.finished_at AT TIME ZONE 'UTC')::date - 1) THEN
    RAISE EXCEPTION 'batch % had expired', NEW.batch_number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_given_agents_not_expired BEFORE INSERT ON treatment_given_agents FOR EACH ROW EXECUTE FUNCTION refuse_expired_agent();

ALTER TABLE treatment_complications
  ADD CONSTRAINT treatment_complications_in_words CHECK (description ~ '\S' AND action_taken ~ '\S'),
  ADD CONSTRAINT treatment_complications_not_ahead CHECK (happened_at <= recorded_at),
  ADD CONSTRAINT treatment_complications_replaced CHECK (
    (replaces_id IS NULL) = (replace_reason IS NULL) AND (replace_reason IS NULL OR replace_reason ~ '\S'));
CREATE FUNCTION complication_of_treatment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM treatments treatment WHERE treatment.id = NEW.treatment_id AND treatment.started_at <= NEW.happened_at) THEN
    RAISE EXCEPTION 'treatment % had not started', NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM treatment_complications other WHERE other.id = NEW.replaces_id AND other.treatment_id = NEW.treatment_id) THEN
    RAISE EXCEPTION 'complication % is of another treatment', NEW.replaces_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_complications_of_treatment BEFORE INSERT ON treatment_complications FOR EACH ROW EXECUTE FUNCTION complication_of_treatment();

-- Terms and agents are rows that hold from a day on; what was asked stays.
ALTER TABLE treatment_policies
  ADD CONSTRAINT treatment_policies_in_bounds CHECK (
    coalesce(nrs_min BETWEEN 0 AND 10, true) AND coalesce(conservative_weeks_min BETWEEN 0 AND 520, true)
    AND coalesce(block_percent_min BETWEEN 1 AND 100, true) AND coalesce(block_months_max BETWEEN 1 AND 120, true)
    AND coalesce(repeat_months_min BETWEEN 1 AND 120, true) AND coalesce(steroid_ceiling_mg BETWEEN 1 AND 2000, true)),
  ADD CONSTRAINT treatment_policies_block_whole CHECK (
    (block_kind IS NULL) = (block_percent_min IS NULL) AND (block_kind IS NULL) = (block_months_max IS NULL)),
  ADD CONSTRAINT treatment_policies_payer_coded CHECK (payer_code = '' OR payer_code ~ '^[A-Z0-9][A-Z0-9_]{0,29}$'),
  ADD CONSTRAINT treatment_policies_sourced CHECK (source ~ '\S');
ALTER TABLE treatment_agents
  ADD CONSTRAINT treatment_agents_coded CHECK (code ~ '^[A-Z0-9][A-Z0-9_]{0,59}$' AND name ~ '\S'),
  ADD CONSTRAINT treatment_agents_weighed CHECK (
    (kind = 'STEROID') = (steroid_factor IS NOT NULL) AND coalesce(steroid_factor > 0 AND steroid_factor <= 100, true)),
  ADD CONSTRAINT treatment_agents_sourced CHECK (source ~ '\S');
CREATE TRIGGER treatment_policies_append_only BEFORE UPDATE OR DELETE ON treatment_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER treatment_policies_no_truncate BEFORE TRUNCATE ON treatment_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER treatment_agents_append_only BEFORE UPDATE OR DELETE ON treatment_agents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER treatment_agents_no_truncate BEFORE TRUNCATE ON treatment_agents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Only ever added to.
CREATE TRIGGER treatment_targets_append_only BEFORE UPDATE OR DELETE ON treatment_targets FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_targets_no_truncate BEFORE TRUNCATE ON treatment_targets FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_plans_append_only BEFORE UPDATE OR DELETE ON treatment_plans FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_plans_no_truncate BEFORE TRUNCATE ON treatment_plans FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_plan_agents_append_only BEFORE UPDATE OR DELETE ON treatment_plan_agents FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_plan_agents_no_truncate BEFORE TRUNCATE ON treatment_plan_agents FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_plan_aspects_append_only BEFORE UPDATE OR DELETE ON treatment_plan_aspects FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_plan_aspects_no_truncate BEFORE TRUNCATE ON treatment_plan_aspects FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_pauses_append_only BEFORE UPDATE OR DELETE ON treatment_pauses FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_pauses_no_truncate BEFORE TRUNCATE ON treatment_pauses FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_pause_readings_append_only BEFORE UPDATE OR DELETE ON treatment_pause_readings FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_pause_readings_no_truncate BEFORE TRUNCATE ON treatment_pause_readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_pause_answers_append_only BEFORE UPDATE OR DELETE ON treatment_pause_answers FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_pause_answers_no_truncate BEFORE TRUNCATE ON treatment_pause_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_records_append_only BEFORE UPDATE OR DELETE ON treatment_records FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_records_no_truncate BEFORE TRUNCATE ON treatment_records FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_given_targets_append_only BEFORE UPDATE OR DELETE ON treatment_given_targets FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_given_targets_no_truncate BEFORE TRUNCATE ON treatment_given_targets FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_given_agents_append_only BEFORE UPDATE OR DELETE ON treatment_given_agents FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_given_agents_no_truncate BEFORE TRUNCATE ON treatment_given_agents FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();
CREATE TRIGGER treatment_complications_append_only BEFORE UPDATE OR DELETE ON treatment_complications FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_complications_no_truncate BEFORE TRUNCATE ON treatment_complications FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();

-- What a clinic begins with: recalled numbers that nobody has confirmed. It sets its own by adding rows, with their source.
INSERT INTO treatment_policies (id, kind, payer_code, enforcement, nrs_min, conservative_weeks_min, block_kind, block_percent_min, block_months_max, repeat_months_min, steroid_ceiling_mg, effective_from, source, set_at)
VALUES
  ('0193c1b0-0000-7000-8000-000000000001', 'FACET_JOINT_INJECTION', '', 'ADVISORY', 5, 12, NULL, NULL, NULL, 6, 240, '2000-01-01',
   'NICE NG59 and QS155 advise against spinal injections for low back pain: the request says why. Pain of 5 or more, 12 weeks (Cohen 2020: 3 months) and the steroid ceiling are recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b0-0000-7000-8000-000000000002', 'MEDIAL_BRANCH_BLOCK', '', 'ADVISORY', 5, 12, NULL, NULL, NULL, NULL, 240, '2000-01-01',
   'Before a denervation: NICE NG59; Cohen 2020: 3 months of conservative care first. Pain of 5 or more and the steroid ceiling are recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b0-0000-7000-8000-000000000003', 'SACRO_ILIAC_INJECTION', '', 'ADVISORY', 5, 12, NULL, NULL, NULL, 6, 240, '2000-01-01',
   'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b0-0000-7000-8000-000000000004', 'RADIOFREQUENCY_DENERVATION', '', 'ADVISORY', 5, 12, 'MEDIAL_BRANCH_BLOCK', 50, 6, 16, 240, '2000-01-01',
   'NICE NG59: after a positive diagnostic medial branch block. An NHS integrated care board (Hull, North Yorkshire): 50 % or more within 6 months, again after 16 months. Pain of 5 or more (NG59) and the steroid ceiling are recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b0-0000-7000-8000-000000000005', 'OTHER', '', 'ADVISORY', NULL, NULL, NULL, NULL, NULL, NULL, 240, '2000-01-01',
   'Steroid ceiling recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
INSERT INTO treatment_agents (id, code, name, kind, steroid_factor, effective_from, source, set_at)
VALUES
  ('0193c1b1-0000-7000-8000-000000000001', 'METHYLPREDNISOLONE', 'Methylprednisolone acetate', 'STEROID', 1, '2000-01-01', 'The measure itself.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000002', 'TRIAMCINOLONE', 'Triamcinolone acetonide', 'STEROID', 1, '2000-01-01', 'Equivalent doses of glucocorticoids (4 mg to 4 mg), recalled: to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000003', 'DEXAMETHASONE', 'Dexamethasone', 'STEROID', 5.333, '2000-01-01', 'Equivalent doses of glucocorticoids (0.75 mg to 4 mg), recalled: to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000004', 'BETAMETHASONE', 'Betamethasone', 'STEROID', 5.333, '2000-01-01', 'Equivalent doses of glucocorticoids (0.75 mg to 4 mg), recalled: to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000005', 'HYDROCORTISONE', 'Hydrocortisone', 'STEROID', 0.2, '2000-01-01', 'Equivalent doses of glucocorticoids (20 mg to 4 mg), recalled: to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000006', 'LIDOCAINE', 'Lidocaine', 'LOCAL_ANAESTHETIC', NULL, '2000-01-01', 'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000007', 'BUPIVACAINE', 'Bupivacaine', 'LOCAL_ANAESTHETIC', NULL, '2000-01-01', 'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000008', 'LEVOBUPIVACAINE', 'Levobupivacaine', 'LOCAL_ANAESTHETIC', NULL, '2000-01-01', 'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1b1-0000-7000-8000-000000000009', 'IOHEXOL', 'Iohexol', 'CONTRAST', NULL, '2000-01-01', 'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
