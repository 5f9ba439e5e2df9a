// PS3.4 §K.5.1.1: timezone query adjustment. Once negotiated, the days and times of a query are those of its own Timezone
// Offset From UTC (0008,0201), and those of the answers too. Without it they are the wall clock's beside the scanner.
import {
  addDays,
  type DataSet,
  type Element,
  formatTime,
  MalformedDataSet,
  mustFindKeyword,
  parseDay,
  parseTime,
  type Range,
} from '../dataset/index.js';

/** The clock that a query speaks of. */
export interface QueryZone {
  /** As written in the query: `+0100`. */
  readonly offset: string;
  readonly offsetMinutes: number;
}

/** Offsets lie between -12:00 and +14:00, so two clocks are never more than this apart. */
const daysApartMax = 2;
const minutesOfDay = 24 * 60;
const microsecondsOfMinute = 60_000_000;

const timezoneOffset = mustFindKeyword('TimezoneOffsetFromUTC');
const stepSequence = mustFindKeyword('ScheduledProcedureStepSequence');
const moments = [
  ['ScheduledProcedureStepStartDate', 'ScheduledProcedureStepStartTime'],
  ['ScheduledProcedureStepEndDate', 'ScheduledProcedureStepEndTime'],
] as const;

/** Null when the query names no offset. Throws {@link MalformedDataSet} for one that cannot be. */
export function toQueryZone(identifier: DataSet): QueryZone | null {
  const offset = identifier.text('TimezoneOffsetFromUTC');
  if (offset === '') return null;
  const offsetMinutes = minutesOf(offset);
  if (offsetMinutes === null) throw new MalformedDataSet('is no offset from UTC', timezoneOffset.tag);
  return { offset, offsetMinutes };
}

/** `+0100` is 60. Null when there is no such offset (PS3.3 §C.12.1.1.8: -1200 to +1400). */
export function minutesOf(offset: string): number | null {
  const match = /^([+-])(\d{2})([0-5]\d)$/.exec(offset);
  if (match === null) return null;
  const minutes = (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1);
  return minutes < -12 * 60 || minutes > 14 * 60 ? null : minutes;
}

/** The item with its days and times on the query's clock. One that does not say its own offset stays as it is. */
export function moved(item: DataSet, zone: QueryZone): DataSet {
  const own = minutesOf(item.text('TimezoneOffsetFromUTC'));
  if (own === null) return item;
  const steps = item
    .items(stepSequence.keyword)
    .map((step) =>
      step.with(moments.flatMap(([date, time]) => later(step, date, time, zone.offsetMinutes - own))),
    );
  return item.with([
    { kind: 'text', tag: timezoneOffset.tag, vr: 'SH', values: [zone.offset] },
    { kind: 'sequence', tag: stepSequence.tag, vr: 'SQ', items: steps },
  ]);
}

/** The days that items of any other clock may be kept under. */
export function widened(range: Range<string> | null): Range<string> | null {
  if (range === null) return null;
  return {
    from: range.from === null ? null : addDays(range.from, -daysApartMax),
    to: range.to === null ? null : addDays(range.to, daysApartMax),
  };
}

function later(step: DataSet, dateKeyword: string, timeKeyword: string, minutes: number): readonly Element[] {
  const [day, time] = [parseDay(step.text(dateKeyword)), parseTime(step.text(timeKeyword))];
  if (day === null || time === null) return [];
  const total = time / microsecondsOfMinute + minutes;
  const days = Math.floor(total / minutesOfDay);
  const rest = (total - days * minutesOfDay) * microsecondsOfMinute;
  return [
    { kind: 'text', tag: mustFindKeyword(dateKeyword).tag, vr: 'DA', values: [addDays(day, days)] },
    { kind: 'text', tag: mustFindKeyword(timeKeyword).tag, vr: 'TM', values: [formatTime(Math.round(rest))] },
  ];
}
