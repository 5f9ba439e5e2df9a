import type { Need } from './chain.rules.js';
import type { DiaryResource } from './diary.rules.js';

// Who can serve which need. A resource serves one need of a step at a time. Resources of one kind may differ in skill,
// so it is not enough to count them: by Hall's theorem all needs can be served at once exactly when, for every set of
// needs, at least as many resources can serve one of the set as there are needs in it.

/** Has it the kind and the skill? */
export function canServe(
  resource: Pick<DiaryResource, 'kind' | 'skills'>,
  need: Pick<Need, 'kind' | 'skill'>,
): boolean {
  return resource.kind === need.kind && (need.skill === null || resource.skills.includes(need.skill));
}

/** Needs that the same resources can serve at the same times, and how many of them there are. */
export interface NeedClass {
  readonly count: number;
}

/** Classes of one kind of resource in one step; each set of them is looked at, so their number is bounded. */
export const NEED_CLASSES_MAX = 6;

/**
 * The sets of needs that must be looked at: whole classes only, for of needs that are alike the most are the hardest
 * to serve. Each set names classes by their place. The smallest sets come first, so that the first that fails says
 * most exactly what is missing.
 */
export function setsOfNeeds(classes: readonly NeedClass[]): readonly (readonly number[])[] {
  if (classes.length > NEED_CLASSES_MAX) {
    throw new RangeError(`more than ${NEED_CLASSES_MAX} different needs of one kind in a step`);
  }
  const sets: number[][] = [];
  for (let bits = 1; bits < 1 << classes.length; bits += 1) {
    sets.push(classes.flatMap((_, place) => (bits & (1 << place) ? [place] : [])));
  }
  return sets.sort((a, b) => a.length - b.length);
}

/** How many needs the set holds. */
export function needsIn(set: readonly number[], classes: readonly NeedClass[]): number {
  return set.reduce((sum, place) => sum + (classes[place]?.count ?? 0), 0);
}

/**
 * The smallest set of classes for which too few can serve; null when everybody can be served (Hall). `able` names,
 * for each class, the resources that can serve it.
 */
export function unservable(
  classes: readonly NeedClass[],
  able: readonly (readonly string[])[],
): readonly number[] | null {
  const fails = setsOfNeeds(classes).find((set) => {
    const anyOf = new Set(set.flatMap((place) => able[place] ?? []));
    return anyOf.size < needsIn(set, classes);
  });
  return fails ?? null;
}

/**
 * The cheapest way to give each need its own resource: for each row (a need) the column (a resource) it gets. Costs
 * that are not finite forbid. Null when not every need can be served. The Hungarian method: rows join one after
 * another, each by the cheapest path of exchanges.
 */
export function cheapestMatching(costs: readonly (readonly number[])[]): readonly number[] | null {
  const columns = costs[0]?.length ?? 0;
  const rowPrice = new Float64Array(costs.length + 1);
  const columnPrice = new Float64Array(columns + 1);
  // Rows and columns count from 1; column 0 holds the row that is joining, row 0 means nobody.
  const rowOf = new Int32Array(columns + 1);
  const cameFrom = new Int32Array(columns + 1);
  for (let row = 1; row <= costs.length; row += 1) {
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const isDone = new Uint8Array(columns + 1);
    let column = 0;
    rowOf[0] = row;
    while ((rowOf[column] ?? 0) !== 0) {
      isDone[column] = 1;
      const holder = rowOf[column] ?? 0;
      let step = Number.POSITIVE_INFINITY;
      let next = -1;
      for (let to = 1; to <= columns; to += 1) {
        if (isDone[to] === 1) continue;
        const cost = costs[holder - 1]?.[to - 1] ?? Number.POSITIVE_INFINITY;
        const reduced = cost - (rowPrice[holder] ?? 0) - (columnPrice[to] ?? 0);
        if (reduced < (least[to] ?? 0)) {
          least[to] = reduced;
          cameFrom[to] = column;
        }
        if ((least[to] ?? 0) < step) {
          step = least[to] ?? 0;
          next = to;
        }
      }
      if (next < 0) return null;
      for (let to = 0; to <= columns; to += 1) {
        if (isDone[to] === 1) {
          const served = rowOf[to] ?? 0;
          rowPrice[served] = (rowPrice[served] ?? 0) + step;
          columnPrice[to] = (columnPrice[to] ?? 0) - step;
        } else {
          least[to] = (least[to] ?? 0) - step;
        }
      }
      column = next;
    }
    while (column !== 0) {
      const from = cameFrom[column] ?? 0;
      rowOf[column] = rowOf[from] ?? 0;
      column = from;
    }
  }
  const columnOf: number[] = costs.map(() => -1);
  for (let to = 1; to <= columns; to += 1) {
    const row = rowOf[to] ?? 0;
    if (row > 0) columnOf[row - 1] = to - 1;
  }
  return columnOf;
}
