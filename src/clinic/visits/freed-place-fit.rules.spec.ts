import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diariesFor, type FreeResource, fitOf, type PlaceStretch } from './freed-place-fit.rules.js';

const free = (id: string, kind: FreeResource['kind'], ...spans: readonly (readonly [number, number])[]) => ({
  id,
  kind,
  starts: Float64Array.from(spans, ([from]) => from),
  ends: Float64Array.from(spans, ([, until]) => until),
});
const stretch = (
  resourceId: string,
  kind: FreeResource['kind'],
  startMs: number,
  endMs: number,
): PlaceStretch => ({ resourceId, kind, startMs, endMs });
const spansOf = ({ id, starts, ends }: FreeResource) => [
  id,
  ...Array.from(starts, (from, i) => [from, ends[i]]),
];
const SHORTEST = new Map([
  ['CAMERA', 30],
  ['PROCEDURE_ROOM', 10],
] as const);

describe('the diaries in which a visit for a place is looked for', () => {
  const diary = [
    free('c1', 'CAMERA', [0, 40], [50, 200]),
    free('c2', 'CAMERA', [0, 500]),
    free('r1', 'PROCEDURE_ROOM', [0, 500]),
    free('r2', 'PROCEDURE_ROOM', [0, 500]),
  ];
  const place = [stretch('c1', 'CAMERA', 20, 100), stretch('r1', 'PROCEDURE_ROOM', 20, 120)];

  it('begin with all of what fell free, then one kind of it, then anything with some of it', () => {
    const ids = diariesFor(diary, place).map((some) => some.map(({ id }) => id));
    expect(ids).toEqual([
      ['c1', 'r1'],
      ['c1', 'r1', 'r2'],
      ['c1', 'c2', 'r1'],
      ['c1', 'c2', 'r1', 'r2'],
    ]);
  });

  it('count what fell free with its own time only, and the others with all of theirs', () => {
    const last = diariesFor(diary, place).at(-1) ?? [];
    expect(last.map(spansOf)).toEqual([
      ['c1', [20, 40], [50, 100]],
      ['c2', [0, 500]],
      ['r1', [20, 120]],
      ['r2', [0, 500]],
    ]);
  });

  it('join what fell free with one other after another where a step needs several of its kind', () => {
    const third = free('c3', 'CAMERA', [0, 500]);
    const ids = diariesFor([...diary, third], [stretch('c1', 'CAMERA', 20, 100)], new Set(['CAMERA'])).map(
      (some) => some.filter(({ kind }) => kind === 'CAMERA').map(({ id }) => id),
    );
    expect(ids).toEqual([['c1'], ['c1', 'c2'], ['c1', 'c3'], ['c1', 'c2', 'c3']]);
  });

  it('are none when nothing of the place is free', () => {
    expect(diariesFor([free('c2', 'CAMERA', [0, 500])], place)).toEqual([]);
    expect(diariesFor([free('c1', 'CAMERA', [200, 500])], place)).toEqual([]);
  });
});

describe('how well a visit fills a place', () => {
  const place = [stretch('c1', 'CAMERA', 0, 100)];
  const claim = (startMs: number, endMs: number, resourceId = 'c1') => ({ resourceId, startMs, endMs });

  it('counts what is left, and what of it is too short for anything', () => {
    expect(fitOf(place, [claim(0, 100)], SHORTEST)).toEqual({ unusableMs: 0, unusedMs: 0 });
    expect(fitOf(place, [claim(20, 100)], SHORTEST)).toEqual({ unusableMs: 20, unusedMs: 20 });
    expect(fitOf(place, [claim(30, 80)], SHORTEST)).toEqual({ unusableMs: 20, unusedMs: 50 });
    expect(fitOf(place, [claim(90, 300)], SHORTEST)).toEqual({ unusableMs: 0, unusedMs: 90 });
  });

  it('is none when nothing of the place is used', () => {
    expect(fitOf(place, [claim(100, 200), claim(0, 100, 'c2')], SHORTEST)).toBeNull();
    expect(fitOf(place, [], SHORTEST)).toBeNull();
  });

  it('adds up: what is used and what is not is the place', () => {
    const claims = fc.array(fc.tuple(fc.nat({ max: 150 }), fc.integer({ min: 1, max: 60 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(claims, (some) => {
        const taken = some.map(([from, length]) => claim(from, from + length));
        const isTaken = (ms: number) => taken.some(({ startMs, endMs }) => startMs <= ms && ms < endMs);
        const unused = Array.from({ length: 100 }, (_, ms) => ms).filter((ms) => !isTaken(ms)).length;
        const fit = fitOf(place, taken, SHORTEST);
        expect(fit?.unusedMs ?? 100).toBe(unused);
        expect(fit?.unusableMs ?? 0).toBeLessThanOrEqual(unused);
      }),
    );
  });
});
