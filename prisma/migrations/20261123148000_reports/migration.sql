-- CreateEnum
CREATE TYPE "ScanReportStatus" AS ENUM ('WRITING', 'PRELIMINARY', 'FINAL');

-- CreateEnum
CREATE TYPE "ReportVersionKind" AS ENUM ('PRELIMINARY', 'FINAL', 'CORRECTION');

-- CreateEnum
CREATE TYPE "ReportAddendumKind" AS ENUM ('NOTE', 'CORRECTION');

-- CreateEnum
CREATE TYPE "FindingStructure" AS ENUM ('FACET', 'SACRO_ILIAC', 'DISC', 'ENDPLATE', 'OTHER');

-- CreateEnum
CREATE TYPE "FindingSide" AS ENUM ('LEFT', 'RIGHT', 'BILATERAL', 'MIDLINE');

-- CreateEnum
CREATE TYPE "UptakeGrade" AS ENUM ('NONE', 'MILD', 'MODERATE', 'INTENSE');

-- CreateEnum
CREATE TYPE "CtGrade" AS ENUM ('NONE', 'MILD', 'MODERATE', 'SEVERE');

-- CreateEnum
CREATE TYPE "SpineLevel" AS ENUM ('C0_C1', 'C1_C2', 'C2_C3', 'C3_C4', 'C4_C5', 'C5_C6', 'C6_C7', 'C7_T1', 'T1_T2', 'T2_T3', 'T3_T4', 'T4_T5', 'T5_T6', 'T6_T7', 'T7_T8', 'T8_T9', 'T9_T10', 'T10_T11', 'T11_T12', 'T12_L1', 'L1_L2', 'L2_L3', 'L3_L4', 'L4_L5', 'L5_L6', 'L5_S1', 'L6_S1', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'S1', 'S2', 'S3', 'S4', 'S5');

-- CreateEnum
CREATE TYPE "ReportAcknowledgementStatus" AS ENUM ('OPEN', 'ACKNOWLEDGED', 'CLOSED', 'SUPERSEDED');

-- CreateEnum
CREATE TYPE "ReportAcknowledgementMethod" AS ENUM ('PORTAL', 'TELEPHONE', 'LETTER_RETURNED');

-- CreateEnum
CREATE TYPE "CriticalFindingCategory" AS ENUM ('CORD_OR_CAUDA_EQUINA', 'UNSTABLE_FRACTURE', 'SUSPECTED_INFECTION', 'SUSPECTED_MALIGNANCY', 'OTHER');

-- CreateEnum
CREATE TYPE "CriticalFindingStatus" AS ENUM ('OPEN', 'ACKNOWLEDGED', 'CLOSED');

-- CreateEnum
CREATE TYPE "CriticalFindingOutcome" AS ENUM ('ACTED_ON', 'FLAGGED_IN_ERROR');

-- CreateEnum
CREATE TYPE "CriticalTellingMethod" AS ENUM ('IN_PERSON', 'TELEPHONE', 'VIDEO', 'SECURE_MESSAGE');

-- CreateEnum
CREATE TYPE "ReportAudience" AS ENUM ('REFERRER', 'GP', 'PATIENT');

-- CreateEnum
CREATE TYPE "ReportTellingMethod" AS ENUM ('EMAIL', 'LETTER');

