// PS3.4 §C.2.2.2 and §K.2.2: which keys of a veiled identifier a given item matches, and what was nearly right. Pure.
// It says "all matched" exactly when the matching of the query itself does (explanation.spec.ts holds the two together).
import { DataSet, mustFindKeyword, parseDay, parseTime, type TextElement } from '../dataset/index.js';
import { toDayKey, toStartKey, toTextKey, toTimeKey } from './matching.js';
import { foldName, spellingsOf } from './person-names.js';
import {
  fingerprint,
  type VeiledIdentifier,
  type VeiledKey,
  type VeiledPattern,
  withoutAccents,
  withoutCase,
} from './veil.js';

export type KeyVerdict = 'matched' | 'not-matched' | 'not-a-matching-key' | 'cannot-be-judged';

/** What would have to be different for the key to match. */
export type NearMiss =
  | 'without-accents'
  | 'ignoring-case'
  | 'with-wildcard-at-end'
  | 'same-family-name'
  | 'other-day'
  | 'other-time';

export interface ExplainedKey {
  readonly path: string;
  readonly keyword: string;
  readonly tag: number;
  readonly vr: string;
  readonly matching: VeiledKey['matching'];
  /** What was asked, where it is not about a patient; else null. */
  readonly asked: readonly string[] | null;
  /** The shape of what was asked where it is veiled: `•••*`. Null where there is nothing to show. */
  readonly shape: string | null;
  /** The item's own values. */
  readonly stored: readonly string[];
  readonly verdict: KeyVerdict;
  readonly near: readonly NearMiss[];
}

export interface Explanation {
  /** Null: every key that can be judged matched, and there is one that cannot. */
  readonly isMatch: boolean | null;
  /** In the order of the query; those inside a sequence after it. */
  readonly keys: readonly ExplainedKey[];
}

const startDate = mustFindKeyword('ScheduledProcedureStepStartDate').tag;
const startTime = mustFindKeyword('ScheduledProcedureStepStartTime').tag;

export function explainQuery(veiled: VeiledIdentifier, item: DataSet): Explanation {
  return explainLevel(veiled.keys, item, veiled.salt);
}

function explainLevel(keys: readonly VeiledKey[], item: DataSet, salt: string): Explanation {
  const start = explainStart(keys, item);
  const parts = keys.map((key): Explanation => {
    if (key.matching === 'sequence') return explainSequence(key, item, salt);
    const told = start.get(key.tag) ?? explainKey(key, item, salt);
    return { isMatch: isMatch(told.verdict), keys: [told] };
  });
  return { isMatch: allOf(parts), keys: parts.flatMap((part) => part.keys) };
}

/** PS3.4 §C.2.2.2.6: the key's one item must match an item of the sequence. That one is told of, or else the first. */
function explainSequence(key: VeiledKey, item: DataSet, salt: string): Explanation {
  const stored = item.elementAt(key.tag);
  const items = stored?.kind === 'sequence' ? stored.items : [];
  const inner = key.items ?? [];
  const told = items.map((each) => explainLevel(inner, each, salt));
  const best =
    told.find((each) => each.isMatch === true) ??
    told.find((each) => each.isMatch === null) ??
    told[0] ??
    explainLevel(inner, DataSet.empty, salt);
  // Without a key that selects, the sequence need not be there.
  const selects = best.keys.some(({ verdict }) => verdict !== 'not-a-matching-key');
  return { isMatch: selects && items.length === 0 ? false : best.isMatch, keys: best.keys };
}

function allOf(parts: readonly Explanation[]): boolean | null {
  if (parts.some((part) => part.isMatch === false)) return false;
  return parts.some((part) => part.isMatch === null) ? null : true;
}

function isMatch(verdict: KeyVerdict): boolean | null {
  switch (verdict) {
    case 'matched':
    case 'not-a-matching-key':
      return true;
    case 'not-matched':
      return false;
    case 'cannot-be-judged':
      return null;
  }
}

function explainKey(key: VeiledKey, item: DataSet, salt: string): ExplainedKey {
  const stored = textsOf(item, key.tag);
  const told = (verdict: KeyVerdict, near: readonly NearMiss[] = []): ExplainedKey => ({
    ...aboutOf(key),
    stored,
    verdict,
    near,
  });
  if (key.matching === 'universal' || key.matching === 'unsupported') return told('not-a-matching-key');
  if (key.clear !== undefined) {
    const { matches } = toTextKey(elementOf(key, key.clear));
    if (matches(stored)) return told('matched');
    const caseless = toTextKey(elementOf(key, key.clear.map(withoutCase)));
    return told('not-matched', caseless.matches(stored.map(withoutCase)) ? ['ignoring-case'] : []);
  }
  if (key.exact === undefined) return told('cannot-be-judged');
  const given = stored.filter((value) => value !== '');
  return matchesAny(
    key.exact,
    given.flatMap((value) => comparedAs(key, value)),
    salt,
  )
    ? told('matched')
    : told('not-matched', nearMisses(key, given, salt));
}

