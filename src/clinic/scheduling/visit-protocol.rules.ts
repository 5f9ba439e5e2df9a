import type { NeedContinuity, ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, type ChainStep, faultOfChain, type Need } from './chain.rules.js';

export { CHAIN_STEPS_MAX, STEP_NEEDS_MAX } from './chain.rules.js';

/** A working day; nothing in a clinic by day takes longer. */
export const STEP_MAX_MINUTES = 720;
/** Steps of one visit lie in one day: the search puts a visit into the opening hours of a day. */
export const WAIT_MAX_MINUTES = 720;
/** Setting up and clearing a theatre takes minutes, not a session. */
export const BUFFER_MAX_MINUTES = 240;

export interface NeedFacts {
  readonly role: string;
  readonly kind: ResourceKind;
  readonly skill: string | null;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  readonly continuity: NeedContinuity;
  readonly fillsWait: boolean;
}

export interface StepFacts {
  readonly name: string;
  readonly durationMinutes: number;
  readonly waitMinutesMin: number;
  readonly waitMinutesTarget: number;
  readonly waitMinutesMax: number;
  readonly patientPresent: boolean;
  readonly needs: readonly NeedFacts[];
}

export interface ProtocolFacts {
  readonly startStepMinutes: number;
  readonly steps: readonly StepFacts[];
}

/**
 * A protocol as the search reads it. A need that fills the wait before its step becomes a step of its own there, which
 * lasts as long as the wait does, and the same resource stays for the step itself.
 */
export function chainOf({ startStepMinutes, steps }: ProtocolFacts): Chain {
  return {
    startStepMinutes,
    steps: steps.flatMap((step, index) => {
      const fillers = step.needs.filter((need) => need.fillsWait);
      const main: ChainStep = {
        name: step.name,
        durationMinutes: step.durationMinutes,
        wait: index === 0 ? null : waitOf(step),
        needs: step.needs.map(toNeed),
        patientPresent: step.patientPresent,
        fillsWait: false,
      };
      return fillers.length === 0 ? [main] : [waitingStep(step, fillers), main];
    }),
  };
}

/** What is wrong with a protocol, in a sentence; null when visits can be offered by it. */
export function faultOfProtocol(protocol: ProtocolFacts): string | null {
  for (const [index, step] of protocol.steps.entries()) {
    const fault = faultOfStep(step, index);
    if (fault !== null) return `Step ${index + 1}: ${fault}.`;
  }
  // There would be nothing to claim, and nothing to search for.
  const needNothing = protocol.steps.every(({ needs }) => needs.length === 0);
  if (protocol.steps.length > 0 && needNothing) return 'At least one step must need something.';
  const fault = faultOfKinds(protocol.steps) ?? faultOfChain(chainOf(protocol));
  return fault === null ? null : `These steps cannot be searched for: ${fault}.`;
}

function faultOfStep(step: StepFacts, index: number): string | null {
  const { durationMinutes, waitMinutesMin, waitMinutesTarget, waitMinutesMax } = step;
  if (durationMinutes < 1 || durationMinutes > STEP_MAX_MINUTES) {
    return `a step takes 1 to ${STEP_MAX_MINUTES} minutes`;
  }
  const inOrder =
    0 <= waitMinutesMin && waitMinutesMin <= waitMinutesTarget && waitMinutesTarget <= waitMinutesMax;
  if (!inOrder || waitMinutesMax > WAIT_MAX_MINUTES) {
    return `the wait must satisfy 0 <= min <= target <= max <= ${WAIT_MAX_MINUTES} minutes`;
  }
  if (index === 0 && waitMinutesMax > 0) return 'the first step has nothing to wait for';
  if (new Set(step.needs.map((need) => need.role)).size < step.needs.length) {
    return 'the roles of one step must differ';
  }
  if (step.needs.some((need) => need.fillsWait) && (index === 0 || waitMinutesMin < 1)) {
    return 'a need that fills the wait needs a wait of at least a minute before its step';
  }
  const buffers = step.needs.flatMap((need) => [need.bufferBeforeMinutes, need.bufferAfterMinutes]);
  if (buffers.some((minutes) => minutes < 0 || minutes > BUFFER_MAX_MINUTES)) {
    return `a buffer is of 0 to ${BUFFER_MAX_MINUTES} minutes`;
  }
  return null;
}

/** A role is one thing throughout the visit. */
function faultOfKinds(steps: readonly StepFacts[]): string | null {
  const kinds = new Map<string, ResourceKind>();
  for (const need of steps.flatMap((step) => step.needs)) {
    const known = kinds.get(need.role) ?? need.kind;
    if (known !== need.kind) return `the role ${need.role} is of several kinds`;
    kinds.set(need.role, known);
  }
  return null;
}

function waitOf(step: StepFacts) {
  return {
    minMinutes: step.waitMinutesMin,
    targetMinutes: step.waitMinutesTarget,
    maxMinutes: step.waitMinutesMax,
  };
}

function toNeed(need: NeedFacts): Need {
  const { role, kind, skill, bufferAfterMinutes } = need;
  // Preparing what fills the wait comes before the wait.
  const bufferBeforeMinutes = need.fillsWait ? 0 : need.bufferBeforeMinutes;
  const continuity = need.fillsWait ? 'REQUIRED' : need.continuity;
  return { role, kind, skill, bufferBeforeMinutes, bufferAfterMinutes, continuity };
}

function waitingStep(step: StepFacts, fillers: readonly NeedFacts[]): ChainStep {
  return {
    name: `Wait for ${step.name}`,
    durationMinutes: 0,
    wait: null,
    needs: fillers.map((need) => ({
      ...toNeed(need),
      bufferBeforeMinutes: need.bufferBeforeMinutes,
      bufferAfterMinutes: 0,
    })),
    patientPresent: step.patientPresent,
    fillsWait: true,
  };
}
