import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { answersProblem, mustBeTold, periodOf, takenProblem, toMarks } from './score-entry.rules.js';

const item = (place: number, ...marked: readonly number[]) => ({ item: place, marked });

describe('answers', () => {
  it('stand item by item; those nobody named are missing', () => {
    expect(toMarks('NRS', [item(1, 7)])).toEqual([[7]]);
    expect(toMarks('GAD7', [item(2, 3), item(7, 0), item(1)])).toEqual([[], [3], [], [], [], [], [0]]);
    expect(toMarks('ODI', [item(1, 3, 1, 3)])[0]).toEqual([1, 3]);
  });

  it.each([
    ['NRS', [item(1, 11)], /item 1 is marked from 0 to 10/],
    ['NRS', [item(1, 3.5)], /item 1/],
    ['NRS', [item(2, 3)], /items 1 to 1/],
    ['PHQ9', [item(10, 1)], /items 1 to 9/],
    ['PHQ9', [item(9, -1)], /item 9/],
    ['PHQ9', [item(9, 0, 1)], /two marks/],
    ['PHQ9', [item(1, 1), item(1, 2)], /there twice/],
    ['GAD7', [], /nothing was answered/],
    ['PSEQ', [item(1), item(2)], /nothing was answered/],
    ['ODI', [item(1, 6)], /0 to 5/],
  ] as const)('of %s: %j is refused', (instrument, answers, problem) => {
    expect(answersProblem(instrument, answers)).toMatch(problem);
  });

  it('may have two marks where the higher counts, and the same mark twice anywhere', () => {
    expect(answersProblem('ODI', [item(1, 1, 3)])).toBeNull();
    expect(answersProblem('PHQ9', [item(1, 2, 2)])).toBeNull();
  });
});

it('a figure of pain is about now unless it says otherwise, and nothing else has a period', () => {
  expect(periodOf('NRS', null)).toEqual({ period: 'NOW' });
  expect(periodOf('NRS', 'PAST_WEEK_WORST')).toEqual({ period: 'PAST_WEEK_WORST' });
  expect(periodOf('ODI', undefined)).toEqual({ period: null });
  expect(periodOf('ODI', 'NOW')).toMatch(/^period/);
});

it('nothing is answered in the future, or before birth', () => {
  const now = Temporal.Instant.from('2026-03-02T12:00:00Z');
  const bornAt = Temporal.Instant.from('1980-01-01T00:00:00Z');
  expect(takenProblem(now, { now, bornAt })).toBeNull();
  expect(takenProblem(now.add({ seconds: 1 }), { now, bornAt })).toMatch(/ahead/);
  expect(takenProblem(bornAt.subtract({ seconds: 1 }), { now, bornAt })).toMatch(/born/);
});

describe('somebody is told', () => {
  it.each([
    [{ answer: null, before: null, open: [] }, false],
    [{ answer: 1, before: null, open: [] }, true],
    [{ answer: 3, before: 1, open: [1] }, true],
    [{ answer: 1, before: 3, open: [] }, false],
    [{ answer: 2, before: 2, open: [] }, false],
    [{ answer: 2, before: null, open: [2] }, false],
    [{ answer: 2, before: null, open: [1] }, true],
  ])('%j: %s', (facts, told) => {
    expect(mustBeTold(facts)).toBe(told);
  });
});
