import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { isSilent, type LastHeard, problemOfProbe, wordsOfStatus } from './scanner-health.rules.js';

const LONDON = 'Europe/London';
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const LONG_AGO = at('2020-01-01T00:00:00Z');

const heard = (parts: Partial<LastHeard> = {}): LastHeard => ({
  echoedAt: null,
  queriedAt: null,
  steppedAt: null,
  ...parts,
});

const scan = (start: string, end: string) => ({ scanStartsAt: at(start), scanEndsAt: at(end) });

const MONDAY = [
  scan('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z'),
  scan('2026-03-02T15:00:00Z', '2026-03-02T16:00:00Z'),
];

describe('a scanner', () => {
  it.each<[string, LastHeard, string, boolean]>([
    ['is not silent while its day goes on', heard(), '2026-03-02T15:59:00Z', false],
    ['is silent once the last scan of the day is over', heard(), '2026-03-02T16:00:00Z', true],
    ['is silent on the next days too', heard(), '2026-03-07T09:00:00Z', true],
    [
      'is not silent when it asked that morning',
      heard({ queriedAt: at('2026-03-02T08:00:00Z') }),
      '2026-03-02T17:00:00Z',
      false,
    ],
    [
      'is not silent when it asked since',
      heard({ echoedAt: at('2026-03-03T08:00:00Z') }),
      '2026-03-03T09:00:00Z',
      false,
    ],
    [
      'is heard by its steps',
      heard({ steppedAt: at('2026-03-02T10:10:00Z') }),
      '2026-03-02T17:00:00Z',
      false,
    ],
    [
      'is silent when it was heard the day before only',
      heard({ queriedAt: at('2026-03-01T23:59:59Z'), echoedAt: at('2026-02-01T10:00:00Z') }),
      '2026-03-02T17:00:00Z',
      true,
    ],
  ])('%s', (_, contact, now, silent) => {
    expect(isSilent(contact, MONDAY, LONG_AGO, at(now), LONDON).isSilent).toBe(silent);
  });

  it('says since when, and which day went by', () => {
    const contact = heard({ queriedAt: at('2026-02-27T10:00:00Z'), echoedAt: at('2026-02-20T10:00:00Z') });
    const silence = isSilent(contact, MONDAY, LONG_AGO, at('2026-03-02T17:00:00Z'), LONDON);
    expect(silence.since?.toString()).toBe('2026-02-27T10:00:00Z');
    expect(silence.workingDay?.toString()).toBe('2026-03-02');
    expect(isSilent(heard(), MONDAY, LONG_AGO, at('2026-03-02T17:00:00Z'), LONDON).since).toBeNull();
  });

  it('is not blamed for days without bookings, nor for days before it was connected', () => {
    expect(isSilent(heard(), [], LONG_AGO, at('2026-03-02T17:00:00Z'), LONDON).isSilent).toBe(false);
    const connected = at('2026-03-02T12:00:00Z');
    expect(isSilent(heard(), MONDAY, connected, at('2026-03-03T09:00:00Z'), LONDON).isSilent).toBe(false);
  });

  it('is judged by yesterday while today goes on', () => {
    const tuesday = [...MONDAY, scan('2026-03-03T10:00:00Z', '2026-03-03T11:00:00Z')];
    const now = at('2026-03-03T09:00:00Z');
    expect(isSilent(heard(), tuesday, LONG_AGO, now, LONDON).workingDay?.toString()).toBe('2026-03-02');
    const onMonday = heard({ queriedAt: at('2026-03-02T09:00:00Z') });
    expect(isSilent(onMonday, tuesday, LONG_AGO, now, LONDON).isSilent).toBe(false);
    expect(isSilent(onMonday, tuesday, LONG_AGO, at('2026-03-03T11:00:00Z'), LONDON).isSilent).toBe(true);
  });

  it.each([
    ['spring', '2026-03-29T22:30:00Z', '2026-03-29', '2026-03-28T23:59:00Z', '2026-03-29T00:01:00Z'],
    ['autumn', '2026-10-25T23:30:00Z', '2026-10-25', '2026-10-24T22:59:00Z', '2026-10-24T23:01:00Z'],
  ])('keeps to the calendar beside it when the clocks change in %s', (_, start, day, before, since) => {
    const late = [scan(start, at(start).add({ minutes: 20 }).toString())];
    const now = at(start).add({ hours: 10 });
    const silence = isSilent(heard({ queriedAt: at(before) }), late, LONG_AGO, now, LONDON);
    expect([silence.isSilent, silence.workingDay?.toString()]).toEqual([true, day]);
    expect(isSilent(heard({ queriedAt: at(since) }), late, LONG_AGO, now, LONDON).isSilent).toBe(false);
  });

  it('has a calendar of its own', () => {
    const late = [scan('2026-03-02T14:30:00Z', '2026-03-02T14:50:00Z')];
    const contact = heard({ queriedAt: at('2026-03-02T14:00:00Z') });
    const now = at('2026-03-03T00:00:00Z');
    expect(isSilent(contact, late, LONG_AGO, now, LONDON).isSilent).toBe(false);
    // In Tokyo 14:00 UTC is still Monday and 14:30 is 23:30 of the same day; half an hour on it is Tuesday.
    expect(isSilent(contact, late, LONG_AGO, now, 'Asia/Tokyo').workingDay).toBeNull();
    const tuesday = [scan('2026-03-02T15:30:00Z', '2026-03-02T15:50:00Z')];
    expect(isSilent(contact, tuesday, LONG_AGO, now, 'Asia/Tokyo')).toMatchObject({ isSilent: true });
  });
});

describe('words', () => {
  it.each([
    [null, /connection ended/],
    [0x0000, /^answered$/],
    [0xfe00, /broke it off/],
    [0xa700, /narrow/],
    [0xa900, /understood/],
    [0xc000, /could not be read/],
    [0x0122, /0122/],
  ])('for the status %s', (status, words) => {
    expect(wordsOfStatus(status)).toMatch(words);
  });

  it('for our own query, which may meet a change half-way', () => {
    expect(problemOfProbe(3, { before: 3, after: 3 }, 500)).toBeNull();
    expect(problemOfProbe(3, { before: 3, after: 4 }, 500)).toBeNull();
    expect(problemOfProbe(2, { before: 3, after: 4 }, 500)).toMatch(/answered 2 .* 4 are booked/);
    expect(problemOfProbe(4, { before: 3, after: 3 }, 500)).toMatch(/answered 4/);
    expect(problemOfProbe(2, { before: 3, after: 3 }, 2)).toBeNull();
  });
});
