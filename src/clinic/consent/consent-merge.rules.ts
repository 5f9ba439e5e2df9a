import { ConsentDecision } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ConsentState } from './consent.refusals.js';
import { type Decision, standingAt } from './consent-standing.rules.js';

/** The decisions on one purpose, when two records that were one become two again. */
export interface DecisionsApart<D extends Decision> {
  /** Of the record that goes back. */
  readonly merged: readonly D[];
  /** Of the record that was kept, from before the merge. */
  readonly keptBefore: readonly D[];
  /** Written under the record that was kept while the two were one. */
  readonly since: readonly D[];
}

/** The consents in force that neither of the two may be taken to have given; null: there is none to take back. */
export interface TakenBack<D extends Decision> {
  readonly merged: D | null;
  readonly kept: D | null;
}

/**
 * Nobody knows any more which of two people said what was written while they were one. A "no" may have been the one's
 * as well as the other's, so it ends the consent of both; a "yes" is believed of the kept record only if it had said so
 * before by itself, and has not been answered with a "no" since. Both are asked anew.
 */
export function takenBackAtUndo<D extends Decision>(
  { merged, keptBefore, since }: DecisionsApart<D>,
  mergedAt: Temporal.Instant,
  now: Temporal.Instant,
): TakenBack<D> {
  if (since.length === 0) return { merged: null, kept: null };
  const isDoubted = since.some(({ decision }) => decision !== ConsentDecision.GIVEN);
  const heldBefore = inForce(keptBefore, mergedAt) !== null;
  return {
    merged: isDoubted ? inForce(merged, now) : null,
    kept: isDoubted || !heldBefore ? inForce([...keptBefore, ...since], now) : null,
  };
}

/** The consent that holds at an instant; null: none does. */
function inForce<D extends Decision>(history: readonly D[], at: Temporal.Instant): D | null {
  const { state, decision } = standingAt(history, at);
  return state === ConsentState.IN_FORCE ? decision : null;
}

/** Whether a decision was written while the two were one. */
export function isSince({ recordedAt }: Decision, mergedAt: Temporal.Instant): boolean {
  return Temporal.Instant.compare(recordedAt, mergedAt) > 0;
}

/** A consent that one of the two had by itself and that does not hold any more once both are read together. */
export interface EndedByMerge<D extends Decision> {
  readonly ofMerged: boolean;
  readonly ofKept: boolean;
  /** The decision that ends it. */
  readonly decision: D;
}

/** Null: whatever either had, they have together. */
export function endedByMerge<D extends Decision>(
  merged: readonly D[],
  kept: readonly D[],
  now: Temporal.Instant,
): EndedByMerge<D> | null {
  const { state, decision } = standingAt([...merged, ...kept], now);
  if (state === ConsentState.IN_FORCE || decision === null) return null;
  const [ofMerged, ofKept] = [inForce(merged, now) !== null, inForce(kept, now) !== null];
  return ofMerged || ofKept ? { ofMerged, ofKept, decision } : null;
}
