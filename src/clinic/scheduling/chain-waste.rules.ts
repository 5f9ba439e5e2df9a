import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { type Chain, MINUTE_MS } from './chain.rules.js';
import type { StepTimes } from './chain-blocks.rules.js';
import { type DiaryResource, type MsSpan, spanAround } from './diary.rules.js';

// What a visit takes from the diary beyond its own time: pieces of free time that are too short for anything, and
// people who can do more than is asked for.

export interface Waste {
  /** Pieces of free time left over that are too short for anything the resource is used for. */
  readonly unusableGaps: number;
  /** Skills taken that the visit does not ask for: the least versatile should go first. */
  readonly spareSkills: number;
}

interface Among {
  readonly chain: Chain;
  readonly times: readonly StepTimes[];
  readonly shortest: ReadonlyMap<ResourceKind, number>;
}

/** The shortest use of each kind: the clinic's where it is known, else the chain's. */
export function shortestUses(
  chain: Chain,
  shortestUseMs: ReadonlyMap<ResourceKind, number>,
): ReadonlyMap<ResourceKind, number> {
  const shortest = new Map<ResourceKind, number>();
  for (const step of chain.steps) {
    if (step.fillsWait) continue;
    for (const need of step.needs) {
      const minutes = need.bufferBeforeMinutes + step.durationMinutes + need.bufferAfterMinutes;
      const known = shortest.get(need.kind) ?? Number.POSITIVE_INFINITY;
      shortest.set(need.kind, Math.min(known, minutes * MINUTE_MS));
    }
  }
  for (const [kind, ms] of shortestUseMs) shortest.set(kind, ms);
  return shortest;
}

/** How many useless pieces one use leaves of the free span around it. */
export function gapsOfUse(
  resource: DiaryResource,
  span: number,
  fromMs: number,
  untilMs: number,
  shortestUseMs: number,
): number {
  const before = isUseless(fromMs - (resource.starts[span] ?? fromMs), shortestUseMs) ? 1 : 0;
  const after = isUseless((resource.ends[span] ?? untilMs) - untilMs, shortestUseMs) ? 1 : 0;
  return before + after;
}

/** Is a piece of free time too short for any use? */
function isUseless(pieceMs: number, shortestUseMs: number): boolean {
  return pieceMs > 0 && pieceMs < shortestUseMs;
}

/**
 * How many useless pieces are left of a resource's free time once it is used so. Uses are in order of their starts;
 * buffers of one visit may overlap.
 */
export function countUnusableGaps(
  resource: DiaryResource,
  uses: readonly MsSpan[],
  shortestUseMs: number,
): number {
  let gaps = 0;
  let span = -1;
  let freeSinceMs = 0;
  for (const [fromMs, untilMs] of uses) {
    const at = spanAround(resource, fromMs, untilMs);
    if (at < 0) continue;
    if (at !== span) {
      if (span >= 0 && isUseless((resource.ends[span] ?? 0) - freeSinceMs, shortestUseMs)) gaps += 1;
      freeSinceMs = resource.starts[at] ?? 0;
      span = at;
    }
    if (isUseless(fromMs - freeSinceMs, shortestUseMs)) gaps += 1;
    freeSinceMs = Math.max(freeSinceMs, untilMs);
  }
  return span >= 0 && isUseless((resource.ends[span] ?? 0) - freeSinceMs, shortestUseMs) ? gaps + 1 : gaps;
}

/** Gaps and spare skills of the whole crew, each resource with all of its uses. */
export function wasteOf(resources: readonly (readonly DiaryResource[])[], among: Among): Waste {
  const taken: DiaryResource[] = [];
  const froms: number[] = [];
  const untils: number[] = [];
  let spareSkills = 0;
  for (let step = 0; step < resources.length; step += 1) {
    const { needs } = among.chain.steps[step] ?? { needs: [] };
    for (let place = 0; place < needs.length; place += 1) {
      const resource = resources[step]?.[place];
      const need = needs[place];
      if (resource === undefined || need === undefined) continue;
      spareSkills += resource.skills.length - (need.skill === null ? 0 : 1);
      taken.push(resource);
      froms.push((among.times[step]?.startMs ?? 0) - need.bufferBeforeMinutes * MINUTE_MS);
      untils.push((among.times[step]?.endMs ?? 0) + need.bufferAfterMinutes * MINUTE_MS);
    }
  }
  let unusableGaps = 0;
  for (let index = 0; index < taken.length; index += 1) {
    const resource = taken[index];
    if (resource === undefined || taken.indexOf(resource) < index) continue;
    const shortest = among.shortest.get(resource.kind) ?? 0;
    const fromMs = froms[index] ?? 0;
    const untilMs = untils[index] ?? 0;
    if (taken.lastIndexOf(resource) === index) {
      unusableGaps += gapsOfUse(resource, spanAround(resource, fromMs, untilMs), fromMs, untilMs, shortest);
      continue;
    }
    const uses: MsSpan[] = [];
    for (let at = taken.indexOf(resource); at >= 0; at = taken.indexOf(resource, at + 1)) {
      uses.push([froms[at] ?? 0, untils[at] ?? 0]);
    }
    uses.sort((a, b) => a[0] - b[0]);
    unusableGaps += countUnusableGaps(resource, uses, shortest);
  }
  return { unusableGaps, spareSkills };
}
