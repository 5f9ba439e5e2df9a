import {
  type AtStep,
  type BlockedNeed,
  type BlockedStep,
  blockedNeeds,
  blockedStep,
  type Inquiry,
} from './blocked-step.rules.js';
import { type Chain, MINUTE_MS, type Need, requiredRoles } from './chain.rules.js';
import type { Block, BlockPart } from './chain-blocks.rules.js';
import { type ChainSearch, groundOf, layoutsOf, mustBeBlocks } from './chain-offer.rules.js';
import { type Plan, plansOf, type StepPlan } from './chain-plan.rules.js';
import { blockStarts, layOut, partStarts, type SearchGround, wholeWindow } from './chain-starts.rules.js';
import { whereBoth } from './start-times.rules.js';
import { fillerReach, type Reach, startsThatReach } from './wait-reach.rules.js';

/** The first thing that stands in the way of every visit. Without it there is a visit, or something else is in the way. */
export type WhyNone =
  | BlockedStep
  /** The step is possible and so is all before and after it, but not so long after the step before. */
  | (AtStep & {
      readonly reason: 'WAIT_NOT_MET';
      readonly minMinutes: number;
      readonly maxMinutes: number;
      /** Of the step, of those before it, and of those that must follow either of them after a fixed wait. */
      readonly needs: readonly BlockedNeed[];
    })
  /** The steps around it are possible, but these (and the patient, where said so) not for the whole wait between. */
  | (AtStep & {
      readonly reason: 'WAIT_NOT_FILLED';
      readonly needs: readonly BlockedNeed[];
      readonly withPatient: boolean;
      /** The least that the wait can last. */
      readonly minutes: number;
    })
  /** The visit is possible if these roles may change hands between steps. */
  | {
      readonly reason: 'ROLE_CHANGES_HANDS';
      readonly roles: readonly string[];
      readonly needs: readonly BlockedNeed[];
    };

/** Why there is no visit; null when there is one. */
export function whyNone(search: ChainSearch): WhyNone | null {
  const blocks = mustBeBlocks(search.chain);
  const ground = groundOf(search);
  if (ground === null) return { reason: 'WINDOW_TOO_SHORT' };
  if (layoutsOf(search, blocks, ground).length > 0) return null;
  const [plan] = plansOf(freeHanded(search.chain, requiredRoles(search.chain.steps)), search.diary);
  if (plan === undefined) return null;
  const inquiry: Inquiry = { plan, blocks, ground };
  return (
    blockedStep(inquiry) ?? blockedInside(inquiry) ?? blockedBetween(inquiry) ?? blockedRoles(search, ground)
  );
}

/** The chain with these roles allowed to change hands. */
export function freeHanded(chain: Chain, roles: readonly string[]): Chain {
  const steps = chain.steps.map((step) => ({
    ...step,
    needs: step.needs.map(
      (need): Need =>
        roles.includes(need.role) && need.continuity === 'REQUIRED' ? { ...need, continuity: 'FREE' } : need,
    ),
  }));
  return { ...chain, steps };
}

/** Steps that must follow each other after a fixed wait: the first that cannot follow those before it. */
function blockedInside({ plan, blocks, ground }: Inquiry): WhyNone | null {
  for (const block of blocks) {
    let found = wholeWindow(block, ground);
    let endMs = 0;
    for (const part of block.parts) {
      const step = plan.steps[part.step];
      if (step === undefined) continue;
      const before = found;
      const fits = (eased: StepPlan): boolean =>
        whereBoth(before, partStarts(eased, part, ground)).length > 0;
      found = whereBoth(before, partStarts(step, part, ground));
      if (found.length === 0 && step.step.fillsWait) return notFilled(step, part.step, part.lengthMs, fits);
      if (found.length === 0) {
        const minutes = waitBefore(plan, part, endMs);
        return notMet(plan, [block], part.step, { minMinutes: minutes, maxMinutes: minutes });
      }
      endMs = part.offsetMs + part.lengthMs;
    }
  }
  return null;
}

/** The fixed wait before a step, which a step that fills it may have used up. */
function waitBefore(plan: Plan, part: BlockPart, endMs: number): number {
  const wait = plan.steps[part.step]?.step.wait;
  return wait?.minMinutes ?? (part.offsetMs - endMs) / MINUTE_MS;
}

/** From the last block backwards: the wait that nothing before it can meet. */
function blockedBetween({ plan, blocks, ground }: Inquiry): WhyNone | null {
  const { starts } = layOut(plan, blocks, ground);
  const empty = starts.findLastIndex((list) => list.length === 0);
  const block = blocks[empty];
  const link = block?.link;
  if (block === undefined || !link) return null;
  const filler = link.filler === null ? undefined : plan.steps[link.filler];
  const own = blockStarts(plan, block, ground);
  const reaches = (reach: Reach | null): boolean =>
    whereBoth(own, startsThatReach(starts[empty + 1] ?? [], block, reach, ground.days)).length > 0;
  if (filler !== undefined && reaches(null)) {
    return notFilled(filler, link.filler ?? 0, link.minMs, (eased) => reaches(fillerReach(eased, ground)));
  }
  return notMet(plan, blocks.slice(empty, empty + 2), link.step, {
    minMinutes: link.minMs / MINUTE_MS,
    maxMinutes: link.maxMs / MINUTE_MS,
  });
}

/** `fits` says whether the wait could be filled by a step that asks for less. */
function notFilled(
  filler: StepPlan,
  step: number,
  leastMs: number,
  fits: (eased: StepPlan) => boolean,
): WhyNone {
  const isOnlyPatient = fits({ ...filler, step: { ...filler.step, patientPresent: false } });
  const needs = filler.groups.flatMap(({ classes }) => blockedNeeds(filler, classes));
  return {
    reason: 'WAIT_NOT_FILLED',
    step,
    stepName: filler.step.name,
    needs: isOnlyPatient ? [] : needs,
    withPatient: isOnlyPatient || !fits({ ...filler, groups: [] }),
    minutes: leastMs / MINUTE_MS,
  };
}

function notMet(
  plan: Plan,
  around: readonly Block[],
  step: number,
  wait: { readonly minMinutes: number; readonly maxMinutes: number },
): WhyNone {
  const steps = around.flatMap(({ parts }) => parts.flatMap((part) => plan.steps[part.step] ?? []));
  return {
    reason: 'WAIT_NOT_MET',
    step,
    stepName: plan.steps[step]?.step.name ?? '',
    ...wait,
    needs: steps.flatMap((one) => one.groups.flatMap(({ classes }) => blockedNeeds(one, classes))),
  };
}

/** One role that alone stands in the way, if there is one; else all that must stay in one pair of hands. */
function blockedRoles(search: ChainSearch, ground: SearchGround): WhyNone {
  const { chain, diary } = search;
  const all = requiredRoles(chain.steps);
  const alone = all.find((role) => {
    const eased = { ...search, chain: freeHanded(chain, [role]) };
    return layoutsOf(eased, mustBeBlocks(eased.chain), ground).length > 0;
  });
  const roles = alone === undefined ? all : [alone];
  const [free] = plansOf(freeHanded(chain, all), diary);
  const needs = (free?.steps ?? []).flatMap((plan) =>
    plan.groups.flatMap(({ classes }) =>
      blockedNeeds(
        plan,
        classes.filter((one) =>
          one.needs.some((place) => roles.includes(plan.step.needs[place]?.role ?? '')),
        ),
      ),
    ),
  );
  return { reason: 'ROLE_CHANGES_HANDS', roles, needs };
}