/** Start date and start time are judged together (PS3.4 Table K.6-1); each is told which of the two was wrong. */
function explainStart(keys: readonly VeiledKey[], item: DataSet): ReadonlyMap<number, ExplainedKey> {
  const given = keys.filter(
    ({ tag, clear }) => (tag === startDate || tag === startTime) && clear !== undefined,
  );
  const of = (tag: number): TextElement | null => {
    const key = given.find((each) => each.tag === tag);
    return key === undefined ? null : elementOf(key, key.clear ?? []);
  };
  const [dateKey, timeKey] = [of(startDate), of(startTime)];
  const dates = dateKey === null ? null : toDayKey(dateKey);
  const times = timeKey === null ? null : toTimeKey(timeKey);
  const [date = '', time = ''] = [startDate, startTime].map((tag) => textsOf(item, tag)[0] ?? '');
  const both = toStartKey(dates, times)(date, time);
  const isDay = both || toStartKey(dates, null)(date, time);
  const isTime = both || (isDay && dates !== null ? false : toStartKey(null, times)(date, time));
  return new Map(
    given.map((key) => {
      const isRight = key.tag === startDate ? isDay : isTime;
      const near: NearMiss = key.tag === startDate ? 'other-day' : 'other-time';
      const told: ExplainedKey = {
        ...aboutOf(key),
        stored: textsOf(item, key.tag),
        verdict: isRight ? 'matched' : 'not-matched',
        near: isRight ? [] : [near],
      };
      return [key.tag, told];
    }),
  );
}

/** The spellings of a stored value that the veiled key is compared with. */
function comparedAs({ vr, hasGroups }: VeiledKey, value: string): readonly string[] {
  if (vr === 'PN') return spellingsOf(foldName(value), hasGroups === true);
  if (vr === 'DA') return [parseDay(value)].filter((day) => day !== null);
  if (vr === 'TM') return [parseTime(value)].filter((time) => time !== null).map(String);
  return [vr === 'UI' || ['AS', 'DS', 'DT', 'IS'].includes(vr) ? value : value.normalize('NFC')];
}

function nearMisses(key: VeiledKey, given: readonly string[], salt: string): readonly NearMiss[] {
  const near: NearMiss[] = [];
  const compared = given.flatMap((value) => comparedAs(key, value));
  const lowered = compared.map(withoutCase);
  const plain = compared.map(withoutAccents);
  if (key.caseless !== undefined && matchesAny(key.caseless, lowered, salt)) near.push('ignoring-case');
  else if (key.bare !== undefined && matchesAny(key.bare, plain, salt)) near.push('without-accents');
  const open = (key.bare ?? []).map((pattern): VeiledPattern => [...pattern, '*']);
  if (near.length === 0 && matchesAny(open, plain, salt)) near.push('with-wildcard-at-end');
  const { family } = key;
  const families = plain.map((name) => name.split(/[=^]/)[0] ?? '');
  if (family !== undefined && near.length === 0 && matchesAny([[family]], families, salt))
    near.push('same-family-name');
  return near;
}

function matchesAny(patterns: readonly VeiledPattern[], texts: readonly string[], salt: string): boolean {
  return texts.some((text) => patterns.some((pattern) => matchesPattern(pattern, [...text], salt)));
}

/** All places that a part of the pattern can end at, part by part: bounded by the letters times the parts. */
function matchesPattern(pattern: VeiledPattern, letters: readonly string[], salt: string): boolean {
  let ends: ReadonlySet<number> = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    for (const at of ends) {
      if (part === '*') for (let end = at; end <= letters.length; end += 1) next.add(end);
      else if (part === '?') next.add(at + 1);
      else if (at + part.length <= letters.length) {
        const text = letters.slice(at, at + part.length).join('');
        if (fingerprint(salt, text) === part.print) next.add(at + part.length);
      }
    }
    ends = next;
  }
  return ends.has(letters.length);
}

function aboutOf(key: VeiledKey): Omit<ExplainedKey, 'stored' | 'verdict' | 'near'> {
  const { path, keyword, tag, vr, matching } = key;
  return { path, keyword, tag, vr, matching, asked: key.clear ?? null, shape: shapeOf(key) };
}

function shapeOf({ exact }: VeiledKey): string | null {
  if (exact === undefined) return null;
  return exact
    .map((parts) => parts.map((part) => (typeof part === 'string' ? part : '•'.repeat(part.length))).join(''))
    .join(', ');
}

function textsOf(item: DataSet, tag: number): readonly string[] {
  const element = item.elementAt(tag);
  return element?.kind === 'text' ? element.values : [];
}

function elementOf(key: VeiledKey, values: readonly string[]): TextElement {
  return { kind: 'text', tag: key.tag, vr: key.vr as TextElement['vr'], values };
}
