-- Questionnaires and scales as patients answer them, the tasks that an answer raises, and the words that the clinic may show.

-- Numbers that the clinic gives out. A sequence leaves gaps when a transaction rolls back; it never repeats.
CREATE SEQUENCE risk_task_number AS bigint MINVALUE 1 MAXVALUE 9999999 NO CYCLE;

-- CreateEnum
CREATE TYPE "OutcomeInstrument" AS ENUM ('NRS', 'ODI', 'PHQ9', 'GAD7', 'PSEQ');

-- CreateEnum
CREATE TYPE "ScoreMode" AS ENUM ('PAPER', 'IN_PERSON', 'TELEPHONE', 'ONLINE');

-- CreateEnum
CREATE TYPE "NrsPeriod" AS ENUM ('NOW', 'PAST_DAY_AVERAGE', 'PAST_WEEK_AVERAGE', 'PAST_WEEK_WORST');

-- CreateEnum
CREATE TYPE "RiskTaskStatus" AS ENUM ('OPEN', 'CLAIMED', 'CLOSED');

-- CreateEnum
CREATE TYPE "RiskTaskEventKind" AS ENUM ('CLAIMED', 'RELEASED', 'NOTED');

-- CreateTable
CREATE TABLE "outcome_scores" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "patient_id" UUID NOT NULL,
    "instrument" "OutcomeInstrument" NOT NULL,
    "instrument_version" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "scoring_version" INTEGER NOT NULL,
    "mode" "ScoreMode" NOT NULL,
    "period" "NrsPeriod",
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "answers" JSONB NOT NULL,
    "missing_count" INTEGER NOT NULL,
    "total" DOUBLE PRECISION,
    "is_void" BOOLEAN NOT NULL DEFAULT false,
    "replaces_id" UUID,
    "reason" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_by_id" UUID NOT NULL,

    CONSTRAINT "outcome_scores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "risk_tasks" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL DEFAULT ('K'::text || lpad((nextval('risk_task_number'::regclass))::text, 7, '0'::text)),
    "patient_id" UUID NOT NULL,
    "score_id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "answer" INTEGER NOT NULL,
    "status" "RiskTaskStatus" NOT NULL DEFAULT 'OPEN',
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "raised_by_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "policy_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "claimed_by_id" UUID,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "closing_note" TEXT,
    "escalated_at" TIMESTAMPTZ(3),
    "escalations_count" INTEGER NOT NULL DEFAULT 0,
    "alert_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "risk_tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "risk_task_events" (
    "id" UUID NOT NULL,
    "risk_task_id" UUID NOT NULL,
    "kind" "RiskTaskEventKind" NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "by_id" UUID NOT NULL,

    CONSTRAINT "risk_task_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "risk_task_policies" (
    "id" UUID NOT NULL,
    "claim_within_minutes" INTEGER NOT NULL,
    "close_within_minutes" INTEGER NOT NULL,
    "repeat_minutes" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "risk_task_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instrument_wordings" (
    "id" UUID NOT NULL,
    "instrument" "OutcomeInstrument" NOT NULL,
    "language" TEXT NOT NULL,
    "instrument_version" TEXT NOT NULL,
    "licence_holder" TEXT NOT NULL,
    "licence_reference" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_until" DATE,
    "instruction" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "entered_by_id" UUID NOT NULL,
    "ended_on" DATE,
    "ended_at" TIMESTAMPTZ(3),
    "ended_by_id" UUID,
    "end_reason" TEXT,

    CONSTRAINT "instrument_wordings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outcome_scores_replaces_id_key" ON "outcome_scores"("replaces_id");

-- CreateIndex
CREATE INDEX "outcome_scores_patient_id_instrument_taken_at_idx" ON "outcome_scores"("patient_id", "instrument", "taken_at");

-- CreateIndex
CREATE UNIQUE INDEX "outcome_scores_entry_id_version_key" ON "outcome_scores"("entry_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "risk_tasks_reference_key" ON "risk_tasks"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "risk_tasks_score_id_key" ON "risk_tasks"("score_id");

-- CreateIndex
CREATE INDEX "risk_tasks_patient_id_idx" ON "risk_tasks"("patient_id");

-- CreateIndex
CREATE INDEX "risk_tasks_entry_id_idx" ON "risk_tasks"("entry_id");

-- CreateIndex
CREATE INDEX "risk_task_events_risk_task_id_id_idx" ON "risk_task_events"("risk_task_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "risk_task_policies_effective_from_key" ON "risk_task_policies"("effective_from");

-- CreateIndex
CREATE INDEX "instrument_wordings_instrument_language_idx" ON "instrument_wordings"("instrument", "language");

-- AddForeignKey
ALTER TABLE "outcome_scores" ADD CONSTRAINT "outcome_scores_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome_scores" ADD CONSTRAINT "outcome_scores_replaces_id_fkey" FOREIGN KEY ("replaces_id") REFERENCES "outcome_scores"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "risk_tasks" ADD CONSTRAINT "risk_tasks_patient_id_fkey" FOREIGN KEY ("patient_id") REFERENCES "patients"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_tasks" ADD CONSTRAINT "risk_tasks_score_id_fkey" FOREIGN KEY ("score_id") REFERENCES "outcome_scores"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_tasks" ADD CONSTRAINT "risk_tasks_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "risk_task_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "risk_task_events" ADD CONSTRAINT "risk_task_events_risk_task_id_fkey" FOREIGN KEY ("risk_task_id") REFERENCES "risk_tasks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What can be marked on each form: so many items, whole numbers from 0 to the highest box. Two boxes of one item only where the
-- published rule says which counts.
CREATE FUNCTION outcome_answers_possible(instrument "OutcomeInstrument", answers jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN jsonb_typeof(answers) <> 'array' THEN false ELSE
    jsonb_array_length(answers) = CASE instrument WHEN 'NRS' THEN 1 WHEN 'PHQ9' THEN 9 WHEN 'GAD7' THEN 7 ELSE 10 END
    AND NOT EXISTS (
      SELECT FROM jsonb_array_elements(answers) AS item
       WHERE CASE WHEN jsonb_typeof(item) <> 'array' THEN true ELSE
         (instrument <> 'ODI' AND jsonb_array_length(item) > 1)
         OR EXISTS (
           SELECT FROM jsonb_array_elements(item) AS mark
            WHERE CASE WHEN jsonb_typeof(mark) <> 'number' THEN true ELSE
              mark::numeric <> trunc(mark::numeric)
              OR mark::numeric NOT BETWEEN 0 AND CASE instrument WHEN 'NRS' THEN 10 WHEN 'ODI' THEN 5 WHEN 'PSEQ' THEN 6 ELSE 3 END
              END)
         END)
    END
$$;
CREATE FUNCTION outcome_items_missing(answers jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT count(*)::integer FROM jsonb_array_elements(answers) AS item WHERE item = '[]'::jsonb
$$;

-- What was answered is a row that stays; what is put right says why. A figure of pain says which time it is about.
ALTER TABLE outcome_scores
  ADD CONSTRAINT outcome_scores_answers_possible CHECK (outcome_answers_possible(instrument, answers)),
  ADD CONSTRAINT outcome_scores_missing_counted CHECK (
    CASE WHEN outcome_answers_possible(instrument, answers) THEN missing_count = outcome_items_missing(answers) ELSE false END),
  ADD CONSTRAINT outcome_scores_total_in_bounds CHECK (
    coalesce(total BETWEEN 0 AND CASE instrument WHEN 'NRS' THEN 10 WHEN 'ODI' THEN 100 WHEN 'PHQ9' THEN 27 WHEN 'GAD7' THEN 21 ELSE 60 END, true)),
  ADD CONSTRAINT outcome_scores_period_of_nrs CHECK ((instrument = 'NRS') = (period IS NOT NULL)),
  ADD CONSTRAINT outcome_scores_taken_before CHECK (taken_at <= recorded_at),
  ADD CONSTRAINT outcome_scores_named CHECK (instrument_version ~ '\S' AND language ~ '\S' AND scoring_version >= 1),
  ADD CONSTRAINT outcome_scores_first_or_reasoned CHECK (
    version >= 1 AND (version = 1) = (replaces_id IS NULL) AND (version = 1) = (reason IS NULL) AND (version = 1) = (entry_id = id)
    AND (version > 1 OR NOT is_void) AND (reason IS NULL OR reason ~ '\S'));

-- A correction stands in the place of the newest row of the same answers, of the same patient; what was taken back stays so.
CREATE FUNCTION outcome_score_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM outcome_scores was
        WHERE was.id = NEW.replaces_id AND was.entry_id = NEW.entry_id AND was.patient_id = NEW.patient_id
          AND was.instrument = NEW.instrument AND was.version = NEW.version - 1 AND NOT was.is_void) THEN
    RAISE EXCEPTION 'score % does not follow the one that stands', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER outcome_scores_in_order BEFORE INSERT ON outcome_scores FOR EACH ROW EXECUTE FUNCTION outcome_score_in_order();

-- Whose it is may change when two records become one, and back; nothing else ever does. A lawful destruction takes it away.
CREATE FUNCTION are_merged_patients(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM patient_merges m WHERE (m.kept_id = one AND m.merged_id = other) OR (m.kept_id = other AND m.merged_id = one))
$$;
CREATE FUNCTION refuse_change_of_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'patient_id' = to_jsonb(OLD) - 'patient_id'
     AND are_merged_patients(OLD.patient_id, NEW.patient_id) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER outcome_scores_append_only BEFORE UPDATE OR DELETE ON outcome_scores FOR EACH ROW EXECUTE FUNCTION refuse_change_of_score();
CREATE TRIGGER outcome_scores_no_truncate BEFORE TRUNCATE ON outcome_scores FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER outcome_scores_held BEFORE DELETE ON outcome_scores FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER outcome_scores_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON outcome_scores
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();

-- An answer above 0 to item 9 of PHQ-9 is never only a number: at the end of the transaction there is a task for it, whatever
-- the total is.
CREATE FUNCTION risk_answer_has_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM risk_tasks task WHERE task.entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'score % has an answer that nobody was told of', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER outcome_scores_risk_told AFTER INSERT ON outcome_scores
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.instrument = 'PHQ9' AND NOT NEW.is_void AND NEW.answers -> 8 <> '[]'::jsonb AND NEW.answers -> 8 <> '[0]'::jsonb)
  EXECUTE FUNCTION risk_answer_has_task();

-- A task is somebody's or nobody's, and closed in words by whoever had it.
ALTER TABLE risk_tasks
  ADD CONSTRAINT risk_tasks_answered CHECK (answer BETWEEN 1 AND 3),
  ADD CONSTRAINT risk_tasks_claimed CHECK (
    (status = 'OPEN') = (claimed_at IS NULL) AND (claimed_at IS NULL) = (claimed_by_id IS NULL) AND coalesce(claimed_at >= raised_at, true)),
  ADD CONSTRAINT risk_tasks_closed_in_words CHECK (
    (status = 'CLOSED') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL)
    AND (closed_at IS NULL) = (closing_note IS NULL) AND coalesce(closing_note ~ '\S', true) AND coalesce(closed_by_id = claimed_by_id, true)),
  ADD CONSTRAINT risk_tasks_escalation_whole CHECK ((escalated_at IS NULL) = (escalations_count = 0) AND escalations_count >= 0);
CREATE INDEX risk_tasks_unclosed ON risk_tasks (due_at, id) WHERE (status <> 'CLOSED');
CREATE FUNCTION risk_task_of_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM outcome_scores score
        WHERE score.id = NEW.score_id AND score.entry_id = NEW.entry_id AND score.patient_id = NEW.patient_id
          AND score.instrument = 'PHQ9' AND NOT score.is_void AND score.answers -> 8 = jsonb_build_array(NEW.answer)) THEN
    RAISE EXCEPTION 'risk task % is of no such answer', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_tasks_of_answer BEFORE INSERT ON risk_tasks FOR EACH ROW EXECUTE FUNCTION risk_task_of_answer();
CREATE FUNCTION risk_task_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF destruction_reaches(TG_TABLE_NAME, to_jsonb(OLD)) THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'risk task % stays: it is never deleted', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.id, NEW.reference, NEW.score_id, NEW.entry_id, NEW.answer, NEW.raised_at, NEW.raised_by_id, NEW.policy_id, NEW.alert_id)
       IS DISTINCT FROM
     (OLD.id, OLD.reference, OLD.score_id, OLD.entry_id, OLD.answer, OLD.raised_at, OLD.raised_by_id, OLD.policy_id, OLD.alert_id)
     OR NEW.escalations_count < OLD.escalations_count
     OR (NEW.status = 'CLOSED' AND OLD.status = 'OPEN')
     OR (OLD.status = 'CLOSED' AND to_jsonb(NEW) - 'patient_id' <> to_jsonb(OLD) - 'patient_id')
     OR (NEW.patient_id <> OLD.patient_id AND NOT are_merged_patients(OLD.patient_id, NEW.patient_id)) THEN
    RAISE EXCEPTION 'risk task % stays as it was raised, and once closed as it was closed', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_tasks_guarded BEFORE UPDATE OR DELETE ON risk_tasks FOR EACH ROW EXECUTE FUNCTION risk_task_guarded();
-- Whoever meets the patient goes on seeing it until the task is closed.
CREATE FUNCTION refuse_end_of_alert_with_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM risk_tasks task WHERE task.alert_id = NEW.id AND task.status <> 'CLOSED') THEN
    RAISE EXCEPTION 'alert % belongs to a task that is open (patient_alerts_task_closed)', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_alerts_task_closed', TABLE = 'patient_alerts';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER patient_alerts_task_closed BEFORE UPDATE OF ended_at ON patient_alerts
  FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION refuse_end_of_alert_with_task();
