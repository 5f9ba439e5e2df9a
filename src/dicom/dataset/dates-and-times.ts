// PS3.5 Table 6.2-1 (DA, TM) and PS3.4 §C.2.2.2.5 (range matching): dates and times compared by meaning.

/** Days as YYYYMMDD, so that comparing the texts compares the days. */
export type DayText = string;
/** Microseconds since midnight. */
export type TimeOfDay = number;

/** Both ends included; null is open. */
export interface Range<T> {
  readonly from: T | null;
  readonly to: T | null;
}

const dayPattern = /^(\d{4})(\.?)(\d{2})\2(\d{2})$/;
const timePattern = /^(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?$/;
/** ACR-NEMA 2.0 wrote 10:30:00; PS3.5 asks readers to go on accepting it. */
const oldTimePattern = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The day as YYYYMMDD, or null when there is no such day. */
export function parseDay(text: string): DayText | null {
  const match = dayPattern.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
  // The calendar has no year 0.
  if (year < 1 || day < 1 || day > daysIn(year, month)) return null;
  return `${match[1]}${match[3]}${match[4]}`;
}

/** `2230` and `223000` are the same moment of the day; null when there is no such time. */
export function parseTime(text: string): TimeOfDay | null {
  const match = timePattern.exec(text) ?? oldTimePattern.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  // 60 is a leap second (PS3.5 Table 6.2-1).
  if (hours > 23 || minutes > 59 || seconds > 60) return null;
  const microseconds = Number((match[4] ?? '').padEnd(6, '0'));
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + microseconds;
}

/** `a`, `a-b`, `a-` or `-b`; null when an end is not a value or both are missing. */
export function parseRange<T>(
  text: string,
  parse: (text: string) => T | null,
): (Range<T> & { single: boolean }) | null {
  const hyphen = text.indexOf('-');
  if (hyphen < 0) {
    const value = parse(text.trim());
    return value === null ? null : { from: value, to: value, single: true };
  }
  const [left, right] = [text.slice(0, hyphen).trim(), text.slice(hyphen + 1).trim()];
  if (left === '' && right === '') return null;
  const from = left === '' ? null : parse(left);
  const to = right === '' ? null : parse(right);
  if ((left !== '' && from === null) || (right !== '' && to === null)) return null;
  return { from, to, single: false };
}

export function isInRange<T extends string | number>(value: T, range: Range<T>): boolean {
  return (range.from === null || value >= range.from) && (range.to === null || value <= range.to);
}

export function isBackwards<T extends string | number>(range: Range<T>): boolean {
  return range.from !== null && range.to !== null && range.from > range.to;
}

/** Days of a month; none when there is no such month. */
function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (daysOfMonth[month - 1] ?? 0);
}

/** The day so many days later (or earlier, when negative); for a few days, one step each. */
export function addDays(day: DayText, count: number): DayText {
  let [year, month, date] = [Number(day.slice(0, 4)), Number(day.slice(4, 6)), Number(day.slice(6, 8))];
  for (let left = Math.abs(count); left > 0; left -= 1) {
    date += Math.sign(count);
    if (date < 1) {
      [year, month] = month === 1 ? [year - 1, 12] : [year, month - 1];
      date = daysIn(year, month);
    } else if (date > daysIn(year, month)) {
      [year, month, date] = month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
    }
  }
  return `${pad(year, 4)}${pad(month, 2)}${pad(date, 2)}`;
}

/** Hours, minutes and seconds of a TM value written in full. */
export function formatTime(time: TimeOfDay): string {
  const seconds = Math.floor(time / 1_000_000);
  return `${pad(Math.floor(seconds / 3600), 2)}${pad(Math.floor(seconds / 60) % 60, 2)}${pad(seconds % 60, 2)}`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
