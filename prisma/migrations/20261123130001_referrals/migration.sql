-- CreateEnum
CREATE TYPE "ReferralAcceptedFor" AS ENUM ('CLINIC', 'STRAIGHT_TO_TEST');

-- CreateEnum
CREATE TYPE "ReferralAction" AS ENUM ('RECEIVE', 'TAKE_UP', 'PUT_BACK', 'ASSIGN', 'REQUEST_INFORMATION', 'RECORD_INFORMATION', 'ACCEPT', 'REDIRECT', 'DECLINE', 'RETURN_WITH_ADVICE', 'BOOK', 'UNBOOK', 'COMPLETE', 'WITHDRAW', 'MERGE', 'REOPEN');

-- CreateEnum
CREATE TYPE "ReferralAudience" AS ENUM ('REFERRER', 'PATIENT');

-- CreateEnum
CREATE TYPE "TellingMethod" AS ENUM ('EMAIL', 'LETTER', 'TELEPHONE', 'IN_PERSON');

-- CreateEnum
CREATE TYPE "RegistrationBody" AS ENUM ('GMC', 'HCPC', 'NMC', 'OTHER');

-- CreateEnum
CREATE TYPE "SpineRegion" AS ENUM ('CERVICAL', 'THORACIC', 'LUMBAR', 'SACROILIAC', 'OTHER');

-- CreateEnum
CREATE TYPE "ComplaintSide" AS ENUM ('LEFT', 'RIGHT', 'BOTH', 'MIDLINE', 'NOT_SAID');

-- CreateEnum
CREATE TYPE "HistoryKind" AS ENUM ('IMAGING', 'TREATMENT', 'MEDICATION', 'ANTICOAGULANT', 'ALLERGY', 'IMPLANT');

