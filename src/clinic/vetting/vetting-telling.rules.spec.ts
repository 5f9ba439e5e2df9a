import { describe, expect, it } from 'vitest';
import { plannedTelling, tellingProblem } from './vetting-telling.rules.js';

const OUTSIDE = { isOutside: true, email: 'dr@surgery.example' };
const NO_ADDRESS = { isOutside: true, email: null };
const NOBODY = { isOutside: false, email: null };

describe('how a referrer is told', () => {
  it('is by e-mail where an address is known, else by letter, in the words of the reason', () => {
    expect(plannedTelling(null, OUTSIDE, 'Why.')).toEqual({ method: 'EMAIL', words: 'Why.', email: null });
    expect(plannedTelling(null, NO_ADDRESS, 'Why.')).toMatchObject({ method: 'LETTER' });
    expect(plannedTelling(null, NOBODY, 'Why.')).toBeNull();
  });

  it('is as somebody says', () => {
    const asked = { method: 'TELEPHONE', words: 'Told Dr Patel herself.', email: null } as const;
    for (const referrer of [OUTSIDE, NO_ADDRESS, NOBODY]) {
      expect(tellingProblem(asked, referrer)).toBeNull();
      expect(plannedTelling(asked, referrer, 'Why.')).toMatchObject({ words: 'Told Dr Patel herself.' });
    }
    const own = { method: 'EMAIL', words: null, email: 'other@surgery.example' } as const;
    expect(tellingProblem(own, NO_ADDRESS)).toBeNull();
    expect(plannedTelling(own, NO_ADDRESS, 'Why.')).toEqual({ ...own, words: 'Why.' });
  });

  it('is not by a letter to nobody', () => {
    const byMail = { method: 'EMAIL', words: null, email: null } as const;
    expect(tellingProblem(byMail, OUTSIDE)).toBeNull();
    expect(tellingProblem(byMail, NO_ADDRESS)).toContain('no e-mail address');
    expect(tellingProblem({ ...byMail, method: 'LETTER' }, NO_ADDRESS)).toBeNull();
    expect(tellingProblem({ ...byMail, method: 'LETTER' }, NOBODY)).toContain('nobody outside');
    expect(tellingProblem(null, NOBODY)).toBeNull();
  });
});
