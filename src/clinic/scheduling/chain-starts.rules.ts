import type { Block, BlockPart } from './chain-blocks.rules.js';
import type { GroupPlan, Plan, StepPlan } from './chain-plan.rules.js';
import { type FreeTimes, spanAtOrBefore } from './diary.rules.js';
import type { LocalDays } from './local-days.rules.js';
import { needsIn, setsOfNeeds } from './need-matching.rules.js';
import { type Stretch, whereBoth } from './start-times.rules.js';
import { fillerReach, type Reach, startsThatReach } from './wait-reach.rules.js';

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

/** Backwards from the last block: each can start where its own steps can and some start of the next fits the wait. */
export function layOut(plan: Plan, blocks: readonly Block[], ground: SearchGround): Layout {
  const starts: (readonly Stretch[])[] = blocks.map(() => []);
  const reaches: (Reach | null)[] = blocks.map(() => null);
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const block = blocks[index];
    if (block === undefined) break;
    const own = blockStarts(plan, block, ground);
    if (block.link === null) {
      starts[index] = own;
    } else {
      const filler = block.link.filler === null ? undefined : plan.steps[block.link.filler];
      const reach = filler === undefined ? null : fillerReach(filler, ground);
      reaches[index] = reach;
      const reaching = startsThatReach(starts[index + 1] ?? [], block, reach, ground.days);
      starts[index] = whereBoth(own, reaching);
    }
    if (starts[index]?.length === 0) break;
  }
  return { plan, blocks, starts, reaches };
}

/** The starts of a block at which all of its steps are possible. Ends of stretches lie on the grid. */
export function blockStarts(plan: Plan, block: Block, ground: SearchGround): readonly Stretch[] {
  let found: readonly Stretch[] = wholeWindow(block, ground);
  for (const part of block.parts) {
    const step = plan.steps[part.step];
    if (step === undefined || found.length === 0) break;
    found = whereBoth(found, partStarts(step, part, ground));
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

/** The starts at which all needs of one kind can be served at once, each by another resource. Not yet on the grid. */
export function groupStarts(group: GroupPlan, lengthMs: number, ground: SearchGround): readonly Stretch[] {
  const key = `${lengthMs}|${group.classes.map((one) => `${one.count}*${one.key}`).join('|')}`;
  const known = ground.known.get(key);
  if (known !== undefined) return known;
  let found: readonly Stretch[] | null = null;
  for (const set of setsOfNeeds(group.classes)) {
    const enough = whereEnough(group, set, { lengthMs, ground });
    found = found === null ? enough : whereBoth(found, enough);
    if (found.length === 0) break;
  }
  ground.known.set(key, found ?? []);
  return found ?? [];
}

/** Where as many resources can serve one of these needs as there are needs. */
export function whereEnough(
  group: GroupPlan,
  set: readonly number[],
  use: { readonly lengthMs: number; readonly ground: SearchGround },
): readonly Stretch[] {
  const classes = set.flatMap((place) => group.classes[place] ?? []);
  const resources = new Set(classes.flatMap((one) => one.candidates));
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (const resource of resources) {
    const own = classes.filter((one) => one.candidates.includes(resource));
    const { starts, ends } = resource;
    const from = Math.max(0, spanAtOrBefore(resource, use.ground.fromMs));
    for (let index = from; index < starts.length; index += 1) {
      const startMs = starts[index] ?? 0;
      if (startMs >= use.ground.untilMs) break;
      // With different buffers the needs of a set allow different starts; a resource counts once for all of them.
      const since = firsts.length;
      for (const { beforeMs, afterMs } of own) {
        addStretch(startMs + beforeMs, (ends[index] ?? 0) - afterMs - use.lengthMs, { firsts, lasts, since });
      }
    }
  }
  return whereAtLeast(needsIn(set, group.classes), Float64Array.from(firsts), Float64Array.from(lasts));
}

/** Adds a stretch, made one with those it overlaps among what was added since. */
function addStretch(
  first: number,
  last: number,
  to: { readonly firsts: number[]; readonly lasts: number[]; readonly since: number },
): void {
  if (first > last) return;
  let from = first;
  let until = last;
  for (let index = to.firsts.length - 1; index >= to.since; index -= 1) {
    const otherFirst = to.firsts[index] ?? 0;
    const otherLast = to.lasts[index] ?? 0;
    if (otherFirst > until || otherLast < from) continue;
    from = Math.min(from, otherFirst);
    until = Math.max(until, otherLast);
    to.firsts.splice(index, 1);
    to.lasts.splice(index, 1);
  }
  to.firsts.push(from);
  to.lasts.push(until);
}

/** The stretches in which at least `count` of the given ones overlap; the lists are parallel, in any order. */
export function whereAtLeast(count: number, firsts: Float64Array, lasts: Float64Array): readonly Stretch[] {
  firsts.sort();
  lasts.sort();
  const found: Stretch[] = [];
  let open = 0;
  let since = 0;
  let next = 0;
  for (const last of lasts) {
    // A stretch is still there at its last start, so what begins at that moment counts before it is closed.
    while (next < firsts.length && (firsts[next] ?? 0) <= last) {
      open += 1;
      if (open === count) since = firsts[next] ?? 0;
      next += 1;
    }
    if (open === count) found.push({ first: since, last });
    open -= 1;
  }
  return found;
}
