import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, startOfDay, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { INSTRUMENT_RULES, type Marks, riskAnswerOf, scoreOf } from './instrument.rules.js';
import type { ItemAnswer, OutcomeScore, ScoreCorrection, ScoreEntry, ScoreQuestion } from './outcome.type.js';
import { RiskTaskAlarmService } from './risk-task-alarm.service.js';
import { ScoreReplaced, ScoreVoid } from './score.refusals.js';
import { answersProblem, periodOf, takenProblem, toMarks } from './score-entry.rules.js';
import { ScoreFollowers } from './score-followers.service.js';
import { ScoreRecordService } from './score-record.service.js';

const USUAL_LANGUAGE = 'en-GB';

/** The answer to an instrument of one item: a figure of pain. */
export function oneAnswer(value: number): readonly ItemAnswer[] {
  return [{ item: 1, marked: [value] }];
}

/**
 * What patients answer, for this room and for later ones: scored as it was published, put right without losing what was
 * there, and told at once where an answer is about life and death.
 */
@Injectable()
export class OutcomeService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ScoreRecordService) private readonly scores: ScoreRecordService,
    @Inject(RiskTaskAlarmService) private readonly alarm: RiskTaskAlarmService,
    @Inject(ScoreFollowers) private readonly followers: ScoreFollowers,
  ) {}

  /**
   * Records answers in the transaction of whoever asked. The patient is held. Throws NOT_FOUND and BAD_INPUT, which names the
   * field.
   */
  async record(tx: Tx, actor: StaffActor, entry: ScoreEntry): Promise<OutcomeScore> {
    const { instrument, mode } = entry;
    const marks = this.#read(instrument, entry.answers);
    const timing = periodOf(instrument, entry.period);
    if (typeof timing === 'string') throw badInput(timing);
    await this.patients.lockPatient(tx, entry.patientId);
    const taken = await this.#taken(tx, entry.patientId, entry.takenAt);
    const id = newId();
    const score = await this.scores.write(tx, actor, 'outcome-score.recorded', {
      ...{ id, entryId: id, version: 1, patientId: entry.patientId.toLowerCase(), instrument, mode },
      instrumentVersion: lineOf(entry.instrumentVersion) ?? INSTRUMENT_RULES[instrument].usualVersion,
      language: lineOf(entry.language) ?? USUAL_LANGUAGE,
      ...{ ...timing, ...taken },
      ...this.#scored(instrument, marks),
      recordedById: actor.id,
    });
    return this.#tell(tx, actor, score, null);
  }

  /**
   * Puts a score right: a row of its own stands in its place, and rooms that stand on it hear of it. The patient is held.
   * Throws NOT_FOUND and BAD_INPUT.
   */
  async correct(
    tx: Tx,
    actor: StaffActor,
    correction: ScoreCorrection,
  ): Promise<OutcomeScore | ScoreReplaced | ScoreVoid> {
    const before = await this.#held(tx, correction.scoreId);
    const refusal = await this.#cannotChange(tx, before);
    if (refusal !== null) return refusal;
    const marks = this.#read(before.instrument, correction.answers);
    const timing = periodOf(before.instrument, correction.period ?? before.period);
    if (typeof timing === 'string') throw badInput(timing);
    const taken = await this.#taken(tx, before.patientId, correction.takenAt ?? before.takenAt);
    const after = await this.scores.write(tx, actor, 'outcome-score.corrected', {
      ...this.#next(before, correction.reason, actor),
      ...{ mode: correction.mode ?? before.mode, ...timing, ...taken },
      ...this.#scored(before.instrument, marks),
    });
    const told = await this.#tell(tx, actor, after, before);
    await this.followers.tell(tx, actor, before, told);
    return told;
  }

  /** Takes a score back; what it said stays readable. The patient is held. Throws NOT_FOUND. */
  async takeBack(
    tx: Tx,
    actor: StaffActor,
    { scoreId, reason }: { readonly scoreId: string; readonly reason: string },
  ): Promise<OutcomeScore | ScoreReplaced | ScoreVoid> {
    const before = await this.#held(tx, scoreId);
    const refusal = await this.#cannotChange(tx, before);
    if (refusal !== null) return refusal;
    const after = await this.scores.write(tx, actor, 'outcome-score.voided', {
      ...this.#next(before, reason, actor),
      ...{ mode: before.mode, period: before.period, takenAt: dateFromInstant(before.takenAt) },
      ...{ scoringVersion: before.scoringVersion, missingCount: before.missingCount, total: before.total },
      ...{ answers: toJson(marksOf(before)), isVoid: true },
    });
    await this.followers.tell(tx, actor, before, after);
    return after;
  }

  /**
   * Of each of these patients the score that stands and was taken last, at `until` or before it. Of NRS say which time it is
   * about. The look is recorded by whoever shows it.
   */
  async latestScore(
    client: Tx,
    patientIds: readonly string[],
    instrument: OutcomeInstrument,
    question: Omit<ScoreQuestion, 'instrument'> = {},
  ): Promise<ReadonlyMap<string, OutcomeScore>> {
    return this.scores.latest(client, patientIds, instrument, question);
  }

  /** Scores as somebody referred to them: also those that were put right or taken back since, which say so. */
  async scoresByIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, OutcomeScore>> {
    return this.scores.byIds(client, ids);
  }

  /** Scores of patients that stand, those taken last first. The look is recorded by whoever shows them. */
  async scoresOf(
    client: Tx,
    patientIds: readonly string[],
    question: ScoreQuestion = {},
  ): Promise<ReadonlyMap<string, readonly OutcomeScore[]>> {
    return this.scores.standing(client, patientIds, question);
  }

  /** Somebody is told of an answer that must not wait; the score with its task. */
  async #tell(
    tx: Tx,
    actor: StaffActor,
    score: OutcomeScore,
    before: OutcomeScore | null,
  ): Promise<OutcomeScore> {
    const answer = riskAnswerOf(score.instrument, marksOf(score));
    if (answer === null) return score;
    const told = before === null ? null : riskAnswerOf(before.instrument, marksOf(before));
    await this.alarm.raise(tx, actor, score, { answer, before: told });
    return this.scores.mustHave(tx, score.id);
  }

  #read(instrument: OutcomeInstrument, answers: readonly ItemAnswer[]): Marks {
    const problem = answersProblem(instrument, answers);
    if (problem !== null) throw badInput(problem);
    return toMarks(instrument, answers);
  }

  #scored(instrument: OutcomeInstrument, marks: Marks) {
    const { scoringVersion } = INSTRUMENT_RULES[instrument];
    return { scoringVersion, answers: toJson(marks), ...scoreOf(instrument, marks) };
  }

  async #taken(tx: Tx, patientId: string, takenAt: Temporal.Instant) {
    const now = this.clock.now();
    const { dateOfBirth } = await this.patients.mustHavePatient(tx, patientId);
    const bornAt = startOfDay(Temporal.PlainDate.from(dateOfBirth), this.config.clinicTimeZone);
    const problem = takenProblem(takenAt, { now, bornAt });
    if (problem !== null) throw badInput(problem);
    return { takenAt: dateFromInstant(takenAt), recordedAt: dateFromInstant(now) };
  }

  #next(before: OutcomeScore, reason: string, actor: StaffActor) {
    const { entryId, patientId, instrument, instrumentVersion, language } = before;
    return {
      ...{ entryId, patientId, instrument, instrumentVersion, language },
      version: before.version + 1,
      replacesId: before.id,
      reason: reason.normalize('NFC').trim(),
      recordedAt: dateFromInstant(this.clock.now()),
      recordedById: actor.id,
    };
  }

  /** The score with its patient held, whoever's record that is by now. Throws NOT_FOUND. */
  async #held(tx: Tx, id: string): Promise<OutcomeScore> {
    const known = await this.scores.mustHave(tx, id);
    await this.patients.lockPatient(tx, known.patientId);
    const score = await this.scores.mustHave(tx, id);
    if (score.patientId !== known.patientId)
      throw new Fault('TRY_AGAIN', 'The patient’s record was merged at this moment. Send it again.');
    return score;
  }

  async #cannotChange(tx: Tx, score: OutcomeScore): Promise<ScoreReplaced | ScoreVoid | null> {
    if (score.isVoid) return new ScoreVoid();
    if (score.replacedById === null) return null;
    const newest = await this.scores.newestOf(tx, score.entryId);
    return newest.isVoid ? new ScoreVoid() : new ScoreReplaced(newest.id);
  }
}

function marksOf({ answers }: OutcomeScore): Marks {
  return answers.map(({ marked }) => marked);
}

function toJson(marks: Marks): number[][] {
  return marks.map((marked) => [...marked]);
}

function lineOf(text: string | null | undefined): string | null {
  const line = text?.normalize('NFC').trim() ?? '';
  return line === '' ? null : line;
}
