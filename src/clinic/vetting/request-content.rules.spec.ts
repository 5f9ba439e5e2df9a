import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContentSaid, contentAfter, contentProblem, emptyContent } from './request-content.rules.js';

const EMPTY = emptyContent('BONE_SPECT_CT', 'ROUTINE');
const STUDY = { what: ' Bone scan ', radionuclide: 'Tc-99m', performedOn: '2026-01-02' };
const FULL: ContentSaid = {
  ...{ history: ' Two years. ', earlierImaging: 'YES', earlierImagingText: 'MRI', weightKg: 70 },
  ...{ weightOn: '2026-01-03', weightSource: 'MEASURED', recentStudies: 'YES', studies: [STUDY] },
};

describe('what a request says after what is said of it', () => {
  it('is what was said, without blanks around it', () => {
    const after = contentAfter(EMPTY, FULL);
    expect(after).toMatchObject({ history: 'Two years.', earlierImagingText: 'MRI', weightKg: 70 });
    expect(after.studies).toEqual([
      { what: 'Bone scan', radionuclide: 'Tc-99m', performedOn: '2026-01-02', place: null },
    ]);
  });

  it('stays as it was where nothing is said, and goes where null is', () => {
    const after = contentAfter(EMPTY, FULL);
    expect(contentAfter(after, {})).toEqual(after);
    expect(contentAfter(after, { history: null, weightKg: null })).toEqual({
      ...after,
      history: null,
      weightKg: null,
    });
  });

  it('holds no details of what there is none of', () => {
    const after = contentAfter(EMPTY, FULL);
    expect(contentAfter(after, { earlierImaging: 'NONE', recentStudies: 'NONE' })).toMatchObject({
      earlierImagingText: null,
      studies: [],
    });
  });

  it('said twice is said once', () => {
    const said = fc.record(
      {
        history: fc.option(fc.string(), { nil: null }),
        weightKg: fc.option(fc.integer({ min: 1, max: 500 }), { nil: null }),
        earlierImaging: fc.constantFrom('YES' as const, 'NONE' as const, null),
        earlierImagingText: fc.option(fc.string(), { nil: null }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(said, said, (first, second) => {
        const once = contentAfter(contentAfter(EMPTY, first), second);
        expect(contentAfter(once, second)).toEqual(once);
      }),
    );
  });
});

describe('a content', () => {
  const after = contentAfter(EMPTY, FULL);

  it.each<readonly [Partial<typeof after>, string]>([
    [{ weightOn: null }, 'weightKg'],
    [{ weightSource: null }, 'weightKg'],
    [{ signature: 'ELECTRONIC' }, 'signedOn'],
    [{ signedOn: '2026-01-01' }, 'signedOn'],
    [{ pregnancy: 'DOES_NOT_APPLY' }, 'pregnancyText'],
    [{ weightOn: '2026-02-02' }, 'weightOn'],
    [{ lastMenstrualPeriodOn: '2026-02-02' }, 'lastMenstrualPeriodOn'],
    [{ studies: [{ ...STUDY, place: null, performedOn: '2026-02-02' }] }, 'studies.performedOn'],
  ])('is wrong with %j: %s', (change, field) => {
    expect(contentProblem({ ...after, ...change }, '2026-02-01')).toContain(`${field}:`);
  });

  it('is right up to the day itself', () => {
    expect(contentProblem(after, '2026-01-03')).toBeNull();
    expect(contentProblem(EMPTY, '2026-01-03')).toBeNull();
  });
});
