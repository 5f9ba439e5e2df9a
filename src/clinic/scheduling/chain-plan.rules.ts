import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, type ChainStep, MINUTE_MS, type Need, requiredRoles } from './chain.rules.js';
import type { DiaryResource } from './diary.rules.js';
import { canServe } from './need-matching.rules.js';

/** Needs of a step that the same resources serve at the same times. */
export interface ClassPlan {
  readonly candidates: readonly DiaryResource[];
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly count: number;
  /** Same key, same resources and buffers: what was found out about one holds for the other. */
  readonly key: string;
  /** Places of the needs in the step. */
  readonly needs: readonly number[];
}

/**
 * The needs of a step for one kind of resource. Kinds share no resource, so groups never compete. Plans that ask for
 * the same share one group: what was found out about it holds for all of them.
 */
export interface GroupPlan {
  readonly kind: ResourceKind;
  readonly classes: readonly ClassPlan[];
  /** Some of it is for a resource that the plan has given a role to: other plans may ask for another. */
  readonly isKept: boolean;
}

export interface StepPlan {
  readonly step: ChainStep;
  readonly groups: readonly GroupPlan[];
}

/** A chain in which each role that must stay with one resource has got it. */
export interface Plan {
  readonly steps: readonly StepPlan[];
  /** Its place among the plans of a search. */
  readonly order: number;
}

interface Chosen {
  readonly [role: string]: DiaryResource;
}

/**
 * All ways to give the roles that must stay in one pair of hands to somebody; one way when there is no such role.
 * Within a plan every step can be looked at on its own.
 */
export function plansOf(chain: Chain, diary: readonly DiaryResource[]): readonly Plan[] {
  const able = candidatesByNeed(diary);
  let choices: readonly Chosen[] = [{}];
  for (const role of requiredRoles(chain.steps)) {
    const needs = chain.steps.flatMap((step) => step.needs.filter((need) => need.role === role));
    const [first] = needs;
    if (first === undefined) continue;
    const fits = able(first).filter((resource) => needs.every((need) => canServe(resource, need)));
    choices = choices.flatMap((chosen) => fits.map((resource) => ({ ...chosen, [role]: resource })));
  }
  const none: Chosen = {};
  const roles = new Set(choices.flatMap((chosen) => Object.keys(chosen)));
  const steps = chain.steps.map((step) => ({
    step,
    groups: kindsOf(step).map((kind) => {
      const isKept = step.needs.some((need) => need.kind === kind && roles.has(need.role));
      return { kind, common: isKept ? null : groupOf(step, kind, none, able) };
    }),
  }));
  return choices.map((chosen, order) => ({
    order,
    steps: steps.map(({ step, groups }) => ({
      step,
      groups: groups.map(({ kind, common }) => common ?? groupOf(step, kind, chosen, able)),
    })),
  }));
}

function kindsOf({ needs }: ChainStep): readonly ResourceKind[] {
  return [...new Set(needs.map(({ kind }) => kind))];
}

interface OpenClass extends ClassPlan {
  count: number;
  readonly needs: number[];
}

function groupOf(
  { needs }: ChainStep,
  kind: ResourceKind,
  chosen: Chosen,
  able: (need: Need) => readonly DiaryResource[],
): GroupPlan {
  const classes: OpenClass[] = [];
  let isKept = false;
  for (const [place, need] of needs.entries()) {
    if (need.kind !== kind) continue;
    const holder = chosen[need.role];
    if (holder !== undefined) isKept = true;
    const who = holder === undefined ? `${kind}/${need.skill ?? ''}` : `#${holder.id}`;
    const key = `${who}/${need.bufferBeforeMinutes}/${need.bufferAfterMinutes}`;
    const known = classes.find((one) => one.key === key);
    if (known !== undefined) {
      known.count += 1;
      known.needs.push(place);
      continue;
    }
    classes.push({
      candidates: holder === undefined ? able(need) : [holder],
      beforeMs: need.bufferBeforeMinutes * MINUTE_MS,
      afterMs: need.bufferAfterMinutes * MINUTE_MS,
      count: 1,
      key,
      needs: [place],
    });
  }
  return { kind, classes, isKept };
}

/** Who could serve a need, in a fixed order, found once for needs that ask for the same. */
function candidatesByNeed(diary: readonly DiaryResource[]): (need: Need) => readonly DiaryResource[] {
  const inOrder = diary.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const known = new Map<string, readonly DiaryResource[]>();
  return (need) => {
    const key = `${need.kind}/${need.skill ?? ''}`;
    const found = known.get(key) ?? inOrder.filter((resource) => canServe(resource, need));
    known.set(key, found);
    return found;
  };
}
