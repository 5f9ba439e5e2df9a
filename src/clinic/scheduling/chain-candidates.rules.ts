import type { Block } from './chain-blocks.rules.js';
import { type Edges, nextEdge } from './chain-edges.rules.js';
import type { Layout } from './chain-starts.rules.js';
import type { LocalDays } from './local-days.rules.js';
import { between, nearestIn, type Stretch, stretchAtOrBefore } from './start-times.rules.js';
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

/** The visits that begin at one moment. */
export interface Beginning {
  readonly startMs: number;
  /** Never none, the wait nearest to its target first. */
  readonly candidates: readonly Candidate[];
}

/** Of visits that begin together, so many whose waits are nearest to their targets are weighed up in full. */
export const WEIGHED_PER_START_MAX = 4;

/** What candidates are made of. */
export interface CandidateGround {
  readonly layouts: readonly Layout[];
  readonly ways: readonly Way[];
  readonly edges: (index: number) => Edges;
  readonly days: LocalDays;
}

/** From the start of the first block to that of a later one. */
export interface Way {
  readonly block: number;
  readonly leastMs: number;
  readonly mostMs: number;
  /** With every wait on its target. */
  readonly targetMs: number;
}

/** The ways from the first block to each of the others. */
export function waysOf(blocks: readonly Block[]): readonly Way[] {
  const ways: Way[] = [];
  let [leastMs, mostMs, targetMs] = [0, 0, 0];
  for (const [index, { link, lengthMs }] of blocks.entries()) {
    if (link === null) break;
    leastMs += link.leastMs;
    mostMs += link.mostMs;
    targetMs += lengthMs + link.targetMs;
    ways.push({ block: index + 1, leastMs, mostMs, targetMs });
  }
  return ways;
}

/** A layout and its first starts inside a stage. */
interface View {
  readonly layout: Layout;
  readonly firsts: readonly Stretch[];
  /** The first beginning at or after what was asked for last. */
  nextMs: number;
}

/**
 * The visits worth weighing up that start inside the stage, in order of their beginnings and worked out only as far
 * as they are asked for. A visit may begin where a block of it lies against an edge of somebody's free time: packing
 * visits against edges keeps what is left in large pieces, and the best wait between two stretches of starts is
 * always found at an end of one of them.
 */
export function beginningsOf(ground: CandidateGround, stage: Stage): (fromMs: number) => Beginning | null {
  const views = ground.layouts.flatMap((layout): View[] => {
    const firsts = between(layout.starts[0] ?? [], stage.fromMs, stage.untilMs, ground.days);
    return firsts.length === 0 ? [] : [{ layout, firsts, nextMs: Number.NEGATIVE_INFINITY }];
  });
  return (fromMs) => {
    for (let atMs = fromMs; ; ) {
      let startMs = Number.POSITIVE_INFINITY;
      for (const view of views) {
        if (view.nextMs < atMs) view.nextMs = nextBeginning(view, atMs, ground);
        startMs = Math.min(startMs, view.nextMs);
      }
      if (startMs === Number.POSITIVE_INFINITY) return null;
      const candidates = nearestTargets(views, startMs, ground);
      if (candidates.length > 0) return { startMs, candidates };
      atMs = startMs + 1;
    }
  };
}

/** The first moment at or after at which a visit of the layout may begin. */
function nextBeginning({ layout, firsts }: View, fromMs: number, ground: CandidateGround): number {
  const atMs = nextStart(firsts, fromMs, ground.days);
  let earliest = nextEdge(firsts, ground.edges(0), fromMs);
  for (const way of ground.ways) {
    if (earliest <= atMs) break;
    const starts = layout.starts[way.block] ?? [];
    const edges = ground.edges(way.block);
    let aimMs = firstAim(firsts, atMs, way, ground.days);
    for (;;) {
      aimMs = nextEdge(starts, edges, aimMs);
      if (aimMs - way.mostMs >= earliest) break;
      const startMs = nearestFirst(firsts, aimMs, way, ground.days);
      if (startMs !== null && startMs >= fromMs) {
        earliest = Math.min(earliest, startMs);
        break;
      }
      aimMs += 1;
    }
  }
  return earliest;
}

function nextStart(stretches: readonly Stretch[], fromMs: number, days: LocalDays): number {
  const index = stretchAtOrBefore(stretches, fromMs);
  const here = stretches[index];
  if (here !== undefined && fromMs <= here.last) return days.atOrAfter(fromMs);
  return stretches[index + 1]?.first ?? Number.POSITIVE_INFINITY;
}

/** From the start of a later block, the first start from which the waits up to it are nearest to their targets. */
function nearestFirst(firsts: readonly Stretch[], aimMs: number, way: Way, days: LocalDays): number | null {
  const [earliestMs, latestMs] = [aimMs - way.mostMs, aimMs - way.leastMs];
  return nearestIn(firsts, clamp(aimMs - way.targetMs, earliestMs, latestMs), earliestMs, latestMs, days);
}

/**
 * No start of the later block before this has `startMs` for its nearest first start. The later the one, the later the
 * other; halfway between two first starts the earlier is still as near.
 */
