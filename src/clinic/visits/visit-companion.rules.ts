import { VisitStatus } from '../../platform/database/generated/enums.js';

/**
 * What people do here with a visit that another room follows: booking, moving, the patient's coming and staying away, and
 * the steps before its last. That it has begun and how it ended is said by the room that follows it: of a scan, by the
 * scanner or by a person in its place. Undoing goes back over what was said here.
 */
export const COMPANION_STATES = {
  HELD: { confirmVisit: [VisitStatus.BOOKED], releaseHold: [VisitStatus.LAPSED] },
  BOOKED: {
    moveVisit: [VisitStatus.BOOKED],
    cancelVisit: [VisitStatus.CANCELLED],
    markArrived: [VisitStatus.ARRIVED],
    slipStep: [VisitStatus.BOOKED],
    markNoShow: [VisitStatus.NO_SHOW],
  },
  ARRIVED: {
    startVisitStep: [VisitStatus.ARRIVED],
    finishVisitStep: [VisitStatus.ARRIVED],
    slipStep: [VisitStatus.ARRIVED],
    markNoShow: [VisitStatus.NO_SHOW],
    undoVisitStep: [VisitStatus.BOOKED],
  },
  IN_PROGRESS: {
    startVisitStep: [VisitStatus.IN_PROGRESS],
    finishVisitStep: [VisitStatus.IN_PROGRESS],
    slipStep: [VisitStatus.IN_PROGRESS],
  },
  COMPLETED: {},
  DISCONTINUED: {},
  NO_SHOW: { undoVisitStep: [VisitStatus.BOOKED, VisitStatus.ARRIVED] },
  CANCELLED: {},
  LAPSED: {},
} as const;

/** Where a visit stands that its companion has begun, ended, or taken back; `BOOKED`: nothing has begun. */
export type CompanionStanding = 'BOOKED' | 'IN_PROGRESS' | 'COMPLETED' | 'DISCONTINUED';

/** What the visit becomes: a patient who had come has still come when the beginning is taken back. */
export function settledStatus(standing: CompanionStanding, hasArrived: boolean): VisitStatus {
  return standing === 'BOOKED' && hasArrived ? VisitStatus.ARRIVED : standing;
}

/** The name of the way there, as it is written down. */
export function settledAs(
  standing: CompanionStanding,
): 'visit.started' | 'visit.finished' | 'visit.discontinued' | 'visit.reverted' {
  switch (standing) {
    case 'BOOKED':
      return 'visit.reverted';
    case 'IN_PROGRESS':
      return 'visit.started';
    case 'COMPLETED':
      return 'visit.finished';
    case 'DISCONTINUED':
      return 'visit.discontinued';
  }
}
