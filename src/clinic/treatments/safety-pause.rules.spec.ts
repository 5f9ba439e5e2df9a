import { describe, expect, it } from 'vitest';
import { TreatmentPauseSource } from '../../platform/database/generated/enums.js';
import { notPassed, wrongPlace } from './safety-pause.rules.js';
import type { ReadPlace } from './treatment-place.rules.js';

const LEFT: readonly ReadPlace[] = [{ level: 'L4_L5', side: 'LEFT' }];
const read = (other: Partial<Record<TreatmentPauseSource, readonly ReadPlace[]>> = {}) =>
  Object.values(TreatmentPauseSource).map((source) => ({ source, places: other[source] ?? LEFT }));

describe('a pause', () => {
  it('where everything agrees stops nobody', () => {
    expect(wrongPlace(LEFT, read())).toBeNull();
  });

  it.each(Object.values(TreatmentPauseSource))('stops when %s names the other side', (source) => {
    expect(wrongPlace(LEFT, read({ [source]: [{ level: 'L4_L5', side: 'RIGHT' }] }))).toMatchObject({
      ...{ code: 'WrongSide', source, planned: 'left L4/L5', read: 'right L4/L5' },
    });
  });

  it.each(Object.values(TreatmentPauseSource))('stops when %s names another level, or none', (source) => {
    expect(wrongPlace(LEFT, read({ [source]: [{ level: 'L5_S1', side: 'LEFT' }] }))).toMatchObject({
      ...{ code: 'WrongLevel', source },
    });
    expect(wrongPlace(LEFT, read({ [source]: [] }))).toMatchObject({ code: 'WrongLevel', read: 'nothing' });
  });

  it('stops when a source was not read at all', () => {
    expect(wrongPlace(LEFT, read().slice(1))).toMatchObject({ code: 'WrongLevel', source: 'CONSENT' });
  });

  it('stops when something was not asked, or is not safe', () => {
    const safe = { aspect: 'ALLERGY', isSafe: true } as const;
    expect(notPassed(['ALLERGY'], [safe])).toBeNull();
    expect(notPassed(['ALLERGY', 'INFECTION'], [safe])).toMatchObject({ problems: ['Ask about infection.'] });
    expect(notPassed(['ALLERGY'], [{ ...safe, isSafe: false }])).toMatchObject({ code: 'PauseNotPassed' });
    // Also what need not have been asked.
    expect(notPassed(['ALLERGY'], [safe, { aspect: 'DIABETES', isSafe: false }])).not.toBeNull();
  });
});
