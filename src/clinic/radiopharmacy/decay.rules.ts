import type { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';

const MS_PER_HOUR = 3_600_000;

/** A half-life as a calculation takes it: the row that it is from is kept with what was computed. */
export interface HalfLife {
  readonly id: string;
  /** As it is written: Tc-99m. */
  readonly symbol: string;
  /** From 1, of this radionuclide: the version of every calculation that was made with it. */
  readonly version: number;
  readonly halfLifeHours: number;
  readonly source: string;
}

/** What a measured syringe and what was left in it come to at the moment of the injection. */
export interface Administered {
  readonly measured: Activity;
  readonly measuredAt: Temporal.Instant;
  readonly residual: Activity | null;
  readonly residualAt: Temporal.Instant;
  readonly injectedAt: Temporal.Instant;
}

/**
 * What is left of a whole after a time: A(t) = A0 · e^(−ln 2 · t / T½). Above 1 when `to` is the earlier one: what there
 * must have been. Instants, so that a change of the clocks is no hour.
 */
export function decayFactor(
  { halfLifeHours }: Pick<HalfLife, 'halfLifeHours'>,
  from: Temporal.Instant,
  to: Temporal.Instant,
): number {
  const hours = (to.epochMilliseconds - from.epochMilliseconds) / MS_PER_HOUR;
  return Math.exp((-Math.LN2 * hours) / halfLifeHours);
}

/** An activity of one moment at another, later or earlier. */
export function decayed(
  activity: Activity,
  halfLife: Pick<HalfLife, 'halfLifeHours'>,
  from: Temporal.Instant,
  to: Temporal.Instant,
): Activity {
  return activity.times(decayFactor(halfLife, from, to));
}

/** Net administered activity: what was measured less what stayed in the syringe, both at the time of the injection. */
export function netAdministered(given: Administered, halfLife: Pick<HalfLife, 'halfLifeHours'>): Activity {
  const drawn = decayed(given.measured, halfLife, given.measuredAt, given.injectedAt);
  if (given.residual === null) return drawn;
  return drawn.minus(decayed(given.residual, halfLife, given.residualAt, given.injectedAt));
}
