import Holidays from 'date-holidays';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorkingDay, localDate, Temporal } from '../../platform/time/index.js';
import {
  type DueFacts,
  decideBy,
  isOverdue,
  nearness,
  nextDueOn,
  overdueFrom,
  policyOn,
} from './triage-due.rules.js';

const LONDON = 'Europe/London';
const day = (text: string) => Temporal.PlainDate.from(text);
/** The bank holidays of England as a foreign library has them. */
const england = new Holidays('GB', 'ENG', { languages: ['en'] });
const HOLIDAYS = new Set(
  [2025, 2026, 2027, 2028].flatMap((year) =>
    england
      .getHolidays(year)
      .filter(({ type }) => type === 'public')
      .map(({ date }) => date.slice(0, 10)),
  ),
);
const NONE: ReadonlySet<string> = new Set();

const someDay = fc.integer({ min: 0, max: 900 }).map((days) => day('2026-01-01').add({ days }));
const someDays = fc.integer({ min: 1, max: 30 });

describe('the policy that holds', () => {
  const rows = [
    { effectiveFrom: '2026-06-01', name: 'second' },
    { effectiveFrom: '2026-01-01', name: 'first' },
    { effectiveFrom: '2027-01-01', name: 'third' },
  ];

  it.each([
    ['2025-12-31', 'first'],
    ['2026-01-01', 'first'],
    ['2026-05-31', 'first'],
    ['2026-06-01', 'second'],
    ['2029-01-01', 'third'],
  ])('on %s is the %s', (on, name) => expect(policyOn(rows, day(on))?.name).toBe(name));

  it('is none where there are none', () => expect(policyOn([], day('2026-01-01'))).toBeNull());
});

describe('the day of the decision', () => {
  it.each([
    // Christmas 2026: Friday 25 December; Boxing Day is a Saturday, so Monday 28 instead.
    ['2026-12-23', 1, '2026-12-24'],
    ['2026-12-23', 2, '2026-12-29'],
    ['2026-12-24', 5, '2027-01-05'],
    ['2026-12-31', 1, '2027-01-04'],
    // Easter 2026: Good Friday 3 April, Easter Monday 6 April; the clocks went forward on 29 March.
    ['2026-03-27', 5, '2026-04-07'],
    ['2026-04-02', 1, '2026-04-07'],
    ['2026-04-02', 2, '2026-04-08'],
    // The clocks go back on Sunday 25 October 2026.
    ['2026-10-23', 1, '2026-10-26'],
    ['2026-10-25', 1, '2026-10-26'],
  ])('of what arrived on %s, after %i working days, is %s', (receivedOn, triageDays, due) => {
    expect(decideBy(day(receivedOn), { triageDays }, HOLIDAYS).toString()).toBe(due);
  });

  it('is a working day, with so many working days after the arrival up to it', () => {
    fc.assert(
      fc.property(someDay, someDays, (receivedOn, triageDays) => {
        const due = decideBy(receivedOn, { triageDays }, HOLIDAYS);
        expect(isWorkingDay(due, HOLIDAYS)).toBe(true);
        let counted = 0;
        for (let at = receivedOn.add({ days: 1 }); !isOverdue(due, at); at = at.add({ days: 1 }))
          counted += Number(isWorkingDay(at, HOLIDAYS));
        expect(counted).toBe(triageDays);
      }),
    );
  });

  it('is never earlier for what arrived later, nor for a longer promise', () => {
    fc.assert(
      fc.property(someDay, someDay, someDays, someDays, (a, b, n, more) => {
        const [first, last] = Temporal.PlainDate.compare(a, b) <= 0 ? [a, b] : [b, a];
        const due = (on: Temporal.PlainDate, triageDays: number) => decideBy(on, { triageDays }, HOLIDAYS);
        expect(isOverdue(due(last, n), due(first, n))).toBe(false);
        expect(Temporal.PlainDate.compare(due(first, n + more), due(first, n))).toBe(1);
        expect(Temporal.PlainDate.compare(due(first, n), decideBy(first, { triageDays: n }, NONE))).not.toBe(
          -1,
        );
      }),
    );
  });
});

