import { type CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { Temporal } from '../time/index.js';

/** Marker classes: `@Field(() => Instant)` and `@Field(() => LocalDate)` name the scalars below. */
export abstract class Instant {}
export abstract class LocalDate {}

// Years outside this range are typing mistakes in a clinic, and DICOM's DA has four digits for the year.
const YEAR_MIN = 1850;
const YEAR_MAX = 2200;

const INSTANT_EXPECTED =
  'an instant in ISO 8601 with its offset, such as 2026-12-03T09:30:00Z or 2026-07-03T09:30:00+01:00';
const LOCAL_DATE_EXPECTED = 'a calendar date as YYYY-MM-DD, such as 2026-12-03';

function refuse(expected: string): GraphQLError {
  return new GraphQLError(`Expected ${expected}.`, { extensions: { code: 'BAD_INPUT' } });
}

function stringOf(value: unknown, expected: string): string {
  if (typeof value !== 'string') throw refuse(expected);
  return value;
}

function literalOf(node: ValueNode, expected: string): string {
  if (node.kind !== Kind.STRING) throw refuse(expected);
  return node.value;
}

function parseInstant(text: string): Temporal.Instant {
  try {
    const instant = Temporal.Instant.from(text);
    const year = instant.toZonedDateTimeISO('UTC').year;
    if (year < YEAR_MIN || year > YEAR_MAX) throw refuse(INSTANT_EXPECTED);
    // The database keeps milliseconds: a finer instant would not come back as it was sent.
    return instant.round({ smallestUnit: 'millisecond', roundingMode: 'trunc' });
  } catch {
    throw refuse(INSTANT_EXPECTED);
  }
}

function parseLocalDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw refuse(LOCAL_DATE_EXPECTED);
  try {
    const date = Temporal.PlainDate.from(text, { overflow: 'reject' });
    if (date.year < YEAR_MIN || date.year > YEAR_MAX) throw refuse(LOCAL_DATE_EXPECTED);
    return date.toString();
  } catch {
    throw refuse(LOCAL_DATE_EXPECTED);
  }
}

@Scalar('Instant', () => Instant)
export class InstantScalar implements CustomScalar<string, Temporal.Instant> {
  description =
    'A point in time, ISO 8601 with an offset; answered in UTC (`2026-12-03T09:30:00Z`). Milliseconds at the finest.';

  parseValue(value: unknown): Temporal.Instant {
    return parseInstant(stringOf(value, INSTANT_EXPECTED));
  }

  parseLiteral(node: ValueNode): Temporal.Instant {
    return parseInstant(literalOf(node, INSTANT_EXPECTED));
  }

  serialize(value: unknown): string {
    if (value instanceof Temporal.Instant) return value.toString();
    throw new TypeError('an Instant field must hold a Temporal.Instant');
  }
}

@Scalar('LocalDate', () => LocalDate)
export class LocalDateScalar implements CustomScalar<string, string> {
  description = "A calendar date in the clinic's own time zone, YYYY-MM-DD. Never a time.";

  parseValue(value: unknown): string {
    return parseLocalDate(stringOf(value, LOCAL_DATE_EXPECTED));
  }

  parseLiteral(node: ValueNode): string {
    return parseLocalDate(literalOf(node, LOCAL_DATE_EXPECTED));
  }

  serialize(value: unknown): string {
    if (typeof value === 'string') return value;
    throw new TypeError('a LocalDate field must hold a YYYY-MM-DD string');
  }
}
