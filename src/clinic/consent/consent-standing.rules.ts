import { ConsentDecision, ConsentStage } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ConsentReason, ConsentState } from './consent.refusals.js';
import {
  type ConsentPlace,
  type ConsentPoint,
  isAbout,
  pointsAgreed,
  pointsOf,
  satisfies,
} from './consent-place.rules.js';
import { awaitsConfirmation, type ConsentGround, type DatedYes, endOf } from './consent-policy.rules.js';

/** One recorded decision, as far as time and place are concerned. */
export interface Decision extends ConsentPlace, DatedYes {
  readonly id: string;
  readonly decision: ConsentDecision;
  readonly stage: ConsentStage | null;
  /** The record that this one confirms, takes back or finds invalid. */
  readonly ofRecordId: string | null;
  /** When it was written here. */
  readonly recordedAt: Temporal.Instant;
}

export interface Standing<D extends Decision = Decision> {
  readonly state: ConsentState;
  readonly reasonCode: ConsentReason;
  /** The decision that says so; null when there is none. */
  readonly decision: D | null;
  /** The "yes" that counts, or that counted until it ended by itself; null when there is none. */
  readonly yes: D | null;
  /** From when on it stands so; null when never asked. */
  readonly since: Temporal.Instant | null;
  /** In force, but to be confirmed before the thing is done at this instant. */
  readonly awaitsConfirmation: boolean;
}

/** Where nothing is set: a consent holds until it is taken back. */
export const BARE_GROUND: ConsentGround = { policies: [], wordings: [], timeZone: 'UTC' };

/** What a decision makes of the state. */
const STATE_AFTER = {
  GIVEN: ConsentState.IN_FORCE,
  DECLINED: ConsentState.DECLINED,
  NOT_CHOSEN: ConsentState.NOT_CHOSEN,
  UNKNOWN: ConsentState.UNKNOWN,
  REFUSED: ConsentState.REFUSED,
  WITHDRAWN: ConsentState.WITHDRAWN,
  INVALIDATED: ConsentState.INVALIDATED,
} as const satisfies Record<ConsentDecision, ConsentState>;

/** Two decisions of one moment: the more careful one is believed. */
const CAUTION = {
  GIVEN: 0,
  NOT_CHOSEN: 1,
  UNKNOWN: 2,
  DECLINED: 3,
  REFUSED: 4,
  WITHDRAWN: 5,
  INVALIDATED: 6,
} as const satisfies Record<ConsentDecision, number>;

const isConfirmation = ({ stage }: Decision): boolean => stage === ConsentStage.CONFIRMED;

/** Negative when `a` comes before `b`: by when it was decided, then by when it was recorded, then by caution. */
export function compareDecisions(a: Decision, b: Decision): number {
  return (
    Temporal.Instant.compare(a.decidedAt, b.decidedAt) ||
    Temporal.Instant.compare(a.recordedAt, b.recordedAt) ||
    CAUTION[a.decision] - CAUTION[b.decision] ||
    Number(isConfirmation(a)) - Number(isConfirmation(b))
  );
}

const NEVER: Standing<never> = {
  state: ConsentState.NEVER_ASKED,
  reasonCode: ConsentReason.NEVER_ASKED,
  decision: null,
  yes: null,
  since: null,
  awaitsConfirmation: false,
};

/**
 * Where a patient stood at an instant, from the decisions on one purpose (of a procedure: on that one). The latest decision
 * up to then holds, in whatever order they were recorded. With a place, each side and level that it names has to be agreed
 * to; without, one is enough.
 */
export function standingAt<D extends Decision>(
  history: readonly D[],
  at: Temporal.Instant,
  ground: ConsentGround = BARE_GROUND,
  place: ConsentPlace = { side: null, levels: [] },
): Standing<D> {
  const until = history
    .filter(({ decidedAt }) => Temporal.Instant.compare(decidedAt, at) <= 0)
    .sort(compareDecisions);
  const agreed = pointsAgreed(until);
  const standings = pointsOf(place).map((want) => standingOfWant(until, want, agreed, { at, ground }));
  const lacking = standings.find(({ state }) => state !== ConsentState.IN_FORCE);
  if (lacking === undefined) return standings.find((one) => one.awaitsConfirmation) ?? standings[0] ?? NEVER;
  const isElsewhere = lacking.state === ConsentState.NEVER_ASKED && agreed.length > 0;
  return isElsewhere ? { ...lacking, reasonCode: ConsentReason.PLACE_NOT_COVERED } : lacking;
}

