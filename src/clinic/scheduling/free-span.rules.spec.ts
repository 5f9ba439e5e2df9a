import { describe, expect, it } from 'vitest';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { firstFit, inClaimOrder, sayOpenHours, spansOutside } from './free-span.rules.js';

const LONDON = 'Europe/London';
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const span = (resourceId: string, from: string, until: string) => ({
  resourceId,
  kind: ResourceKind.CAMERA,
  resourceName: resourceId,
  startsAt: at(from),
  endsAt: at(until),
});
const NINE_TO_TEN = span('a', '2026-03-02T09:00Z', '2026-03-02T10:00Z');
const ELEVEN_TO_FIVE = span('a', '2026-03-02T11:00Z', '2026-03-02T17:00Z');

describe('spans', () => {
  it('lie outside unless one free span of the same resource holds them whole', () => {
    const free = [NINE_TO_TEN, ELEVEN_TO_FIVE];
    expect(spansOutside([NINE_TO_TEN], free)).toEqual([]);
    const across = span('a', '2026-03-02T09:30Z', '2026-03-02T11:30Z');
    const another = span('b', '2026-03-02T09:00Z', '2026-03-02T10:00Z');
    expect(spansOutside([across, NINE_TO_TEN, another], free)).toEqual([across, another]);
  });

  it('fit at the first start with as much room', () => {
    const free = [ELEVEN_TO_FIVE, NINE_TO_TEN, span('b', '2026-03-02T08:00Z', '2026-03-02T17:00Z')];
    const startOf = (from: string, until: string) =>
      firstFit(span('a', from, until), free)?.toString() ?? null;
    expect(startOf('2026-03-02T08:30Z', '2026-03-02T09:30Z')).toBe('2026-03-02T09:00:00Z');
    expect(startOf('2026-03-02T09:30Z', '2026-03-02T10:30Z')).toBe('2026-03-02T11:00:00Z');
    expect(startOf('2026-03-02T16:30Z', '2026-03-02T17:30Z')).toBeNull();
  });

  it('are claimed by resource, then by time', () => {
    const b = span('b', '2026-03-02T08:00Z', '2026-03-02T09:00Z');
    expect([b, ELEVEN_TO_FIVE, NINE_TO_TEN].toSorted(inClaimOrder)).toEqual([NINE_TO_TEN, ELEVEN_TO_FIVE, b]);
  });
});

it('hours are said in local time', () => {
  const july = span('a', '2026-07-01T08:00Z', '2026-07-01T11:00Z');
  expect(sayOpenHours('Camera 1', july.startsAt, [july], LONDON)).toBe(
    'Camera 1 is open on Wednesday 1 July 2026 from 09:00 to 12:00.',
  );
  expect(sayOpenHours('Camera 1', july.startsAt, [], LONDON)).toBe(
    'Camera 1 is closed on Wednesday 1 July 2026.',
  );
});
