import type {
  IncidentExposure,
  IncidentOutcome,
  IncidentRegulator,
  IncidentThresholdBasis,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** One row of when a regulator has to be told. Effective doses in mSv, absorbed doses in mGy. */
export interface Threshold {
  readonly id: string;
  readonly code: string;
  readonly basis: IncidentThresholdBasis;
  readonly regulator: IncidentRegulator;
  readonly intendedFromMsv: number | null;
  readonly isFromIncluded: boolean;
  readonly intendedUntilMsv: number | null;
  readonly isUntilIncluded: boolean;
  readonly adultMsv: number | null;
  readonly childMsv: number | null;
  readonly factor: number | null;
  readonly doseMgy: number | null;
  readonly needsProceduralFailure: boolean;
  readonly isDropped: boolean;
  readonly effectiveFrom: Temporal.PlainDate;
}

/** What somebody found out about an incident. */
export interface IncidentFacts {
  readonly exposure: IncidentExposure;
  readonly isChild: boolean;
  readonly intendedDoseMsv: number | null;
  /** All that was received, the intended part included. */
  readonly actualDoseMsv: number | null;
  readonly foetalDoseMgy: number | null;
  readonly infantDoseMsv: number | null;
  readonly isProceduralFailure: boolean;
  readonly isWrongRadiopharmaceutical: boolean;
  readonly isLicenceBreach: boolean;
}

/** Doses are compared in whole nanosievert (and nanogray): a boundary that is reached exactly is reached, whatever a computer makes of 0.1. */
const NANO_PER_MILLI = 1_000_000;
const nano = (milli: number): number => Math.round(milli * NANO_PER_MILLI);

/** The rows that held on a day: of each code the latest, unless it was dropped. By code. */
export function thresholdsOn<T extends Threshold>(rows: readonly T[], on: Temporal.PlainDate): readonly T[] {
  const latest = new Map<string, T>();
  for (const row of rows) {
    if (Temporal.PlainDate.compare(row.effectiveFrom, on) > 0) continue;
    const best = latest.get(row.code);
    if (best === undefined || Temporal.PlainDate.compare(best.effectiveFrom, row.effectiveFrom) < 0) {
      latest.set(row.code, row);
    }
  }
  return [...latest.values()]
    .filter(({ isDropped }) => !isDropped)
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Does the regulator have to hear of it by this row? */
export function isMet(threshold: Threshold, facts: IncidentFacts): boolean {
  if (threshold.needsProceduralFailure && !facts.isProceduralFailure) return false;
  switch (threshold.basis) {
    case 'ACCIDENTAL_DOSE':
      return facts.exposure === 'ACCIDENTAL' && reaches(facts.actualDoseMsv, doseFor(threshold, facts));
    case 'UNINTENDED_DOSE':
      return (
        facts.exposure === 'UNINTENDED' &&
        isIntendedWithin(threshold, facts.intendedDoseMsv) &&
        reaches(facts.actualDoseMsv, doseFor(threshold, facts))
      );
    case 'FOETAL_DOSE':
      return reaches(facts.foetalDoseMgy, threshold.doseMgy);
    case 'INFANT_DOSE':
      return reaches(facts.infantDoseMsv, threshold.childMsv);
    case 'WRONG_RADIOPHARMACEUTICAL':
      return facts.isWrongRadiopharmaceutical && facts.exposure !== 'NONE';
    case 'LICENCE_BREACH':
      return facts.isLicenceBreach;
  }
}

/** The dose from which on it is met, in mSv: fixed, or a multiple of what was intended. */
function doseFor({ factor, childMsv, adultMsv }: Threshold, facts: IncidentFacts): number | null {
  if (factor === null) return facts.isChild ? childMsv : adultMsv;
  return facts.intendedDoseMsv === null ? null : factor * facts.intendedDoseMsv;
}

function reaches(dose: number | null, from: number | null): boolean {
  return dose !== null && from !== null && nano(dose) >= nano(from);
}

function isIntendedWithin(threshold: Threshold, intendedMsv: number | null): boolean {
  if (intendedMsv === null) return false;
  const { intendedFromMsv, isFromIncluded, intendedUntilMsv, isUntilIncluded } = threshold;
  const dose = nano(intendedMsv);
  const from = intendedFromMsv === null ? Number.NEGATIVE_INFINITY : nano(intendedFromMsv);
  const until = intendedUntilMsv === null ? Number.POSITIVE_INFINITY : nano(intendedUntilMsv);
  return (
    (dose > from || (isFromIncluded && dose === from)) &&
    (dose < until || (isUntilIncluded && dose === until))
  );
}

/**
 * What it is, and by which rows. A person may find more notifiable than the rows do, never less. Nobody exposed otherwise than
 * intended, and nothing to tell: a near miss.
 */
export function judgeIncident<T extends Threshold>(
  thresholds: readonly T[],
  facts: IncidentFacts,
  isNotifiableAnyway: boolean,
): { readonly outcome: IncidentOutcome; readonly met: readonly T[] } {
  const met = thresholds.filter((threshold) => isMet(threshold, facts));
  if (met.length > 0 || isNotifiableAnyway) return { outcome: 'NOTIFIABLE', met };
  return { outcome: facts.exposure === 'NONE' ? 'NEAR_MISS' : 'LOCAL', met };
}

/** Effective dose in mSv of an activity in MBq, to the nanosievert, as it is kept. */
export function doseOf(activityMbq: number, msvPerMbq: number): number {
  return nano(activityMbq * msvPerMbq) / NANO_PER_MILLI;
}

/** Was somebody who was born then a child on that day? */
export function isChildOn(
  dateOfBirth: Temporal.PlainDate,
  on: Temporal.PlainDate,
  childBelowYears: number,
): boolean {
  return dateOfBirth.until(on, { largestUnit: 'year' }).years < childBelowYears;
}

/** The newest of these rows that held on a day; null: none did. */
export function inForceOn<R extends { readonly effectiveFrom: Temporal.PlainDate }>(
  rows: readonly R[],
  on: Temporal.PlainDate,
): R | null {
  return rows
    .filter(({ effectiveFrom }) => Temporal.PlainDate.compare(effectiveFrom, on) <= 0)
    .reduce<R | null>(
      (best, next) =>
        best === null || Temporal.PlainDate.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
      null,
    );
}
