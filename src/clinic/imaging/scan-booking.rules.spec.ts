import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ReferralStatus,
  ResourceKind,
  ScanBookingStatus,
  ScanCancelReason,
  ScanOutcome,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ReferralNotAccepted } from './scan-booking.refusals.js';
import {
  allowedScanActions,
  type BookingFacts,
  type BookingState,
  canBeOffered,
  canBookScan,
  canCancelScan,
  canCloseScan,
  canMoveScan,
  canReopenScan,
  canTakeUp,
  faultOfResources,
  faultOfStarts,
  planVisit,
  SCAN_BOOKING_ACTIONS,
  stepIds,
} from './scan-booking.rules.js';
import { SCAN_PROGRESS } from './scan-progress.rules.js';

const PLAN = { injectionMinutes: 15, acquisitionMinutes: 60, uptakeMinutesMin: 120, uptakeMinutesMax: 300 };
const NINE = Temporal.Instant.from('2026-12-03T09:00:00Z');
const NOW = Temporal.Instant.from('2026-11-22T10:00:00Z');

function factsAt(uptakeMinutes: number, over: Partial<BookingFacts> = {}): BookingFacts {
  const times = planVisit(PLAN, NINE, NINE.add({ minutes: PLAN.injectionMinutes + uptakeMinutes }));
  return {
    referralStatus: ReferralStatus.ACCEPTED,
    consent: { inForce: true, reason: 'It was given.' },
    outsideWindow: null,
    hasScanner: true,
    plan: PLAN,
    times,
    ...over,
  };
}

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

describe('the uptake window', () => {
  it('takes both bounds and refuses a minute outside either', () => {
    const codes = [119, 120, 180, 300, 301].map((minutes) => canBookScan(factsAt(minutes))?.code ?? 'booked');
    expect(codes).toEqual(['UptakeOutsideProtocol', 'booked', 'booked', 'booked', 'UptakeOutsideProtocol']);
  });

  it('says from when to when the acquisition may start', () => {
    expect(canTakeUp(PLAN, factsAt(30).times)).toMatchObject({
      earliestScanAt: Temporal.Instant.from('2026-12-03T11:15:00Z'),
      latestScanAt: Temporal.Instant.from('2026-12-03T14:15:00Z'),
    });
  });

  it('counts real minutes, also in the night when the clocks change', () => {
    const instants = fc
      .integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) })
      .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 600 }), (injection, uptake) => {
        const times = planVisit(PLAN, injection, injection.add({ minutes: PLAN.injectionMinutes + uptake }));
        expect(canTakeUp(PLAN, times) === null).toBe(uptake >= 120 && uptake <= 300);
      }),
    );
  });
});

describe('the start of a visit', () => {
  it('is a whole minute', () => {
    expect(faultOfStarts({ scanStartsAt: NINE })).toBeNull();
    expect(faultOfStarts({ scanStartsAt: NINE.add({ seconds: 30 }) })).toContain('input.scanStartsAt');
    expect(faultOfStarts({ scanStartsAt: NINE.add({ milliseconds: 1 }) })).toContain('whole minute');
  });
});

describe('what must hold before a scan is booked', () => {
  it.each([
    ['a referral that waits', { referralStatus: ReferralStatus.AWAITING_TRIAGE }, 'ReferralNotAccepted'],
    ['a referral that was declined', { referralStatus: ReferralStatus.DECLINED }, 'ReferralNotAccepted'],
    ['no consent', { consent: { inForce: false, reason: 'It was never asked.' } }, 'ConsentMissing'],
    ['a camera without a scanner', { hasScanner: false }, 'CameraWithoutScanner'],
  ])('refuses %s', (_, over, code) => {
    expect(canBookScan(factsAt(180, over))?.code).toBe(code);
  });

  it('hands on what the diary says of the day', () => {
    const outsideWindow = new ReferralNotAccepted(ReferralStatus.DECLINED);
    expect(canBookScan(factsAt(180, { outsideWindow }))).toBe(outsideWindow);
  });

  it('names everything that is in the way before a time is chosen', () => {
    const standing = {
      referralStatus: ReferralStatus.AWAITING_TRIAGE,
      consent: { inForce: false, reason: 'It was withdrawn.' },
      liveBookingId: 'b',
    };
    expect(canBeOffered(standing, false).map(({ code }) => code)).toEqual([
      'ReferralNotAccepted',
      'ConsentMissing',
      'ReferralAlreadyBooked',
    ]);
    expect(canBeOffered(standing, true).map(({ code }) => code)).not.toContain('ReferralAlreadyBooked');
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
  ] as const)('%s its time, %s (closed by hand: %s) allows %j', (when, status, closedAs, actions) => {
    const now = when === 'before' ? NOW : NINE;
    expect(allowedScanActions(booked({ status, closedAs }), now)).toEqual(actions);
  });

  it('are each reached by a person or by a scanner', () => {
    const rows: object[] = [...Object.values(SCAN_BOOKING_ACTIONS), ...Object.values(SCAN_PROGRESS)];
    const reached = new Set(rows.flatMap((row) => Object.values(row)));
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
    ]);
  });

  it.each([
    [ScanBookingStatus.BOOKED, NOW, 'ScanNotBegun'],
    [ScanBookingStatus.BOOKED, NINE, null],
    [ScanBookingStatus.IN_PROGRESS, NOW, null],
    [ScanBookingStatus.UNCONFIRMED, NINE, null],
    [ScanBookingStatus.COMPLETED, NINE, 'ScanAlreadyClosed'],
    [ScanBookingStatus.DISCONTINUED, NINE, 'ScanAlreadyClosed'],
    [ScanBookingStatus.CANCELLED, NINE, 'ScanWasCancelled'],
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

describe('scheduled procedure step ids', () => {
  it('are unique by modality and fit DICOM SH', () => {
    const ids = stepIds('A999999999', ['NM', 'CT']);
    expect([...ids]).toEqual([
      ['NM', 'A999999999.1'],
      ['CT', 'A999999999.2'],
    ]);
    expect([...ids.values()].every((id) => id.length <= 16)).toBe(true);
  });
});
