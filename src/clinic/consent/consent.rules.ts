import { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { formatLocalDateTime, Temporal } from '../../platform/time/index.js';
import {
  ConsentKind,
  ConsentReason,
  ConsentState,
  ConsentStillInForce,
  NothingToWithdraw,
} from './consent.refusals.js';
import { type ConsentPlace, describePlace, overlap } from './consent-place.rules.js';
import type { ConsentGround } from './consent-policy.rules.js';
import { type Decision, type Standing, standingAt, standingsOfPoints } from './consent-standing.rules.js';

/** What kind of consent a purpose is. The three are asked, given and taken back apart from each other. */
const KIND_OF = {
  PRIVACY_NOTICE: ConsentKind.PRIVACY_NOTICE,
  MARKETING: ConsentKind.CONTACT,
  CONTACT_BY_MESSAGE: ConsentKind.CONTACT,
  IMAGING_TRACER_AND_XRAYS: ConsentKind.CLINICAL,
  PROCEDURE: ConsentKind.CLINICAL,
} as const satisfies Record<ConsentPurpose, ConsentKind>;

export function kindOf(purpose: ConsentPurpose): ConsentKind {
  return KIND_OF[purpose];
}

const WHY_EXPIRED: Partial<Record<ConsentReason, string>> = {
  VALIDITY_OVER: 'it holds for a limited time',
  WORDING_REPLACED: 'there is a newer wording',
};

/** The standing in words, with the clinic's local time. */
export function describeStanding(standing: Standing, timeZone: string): string {
  const { state, since, reasonCode } = standing;
  const when = since === null ? '' : formatLocalDateTime(since, timeZone);
  switch (state) {
    case ConsentState.NEVER_ASKED:
      return reasonCode === ConsentReason.PLACE_NOT_COVERED
        ? 'Never asked about this side and these levels: what was agreed to is another place.'
        : 'Never asked.';
    case ConsentState.IN_FORCE:
      return `In force since ${when}.${standing.awaitsConfirmation ? ' To be confirmed on the day before anything is done.' : ''}`;
    case ConsentState.DECLINED:
      return `Declined on ${when}.`;
    case ConsentState.NOT_CHOSEN:
      return `Neither agreed to nor declined on ${when}.`;
    case ConsentState.UNKNOWN:
      return `What was decided on ${when} cannot be told.`;
    case ConsentState.REFUSED:
      return `Did not want to be asked on ${when}.`;
    case ConsentState.WITHDRAWN:
      return `Withdrawn on ${when}.`;
    case ConsentState.INVALIDATED:
      return `Found not to be valid on ${when}.`;
    case ConsentState.EXPIRED:
      return `Expired on ${when}: ${WHY_EXPIRED[reasonCode] ?? 'it holds no longer'}. Ask again.`;
  }
}

/**
 * May a "no" be recorded as declined, or as not chosen, not known or refused? Not when it would end a consent in force:
 * that is a withdrawal, and the record has to say so. What is from before that consent was given is history.
 */
export function canDecline(
  history: readonly Decision[],
  no: { readonly decidedAt: Temporal.Instant; readonly now: Temporal.Instant; readonly place: ConsentPlace },
  ground: ConsentGround,
): ConsentStillInForce | null {
  const ended = standingsOfPoints(history, no.now, ground).find(
    ({ state, yes, point }) =>
      state === ConsentState.IN_FORCE &&
      yes !== null &&
      Temporal.Instant.compare(yes.decidedAt, no.decidedAt) <= 0 &&
      overlap({ side: point.side, levels: point.level === null ? [] : [point.level] }, no.place),
  );
  return ended === undefined ? null : new ConsentStillInForce(describeStanding(ended, ground.timeZone));
}

/** What a withdrawal takes back, with the latest decision that it may not be dated before. */
export interface Withdrawable<D extends Decision> {
  readonly standing: Standing<D>;
  readonly latest: D;
}

/**
 * May it be withdrawn now? What is in force, and what has expired, too: who takes something back is never told that it
 * does not matter.
 */
export function canWithdraw<D extends Decision>(
  history: readonly D[],
  at: { readonly now: Temporal.Instant; readonly place: ConsentPlace },
  ground: ConsentGround,
): Withdrawable<D> | NothingToWithdraw {
  const held = standingsOfPoints(history, at.now, ground).filter(
    ({ state, point }) =>
      (state === ConsentState.IN_FORCE || state === ConsentState.EXPIRED) &&
      overlap({ side: point.side, levels: point.level === null ? [] : [point.level] }, at.place),
  );
  const inForce = held.filter(({ state }) => state === ConsentState.IN_FORCE);
  const [standing] = inForce.length > 0 ? inForce : held;
  const latest = held
    .flatMap(({ decision }) => (decision === null ? [] : [decision]))
    .reduce<D | null>(
      (best, one) =>
        best === null || Temporal.Instant.compare(best.decidedAt, one.decidedAt) < 0 ? one : best,
      null,
    );
  if (standing !== undefined && latest !== null) return { standing, latest };
  const stands = standingAt(history, at.now, ground, at.place);
  return new NothingToWithdraw(stands.state, describeStanding(stands, ground.timeZone));
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

/** What a standing is about, in words: " (left, L4/5)"; empty when it names no place. */
export function placeInBrackets(place: ConsentPlace): string {
  const words = describePlace(place);
  return words === '' ? '' : ` (${words})`;
}

/** What a visit asks about: a procedure is asked by itself, under the code of its kind of visit; null: there is no more to say. */
export function askedByVisit(
  purpose: ConsentPurpose,
  visitTypeCode: string,
): { readonly procedureCode: string } | null {
  return purpose === ConsentPurpose.PROCEDURE ? { procedureCode: visitTypeCode } : null;
}
