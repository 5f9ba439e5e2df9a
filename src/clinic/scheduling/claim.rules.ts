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

/** What of a holder's time changes hands: which rows are given back, and what is written instead. */
export interface Exchange<Row> {
  readonly given: readonly Row[];
  readonly taken: readonly ResourceSpan[];
}

/**
 * From what somebody has to what they want. What is the same from `at` on stays. Of time that is over, only what they
 * had can be kept when its row is cut anew; none is taken, for somebody else may have had it.
 */
export function exchangeOf<Row extends ResourceSpan>(
  held: readonly Row[],
  wanted: readonly ResourceSpan[],
  at: Temporal.Instant,
): Exchange<Row> {
  const given = held.filter((row) => !wanted.some((span) => isSameFrom(row, span, at)));
  const taken = wanted
    .filter((span) => !held.some((row) => isSameFrom(row, span, at)))
    .flatMap((span) => {
      const { resourceId } = span;
      const past = given.filter((row) => row.resourceId === resourceId).map((row) => until(row, at));
      const parts = [...past, { startsAt: at, endsAt: span.endsAt }].map((part) => common(part, span));
      return mergedSpans(parts.filter(isSome)).map((part) => ({ ...part, resourceId }));
    });
  return { given, taken };
}

/** What of the spans is still to come at `at`. */
export function spansFrom(spans: readonly ResourceSpan[], at: Temporal.Instant): readonly ResourceSpan[] {
  return spans
    .filter((span) => Temporal.Instant.compare(span.endsAt, at) > 0)
    .map((span) => (Temporal.Instant.compare(span.startsAt, at) < 0 ? { ...span, startsAt: at } : span));
}

function isSameFrom(row: ResourceSpan, span: ResourceSpan, at: Temporal.Instant): boolean {
  if (row.resourceId !== span.resourceId || !row.endsAt.equals(span.endsAt)) return false;
  if (row.startsAt.equals(span.startsAt)) return true;
  const haveBegun = [row, span].every(({ startsAt }) => Temporal.Instant.compare(startsAt, at) <= 0);
  return haveBegun && Temporal.Instant.compare(span.endsAt, at) > 0;
}

function until({ startsAt, endsAt }: Span, at: Temporal.Instant): Span {
  return { startsAt, endsAt: Temporal.Instant.compare(endsAt, at) < 0 ? endsAt : at };
}

/** Where both are; nothing (see `isSome`) when they do not meet. */
function common(a: Span, b: Span): Span {
  const startsAt = Temporal.Instant.compare(a.startsAt, b.startsAt) < 0 ? b.startsAt : a.startsAt;
  return until({ startsAt, endsAt: a.endsAt }, b.endsAt);
}

function isSome({ startsAt, endsAt }: Span): boolean {
  return Temporal.Instant.compare(startsAt, endsAt) < 0;
}

/** "on Monday 2 March 2026 from 09:00 to 10:00", or from one day to another. */
export function sayWhen({ startsAt, endsAt }: Span, timeZone: string): string {
  const day = formatLocalDate(startsAt, timeZone);
  const [from, until] = [formatLocalTime(startsAt, timeZone), formatLocalTime(endsAt, timeZone)];
  const isOneDay = localDate(startsAt, timeZone).equals(localDate(endsAt, timeZone));
  if (isOneDay) return `on ${day} from ${from} to ${until}`;
  return `from ${day} at ${from} to ${formatLocalDate(endsAt, timeZone)} at ${until}`;
}

/** What every look at the diary for one claim has in common. */
export function circumstances(claim: {
  readonly at: Temporal.Instant;
  readonly visitTypeCode?: string | null;
}) {
  return { asOf: claim.at, visitTypeCode: claim.visitTypeCode ?? null };
}