-- CreateTable
CREATE TABLE "scan_reports" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "status" "ScanReportStatus" NOT NULL DEFAULT 'WRITING',
    "version" INTEGER NOT NULL DEFAULT 0,
    "addenda_count" INTEGER NOT NULL DEFAULT 0,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "begun_by_id" UUID NOT NULL,
    "finalised_at" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),
    "released_by_id" UUID,

    CONSTRAINT "scan_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan_report_drafts" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "base_version" INTEGER NOT NULL,
    "clinical_question" TEXT NOT NULL,
    "comparison" TEXT NOT NULL,
    "limitations" TEXT NOT NULL,
    "conclusion" TEXT NOT NULL,
    "is_normal" BOOLEAN NOT NULL,
    "findings" JSONB NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scan_report_drafts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan_report_versions" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "ReportVersionKind" NOT NULL,
    "clinical_question" TEXT NOT NULL,
    "comparison" TEXT NOT NULL,
    "limitations" TEXT NOT NULL,
    "conclusion" TEXT NOT NULL,
    "is_normal" BOOLEAN NOT NULL,
    "findings_count" INTEGER NOT NULL,
    "administered_activity_mbq" DOUBLE PRECISION,
    "ctdi_vol_mgy" DOUBLE PRECISION,
    "dlp_mgy_cm" DOUBLE PRECISION,
    "signed_by_id" UUID NOT NULL,
    "signed_by_name" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "entitlement_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "scan_report_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan_report_findings" (
    "id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "structure" "FindingStructure" NOT NULL,
    "level" "SpineLevel",
    "side" "FindingSide",
    "uptake" "UptakeGrade" NOT NULL,
    "ct_grade" "CtGrade",
    "comment" TEXT NOT NULL,

    CONSTRAINT "scan_report_findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan_report_addenda" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "ReportAddendumKind" NOT NULL,
    "text" TEXT NOT NULL,
    "version_id" UUID,
    "signed_by_id" UUID NOT NULL,
    "signed_by_name" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scan_report_addenda_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_acknowledgements" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "version_number" INTEGER NOT NULL,
    "status" "ReportAcknowledgementStatus" NOT NULL DEFAULT 'OPEN',
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "due_on" DATE NOT NULL,
    "policy_id" UUID NOT NULL,
    "assigned_to_id" UUID,
    "assign_reason" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "method" "ReportAcknowledgementMethod",
    "comment" TEXT,
    "recorded_at" TIMESTAMPTZ(3),
    "recorded_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "close_reason" TEXT,
    "escalated_at" TIMESTAMPTZ(3),
    "escalations_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "report_acknowledgements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "critical_findings" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "category" "CriticalFindingCategory" NOT NULL,
    "description" TEXT NOT NULL,
    "status" "CriticalFindingStatus" NOT NULL DEFAULT 'OPEN',
    "flagged_at" TIMESTAMPTZ(3) NOT NULL,
    "flagged_by_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "policy_id" UUID NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "outcome" "CriticalFindingOutcome",
    "closing_note" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "escalated_at" TIMESTAMPTZ(3),
    "escalations_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "critical_findings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "critical_finding_tellings" (
    "id" UUID NOT NULL,
    "critical_finding_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "told_name" TEXT NOT NULL,
    "told_role" TEXT NOT NULL,
    "method" "CriticalTellingMethod" NOT NULL,
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "was_read_back" BOOLEAN NOT NULL,
    "comment" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "critical_finding_tellings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_tellings" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "version_number" INTEGER NOT NULL,
    "audience" "ReportAudience" NOT NULL,
    "method" "ReportTellingMethod" NOT NULL,
    "referrer_id" UUID,
    "name" TEXT,
    "organisation" TEXT,
    "email" TEXT,
    "address_lines" TEXT[],
    "words" TEXT,
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "told_by_id" UUID NOT NULL,

    CONSTRAINT "report_tellings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "report_policies" (
    "id" UUID NOT NULL,
    "priority" "ReferralPriority" NOT NULL,
    "report_days" INTEGER NOT NULL,
    "acknowledge_days" INTEGER NOT NULL,
    "escalation_days" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "report_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "critical_finding_policies" (
    "id" UUID NOT NULL,
    "category" "CriticalFindingCategory" NOT NULL,
    "tell_within_minutes" INTEGER NOT NULL,
    "escalation_minutes" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "critical_finding_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "scan_reports_visit_id_key" ON "scan_reports"("visit_id");

-- CreateIndex
CREATE INDEX "scan_reports_status_begun_at_idx" ON "scan_reports"("status", "begun_at");

-- CreateIndex
CREATE UNIQUE INDEX "scan_report_drafts_report_id_author_id_key" ON "scan_report_drafts"("report_id", "author_id");

-- CreateIndex
CREATE INDEX "scan_report_drafts_author_id_changed_at_idx" ON "scan_report_drafts"("author_id", "changed_at");

-- CreateIndex
CREATE UNIQUE INDEX "scan_report_versions_report_id_number_key" ON "scan_report_versions"("report_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "scan_report_findings_version_id_position_key" ON "scan_report_findings"("version_id", "position");

-- CreateIndex
CREATE INDEX "scan_report_findings_visit_id_idx" ON "scan_report_findings"("visit_id");

-- CreateIndex
CREATE UNIQUE INDEX "scan_report_addenda_version_id_key" ON "scan_report_addenda"("version_id");

-- CreateIndex
CREATE UNIQUE INDEX "scan_report_addenda_report_id_number_key" ON "scan_report_addenda"("report_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "report_acknowledgements_report_id_version_number_key" ON "report_acknowledgements"("report_id", "version_number");

-- CreateIndex
CREATE INDEX "report_acknowledgements_status_due_on_idx" ON "report_acknowledgements"("status", "due_on");

-- CreateIndex
CREATE INDEX "critical_findings_report_id_idx" ON "critical_findings"("report_id");

-- CreateIndex
CREATE INDEX "critical_findings_status_due_at_idx" ON "critical_findings"("status", "due_at");

-- CreateIndex
CREATE INDEX "critical_finding_tellings_critical_finding_id_told_at_idx" ON "critical_finding_tellings"("critical_finding_id", "told_at");

-- CreateIndex
CREATE INDEX "report_tellings_report_id_told_at_idx" ON "report_tellings"("report_id", "told_at");

-- CreateIndex
CREATE UNIQUE INDEX "report_policies_priority_effective_from_key" ON "report_policies"("priority", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "critical_finding_policies_category_effective_from_key" ON "critical_finding_policies"("category", "effective_from");

-- AddForeignKey
ALTER TABLE "scan_reports" ADD CONSTRAINT "scan_reports_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_report_drafts" ADD CONSTRAINT "scan_report_drafts_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_report_versions" ADD CONSTRAINT "scan_report_versions_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_report_findings" ADD CONSTRAINT "scan_report_findings_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "scan_report_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_report_addenda" ADD CONSTRAINT "scan_report_addenda_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_report_addenda" ADD CONSTRAINT "scan_report_addenda_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "scan_report_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_acknowledgements" ADD CONSTRAINT "report_acknowledgements_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_acknowledgements" ADD CONSTRAINT "report_acknowledgements_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "report_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_findings" ADD CONSTRAINT "critical_findings_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_findings" ADD CONSTRAINT "critical_findings_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "critical_finding_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_finding_tellings" ADD CONSTRAINT "critical_finding_tellings_critical_finding_id_fkey" FOREIGN KEY ("critical_finding_id") REFERENCES "critical_findings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_tellings" ADD CONSTRAINT "report_tellings_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "scan_reports"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "report_tellings" ADD CONSTRAINT "report_tellings_referrer_id_fkey" FOREIGN KEY ("referrer_id") REFERENCES "referrers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A table with reports in it is not emptied, by whatever way; one without any may go with those that it hangs on.
CREATE FUNCTION refuse_emptying_of_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  has_rows boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I)', TG_TABLE_NAME) INTO has_rows;
  IF has_rows THEN
    RAISE EXCEPTION '% is only ever added to: truncate is refused', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- How far a report is says what is signed of it; a copy for the patient is somebody's decision at some time, and of something signed.
ALTER TABLE scan_reports
  ADD CONSTRAINT scan_reports_signed CHECK ((status = 'WRITING') = (version = 0)),
  ADD CONSTRAINT scan_reports_final CHECK ((status = 'FINAL') = (finalised_at IS NOT NULL)),
  ADD CONSTRAINT scan_reports_counts CHECK (version >= 0 AND addenda_count >= 0 AND (version > 0 OR addenda_count = 0)),
  ADD CONSTRAINT scan_reports_released CHECK (
    (released_at IS NULL) = (released_by_id IS NULL) AND (released_at IS NULL OR status = 'FINAL'));

-- A report goes forward only, and stays the report of its scan.
CREATE FUNCTION refuse_report_backwards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.visit_id, NEW.begun_at, NEW.begun_by_id) IS DISTINCT FROM (OLD.id, OLD.visit_id, OLD.begun_at, OLD.begun_by_id)
     OR NEW.status < OLD.status OR NEW.version < OLD.version OR NEW.addenda_count < OLD.addenda_count
     OR (OLD.finalised_at IS NOT NULL AND NEW.finalised_at IS DISTINCT FROM OLD.finalised_at)
     OR (OLD.released_at IS NOT NULL AND (NEW.released_at, NEW.released_by_id) IS DISTINCT FROM (OLD.released_at, OLD.released_by_id))
  THEN
    RAISE EXCEPTION 'report % is signed: it goes forward only', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scan_reports_forward BEFORE UPDATE ON scan_reports FOR EACH ROW EXECUTE FUNCTION refuse_report_backwards();
CREATE TRIGGER scan_reports_no_delete BEFORE DELETE ON scan_reports FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scan_reports_no_truncate BEFORE TRUNCATE ON scan_reports FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

ALTER TABLE scan_report_drafts
  ADD CONSTRAINT scan_report_drafts_counts CHECK (version >= 1 AND base_version >= 0);
-- A draft is its author's: it does not change hands.
CREATE FUNCTION refuse_draft_of_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.report_id, NEW.visit_id, NEW.author_id) IS DISTINCT FROM (OLD.report_id, OLD.visit_id, OLD.author_id) OR NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'draft % is its author''s, and its version rises', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scan_report_drafts_own BEFORE UPDATE ON scan_report_drafts FOR EACH ROW EXECUTE FUNCTION refuse_draft_of_another();

-- What is signed is never edited, and says something. One preliminary and one final text; what comes after is a correction.
ALTER TABLE scan_report_versions
  ADD CONSTRAINT scan_report_versions_say_something CHECK (btrim(clinical_question) <> '' AND btrim(conclusion) <> ''),
  ADD CONSTRAINT scan_report_versions_findings CHECK (findings_count >= 0 AND (findings_count > 0 OR is_normal)),
  ADD CONSTRAINT scan_report_versions_doses CHECK (
    coalesce(administered_activity_mbq >= 0, true) AND coalesce(ctdi_vol_mgy >= 0, true) AND coalesce(dlp_mgy_cm >= 0, true)),
  ADD CONSTRAINT scan_report_versions_fingerprint CHECK (sha256 ~ '^[0-9a-f]{64}$');
CREATE UNIQUE INDEX scan_report_versions_one_of_a_kind ON scan_report_versions (report_id, kind) WHERE (kind <> 'CORRECTION');
CREATE FUNCTION report_version_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held scan_reports%ROWTYPE;
BEGIN
  SELECT * INTO held FROM scan_reports WHERE id = NEW.report_id FOR NO KEY UPDATE;
  IF held.visit_id IS DISTINCT FROM NEW.visit_id
     OR NEW.number <> 1 + (SELECT count(*) FROM scan_report_versions v WHERE v.report_id = NEW.report_id)
     OR (NEW.kind = 'CORRECTION') <> (held.status = 'FINAL') THEN
    RAISE EXCEPTION 'version % of report % is out of order', NEW.number, NEW.report_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scan_report_versions_in_order BEFORE INSERT ON scan_report_versions FOR EACH ROW EXECUTE FUNCTION report_version_in_order();
CREATE TRIGGER scan_report_versions_append_only BEFORE UPDATE OR DELETE ON scan_report_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scan_report_versions_no_truncate BEFORE TRUNCATE ON scan_report_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- A signed text has the findings that it was signed with: not one fewer when the signing ends, not one more ever after.
CREATE FUNCTION report_findings_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.findings_count <> (SELECT count(*) FROM scan_report_findings f WHERE f.version_id = NEW.id) THEN
    RAISE EXCEPTION 'version % of report % does not have its findings', NEW.number, NEW.report_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER scan_report_versions_whole AFTER INSERT ON scan_report_versions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION report_findings_whole();
CREATE FUNCTION report_finding_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM scan_report_versions v WHERE v.id = NEW.version_id AND v.visit_id = NEW.visit_id
                    AND NEW.position BETWEEN 1 AND v.findings_count) THEN
    RAISE EXCEPTION 'finding % of version % was not signed', NEW.position, NEW.version_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER scan_report_findings_counted BEFORE INSERT ON scan_report_findings FOR EACH ROW EXECUTE FUNCTION report_finding_counted();
