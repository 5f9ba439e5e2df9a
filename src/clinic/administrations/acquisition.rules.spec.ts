import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  acquisitionTimesProblem,
  canNoteAcquisition,
  canReplace,
  ctDoseProblem,
  scanDayProblem,
} from './acquisition.rules.js';

const at = (text: string) => Temporal.Instant.from(text);

describe('the dose of the CT', () => {
  it('goes together: DLP is CTDIvol times a length that somebody has', () => {
    expect(ctDoseProblem({ ctdiVolMgy: 3.2, dlpMgyCm: 128 })).toBeNull();
    expect(ctDoseProblem({ ctdiVolMgy: 3.2, dlpMgyCm: 1.28 })).toMatchObject({ code: 'CtDoseImplausible' });
    expect(ctDoseProblem({ ctdiVolMgy: 0.032, dlpMgyCm: 128 })).toMatchObject({
      message: expect.stringContaining('4000 cm'),
    });
  });

  it('is replaced once', () => {
    expect(canReplace({ isVoid: false, replacedById: null })).toBeNull();
    expect(canReplace({ isVoid: true, replacedById: null })).toMatchObject({ code: 'CtDoseReplaced' });
    expect(canReplace({ isVoid: false, replacedById: 'other' })).toMatchObject({ replacedById: 'other' });
  });
});

describe('an acquisition', () => {
  const PLANNED = at('2026-03-10T12:15:00Z');
  const NOW = at('2026-03-10T13:30:00Z');
  const judge = (started: string, stopped: string | null) =>
    acquisitionTimesProblem(
      { startedAt: at(started), stoppedAt: stopped === null ? null : at(stopped) },
      PLANNED,
      NOW,
      'Europe/London',
    );

  it('was on the day of the scan, forwards, and not ahead', () => {
    expect(judge('2026-03-10T12:20:00Z', '2026-03-10T13:00:00Z')).toBeNull();
    expect(judge('2026-03-10T12:20:00Z', null)).toBeNull();
    for (const [started, stopped] of [
      ['2026-03-10T13:31:00Z', null],
      ['2026-03-10T12:20:00Z', '2026-03-10T13:31:00Z'],
      ['2026-03-10T12:20:00Z', '2026-03-10T12:19:00Z'],
      ['2026-03-09T12:20:00Z', null],
    ] as const) {
      expect(judge(started, stopped)).toMatchObject({ code: 'AcquisitionTimesImplausible' });
    }
  });

  it('gave nothing on a day that has not come yet, by the clock on the wall', () => {
    const planned = at('2026-03-29T11:00:00Z');
    expect(scanDayProblem(planned, at('2026-03-28T23:59:59Z'), 'Europe/London')).toMatchObject({
      code: 'AcquisitionTimesImplausible',
    });
    expect(scanDayProblem(planned, at('2026-03-29T00:00:00Z'), 'Europe/London')).toBeNull();
    // In summer the day begins an hour earlier by UTC.
    expect(
      scanDayProblem(at('2026-06-02T11:00:00Z'), at('2026-06-01T23:00:00Z'), 'Europe/London'),
    ).toBeNull();
  });

  it('is not noted of a scan that did not come about', () => {
    expect(canNoteAcquisition('CANCELLED')).toMatchObject({ code: 'NothingAcquired', status: 'CANCELLED' });
    expect(canNoteAcquisition('NO_SHOW')).not.toBeNull();
    for (const status of ['BOOKED', 'IN_PROGRESS', 'UNCONFIRMED', 'COMPLETED', 'DISCONTINUED'] as const) {
      expect(canNoteAcquisition(status)).toBeNull();
    }
  });
});
