import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SafeToLeaveMessage } from '../../platform/database/generated/enums.js';
import { safeAfterCall, safeForBoth } from './message-safety.rules.js';

const word = fc.record({
  phoneE164: fc.constantFrom(null, '+447700900001', '+447700900002'),
  safeToLeaveMessage: fc.constantFrom(...Object.values(SafeToLeaveMessage)),
});
const telephone = word.map((one) => ({ ...one, phoneAsEntered: one.phoneE164 }));

describe('whether a message may be left for somebody who came with two enquiries', () => {
  it('is the same whichever goes on, and never safe over a no or without a yes', () => {
    fc.assert(
      fc.property(telephone, telephone, (one, other) => {
        const both = safeForBoth(one, other);
        expect(safeForBoth(other, one)).toBe(both);
        const said = [one.safeToLeaveMessage, other.safeToLeaveMessage];
        if (said.includes('NO')) expect(both).toBe('NO');
        if (both === 'YES') expect(said).toContain('YES');
      }),
    );
  });

  it('is not known of a telephone of which nobody said so', () => {
    const safe = { phoneAsEntered: null, phoneE164: null, safeToLeaveMessage: 'YES' } as const;
    const unsaid = { phoneAsEntered: '07700 900001', phoneE164: '+447700900001' } as const;
    expect(safeForBoth({ ...unsaid, safeToLeaveMessage: 'NOT_ASKED' }, safe)).toBe('NOT_ASKED');
  });
});

describe('whether a message may be left after a call', () => {
  const ENQUIRY = 'an enquiry';
  it.each([
    ['Ann Example', 'NOT_ASKED', 'Ann Example', 'YES', null, 'YES'],
    ['Ann Example', 'NO', 'Ann Example', 'YES', null, null],
    ['Ann Example', 'NO', 'Ann Example', 'YES', ENQUIRY, 'YES'],
    ['Ann Example', 'NO', 'Ben Other', 'YES', ENQUIRY, null],
    ['Ann Example', 'NOT_ASKED', null, 'YES', null, null],
    ['Ann Example', 'NOT_ASKED', null, 'YES', ENQUIRY, 'YES'],
    [null, 'NOT_ASKED', null, 'YES', null, null],
    ['Ann Example', 'YES', null, 'NO', null, 'NO'],
    ['Ann Example', 'YES', 'Ann Example', 'NOT_ASKED', null, null],
    ['Ann Example', 'YES', 'Ann Example', null, null, null],
  ] as const)('%s said %s, then %s said %s (%s): %s', (name, safe, caller, said, enquiryId, after) => {
    const known = { name, safeToLeaveMessage: safe };
    expect(safeAfterCall(known, { name: caller, safeToLeaveMessage: said, enquiryId })).toBe(after);
  });
});