CREATE TRIGGER risk_tasks_no_truncate BEFORE TRUNCATE ON risk_tasks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER risk_tasks_held BEFORE DELETE ON risk_tasks FOR EACH ROW EXECUTE FUNCTION refuse_while_held();
CREATE TRIGGER risk_tasks_of_live_patient BEFORE INSERT OR UPDATE OF patient_id ON risk_tasks
  FOR EACH ROW EXECUTE FUNCTION refuse_merged_patient();

-- What somebody did about a task goes with its patient's record, and never otherwise.
ALTER TABLE risk_task_events
  ADD CONSTRAINT risk_task_events_in_words CHECK ((kind = 'CLAIMED') = (note IS NULL) AND coalesce(note ~ '\S', true));
CREATE FUNCTION refuse_change_of_risk_task_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (
       SELECT FROM risk_tasks task WHERE task.id = OLD.risk_task_id AND destruction_reaches('risk_tasks', to_jsonb(task))) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER risk_task_events_append_only BEFORE UPDATE OR DELETE ON risk_task_events FOR EACH ROW EXECUTE FUNCTION refuse_change_of_risk_task_event();
CREATE TRIGGER risk_task_events_no_truncate BEFORE TRUNCATE ON risk_task_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Promises are rows that hold from a day on; what was promised stays.
ALTER TABLE risk_task_policies
  ADD CONSTRAINT risk_task_policies_in_bounds CHECK (
    least(claim_within_minutes, close_within_minutes, repeat_minutes) >= 5
    AND greatest(claim_within_minutes, close_within_minutes, repeat_minutes) <= 10080),
  ADD CONSTRAINT risk_task_policies_sourced CHECK (source ~ '\S');