CREATE TRIGGER scan_report_findings_append_only BEFORE UPDATE OR DELETE ON scan_report_findings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scan_report_findings_no_truncate BEFORE TRUNCATE ON scan_report_findings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- What goes with what. The levels stand in order from the skull down: spaces up to L6_S1, single vertebrae after it.
ALTER TABLE scan_report_findings
  ADD CONSTRAINT scan_report_findings_in_place CHECK (CASE structure
    WHEN 'FACET' THEN level IS NOT NULL AND level <= 'L6_S1' AND side IS NOT NULL AND side <> 'MIDLINE'
    WHEN 'SACRO_ILIAC' THEN level IS NULL AND side IS NOT NULL AND side <> 'MIDLINE'
    WHEN 'DISC' THEN level IS NOT NULL AND level BETWEEN 'C2_C3' AND 'L6_S1' AND side IS NULL
    WHEN 'ENDPLATE' THEN level IS NOT NULL AND (level BETWEEN 'C2_C3' AND 'L6_S1' OR level BETWEEN 'C2' AND 'S1')
    ELSE btrim(comment) <> '' END);
CREATE UNIQUE INDEX scan_report_findings_said_once ON scan_report_findings (version_id, structure, level, side) NULLS NOT DISTINCT
  WHERE (structure <> 'OTHER');

