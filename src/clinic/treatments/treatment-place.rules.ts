import { FindingSide, FindingStructure, SpineLevel } from '../../platform/database/generated/enums.js';

/** One place of a spine that is treated. */
export interface TreatedPlace {
  readonly structure: FindingStructure;
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
}

/** The same with what another structure is. */
export interface NamedPlace extends TreatedPlace {
  readonly detail: string | null;
}

/** Side and level alone, as they are marked on a skin and read out. */
export interface ReadPlace {
  readonly level: SpineLevel | null;
  readonly side: FindingSide;
}

/** One side of one level: both sides are two points. */
export interface Point {
  readonly level: SpineLevel | null;
  readonly side: Exclude<FindingSide, 'BILATERAL'>;
}

const SPACES: ReadonlySet<SpineLevel> = new Set(
  Object.values(SpineLevel).filter((level) => level.includes('_')),
);

const STRUCTURE_WORDS = {
  FACET: 'facet joint',
  SACRO_ILIAC: 'sacro-iliac joint',
  DISC: 'disc',
  ENDPLATE: 'endplate',
  OTHER: 'other structure',
} as const satisfies Record<FindingStructure, string>;

const SIDE_WORDS = {
  LEFT: 'left',
  RIGHT: 'right',
  BILATERAL: 'both sides',
  MIDLINE: 'midline',
} as const satisfies Record<FindingSide, string>;

/** L4/L5, S1. */
export function levelInWords(level: SpineLevel): string {
  return level.replace('_', '/');
}

/** L4/L5 facet joint, left. */
export function placeInWords({ structure, level, side, detail }: NamedPlace): string {
  const what = structure === FindingStructure.OTHER && detail !== null ? detail : STRUCTURE_WORDS[structure];
  const name = level === null ? what : `${levelInWords(level)} ${what}`;
  return `${name}, ${SIDE_WORDS[side]}`;
}

/** left L4/L5. */
export function pointInWords({ level, side }: Point): string {
  return [SIDE_WORDS[side], ...(level === null ? [] : [levelInWords(level)])].join(' ');
}

/** The points of places, each once, in order. */
export function pointsOf(places: readonly ReadPlace[]): readonly Point[] {
  const byName = new Map<string, Point>();
  for (const { level, side } of places) {
    const sides = side === FindingSide.BILATERAL ? (['LEFT', 'RIGHT'] as const) : [side];
    for (const one of sides) byName.set(nameOf({ level, side: one }), { level, side: one });
  }
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, point]) => point);
}

function nameOf({ level, side }: Point): string {
  return `${level ?? ''} ${side}`;
}

export type PlaceMismatch = 'SIDE' | 'LEVEL';

/**
 * What differs between what was planned and what was read: null when they are the same points. Where the levels are the
 * same and the sides are not, it is the side.
 */
export function mismatchOf(planned: readonly ReadPlace[], read: readonly ReadPlace[]): PlaceMismatch | null {
  const [wanted, found] = [pointsOf(planned), pointsOf(read)];
  const same = (a: readonly string[], b: readonly string[]) => a.join() === b.join();
  if (same(wanted.map(nameOf), found.map(nameOf))) return null;
  return same(levelsOf(wanted), levelsOf(found)) ? 'SIDE' : 'LEVEL';
}

function levelsOf(points: readonly Point[]): readonly string[] {
  return [...new Set(points.map(({ level }) => level ?? ''))].toSorted();
}

/** Whether two lists of places have a side of a structure in common. Of another structure its side and level count. */
export function overlap(one: readonly TreatedPlace[], other: readonly TreatedPlace[]): boolean {
  const names = new Set(one.flatMap(namesOf));
  return other.flatMap(namesOf).some((name) => names.has(name));
}

/** Whether every side of every place of `wanted` is among `had`. */
export function covers(had: readonly TreatedPlace[], wanted: readonly TreatedPlace[]): boolean {
  const names = new Set(had.flatMap(namesOf));
  return wanted.flatMap(namesOf).every((name) => names.has(name));
}

function namesOf(place: TreatedPlace): readonly string[] {
  return pointsOf([place]).map((point) => `${place.structure} ${nameOf(point)}`);
}

/** One side with its levels, as consents are asked for: each of them has to be agreed to. */
export interface ConsentedPlace {
  /** Null: the procedure has no sides. */
  readonly side: 'LEFT' | 'RIGHT' | null;
  /** As consents write them: L4/L5 is read as L4/5. Empty: none. */
  readonly levels: readonly string[];
}

/** The points by side, as consents are asked for. A point without a level is asked for by its side alone. */
export function consentsAskedOf(places: readonly ReadPlace[]): readonly ConsentedPlace[] {
  const points = pointsOf(places);
  const sides = [...new Set(points.map(({ side }) => side))];
  return sides.flatMap((side) => {
    const own = points.filter((point) => point.side === side);
    const levels = own.flatMap(({ level }) => (level === null ? [] : [levelInWords(level)]));
    const asked = side === FindingSide.MIDLINE ? null : side;
    const bare = own.some(({ level }) => level === null) ? [{ side: asked, levels: [] }] : [];
    return levels.length === 0 ? bare : [{ side: asked, levels }, ...bare];
  });
}

/** What does not go together in a place: a sentence that says what to do; null: nothing. The database says the same. */
export function faultOfPlace({ structure, level, side, detail }: NamedPlace): string | null {
  switch (structure) {
    case FindingStructure.FACET:
      if (level === null || !SPACES.has(level))
        return 'A facet joint lies between two vertebrae: choose such a level, C0/C1 to L5/S1.';
      return side === FindingSide.MIDLINE ? 'A joint has a side: choose left, right or both.' : null;
    case FindingStructure.SACRO_ILIAC:
      if (level !== null) return 'A sacro-iliac joint has no level: leave it out.';
      return side === FindingSide.MIDLINE ? 'A joint has a side: choose left, right or both.' : null;
    case FindingStructure.DISC:
    case FindingStructure.ENDPLATE:
      return level === null ? 'Say at which level.' : null;
    case FindingStructure.OTHER:
      return detail === null ? 'Say in `detail` which structure it is.' : null;
  }
}

/** What stands in the way of a list of places, each sentence with the number of its place, from 1. */
export function faultsOfPlaces(places: readonly NamedPlace[]): readonly string[] {
  return places.flatMap((place, at) => {
    const fault = faultOfPlace(place);
    const earlier = places.slice(0, at).findIndex((other) => isTwice(other, place));
    const twice = earlier === -1 ? [] : [`It is named in place ${earlier + 1} already.`];
    return [...(fault === null ? [] : [fault]), ...twice].map((text) => `Place ${at + 1}: ${text}`);
  });
}

function isTwice(one: TreatedPlace, other: TreatedPlace): boolean {
  return one.structure !== FindingStructure.OTHER && overlap([one], [other]);
}
