-- CreateEnum
CREATE TYPE "CaseDecisionStatus" AS ENUM ('TYPED', 'CHECKED', 'SIGNED');

-- CreateEnum
CREATE TYPE "DecisionKind" AS ENUM ('RECOMMENDATION', 'NO_DECISION', 'DEFERRED');

-- CreateEnum
CREATE TYPE "PatientChoice" AS ENUM ('ACCEPTED', 'OTHER_OPTION', 'DECLINED', 'WANTS_TIME');

-- CreateEnum
CREATE TYPE "DecisionActionKind" AS ENUM ('SCAN_REQUEST', 'TREATMENT_REQUEST', 'PHYSIOTHERAPY_SERIES', 'LETTER', 'OTHER');

-- CreateEnum
CREATE TYPE "DecisionActionStatus" AS ENUM ('OPEN', 'STARTED', 'DONE', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ActionOutcomeKind" AS ENUM ('IMAGING_REQUEST', 'TREATMENT', 'VISIT_REQUEST', 'DECISION_LETTER');

-- CreateEnum
CREATE TYPE "LetterAudience" AS ENUM ('PATIENT', 'GP', 'REFERRER');

-- CreateEnum
CREATE TYPE "DecisionLetterStatus" AS ENUM ('DRAFT', 'APPROVED', 'DISCARDED');

-- CreateTable
CREATE TABLE "case_decisions" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "status" "CaseDecisionStatus" NOT NULL DEFAULT 'TYPED',
    "version" INTEGER NOT NULL DEFAULT 1,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "checked_version" INTEGER,
    "checked_at" TIMESTAMPTZ(3),
    "checked_by_id" UUID,
    "signed_kind" "DecisionKind",
    "signed_at" TIMESTAMPTZ(3),
    "signed_by_id" UUID,
    "signed_by_name" TEXT,
    "quorum_required" "Discipline"[],
    "quorum_present" "Discipline"[],

    CONSTRAINT "case_decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_decision_versions" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "DecisionKind" NOT NULL,
    "options" JSONB NOT NULL,
    "recommendation" TEXT,
    "codes" JSONB NOT NULL,
    "evidence" JSONB NOT NULL,
    "dissent" JSONB NOT NULL,
    "reason" TEXT,
    "follow_up" TEXT,
    "checker_id" UUID NOT NULL,
    "typed_at" TIMESTAMPTZ(3) NOT NULL,
    "typed_by_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "case_decision_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_decision_addenda" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "signed_by_id" UUID NOT NULL,
    "signed_by_name" TEXT NOT NULL,

    CONSTRAINT "case_decision_addenda_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_decision_patient_words" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "choice" "PatientChoice" NOT NULL,
    "chosen" TEXT,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "clinician_id" UUID NOT NULL,
    "also_present" TEXT,
    "notes" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "case_decision_patient_words_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_decision_actions" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "kind" "DecisionActionKind" NOT NULL,
    "what" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "due_on" DATE NOT NULL,
    "policy_id" UUID NOT NULL,
    "status" "DecisionActionStatus" NOT NULL DEFAULT 'OPEN',
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "added_by_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "started_by_id" UUID,
    "became_kind" "ActionOutcomeKind",
    "became_id" UUID,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_note" TEXT,
    "reminders_count" INTEGER NOT NULL DEFAULT 0,
    "reminded_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "case_decision_actions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_decision_letters" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "audience" "LetterAudience" NOT NULL,
    "status" "DecisionLetterStatus" NOT NULL DEFAULT 'DRAFT',
    "recipient_id" UUID,
    "recipient_name" TEXT,
    "text" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "drafted_at" TIMESTAMPTZ(3) NOT NULL,
    "drafted_by_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by_id" UUID NOT NULL,
    "addenda_seen" INTEGER NOT NULL,
    "words_seen" INTEGER NOT NULL,
    "approved_at" TIMESTAMPTZ(3),
    "approved_by_id" UUID,
    "approved_by_name" TEXT,
    "discarded_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_decision_letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decision_policies" (
    "id" UUID NOT NULL,
    "remind_days_before" INTEGER NOT NULL,
    "overdue_every_days" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "decision_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "case_decisions_case_id_key" ON "case_decisions"("case_id");

-- CreateIndex
CREATE INDEX "case_decisions_patient_id_idx" ON "case_decisions"("patient_id");

-- CreateIndex
CREATE UNIQUE INDEX "case_decision_versions_decision_id_number_key" ON "case_decision_versions"("decision_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "case_decision_addenda_decision_id_number_key" ON "case_decision_addenda"("decision_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "case_decision_patient_words_decision_id_number_key" ON "case_decision_patient_words"("decision_id", "number");

-- CreateIndex
CREATE INDEX "case_decision_actions_decision_id_idx" ON "case_decision_actions"("decision_id");

-- CreateIndex
CREATE INDEX "case_decision_actions_status_due_on_id_idx" ON "case_decision_actions"("status", "due_on", "id");

-- CreateIndex
CREATE INDEX "case_decision_actions_owner_id_status_idx" ON "case_decision_actions"("owner_id", "status");

-- CreateIndex
CREATE INDEX "case_decision_letters_decision_id_idx" ON "case_decision_letters"("decision_id");

-- CreateIndex
CREATE UNIQUE INDEX "decision_policies_effective_from_key" ON "decision_policies"("effective_from");

-- AddForeignKey
ALTER TABLE "case_decisions" ADD CONSTRAINT "case_decisions_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decisions" ADD CONSTRAINT "case_decisions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_versions" ADD CONSTRAINT "case_decision_versions_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "case_decisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_addenda" ADD CONSTRAINT "case_decision_addenda_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "case_decisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_patient_words" ADD CONSTRAINT "case_decision_patient_words_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "case_decisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_actions" ADD CONSTRAINT "case_decision_actions_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "case_decisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_actions" ADD CONSTRAINT "case_decision_actions_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "decision_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_decision_letters" ADD CONSTRAINT "case_decision_letters_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "case_decisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- What hangs on a decision goes when a lawful destruction reaches the decision, and never otherwise.
CREATE FUNCTION refuse_change_of_decision_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM case_decisions whole
        WHERE whole.id = OLD.decision_id AND destruction_reaches('case_decisions', to_jsonb(whole))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;

-- How far a decision is says what is known of it. Without quorum nothing is signed but that nothing was decided.
ALTER TABLE case_decisions
  ADD CONSTRAINT case_decisions_checked CHECK (
    (status = 'TYPED') = (checked_version IS NULL) AND (checked_version IS NULL) = (checked_at IS NULL)
    AND (checked_at IS NULL) = (checked_by_id IS NULL) AND version >= 1 AND (checked_version IS NULL OR checked_version = version)),
  ADD CONSTRAINT case_decisions_signed CHECK (
    (status = 'SIGNED') = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (signed_kind IS NULL)
    AND (signed_at IS NULL) = (signed_by_id IS NULL) AND (signed_at IS NULL) = (signed_by_name IS NULL)
    AND (signed_at IS NULL OR signed_at >= checked_at)),
  ADD CONSTRAINT case_decisions_quorum CHECK (
    status <> 'SIGNED' OR signed_kind = 'NO_DECISION' OR coalesce(quorum_required <@ quorum_present, false));

-- A decision goes forward only. A new version has to be checked again; what is signed stays as it was signed.
CREATE FUNCTION keep_case_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.patient_id <> OLD.patient_id AND are_merged_patients(OLD.patient_id, NEW.patient_id)
     AND to_jsonb(NEW) - 'patient_id' = to_jsonb(OLD) - 'patient_id' THEN
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.case_id, NEW.patient_id, NEW.opened_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.patient_id, OLD.opened_at)
     OR NEW.version NOT IN (OLD.version, OLD.version + 1) THEN
    RAISE EXCEPTION 'decision % is of its case, and goes forward only', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status = 'SIGNED' THEN
    RAISE EXCEPTION 'decision % is signed and stays so', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.version > OLD.version AND NEW.status <> 'TYPED' THEN
    RAISE EXCEPTION 'decision % has to be checked again', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  -- Who typed a version does not check it, and only who was asked to does.
  IF NEW.status = 'CHECKED' AND NOT EXISTS (
       SELECT FROM case_decision_versions v
        WHERE v.decision_id = NEW.id AND v.number = NEW.version AND v.checker_id = NEW.checked_by_id
          AND v.typed_by_id <> NEW.checked_by_id) THEN
    RAISE EXCEPTION 'decision % is not checked by whom it is for', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'SIGNED' AND (OLD.status <> 'CHECKED' OR NOT EXISTS (
       SELECT FROM case_decision_versions v
        WHERE v.decision_id = NEW.id AND v.number = NEW.version AND v.kind = NEW.signed_kind)) THEN
    RAISE EXCEPTION 'decision % was not checked as it stands', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_decisions_forward BEFORE UPDATE ON case_decisions FOR EACH ROW EXECUTE FUNCTION keep_case_decision();
CREATE FUNCTION case_decision_begins_typed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'TYPED' OR NEW.version <> 1 OR NOT EXISTS (
       SELECT FROM meeting_cases c WHERE c.id = NEW.case_id AND c.patient_id = NEW.patient_id AND c.discussed_from IS NOT NULL) THEN
    RAISE EXCEPTION 'decision % is of no case that was discussed', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_decisions_begin BEFORE INSERT ON case_decisions FOR EACH ROW EXECUTE FUNCTION case_decision_begins_typed();
CREATE TRIGGER case_decisions_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON case_decisions
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();
CREATE TRIGGER case_decisions_held BEFORE DELETE ON case_decisions FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER case_decisions_no_delete BEFORE DELETE ON case_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_decisions_no_truncate BEFORE TRUNCATE ON case_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- A recommendation says what is recommended, out of what and founded on what; anything else says why there is none. What is signed gets no further version.
ALTER TABLE case_decision_versions
  ADD CONSTRAINT case_decision_versions_whole CHECK (
    number >= 1 AND (kind = 'RECOMMENDATION') = (recommendation IS NOT NULL) AND (kind = 'RECOMMENDATION') = (reason IS NULL)
    AND coalesce(btrim(recommendation) <> '', true) AND coalesce(btrim(reason) <> '', true)
    AND (kind <> 'RECOMMENDATION' OR (options <> '[]' AND evidence <> '[]'))),
  ADD CONSTRAINT case_decision_versions_lists CHECK (
    jsonb_typeof(options) = 'array' AND jsonb_typeof(codes) = 'array' AND jsonb_typeof(evidence) = 'array'
    AND jsonb_typeof(dissent) = 'array'),
  ADD CONSTRAINT case_decision_versions_checked_by_another CHECK (checker_id <> typed_by_id),
  ADD CONSTRAINT case_decision_versions_fingerprint CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE FUNCTION case_decision_version_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held case_decisions%ROWTYPE;
BEGIN
  SELECT * INTO held FROM case_decisions WHERE id = NEW.decision_id FOR NO KEY UPDATE;
  IF held.status IS DISTINCT FROM 'TYPED' OR NEW.number <> held.version THEN
    RAISE EXCEPTION 'version % of decision % does not follow', NEW.number, NEW.decision_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_decision_versions_follow BEFORE INSERT ON case_decision_versions FOR EACH ROW EXECUTE FUNCTION case_decision_version_follows();
CREATE TRIGGER case_decision_versions_append_only BEFORE UPDATE OR DELETE ON case_decision_versions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision_part();
CREATE TRIGGER case_decision_versions_no_truncate BEFORE TRUNCATE ON case_decision_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- Only what is signed is added to, answered by the patient, and told in letters.
CREATE FUNCTION refuse_part_of_unsigned_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM case_decisions held WHERE held.id = NEW.decision_id AND held.status = 'SIGNED') THEN
    RAISE EXCEPTION 'decision % is not signed', NEW.decision_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
ALTER TABLE case_decision_addenda
  ADD CONSTRAINT case_decision_addenda_in_words CHECK (number >= 1 AND btrim(text) <> '' AND btrim(signed_by_name) <> '');
CREATE TRIGGER case_decision_addenda_of_signed BEFORE INSERT ON case_decision_addenda FOR EACH ROW EXECUTE FUNCTION refuse_part_of_unsigned_decision();
CREATE TRIGGER case_decision_addenda_append_only BEFORE UPDATE OR DELETE ON case_decision_addenda FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision_part();
CREATE TRIGGER case_decision_addenda_no_truncate BEFORE TRUNCATE ON case_decision_addenda FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

ALTER TABLE case_decision_patient_words
  ADD CONSTRAINT case_decision_patient_words_whole CHECK (
    number >= 1 AND btrim(notes) <> '' AND (choice = 'OTHER_OPTION') = (chosen IS NOT NULL)
    AND coalesce(btrim(chosen) <> '', true) AND coalesce(btrim(also_present) <> '', true) AND decided_at <= recorded_at);
CREATE TRIGGER case_decision_patient_words_of_signed BEFORE INSERT ON case_decision_patient_words FOR EACH ROW EXECUTE FUNCTION refuse_part_of_unsigned_decision();
CREATE TRIGGER case_decision_patient_words_append_only BEFORE UPDATE OR DELETE ON case_decision_patient_words FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision_part();
CREATE TRIGGER case_decision_patient_words_no_truncate BEFORE TRUNCATE ON case_decision_patient_words FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- An action goes forward only, is started once, and knows what it has made.
ALTER TABLE case_decision_actions
  ADD CONSTRAINT case_decision_actions_in_words CHECK (btrim(what) <> '' AND coalesce(btrim(end_note) <> '', true)),
  ADD CONSTRAINT case_decision_actions_started CHECK (
    (started_at IS NULL) = (started_by_id IS NULL) AND (became_kind IS NULL) = (became_id IS NULL)
    AND (became_id IS NULL OR started_at IS NOT NULL) AND (status <> 'OPEN' OR started_at IS NULL)
    AND (status <> 'STARTED' OR started_at IS NOT NULL)
    AND (started_at IS NULL OR (kind = 'OTHER') = (became_id IS NULL))),
  ADD CONSTRAINT case_decision_actions_became CHECK (became_kind IS NULL OR became_kind = CASE kind
    WHEN 'SCAN_REQUEST' THEN 'IMAGING_REQUEST'::"ActionOutcomeKind"
    WHEN 'TREATMENT_REQUEST' THEN 'TREATMENT'::"ActionOutcomeKind"
    WHEN 'PHYSIOTHERAPY_SERIES' THEN 'VISIT_REQUEST'::"ActionOutcomeKind"
    WHEN 'LETTER' THEN 'DECISION_LETTER'::"ActionOutcomeKind" END),
  ADD CONSTRAINT case_decision_actions_ended CHECK (
    (status IN ('DONE', 'CANCELLED')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by_id IS NULL)
    AND (ended_at IS NULL) = (end_note IS NULL)),
  ADD CONSTRAINT case_decision_actions_reminded CHECK (reminders_count >= 0 AND (reminders_count > 0 OR reminded_at IS NULL));
-- What was made is made of one action.
CREATE UNIQUE INDEX case_decision_actions_became_once ON case_decision_actions (became_kind, became_id) WHERE (became_id IS NOT NULL);
CREATE FUNCTION keep_decision_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.decision_id, NEW.kind, NEW.what, NEW.added_at, NEW.added_by_id)
       IS DISTINCT FROM (OLD.id, OLD.decision_id, OLD.kind, OLD.what, OLD.added_at, OLD.added_by_id)
     OR OLD.status IN ('DONE', 'CANCELLED') OR NEW.version < OLD.version OR NEW.reminders_count < OLD.reminders_count
     OR (OLD.status = 'STARTED' AND NEW.status = 'OPEN')
     OR (OLD.started_at IS NOT NULL AND (NEW.started_at, NEW.started_by_id, NEW.became_kind, NEW.became_id)
           IS DISTINCT FROM (OLD.started_at, OLD.started_by_id, OLD.became_kind, OLD.became_id)) THEN
    RAISE EXCEPTION 'action % goes forward only', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'STARTED' AND NOT EXISTS (
       SELECT FROM case_decisions held WHERE held.id = NEW.decision_id AND held.status = 'SIGNED') THEN
    RAISE EXCEPTION 'decision % is not signed', NEW.decision_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION decision_action_begins_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'OPEN' OR NEW.version <> 0 OR NEW.reminders_count <> 0 THEN
    RAISE EXCEPTION 'action % begins open', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_decision_actions_begin BEFORE INSERT ON case_decision_actions FOR EACH ROW EXECUTE FUNCTION decision_action_begins_open();
