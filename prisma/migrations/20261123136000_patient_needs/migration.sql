-- CreateEnum
CREATE TYPE "CommunicationCategory" AS ENUM ('SPECIFIC_CONTACT_METHOD', 'SPECIFIC_INFORMATION_FORMAT', 'COMMUNICATION_SUPPORT', 'COMMUNICATION_PROFESSIONAL', 'LANGUAGE', 'APPOINTMENT');

-- CreateEnum
CREATE TYPE "NeedSharing" AS ENUM ('AGREED', 'REFUSED', 'NOT_ASKED');

-- CreateEnum
CREATE TYPE "NeedMet" AS ENUM ('MET', 'NOT_MET', 'NOT_YET_KNOWN');

-- CreateEnum
CREATE TYPE "AlertKind" AS ENUM ('CLINICAL', 'SAFETY', 'ADMINISTRATIVE', 'SAFEGUARDING');

-- CreateEnum
CREATE TYPE "AlertSeverity" AS ENUM ('HIGH', 'MEDIUM', 'LOW');

-- CreateEnum
CREATE TYPE "RelatedPersonRelationship" AS ENUM ('SPOUSE', 'PARTNER', 'PARENT', 'CHILD', 'SIBLING', 'GRANDPARENT', 'GRANDCHILD', 'OTHER_RELATIVE', 'GUARDIAN', 'CARER', 'FRIEND', 'NEIGHBOUR', 'OTHER');

-- CreateEnum
CREATE TYPE "MayBeTold" AS ENUM ('NOTHING', 'APPOINTMENTS', 'EVERYTHING');

-- CreateEnum
CREATE TYPE "ProxyBasis" AS ENUM ('PARENT', 'LPA_HEALTH', 'DEPUTY', 'OTHER');

