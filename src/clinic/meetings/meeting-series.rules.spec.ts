import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { absencesOf, daysOfSeries, memberAbsencesOf, startOfMeeting } from './meeting-series.rules.js';

const day = (text: string) => Temporal.PlainDate.from(text);
const term = (effectiveFrom: string, weekday: number, everyWeeks = 1, startsAtTime = '13:00') => ({
  effectiveFrom: day(effectiveFrom),
  ...{ weekday, everyWeeks, startsAtTime },
});
const heldOn = (...args: Parameters<typeof daysOfSeries>) =>
  daysOfSeries(...args).map(({ heldOn: held }) => held.toString());

describe('the days of a series', () => {
  it('are its weekday, from the first on or after its first day', () => {
    // 2026-11-24 is a Tuesday.
    expect(heldOn([term('2026-11-24', 2)], null, day('2026-11-24'), day('2026-12-08'))).toEqual([
      '2026-11-24',
      '2026-12-01',
      '2026-12-08',
    ]);
    expect(heldOn([term('2026-11-24', 1)], null, day('2026-11-24'), day('2026-12-01'))).toEqual([
      '2026-11-30',
    ]);
  });

  it('keep their beat whatever part of it is asked for', () => {
    const fortnightly = [term('2026-11-24', 2, 2)];
    expect(heldOn(fortnightly, null, day('2026-12-01'), day('2027-01-05'))).toEqual([
      '2026-12-08',
      '2026-12-22',
      '2027-01-05',
    ]);
  });

  it('change with the term, and stop with the series', () => {
    const terms = [term('2026-12-10', 4), term('2026-11-24', 2)];
    expect(heldOn(terms, day('2026-12-24'), day('2026-11-24'), day('2027-01-31'))).toEqual([
      '2026-11-24',
      '2026-12-01',
      '2026-12-08',
      '2026-12-10',
      '2026-12-17',
    ]);
  });
});

describe('a meeting begins at the wall clock’s time', () => {
  it.each([
    ['2027-03-27', '13:00', '2027-03-27T13:00:00Z'],
    ['2027-03-28', '13:00', '2027-03-28T12:00:00Z'],
    ['2027-03-28', '01:30', '2027-03-28T01:30:00Z'],
    ['2027-10-31', '13:00', '2027-10-31T13:00:00Z'],
    ['2027-10-31', '01:30', '2027-10-31T00:30:00Z'],
  ])('%s %s is %s', (on, time, instant) => {
    expect(startOfMeeting(day(on), time, 'Europe/London').toString()).toBe(instant);
  });
});

it('who was missing, how often, and how often without a break', () => {
  const meeting = (week: number, ...disciplines: ('PSYCHOLOGY' | 'NURSING')[]) => ({
    heldAt: Temporal.Instant.from('2026-11-03T13:00:00Z').add({ hours: week * 168 }),
    disciplines,
  });
  const held = [
    meeting(3),
    meeting(0, 'PSYCHOLOGY', 'NURSING'),
    meeting(1, 'NURSING'),
    meeting(2, 'PSYCHOLOGY'),
  ];
  expect(absencesOf(['PSYCHOLOGY', 'NURSING', 'RADIOLOGY'], held)).toEqual([
    { discipline: 'PSYCHOLOGY', heldCount: 4, missedCount: 2, missedInARow: 1 },
    { discipline: 'NURSING', heldCount: 4, missedCount: 2, missedInARow: 2 },
    { discipline: 'RADIOLOGY', heldCount: 4, missedCount: 4, missedInARow: 4 },
  ]);
  expect(absencesOf(['NURSING'], [])).toEqual([
    { discipline: 'NURSING', heldCount: 0, missedCount: 0, missedInARow: 0 },
  ]);
});

describe('members of a series', () => {
  const at = (day: number) => Temporal.Instant.from(`2026-03-0${day}T13:00:00Z`);
  const held = [
    { heldAt: at(3), expected: ['chair'], present: ['chair', 'new'] },
    { heldAt: at(1), expected: ['chair'], present: ['chair', 'gone'] },
    { heldAt: at(2), expected: ['chair'], present: ['gone'] },
    { heldAt: at(4), expected: ['chair'], present: ['chair', 'new'] },
  ];

  it('are counted from the meeting on at which they first were, whoever missed most first', () => {
    expect(memberAbsencesOf(held, at(1))).toEqual([
      { member: 'gone', heldCount: 4, missedCount: 2, missedInARow: 2 },
      { member: 'chair', heldCount: 4, missedCount: 1, missedInARow: 0 },
      { member: 'new', heldCount: 2, missedCount: 0, missedInARow: 0 },
    ]);
  });

  it('are members of what was held before the days that are asked for', () => {
    expect(memberAbsencesOf(held, at(4))).toEqual([
      { member: 'gone', heldCount: 1, missedCount: 1, missedInARow: 1 },
      { member: 'chair', heldCount: 1, missedCount: 0, missedInARow: 0 },
      { member: 'new', heldCount: 1, missedCount: 0, missedInARow: 0 },
    ]);
    expect(memberAbsencesOf(held, at(5))).toEqual([]);
    expect(memberAbsencesOf([], at(1))).toEqual([]);
  });

  it('that never came are missed from the first meeting on at which they had to be', () => {
    const [absent] = memberAbsencesOf([{ heldAt: at(1), expected: ['chair'], present: [] }], at(1));
    expect(absent).toEqual({ member: 'chair', heldCount: 1, missedCount: 1, missedInARow: 1 });
  });
});
