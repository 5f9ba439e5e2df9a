// PS3.4 §C.2.2.2 and §K.2.2: an identifier as it may be kept, so that it can be compared with one given item later and
// not be read. Values that are not about a patient stay in clear; all others become salted fingerprints. A short value
// can still be found by trying all of its kind (a birth date has some 40,000), so what is kept is kept for a short time.
import { createHmac } from 'node:crypto';
import {
  DataSet,
  type Element,
  isEmptyElement,
  isPrivate,
  MalformedDataSet,
  mustFindKeyword,
  nameTag,
  parseDay,
  parseTime,
  type TextElement,
} from '../dataset/index.js';
import { type Matching, toTextKey } from './matching.js';
import { foldName } from './person-names.js';
import { isUniversal } from './wildcards.js';
import { loggableKeys, type WorklistKeys, worklistKeys } from './worklist-keys.js';

/** Letters that stand beside each other in a pattern: how many, and their fingerprint. */
export interface VeiledRun {
  readonly length: number;
  readonly print: string;
}

/** `*`, `?` and what stands between them. */
export type VeiledPattern = readonly ('*' | '?' | VeiledRun)[];

/** One key of an identifier, as JSON. */
export interface VeiledKey {
  /** `ScheduledProcedureStepSequence.Modality` */
  readonly path: string;
  /** `Modality`, or `(0009,1001)` for a tag that the dictionary does not have. */
  readonly keyword: string;
  readonly tag: number;
  readonly vr: string;
  /** `unclear`: what cannot be compared later, such as a range of dates about a patient. */
  readonly matching: Matching | 'sequence' | 'unsupported' | 'unclear';
  /** The values, where they are not about a patient. */
  readonly clear?: readonly string[];
  /** The values, where they are: any of them. As they are compared, then without case, then without accents too. */
  readonly exact?: readonly VeiledPattern[];
  readonly caseless?: readonly VeiledPattern[];
  readonly bare?: readonly VeiledPattern[];
  /** Of a name: its family name. */
  readonly family?: VeiledRun;
  /** Of a name: does it hold component groups (`=`)? Then it is compared as a whole. */
  readonly hasGroups?: boolean;
  /** Of a sequence: the keys inside. */
  readonly items?: readonly VeiledKey[];
}

export interface VeiledIdentifier {
  /** Of this identifier alone: two equal ones cannot be told to be equal. */
  readonly salt: string;
  readonly keys: readonly VeiledKey[];
}

/** Longer patterns are nobody's name, and would make comparing slow. */
const runsMax = 32;
/** Values beside each other in one key; NM\CT has two. */
const valuesMax = 16;
/** What one query may leave behind; consoles ask by some twenty keys. */
const keysMax = 128;
/** Not part of a value that is asked for in earnest; a database refuses NUL and halves of letters in JSON. */
const uncleanLetters = /[\p{Cc}\p{Cs}]/u;
/** Half of the fingerprint tells any two values apart and halves what is kept. */
const printBytes = 16;

const stepPath = 'ScheduledProcedureStepSequence';
/** Not about a patient: what may be read of an identifier. */
const clearPaths: ReadonlySet<string> = new Set([
  ...loggableKeys,
  `${stepPath}.ScheduledProcedureStepStatus`,
  `${stepPath}.ScheduledProcedureStepLocation`,
]);
const startKeywords: ReadonlySet<string> = new Set([
  'ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepStartTime',
]);
/** They describe the identifier and select nothing. */
const describing: ReadonlySet<number> = new Set(
  ['SpecificCharacterSet', 'TimezoneOffsetFromUTC'].map((keyword) => mustFindKeyword(keyword).tag),
);

export function fingerprint(salt: string, text: string): string {
  return createHmac('sha256', Buffer.from(salt, 'base64url'))
    .update(text, 'utf8')
    .digest()
    .subarray(0, printBytes)
    .toString('base64url');
}

/** How an association had its queries matched, where that is not the plain way. */
export interface NegotiatedMatching {
  /** Names that are nearly right match. */
  readonly fuzzyNames: boolean;
  /** Days and times are those of another time zone than the items'. */
  readonly otherClock: boolean;
}

/** `salt`: some random bytes as base64url. Never throws: what cannot be understood is kept as `unclear`. */
export function veilIdentifier(
  identifier: DataSet,
  salt: string,
  negotiated: NegotiatedMatching = { fuzzyNames: false, otherClock: false },
): VeiledIdentifier {
  const keys = veilLevel(identifier, worklistKeys, '', salt).slice(0, keysMax);
  return { salt, keys: keys.map((key) => asNegotiated(key, negotiated)) };
}

/** Fingerprints can be compared the plain way only. */
function asNegotiated(key: VeiledKey, negotiated: NegotiatedMatching): VeiledKey {
  if (key.items !== undefined)
    return { ...key, items: key.items.map((item) => asNegotiated(item, negotiated)) };
  if (key.matching === 'universal' || key.matching === 'unsupported') return key;
  const isFuzzy = negotiated.fuzzyNames && key.vr === 'PN';
  const isElsewhere = negotiated.otherClock && startKeywords.has(key.keyword);
  if (!isFuzzy && !isElsewhere) return key;
  const { path, keyword, tag, vr } = key;
  return { path, keyword, tag, vr, matching: 'unclear' };
}

