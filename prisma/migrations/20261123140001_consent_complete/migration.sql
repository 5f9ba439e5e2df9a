-- CreateEnum
CREATE TYPE "ConsentSide" AS ENUM ('LEFT', 'RIGHT', 'BILATERAL');

-- CreateEnum
CREATE TYPE "ConsentStage" AS ENUM ('DISCUSSED', 'CONFIRMED');

-- CreateEnum
CREATE TYPE "ConsentCapacity" AS ENUM ('HAS_CAPACITY', 'COMPETENT_CHILD', 'LACKS_CAPACITY');

-- CreateEnum
CREATE TYPE "ConsentCompetence" AS ENUM ('PERFORMS_IT', 'TRAINED_AND_DELEGATED');

-- CreateEnum
CREATE TYPE "ConsentConfirmation" AS ENUM ('NOT_NEEDED', 'ON_THE_DAY', 'AFTER_DAYS');

-- CreateEnum
CREATE TYPE "ConsentValidityUnit" AS ENUM ('DAYS', 'MONTHS');

-- CreateEnum
CREATE TYPE "ConsentProposalStatus" AS ENUM ('PROPOSED', 'PUBLISHED', 'DISCARDED');

-- AlterTable
ALTER TABLE "consent_wordings" ADD COLUMN     "procedure_code" TEXT,
ADD COLUMN     "proposal_id" UUID,
ADD COLUMN     "published_at" TIMESTAMPTZ(3),
ADD COLUMN     "published_by_id" UUID;

-- AlterTable
ALTER TABLE "consent_records" ADD COLUMN     "capacity" "ConsentCapacity",
ADD COLUMN     "capacity_statement" TEXT,
ADD COLUMN     "document_id" UUID,
ADD COLUMN     "form_address" TEXT,
ADD COLUMN     "form_agent" TEXT,
ADD COLUMN     "form_id" TEXT,
ADD COLUMN     "giver_document_ids" UUID[] NOT NULL DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "giver_evidence" TEXT,
ADD COLUMN     "interpreter_language" TEXT,
ADD COLUMN     "interpreter_name" TEXT,
ADD COLUMN     "levels" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "of_record_id" UUID,
ADD COLUMN     "procedure_code" TEXT,
ADD COLUMN     "side" "ConsentSide",
ADD COLUMN     "signature_document_id" UUID,
ADD COLUMN     "stage" "ConsentStage",
ADD COLUMN     "taker_competence" "ConsentCompetence",
ADD COLUMN     "taker_training" TEXT,
ADD COLUMN     "told" JSONB;

