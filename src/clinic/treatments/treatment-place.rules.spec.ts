import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FindingSide, SpineLevel } from '../../platform/database/generated/enums.js';
import {
  consentsAskedOf,
  covers,
  faultsOfPlaces,
  mismatchOf,
  overlap,
  placeInWords,
  pointsOf,
} from './treatment-place.rules.js';

const facet = (level: SpineLevel | null, side: FindingSide) =>
  ({ structure: 'FACET', level, side, detail: null }) as const;
const places = fc.array(
  fc.record({
    level: fc.option(fc.constantFrom('L4_L5', 'L5_S1', 'L3_L4'), { nil: null }),
    side: fc.constantFrom(...Object.values(FindingSide)),
  }),
  { maxLength: 6 },
);

describe('points', () => {
  it('of both sides are the left and the right', () => {
    expect(pointsOf([{ level: 'L4_L5', side: 'BILATERAL' }])).toEqual([
      { level: 'L4_L5', side: 'LEFT' },
      { level: 'L4_L5', side: 'RIGHT' },
    ]);
  });

  it('of any places agree with themselves, in whatever order and however often they are said', () => {
    fc.assert(
      fc.property(places, (some) => {
        expect(mismatchOf(some, [...some].reverse().concat(some))).toBeNull();
      }),
    );
  });
});

describe('what was read', () => {
  const planned = [facet('L4_L5', 'LEFT'), facet('L5_S1', 'LEFT')];
  it.each([
    ['the same', planned, null],
    ['the other side', [facet('L4_L5', 'RIGHT'), facet('L5_S1', 'RIGHT')], 'SIDE'],
    ['both sides', [facet('L4_L5', 'BILATERAL'), facet('L5_S1', 'LEFT')], 'SIDE'],
    ['one level fewer', [facet('L4_L5', 'LEFT')], 'LEVEL'],
    ['another level', [facet('L3_L4', 'LEFT'), facet('L5_S1', 'LEFT')], 'LEVEL'],
    ['nothing', [], 'LEVEL'],
  ] as const)('%s', (_, read, expected) => {
    expect(mismatchOf(planned, read)).toBe(expected);
  });
});

describe('places', () => {
  it('overlap and are covered by the side of their structure', () => {
    const both = [facet('L4_L5', 'BILATERAL')];
    const left = [facet('L4_L5', 'LEFT')];
    expect(overlap(both, left)).toBe(true);
    expect(covers(both, left)).toBe(true);
    expect(covers(left, both)).toBe(false);
    expect(overlap(left, [facet('L4_L5', 'RIGHT')])).toBe(false);
    expect(overlap(left, [{ ...facet('L4_L5', 'LEFT'), structure: 'DISC' }])).toBe(false);
  });

  it('say what does not go together, by their number', () => {
    expect(
      faultsOfPlaces([
        facet('L4_L5', 'LEFT'),
        facet('S1', 'LEFT'),
        facet('L4_L5', 'BILATERAL'),
        { structure: 'SACRO_ILIAC', level: 'S1', side: 'LEFT', detail: null },
        { structure: 'OTHER', level: null, side: 'MIDLINE', detail: null },
      ]),
    ).toEqual([
      'Place 2: A facet joint lies between two vertebrae: choose such a level, C0/C1 to L5/S1.',
      'Place 3: It is named in place 1 already.',
      'Place 4: A sacro-iliac joint has no level: leave it out.',
      'Place 5: Say in `detail` which structure it is.',
    ]);
    expect(
      faultsOfPlaces([{ structure: 'SACRO_ILIAC', level: null, side: 'BILATERAL', detail: null }]),
    ).toEqual([]);
  });

  it('are said in words', () => {
    expect(placeInWords(facet('L4_L5', 'LEFT'))).toBe('L4/L5 facet joint, left');
    expect(placeInWords({ structure: 'OTHER', level: null, side: 'MIDLINE', detail: 'coccyx' })).toBe(
      'coccyx, midline',
    );
  });

  it('are asked of a consent by side, each level by itself', () => {
    const asked = [facet('L4_L5', 'BILATERAL'), facet('L5_S1', 'LEFT')];
    expect(consentsAskedOf(asked)).toEqual([
      { side: 'LEFT', levels: ['L4/L5', 'L5/S1'] },
      { side: 'RIGHT', levels: ['L4/L5'] },
    ]);
    expect(consentsAskedOf([{ level: null, side: 'RIGHT' }])).toEqual([{ side: 'RIGHT', levels: [] }]);
    expect(consentsAskedOf([{ level: 'L1', side: 'MIDLINE' }])).toEqual([{ side: null, levels: ['L1'] }]);
  });
});
