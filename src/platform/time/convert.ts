import { Temporal } from 'temporal-polyfill';

/** A JavaScript Date (as Prisma gives a `timestamptz`) as an instant. */
export function instantFromDate(date: Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(date.getTime());
}

/** An instant as a JavaScript Date (as Prisma takes a `timestamptz`); parts of a millisecond are cut off. */
export function dateFromInstant(instant: Temporal.Instant): Date {
  return new Date(instant.epochMilliseconds);
}

/** A `date` column: Prisma gives it as midnight UTC of that day, whatever the clinic's time zone is. */
export function plainDateFromDate(date: Date): Temporal.PlainDate {
  return instantFromDate(date).toZonedDateTimeISO('UTC').toPlainDate();
}

/** A local date as Prisma takes a `date` column: midnight UTC of that day. */
export function dateFromPlainDate(date: Temporal.PlainDate): Date {
  return dateFromInstant(date.toZonedDateTime('UTC').toInstant());
}

/** An instant as the database driver writes it (2026-03-29T00:59:59.123+00:00, or a day alone: midnight UTC). */
export function dateFromText(text: string): Date {
  return new Date(text);
}
