import type { Block } from './chain-blocks.rules.js';
import type { StepPlan } from './chain-plan.rules.js';
import type { Layout } from './chain-starts.rules.js';
import { spanAtOrBefore } from './diary.rules.js';
import type { LocalDays } from './local-days.rules.js';
import { between, nearestStart, type Stretch, stretchAtOrBefore } from './start-times.rules.js';
import { reachAt } from './wait-reach.rules.js';

/** A possible visit: when each of its blocks starts. Who serves it is not chosen yet, but somebody can. */
export interface Candidate {
  readonly layout: Layout;
  readonly starts: readonly number[];
  /** How far the waits together are from their targets. */
  readonly waitErrorMs: number;
}

/** First starts that are compared with each other: [fromMs, untilMs). */
export interface Stage {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Bounds the work of a day with very many resources: so many edges of a block are tried, spread over the day. */
const EDGES_TRIED_PER_BLOCK_MAX = 150;

/**
 * The visits worth weighing up that start inside the stage. Each has a block against an edge of somebody's free time:
 * packing visits against edges keeps what is left in large pieces, and the best wait between two stretches of starts
 * is always found at an end of one of them. So the work grows with free spans, not with minutes.
 */
export function candidatesOf(layout: Layout, stage: Stage, days: LocalDays): readonly Candidate[] {
  const firsts = between(layout.starts[0] ?? [], stage.fromMs, stage.untilMs, days);
  if (firsts.length === 0) return [];
  const found = new Map<string, Candidate>();
  const keep = (candidate: Candidate | null): void => {
    if (candidate !== null) found.set(candidate.starts.join(' '), candidate);
  };
  const range = { fromMs: stage.fromMs, untilMs: stage.untilMs };
  for (const first of edgesOf(layout, 0, { ...range, starts: firsts, days })) keep(walk(layout, first, days));
  let leastMs = 0;
  let idealMs = 0;
  let mostMs = 0;
  for (const [index, block] of layout.blocks.entries()) {
    if (block.link === null) break;
    leastMs += block.link.leastMs;
    idealMs += block.lengthMs + block.link.targetMs;
    mostMs += block.link.mostMs;
    const reachable = { fromMs: stage.fromMs + leastMs, untilMs: stage.untilMs + mostMs };
    const starts = layout.starts[index + 1] ?? [];
    for (const aimMs of edgesOf(layout, index + 1, { ...reachable, starts, days })) {
      const wish = {
        idealMs: clamp(aimMs - idealMs, aimMs - mostMs, aimMs - leastMs),
        earliestMs: aimMs - mostMs,
        latestMs: aimMs - leastMs,
      };
      const first = nearestStart(firsts, wish, days);
      if (first !== null) keep(walk(layout, first, days, { block: index + 1, ms: aimMs }));
    }
  }
  return [...found.values()];
}

interface Aim {
  readonly block: number;
  readonly ms: number;
}

/**
 * From a start of the first block forwards, each next block as near to its target wait as it goes. There always is a
 * way from a possible start; with an aim it passes through that start of that block where it can.
 */
function walk(layout: Layout, firstMs: number, days: LocalDays, aim?: Aim): Candidate | null {
  const starts = [firstMs];
  let waitErrorMs = 0;
  let atMs = firstMs;
  for (const [index, { link, lengthMs }] of layout.blocks.entries()) {
    if (link === null) break;
    const reach = layout.reaches[index] ?? null;
    const reachMs = reach === null ? Number.POSITIVE_INFINITY : reachAt(reach, atMs + lengthMs);
    const targetMs = atMs + lengthMs + link.targetMs;
    const earliestMs = atMs + link.leastMs;
    const latestMs = Math.min(atMs + link.mostMs, reachMs);
    const options = layout.starts[index + 1] ?? [];
    const near = (low: number, high: number, idealMs: number): number | null =>
      nearestStart(options, { idealMs: clamp(idealMs, low, high), earliestMs: low, latestMs: high }, days);
    let next: number | null = null;
    if (aim !== undefined && index < aim.block) {
      const rest = restOfWay(layout.blocks, index + 1, aim.block);
      const low = Math.max(earliestMs, aim.ms - rest.mostMs);
      const high = Math.min(latestMs, aim.ms - rest.leastMs);
      if (low <= high) next = near(low, high, targetMs);
    }
    next ??= near(earliestMs, latestMs, targetMs);
    if (next === null) return null;
    waitErrorMs += Math.abs(next - targetMs);
    starts.push(next);
    atMs = next;
  }
  return { layout, starts, waitErrorMs };
}

/** How far the start of one block lies from that of a later one, at least and at most. */
function restOfWay(
  blocks: readonly Block[],
  from: number,
  until: number,
): { readonly leastMs: number; readonly mostMs: number } {
  let leastMs = 0;
  let mostMs = 0;
  for (let index = from; index < until; index += 1) {
    leastMs += blocks[index]?.link?.leastMs ?? 0;
    mostMs += blocks[index]?.link?.mostMs ?? 0;
  }
  return { leastMs, mostMs };
}

function clamp(ms: number, low: number, high: number): number {
  return Math.max(low, Math.min(ms, high));
}

interface EdgeRange {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Possible starts of the block. */
  readonly starts: readonly Stretch[];
  readonly days: LocalDays;
}

/** Possible starts of a block at which it lies against the edge of somebody's free time, or at which it just fits. */
function edgesOf(layout: Layout, index: number, range: EdgeRange): readonly number[] {
  const edges = new Set<number>();
  const add = (ms: number): void => {
    if (ms >= range.fromMs && ms < range.untilMs && isIn(range.starts, ms)) edges.add(ms);
  };
  for (const { first, last } of between(range.starts, range.fromMs, range.untilMs, range.days)) {
    edges.add(first);
    edges.add(last);
  }
  const block = layout.blocks[index];
  for (const part of block?.parts ?? []) {
    const after = part.offsetMs + part.lengthMs;
    addEdges(layout.plan.steps[part.step], { fromMs: part.offsetMs, untilMs: after }, range, add);
  }
  // A step that fills a wait begins where the block before ends, and ends where the block after begins.
  addFillerEdges(layout, block?.link?.filler, block?.lengthMs ?? 0, range, add);
  addFillerEdges(layout, layout.blocks[index - 1]?.link?.filler, 0, range, add);
  return thinned([...edges].sort((a, b) => a - b));
}

function addFillerEdges(
  layout: Layout,
  filler: number | null | undefined,
  offsetMs: number,
  range: EdgeRange,
  add: (ms: number) => void,
): void {
  if (filler == null) return;
  addEdges(layout.plan.steps[filler], { fromMs: offsetMs, untilMs: offsetMs }, range, add);
}

/** Starts of a block at which a use, from and until so long after that start, touches an edge of free time. */
function addEdges(
  plan: StepPlan | undefined,
  use: { readonly fromMs: number; readonly untilMs: number },
  range: EdgeRange,
  add: (ms: number) => void,
): void {
  for (const { classes } of plan?.groups ?? []) {
    for (const { candidates, beforeMs, afterMs } of classes) {
      for (const resource of candidates) {
        const { starts, ends } = resource;
        let at = Math.max(0, spanAtOrBefore(resource, range.fromMs + use.fromMs - beforeMs));
        for (; at < starts.length; at += 1) {
          const since = (starts[at] ?? 0) + beforeMs - use.fromMs;
          if (since >= range.untilMs) break;
          add(range.days.atOrAfter(since));
          add(range.days.atOrBefore((ends[at] ?? 0) - afterMs - use.untilMs));
        }
      }
    }
  }
}

function isIn(stretches: readonly Stretch[], ms: number): boolean {
  const stretch = stretches[stretchAtOrBefore(stretches, ms)];
  return stretch !== undefined && ms <= stretch.last;
}

/** At most so many, evenly spread, the first and the last among them. */
function thinned(edges: readonly number[]): readonly number[] {
  if (edges.length <= EDGES_TRIED_PER_BLOCK_MAX) return edges;
  const stride = (edges.length - 1) / (EDGES_TRIED_PER_BLOCK_MAX - 1);
  return Array.from(
    { length: EDGES_TRIED_PER_BLOCK_MAX },
    (_, index) => edges[Math.round(index * stride)] ?? 0,
  );
}
