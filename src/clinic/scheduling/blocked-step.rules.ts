import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { MINUTE_MS } from './chain.rules.js';
import type { Block, BlockPart } from './chain-blocks.rules.js';
import type { ClassPlan, GroupPlan, Plan, StepPlan } from './chain-plan.rules.js';
import {
  groupStarts,
  partStarts,
  patientStarts,
  type SearchGround,
  snapped,
  whereEnough,
  wholeWindow,
} from './chain-starts.rules.js';
import { needsIn, setsOfNeeds } from './need-matching.rules.js';
import { type Stretch, whereBoth } from './start-times.rules.js';

/** What a step asks for, and who could serve it at all. */
export interface BlockedNeed {
  readonly kind: ResourceKind;
  readonly skill: string | null;
  readonly count: number;
  /** Names of all resources in the diary that have the kind and the skill, free or not at the right time. */
  readonly able: readonly string[];
}

/** A step by its place in the chain, counted from 0, and its name. */
export interface AtStep {
  readonly step: number;
  readonly stepName: string;
}

/** A step that is impossible whatever the others do. */
export type BlockedStep =
  /** Too few who could serve these needs are free at once for so long (buffers come on top), at any time. */
  | (AtStep & {
      readonly reason: 'NOT_FREE';
      readonly needs: readonly BlockedNeed[];
      readonly minutes: number;
    })
  /** Each of these is free somewhere (and the patient, where said so), but never all at once for so long. */
  | (AtStep & {
      readonly reason: 'NEVER_FREE_TOGETHER';
      readonly needs: readonly BlockedNeed[];
      readonly withPatient: boolean;
      readonly minutes: number;
    })
  /** The patient can never be there for so long. */
  | (AtStep & { readonly reason: 'PATIENT_NOT_FREE'; readonly minutes: number })
  /** The window is shorter than the steps that must follow each other at once. */
  | { readonly reason: 'WINDOW_TOO_SHORT' };

/** A chain in which nobody must stay, and where it is looked for. */
export interface Inquiry {
  readonly plan: Plan;
  readonly blocks: readonly Block[];
  readonly ground: SearchGround;
}

/** A step that is impossible by itself, the first in the chain. A step that fills a wait must last its minimum. */
export function blockedStep({ plan, blocks, ground }: Inquiry): BlockedStep | null {
  for (const block of blocks) {
    const window = wholeWindow(block, ground);
    if (window.length === 0) return { reason: 'WINDOW_TOO_SHORT' };
    const filler = block.link?.filler ?? null;
    const parts =
      filler === null
        ? block.parts
        : [...block.parts, { step: filler, offsetMs: block.lengthMs, lengthMs: block.link?.minMs ?? 0 }];
    for (const part of parts) {
      const step = plan.steps[part.step];
      const why = step === undefined ? null : whyNotStep(step, part, window, ground);
      if (why !== null) return why;
    }
  }
  return null;
}

function whyNotStep(
  plan: StepPlan,
  part: BlockPart,
  window: readonly Stretch[],
  ground: SearchGround,
): BlockedStep | null {
  if (whereBoth(window, partStarts(plan, part, ground)).length > 0) return null;
  const at = { step: part.step, stepName: plan.step.name, minutes: part.lengthMs / MINUTE_MS };
  const inWindow = (starts: readonly Stretch[]): readonly Stretch[] =>
    whereBoth(window, snapped(starts, part, ground));
  const lists: Possible[] = [];
  for (const group of plan.groups) {
    const starts = inWindow(groupStarts(group, part.lengthMs, ground));
    if (starts.length === 0) return { ...at, ...whyNotGroup(group, part, inWindow, { plan, ground }) };
    lists.push({ needs: blockedNeeds(plan, group.classes), withPatient: false, starts });
  }
  if (plan.step.patientPresent && ground.patient !== null) {
    const starts = whereBoth(window, patientStarts(part, ground));
    if (starts.length === 0) return { ...at, reason: 'PATIENT_NOT_FREE' };
    lists.push({ needs: [], withPatient: true, starts });
  }
  const culprits = fewestApart(lists);
  return {
    ...at,
    reason: 'NEVER_FREE_TOGETHER',
    needs: culprits.flatMap(({ needs }) => needs),
    withPatient: culprits.some(({ withPatient }) => withPatient),
  };
}

interface Possible {
  readonly needs: readonly BlockedNeed[];
  readonly withPatient: boolean;
  readonly starts: readonly Stretch[];
}

/** Within one kind: the smallest set of needs that is too large for who is free, or all if only together they fail. */
function whyNotGroup(
  group: GroupPlan,
  part: BlockPart,
  inWindow: (starts: readonly Stretch[]) => readonly Stretch[],
  at: { readonly plan: StepPlan; readonly ground: SearchGround },
):
  | { readonly reason: 'NOT_FREE'; readonly needs: readonly BlockedNeed[] }
  | {
      readonly reason: 'NEVER_FREE_TOGETHER';
      readonly needs: readonly BlockedNeed[];
      readonly withPatient: boolean;
    } {
  const use = { lengthMs: part.lengthMs, ground: at.ground };
  const set = setsOfNeeds(group.classes).find((one) => inWindow(whereEnough(group, one, use)).length === 0);
  if (set === undefined) {
    const needs = blockedNeeds(at.plan, group.classes);
    return { reason: 'NEVER_FREE_TOGETHER', needs, withPatient: false };
  }
  const classes = set.flatMap((place) => group.classes[place] ?? []);
  return { reason: 'NOT_FREE', needs: blockedNeeds(at.plan, classes) };
}

/** Two lists that never meet, if there are two; else all of them. */
function fewestApart(lists: readonly Possible[]): readonly Possible[] {
  for (const [index, one] of lists.entries()) {
    for (const other of lists.slice(index + 1)) {
      if (whereBoth(one.starts, other.starts).length === 0) return [one, other];
    }
  }
  return lists;
}

/** Needs of a step by class, with the names of all who could serve them. */
export function blockedNeeds(plan: StepPlan, classes: readonly ClassPlan[]): readonly BlockedNeed[] {
  return classes.flatMap((one, place) => {
    const asked = plan.step.needs[one.needs[0] ?? -1];
    if (asked === undefined) return [];
    return {
      kind: asked.kind,
      skill: asked.skill,
      count: needsIn([place], classes),
      able: one.candidates.map(({ name }) => name),
    };
  });
}
