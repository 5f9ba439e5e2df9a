import { ScanBookingStatus, VisitStatus } from '../../platform/database/generated/enums.js';

/** What visits say that is none of the scanner's: where the booking of a visit stands by it. Null: as the scanner says. */
const STANDING: Readonly<Record<VisitStatus, ScanBookingStatus | null>> = {
  HELD: null,
  LAPSED: null,
  BOOKED: ScanBookingStatus.BOOKED,
  ARRIVED: ScanBookingStatus.BOOKED,
  CANCELLED: ScanBookingStatus.CANCELLED,
  NO_SHOW: ScanBookingStatus.NO_SHOW,
  IN_PROGRESS: null,
  COMPLETED: null,
  DISCONTINUED: null,
};

/** Holds, and what has come of one, are nobody's scan yet. */
export function isScanToBe(status: VisitStatus): boolean {
  return status !== VisitStatus.HELD && status !== VisitStatus.LAPSED;
}

export function standingByVisit(status: VisitStatus): ScanBookingStatus | null {
  return STANDING[status];
}

/** Changes that imaging has made itself, by the scanner's word or a person's in its place. */
const OWN_CHANGES: readonly string[] = [
  'visit.started',
  'visit.finished',
  'visit.discontinued',
  'visit.reverted',
];

export function isOwnChange(action: string): boolean {
  return OWN_CHANGES.includes(action);
}

/** What letters tell of: SCAN_TOPICS. */
type ScanTopic = 'scan.booked' | 'scan.moved' | 'scan.cancelled';

/** How a change of a visit is written down of its scan, and whether the patient gets a letter about it. */
export function newsOfChange(
  action: string,
  status: VisitStatus,
): {
  readonly recordedAs: string;
  readonly topic: ScanTopic | null;
} {
  switch (action) {
    case 'visit.booked':
      return { recordedAs: 'scan.booked', topic: 'scan.booked' };
    case 'visit.moved':
      return { recordedAs: 'scan.moved', topic: 'scan.moved' };
    case 'visit.cancelled':
      return { recordedAs: 'scan.cancelled', topic: 'scan.cancelled' };
    // Who is here is told by word of mouth; who is still to come has another time of the scan in the letter.
    case 'visit.step-slipped':
      return { recordedAs: 'scan.slipped', topic: status === VisitStatus.BOOKED ? 'scan.moved' : null };
    case 'visit.missed':
      return { recordedAs: 'scan.missed', topic: null };
    case 'visit.step-undone':
      return { recordedAs: 'scan.expected-again', topic: null };
    // Back where it was before a closure: who has heard of that is to hear that it does not hold, and others nothing.
    case 'visit.restored':
      return { recordedAs: 'scan.restored', topic: 'scan.booked' };
    default:
      return { recordedAs: 'scan.restored', topic: null };
  }
}
