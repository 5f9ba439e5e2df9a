// PS3.4 §K.4.1.1.3 and §K.2.2: the identifier of a query, compiled once and then asked of every candidate. Pure.
import type { KeyFact } from '../association/index.js';
import {
  DataSet,
  type Element,
  isEmptyElement,
  isPrivate,
  MalformedDataSet,
  mustFindKeyword,
  nameTag,
  type Readable,
  type Tag,
  type TextElement,
} from '../dataset/index.js';
import { toFuzzyNameKey } from './fuzzy-names.js';
import {
  asksForAnything,
  isCombined,
  mustNotBeBackwards,
  toDayKey,
  toStartKey,
  toTextKey,
  toTimeKey,
  universalKey,
} from './matching.js';
import { loggableKeys, type WorklistKeys, worklistKeys } from './worklist-keys.js';

/** One key, or two that are judged together (start date and time). */
interface CompiledKey {
  /** The attribute that decides; of start date and time, the time when it is given. */
  readonly tag: Tag;
  /** For the sequence: the keys inside. */
  readonly inner: readonly CompiledKey[];
  /** The path of the first key that the candidate does not match, or null. */
  findMismatch(candidate: Readable): string | null;
}

export interface CompiledIdentifier {
  /** How each key is used, for logs. */
  readonly facts: readonly KeyFact[];
  /** Is there a key with a value that we do not match by? Then answers carry FF01 instead of FF00. */
  readonly hasUnsupportedKey: boolean;
  /** The path of the first key that the candidate does not match (`PatientID`), or null when all do. */
  findMismatch(candidate: Readable): string | null;
  /**
   * Do the keys that all items of one station, modality and day share match? `step` holds those three. Then only the
   * rest is asked of each item.
   */
  matchesShared(step: Readable): boolean;
  /** The keys that are not shared; null when there are none, so that nothing needs to be asked. */
  readonly findOtherMismatch: ((candidate: Readable) => string | null) | null;
}

export interface CompileOptions {
  /** Fuzzy semantic matching of names was negotiated (PS3.4 §C.2.2.2.1.1). */
  readonly fuzzyNames?: boolean;
}

interface Compiled {
  readonly keys: readonly CompiledKey[];
  readonly facts: readonly KeyFact[];
}

const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;
const timezoneOffset = mustFindKeyword('TimezoneOffsetFromUTC').tag;
const startDate = mustFindKeyword('ScheduledProcedureStepStartDate').tag;
const startTime = mustFindKeyword('ScheduledProcedureStepStartTime').tag;
const stepSequence = mustFindKeyword('ScheduledProcedureStepSequence');
const station = mustFindKeyword('ScheduledStationAETitle');
const modality = mustFindKeyword('Modality');

/** Throws {@link MalformedDataSet} when a key cannot be understood; nothing of an identifier is silently ignored. */
export function compileIdentifier(identifier: DataSet, options: CompileOptions = {}): CompiledIdentifier {
  const { keys, facts } = compileLevel(identifier, worklistKeys, '', options);
  const ofStep = keys.find((key) => key.tag === stepSequence.tag)?.inner ?? [];
  const shared = ofStep.filter(isShared);
  const others = keys.flatMap((key) => {
    if (key.tag !== stepSequence.tag) return [key];
    const rest = key.inner.filter((inner) => !isShared(inner));
    return rest.length === 0 ? [] : [sequenceKey(key.tag, stepSequence.keyword, rest)];
  });
  return {
    facts,
    hasUnsupportedKey: facts.some((fact) => fact.matching === 'unsupported'),
    findMismatch: (candidate) => firstMismatch(keys, candidate),
    matchesShared: (step) => firstMismatch(shared, step) === null,
    findOtherMismatch: others.length === 0 ? null : (candidate) => firstMismatch(others, candidate),
  };
}

/** A day without a time is shared by the items of that day; with a time, each has its own. */
function isShared(key: CompiledKey): boolean {
  return key.tag === station.tag || key.tag === modality.tag || key.tag === startDate;
}

/**
 * The identifier as if it had named the station: for a scanner that asks without one and would see the other rooms'
 * items. A station that is named, even by a wildcard, stays.
 */
export function withDefaultStation(identifier: DataSet, stationAETitle: string | undefined): DataSet {
  if (stationAETitle === undefined) return identifier;
  const items = identifier.items(stepSequence.keyword);
  const [item = DataSet.empty, ...more] = items;
  if (more.length > 0 || !isEmptyElement(item.elementAt(station.tag))) return identifier;
  const named = item.with([{ kind: 'text', tag: station.tag, vr: 'AE', values: [stationAETitle] }]);
  return identifier.with([{ kind: 'sequence', tag: stepSequence.tag, vr: 'SQ', items: [named] }]);
}

