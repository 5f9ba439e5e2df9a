import { describe, expect, it } from 'vitest';
import {
  ReferralStatus,
  ResourceKind,
  ScanBookingStatus,
  ScanOutcome,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  allowedScanActions,
  type BookingState,
  canBeOffered,
  canCancelScan,
  canCloseScan,
  canMoveScan,
  canReopenScan,
  faultOfResources,
  faultOfStarts,
  SCAN_BOOKING_ACTIONS,
} from './scan-booking.rules.js';
import { ScanCancelReason } from './scan-cancel-reason.rules.js';
import { SCAN_PROGRESS } from './scan-progress.rules.js';

const NINE = Temporal.Instant.from('2026-12-03T09:00:00Z');
const NOW = Temporal.Instant.from('2026-11-22T10:00:00Z');

function booked(over: Partial<BookingState> = {}): BookingState {
  return {
    id: 'b',
    status: ScanBookingStatus.BOOKED,
    version: 3,
    injectionStartsAt: NINE,
    closedAs: null,
    ...over,
  };
}

describe('the start of a visit', () => {
  it('is a whole minute', () => {
    expect(faultOfStarts({ scanStartsAt: NINE })).toBeNull();
    expect(faultOfStarts({ scanStartsAt: NINE.add({ seconds: 30 }) })).toContain('input.scanStartsAt');
    expect(faultOfStarts({ scanStartsAt: NINE.add({ milliseconds: 1 }) })).toContain('whole minute');
  });
});

describe('what must hold before a scan is booked', () => {
  it('names everything that is in the way before a time is chosen', () => {
    const standing = {
      referralStatus: ReferralStatus.RECEIVED,
      consent: { inForce: false, reason: 'It was withdrawn.' },
      liveBookingId: 'b',
      heldVisitId: null,
    };
    expect(canBeOffered(standing, false).map(({ code }) => code)).toEqual([
      'ReferralNotAccepted',
      'ConsentMissing',
      'ReferralAlreadyBooked',
    ]);
    expect(canBeOffered(standing, true).map(({ code }) => code)).not.toContain('ReferralAlreadyBooked');
    const held = { ...standing, liveBookingId: null, heldVisitId: 'v' };
    expect(canBeOffered(held, false).at(-1)).toMatchObject({ scanBookingId: null, heldVisitId: 'v' });
    expect(canBeOffered({ ...held, heldVisitId: null }, false)).toHaveLength(2);
    const free = { ...held, heldVisitId: null, consent: { inForce: true, reason: '' } };
    const refused = Object.values(ReferralStatus).filter(
      (referralStatus) => canBeOffered({ ...free, referralStatus }, false).length > 0,
    );
    expect(refused).not.toContain(ReferralStatus.ACCEPTED);
    expect(refused).not.toContain(ReferralStatus.BOOKED);
    expect(refused).toHaveLength(Object.keys(ReferralStatus).length - 2);
  });

  it('knows a camera from a room and a stranger from both', () => {
    const wanted = [{ id: 'c', field: 'input.cameraId', kind: ResourceKind.CAMERA }];
    expect(faultOfResources(wanted, new Map([['c', ResourceKind.CAMERA]]))).toBeNull();
    expect(faultOfResources(wanted, new Map([['c', ResourceKind.INJECTION_ROOM]]))).toContain('kind CAMERA');
    expect(faultOfResources(wanted, new Map())).toContain('no such resource');
  });
});

