import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { formatLocalDate, localDate, Temporal } from '../../platform/time/index.js';
import {
  AcquisitionTimesImplausible,
  CtDoseImplausible,
  CtDoseReplaced,
  NothingAcquired,
} from './acquisition.refusals.js';

/** DLP is CTDIvol times the scanned length: less than a slice or more than twice a tall person is a slip of the pen. */
const SCANNED_CM_MIN = 0.5;
const SCANNED_CM_MAX = 400;

const NEVER_ACQUIRED: readonly ScanBookingStatus[] = [ScanBookingStatus.CANCELLED, ScanBookingStatus.NO_SHOW];

/** Also before the scanner has said that it began: not every scanner says so. */
export function canNoteAcquisition(status: ScanBookingStatus): NothingAcquired | null {
  return NEVER_ACQUIRED.includes(status) ? new NothingAcquired(status) : null;
}

/** Nothing was acquired on a day that has not come yet, by the clinic's calendar. */
export function scanDayProblem(
  plannedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): AcquisitionTimesImplausible | null {
  if (Temporal.PlainDate.compare(localDate(plannedAt, timeZone), localDate(now, timeZone)) <= 0) return null;
  return new AcquisitionTimesImplausible(
    `The scan is planned for ${formatLocalDate(plannedAt, timeZone)}, which has not come yet. Look whether it is the right booking.`,
  );
}

export function ctDoseProblem(dose: {
  readonly ctdiVolMgy: number;
  readonly dlpMgyCm: number;
}): CtDoseImplausible | null {
  const lengthCm = dose.dlpMgyCm / dose.ctdiVolMgy;
  return lengthCm >= SCANNED_CM_MIN && lengthCm <= SCANNED_CM_MAX ? null : new CtDoseImplausible(lengthCm);
}

/** An entry is replaced once; after that its replacement is. */
export function canReplace(entry: { readonly isVoid: boolean; readonly replacedById: string | null }) {
  return entry.isVoid || entry.replacedById !== null ? new CtDoseReplaced(entry.replacedById) : null;
}

export function acquisitionTimesProblem(
  {
    startedAt,
    stoppedAt,
  }: { readonly startedAt: Temporal.Instant; readonly stoppedAt: Temporal.Instant | null },
  plannedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): AcquisitionTimesImplausible | null {
  const isAhead = [startedAt, stoppedAt].some((at) => at !== null && Temporal.Instant.compare(at, now) > 0);
  if (isAhead)
    return new AcquisitionTimesImplausible(
      'This time has not come yet. Note the acquisition when it is done.',
    );
  if (stoppedAt !== null && Temporal.Instant.compare(stoppedAt, startedAt) < 0) {
    return new AcquisitionTimesImplausible(
      'The acquisition is said to have ended before it began. Look at both times.',
    );
  }
  if (localDate(startedAt, timeZone).equals(localDate(plannedAt, timeZone))) return null;
  return new AcquisitionTimesImplausible(
    'The acquisition is said to be on another day than the scan. Look whether it is the right booking and the right date.',
  );
}
