-- CreateEnum
CREATE TYPE "ImagingRequestStatus" AS ENUM ('DRAFT', 'INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED', 'AUTHORISED', 'REJECTED', 'WITHDRAWN', 'LAPSED');

-- CreateEnum
CREATE TYPE "ImagingRequestAction" AS ENUM ('REQUEST', 'AMEND', 'SUBMIT', 'ASK', 'RECORD_ANSWER', 'JUSTIFY', 'AUTHORISE', 'AUTHORISE_UNDER_GUIDELINE', 'WITHDRAW_AUTHORISATION', 'WITHDRAW_JUSTIFICATION', 'REJECT', 'WITHDRAW', 'LAPSE', 'CLAIM', 'TAKE_OVER', 'RELEASE', 'EXPOSE', 'UNDO_EXPOSURE', 'ESCALATE');

-- CreateEnum
CREATE TYPE "RequestAnswer" AS ENUM ('YES', 'NONE');

-- CreateEnum
CREATE TYPE "WeightSource" AS ENUM ('MEASURED', 'SAID_BY_PATIENT', 'SAID_BY_REFERRER', 'ESTIMATED');

-- CreateEnum
CREATE TYPE "RequestMobility" AS ENUM ('WALKS', 'WALKS_WITH_HELP', 'WHEELCHAIR', 'HOIST_OR_TROLLEY');

-- CreateEnum
CREATE TYPE "PregnancySaid" AS ENUM ('NOT_PREGNANT', 'CANNOT_BE_EXCLUDED', 'PREGNANT', 'DOES_NOT_APPLY');

-- CreateEnum
CREATE TYPE "BreastFeedingSaid" AS ENUM ('NO', 'YES', 'DOES_NOT_APPLY');

-- CreateEnum
CREATE TYPE "RequestReferrer" AS ENUM ('REFERRAL', 'STAFF');

-- CreateEnum
CREATE TYPE "RequestSignature" AS ENUM ('HANDWRITTEN', 'ELECTRONIC', 'SESSION');

-- CreateEnum
CREATE TYPE "AuthorisationMode" AS ENUM ('PRACTITIONER', 'OPERATOR_UNDER_GUIDELINE');

