import type { ClassPlan, GroupPlan } from './chain-plan.rules.js';
import { spanAtOrBefore } from './diary.rules.js';
import { needsIn, setsOfNeeds } from './need-matching.rules.js';
import { type Stretch, whereBoth } from './start-times.rules.js';

// When the needs of one step for one kind of resource can be served, from the free spans of those who can.

interface GroupGround {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Starts of groups of needs that were worked out already. */
  readonly known: Map<string, readonly Stretch[]>;
}

/** The starts at which all needs of one kind can be served at once, each by another resource. Not yet on the grid. */
export function groupStarts(group: GroupPlan, lengthMs: number, ground: GroupGround): readonly Stretch[] {
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

/** Starts at which a resource can serve a need, one stretch for each free span: parallel lists, by resource. */
interface Fits {
  readonly firsts: Float64Array;
  readonly lasts: Float64Array;
}

/** For each free span that is long enough, the starts at which the need can be served. Not yet on the grid. */
function fitsOf({ candidates, beforeMs, afterMs }: ClassPlan, lengthMs: number, ground: GroupGround): Fits {
  let most = 0;
  for (const resource of candidates) {
    most +=
      spanAtOrBefore(resource, ground.untilMs) - Math.max(0, spanAtOrBefore(resource, ground.fromMs)) + 1;
  }
  const firsts = new Float64Array(most);
  const lasts = new Float64Array(most);
  let count = 0;
  for (const resource of candidates) {
    const { starts, ends } = resource;
    const until = spanAtOrBefore(resource, ground.untilMs);
    for (let at = Math.max(0, spanAtOrBefore(resource, ground.fromMs)); at <= until; at += 1) {
      const first = (starts[at] ?? 0) + beforeMs;
      const last = (ends[at] ?? 0) - afterMs - lengthMs;
      if (first > last) continue;
      firsts[count] = first;
      lasts[count] = last;
      count += 1;
    }
  }
  return { firsts: firsts.subarray(0, count), lasts: lasts.subarray(0, count) };
}

/** Where as many resources can serve one of these needs as there are needs. */
export function whereEnough(
  group: GroupPlan,
  set: readonly number[],
  use: { readonly lengthMs: number; readonly ground: GroupGround },
): readonly Stretch[] {
  const classes = set.flatMap((place) => group.classes[place] ?? []);
  const [only, ...others] = classes;
  const fits =
    only !== undefined && others.length === 0
      ? fitsOf(only, use.lengthMs, use.ground)
      : fitsOfEither(classes, use.lengthMs, use.ground);
  return whereAtLeast(needsIn(set, group.classes), fits.firsts, fits.lasts);
}

/** The starts at which a resource can serve one of several needs; it counts once for all of them. */
function fitsOfEither(classes: readonly ClassPlan[], lengthMs: number, ground: GroupGround): Fits {
  const resources = new Set(classes.flatMap((one) => one.candidates));
  const firsts: number[] = [];
  const lasts: number[] = [];
  for (const resource of resources) {
    const own = classes.filter((one) => one.candidates.includes(resource));
    const { starts, ends } = resource;
    const from = Math.max(0, spanAtOrBefore(resource, ground.fromMs));
    for (let index = from; index < starts.length; index += 1) {
      const startMs = starts[index] ?? 0;
      if (startMs >= ground.untilMs) break;
      // With different buffers the needs of a set allow different starts.
      const since = firsts.length;
      for (const { beforeMs, afterMs } of own) {
        addStretch(startMs + beforeMs, (ends[index] ?? 0) - afterMs - lengthMs, { firsts, lasts, since });
      }
    }
  }
  return { firsts: Float64Array.from(firsts), lasts: Float64Array.from(lasts) };
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

/** The stretches in which at least `count` of the given ones overlap; the lists, in any order, are put in order. */
function whereAtLeast(count: number, firsts: Float64Array, lasts: Float64Array): readonly Stretch[] {
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
