import type { ResourceKind } from '../../platform/database/generated/enums.js';

/** Must one resource serve a role in every step of a visit that names the role? Preferred only ranks offers. */
export type Continuity = 'FREE' | 'PREFERRED' | 'REQUIRED';

/** One resource that a step takes for its whole length. */
export interface Need {
  readonly kind: ResourceKind;
  /** Only a resource with this skill will do; null: any of the kind. */
  readonly skill: string | null;
  /** What the resource does in the visit ("camera", "injector"). The same role in several steps may be kept together. */
  readonly role: string;
  /** Setting up: the resource is taken so long before the step. The patient is not there yet. */
  readonly bufferBeforeMinutes: number;
  /** Clearing up: the resource is taken so long after the step. */
  readonly bufferAfterMinutes: number;
  readonly continuity: Continuity;
}

/** From the end of the step before, in minutes that really pass. Adjacent is 0, 0, 0. */
export interface Wait {
  readonly minMinutes: number;
  readonly targetMinutes: number;
  readonly maxMinutes: number;
}

export interface ChainStep {
  readonly name: string;
  /** Not looked at when the step fills the wait. */
  readonly durationMinutes: number;
  /**
   * Null for the first step and for a step that fills the wait. After a step that fills it, the wait is counted from
   * the end of the step before that one.
   */
  readonly wait: Wait | null;
  /** All of them at once, each another resource. */
  readonly needs: readonly Need[];
  /** The patient must be free too. */
  readonly patientPresent: boolean;
  /** Lasts from the end of the step before to the start of the step after, however long that is: an uptake chair. */
  readonly fillsWait: boolean;
}

/** A visit as a row of steps. */
export interface Chain {
  readonly steps: readonly ChainStep[];
  /** Steps start at multiples of this past the local hour, except one that must start at a fixed moment. Divides 60. */
  readonly startStepMinutes: number;
}

export const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** A visit with more steps is several visits; the search stays quick with some room to spare. */
export const CHAIN_STEPS_MAX = 12;
/** A multidisciplinary meeting needs seven or eight people and a room. */
export const STEP_NEEDS_MAX = 12;
/** Each resource that could keep such a role is tried with each of the next role: the work multiplies. */
export const REQUIRED_ROLES_MAX = 3;

/** What is wrong with the chain as data, in a sentence; null when it can be searched for. */
export function faultOfChain(chain: Chain): string | null {
  const { steps, startStepMinutes } = chain;
  if (startStepMinutes < 1 || !Number.isInteger(HOUR_MINUTES / startStepMinutes)) {
    return 'startStepMinutes must divide 60';
  }
  if (steps.length === 0) return 'a chain must have a step';
  if (steps.length > CHAIN_STEPS_MAX) return `a chain has at most ${CHAIN_STEPS_MAX} steps`;
  for (const [index, step] of steps.entries()) {
    const fault = faultOfStep(step, index, steps);
    if (fault !== null) return `step ${index + 1}: ${fault}`;
  }
  return faultOfRoles(steps);
}

function faultOfStep(step: ChainStep, index: number, steps: readonly ChainStep[]): string | null {
  if (step.needs.length === 0 && !step.patientPresent) return 'a step must need something or the patient';
  if (step.needs.length > STEP_NEEDS_MAX) return `a step has at most ${STEP_NEEDS_MAX} needs`;
  for (const { bufferBeforeMinutes, bufferAfterMinutes } of step.needs) {
    if (!isWhole(bufferBeforeMinutes) || !isWhole(bufferAfterMinutes)) {
      return 'a buffer must be a whole number of minutes, at least 0';
    }
  }
  if (step.fillsWait) return faultOfFiller(step, index, steps);
  if (!isWhole(step.durationMinutes) || step.durationMinutes < 1) {
    return 'a step must last a whole number of minutes, at least 1';
  }
  if (index === 0) return step.wait === null ? null : 'the first step has nothing to wait for';
  if (step.wait === null) return 'a later step must say how long it waits';
  const { minMinutes, targetMinutes, maxMinutes } = step.wait;
  const areWhole = isWhole(minMinutes) && isWhole(targetMinutes) && isWhole(maxMinutes);
  const inOrder = minMinutes <= targetMinutes && targetMinutes <= maxMinutes;
  return areWhole && inOrder ? null : 'the wait must satisfy 0 <= min <= target <= max in whole minutes';
}

function faultOfFiller(step: ChainStep, index: number, steps: readonly ChainStep[]): string | null {
  const before = steps[index - 1];
  const after = steps[index + 1];
  if (before === undefined || after === undefined)
    return 'a step that fills the wait stands between two others';
  if (before.fillsWait || after.fillsWait) return 'two steps cannot fill one wait';
  if (step.wait !== null) return 'a step that fills the wait follows at once: it has no wait of its own';
  const isLong = after.wait !== null && after.wait.minMinutes >= 1;
  return isLong ? null : 'the wait that a step fills must last at least a minute';
}

/** One resource cannot do two things at once, nor be of two kinds. */
function faultOfRoles(steps: readonly ChainStep[]): string | null {
  const roles = requiredRoles(steps);
  if (roles.length > REQUIRED_ROLES_MAX) {
    return `at most ${REQUIRED_ROLES_MAX} roles can be kept in one pair of hands`;
  }
  for (const role of roles) {
    const kinds = new Set<ResourceKind>();
    for (const step of steps) {
      const needs = step.needs.filter((need) => need.role === role);
      if (needs.length > 1)
        return `one step names the role ${role} twice, which must stay in one pair of hands`;
      for (const need of needs) kinds.add(need.kind);
    }
    if (kinds.size > 1) return `the role ${role} must stay with one resource but is of several kinds`;
  }
  return null;
}

function isWhole(minutes: number): boolean {
  return Number.isInteger(minutes) && minutes >= 0;
}

/** Roles that several steps name and that must stay with one resource. One need that says so speaks for the role. */
export function requiredRoles(steps: readonly ChainStep[]): readonly string[] {
  return rolesOfSeveralSteps(steps).filter((role) => continuityOf(steps, role) === 'REQUIRED');
}

/** Roles that several steps name and that are better kept with one resource. */
export function preferredRoles(steps: readonly ChainStep[]): readonly string[] {
  return rolesOfSeveralSteps(steps).filter((role) => continuityOf(steps, role) === 'PREFERRED');
}

function rolesOfSeveralSteps(steps: readonly ChainStep[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const step of steps) {
    for (const role of new Set(step.needs.map((need) => need.role))) {
      counts.set(role, (counts.get(role) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, count]) => count > 1).map(([role]) => role);
}

function continuityOf(steps: readonly ChainStep[], role: string): Continuity {
  const said = steps.flatMap((step) => step.needs.filter((need) => need.role === role));
  if (said.some((need) => need.continuity === 'REQUIRED')) return 'REQUIRED';
  return said.some((need) => need.continuity === 'PREFERRED') ? 'PREFERRED' : 'FREE';
}
