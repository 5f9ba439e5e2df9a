-- CreateEnum
CREATE TYPE "LeadTimePriority" AS ENUM ('ANY', 'ROUTINE', 'URGENT', 'TWO_WEEK_WAIT');

-- CreateEnum
CREATE TYPE "DayKind" AS ENUM ('CALENDAR', 'WORKING');

-- CreateEnum
CREATE TYPE "ClockStart" AS ENUM ('REFERRAL_RECEIVED', 'REFERRAL_ACCEPTED', 'REQUESTED');

-- CreateEnum
CREATE TYPE "VisitModality" AS ENUM ('IN_PERSON', 'TELEPHONE', 'VIDEO');

-- CreateEnum
CREATE TYPE "NeedContinuity" AS ENUM ('FREE', 'PREFERRED', 'REQUIRED');

-- CreateEnum
CREATE TYPE "VisitRequestStatus" AS ENUM ('WAITING', 'BOOKED', 'CLOSED');

-- CreateEnum
CREATE TYPE "VisitStatus" AS ENUM ('HELD', 'BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED', 'DISCONTINUED', 'NO_SHOW', 'CANCELLED', 'LAPSED');

-- DropIndex
DROP INDEX "lead_time_policies_visit_type_effective_from_key";

-- AlterTable
ALTER TABLE "lead_time_policies" ADD COLUMN     "breach_days" INTEGER,
ADD COLUMN     "clock_start" "ClockStart" NOT NULL DEFAULT 'REFERRAL_RECEIVED',
ADD COLUMN     "day_kind" "DayKind" NOT NULL DEFAULT 'CALENDAR',
ADD COLUMN     "earliest_overridden_by" "Role"[] DEFAULT ARRAY[]::"Role"[],
ADD COLUMN     "latest_overridden_by" "Role"[] DEFAULT ARRAY[]::"Role"[],
ADD COLUMN     "priority" "LeadTimePriority" NOT NULL DEFAULT 'ANY';

