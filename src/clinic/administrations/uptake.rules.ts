import { formatLocalTime, Temporal } from '../../platform/time/index.js';
import { UptakeState } from './uptake.refusals.js';

const MINUTE_MS = 60_000;

/** How long the tracer is left to settle before the delayed images begin. Both bounds belong to the window. */
export interface UptakeWindow {
  readonly minutesMin: number;
  readonly minutesTarget: number;
  readonly minutesMax: number;
}

/** When a scan may begin, counted from the moment of injection. Instants, so that a change of the clocks changes nothing. */
export interface ScanStarts {
  readonly earliestAt: Temporal.Instant;
  readonly targetAt: Temporal.Instant;
  readonly latestAt: Temporal.Instant;
}

export function scanStarts(injectedAt: Temporal.Instant, window: UptakeWindow): ScanStarts {
  return {
    earliestAt: injectedAt.add({ minutes: window.minutesMin }),
    targetAt: injectedAt.add({ minutes: window.minutesTarget }),
    latestAt: injectedAt.add({ minutes: window.minutesMax }),
  };
}

export function isWithin({ earliestAt, latestAt }: ScanStarts, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(earliestAt, at) <= 0 && Temporal.Instant.compare(at, latestAt) <= 0;
}

/** Whole minutes from one instant to a later one; 0 when it is not later. */
export function minutesSince(from: Temporal.Instant, until: Temporal.Instant): number {
  return Math.max(0, Math.floor((until.epochMilliseconds - from.epochMilliseconds) / MINUTE_MS));
}

/** What the clock of one patient shows. */
export interface UptakeFacts {
  readonly injectedAt: Temporal.Instant;
  readonly window: UptakeWindow;
  /** When the delayed images began; null: they have not. */
  readonly scanStartedAt: Temporal.Instant | null;
}

/** Where the clock stands. The last moment of the window still belongs to it; after it the window has passed. */
export function uptakeState(facts: UptakeFacts, closingMinutes: number, now: Temporal.Instant): UptakeState {
  if (facts.scanStartedAt !== null) return UptakeState.SCAN_BEGUN;
  const { earliestAt, latestAt } = scanStarts(facts.injectedAt, facts.window);
  if (Temporal.Instant.compare(now, earliestAt) < 0) return UptakeState.TOO_SOON;
  if (Temporal.Instant.compare(now, latestAt) > 0) return UptakeState.PASSED;
  const closesAt = latestAt.subtract({ minutes: closingMinutes });
  return Temporal.Instant.compare(now, closesAt) >= 0 ? UptakeState.CLOSING : UptakeState.READY;
}

/** What somebody at the camera is told of a moment at which a scan would begin; null: it is inside of the window. */
export function outsideUptake(
  injectedAt: Temporal.Instant,
  window: UptakeWindow,
  at: Temporal.Instant,
  timeZone: string,
): { readonly isTooSoon: boolean; readonly sentence: string } | null {
  const starts = scanStarts(injectedAt, window);
  if (isWithin(starts, at)) return null;
  const [earliest, latest] = [starts.earliestAt, starts.latestAt].map((one) =>
    formatLocalTime(one, timeZone),
  );
  const isTooSoon = Temporal.Instant.compare(at, starts.earliestAt) < 0;
  return {
    isTooSoon,
    sentence: isTooSoon
      ? `It is too soon after the injection: the scan may begin from ${earliest} to ${latest}. Wait until ${earliest}.`
      : `The uptake window passed at ${latest}: ask the practitioner whether the scan is still of use, and say why it begins after that.`,
  };
}
