// PS3.4 §K.4.1.1.3.2 and Table K.6-1: of a worklist item, what the scanner asked for. Pure.
import {
  type CharacterSet,
  DataSet,
  type Element,
  emptyElement,
  isAscii,
  isEmptyElement,
  isPrivate,
  mustFindKeyword,
  nameTag,
  type Tag,
} from '../dataset/index.js';
import { type WorklistKeys, worklistKeys } from './worklist-keys.js';

export interface Projection {
  readonly answer: DataSet;
  /** Requested attributes of type 1 that have no value; consoles tend to hide such an item. */
  readonly missing: readonly string[];
}

const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;
const codeValues = ['CodeValue', 'LongCodeValue', 'URNCodeValue'].map(
  (keyword) => mustFindKeyword(keyword).tag,
);

/**
 * The answer holds the requested attributes and nothing else: with their value, empty when there is none, or absent
 * when the standard forbids them to be empty (type 1C). Specific Character Set is added when the text needs it, or
 * when it was asked for.
 */
export function project(identifier: DataSet, candidate: DataSet, characterSet: CharacterSet): Projection {
  const missing: string[] = [];
  const answer = projectLevel(identifier, candidate, worklistKeys, '', missing);
  const wantsCharacterSet = identifier.elementAt(specificCharacterSet) !== undefined || !isPlain(answer);
  // Type 1C: the default repertoire has no name, and the element is never empty.
  if (!wantsCharacterSet || characterSet.length === 0) return { answer, missing };
  const named: Element = { kind: 'text', tag: specificCharacterSet, vr: 'CS', values: characterSet };
  return { answer: answer.with([named]), missing };
}

/**
 * The identifier as if it had asked for everything that an item must or may have (types 1 and 2), for a console that
 * hides what it was not sent.
 */
export function withEveryType2(identifier: DataSet): DataSet {
  return withKeys(identifier, worklistKeys);
}

function withKeys(level: DataSet, rules: WorklistKeys): DataSet {
  const added: Element[] = [];
  for (const [keyword, rule] of Object.entries(rules)) {
    if (rule.returnType !== '1' && rule.returnType !== '2') continue;
    const entry = mustFindKeyword(keyword);
    const asked = level.elementAt(entry.tag);
    const item = asked?.kind === 'sequence' ? asked.items[0] : undefined;
    // What is asked for as a whole is answered as a whole.
    if (asked !== undefined && (item === undefined || item.size === 0)) continue;
    if (rule.items === undefined || rule.returnType === '2') added.push(asked ?? emptyElement(entry));
    else
      added.push({
        kind: 'sequence',
        tag: entry.tag,
        vr: 'SQ',
        items: [withKeys(item ?? DataSet.empty, rule.items)],
      });
  }
  return level.with(added);
}

/** Specific Character Set is said where it is needed. A vendor's private attributes are not ours to fill. */
export function isAnswered(tag: Tag): boolean {
  return tag !== specificCharacterSet && !isPrivate(tag);
}

function projectLevel(
  request: DataSet,
  candidate: DataSet,
  rules: WorklistKeys,
  prefix: string,
  missing: string[],
): DataSet {
  const elements: Element[] = [];
  for (const wanted of request.elements()) {
    if (!isAnswered(wanted.tag)) continue;
    const keyword = nameTag(wanted.tag);
    const path = `${prefix}${keyword}`;
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    const stored = candidate.elementAt(wanted.tag);
    const value = projectElement(wanted, stored, rule?.items ?? {}, path, missing);
    if (!isEmptyElement(value)) elements.push(value);
    else if (rule?.returnType !== '1C') elements.push(value);
    if (rule?.returnType === '1' && isEmptyElement(value)) missing.push(path);
  }
  return DataSet.of(elements);
}

function projectElement(
  wanted: Element,
  stored: Element | undefined,
  rules: WorklistKeys,
  path: string,
  missing: string[],
): Element {
  if (stored === undefined) return emptyElement(wanted);
  if (stored.kind !== 'sequence') return stored;
  const inner = wanted.kind === 'sequence' ? wanted.items[0] : undefined;
  const wantsAll = inner === undefined || inner.size === 0;
  const items = stored.items.filter(hasContent);
  if (wantsAll) return { ...stored, items };
  const projected = items.map((item) => projectLevel(inner, item, rules, `${path}.`, missing));
  return { ...stored, items: projected.filter((item) => item.size > 0) };
}

/** Consoles reject an item without content, and a code without its value: leave out the item, not its value. */
function hasContent(item: DataSet): boolean {
  if (item.has('CodingSchemeDesignator') || item.has('CodeValue')) {
    return codeValues.some((tag) => !isEmptyElement(item.elementAt(tag)));
  }
  for (const element of item.elements()) if (!isEmptyElement(element)) return true;
  return false;
}

/** Is every text of it the same bytes in every character set? */
export function isPlain(set: DataSet): boolean {
  for (const element of set.elements()) {
    if (element.kind === 'text' && !element.values.every(isAscii)) return false;
    if (element.kind === 'sequence' && !element.items.every(isPlain)) return false;
  }
  return true;
}
