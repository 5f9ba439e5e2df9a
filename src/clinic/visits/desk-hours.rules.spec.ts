import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { afterDeskMinutes, deskMinutesBetween, deskOpenFrom } from './desk-hours.rules.js';

const ZONE = 'Europe/London';
const at = (text: string) => Temporal.Instant.from(text);
const from = fc
  .integer({ min: 0, max: 60 * 24 * 365 })
  .map((minutes) => at('2026-01-01T00:00:00Z').add({ minutes }));

describe('somebody is at the desk', () => {
  it.each([
    ['on a Tuesday morning', '2026-03-03T09:00:00Z', '2026-03-03T09:00:00Z'],
    ['at eight, not before', '2026-03-03T07:59:59Z', '2026-03-03T08:00:00Z'],
    ['until six, not at six', '2026-03-03T18:00:00Z', '2026-03-04T08:00:00Z'],
    ['not in the night', '2026-03-03T23:30:00Z', '2026-03-04T08:00:00Z'],
    ['not at the weekend', '2026-03-06T18:30:00Z', '2026-03-09T08:00:00Z'],
    [
      'by the wall clock, over the weekend on which it changes',
      '2026-03-28T12:00:00Z',
      '2026-03-30T07:00:00Z',
    ],
  ])('%s', (_, now, opens) => {
    expect(deskOpenFrom(at(now), ZONE).toString()).toBe(opens);
  });

  it.each([
    ['09:00', 120, '2026-03-03T11:00:00Z'],
    ['17:30', 120, '2026-03-04T09:30:00Z'],
    ['16:00', 120, '2026-03-03T18:00:00Z'],
    ['20:00', 5, '2026-03-04T08:05:00Z'],
    ['10:00', 600, '2026-03-04T10:00:00Z'],
  ])('from %s for %i minutes', (time, minutes, end) => {
    expect(afterDeskMinutes(at(`2026-03-03T${time}:00Z`), minutes, ZONE).toString()).toBe(end);
  });

  it('for as many minutes as were asked for, whenever it was asked', () => {
    fc.assert(
      fc.property(from, fc.integer({ min: 5, max: 10_080 }), (since, minutes) => {
        const end = afterDeskMinutes(since, minutes, ZONE);
        expect(deskMinutesBetween(since, end, ZONE)).toBeCloseTo(minutes, 6);
        expect(Temporal.Instant.compare(since.add({ minutes }), end)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
