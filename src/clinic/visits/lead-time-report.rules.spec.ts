import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { faultOfPeriod, REPORT_DAYS_MAX, toFigures } from './lead-time-report.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const counted = { group: null, isTotal: true, insidePromise: 0, breaches: 0 };

describe('the period of a report', () => {
  it('is a day or more, and at most so many', () => {
    const first = day('2026-01-01');
    expect(faultOfPeriod(first, first)).toBeNull();
    expect(faultOfPeriod(first, first.subtract({ days: 1 }))).toContain('before');
    expect(faultOfPeriod(first, first.add({ days: REPORT_DAYS_MAX - 1 }))).toBeNull();
    expect(faultOfPeriod(first, first.add({ days: REPORT_DAYS_MAX }))).toContain(String(REPORT_DAYS_MAX));
  });
});

describe('the figures', () => {
  it('of nobody are no figures, and no share of nothing', () => {
    expect(toFigures({ ...counted, count: 0, medianDays: null, p90Days: null })).toEqual({
      count: 0,
      medianDays: null,
      p90Days: null,
      insidePromiseShare: null,
      breaches: 0,
    });
  });

  it('are days to the hundredth and a share of one', () => {
    const waits = { ...counted, count: 3, medianDays: 10.5, p90Days: 12.600000000000001, insidePromise: 2 };
    expect(toFigures(waits)).toMatchObject({
      medianDays: 10.5,
      p90Days: 12.6,
      insidePromiseShare: 2 / 3,
    });
  });
});
