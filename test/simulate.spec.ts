import { describe, expect, it } from 'vitest';
import { makeCalendar, workingDayBefore } from './simulate/calendar.js';
import { readTypes, shortestUses } from './simulate/clinic.js';
import { makeDemand } from './simulate/demand.js';
import { Diary } from './simulate/diary.js';
import { spread } from './simulate/figures.js';
import { readOptions } from './simulate/options.js';
import { boundsOf, offersOf } from './simulate/policies.js';
import { ROOT } from './support/tidy/tree.js';

// The parts of the simulation; what comes out of it is in docs/scheduling-simulation.md.

const types = readTypes(ROOT);
const calendar = makeCalendar(1);
const ground = { calendar, shortest: shortestUses(types), promises: new Map() };
const demand = makeDemand(types, calendar, 1);
const wishes = [...demand.wishesOf.values()].flat();

describe('the demand', () => {
  it('is the same for the same seed, and another for another', () => {
    const again = makeDemand(types, calendar, 1);
    expect([...again.wishesOf.values()].flat()).toEqual(wishes);
    const [wish] = wishes;
    if (wish === undefined) throw new Error('somebody asks');
    expect(again.fateOf(wish, 0)).toEqual(demand.fateOf(wish, 0));
    expect([...makeDemand(types, calendar, 2).wishesOf.values()].flat()).not.toEqual(wishes);
  });

  it('asks for every kind of visit that the clinic starts with', () => {
    expect(new Set(wishes.map(({ type }) => type.code)).size).toBe(types.length);
    expect(types.map(({ code }) => code)).toContain('BONE_SPECT_CT');
    expect(types.length).toBe(11);
  });
});

describe('the diary', () => {
  it.each(['first-fit', 'ranking'] as const)('has what was given back, after %s', (search) => {
    const diary = new Diary();
    for (const day of calendar.days.slice(0, 60)) if (day.isWorking) diary.open(day);
    const before = diary.resources();
    for (const wish of wishes.slice(0, 20)) {
      const bounds = boundsOf(wish, wish.askedOn, ground);
      if (bounds === null) throw new Error('the day exists');
      const [steps] = offersOf(search, { wish, bounds, diary, limit: 1 }, ground);
      if (steps === undefined) continue;
      expect(steps[0]?.startMs).toBeGreaterThanOrEqual(bounds.fromMs);
      diary.take(wish.type.chain, steps);
      expect(diary.resources()).not.toEqual(before);
      diary.give(wish.type.chain, steps);
      expect(diary.resources()).toEqual(before);
    }
  });
});

describe('the rest', () => {
  it('orders the tracer on the working day before', () => {
    const monday = calendar.days.find(({ number, date }) => number > 0 && date.dayOfWeek === 1);
    expect(calendar.days[workingDayBefore(calendar, monday?.number ?? 0)]?.date.dayOfWeek).toBe(5);
  });

  it('writes the middle of the seeds with their spread', () => {
    expect(spread([3, 1, 2], '')).toBe('2 (1 to 3)');
    expect(spread([1, 1, 1], ' %')).toBe('1 %');
    expect(spread([1, Number.POSITIVE_INFINITY], '')).toBe('1 (1 to never)');
  });

  it.each([['--seed', 'x'], ['--years', '9'], ['--policy', 'best'], ['--other']])(
    'refuses %s %s in words',
    (...args) => {
      expect(readOptions(args)).toContain('npm run simulate');
    },
  );
});
