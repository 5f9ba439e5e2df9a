-- CreateEnum
CREATE TYPE "CallBackKind" AS ENUM ('VOICEMAIL', 'MISSED_CALL', 'ASKED_FOR');

-- CreateEnum
CREATE TYPE "CallBackStatus" AS ENUM ('WAITING', 'REACHED', 'CLOSED');

-- CreateEnum
CREATE TYPE "CallBackPriority" AS ENUM ('NORMAL', 'RED_FLAG');

-- CreateEnum
CREATE TYPE "CallBackAttemptOutcome" AS ENUM ('SPOKE', 'NO_ANSWER', 'ENGAGED', 'LEFT_MESSAGE', 'WRONG_NUMBER', 'ASKED_TO_RING_LATER');

-- CreateEnum
CREATE TYPE "CallBackOutcome" AS ENUM ('CONVERTED', 'NO_FURTHER_ACTION', 'UNREACHABLE');

-- CreateEnum
CREATE TYPE "CallBackLetter" AS ENUM ('POSTED', 'EMAILED', 'NO_ADDRESS');

-- CreateTable
CREATE TABLE "call_backs" (
    "id" UUID NOT NULL,
    "enquiry_id" UUID NOT NULL,
    "status" "CallBackStatus" NOT NULL DEFAULT 'WAITING',
    "priority" "CallBackPriority" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "phone_as_entered" TEXT,
    "phone_e164" TEXT,
    "call_count" INTEGER NOT NULL DEFAULT 1,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "called_at" TIMESTAMPTZ(3) NOT NULL,
    "last_called_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "escalate_at" TIMESTAMPTZ(3),
    "escalations" INTEGER NOT NULL DEFAULT 0,
    "claimed_by_id" UUID,
    "claimed_until" TIMESTAMPTZ(3),
    "reached_at" TIMESTAMPTZ(3),
    "outcome" "CallBackOutcome",
    "outcome_comment" TEXT,
    "letter" "CallBackLetter",
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,

    CONSTRAINT "call_backs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_back_calls" (
    "id" UUID NOT NULL,
    "call_back_id" UUID NOT NULL,
    "kind" "CallBackKind" NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID,
    "name" TEXT,
    "said" TEXT,

    CONSTRAINT "call_back_calls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_back_attempts" (
    "id" UUID NOT NULL,
    "call_back_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by_id" UUID NOT NULL,
    "outcome" "CallBackAttemptOutcome" NOT NULL,
    "phone_as_entered" TEXT,
    "ring_again_at" TIMESTAMPTZ(3),
    "note" TEXT,

    CONSTRAINT "call_back_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_back_policies" (
    "effective_from" DATE NOT NULL,
    "normal_minutes" INTEGER NOT NULL,
    "red_flag_minutes" INTEGER NOT NULL,
    "attempts_max" INTEGER NOT NULL,
    "pause_minutes" INTEGER NOT NULL,
    "escalate_after_minutes" INTEGER NOT NULL,
    "red_flag_escalate_after_minutes" INTEGER NOT NULL,
    "claim_minutes" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "call_back_policies_pkey" PRIMARY KEY ("effective_from")
);

-- CreateIndex
CREATE INDEX "call_backs_enquiry_id_idx" ON "call_backs"("enquiry_id");

-- CreateIndex
CREATE INDEX "call_backs_status_due_at_idx" ON "call_backs"("status", "due_at");

-- CreateIndex
CREATE INDEX "call_back_calls_call_back_id_received_at_idx" ON "call_back_calls"("call_back_id", "received_at");

-- CreateIndex
CREATE INDEX "call_back_attempts_call_back_id_made_at_idx" ON "call_back_attempts"("call_back_id", "made_at");

-- AddForeignKey
ALTER TABLE "call_backs" ADD CONSTRAINT "call_backs_enquiry_id_fkey" FOREIGN KEY ("enquiry_id") REFERENCES "enquiries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_back_calls" ADD CONSTRAINT "call_back_calls_call_back_id_fkey" FOREIGN KEY ("call_back_id") REFERENCES "call_backs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_back_attempts" ADD CONSTRAINT "call_back_attempts_call_back_id_fkey" FOREIGN KEY ("call_back_id") REFERENCES "call_backs"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

-- Whoever rings twice is rung back once, and whoever shares their telephone for themselves: calls from one number come one
-- after another in the application. Withheld numbers are nobody's, and not joined.
CREATE UNIQUE INDEX call_backs_one_open_per_number ON call_backs (phone_e164, enquiry_id) WHERE (status <> 'CLOSED');
CREATE INDEX call_backs_waiting ON call_backs (escalate_at) WHERE (status = 'WAITING');

ALTER TABLE call_backs
  ADD CONSTRAINT call_backs_phone_e164 CHECK (
    phone_e164 ~ '^\+[1-9][0-9]{6,14}$' AND (phone_e164 IS NULL OR phone_as_entered IS NOT NULL)),
  ADD CONSTRAINT call_backs_counts CHECK (call_count >= 1 AND attempt_count >= 0 AND escalations >= 0),
  ADD CONSTRAINT call_backs_in_order CHECK (called_at <= last_called_at),
  ADD CONSTRAINT call_backs_claimed_whole CHECK (
    (claimed_by_id IS NULL) = (claimed_until IS NULL) AND (status <> 'CLOSED' OR claimed_by_id IS NULL)),
  -- Nobody waits unwatched, and nobody is told of somebody who does not wait.
  ADD CONSTRAINT call_backs_watched CHECK ((status = 'WAITING') = (escalate_at IS NOT NULL)),
  ADD CONSTRAINT call_backs_reached CHECK ((status = 'REACHED') <= (reached_at IS NOT NULL)),
  ADD CONSTRAINT call_backs_closed_whole CHECK (
    (status = 'CLOSED') = (outcome IS NOT NULL) AND (status = 'CLOSED') = (closed_at IS NOT NULL)
    AND (status = 'CLOSED') = (closed_by_id IS NOT NULL)),
  ADD CONSTRAINT call_backs_closed_in_words CHECK (
    outcome IS DISTINCT FROM 'NO_FURTHER_ACTION' OR btrim(coalesce(outcome_comment, '')) <> ''),
  ADD CONSTRAINT call_backs_written_to CHECK ((outcome IS NOT DISTINCT FROM 'UNREACHABLE') = (letter IS NOT NULL));
ALTER TABLE call_back_attempts
  ADD CONSTRAINT call_back_attempts_ring_again CHECK (ring_again_at IS NULL OR outcome = 'ASKED_TO_RING_LATER');
ALTER TABLE call_back_policies
  ADD CONSTRAINT call_back_policies_in_bounds CHECK (
    normal_minutes BETWEEN 1 AND 10080 AND red_flag_minutes BETWEEN 0 AND 240 AND attempts_max BETWEEN 1 AND 20
    AND pause_minutes BETWEEN 1 AND 10080 AND escalate_after_minutes BETWEEN 0 AND 10080
    AND red_flag_escalate_after_minutes BETWEEN 0 AND 240 AND claim_minutes BETWEEN 1 AND 480);

-- What was said and tried is added to, never rewritten.
CREATE TRIGGER call_back_calls_no_edit BEFORE UPDATE ON call_back_calls FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER call_back_attempts_no_edit BEFORE UPDATE ON call_back_attempts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER call_back_policies_append_only BEFORE UPDATE OR DELETE ON call_back_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER call_back_policies_no_truncate BEFORE TRUNCATE ON call_back_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One working day of the first desk hours; three attempts, two hours apart.
INSERT INTO call_back_policies (effective_from, normal_minutes, red_flag_minutes, attempts_max, pause_minutes,
  escalate_after_minutes, red_flag_escalate_after_minutes, claim_minutes, reason, set_at)
VALUES ('2000-01-01', 600, 0, 3, 120, 0, 15, 30, 'The service level with which the system begins.', '2000-01-01T00:00:00Z');
