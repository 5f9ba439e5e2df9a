-- CreateEnum
CREATE TYPE "CheckKind" AS ENUM ('IDENTITY', 'PREGNANCY', 'BREAST_FEEDING', 'SAFETY');

-- CreateEnum
CREATE TYPE "IdentityPoint" AS ENUM ('NAME', 'DATE_OF_BIRTH', 'ADDRESS', 'NHS_NUMBER', 'LOCAL_NUMBER');

-- CreateEnum
CREATE TYPE "CheckAnswerer" AS ENUM ('PATIENT', 'RELATIVE', 'CARER', 'INTERPRETER');

-- CreateEnum
CREATE TYPE "ChildbearingPotential" AS ENUM ('YES', 'NO', 'NOT_SAID');

-- CreateEnum
CREATE TYPE "PregnancyAnswer" AS ENUM ('NO', 'YES', 'CANNOT_BE_EXCLUDED', 'NOT_APPLICABLE');

-- CreateEnum
CREATE TYPE "PregnancyAttestation" AS ENUM ('SIGNED', 'SPOKEN');

-- CreateEnum
CREATE TYPE "BreastFeedingAnswer" AS ENUM ('NO', 'YES', 'NOT_APPLICABLE');

-- CreateEnum
CREATE TYPE "SafetyItemKind" AS ENUM ('YES_OR_NO', 'WEIGHT');

-- CreateEnum
CREATE TYPE "SafetyReply" AS ENUM ('YES', 'NO', 'NOT_SURE');

-- CreateEnum
CREATE TYPE "SafetyDecider" AS ENUM ('OPERATOR', 'PRACTITIONER', 'NOBODY');

-- CreateEnum
CREATE TYPE "CheckVerdict" AS ENUM ('PROCEED', 'DO_NOT_PROCEED');

