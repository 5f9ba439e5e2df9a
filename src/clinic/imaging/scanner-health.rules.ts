import { localDate, type Temporal } from '../../platform/time/index.js';

/** When a scanner was last heard, whatever it said. */
export interface LastHeard {
  readonly echoedAt: Temporal.Instant | null;
  readonly queriedAt: Temporal.Instant | null;
  readonly steppedAt: Temporal.Instant | null;
}

/** A booked acquisition on the scanner's camera. */
export interface BookedScan {
  readonly scanStartsAt: Temporal.Instant;
  readonly scanEndsAt: Temporal.Instant;
}

export interface Silence {
  readonly isSilent: boolean;
  /** When it was last heard; null: never. Null also when it is not silent. */
  readonly since: Temporal.Instant | null;
  /** The working day that went by without a word. */
  readonly workingDay: Temporal.PlainDate | null;
}

const NOT_SILENT: Silence = { isSilent: false, since: null, workingDay: null };

/** The latest of these moments; null when there is none. */
export function lastHeardAt({ echoedAt, queriedAt, steppedAt }: LastHeard): Temporal.Instant | null {
  return [echoedAt, queriedAt, steppedAt].reduce(
    (latest, each) =>
      latest === null || (each !== null && each.epochMilliseconds > latest.epochMilliseconds) ? each : latest,
    null,
  );
}

/**
 * The last day on the scanner's own calendar that had a booking on its camera and whose last scan has ended: by then the
 * scanner must have asked for its patients. Days before the scanner was connected do not count. Null: there is none.
 */
export function lastWorkingDay(
  scans: readonly BookedScan[],
  connectedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): Temporal.PlainDate | null {
  const days = new Map<string, { day: Temporal.PlainDate; firstMs: number; lastMs: number }>();
  for (const { scanStartsAt, scanEndsAt } of scans) {
    const day = localDate(scanStartsAt, timeZone);
    const known = days.get(day.toString());
    days.set(day.toString(), {
      day,
      firstMs: Math.min(known?.firstMs ?? Number.POSITIVE_INFINITY, scanStartsAt.epochMilliseconds),
      lastMs: Math.max(known?.lastMs ?? 0, scanEndsAt.epochMilliseconds),
    });
  }
  const over = [...days.values()]
    .filter(({ lastMs }) => lastMs <= now.epochMilliseconds)
    .filter(({ firstMs }) => connectedAt.epochMilliseconds <= firstMs)
    .sort((a, b) => a.firstMs - b.firstMs);
  return over.at(-1)?.day ?? null;
}

/**
 * A scanner is silent when it was not heard on the last working day, nor since. Days are those of the calendar beside the
 * scanner, so the night on which the clocks change is neither a day too many nor one too few.
 */
export function isSilent(
  heard: LastHeard,
  scans: readonly BookedScan[],
  connectedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): Silence {
  const workingDay = lastWorkingDay(scans, connectedAt, now, timeZone);
  if (workingDay === null) return NOT_SILENT;
  const since = lastHeardAt(heard);
  const isHeard = since !== null && localDate(since, timeZone).toString() >= workingDay.toString();
  return isHeard ? NOT_SILENT : { isSilent: true, since, workingDay };
}

/** What the status of the last answer to a query says (PS3.4 §K.4.1.1.4, §C.4.1.1.4). */
export function wordsOfStatus(status: number | null): string {
  if (status === null) return 'the connection ended before the answer was complete';
  if (status === 0x0000) return 'answered';
  if (status === 0xfe00) return 'the scanner broke it off';
  if (status === 0xa700) return 'more answers than the scanner may be sent: it was told to narrow its query';
  if (status === 0xa900) return 'the query could not be understood';
  if (status >= 0xc000 && status <= 0xcfff) return 'the worklist could not be read';
  return `ended with the DICOM status ${status.toString(16).padStart(4, '0').toUpperCase()}`;
}

/** What became of our own query; null when all is well, or when it cannot be told. */
export function problemOfProbe(
  answers: number,
  expected: { readonly before: number; readonly after: number },
  answersMax: number,
): string | null {
  const [least, most] = [
    Math.min(expected.before, expected.after),
    Math.max(expected.before, expected.after),
  ];
  if (answers >= Math.min(least, answersMax) && answers <= most) return null;
  return `the scanner port answered ${answers} steps for today where ${expected.after} are booked`;
}
