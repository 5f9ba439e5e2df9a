import { describe, expect, it } from 'vitest';
import { LetterStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  ATTEMPTS_MAX,
  afterResend,
  allowedActions,
  nextAttemptAt,
  SETTLED_STATUSES,
  whyNotClaimed,
} from './letter.rules.js';

const now = Temporal.Instant.from('2026-11-22T10:00:00Z');
const statuses = Object.values(LetterStatus);

describe('what a person may do with a letter', () => {
  it('is to send it again, when it did not go or may not have arrived', () => {
    const resendable = statuses.filter((status) => allowedActions(status).includes('resend'));
    expect(resendable.sort()).toEqual(['AMBIGUOUS', 'FAILED', 'SUPPRESSED']);
    for (const status of resendable) expect(afterResend(status)).toBe('DUE');
  });

  it('is nothing, in every other state', () => {
    for (const status of ['DUE', 'CLAIMED', 'SENDING', 'SENT', 'SUPERSEDED'] as const) {
      expect(allowedActions(status)).toEqual([]);
      expect(afterResend(status)).toBeNull();
    }
  });
});

describe('another attempt', () => {
  it('waits longer each time, an hour at most, and not for ever', () => {
    const waits = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) =>
      nextAttemptAt(index + 1, now)
        ?.since(now)
        .total('seconds'),
    );
    expect(waits.slice(0, 9)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    expect(Math.max(...waits.map(Number))).toBe(3600);
    expect(nextAttemptAt(ATTEMPTS_MAX, now)).toBeNull();
  });
});

describe('a letter that cannot be claimed', () => {
  const later = now.add({ seconds: 1 });

  it('is done with', () => {
    for (const status of SETTLED_STATUSES) {
      expect(whyNotClaimed({ status, dueAt: now, claimedUntil: null }, now)).toEqual({ kind: 'SETTLED' });
    }
  });

  it('is not due yet, or in the hands of another', () => {
    expect(whyNotClaimed({ status: 'DUE', dueAt: later, claimedUntil: null }, now)).toEqual({
      kind: 'WAIT',
      until: later,
    });
    for (const status of ['CLAIMED', 'SENDING'] as const) {
      expect(whyNotClaimed({ status, dueAt: now, claimedUntil: later }, now)).toEqual({
        kind: 'WAIT',
        until: later,
      });
    }
  });

  it('has lost its worker in the middle of sending', () => {
    expect(whyNotClaimed({ status: 'SENDING', dueAt: now, claimedUntil: now }, now)).toEqual({
      kind: 'WORKER_LOST',
    });
  });
});
