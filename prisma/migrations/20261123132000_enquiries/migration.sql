-- CreateEnum
CREATE TYPE "EnquiryChannel" AS ENUM ('WEB', 'TELEPHONE', 'VOICEMAIL', 'EMAIL', 'LETTER', 'WALK_IN');

-- CreateEnum
CREATE TYPE "EnquiryStatus" AS ENUM ('NEW', 'IN_HAND', 'ANSWERED', 'CONVERTED', 'CLOSED', 'SPAM');

-- CreateEnum
CREATE TYPE "EnquiryTime" AS ENUM ('WEEKDAY_MORNING', 'WEEKDAY_MIDDAY', 'WEEKDAY_AFTERNOON', 'WEEKDAY_EVENING', 'SATURDAY', 'ANY_TIME');

-- CreateEnum
CREATE TYPE "SafeToLeaveMessage" AS ENUM ('YES', 'NO', 'NOT_ASKED');

-- CreateEnum
CREATE TYPE "PainArea" AS ENUM ('LOWER_BACK', 'UPPER_BACK', 'NECK', 'BUTTOCK_OR_HIP', 'LEG', 'SHOULDER', 'ARM', 'KNEE', 'FOOT', 'HEAD_OR_FACE', 'CHEST_OR_ABDOMEN', 'PELVIS', 'WIDESPREAD', 'OTHER');

-- CreateEnum
CREATE TYPE "HeardOfUs" AS ENUM ('GP', 'OTHER_CLINICIAN', 'INSURER', 'FRIEND_OR_FAMILY', 'BEEN_BEFORE', 'SEARCH', 'SOCIAL_MEDIA', 'ADVERTISEMENT', 'OTHER');

-- CreateEnum
CREATE TYPE "EnquiryCloseReason" AS ENUM ('ANSWERED_FULLY', 'SENT_TO_EMERGENCY_CARE', 'NOT_OUR_SERVICE', 'WENT_ELSEWHERE', 'NO_LONGER_WANTED', 'CANNOT_BE_REACHED', 'DUPLICATE', 'OTHER');

-- CreateEnum
CREATE TYPE "EnquirySpamReason" AS ENUM ('HIDDEN_FIELD_FILLED', 'SENT_TOO_SOON', 'MARKED_BY_STAFF');

-- CreateEnum
CREATE TYPE "EnquiryMessageDirection" AS ENUM ('IN', 'OUT', 'NOTE');

-- CreateEnum
CREATE TYPE "RedFlagsAsked" AS ENUM ('ASKED', 'TO_ASK');

-- CreateEnum
CREATE TYPE "RedFlagKind" AS ENUM ('CAUDA_EQUINA', 'SERIOUS_PATHOLOGY');

-- CreateEnum
CREATE TYPE "RedFlagReply" AS ENUM ('YES', 'NO', 'NOT_SURE');

-- CreateEnum
CREATE TYPE "RedFlagBasis" AS ENUM ('ANSWERED', 'FREE_TEXT');

-- CreateEnum
CREATE TYPE "RedFlagAlertStatus" AS ENUM ('OPEN', 'CLOSED');

-- CreateTable
CREATE TABLE "enquiries" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "channel" "EnquiryChannel" NOT NULL,
    "status" "EnquiryStatus" NOT NULL DEFAULT 'NEW',
    "version" INTEGER NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID,
    "name" TEXT,
    "date_of_birth" DATE,
    "nhs_number" TEXT,
    "phone_as_entered" TEXT,
    "phone_e164" TEXT,
    "email" TEXT,
    "preferred_way" "ContactPreference",
    "best_times" "EnquiryTime"[],
    "best_times_text" TEXT,
    "safe_to_leave_message" "SafeToLeaveMessage" NOT NULL DEFAULT 'NOT_ASKED',
    "pain_areas" "PainArea"[],
    "pain_area_other" TEXT,
    "heard_of_us" "HeardOfUs",
    "heard_of_us_text" TEXT,
    "privacy_notice_id" UUID,
    "privacy_notice_ticked_at" TIMESTAMPTZ(3),
    "privacy_notice_by_id" UUID,
    "marketing_wording_id" UUID,
    "marketing_opted_in_at" TIMESTAMPTZ(3),
    "red_flags_asked" "RedFlagsAsked" NOT NULL,
    "red_flags_not_asked_why" TEXT,
    "claimed_by_id" UUID,
    "claimed_at" TIMESTAMPTZ(3),
    "patient_id" UUID,
    "close_reason" "EnquiryCloseReason",
    "close_comment" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "spam_reason" "EnquirySpamReason",
    "is_automatic" BOOLEAN NOT NULL DEFAULT false,
    "submission_key" TEXT,
    "form_shown_at" TIMESTAMPTZ(3),
    "source_address" TEXT,
    "user_agent" TEXT,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "enquiries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enquiry_messages" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "direction" "EnquiryMessageDirection" NOT NULL,
    "channel" "EnquiryChannel" NOT NULL,
    "text" TEXT NOT NULL,
    "subject" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" UUID,
    "email_message_id" TEXT,
    "in_reply_to" TEXT,
    "document_ids" UUID[],

    CONSTRAINT "enquiry_messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enquiry_events" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" "ActorKind" NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT,
    "action" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "enquiry_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "red_flag_questionnaires" (
    "id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "emergency_advice" TEXT NOT NULL,
    "watch_words" TEXT[],
    "sha256" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID,

    CONSTRAINT "red_flag_questionnaires_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "red_flag_questions" (
    "id" UUID NOT NULL,
    "questionnaire_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "code" TEXT NOT NULL,
    "kind" "RedFlagKind" NOT NULL,
    "wording" TEXT NOT NULL,

    CONSTRAINT "red_flag_questions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "red_flag_askings" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "questionnaire_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by_id" UUID,

    CONSTRAINT "red_flag_askings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "red_flag_answers" (
    "asking_id" UUID NOT NULL,
    "question_id" UUID NOT NULL,
    "answer" "RedFlagReply" NOT NULL,

    CONSTRAINT "red_flag_answers_pkey" PRIMARY KEY ("asking_id", "question_id")
);