function firstAim(firsts: readonly Stretch[], startMs: number, way: Way, days: LocalDays): number {
  const index = stretchAtOrBefore(firsts, startMs - 1);
  const before = firsts[index];
  if (before === undefined) return startMs + way.leastMs;
  const beforeMs = Math.min(before.last, days.atOrBefore(startMs - 1));
  const idealMs = clamp(way.targetMs, way.leastMs, way.mostMs);
  const stillBefore = Math.min((beforeMs + startMs) / 2 + idealMs, beforeMs + way.mostMs);
  return Math.max(startMs + way.leastMs, stillBefore);
}

/** Of the visits that begin then, those whose waits are nearest to their targets. */
function nearestTargets(
  views: readonly View[],
  startMs: number,
  ground: CandidateGround,
): readonly Candidate[] {
  const nearest: Candidate[] = [];
  const here = views.filter(({ firsts }) => isIn(firsts, startMs));
  for (const { layout } of here) keep(walk(layout, startMs, ground.days), nearest);
  // With every wait on its target there is one way only, and it was found.
  if (farthest(nearest) === 0) return nearest;
  for (const view of here) {
    for (const way of ground.ways) aimAlong(way, view, startMs, ground, nearest);
  }
  return nearest;
}

/** Through each edge of a later block for which this beginning is the nearest. */
function aimAlong(
  way: Way,
  { layout, firsts }: View,
  startMs: number,
  { days, edges }: CandidateGround,
  nearest: Candidate[],
): void {
  const starts = layout.starts[way.block] ?? [];
  const idealMs = startMs + way.targetMs;
  // The waits miss their targets together by at least as much as the aim does: what is farther is not kept.
  let aimMs = Math.max(firstAim(firsts, startMs, way, days), idealMs - farthest(nearest));
  for (;;) {
    aimMs = nextEdge(starts, edges(way.block), aimMs);
    if (aimMs > Math.min(startMs + way.mostMs, idealMs + farthest(nearest))) return;
    const firstMs = nearestFirst(firsts, aimMs, way, days);
    if (firstMs !== null && firstMs > startMs) return;
    if (firstMs === startMs) keep(walk(layout, startMs, days, { block: way.block, ms: aimMs }), nearest);
    aimMs += 1;
  }
}

function farthest(nearest: readonly Candidate[]): number {
  return nearest[WEIGHED_PER_START_MAX - 1]?.waitErrorMs ?? Number.POSITIVE_INFINITY;
}

/** Puts a visit in its place, unless it is there already or the places are taken by nearer ones. */
function keep(candidate: Candidate | null, nearest: Candidate[]): void {
  if (candidate === null) return;
  let place = nearest.length;
  for (; place > 0; place -= 1) {
    const other = nearest[place - 1];
    if (other === undefined) break;
    const order = byStarts(candidate, other) || candidate.layout.plan.order - other.layout.plan.order;
    if (order === 0) return;
    if (order > 0) break;
  }
  if (place >= WEIGHED_PER_START_MAX) return;
  nearest.splice(place, 0, candidate);
  if (nearest.length > WEIGHED_PER_START_MAX) nearest.pop();
}

/** The earlier; of those that begin together, the one whose wait is nearest to its target. */
export function byStarts(a: Candidate, b: Candidate): number {
  const difference = (a.starts[0] ?? 0) - (b.starts[0] ?? 0) || a.waitErrorMs - b.waitErrorMs;
  if (difference !== 0) return difference;
  for (const [index, ms] of a.starts.entries()) {
    const difference = ms - (b.starts[index] ?? ms);
    if (difference !== 0) return difference;
  }
  return 0;
}

interface Aim {
  readonly block: number;
  readonly ms: number;
}

/**
 * From a start of the first block forwards, each next block as near to its target wait as it goes. There always is a
 * way from a possible start, but perhaps none through the aim, which is a start of that block.
 */
function walk(layout: Layout, firstMs: number, days: LocalDays, aim?: Aim): Candidate | null {
  const { blocks, reaches, starts: possible } = layout;
  const starts = [firstMs];
  let waitErrorMs = 0;
  let atMs = firstMs;
  for (let index = 0; index + 1 < blocks.length; index += 1) {
    const block = blocks[index];
    if (block === undefined || block.link === null) break;
    const { link, lengthMs } = block;
    const reach = reaches[index] ?? null;
    const targetMs = atMs + lengthMs + link.targetMs;
    let low = atMs + link.leastMs;
    let high = atMs + link.mostMs;
    if (reach !== null) high = Math.min(high, reachAt(reach, atMs + lengthMs));
    if (aim !== undefined && index < aim.block) {
      const rest = restOfWay(blocks, index + 1, aim.block);
      low = Math.max(low, aim.ms - rest.mostMs);
      high = Math.min(high, aim.ms - rest.leastMs);
      if (low > high) return null;
    }
    const next = nearestIn(possible[index + 1] ?? [], clamp(targetMs, low, high), low, high, days);
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

function isIn(stretches: readonly Stretch[], ms: number): boolean {
  const stretch = stretches[stretchAtOrBefore(stretches, ms)];
  return stretch !== undefined && ms <= stretch.last;
}

function clamp(ms: number, low: number, high: number): number {
  return Math.max(low, Math.min(ms, high));
}
