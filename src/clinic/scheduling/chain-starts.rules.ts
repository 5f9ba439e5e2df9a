import type { Block, BlockPart } from './chain-blocks.rules.js';
import type { ClassPlan, GroupPlan, Plan, StepPlan } from './chain-plan.rules.js';
import { type FreeTimes, spanAtOrBefore } from './diary.rules.js';
import { groupStarts } from './group-starts.rules.js';
import type { LocalDays } from './local-days.rules.js';
import { type Stretch, whereBoth } from './start-times.rules.js';
import { fillerReach, type Reach, startsThatReach } from './wait-reach.rules.js';

export { groupStarts, whereEnough } from './group-starts.rules.js';

// When the blocks of a chain can start. The steps of a visit follow each other, so who serves one step never stands in
// the way of the next: a visit is possible exactly when each step is and the waits fit.

/** What a search knows before it looks at a plan. */
export interface SearchGround {
  /** The whole visit lies inside. Buffers may reach out of it as far as the diary does. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly days: LocalDays;
  /** Null: whenever it suits the clinic. */
  readonly patient: FreeTimes | null;
  /** Starts of groups of needs that were worked out already: plans and steps share most of them. */
  readonly known: Map<string, readonly Stretch[]>;
}

/** Where the blocks of a plan can stand. */
export interface Layout {
  readonly plan: Plan;
  readonly blocks: readonly Block[];
  /** For each block the starts from which everything after it can follow. Empty lists: the plan is impossible. */
  readonly starts: readonly (readonly Stretch[])[];
  /** For each block how far the step that fills the wait behind it can last; null where there is none. */
  readonly reaches: readonly (Reach | null)[];
}

/**
 * Where each of several plans can stand. What they have in common, all but the resources that they have given a role
 * to, is worked out once.
 */
export function layOutAll(
  plans: readonly Plan[],
  blocks: readonly Block[],
  ground: SearchGround,
): readonly Layout[] {
  const common = new Map<Block, readonly Stretch[]>();
  const reaching = new Map<readonly Stretch[], readonly Stretch[]>();
  const startsOf = (plan: Plan, block: Block): readonly Stretch[] => {
    const open = common.get(block) ?? blockStarts(plan, block, ground, 'COMMON');
    common.set(block, open);
    const asksOwn = block.parts.some(({ step }) => plan.steps[step]?.groups.some(({ isKept }) => isKept));
    return asksOwn ? narrowed(open, { plan, block, whose: 'OWN' }, ground) : open;
  };
  return plans.map((plan) =>
    layOut(plan, blocks, ground, {
      own: (block) => startsOf(plan, block),
      reaching: (next, block) => {
        const known = reaching.get(next) ?? startsThatReach(next, block, null, ground.days);
        reaching.set(next, known);
        return known;
      },
    }),
  );
}

/** How the starts of a block are found; plans that are laid out together share what they have in common. */
interface StartsFinder {
  readonly own: (block: Block) => readonly Stretch[];
  /** Starts of the block from which one of these starts of the next fits the wait. */
  readonly reaching: (next: readonly Stretch[], block: Block) => readonly Stretch[];
}

/** Needs of a plan: all, those that other plans have too, or those for a resource that it has given a role to. */
type Whose = 'ALL' | 'COMMON' | 'OWN';

/** Backwards from the last block: each can start where its own steps can and some start of the next fits the wait. */
export function layOut(
  plan: Plan,
  blocks: readonly Block[],
  ground: SearchGround,
  find: StartsFinder = {
    own: (block) => blockStarts(plan, block, ground),
    reaching: (next, block) => startsThatReach(next, block, null, ground.days),
  },
): Layout {
  const starts: (readonly Stretch[])[] = blocks.map(() => []);
  const reaches: (Reach | null)[] = blocks.map(() => null);
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const block = blocks[index];
    if (block === undefined) break;
    const own = find.own(block);
    const next = starts[index + 1] ?? [];
    if (block.link === null) {
      starts[index] = own;
    } else if (block.link.filler === null) {
      starts[index] = whereBoth(own, find.reaching(next, block));
    } else {
      const filler = plan.steps[block.link.filler];
      const reach = filler === undefined ? null : fillerReach(filler, ground);
      reaches[index] = reach;
      starts[index] = whereBoth(own, startsThatReach(next, block, reach, ground.days));
    }
    if (starts[index]?.length === 0) break;
  }
  return { plan, blocks, starts, reaches };
}

