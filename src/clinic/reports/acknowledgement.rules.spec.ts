import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReportAcknowledgementStatus } from '../../platform/database/generated/enums.js';
import { isWorkingDay, Temporal } from '../../platform/time/index.js';
import { allowedAcknowledgementActions, canDo, faultOfMoment, nextDueOn } from './acknowledgement.rules.js';
import { isOverdue, overdueFrom, policyOn } from './report-policy.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const at = (text: string) => Temporal.Instant.from(text);
const EASTER = new Set(['2026-04-03', '2026-04-06']);
const ZONE = 'Europe/London';

describe('a task', () => {
  it.each(Object.values(ReportAcknowledgementStatus))('that is %s', (status) => {
    const isOpen = status === 'OPEN';
    expect(allowedAcknowledgementActions(status)).toEqual(isOpen ? ['acknowledge', 'reassign', 'close'] : []);
    for (const action of ['acknowledge', 'reassign', 'close', 'supersede'] as const) {
      const refusal = canDo(status, action);
      expect(refusal === null).toBe(isOpen);
      if (refusal !== null) expect(refusal).toMatchObject({ code: 'AcknowledgementSettled', status });
    }
  });

  it('is acknowledged between the signing and now', () => {
    const [signed, now] = [at('2026-03-02T09:00:00Z'), at('2026-03-02T10:00:00Z')];
    expect(faultOfMoment(at('2026-03-02T09:30:00Z'), signed, now)).toBeNull();
    expect(faultOfMoment(signed, signed, now)).toBeNull();
    expect(faultOfMoment(now, signed, now)).toBeNull();
    expect(faultOfMoment(at('2026-03-02T10:00:00.001Z'), signed, now)).toMatch(/ahead/);
    expect(faultOfMoment(at('2026-03-02T08:59:59.999Z'), signed, now)).toMatch(/before/);
  });
});

describe('what is due next', () => {
  const due = { dueOn: day('2026-04-02'), escalatedOn: null, escalationDays: 2 };

  it('is what was promised, and after an escalation so many working days later', () => {
    expect(nextDueOn(due, EASTER).toString()).toBe('2026-04-02');
    expect(nextDueOn({ ...due, escalatedOn: day('2026-04-02') }, EASTER).toString()).toBe('2026-04-02');
    // Maundy Thursday, then four days of Easter.
    expect(nextDueOn({ ...due, escalatedOn: day('2026-04-03') }, EASTER).toString()).toBe('2026-04-08');
  });

  it('never lies before an escalation, and is a working day after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 20 }),
        (later, escalationDays) => {
          const escalatedOn = due.dueOn.add({ days: later });
          const next = nextDueOn({ ...due, escalatedOn, escalationDays }, EASTER);
          expect(Temporal.PlainDate.compare(next, escalatedOn)).toBe(1);
          expect(isWorkingDay(next, EASTER)).toBe(true);
        },
      ),
    );
  });
});

describe('a promised day', () => {
  it('ends at midnight on the wall clock, also when the clocks change that night', () => {
    expect(overdueFrom(day('2026-03-27'), ZONE).toString()).toBe('2026-03-28T00:00:00Z');
    expect(overdueFrom(day('2026-03-28'), ZONE).toString()).toBe('2026-03-29T00:00:00Z');
    expect(overdueFrom(day('2026-03-29'), ZONE).toString()).toBe('2026-03-29T23:00:00Z');
    expect(overdueFrom(day('2026-10-24'), ZONE).toString()).toBe('2026-10-24T23:00:00Z');
    expect(overdueFrom(day('2026-10-25'), ZONE).toString()).toBe('2026-10-26T00:00:00Z');
    expect(isOverdue(day('2026-10-25'), day('2026-10-25'))).toBe(false);
    expect(isOverdue(day('2026-10-25'), day('2026-10-26'))).toBe(true);
  });

  it('is that of the row in force, the first row before the first of all', () => {
    const rows = [{ effectiveFrom: '2026-03-01' }, { effectiveFrom: '2026-01-01' }];
    expect(policyOn(rows, day('2025-12-31'))?.effectiveFrom).toBe('2026-01-01');
    expect(policyOn(rows, day('2026-02-28'))?.effectiveFrom).toBe('2026-01-01');
    expect(policyOn(rows, day('2026-03-01'))?.effectiveFrom).toBe('2026-03-01');
    expect(policyOn([], day('2026-03-01'))).toBeNull();
  });
});