CREATE TRIGGER case_decision_actions_forward BEFORE UPDATE ON case_decision_actions FOR EACH ROW EXECUTE FUNCTION keep_decision_action();
CREATE TRIGGER case_decision_actions_no_delete BEFORE DELETE ON case_decision_actions FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision_part();
CREATE TRIGGER case_decision_actions_no_truncate BEFORE TRUNCATE ON case_decision_actions FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- A letter is for the patient or for somebody with a name. What is approved is sent, and never written in again.
ALTER TABLE case_decision_letters
  ADD CONSTRAINT case_decision_letters_to_somebody CHECK (
    (audience = 'PATIENT') = (recipient_name IS NULL) AND (recipient_id IS NULL OR recipient_name IS NOT NULL)
    AND coalesce(btrim(recipient_name) <> '', true) AND btrim(text) <> ''),
  ADD CONSTRAINT case_decision_letters_approved CHECK (
    (status = 'APPROVED') = (approved_at IS NOT NULL) AND (approved_at IS NULL) = (approved_by_id IS NULL)
    AND (approved_at IS NULL) = (approved_by_name IS NULL)),
  ADD CONSTRAINT case_decision_letters_seen CHECK (addenda_seen >= 0 AND words_seen >= 0),
  ADD CONSTRAINT case_decision_letters_discarded CHECK ((status = 'DISCARDED') = (discarded_at IS NOT NULL));
