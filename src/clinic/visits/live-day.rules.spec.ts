import { describe, expect, it } from 'vitest';
import {
  concernsDay,
  concernsSite,
  daysOf,
  readToldChange,
  readToldDays,
  type ToldChange,
} from './live-day.rules.js';

const LONDON = 'Europe/London';

function told(parts: Record<string, unknown> = {}): ToldChange {
  const change = readToldChange(
    JSON.stringify({
      visitId: 'v',
      version: 1,
      startsAt: '2026-03-10T09:00:00Z',
      wasStartingAt: null,
      siteCode: 'MAIN',
      ...parts,
    }),
  );
  if (change === null) throw new Error('not read');
  return change;
}

describe('what the database tells', () => {
  it('is read', () => {
    expect(told()).toMatchObject({ visitId: 'v', version: 1, siteCode: 'MAIN', wasSiteCode: null });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"visitId":"v","version":1.5,"startsAt":"2026-03-10T09:00:00Z","siteCode":"MAIN"}',
    '{"visitId":"v","version":1,"startsAt":"yesterday","siteCode":"MAIN"}',
    '{"visitId":"v","version":1,"startsAt":"2026-03-10T09:00:00Z"}',
  ])('is not read as %s', (payload) => {
    expect(readToldChange(payload)).toBeNull();
  });
});

describe('the days of a change', () => {
  it('are the one it is on and the one it was on, each once', () => {
    expect(daysOf(told(), LONDON)).toEqual(['2026-03-10']);
    expect(daysOf(told({ wasStartingAt: '2026-03-10T15:00:00Z' }), LONDON)).toEqual(['2026-03-10']);
    expect(daysOf(told({ wasStartingAt: '2026-03-12T15:00:00Z' }), LONDON)).toEqual([
      '2026-03-10',
      '2026-03-12',
    ]);
  });

  it('are those of the clinic’s calendar', () => {
    const late = told({ startsAt: '2026-07-03T23:30:00Z' });
    expect(daysOf(late, LONDON)).toEqual(['2026-07-04']);
    expect(daysOf(late, 'UTC')).toEqual(['2026-07-03']);
  });
});

describe('whose site it is', () => {
  it('is the one it is at, the one it was at, and everybody’s who looks at all', () => {
    const moved = told({ siteCode: 'NORTH', wasSiteCode: 'MAIN' });
    expect(['NORTH', 'MAIN', 'SOUTH', null].map((site) => concernsSite(moved, site))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

describe('days on which something is opened or closed', () => {
  const days = (parts: object = {}) =>
    readToldDays(JSON.stringify({ firstOn: '2026-03-10', lastOn: '2026-03-12', siteCode: 'MAIN', ...parts }));

  it('are read, and are no change of a visit', () => {
    expect(days()).toEqual({ firstOn: '2026-03-10', lastOn: '2026-03-12', siteCode: 'MAIN' });
    expect(days({ lastOn: null, siteCode: null })).toMatchObject({ lastOn: null, siteCode: null });
    expect(readToldChange(JSON.stringify(days()))).toBeNull();
  });

  it.each([
    '',
    'null',
    '{}',
    '{"firstOn":"today","lastOn":null,"siteCode":null}',
    '{"firstOn":"2026-03-10"}',
  ])('are not read as %s', (payload) => {
    expect(readToldDays(payload)).toBeNull();
  });

  it('concern whoever looks at one of them, at that site or at all', () => {
    const concerned = (told: ReturnType<typeof days>, site: string | null) =>
      ['2026-03-09', '2026-03-10', '2026-03-12', '2026-03-13'].map(
        (date) => told !== null && concernsDay(told, date, site),
      );
    expect(concerned(days(), 'MAIN')).toEqual([false, true, true, false]);
    expect(concerned(days(), 'NORTH')).toEqual([false, false, false, false]);
    expect(concerned(days({ siteCode: null }), 'NORTH')).toEqual([false, true, true, false]);
    expect(concerned(days({ lastOn: null }), null)).toEqual([false, true, true, true]);
  });
});
