import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Activity, ActivityUnit } from './activity.rules.js';

const amount = fc.double({ min: 0, max: 1e7, noNaN: true });

describe('an activity', () => {
  it.each([
    ['MBQ', 740, 740],
    ['KBQ', 740_000, 740],
    ['MCI', 20, 740],
    ['MCI', 1, 37],
  ] as const)('of %s %f is %f MBq', (unit, value, mbq) => {
    expect(Activity.of(value, unit).mbq).toBeCloseTo(mbq, 9);
  });

  it('is said in every unit, and in Bq as PET has it', () => {
    const activity = Activity.ofMbq(776.94);
    expect(activity.kbq).toBeCloseTo(776_940, 6);
    expect(activity.bq).toBeCloseTo(776_940_000, 3);
    expect(activity.mci).toBeCloseTo(20.99838, 5);
    expect(Activity.ofBq(activity.bq).mbq).toBeCloseTo(776.94, 9);
  });

  it('comes back from each unit as it went', () => {
    fc.assert(
      fc.property(amount, (mbq) => {
        const activity = Activity.ofMbq(mbq);
        const back = [
          Activity.of(activity.mbq, ActivityUnit.MBQ),
          Activity.of(activity.kbq, ActivityUnit.KBQ),
          Activity.of(activity.mci, ActivityUnit.MCI),
          Activity.ofBq(activity.bq),
        ];
        for (const one of back) expect(one.mbq).toBeCloseTo(mbq, 6);
      }),
    );
  });

  it('is never less than nothing, and always a number', () => {
    for (const value of [-0.001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => Activity.ofMbq(value)).toThrow(RangeError);
    expect(Activity.ofMbq(3).minus(Activity.ofMbq(5)).mbq).toBe(0);
  });

  it('is taken away from another, and never more than all of it', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const left = Activity.ofMbq(a).minus(Activity.ofMbq(b)).mbq;
        expect(left).toBeCloseTo(a > b ? a - b : 0, 6);
      }),
    );
  });
});
