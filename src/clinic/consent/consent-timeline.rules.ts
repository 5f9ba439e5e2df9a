import { Temporal } from '../../platform/time/index.js';
import { type ConsentPoint, pointsAgreed } from './consent-place.rules.js';
import { type ConsentGround, momentsOf } from './consent-policy.rules.js';
import { type Decision, type Standing, standingAt } from './consent-standing.rules.js';

/** A stretch of time in which nothing changed for one place. */
export interface TimelineSpan<D extends Decision> {
  readonly point: ConsentPoint;
  readonly from: Temporal.Instant;
  /** Null: it stands so at the end of the timeline. */
  readonly until: Temporal.Instant | null;
  readonly standing: Standing<D>;
}

/** Where nothing was ever agreed to, there is one line for everything. */
const ANYWHERE: ConsentPoint = { side: null, level: null };

/**
 * What the decisions on one purpose (of a procedure: on that one) meant from the first one on: by place, then in order of
 * time, without gaps. What ended by itself has a span of its own.
 */
export function timelineOf<D extends Decision>(
  history: readonly D[],
  ground: ConsentGround,
  now: Temporal.Instant,
): readonly TimelineSpan<D>[] {
  const agreed = pointsAgreed(history);
  return (agreed.length === 0 ? [ANYWHERE] : agreed).flatMap((point) => lineOf(history, point, ground, now));
}

function lineOf<D extends Decision>(
  history: readonly D[],
  point: ConsentPoint,
  ground: ConsentGround,
  now: Temporal.Instant,
): readonly TimelineSpan<D>[] {
  const place = { side: point.side, levels: point.level === null ? [] : [point.level] };
  const spans: TimelineSpan<D>[] = [];
  for (const from of turnsOf(history, ground, now)) {
    const standing = standingAt(history, from, ground, place);
    const last = spans.at(-1);
    if (standing.decision === null || (last !== undefined && isSame(last.standing, standing))) continue;
    if (last !== undefined) spans[spans.length - 1] = { ...last, until: from };
    spans.push({ point, from, until: null, standing });
  }
  return spans;
}

/** Every moment at which something may have changed, once each, in order. */
function turnsOf(
  history: readonly Decision[],
  ground: ConsentGround,
  now: Temporal.Instant,
): readonly Temporal.Instant[] {
  const moments = history.flatMap((decision) => [decision.decidedAt, ...momentsOf(decision, ground, now)]);
  const until = moments.filter((moment) => Temporal.Instant.compare(moment, now) <= 0);
  return until
    .sort(Temporal.Instant.compare)
    .filter((moment, index) => index === 0 || !moment.equals(until[index - 1] ?? moment));
}

/** A confirmation changes nothing of where somebody stands. */
function isSame(a: Standing, b: Standing): boolean {
  const whose = ({ yes, decision }: Standing) => yes?.id ?? decision?.id;
  return a.state === b.state && a.reasonCode === b.reasonCode && whose(a) === whose(b);
}
