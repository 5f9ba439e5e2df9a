// Random numbers that are the same for the same seed, on every machine.

export interface Random {
  /** From 0 up to 1, without 1. */
  next(): number;
  /** A whole number from 0 up to `count`, without `count`. */
  below(count: number): number;
  /** How many events there are where so many are expected (Poisson). */
  countAround(mean: number): number;
}

/** The golden ratio in 32 bits: the step of SplitMix32. */
const STEP = 0x9e3779b9;
const TWO_TO_32 = 4_294_967_296;

/** SplitMix32. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + STEP) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / TWO_TO_32;
  };
  const countAround = (mean: number): number => {
    const least = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > least; product *= next()) count += 1;
    return count;
  };
  return { next, below: (count) => Math.floor(next() * count), countAround };
}
