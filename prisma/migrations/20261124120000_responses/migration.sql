-- CreateEnum
CREATE TYPE "DiaryPoint" AS ENUM ('BEFORE', 'M30', 'H4', 'H24', 'W1', 'MO1', 'MO3', 'MO6');

-- CreateEnum
CREATE TYPE "DiaryPurpose" AS ENUM ('DIAGNOSTIC', 'THERAPEUTIC');

-- CreateEnum
CREATE TYPE "DiaryJudging" AS ENUM ('BEST', 'LAST');

-- CreateEnum
CREATE TYPE "PartialFollowUp" AS ENUM ('REPEAT_BLOCK', 'BACK_TO_TEAM', 'TREAT_AS_NEGATIVE');

-- CreateEnum
CREATE TYPE "DiaryEntryStatus" AS ENUM ('DUE', 'RECORDED', 'MISSED');

-- CreateEnum
CREATE TYPE "DiaryTiming" AS ENUM ('EARLY', 'ON_TIME', 'LATE');

-- CreateEnum
CREATE TYPE "ResponseVerdict" AS ENUM ('POSITIVE', 'NEGATIVE', 'PARTIAL', 'UNDEFINED');

-- CreateEnum
CREATE TYPE "ResponseFollowUp" AS ENUM ('NONE', 'PROPOSE_TREATMENT', 'REPEAT_BLOCK', 'BACK_TO_TEAM');

-- CreateEnum
CREATE TYPE "ProposalStatus" AS ENUM ('OPEN', 'TAKEN', 'DECLINED', 'WITHDRAWN');