ALTER TABLE scan_report_addenda
  ADD CONSTRAINT scan_report_addenda_say_something CHECK (btrim(text) <> '' AND number >= 1),
  ADD CONSTRAINT scan_report_addenda_correct CHECK ((kind = 'CORRECTION') = (version_id IS NOT NULL));
CREATE TRIGGER scan_report_addenda_append_only BEFORE UPDATE OR DELETE ON scan_report_addenda FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER scan_report_addenda_no_truncate BEFORE TRUNCATE ON scan_report_addenda FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- An acknowledgement is said by somebody, somehow, at some time, and written down by one of us; a task that was closed without one says why.
ALTER TABLE report_acknowledgements
  ADD CONSTRAINT report_acknowledgements_whole CHECK (
    (status = 'ACKNOWLEDGED') = (acknowledged_at IS NOT NULL) AND (status = 'ACKNOWLEDGED') = (acknowledged_by IS NOT NULL)
    AND (status = 'ACKNOWLEDGED') = (method IS NOT NULL) AND (status = 'ACKNOWLEDGED') = (recorded_at IS NOT NULL)
    AND (status = 'ACKNOWLEDGED') = (recorded_by_id IS NOT NULL)
    AND acknowledged_at <= recorded_at AND (acknowledged_by IS NULL OR btrim(acknowledged_by) <> '')),
  ADD CONSTRAINT report_acknowledgements_closed_in_words CHECK (
    (status = 'CLOSED') = (closed_at IS NOT NULL) AND (status = 'CLOSED') = (closed_by_id IS NOT NULL)
    AND (status = 'CLOSED') = (close_reason IS NOT NULL) AND (close_reason IS NULL OR btrim(close_reason) <> '')),
  ADD CONSTRAINT report_acknowledgements_escalation_whole CHECK ((escalated_at IS NULL) = (escalations_count = 0));
