import { describe, expect, it } from 'vitest';
import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { isOpen, isUndecided, mayBeSameService, unconfirmed } from './duplicate-referral.rules.js';

// Written by hand, not derived from the lists.
const STANDING: readonly (readonly [ReferralStatus, isOpen: boolean, isUndecided: boolean])[] = [
  ['RECEIVED', true, true],
  ['BEING_TRIAGED', true, true],
  ['INFORMATION_REQUESTED', true, true],
  ['ACCEPTED', true, false],
  ['BOOKED', true, false],
  ['REDIRECTED', false, false],
  ['DECLINED', false, false],
  ['RETURNED_WITH_ADVICE', false, false],
  ['COMPLETED', false, false],
  ['WITHDRAWN', false, false],
  ['MERGED', false, false],
];

describe('a referral that stands as', () => {
  it('anything is in the list', () => {
    expect(STANDING.map(([status]) => status).sort()).toEqual(Object.keys(ReferralStatus).sort());
  });

  it.each(STANDING)('%s: open %s, undecided %s', (status, open, undecided) => {
    expect([isOpen(status), isUndecided(status)]).toEqual([open, undecided]);
  });
});

describe('the same service', () => {
  it.each([
    ['SPECT_CT', 'SPECT_CT', true],
    ['SPECT_CT', 'PAIN_CLINIC', false],
    [null, 'SPECT_CT', true],
    ['SPECT_CT', null, true],
    [null, null, true],
  ])('%j and %j: %s', (one, other, same) => expect(mayBeSameService(one, other)).toBe(same));
});

describe('what somebody has looked at', () => {
  const open = [{ referralId: 'a1' }, { referralId: 'b2' }];

  it('is asked about until every one of them is named', () => {
    expect(unconfirmed(open, [])).toEqual(open);
    expect(unconfirmed(open, ['A1'])).toEqual([{ referralId: 'b2' }]);
    expect(unconfirmed(open, ['b2', 'a1', 'c3'])).toEqual([]);
  });
});
