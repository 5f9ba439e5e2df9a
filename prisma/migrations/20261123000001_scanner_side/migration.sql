-- CreateEnum
CREATE TYPE "ScanOutcome" AS ENUM ('COMPLETED', 'DISCONTINUED');

-- CreateEnum
CREATE TYPE "ScheduledStepStatus" AS ENUM ('SCHEDULED', 'STARTED', 'COMPLETED', 'DISCONTINUED');

-- CreateEnum
CREATE TYPE "PerformedStepStatus" AS ENUM ('IN_PROGRESS', 'COMPLETED', 'DISCONTINUED');

-- CreateEnum
CREATE TYPE "UnmatchedReason" AS ENUM ('NO_IDENTIFIERS', 'UNKNOWN_IDENTIFIERS', 'IDENTIFIERS_DISAGREE', 'PATIENT_DIFFERS', 'PATIENT_NOT_NAMED', 'BOOKING_CANCELLED', 'BOOKED_AGAIN', 'DETACHED');

-- CreateEnum
CREATE TYPE "PerformedStepOperation" AS ENUM ('N_CREATE', 'N_SET');

-- CreateEnum
CREATE TYPE "ScannerTransport" AS ENUM ('PLAIN_OR_TLS', 'TLS', 'MUTUAL_TLS');

-- AlterTable
ALTER TABLE "scan_bookings" ADD COLUMN     "close_reason" TEXT,
ADD COLUMN     "closed_as" "ScanOutcome",
ADD COLUMN     "closed_at" TIMESTAMPTZ(3),
ADD COLUMN     "closed_by_id" UUID,
ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "started_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "scanners" ADD COLUMN     "certificate_sha256" TEXT,
ADD COLUMN     "connected_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "days_after" INTEGER NOT NULL DEFAULT 90,
ADD COLUMN     "days_before" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "hidden_statuses" "ScheduledStepStatus"[] DEFAULT ARRAY['COMPLETED', 'DISCONTINUED']::"ScheduledStepStatus"[],
ADD COLUMN     "own_items_only" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "performed_step_hours_max" INTEGER NOT NULL DEFAULT 12,
ADD COLUMN     "sends_every_type_2" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "time_zone" TEXT,
ADD COLUMN     "transport" "ScannerTransport" NOT NULL DEFAULT 'PLAIN_OR_TLS',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "worklist_entries" ADD COLUMN     "status" "ScheduledStepStatus" NOT NULL DEFAULT 'SCHEDULED';

-- CreateTable
CREATE TABLE "performed_steps" (
    "id" UUID NOT NULL,
    "sop_instance_uid" TEXT NOT NULL,
    "scanner_id" UUID NOT NULL,
    "status" "PerformedStepStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "performed_procedure_step_id" TEXT NOT NULL,
    "performed_station_ae_title" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "patient_id" TEXT NOT NULL,
    "patient_name" TEXT NOT NULL,
    "patient_birth_date" TEXT NOT NULL,
    "accession_numbers" TEXT[],
    "study_instance_uids" TEXT[],
    "description" TEXT NOT NULL,
    "discontinuation_reason" TEXT,
    "series_count" INTEGER NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "overdue_at" TIMESTAMPTZ(3),
    "unmatched_reason" "UnmatchedReason",
    "data_set" BYTEA NOT NULL,

    CONSTRAINT "performed_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "performed_step_links" (
    "performed_step_id" UUID NOT NULL,
    "scheduled_procedure_step_id" TEXT NOT NULL,
    "booking_id" UUID NOT NULL,
    "attached_by_id" UUID,
    "attached_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "performed_step_links_pkey" PRIMARY KEY ("performed_step_id","scheduled_procedure_step_id")
);

