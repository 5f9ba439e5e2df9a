import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  addTimes,
  cutTimes,
  type FreeTimes,
  type MsSpan,
  spanAround,
  subtractTimes,
  toDiary,
  toFreeTimes,
  toSpans,
} from './diary.rules.js';

const spans: fc.Arbitrary<readonly MsSpan[]> = fc.array(
  fc
    .tuple(fc.nat({ max: 40 }), fc.integer({ min: -2, max: 10 }))
    .map(([from, length]) => [from, from + length]),
  { maxLength: 8 },
);
const MOMENTS = Array.from({ length: 60 }, (_, moment) => moment);

/** The moments in which a list of spans has the whole unit that begins then. */
function momentsOf(list: readonly MsSpan[]): readonly number[] {
  return MOMENTS.filter((moment) => list.some(([from, until]) => from <= moment && moment < until));
}

/** Sorted, forwards, and never touching. */
function expectTidy(times: FreeTimes): void {
  const list = toSpans(times);
  for (const [index, [from, until]] of list.entries()) {
    expect(from).toBeLessThan(until);
    expect(list[index - 1]?.[1] ?? -1).toBeLessThan(from);
  }
}

describe('laws of free time', () => {
  it('what is added is there, and what is taken or cut off is not', () => {
    fc.assert(
      fc.property(spans, spans, fc.nat({ max: 30 }), fc.nat({ max: 50 }), (free, other, from, until) => {
        const times = toFreeTimes(free);
        const has = momentsOf(free);
        const hasOther = momentsOf(other);
        const results: readonly (readonly [FreeTimes, (moment: number) => boolean])[] = [
          [times, (moment) => has.includes(moment)],
          [addTimes(times, toFreeTimes(other)), (at) => has.includes(at) || hasOther.includes(at)],
          [subtractTimes(times, other), (at) => has.includes(at) && !hasOther.includes(at)],
          [cutTimes(times, from, until), (at) => has.includes(at) && from <= at && at < until],
        ];
        for (const [result, isThere] of results) {
          expectTidy(result);
          expect(momentsOf(toSpans(result))).toEqual(MOMENTS.filter(isThere));
        }
      }),
    );
  });

  it('a span is found around what lies wholly inside it', () => {
    fc.assert(
      fc.property(spans, fc.nat({ max: 45 }), fc.integer({ min: 1, max: 8 }), (free, from, length) => {
        const times = toFreeTimes(free);
        const index = toSpans(times).findIndex(([since, until]) => since <= from && from + length <= until);
        expect(spanAround(times, from, from + length)).toBe(index);
      }),
    );
  });
});

it('free spans of the calendar become a diary, with what the resource itself says', () => {
  const at = (hour: number) => Temporal.Instant.fromEpochMilliseconds(hour);
  const span = (resourceId: string, from: number, until: number) => ({
    resourceId,
    resourceName: resourceId.toUpperCase(),
    kind: ResourceKind.CAMERA,
    startsAt: at(from),
    endsAt: at(until),
  });
  const traits = new Map([['a', { siteId: 'main', skills: ['fast'] }]]);
  const [a, b] = toDiary([span('a', 8, 10), span('b', 1, 2), span('a', 3, 5), span('a', 10, 12)], traits);
  expect(a).toMatchObject({ id: 'a', name: 'A', kind: 'CAMERA', siteId: 'main', skills: ['fast'] });
  expect(a && toSpans(a)).toEqual([
    [3, 5],
    [8, 12],
  ]);
  expect(b).toMatchObject({ id: 'b', siteId: '', skills: [] });
});
