import { formatLocalDate, formatLocalTime, localDate, Temporal } from '../../platform/time/index.js';
import { CHAIN_STEPS_MAX, STEP_NEEDS_MAX } from './chain.rules.js';
import type { ResourceSpan, Span } from './free-span.rules.js';

/** Every need of the largest chain that can be searched for. */
const CLAIMED_SPANS_MAX = CHAIN_STEPS_MAX * STEP_NEEDS_MAX;

/** What is wrong with a claim, in a sentence; null when it can be written. */
export function faultOfClaim(
  spans: readonly ResourceSpan[],
  at: Temporal.Instant,
  expiresAt: Temporal.Instant | null,
): string | null {
  if (spans.length === 0 || spans.length > CLAIMED_SPANS_MAX) {
    return `a claim is of 1 to ${CLAIMED_SPANS_MAX} spans, not ${spans.length}`;
  }
  if (spans.some((span) => Temporal.Instant.compare(span.startsAt, span.endsAt) >= 0)) {
    return 'a claimed span must end after it starts';
  }
  if (expiresAt !== null && Temporal.Instant.compare(expiresAt, at) <= 0) {
    return 'a hold must end after it begins';
  }
  return null;
}

/** From the first start to the last end. */
export function wholeOf(spans: readonly Span[]): Span {
  const starts = spans.map((span) => span.startsAt).sort(Temporal.Instant.compare);
  const ends = spans.map((span) => span.endsAt).sort(Temporal.Instant.compare);
  const startsAt = starts[0];
  const endsAt = ends.at(-1);
  if (startsAt === undefined || endsAt === undefined) throw new RangeError('nothing to claim');
  return { startsAt, endsAt };
}

/** In order of time; what overlaps or touches is one: one stay is not two places. */
export function mergedSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => Temporal.Instant.compare(a.startsAt, b.startsAt))) {
    const last = merged.at(-1);
    if (last === undefined || Temporal.Instant.compare(last.endsAt, span.startsAt) < 0) {
      merged.push({ startsAt: span.startsAt, endsAt: span.endsAt });
    } else if (Temporal.Instant.compare(last.endsAt, span.endsAt) < 0) {
      merged[merged.length - 1] = { startsAt: last.startsAt, endsAt: span.endsAt };
    }
  }
  return merged;
}

/** "on Monday 2 March 2026 from 09:00 to 10:00", or from one day to another. */
export function sayWhen({ startsAt, endsAt }: Span, timeZone: string): string {
  const day = formatLocalDate(startsAt, timeZone);
  const [from, until] = [formatLocalTime(startsAt, timeZone), formatLocalTime(endsAt, timeZone)];
  const isOneDay = localDate(startsAt, timeZone).equals(localDate(endsAt, timeZone));
  if (isOneDay) return `on ${day} from ${from} to ${until}`;
  return `from ${day} at ${from} to ${formatLocalDate(endsAt, timeZone)} at ${until}`;
}
