import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { answerOf, happenedOnProblem } from './history.rules.js';

const today = Temporal.PlainDate.from('2026-03-02');

describe('when something was', () => {
  it.each([null, '2026', '2026-03', '2026-03-02', '1900', '2024-02-29'])('%j is taken', (day) => {
    expect(happenedOnProblem(day, today)).toBeNull();
  });

  it.each([
    '2026-03-03',
    '2026-04',
    '2027',
    '1899',
    '26',
    '2026-13',
    '2025-02-29',
    '2026-3-2',
    '',
    '2026-',
    '٢٠٢٦',
  ])('%j is refused', (day) => {
    expect(happenedOnProblem(day, today)).toMatch('happenedOn: ');
  });
});

describe('whether there is any', () => {
  it('tells what was not asked from what there is none of', () => {
    expect(answerOf({ items: 0, isNone: false })).toBe('NOT_ASKED');
    expect(answerOf({ items: 0, isNone: true })).toBe('NONE');
    expect(answerOf({ items: 2, isNone: false })).toBe('SOME');
  });
});