function compileLevel(
  level: DataSet,
  rules: WorklistKeys,
  prefix: string,
  options: CompileOptions,
): Compiled {
  const keys: CompiledKey[] = [];
  const facts: KeyFact[] = [];
  for (const element of level.elements()) {
    // The character set describes the identifier; the time zone describes its times, which are not converted.
    if (element.tag === specificCharacterSet || element.tag === timezoneOffset) continue;
    const compiled = compileKey(element, rules, prefix, options);
    keys.push(...compiled.keys);
    facts.push(...compiled.facts);
  }
  const start = 'ScheduledProcedureStepStartDate' in rules ? compileStart(level, prefix) : null;
  return { keys: start === null ? keys : [...keys, start], facts };
}

function compileKey(
  element: Element,
  rules: WorklistKeys,
  prefix: string,
  options: CompileOptions,
): Compiled {
  const keyword = nameTag(element.tag);
  const path = `${prefix}${keyword}`;
  const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
  if (element.kind === 'sequence') {
    if (element.items.length > 1)
      throw new MalformedDataSet('has several items where a key may have one', element.tag);
    const [item] = element.items;
    if (item === undefined || item.size === 0) return fact(path, 'universal');
    if (rule?.items === undefined) return fact(path, hasValue(item) ? 'unsupported' : 'universal');
    const inner = compileLevel(item, rule.items, `${path}.`, options);
    return {
      keys: inner.keys.length === 0 ? [] : [sequenceKey(element.tag, path, inner.keys)],
      facts: [...fact(path, 'sequence').facts, ...inner.facts],
    };
  }
  if (isEmptyElement(element) && !(element.kind === 'text' && element.values.length > 0))
    return fact(path, 'universal');
  if (rule === undefined || !rule.isMatched || element.kind === 'binary' || isPrivate(element.tag))
    return fact(path, 'unsupported');
  return compileText(element, path, options);
}

function sequenceKey(tag: Tag, path: string, inner: readonly CompiledKey[]): CompiledKey {
  return { tag, inner, findMismatch: (candidate) => mismatchOfItems(inner, candidate, tag, path) };
}

function compileText(element: TextElement, path: string, options: CompileOptions): Compiled {
  const key = options.fuzzyNames && element.vr === 'PN' ? toFuzzyNameKey(element) : toTextKey(element);
  const values = loggableKeys.has(path) ? element.values : null;
  const facts: readonly KeyFact[] = [{ keyword: path, matching: key.matching, values }];
  // Judged together with its twin by compileStart.
  if (element.tag === startDate || element.tag === startTime) return { keys: [], facts };
  if (key === universalKey) return { keys: [], facts };
  const findMismatch = (candidate: Readable): string | null =>
    key.matches(candidate.textsAt(element.tag)) ? null : path;
  return { keys: [{ tag: element.tag, inner: [], findMismatch }], facts };
}

function compileStart(level: DataSet, prefix: string): CompiledKey | null {
  const dateElement = level.elementAt(startDate);
  const timeElement = level.elementAt(startTime);
  const dates = isTextKey(dateElement) ? toDayKey(dateElement) : null;
  const times = isTextKey(timeElement) ? toTimeKey(timeElement) : null;
  if (dates === null && times === null) return null;
  if (dates !== null) mustNotBeBackwards(dates, startDate);
  // A range of times may end before it begins only when the days put it in order.
  const spansDays =
    dates !== null && times !== null && isCombined(dates, times) && dates.range.from !== dates.range.to;
  if (times !== null && !spansDays) mustNotBeBackwards(times, startTime);
  const matches = toStartKey(dates, times);
  const path = `${prefix}${dates === null ? 'ScheduledProcedureStepStartTime' : 'ScheduledProcedureStepStartDate'}`;
  return {
    tag: times === null ? startDate : startTime,
    inner: [],
    findMismatch: (candidate) =>
      matches(candidate.textsAt(startDate)[0] ?? '', candidate.textsAt(startTime)[0] ?? '') ? null : path,
  };
}

function isTextKey(element: Element | undefined): element is TextElement {
  return element?.kind === 'text' && !asksForAnything(element);
}

/** PS3.4 §C.2.2.2.6: the key's one item must match an item of the candidate, with all its keys. */
function mismatchOfItems(
  keys: readonly CompiledKey[],
  candidate: Readable,
  tag: Tag,
  path: string,
): string | null {
  const items = candidate.itemsAt(tag);
  let first: string | null = path;
  for (const [index, item] of items.entries()) {
    const mismatch = firstMismatch(keys, item);
    if (mismatch === null) return null;
    if (index === 0) first = mismatch;
  }
  return first;
}

function firstMismatch(keys: readonly CompiledKey[], candidate: Readable): string | null {
  for (const key of keys) {
    const mismatch = key.findMismatch(candidate);
    if (mismatch !== null) return mismatch;
  }
  return null;
}

function hasValue(set: DataSet): boolean {
  for (const element of set.elements()) {
    if (element.kind === 'sequence' ? element.items.some(hasValue) : !isEmptyElement(element)) return true;
  }
  return false;
}

function fact(keyword: string, matching: KeyFact['matching']): Compiled {
  return { keys: [], facts: [{ keyword, matching, values: null }] };
}