-- CreateTable
CREATE TABLE "diary_policies" (
    "id" UUID NOT NULL,
    "kind" "TreatmentKind" NOT NULL,
    "purpose" "DiaryPurpose" NOT NULL,
    "judged_points" "DiaryPoint"[],
    "judged_by" "DiaryJudging" NOT NULL,
    "positive_percent_min" INTEGER NOT NULL,
    "negative_percent_below" INTEGER NOT NULL,
    "partial_follow_up" "PartialFollowUp" NOT NULL,
    "proposed_kind" "TreatmentKind",
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "diary_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "diary_policy_points" (
    "id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "point" "DiaryPoint" NOT NULL,
    "early_minutes" INTEGER NOT NULL,
    "late_minutes" INTEGER NOT NULL,

    CONSTRAINT "diary_policy_points_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pain_diaries" (
    "id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "policy_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3) NOT NULL,
    "record_version" INTEGER NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pain_diaries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "diary_entries" (
    "id" UUID NOT NULL,
    "diary_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "point" "DiaryPoint" NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "window_from" TIMESTAMPTZ(3) NOT NULL,
    "window_until" TIMESTAMPTZ(3) NOT NULL,
    "sense_from" TIMESTAMPTZ(3) NOT NULL,
    "sense_until" TIMESTAMPTZ(3) NOT NULL,
    "record_version" INTEGER NOT NULL,
    "status" "DiaryEntryStatus" NOT NULL DEFAULT 'DUE',
    "score_id" UUID,
    "timing" "DiaryTiming",
    "missing_reason" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "reminded_at" TIMESTAMPTZ(3),
    "reminders_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "diary_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "response_judgements" (
    "id" UUID NOT NULL,
    "diary_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "policy_id" UUID NOT NULL,
    "verdict" "ResponseVerdict" NOT NULL,
    "percent_relief" DOUBLE PRECISION,
    "before_total" INTEGER,
    "after_total" INTEGER,
    "score_ids" UUID[],
    "follow_up" "ResponseFollowUp" NOT NULL,
    "judged_at" TIMESTAMPTZ(3) NOT NULL,
    "judged_by_id" UUID,

    CONSTRAINT "response_judgements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "treatment_proposals" (
    "id" UUID NOT NULL,
    "judgement_id" UUID NOT NULL,
    "treatment_id" UUID NOT NULL,
    "kind" "TreatmentKind" NOT NULL,
    "status" "ProposalStatus" NOT NULL DEFAULT 'OPEN',
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "reason" TEXT,
    "taken_treatment_id" UUID,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "treatment_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "learning_policies" (
    "id" UUID NOT NULL,
    "minimum_count" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,

    CONSTRAINT "learning_policies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "diary_policies_kind_effective_from_key" ON "diary_policies"("kind", "effective_from");

-- CreateIndex
CREATE UNIQUE INDEX "diary_policy_points_policy_id_point_key" ON "diary_policy_points"("policy_id", "point");

-- CreateIndex
CREATE UNIQUE INDEX "pain_diaries_treatment_id_key" ON "pain_diaries"("treatment_id");

-- CreateIndex
CREATE INDEX "diary_entries_treatment_id_idx" ON "diary_entries"("treatment_id");

-- CreateIndex
CREATE INDEX "diary_entries_score_id_idx" ON "diary_entries"("score_id");

-- CreateIndex
CREATE INDEX "diary_entries_status_due_at_idx" ON "diary_entries"("status", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "diary_entries_diary_id_point_key" ON "diary_entries"("diary_id", "point");

-- CreateIndex
CREATE INDEX "response_judgements_diary_id_idx" ON "response_judgements"("diary_id");

-- CreateIndex
CREATE UNIQUE INDEX "response_judgements_treatment_id_number_key" ON "response_judgements"("treatment_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_proposals_judgement_id_key" ON "treatment_proposals"("judgement_id");

-- CreateIndex
CREATE UNIQUE INDEX "treatment_proposals_taken_treatment_id_key" ON "treatment_proposals"("taken_treatment_id");

-- CreateIndex
CREATE INDEX "treatment_proposals_treatment_id_idx" ON "treatment_proposals"("treatment_id");

-- CreateIndex
CREATE INDEX "treatment_proposals_status_proposed_at_idx" ON "treatment_proposals"("status", "proposed_at");

-- CreateIndex
CREATE UNIQUE INDEX "learning_policies_effective_from_key" ON "learning_policies"("effective_from");

-- AddForeignKey
ALTER TABLE "diary_policy_points" ADD CONSTRAINT "diary_policy_points_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "diary_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pain_diaries" ADD CONSTRAINT "pain_diaries_treatment_id_fkey" FOREIGN KEY ("treatment_id") REFERENCES "treatments"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pain_diaries" ADD CONSTRAINT "pain_diaries_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "diary_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "diary_entries" ADD CONSTRAINT "diary_entries_diary_id_fkey" FOREIGN KEY ("diary_id") REFERENCES "pain_diaries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "diary_entries" ADD CONSTRAINT "diary_entries_score_id_fkey" FOREIGN KEY ("score_id") REFERENCES "outcome_scores"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_judgements" ADD CONSTRAINT "response_judgements_diary_id_fkey" FOREIGN KEY ("diary_id") REFERENCES "pain_diaries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_judgements" ADD CONSTRAINT "response_judgements_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "diary_policies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "treatment_proposals" ADD CONSTRAINT "treatment_proposals_judgement_id_fkey" FOREIGN KEY ("judgement_id") REFERENCES "response_judgements"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- When somebody is asked, and what their figures mean, are rows that hold from a day on; what was promised stays. A figure is
-- judged against the one before, which is therefore not among those that judge.
ALTER TABLE diary_policies
  ADD CONSTRAINT diary_policies_in_bounds CHECK (
    positive_percent_min BETWEEN 1 AND 100 AND negative_percent_below BETWEEN 1 AND positive_percent_min),
  ADD CONSTRAINT diary_policies_judged CHECK (coalesce(cardinality(judged_points), 0) BETWEEN 1 AND 7 AND NOT 'BEFORE' = ANY (judged_points)),
  ADD CONSTRAINT diary_policies_sourced CHECK (source ~ '\S');
ALTER TABLE diary_policy_points
  ADD CONSTRAINT diary_policy_points_in_bounds CHECK (early_minutes BETWEEN 0 AND 527040 AND late_minutes BETWEEN 0 AND 527040);
-- What a clinic begins with: recalled numbers that nobody has confirmed. It sets its own by adding rows, with their source.
INSERT INTO diary_policies (id, kind, purpose, judged_points, judged_by, positive_percent_min, negative_percent_below, partial_follow_up, proposed_kind, effective_from, source, set_at)
VALUES
  ('0193c1c0-0000-7000-8000-000000000001', 'FACET_JOINT_INJECTION', 'DIAGNOSTIC', '{M30,H4,H24}', 'BEST', 50, 30, 'BACK_TO_TEAM', 'RADIOFREQUENCY_DENERVATION', '2000-01-01',
   '50 % or more is the responder of the studies; NICE NG59 asks for a positive medial branch block before a denervation, which the terms of the denervation hold. Below 30 % and the windows are recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1c0-0000-7000-8000-000000000002', 'MEDIAL_BRANCH_BLOCK', 'DIAGNOSTIC', '{M30,H4,H24}', 'BEST', 50, 30, 'REPEAT_BLOCK', 'RADIOFREQUENCY_DENERVATION', '2000-01-01',
   'NICE NG59: denervation after a positive block; 50 % or more as an NHS integrated care board (Hull, North Yorkshire) has it. Below 30 % and the windows are recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1c0-0000-7000-8000-000000000003', 'SACRO_ILIAC_INJECTION', 'DIAGNOSTIC', '{M30,H4,H24}', 'BEST', 50, 30, 'BACK_TO_TEAM', NULL, '2000-01-01',
   'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1c0-0000-7000-8000-000000000004', 'RADIOFREQUENCY_DENERVATION', 'THERAPEUTIC', '{MO1,MO3}', 'LAST', 50, 30, 'BACK_TO_TEAM', NULL, '2000-01-01',
   'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z'),
  ('0193c1c0-0000-7000-8000-000000000005', 'OTHER', 'THERAPEUTIC', '{MO1}', 'LAST', 50, 30, 'BACK_TO_TEAM', NULL, '2000-01-01',
   'Recalled, to be confirmed by the clinic.', '2000-01-01T00:00:00Z');
INSERT INTO diary_policy_points (id, policy_id, point, early_minutes, late_minutes)
SELECT ('0193c1c1-0000-7000-8000-' || lpad((p.number * 10 + stop.number)::text, 12, '0'))::uuid,
       ('0193c1c0-0000-7000-8000-' || lpad(p.number::text, 12, '0'))::uuid, stop.point::"DiaryPoint", stop.early, stop.late
  FROM generate_series(1, 5) AS p(number)
  CROSS JOIN (VALUES (1, 'BEFORE', 1440, 0), (2, 'M30', 15, 30), (3, 'H4', 60, 120), (4, 'H24', 240, 720), (5, 'W1', 1440, 2880),
                     (6, 'MO1', 4320, 10080), (7, 'MO3', 10080, 20160), (8, 'MO6', 20160, 43200)) AS stop(number, point, early, late);
-- From now on a policy comes with its points.
CREATE FUNCTION diary_policy_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
       SELECT FROM unnest(NEW.judged_points || ARRAY['BEFORE']::"DiaryPoint"[]) AS wanted(point)
        WHERE NOT EXISTS (SELECT FROM diary_policy_points own WHERE own.policy_id = NEW.id AND own.point = wanted.point)) THEN
    RAISE EXCEPTION 'diary policy % judges a point that it does not ask at', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER diary_policies_whole AFTER INSERT ON diary_policies
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION diary_policy_whole();
-- A schedule has its points from the beginning: none is added to one that a diary runs under.
CREATE FUNCTION refuse_late_diary_point() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pain_diaries diary WHERE diary.policy_id = NEW.policy_id) THEN
    RAISE EXCEPTION 'diary policy % stands as it is', NEW.policy_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER diary_policy_points_in_time BEFORE INSERT ON diary_policy_points FOR EACH ROW EXECUTE FUNCTION refuse_late_diary_point();
CREATE TRIGGER diary_policies_append_only BEFORE UPDATE OR DELETE ON diary_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER diary_policies_no_truncate BEFORE TRUNCATE ON diary_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER diary_policy_points_append_only BEFORE UPDATE OR DELETE ON diary_policy_points FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER diary_policy_points_no_truncate BEFORE TRUNCATE ON diary_policy_points FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- A diary is of a treatment that was done. Its times run from a record of what was given: from that which stands, once it was
-- put right. It goes with the record of that treatment's patient, and never otherwise.
ALTER TABLE pain_diaries
  ADD CONSTRAINT pain_diaries_in_order CHECK (started_at <= finished_at);
CREATE FUNCTION pain_diary_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.treatment_id, NEW.policy_id, NEW.started_at, NEW.opened_at)
       IS DISTINCT FROM (OLD.id, OLD.treatment_id, OLD.policy_id, OLD.started_at, OLD.opened_at)
     OR NEW.record_version <= OLD.record_version) THEN
    RAISE EXCEPTION 'pain diary % is only ever added to, and follows its treatment''s record', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
       SELECT FROM treatments treatment JOIN diary_policies policy ON policy.id = NEW.policy_id
        WHERE treatment.id = NEW.treatment_id AND treatment.status = 'DONE' AND treatment.kind = policy.kind) THEN
    RAISE EXCEPTION 'treatment % was not done, or is of another kind', NEW.treatment_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
       SELECT FROM treatment_records record
        WHERE record.treatment_id = NEW.treatment_id AND record.number = NEW.record_version AND record.finished_at = NEW.finished_at) THEN
    RAISE EXCEPTION 'pain diary % runs from no record of its treatment', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER pain_diaries_guarded BEFORE INSERT OR UPDATE ON pain_diaries FOR EACH ROW EXECUTE FUNCTION pain_diary_guarded();
