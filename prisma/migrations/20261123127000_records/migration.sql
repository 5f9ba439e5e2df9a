-- CreateEnum
CREATE TYPE "RecordClass" AS ENUM ('CLINICAL_RECORD', 'PSYCHOLOGY', 'ENQUIRY_UNCONVERTED', 'DOCUMENT', 'SCANNER_TRAFFIC', 'AUDIT_STUB');

-- CreateEnum
CREATE TYPE "RetentionTrigger" AS ENUM ('CREATED', 'LAST_CONTACT', 'END_OF_TREATMENT', 'DEATH');

-- CreateEnum
CREATE TYPE "DestructionRunStatus" AS ENUM ('LISTING', 'LISTED', 'APPROVED', 'COMPLETED', 'ABANDONED', 'LAPSED');

-- CreateEnum
CREATE TYPE "DestructionItemStatus" AS ENUM ('LISTED', 'HELD', 'EXCLUDED', 'DESTROYED', 'SKIPPED');

-- CreateEnum
CREATE TYPE "SubjectAccessAsker" AS ENUM ('PATIENT', 'PARENT', 'ATTORNEY', 'SOLICITOR', 'OTHER_REPRESENTATIVE');

-- CreateEnum
CREATE TYPE "SubjectAccessStatus" AS ENUM ('OPEN', 'PAUSED', 'ANSWERED', 'REFUSED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "SubjectAccessPauseReason" AS ENUM ('IDENTITY', 'CLARIFICATION');

-- CreateEnum
CREATE TYPE "SubjectAccessCopyStatus" AS ENUM ('PREPARING', 'READY', 'EXPIRED');

-- CreateEnum
CREATE TYPE "DataComplaintChannel" AS ENUM ('EMAIL', 'LETTER', 'TELEPHONE', 'WEB_FORM', 'IN_PERSON');

-- CreateEnum
CREATE TYPE "DataComplaintStatus" AS ENUM ('RECEIVED', 'ACKNOWLEDGED', 'CONCLUDED');

-- CreateEnum
CREATE TYPE "DataComplaintOutcome" AS ENUM ('UPHELD', 'PARTLY_UPHELD', 'NOT_UPHELD', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "RectificationStatus" AS ENUM ('REQUESTED', 'ACCEPTED', 'REFUSED');

-- CreateTable
CREATE TABLE "retention_rules" (
    "id" UUID NOT NULL,
    "record_class" "RecordClass" NOT NULL,
    "trigger" "RetentionTrigger" NOT NULL,
    "effective_from" DATE NOT NULL,
    "years" INTEGER NOT NULL,
    "months" INTEGER NOT NULL DEFAULT 0,
    "child_rule" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "retention_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "legal_holds" (
    "id" UUID NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "patient_id" UUID,
    "reason" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "placed_by_id" UUID NOT NULL,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by_id" UUID,
    "lift_reason" TEXT,

    CONSTRAINT "legal_holds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_deaths" (
    "patient_id" UUID NOT NULL,
    "died_on" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "patient_deaths_pkey" PRIMARY KEY ("patient_id")
);

-- CreateTable
CREATE TABLE "destruction_runs" (
    "id" UUID NOT NULL,
    "as_of" DATE NOT NULL,
    "classes" "RecordClass"[],
    "status" "DestructionRunStatus" NOT NULL DEFAULT 'LISTING',
    "version" INTEGER NOT NULL DEFAULT 0,
    "cursor_type" TEXT,
    "cursor_id" UUID,
    "looked_at_count" INTEGER NOT NULL DEFAULT 0,
    "is_full" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "started_by_id" UUID NOT NULL,
    "listed_at" TIMESTAMPTZ(3),
    "approved_at" TIMESTAMPTZ(3),
    "approved_by_id" UUID,
    "approved_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "abandoned_by_id" UUID,
    "abandon_reason" TEXT,

    CONSTRAINT "destruction_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "destruction_items" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "record_class" "RecordClass" NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "patient_id" UUID,
    "status" "DestructionItemStatus" NOT NULL,
    "rule_id" UUID NOT NULL,
    "trigger" "RetentionTrigger" NOT NULL,
    "trigger_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "code" TEXT,
    "hold_id" UUID,
    "comment" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,

    CONSTRAINT "destruction_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "destruction_stubs" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "record_class" "RecordClass" NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "patient_id" UUID,
    "rule_id" UUID NOT NULL,
    "trigger" "RetentionTrigger" NOT NULL,
    "trigger_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "parts" JSONB NOT NULL,
    "started_by_id" UUID NOT NULL,
    "approved_by_id" UUID NOT NULL,
    "destroyed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "destruction_stubs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subject_access_requests" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "asked_by" "SubjectAccessAsker" NOT NULL,
    "asker_name" TEXT,
    "received_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "status" "SubjectAccessStatus" NOT NULL DEFAULT 'OPEN',
    "version" INTEGER NOT NULL DEFAULT 0,
    "paused_on" DATE,
    "pause_reason" "SubjectAccessPauseReason",
    "paused_days" INTEGER NOT NULL DEFAULT 0,
    "extended_on" DATE,
    "extension_reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "settle_reason" TEXT,
    "copy_status" "SubjectAccessCopyStatus" NOT NULL DEFAULT 'PREPARING',
    "copy_version" INTEGER NOT NULL DEFAULT 0,
    "prepared_at" TIMESTAMPTZ(3),
    "copy_expires_at" TIMESTAMPTZ(3),
    "manifest_sha256" TEXT,
    "files_count" INTEGER,
    "third_party_count" INTEGER,
    "reviewed_at" TIMESTAMPTZ(3),
    "reviewed_by_id" UUID,
    "downloads_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "subject_access_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subject_access_withheld" (
    "request_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "withheld_at" TIMESTAMPTZ(3) NOT NULL,
    "withheld_by_id" UUID NOT NULL,

    CONSTRAINT "subject_access_withheld_pkey" PRIMARY KEY ("request_id","path","record_id","field")
);

-- CreateTable
CREATE TABLE "subject_access_parts" (
    "request_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" INTEGER NOT NULL,
    "content" BYTEA,

    CONSTRAINT "subject_access_parts_pkey" PRIMARY KEY ("request_id","path")
);

-- CreateTable
CREATE TABLE "data_complaints" (
    "id" UUID NOT NULL,
    "patient_id" UUID,
    "complainant_name" TEXT NOT NULL,
    "complainant_email" TEXT,
    "channel" "DataComplaintChannel" NOT NULL,
    "text" TEXT NOT NULL,
    "received_on" DATE NOT NULL,
    "acknowledge_by" DATE NOT NULL,
    "status" "DataComplaintStatus" NOT NULL DEFAULT 'RECEIVED',
    "version" INTEGER NOT NULL DEFAULT 0,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" UUID,
    "outcome" "DataComplaintOutcome",
    "outcome_text" TEXT,
    "concluded_at" TIMESTAMPTZ(3),
    "concluded_by_id" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "data_complaints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_complaint_notes" (
    "id" UUID NOT NULL,
    "complaint_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "text" TEXT,
    "noted_at" TIMESTAMPTZ(3) NOT NULL,
    "noted_by_id" UUID NOT NULL,

    CONSTRAINT "data_complaint_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rectifications" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "what_is_wrong" TEXT NOT NULL,
    "what_is_asked" TEXT NOT NULL,
    "received_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "status" "RectificationStatus" NOT NULL DEFAULT 'REQUESTED',
    "version" INTEGER NOT NULL DEFAULT 0,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "addendum" TEXT,
    "refusal_reason" TEXT,

    CONSTRAINT "rectifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_emptied" (
    "entry_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "remainder_sha256" BYTEA NOT NULL,
    "emptied_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_emptied_pkey" PRIMARY KEY ("entry_id")
);

-- AddForeignKey
ALTER TABLE "audit_emptied" ADD CONSTRAINT "audit_emptied_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "audit_entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "patients" ADD COLUMN     "destroyed_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE UNIQUE INDEX "retention_rules_record_class_trigger_effective_from_key" ON "retention_rules"("record_class", "trigger", "effective_from");

-- CreateIndex
CREATE INDEX "legal_holds_subject_type_subject_id_idx" ON "legal_holds"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "legal_holds_patient_id_idx" ON "legal_holds"("patient_id");

-- CreateIndex
CREATE INDEX "destruction_runs_started_at_idx" ON "destruction_runs"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "destruction_items_run_id_subject_type_subject_id_key" ON "destruction_items"("run_id", "subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "destruction_items_run_id_status_idx" ON "destruction_items"("run_id", "status");

-- CreateIndex
CREATE INDEX "destruction_items_subject_type_subject_id_idx" ON "destruction_items"("subject_type", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "destruction_stubs_item_id_key" ON "destruction_stubs"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "destruction_stubs_subject_type_subject_id_key" ON "destruction_stubs"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "destruction_stubs_patient_id_idx" ON "destruction_stubs"("patient_id");

-- CreateIndex
CREATE INDEX "destruction_stubs_destroyed_at_idx" ON "destruction_stubs"("destroyed_at");

-- CreateIndex
CREATE INDEX "subject_access_requests_patient_id_idx" ON "subject_access_requests"("patient_id");

-- CreateIndex
CREATE INDEX "subject_access_requests_status_due_on_idx" ON "subject_access_requests"("status", "due_on");

-- CreateIndex
CREATE INDEX "data_complaints_status_acknowledge_by_idx" ON "data_complaints"("status", "acknowledge_by");

-- CreateIndex
CREATE INDEX "data_complaints_patient_id_idx" ON "data_complaints"("patient_id");

-- CreateIndex
CREATE INDEX "data_complaint_notes_complaint_id_noted_at_idx" ON "data_complaint_notes"("complaint_id", "noted_at");

-- CreateIndex
CREATE INDEX "rectifications_subject_type_subject_id_idx" ON "rectifications"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "rectifications_patient_id_idx" ON "rectifications"("patient_id");

-- CreateIndex
CREATE INDEX "rectifications_status_due_on_idx" ON "rectifications"("status", "due_on");

-- AddForeignKey
ALTER TABLE "legal_holds" ADD CONSTRAINT "legal_holds_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_deaths" ADD CONSTRAINT "patient_deaths_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destruction_items" ADD CONSTRAINT "destruction_items_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "destruction_runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destruction_items" ADD CONSTRAINT "destruction_items_hold_id_fkey" FOREIGN KEY ("hold_id") REFERENCES "legal_holds"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destruction_stubs" ADD CONSTRAINT "destruction_stubs_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "destruction_items"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destruction_stubs" ADD CONSTRAINT "destruction_stubs_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "destruction_runs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subject_access_requests" ADD CONSTRAINT "subject_access_requests_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subject_access_withheld" ADD CONSTRAINT "subject_access_withheld_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "subject_access_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subject_access_parts" ADD CONSTRAINT "subject_access_parts_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "subject_access_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_complaints" ADD CONSTRAINT "data_complaints_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_complaint_notes" ADD CONSTRAINT "data_complaint_notes_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "data_complaints"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rectifications" ADD CONSTRAINT "rectifications_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma cannot say.

ALTER TABLE retention_rules
  ADD CONSTRAINT retention_rules_in_bounds CHECK (years BETWEEN 0 AND 150 AND months BETWEEN 0 AND 11 AND years + months > 0);
ALTER TABLE retention_rules
  ADD CONSTRAINT retention_rules_child_rule CHECK (NOT child_rule OR trigger <> 'DEATH');

-- Lifted means by somebody and for a reason.
ALTER TABLE legal_holds
  ADD CONSTRAINT legal_holds_lifted CHECK (
    (lifted_at IS NULL) = (lifted_by_id IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL));
ALTER TABLE legal_holds
  ADD CONSTRAINT legal_holds_whole_record CHECK (subject_type <> 'patient' OR patient_id = subject_id);
CREATE INDEX legal_holds_live ON legal_holds (patient_id) WHERE (lifted_at IS NULL);

-- Two people: nobody approves a list of their own.
ALTER TABLE destruction_runs
  ADD CONSTRAINT destruction_runs_second_person CHECK (approved_by_id <> started_by_id);
ALTER TABLE destruction_runs
  ADD CONSTRAINT destruction_runs_approved CHECK (
    (approved_at IS NULL) = (approved_by_id IS NULL) AND (approved_at IS NULL) = (approved_until IS NULL)
    AND (approved_at IS NULL OR (listed_at IS NOT NULL AND approved_until > approved_at)));
ALTER TABLE destruction_runs
  ADD CONSTRAINT destruction_runs_status CHECK (
    CASE status
      WHEN 'LISTING' THEN listed_at IS NULL AND approved_at IS NULL AND finished_at IS NULL
      WHEN 'LISTED' THEN listed_at IS NOT NULL AND approved_at IS NULL AND finished_at IS NULL
      WHEN 'APPROVED' THEN approved_at IS NOT NULL AND finished_at IS NULL
      WHEN 'COMPLETED' THEN approved_at IS NOT NULL AND finished_at IS NOT NULL
      ELSE finished_at IS NOT NULL
    END);
ALTER TABLE destruction_items
  ADD CONSTRAINT destruction_items_settled CHECK (
    CASE status
      WHEN 'LISTED' THEN settled_at IS NULL
      WHEN 'HELD' THEN code IS NOT NULL
      WHEN 'EXCLUDED' THEN settled_at IS NOT NULL AND settled_by_id IS NOT NULL AND comment IS NOT NULL
      WHEN 'DESTROYED' THEN settled_at IS NOT NULL AND code IS NULL
      WHEN 'SKIPPED' THEN settled_at IS NOT NULL AND code IS NOT NULL
    END);

-- The destruction under way in this transaction, if it is lawful: an item that was listed, of a run that somebody else
-- approved than who started it, and no hold on the record or on whose it is. The verb names the item; all else is read here.
CREATE FUNCTION destruction_under_way() RETURNS destruction_items LANGUAGE plpgsql STABLE AS $$
DECLARE
  named text := nullif(current_setting('facet.destroying', true), '');
  item destruction_items%ROWTYPE;
BEGIN
  IF named IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT i.* INTO item
    FROM destruction_items i
    JOIN destruction_runs run ON run.id = i.run_id
   WHERE i.id = named::uuid
     AND i.status = 'LISTED'
     AND run.status = 'APPROVED'
     AND run.approved_by_id <> run.started_by_id
     AND NOT EXISTS (
       SELECT FROM legal_holds hold
        WHERE hold.lifted_at IS NULL
          AND ((hold.subject_type = i.subject_type AND hold.subject_id = i.subject_id)
               OR (i.subject_type = 'patient' AND hold.patient_id = i.subject_id)
               OR (hold.subject_type = 'patient' AND hold.patient_id = i.patient_id)));
  RETURN item;
END $$;

-- Does the destruction under way reach this row? A row names its record or its patient, or something that does: a visit, a
-- referral, an enquiry and so on; a patient's also a record that was merged into it. Nothing else is reached. Tables of later
-- migrations are named here, too: the body is read when it is called.
CREATE FUNCTION destruction_reaches(table_name text, stored jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  item destruction_items%ROWTYPE := destruction_under_way();
  subject text := item.subject_id::text;
  own uuid[] := ARRAY[item.subject_id];
BEGIN
  IF item.id IS NULL THEN
    RETURN false;
  END IF;
  IF item.subject_type = 'patient' THEN
    own := own || ARRAY(SELECT p.id FROM patients p WHERE p.merged_into_id = item.subject_id);
  END IF;
  IF table_name = 'audit_entries' THEN
    RETURN coalesce(
      stored->>'subject_type' = item.subject_type AND stored->>'subject_id' = ANY (own::text[])
        OR (item.subject_type = 'patient' AND stored->'patient_ids' <> '[]' AND stored->'patient_ids' <@ to_jsonb(own)), false);
  END IF;
  IF stored->>'id' = subject OR stored->>(replace(item.subject_type, '-', '_') || '_id') = subject THEN
    RETURN true;
  END IF;
  IF item.subject_type <> 'patient' THEN
    RETURN false;
  END IF;
  -- A row that names nobody is reached by nothing: null is a no.
  RETURN coalesce(CASE
    WHEN table_name = 'patients' THEN stored->>'merged_into_id' = subject
    WHEN stored->>'patient_id' = ANY (own::text[]) THEN true
    WHEN stored ? 'visit_id' THEN EXISTS (
      SELECT FROM visits v WHERE v.id = (stored->>'visit_id')::uuid AND v.patient_id = ANY (own))
    WHEN stored ? 'referral_id' THEN EXISTS (
      SELECT FROM referrals r WHERE r.id = (stored->>'referral_id')::uuid AND r.patient_id = ANY (own))
    WHEN stored ? 'event_id' THEN EXISTS (
      SELECT FROM referral_events e JOIN referrals r ON r.id = e.referral_id
       WHERE e.id = (stored->>'event_id')::uuid AND r.patient_id = ANY (own))
    WHEN stored ? 'thread_id' THEN EXISTS (
      SELECT FROM advice_threads t WHERE t.id = (stored->>'thread_id')::uuid AND t.patient_id = ANY (own))
    WHEN stored ? 'need_id' THEN EXISTS (
      SELECT FROM communication_needs n WHERE n.id = (stored->>'need_id')::uuid AND n.patient_id = ANY (own))
    WHEN stored ? 'merge_id' THEN EXISTS (
      SELECT FROM patient_merges m WHERE m.id = (stored->>'merge_id')::uuid AND m.kept_id = ANY (own))
    WHEN stored ? 'enquiry_id' THEN EXISTS (
      SELECT FROM enquiries e WHERE e.id = (stored->>'enquiry_id')::uuid AND e.patient_id = ANY (own))
    WHEN stored ? 'complaint_id' THEN EXISTS (
      SELECT FROM data_complaints c WHERE c.id = (stored->>'complaint_id')::uuid AND c.patient_id = ANY (own))
    WHEN stored ? 'performed_step_id' THEN EXISTS (
      SELECT FROM performed_step_links l JOIN scan_bookings b ON b.id = l.booking_id
       WHERE l.performed_step_id = (stored->>'performed_step_id')::uuid AND b.patient_id = ANY (own))
    ELSE false
  END, false);
END $$;

-- Append-only tables let go of what a lawful destruction reaches, and of nothing else. Of the audit record only what was
-- written before and after goes: who did what to which record, and when, stays, and so does the chain.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'ROW' AND nullif(current_setting('facet.destroying', true), '') IS NOT NULL THEN
    IF TG_TABLE_NAME = 'audit_entries' THEN
      IF TG_OP = 'UPDATE'
         AND to_jsonb(NEW) = to_jsonb(OLD) || '{"before": null, "after": null}'::jsonb
         AND destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) THEN
        INSERT INTO audit_emptied (entry_id, item_id, remainder_sha256, emptied_at)
        VALUES (NEW.id, (destruction_under_way()).id, sha256(convert_to(audit_payload(NEW), 'UTF8')), now());
        RETURN NEW;
      END IF;
    ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME <> 'audit_links' AND destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;

-- A stub outlives everything.
CREATE FUNCTION refuse_change_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER destruction_stubs_append_only BEFORE UPDATE OR DELETE ON destruction_stubs FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER destruction_stubs_no_truncate BEFORE TRUNCATE ON destruction_stubs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER audit_emptied_append_only BEFORE UPDATE OR DELETE ON audit_emptied FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER audit_emptied_no_truncate BEFORE TRUNCATE ON audit_emptied FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER retention_rules_append_only BEFORE UPDATE OR DELETE ON retention_rules FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER data_complaint_notes_append_only BEFORE UPDATE OR DELETE ON data_complaint_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- An item is destroyed only as the destruction under way, inside the time that was approved, and with its stub written.
CREATE FUNCTION destruction_item_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (destruction_under_way()).id IS DISTINCT FROM NEW.id
     OR NOT EXISTS (SELECT FROM destruction_runs run WHERE run.id = NEW.run_id AND run.approved_until >= NEW.settled_at)
     OR NOT EXISTS (SELECT FROM destruction_stubs stub WHERE stub.item_id = NEW.id) THEN
    RAISE EXCEPTION 'item % is not to be destroyed: not approved, no longer approved, held or without a stub', NEW.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER destruction_items_guarded BEFORE UPDATE ON destruction_items
  FOR EACH ROW WHEN (NEW.status = 'DESTROYED') EXECUTE FUNCTION destruction_item_guarded();
CREATE FUNCTION refuse_destroyed_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an item becomes destroyed, and stays so' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER destruction_items_not_born_destroyed BEFORE INSERT ON destruction_items
  FOR EACH ROW WHEN (NEW.status = 'DESTROYED') EXECUTE FUNCTION refuse_destroyed_item();
CREATE TRIGGER destruction_items_stay_destroyed BEFORE UPDATE OR DELETE ON destruction_items
  FOR EACH ROW WHEN (OLD.status = 'DESTROYED') EXECUTE FUNCTION refuse_destroyed_item();

-- A patient's record becomes a stub only by a lawful destruction, and a stub stays one.
CREATE FUNCTION patient_destroyed_lawfully() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.destroyed_at IS NOT NULL OR destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) IS NOT TRUE THEN
    RAISE EXCEPTION 'the record of patient % is held, not approved for destruction, or destroyed', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER patients_destroyed_lawfully BEFORE UPDATE ON patients
  FOR EACH ROW WHEN (OLD.destroyed_at IS NOT NULL OR NEW.destroyed_at IS NOT NULL)
  EXECUTE FUNCTION patient_destroyed_lawfully();

-- What is held is not deleted by anybody, lawful destruction or not.
CREATE FUNCTION refuse_while_held() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stored jsonb := to_jsonb(OLD);
BEGIN
  IF EXISTS (SELECT FROM legal_holds hold
              WHERE hold.lifted_at IS NULL
                AND (hold.patient_id::text IN (stored->>'patient_id', stored->>'id') OR hold.subject_id::text = stored->>'id')) THEN
    RAISE EXCEPTION 'a legal hold stands on this row of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER patients_held BEFORE DELETE ON patients FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER referrals_held BEFORE DELETE ON referrals FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER visits_held BEFORE DELETE ON visits FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER scan_bookings_held BEFORE DELETE ON scan_bookings FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER consent_records_held BEFORE DELETE ON consent_records FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER documents_held BEFORE DELETE ON documents FOR EACH ROW EXECUTE FUNCTION refuse_while_held();

-- The clock of a subject access request (UK GDPR, Article 12(3)).
ALTER TABLE subject_access_requests
  ADD CONSTRAINT subject_access_requests_clock CHECK (
    due_on > received_on AND paused_days >= 0 AND (paused_on IS NULL) = (pause_reason IS NULL)
    AND (status = 'PAUSED') = (paused_on IS NOT NULL) AND (extended_on IS NULL) = (extension_reason IS NULL));
ALTER TABLE subject_access_requests
  ADD CONSTRAINT subject_access_requests_settled CHECK (
    (status IN ('OPEN', 'PAUSED')) = (settled_at IS NULL)
    AND (status NOT IN ('REFUSED', 'WITHDRAWN') OR settle_reason IS NOT NULL));
ALTER TABLE subject_access_requests
  ADD CONSTRAINT subject_access_requests_copy CHECK (
    (copy_status = 'PREPARING') = (prepared_at IS NULL) AND (prepared_at IS NULL) = (copy_expires_at IS NULL));
ALTER TABLE subject_access_requests
  ADD CONSTRAINT subject_access_requests_asker CHECK ((asked_by = 'PATIENT') = (asker_name IS NULL));
CREATE INDEX subject_access_requests_open ON subject_access_requests (due_on) WHERE (settled_at IS NULL);

ALTER TABLE data_complaints
  ADD CONSTRAINT data_complaints_acknowledged CHECK (
    (acknowledged_at IS NULL) = (acknowledged_by_id IS NULL) AND (status <> 'ACKNOWLEDGED' OR acknowledged_at IS NOT NULL));
ALTER TABLE data_complaints
  ADD CONSTRAINT data_complaints_concluded CHECK (
    (status = 'CONCLUDED') = (concluded_at IS NOT NULL) AND (status = 'CONCLUDED') = (outcome IS NOT NULL)
    AND (status = 'CONCLUDED') = (outcome_text IS NOT NULL));
ALTER TABLE rectifications
  ADD CONSTRAINT rectifications_decided CHECK (
    (status = 'REQUESTED') = (decided_at IS NULL) AND (status = 'ACCEPTED') = (addendum IS NOT NULL)
    AND (status = 'REFUSED') = (refusal_reason IS NOT NULL));

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO retention_rules (id, record_class, trigger, effective_from, years, months, child_rule, source, set_at)
VALUES
  ('0193b100-0000-7000-8000-000000000001', 'CLINICAL_RECORD', 'LAST_CONTACT', '2000-01-01', 8, 0, true, 'Records Management Code of Practice 2021 (NHSX), Appendix II: adult health records 8 years after discharge or the patient was last seen; children to the 25th birthday, or the 26th if 17 when treatment ended', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000002', 'CLINICAL_RECORD', 'DEATH', '2000-01-01', 8, 0, false, 'Records Management Code of Practice 2021 (NHSX), Appendix II: 8 years after death', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000003', 'PSYCHOLOGY', 'END_OF_TREATMENT', '2000-01-01', 20, 0, true, 'Records Management Code of Practice 2021 (NHSX), Appendix II: mental health records including psychology 20 years after treatment ceased', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000004', 'PSYCHOLOGY', 'DEATH', '2000-01-01', 10, 0, false, 'Records Management Code of Practice 2021 (NHSX), Appendix II: mental health records 10 years after death', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000005', 'DOCUMENT', 'LAST_CONTACT', '2000-01-01', 8, 0, true, 'Records Management Code of Practice 2021 (NHSX), Appendix II: follows the adult or child health record that it is part of', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000006', 'DOCUMENT', 'DEATH', '2000-01-01', 8, 0, false, 'Records Management Code of Practice 2021 (NHSX), Appendix II: 8 years after death', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000007', 'ENQUIRY_UNCONVERTED', 'LAST_CONTACT', '2000-01-01', 1, 0, false, 'Clinic default, to be confirmed by the clinic: UK GDPR Article 5(1)(e), no longer than is needed', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000008', 'SCANNER_TRAFFIC', 'CREATED', '2000-01-01', 8, 0, false, 'Clinic default, to be confirmed by the clinic: what a scanner reported of an unknown patient is kept as long as an adult health record', '2000-01-01T00:00:00Z'),
  ('0193b100-0000-7000-8000-000000000009', 'AUDIT_STUB', 'CREATED', '2000-01-01', 30, 0, false, 'Records Management Code of Practice 2021 (NHSX): the stub outlives the content. Nothing in Facet destroys it', '2000-01-01T00:00:00Z');
