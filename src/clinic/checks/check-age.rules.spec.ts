import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { ageOn, isAsked } from './check-age.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const AGES = { ageFrom: 12, ageTo: 55 };

const days = fc
  .integer({ min: 0, max: 365 * 150 })
  .map((count) => Temporal.PlainDate.from('1900-01-01').add({ days: count }));

describe('the age on a day', () => {
  it.each([
    ['2015-12-03', '2027-12-02', 11],
    ['2015-12-03', '2027-12-03', 12],
    ['2015-12-03', '2027-12-04', 12],
    ['2008-02-29', '2027-02-28', 18],
    ['2008-02-29', '2027-03-01', 19],
    ['2008-02-29', '2028-02-29', 20],
    ['2026-01-01', '2026-01-01', 0],
  ])('of somebody born on %s is on %s %i', (born, on, age) => {
    expect(ageOn(day(born), day(on))).toBe(age);
  });

  it('rises by one on one day of each year, and on no other', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 110 }), (born, years) => {
        const from = born.add({ years });
        const steps = Array.from({ length: 366 }, (_, index) => from.add({ days: index }));
        const rises = steps.filter((on) => ageOn(born, on.add({ days: 1 })) === ageOn(born, on) + 1).length;
        const stays = steps.filter((on) => ageOn(born, on.add({ days: 1 })) === ageOn(born, on)).length;
        return rises + stays === 366 && rises >= 1 && rises <= 2;
      }),
      { numRuns: 40 },
    );
  });
});

describe('who is asked between 12 and 55', () => {
  it.each([
    ['11 years and 364 days', '2027-12-02', false],
    ['the twelfth birthday', '2027-12-03', true],
  ])('on %s', (_when, on, asked) => {
    expect(isAsked(AGES, day('2015-12-03'), day(on))).toBe(asked);
  });

  it.each([
    ['the day before the fifty-sixth birthday', '2027-12-02', true],
    ['the fifty-sixth birthday', '2027-12-03', false],
  ])('on %s', (_when, on, asked) => {
    expect(isAsked(AGES, day('1971-12-03'), day(on))).toBe(asked);
  });

  it('is whoever has had the first birthday and not the one after the last, whatever the day of birth', () => {
    const birthday = (born: Temporal.PlainDate, years: number) => {
      const year = born.year + years;
      const isLeapDay = born.month === 2 && born.day === 29;
      const exists = Temporal.PlainDate.from({ year, month: 2, day: 1 }).inLeapYear;
      return isLeapDay && !exists
        ? Temporal.PlainDate.from({ year, month: 3, day: 1 })
        : Temporal.PlainDate.from({ year, month: born.month, day: born.day });
    };
    fc.assert(
      fc.property(days, fc.integer({ min: -400, max: 400 }), fc.constantFrom(12, 56), (born, off, years) => {
        const on = birthday(born, years).add({ days: off });
        const expected =
          Temporal.PlainDate.compare(on, birthday(born, 12)) >= 0 &&
          Temporal.PlainDate.compare(on, birthday(born, 56)) < 0;
        return isAsked(AGES, born, on) === expected;
      }),
    );
  });
});