CREATE UNIQUE INDEX report_acknowledgements_one_open ON report_acknowledgements (report_id) WHERE (status = 'OPEN');
CREATE INDEX report_acknowledgements_waiting ON report_acknowledgements (due_on, id) WHERE (status = 'OPEN');
CREATE FUNCTION refuse_change_of_settled_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is settled and stays so', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER report_acknowledgements_settled BEFORE UPDATE ON report_acknowledgements
  FOR EACH ROW WHEN (OLD.status <> 'OPEN') EXECUTE FUNCTION refuse_change_of_settled_report();
CREATE TRIGGER report_acknowledgements_no_delete BEFORE DELETE ON report_acknowledgements FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_acknowledgements_no_truncate BEFORE TRUNCATE ON report_acknowledgements FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- A critical finding is acknowledged when somebody who was told has read it back, and closed in words; never half.
ALTER TABLE critical_findings
  ADD CONSTRAINT critical_findings_say_what CHECK (btrim(description) <> ''),
  ADD CONSTRAINT critical_findings_acknowledged CHECK (
    (status <> 'OPEN' OR acknowledged_at IS NULL) AND (status <> 'ACKNOWLEDGED' OR acknowledged_at IS NOT NULL)
    AND (outcome IS DISTINCT FROM 'ACTED_ON' OR acknowledged_at IS NOT NULL)),
  ADD CONSTRAINT critical_findings_closed_in_words CHECK (
    (status = 'CLOSED') = (closed_at IS NOT NULL) AND (status = 'CLOSED') = (closed_by_id IS NOT NULL)
    AND (status = 'CLOSED') = (outcome IS NOT NULL)
    AND (status = 'CLOSED') = (closing_note IS NOT NULL) AND (closing_note IS NULL OR btrim(closing_note) <> '')),
  ADD CONSTRAINT critical_findings_escalation_whole CHECK ((escalated_at IS NULL) = (escalations_count = 0));
