import { describe, expect, it } from 'vitest';
import type { LetterStatus } from '../../platform/database/generated/enums.js';
import { channelFor, lastHeard } from './letter-verdict.rules.js';

const letter = (subjectVersion: number, status: LetterStatus, outcomeCode: string | null = null) =>
  ({ kind: 'VISIT_BOOKED', subjectVersion, status, outcomeCode }) as const;

describe('whether the patient has heard of a subject', () => {
  it.each<[LetterStatus, string | null, boolean]>([
    ['SENT', null, true],
    ['SENDING', null, true],
    ['AMBIGUOUS', 'WORKER_LOST', true],
    ['FAILED', 'SMTP_550', true],
    ['SUPPRESSED', 'PREFERS_TELEPHONE', true],
    ['SUPPRESSED', 'NO_EMAIL_ADDRESS', true],
    ['SUPPRESSED', 'NEVER_ANNOUNCED', false],
    ['SUPPRESSED', 'ALREADY_TOLD', false],
    ['SUPPRESSED', 'VISIT_PASSED', false],
    ['SUPERSEDED', 'BOOKING_MOVED_ON', false],
    ['DUE', null, false],
    ['CLAIMED', null, false],
  ])('from a letter that is %s (%s): %s', (status, outcomeCode, heard) => {
    expect(lastHeard([letter(0, status, outcomeCode)]) !== null).toBe(heard);
  });

  it('from no letter: no; from several: the latest of those that may have arrived, in whatever order', () => {
    expect(lastHeard([])).toBeNull();
    const several = [letter(2, 'FAILED'), letter(0, 'SENT'), letter(3, 'SUPERSEDED')];
    expect(lastHeard(several)?.subjectVersion).toBe(2);
    expect(lastHeard(several.toReversed())?.subjectVersion).toBe(2);
  });
});

describe('the channel', () => {
  it.each([
    ['EMAIL', 'zoe@example.org', 'SEND'],
    ['SMS', 'zoe@example.org', 'SEND'],
    ['LETTER', 'zoe@example.org', 'PREFERS_POST'],
    ['TELEPHONE', 'zoe@example.org', 'PREFERS_TELEPHONE'],
    ['EMAIL', null, 'NO_EMAIL_ADDRESS'],
    ['SMS', null, 'NO_EMAIL_ADDRESS'],
    ['LETTER', null, 'PREFERS_POST'],
    ['TELEPHONE', null, 'PREFERS_TELEPHONE'],
  ] as const)('prefers %s, address %s: %s', (contactPreference, email, answer) => {
    const verdict = channelFor({ contactPreference, email });
    expect('code' in verdict ? verdict.code : verdict.verdict).toBe(answer);
  });
});