-- One draft at a time for each party.
CREATE UNIQUE INDEX case_decision_letters_one_draft ON case_decision_letters (decision_id, audience) WHERE (status = 'DRAFT');
CREATE FUNCTION keep_decision_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'DRAFT' OR NEW.version <= OLD.version
     OR (NEW.id, NEW.decision_id, NEW.audience, NEW.drafted_at, NEW.drafted_by_id)
          IS DISTINCT FROM (OLD.id, OLD.decision_id, OLD.audience, OLD.drafted_at, OLD.drafted_by_id)
     OR (NEW.status <> 'DRAFT' AND NEW.text <> OLD.text) THEN
    RAISE EXCEPTION 'letter % is not written in any more', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  -- What was added to the decision since, or said by the patient, the letter does not tell yet.
  IF NEW.status = 'APPROVED' AND (
       NEW.addenda_seen <> (SELECT count(*) FROM case_decision_addenda a WHERE a.decision_id = NEW.decision_id)
       OR NEW.words_seen <> (SELECT count(*) FROM case_decision_patient_words w WHERE w.decision_id = NEW.decision_id)) THEN
    RAISE EXCEPTION 'letter % is behind its decision', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION decision_letter_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'DRAFT' OR NEW.version <> 0 THEN
    RAISE EXCEPTION 'letter % begins as a draft', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_decision_letters_begin BEFORE INSERT ON case_decision_letters FOR EACH ROW EXECUTE FUNCTION decision_letter_begins_as_draft();