-- CreateTable
CREATE TABLE "consent_wording_proposals" (
    "id" UUID NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "procedure_code" TEXT,
    "version" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "ConsentProposalStatus" NOT NULL DEFAULT 'PROPOSED',
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "proposed_by_id" UUID NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "settle_reason" TEXT,

    CONSTRAINT "consent_wording_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_policies" (
    "id" UUID NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "procedure_code" TEXT NOT NULL DEFAULT '',
    "new_wording_asks" BOOLEAN NOT NULL,
    "valid_for" INTEGER,
    "valid_for_unit" "ConsentValidityUnit",
    "confirmation" "ConsentConfirmation" NOT NULL,
    "confirm_after_days" INTEGER,
    "needs_discussion" BOOLEAN NOT NULL,
    "needs_evidence" BOOLEAN NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "consent_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "consent_wording_proposals_status_proposed_at_idx" ON "consent_wording_proposals"("status", "proposed_at");

-- CreateIndex
CREATE UNIQUE INDEX "consent_policies_purpose_procedure_code_effective_from_key" ON "consent_policies"("purpose", "procedure_code", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "consent_wordings_proposal_id_key" ON "consent_wordings"("proposal_id");

-- AddForeignKey
ALTER TABLE "consent_wordings" ADD CONSTRAINT "consent_wordings_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "consent_wording_proposals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A text of a procedure belongs to one; the fingerprint of a proposal is that of its text.
ALTER TABLE consent_wordings
  ADD CONSTRAINT consent_wordings_of_procedure CHECK (procedure_code IS NULL OR purpose = 'PROCEDURE'),
  ADD CONSTRAINT consent_wordings_published_whole CHECK (proposal_id IS NULL OR (published_at IS NOT NULL AND published_by_id IS NOT NULL));
ALTER TABLE consent_wording_proposals
  ADD CONSTRAINT consent_wording_proposals_of_procedure CHECK (procedure_code IS NULL OR purpose = 'PROCEDURE'),
  ADD CONSTRAINT consent_wording_proposals_fingerprint CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
  ADD CONSTRAINT consent_wording_proposals_settled_whole
    CHECK ((status = 'PROPOSED') = (settled_at IS NULL) AND (settled_at IS NULL) = (settled_by_id IS NULL)
       AND (status = 'DISCARDED') = (settle_reason IS NOT NULL));

-- Of a proposal, only what became of it is ever written, and once.
CREATE FUNCTION refuse_change_of_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.status = 'PROPOSED' AND NEW.status <> 'PROPOSED'
     AND to_jsonb(NEW) - '{status,settled_at,settled_by_id,settle_reason}'::text[]
       = to_jsonb(OLD) - '{status,settled_at,settled_by_id,settle_reason}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_wording_proposals_fixed BEFORE UPDATE OR DELETE ON consent_wording_proposals
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_proposal();
CREATE TRIGGER consent_wording_proposals_no_truncate BEFORE TRUNCATE ON consent_wording_proposals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE consent_policies
  ADD CONSTRAINT consent_policies_of_procedure CHECK (procedure_code = '' OR purpose = 'PROCEDURE'),
  ADD CONSTRAINT consent_policies_validity_whole
    CHECK ((valid_for IS NULL) = (valid_for_unit IS NULL) AND (valid_for IS NULL OR valid_for BETWEEN 1 AND 3660)),
  ADD CONSTRAINT consent_policies_confirmation_whole
    CHECK ((confirmation = 'AFTER_DAYS') = (confirm_after_days IS NOT NULL)
       AND (confirm_after_days IS NULL OR confirm_after_days BETWEEN 1 AND 3660)),
  -- Only what is done to somebody is confirmed on the day or discussed with its risks.
  ADD CONSTRAINT consent_policies_clinical
    CHECK (purpose IN ('IMAGING_TRACER_AND_XRAYS', 'PROCEDURE') OR (confirmation = 'NOT_NEEDED' AND NOT needs_discussion)),
  -- What the law asks of a procedure is never switched off.
  ADD CONSTRAINT consent_policies_floor CHECK (purpose <> 'PROCEDURE' OR needs_discussion);
CREATE TRIGGER consent_policies_append_only BEFORE UPDATE OR DELETE ON consent_policies
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_policies_no_truncate BEFORE TRUNCATE ON consent_policies
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- A scanner's worklist follows what is asked of consents to imaging.
CREATE TRIGGER consent_policies_noted AFTER INSERT ON consent_policies
  FOR EACH ROW WHEN (NEW.purpose = 'IMAGING_TRACER_AND_XRAYS') EXECUTE FUNCTION note_worklist_change('consent', 'purpose');
CREATE TRIGGER consent_wordings_noted AFTER INSERT ON consent_wordings
  FOR EACH ROW WHEN (NEW.purpose = 'IMAGING_TRACER_AND_XRAYS') EXECUTE FUNCTION note_worklist_change('consent', 'purpose');

-- The three kinds of consent are kept apart: what belongs to one is not said of another.
ALTER TABLE consent_records
  ADD CONSTRAINT consent_records_procedure_named CHECK ((purpose = 'PROCEDURE') = (procedure_code IS NOT NULL)),
  ADD CONSTRAINT consent_records_place_of_procedure
    CHECK (purpose = 'PROCEDURE' OR (side IS NULL AND cardinality(levels) = 0)),
  ADD CONSTRAINT consent_records_clinical
    CHECK (purpose IN ('IMAGING_TRACER_AND_XRAYS', 'PROCEDURE')
       OR (stage IS NULL AND told IS NULL AND taker_competence IS NULL)),
  ADD CONSTRAINT consent_records_stage_of_yes CHECK (stage IS NULL OR decision = 'GIVEN'),
  ADD CONSTRAINT consent_records_confirms CHECK (stage IS DISTINCT FROM 'CONFIRMED' OR of_record_id IS NOT NULL),
  -- A procedure is discussed before anybody says yes, with the risks, the options and whoever took the consent.
  ADD CONSTRAINT consent_records_procedure_discussed
    CHECK (purpose <> 'PROCEDURE' OR decision <> 'GIVEN'
        OR (stage IS NOT NULL AND taker_competence IS NOT NULL
            AND (stage = 'CONFIRMED' OR (told IS NOT NULL AND capacity IS NOT NULL)))),
  ADD CONSTRAINT consent_records_told_whole
    CHECK (told IS NULL OR (jsonb_typeof(told -> 'risks') = 'array' AND jsonb_typeof(told -> 'options') = 'array'
                            AND jsonb_typeof(told -> 'leaflets') = 'array')),
  ADD CONSTRAINT consent_records_invalid_why
    CHECK (decision <> 'INVALIDATED' OR (of_record_id IS NOT NULL AND comment IS NOT NULL)),
  ADD CONSTRAINT consent_records_capacity_whole CHECK ((capacity IS NULL) = (capacity_statement IS NULL)),
  ADD CONSTRAINT consent_records_interpreter_whole CHECK ((interpreter_name IS NULL) = (interpreter_language IS NULL));

-- Whoever says yes for somebody else shows why they may. What was recorded before this was asked stays as it is.
CREATE FUNCTION refuse_yes_without_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.decision = 'GIVEN' AND NEW.stage IS DISTINCT FROM 'CONFIRMED'
     AND NEW.given_by IN ('ATTORNEY', 'BEST_INTERESTS_DECISION')
     AND NEW.giver_evidence IS NULL AND cardinality(NEW.giver_document_ids) = 0 THEN
    RAISE EXCEPTION 'a consent that was given for somebody else has no evidence' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_records_giver_shown BEFORE INSERT ON consent_records
  FOR EACH ROW EXECUTE FUNCTION refuse_yes_without_evidence();

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO consent_policies (id, purpose, procedure_code, new_wording_asks, valid_for, valid_for_unit, confirmation,
                              confirm_after_days, needs_discussion, needs_evidence, effective_from, source, set_at)
VALUES
  ('0193b000-0000-7000-8000-000000000101', 'PRIVACY_NOTICE', '', false, NULL, NULL, 'NOT_NEEDED', NULL, false, false, '2000-01-01',
   'What the system begins with, to be confirmed by the clinic: whoever has read a notice is sent a newer one, and is not asked again.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000102', 'MARKETING', '', false, NULL, NULL, 'NOT_NEEDED', NULL, false, false, '2000-01-01',
   'What the system begins with, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000103', 'CONTACT_BY_MESSAGE', '', false, NULL, NULL, 'NOT_NEEDED', NULL, false, false, '2000-01-01',
   'What the system begins with, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000104', 'IMAGING_TRACER_AND_XRAYS', '', false, NULL, NULL, 'NOT_NEEDED', NULL, false, false, '2000-01-01',
   'What the system begins with, to be confirmed by the clinic: holds until it is taken back.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000105', 'PROCEDURE', '', false, NULL, NULL, 'ON_THE_DAY', NULL, true, true, '2000-01-01',
   'What the system begins with, to be confirmed by the clinic: discussed ahead, confirmed on the day (GMC, Decision making and consent, 2020).', '2000-01-01T00:00:00Z');
