import type { ResourceKind } from '../../platform/database/generated/enums.js';

/** One step of a visit. Naming a kind twice asks for two resources of that kind. */
export interface ChainStep {
  readonly durationMinutes: number;
  /** Kinds of resource that the step needs, all at once and for its whole length. */
  readonly kinds: readonly ResourceKind[];
}

/** From the end of the first step to the start of the second. */
export interface ChainWait {
  readonly minMinutes: number;
  readonly targetMinutes: number;
  readonly maxMinutes: number;
}

/** A visit of two steps with a wait between them. */
export interface VisitChain {
  readonly first: ChainStep;
  readonly wait: ChainWait;
  readonly second: ChainStep;
  /** Steps start at multiples of this past the local hour. Must divide 60. */
  readonly startStepMinutes: number;
}

/** What is wrong with the chain as data, in a sentence; null when it can be searched for. */
export function faultOfChain(chain: VisitChain): string | null {
  const { first, second, wait } = chain;
  if (!Number.isInteger(60 / chain.startStepMinutes) || chain.startStepMinutes < 1) {
    return 'startStepMinutes must divide 60';
  }
  for (const step of [first, second]) {
    if (!Number.isInteger(step.durationMinutes) || step.durationMinutes < 1) {
      return 'a step must last a whole number of minutes, at least 1';
    }
    if (step.kinds.length === 0) return 'a step must need at least one kind of resource';
  }
  const inOrder =
    0 <= wait.minMinutes && wait.minMinutes <= wait.targetMinutes && wait.targetMinutes <= wait.maxMinutes;
  return inOrder ? null : 'the wait must satisfy 0 <= min <= target <= max';
}

/** How many resources of each kind the step needs at once. */
export function needsOf(step: ChainStep): ReadonlyMap<ResourceKind, number> {
  const needs = new Map<ResourceKind, number>();
  for (const kind of step.kinds) needs.set(kind, (needs.get(kind) ?? 0) + 1);
  return needs;
}
