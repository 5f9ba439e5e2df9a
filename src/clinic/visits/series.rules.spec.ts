import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { faultOfPattern, faultOfStarts } from './series.rules.js';
import { crewsToKeep, diaryOf } from './series-crew.rules.js';

const ZONE = 'Europe/London';
const starts = (...texts: readonly string[]) => texts.map((text) => Temporal.Instant.from(text));

describe('the length of a series', () => {
  it.each([
    [2, 1],
    [52, 7],
    [5, 91],
  ])('%i visits %i days apart are one', (count, everyDays) => {
    expect(faultOfPattern(count, everyDays)).toBeNull();
  });

  it.each([
    [52, 8],
    [6, 91],
  ])('%i visits %i days apart are too long, which is said in days', (count, everyDays) => {
    expect(faultOfPattern(count, everyDays)).toContain(`${(count - 1) * everyDays} days`);
  });
});

describe('the starts of a series', () => {
  it('are in order of time', () => {
    const [first, second] = ['2026-03-04T09:00:00Z', '2026-03-11T09:00:00Z'];
    expect(faultOfStarts(starts(first, second), ZONE)).toBeNull();
    expect(faultOfStarts(starts(second, first), ZONE)).toContain('visit 2 must start after visit 1');
    expect(faultOfStarts(starts(first, second, second), ZONE)).toContain('visit 3');
    expect(faultOfStarts([], ZONE)).not.toBeNull();
  });

  it('lie within a year and a fortnight less a day, counted on the calendar', () => {
    expect(faultOfStarts(starts('2026-03-04T09:00:00Z', '2027-03-10T09:00:00Z'), ZONE)).toBeNull();
    expect(faultOfStarts(starts('2026-03-04T09:00:00Z', '2027-03-11T09:00:00Z'), ZONE)).toContain('372 days');
  });
});

describe('the people who could be kept', () => {
  const need = (kind: 'NURSE' | 'PAIN_CONSULTANT' | 'PROCEDURE_ROOM', role: string) => ({ kind, role });
  const person = (id: string, kind: 'NURSE' | 'PAIN_CONSULTANT' | 'PROCEDURE_ROOM', hours: number) => ({
    id,
    kind,
    starts: Float64Array.of(0),
    ends: Float64Array.of(hours),
  });
  const diary = [
    person('n1', 'NURSE', 1),
    person('n2', 'NURSE', 2),
    person('c1', 'PAIN_CONSULTANT', 1),
    person('r1', 'PROCEDURE_ROOM', 9),
  ];

  it('are one of each kind of person, those with the most free time first, and no rooms', () => {
    const chain = {
      steps: [
        { needs: [need('NURSE', 'nurse'), need('PROCEDURE_ROOM', 'room')] },
        { needs: [need('NURSE', 'nurse'), need('PAIN_CONSULTANT', 'operator')] },
      ],
    };
    const crews = crewsToKeep(chain, diary);
    expect(crews.map((crew) => [...crew.values()])).toEqual([
      ['n2', 'c1'],
      ['n1', 'c1'],
    ]);
    expect(diaryOf(diary, crews[0] ?? new Map()).map(({ id }) => id)).toEqual(['n2', 'c1', 'r1']);
  });

  it('are nobody of a kind that is needed in two roles, and nobody where only things are needed', () => {
    const two = { steps: [{ needs: [need('NURSE', 'nurse'), need('NURSE', 'second nurse')] }] };
    expect(crewsToKeep(two, diary)).toEqual([]);
    expect(crewsToKeep({ steps: [{ needs: [need('PROCEDURE_ROOM', 'room')] }] }, diary)).toEqual([]);
  });

  it('are not tried by the hundred', () => {
    const many = Array.from({ length: 100 }, (_, i) => person(`n${i}`, 'NURSE', i));
    const crews = crewsToKeep({ steps: [{ needs: [need('NURSE', 'nurse')] }] }, many);
    expect(crews.length).toBeLessThanOrEqual(12);
    expect([...(crews[0] ?? new Map()).values()]).toEqual(['n99']);
  });
});