CREATE TRIGGER risk_task_policies_append_only BEFORE UPDATE OR DELETE ON risk_task_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER risk_task_policies_no_truncate BEFORE TRUNCATE ON risk_task_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- Words are shown under a licence that somebody named, on the days on which it holds; one wording of a form at a time. They
-- are never edited: ended, and entered anew.
ALTER TABLE instrument_wordings
  ADD CONSTRAINT instrument_wordings_licensed CHECK (licence_holder ~ '\S' AND licence_reference ~ '\S'),
  ADD CONSTRAINT instrument_wordings_named CHECK (instrument_version ~ '\S' AND language ~ '\S'),
  ADD CONSTRAINT instrument_wordings_days CHECK (coalesce(valid_until >= valid_from, true) AND coalesce(ended_on >= valid_from, true)),
  ADD CONSTRAINT instrument_wordings_ended_whole CHECK (
    (ended_on IS NULL) = (ended_at IS NULL) AND (ended_on IS NULL) = (ended_by_id IS NULL) AND (ended_on IS NULL) = (end_reason IS NULL)
    AND coalesce(end_reason ~ '\S', true)),
  ADD CONSTRAINT instrument_wordings_whole_form CHECK (
    CASE WHEN jsonb_typeof(items) <> 'array' THEN false ELSE
      jsonb_array_length(items) = CASE instrument WHEN 'NRS' THEN 1 WHEN 'PHQ9' THEN 9 WHEN 'GAD7' THEN 7 ELSE 10 END END),
  ADD CONSTRAINT instrument_wordings_one_at_a_time EXCLUDE USING gist (
    instrument WITH =, language WITH =, instrument_version WITH =,
    daterange(valid_from, least(valid_until + 1, ended_on), '[)') WITH &&);
CREATE FUNCTION refuse_change_of_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ended_on IS NULL
     AND to_jsonb(NEW) - ARRAY['ended_on', 'ended_at', 'ended_by_id', 'end_reason']
       = to_jsonb(OLD) - ARRAY['ended_on', 'ended_at', 'ended_by_id', 'end_reason'] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'wording % stays as it was entered: end it, and enter another', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER instrument_wordings_stay BEFORE UPDATE OR DELETE ON instrument_wordings FOR EACH ROW EXECUTE FUNCTION refuse_change_of_wording();
CREATE TRIGGER instrument_wordings_no_truncate BEFORE TRUNCATE ON instrument_wordings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- What a clinic begins with: numbers that nobody has confirmed. It sets its own by adding rows, with their source. No words of
-- any questionnaire come with the system.
INSERT INTO risk_task_policies (id, claim_within_minutes, close_within_minutes, repeat_minutes, effective_from, source, set_at)
VALUES ('0193c200-0000-7000-8000-000000000001', 15, 240, 30, '2000-01-01',
  'What the system begins with: somebody speaks with the patient before they leave. To be confirmed by the clinic.', '2000-01-01T00:00:00Z');
