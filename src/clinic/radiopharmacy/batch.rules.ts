import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';
import { decayed } from './decay.rules.js';

/** Computing there and back again leaves less than this; whoever draws all that is left draws all that is left. */
const ROUNDING_MBQ = 1e-6;

/** What is stated of a batch, and what was drawn from it. */
export interface BatchFacts {
  readonly tracerCode: string;
  readonly halfLifeHours: number;
  readonly preparedAt: Temporal.Instant;
  readonly calibratedAt: Temporal.Instant;
  readonly calibratedActivityMbq: number;
  /** So much more than the label says may be drawn: two calibrators differ. */
  readonly labelTolerancePercent: number;
  readonly expiresAt: Temporal.Instant;
  readonly volumeMl: number | null;
  readonly discardedAt: Temporal.Instant | null;
  /** As activity at the time of calibration. */
  readonly drawnMbq: number;
}

export const BatchFault = {
  TRACER_DIFFERS: 'TRACER_DIFFERS',
  NOT_PREPARED_YET: 'NOT_PREPARED_YET',
  DISCARDED: 'DISCARDED',
  EXPIRED: 'EXPIRED',
  STOCK_TOO_SMALL: 'STOCK_TOO_SMALL',
} as const;
export type BatchFault = (typeof BatchFault)[keyof typeof BatchFault];

/** What is in a batch at a moment, by its label and decay alone: whatever was drawn by now is gone, whenever it was. */
export function stockAt(batch: BatchFacts, at: Temporal.Instant): Activity {
  const left = Activity.ofMbq(Math.max(0, batch.calibratedActivityMbq - batch.drawnMbq));
  return decayed(left, batch, batch.calibratedAt, at);
}

/** What is left of its volume, in mL: as much as of its activity. Null: its volume was not stated. */
export function volumeLeftMl({ volumeMl, calibratedActivityMbq, drawnMbq }: BatchFacts): number | null {
  if (volumeMl === null) return null;
  return volumeMl * Math.max(0, 1 - drawnMbq / calibratedActivityMbq);
}

/** The same activity at the batch's time of calibration: the coin in which draws are counted. */
export function atCalibration(batch: BatchFacts, activity: Activity, at: Temporal.Instant): Activity {
  return decayed(activity, batch, at, batch.calibratedAt);
}

/**
 * May so much be drawn from it at that moment? Its expiry is judged to the minute: the minute that the label names is its
 * last, and the next one is too late.
 */
export function faultOfUse(
  batch: BatchFacts,
  tracerCode: string,
  activity: Activity,
  at: Temporal.Instant,
): BatchFault | null {
  if (batch.tracerCode !== tracerCode) return BatchFault.TRACER_DIFFERS;
  if (Temporal.Instant.compare(at, batch.preparedAt) < 0) return BatchFault.NOT_PREPARED_YET;
  if (batch.discardedAt !== null && Temporal.Instant.compare(at, batch.discardedAt) >= 0)
    return BatchFault.DISCARDED;
  if (isExpired(batch, at)) return BatchFault.EXPIRED;
  const most = batch.calibratedActivityMbq * (1 + batch.labelTolerancePercent / 100);
  const drawnThen = batch.drawnMbq + atCalibration(batch, activity, at).mbq;
  return drawnThen > most + ROUNDING_MBQ ? BatchFault.STOCK_TOO_SMALL : null;
}

export function isExpired({ expiresAt }: Pick<BatchFacts, 'expiresAt'>, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(minuteOf(at), minuteOf(expiresAt)) > 0;
}

function minuteOf(at: Temporal.Instant): Temporal.Instant {
  return at.round({ smallestUnit: 'minute', roundingMode: 'floor' });
}

/** The latest expiry that the rule for kits allows; null: no rule is known for the tracer. */
export function latestExpiry(
  preparedAt: Temporal.Instant,
  useByMinutes: number | null,
): Temporal.Instant | null {
  return useByMinutes === null ? null : preparedAt.add({ minutes: useByMinutes });
}
