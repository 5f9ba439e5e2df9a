import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { isLockDue, lockDueAt, policyOn } from './note-lock.rules.js';

const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);

describe('when a section locks itself', () => {
  it.each([
    ['2026-03-02T12:00:00Z', 24, '2026-03-03T12:00:00Z'],
    // The clocks change in between: a day of 24 hours is 24 hours.
    ['2026-03-28T12:00:00Z', 24, '2026-03-29T12:00:00Z'],
    ['2026-10-24T12:00:00Z', 24, '2026-10-25T12:00:00Z'],
  ])('signed at %s, after %i hours: %s', (signedAt, hours, dueAt) => {
    expect(lockDueAt(at(signedAt), hours).toString()).toBe(dueAt);
  });

  it('is at that moment, and not a millisecond before', () => {
    const dueAt = at('2026-03-03T12:00:00Z');
    expect(isLockDue(dueAt, at('2026-03-03T11:59:59.999Z'))).toBe(false);
    expect(isLockDue(dueAt, dueAt)).toBe(true);
  });

  it('is said by the row that holds on the day', () => {
    const rows = [{ effectiveFrom: '2026-04-01' }, { effectiveFrom: '2000-01-01' }];
    expect(policyOn(rows, day('2026-03-31'))).toEqual(rows[1]);
    expect(policyOn(rows, day('2026-04-01'))).toEqual(rows[0]);
    expect(policyOn(rows, day('1999-01-01'))).toEqual(rows[1]);
    expect(policyOn([], day('2026-01-01'))).toBeNull();
  });
});
