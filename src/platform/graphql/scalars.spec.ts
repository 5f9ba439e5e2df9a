import { Kind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../time/index.js';
import { decodeCursor, encodeCursor } from './page.type.js';
import { InstantScalar, LocalDateScalar } from './scalars.js';

const instant = new InstantScalar();
const localDate = new LocalDateScalar();

describe('Instant', () => {
  it('takes any offset and answers in UTC', () => {
    const parsed = instant.parseValue('2026-07-03T09:30:00+01:00');
    expect(instant.serialize(parsed)).toBe('2026-07-03T08:30:00Z');
    expect(instant.parseLiteral({ kind: Kind.STRING, value: '2026-07-03T08:30:00Z' })).toEqual(parsed);
  });

  it('keeps no more than the database does', () => {
    expect(instant.serialize(instant.parseValue('2026-07-03T08:30:00.1239Z'))).toBe(
      '2026-07-03T08:30:00.123Z',
    );
  });

  it.each([
    '2026-07-03',
    '2026-07-03T09:30:00',
    'tomorrow',
    '',
    '2026-02-30T00:00:00Z',
    '9999-01-01T00:00:00Z',
    7,
    null,
  ])('refuses %j and says what it wants', (value) => {
    expect(() => instant.parseValue(value)).toThrow(/Expected an instant in ISO 8601 with its offset/);
  });

  it('never lets a Date out by mistake', () => {
    expect(() => instant.serialize('2026-07-03')).toThrow(TypeError);
    expect(instant.serialize(Temporal.Instant.fromEpochMilliseconds(0))).toBe('1970-01-01T00:00:00Z');
  });
});

describe('LocalDate', () => {
  it.each(['1980-02-29', '2026-03-29'])('takes %s', (day) => {
    expect(localDate.parseValue(day)).toBe(day);
  });

  it.each(['1981-02-29', '29/03/2026', '2026-3-29', '2026-03-29T00:00:00Z', '0001-01-01', 20260329])(
    'refuses %j',
    (value) => {
      expect(() => localDate.parseValue(value)).toThrow(/Expected a calendar date/);
    },
  );
});

describe('a cursor', () => {
  it('comes back as it went out', () => {
    const keys = ['2026-03-29', '2026-03-29T12:00:00Z', '01a20566-ba74-741d-a604-2ad8226c715f'] as const;
    expect(decodeCursor(encodeCursor(...keys), ['day', 'instant', 'uuid'])).toEqual(keys);
  });

  it.each([
    '',
    'x',
    Buffer.from('{"a":1}').toString('base64url'),
    encodeCursor('one'),
    Buffer.from('[1,2]').toString('base64url'),
  ])('is refused when it is not one of ours: %s', (cursor) => {
    expect(() => decodeCursor(cursor, ['day', 'uuid'])).toThrow(/nextCursor/);
  });
});
