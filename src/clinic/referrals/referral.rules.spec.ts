import { describe, expect, it } from 'vitest';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ReferralAction, ReferralAlreadyDecided } from './referral.refusals.js';
import {
  allowedActions,
  declineProblem,
  nextStatus,
  receivedOnProblem,
  referrerProblem,
  toRegistration,
} from './referral.rules.js';

// Written by hand, not derived from the table.
const ALLOWED: readonly (readonly [ReferralStatus, ReferralAction, ReferralStatus])[] = [
  ['AWAITING_TRIAGE', 'ACCEPT', 'ACCEPTED'],
  ['AWAITING_TRIAGE', 'DECLINE', 'DECLINED'],
];
const REFUSED: readonly (readonly [ReferralStatus, ReferralAction])[] = [
  ['ACCEPTED', 'ACCEPT'],
  ['ACCEPTED', 'DECLINE'],
  ['DECLINED', 'ACCEPT'],
  ['DECLINED', 'DECLINE'],
];

describe('the states of a referral', () => {
  it('are all covered by the two lists', () => {
    const pairs = Object.keys(ReferralStatus).length * Object.keys(ReferralAction).length;
    expect(ALLOWED.length + REFUSED.length).toBe(pairs);
  });

  it.each(ALLOWED)('%s, %s: %s', (status, action, next) => {
    expect(nextStatus(status, action)).toBe(next);
    expect(allowedActions(status)).toContain(action);
  });

  it.each(REFUSED)('%s, %s: refused, naming the state and what can be done', (status, action) => {
    const refusal = nextStatus(status, action);
    expect(refusal).toBeInstanceOf(ReferralAlreadyDecided);
    expect(refusal).toMatchObject({ code: 'ReferralAlreadyDecided', status, allowedActions: [] });
    expect(allowedActions(status)).not.toContain(action);
  });

  it('can all be reached from the first', () => {
    const reached = new Set<ReferralStatus>(['AWAITING_TRIAGE', ...ALLOWED.map(([, , next]) => next)]);
    expect([...reached].sort()).toEqual(Object.keys(ReferralStatus).sort());
  });
});

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

describe('declining', () => {
  it('needs words when the reason is OTHER', () => {
    expect(declineProblem('OTHER', null)).toMatch('comment: ');
    expect(declineProblem('OTHER', 'Moved away')).toBeNull();
    expect(declineProblem('WRONG_PROVIDER', null)).toBeNull();
  });
});
