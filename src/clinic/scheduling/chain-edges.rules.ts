import { MINUTE_MS } from './chain.rules.js';
import type { Block } from './chain-blocks.rules.js';
import type { Plan, StepPlan } from './chain-plan.rules.js';
import type { SearchGround } from './chain-starts.rules.js';
import { spanAtOrBefore } from './diary.rules.js';
import { type Stretch, stretchAtOrBefore } from './start-times.rules.js';

// Where a block lies against an edge of somebody's free time. The same for all plans of a search, so it is worked out
// once: one byte for each minute, as every start is a whole minute.

/** Starts of a block, by the minute, at which one of its steps touches an edge of a free span that it fits into. */
export interface Edges {
  readonly sinceMs: number;
  readonly isEdge: Uint8Array;
}

/** The edges of each block, worked out when they are first asked for. */
export function edgesOf(
  plans: readonly Plan[],
  blocks: readonly Block[],
  ground: SearchGround,
): (index: number) => Edges {
  const known: Edges[] = [];
  return (index) => {
    const edges = known[index] ?? edgesOfBlock(plans, blocks, index, ground);
    known[index] = edges;
    return edges;
  };
}

function edgesOfBlock(
  plans: readonly Plan[],
  blocks: readonly Block[],
  index: number,
  ground: SearchGround,
): Edges {
  const sinceMs = ground.days.atOrAfter(ground.fromMs);
  const minutes = Math.max(0, Math.ceil((ground.untilMs - sinceMs) / MINUTE_MS));
  const edges: Edges = { sinceMs, isEdge: new Uint8Array(minutes) };
  const block = blocks[index];
  for (const { step, offsetMs, lengthMs } of block?.parts ?? []) {
    mark(edges, stepsOf(plans, step), { offsetMs, lengthMs }, ground);
  }
  // A step that fills a wait begins where the block before ends, and ends where the block after begins.
  const behind = block?.link?.filler ?? null;
  const endMs = block?.lengthMs ?? 0;
  if (behind !== null) mark(edges, stepsOf(plans, behind), { offsetMs: endMs, lengthMs: 0 }, ground);
  const ahead = blocks[index - 1]?.link?.filler ?? null;
  if (ahead !== null) mark(edges, stepsOf(plans, ahead), { offsetMs: 0, lengthMs: 0 }, ground);
  return edges;
}

function stepsOf(plans: readonly Plan[], step: number): readonly StepPlan[] {
  return plans.flatMap((plan) => plan.steps[step] ?? []);
}

/** Marks the starts at which a use, so long after that start, touches an edge of a free span that it fits into. */
function mark(
  { sinceMs, isEdge }: Edges,
  steps: readonly StepPlan[],
  { offsetMs, lengthMs }: { readonly offsetMs: number; readonly lengthMs: number },
  ground: SearchGround,
): void {
  const { atOrAfter, atOrBefore } = ground.days;
  // What lies outside of the list is not written.
  const put = (ms: number): void => {
    isEdge[Math.round((ms - sinceMs) / MINUTE_MS)] = 1;
  };
  for (const { candidates, beforeMs, afterMs } of classesOf(steps)) {
    for (const resource of candidates) {
      const { starts, ends } = resource;
      const until = spanAtOrBefore(resource, ground.untilMs);
      for (let at = Math.max(0, spanAtOrBefore(resource, ground.fromMs)); at <= until; at += 1) {
        const first = (starts[at] ?? 0) + beforeMs - offsetMs;
        const last = (ends[at] ?? 0) - afterMs - lengthMs - offsetMs;
        if (first > last) continue;
        put(atOrAfter(first));
        put(atOrBefore(last));
      }
    }
  }
}

/** The classes of needs of one step in several plans, each once. */
function classesOf(steps: readonly StepPlan[]) {
  const groups = new Set(steps.flatMap((step) => step.groups));
  const classes = [...groups].flatMap((group) => group.classes);
  return new Map(classes.map((one) => [one.key, one])).values();
}

/** The first possible start of a block, at or after, that is an edge; ends of stretches always are. */
export function nextEdge(stretches: readonly Stretch[], edges: Edges, fromMs: number): number {
  const index = stretchAtOrBefore(stretches, fromMs);
  const here = stretches[index];
  if (here === undefined || fromMs > here.last) {
    return stretches[index + 1]?.first ?? Number.POSITIVE_INFINITY;
  }
  if (fromMs === here.first) return fromMs;
  const at = edges.isEdge.indexOf(1, Math.ceil((fromMs - edges.sinceMs) / MINUTE_MS));
  return at < 0 ? here.last : Math.min(here.last, edges.sinceMs + at * MINUTE_MS);
}
