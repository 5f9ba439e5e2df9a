import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Diary, DiaryResource, DiarySpan } from './step-starts.rules.js';
import { needsOf, type VisitChain } from './visit-chain.rules.js';

/** When both steps happen, in epoch milliseconds. */
export interface ChainTimes {
  readonly firstMs: number;
  readonly secondMs: number;
}

/** Who and what does which step. */
export interface Crew {
  readonly first: readonly DiaryResource[];
  readonly second: readonly DiaryResource[];
  /** Kinds needed in both steps that change hands between them. */
  readonly handovers: number;
  /** Pieces of free time left over that are too short for any step the resource could serve. */
  readonly unusableGaps: number;
}

interface KindChoice {
  readonly first: readonly DiaryResource[];
  readonly second: readonly DiaryResource[];
  readonly gaps: number;
}

const MINUTE_MS = 60_000;

/** The free span that holds the whole of `use`, or undefined. Spans are in order, so this is a binary search. */
function spanAround(resource: DiaryResource, use: DiarySpan): DiarySpan | undefined {
  let low = 0;
  let high = resource.spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((resource.spans[middle]?.startMs ?? Number.POSITIVE_INFINITY) <= use.startMs) low = middle + 1;
    else high = middle;
  }
  const span = resource.spans[low - 1];
  return span !== undefined && use.endMs <= span.endMs ? span : undefined;
}

/** How many useless pieces are left of a resource's free time once it is used so. Uses are in order of time. */
export function countUnusableGaps(
  resource: DiaryResource,
  uses: readonly DiarySpan[],
  shortestUseMs: number,
): number {
  let gaps = 0;
  let previous: DiarySpan | undefined;
  let freeSinceMs = 0;
  const isUseless = (ms: number): boolean => ms > 0 && ms < shortestUseMs;
  for (const use of uses) {
    const span = spanAround(resource, use);
    if (span === undefined) continue;
    if (span !== previous) {
      if (previous && isUseless(previous.endMs - freeSinceMs)) gaps += 1;
      freeSinceMs = span.startMs;
    }
    if (isUseless(use.startMs - freeSinceMs)) gaps += 1;
    freeSinceMs = use.endMs;
    previous = span;
  }
  return previous && isUseless(previous.endMs - freeSinceMs) ? gaps + 1 : gaps;
}

/** For each kind on its own: those who can do both steps first, then whoever leaves the fewest useless pieces. */
function chooseOfKind(
  resources: readonly DiaryResource[],
  need: { readonly first: number; readonly second: number; readonly shortestUseMs: number },
  uses: { readonly first: DiarySpan; readonly second: DiarySpan },
): KindChoice {
  const both = [uses.first, uses.second];
  const ranked = (
    free: (resource: DiaryResource) => boolean,
    of: readonly DiarySpan[],
  ): readonly DiaryResource[] =>
    resources
      .filter(free)
      .map((resource) => ({ resource, gaps: countUnusableGaps(resource, of, need.shortestUseMs) }))
      .sort((a, b) => a.gaps - b.gaps || (a.resource.id < b.resource.id ? -1 : 1))
      .map(({ resource }) => resource);
  const canFirst = (resource: DiaryResource) => spanAround(resource, uses.first) !== undefined;
  const canSecond = (resource: DiaryResource) => spanAround(resource, uses.second) !== undefined;
  const kept = ranked((resource) => canFirst(resource) && canSecond(resource), both).slice(
    0,
    Math.min(need.first, need.second),
  );
  const isNew = (resource: DiaryResource) => !kept.includes(resource);
  const first = [...kept, ...ranked((r) => isNew(r) && canFirst(r), [uses.first])].slice(0, need.first);
  const second = [...kept, ...ranked((r) => isNew(r) && canSecond(r), [uses.second])].slice(0, need.second);
  const gaps = [...new Set([...first, ...second])].reduce((sum, resource) => {
    const own = [
      ...(first.includes(resource) ? [uses.first] : []),
      ...(second.includes(resource) ? [uses.second] : []),
    ];
    return sum + countUnusableGaps(resource, own, need.shortestUseMs);
  }, 0);
  return { first, second, gaps };
}

/** Chooses who and what for a pair of times at which all that is needed is known to be free. */
export function chooseCrew(diary: Diary, chain: VisitChain, times: ChainTimes): Crew {
  const firstNeeds = needsOf(chain.first);
  const secondNeeds = needsOf(chain.second);
  const uses = {
    first: { startMs: times.firstMs, endMs: times.firstMs + chain.first.durationMinutes * MINUTE_MS },
    second: { startMs: times.secondMs, endMs: times.secondMs + chain.second.durationMinutes * MINUTE_MS },
  };
  const first: DiaryResource[] = [];
  const second: DiaryResource[] = [];
  let handovers = 0;
  let unusableGaps = 0;
  const kinds: readonly ResourceKind[] = [...new Set([...chain.first.kinds, ...chain.second.kinds])];
  for (const kind of kinds) {
    const need = {
      first: firstNeeds.get(kind) ?? 0,
      second: secondNeeds.get(kind) ?? 0,
      shortestUseMs: shortestUseMinutes(chain, kind) * MINUTE_MS,
    };
    const choice = chooseOfKind(diary.get(kind) ?? [], need, uses);
    const kept = choice.first.filter((resource) => choice.second.includes(resource)).length;
    handovers += Math.min(need.first, need.second) - kept;
    unusableGaps += choice.gaps;
    first.push(...choice.first);
    second.push(...choice.second);
  }
  return {
    first: inOrderOf(chain.first.kinds, first),
    second: inOrderOf(chain.second.kinds, second),
    handovers,
    unusableGaps,
  };
}

/** As the step names its kinds, so that a reader finds them where the chain has them. */
function inOrderOf(kinds: readonly ResourceKind[], crew: readonly DiaryResource[]): readonly DiaryResource[] {
  return crew.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

/** The shortest step of the chain that a resource of this kind could serve. */
export function shortestUseMinutes(chain: VisitChain, kind: ResourceKind): number {
  const durations = [chain.first, chain.second]
    .filter((step) => step.kinds.includes(kind))
    .map((step) => step.durationMinutes);
  return Math.min(...durations);
}