-- CreateTable
CREATE TABLE "referral_services" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "referral_services_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "referral_reasons" (
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "actions" "ReferralAction"[],
    "allowed_roles" "Role"[],
    "needs_comment" BOOLEAN NOT NULL,
    "tells_referrer" BOOLEAN NOT NULL,
    "tells_patient" BOOLEAN NOT NULL,
    "words" TEXT NOT NULL,
    "retired_on" DATE,

    CONSTRAINT "referral_reasons_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "referral_events" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "action" "ReferralAction" NOT NULL,
    "from_status" "ReferralStatus",
    "to_status" "ReferralStatus" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "reason_code" TEXT,
    "comment" TEXT,
    "detail" TEXT,
    "subject_id" UUID,

    CONSTRAINT "referral_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral_tellings" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "audience" "ReferralAudience" NOT NULL,
    "method" "TellingMethod" NOT NULL,
    "words" TEXT NOT NULL,
    "email" TEXT,
    "address_lines" TEXT[],
    "postcode" TEXT,

    CONSTRAINT "referral_tellings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referrers" (
    "id" UUID NOT NULL,
    "kind" "ReferralSource" NOT NULL,
    "title" TEXT,
    "name" TEXT NOT NULL,
    "profession" TEXT,
    "registration_body" "RegistrationBody",
    "registration" TEXT,
    "organisation" TEXT,
    "ods_code" TEXT,
    "email" TEXT,
    "phone" TEXT,
    "address_lines" TEXT[],
    "postcode" TEXT,
    "is_entitled" BOOLEAN NOT NULL DEFAULT false,
    "entitled_from" DATE,
    "entitled_until" DATE,
    "entitlement_note" TEXT,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,
    "registered_by_id" UUID NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,
    "search_name" TEXT GENERATED ALWAYS AS (
      facet_search_name("name" || ' ' || coalesce("organisation", ''))) STORED,

    CONSTRAINT "referrers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral_complaints" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "region" "SpineRegion" NOT NULL,
    "level_from" TEXT,
    "level_to" TEXT,
    "side" "ComplaintSide" NOT NULL,
    "duration_weeks" INTEGER,
    "radiates" BOOLEAN,
    "nrs_average" INTEGER,
    "nrs_worst" INTEGER,
    "odi_percent" INTEGER,
    "note" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "referral_complaints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral_history_items" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "kind" "HistoryKind" NOT NULL,
    "what" TEXT NOT NULL,
    "happened_on" TEXT,
    "place" TEXT,
    "result" TEXT,
    "is_current" BOOLEAN,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "referral_history_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral_history_answers" (
    "referral_id" UUID NOT NULL,
    "kind" "HistoryKind" NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by_id" UUID NOT NULL,

    CONSTRAINT "referral_history_answers_pkey" PRIMARY KEY ("referral_id", "kind")
);

-- CreateTable
CREATE TABLE "referral_authorisations" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "insurer" TEXT NOT NULL,
    "membership_number" TEXT NOT NULL,
    "authorisation_code" TEXT NOT NULL,
    "procedure_codes" TEXT[],
    "sessions" INTEGER,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE NOT NULL,
    "amount_pence" INTEGER,
    "excess_pence" INTEGER,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "referral_authorisations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "referral_events_referral_id_version_key" ON "referral_events"("referral_id", "version");

-- CreateIndex
CREATE INDEX "referral_tellings_event_id_idx" ON "referral_tellings"("event_id");

-- CreateIndex
CREATE INDEX "referrers_ods_code_idx" ON "referrers"("ods_code");

-- CreateIndex
CREATE INDEX "referral_complaints_referral_id_idx" ON "referral_complaints"("referral_id");

-- CreateIndex
CREATE INDEX "referral_history_items_referral_id_idx" ON "referral_history_items"("referral_id");

-- CreateIndex
CREATE INDEX "referral_authorisations_referral_id_idx" ON "referral_authorisations"("referral_id");

-- AddForeignKey
ALTER TABLE "referral_events" ADD CONSTRAINT "referral_events_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_events" ADD CONSTRAINT "referral_events_reason_code_fkey" FOREIGN KEY ("reason_code") REFERENCES "referral_reasons"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_tellings" ADD CONSTRAINT "referral_tellings_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "referral_events"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_complaints" ADD CONSTRAINT "referral_complaints_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_history_items" ADD CONSTRAINT "referral_history_items_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_history_answers" ADD CONSTRAINT "referral_history_answers_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_authorisations" ADD CONSTRAINT "referral_authorisations_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "referrals" ADD COLUMN     "accepted_for" "ReferralAcceptedFor",
ADD COLUMN     "advice" TEXT,
ADD COLUMN     "ended_at" TIMESTAMPTZ(3),
ADD COLUMN     "ended_by_id" UUID,
ADD COLUMN     "information_due_on" DATE,
ADD COLUMN     "information_wanted" TEXT,
ADD COLUMN     "merged_into_id" UUID,
ADD COLUMN     "outcome" TEXT,
ADD COLUMN     "reason_code" TEXT,
ADD COLUMN     "redirected_to" TEXT,
ADD COLUMN     "referrer_id" UUID,
ADD COLUMN     "service_code" TEXT,
ADD COLUMN     "taken_up_at" TIMESTAMPTZ(3),
ADD COLUMN     "taken_up_by_id" UUID;

-- CreateIndex
CREATE INDEX "referrals_referrer_id_idx" ON "referrals"("referrer_id");

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_service_code_fkey" FOREIGN KEY ("service_code") REFERENCES "referral_services"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_referrer_id_fkey" FOREIGN KEY ("referrer_id") REFERENCES "referrers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_reason_code_fkey" FOREIGN KEY ("reason_code") REFERENCES "referral_reasons"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- From here on by hand.

-- What the states need from their first day. A clinic renames and retires; it never removes. Codes are those of the NHS
-- e-Referral Service where it has one.
INSERT INTO referral_services (code, name) VALUES
  ('PAIN_CLINIC', 'Pain clinic'),
  ('SPECT_CT', 'SPECT-CT of the bones'),
  ('PHYSIOTHERAPY', 'Physiotherapy'),
  ('PSYCHOLOGY', 'Psychology'),
  ('INJECTION', 'Injection'),
  ('RADIOFREQUENCY', 'Radiofrequency treatment'),
  ('SPINAL_SURGERY', 'Opinion of a spinal surgeon');

INSERT INTO referral_reasons (code, name, actions, allowed_roles, needs_comment, tells_referrer, tells_patient, words)
SELECT code, name, actions::"ReferralAction"[], allowed_roles::"Role"[], needs_comment, tells_referrer, tells_patient, words
  FROM (VALUES
    ('SERVICE_INAPPROPRIATE', 'This service is not what the patient needs', '{DECLINE,REDIRECT,RETURN_WITH_ADVICE}', '{CLINICIAN}', false, true, true,
     'Our clinic is not the service that is needed here.'),
    ('WRONG_PROVIDER', 'Meant for somebody else', '{DECLINE,REDIRECT,RETURN_WITH_ADVICE}', '{CLINICIAN}', false, true, true,
     'The referral seems to be meant for another provider.'),
    ('EMERGENCY_CARE', 'Needs emergency care', '{REDIRECT}', '{CLINICIAN}', true, true, true,
     'This needs emergency care, at once.'),
    ('ADVICE_SUFFICES', 'Advice to the referrer is enough', '{RETURN_WITH_ADVICE}', '{CLINICIAN}', false, true, false,
     'We return this referral with advice.'),
    ('FURTHER_INFORMATION_REQUIRED', 'More has to be known first', '{REQUEST_INFORMATION}', '{CLINICIAN}', false, true, false,
     'We need more information before we can decide.'),
    ('INFORMATION_NOT_RECEIVED', 'What was asked for did not come', '{DECLINE,RETURN_WITH_ADVICE}', '{CLINICIAN}', false, true, true,
     'We did not receive the information that we had asked for.'),
    ('TREATMENT_NO_LONGER_REQUIRED', 'No longer needed', '{DECLINE,WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, true,
     'We understand that this is no longer needed.'),
    ('INTEND_PRIVATE', 'The patient goes somewhere else', '{DECLINE,WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, false,
     'We understand that the patient will be seen elsewhere.'),
    ('PATIENT_DECLINED', 'The patient does not want it', '{WITHDRAW,COMPLETE}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, true,
     'The patient has decided against it.'),
    ('PATIENT_ILL', 'The patient is too ill', '{WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, true,
     'It cannot go ahead because of an illness.'),
    ('PATIENT_HOLIDAY', 'The patient is away', '{WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, true,
     'It cannot go ahead because the patient is away.'),
    ('PATIENT_DIED', 'The patient has died', '{DECLINE,WITHDRAW,COMPLETE}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, false,
     'We were told that the patient has died.'),
    ('REFERRER_WITHDREW', 'The referrer took it back', '{WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, true,
     'The referral was taken back by the referrer.'),
    ('RAISED_IN_ERROR', 'Sent or entered by mistake', '{DECLINE,WITHDRAW}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, false,
     'The referral was made in error.'),
    ('DUPLICATE_REFERRAL', 'The same referral is here already', '{DECLINE,WITHDRAW,MERGE}', '{CLINICIAN,RECEPTION,MANAGER}', false, true, false,
     'We have another referral for the same problem and go on with that one.'),
    ('TREATMENT_COMPLETED', 'What was asked for is done', '{COMPLETE}', '{CLINICIAN}', false, true, true,
     'What was asked for is done.'),
    ('DISCHARGED', 'Discharged to the referrer', '{COMPLETE}', '{CLINICIAN}', false, true, true,
     'We have discharged the patient from our clinic.'),
    ('DID_NOT_ATTEND', 'Did not come, as a clinician reviewed', '{COMPLETE}', '{CLINICIAN}', true, true, true,
     'The appointments that were offered were not kept.'),
    ('NEW_INFORMATION', 'Something new is known', '{REOPEN}', '{CLINICIAN,RECEPTION,MANAGER}', true, false, false,
     'We are looking at this referral again.'),
    ('DECIDED_IN_ERROR', 'The decision was a mistake', '{REOPEN}', '{CLINICIAN,RECEPTION,MANAGER}', true, false, false,
     'We are looking at this referral again: please disregard our last letter about it.'),
    ('OTHER', 'Another reason', '{REQUEST_INFORMATION,DECLINE,REDIRECT,RETURN_WITH_ADVICE,COMPLETE,WITHDRAW,MERGE,REOPEN}', '{CLINICIAN,RECEPTION,MANAGER}', true, true, false,
     'Please ring us if you would like to know more.'))
    AS known (code, name, actions, allowed_roles, needs_comment, tells_referrer, tells_patient, words);

-- Referrals of before, in the new words. Whoever decided had taken it up.
ALTER TABLE referrals DROP CONSTRAINT referrals_decided_once;
UPDATE referrals
   SET reason_code = decline_reason::text, taken_up_at = decided_at, taken_up_by_id = decided_by_id,
       ended_at = CASE WHEN status = 'DECLINED' THEN decided_at END,
       ended_by_id = CASE WHEN status = 'DECLINED' THEN decided_by_id END
 WHERE decided_at IS NOT NULL;

INSERT INTO referral_events (id, referral_id, version, action, to_status, at, actor_id)
SELECT gen_random_uuid(), id, 0, 'RECEIVE', 'RECEIVED', recorded_at, recorded_by_id FROM referrals;
INSERT INTO referral_events (id, referral_id, version, action, from_status, to_status, at, actor_id, reason_code, comment)
SELECT gen_random_uuid(), id, greatest(version, 1), CASE status WHEN 'DECLINED' THEN 'DECLINE' ELSE 'ACCEPT' END::"ReferralAction",
       'RECEIVED', status, decided_at, decided_by_id, reason_code, decision_comment
  FROM referrals WHERE decided_at IS NOT NULL;

-- Those with a visit that stands are booked, since the first of these was.
WITH booked AS (
  SELECT DISTINCT ON (request.referral_id) request.referral_id, visit.id AS visit_id, visit.booked_at, visit.booked_by_id
    FROM visits visit
    JOIN visit_requests request ON request.id = visit.request_id
   WHERE visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED')
   ORDER BY request.referral_id, visit.booked_at, visit.id
), moved AS (
  UPDATE referrals SET status = 'BOOKED', version = greatest(version, 1) + 1
    FROM booked
   WHERE referrals.id = booked.referral_id AND referrals.status = 'ACCEPTED'
  RETURNING referrals.id, referrals.version, booked.visit_id, booked.booked_at, booked.booked_by_id
)
INSERT INTO referral_events (id, referral_id, version, action, from_status, to_status, at, actor_id, subject_id)
SELECT gen_random_uuid(), id, version, 'BOOK', 'ACCEPTED', 'BOOKED', booked_at, booked_by_id, visit_id FROM moved;

-- AlterTable
ALTER TABLE "referrals" DROP COLUMN "decline_reason";

-- DropEnum
DROP TYPE "ReferralDeclineReason";

-- How a referral stands and what is said of it agree.
ALTER TABLE referrals
  ADD CONSTRAINT referrals_fit_status CHECK (
    (status NOT IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED')
       OR (decided_at IS NULL AND accepted_for IS NULL AND reason_code IS NULL))
    AND (status NOT IN ('ACCEPTED', 'BOOKED', 'COMPLETED', 'REDIRECTED', 'DECLINED', 'RETURNED_WITH_ADVICE')
       OR decided_at IS NOT NULL)
    AND (decided_at IS NULL) = (decided_by_id IS NULL)
    AND (taken_up_at IS NULL) = (taken_up_by_id IS NULL)
    AND (status IN ('REDIRECTED', 'DECLINED', 'RETURNED_WITH_ADVICE', 'COMPLETED', 'WITHDRAWN', 'MERGED')) = (ended_at IS NOT NULL)
    AND (ended_at IS NULL) = (ended_by_id IS NULL)
    AND (status NOT IN ('DECLINED', 'WITHDRAWN') OR reason_code IS NOT NULL)
    AND (status = 'REDIRECTED') = (redirected_to IS NOT NULL)
    AND (status = 'RETURNED_WITH_ADVICE') = (advice IS NOT NULL)
    AND (status = 'COMPLETED') = (outcome IS NOT NULL)
    AND (status = 'MERGED') = (merged_into_id IS NOT NULL)
    AND (status = 'INFORMATION_REQUESTED') = (information_wanted IS NOT NULL));
ALTER TABLE referral_tellings
  ADD CONSTRAINT referral_tellings_say_something CHECK (words ~ '\S');
ALTER TABLE referral_reasons
  ADD CONSTRAINT referral_reasons_for_something CHECK (cardinality(actions) > 0 AND words ~ '\S');

-- A number belongs to one person. Other bodies than these may give the same number to two.
CREATE UNIQUE INDEX referrers_registration ON referrers (registration_body, registration)
  WHERE (registration IS NOT NULL AND registration_body IN ('GMC', 'HCPC', 'NMC'));
CREATE INDEX referrers_search_name ON referrers USING gin (search_name gin_trgm_ops);
-- The scanner shows a referrer as one DICOM Person Name component group.
ALTER TABLE referrers
  ADD CONSTRAINT referrers_name_fits_dicom
    CHECK (char_length(coalesce(title || ' ', '') || name) <= 64 AND name ~ '\S'
       AND (coalesce(title, '') || name) !~ '[\\^=[:cntrl:]]'),
  ADD CONSTRAINT referrers_registration_whole
    CHECK ((registration IS NULL) = (registration_body IS NULL)
       AND (registration_body IS DISTINCT FROM 'GMC' OR registration ~ '^[0-9]{7}$')),
  ADD CONSTRAINT referrers_ods_code CHECK (ods_code ~ '^[A-Z0-9]{3,8}$'),
  ADD CONSTRAINT referrers_phone_e164 CHECK (phone ~ '^[+][1-9][0-9]{6,14}$'),
  ADD CONSTRAINT referrers_are_not_patients CHECK (kind <> 'SELF'),
  ADD CONSTRAINT referrers_entitled_forwards CHECK (entitled_from <= entitled_until AND (is_entitled OR entitled_from IS NULL));

ALTER TABLE referral_complaints
  ADD CONSTRAINT referral_complaints_in_bounds
    CHECK (duration_weeks BETWEEN 0 AND 5200 AND nrs_average BETWEEN 0 AND 10 AND nrs_worst BETWEEN 0 AND 10
       AND nrs_average <= nrs_worst AND odi_percent BETWEEN 0 AND 100 AND (level_to IS NULL OR level_from IS NOT NULL));
ALTER TABLE referral_history_items
  ADD CONSTRAINT referral_history_items_day CHECK (happened_on ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$');
ALTER TABLE referral_authorisations
  ADD CONSTRAINT referral_authorisations_in_bounds
    CHECK (valid_from <= valid_until AND sessions > 0 AND amount_pence >= 0 AND excess_pence >= 0);

CREATE TRIGGER referral_events_append_only BEFORE UPDATE OR DELETE ON referral_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER referral_tellings_append_only BEFORE UPDATE OR DELETE ON referral_tellings FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A referral is booked while a visit of it stands, and waits to be booked again when none does. The database keeps that
-- itself, so that booking is no statement longer.
CREATE INDEX visit_requests_by_referral ON visit_requests (referral_id) WHERE (referral_id IS NOT NULL);

CREATE FUNCTION follow_visit_with_referral() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved record;
BEGIN
  IF NEW.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED') THEN
    UPDATE referrals SET status = 'BOOKED', version = version + 1
     WHERE id = (SELECT referral_id FROM visit_requests WHERE id = NEW.request_id) AND status = 'ACCEPTED'
    RETURNING id, version, 'BOOK'::"ReferralAction" AS action, 'ACCEPTED'::"ReferralStatus" AS before, status INTO moved;
  ELSE
    UPDATE referrals SET status = 'ACCEPTED', version = version + 1
     WHERE id = (SELECT referral_id FROM visit_requests WHERE id = NEW.request_id) AND status = 'BOOKED'
       AND NOT EXISTS (
         SELECT FROM visit_requests request
           JOIN visits visit ON visit.request_id = request.id
          WHERE request.referral_id = referrals.id AND visit.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'))
    RETURNING id, version, 'UNBOOK'::"ReferralAction" AS action, 'BOOKED'::"ReferralStatus" AS before, status INTO moved;
  END IF;
  IF FOUND THEN
    INSERT INTO referral_events (id, referral_id, version, action, from_status, to_status, at, actor_id, subject_id)
    VALUES (gen_random_uuid(), moved.id, moved.version, moved.action, moved.before, moved.status, NEW.changed_at,
            NEW.changed_by_id, NEW.id);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER visits_booked_followed AFTER INSERT ON visits FOR EACH ROW
  WHEN (NEW.request_id IS NOT NULL AND NEW.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'))
  EXECUTE FUNCTION follow_visit_with_referral();
CREATE TRIGGER visits_changed_followed AFTER UPDATE OF status ON visits FOR EACH ROW
  WHEN (NEW.request_id IS NOT NULL AND (OLD.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED'))
        <> (NEW.status IN ('BOOKED', 'ARRIVED', 'IN_PROGRESS', 'COMPLETED')))
  EXECUTE FUNCTION follow_visit_with_referral();

-- Of two visits of one referral that go away at once, the second sees the first gone: whoever makes a request wait again
-- has its referral from then on, before any claim is given back.
CREATE FUNCTION hold_referral_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM referrals WHERE id = NEW.referral_id FOR NO KEY UPDATE;
  RETURN NULL;
END $$;
CREATE TRIGGER visit_requests_hold_referral AFTER UPDATE OF status ON visit_requests FOR EACH ROW
  WHEN (OLD.status = 'BOOKED' AND NEW.status <> 'BOOKED' AND NEW.referral_id IS NOT NULL)
  EXECUTE FUNCTION hold_referral_of_request();

-- The scanner is shown nothing of how a referral stands: only what it is shown is noted.
DROP TRIGGER referrals_noted ON referrals;
CREATE TRIGGER referrals_noted AFTER UPDATE OF patient_id, referrer_name, priority ON referrals
  FOR EACH ROW EXECUTE FUNCTION note_worklist_change('referral', 'id');
