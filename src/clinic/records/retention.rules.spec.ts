import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordClass, RetentionTrigger } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  afterPeriod,
  ageOn,
  birthday,
  createdUntil,
  dueOf,
  dueOfClass,
  judge,
  type RecordDates,
  type RuleRow,
  rulesInForce,
} from './retention.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);

const rule = (recordClass: RecordClass, trigger: RetentionTrigger, years: number, parts = {}): RuleRow => ({
  ...{ id: `${recordClass}-${trigger}`, recordClass, trigger, effectiveFrom: day('2000-01-01') },
  ...{ years, months: 0, childRule: false },
  ...parts,
});

/** As a new clinic begins. */
const RULES = [
  rule('CLINICAL_RECORD', 'LAST_CONTACT', 8, { childRule: true }),
  rule('CLINICAL_RECORD', 'DEATH', 8),
  rule('PSYCHOLOGY', 'END_OF_TREATMENT', 20, { childRule: true }),
  rule('PSYCHOLOGY', 'DEATH', 10),
  rule('ENQUIRY_UNCONVERTED', 'LAST_CONTACT', 1),
];
const ended = (on: string, parts: Partial<RecordDates> = {}): RecordDates => ({
  ...{ createdOn: day('1995-01-01'), lastContactOn: day(on), treatmentEndedOn: day(on) },
  ...parts,
});
const adult = { dateOfBirth: day('1960-06-15'), diedOn: null };

const days = fc.integer({ min: 0, max: 60_000 }).map((after) => day('1950-01-01').add({ days: after }));

describe('a birthday', () => {
  it.each([
    ['1980-06-15', 25, '2005-06-15'],
    ['1980-02-29', 25, '2005-03-01'],
    ['1980-02-29', 28, '2008-02-29'],
    ['2000-02-29', 100, '2100-03-01'],
  ])('of somebody born on %s, the %i th, is %s', (born, years, expected) => {
    expect(birthday(day(born), years).toString()).toBe(expected);
  });

  it.each([
    ['2008-02-29', '2026-02-28', 17],
    ['2008-02-29', '2026-03-01', 18],
    ['2008-03-01', '2026-02-28', 17],
    ['2008-03-01', '2026-03-01', 18],
  ])('somebody born on %s is on %s %i years old', (born, on, years) => {
    expect(ageOn(day(born), day(on))).toBe(years);
  });

  it('is the first day of an age', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 110 }), (born, years) => {
        expect(ageOn(born, birthday(born, years))).toBe(years);
        if (years > 0) expect(ageOn(born, birthday(born, years).subtract({ days: 1 }))).toBe(years - 1);
      }),
    );
  });
});