/** The starts of a block at which all of its steps are possible. Ends of stretches lie on the grid. */
export function blockStarts(
  plan: Plan,
  block: Block,
  ground: SearchGround,
  whose: Whose = 'ALL',
): readonly Stretch[] {
  return narrowed(wholeWindow(block, ground), { plan, block, whose }, ground);
}

/** Those of the starts of a block at which each of its steps is possible, as far as those needs say. */
function narrowed(
  starts: readonly Stretch[],
  { plan, block, whose }: { readonly plan: Plan; readonly block: Block; readonly whose: Whose },
  ground: SearchGround,
): readonly Stretch[] {
  let found = starts;
  for (const part of block.parts) {
    const step = plan.steps[part.step];
    for (const group of step?.groups ?? []) {
      if (found.length === 0) return found;
      if (whose !== 'ALL' && group.isKept !== (whose === 'OWN')) continue;
      const only = onlyOne(group);
      found =
        only === null
          ? whereBoth(found, snapped(groupStarts(group, part.lengthMs, ground), part, ground))
          : whereOneCan(found, only, part, ground);
    }
    const asksPatient = step?.step.patientPresent === true && ground.patient !== null && whose !== 'OWN';
    if (asksPatient) found = whereBoth(found, patientStarts(part, ground));
  }
  return found;
}

/** The only need of a group, when only one resource may serve it. */
function onlyOne({ classes }: GroupPlan): ClassPlan | null {
  const one = classes[0];
  return classes.length === 1 && one?.count === 1 && one.candidates.length === 1 ? one : null;
}

/** Those of the starts of a block at which one resource can serve a need of one step: no list of its own is made. */
function whereOneCan(
  starts: readonly Stretch[],
  { candidates, beforeMs, afterMs }: ClassPlan,
  { offsetMs, lengthMs }: BlockPart,
  { days, fromMs, untilMs }: SearchGround,
): readonly Stretch[] {
  const found: Stretch[] = [];
  const [resource] = candidates;
  if (resource === undefined) return found;
  let next = 0;
  const end = spanAtOrBefore(resource, untilMs);
  for (let at = Math.max(0, spanAtOrBefore(resource, fromMs)); at <= end; at += 1) {
    const first = days.atOrAfter((resource.starts[at] ?? 0) + beforeMs - offsetMs);
    const last = days.atOrBefore((resource.ends[at] ?? 0) - afterMs - lengthMs - offsetMs);
    if (first > last) continue;
    while (next < starts.length && (starts[next]?.last ?? 0) < first) next += 1;
    for (let index = next; index < starts.length; index += 1) {
      const stretch = starts[index];
      if (stretch === undefined || stretch.first > last) break;
      const isWhole = first <= stretch.first && stretch.last <= last;
      found.push(
        isWhole ? stretch : { first: Math.max(first, stretch.first), last: Math.min(last, stretch.last) },
      );
    }
  }
  return found;
}

/** The starts at which the block as a whole lies in the window. */
export function wholeWindow(block: Block, ground: SearchGround): readonly Stretch[] {
  const first = ground.days.atOrAfter(ground.fromMs);
  const last = ground.days.atOrBefore(ground.untilMs - block.lengthMs);
  return first <= last ? [{ first, last }] : [];
}

/** The starts of the block at which one of its steps is possible. */
export function partStarts(plan: StepPlan, part: BlockPart, ground: SearchGround): readonly Stretch[] {
  const lists = plan.groups.map((group) => snapped(groupStarts(group, part.lengthMs, ground), part, ground));
  if (plan.step.patientPresent && ground.patient !== null) lists.push(patientStarts(part, ground));
  return lists.length === 0 ? [EVER] : lists.reduce(whereBoth);
}

const EVER: Stretch = { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY };

/** The starts of the block at which the patient can be there for the step. */
export function patientStarts(part: BlockPart, ground: SearchGround): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [index, first] of (ground.patient?.starts ?? []).entries()) {
    const last = (ground.patient?.ends[index] ?? first) - part.lengthMs;
    if (first <= last) found.push({ first, last });
  }
  return snapped(found, part, ground);
}

/** Starts of a step as starts of its block, drawn in to the grid. */
export function snapped(
  starts: readonly Stretch[],
  part: BlockPart,
  { days }: SearchGround,
): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of starts) {
    const first = days.atOrAfter(stretch.first - part.offsetMs);
    const last = days.atOrBefore(stretch.last - part.offsetMs);
    if (first <= last) found.push({ first, last });
  }
  return found;
}