-- CreateTable
CREATE TABLE "imaging_requests" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "status" "ImagingRequestStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "procedure_code" TEXT NOT NULL,
    "urgency" "ReferralPriority" NOT NULL,
    "requested_on" DATE NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "requested_by_id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "submitted_at" TIMESTAMPTZ(3),
    "due_on" DATE,
    "information_wanted" TEXT,
    "information_due_on" DATE,
    "claimed_by_id" UUID,
    "claim_active_at" TIMESTAMPTZ(3),
    "justification_id" UUID,
    "authorisation_id" UUID,
    "lapses_on" DATE,
    "exposed_visit_id" UUID,
    "exposed_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),
    "escalations_count" INTEGER NOT NULL DEFAULT 0,
    "decide_again_reason" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "imaging_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imaging_request_contents" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "clinical_question" TEXT,
    "history" TEXT,
    "earlier_imaging" "RequestAnswer",
    "earlier_imaging_text" TEXT,
    "weight_kg" DECIMAL(4,1),
    "weight_on" DATE,
    "weight_source" "WeightSource",
    "mobility" "RequestMobility",
    "mobility_text" TEXT,
    "pregnancy" "PregnancySaid",
    "pregnancy_text" TEXT,
    "last_menstrual_period_on" DATE,
    "breast_feeding" "BreastFeedingSaid",
    "special_needs" TEXT,
    "urgency" "ReferralPriority" NOT NULL,
    "recent_studies" "RequestAnswer",
    "referrer_kind" "RequestReferrer" NOT NULL,
    "referrer_staff_id" UUID,
    "referrer_entitlement_id" UUID,
    "signature" "RequestSignature",
    "signed_on" DATE,
    "amend_reason" TEXT,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    "written_by_id" UUID NOT NULL,

    CONSTRAINT "imaging_request_contents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imaging_request_studies" (
    "id" UUID NOT NULL,
    "content_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "what" TEXT NOT NULL,
    "radionuclide" TEXT,
    "performed_on" DATE NOT NULL,
    "place" TEXT,

    CONSTRAINT "imaging_request_studies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imaging_request_events" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "action" "ImagingRequestAction" NOT NULL,
    "from_status" "ImagingRequestStatus",
    "to_status" "ImagingRequestStatus" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "reason" TEXT,
    "detail" TEXT,

    CONSTRAINT "imaging_request_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vetting_justifications" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "practitioner_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by_id" UUID NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "site_code" TEXT NOT NULL,
    "activity_mbq" DECIMAL(7,2),
    "protocol_note" TEXT,
    "benefit" TEXT NOT NULL,
    "detriment" TEXT NOT NULL,
    "alternatives" TEXT NOT NULL,
    "attention" TEXT,
    "guideline_id" UUID,
    "entitlement_id" UUID,
    "licence_id" UUID,
    "licence_number" TEXT,
    "licence_valid_until" DATE,

    CONSTRAINT "vetting_justifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vetting_authorisations" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "justification_id" UUID NOT NULL,
    "mode" "AuthorisationMode" NOT NULL,
    "authorised_by_id" UUID NOT NULL,
    "authorised_at" TIMESTAMPTZ(3) NOT NULL,
    "entitlement_id" UUID,
    "guideline_id" UUID,
    "guideline_sha256" TEXT,
    "note" TEXT,

    CONSTRAINT "vetting_authorisations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vetting_guidelines" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "benefit" TEXT NOT NULL,
    "detriment" TEXT NOT NULL,
    "alternatives" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "procedure_codes" TEXT[] NOT NULL,
    "site_code" TEXT NOT NULL,
    "age_from_years" INTEGER,
    "age_to_years" INTEGER,
    "effective_from" DATE NOT NULL,
    "effective_until" DATE,
    "issued_by_id" UUID NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "vetting_guidelines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vetting_guideline_ends" (
    "guideline_id" UUID NOT NULL,
    "ends_on" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_by_id" UUID NOT NULL,

    CONSTRAINT "vetting_guideline_ends_pkey" PRIMARY KEY ("guideline_id")
);

-- CreateTable
CREATE TABLE "vetting_policies" (
    "id" UUID NOT NULL,
    "effective_from" DATE NOT NULL,
    "period_asked_from_years" INTEGER NOT NULL,
    "period_asked_to_years" INTEGER NOT NULL,
    "routine_days" INTEGER NOT NULL,
    "urgent_days" INTEGER NOT NULL,
    "two_week_wait_days" INTEGER NOT NULL,
    "information_days" INTEGER NOT NULL,
    "escalation_days" INTEGER NOT NULL,
    "lapses_after_days" INTEGER NOT NULL,
    "weight_holds_days" INTEGER NOT NULL,
    "needs_referrer_entitlement" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "vetting_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vetting_tellings" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "method" "TellingMethod" NOT NULL,
    "words" TEXT NOT NULL,
    "email" TEXT,
    "told_at" TIMESTAMPTZ(3) NOT NULL,
    "told_by_id" UUID NOT NULL,

    CONSTRAINT "vetting_tellings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "imaging_requests_id_referral_id_key" ON "imaging_requests"("id", "referral_id");

-- CreateIndex
CREATE INDEX "imaging_requests_referral_id_idx" ON "imaging_requests"("referral_id");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_requests_exposed_visit_id_key" ON "imaging_requests"("exposed_visit_id");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_contents_request_id_revision_key" ON "imaging_request_contents"("request_id", "revision");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_contents_id_referral_id_key" ON "imaging_request_contents"("id", "referral_id");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_studies_content_id_position_key" ON "imaging_request_studies"("content_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_events_request_id_version_key" ON "imaging_request_events"("request_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "imaging_request_events_id_referral_id_key" ON "imaging_request_events"("id", "referral_id");

-- CreateIndex
CREATE UNIQUE INDEX "vetting_justifications_request_id_version_key" ON "vetting_justifications"("request_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "vetting_justifications_id_request_id_key" ON "vetting_justifications"("id", "request_id");

-- CreateIndex
CREATE UNIQUE INDEX "vetting_authorisations_request_id_version_key" ON "vetting_authorisations"("request_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "vetting_guidelines_code_version_key" ON "vetting_guidelines"("code", "version");

-- CreateIndex
CREATE UNIQUE INDEX "vetting_policies_effective_from_key" ON "vetting_policies"("effective_from");

-- CreateIndex
CREATE INDEX "vetting_tellings_request_id_idx" ON "vetting_tellings"("request_id");

-- AddForeignKey
ALTER TABLE "imaging_requests" ADD CONSTRAINT "imaging_requests_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_requests" ADD CONSTRAINT "imaging_requests_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "vetting_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_requests" ADD CONSTRAINT "imaging_requests_exposed_visit_id_fkey" FOREIGN KEY ("exposed_visit_id") REFERENCES "visits"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_request_contents" ADD CONSTRAINT "imaging_request_contents_request_id_referral_id_fkey" FOREIGN KEY ("request_id", "referral_id") REFERENCES "imaging_requests"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_request_contents" ADD CONSTRAINT "imaging_request_contents_procedure_code_fkey" FOREIGN KEY ("procedure_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_request_studies" ADD CONSTRAINT "imaging_request_studies_content_id_referral_id_fkey" FOREIGN KEY ("content_id", "referral_id") REFERENCES "imaging_request_contents"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imaging_request_events" ADD CONSTRAINT "imaging_request_events_request_id_referral_id_fkey" FOREIGN KEY ("request_id", "referral_id") REFERENCES "imaging_requests"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_justifications" ADD CONSTRAINT "vetting_justifications_request_id_referral_id_fkey" FOREIGN KEY ("request_id", "referral_id") REFERENCES "imaging_requests"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_justifications" ADD CONSTRAINT "vetting_justifications_procedure_code_fkey" FOREIGN KEY ("procedure_code") REFERENCES "visit_types"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_justifications" ADD CONSTRAINT "vetting_justifications_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_justifications" ADD CONSTRAINT "vetting_justifications_guideline_id_fkey" FOREIGN KEY ("guideline_id") REFERENCES "vetting_guidelines"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_authorisations" ADD CONSTRAINT "vetting_authorisations_request_id_referral_id_fkey" FOREIGN KEY ("request_id", "referral_id") REFERENCES "imaging_requests"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_authorisations" ADD CONSTRAINT "vetting_authorisations_justification_id_request_id_fkey" FOREIGN KEY ("justification_id", "request_id") REFERENCES "vetting_justifications"("id", "request_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_authorisations" ADD CONSTRAINT "vetting_authorisations_guideline_id_fkey" FOREIGN KEY ("guideline_id") REFERENCES "vetting_guidelines"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_guidelines" ADD CONSTRAINT "vetting_guidelines_site_code_fkey" FOREIGN KEY ("site_code") REFERENCES "sites"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_guideline_ends" ADD CONSTRAINT "vetting_guideline_ends_guideline_id_fkey" FOREIGN KEY ("guideline_id") REFERENCES "vetting_guidelines"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_tellings" ADD CONSTRAINT "vetting_tellings_request_id_referral_id_fkey" FOREIGN KEY ("request_id", "referral_id") REFERENCES "imaging_requests"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vetting_tellings" ADD CONSTRAINT "vetting_tellings_event_id_referral_id_fkey" FOREIGN KEY ("event_id", "referral_id") REFERENCES "imaging_request_events"("id", "referral_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A referral has one request that is live, whoever asks at once. One whose exposure took place is in nobody's way: what is
-- to be done after it is asked for anew.
CREATE UNIQUE INDEX imaging_requests_one_live_per_referral ON imaging_requests (referral_id)
  WHERE (exposed_visit_id IS NULL
         AND status IN ('DRAFT', 'INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED', 'AUTHORISED'));
-- The queue: what is to be decided, by the day on which it is due.
CREATE INDEX imaging_requests_to_decide ON imaging_requests (due_on, id)
  WHERE (status IN ('INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED'));
-- Nothing counts as justified or authorised without the decision that says so.
ALTER TABLE imaging_requests
  ADD CONSTRAINT imaging_requests_fit_status CHECK (
    (status IN ('JUSTIFIED', 'AUTHORISED')) = (justification_id IS NOT NULL)
    AND (status = 'AUTHORISED') = (authorisation_id IS NOT NULL)
    AND (lapses_on IS NULL OR status = 'AUTHORISED')
    AND (status = 'INFORMATION_ASKED') = (information_wanted IS NOT NULL)
    AND (information_wanted IS NULL) = (information_due_on IS NULL)
    AND (status IN ('INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED')) = (due_on IS NOT NULL)
    AND (status IN ('REJECTED', 'WITHDRAWN', 'LAPSED')) = (ended_at IS NOT NULL)
    AND (ended_at IS NULL) = (end_reason IS NULL) AND (ended_by_id IS NULL OR ended_at IS NOT NULL)),
  ADD CONSTRAINT imaging_requests_claim_whole CHECK ((claimed_by_id IS NULL) = (claim_active_at IS NULL)),
  ADD CONSTRAINT imaging_requests_counted CHECK (version >= 0 AND revision >= 1),
  ADD CONSTRAINT imaging_requests_exposed_whole CHECK (
    (exposed_visit_id IS NULL) = (exposed_at IS NULL) AND (exposed_visit_id IS NULL OR lapses_on IS NULL)),
  ADD CONSTRAINT imaging_requests_escalated CHECK (
    escalations_count >= 0 AND (escalations_count = 0) = (escalated_at IS NULL));

-- A decision that stands belongs to this request, and an authorisation to the justification that stands.
CREATE FUNCTION imaging_request_decided_lawfully() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.justification_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM vetting_justifications j WHERE j.id = NEW.justification_id AND j.request_id = NEW.id) THEN
    RAISE EXCEPTION 'request %: no such justification of it', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.authorisation_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM vetting_authorisations a
        WHERE a.id = NEW.authorisation_id AND a.request_id = NEW.id AND a.justification_id = NEW.justification_id) THEN
    RAISE EXCEPTION 'request %: no such authorisation of what stands', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER imaging_requests_decided_lawfully BEFORE INSERT OR UPDATE ON imaging_requests
  FOR EACH ROW WHEN (NEW.justification_id IS NOT NULL OR NEW.authorisation_id IS NOT NULL)
  EXECUTE FUNCTION imaging_request_decided_lawfully();

ALTER TABLE imaging_request_contents
  ADD CONSTRAINT imaging_request_contents_weight CHECK (
    (weight_kg IS NULL) = (weight_on IS NULL) AND (weight_kg IS NULL) = (weight_source IS NULL)
    AND (weight_kg IS NULL OR weight_kg BETWEEN 1 AND 500)),
  ADD CONSTRAINT imaging_request_contents_earlier_imaging
    CHECK (earlier_imaging_text IS NULL OR earlier_imaging IS NOT DISTINCT FROM 'YES'),
  ADD CONSTRAINT imaging_request_contents_pregnancy CHECK (
    pregnancy IS DISTINCT FROM 'DOES_NOT_APPLY' OR pregnancy_text IS NOT NULL),
  ADD CONSTRAINT imaging_request_contents_signed CHECK ((signature IS NULL) = (signed_on IS NULL)),
  ADD CONSTRAINT imaging_request_contents_referrer CHECK (
    (referrer_kind = 'STAFF') = (referrer_staff_id IS NOT NULL)
    AND (referrer_entitlement_id IS NULL OR referrer_kind = 'STAFF')),
  ADD CONSTRAINT imaging_request_contents_amended CHECK ((revision = 1) = (amend_reason IS NULL));

ALTER TABLE vetting_justifications
  ADD CONSTRAINT vetting_justifications_reasoned CHECK (
    benefit <> '' AND detriment <> '' AND alternatives <> ''
    AND (activity_mbq IS NULL OR (activity_mbq > 0 AND activity_mbq <= 10000))),
  ADD CONSTRAINT vetting_justifications_answered_for CHECK (guideline_id IS NOT NULL OR practitioner_id = decided_by_id);
ALTER TABLE vetting_authorisations
  ADD CONSTRAINT vetting_authorisations_under_guideline CHECK (
    (mode = 'OPERATOR_UNDER_GUIDELINE') = (guideline_id IS NOT NULL)
    AND (guideline_id IS NULL) = (guideline_sha256 IS NULL));
ALTER TABLE vetting_guidelines
  ADD CONSTRAINT vetting_guidelines_fingerprint CHECK (
    sha256 = encode(sha256(convert_to(concat_ws(E'\n', text, benefit, detriment, alternatives), 'UTF8')), 'hex')),
  ADD CONSTRAINT vetting_guidelines_in_bounds CHECK (
    code ~ '^[A-Z][A-Z0-9_]{1,39}$' AND version >= 1 AND cardinality(procedure_codes) >= 1
    AND (effective_until IS NULL OR effective_until >= effective_from)
    AND (age_from_years IS NULL OR age_from_years BETWEEN 0 AND 130)
    AND (age_to_years IS NULL OR (age_to_years BETWEEN 0 AND 130 AND age_to_years >= coalesce(age_from_years, 0))));
ALTER TABLE vetting_policies
  ADD CONSTRAINT vetting_policies_in_bounds CHECK (
    period_asked_from_years BETWEEN 0 AND 130 AND period_asked_to_years BETWEEN period_asked_from_years AND 130
    AND least(routine_days, urgent_days, two_week_wait_days, information_days, escalation_days) >= 1
    AND greatest(routine_days, urgent_days, two_week_wait_days, information_days, escalation_days) <= 60
    AND lapses_after_days BETWEEN 1 AND 732 AND weight_holds_days BETWEEN 1 AND 732);

-- What was said, decided and told is never rewritten; a lawful destruction takes it with its referral.
CREATE TRIGGER imaging_request_contents_append_only BEFORE UPDATE OR DELETE ON imaging_request_contents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imaging_request_contents_no_truncate BEFORE TRUNCATE ON imaging_request_contents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imaging_request_studies_append_only BEFORE UPDATE OR DELETE ON imaging_request_studies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imaging_request_studies_no_truncate BEFORE TRUNCATE ON imaging_request_studies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imaging_request_events_append_only BEFORE UPDATE OR DELETE ON imaging_request_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER imaging_request_events_no_truncate BEFORE TRUNCATE ON imaging_request_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_justifications_append_only BEFORE UPDATE OR DELETE ON vetting_justifications FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_justifications_no_truncate BEFORE TRUNCATE ON vetting_justifications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_authorisations_append_only BEFORE UPDATE OR DELETE ON vetting_authorisations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_authorisations_no_truncate BEFORE TRUNCATE ON vetting_authorisations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_tellings_append_only BEFORE UPDATE OR DELETE ON vetting_tellings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER vetting_tellings_no_truncate BEFORE TRUNCATE ON vetting_tellings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Guidelines and policies are nobody's record: nothing destroys them.
CREATE TRIGGER vetting_guidelines_append_only BEFORE UPDATE OR DELETE ON vetting_guidelines FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER vetting_guidelines_no_truncate BEFORE TRUNCATE ON vetting_guidelines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER vetting_guideline_ends_append_only BEFORE UPDATE OR DELETE ON vetting_guideline_ends FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER vetting_guideline_ends_no_truncate BEFORE TRUNCATE ON vetting_guideline_ends FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER vetting_policies_append_only BEFORE UPDATE OR DELETE ON vetting_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER vetting_policies_no_truncate BEFORE TRUNCATE ON vetting_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- A request is its patient's by its referral: a hold on the patient, on the referral or on the request itself keeps it.
CREATE FUNCTION refuse_request_while_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM legal_holds hold JOIN referrals referral ON referral.id = OLD.referral_id
              WHERE hold.lifted_at IS NULL
                AND (hold.patient_id = referral.patient_id OR hold.subject_id IN (OLD.id, referral.id))) THEN
    RAISE EXCEPTION 'a legal hold stands on this row of %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER imaging_requests_held BEFORE DELETE ON imaging_requests
  FOR EACH ROW EXECUTE FUNCTION refuse_request_while_held();

-- Whatever answers scanners looks again at the bookings of a referral whose request has moved, and at all of them when a
-- referrer's entitlement has.
CREATE TRIGGER imaging_requests_noted AFTER INSERT OR UPDATE OR DELETE ON imaging_requests
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('referral', 'referral_id');
CREATE TRIGGER referrers_noted AFTER UPDATE OF registration, phone, email, is_entitled, entitled_from, entitled_until, retired_at ON referrers
  FOR EACH STATEMENT EXECUTE FUNCTION note_worklist_change('everything');

-- A referral that is over takes its live request with it, in the same statement. What was authorised stays as it was when
-- the referral is completed, and once its exposure took place in any case.
CREATE FUNCTION imaging_requests_follow_referral() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  request imaging_requests%ROWTYPE;
  ended timestamptz := coalesce(NEW.ended_at, NEW.decided_at, now());
BEGIN
  FOR request IN
    SELECT * FROM imaging_requests
     WHERE referral_id = NEW.id
       AND status IN ('DRAFT', 'INCOMPLETE', 'SUBMITTED', 'INFORMATION_ASKED', 'JUSTIFIED', 'AUTHORISED')
       AND NOT (status = 'AUTHORISED' AND (NEW.status = 'COMPLETED' OR exposed_visit_id IS NOT NULL))
     FOR NO KEY UPDATE
  LOOP
    UPDATE imaging_requests
       SET status = 'LAPSED', version = version + 1, justification_id = NULL, authorisation_id = NULL, lapses_on = NULL,
           information_wanted = NULL, information_due_on = NULL, due_on = NULL, claimed_by_id = NULL, claim_active_at = NULL,
           ended_at = ended, end_reason = 'The referral is over.'
     WHERE id = request.id;
    INSERT INTO imaging_request_events
           (id, request_id, referral_id, version, revision, action, from_status, to_status, at, reason, detail)
    VALUES (gen_random_uuid(), request.id, request.referral_id, request.version + 1, request.revision, 'LAPSE',
            request.status, 'LAPSED', ended, 'The referral is over.', NEW.status::text);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER referrals_end_requests AFTER UPDATE OF status ON referrals
  FOR EACH ROW WHEN (NEW.status <> OLD.status
    AND NEW.status IN ('REDIRECTED', 'DECLINED', 'RETURNED_WITH_ADVICE', 'COMPLETED', 'WITHDRAWN', 'MERGED'))
  EXECUTE FUNCTION imaging_requests_follow_referral();

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO vetting_policies
       (id, effective_from, period_asked_from_years, period_asked_to_years, routine_days, urgent_days, two_week_wait_days,
        information_days, escalation_days, lapses_after_days, weight_holds_days, needs_referrer_entitlement, source, set_at)
VALUES ('0193b200-0000-7000-8000-000000000001', '2000-01-01', 12, 55, 3, 1, 1, 5, 1, 183, 183, true,
        'Ages: HCA Healthcare UK, Making an imaging referral (last menstrual period for ages 12 to 55 for nuclear medicine). Days: clinic default, to be confirmed by the clinic.',
        '2000-01-01T00:00:00Z');
