import { type Chain, type ChainStep, MINUTE_MS, type Wait } from './chain.rules.js';

// Steps whose wait leaves no choice move together: they are one block with one start. Only blocks are placed.

/** A step inside its block. */
export interface BlockPart {
  /** Place of the step in the chain. */
  readonly step: number;
  readonly offsetMs: number;
  readonly lengthMs: number;
}

/** What lies between a block and the next. */
export interface Link {
  /** Place in the chain of the step that follows. */
  readonly step: number;
  readonly minMs: number;
  readonly targetMs: number;
  readonly maxMs: number;
  /**
   * The same bounds from start to start, drawn in to multiples of the start step: blocks start on one grid, so nothing
   * else can lie between their starts. `least` above `most`: the grid never meets the wait.
   */
  readonly leastMs: number;
  readonly mostMs: number;
  /** Place in the chain of the step that lasts as long as the wait. */
  readonly filler: number | null;
}

export interface Block {
  readonly parts: readonly BlockPart[];
  readonly lengthMs: number;
  /** Null for the last block. */
  readonly link: Link | null;
}

interface OpenBlock {
  readonly parts: BlockPart[];
  lengthMs: number;
}

/** The chain as blocks, in order. The chain must be without fault. */
export function blocksOf(chain: Chain): readonly Block[] {
  const blocks: Block[] = [];
  let open: OpenBlock = { parts: [], lengthMs: 0 };
  let filler: number | null = null;
  for (const [index, step] of chain.steps.entries()) {
    if (step.fillsWait) {
      filler = index;
      continue;
    }
    const wait = step.wait;
    if (wait !== null && wait.minMinutes < wait.maxMinutes) {
      blocks.push({ ...open, link: toLink(wait, { step: index, filler, lengthMs: open.lengthMs }, chain) });
      open = { parts: [], lengthMs: 0 };
    } else if (wait !== null) {
      const lengthMs = wait.minMinutes * MINUTE_MS;
      if (filler !== null) open.parts.push({ step: filler, offsetMs: open.lengthMs, lengthMs });
      open.lengthMs += lengthMs;
    }
    filler = null;
    append(open, index, step);
  }
  return [...blocks, { ...open, link: null }];
}

function append(open: OpenBlock, step: number, { durationMinutes }: ChainStep): void {
  const lengthMs = durationMinutes * MINUTE_MS;
  open.parts.push({ step, offsetMs: open.lengthMs, lengthMs });
  open.lengthMs += lengthMs;
}

function toLink(
  wait: Wait,
  at: { readonly step: number; readonly filler: number | null; readonly lengthMs: number },
  chain: Chain,
): Link {
  const gridMs = chain.startStepMinutes * MINUTE_MS;
  const minMs = wait.minMinutes * MINUTE_MS;
  const maxMs = wait.maxMinutes * MINUTE_MS;
  return {
    step: at.step,
    filler: at.filler,
    minMs,
    targetMs: wait.targetMinutes * MINUTE_MS,
    maxMs,
    leastMs: Math.ceil((at.lengthMs + minMs) / gridMs) * gridMs,
    mostMs: Math.floor((at.lengthMs + maxMs) / gridMs) * gridMs,
  };
}

/** When each step of the chain starts and ends, from the starts of its blocks. */
export interface StepTimes {
  readonly startMs: number;
  readonly endMs: number;
}

export function stepTimes(blocks: readonly Block[], starts: readonly number[]): readonly StepTimes[] {
  const times: StepTimes[] = [];
  for (const [index, block] of blocks.entries()) {
    const startMs = starts[index] ?? 0;
    for (const part of block.parts) {
      const partMs = startMs + part.offsetMs;
      times[part.step] = { startMs: partMs, endMs: partMs + part.lengthMs };
    }
    if (block.link?.filler != null) {
      times[block.link.filler] = { startMs: startMs + block.lengthMs, endMs: starts[index + 1] ?? 0 };
    }
  }
  return times;
}
