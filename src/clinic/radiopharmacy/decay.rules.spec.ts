import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';
import { decayed, decayFactor, netAdministered } from './decay.rules.js';

const TC99M = { halfLifeHours: 6.0067 };
const at = (text: string) => Temporal.Instant.from(text);
const mbq = (value: number) => Activity.ofMbq(value);
const START = at('2026-11-30T08:00:00Z');

/** Written apart from the rule: halvings, and no e. */
function byHalving(start: number, hours: number, halfLifeHours: number): number {
  const halvings = hours / halfLifeHours;
  const whole = Math.trunc(halvings);
  let left = start;
  for (let n = 0; n < Math.abs(whole); n += 1) left = whole > 0 ? left / 2 : left * 2;
  return left * 0.5 ** (halvings - whole);
}

describe('decay of Tc-99m', () => {
  it.each([
    [0.5, 0.94394],
    [1, 0.89101],
    [2, 0.79391],
    [3, 0.70738],
    [4, 0.63029],
    [5, 0.56159],
    [6, 0.50039],
    [12, 0.25039],
    [24, 0.06269],
  ])('leaves after %f h %f of a whole', (hours, factor) => {
    const later = START.add({ milliseconds: hours * 3_600_000 });
    expect(decayFactor(TC99M, START, later)).toBeCloseTo(factor, 5);
  });

  it('has the constant of its half-life', () => {
    const hour = decayFactor(TC99M, START, START.add({ hours: 1 }));
    expect(-Math.log(hour)).toBeCloseTo(0.1153957, 7);
    const oneHalfLife = START.add({ milliseconds: Math.round(6.0067 * 3_600_000) });
    expect(decayFactor(TC99M, START, oneHalfLife)).toBeCloseTo(0.5, 7);
  });

  it.each([
    [800, '08:00', '11:00', 565.9],
    [800, '08:00', '12:00', 504.2],
    [800, '11:30', '08:00', 1198.1],
    [600, '09:30', '08:00', 713.4],
  ])('%f MBq at %s are at %s %f MBq', (activity, from, to, expected) => {
    const moment = (time: string) => at(`2026-11-30T${time}:00Z`);
    expect(decayed(mbq(activity), TC99M, moment(from), moment(to)).mbq).toBeCloseTo(expected, 1);
  });

  it('gives the net administered activity: the syringe less what stayed in it, at the injection', () => {
    const given = {
      measured: mbq(820),
      measuredAt: at('2026-11-30T08:40:00Z'),
      residual: mbq(12),
      residualAt: at('2026-11-30T09:05:00Z'),
      injectedAt: at('2026-11-30T09:00:00Z'),
    };
    expect(netAdministered(given, TC99M).mbq).toBeCloseTo(776.94, 2);
    expect(netAdministered({ ...given, residual: null }, TC99M).mbq).toBeCloseTo(789.06, 2);
  });

  it('is a matter of instants: the hour that the clocks skip in spring is no hour, the one that comes twice is two', () => {
    const local = (text: string) => Temporal.ZonedDateTime.from(`${text}[Europe/London]`).toInstant();
    const minute = decayFactor(TC99M, at('2027-03-28T00:59:00Z'), local('2027-03-28T02:00'));
    expect(minute).toBeCloseTo(0.5 ** (1 / 60 / 6.0067), 12);
    for (const [from, to, hours] of [
      ['2027-03-28T00:30', '2027-03-28T08:00', 6.5],
      ['2026-03-29T00:30', '2026-03-29T08:00', 6.5],
      ['2027-10-31T00:30', '2027-10-31T08:00', 8.5],
      ['2026-10-25T00:30', '2026-10-25T08:00', 8.5],
    ] as const) {
      const left = decayed(mbq(800), TC99M, local(from), local(to)).mbq;
      expect(left).toBeCloseTo(byHalving(800, hours, 6.0067), 6);
    }
    const twice = ['2027-10-31T01:30:00+01:00', '2027-10-31T01:30:00+00:00'].map(at);
    expect(decayFactor(TC99M, twice[0] ?? START, twice[1] ?? START)).toBeCloseTo(0.89101, 5);
  });

  it.each([
    ['spring', '2027-03-28T00:50:00+00:00', '2027-03-28T02:10:00+01:00', '2027-03-28T02:15:00+01:00', 20],
    ['autumn', '2027-10-31T01:40:00+01:00', '2027-10-31T01:10:00+00:00', '2027-10-31T01:15:00+00:00', 30],
    ['spring', '2026-03-29T00:50:00+00:00', '2026-03-29T02:10:00+01:00', '2026-03-29T02:15:00+01:00', 20],
    ['autumn', '2026-10-25T01:40:00+01:00', '2026-10-25T01:10:00+00:00', '2026-10-25T01:15:00+00:00', 30],
  ])(
    'measured before the clocks change in %s and injected after it',
    (_, measured, injected, residual, minutes) => {
      const given = {
        ...{ measured: mbq(820), measuredAt: at(measured), injectedAt: at(injected) },
        ...{ residual: mbq(12), residualAt: at(residual) },
      };
      const net = byHalving(820, minutes / 60, 6.0067) - byHalving(12, -5 / 60, 6.0067);
      expect(netAdministered(given, TC99M).mbq).toBeCloseTo(net, 9);
    },
  );
});

describe('whatever decays', () => {
  const activity = fc.double({ min: 0.001, max: 10_000, noNaN: true });
  const halfLifeHours = fc.double({ min: 0.5, max: 10_000, noNaN: true });
  const minutes = fc.integer({ min: -3 * 1_440, max: 3 * 1_440 });
  const relative = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(b), Number.MIN_VALUE);

  it('is what halving says, forwards and backwards', () => {
    fc.assert(
      fc.property(activity, halfLifeHours, minutes, (start, T, t) => {
        const left = decayed(mbq(start), { halfLifeHours: T }, START, START.add({ minutes: t })).mbq;
        expect(relative(left, byHalving(start, t / 60, T))).toBeLessThan(1e-9);
      }),
    );
  });

  it('has lost as many halves as half-lives have passed', () => {
    fc.assert(
      fc.property(activity, halfLifeHours, minutes, (start, T, t) => {
        const left = decayed(mbq(start), { halfLifeHours: T }, START, START.add({ minutes: t })).mbq;
        expect((Math.log(start) - Math.log(left)) / Math.log(2)).toBeCloseTo(t / 60 / T, 6);
      }),
    );
  });

  it('comes back to what it was, and takes two steps as one', () => {
    fc.assert(
      fc.property(activity, halfLifeHours, minutes, minutes, (start, T, first, then) => {
        const life = { halfLifeHours: T };
        const [b, c] = [START.add({ minutes: first }), START.add({ minutes: first + then })];
        const there = decayed(mbq(start), life, START, b);
        expect(relative(decayed(there, life, b, START).mbq, start)).toBeLessThan(1e-9);
        const inTwo = decayed(there, life, b, c).mbq;
        expect(relative(inTwo, decayed(mbq(start), life, START, c).mbq)).toBeLessThan(1e-9);
      }),
    );
  });

  it('is less later, and twice as much of it is twice as much', () => {
    fc.assert(
      fc.property(activity, halfLifeHours, fc.integer({ min: 1, max: 4_000 }), (start, T, t) => {
        const life = { halfLifeHours: T };
        const later = START.add({ minutes: t });
        const left = decayed(mbq(start), life, START, later);
        expect(left.mbq).toBeLessThan(start);
        expect(relative(decayed(mbq(start * 2), life, START, later).mbq, left.mbq * 2)).toBeLessThan(1e-9);
      }),
    );
  });
});