describe('overdue', () => {
  it.each([
    ['2026-03-28', '2026-03-29T00:00:00Z'],
    ['2026-03-29', '2026-03-29T23:00:00Z'],
    ['2026-10-24', '2026-10-24T23:00:00Z'],
    ['2026-10-25', '2026-10-26T00:00:00Z'],
  ])('is what was due on %s from %s on', (dueOn, from) => {
    expect(overdueFrom(day(dueOn), LONDON).toString()).toBe(from);
  });

  it('begins at the first moment of the next local day, whatever the clocks do', () => {
    fc.assert(
      fc.property(someDay, (dueOn) => {
        const from = overdueFrom(dueOn, LONDON);
        const isLate = (at: Temporal.Instant) => isOverdue(dueOn, localDate(at, LONDON));
        expect([isLate(from), isLate(from.subtract({ milliseconds: 1 }))]).toEqual([true, false]);
      }),
    );
  });

  it('is either so many working days left or so many too late', () => {
    expect(nearness(day('2026-12-29'), day('2026-12-23'), HOLIDAYS)).toEqual({
      workingDaysLeft: 2,
      workingDaysOverdue: null,
    });
    expect(nearness(day('2026-12-24'), day('2026-12-29'), HOLIDAYS)).toEqual({
      workingDaysLeft: null,
      workingDaysOverdue: 1,
    });
    expect(nearness(day('2026-12-24'), day('2026-12-24'), HOLIDAYS).workingDaysLeft).toBe(0);
    // Christmas Day: too late, by no working day yet.
    expect(nearness(day('2026-12-24'), day('2026-12-25'), HOLIDAYS).workingDaysOverdue).toBe(0);
    fc.assert(
      fc.property(someDay, someDay, (dueOn, today) => {
        const { workingDaysLeft, workingDaysOverdue } = nearness(dueOn, today, HOLIDAYS);
        expect(workingDaysLeft === null).toBe(isOverdue(dueOn, today));
        expect(workingDaysOverdue === null).toBe(!isOverdue(dueOn, today));
      }),
    );
  });
});

describe('what is due next', () => {
  const facts: DueFacts = {
    dueOn: day('2026-03-05'),
    informationDueOn: null,
    escalatedOn: null,
    escalationDays: 2,
  };
  const next = (parts: Partial<DueFacts>) => nextDueOn({ ...facts, ...parts }, HOLIDAYS).toString();

  it('is the decision; while the referrer is asked, their answer', () => {
    expect(next({})).toBe('2026-03-05');
    expect(next({ informationDueOn: day('2026-03-16') })).toBe('2026-03-16');
  });

  it('is the next escalation once it was escalated, over a weekend and Easter too', () => {
    expect(next({ escalatedOn: day('2026-03-06') })).toBe('2026-03-10');
    expect(next({ dueOn: day('2026-04-01'), escalatedOn: day('2026-04-02') })).toBe('2026-04-08');
  });

  it('is what has been promised since, when that is later than the escalation', () => {
    const escalatedOn = day('2026-03-06');
    expect(next({ escalatedOn, informationDueOn: day('2026-03-20') })).toBe('2026-03-20');
    expect(next({ escalatedOn, dueOn: day('2026-03-06') })).toBe('2026-03-06');
  });

  it('always lies ahead of the escalation that has just happened', () => {
    fc.assert(
      fc.property(someDay, someDay, someDays, (dueOn, today, escalationDays) => {
        fc.pre(isOverdue(dueOn, today));
        const after = nextDueOn(
          { dueOn, informationDueOn: null, escalatedOn: today, escalationDays },
          HOLIDAYS,
        );
        expect(isOverdue(after, today)).toBe(false);
        expect(Temporal.PlainDate.compare(after, today)).toBe(1);
      }),
    );
  });
});