-- CreateTable
CREATE TABLE "performed_step_messages" (
    "id" UUID NOT NULL,
    "performed_step_id" UUID NOT NULL,
    "operation" "PerformedStepOperation" NOT NULL,
    "transfer_syntax" TEXT NOT NULL,
    "data_set" BYTEA NOT NULL,
    "calling_ae_title" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "performed_step_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scanner_queries" (
    "id" UUID NOT NULL,
    "scanner_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "calling_ae_title" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "keys" JSONB NOT NULL,
    "status" INTEGER,
    "answer_count" INTEGER NOT NULL,

    CONSTRAINT "scanner_queries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scanner_contacts" (
    "scanner_id" UUID NOT NULL,
    "echoed_at" TIMESTAMPTZ(3),
    "queried_at" TIMESTAMPTZ(3),
    "query_status" INTEGER,
    "query_answers" INTEGER,
    "stepped_at" TIMESTAMPTZ(3),
    "probed_at" TIMESTAMPTZ(3),
    "probe_problem" TEXT,
    "probe_answers" INTEGER,

    CONSTRAINT "scanner_contacts_pkey" PRIMARY KEY ("scanner_id")
);

-- CreateTable
CREATE TABLE "scanner_rejections" (
    "id" UUID NOT NULL,
    "rejected_at" TIMESTAMPTZ(3) NOT NULL,
    "calling_ae_title" TEXT NOT NULL,
    "called_ae_title" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "secured" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "explanation" TEXT,

    CONSTRAINT "scanner_rejections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worklist_changes" (
    "id" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worklist_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "performed_steps_sop_instance_uid_key" ON "performed_steps"("sop_instance_uid");

-- CreateIndex
CREATE INDEX "performed_steps_status_started_at_idx" ON "performed_steps"("status", "started_at");

-- CreateIndex
CREATE INDEX "performed_steps_started_at_idx" ON "performed_steps"("started_at");

-- CreateIndex
CREATE INDEX "performed_step_links_booking_id_idx" ON "performed_step_links"("booking_id");

-- CreateIndex
CREATE INDEX "performed_step_messages_performed_step_id_received_at_idx" ON "performed_step_messages"("performed_step_id", "received_at");

-- CreateIndex
CREATE INDEX "scanner_queries_scanner_id_received_at_idx" ON "scanner_queries"("scanner_id", "received_at");

-- CreateIndex
CREATE INDEX "scanner_rejections_rejected_at_idx" ON "scanner_rejections"("rejected_at");

-- CreateIndex
CREATE INDEX "worklist_changes_changed_at_idx" ON "worklist_changes"("changed_at");

-- CreateIndex
CREATE UNIQUE INDEX "worklist_changes_xid_kind_subject_id_key" ON "worklist_changes"("xid", "kind", "subject_id");

-- AddForeignKey
ALTER TABLE "performed_steps" ADD CONSTRAINT "performed_steps_scanner_id_fkey" FOREIGN KEY ("scanner_id") REFERENCES "scanners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performed_step_links" ADD CONSTRAINT "performed_step_links_performed_step_id_fkey" FOREIGN KEY ("performed_step_id") REFERENCES "performed_steps"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performed_step_links" ADD CONSTRAINT "performed_step_links_booking_id_fkey" FOREIGN KEY ("booking_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "performed_step_messages" ADD CONSTRAINT "performed_step_messages_performed_step_id_fkey" FOREIGN KEY ("performed_step_id") REFERENCES "performed_steps"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scanner_queries" ADD CONSTRAINT "scanner_queries_scanner_id_fkey" FOREIGN KEY ("scanner_id") REFERENCES "scanners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scanner_contacts" ADD CONSTRAINT "scanner_contacts_scanner_id_fkey" FOREIGN KEY ("scanner_id") REFERENCES "scanners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema cannot say.

-- A scanner that was to see only its own items when it named no station is meant to see only its own.
UPDATE scanners SET own_items_only = own_station_by_default;

ALTER TABLE scanners
  ADD CONSTRAINT scanners_profile_in_bounds
    CHECK (days_before BETWEEN 0 AND 366 AND days_after BETWEEN 0 AND 366 AND answers_max >= 1
       AND performed_step_hours_max BETWEEN 1 AND 72
       AND (certificate_sha256 IS NULL OR certificate_sha256 ~ '^[0-9a-f]{64}$')
       AND (certificate_sha256 IS NULL OR transport = 'MUTUAL_TLS'));

-- A visit that began keeps its place; one that was discontinued gives it, and its referral, free again.
ALTER TABLE scan_bookings
  DROP CONSTRAINT scan_bookings_one_place_at_a_time,
  ADD CONSTRAINT scan_bookings_one_place_at_a_time
    EXCLUDE USING gist (patient_id WITH =, tstzrange(injection_starts_at, scan_ends_at, '[)') WITH &&)
    WHERE (status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED')),
  ADD CONSTRAINT scan_bookings_ended_when_over
    CHECK (status NOT IN ('COMPLETED', 'DISCONTINUED') OR ended_at IS NOT NULL),
  ADD CONSTRAINT scan_bookings_closed_with_reason
    CHECK ((closed_as IS NULL) = (closed_at IS NULL) AND (closed_as IS NULL) = (closed_by_id IS NULL)
       AND (closed_as IS NULL) = (close_reason IS NULL));
DROP INDEX scan_bookings_one_live_per_referral;
CREATE UNIQUE INDEX scan_bookings_one_live_per_referral ON scan_bookings (referral_id)
  WHERE (status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED'));

-- A performed step has an end exactly when it is final, and what is final stays as it is (PS3.4 F.7.2.2): of two
-- messages that race for the end the second finds it taken, whatever the process.
ALTER TABLE performed_steps
  ADD CONSTRAINT performed_steps_ended_when_final CHECK ((status = 'IN_PROGRESS') = (ended_at IS NULL));
CREATE FUNCTION refuse_change_of_final_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'IN_PROGRESS'
     AND (NEW.status, NEW.ended_at, NEW.data_set) IS DISTINCT FROM (OLD.status, OLD.ended_at, OLD.data_set) THEN
    RAISE EXCEPTION 'performed step % is final', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER performed_steps_final BEFORE UPDATE ON performed_steps
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_final_step();
CREATE INDEX performed_steps_in_progress ON performed_steps (started_at) WHERE (status = 'IN_PROGRESS');

-- The scanner's own words are only ever added to.
CREATE TRIGGER performed_step_messages_append_only BEFORE UPDATE OR DELETE ON performed_step_messages
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every process that answers scanners keeps the worklist in memory and asks, before each answer, which transactions
-- have become visible since it last looked. A row says what such a transaction changed. There is no counter that
-- writers would have to queue for: a reader compares snapshots (pg_visible_in_snapshot), so that a transaction that
-- commits late is not overlooked, whatever the order of ids.
CREATE FUNCTION note_worklist_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind text := TG_ARGV[0];
  col text := TG_ARGV[1];
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    INSERT INTO worklist_changes (kind, subject_id) VALUES (kind, '') ON CONFLICT DO NOTHING;
    RETURN NULL;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO worklist_changes (kind, subject_id) VALUES (kind, to_jsonb(NEW) ->> col) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR to_jsonb(NEW) ->> col <> to_jsonb(OLD) ->> col) THEN
    INSERT INTO worklist_changes (kind, subject_id) VALUES (kind, to_jsonb(OLD) ->> col) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER worklist_entries_noted AFTER INSERT OR UPDATE OR DELETE ON worklist_entries
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('booking', 'booking_id');
CREATE TRIGGER worklist_entries_emptied_noted AFTER TRUNCATE ON worklist_entries
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');
CREATE TRIGGER scan_bookings_noted AFTER UPDATE ON scan_bookings
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('booking', 'id');
CREATE TRIGGER patients_noted AFTER UPDATE ON patients
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('patient', 'id');
CREATE TRIGGER consent_records_noted AFTER INSERT ON consent_records
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('patient', 'patient_id');
CREATE TRIGGER referrals_noted AFTER UPDATE ON referrals
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('referral', 'id');
CREATE TRIGGER scanners_noted AFTER INSERT OR UPDATE OR DELETE ON scanners
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('scanner', 'id');
CREATE TRIGGER resources_noted AFTER UPDATE OF name ON resources
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');
CREATE TRIGGER imaging_protocols_noted AFTER UPDATE ON imaging_protocols
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');
