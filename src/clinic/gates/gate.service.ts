import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { Clock, localDate, type Temporal } from '../../platform/time/index.js';
import { GateClosed, GateState } from './gate.refusals.js';
import {
  firstClosed,
  firstLapse,
  type GateAct,
  type GateSubject,
  type GateVerdict,
  inOrder,
  leadingStage,
  verdict,
} from './gate.rules.js';
import type { JudgedGate } from './gate.type.js';
import { type GatePolicyFacts, stagesOf, standingAt } from './gate-policy.rules.js';
import { GatePolicyService } from './gate-policy.service.js';
import { GateSources, type VerdictsByVisit } from './gate-sources.service.js';

export type { GateAct, GateSubject, GateVerdict } from './gate.rules.js';

/** How a booking stands before the scanner. */
export interface PublicationStanding {
  /** The first hard gate that keeps it from the scanner; null: none does. */
  readonly closed: JudgedGate | null;
  /** When the next of them shuts by itself; null: none does. */
  readonly holdsUntil: Temporal.Instant | null;
}

/**
 * For later rooms: how the gates of a booking are found. Nothing is stored: what they rest on is read each time, in a number
 * of statements that does not grow with the number of bookings. Does not record a look: whoever shows it does.
 */
@Injectable()
export class GateService implements OnApplicationBootstrap {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(GatePolicyService) private readonly policies: GatePolicyService,
    @Inject(GateSources) private readonly sources: GateSources,
  ) {}

  /** A gate for which nobody answers would be shut for ever. */
  onApplicationBootstrap(): void {
    const missing = this.sources.missing();
    if (missing.length > 0) throw new Error(`no room answers for these gates: ${missing.join(', ')}`);
  }

  /**
   * The gates that stand at a stage. `act` is what somebody is about to do there; `at` is when: of an injection, the
   * moment of the injection, whose local day licences and checks are judged on.
   */
  async judge(
    tx: Tx,
    subject: GateSubject,
    stage: GateStage,
    at: Temporal.Instant,
    act?: GateAct,
  ): Promise<readonly JudgedGate[]> {
    const rows = await this.policies.rows(tx);
    return (await this.#atStage(tx, rows, [subject], stage, at, act)).get(subject.visitId) ?? [];
  }

  /** Every gate of a booking that stands anywhere, once each, by the stage at which it counts. */
  async all(tx: Tx, subject: GateSubject, at: Temporal.Instant): Promise<readonly JudgedGate[]> {
    return (await this.allOf(tx, [subject], at)).get(subject.visitId) ?? [];
  }

  /** The same of many bookings, by visit id. */
  async allOf(
    tx: Tx,
    subjects: readonly GateSubject[],
    at: Temporal.Instant,
  ): Promise<ReadonlyMap<string, readonly JudgedGate[]>> {
    const rows = await this.policies.rows(tx);
    const today = localDate(at, this.config.clinicTimeZone);
    const standing = Object.values(GateCode).flatMap((code) => {
      const stages = stagesOf(rows, code, today);
      const leading = leadingStage(stages);
      return leading === null ? [] : [{ code, stages, ...leading }];
    });
    const codes = new Set(standing.map(({ code }) => code));
    const verdicts = await this.#verdicts(tx, codes, subjects, null, at, undefined);
    return new Map(
      subjects.map(({ visitId }) => [
        visitId,
        standing.map((gate) => ({ ...gate, ...of(verdicts, gate.code, visitId) })).toSorted(inOrder),
      ]),
    );
  }

  /**
   * What keeps each booking from the scanner, and until when nothing does. By visit id. `at` left out: now. Whoever asks may
   * look a little ahead: clocks of two machines differ, and what was decided has been decided.
   */
  async atPublication(
    tx: Tx,
    subjects: readonly GateSubject[],
    at: Temporal.Instant = this.clock.now(),
  ): Promise<ReadonlyMap<string, PublicationStanding>> {
    const rows = await this.policies.rows(tx);
    const today = localDate(at, this.config.clinicTimeZone);
    const hard = new Set(
      standingAt(rows, GateStage.PUBLICATION, today)
        .filter(({ strictness }) => strictness === GateStrictness.HARD)
        .map(({ code }) => code),
    );
    const judged = await this.#atStage(tx, rows, subjects, GateStage.PUBLICATION, at, undefined, hard);
    return new Map(
      subjects.map(({ visitId }) => {
        const gates = judged.get(visitId) ?? [];
        return [visitId, { closed: firstClosed(gates), holdsUntil: firstLapse(gates) }];
      }),
    );
  }

  /** The first hard gate that is shut, as a refusal whose message says what to do; null: none is. */
  refusalOf(judged: readonly JudgedGate[]): GateClosed | null {
    const closed = firstClosed(judged);
    return closed === null ? null : new GateClosed(closed);
  }

  async #atStage(
    tx: Tx,
    rows: readonly GatePolicyFacts[],
    subjects: readonly GateSubject[],
    stage: GateStage,
    at: Temporal.Instant,
    act: GateAct | undefined,
    only: ReadonlySet<GateCode> = new Set(Object.values(GateCode)),
  ): Promise<ReadonlyMap<string, readonly JudgedGate[]>> {
    const today = localDate(at, this.config.clinicTimeZone);
    const standing = standingAt(rows, stage, today)
      .filter(({ code }) => only.has(code))
      .map((gate) => ({ ...gate, stage, stages: stagesOf(rows, gate.code, today) }));
    const codes = new Set(standing.map(({ code }) => code));
    const verdicts = await this.#verdicts(tx, codes, subjects, stage, at, act);
    return new Map(
      subjects.map(({ visitId }) => [
        visitId,
        standing.map((gate) => ({ ...gate, ...of(verdicts, gate.code, visitId) })),
      ]),
    );
  }

  async #verdicts(
    tx: Tx,
    codes: ReadonlySet<GateCode>,
    subjects: readonly GateSubject[],
    stage: GateStage | null,
    at: Temporal.Instant,
    act: GateAct | undefined,
  ): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    if (subjects.length === 0) return new Map();
    const zone = this.config.clinicTimeZone;
    // An injection is judged on the day on which it is given, whatever had been planned.
    const onByVisit = new Map(
      subjects.map(({ visitId, injectionAt }) => [
        visitId,
        localDate(stage === GateStage.INJECTION ? at : injectionAt, zone),
      ]),
    );
    return this.sources.judge(tx, { codes, subjects, at, stage, act, onByVisit });
  }
}

/** What its room said, or that it said nothing: which keeps a hard gate shut. */
function of(verdicts: ReadonlyMap<GateCode, VerdictsByVisit>, code: GateCode, visitId: string): GateVerdict {
  return (
    verdicts.get(code)?.get(visitId) ??
    verdict(GateState.WAITING, 'NOT_JUDGED', 'This has not been recorded yet. Record it first.')
  );
}
