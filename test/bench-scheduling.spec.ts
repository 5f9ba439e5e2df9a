import { describe, expect, it } from 'vitest';
import { findChainOffers } from '../src/clinic/scheduling/chain-offer.rules.js';
import { crewResources, makePlans } from './bench-scheduling/booking-plan.js';
import { CLINIC_SIZES, FILLS, FIVE_STEPS, makeClinic, TIME_ZONE } from './bench-scheduling/clinics.js';
import { candidatesOf } from './bench-scheduling/grid-search.js';
import { readOptions } from './bench-scheduling/options.js';
import { randomOf } from './bench-scheduling/random.js';
import { reachesOf } from './bench-scheduling/reaches.js';
import { diaryOf, differencesOf, gridOffers, searchIn } from './bench-scheduling/searches.js';

// What the bench of the scheduler computes; what it measures is no test's business.

describe('the grid search', () => {
  it.each(FILLS)('agrees with Facet, by day or not: %s', (fill) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const clinic = makeClinic(CLINIC_SIZES['ten-days'], fill, seed);
      const facet = findChainOffers(searchIn(clinic, diaryOf(clinic)));
      const plain = gridOffers(clinic, candidatesOf(clinic.resources, false));
      expect(differencesOf(facet, plain, clinic)).toEqual([]);
      expect(gridOffers(clinic, candidatesOf(clinic.resources, true))).toEqual(plain);
      if (fill === 'nothing fits') expect(plain).toEqual([]);
    }
  });

  it('offers only what is open and free', () => {
    const clinic = makeClinic(CLINIC_SIZES.week, 'usual', 1);
    const offers = gridOffers(clinic, candidatesOf(clinic.resources, true));
    expect(offers.length).toBeGreaterThan(0);
    for (const [step, { startMs, endMs, resources }] of offers.flatMap((steps) => [...steps.entries()])) {
      expect(resources).toHaveLength(FIVE_STEPS.steps[step]?.needs.length ?? 0);
      for (const { resourceId } of resources) {
        const resource = clinic.resources.find(({ id }) => id === resourceId);
        expect(resource?.sessions.some(([from, until]) => from <= startMs && endMs <= until)).toBe(true);
        expect(resource?.bookings.some(([from, until]) => from < endMs && startMs < until)).toBe(false);
      }
    }
  });
});

describe('the plans of bookings', () => {
  const ids = new Map(crewResources().map(({ id }) => [id, id]));
  const plans = makePlans(ids);

  it('are of 110 resources and never in each other’s way', () => {
    expect(ids.size).toBe(110);
    const ends = new Map<string, number>();
    const claims = plans.flatMap((plan) => plan.claims).sort((a, b) => a.startMs - b.startMs);
    for (const { resourceId, startMs, endMs } of claims) {
      expect(startMs).toBeGreaterThanOrEqual(ends.get(resourceId) ?? 0);
      ends.set(resourceId, endMs);
    }
    expect(plans.length).toBeGreaterThan(5_000);
    expect(TIME_ZONE).toBe('Europe/London');
  });
});

describe('random numbers', () => {
  it('are the same for the same seed, and as many as expected', () => {
    const [one, other] = [randomOf(7), randomOf(7)];
    const numbers = Array.from({ length: 2_000 }, () => one.next());
    expect(Array.from({ length: 2_000 }, () => other.next())).toEqual(numbers);
    expect(numbers.reduce((sum, value) => sum + value, 0) / 2_000).toBeCloseTo(0.5, 1);
    const counts = Array.from({ length: 2_000 }, () => one.countAround(3));
    expect(counts.reduce((sum, value) => sum + value, 0) / 2_000).toBeCloseTo(3, 0);
  });
});

describe('options', () => {
  it('have all of the issue by default', () => {
    expect(readOptions([])).toEqual({
      sizes: ['ten-days', 'month', 'week'],
      parts: ['search', 'diary', 'bookings'],
      seconds: 3,
      pastVisits: 60_000,
    });
    expect(readOptions(['--only', 'search', '--sizes', 'month'])).toMatchObject({ parts: ['search'] });
  });

  it.each([['--sizes', 'year'], ['--only', 'nobody'], ['--seconds', '0'], ['--past', '-1'], ['--other']])(
    'refuse %s %s in words',
    (...args) => {
      expect(readOptions(args)).toContain('--sizes ten-days');
    },
  );
});

describe('reaches', () => {
  const search = { facetMs: 1, subtractMs: 1, gridMs: 20, dayGridMs: 5, offers: 1, rounds: 5 };
  const diary = { size: 'week', statements: 1, freeSpans: 1, offers: 1, rounds: 5 } as const;
  const verdicts = (wholeMs: number) =>
    reachesOf({
      searches: [{ ...search, size: 'month', fill: 'usual', differences: [] }],
      diaries: [
        { ...diary, pastVisits: 0, diaryMs: 10, wholeMs: 10 },
        { ...diary, pastVisits: 60_000, diaryMs: 12, wholeMs },
      ],
      bookings: null,
    }).map(({ verdict }) => verdict);

  it('are reached, not reached or not measured', () => {
    expect(verdicts(12)).toEqual(['reached', 'reached', 'reached', 'reached', 'not measured', 'reached']);
    expect(verdicts(13)[2]).toBe('NOT REACHED');
  });
});
