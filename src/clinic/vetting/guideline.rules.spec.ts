import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { fingerprintedText, type GuidelineScope, isInForce, whyNotCovered } from './guideline.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const SCOPE: GuidelineScope = {
  procedureCodes: ['BONE_SPECT_CT'],
  siteCode: 'MAIN',
  ageFromYears: 18,
  ageToYears: 80,
  effectiveFrom: day('2026-03-01'),
  effectiveUntil: null,
  endsOn: null,
  replacedFrom: null,
};
const SUBJECT = {
  procedureCode: 'BONE_SPECT_CT',
  siteCode: null,
  ageYears: 40,
  pregnancy: 'NOT_PREGNANT',
  breastFeeding: 'NO',
} as const;
const ON = day('2026-03-15');

describe('a version of a guideline', () => {
  it.each<readonly [string, Partial<GuidelineScope>, string, boolean]>([
    ['the day before its first', {}, '2026-02-28', false],
    ['its first day', {}, '2026-03-01', true],
    ['its last day', { effectiveUntil: day('2026-03-31') }, '2026-03-31', true],
    ['the day after', { effectiveUntil: day('2026-03-31') }, '2026-04-01', false],
    ['the day before it was ended', { endsOn: day('2026-03-20') }, '2026-03-19', true],
    ['the day on which it was ended', { endsOn: day('2026-03-20') }, '2026-03-20', false],
    ['the day before the next version', { replacedFrom: day('2026-03-20') }, '2026-03-19', true],
    ['the first day of the next version', { replacedFrom: day('2026-03-20') }, '2026-03-20', false],
  ])('holds or not: %s', (_name, parts, on, holds) => {
    expect(isInForce({ ...SCOPE, ...parts }, day(on))).toBe(holds);
  });

  it('covers what is in its scope', () => {
    expect(whyNotCovered(SCOPE, SUBJECT, ON)).toEqual([]);
    expect(whyNotCovered(SCOPE, { ...SUBJECT, siteCode: 'MAIN', ageYears: 18 }, ON)).toEqual([]);
    expect(whyNotCovered(SCOPE, { ...SUBJECT, ageYears: 80 }, ON)).toEqual([]);
  });

  it.each([
    [{ procedureCode: 'OTHER' }, 'OTHER'],
    [{ siteCode: 'NORTH' }, 'site'],
    [{ ageYears: 17 }, 'ages'],
    [{ ageYears: 81 }, 'ages'],
    [{ pregnancy: 'PREGNANT' }, 'pregnancy'],
    [{ pregnancy: 'CANNOT_BE_EXCLUDED' }, 'pregnancy'],
    [{ breastFeeding: 'YES' }, 'breast-feeding'],
  ] as const)('leaves to a practitioner: %j', (parts, word) => {
    const reasons = whyNotCovered(SCOPE, { ...SUBJECT, ...parts }, ON);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toContain(word);
  });

  it('is known by its text, and by every part of it', () => {
    const words = { text: 'a', benefit: 'b', detriment: 'c', alternatives: 'd' };
    expect(fingerprintedText(words)).toBe('a\nb\nc\nd');
    const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
    const others = Object.keys(words).map((name) => hash(fingerprintedText({ ...words, [name]: 'x' })));
    expect(new Set([...others, hash(fingerprintedText(words))]).size).toBe(5);
  });
});
