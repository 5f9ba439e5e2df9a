import { formatNumber, percentile, table } from '../bench/figures.js';
import type { SimulatedCalendar } from './calendar.js';
import type { PolicyName } from './policies.js';
import type { Case } from './visits.js';
import type { YearOutcome } from './year.js';

// What is said of a run. Pure.

/** The clinic's promise. */
const PROMISE_DAYS_MIN = 7;
const PROMISE_DAYS_MAX = 14;
/** A day without a time that the patient could take is no day at the clinic: it counts as this when waits are ranked. */
const NEVER = Number.POSITIVE_INFINITY;

export interface Figures {
  readonly requests: number;
  /** Shares are percentages; of those who did not give up themselves. */
  readonly insidePromise: number;
  readonly within14: number;
  readonly medianDays: number;
  readonly p90Days: number;
  readonly scansWithin14: number;
  readonly scanMedianDays: number;
  readonly scanP90Days: number;
  readonly cameraUse: number;
  readonly scans: number;
  readonly wasted: number;
  readonly wastedByNoShow: number;
  readonly wastedByCancellation: number;
  readonly wastedByCamera: number;
  readonly wastedByDelay: number;
  readonly unusable: number;
  readonly unusableCamera: number;
  readonly late: number;
  readonly broughtForward: number;
}

export function figuresOf({ cases, tally }: YearOutcome, calendar: SimulatedCalendar): Figures {
  const counted = cases.filter(
    ({ wish, outcome }) =>
      wish.askedOn >= calendar.countsFrom &&
      wish.askedOn < calendar.countsUntil &&
      wish.type.policy.targetDays === PROMISE_DAYS_MAX &&
      outcome !== 'LEFT',
  );
  const waits = counted.map(waitOf);
  const scans = counted.filter(({ wish }) => wish.type.isScan).map(waitOf);
  const inside = waits.filter((days) => days >= PROMISE_DAYS_MIN && days <= PROMISE_DAYS_MAX);
  const { wastedByNoShow, wastedByCancellation, wastedByCamera, wastedByDelay } = tally;
  return {
    requests: counted.length,
    insidePromise: share(inside.length, waits.length),
    within14: share(withinPromise(waits), waits.length),
    medianDays: percentile(waits, 0.5),
    p90Days: percentile(waits, 0.9),
    scansWithin14: share(withinPromise(scans), scans.length),
    scanMedianDays: percentile(scans, 0.5),
    scanP90Days: percentile(scans, 0.9),
    cameraUse: share(tally.usedCameraMinutes, tally.openCameraMinutes),
    scans: tally.scans,
    wasted: wastedByNoShow + wastedByCancellation + wastedByCamera + wastedByDelay,
    wastedByNoShow,
    wastedByCancellation,
    wastedByCamera,
    wastedByDelay,
    unusable: share(tally.unusableMinutes, tally.openMinutes),
    unusableCamera: share(tally.unusableCameraMinutes, tally.openCameraMinutes),
    late: share(tally.lateStarts, tally.starts),
    broughtForward: tally.broughtForward,
  };
}

function waitOf({ wish, seenOn }: Case): number {
  return seenOn === null ? NEVER : seenOn - wish.clockFrom;
}

const withinPromise = (waits: readonly number[]): number =>
  waits.filter((days) => days <= PROMISE_DAYS_MAX).length;

const share = (part: number, whole: number): number => (100 * part) / whole;

const ROWS: readonly (readonly [name: string, key: keyof Figures, unit: string])[] = [
  ['seen 7 to 14 days after asking', 'insidePromise', ' %'],
  ['seen within 14 days', 'within14', ' %'],
  ['days of waiting, median', 'medianDays', ''],
  ['days of waiting, 90th percentile', 'p90Days', ''],
  ['scans within 14 days', 'scansWithin14', ' %'],
  ['days of waiting for a scan, median', 'scanMedianDays', ''],
  ['days of waiting for a scan, 90th percentile', 'scanP90Days', ''],
  ['scans done', 'scans', ''],
  ["the camera's open minutes used", 'cameraUse', ' %'],
  ['doses wasted', 'wasted', ''],
  ['- the patient did not come', 'wastedByNoShow', ''],
  ['- cancelled after the order', 'wastedByCancellation', ''],
  ['- the camera failed', 'wastedByCamera', ''],
  ['- the pictures came too late', 'wastedByDelay', ''],
  ['open minutes in pieces too short for any use', 'unusable', ' %'],
  ["the camera's minutes in such pieces", 'unusableCamera', ' %'],
  ['visits with a step more than 15 minutes late', 'late', ' %'],
  ['visits brought forward', 'broughtForward', ''],
];

/** The middle of the seeds, and from which to which they go. */
export function figuresTable(found: ReadonlyMap<PolicyName, readonly Figures[]>): string {
  const names = [...found.keys()];
  const rows = ROWS.map(([name, key, unit]) => [
    name,
    ...names.map((policy) =>
      spread(
        (found.get(policy) ?? []).map((figures) => figures[key]),
        unit,
      ),
    ),
  ]);
  return table(['median of the seeds (lowest to highest)', ...names], rows);
}

export function spread(values: readonly number[], unit: string): string {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const middle = `${shown(percentile(values, 0.5))}${unit}`;
  return least === most ? middle : `${middle} (${shown(least)} to ${shown(most)})`;
}

function shown(value: number): string {
  if (value === NEVER) return 'never';
  return Number.isInteger(value) ? value.toLocaleString('en-GB') : formatNumber(value);
}