-- AlterTable
ALTER TABLE "opening_exceptions" ADD COLUMN     "serves" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "opening_hours" ADD COLUMN     "name" TEXT,
ADD COLUMN     "serves" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "resources" ADD COLUMN     "skills" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "span_claims" ADD COLUMN     "expires_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "visit_types" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "modality" "VisitModality" NOT NULL,
    "companion" TEXT,
    "needs_referral" BOOLEAN NOT NULL,
    "consent_purpose" "ConsentPurpose",
    "is_public" BOOLEAN NOT NULL,
    "hold_minutes" INTEGER NOT NULL,
    "moves_max" INTEGER NOT NULL,
    "late_change_hours" INTEGER NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "visit_types_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "visit_protocols" (
    "id" UUID NOT NULL,
    "visit_type_code" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "start_step_minutes" INTEGER NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "visit_protocols_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_protocol_steps" (
    "id" UUID NOT NULL,
    "protocol_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "duration_minutes" INTEGER NOT NULL,
    "wait_minutes_min" INTEGER NOT NULL DEFAULT 0,
    "wait_minutes_target" INTEGER NOT NULL DEFAULT 0,
    "wait_minutes_max" INTEGER NOT NULL DEFAULT 0,
    "patient_present" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "visit_protocol_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_step_needs" (
    "id" UUID NOT NULL,
    "step_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "kind" "ResourceKind" NOT NULL,
    "skill" TEXT,
    "buffer_before_minutes" INTEGER NOT NULL DEFAULT 0,
    "buffer_after_minutes" INTEGER NOT NULL DEFAULT 0,
    "continuity" "NeedContinuity" NOT NULL DEFAULT 'FREE',
    "fills_wait" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "visit_step_needs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_presences" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "holder_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),
    "span" tstzrange GENERATED ALWAYS AS (tstzrange(starts_at, ends_at, '[)')) STORED,

    CONSTRAINT "patient_presences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_requests" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID,
    "visit_type_code" TEXT NOT NULL,
    "priority" "ReferralPriority" NOT NULL,
    "status" "VisitRequestStatus" NOT NULL DEFAULT 'WAITING',
    "version" INTEGER NOT NULL DEFAULT 0,
    "clock_started_on" DATE NOT NULL,
    "clock_started_by" "ClockStart" NOT NULL,
    "target_on" DATE NOT NULL,
    "breach_on" DATE NOT NULL,
    "travel_minutes" INTEGER NOT NULL DEFAULT 0,
    "keeps_staff" BOOLEAN NOT NULL DEFAULT false,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "close_reason" TEXT,

    CONSTRAINT "visit_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_request_times" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "iso_weekday" INTEGER,
    "from_time" TIME(0),
    "until_time" TIME(0),
    "first_on" DATE,
    "last_on" DATE,
    "is_excluded" BOOLEAN NOT NULL,

    CONSTRAINT "visit_request_times_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visits" (
    "id" UUID NOT NULL,
    "request_id" UUID,
    "patient_id" UUID NOT NULL,
    "visit_type_code" TEXT NOT NULL,
    "protocol_id" UUID NOT NULL,
    "status" "VisitStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "held_until" TIMESTAMPTZ(3),
    "booked_at" TIMESTAMPTZ(3) NOT NULL,
    "booked_by_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by_id" UUID NOT NULL,
    "moves_count" INTEGER NOT NULL DEFAULT 0,
    "replaces_id" UUID,
    "override_reason" TEXT,
    "discontinued_because" TEXT,
    "cancel_reason_code" TEXT,
    "cancel_comment" TEXT,
    "cancelled_at" TIMESTAMPTZ(3),
    "arrived_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "visits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_steps" (
    "id" UUID NOT NULL,
    "visit_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "patient_present" BOOLEAN NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "visit_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "visit_step_resources" (
    "step_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,

    CONSTRAINT "visit_step_resources_pkey" PRIMARY KEY ("step_id","role")
);

-- CreateTable
CREATE TABLE "visit_revisions" (
    "visit_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "snapshot" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by_id" UUID NOT NULL,

    CONSTRAINT "visit_revisions_pkey" PRIMARY KEY ("visit_id","version")
);

-- CreateTable
CREATE TABLE "cancel_reasons" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "fhir_code" TEXT,
    "allowed_roles" "Role"[],
    "needs_comment" BOOLEAN NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "cancel_reasons_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "actor_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "request_sha256" TEXT NOT NULL,
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("actor_id","key","operation")
);

-- CreateIndex
CREATE UNIQUE INDEX "visit_protocols_visit_type_code_effective_from_key" ON "visit_protocols"("visit_type_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "visit_protocol_steps_protocol_id_position_key" ON "visit_protocol_steps"("protocol_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "visit_step_needs_step_id_role_key" ON "visit_step_needs"("step_id", "role");

-- CreateIndex
CREATE INDEX "patient_presences_holder_id_idx" ON "patient_presences"("holder_id");

-- CreateIndex
CREATE INDEX "visit_requests_patient_id_idx" ON "visit_requests"("patient_id");

-- CreateIndex
CREATE INDEX "visit_requests_status_breach_on_idx" ON "visit_requests"("status", "breach_on");

-- CreateIndex
CREATE INDEX "visit_request_times_request_id_idx" ON "visit_request_times"("request_id");

-- CreateIndex
CREATE UNIQUE INDEX "visits_replaces_id_key" ON "visits"("replaces_id");

-- CreateIndex
CREATE INDEX "visits_patient_id_starts_at_idx" ON "visits"("patient_id", "starts_at");

-- CreateIndex
CREATE INDEX "visits_request_id_idx" ON "visits"("request_id");

-- CreateIndex
CREATE INDEX "visits_starts_at_idx" ON "visits"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "visit_steps_visit_id_position_key" ON "visit_steps"("visit_id", "position");

-- CreateIndex
CREATE INDEX "visit_step_resources_resource_id_idx" ON "visit_step_resources"("resource_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "lead_time_policies_visit_type_priority_effective_from_key" ON "lead_time_policies"("visit_type", "priority", "effective_from");

-- AddForeignKey
ALTER TABLE "visit_protocols" ADD CONSTRAINT "visit_protocols_visit_type_code_fkey" FOREIGN KEY ("visit_type_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_protocol_steps" ADD CONSTRAINT "visit_protocol_steps_protocol_id_fkey" FOREIGN KEY ("protocol_id") REFERENCES "visit_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_step_needs" ADD CONSTRAINT "visit_step_needs_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "visit_protocol_steps"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_presences" ADD CONSTRAINT "patient_presences_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_requests" ADD CONSTRAINT "visit_requests_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_requests" ADD CONSTRAINT "visit_requests_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_requests" ADD CONSTRAINT "visit_requests_visit_type_code_fkey" FOREIGN KEY ("visit_type_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_request_times" ADD CONSTRAINT "visit_request_times_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "visit_requests"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_visit_type_code_fkey" FOREIGN KEY ("visit_type_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_protocol_id_fkey" FOREIGN KEY ("protocol_id") REFERENCES "visit_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "visit_requests"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "visits"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visits" ADD CONSTRAINT "visits_cancel_reason_code_fkey" FOREIGN KEY ("cancel_reason_code") REFERENCES "cancel_reasons"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_steps" ADD CONSTRAINT "visit_steps_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_step_resources" ADD CONSTRAINT "visit_step_resources_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "visit_steps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_step_resources" ADD CONSTRAINT "visit_step_resources_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "visit_revisions" ADD CONSTRAINT "visit_revisions_visit_id_fkey" FOREIGN KEY ("visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on by hand: what Prisma's schema cannot say.

-- A promise without a breach of its own was broken on the day after its target.
UPDATE lead_time_policies SET breach_days = target_days;
ALTER TABLE lead_time_policies
  ALTER COLUMN breach_days SET NOT NULL,
  DROP CONSTRAINT lead_time_policies_in_order,
  ADD CONSTRAINT lead_time_policies_in_order
    CHECK (0 <= earliest_days AND earliest_days <= target_days AND target_days <= breach_days
       AND earliest_days <= latest_days AND target_days <= latest_days);

-- Leave is one resource's, all day or part of it.
ALTER TABLE opening_exceptions
  DROP CONSTRAINT opening_exceptions_times,
  ADD CONSTRAINT opening_exceptions_times
    CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR starts_at < ends_at)
       AND (kind <> 'EXTRA_SESSION' OR (starts_at IS NOT NULL AND resource_id IS NOT NULL))
       AND (kind <> 'LEAVE' OR resource_id IS NOT NULL));

-- A hold ends after it began. Until it is swept an ended one still stands in the way of new claims in the index, which
-- may not ask for the time; whoever claims sweeps first.
ALTER TABLE span_claims
  ADD CONSTRAINT span_claims_hold_ends CHECK (expires_at IS NULL OR expires_at > claimed_at);
CREATE INDEX span_claims_held ON span_claims (expires_at) WHERE (released_at IS NULL AND expires_at IS NOT NULL);

-- Nobody is in two places: the presences of one patient never overlap, whatever the kind of visit.
ALTER TABLE patient_presences
  ADD CONSTRAINT patient_presences_one_place
    EXCLUDE USING gist (patient_id WITH =, span WITH &&) WHERE (released_at IS NULL),
  ADD CONSTRAINT patient_presences_forwards CHECK (starts_at < ends_at),
  ADD CONSTRAINT patient_presences_hold_ends CHECK (expires_at IS NULL OR expires_at > claimed_at);
CREATE INDEX patient_presences_held ON patient_presences (expires_at) WHERE (released_at IS NULL AND expires_at IS NOT NULL);

-- The scans that are booked: their patients have to be there.
INSERT INTO patient_presences (id, patient_id, starts_at, ends_at, holder_id, claimed_at)
SELECT gen_random_uuid(), patient_id, injection_starts_at, scan_ends_at, id, booked_at
  FROM scan_bookings
 WHERE status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED');

ALTER TABLE visit_types
  ADD CONSTRAINT visit_types_in_bounds
    CHECK (code ~ '^[A-Z][A-Z0-9_]{1,59}$' AND hold_minutes BETWEEN 1 AND 10080 AND moves_max >= 0 AND late_change_hours >= 0);
ALTER TABLE visit_protocols
  ADD CONSTRAINT visit_protocols_start_step CHECK (start_step_minutes > 0 AND 60 % start_step_minutes = 0);
ALTER TABLE visit_protocol_steps
  ADD CONSTRAINT visit_protocol_steps_in_order
    CHECK (position >= 0 AND duration_minutes > 0 AND 0 <= wait_minutes_min AND wait_minutes_min <= wait_minutes_target
       AND wait_minutes_target <= wait_minutes_max AND (position > 0 OR wait_minutes_max = 0));
ALTER TABLE visit_step_needs
  ADD CONSTRAINT visit_step_needs_buffers CHECK (buffer_before_minutes >= 0 AND buffer_after_minutes >= 0);

ALTER TABLE visit_requests
  ADD CONSTRAINT visit_requests_in_order
    CHECK (clock_started_on <= target_on AND target_on <= breach_on AND travel_minutes >= 0),
  ADD CONSTRAINT visit_requests_closed_with_reason
    CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL)
       AND (closed_at IS NULL) = (close_reason IS NULL));
ALTER TABLE visit_request_times
  ADD CONSTRAINT visit_request_times_say_something
    CHECK ((iso_weekday IS NULL OR iso_weekday BETWEEN 1 AND 7)
       AND (from_time IS NULL OR until_time IS NULL OR from_time < until_time)
       AND (first_on IS NULL OR last_on IS NULL OR first_on <= last_on)
       AND num_nonnulls(iso_weekday, from_time, until_time, first_on, last_on) > 0);

ALTER TABLE visits
  ADD CONSTRAINT visits_in_order CHECK (starts_at < ends_at AND moves_count >= 0),
  ADD CONSTRAINT visits_held_until CHECK (status <> 'HELD' OR held_until IS NOT NULL),
  ADD CONSTRAINT visits_cancelled_with_reason
    CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL) AND (cancelled_at IS NULL) = (cancel_reason_code IS NULL)),
  ADD CONSTRAINT visits_times_fit_status
    CHECK ((status <> 'ARRIVED' OR arrived_at IS NOT NULL)
       AND (status <> 'IN_PROGRESS' OR started_at IS NOT NULL)
       AND (status NOT IN ('COMPLETED', 'DISCONTINUED') OR finished_at IS NOT NULL)
       AND (status = 'DISCONTINUED') = (discontinued_because IS NOT NULL));
-- A request leads to one visit at a time.
CREATE UNIQUE INDEX visits_one_live_per_request ON visits (request_id)
  WHERE (status IN ('HELD', 'BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'));
ALTER TABLE visit_steps
  ADD CONSTRAINT visit_steps_forwards
    CHECK (starts_at < ends_at AND (ended_at IS NULL OR (started_at IS NOT NULL AND started_at <= ended_at)));

CREATE TRIGGER visit_revisions_append_only BEFORE UPDATE OR DELETE ON visit_revisions FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A scan's patient has to be there from the injection to the end of the scan. The database keeps that itself, so that
-- scans and every other kind of visit stand in one line whoever writes them. Holds that have ended give way.
CREATE FUNCTION keep_scan_presence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was_there boolean := false;
  is_there  boolean := NEW.status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED');
BEGIN
  IF TG_OP = 'UPDATE' THEN
    was_there := OLD.status IN ('BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED');
    IF was_there = is_there AND OLD.patient_id = NEW.patient_id
       AND OLD.injection_starts_at = NEW.injection_starts_at AND OLD.scan_ends_at = NEW.scan_ends_at THEN
      RETURN NULL;
    END IF;
    UPDATE patient_presences SET released_at = NEW.changed_at WHERE holder_id = OLD.id AND released_at IS NULL;
  END IF;
  IF is_there THEN
    UPDATE patient_presences SET released_at = expires_at
     WHERE patient_id = NEW.patient_id AND released_at IS NULL AND expires_at <= now();
    INSERT INTO patient_presences (id, patient_id, starts_at, ends_at, holder_id, claimed_at)
    VALUES (gen_random_uuid(), NEW.patient_id, NEW.injection_starts_at, NEW.scan_ends_at, NEW.id, NEW.changed_at);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER scan_bookings_keep_presence AFTER INSERT OR UPDATE ON scan_bookings
  FOR EACH ROW EXECUTE FUNCTION keep_scan_presence();

CREATE FUNCTION forget_scan_presences() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM patient_presences presence
   WHERE NOT EXISTS (SELECT FROM visits WHERE visits.id = presence.holder_id);
  RETURN NULL;
END $$;

CREATE TRIGGER scan_bookings_emptied_forget_presence AFTER TRUNCATE ON scan_bookings
  FOR EACH STATEMENT EXECUTE FUNCTION forget_scan_presences();