CREATE TRIGGER case_decision_letters_forward BEFORE UPDATE ON case_decision_letters FOR EACH ROW EXECUTE FUNCTION keep_decision_letter();
CREATE TRIGGER case_decision_letters_of_signed BEFORE INSERT ON case_decision_letters FOR EACH ROW EXECUTE FUNCTION refuse_part_of_unsigned_decision();
CREATE TRIGGER case_decision_letters_no_delete BEFORE DELETE ON case_decision_letters FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision_part();
CREATE TRIGGER case_decision_letters_no_truncate BEFORE TRUNCATE ON case_decision_letters FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- When owners are told of their actions: rows that hold from a day on. What was set stays, and is nobody's record.
ALTER TABLE decision_policies
  ADD CONSTRAINT decision_policies_in_bounds CHECK (remind_days_before BETWEEN 0 AND 60 AND overdue_every_days BETWEEN 1 AND 60),
  ADD CONSTRAINT decision_policies_sourced CHECK (btrim(source) <> '');
CREATE TRIGGER decision_policies_append_only BEFORE UPDATE OR DELETE ON decision_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER decision_policies_no_truncate BEFORE TRUNCATE ON decision_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- What a clinic begins with. It sets its own by adding rows, with their source.
INSERT INTO decision_policies (id, remind_days_before, overdue_every_days, effective_from, source, set_at)
VALUES ('0193c150-0000-7000-8000-000000000001', 2, 2, '2000-01-01',
  'Clinic default, confirmed by nobody: told two days before, on the day after, and every two days from then on. What the system begins with.',
  '2000-01-01T00:00:00Z');