function veilLevel(level: DataSet, rules: WorklistKeys, prefix: string, salt: string): readonly VeiledKey[] {
  const keys: VeiledKey[] = [];
  for (const element of level.elements()) {
    if (!describing.has(element.tag)) keys.push(veilKey(element, rules, prefix, salt));
    if (keys.length > keysMax) break;
  }
  const [first] = keys;
  // What is cut off could have told the item away.
  return keys.length > keysMax && first !== undefined
    ? [{ ...first, matching: 'unclear' }, ...keys.slice(1, keysMax)]
    : keys;
}

function veilKey(element: Element, rules: WorklistKeys, prefix: string, salt: string): VeiledKey {
  const { tag, vr } = element;
  const keyword = nameTag(tag);
  const about = { path: `${prefix}${keyword}`, keyword, tag, vr };
  const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
  if (element.kind === 'sequence') {
    const [item = DataSet.empty, ...more] = element.items;
    if (more.length > 0) return { ...about, matching: 'unclear' };
    if (item.size === 0) return { ...about, matching: 'universal' };
    if (rule?.items === undefined)
      return { ...about, matching: hasValue(item) ? 'unsupported' : 'universal' };
    return {
      ...about,
      matching: 'sequence',
      items: veilLevel(item, rule.items, `${about.path}.`, salt),
    };
  }
  const isNothing = isEmptyElement(element) && !(element.kind === 'text' && element.values.length > 0);
  if (isNothing) return { ...about, matching: 'universal' };
  if (rule === undefined || !rule.isMatched || element.kind === 'binary' || isPrivate(tag))
    return { ...about, matching: 'unsupported' };
  return { ...about, ...veilText(element, clearPaths.has(about.path), salt) };
}

type VeiledText = Omit<VeiledKey, 'path' | 'keyword' | 'tag' | 'vr'>;

function veilText(element: TextElement, isClear: boolean, salt: string): VeiledText {
  const { vr, values } = element;
  const matching = matchingOf(element);
  if (matching === 'unclear' || matching === 'universal') return { matching };
  const given = values.filter((value) => value !== '');
  if (given.length > valuesMax) return { matching: 'unclear' };
  if (given.some((value) => uncleanLetters.test(value))) return { matching: 'unclear' };
  if (isClear) return { matching, clear: given };
  if (matching === 'range') return { matching: 'unclear' };
  if (vr === 'PN') return veilName(given[0] ?? '', matching, salt);
  if (vr === 'DA' || vr === 'TM') {
    const parsed = given.map((value) => String((vr === 'DA' ? parseDay(value) : parseTime(value)) ?? value));
    return { matching, exact: parsed.map((value) => [runOf(value, salt)]) };
  }
  // A UID or a number is compared letter by letter; * is no wild card there.
  if (!hasWildcards(vr)) return { matching, exact: given.map((value) => [runOf(value, salt)]) };
  const exact = given.map((value) => veilPattern(value.normalize('NFC'), salt));
  if (exact.some((pattern) => pattern.length > runsMax)) return { matching: 'unclear' };
  return {
    matching,
    exact,
    caseless: given.map((value) => veilPattern(withoutCase(value), salt)),
    bare: given.map((value) => veilPattern(withoutAccents(value), salt)),
  };
}

function veilName(value: string, matching: Matching, salt: string): VeiledText {
  const folded = foldName(value);
  const exact = veilPattern(folded, salt);
  if (exact.length > runsMax) return { matching: 'unclear' };
  const family = folded.split(/[=^]/)[0] ?? '';
  return {
    matching,
    exact: [exact],
    bare: [veilPattern(withoutAccents(folded), salt)],
    hasGroups: folded.includes('='),
    ...(family === '' || /[*?]/.test(family) ? {} : { family: runOf(withoutAccents(family), salt) }),
  };
}

/** By the real matching, so that what it refuses is not judged here. */
function matchingOf(element: TextElement): Matching | 'unclear' {
  try {
    return toTextKey(element).matching;
  } catch (error) {
    if (error instanceof MalformedDataSet) return 'unclear';
    throw error;
  }
}

function hasWildcards(vr: string): boolean {
  return ['AE', 'CS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT'].includes(vr);
}

/** The letters between wild cards as runs; stars beside each other are one. */
function veilPattern(pattern: string, salt: string): VeiledPattern {
  if (isUniversal(pattern)) return ['*'];
  return (pattern.replace(/\*+/g, '*').match(/[*?]|[^*?]+/gu) ?? []).map((part) =>
    part === '*' || part === '?' ? part : runOf(part, salt),
  );
}

function runOf(text: string, salt: string): VeiledRun {
  return { length: [...text].length, print: fingerprint(salt, text) };
}

/** As it is compared when case does not count. */
export function withoutCase(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** As it is compared when neither case nor accents count. */
export function withoutAccents(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}

function hasValue(set: DataSet): boolean {
  for (const element of set.elements()) {
    if (element.kind === 'sequence' ? element.items.some(hasValue) : !isEmptyElement(element)) return true;
  }
  return false;
}