/** Every point that was agreed to, with where it stands. For whoever has to see all of them. */
export function standingsOfPoints<D extends Decision>(
  history: readonly D[],
  at: Temporal.Instant,
  ground: ConsentGround = BARE_GROUND,
): readonly (Standing<D> & { readonly point: ConsentPoint })[] {
  const until = history
    .filter(({ decidedAt }) => Temporal.Instant.compare(decidedAt, at) <= 0)
    .sort(compareDecisions);
  return pointsAgreed(until).map((point) => ({ ...standingOfPoint(until, point, { at, ground }), point }));
}

/** Longer than any clinic plans: rules and wordings that are set to begin after this are not looked at. */
const AHEAD_MAX_HOURS = 24 * 3_660;

/** When a consent in force will end by itself, as far as is known now; null: it holds until it is taken back. */
export function endsAt(
  { state, yes }: Standing,
  at: Temporal.Instant,
  ground: ConsentGround,
): Temporal.Instant | null {
  if (state !== ConsentState.IN_FORCE || yes === null) return null;
  return endOf(yes, ground, at.add({ hours: AHEAD_MAX_HOURS }))?.at ?? null;
}

interface Judged {
  readonly at: Temporal.Instant;
  readonly ground: ConsentGround;
}

/** The best of the points that were agreed to and are wanted; where there is none, what else was decided about it. */
function standingOfWant<D extends Decision>(
  sorted: readonly D[],
  want: ConsentPoint,
  agreed: readonly ConsentPoint[],
  judged: Judged,
): Standing<D> {
  const points = agreed.filter((point) => satisfies(point, want));
  if (points.length === 0) return standingOfPoint(sorted, want, judged);
  return points.map((point) => standingOfPoint(sorted, point, judged)).reduce(better);
}

/** In force before everything else and confirmed before not confirmed; then the later decision. */
function better<D extends Decision>(a: Standing<D>, b: Standing<D>): Standing<D> {
  const worth = ({ state, awaitsConfirmation: waits }: Standing) =>
    state === ConsentState.IN_FORCE ? (waits ? 1 : 2) : 0;
  if (worth(a) !== worth(b)) return worth(a) > worth(b) ? a : b;
  if (a.decision === null || b.decision === null) return a.decision === null ? b : a;
  return compareDecisions(a.decision, b.decision) >= 0 ? a : b;
}

interface Run<D> {
  readonly last: D;
  /** Null: the last word was not a "yes". */
  readonly yes: D | null;
  readonly confirmedAt: readonly Temporal.Instant[];
}

function standingOfPoint<D extends Decision>(
  sorted: readonly D[],
  point: ConsentPoint,
  { at, ground }: Judged,
): Standing<D> {
  const run = sorted.filter((decision) => isAbout(decision, point)).reduce<Run<D> | null>(next, null);
  if (run === null) return NEVER;
  const { last, yes, confirmedAt } = run;
  if (yes === null) {
    const state = STATE_AFTER[last.decision];
    return { ...NEVER, state, reasonCode: state, decision: last, since: last.decidedAt };
  }
  const end = endOf(yes, ground, at);
  if (end !== null) {
    return {
      ...NEVER,
      state: ConsentState.EXPIRED,
      reasonCode: end.because,
      decision: yes,
      yes,
      since: end.at,
    };
  }
  return {
    state: ConsentState.IN_FORCE,
    reasonCode: ConsentReason.IN_FORCE,
    decision: last,
    yes,
    since: yes.decidedAt,
    awaitsConfirmation: awaitsConfirmation(yes, confirmedAt, ground, at),
  };
}

/** A confirmation counts only of the "yes" that is the last word: it never brings back what was taken back in between. */
function next<D extends Decision>(run: Run<D> | null, decision: D): Run<D> | null {
  if (isConfirmation(decision)) {
    if (run === null || run.yes === null || run.yes.id !== decision.ofRecordId) return run;
    return { ...run, last: decision, confirmedAt: [...run.confirmedAt, decision.decidedAt] };
  }
  const isYes = decision.decision === ConsentDecision.GIVEN;
  return { last: decision, yes: isYes ? decision : null, confirmedAt: [] };
}
