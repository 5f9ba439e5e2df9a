// PS3.4 §C.2.2.2 and §K.2.2: does one value match one key? Pure; knows no attribute but what its VR says.
import {
  type DayText,
  isBackwards,
  isInRange,
  MalformedDataSet,
  parseDay,
  parseRange,
  parseTime,
  type Range,
  type TextElement,
  type TimeOfDay,
} from '../dataset/index.js';
import { foldName, spellingsOf } from './person-names.js';
import { compileWildcard, hasWildcard, isUniversal } from './wildcards.js';

export type Matching = 'universal' | 'single' | 'list' | 'wildcard' | 'range';

export interface TextKey {
  readonly matching: Matching;
  /** Does any of the stored values match? An empty stored value matches only a universal key. */
  matches(stored: readonly string[]): boolean;
}

export interface RangeKey<T> {
  readonly range: Range<T>;
  readonly isSingle: boolean;
}

/** Prepares a key, so that asking it of many candidates costs little. */
type Compile = (key: string) => (stored: string) => boolean;

/** Everything matches, the empty value too. */
export const universalKey: TextKey = { matching: 'universal', matches: () => true };

/**
 * The key that a text element of an identifier stands for. Throws {@link MalformedDataSet} when its value cannot be
 * a key of its VR: a key that cannot be understood must not be ignored.
 */
export function toTextKey(element: TextElement): TextKey {
  const { vr, values } = element;
  if (asksForAnything(element)) return universalKey;
  switch (vr) {
    case 'DA':
      return rangeKey(toDayKey(element), parseDay);
    case 'TM':
      return rangeKey(toTimeKey(element), parseTime);
    case 'UI':
      return listKey(withoutEmpty(values), element, isEqual);
    case 'AE':
    case 'CS':
      // Several values are outside the standard, but hybrid scanners ask for NM\CT: any of them.
      return wildcardKey(withoutEmpty(values), element, compileText);
    case 'PN':
      return wildcardKey([mustBeSingle(element)], element, compilePersonName);
    case 'LO':
    case 'LT':
    case 'SH':
    case 'ST':
    case 'UC':
    case 'UR':
    case 'UT':
      return wildcardKey([mustBeSingle(element)], element, compileText);
    case 'AS':
    case 'DS':
    case 'DT':
    case 'IS':
      return listKey([mustBeSingle(element)], element, isEqual);
  }
}

/** Nothing, or a lone `*`: in days, times and UIDs too, where consoles write it although it is no wild card there. */
export function asksForAnything({ values }: TextElement): boolean {
  return values.length === 0 || (values.length === 1 && values.every(isUniversal));
}

/** Throws {@link MalformedDataSet} for what is no day or range of days; null for a universal key. */
export function toDayKey(element: TextElement): RangeKey<DayText> {
  return toRangeKey(element, parseDay);
}

/** As {@link toDayKey}. A range of times that begins after its end is judged by the caller: see {@link toStartKey}. */
export function toTimeKey(element: TextElement): RangeKey<TimeOfDay> {
  return toRangeKey(element, parseTime);
}

/**
 * PS3.4 Table K.6-1, remark: start date and start time that are both ranges are one range of moments (5–7 July with
 * 10:00–18:00 is 5 July 10:00 to 7 July 18:00). With an open end to the days a time at that end has no day to belong
 * to; then each is matched by itself, which selects less and drops neither.
 */
export function toStartKey(
  dates: RangeKey<DayText> | null,
  times: RangeKey<TimeOfDay> | null,
): (date: string, time: string) => boolean {
  const matchesSeparately = (date: string, time: string): boolean =>
    (dates === null || isInParsed(date, dates, parseDay)) &&
    (times === null || isInParsed(time, times, parseTime));
  if (dates === null || times === null || !isCombined(dates, times)) return matchesSeparately;
  return (date, time) => {
    const [day, moment] = [parseDay(date), parseTime(time)];
    if (day === null || moment === null || !isInRange(day, dates.range)) return false;
    const isTooEarly = day === dates.range.from && times.range.from !== null && moment < times.range.from;
    const isTooLate = day === dates.range.to && times.range.to !== null && moment > times.range.to;
    return !isTooEarly && !isTooLate;
  };
}

export function isCombined(dates: RangeKey<DayText>, times: RangeKey<TimeOfDay>): boolean {
  if (dates.isSingle || times.isSingle) return false;
  const hasHomelessStart = times.range.from !== null && dates.range.from === null;
  const hasHomelessEnd = times.range.to !== null && dates.range.to === null;
  return !hasHomelessStart && !hasHomelessEnd;
}

function toRangeKey<T extends string | number>(
  element: TextElement,
  parse: (text: string) => T | null,
): RangeKey<T> {
  const parsed = parseRange(mustBeSingle(element), parse);
  if (parsed === null) throw new MalformedDataSet(`is no value or range of VR ${element.vr}`, element.tag);
  return { range: { from: parsed.from, to: parsed.to }, isSingle: parsed.single };
}

function rangeKey<T extends string | number>(key: RangeKey<T>, parse: (text: string) => T | null): TextKey {
  return {
    matching: key.isSingle ? 'single' : 'range',
    matches: (stored) => stored.some((value) => isInParsed(value, key, parse)),
  };
}

function isInParsed<T extends string | number>(
  text: string,
  key: RangeKey<T>,
  parse: (text: string) => T | null,
): boolean {
  const value = parse(text);
  return value !== null && isInRange(value, key.range);
}

/** For the caller of {@link toTimeKey}: a range that no value can be in is a mistake of the asker. */
export function mustNotBeBackwards<T extends string | number>(key: RangeKey<T>, tag: number): void {
  if (isBackwards(key.range)) throw new MalformedDataSet('is a range that ends before it begins', tag);
}

function wildcardKey(keys: readonly string[], element: TextElement, compile: Compile): TextKey {
  if (keys.length === 1 && keys.every(isUniversal)) return universalKey;
  const list = listKey(keys, element, compile);
  return keys.some(hasWildcard) ? { ...list, matching: 'wildcard' } : list;
}

function listKey(keys: readonly string[], element: TextElement, compile: Compile): TextKey {
  // Only separators and no value: taking it for an empty key would select everything.
  if (keys.length === 0) throw new MalformedDataSet('has separators but no value', element.tag);
  const tests = keys.map(compile);
  return {
    matching: keys.length === 1 ? 'single' : 'list',
    matches: (stored) => stored.some((value) => value !== '' && tests.some((test) => test(value))),
  };
}

function withoutEmpty(values: readonly string[]): readonly string[] {
  return values.filter((value) => value !== '');
}

function mustBeSingle(element: TextElement): string {
  const [value, ...more] = element.values;
  if (value === undefined || value === '' || more.length > 0) {
    throw new MalformedDataSet('has several values where a key may have one', element.tag);
  }
  return value;
}

function isEqual(key: string): (stored: string) => boolean {
  return (stored) => stored === key;
}

/** Case counts (PS3.4 §C.2.2.2.1), accents count. */
function compileText(key: string): (stored: string) => boolean {
  const test = compileWildcard(key.normalize('NFC'));
  return (stored) => test(stored.normalize('NFC'));
}

/**
 * Case does not count in names. Trailing empty components mean nothing, so `DOE^JANE^*` finds `DOE^JANE`. A key
 * without `=` is tried on each component group.
 */
function compilePersonName(key: string): (stored: string) => boolean {
  const wanted = foldName(key);
  const test = compileWildcard(wanted);
  return (stored) => {
    return spellingsOf(foldName(stored), wanted.includes('=')).some(test);
  };
}
