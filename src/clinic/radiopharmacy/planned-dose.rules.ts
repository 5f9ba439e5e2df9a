import type {
  DoseBasis,
  PlannedDoseStatus,
  WastedDoseReason,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';
import { decayed, type HalfLife } from './decay.rules.js';

/** Computing there and back again leaves less than this. */
const ROUNDING_MBQ = 1e-6;

/** What stands between a planned dose and its injection. */
export const DoseConflict = {
  WEIGHT_MISSING: 'WEIGHT_MISSING',
  NO_SUPPLIER: 'NO_SUPPLIER',
  NO_DELIVERY: 'NO_DELIVERY',
  ORDER_TO_AMEND: 'ORDER_TO_AMEND',
  CUT_OFF_PASSED: 'CUT_OFF_PASSED',
  DOSE_WASTED: 'DOSE_WASTED',
} as const;
export type DoseConflict = (typeof DoseConflict)[keyof typeof DoseConflict];

/** The sentence for each: what is wrong and what to do. */
export const CONFLICT_WORDS: Record<DoseConflict, string> = {
  WEIGHT_MISSING:
    'The dose is by the card for children and the weight is not known: weigh the patient and record it in the request.',
  NO_SUPPLIER: 'Nobody supplies the tracer to this site on that day: set a supplier and its terms.',
  NO_DELIVERY:
    'No delivery of the supplier comes before the injection: move the visit, or agree on a delivery.',
  ORDER_TO_AMEND: 'The supplier was sent another order than is needed now: amend it before the cut-off.',
  CUT_OFF_PASSED:
    'The cut-off has passed and what is needed is not ordered: ring the supplier, then send or amend the order with who agreed.',
  DOSE_WASTED:
    'A dose that was ordered cannot be used any more, and the cut-off has passed: it counts as wasted.',
};

/** A planned dose, as far as orders are concerned. */
export interface DoseFacts {
  readonly status: PlannedDoseStatus;
  readonly basis: DoseBasis;
  readonly siteCode: string;
  readonly tracerCode: string;
  readonly injectionAt: Temporal.Instant;
  readonly plannedActivityMbq: number;
  readonly supplierId: string | null;
  readonly termsId: string | null;
  readonly deliversAt: Temporal.Instant | null;
  readonly cutOffAt: Temporal.Instant | null;
  /** Drawn for the patient already, from whatever batch. */
  readonly isDrawn: boolean;
}

/** A dose on the sheet that a supplier has: the latest version of an order that was not cancelled. */
export interface OrderedLine {
  readonly id: string;
  readonly siteCode: string;
  readonly tracerCode: string;
  readonly deliversAt: Temporal.Instant;
  readonly calibratedAt: Temporal.Instant;
  readonly activityAtCalibrationMbq: number;
  readonly halfLifeHours: number;
  readonly cutOffAt: Temporal.Instant | null;
  /** A dose still serves when it is at most so much below what is needed. */
  readonly shortfallPercentMax: number;
}

/** What there has to be at the supplier's time of calibration, so that the planned activity is there at the injection. */
export function neededAtCalibration(
  planned: Activity,
  halfLife: Pick<HalfLife, 'halfLifeHours'>,
  injectionAt: Temporal.Instant,
  calibratedAt: Temporal.Instant,
): Activity {
  return decayed(planned, halfLife, injectionAt, calibratedAt);
}

/**
 * Is an ordered dose of use for what is planned now? It must be the tracer, at the site, there before the injection, and
 * enough of it. More than is needed serves: less is drawn.
 */
export function serves(line: OrderedLine, dose: DoseFacts): boolean {
  if (dose.isDrawn) return true;
  if (dose.status !== 'WANTED' || line.siteCode !== dose.siteCode || line.tracerCode !== dose.tracerCode)
    return false;
  if (Temporal.Instant.compare(line.deliversAt, dose.injectionAt) > 0) return false;
  const ordered = Activity.ofMbq(line.activityAtCalibrationMbq);
  const then = decayed(ordered, line, line.calibratedAt, dose.injectionAt);
  return then.mbq >= dose.plannedActivityMbq * (1 - line.shortfallPercentMax / 100) - ROUNDING_MBQ;
}

/** What stands in the way now, the most basic first. Nothing: an empty list. */
export function conflictsOf(
  dose: DoseFacts,
  lines: readonly OrderedLine[],
  isOrderSent: boolean,
  now: Temporal.Instant,
): readonly DoseConflict[] {
  const conflicts = new Set<DoseConflict>();
  const inVain = lines.filter((line) => !serves(line, dose));
  const isServed = inVain.length < lines.length;
  if (dose.status === 'WANTED' && !dose.isDrawn) {
    if (dose.basis === 'WEIGHT_MISSING') conflicts.add(DoseConflict.WEIGHT_MISSING);
    if (dose.supplierId === null || dose.termsId === null) conflicts.add(DoseConflict.NO_SUPPLIER);
    else if (dose.deliversAt === null) conflicts.add(DoseConflict.NO_DELIVERY);
    else if (!isServed && isAfter(now, dose.cutOffAt)) conflicts.add(DoseConflict.CUT_OFF_PASSED);
    else if (!isServed && isOrderSent) conflicts.add(DoseConflict.ORDER_TO_AMEND);
  }
  for (const line of inVain)
    conflicts.add(isAfter(now, line.cutOffAt) ? DoseConflict.DOSE_WASTED : DoseConflict.ORDER_TO_AMEND);
  return [...conflicts];
}

/** The conflicts as sentences; null: none. */
export function conflictText(conflicts: readonly DoseConflict[]): string | null {
  return conflicts.length === 0 ? null : conflicts.map((one) => CONFLICT_WORDS[one]).join(' ');
}

export interface WasteVerdict {
  readonly lineId: string;
  /** Null: it is of use, and a count of before is taken back. */
  readonly reason: WastedDoseReason | null;
}

/** Which ordered doses count as wasted from now on, and which do not after all. Before the cut-off nothing is wasted. */
export function wasteVerdicts(
  dose: DoseFacts,
  lines: readonly OrderedLine[],
  now: Temporal.Instant,
): readonly WasteVerdict[] {
  return lines.flatMap((line): readonly WasteVerdict[] => {
    if (serves(line, dose)) return [{ lineId: line.id, reason: null }];
    if (!isAfter(now, line.cutOffAt)) return [];
    return [{ lineId: line.id, reason: dose.status === 'WANTED' ? 'MOVED' : 'NOT_WANTED' }];
  });
}

/** The cut-off's own moment is still in time. */
export function isAfter(now: Temporal.Instant, cutOffAt: Temporal.Instant | null): boolean {
  return cutOffAt !== null && Temporal.Instant.compare(now, cutOffAt) > 0;
}