CREATE INDEX critical_findings_open ON critical_findings (due_at, id) WHERE (status = 'OPEN');
CREATE FUNCTION critical_finding_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.report_id, NEW.visit_id, NEW.category, NEW.description, NEW.flagged_at, NEW.flagged_by_id, NEW.due_at, NEW.policy_id)
       IS DISTINCT FROM
     (OLD.report_id, OLD.visit_id, OLD.category, OLD.description, OLD.flagged_at, OLD.flagged_by_id, OLD.due_at, OLD.policy_id)
     OR NEW.status < OLD.status THEN
    RAISE EXCEPTION 'critical finding % stays as it was flagged', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at AND (OLD.acknowledged_at IS NOT NULL OR NOT EXISTS (
       SELECT FROM critical_finding_tellings t
        WHERE t.critical_finding_id = NEW.id AND t.was_read_back AND t.told_at = NEW.acknowledged_at)) THEN
    RAISE EXCEPTION 'nobody has read critical finding % back', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER critical_findings_guarded BEFORE UPDATE ON critical_findings FOR EACH ROW EXECUTE FUNCTION critical_finding_guarded();
CREATE TRIGGER critical_findings_settled BEFORE UPDATE ON critical_findings
  FOR EACH ROW WHEN (OLD.status = 'CLOSED') EXECUTE FUNCTION refuse_change_of_settled_report();
CREATE TRIGGER critical_findings_no_delete BEFORE DELETE ON critical_findings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER critical_findings_no_truncate BEFORE TRUNCATE ON critical_findings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

