import type { Fate, Wish } from './demand.js';
import type { BookedSteps } from './diary.js';

/** A wish on its way: waiting for a time, booked, or over. */
export interface Case {
  readonly wish: Wish;
  /** How often it has been booked so far. */
  bookings: number;
  booking: Booking | null;
  /** Offers to come sooner so far. */
  soonerOffers: number;
  outcome: 'WAITING' | 'SEEN' | 'LEFT';
  /** Day on which the patient was seen. */
  seenOn: number | null;
}

export interface Booking {
  readonly steps: BookedSteps;
  readonly day: number;
  readonly fate: Fate;
  /** Day on which the patient will cancel; null: will not. */
  readonly cancelsOn: number | null;
}

export const startMsOf = (steps: BookedSteps): number => steps[0]?.startMs ?? 0;

/** What happened, counted from the first day that counts to the last. */
export interface Tally {
  openCameraMinutes: number;
  usedCameraMinutes: number;
  unusableMinutes: number;
  unusableCameraMinutes: number;
  openMinutes: number;
  wastedByNoShow: number;
  wastedByCancellation: number;
  wastedByCamera: number;
  /** The wait after the injection grew beyond what the pictures allow. */
  wastedByDelay: number;
  scans: number;
  starts: number;
  lateStarts: number;
  cancellations: number;
  broughtForward: number;
}

export const newTally = (): Tally => ({
  openCameraMinutes: 0,
  usedCameraMinutes: 0,
  unusableMinutes: 0,
  unusableCameraMinutes: 0,
  openMinutes: 0,
  wastedByNoShow: 0,
  wastedByCancellation: 0,
  wastedByCamera: 0,
  wastedByDelay: 0,
  scans: 0,
  starts: 0,
  lateStarts: 0,
  cancellations: 0,
  broughtForward: 0,
});