CREATE TRIGGER pain_diaries_no_delete BEFORE DELETE ON pain_diaries FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER pain_diaries_no_truncate BEFORE TRUNCATE ON pain_diaries FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();

-- A point is to be asked, or has a figure of pain of the same patient that stands, or a reason why there is none. What it is of
-- stays, and when it is due changes with the record that it runs from, and never otherwise.
ALTER TABLE diary_entries
  ADD CONSTRAINT diary_entries_settled CHECK (
    (status = 'RECORDED') = (score_id IS NOT NULL) AND (status = 'RECORDED') = (timing IS NOT NULL)
    AND (status = 'MISSED') = (missing_reason IS NOT NULL) AND (status = 'DUE') = (settled_at IS NULL)
    AND (status <> 'DUE' OR settled_by_id IS NULL) AND (status <> 'RECORDED' OR settled_by_id IS NOT NULL)
    AND coalesce(missing_reason ~ '\S', true)),
  ADD CONSTRAINT diary_entries_in_order CHECK (
    sense_from <= window_from AND window_from <= window_until AND window_until <= sense_until
    AND (point <> 'BEFORE' OR window_until <= due_at) AND (point = 'BEFORE' OR due_at BETWEEN window_from AND window_until)),
  ADD CONSTRAINT diary_entries_reminders CHECK ((reminded_at IS NULL) = (reminders_count = 0) AND reminders_count >= 0 AND version >= 0);
