import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { receivedOnProblem, referrerProblem, toRegistration } from './referral.rules.js';

describe('the referrer', () => {
  const gp = { source: 'GP', referrerName: 'Dr A. Patel', referrerRegistration: null } as const;

  it.each([
    gp,
    { ...gp, referrerRegistration: '1234567' },
    { ...gp, referrerRegistration: 'C1234567' },
    { ...gp, source: 'PHYSIOTHERAPIST' as const, referrerRegistration: 'PH12345' },
    { ...gp, source: 'SELF' as const, referrerName: null },
    { ...gp, referrerName: 'x'.repeat(64) },
  ])('is taken: %j', (entry) => expect(referrerProblem(entry)).toBeNull());

  it.each([
    [{ ...gp, referrerName: null }, 'referrerName'],
    [{ ...gp, source: 'INSURER' as const, referrerName: null }, 'referrerName'],
    [{ ...gp, referrerName: 'x'.repeat(65) }, 'referrerName'],
    [{ ...gp, referrerName: 'Patel^A' }, 'referrerName'],
    [{ ...gp, referrerName: 'Patel\u0007' }, 'referrerName'],
    [{ ...gp, referrerRegistration: '123456' }, 'referrerRegistration'],
    [{ ...gp, source: 'CONSULTANT' as const, referrerRegistration: 'PH12345' }, 'referrerRegistration'],
  ])('is refused: %j', (entry, field) => expect(referrerProblem(entry)).toMatch(`${field}: `));

  it('is as the directory has them: a practice nurse of a GP has no GMC number', () => {
    const nurse = { ...gp, referrerRegistration: '12A3456E' };
    expect(referrerProblem(nurse, true)).toBeNull();
    expect(referrerProblem({ ...nurse, referrerName: 'A^B' }, true)).toMatch('referrerName: ');
  });

  it('keeps the seven digits of a GMC number, and other registrations as entered', () => {
    expect(toRegistration('CONSULTANT', 'c1234567')).toBe('1234567');
    expect(toRegistration('PHYSIOTHERAPIST', 'PH12345')).toBe('PH12345');
    expect(toRegistration('GP', null)).toBeNull();
  });
});

describe('the day a referral arrived', () => {
  const bounds = { today: Temporal.PlainDate.from('2026-03-02'), dateOfBirth: '1980-01-02' };
  it.each([
    ['2026-03-02', null],
    ['1980-01-02', null],
    ['2026-03-03', 'receivedOn: must not be in the future.'],
    ['1980-01-01', 'receivedOn: must not be before the patient was born.'],
    ['2026-02-30', 'receivedOn: must be a day of the calendar, as YYYY-MM-DD.'],
  ])('%s: %s', (day, problem) => expect(receivedOnProblem(day, bounds)).toBe(problem));
});
