import type { ResourceKind } from '../../platform/database/generated/enums.js';
import { formatLocalDate, formatLocalTime, instantFromDate, Temporal } from '../../platform/time/index.js';

/** A stretch of time, half-open: it holds its start and not its end, so that visits may touch. */
export interface Span {
  readonly startsAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
}

/** A stretch of time of one resource: asked for, or taken. */
export interface ResourceSpan extends Span {
  readonly resourceId: string;
}

/** A stretch in which a resource is open and, unless said otherwise, nobody has it. */
export interface FreeSpan extends ResourceSpan {
  readonly kind: ResourceKind;
  readonly resourceName: string;
}

/** A row of claims as a span. */
export function toResourceSpan(row: {
  readonly resourceId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}): ResourceSpan {
  return {
    resourceId: row.resourceId,
    startsAt: instantFromDate(row.startsAt),
    endsAt: instantFromDate(row.endsAt),
  };
}

const MINUTE_MS = 60_000;
export function spanMinutes(span: Span): number {
  return (span.endsAt.epochMilliseconds - span.startsAt.epochMilliseconds) / MINUTE_MS;
}

/** Does `outer` hold the whole of `inner`? */
export function covers(outer: Span, inner: Span): boolean {
  return (
    Temporal.Instant.compare(outer.startsAt, inner.startsAt) <= 0 &&
    Temporal.Instant.compare(inner.endsAt, outer.endsAt) <= 0
  );
}

/** The fixed order in which claims are written, so that two visits never wait for each other. */
export function inClaimOrder(a: ResourceSpan, b: ResourceSpan): number {
  if (a.resourceId !== b.resourceId) return a.resourceId < b.resourceId ? -1 : 1;
  return Temporal.Instant.compare(a.startsAt, b.startsAt);
}

/** The spans that no single free span of their resource holds whole, in the order they were given. */
export function spansOutside<T extends ResourceSpan>(
  spans: readonly T[],
  free: readonly FreeSpan[],
): readonly T[] {
  const byResource = new Map<string, FreeSpan[]>();
  for (const span of free) {
    const known = byResource.get(span.resourceId);
    if (known) known.push(span);
    else byResource.set(span.resourceId, [span]);
  }
  return spans.filter((span) => !byResource.get(span.resourceId)?.some((outer) => covers(outer, span)));
}

/** When the resource can be had instead: the first start at or after the wanted one with as much room. */
export function firstFit(wanted: ResourceSpan, free: readonly FreeSpan[]): Temporal.Instant | null {
  const starts = free
    .filter((span) => span.resourceId === wanted.resourceId)
    .map((span) => ({ startsAt: later(span.startsAt, wanted.startsAt), endsAt: span.endsAt }))
    .filter((span) => spanMinutes(span) >= spanMinutes(wanted))
    .map((span) => span.startsAt)
    .sort(Temporal.Instant.compare);
  return starts[0] ?? null;
}

/** "from 08:00 to 12:00 and from 13:00 to 18:00": the open hours of a day, for a person. */
export function sayHours(open: readonly Span[], timeZone: string): string {
  return open
    .map(
      (span) =>
        `from ${formatLocalTime(span.startsAt, timeZone)} to ${formatLocalTime(span.endsAt, timeZone)}`,
    )
    .join(' and ');
}

/** "Camera 1 is open on Monday 2 March 2026 from 08:00 to 12:00." */
export function sayOpenHours(
  resourceName: string,
  at: Temporal.Instant,
  open: readonly Span[],
  timeZone: string,
): string {
  const day = formatLocalDate(at, timeZone);
  if (open.length === 0) return `${resourceName} is closed on ${day}.`;
  return `${resourceName} is open on ${day} ${sayHours(open, timeZone)}.`;
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}
