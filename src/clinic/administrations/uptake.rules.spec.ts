import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { UptakeState } from './uptake.refusals.js';
import { isWithin, minutesSince, outsideUptake, scanStarts, uptakeState } from './uptake.rules.js';

const LONDON = 'Europe/London';
const WINDOW = { minutesMin: 120, minutesTarget: 180, minutesMax: 300 };
const at = (text: string) => Temporal.Instant.from(text);
const INJECTED = at('2026-03-10T09:07:00Z');
const clock = (now: string, scanStartedAt: string | null = null) =>
  uptakeState(
    {
      injectedAt: INJECTED,
      window: WINDOW,
      scanStartedAt: scanStartedAt === null ? null : at(scanStartedAt),
    },
    30,
    at(now),
  );

describe('the uptake window', () => {
  it.each([
    ['2026-03-10T11:00:00Z', true, /Wait until 11:07/],
    ['2026-03-10T11:06:59.999Z', true, /too soon/],
    ['2026-03-10T14:07:00.001Z', false, /passed at 14:07/],
    ['2026-03-10T14:08:00Z', false, /ask the practitioner/],
  ])('does not hold %s', (scan, isTooSoon, words) => {
    const outside = outsideUptake(INJECTED, WINDOW, at(scan), LONDON);
    expect(outside).toEqual({ isTooSoon, sentence: expect.stringMatching(words) });
  });

  it.each(['2026-03-10T11:07:00Z', '2026-03-10T12:07:00Z', '2026-03-10T14:07:00Z'])('holds %s', (scan) => {
    expect(outsideUptake(INJECTED, WINDOW, at(scan), LONDON)).toBeNull();
  });

  it('is as long on the days on which the clocks change', () => {
    // 00:30 GMT on the day on which 01:00 becomes 02:00; 01:30 BST on the day on which it comes twice.
    for (const [injected, earliest, latest] of [
      ['2027-03-28T00:30:00Z', '2027-03-28T03:30:00+01:00', '2027-03-28T06:30:00+01:00'],
      ['2027-10-31T01:30:00+01:00', '2027-10-31T02:30:00Z', '2027-10-31T05:30:00Z'],
    ] as const) {
      const starts = scanStarts(at(injected), WINDOW);
      expect([starts.earliestAt, starts.latestAt].map(String)).toEqual(
        [earliest, latest].map((t) => String(at(t))),
      );
    }
  });

  it('belongs to instants: it moves with the injection, minute for minute', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 400 });
    fc.assert(
      fc.property(minutes, minutes, (injected, later) => {
        const injectedAt = at('2026-01-01T00:00:00Z').add({ minutes: injected });
        const scanAt = injectedAt.add({ minutes: later });
        expect(isWithin(scanStarts(injectedAt, WINDOW), scanAt)).toBe(later >= 120 && later <= 300);
        expect(minutesSince(injectedAt, scanAt)).toBe(later);
      }),
    );
  });
});

describe('the clock of a patient', () => {
  it.each([
    ['2026-03-10T09:07:00Z', UptakeState.TOO_SOON],
    ['2026-03-10T11:06:59Z', UptakeState.TOO_SOON],
    ['2026-03-10T11:07:00Z', UptakeState.READY],
    ['2026-03-10T13:36:59Z', UptakeState.READY],
    ['2026-03-10T13:37:00Z', UptakeState.CLOSING],
    ['2026-03-10T14:07:00Z', UptakeState.CLOSING],
    ['2026-03-10T14:07:00.001Z', UptakeState.PASSED],
  ])('at %s says %s', (now, state) => {
    expect(clock(now)).toBe(state);
  });

  it('stops when the scan begins, whenever that was', () => {
    expect(clock('2026-03-10T20:00:00Z', '2026-03-10T09:30:00Z')).toBe(UptakeState.SCAN_BEGUN);
  });
});
