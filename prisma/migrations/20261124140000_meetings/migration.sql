-- CreateEnum
CREATE TYPE "MeetingMode" AS ENUM ('IN_PERSON', 'VIRTUAL', 'HYBRID');

-- CreateEnum
CREATE TYPE "MeetingStatus" AS ENUM ('PLANNED', 'AGENDA_CLOSED', 'IN_SESSION', 'CLOSED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "MeetingCaseStatus" AS ENUM ('PROPOSED', 'LISTED', 'DISCUSSED', 'DEFERRED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "MeetingCaseUrgency" AS ENUM ('URGENT', 'EMERGENCY');

-- CreateEnum
CREATE TYPE "CaseSourceKind" AS ENUM ('REFERRAL', 'FINDING', 'FAILED_TREATMENT', 'REQUEST');

-- CreateEnum
CREATE TYPE "CaseExhibitKind" AS ENUM ('SCAN_REPORT', 'SCORE', 'IMAGES', 'DOCUMENT');

-- CreateEnum
CREATE TYPE "CaseEventKind" AS ENUM ('PROPOSED', 'PREPARED', 'LISTED', 'LISTED_LATE', 'BEGUN', 'ENDED', 'DEFERRED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "CaseProposalStatus" AS ENUM ('OPEN', 'ACCEPTED', 'DISMISSED', 'WITHDRAWN');

-- CreateTable
CREATE TABLE "meeting_series" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID NOT NULL,
    "ended_on" DATE,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "meeting_series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_series_terms" (
    "id" UUID NOT NULL,
    "series_id" UUID NOT NULL,
    "effective_from" DATE NOT NULL,
    "weekday" INTEGER NOT NULL,
    "every_weeks" INTEGER NOT NULL,
    "starts_at_time" TEXT NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "mode" "MeetingMode" NOT NULL,
    "place" TEXT NOT NULL,
    "chair_id" UUID NOT NULL,
    "quorum" "Discipline"[],
    "agenda_closes_hours" INTEGER NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID NOT NULL,

    CONSTRAINT "meeting_series_terms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meetings" (
    "id" UUID NOT NULL,
    "series_id" UUID,
    "name" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "agenda_closes_at" TIMESTAMPTZ(3) NOT NULL,
    "mode" "MeetingMode" NOT NULL,
    "place" TEXT NOT NULL,
    "chair_id" UUID NOT NULL,
    "quorum" "Discipline"[],
    "status" "MeetingStatus" NOT NULL DEFAULT 'PLANNED',
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "planned_by_id" UUID NOT NULL,
    "begun_at" TIMESTAMPTZ(3),
    "begun_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "cancelled_at" TIMESTAMPTZ(3),
    "cancelled_by_id" UUID,
    "cancel_reason" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "meetings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_attendances" (
    "id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "staff_id" UUID,
    "guest_name" TEXT,
    "organisation" TEXT,
    "discipline" "Discipline" NOT NULL,
    "is_virtual" BOOLEAN NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "meeting_attendances_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_cases" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID,
    "meeting_id" UUID,
    "status" "MeetingCaseStatus" NOT NULL DEFAULT 'PROPOSED',
    "question" TEXT NOT NULL,
    "presenter_id" UUID,
    "knows_patient_id" UUID,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "proposed_by_id" UUID NOT NULL,
    "late_reason" TEXT,
    "late_urgency" "MeetingCaseUrgency",
    "discussed_from" TIMESTAMPTZ(3),
    "discussed_to" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "meeting_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_case_proformas" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "preferences" TEXT NOT NULL,
    "what_matters" TEXT NOT NULL,
    "function" TEXT NOT NULL,
    "work" TEXT NOT NULL,
    "medication" TEXT NOT NULL,
    "previous_treatments" TEXT NOT NULL,
    "comorbidity" TEXT NOT NULL,
    "capacity_and_needs" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    "written_by_id" UUID NOT NULL,

    CONSTRAINT "meeting_case_proformas_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_case_sources" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" "CaseSourceKind" NOT NULL,
    "source_id" UUID NOT NULL,

    CONSTRAINT "meeting_case_sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_case_exhibits" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" "CaseExhibitKind" NOT NULL,
    "shown_id" UUID,
    "version_number" INTEGER,
    "study_instance_uid" TEXT,
    "sha256" TEXT,
    "label" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "added_by_id" UUID NOT NULL,

    CONSTRAINT "meeting_case_exhibits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_case_events" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" "CaseEventKind" NOT NULL,
    "meeting_id" UUID,
    "reason" TEXT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "staff_id" UUID NOT NULL,

    CONSTRAINT "meeting_case_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_proposals" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID,
    "kind" "CaseSourceKind" NOT NULL,
    "source_id" UUID NOT NULL,
    "ground_id" UUID,
    "because" TEXT NOT NULL,
    "status" "CaseProposalStatus" NOT NULL DEFAULT 'OPEN',
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "proposed_by_id" UUID,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "dismiss_reason" TEXT,
    "withdraw_reason" TEXT,
    "case_id" UUID,

    CONSTRAINT "case_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "meeting_series_terms_series_id_effective_from_key" ON "meeting_series_terms"("series_id", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "meetings_series_id_starts_at_key" ON "meetings"("series_id", "starts_at");

-- CreateIndex
CREATE INDEX "meetings_starts_at_id_idx" ON "meetings"("starts_at", "id");

-- CreateIndex
CREATE INDEX "meeting_attendances_meeting_id_joined_at_idx" ON "meeting_attendances"("meeting_id", "joined_at");

-- CreateIndex
CREATE INDEX "meeting_cases_patient_id_idx" ON "meeting_cases"("patient_id");

-- CreateIndex
CREATE INDEX "meeting_cases_meeting_id_idx" ON "meeting_cases"("meeting_id");

-- CreateIndex
CREATE UNIQUE INDEX "meeting_case_proformas_case_id_number_key" ON "meeting_case_proformas"("case_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "meeting_case_sources_case_id_kind_source_id_key" ON "meeting_case_sources"("case_id", "kind", "source_id");

-- CreateIndex
CREATE INDEX "meeting_case_exhibits_case_id_idx" ON "meeting_case_exhibits"("case_id");

-- CreateIndex
CREATE INDEX "meeting_case_events_case_id_happened_at_idx" ON "meeting_case_events"("case_id", "happened_at");

-- CreateIndex
CREATE INDEX "case_proposals_kind_source_id_idx" ON "case_proposals"("kind", "source_id");

-- CreateIndex
CREATE INDEX "case_proposals_patient_id_idx" ON "case_proposals"("patient_id");

-- CreateIndex
CREATE INDEX "case_proposals_status_id_idx" ON "case_proposals"("status", "id");

-- AddForeignKey
ALTER TABLE "meeting_series_terms" ADD CONSTRAINT "meeting_series_terms_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "meeting_series"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_series_id_fkey" FOREIGN KEY ("series_id") REFERENCES "meeting_series"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_attendances" ADD CONSTRAINT "meeting_attendances_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meetings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_cases" ADD CONSTRAINT "meeting_cases_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_cases" ADD CONSTRAINT "meeting_cases_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_cases" ADD CONSTRAINT "meeting_cases_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meetings"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_case_proformas" ADD CONSTRAINT "meeting_case_proformas_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_case_sources" ADD CONSTRAINT "meeting_case_sources_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_case_exhibits" ADD CONSTRAINT "meeting_case_exhibits_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting_case_events" ADD CONSTRAINT "meeting_case_events_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_proposals" ADD CONSTRAINT "case_proposals_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_proposals" ADD CONSTRAINT "case_proposals_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_proposals" ADD CONSTRAINT "case_proposals_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "meeting_cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A series is held on a weekday of ISO 8601, at a time of the wall clock; a quorum names each discipline once and at least one.
ALTER TABLE meeting_series
  ADD CONSTRAINT meeting_series_named CHECK (btrim(name) <> '');
ALTER TABLE meeting_series_terms
  ADD CONSTRAINT meeting_series_terms_in_bounds CHECK (
    weekday BETWEEN 1 AND 7 AND every_weeks BETWEEN 1 AND 52 AND duration_minutes BETWEEN 5 AND 720
    AND agenda_closes_hours BETWEEN 0 AND 336 AND starts_at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  ADD CONSTRAINT meeting_series_terms_in_words CHECK (btrim(place) <> ''),
  ADD CONSTRAINT meeting_series_terms_quorum CHECK (coalesce(cardinality(quorum), 0) > 0);
CREATE TRIGGER meeting_series_terms_append_only BEFORE UPDATE OR DELETE ON meeting_series_terms FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER meeting_series_terms_no_truncate BEFORE TRUNCATE ON meeting_series_terms FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER meeting_series_no_delete BEFORE DELETE ON meeting_series FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Where a meeting stands says who brought it there and when. It is closed once and cancelled once.
ALTER TABLE meetings
  ADD CONSTRAINT meetings_in_words CHECK (btrim(name) <> '' AND btrim(place) <> ''),
  ADD CONSTRAINT meetings_in_order CHECK (starts_at < ends_at AND agenda_closes_at <= starts_at),
  ADD CONSTRAINT meetings_quorum CHECK (coalesce(cardinality(quorum), 0) > 0),
  ADD CONSTRAINT meetings_begun CHECK (
    (status IN ('IN_SESSION', 'CLOSED')) = (begun_at IS NOT NULL) AND (begun_at IS NULL) = (begun_by_id IS NULL)),
  ADD CONSTRAINT meetings_closed CHECK (
    (status = 'CLOSED') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL) AND closed_at >= begun_at IS NOT FALSE),
  ADD CONSTRAINT meetings_cancelled CHECK (
    (status = 'CANCELLED') = (cancelled_at IS NOT NULL) AND num_nonnulls(cancelled_at, cancelled_by_id, cancel_reason) IN (0, 3)
    AND btrim(cancel_reason) <> '' IS NOT FALSE);
CREATE FUNCTION keep_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('CLOSED', 'CANCELLED') OR NEW.status < OLD.status OR NEW.version <= OLD.version
     OR (NEW.id, NEW.series_id, NEW.planned_at, NEW.planned_by_id) IS DISTINCT FROM (OLD.id, OLD.series_id, OLD.planned_at, OLD.planned_by_id)
     OR (OLD.begun_at IS NOT NULL AND (NEW.begun_at, NEW.begun_by_id, NEW.quorum) IS DISTINCT FROM (OLD.begun_at, OLD.begun_by_id, OLD.quorum)) THEN
    RAISE EXCEPTION 'meeting % goes forward only, and ends once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meetings_forward BEFORE UPDATE ON meetings FOR EACH ROW EXECUTE FUNCTION keep_meeting();
CREATE TRIGGER meetings_no_delete BEFORE DELETE ON meetings FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Whoever is there is a member of staff or a guest with a name and a house; nobody is there twice at one moment.
ALTER TABLE meeting_attendances
  ADD CONSTRAINT meeting_attendances_somebody CHECK (
    (staff_id IS NULL) = (guest_name IS NOT NULL) AND (staff_id IS NULL) = (organisation IS NOT NULL)
    AND btrim(guest_name) <> '' IS NOT FALSE AND btrim(organisation) <> '' IS NOT FALSE),
  ADD CONSTRAINT meeting_attendances_in_order CHECK (left_at > joined_at IS NOT FALSE),
  ADD CONSTRAINT meeting_attendances_once
    EXCLUDE USING gist (meeting_id WITH =, staff_id WITH =, discipline WITH =, tstzrange(joined_at, left_at, '[)') WITH &&),
  ADD CONSTRAINT meeting_attendances_guest_once
    EXCLUDE USING gist (meeting_id WITH =, guest_name WITH =, organisation WITH =, discipline WITH =, tstzrange(joined_at, left_at, '[)') WITH &&);
CREATE FUNCTION keep_meeting_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (OLD.left_at IS NOT NULL OR NEW.left_at IS NULL
       OR to_jsonb(NEW) - 'left_at' IS DISTINCT FROM to_jsonb(OLD) - 'left_at') THEN
    RAISE EXCEPTION 'attendance % is on record: leaving is written once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM meetings m WHERE m.id = NEW.meeting_id AND m.status IN ('CLOSED', 'CANCELLED')) THEN
    RAISE EXCEPTION 'meeting % is over', NEW.meeting_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meeting_attendances_kept BEFORE INSERT OR UPDATE ON meeting_attendances FOR EACH ROW EXECUTE FUNCTION keep_meeting_attendance();
CREATE TRIGGER meeting_attendances_no_delete BEFORE DELETE ON meeting_attendances FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A case on a list has a meeting, somebody who presents it and somebody who knows the patient; one that came late says why.
ALTER TABLE meeting_cases
  ADD CONSTRAINT meeting_cases_in_words CHECK (btrim(question) <> '' AND btrim(late_reason) <> '' IS NOT FALSE),
  ADD CONSTRAINT meeting_cases_listed CHECK (
    (status IN ('LISTED', 'DISCUSSED')) = (meeting_id IS NOT NULL)
    AND (status NOT IN ('LISTED', 'DISCUSSED') OR num_nonnulls(presenter_id, knows_patient_id) = 2)),
  ADD CONSTRAINT meeting_cases_late CHECK ((late_reason IS NULL) = (late_urgency IS NULL)),
  ADD CONSTRAINT meeting_cases_discussed CHECK (
    (status = 'DISCUSSED') = (discussed_to IS NOT NULL) AND (discussed_to IS NULL OR discussed_from IS NOT NULL)
    AND (discussed_from IS NULL OR status IN ('LISTED', 'DISCUSSED')) AND discussed_to >= discussed_from IS NOT FALSE);
-- The team discusses one patient at a time.
CREATE UNIQUE INDEX meeting_cases_one_at_a_time ON meeting_cases (meeting_id) WHERE (discussed_from IS NOT NULL AND discussed_to IS NULL);
-- A patient is brought before one meeting once for one question at a time.
CREATE UNIQUE INDEX meeting_cases_listed_once ON meeting_cases (meeting_id, patient_id) WHERE (status = 'LISTED');
CREATE FUNCTION keep_meeting_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held meetings%ROWTYPE;
BEGIN
  -- Whose it is changes when two records become one, and back, and nothing else with it.
  IF NEW.patient_id <> OLD.patient_id THEN
    IF to_jsonb(NEW) - 'patient_id' - 'referral_id' = to_jsonb(OLD) - 'patient_id' - 'referral_id'
       AND are_merged_patients(OLD.patient_id, NEW.patient_id) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'case % is the case of its patient', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('DISCUSSED', 'WITHDRAWN') AND to_jsonb(NEW) - 'referral_id' IS DISTINCT FROM to_jsonb(OLD) - 'referral_id' THEN
    RAISE EXCEPTION 'case % is settled and stays so', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.proposed_at, NEW.proposed_by_id) IS DISTINCT FROM (OLD.proposed_at, OLD.proposed_by_id)
     OR (OLD.discussed_from IS NOT NULL AND (NEW.discussed_from, NEW.meeting_id, NEW.question)
           IS DISTINCT FROM (OLD.discussed_from, OLD.meeting_id, OLD.question)) THEN
    RAISE EXCEPTION 'case % is being discussed as it was brought', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.discussed_from IS DISTINCT FROM OLD.discussed_from OR NEW.discussed_to IS DISTINCT FROM OLD.discussed_to
     OR NEW.meeting_id IS DISTINCT FROM OLD.meeting_id THEN
    SELECT * INTO held FROM meetings WHERE id = coalesce(NEW.meeting_id, OLD.meeting_id);
    IF held.status IN ('CLOSED') OR (NEW.meeting_id IS NOT NULL AND held.status = 'CANCELLED')
       OR (NEW.discussed_from IS DISTINCT FROM OLD.discussed_from AND held.status <> 'IN_SESSION') THEN
      RAISE EXCEPTION 'meeting % is not in session', held.id USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.status = 'LISTED' AND NOT EXISTS (SELECT FROM meeting_case_proformas f WHERE f.case_id = NEW.id) THEN
    RAISE EXCEPTION 'case % has no proforma', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meeting_cases_forward BEFORE UPDATE ON meeting_cases FOR EACH ROW EXECUTE FUNCTION keep_meeting_case();
CREATE TRIGGER meeting_cases_no_delete BEFORE DELETE ON meeting_cases FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What belongs to a case is only ever added to; it goes with its patient's record under a lawful destruction.
CREATE FUNCTION refuse_change_of_case_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM meeting_cases c WHERE c.id = OLD.case_id AND destruction_reaches('meeting_cases', to_jsonb(c))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;
-- What is shown and what is known of a patient is not added to once the team has discussed them.
CREATE FUNCTION refuse_part_of_settled_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM meeting_cases c WHERE c.id = NEW.case_id AND c.status IN ('DISCUSSED', 'WITHDRAWN')) THEN
    RAISE EXCEPTION 'case % is settled and stays so', NEW.case_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meeting_case_proformas_append_only BEFORE UPDATE OR DELETE ON meeting_case_proformas FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case_part();
CREATE TRIGGER meeting_case_sources_append_only BEFORE UPDATE OR DELETE ON meeting_case_sources FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case_part();
CREATE TRIGGER meeting_case_exhibits_append_only BEFORE UPDATE OR DELETE ON meeting_case_exhibits FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case_part();
CREATE TRIGGER meeting_case_events_append_only BEFORE UPDATE OR DELETE ON meeting_case_events FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case_part();
CREATE TRIGGER meeting_case_proformas_in_time BEFORE INSERT ON meeting_case_proformas FOR EACH ROW EXECUTE FUNCTION refuse_part_of_settled_case();
CREATE TRIGGER meeting_case_sources_in_time BEFORE INSERT ON meeting_case_sources FOR EACH ROW EXECUTE FUNCTION refuse_part_of_settled_case();
CREATE TRIGGER meeting_case_exhibits_in_time BEFORE INSERT ON meeting_case_exhibits FOR EACH ROW EXECUTE FUNCTION refuse_part_of_settled_case();
ALTER TABLE meeting_case_proformas
  ADD CONSTRAINT meeting_case_proformas_whole CHECK (
    number >= 1 AND btrim(preferences) <> '' AND btrim(what_matters) <> '' AND btrim(function) <> '' AND btrim(work) <> ''
    AND btrim(medication) <> '' AND btrim(previous_treatments) <> '' AND btrim(comorbidity) <> '' AND btrim(capacity_and_needs) <> '');
ALTER TABLE meeting_case_exhibits
  ADD CONSTRAINT meeting_case_exhibits_whole CHECK (btrim(label) <> '' AND (kind = 'DOCUMENT') = (sha256 IS NOT NULL) AND CASE kind
    WHEN 'SCAN_REPORT' THEN shown_id IS NOT NULL AND version_number >= 1 AND study_instance_uid IS NULL
    WHEN 'DOCUMENT' THEN shown_id IS NOT NULL AND version_number >= 1 AND study_instance_uid IS NULL AND sha256 ~ '^[0-9a-f]{64}$'
    WHEN 'SCORE' THEN shown_id IS NOT NULL AND version_number IS NULL AND study_instance_uid IS NULL
    ELSE shown_id IS NULL AND version_number IS NULL AND study_instance_uid ~ '^[0-9]+(\.[0-9]+)+$' AND length(study_instance_uid) <= 64 END);
-- The same is shown once.
CREATE UNIQUE INDEX meeting_case_exhibits_once ON meeting_case_exhibits (case_id, kind, shown_id, version_number) NULLS NOT DISTINCT
  WHERE (shown_id IS NOT NULL);
CREATE UNIQUE INDEX meeting_case_exhibits_images_once ON meeting_case_exhibits (case_id, study_instance_uid) WHERE (study_instance_uid IS NOT NULL);

-- A proposal is settled once: by a case, by a reason against one, or, where the system made it, by what it stood on changing.
ALTER TABLE case_proposals
  ADD CONSTRAINT case_proposals_in_words CHECK (btrim(because) <> ''),
  ADD CONSTRAINT case_proposals_settled CHECK (
    (status = 'OPEN') = (settled_at IS NULL) AND (status IN ('ACCEPTED', 'DISMISSED')) = (settled_by_id IS NOT NULL)
    AND (status = 'ACCEPTED') = (case_id IS NOT NULL) AND (status = 'DISMISSED') = (dismiss_reason IS NOT NULL)
    AND (status = 'WITHDRAWN') = (withdraw_reason IS NOT NULL)
    AND btrim(dismiss_reason) <> '' IS NOT FALSE AND btrim(withdraw_reason) <> '' IS NOT FALSE),
  ADD CONSTRAINT case_proposals_grounded CHECK (
    (ground_id IS NULL OR proposed_by_id IS NULL) AND (status <> 'WITHDRAWN' OR ground_id IS NOT NULL));
-- One for what a source of the patient's says, and one open one: what was withdrawn, or says something else by now, can be proposed again.
CREATE UNIQUE INDEX case_proposals_once ON case_proposals (patient_id, kind, source_id, ground_id) WHERE (status <> 'WITHDRAWN');
CREATE UNIQUE INDEX case_proposals_one_open ON case_proposals (patient_id, kind, source_id) WHERE (status = 'OPEN');
CREATE FUNCTION keep_case_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.patient_id <> OLD.patient_id AND are_merged_patients(OLD.patient_id, NEW.patient_id)
     AND to_jsonb(NEW) - 'patient_id' - 'referral_id' = to_jsonb(OLD) - 'patient_id' - 'referral_id' THEN
    RETURN NEW;
  END IF;
  IF OLD.status <> 'OPEN' OR (NEW.id, NEW.patient_id, NEW.kind, NEW.source_id, NEW.ground_id, NEW.because, NEW.proposed_at, NEW.proposed_by_id)
       IS DISTINCT FROM (OLD.id, OLD.patient_id, OLD.kind, OLD.source_id, OLD.ground_id, OLD.because, OLD.proposed_at, OLD.proposed_by_id) THEN
    RAISE EXCEPTION 'proposal % is settled once', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_proposals_forward BEFORE UPDATE ON case_proposals FOR EACH ROW EXECUTE FUNCTION keep_case_proposal();
CREATE TRIGGER case_proposals_no_delete BEFORE DELETE ON case_proposals FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A table with something in it is not emptied, by whatever way.
CREATE TRIGGER meeting_series_no_truncate BEFORE TRUNCATE ON meeting_series FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meetings_no_truncate BEFORE TRUNCATE ON meetings FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_attendances_no_truncate BEFORE TRUNCATE ON meeting_attendances FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_cases_no_truncate BEFORE TRUNCATE ON meeting_cases FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_case_proformas_no_truncate BEFORE TRUNCATE ON meeting_case_proformas FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_case_sources_no_truncate BEFORE TRUNCATE ON meeting_case_sources FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_case_exhibits_no_truncate BEFORE TRUNCATE ON meeting_case_exhibits FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER meeting_case_events_no_truncate BEFORE TRUNCATE ON meeting_case_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
CREATE TRIGGER case_proposals_no_truncate BEFORE TRUNCATE ON case_proposals FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_reports();
