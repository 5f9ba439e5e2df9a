import { describe, expect, it } from 'vitest';
import { isInForce, readProcedureCodes, termProblem } from './authorisation.rules.js';

const term = { validFrom: '2026-03-01', validUntil: '2026-03-31' };

describe('an authorisation', () => {
  it.each([
    ['2026-02-28', false],
    ['2026-03-01', true],
    ['2026-03-31', true],
    ['2026-04-01', false],
  ])('is in force on %s: %s', (day, holds) => expect(isInForce(term, day)).toBe(holds));

  it('ends on its first day or later', () => {
    expect(termProblem(term)).toBeNull();
    expect(termProblem({ ...term, validUntil: '2026-03-01' })).toBeNull();
    expect(termProblem({ ...term, validUntil: '2026-02-28' })).toMatch('validUntil: ');
  });

  it('keeps the codes as the insurer wrote them, each once', () => {
    expect(readProcedureCodes([' A4860 ', 'W9240', 'A4860', ' '])).toEqual(['A4860', 'W9240']);
  });
});