CREATE FUNCTION diary_entry_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.diary_id, NEW.treatment_id, NEW.point) IS DISTINCT FROM (OLD.id, OLD.diary_id, OLD.treatment_id, OLD.point)
     OR (NEW.record_version <= OLD.record_version AND
         (NEW.due_at, NEW.window_from, NEW.window_until, NEW.sense_from, NEW.sense_until, NEW.record_version)
           IS DISTINCT FROM (OLD.due_at, OLD.window_from, OLD.window_until, OLD.sense_from, OLD.sense_until, OLD.record_version))
     -- That somebody was reminded is no news to whoever has the point before them: they write on.
     OR NOT (NEW.version = OLD.version + 1 OR (NEW.version = OLD.version AND NEW.reminders_count = OLD.reminders_count + 1
             AND to_jsonb(NEW) - ARRAY['reminded_at', 'reminders_count'] = to_jsonb(OLD) - ARRAY['reminded_at', 'reminders_count']))
     OR NEW.reminders_count < OLD.reminders_count) THEN
    RAISE EXCEPTION 'diary entry % is of its point, and changes one step at a time', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (
       SELECT FROM pain_diaries diary
        WHERE diary.id = NEW.diary_id AND diary.treatment_id = NEW.treatment_id AND diary.record_version >= NEW.record_version) THEN
    RAISE EXCEPTION 'diary entry % is of another treatment, or runs from no record of it', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.score_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM outcome_scores score JOIN treatments treatment ON treatment.id = NEW.treatment_id
        WHERE score.id = NEW.score_id AND score.patient_id = treatment.patient_id AND score.instrument = 'NRS' AND score.period = 'NOW'
          AND NOT score.is_void AND score.total IS NOT NULL AND score.taken_at BETWEEN NEW.sense_from AND NEW.sense_until) THEN
    RAISE EXCEPTION 'diary entry % needs a figure of pain of that patient at that time', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER diary_entries_guarded BEFORE INSERT OR UPDATE ON diary_entries FOR EACH ROW EXECUTE FUNCTION diary_entry_guarded();
