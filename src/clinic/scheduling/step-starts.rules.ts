import type { ResourceKind } from '../../platform/database/generated/enums.js';
import type { FreeSpan } from './free-span.rules.js';
import {
  type StartGrid,
  type Stretch,
  stretchAtOrBefore,
  whereAtLeast,
  whereBoth,
} from './start-times.rules.js';
import { type ChainStep, needsOf } from './visit-chain.rules.js';

/** A resource and when it is free: spans in epoch milliseconds, in order, half-open, never touching twice. */
export interface DiaryResource {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly spans: readonly DiarySpan[];
}

export interface DiarySpan {
  readonly startMs: number;
  readonly endMs: number;
}

export type Diary = ReadonlyMap<ResourceKind, readonly DiaryResource[]>;

/** When a step may start. */
export interface StepStarts {
  /** Everything the step needs is free for its whole length from each of these. */
  readonly stretches: readonly Stretch[];
  /**
   * Those starts at which the step lies against the edge of somebody's free time. Packing visits against edges keeps
   * what is left in large pieces; and an optimum over stretches always lies on an edge of one of them.
   */
  readonly edges: readonly number[];
}

const MINUTE_MS = 60_000;

/** Resources by kind, each with its spans in order. Kinds and resources come in a fixed order: ties depend on it. */
export function toDiary(free: readonly FreeSpan[]): Diary {
  const resources = new Map<string, DiaryResource & { readonly spans: DiarySpan[] }>();
  for (const span of free) {
    const resource = resources.get(span.resourceId) ?? {
      id: span.resourceId,
      kind: span.kind,
      name: span.resourceName,
      spans: [],
    };
    resources.set(span.resourceId, resource);
    resource.spans.push({ startMs: span.startsAt.epochMilliseconds, endMs: span.endsAt.epochMilliseconds });
  }
  const diary = new Map<ResourceKind, DiaryResource[]>();
  for (const resource of [...resources.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    resource.spans.sort((a, b) => a.startMs - b.startMs);
    const sameKind = diary.get(resource.kind);
    if (sameKind) sameKind.push(resource);
    else diary.set(resource.kind, [resource]);
  }
  return diary;
}

/** The stretches of starts that one resource alone would allow. */
function startsOf(resource: DiaryResource, durationMs: number, grid: StartGrid): readonly Stretch[] {
  return resource.spans.flatMap((span) => {
    const first = grid.atOrAfter(span.startMs);
    const last = grid.atOrBefore(span.endMs - durationMs);
    return first <= last ? [{ first, last }] : [];
  });
}

/** When so many resources of one kind are free at once for so long. */
export function kindStarts(
  diary: Diary,
  kind: ResourceKind,
  need: { readonly count: number; readonly durationMinutes: number },
  grid: StartGrid,
): StepStarts {
  const own = (diary.get(kind) ?? []).flatMap((resource) =>
    startsOf(resource, need.durationMinutes * MINUTE_MS, grid),
  );
  return {
    stretches: whereAtLeast(need.count, own),
    edges: own.flatMap((stretch) => [stretch.first, stretch.last]),
  };
}

/** When a step may start. Kinds share no resource, so a step can start where each of its kinds can. */
export function stepStarts(diary: Diary, step: ChainStep, grid: StartGrid): StepStarts {
  const kinds = [...needsOf(step)].map(([kind, count]) =>
    kindStarts(diary, kind, { count, durationMinutes: step.durationMinutes }, grid),
  );
  const stretches = kinds.map((kind) => kind.stretches).reduce(whereBoth);
  const inside = (ms: number): boolean => {
    const stretch = stretches[stretchAtOrBefore(stretches, ms)];
    return stretch !== undefined && ms <= stretch.last;
  };
  const edges = kinds.flatMap((kind) => kind.edges).filter(inside);
  return { stretches, edges: [...new Set(edges)].sort((a, b) => a - b) };
}