-- CreateTable
CREATE TABLE "red_flag_alerts" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "asking_id" UUID,
    "basis" "RedFlagBasis" NOT NULL,
    "codes" TEXT[],
    "status" "RedFlagAlertStatus" NOT NULL DEFAULT 'OPEN',
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "closing_note" TEXT,
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "reminded_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "red_flag_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enquiry_form_keys" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "secret" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "enquiry_form_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "enquiries_reference_key" ON "enquiries"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "enquiries_submission_key_key" ON "enquiries"("submission_key");

-- CreateIndex
CREATE INDEX "enquiries_status_received_at_idx" ON "enquiries"("status", "received_at");

-- CreateIndex
CREATE INDEX "enquiries_received_at_id_idx" ON "enquiries"("received_at", "id");

-- CreateIndex
CREATE INDEX "enquiries_phone_e164_idx" ON "enquiries"("phone_e164");

-- CreateIndex
CREATE INDEX "enquiries_nhs_number_idx" ON "enquiries"("nhs_number");

-- CreateIndex
CREATE INDEX "enquiries_patient_id_idx" ON "enquiries"("patient_id");

-- CreateIndex
CREATE INDEX "enquiries_claimed_by_id_idx" ON "enquiries"("claimed_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "enquiry_messages_email_message_id_key" ON "enquiry_messages"("email_message_id");

-- CreateIndex
CREATE INDEX "enquiry_messages_enquiry_id_at_idx" ON "enquiry_messages"("enquiry_id", "at");

-- CreateIndex
CREATE INDEX "enquiry_events_enquiry_id_at_idx" ON "enquiry_events"("enquiry_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "red_flag_questionnaires_version_key" ON "red_flag_questionnaires"("version");

-- CreateIndex
CREATE INDEX "red_flag_questionnaires_effective_from_idx" ON "red_flag_questionnaires"("effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "red_flag_questions_questionnaire_id_code_key" ON "red_flag_questions"("questionnaire_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "red_flag_questions_questionnaire_id_position_key" ON "red_flag_questions"("questionnaire_id", "position");

-- CreateIndex
CREATE INDEX "red_flag_askings_enquiry_id_asked_at_idx" ON "red_flag_askings"("enquiry_id", "asked_at");

-- CreateIndex
CREATE INDEX "red_flag_alerts_enquiry_id_idx" ON "red_flag_alerts"("enquiry_id");

-- CreateIndex
CREATE INDEX "red_flag_alerts_status_raised_at_idx" ON "red_flag_alerts"("status", "raised_at");

-- AddForeignKey
ALTER TABLE "enquiries" ADD CONSTRAINT "enquiries_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiries" ADD CONSTRAINT "enquiries_privacy_notice_id_fkey" FOREIGN KEY ("privacy_notice_id") REFERENCES "consent_wordings"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiries" ADD CONSTRAINT "enquiries_marketing_wording_id_fkey" FOREIGN KEY ("marketing_wording_id") REFERENCES "consent_wordings"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_messages" ADD CONSTRAINT "enquiry_messages_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enquiry_events" ADD CONSTRAINT "enquiry_events_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_questions" ADD CONSTRAINT "red_flag_questions_questionnaire_id_fkey" FOREIGN KEY ("questionnaire_id") REFERENCES "red_flag_questionnaires"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_askings" ADD CONSTRAINT "red_flag_askings_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_askings" ADD CONSTRAINT "red_flag_askings_questionnaire_id_fkey" FOREIGN KEY ("questionnaire_id") REFERENCES "red_flag_questionnaires"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_answers" ADD CONSTRAINT "red_flag_answers_asking_id_fkey" FOREIGN KEY ("asking_id") REFERENCES "red_flag_askings"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_answers" ADD CONSTRAINT "red_flag_answers_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "red_flag_questions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_alerts" ADD CONSTRAINT "red_flag_alerts_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "red_flag_alerts" ADD CONSTRAINT "red_flag_alerts_asking_id_fkey" FOREIGN KEY ("asking_id") REFERENCES "red_flag_askings"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say.

-- A tick has its time, and the other way round; so has an opt-in.
ALTER TABLE enquiries
  ADD CONSTRAINT enquiries_notice_ticked CHECK ((privacy_notice_id IS NULL) = (privacy_notice_ticked_at IS NULL)),
  ADD CONSTRAINT enquiries_marketing_opted_in CHECK ((marketing_wording_id IS NULL) = (marketing_opted_in_at IS NULL)),
  -- What comes through the website has been ticked there, and was asked about red flags there.
  ADD CONSTRAINT enquiries_web_ticked CHECK (channel <> 'WEB' OR (privacy_notice_id IS NOT NULL AND red_flags_asked = 'ASKED')),
  -- On channels where somebody is spoken to, they are asked. Only a letter, an e-mail or a voicemail may wait.
  ADD CONSTRAINT enquiries_red_flags_asked CHECK (
    red_flags_asked = 'ASKED' OR (channel IN ('VOICEMAIL', 'EMAIL', 'LETTER') AND red_flags_not_asked_why IS NOT NULL)),
  ADD CONSTRAINT enquiries_claimed CHECK ((claimed_by_id IS NULL) = (claimed_at IS NULL)),
  ADD CONSTRAINT enquiries_closed_with_reason CHECK ((status = 'CLOSED') = (close_reason IS NOT NULL)),
  ADD CONSTRAINT enquiries_closed_by_somebody CHECK (
    (close_reason IS NULL) = (closed_at IS NULL) AND (close_reason IS NULL) = (closed_by_id IS NULL)),
  ADD CONSTRAINT enquiries_spam_with_reason CHECK ((status = 'SPAM') = (spam_reason IS NOT NULL)),
  ADD CONSTRAINT enquiries_phone_e164 CHECK (phone_e164 ~ '^\+[1-9][0-9]{6,14}$');

-- Staff look for somebody by any part of a name, whatever its accents, by e-mail whatever its case.
CREATE INDEX enquiries_search_name ON enquiries USING gin (facet_search_name(name) gin_trgm_ops);
CREATE INDEX enquiries_lower_email ON enquiries (lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX enquiry_messages_text ON enquiry_messages USING gin (facet_fold(text) gin_trgm_ops);
-- Those that have to be asked still.
CREATE INDEX enquiries_red_flags_to_ask ON enquiries (received_at) WHERE (red_flags_asked = 'TO_ASK');

-- An alert is closed by somebody, at some time, in words; never half.
ALTER TABLE red_flag_alerts
  ADD CONSTRAINT red_flag_alerts_closed_in_words CHECK (
    (status = 'CLOSED') = (closed_at IS NOT NULL) AND (status = 'CLOSED') = (closed_by_id IS NOT NULL)
    AND (status = 'CLOSED') = (closing_note IS NOT NULL) AND (closing_note IS NULL OR btrim(closing_note) <> '')),
  ADD CONSTRAINT red_flag_alerts_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)),
  ADD CONSTRAINT red_flag_alerts_say_why CHECK (cardinality(codes) > 0);
CREATE INDEX red_flag_alerts_open ON red_flag_alerts (raised_at) WHERE (status = 'OPEN');

ALTER TABLE enquiry_form_keys ADD CONSTRAINT enquiry_form_keys_one CHECK (id = 1);

CREATE TRIGGER enquiry_events_append_only BEFORE UPDATE OR DELETE ON enquiry_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER enquiry_events_no_truncate BEFORE TRUNCATE ON enquiry_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER red_flag_questionnaires_append_only BEFORE UPDATE OR DELETE ON red_flag_questionnaires FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER red_flag_questionnaires_no_truncate BEFORE TRUNCATE ON red_flag_questionnaires FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER red_flag_questions_append_only BEFORE UPDATE OR DELETE ON red_flag_questions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER red_flag_questions_no_truncate BEFORE TRUNCATE ON red_flag_questions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER red_flag_answers_no_edit BEFORE UPDATE ON red_flag_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