CREATE TRIGGER diary_entries_no_delete BEFORE DELETE ON diary_entries FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER diary_entries_no_truncate BEFORE TRUNCATE ON diary_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();

-- The verdict is what the figures say under the policy of the diary, and nothing else. 8 before and 4 after is exactly 50 %.
ALTER TABLE response_judgements
  ADD CONSTRAINT response_judgements_counted CHECK (
    coalesce(before_total BETWEEN 0 AND 10, true) AND coalesce(after_total BETWEEN 0 AND 10, true)
    AND (percent_relief IS NULL) = (coalesce(before_total, 0) = 0 OR after_total IS NULL)
    AND coalesce(percent_relief = ((before_total - after_total) * 100)::double precision / nullif(before_total, 0), true)
    AND (percent_relief IS NULL) = (verdict = 'UNDEFINED')
    AND coalesce(cardinality(score_ids), 0) = num_nonnulls(before_total, after_total)),
  ADD CONSTRAINT response_judgements_followed CHECK (
    (verdict <> 'UNDEFINED' OR follow_up = 'NONE') AND (follow_up <> 'PROPOSE_TREATMENT' OR verdict = 'POSITIVE')
    AND (follow_up <> 'REPEAT_BLOCK' OR verdict = 'PARTIAL') AND (follow_up <> 'BACK_TO_TEAM' OR verdict IN ('NEGATIVE', 'PARTIAL')));
CREATE FUNCTION response_judgement_by_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own pain_diaries%ROWTYPE;
  policy diary_policies%ROWTYPE;
  last_number integer;
BEGIN
  SELECT * INTO own FROM pain_diaries WHERE id = NEW.diary_id;
  SELECT * INTO policy FROM diary_policies WHERE id = NEW.policy_id;
  SELECT coalesce(max(number), 0) INTO last_number FROM response_judgements WHERE diary_id = NEW.diary_id;
  IF own.treatment_id <> NEW.treatment_id OR own.policy_id <> NEW.policy_id OR NEW.number <> last_number + 1 THEN
    RAISE EXCEPTION 'judgement % is out of order, or of another diary', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.verdict::text <> (CASE
       WHEN NEW.percent_relief IS NULL THEN 'UNDEFINED'
       WHEN (NEW.before_total - NEW.after_total) * 100 >= policy.positive_percent_min * NEW.before_total THEN 'POSITIVE'
       WHEN (NEW.before_total - NEW.after_total) * 100 < policy.negative_percent_below * NEW.before_total
         OR policy.partial_follow_up = 'TREAT_AS_NEGATIVE' THEN 'NEGATIVE'
       ELSE 'PARTIAL' END) THEN
    RAISE EXCEPTION 'judgement % is not what the figures say', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  -- An anaesthetic works for hours: figures of another time say nothing of a block, and those of the next day exclude nothing.
  IF policy.purpose = 'DIAGNOSTIC' AND (
       EXISTS (SELECT FROM unnest(NEW.score_ids) AS stood_on(score_id)
                WHERE NOT EXISTS (SELECT FROM diary_entries entry
                                   WHERE entry.diary_id = NEW.diary_id AND entry.score_id = stood_on.score_id AND entry.timing = 'ON_TIME'))
       OR (NEW.verdict = 'NEGATIVE' AND NOT EXISTS (
             SELECT FROM diary_entries entry
              WHERE entry.diary_id = NEW.diary_id AND entry.timing = 'ON_TIME'
                AND entry.point IN ('M30', 'H4') AND entry.point = ANY (policy.judged_points)))) THEN
    RAISE EXCEPTION 'judgement % stands on figures of another time', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER response_judgements_by_policy BEFORE INSERT ON response_judgements FOR EACH ROW EXECUTE FUNCTION response_judgement_by_policy();
