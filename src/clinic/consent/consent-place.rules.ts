import { ConsentDecision, ConsentSide } from '../../platform/database/generated/enums.js';

/** Where a procedure is done, as a decision or a question says it. */
export interface ConsentPlace {
  /** Null: not said. */
  readonly side: ConsentSide | null;
  /** Levels such as L4/5; empty: not said. */
  readonly levels: readonly string[];
}

/** One place as a procedure knows it: at most one side and one level. */
export interface ConsentPoint {
  readonly side: 'LEFT' | 'RIGHT' | null;
  readonly level: string | null;
}

export type PlacedDecision = ConsentPlace & { readonly decision: ConsentDecision };

const SIDES_OF = {
  LEFT: ['LEFT'],
  RIGHT: ['RIGHT'],
  BILATERAL: ['LEFT', 'RIGHT'],
} as const satisfies Record<ConsentSide, readonly ('LEFT' | 'RIGHT')[]>;

/** The single places that a "yes" names. */
export function pointsOf({ side, levels }: ConsentPlace): readonly ConsentPoint[] {
  const sides = side === null ? [null] : SIDES_OF[side];
  const each = levels.length === 0 ? [null] : levels;
  return sides.flatMap((one) => each.map((level) => ({ side: one, level })));
}

/**
 * Whether a decision is about a point. A "yes" is narrow: it is about what it names and nothing else. Everything else is
 * broad: who takes a consent back without naming a side means each, and where nobody can tell, it counts.
 */
export function isAbout(decision: PlacedDecision, point: ConsentPoint): boolean {
  if (decision.decision === ConsentDecision.GIVEN) {
    return pointsOf(decision).some(({ side, level }) => side === point.side && level === point.level);
  }
  return isBroadlyAbout(decision, point);
}

function isBroadlyAbout({ side, levels }: ConsentPlace, point: ConsentPoint): boolean {
  const sides: readonly string[] = side === null ? [] : SIDES_OF[side];
  const isSide = sides.length === 0 || point.side === null || sides.includes(point.side);
  const isLevel = levels.length === 0 || point.level === null || levels.includes(point.level);
  return isSide && isLevel;
}

/** The points that were ever agreed to, each once. */
export function pointsAgreed(history: readonly PlacedDecision[]): readonly ConsentPoint[] {
  const byName = new Map<string, ConsentPoint>();
  for (const decision of history) {
    if (decision.decision !== ConsentDecision.GIVEN) continue;
    for (const point of pointsOf(decision)) byName.set(`${point.side} ${point.level}`, point);
  }
  return [...byName.values()];
}

/**
 * What a question asks for: each of these has to hold. What it does not name may be any: one that was agreed to is
 * enough, so whoever does the procedure names side and level.
 */
export function wantsOf({ side, levels }: ConsentPlace): readonly ConsentPoint[] {
  return pointsOf({ side, levels });
}

/** Whether a point that was agreed to is one that is wanted. */
export function satisfies(point: ConsentPoint, want: ConsentPoint): boolean {
  return (
    (want.side === null || want.side === point.side) && (want.level === null || want.level === point.level)
  );
}

/** Whether two places have something in common, as far as anybody can tell. */
export function overlap(one: ConsentPlace, other: ConsentPlace): boolean {
  return pointsOf(one).some((point) => isBroadlyAbout(other, point));
}

/** Whether both name the same side and the same levels, in whatever order. */
export function isSamePlace(one: ConsentPlace, other: ConsentPlace): boolean {
  return one.side === other.side && [...one.levels].sort().join() === [...other.levels].sort().join();
}

/** A place in words: "left, L4/5 and L5/S1"; empty when nothing is named. */
export function describePlace({ side, levels }: ConsentPlace): string {
  const where = side === null ? [] : [side === ConsentSide.BILATERAL ? 'both sides' : side.toLowerCase()];
  return [...where, ...(levels.length === 0 ? [] : [levels.join(' and ')])].join(', ');
}

/** A level as it is kept: `l4-5` and L4/L5 are L4/5. */
export function readLevel(typed: string): string {
  const written = typed.normalize('NFKC').replace(/\s+/g, '').toUpperCase().replace(/[-–]/g, '/');
  return written.replace(/^([CTL])(\d{1,2})\/\1(\d{1,2})$/, '$1$2/$3');
}

/** Levels as they are kept: each once, in the order of the alphabet, so that two lists compare. */
export function readLevels(typed: readonly string[]): string[] {
  return [...new Set(typed.map(readLevel))].sort();
}
