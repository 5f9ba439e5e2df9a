import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { canEndWording, isLicensedOn, wordingProblem } from './instrument-wording.rules.js';

const day = (text: string) => Temporal.PlainDate.from(`2026-03-${text}`);
const days = (from: string, until: string | null = null, ended: string | null = null) => ({
  validFrom: day(from),
  validUntil: until === null ? null : day(until),
  endedOn: ended === null ? null : day(ended),
});

describe('a licence', () => {
  it.each([
    ['10', days('10'), true],
    ['09', days('10'), false],
    ['31', days('10'), true],
    ['20', days('10', '20'), true],
    ['21', days('10', '20'), false],
    ['19', days('10', '20', '15'), false],
    ['15', days('10', null, '15'), false],
    ['14', days('10', null, '15'), true],
  ])('on the %sth %j: %s', (today, holds, isLicensed) => {
    expect(isLicensedOn(holds, day(today))).toBe(isLicensed);
  });

  it('is ended while there is something to end', () => {
    expect(canEndWording(days('10'), day('15'))).toBe(true);
    expect(canEndWording(days('20'), day('15'))).toBe(true);
    expect(canEndWording(days('10', '14'), day('15'))).toBe(false);
    expect(canEndWording(days('10', null, '12'), day('15'))).toBe(false);
  });
});

describe('the words of a form', () => {
  const items = (count: number, choices: number) =>
    Array.from({ length: count }, () => ({ choices: Array.from({ length: choices }, String) }));

  it('are whole, with all choices or none', () => {
    expect(wordingProblem('ODI', items(10, 6))).toBeNull();
    expect(wordingProblem('PSEQ', items(10, 0))).toBeNull();
    expect(wordingProblem('PHQ9', items(8, 4))).toMatch(/9 items, and 8/);
    expect(wordingProblem('PHQ9', items(9, 3))).toMatch(/Item 1 .* 4 choices/);
  });
});