describe('the states of a booking', () => {
  // Written by hand, beside the table and not from it. The visit begins at nine.
  it.each([
    ['before', ScanBookingStatus.BOOKED, null, ['move', 'cancel']],
    ['before', ScanBookingStatus.IN_PROGRESS, null, ['complete', 'discontinue']],
    ['before', ScanBookingStatus.COMPLETED, null, []],
    ['before', ScanBookingStatus.CANCELLED, null, []],
    ['after', ScanBookingStatus.BOOKED, null, ['complete', 'discontinue']],
    ['after', ScanBookingStatus.IN_PROGRESS, null, ['complete', 'discontinue']],
    ['after', ScanBookingStatus.UNCONFIRMED, null, ['complete', 'discontinue']],
    ['after', ScanBookingStatus.COMPLETED, null, []],
    ['after', ScanBookingStatus.DISCONTINUED, null, []],
    ['after', ScanBookingStatus.COMPLETED, ScanOutcome.COMPLETED, ['reopen']],
    ['after', ScanBookingStatus.DISCONTINUED, ScanOutcome.DISCONTINUED, ['reopen']],
    ['after', ScanBookingStatus.CANCELLED, null, []],
    ['after', ScanBookingStatus.NO_SHOW, null, []],
  ] as const)('%s its time, %s (closed by hand: %s) allows %j', (when, status, closedAs, actions) => {
    const now = when === 'before' ? NOW : NINE;
    expect(allowedScanActions(booked({ status, closedAs }), now)).toEqual(actions);
  });

  it('are each reached by a person or by a scanner', () => {
    const rows: object[] = [...Object.values(SCAN_BOOKING_ACTIONS), ...Object.values(SCAN_PROGRESS)];
    // That somebody did not come is said of the visit.
    const reached = new Set<unknown>(['NO_SHOW', ...rows.flatMap((row) => Object.values(row))]);
    expect(Object.values(ScanBookingStatus).filter((status) => !reached.has(status))).toEqual([]);
  });

  it('is neither moved nor cancelled once the injection, or the scan, has begun', () => {
    expect(canMoveScan(booked(), 3, NINE)?.code).toBe('ScanIsOver');
    expect(canCancelScan(booked(), ScanCancelReason.PATIENT_ILL, null, NINE)?.code).toBe('ScanIsOver');
    const codes = Object.values(ScanBookingStatus).map((status) => [
      status,
      canMoveScan(booked({ status }), 3, NOW)?.code,
    ]);
    expect(codes).toEqual([
      ['BOOKED', undefined],
      ['IN_PROGRESS', 'ScanHasBegun'],
      ['UNCONFIRMED', 'ScanHasBegun'],
      ['COMPLETED', 'ScanIsOver'],
      ['DISCONTINUED', 'ScanIsOver'],
      ['CANCELLED', 'ScanAlreadyCancelled'],
      ['NO_SHOW', 'ScanIsOver'],
    ]);
  });

  it('is neither moved nor cancelled while the patient is here, and can be again when that was a mistake', () => {
    expect(canMoveScan(booked({ hasArrived: true }), 3, NOW)?.code).toBe('PatientHasArrived');
    expect(canCancelScan(booked({ hasArrived: true }), 'OTHER', 'why', NOW)?.code).toBe('PatientHasArrived');
    expect(allowedScanActions(booked({ hasArrived: true }), NOW)).toEqual([]);
    expect(canMoveScan(booked({ hasArrived: true }), 3, NINE)?.code).toBe('ScanIsOver');
  });

  it.each([
    [ScanBookingStatus.BOOKED, NOW, 'ScanNotBegun'],
    [ScanBookingStatus.BOOKED, NINE, null],
    [ScanBookingStatus.IN_PROGRESS, NOW, null],
    [ScanBookingStatus.UNCONFIRMED, NINE, null],
    [ScanBookingStatus.COMPLETED, NINE, 'ScanAlreadyClosed'],
    [ScanBookingStatus.DISCONTINUED, NINE, 'ScanAlreadyClosed'],
    [ScanBookingStatus.CANCELLED, NINE, 'ScanWasCancelled'],
    [ScanBookingStatus.NO_SHOW, NINE, 'ScanNotBegun'],
  ])('closed by hand, %s at %s: %s', (status, now, code) => {
    expect(canCloseScan(booked({ status }), 'complete', now)?.code ?? null).toBe(code);
    expect(canCloseScan(booked({ status }), 'discontinue', now)?.code ?? null).toBe(code);
  });

  it('says how to undo a closing by hand, and that a scanner’s is not undone so', () => {
    const status = ScanBookingStatus.COMPLETED;
    const closed = booked({ status, closedAs: ScanOutcome.COMPLETED });
    expect(canCloseScan(closed, 'complete', NINE)?.message).toContain('Reopen it first');
    expect(canCloseScan(booked({ status }), 'complete', NINE)?.message).toContain('detach');
    expect(canReopenScan(closed, NINE)).toBeNull();
    expect(canReopenScan(booked({ status }), NINE)?.code).toBe('ScanNotClosedByPerson');
  });

  it('refuses to change a cancelled booking, and to move one that changed since it was read', () => {
    const cancelled = booked({ status: ScanBookingStatus.CANCELLED });
    expect(canMoveScan(cancelled, 3, NOW)?.code).toBe('ScanAlreadyCancelled');
    expect(canCancelScan(cancelled, ScanCancelReason.PATIENT_ILL, null, NOW)?.code).toBe(
      'ScanAlreadyCancelled',
    );
    expect(canMoveScan(booked(), 2, NOW)).toMatchObject({ code: 'ScanChangedMeanwhile', version: 3 });
    expect(canMoveScan(booked(), 3, NOW)).toBeNull();
  });

  it('wants a comment with OTHER only', () => {
    const codes = Object.values(ScanCancelReason).map(
      (reason) => [reason, canCancelScan(booked(), reason, null, NOW)?.code ?? null] as const,
    );
    expect(codes.filter(([, code]) => code !== null)).toEqual([['OTHER', 'CancelCommentMissing']]);
    expect(canCancelScan(booked(), ScanCancelReason.OTHER, 'moved abroad', NOW)).toBeNull();
  });
});
