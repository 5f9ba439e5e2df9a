/** Places that a figure is shown of, as the atoms that they consist of: places alike in everything that is ever shown of them. */
export type Shown = ReadonlySet<number>;

/** A prime below 2^26, so that products of remainders are exact. That it divides what decides by chance is one in 67 million. */
const PRIME = 67_108_859;

/**
 * Whether the figures of any of these places can be reckoned from shown ones by adding and taking away. Figures are sums over
 * places, so they can be, if and only if the places are a linear combination of shown ones.
 */
export function isAnyDerivable(
  wanted: readonly Shown[],
  shown: readonly Shown[],
  atomsCount: number,
): boolean {
  const basis: Map<number, readonly number[]> = new Map();
  for (const set of shown) {
    const rest = reduced(toRow(set, atomsCount), basis);
    const pivot = rest.findIndex((value) => value !== 0);
    if (pivot !== -1) basis.set(pivot, scaled(rest, inverse(rest[pivot] ?? 1)));
  }
  return wanted.some(
    (set) => set.size > 0 && reduced(toRow(set, atomsCount), basis).every((value) => value === 0),
  );
}

function toRow(set: Shown, atomsCount: number): readonly number[] {
  return Array.from({ length: atomsCount }, (_, atom) => (set.has(atom) ? 1 : 0));
}

/** What is left of a row when all that the basis can say of it is taken away. */
function reduced(row: readonly number[], basis: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const rest = [...row];
  for (let at = 0; at < rest.length; at += 1) {
    const factor = rest[at] ?? 0;
    const known = factor === 0 ? undefined : basis.get(at);
    if (known === undefined) continue;
    for (let column = at; column < rest.length; column += 1) {
      rest[column] = ((rest[column] ?? 0) + (PRIME - factor) * (known[column] ?? 0)) % PRIME;
    }
  }
  return rest;
}

function scaled(row: readonly number[], by: number): readonly number[] {
  return row.map((value) => (value * by) % PRIME);
}

/** By Fermat: value to the power of the prime less two. */
function inverse(value: number): number {
  let [result, base, power] = [1, value % PRIME, PRIME - 2];
  while (power > 0) {
    if (power % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
    power = Math.floor(power / 2);
  }
  return result;
}
