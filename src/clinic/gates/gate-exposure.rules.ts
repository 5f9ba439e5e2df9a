import { formatLocalDateTime, Temporal } from '../../platform/time/index.js';
import { GateState } from './gate.refusals.js';
import { type GateVerdict, verdict } from './gate.rules.js';

/** An exposure of the patient that was carried out before. */
export interface ExposureFacts {
  readonly name: string;
  readonly at: Temporal.Instant;
}

/** A row that says how far back is looked, from a day on. */
export interface ExposureIntervalFacts {
  readonly procedureCode: string;
  readonly withinHours: number;
  readonly effectiveFrom: Temporal.PlainDate;
}

/** Of a row that is for the kinds of visits without rows of their own. */
const ANY_PROCEDURE = 'ANY';

/** How many hours back is looked on a day: the latest row that has begun, the procedure's own first. Null: nobody has said. */
export function withinHoursOn(
  rows: readonly ExposureIntervalFacts[],
  procedureCode: string,
  on: Temporal.PlainDate,
): number | null {
  const latestOf = (code: string) =>
    rows
      .filter((row) => row.procedureCode === code && Temporal.PlainDate.compare(row.effectiveFrom, on) <= 0)
      .toSorted((a, b) => Temporal.PlainDate.compare(b.effectiveFrom, a.effectiveFrom))[0];
  return (latestOf(procedureCode) ?? latestOf(ANY_PROCEDURE))?.withinHours ?? null;
}

/** Since when earlier exposures are told of: so many hours before the injection, counted as they pass and not on the clock. */
export function lookedBackTo(injectionAt: Temporal.Instant, withinHours: number): Temporal.Instant {
  return injectionAt.subtract({ hours: withinHours });
}

/** What is left in the patient disturbs the images, and adds to the dose. Null hours: nobody has said how far to look back. */
export function noRecentExposure(
  earlier: readonly ExposureFacts[],
  withinHours: number | null,
  timeZone: string,
): GateVerdict {
  if (withinHours === null || withinHours === 0) {
    return verdict(
      GateState.NOT_APPLICABLE,
      'NOT_LOOKED_FOR',
      'Earlier exposures are not looked for before this kind of visit.',
    );
  }
  const latest = earlier.reduce<ExposureFacts | null>(
    (best, next) => (best === null || Temporal.Instant.compare(best.at, next.at) < 0 ? next : best),
    null,
  );
  if (latest === null) {
    return verdict(
      GateState.PASSED,
      'NO_RECENT_EXPOSURE',
      `No scan of the patient was completed here in the ${withinHours} hours before.`,
    );
  }
  return verdict(
    GateState.FAILED,
    'RECENT_EXPOSURE',
    `${latest.name} was completed on ${formatLocalDateTime(latest.at, timeZone)}, less than ${withinHours} hours before. ` +
      'Choose a later time, or have the practitioner say why it cannot wait.',
  );
}