describe('a period', () => {
  it.each([
    ['2024-02-29', 8, 0, '2032-02-29'],
    ['2024-02-29', 1, 0, '2025-03-01'],
    ['2025-08-31', 0, 6, '2026-03-01'],
    ['2025-08-30', 0, 6, '2026-03-01'],
    ['2025-12-31', 0, 2, '2026-03-01'],
  ])('from %s of %i years and %i months ends on %s', (from, years, months, expected) => {
    expect(afterPeriod(day(from), years, months).toString()).toBe(expected);
  });

  it('never ends earlier for beginning later, and never a day short', () => {
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 11 }),
        (from, years, months) => {
          const end = afterPeriod(from, years, months);
          const next = afterPeriod(from.add({ days: 1 }), years, months);
          expect(Temporal.PlainDate.compare(next, end)).toBeGreaterThanOrEqual(0);
          expect(Temporal.PlainDate.compare(end, from.add({ years, months }))).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('when a record may go', () => {
  it('an adult’s: eight years after the last contact', () => {
    expect(dueOf(['CLINICAL_RECORD'], RULES, ended('2026-03-31'), adult)).toMatchObject({
      trigger: 'LAST_CONTACT',
      dueOn: day('2034-03-31'),
    });
  });

  it.each([
    ['2010-05-01', '2027-04-30', '2035-05-01', 'sixteen: the 25th birthday'],
    ['2010-05-01', '2027-05-01', '2036-05-01', 'seventeen on the day: the 26th birthday'],
    ['2010-05-01', '2028-04-30', '2036-05-01', 'the last day of seventeen: the 26th birthday'],
    ['2010-05-01', '2028-05-01', '2036-05-01', 'eighteen: eight years, which is the same day'],
    ['2010-05-01', '2012-05-01', '2035-05-01', 'two: the 25th birthday'],
    ['2008-02-29', '2026-02-28', '2034-03-01', 'born on 29 February, seventeen on the eve'],
    ['2008-02-29', '2020-02-28', '2033-03-01', 'born on 29 February, a child'],
  ])('of somebody born on %s and last seen on %s: %s (%s)', (born, seen, due) => {
    const life = { dateOfBirth: day(born), diedOn: null };
    const dates = ended(seen, { createdOn: day(seen) });
    expect(dueOf(['CLINICAL_RECORD'], RULES, dates, life)?.dueOn.toString()).toBe(due);
  });

  it('psychology stays twenty years though the rest is due at eight, and keeps what is shared', () => {
    const dates = ended('2026-03-31');
    const due = (classes: readonly RecordClass[]) => dueOf(classes, RULES, dates, adult)?.dueOn.toString();
    expect(due(['CLINICAL_RECORD'])).toBe('2034-03-31');
    expect(due(['PSYCHOLOGY'])).toBe('2046-03-31');
    expect(due(['CLINICAL_RECORD', 'PSYCHOLOGY'])).toBe('2046-03-31');
    expect(due(['PSYCHOLOGY', 'CLINICAL_RECORD'])).toBe('2046-03-31');
  });

  it('a death ends a longer period, and lengthens none', () => {
    const dead = (on: string) => ({ ...adult, diedOn: day(on) });
    const psychology = (on: string) => dueOfClass('PSYCHOLOGY', RULES, ended('2026-03-31'), dead(on));
    expect(psychology('2028-01-01')).toMatchObject({ trigger: 'DEATH', dueOn: day('2038-01-01') });
    expect(psychology('2040-01-01')).toMatchObject({ trigger: 'END_OF_TREATMENT', dueOn: day('2046-03-31') });
    const child = { dateOfBirth: day('2020-01-01'), diedOn: day('2026-04-01') };
    expect(dueOfClass('CLINICAL_RECORD', RULES, ended('2026-03-31'), child)?.dueOn).toEqual(
      day('2034-04-01'),
    );
  });

  it('what has not happened gives way to what has', () => {
    const dates = { createdOn: day('2020-01-01'), lastContactOn: null, treatmentEndedOn: null };
    expect(dueOfClass('PSYCHOLOGY', RULES, dates, adult)?.triggerOn).toEqual(day('2020-01-01'));
    const seen = { ...dates, lastContactOn: day('2021-01-01') };
    expect(dueOfClass('PSYCHOLOGY', RULES, seen, adult)?.triggerOn).toEqual(day('2021-01-01'));
  });

  it('never, while one of its classes has no rule', () => {
    expect(dueOf(['CLINICAL_RECORD', 'AUDIT_STUB'], RULES, ended('2000-01-01'), adult)).toBeNull();
  });

  it('never earlier for belonging to one class more', () => {
    const classes = fc.subarray(['CLINICAL_RECORD', 'PSYCHOLOGY', 'ENQUIRY_UNCONVERTED'] as const, {
      minLength: 1,
    });
    fc.assert(
      fc.property(classes, days, days, (some, seen, born) => {
        const life = { dateOfBirth: born, diedOn: null };
        const all = dueOf(some, RULES, ended(seen.toString()), life);
        for (const one of some) {
          const alone = dueOfClass(one, RULES, ended(seen.toString()), life);
          expect(Temporal.PlainDate.compare(all?.dueOn ?? seen, alone?.dueOn ?? seen)).toBeGreaterThanOrEqual(
            0,
          );
        }
      }),
    );
  });

  it('a child’s never before the 25th birthday', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 6_573 }), (born, after) => {
        const seen = born.add({ days: after });
        fc.pre(ageOn(born, seen) < 18);
        const due = dueOf(['CLINICAL_RECORD'], RULES, ended(seen.toString()), {
          dateOfBirth: born,
          diedOn: null,
        });
        const least = birthday(born, ageOn(born, seen) === 17 ? 26 : 25);
        expect(Temporal.PlainDate.compare(due?.dueOn ?? born, least)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the rules in force', () => {
  it('are the latest of each class and trigger that have begun', () => {
    const older = rule('CLINICAL_RECORD', 'LAST_CONTACT', 8);
    const newer = { ...older, id: 'newer', years: 10, effectiveFrom: day('2027-01-01') };
    expect(rulesInForce([newer, older], day('2026-12-31'))).toEqual([older]);
    expect(rulesInForce([older, newer], day('2027-01-01'))).toEqual([newer]);
  });

  it('say what is too young to be looked at', () => {
    expect(createdUntil(['PSYCHOLOGY'], RULES, day('2046-01-01'))).toEqual(day('2036-01-01'));
    expect(createdUntil(['ENQUIRY_UNCONVERTED', 'PSYCHOLOGY'], RULES, day('2046-01-01'))).toEqual(
      day('2045-01-01'),
    );
  });

  it('let nothing be due that was made after that day', () => {
    fc.assert(
      fc.property(days, days, (made, asOf) => {
        const dates = { createdOn: made, lastContactOn: null, treatmentEndedOn: null };
        const due = dueOf(['CLINICAL_RECORD'], RULES, dates, { dateOfBirth: null, diedOn: made });
        const tooYoung = Temporal.PlainDate.compare(made, createdUntil(['CLINICAL_RECORD'], RULES, asOf)) > 0;
        if (tooYoung) expect(judge(due, asOf, { holdId: null, keptBecause: null }).kind).toBe('NOT_DUE');
      }),
    );
  });
});

describe('a judgement', () => {
  const due = dueOf(['CLINICAL_RECORD'], RULES, ended('2018-03-31'), adult);
  const nothing = { holdId: null, keptBecause: null };

  it('lets go on the day and not on its eve', () => {
    expect(judge(due, day('2026-03-30'), nothing)).toMatchObject({ kind: 'NOT_DUE', code: 'NOT_DUE' });
    expect(judge(due, day('2026-03-31'), nothing)).toMatchObject({ kind: 'DUE' });
    expect(judge(null, day('2026-03-31'), nothing)).toMatchObject({ kind: 'NOT_DUE', code: 'NO_RULE' });
  });

  it('a legal hold comes before a room’s own reason', () => {
    const both = { holdId: 'hold', keptBecause: 'REFERRAL_OPEN' };
    expect(judge(due, day('2026-03-31'), both)).toMatchObject({
      kind: 'HELD',
      code: 'LEGAL_HOLD',
      holdId: 'hold',
    });
    expect(judge(due, day('2026-03-31'), { ...both, holdId: null })).toMatchObject({
      ...{ kind: 'HELD', code: 'REFERRAL_OPEN', holdId: null },
    });
  });
});
