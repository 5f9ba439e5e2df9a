import { ConsentDecision } from '../../platform/database/generated/enums.js';
import { formatLocalDateTime, Temporal } from '../../platform/time/index.js';
import { ConsentState, ConsentStillInForce, NothingToWithdraw } from './consent.refusals.js';

/** One recorded decision, as far as time is concerned. */
export interface Decision {
  readonly id: string;
  readonly decision: ConsentDecision;
  /** When the person decided. */
  readonly decidedAt: Temporal.Instant;
  /** When it was written here. */
  readonly recordedAt: Temporal.Instant;
}

export interface Standing<D extends Decision = Decision> {
  readonly state: ConsentState;
  /** The decision that says so; null when there is none. */
  readonly decision: D | null;
}

/** What a decision makes of the state. */
const STATE_AFTER = {
  GIVEN: ConsentState.IN_FORCE,
  DECLINED: ConsentState.DECLINED,
  WITHDRAWN: ConsentState.WITHDRAWN,
} as const satisfies Record<ConsentDecision, ConsentState>;

/** Two decisions of one moment: the more careful one is believed. */
const CAUTION = { GIVEN: 0, DECLINED: 1, WITHDRAWN: 2 } as const satisfies Record<ConsentDecision, number>;

/** Negative when `a` comes before `b`: by when it was decided, then by when it was recorded, then by caution. */
function compareDecisions(a: Decision, b: Decision): number {
  return (
    Temporal.Instant.compare(a.decidedAt, b.decidedAt) ||
    Temporal.Instant.compare(a.recordedAt, b.recordedAt) ||
    CAUTION[a.decision] - CAUTION[b.decision]
  );
}

/** Where a patient stood at an instant: the latest decision up to then holds, in whatever order they were recorded. */
export function standingAt<D extends Decision>(history: readonly D[], at: Temporal.Instant): Standing<D> {
  const until = history.filter(({ decidedAt }) => Temporal.Instant.compare(decidedAt, at) <= 0);
  const latest = until.reduce<D | null>(
    (best, next) => (best === null || compareDecisions(best, next) < 0 ? next : best),
    null,
  );
  if (latest === null) return { state: ConsentState.NEVER_ASKED, decision: null };
  return { state: STATE_AFTER[latest.decision], decision: latest };
}

/** The standing in words, with the clinic's local time. */
export function describeStanding({ state, decision }: Standing, timeZone: string): string {
  const when = decision === null ? '' : formatLocalDateTime(decision.decidedAt, timeZone);
  switch (state) {
    case ConsentState.NEVER_ASKED:
      return 'Never asked.';
    case ConsentState.IN_FORCE:
      return `In force since ${when}.`;
    case ConsentState.DECLINED:
      return `Declined on ${when}.`;
    case ConsentState.WITHDRAWN:
      return `Withdrawn on ${when}.`;
  }
}

/**
 * May a "no" be recorded as declined? Not when it would end a consent in force: that is a withdrawal, and the
 * record has to say so. A "no" from before that consent was given is history and may be recorded.
 */
export function canDecline(
  history: readonly Decision[],
  decidedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): ConsentStillInForce | null {
  const standing = standingAt(history, now);
  if (standing.state !== ConsentState.IN_FORCE || standing.decision === null) return null;
  if (Temporal.Instant.compare(decidedAt, standing.decision.decidedAt) < 0) return null;
  return new ConsentStillInForce(describeStanding(standing, timeZone));
}

/** May it be withdrawn now? Only what is in force. */
export function canWithdraw(standing: Standing, timeZone: string): NothingToWithdraw | null {
  if (standing.state === ConsentState.IN_FORCE) return null;
  return new NothingToWithdraw(standing.state, describeStanding(standing, timeZone));
}

/** What is wrong with the time of a decision; null when nothing is. */
export function decidedAtProblem(
  decidedAt: Temporal.Instant,
  bounds: { readonly bornAt: Temporal.Instant; readonly now: Temporal.Instant },
): string | null {
  if (Temporal.Instant.compare(decidedAt, bounds.now) > 0) return 'decidedAt: must not be in the future.';
  if (Temporal.Instant.compare(decidedAt, bounds.bornAt) < 0) {
    return 'decidedAt: must not be before the patient was born.';
  }
  return null;
}

/** The newest of these wordings (of one purpose and language) that was in force at an instant. */
export function wordingAt<W extends { readonly effectiveFrom: Temporal.Instant }>(
  wordings: readonly W[],
  at: Temporal.Instant,
): W | null {
  return wordings
    .filter(({ effectiveFrom }) => Temporal.Instant.compare(effectiveFrom, at) <= 0)
    .reduce<W | null>(
      (best, next) =>
        best === null || Temporal.Instant.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
      null,
    );
}
