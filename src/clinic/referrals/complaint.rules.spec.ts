import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ComplaintEntry, complaintProblem, readLevel } from './complaint.rules.js';

const entry: ComplaintEntry = {
  region: 'LUMBAR',
  levelFrom: 'L4/5',
  levelTo: 'L5/S1',
  nrsAverage: 5,
  nrsWorst: 8,
};

describe('a level', () => {
  it.each([
    ['L4/5', 'L4/5'],
    [' l4 - 5 ', 'L4/5'],
    ['L4/L5', 'L4/5'],
    ['L4–L5', 'L4/5'],
    ['L5/S1', 'L5/S1'],
    ['T12/L1', 'T12/L1'],
    ['t9-t10', 'T9/10'],
    [null, null],
  ])('%j is kept as %j', (typed, kept) => expect(readLevel(typed)).toBe(kept));

  it('is kept the same when it is read again', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(readLevel(readLevel(typed))).toBe(readLevel(typed));
      }),
    );
  });
});

describe('a complaint', () => {
  it.each([
    entry,
    { ...entry, levelFrom: null, levelTo: null },
    { ...entry, levelTo: null },
    { ...entry, levelTo: 'L4/5' },
    { ...entry, region: 'CERVICAL' as const, levelFrom: 'C5/6', levelTo: 'C7/T1' },
    { ...entry, region: 'SACROILIAC' as const, levelFrom: null, levelTo: null },
    { ...entry, nrsAverage: 8, nrsWorst: 8 },
    { ...entry, nrsAverage: null, nrsWorst: 0 },
  ])('is taken: %j', (said) => expect(complaintProblem(said)).toBeNull());

  it.each([
    [{ ...entry, levelFrom: null }, 'levelFrom'],
    [{ ...entry, levelFrom: 'C5/6' }, 'levelFrom'],
    [{ ...entry, levelTo: 'L9' }, 'levelTo'],
    [{ ...entry, levelTo: 'L1/2' }, 'levelTo'],
    [{ ...entry, region: 'OTHER' as const }, 'levelFrom'],
    [{ ...entry, nrsAverage: 9 }, 'nrsWorst'],
  ])('is refused: %j, naming %s', (said, field) => expect(complaintProblem(said)).toMatch(`${field}: `));
});
