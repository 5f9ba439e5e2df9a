/** The 97.5th percentile of the normal distribution: what lies between it and its negative is 95 %. */
const Z_95 = 1.959963984540054;

export interface Proportion {
  readonly count: number;
  readonly of: number;
  /** 0 to 1. */
  readonly value: number;
  /** Of the 95 % interval by Wilson (1927), without continuity correction. */
  readonly lower: number;
  readonly upper: number;
}

/** A proportion with its 95 % Wilson score interval; null: of nothing. Stays between 0 and 1, also where all or none are. */
export function proportionOf(count: number, of: number): Proportion | null {
  if (of <= 0) return null;
  const value = count / of;
  const scale = 1 + Z_95 ** 2 / of;
  const middle = value + Z_95 ** 2 / (2 * of);
  const spread = Z_95 * Math.sqrt((value * (1 - value)) / of + Z_95 ** 2 / (4 * of ** 2));
  return {
    ...{ count, of, value },
    lower: count === 0 ? 0 : Math.max(0, (middle - spread) / scale),
    upper: count === of ? 1 : Math.min(1, (middle + spread) / scale),
  };
}
