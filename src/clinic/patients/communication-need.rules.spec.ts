import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  detailProblem,
  isInUse,
  isReviewDue,
  type NeedKind,
  needSentence,
  reviewDay,
  reviewNoteProblem,
} from './communication-need.rules.js';

const today = Temporal.PlainDate.from('2026-03-02');
const kind: NeedKind = {
  ...{ code: 'BRAILLE', name: 'Braille', flag: 'Needs information in braille', needsDetail: false },
  ...{ effectiveFrom: '2026-01-01', retiredOn: '2026-06-01' },
};

it.each([
  ['2025-12-31', false],
  ['2026-01-01', true],
  ['2026-05-31', true],
  ['2026-06-01', false],
])('a kind is in use on %s: %s', (day, used) => {
  expect(isInUse(kind, Temporal.PlainDate.from(day))).toBe(used);
});

it.each([
  [undefined, '2027-03-02', null],
  [null, '2027-03-02', null],
  ['2026-03-03', '2026-03-03', null],
  ['2028-03-02', '2028-03-02', null],
])('asked for %s, somebody asks again on %s', (asked, day, problem) => {
  const read = reviewDay(asked, today);
  expect([read.day.toString(), read.problem]).toEqual([day, problem]);
});

it.each(['2026-03-02', '2028-03-03', '2026-02-30', 'soon'])('nobody asks again on %s', (asked) => {
  expect(reviewDay(asked, today).problem).not.toBeNull();
});

describe('what is said beside it', () => {
  it('is there where the kind says nothing without, and short', () => {
    expect(detailProblem(kind, null)).toBeNull();
    expect(detailProblem({ ...kind, needsDetail: true }, '  ')).toMatch(/^detail/);
    expect(detailProblem(kind, 'x'.repeat(201))).toMatch(/^detail/);
    expect(detailProblem(kind, 'a\u202eb')).toMatch(/^detail/);
  });

  it('says how a need was not met', () => {
    expect(reviewNoteProblem('MET', null)).toBeNull();
    expect(reviewNoteProblem('NOT_MET', ' ')).toMatch(/^note/);
  });
});

it('is a short sentence, and says when it is not to be passed on', () => {
  const need = { flag: 'Needs an interpreter', detail: 'Polish' };
  expect(needSentence({ ...need, sharing: 'AGREED' })).toBe('Needs an interpreter: Polish');
  expect(needSentence({ ...need, detail: null, sharing: 'REFUSED' })).toBe(
    'Needs an interpreter (not to be passed on)',
  );
});

it('is due on its day', () => {
  expect([isReviewDue('2026-03-03', today), isReviewDue('2026-03-02', today)]).toEqual([false, true]);
});
