-- First light. Reviewed by hand: Prisma's part is in the middle; before and after it stands what Prisma cannot say.

-- btree_gist: equality of a uuid inside an exclusion constraint. pg_trgm: search by part of a name.
-- unaccent: Zoë is found as zoe.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Numbers that the clinic gives out. Sequences leave gaps when a transaction rolls back; they never repeat.
CREATE SEQUENCE patient_local_number AS bigint MINVALUE 1 MAXVALUE 9999999 NO CYCLE;
CREATE SEQUENCE scan_accession_number AS bigint MINVALUE 1 MAXVALUE 999999999 NO CYCLE;

-- Names as they are searched: no accents, lower case. unaccent() is only STABLE because its dictionary may
-- change; naming the dictionary lets us promise IMMUTABLE, which a generated column needs.
CREATE FUNCTION facet_fold(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

-- The same for people's names: apostrophes are dropped and hyphens part words, so that obrien finds O'Brien and
-- "smith jones" finds Smith-Jones. Used for what is stored and for what is looked for.
CREATE FUNCTION facet_search_name(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN translate(public.facet_fold(value), '-''`ʼ', ' ');

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('STAFF', 'SCANNER', 'SYSTEM');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('RECEPTION', 'CLINICIAN', 'IMAGING', 'MDT_MEMBER', 'MANAGER', 'ADMIN');

-- CreateEnum
CREATE TYPE "ConsentPurpose" AS ENUM ('PRIVACY_NOTICE', 'IMAGING_TRACER_AND_XRAYS');

-- CreateEnum
CREATE TYPE "ConsentDecision" AS ENUM ('GIVEN', 'DECLINED', 'WITHDRAWN');

-- CreateEnum
CREATE TYPE "ConsentGiver" AS ENUM ('PATIENT', 'PARENT', 'ATTORNEY', 'BEST_INTERESTS_DECISION');

-- CreateEnum
CREATE TYPE "ConsentMethod" AS ENUM ('IN_PERSON', 'TELEPHONE', 'WEB_FORM', 'PAPER_FORM');

-- CreateEnum
CREATE TYPE "ScanBookingStatus" AS ENUM ('BOOKED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ScanCancelReason" AS ENUM ('PATIENT_REQUEST', 'PATIENT_ILL', 'PATIENT_DIED', 'CLINICALLY_UNSUITABLE', 'EQUIPMENT_FAILURE', 'TRACER_UNAVAILABLE', 'STAFF_UNAVAILABLE', 'BOOKED_IN_ERROR', 'OTHER');

-- CreateEnum
CREATE TYPE "ResponseCharacterSet" AS ENUM ('ISO_IR_100', 'ISO_IR_192');

-- CreateEnum
CREATE TYPE "LetterKind" AS ENUM ('SCAN_BOOKED', 'SCAN_MOVED', 'SCAN_CANCELLED');

-- CreateEnum
CREATE TYPE "LetterChannel" AS ENUM ('EMAIL');

-- CreateEnum
CREATE TYPE "LetterStatus" AS ENUM ('DUE', 'CLAIMED', 'SENDING', 'SENT', 'AMBIGUOUS', 'FAILED', 'SUPERSEDED', 'SUPPRESSED');

-- CreateEnum
CREATE TYPE "SexForClinicalUse" AS ENUM ('FEMALE', 'MALE', 'SPECIFIED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "PersonStatedGender" AS ENUM ('MALE', 'FEMALE', 'INDETERMINATE', 'NOT_KNOWN');

-- CreateEnum
CREATE TYPE "PhoneKind" AS ENUM ('MOBILE', 'HOME', 'WORK');

-- CreateEnum
CREATE TYPE "ContactPreference" AS ENUM ('LETTER', 'TELEPHONE', 'EMAIL', 'SMS');

-- CreateEnum
CREATE TYPE "ReferralSource" AS ENUM ('GP', 'CONSULTANT', 'PHYSIOTHERAPIST', 'INSURER', 'SELF', 'MDT');

-- CreateEnum
CREATE TYPE "ReferralPriority" AS ENUM ('ROUTINE', 'URGENT', 'TWO_WEEK_WAIT');

-- CreateEnum
CREATE TYPE "ReferralStatus" AS ENUM ('AWAITING_TRIAGE', 'ACCEPTED', 'DECLINED');

-- CreateEnum
CREATE TYPE "ReferralDeclineReason" AS ENUM ('SERVICE_INAPPROPRIATE', 'WRONG_PROVIDER', 'TREATMENT_NO_LONGER_REQUIRED', 'DUPLICATE_REFERRAL', 'RAISED_IN_ERROR', 'OTHER');

-- CreateEnum
CREATE TYPE "ResourceKind" AS ENUM ('CAMERA', 'INJECTION_ROOM', 'NUCLEAR_MEDICINE_TECHNOLOGIST');

-- CreateEnum
CREATE TYPE "ExceptionKind" AS ENUM ('CLOSED', 'EXTRA_SESSION');

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" "ActorKind" NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT,
    "patient_ids" UUID[],
    "request_id" TEXT,
    "source" TEXT,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_links" (
    "position" BIGINT NOT NULL,
    "entry_id" UUID NOT NULL,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_links_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "staff_accounts" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "roles" "Role"[],
    "password_hash" TEXT NOT NULL,
    "failed_sign_ins" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "staff_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_sessions" (
    "id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "remote_address" TEXT,
    "user_agent" TEXT,

    CONSTRAINT "staff_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_wordings" (
    "id" UUID NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "version" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_wordings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_records" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "decision" "ConsentDecision" NOT NULL,
    "wording_id" UUID NOT NULL,
    "wording_sha256" TEXT NOT NULL,
    "given_by" "ConsentGiver" NOT NULL,
    "giver_name" TEXT,
    "method" "ConsentMethod" NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "comment" TEXT,

    CONSTRAINT "consent_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imaging_protocols" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "injection_minutes" INTEGER NOT NULL,
    "acquisition_minutes" INTEGER NOT NULL,
    "uptake_minutes_min" INTEGER NOT NULL,
    "uptake_minutes_target" INTEGER NOT NULL,
    "uptake_minutes_max" INTEGER NOT NULL,
    "start_step_minutes" INTEGER NOT NULL,
    "procedure_description" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,

    CONSTRAINT "imaging_protocols_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scanners" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "calling_ae_titles" TEXT[],
    "source_addresses" TEXT[],
    "station_ae_title" TEXT NOT NULL,
    "station_name" TEXT NOT NULL,
    "modalities" TEXT[],
    "response_character_set" "ResponseCharacterSet" NOT NULL,
    "own_station_by_default" BOOLEAN NOT NULL,
    "answers_max" INTEGER NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "scanners_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scan_bookings" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "protocol_id" UUID NOT NULL,
    "status" "ScanBookingStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "accession_number" TEXT NOT NULL DEFAULT ('A'::text || lpad((nextval('scan_accession_number'::regclass))::text, 9, '0'::text)),
    "study_instance_uid" TEXT NOT NULL,
    "injection_starts_at" TIMESTAMPTZ(3) NOT NULL,
    "injection_ends_at" TIMESTAMPTZ(3) NOT NULL,
    "scan_starts_at" TIMESTAMPTZ(3) NOT NULL,
    "scan_ends_at" TIMESTAMPTZ(3) NOT NULL,
    "camera_id" UUID NOT NULL,
    "injection_room_id" UUID NOT NULL,
    "injection_technologist_id" UUID NOT NULL,
    "scan_technologist_id" UUID NOT NULL,
    "booked_at" TIMESTAMPTZ(3) NOT NULL,
    "booked_by_id" UUID NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "cancelled_at" TIMESTAMPTZ(3),
    "cancelled_by_id" UUID,
    "cancel_reason" "ScanCancelReason",
    "cancel_comment" TEXT,

    CONSTRAINT "scan_bookings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worklist_entries" (
    "scheduled_procedure_step_id" TEXT NOT NULL,
    "booking_id" UUID NOT NULL,
    "booking_version" INTEGER NOT NULL,
    "scanner_id" UUID NOT NULL,
    "station_ae_title" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worklist_entries_pkey" PRIMARY KEY ("scheduled_procedure_step_id")
);

-- CreateTable
CREATE TABLE "letters" (
    "id" UUID NOT NULL,
    "kind" "LetterKind" NOT NULL,
    "channel" "LetterChannel" NOT NULL,
    "subject_id" UUID NOT NULL,
    "subject_version" INTEGER NOT NULL,
    "patient_id" UUID NOT NULL,
    "status" "LetterStatus" NOT NULL,
    "message_id" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_until" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "outcome_code" TEXT,
    "wording_version" TEXT,

    CONSTRAINT "letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_messages" (
    "id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "relayed_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure_code" TEXT,
    "handled_at" TIMESTAMPTZ(3),
    "parked_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patients" (
    "id" UUID NOT NULL,
    "local_number" TEXT NOT NULL DEFAULT ('F'::text || lpad((nextval('patient_local_number'::regclass))::text, 7, '0'::text)),
    "family_name" TEXT NOT NULL,
    "given_name" TEXT NOT NULL,
    "middle_names" TEXT,
    "name_prefix" TEXT,
    "date_of_birth" DATE NOT NULL,
    "sex_for_clinical_use" "SexForClinicalUse" NOT NULL,
    "stated_gender" "PersonStatedGender" NOT NULL,
    "address_lines" TEXT[],
    "postcode" TEXT,
    "email" TEXT,
    "nhs_number" TEXT,
    "contact_preference" "ContactPreference" NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "search_name" TEXT GENERATED ALWAYS AS (
      facet_search_name("given_name" || ' ' || coalesce("middle_names", '') || ' ' || "family_name")) STORED,

    CONSTRAINT "patients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_phones" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" "PhoneKind" NOT NULL,
    "e164" TEXT NOT NULL,
    "as_entered" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "patient_phones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_distinctions" (
    "patient_id" UUID NOT NULL,
    "other_patient_id" UUID NOT NULL,
    "confirmed_by_id" UUID NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "patient_distinctions_pkey" PRIMARY KEY ("patient_id","other_patient_id")
);

-- CreateTable
CREATE TABLE "referrals" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "source" "ReferralSource" NOT NULL,
    "priority" "ReferralPriority" NOT NULL,
    "status" "ReferralStatus" NOT NULL,
    "referrer_name" TEXT,
    "referrer_organisation" TEXT,
    "referrer_registration" TEXT,
    "clinical_question" TEXT NOT NULL,
    "received_on" DATE NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "decline_reason" "ReferralDeclineReason",
    "decision_comment" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "referrals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resources" (
    "id" UUID NOT NULL,
    "kind" "ResourceKind" NOT NULL,
    "name" TEXT NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "resources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opening_hours" (
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "iso_weekday" INTEGER NOT NULL,
    "opens_at" TIME(0) NOT NULL,
    "closes_at" TIME(0) NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,

    CONSTRAINT "opening_hours_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opening_exceptions" (
    "id" UUID NOT NULL,
    "resource_id" UUID,
    "held_on" DATE NOT NULL,
    "kind" "ExceptionKind" NOT NULL,
    "starts_at" TIME(0),
    "ends_at" TIME(0),
    "reason" TEXT NOT NULL,

    CONSTRAINT "opening_exceptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bank_holidays" (
    "held_on" DATE NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "bank_holidays_pkey" PRIMARY KEY ("held_on")
);

-- CreateTable
CREATE TABLE "lead_time_policies" (
    "id" UUID NOT NULL,
    "visit_type" TEXT NOT NULL,
    "earliest_days" INTEGER NOT NULL,
    "target_days" INTEGER NOT NULL,
    "latest_days" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "lead_time_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "span_claims" (
    "id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "holder_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "span" tstzrange GENERATED ALWAYS AS (tstzrange("starts_at", "ends_at", '[)')) STORED,

    CONSTRAINT "span_claims_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_entries_subject_type_subject_id_idx" ON "audit_entries"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "audit_entries_patient_ids_idx" ON "audit_entries" USING GIN ("patient_ids");

-- CreateIndex
CREATE INDEX "audit_entries_occurred_at_idx" ON "audit_entries"("occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_links_entry_id_key" ON "audit_links"("entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "staff_accounts_email_key" ON "staff_accounts"("email");

-- CreateIndex
CREATE UNIQUE INDEX "staff_sessions_token_hash_key" ON "staff_sessions"("token_hash");

-- CreateIndex
CREATE INDEX "staff_sessions_account_id_idx" ON "staff_sessions"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "consent_wordings_purpose_version_locale_key" ON "consent_wordings"("purpose", "version", "locale");

-- CreateIndex
CREATE INDEX "consent_records_patient_id_purpose_decided_at_idx" ON "consent_records"("patient_id", "purpose", "decided_at");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_protocols_code_effective_from_key" ON "imaging_protocols"("code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "scan_bookings_accession_number_key" ON "scan_bookings"("accession_number");

-- CreateIndex
CREATE UNIQUE INDEX "scan_bookings_study_instance_uid_key" ON "scan_bookings"("study_instance_uid");

-- CreateIndex
CREATE INDEX "scan_bookings_scan_starts_at_idx" ON "scan_bookings"("scan_starts_at");

-- CreateIndex
CREATE INDEX "scan_bookings_patient_id_idx" ON "scan_bookings"("patient_id");

-- CreateIndex
CREATE INDEX "worklist_entries_station_ae_title_starts_at_idx" ON "worklist_entries"("station_ae_title", "starts_at");

-- CreateIndex
CREATE INDEX "worklist_entries_starts_at_idx" ON "worklist_entries"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "worklist_entries_booking_id_modality_key" ON "worklist_entries"("booking_id", "modality");

-- CreateIndex
CREATE UNIQUE INDEX "letters_message_id_key" ON "letters"("message_id");

-- CreateIndex
CREATE INDEX "letters_patient_id_created_at_idx" ON "letters"("patient_id", "created_at");

-- CreateIndex
CREATE INDEX "letters_status_created_at_idx" ON "letters"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "letters_subject_id_subject_version_kind_channel_key" ON "letters"("subject_id", "subject_version", "kind", "channel");

-- CreateIndex
CREATE UNIQUE INDEX "patients_local_number_key" ON "patients"("local_number");

-- CreateIndex
CREATE UNIQUE INDEX "patients_nhs_number_key" ON "patients"("nhs_number");

-- CreateIndex
CREATE INDEX "patients_date_of_birth_idx" ON "patients"("date_of_birth");

-- CreateIndex
CREATE INDEX "patient_phones_e164_idx" ON "patient_phones"("e164");

-- CreateIndex
CREATE UNIQUE INDEX "patient_phones_patient_id_position_key" ON "patient_phones"("patient_id", "position");

-- CreateIndex
CREATE INDEX "referrals_patient_id_idx" ON "referrals"("patient_id");

-- CreateIndex
CREATE INDEX "referrals_status_received_on_idx" ON "referrals"("status", "received_on");

-- CreateIndex
CREATE UNIQUE INDEX "resources_name_key" ON "resources"("name");

-- CreateIndex
CREATE INDEX "resources_kind_idx" ON "resources"("kind");

-- CreateIndex
CREATE INDEX "opening_hours_resource_id_idx" ON "opening_hours"("resource_id");

-- CreateIndex
CREATE INDEX "opening_exceptions_held_on_idx" ON "opening_exceptions"("held_on");

-- CreateIndex
CREATE UNIQUE INDEX "lead_time_policies_visit_type_effective_from_key" ON "lead_time_policies"("visit_type", "effective_from");

-- CreateIndex
CREATE INDEX "span_claims_holder_id_idx" ON "span_claims"("holder_id");

-- AddForeignKey
ALTER TABLE "audit_links" ADD CONSTRAINT "audit_links_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "audit_entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_records" ADD CONSTRAINT "consent_records_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "consent_records" ADD CONSTRAINT "consent_records_wording_id_fkey" FOREIGN KEY ("wording_id") REFERENCES "consent_wordings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scanners" ADD CONSTRAINT "scanners_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_protocol_id_fkey" FOREIGN KEY ("protocol_id") REFERENCES "imaging_protocols"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worklist_entries" ADD CONSTRAINT "worklist_entries_booking_id_fkey" FOREIGN KEY ("booking_id") REFERENCES "scan_bookings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "worklist_entries" ADD CONSTRAINT "worklist_entries_scanner_id_fkey" FOREIGN KEY ("scanner_id") REFERENCES "scanners"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_phones" ADD CONSTRAINT "patient_phones_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_distinctions" ADD CONSTRAINT "patient_distinctions_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_distinctions" ADD CONSTRAINT "patient_distinctions_other_patient_id_fkey" FOREIGN KEY ("other_patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opening_hours" ADD CONSTRAINT "opening_hours_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opening_exceptions" ADD CONSTRAINT "opening_exceptions_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "span_claims" ADD CONSTRAINT "span_claims_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_camera_id_fkey" FOREIGN KEY ("camera_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_injection_room_id_fkey" FOREIGN KEY ("injection_room_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_injection_technologist_id_fkey" FOREIGN KEY ("injection_technologist_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_bookings" ADD CONSTRAINT "scan_bookings_scan_technologist_id_fkey" FOREIGN KEY ("scan_technologist_id") REFERENCES "resources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---------------------------------------------------------------------------------------------------------
-- What Prisma cannot say. Each of these is asserted at start-up and by a test.

-- Nothing is double-booked: live claims of one resource never overlap. Half-open, so that visits may touch.
ALTER TABLE span_claims
  ADD CONSTRAINT span_claims_no_overlap
    EXCLUDE USING gist (resource_id WITH =, span WITH &&) WHERE (released_at IS NULL),
  ADD CONSTRAINT span_claims_forwards CHECK (starts_at < ends_at);

-- A patient cannot be in two scans at once.
ALTER TABLE scan_bookings
  ADD CONSTRAINT scan_bookings_one_place_at_a_time
    EXCLUDE USING gist (patient_id WITH =, tstzrange(injection_starts_at, scan_ends_at, '[)') WITH &&)
    WHERE (status = 'BOOKED'),
  ADD CONSTRAINT scan_bookings_in_order
    CHECK (injection_starts_at < injection_ends_at AND injection_ends_at <= scan_starts_at AND scan_starts_at < scan_ends_at),
  ADD CONSTRAINT scan_bookings_cancelled_with_reason
    CHECK ((status = 'CANCELLED') = (cancelled_at IS NOT NULL)
       AND (status = 'CANCELLED') = (cancelled_by_id IS NOT NULL)
       AND (status = 'CANCELLED') = (cancel_reason IS NOT NULL));

-- One live booking for a referral.
CREATE UNIQUE INDEX scan_bookings_one_live_per_referral ON scan_bookings (referral_id) WHERE (status = 'BOOKED');

-- One live scanner at a camera: which worklist a booking is on is never a question.
CREATE UNIQUE INDEX scanners_one_live_per_camera ON scanners (resource_id) WHERE (retired_at IS NULL);

-- A retired scanner leaves its name and its station to the one that takes its place.
CREATE UNIQUE INDEX scanners_live_name ON scanners (name) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX scanners_live_station ON scanners (station_ae_title) WHERE (retired_at IS NULL);

-- Visits to come on a camera, for its scanner's set-up.
CREATE INDEX scan_bookings_live_by_camera ON scan_bookings (camera_id, scan_ends_at) WHERE (status = 'BOOKED');

-- The worklist speaks DICOM SH (16 characters) and LO (64); the database refuses what a console would.
ALTER TABLE worklist_entries
  ADD CONSTRAINT worklist_entries_fit_dicom
    CHECK (char_length(scheduled_procedure_step_id) BETWEEN 1 AND 16 AND char_length(station_ae_title) BETWEEN 1 AND 16);

-- A person's name must fit a DICOM Person Name component group (64 characters with its separators) and hold
-- neither a separator nor a control character.
ALTER TABLE patients
  ADD CONSTRAINT patients_name_fits_dicom
    CHECK (char_length(family_name || '^' || given_name || '^' || coalesce(middle_names, '') || '^' || coalesce(name_prefix, '')) <= 64
       AND family_name <> '' AND given_name <> ''
       AND (family_name || given_name || coalesce(middle_names, '') || coalesce(name_prefix, '')) !~ '[\\^=[:cntrl:]]'),
  ADD CONSTRAINT patients_nhs_number_digits CHECK (nhs_number ~ '^[0-9]{10}$');
ALTER TABLE patient_phones
  ADD CONSTRAINT patient_phones_e164 CHECK (e164 ~ '^[+][1-9][0-9]{6,14}$');
CREATE INDEX patients_search_name ON patients USING gin (search_name gin_trgm_ops);
-- Likely duplicates are looked for by e-mail address whatever its case.
CREATE INDEX patients_lower_email ON patients (lower(email)) WHERE (email IS NOT NULL);
ALTER TABLE patient_distinctions
  ADD CONSTRAINT patient_distinctions_two_people CHECK (patient_id <> other_patient_id);

ALTER TABLE referrals
  ADD CONSTRAINT referrals_decided_once
    CHECK ((status = 'AWAITING_TRIAGE') = (decided_at IS NULL)
       AND (status = 'AWAITING_TRIAGE') = (decided_by_id IS NULL)
       AND (status = 'DECLINED') = (decline_reason IS NOT NULL)
       AND (decline_reason IS DISTINCT FROM 'OTHER' OR decision_comment IS NOT NULL));

-- Whoever speaks for a patient is named; a wording's fingerprint is that of its text.
ALTER TABLE consent_records
  ADD CONSTRAINT consent_records_giver_named CHECK (given_by = 'PATIENT' OR giver_name IS NOT NULL),
  ADD CONSTRAINT consent_records_not_ahead CHECK (decided_at <= recorded_at);
ALTER TABLE consent_wordings
  ADD CONSTRAINT consent_wordings_fingerprint CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex'));

ALTER TABLE opening_hours
  ADD CONSTRAINT opening_hours_weekday CHECK (iso_weekday BETWEEN 1 AND 7),
  ADD CONSTRAINT opening_hours_forwards CHECK (opens_at < closes_at AND (valid_until IS NULL OR valid_from <= valid_until));
ALTER TABLE opening_exceptions
  ADD CONSTRAINT opening_exceptions_times
    CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR starts_at < ends_at)
       AND (kind = 'CLOSED' OR (starts_at IS NOT NULL AND resource_id IS NOT NULL)));
ALTER TABLE lead_time_policies
  ADD CONSTRAINT lead_time_policies_in_order CHECK (0 <= earliest_days AND earliest_days <= target_days AND target_days <= latest_days);
ALTER TABLE imaging_protocols
  ADD CONSTRAINT imaging_protocols_in_order
    CHECK (injection_minutes > 0 AND acquisition_minutes > 0 AND start_step_minutes > 0 AND 60 % start_step_minutes = 0
       AND 0 < uptake_minutes_min AND uptake_minutes_min <= uptake_minutes_target AND uptake_minutes_target <= uptake_minutes_max);

-- Work that waits: small indexes over what is open, whatever the history.
CREATE INDEX outbox_messages_open ON outbox_messages (due_at) WHERE (handled_at IS NULL AND parked_at IS NULL);
CREATE INDEX outbox_messages_parked ON outbox_messages (parked_at) WHERE (handled_at IS NULL AND parked_at IS NOT NULL);
CREATE INDEX letters_open ON letters (due_at) WHERE (status IN ('DUE', 'CLAIMED', 'SENDING'));

-- A letter is open, in a worker's hands, or settled; its times say the same as its status.
ALTER TABLE letters
  ADD CONSTRAINT letters_times_fit_status
    CHECK ((status IN ('CLAIMED', 'SENDING')) = (claimed_until IS NOT NULL)
       AND (status IN ('DUE', 'CLAIMED', 'SENDING')) = (settled_at IS NULL));

-- Records that are only ever added to.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_links_append_only BEFORE UPDATE OR DELETE ON audit_links FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_links_no_truncate BEFORE TRUNCATE ON audit_links FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_records_append_only BEFORE UPDATE OR DELETE ON consent_records FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_records_no_truncate BEFORE TRUNCATE ON consent_records FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_wordings_append_only BEFORE UPDATE OR DELETE ON consent_wordings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_wordings_no_truncate BEFORE TRUNCATE ON consent_wordings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The text that an entry is hashed over. jsonb orders its keys, so the text depends on the values alone.
CREATE FUNCTION audit_payload(entry audit_entries) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', entry.id,
    'occurredAt', to_char(entry.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'actorKind', entry.actor_kind,
    'actorId', entry.actor_id,
    'actorLabel', entry.actor_label,
    'action', entry.action,
    'subjectType', entry.subject_type,
    'subjectId', entry.subject_id,
    'patientIds', to_jsonb(entry.patient_ids),
    'requestId', entry.request_id,
    'source', entry.source,
    'before', entry.before,
    'after', entry.after)::text
$$;

-- The chain is written at COMMIT, after every other lock of the transaction has been taken, so that waiting
-- for the chain can never be part of a deadlock. The lock (namespace 4207, key 1) makes the chain one line.
CREATE FUNCTION audit_link_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  head audit_links%ROWTYPE;
  before_hash bytea;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'an audited transaction must be READ COMMITTED: it has to see the newest link of the chain';
  END IF;
  PERFORM pg_advisory_xact_lock(4207, 1);
  SELECT * INTO head FROM audit_links ORDER BY position DESC LIMIT 1;
  before_hash := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
  INSERT INTO audit_links (position, entry_id, previous_hash, hash)
  VALUES (coalesce(head.position, 0) + 1, NEW.id, before_hash,
          sha256(before_hash || convert_to(audit_payload(NEW), 'UTF8')));
  RETURN NULL;
END $$;

-- What one member of staff did, newest first.
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, id DESC) WHERE (actor_id IS NOT NULL);

CREATE CONSTRAINT TRIGGER audit_entries_linked AFTER INSERT ON audit_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_entry();
