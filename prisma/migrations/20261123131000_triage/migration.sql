-- CreateEnum
CREATE TYPE "TriageEventKind" AS ENUM ('CLAIMED', 'TAKEN_OVER', 'RELEASED', 'ASSIGNED', 'UNASSIGNED', 'PRIORITY_CHANGED', 'ESCALATED', 'MERGED_IN', 'MERGE_UNDONE', 'RTT_FIRST_TREATMENT', 'RTT_ACTIVE_MONITORING', 'RTT_NOT_TO_TREAT', 'RTT_PATIENT_DECLINED', 'RTT_NEW_START', 'RTT_RECORDED_IN_ERROR');

-- CreateEnum
CREATE TYPE "AdviceStatus" AS ENUM ('OPEN', 'ANSWERED', 'CLOSED', 'CONVERTED');

-- CreateEnum
CREATE TYPE "AdviceDirection" AS ENUM ('FROM_REFERRER', 'TO_REFERRER');

-- CreateEnum
CREATE TYPE "AdviceMethod" AS ENUM ('LETTER', 'TELEPHONE', 'EMAIL');

-- AlterTable
ALTER TABLE "referrals" ADD COLUMN     "assigned_at" TIMESTAMPTZ(3),
ADD COLUMN     "assigned_to_id" UUID,
ADD COLUMN     "claim_active_at" TIMESTAMPTZ(3),
ADD COLUMN     "claimed_by_id" UUID,
ADD COLUMN     "due_on" DATE,
ADD COLUMN     "due_policy_id" UUID,
ADD COLUMN     "escalated_at" TIMESTAMPTZ(3),
ADD COLUMN     "escalations_count" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "triage_policies" (
    "id" UUID NOT NULL,
    "priority" "ReferralPriority" NOT NULL,
    "triage_days" INTEGER NOT NULL,
    "information_days" INTEGER NOT NULL,
    "advice_days" INTEGER NOT NULL,
    "escalation_days" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "reason" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "triage_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "triage_events" (
    "id" UUID NOT NULL,
    "referral_id" UUID NOT NULL,
    "kind" "TriageEventKind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "staff_id" UUID,
    "reason" TEXT,
    "from_priority" "ReferralPriority",
    "to_priority" "ReferralPriority",
    "from_due_on" DATE,
    "to_due_on" DATE,
    "happened_on" DATE,
    "subject_id" UUID,

    CONSTRAINT "triage_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referral_merges" (
    "id" UUID NOT NULL,
    "kept_id" UUID NOT NULL,
    "merged_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "merged_at" TIMESTAMPTZ(3) NOT NULL,
    "merged_by_id" UUID NOT NULL,
    "merged_status" "ReferralStatus" NOT NULL,
    "kept_received_on" DATE NOT NULL,
    "kept_due_on" DATE,
    "kept_due_policy_id" UUID,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by_id" UUID,
    "undo_reason" TEXT,

    CONSTRAINT "referral_merges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "advice_threads" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "status" "AdviceStatus" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "priority" "ReferralPriority" NOT NULL,
    "source" "ReferralSource" NOT NULL,
    "service_code" TEXT,
    "referrer_id" UUID,
    "referrer_name" TEXT NOT NULL,
    "referrer_organisation" TEXT,
    "referrer_registration" TEXT,
    "referrer_email" TEXT,
    "patient_id" UUID,
    "patient_name" TEXT,
    "patient_date_of_birth" DATE,
    "patient_nhs_number" TEXT,
    "asked_on" DATE NOT NULL,
    "due_on" DATE NOT NULL,
    "due_policy_id" UUID NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_by_id" UUID NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "close_reason" TEXT,
    "referral_id" UUID,

    CONSTRAINT "advice_threads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "advice_messages" (
    "id" UUID NOT NULL,
    "thread_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "direction" "AdviceDirection" NOT NULL,
    "method" "AdviceMethod" NOT NULL,
    "text" TEXT NOT NULL,
    "happened_on" DATE NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "advice_messages_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "triage_policies_priority_effective_from_key" ON "triage_policies"("priority", "effective_from");

-- CreateIndex
CREATE INDEX "triage_events_referral_id_at_idx" ON "triage_events"("referral_id", "at");

-- CreateIndex
CREATE INDEX "referral_merges_kept_id_idx" ON "referral_merges"("kept_id");

-- CreateIndex
CREATE INDEX "referral_merges_merged_id_idx" ON "referral_merges"("merged_id");

-- CreateIndex
CREATE UNIQUE INDEX "advice_threads_reference_key" ON "advice_threads"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "advice_threads_referral_id_key" ON "advice_threads"("referral_id");

-- CreateIndex
CREATE INDEX "advice_threads_patient_id_idx" ON "advice_threads"("patient_id");

-- CreateIndex
CREATE INDEX "advice_threads_referrer_id_idx" ON "advice_threads"("referrer_id");

-- CreateIndex
CREATE INDEX "advice_threads_status_due_on_idx" ON "advice_threads"("status", "due_on");

-- CreateIndex
CREATE UNIQUE INDEX "advice_messages_thread_id_position_key" ON "advice_messages"("thread_id", "position");

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_due_policy_id_fkey" FOREIGN KEY ("due_policy_id") REFERENCES "triage_policies"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "triage_events" ADD CONSTRAINT "triage_events_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_merges" ADD CONSTRAINT "referral_merges_kept_id_fkey" FOREIGN KEY ("kept_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referral_merges" ADD CONSTRAINT "referral_merges_merged_id_fkey" FOREIGN KEY ("merged_id") REFERENCES "referrals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_threads" ADD CONSTRAINT "advice_threads_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_threads" ADD CONSTRAINT "advice_threads_service_code_fkey" FOREIGN KEY ("service_code") REFERENCES "referral_services"("code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_threads" ADD CONSTRAINT "advice_threads_referrer_id_fkey" FOREIGN KEY ("referrer_id") REFERENCES "referrers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_threads" ADD CONSTRAINT "advice_threads_due_policy_id_fkey" FOREIGN KEY ("due_policy_id") REFERENCES "triage_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_threads" ADD CONSTRAINT "advice_threads_referral_id_fkey" FOREIGN KEY ("referral_id") REFERENCES "referrals"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "advice_messages" ADD CONSTRAINT "advice_messages_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "advice_threads"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.

ALTER TABLE triage_policies
  ADD CONSTRAINT triage_policies_in_bounds
    CHECK (least(triage_days, information_days, advice_days, escalation_days) >= 1
       AND greatest(triage_days, information_days, advice_days, escalation_days) <= 60);
CREATE TRIGGER triage_policies_append_only BEFORE UPDATE OR DELETE ON triage_policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER triage_policies_no_truncate BEFORE TRUNCATE ON triage_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A claim is somebody's and has its time, or there is none; the same of an assignment and of an escalation.
ALTER TABLE referrals
  ADD CONSTRAINT referrals_claim_whole CHECK ((claimed_by_id IS NULL) = (claim_active_at IS NULL)),
  ADD CONSTRAINT referrals_assignment_whole CHECK ((assigned_to_id IS NULL) = (assigned_at IS NULL)),
  ADD CONSTRAINT referrals_escalation_whole CHECK ((escalated_at IS NULL) = (escalations_count = 0)),
  ADD CONSTRAINT referrals_due_promised CHECK ((due_on IS NULL) = (due_policy_id IS NULL));
-- The queue: what is undecided, by the day on which it is due.
CREATE INDEX referrals_undecided ON referrals (due_on, id) WHERE (status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED'));
-- What is open of a patient, for the question whether a referral is here already.
CREATE INDEX referrals_open_of_patient ON referrals (patient_id, service_code)
  WHERE (status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED', 'ACCEPTED', 'BOOKED'));

-- What counts for the waiting time has a day, and nothing else has one.
ALTER TABLE triage_events
  ADD CONSTRAINT triage_events_day_of_clock
    CHECK ((happened_on IS NOT NULL) = (kind IN ('RTT_FIRST_TREATMENT', 'RTT_ACTIVE_MONITORING', 'RTT_NOT_TO_TREAT', 'RTT_PATIENT_DECLINED', 'RTT_NEW_START')));

-- A referral is merged into one other at a time, never into itself, and taken back once, with a reason.
CREATE UNIQUE INDEX referral_merges_one_standing ON referral_merges (merged_id) WHERE (undone_at IS NULL);
ALTER TABLE referral_merges
  ADD CONSTRAINT referral_merges_of_two CHECK (kept_id <> merged_id),
  ADD CONSTRAINT referral_merges_undone_whole
    CHECK ((undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undo_reason IS NULL));

-- A thread is about a patient who is known, or about somebody of whom the referrer says something; it is over with a
-- reason, or with the referral that came of it.
ALTER TABLE advice_threads
  ADD CONSTRAINT advice_threads_about_somebody
    CHECK (patient_id IS NOT NULL OR patient_name IS NOT NULL OR patient_nhs_number IS NOT NULL),
  ADD CONSTRAINT advice_threads_nhs_number_digits CHECK (patient_nhs_number ~ '^[0-9]{10}$'),
  ADD CONSTRAINT advice_threads_ended_whole
    CHECK ((status IN ('CLOSED', 'CONVERTED')) = (closed_at IS NOT NULL)
       AND (closed_at IS NULL) = (closed_by_id IS NULL)
       AND (status = 'CLOSED') = (close_reason IS NOT NULL)
       AND (status = 'CONVERTED') = (referral_id IS NOT NULL)),
  ADD CONSTRAINT advice_threads_converted_for_patient CHECK (referral_id IS NULL OR patient_id IS NOT NULL);
ALTER TABLE advice_messages ADD CONSTRAINT advice_messages_in_order CHECK (position >= 0);

-- What happened and what was said is never rewritten. A lawful destruction takes a thread with all that was said in it.
CREATE TRIGGER triage_events_append_only BEFORE UPDATE OR DELETE ON triage_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_change_of_advice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM advice_threads thread
        WHERE thread.id = OLD.thread_id AND destruction_reaches('advice_threads', to_jsonb(thread))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP)
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER advice_messages_append_only BEFORE UPDATE OR DELETE ON advice_messages FOR EACH ROW EXECUTE FUNCTION refuse_change_of_advice();

-- What a clinic begins with. It sets its own by adding rows.
INSERT INTO triage_policies (id, priority, triage_days, information_days, advice_days, escalation_days, effective_from, reason, set_at)
VALUES
  ('0193b000-0000-7000-8000-000000000001', 'ROUTINE', 5, 10, 5, 2, '2000-01-01', 'What the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000002', 'URGENT', 2, 3, 2, 1, '2000-01-01', 'What the system begins with.', '2000-01-01T00:00:00Z'),
  ('0193b000-0000-7000-8000-000000000003', 'TWO_WEEK_WAIT', 1, 1, 1, 1, '2000-01-01', 'What the system begins with.', '2000-01-01T00:00:00Z');

-- What waited before gets the same promise as if it came today: the n-th working day after its arrival.
UPDATE referrals SET due_policy_id = policy.id, due_on = (
    SELECT day::date FROM generate_series(received_on + 1, received_on + 60, interval '1 day') AS day
     WHERE extract(isodow FROM day) < 6 AND day::date NOT IN (SELECT held_on FROM bank_holidays)
     ORDER BY day OFFSET policy.triage_days - 1 LIMIT 1)
  FROM triage_policies policy
 WHERE policy.priority = referrals.priority AND referrals.status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED');
-- Each of them is looked at as soon as somebody works; whoever looks judges the day and comes again.
INSERT INTO outbox_messages (id, topic, subject_id, version, posted_at, due_at)
SELECT gen_random_uuid(), 'referral.due', id, version, now(), now()
  FROM referrals WHERE status IN ('RECEIVED', 'BEING_TRIAGED', 'INFORMATION_REQUESTED');