-- AlterTable
ALTER TABLE "patients" ADD COLUMN     "nhs_number_verified_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "communication_need_kinds" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "category" "CommunicationCategory" NOT NULL,
    "flag" TEXT NOT NULL,
    "needs_detail" BOOLEAN NOT NULL DEFAULT false,
    "standard_term" TEXT,
    "snomed_code" TEXT,
    "source" TEXT NOT NULL,
    "effective_from" DATE NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "communication_need_kinds_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "communication_needs" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind_code" TEXT NOT NULL,
    "detail" TEXT,
    "sharing" "NeedSharing" NOT NULL,
    "review_due_on" DATE NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "communication_needs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "communication_need_reviews" (
    "id" UUID NOT NULL,
    "need_id" UUID NOT NULL,
    "was_met" "NeedMet" NOT NULL,
    "note" TEXT,
    "next_review_on" DATE NOT NULL,
    "reviewed_at" TIMESTAMPTZ(3) NOT NULL,
    "reviewed_by_id" UUID NOT NULL,

    CONSTRAINT "communication_need_reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "patient_alerts" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "kind" "AlertKind" NOT NULL,
    "severity" "AlertSeverity" NOT NULL,
    "text" TEXT NOT NULL,
    "from_on" DATE NOT NULL,
    "until_on" DATE,
    "visible_to" "Role"[],
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "raised_by_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "patient_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "related_people" (
    "id" UUID NOT NULL,
    "patient_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "relationship" "RelatedPersonRelationship" NOT NULL,
    "relationship_text" TEXT,
    "phone_e164" TEXT,
    "phone_as_entered" TEXT,
    "email" TEXT,
    "is_next_of_kin" BOOLEAN NOT NULL DEFAULT false,
    "is_emergency_contact" BOOLEAN NOT NULL DEFAULT false,
    "may_be_told" "MayBeTold" NOT NULL DEFAULT 'NOTHING',
    "proxy_basis" "ProxyBasis",
    "proxy_evidence" TEXT,
    "proxy_from_on" DATE,
    "proxy_until_on" DATE,
    "proxy_revoked_at" TIMESTAMPTZ(3),
    "proxy_revoked_by_id" UUID,
    "proxy_revoked_why" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "related_people_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "communication_needs_patient_id_idx" ON "communication_needs"("patient_id");

-- CreateIndex
CREATE INDEX "communication_need_reviews_need_id_idx" ON "communication_need_reviews"("need_id");

-- CreateIndex
CREATE INDEX "patient_alerts_patient_id_idx" ON "patient_alerts"("patient_id");

-- CreateIndex
CREATE INDEX "related_people_patient_id_idx" ON "related_people"("patient_id");

-- AddForeignKey
ALTER TABLE "communication_needs" ADD CONSTRAINT "communication_needs_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "communication_needs" ADD CONSTRAINT "communication_needs_kind_code_fkey" FOREIGN KEY ("kind_code") REFERENCES "communication_need_kinds"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "communication_need_reviews" ADD CONSTRAINT "communication_need_reviews_need_id_fkey" FOREIGN KEY ("need_id") REFERENCES "communication_needs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "patient_alerts" ADD CONSTRAINT "patient_alerts_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "related_people" ADD CONSTRAINT "related_people_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A number that was checked is there.
ALTER TABLE patients
  ADD CONSTRAINT patients_verified_number_known CHECK (nhs_number_verified_at IS NULL OR nhs_number IS NOT NULL);

ALTER TABLE communication_need_kinds
  ADD CONSTRAINT communication_need_kinds_in_order CHECK (retired_on IS NULL OR retired_on >= effective_from);
ALTER TABLE communication_needs
  ADD CONSTRAINT communication_needs_ended_with_reason
    CHECK ((ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL));
-- One need of a kind at a time: large print of two sizes is a mistake that somebody must see. Languages differ by their detail.
CREATE UNIQUE INDEX communication_needs_one_of_a_kind ON communication_needs (patient_id, kind_code, lower(coalesce(detail, '')))
  WHERE (ended_at IS NULL);
CREATE INDEX communication_needs_due ON communication_needs (review_due_on, id) WHERE (ended_at IS NULL);
-- A need that was not met is not written down without how.
ALTER TABLE communication_need_reviews
  ADD CONSTRAINT communication_need_reviews_not_met_said CHECK (was_met <> 'NOT_MET' OR note IS NOT NULL);
CREATE TRIGGER communication_need_reviews_append_only BEFORE UPDATE OR DELETE ON communication_need_reviews
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE patient_alerts
  ADD CONSTRAINT patient_alerts_in_order CHECK (until_on IS NULL OR until_on >= from_on),
  ADD CONSTRAINT patient_alerts_says_something CHECK (text <> ''),
  ADD CONSTRAINT patient_alerts_ended_with_reason
    CHECK ((ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)),
  ADD CONSTRAINT patient_alerts_safeguarding_kept
    CHECK (kind <> 'SAFEGUARDING' OR (cardinality(visible_to) > 0 AND visible_to <@ ARRAY['CLINICIAN', 'MANAGER']::"Role"[]));

-- Whoever decides for a patient has a right to, which somebody has seen. A right that is taken back was there, and by whom is known.
ALTER TABLE related_people
  ADD CONSTRAINT related_people_proxy_proved CHECK ((proxy_basis IS NULL) = (proxy_evidence IS NULL)),
  ADD CONSTRAINT related_people_proxy_in_order
    CHECK ((proxy_basis IS NOT NULL OR num_nonnulls(proxy_from_on, proxy_until_on, proxy_revoked_at) = 0)
       AND (proxy_until_on IS NULL OR proxy_from_on IS NULL OR proxy_until_on >= proxy_from_on)),
  ADD CONSTRAINT related_people_proxy_revoked
    CHECK ((proxy_revoked_at IS NULL) = (proxy_revoked_by_id IS NULL) AND (proxy_revoked_at IS NULL) = (proxy_revoked_why IS NULL)),
  ADD CONSTRAINT related_people_phone_e164 CHECK (phone_e164 ~ '^[+][1-9][0-9]{6,14}$' AND (phone_e164 IS NULL) = (phone_as_entered IS NULL)),
  ADD CONSTRAINT related_people_emergency_reachable CHECK (NOT is_emergency_contact OR phone_e164 IS NOT NULL),
  ADD CONSTRAINT related_people_ended_with_reason
    CHECK ((ended_at IS NULL) = (ended_by_id IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL));

-- The words of the Accessible Information Standard (DAPB1605) and those of this clinic. Terms are those of the standard's
-- four subsets; a SNOMED CT code stands where it is published with a term that we could check.
INSERT INTO communication_need_kinds (code, name, category, flag, needs_detail, standard_term, snomed_code, source, effective_from) VALUES
  ('LARGE_PRINT_14', 'Large print, 14 point', 'SPECIFIC_INFORMATION_FORMAT', 'Needs large print, 14 point', false, NULL, NULL, 'Local word; DAPB1605 calls for the size to be recorded', '2000-01-01'),
  ('LARGE_PRINT_16', 'Large print, 16 point', 'SPECIFIC_INFORMATION_FORMAT', 'Needs large print, 16 point', false, NULL, NULL, 'Local word; DAPB1605 calls for the size to be recorded', '2000-01-01'),
  ('LARGE_PRINT_18', 'Large print, 18 point or more', 'SPECIFIC_INFORMATION_FORMAT', 'Needs large print, 18 point or more', false, NULL, NULL, 'Local word; DAPB1605 calls for the size to be recorded', '2000-01-01'),
  ('BRAILLE', 'Braille', 'SPECIFIC_INFORMATION_FORMAT', 'Needs information in braille', false, NULL, NULL, 'Local word; DAPB1605, specific information format', '2000-01-01'),
  ('AUDIO', 'Audio recording', 'SPECIFIC_INFORMATION_FORMAT', 'Needs information as audio', false, NULL, NULL, 'Local word; DAPB1605, specific information format', '2000-01-01'),
  ('EASY_READ', 'Easy read', 'SPECIFIC_INFORMATION_FORMAT', 'Needs information in easy read', false, 'Requires information in Easyread', '796161000000101', 'DAPB1605; NHS England, Reasonable Adjustment Flag', '2000-01-01'),
  ('EMAIL_NOT_LETTER', 'E-mail instead of letters', 'SPECIFIC_CONTACT_METHOD', 'Write by e-mail, not by letter', false, 'Requires contact by email', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('LETTER_ONLY', 'Letters only', 'SPECIFIC_CONTACT_METHOD', 'Write by letter', false, 'Requires contact by letter', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('TEXT_MESSAGE', 'Text messages', 'SPECIFIC_CONTACT_METHOD', 'Send text messages', false, 'Requires contact by short message service text message', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('TELEPHONE', 'By telephone', 'SPECIFIC_CONTACT_METHOD', 'Ring, do not write', false, 'Requires contact by telephone', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('TEXT_RELAY', 'Text relay', 'SPECIFIC_CONTACT_METHOD', 'Ring by text relay (18001)', false, 'Requires contact by text relay', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('VIA_CARER', 'Through a carer', 'SPECIFIC_CONTACT_METHOD', 'Reach through the carer', true, 'Requires contact via carer', NULL, 'DAPB1605, specific contact method', '2000-01-01'),
  ('LIP_READS', 'Lip-reads', 'COMMUNICATION_SUPPORT', 'Lip-reads: face the patient, speak clearly', false, 'Does lip read', NULL, 'DAPB1605, communication support', '2000-01-01'),
  ('HEARING_AID', 'Hearing aid', 'COMMUNICATION_SUPPORT', 'Wears a hearing aid', false, 'Does use hearing aid', NULL, 'DAPB1605, communication support', '2000-01-01'),
  ('HEARING_LOOP', 'Hearing loop', 'COMMUNICATION_SUPPORT', 'Needs a hearing loop', false, NULL, NULL, 'Local word; DAPB1605, communication support', '2000-01-01'),
  ('WRITES', 'Communicates in writing', 'COMMUNICATION_SUPPORT', 'Communicates in writing', false, 'Preferred method of communication: written', NULL, 'DAPB1605, communication support', '2000-01-01'),
  ('COMMUNICATION_DEVICE', 'Communication device', 'COMMUNICATION_SUPPORT', 'Uses a communication device', false, 'Does use communication device', NULL, 'DAPB1605, communication support', '2000-01-01'),
  ('COMMUNICATION_PASSPORT', 'Communication passport', 'COMMUNICATION_SUPPORT', 'Has a communication passport: ask for it', false, 'Uses Personal Communication Passport', NULL, 'DAPB1605, communication support', '2000-01-01'),
  ('ADVOCATE', 'Advocate', 'COMMUNICATION_PROFESSIONAL', 'Needs an advocate', false, 'Needs an advocate', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('BSL_INTERPRETER', 'British Sign Language interpreter', 'COMMUNICATION_PROFESSIONAL', 'Needs a British Sign Language interpreter', false, 'British Sign Language interpreter needed', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('MAKATON', 'Makaton interpreter', 'COMMUNICATION_PROFESSIONAL', 'Needs a Makaton interpreter', false, 'Makaton Sign Language interpreter needed', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('LIP_SPEAKER', 'Lip-speaker', 'COMMUNICATION_PROFESSIONAL', 'Needs a lip-speaker', false, 'Requires lipspeaker', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('DEAFBLIND_MANUAL', 'Deafblind manual interpreter', 'COMMUNICATION_PROFESSIONAL', 'Needs a deafblind manual interpreter', false, 'Requires deafblind manual alphabet interpreter', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('SPEECH_TO_TEXT', 'Speech-to-text reporter', 'COMMUNICATION_PROFESSIONAL', 'Needs a speech-to-text reporter', false, 'Requires speech to text reporter', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('SIGHTED_GUIDE', 'Sighted guide', 'COMMUNICATION_PROFESSIONAL', 'Needs a sighted guide', false, 'Requires sighted guide', NULL, 'DAPB1605, communication professional', '2000-01-01'),
  ('INTERPRETER', 'Interpreter of a spoken language', 'LANGUAGE', 'Needs an interpreter', true, NULL, NULL, 'Local word; outside of DAPB1605, which is about disability', '2000-01-01'),
  ('LANGUAGE', 'Language for letters', 'LANGUAGE', 'Write in another language', true, NULL, NULL, 'Local word; outside of DAPB1605, which is about disability', '2000-01-01'),
  ('LONGER_APPOINTMENT', 'Longer appointment', 'APPOINTMENT', 'Needs a longer appointment', false, NULL, NULL, 'Local word; DAPB1605, communication support', '2000-01-01'),
  ('QUIET_ROOM', 'Quiet place to wait', 'APPOINTMENT', 'Needs a quiet place to wait', false, NULL, NULL, 'Local word; Equality Act 2010, reasonable adjustment', '2000-01-01'),
  ('ASSISTANCE_DOG', 'Assistance dog', 'APPOINTMENT', 'Comes with an assistance dog', false, NULL, NULL, 'Local word; Equality Act 2010, reasonable adjustment', '2000-01-01'),
  ('OTHER', 'Something else', 'COMMUNICATION_SUPPORT', 'Needs something else', true, NULL, NULL, 'Local word', '2000-01-01');
