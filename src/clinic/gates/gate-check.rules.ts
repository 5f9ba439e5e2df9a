import type { Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';
import type { GateVerdict } from './gate.rules.js';

/** How a check of a visit stands on the day of the injection. Its states are those of a gate. */
export interface CheckFacts {
  readonly state: keyof typeof GateState;
  readonly reasonCode: string;
  readonly reason: string;
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
}

/** Three points of identity agreed on the day of the injection. */
export function identityChecked(check: CheckFacts): GateVerdict {
  return asFound(check);
}

/** Whoever may be pregnant was asked on the day of the injection, and a practitioner decided where it is not excluded. */
export function pregnancyEnquired(check: CheckFacts): GateVerdict {
  return withoutTheAnswer(check);
}

/** Whoever may breast-feed was asked on the day of the injection, and told for how long to stop. */
export function breastFeedingEnquired(check: CheckFacts): GateVerdict {
  return withoutTheAnswer(check);
}

/** The checklist was gone through on the day of the injection, and decided on where something was not as it should be. */
export function safetyChecked(check: CheckFacts): GateVerdict {
  return asFound(check);
}

/** The checks' own room judges them; here they keep the way shut. */
function asFound({ state, reasonCode, reason, byId, byName, at }: CheckFacts): GateVerdict {
  return { state, reasonCode, reason, byId, byName, at };
}

/** Gates are seen by more people than answers are: once nothing is left to be done, nobody needs to know what was said. */
function withoutTheAnswer(check: CheckFacts): GateVerdict {
  const found = asFound(check);
  if (found.state !== GateState.PASSED) return found;
  return { ...found, reasonCode: 'ENQUIRED', reason: 'Asked on the day, and nothing is left to be done.' };
}