-- CreateTable
CREATE TABLE "visit_checks" (
    "id" UUID NOT NULL,
    "kind" "CheckKind" NOT NULL,
    "visit_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "made_on" DATE NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by_id" UUID NOT NULL,
    "entitlement_id" UUID,
    "replaces_id" UUID,
    "replace_reason" TEXT,

    CONSTRAINT "visit_checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity_checks" (
    "check_id" UUID NOT NULL,
    "matched" "IdentityPoint"[],
    "differing" "IdentityPoint"[],
    "asked_openly" BOOLEAN NOT NULL,
    "answered_by" "CheckAnswerer" NOT NULL,
    "answerer_name" TEXT,
    "comment" TEXT,

    CONSTRAINT "identity_checks_pkey" PRIMARY KEY ("check_id")
);

-- CreateTable
CREATE TABLE "pregnancy_enquiries" (
    "check_id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "potential" "ChildbearingPotential" NOT NULL,
    "answer" "PregnancyAnswer" NOT NULL,
    "not_applicable_reason" TEXT,
    "last_period_on" DATE,
    "last_period_unknown_why" TEXT,
    "attestation" "PregnancyAttestation" NOT NULL,
    "answered_by" "CheckAnswerer" NOT NULL,
    "answerer_name" TEXT,
    "comment" TEXT,

    CONSTRAINT "pregnancy_enquiries_pkey" PRIMARY KEY ("check_id")
);

-- CreateTable
CREATE TABLE "breast_feeding_enquiries" (
    "check_id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "answer" "BreastFeedingAnswer" NOT NULL,
    "not_applicable_reason" TEXT,
    "interruption_hours" INTEGER,
    "feeds_discarded" INTEGER,
    "resume_at" TIMESTAMPTZ(3),
    "advice" TEXT,
    "answered_by" "CheckAnswerer" NOT NULL,
    "answerer_name" TEXT,
    "comment" TEXT,

    CONSTRAINT "breast_feeding_enquiries_pkey" PRIMARY KEY ("check_id")
);

-- CreateTable
CREATE TABLE "safety_checks" (
    "check_id" UUID NOT NULL,
    "template_id" UUID NOT NULL,
    "weight_kg" DECIMAL(5,1),
    "camera_id" UUID,
    "weight_limit_kg" DECIMAL(5,1),
    "concerns" TEXT[],
    "decided_by" "SafetyDecider",
    "comment" TEXT,

    CONSTRAINT "safety_checks_pkey" PRIMARY KEY ("check_id")
);

-- CreateTable
CREATE TABLE "safety_answers" (
    "check_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "reply" "SafetyReply" NOT NULL,
    "note" TEXT,

    CONSTRAINT "safety_answers_pkey" PRIMARY KEY ("check_id","item_id")
);

-- CreateTable
CREATE TABLE "check_witnesses" (
    "check_id" UUID NOT NULL,
    "witnessed_at" TIMESTAMPTZ(3) NOT NULL,
    "witnessed_by_id" UUID NOT NULL,

    CONSTRAINT "check_witnesses_pkey" PRIMARY KEY ("check_id")
);

-- CreateTable
CREATE TABLE "check_decisions" (
    "id" UUID NOT NULL,
    "check_id" UUID NOT NULL,
    "verdict" "CheckVerdict" NOT NULL,
    "reason" TEXT NOT NULL,
    "advice" TEXT,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID NOT NULL,
    "entitlement_id" UUID,
    "replaces_id" UUID,

    CONSTRAINT "check_decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pregnancy_policies" (
    "id" UUID NOT NULL,
    "age_from" INTEGER NOT NULL,
    "age_to" INTEGER NOT NULL,
    "potential_wording" TEXT NOT NULL,
    "pregnancy_wording" TEXT NOT NULL,
    "last_period_wording" TEXT NOT NULL,
    "needs_witness" BOOLEAN NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "pregnancy_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "breast_feeding_policies" (
    "id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "age_from" INTEGER NOT NULL,
    "age_to" INTEGER NOT NULL,
    "wording" TEXT NOT NULL,
    "interruption_hours" INTEGER NOT NULL,
    "feeds_discarded" INTEGER NOT NULL,
    "advice_wording" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "breast_feeding_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "safety_templates" (
    "id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "safety_templates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "safety_template_items" (
    "id" UUID NOT NULL,
    "template_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "kind" "SafetyItemKind" NOT NULL,
    "wording" TEXT NOT NULL,
    "expected" "SafetyReply",
    "decided_by" "SafetyDecider" NOT NULL,

    CONSTRAINT "safety_template_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "table_weight_limits" (
    "id" UUID NOT NULL,
    "resource_id" UUID,
    "limit_kg" DECIMAL(5,1) NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "table_weight_limits_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "visit_checks_replaces_id_key" ON "visit_checks"("replaces_id");

-- CreateIndex
CREATE INDEX "visit_checks_visit_id_made_on_idx" ON "visit_checks"("visit_id", "made_on");

-- CreateIndex
CREATE INDEX "visit_checks_patient_id_idx" ON "visit_checks"("patient_id");

-- CreateIndex
CREATE UNIQUE INDEX "check_decisions_replaces_id_key" ON "check_decisions"("replaces_id");

-- CreateIndex
CREATE INDEX "check_decisions_check_id_idx" ON "check_decisions"("check_id");

-- CreateIndex
CREATE UNIQUE INDEX "pregnancy_policies_effective_from_key" ON "pregnancy_policies"("effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "breast_feeding_policies_procedure_code_effective_from_key" ON "breast_feeding_policies"("procedure_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "safety_templates_procedure_code_effective_from_key" ON "safety_templates"("procedure_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "safety_template_items_template_id_code_key" ON "safety_template_items"("template_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "safety_template_items_template_id_position_key" ON "safety_template_items"("template_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "table_weight_limits_resource_id_effective_from_key" ON "table_weight_limits"("resource_id", "effective_from");

-- AddForeignKey
ALTER TABLE "visit_checks" ADD CONSTRAINT "visit_checks_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_checks" ADD CONSTRAINT "visit_checks_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_checks" ADD CONSTRAINT "visit_checks_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "visit_checks"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pregnancy_enquiries" ADD CONSTRAINT "pregnancy_enquiries_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pregnancy_enquiries" ADD CONSTRAINT "pregnancy_enquiries_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "pregnancy_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breast_feeding_enquiries" ADD CONSTRAINT "breast_feeding_enquiries_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breast_feeding_enquiries" ADD CONSTRAINT "breast_feeding_enquiries_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "breast_feeding_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_checks" ADD CONSTRAINT "safety_checks_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_checks" ADD CONSTRAINT "safety_checks_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "safety_templates"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_checks" ADD CONSTRAINT "safety_checks_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "resources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_answers" ADD CONSTRAINT "safety_answers_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "safety_checks"("check_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "safety_answers" ADD CONSTRAINT "safety_answers_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "safety_template_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_witnesses" ADD CONSTRAINT "check_witnesses_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_decisions" ADD CONSTRAINT "check_decisions_check_id_fkey" FOREIGN KEY ("check_id") REFERENCES "visit_checks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_decisions" ADD CONSTRAINT "check_decisions_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "check_decisions"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "safety_template_items" ADD CONSTRAINT "safety_template_items_template_id_fkey" FOREIGN KEY ("template_id") REFERENCES "safety_templates"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "table_weight_limits" ADD CONSTRAINT "table_weight_limits_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

-- Of each kind one chain a day: it begins once, each record is replaced at most once, and only with a reason. So of two
-- people who record at once one is told of the other.
CREATE UNIQUE INDEX visit_checks_first_of_day ON visit_checks (visit_id, kind, made_on) WHERE (replaces_id IS NULL);
ALTER TABLE visit_checks
  ADD CONSTRAINT visit_checks_replace_whole CHECK ((replaces_id IS NULL) = (replace_reason IS NULL) AND replaces_id <> id);
CREATE UNIQUE INDEX check_decisions_first ON check_decisions (check_id) WHERE (replaces_id IS NULL);
ALTER TABLE check_decisions ADD CONSTRAINT check_decisions_replaces_another CHECK (replaces_id <> id);

-- A record is replaced by one of the same kind, visit and day, made later; a decision by one about the same check.
CREATE FUNCTION visit_check_replaces_its_like() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM visit_checks earlier
        WHERE earlier.id = NEW.replaces_id AND earlier.kind = NEW.kind AND earlier.visit_id = NEW.visit_id
          AND earlier.made_on = NEW.made_on AND earlier.made_at <= NEW.made_at) THEN
    RAISE EXCEPTION 'check % replaces one of another kind, visit or day', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER visit_checks_replace_their_like BEFORE INSERT ON visit_checks
  FOR EACH ROW EXECUTE FUNCTION visit_check_replaces_its_like();
CREATE FUNCTION check_decision_replaces_its_like() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM check_decisions earlier WHERE earlier.id = NEW.replaces_id AND earlier.check_id = NEW.check_id) THEN
    RAISE EXCEPTION 'decision % replaces one about another check', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_decisions_replace_their_like BEFORE INSERT ON check_decisions
  FOR EACH ROW EXECUTE FUNCTION check_decision_replaces_its_like();

-- Whoever asked is not their own witness.
CREATE FUNCTION check_witness_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM visit_checks made WHERE made.id = NEW.check_id AND made.made_by_id = NEW.witnessed_by_id) THEN
    RAISE EXCEPTION 'check % was made by who witnesses it', NEW.check_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_witnesses_are_others BEFORE INSERT ON check_witnesses
  FOR EACH ROW EXECUTE FUNCTION check_witness_is_another();

-- Whoever answered for a patient is named.
ALTER TABLE identity_checks
  ADD CONSTRAINT identity_checks_answerer_named CHECK ((answered_by = 'PATIENT') = (answerer_name IS NULL)),
  ADD CONSTRAINT identity_checks_points_apart CHECK (NOT (matched && differing));
ALTER TABLE pregnancy_enquiries
  ADD CONSTRAINT pregnancy_enquiries_answerer_named CHECK ((answered_by = 'PATIENT') = (answerer_name IS NULL)),
  -- It does not apply to whoever cannot become pregnant, and to nobody else; and why it does not is said.
  ADD CONSTRAINT pregnancy_enquiries_applicable
    CHECK ((answer = 'NOT_APPLICABLE') = (potential = 'NO')
       AND (answer = 'NOT_APPLICABLE') = (not_applicable_reason IS NOT NULL)),
  ADD CONSTRAINT pregnancy_enquiries_last_period
    CHECK (CASE WHEN answer = 'NOT_APPLICABLE' THEN last_period_on IS NULL AND last_period_unknown_why IS NULL
                ELSE (last_period_on IS NULL) <> (last_period_unknown_why IS NULL) END);
ALTER TABLE breast_feeding_enquiries
  ADD CONSTRAINT breast_feeding_enquiries_answerer_named CHECK ((answered_by = 'PATIENT') = (answerer_name IS NULL)),
  ADD CONSTRAINT breast_feeding_enquiries_applicable
    CHECK ((answer = 'NOT_APPLICABLE') = (not_applicable_reason IS NOT NULL)),
  -- A yes has its advice, with hours and the time; nothing else has.
  ADD CONSTRAINT breast_feeding_enquiries_advised
    CHECK ((answer = 'YES') = (advice IS NOT NULL) AND (answer = 'YES') = (interruption_hours IS NOT NULL)
       AND (answer = 'YES') = (feeds_discarded IS NOT NULL) AND (answer = 'YES') = (resume_at IS NOT NULL));
ALTER TABLE safety_checks
  ADD CONSTRAINT safety_checks_in_bounds CHECK (weight_kg > 0 AND weight_kg <= 500),
  ADD CONSTRAINT safety_checks_decided_whole CHECK ((decided_by IS NULL) = (cardinality(concerns) = 0));

-- Who was asked, when, and what is done then: in bounds.
ALTER TABLE pregnancy_policies
  ADD CONSTRAINT pregnancy_policies_in_bounds CHECK (age_from >= 0 AND age_from <= age_to AND age_to <= 120);
ALTER TABLE breast_feeding_policies
  ADD CONSTRAINT breast_feeding_policies_in_bounds
    CHECK (age_from >= 0 AND age_from <= age_to AND age_to <= 120
       AND interruption_hours BETWEEN 0 AND 2160 AND feeds_discarded BETWEEN 0 AND 100);
ALTER TABLE safety_template_items
  ADD CONSTRAINT safety_template_items_expected CHECK ((kind = 'WEIGHT') = (expected IS NULL) AND expected <> 'NOT_SURE'),
  ADD CONSTRAINT safety_template_items_in_order CHECK (position >= 0);
ALTER TABLE table_weight_limits ADD CONSTRAINT table_weight_limits_in_bounds CHECK (limit_kg > 0 AND limit_kg <= 500);
CREATE UNIQUE INDEX table_weight_limits_of_any ON table_weight_limits (effective_from) WHERE (resource_id IS NULL);

-- Only ever added to. A lawful destruction takes a check with all its parts, the parts first.
CREATE TRIGGER visit_checks_append_only BEFORE UPDATE OR DELETE ON visit_checks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER visit_checks_no_truncate BEFORE TRUNCATE ON visit_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER visit_checks_held BEFORE DELETE ON visit_checks FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER visit_checks_of_live_patient BEFORE INSERT ON visit_checks
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE FUNCTION refuse_change_of_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM visit_checks whole
        WHERE whole.id = OLD.check_id AND destruction_reaches('visit_checks', to_jsonb(whole))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER identity_checks_append_only BEFORE UPDATE OR DELETE ON identity_checks FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER identity_checks_no_truncate BEFORE TRUNCATE ON identity_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pregnancy_enquiries_append_only BEFORE UPDATE OR DELETE ON pregnancy_enquiries FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER pregnancy_enquiries_no_truncate BEFORE TRUNCATE ON pregnancy_enquiries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER breast_feeding_enquiries_append_only BEFORE UPDATE OR DELETE ON breast_feeding_enquiries FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER breast_feeding_enquiries_no_truncate BEFORE TRUNCATE ON breast_feeding_enquiries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_checks_append_only BEFORE UPDATE OR DELETE ON safety_checks FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER safety_checks_no_truncate BEFORE TRUNCATE ON safety_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_answers_append_only BEFORE UPDATE OR DELETE ON safety_answers FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER safety_answers_no_truncate BEFORE TRUNCATE ON safety_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER check_witnesses_append_only BEFORE UPDATE OR DELETE ON check_witnesses FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER check_witnesses_no_truncate BEFORE TRUNCATE ON check_witnesses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER check_decisions_append_only BEFORE UPDATE OR DELETE ON check_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_check();
CREATE TRIGGER check_decisions_no_truncate BEFORE TRUNCATE ON check_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pregnancy_policies_append_only BEFORE UPDATE OR DELETE ON pregnancy_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pregnancy_policies_no_truncate BEFORE TRUNCATE ON pregnancy_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER breast_feeding_policies_append_only BEFORE UPDATE OR DELETE ON breast_feeding_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER breast_feeding_policies_no_truncate BEFORE TRUNCATE ON breast_feeding_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_templates_append_only BEFORE UPDATE OR DELETE ON safety_templates FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_templates_no_truncate BEFORE TRUNCATE ON safety_templates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_template_items_append_only BEFORE UPDATE OR DELETE ON safety_template_items FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER safety_template_items_no_truncate BEFORE TRUNCATE ON safety_template_items FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER table_weight_limits_append_only BEFORE UPDATE OR DELETE ON table_weight_limits FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER table_weight_limits_no_truncate BEFORE TRUNCATE ON table_weight_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the scanner may ask for (pregnancy status, weight) has changed; the scan's id is its visit's.
CREATE TRIGGER visit_checks_noted AFTER INSERT ON visit_checks
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('booking', 'visit_id');

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO pregnancy_policies (id, age_from, age_to, potential_wording, pregnancy_wording, last_period_wording, needs_witness, effective_from, source, set_at)
VALUES ('0193b440-0000-7000-8000-000000000001', 12, 55,
  'We ask everybody between 12 and 55 the same questions before a scan with radiation, whatever their gender. Could you become pregnant, by the organs that you have?',
  'Are you pregnant, or might you be pregnant?',
  'On which day did your last period begin? If you have none, please tell us why.',
  true, '2000-01-01',
  'Ages 12 to 55: published referral rules of a London imaging provider. Wording and witness: clinic default, to be confirmed by the clinic with the inclusive pregnancy status guidance of the Society of Radiographers.',
  '2000-01-01T00:00:00Z');
INSERT INTO breast_feeding_policies (id, procedure_code, age_from, age_to, wording, interruption_hours, feeds_discarded, advice_wording, effective_from, source, set_at)
VALUES ('0193b440-0000-7000-8000-000000000011', 'ANY', 12, 55,
  'Do you breast-feed or chest-feed a child, or give a child your expressed milk?',
  4, 1,
  'Feed just before the injection. Then stop for the hours that we name, and throw away the milk of the first feed after it. Hold the child as little as you can on the day.',
  '2000-01-01',
  'EANM bone scintigraphy guideline 2016: at least 4 hours with one feed discarded. Other sources differ (ICRP 106: none; ACMUI: 24 hours): to be confirmed by the clinic.',
  '2000-01-01T00:00:00Z');
INSERT INTO safety_templates (id, procedure_code, effective_from, source, set_at)
VALUES ('0193b440-0000-7000-8000-000000000021', 'ANY', '2000-01-01', 'Clinic default, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
INSERT INTO safety_template_items (id, template_id, position, code, kind, wording, expected, decided_by)
VALUES
  ('0193b440-0000-7000-8000-000000000031', '0193b440-0000-7000-8000-000000000021', 0, 'WEIGHT', 'WEIGHT', 'Weigh the patient today, in kilograms.', NULL, 'NOBODY'),
  ('0193b440-0000-7000-8000-000000000032', '0193b440-0000-7000-8000-000000000021', 1, 'LIES_STILL', 'YES_OR_NO', 'Can you lie flat and still on your back for 40 minutes?', 'YES', 'OPERATOR'),
  ('0193b440-0000-7000-8000-000000000033', '0193b440-0000-7000-8000-000000000021', 2, 'CLAUSTROPHOBIA', 'YES_OR_NO', 'Are you afraid of narrow places?', 'NO', 'OPERATOR'),
  ('0193b440-0000-7000-8000-000000000034', '0193b440-0000-7000-8000-000000000021', 3, 'RECENT_NUCLEAR_STUDY', 'YES_OR_NO', 'Were you given anything radioactive in the last week, for a scan or a treatment?', 'NO', 'PRACTITIONER'),
  ('0193b440-0000-7000-8000-000000000035', '0193b440-0000-7000-8000-000000000021', 4, 'HYDRATION', 'YES_OR_NO', 'Are you able to drink a litre between the injection and the scan?', 'YES', 'OPERATOR'),
  ('0193b440-0000-7000-8000-000000000036', '0193b440-0000-7000-8000-000000000021', 5, 'INTERFERING_MEDICINES', 'YES_OR_NO', 'Do you take medicines for your bones (bisphosphonates), against androgens, or with aluminium?', 'NO', 'PRACTITIONER'),
  ('0193b440-0000-7000-8000-000000000037', '0193b440-0000-7000-8000-000000000021', 6, 'RENAL_FAILURE', 'YES_OR_NO', 'Do your kidneys fail, or do you have dialysis?', 'NO', 'PRACTITIONER'),
  ('0193b440-0000-7000-8000-000000000038', '0193b440-0000-7000-8000-000000000021', 7, 'ALLERGY', 'YES_OR_NO', 'Have you ever reacted badly to an injection for a scan?', 'NO', 'PRACTITIONER');
INSERT INTO table_weight_limits (id, resource_id, limit_kg, effective_from, source, set_at)
VALUES ('0193b440-0000-7000-8000-000000000041', NULL, 180, '2000-01-01', 'Clinic default for a camera of which nobody has said more, to be confirmed by the clinic from the maker''s plate.', '2000-01-01T00:00:00Z');
