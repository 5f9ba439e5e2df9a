import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';
import {
  atCalibration,
  type BatchFacts,
  faultOfUse,
  isExpired,
  latestExpiry,
  stockAt,
  volumeLeftMl,
} from './batch.rules.js';

const at = (time: string) => Temporal.Instant.from(`2026-11-30T${time}Z`);
const mbq = (value: number) => Activity.ofMbq(value);
const BATCH: BatchFacts = {
  tracerCode: 'TC99M_MDP',
  halfLifeHours: 6.0067,
  preparedAt: at('07:00:00'),
  calibratedAt: at('08:00:00'),
  calibratedActivityMbq: 4_000,
  labelTolerancePercent: 0,
  expiresAt: at('13:00:00'),
  volumeMl: 10,
  discardedAt: null,
  drawnMbq: 0,
};
const fault = (over: Partial<BatchFacts>, activity: number, time: string, tracer = 'TC99M_MDP') =>
  faultOfUse({ ...BATCH, ...over }, tracer, mbq(activity), at(time));

describe('what is left in a batch', () => {
  it.each([
    ['08:00:00', 4_000],
    ['11:00:00', 2_829.5],
    ['14:00:00', 2_001.5],
    ['07:00:00', 4_489.3],
  ])('at %s are %f MBq', (time, expected) => {
    expect(stockAt(BATCH, at(time)).mbq).toBeCloseTo(expected, 0);
  });

  it('is less by what was drawn, whenever that was', () => {
    const drawn = atCalibration(BATCH, mbq(565.9), at('11:00:00')).mbq;
    expect(drawn).toBeCloseTo(800, 0);
    expect(stockAt({ ...BATCH, drawnMbq: drawn }, at('08:00:00')).mbq).toBeCloseTo(3_200, 0);
    expect(volumeLeftMl({ ...BATCH, drawnMbq: drawn })).toBeCloseTo(8, 2);
    expect(volumeLeftMl({ ...BATCH, volumeMl: null })).toBeNull();
  });

  it('is shared out and never more: whatever is drawn in turn, by halvings', () => {
    const draws = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 360 }), fc.double({ min: 0.1, max: 1_500, noNaN: true })),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(draws, (wanted) => {
        let facts = BATCH;
        let sum = 0;
        for (const [minutes, activity] of wanted) {
          const moment = at('07:00:00').add({ minutes });
          if (faultOfUse(facts, 'TC99M_MDP', mbq(activity), moment) !== null) continue;
          const counted = atCalibration(facts, mbq(activity), moment).mbq;
          sum += activity * 2 ** ((minutes - 60) / 60 / 6.0067);
          facts = { ...facts, drawnMbq: facts.drawnMbq + counted };
        }
        expect(facts.drawnMbq).toBeCloseTo(sum, 4);
        expect(facts.drawnMbq).toBeLessThanOrEqual(4_000 + 1e-4);
      }),
    );
  });
});

describe('a use of a batch', () => {
  it.each([
    ['in the minute of its expiry', '13:00:00', null],
    ['at the end of that minute', '13:00:59', null],
    ['one minute past', '13:01:00', 'EXPIRED'],
    ['long past', '23:00:00', 'EXPIRED'],
    ['when it was prepared', '07:00:00', null],
    ['before it was prepared', '06:59:59', 'NOT_PREPARED_YET'],
  ])('%s', (_, time, expected) => {
    expect(fault({}, 100, time)).toBe(expected);
    expect(isExpired(BATCH, at(time))).toBe(expected === 'EXPIRED');
  });

  it('takes all that is left and not a bit more', () => {
    const all = stockAt(BATCH, at('11:00:00')).mbq;
    expect(fault({}, all, '11:00:00')).toBeNull();
    expect(fault({}, all + 0.01, '11:00:00')).toBe('STOCK_TOO_SMALL');
    expect(fault({ drawnMbq: 4_000 }, 0.01, '11:00:00')).toBe('STOCK_TOO_SMALL');
  });

  it('takes as much more than the label says as two calibrators may differ by', () => {
    const read = (value: number) =>
      faultOfUse({ ...BATCH, labelTolerancePercent: 10 }, 'TC99M_MDP', mbq(value), at('08:00:00'));
    expect(read(4_400)).toBeNull();
    expect(read(4_400.01)).toBe('STOCK_TOO_SMALL');
  });

  it('is of its own tracer, and of nothing that was discarded', () => {
    expect(fault({}, 100, '09:00:00', 'TC99M_HDP')).toBe('TRACER_DIFFERS');
    expect(fault({ discardedAt: at('10:00:00') }, 100, '10:00:00')).toBe('DISCARDED');
    expect(fault({ discardedAt: at('10:00:00') }, 100, '09:59:00')).toBeNull();
  });

  it('ends with the rule for kits, over the change of the clocks too', () => {
    const prepared = Temporal.Instant.from('2027-03-28T00:30:00Z');
    expect(latestExpiry(prepared, 360)?.toString()).toBe('2027-03-28T06:30:00Z');
    expect(latestExpiry(prepared, null)).toBeNull();
  });
});
