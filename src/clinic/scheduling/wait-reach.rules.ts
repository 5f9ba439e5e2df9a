import type { Block } from './chain-blocks.rules.js';
import type { GroupPlan, StepPlan } from './chain-plan.rules.js';
import { type DiaryResource, type FreeTimes, spanAtOrBefore } from './diary.rules.js';
import type { LocalDays } from './local-days.rules.js';
import { needsIn, setsOfNeeds } from './need-matching.rules.js';
import { type Stretch, stretchAtOrBefore } from './start-times.rules.js';

// Waits between blocks: how long a step that fills one can last, and from where the next block can be reached.

/**
 * How long a step that fills a wait can last at most, by the moment at which it begins: from `since[i]` up to
 * `since[i + 1]` it can last until `until[i]`, or not begin at all when that is not later.
 */
export interface Reach {
  readonly since: Float64Array;
  readonly until: Float64Array;
}

interface ReachGround {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly patient: FreeTimes | null;
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The needs of such a step last equally long, so by Hall's theorem it can last until `t` exactly when for every set
 * of needs enough resources can: the bound of a set is the free end of its k-th best resource.
 */
export function fillerReach(plan: StepPlan, ground: ReachGround): Reach {
  const patient = plan.step.patientPresent ? ground.patient : null;
  const since = bordersOf(plan, patient, ground);
  const until = since.map((ms) => {
    let least = patient === null ? Number.POSITIVE_INFINITY : freeUntil(patient, ms, 0, 0);
    for (const group of plan.groups) {
      if (least <= ms) return NEVER;
      least = Math.min(least, groupUntil(group, ms));
    }
    return least > ms ? least : NEVER;
  });
  return { since, until };
}

/** All moments at which the reach can change, in order. */
function bordersOf(plan: StepPlan, patient: FreeTimes | null, ground: ReachGround): Float64Array {
  const borders = new Set<number>([ground.fromMs]);
  const add = (times: FreeTimes, beforeMs: number, afterMs: number): void => {
    const first = Math.max(0, spanAtOrBefore(times, ground.fromMs));
    for (let index = first; index < times.starts.length; index += 1) {
      const startMs = (times.starts[index] ?? 0) + beforeMs;
      if (startMs >= ground.untilMs) break;
      if (startMs > ground.fromMs) borders.add(startMs);
      const endMs = (times.ends[index] ?? 0) - afterMs;
      if (endMs > ground.fromMs) borders.add(endMs);
    }
  };
  if (patient !== null) add(patient, 0, 0);
  for (const { classes } of plan.groups) {
    for (const { candidates, beforeMs, afterMs } of classes) {
      for (const resource of candidates) add(resource, beforeMs, afterMs);
    }
  }
  return Float64Array.from(borders).sort();
}

/** Until when somebody is free who is free then, less what he needs to clear up; never when he is not. */
function freeUntil(times: FreeTimes, ms: number, beforeMs: number, afterMs: number): number {
  const index = spanAtOrBefore(times, ms - beforeMs);
  return index < 0 ? NEVER : (times.ends[index] ?? NEVER) - afterMs;
}

function groupUntil(group: GroupPlan, ms: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const set of setsOfNeeds(group.classes)) {
    const best = new Map<DiaryResource, number>();
    for (const place of set) {
      const one = group.classes[place];
      for (const resource of one?.candidates ?? []) {
        const until = freeUntil(resource, ms, one?.beforeMs ?? 0, one?.afterMs ?? 0);
        if (until > ms) best.set(resource, Math.max(until, best.get(resource) ?? NEVER));
      }
    }
    const inOrder = [...best.values()].sort((a, b) => b - a);
    least = Math.min(least, inOrder[needsIn(set, group.classes) - 1] ?? NEVER);
    if (least === NEVER) break;
  }
  return least;
}

/** Until when a step that begins then can last. */
export function reachAt(reach: Reach, ms: number): number {
  const index = spanAtOrBefore({ starts: reach.since, ends: reach.until }, ms);
  return index < 0 ? NEVER : (reach.until[index] ?? NEVER);
}

/** The starts of a block from which some start of the next block fits the wait. */
export function startsThatReach(
  next: readonly Stretch[],
  block: Block,
  reach: Reach | null,
  days: LocalDays,
): readonly Stretch[] {
  const { link, lengthMs } = block;
  if (link === null || link.leastMs > link.mostMs) return [];
  if (reach === null) {
    return joined(next.map(({ first, last }) => ({ first: first - link.mostMs, last: last - link.leastMs })));
  }
  const found: Stretch[] = [];
  for (const [piece, since] of reach.since.entries()) {
    const until = reach.until[piece] ?? NEVER;
    if (until === NEVER) continue;
    const first = days.atOrAfter(since - lengthMs);
    const last = days.atOrBefore((reach.since[piece + 1] ?? Number.POSITIVE_INFINITY) - 1 - lengthMs);
    const latest = days.atOrBefore(until);
    const from = Math.max(0, stretchAtOrBefore(next, first + link.leastMs));
    for (let index = from; index < next.length; index += 1) {
      const stretch = next[index];
      if (stretch === undefined || stretch.first > Math.min(latest, last + link.mostMs)) break;
      const earliest = Math.max(first, stretch.first - link.mostMs);
      const end = Math.min(last, Math.min(stretch.last, latest) - link.leastMs);
      if (earliest <= end) found.push({ first: earliest, last: end });
    }
  }
  return joined(found.sort((a, b) => a.first - b.first));
}

/** Stretches in order of their first start, with those that overlap made one. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches) {
    const last = found.at(-1);
    if (last === undefined || stretch.first > last.last) found.push(stretch);
    else if (stretch.last > last.last) found[found.length - 1] = { first: last.first, last: stretch.last };
  }
  return found;
}