CREATE TRIGGER response_judgements_append_only BEFORE UPDATE OR DELETE ON response_judgements FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER response_judgements_no_truncate BEFORE TRUNCATE ON response_judgements FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();

-- A proposal is the next treatment after a positive response, or the same once more after a partial one. It is taken with what
-- came of it, declined with a reason, or withdrawn by a later judgement; settled, it stays.
ALTER TABLE treatment_proposals
  ADD CONSTRAINT treatment_proposals_settled CHECK (
    (status = 'OPEN') = (settled_at IS NULL) AND (status = 'TAKEN') = (taken_treatment_id IS NOT NULL)
    AND (status IN ('TAKEN', 'DECLINED')) = (settled_by_id IS NOT NULL) AND (status = 'DECLINED') = (reason IS NOT NULL)
    AND coalesce(reason ~ '\S', true) AND version >= 0);
CREATE UNIQUE INDEX treatment_proposals_one_open ON treatment_proposals (treatment_id) WHERE (status = 'OPEN');
CREATE FUNCTION treatment_proposal_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'OPEN' OR NOT EXISTS (
         SELECT FROM response_judgements judgement JOIN diary_policies policy ON policy.id = judgement.policy_id
          WHERE judgement.id = NEW.judgement_id AND judgement.treatment_id = NEW.treatment_id
            AND NEW.kind = CASE judgement.follow_up WHEN 'PROPOSE_TREATMENT' THEN policy.proposed_kind WHEN 'REPEAT_BLOCK' THEN policy.kind END) THEN
      RAISE EXCEPTION 'proposal % comes of a response that leads to it, and is open at first', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status <> 'OPEN' OR (NEW.id, NEW.judgement_id, NEW.treatment_id, NEW.kind, NEW.proposed_at)
       IS DISTINCT FROM (OLD.id, OLD.judgement_id, OLD.treatment_id, OLD.kind, OLD.proposed_at) THEN
    RAISE EXCEPTION 'proposal % stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'TAKEN' AND NOT EXISTS (
       SELECT FROM treatments treatment
        WHERE treatment.id = NEW.taken_treatment_id AND treatment.origin = 'RESPONSE' AND treatment.origin_id = NEW.id AND treatment.kind = NEW.kind) THEN
    RAISE EXCEPTION 'proposal % was not taken by that treatment', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER treatment_proposals_guarded BEFORE INSERT OR UPDATE ON treatment_proposals FOR EACH ROW EXECUTE FUNCTION treatment_proposal_guarded();
CREATE TRIGGER treatment_proposals_no_delete BEFORE DELETE ON treatment_proposals FOR EACH ROW EXECUTE FUNCTION refuse_change_of_treatment_part();
CREATE TRIGGER treatment_proposals_no_truncate BEFORE TRUNCATE ON treatment_proposals FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_of_treatments();

-- Nobody is to be found again in what the clinic learns: fewer than five are never shown.
ALTER TABLE learning_policies
  ADD CONSTRAINT learning_policies_in_bounds CHECK (minimum_count BETWEEN 5 AND 1000),
  ADD CONSTRAINT learning_policies_sourced CHECK (source ~ '\S');
CREATE TRIGGER learning_policies_append_only BEFORE UPDATE OR DELETE ON learning_policies FOR EACH ROW EXECUTE FUNCTION refuse_change_for_good();
CREATE TRIGGER learning_policies_no_truncate BEFORE TRUNCATE ON learning_policies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_for_good();

-- What a clinic begins with: a clinic sets its own by adding rows.
INSERT INTO learning_policies (id, minimum_count, effective_from, source, set_at)
VALUES ('0193c1c2-0000-7000-8000-000000000001', 5, '2000-01-01',
  'What the system begins with: the least that the database allows. To be confirmed by the clinic.', '2000-01-01T00:00:00Z');