ALTER TABLE critical_finding_tellings
  ADD CONSTRAINT critical_finding_tellings_to_somebody CHECK (btrim(told_name) <> '' AND btrim(told_role) <> ''),
  ADD CONSTRAINT critical_finding_tellings_not_ahead CHECK (told_at <= recorded_at);
CREATE TRIGGER critical_finding_tellings_append_only BEFORE UPDATE OR DELETE ON critical_finding_tellings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER critical_finding_tellings_no_truncate BEFORE TRUNCATE ON critical_finding_tellings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- A copy for the patient waits for the clinician's word; what is sent is a version that is there.
ALTER TABLE report_tellings
  ADD CONSTRAINT report_tellings_to_somebody CHECK ((audience = 'PATIENT') = (name IS NULL) AND (audience <> 'PATIENT' OR referrer_id IS NULL));
CREATE FUNCTION report_telling_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM scan_reports r WHERE r.id = NEW.report_id AND r.visit_id = NEW.visit_id AND r.status = 'FINAL'
                    AND NEW.version_number BETWEEN 1 AND r.version AND (NEW.audience <> 'PATIENT' OR r.released_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'report % is not final, or not released to the patient', NEW.report_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_tellings_allowed BEFORE INSERT ON report_tellings FOR EACH ROW EXECUTE FUNCTION report_telling_allowed();
CREATE TRIGGER report_tellings_append_only BEFORE UPDATE OR DELETE ON report_tellings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_tellings_no_truncate BEFORE TRUNCATE ON report_tellings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();

-- Promises are rows that hold from a day on; what was promised stays.
ALTER TABLE report_policies
  ADD CONSTRAINT report_policies_in_bounds CHECK (
    least(report_days, acknowledge_days, escalation_days) >= 1 AND greatest(report_days, acknowledge_days, escalation_days) <= 60),
  ADD CONSTRAINT report_policies_sourced CHECK (btrim(source) <> '');
ALTER TABLE critical_finding_policies
  ADD CONSTRAINT critical_finding_policies_in_bounds CHECK (
    least(tell_within_minutes, escalation_minutes) >= 5 AND greatest(tell_within_minutes, escalation_minutes) <= 10080),
  ADD CONSTRAINT critical_finding_policies_sourced CHECK (btrim(source) <> '');
CREATE TRIGGER report_policies_append_only BEFORE UPDATE OR DELETE ON report_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_policies_no_truncate BEFORE TRUNCATE ON report_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER critical_finding_policies_append_only BEFORE UPDATE OR DELETE ON critical_finding_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER critical_finding_policies_no_truncate BEFORE TRUNCATE ON critical_finding_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What may wait for its report: scans that are over, in the order in which they ended.
CREATE INDEX scan_bookings_over ON scan_bookings (ended_at, id) WHERE (status IN ('COMPLETED', 'DISCONTINUED'));

-- What a clinic begins with: recalled numbers that nobody has confirmed. It sets its own by adding rows, with their source.
INSERT INTO report_policies (id, priority, report_days, acknowledge_days, escalation_days, effective_from, source, set_at)
VALUES
  ('0193c000-0000-7000-8000-000000000001', 'ROUTINE', 5, 10, 5, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000002', 'URGENT', 2, 3, 2, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000003', 'TWO_WEEK_WAIT', 1, 2, 1, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z');
INSERT INTO critical_finding_policies (id, category, tell_within_minutes, escalation_minutes, effective_from, source, set_at)
VALUES
  ('0193c000-0000-7000-8000-000000000011', 'CORD_OR_CAUDA_EQUINA', 30, 15, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000012', 'UNSTABLE_FRACTURE', 60, 15, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000013', 'SUSPECTED_INFECTION', 240, 60, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000014', 'SUSPECTED_MALIGNANCY', 1440, 240, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193c000-0000-7000-8000-000000000015', 'OTHER', 240, 60, '2000-01-01', 'Recalled, not confirmed: what the system begins with.', '2000-01-01T00:00:00Z');
