// PS3.4 §K.4.1.1.3.2 and Table K.6-1: what a query asks to be told, prepared so that answers are made of bytes alone.
import {
  ByteWriter,
  type CharacterSet,
  DataSet,
  type Element,
  hasLongLength,
  implicitVR,
  isTextVR,
  mustFindKeyword,
  nameTag,
  type Tag,
  type TransferSyntax,
  type VR,
  writeDataSet,
  writeHeader,
} from '../dataset/index.js';
import { isAnswered } from './projection.js';
import { type ReturnType, type WorklistKeys, worklistKeys } from './worklist-keys.js';

/** One requested attribute. */
export interface Wanted {
  readonly tag: Tag;
  readonly path: string;
  readonly isSequence: boolean;
  readonly isText: boolean;
  /** A value that we have is sent in the bytes, header and all, in which items are kept. */
  readonly isAsItStands: boolean;
  /** The header of a value that we have, up to its length. */
  readonly head: Uint8Array;
  /** The whole element when we have no value, with the VR that the scanner named; null: it is left out (type 1C). */
  readonly empty: Uint8Array | null;
  /** The same, for an element that is there and has no value. */
  readonly hollow: Uint8Array | null;
  /** Does the length behind the head take four bytes, or two? */
  readonly isLong: boolean;
  readonly isType1: boolean;
  /** Of a sequence, what is wanted of its items; null: all of it, or no sequence. */
  readonly items: readonly Wanted[] | null;
  /** Specific Character Set: the element to say instead of a value of the item. */
  readonly whole: Uint8Array | null;
}

const headerBytesMax = 12;
const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;

/** What the identifier asks for, in ascending order of tags. */
export function toWantedAttributes(identifier: DataSet, syntax: TransferSyntax): readonly Wanted[] {
  return toWanted(identifier, worklistKeys, '', syntax === 'explicit-vr-little-endian');
}

/** The same with the name of the character set among them, unless that is the default repertoire. */
export function withCharacterSetName(
  wanted: readonly Wanted[],
  characterSet: CharacterSet,
  syntax: TransferSyntax,
): readonly Wanted[] {
  if (characterSet.length === 0) return wanted;
  return [...wanted, toCharacterSetName(characterSet, syntax)].sort((a, b) => a.tag - b.tag);
}

/** Bytes that an answer may have more than its item: a header for each attribute that is sent without a value. */
export function headerRoom(wanted: readonly Wanted[]): number {
  return (countOf(wanted) + 1) * headerBytesMax;
}

function countOf(wanted: readonly Wanted[]): number {
  return wanted.reduce((count, one) => count + 1 + (one.items === null ? 0 : countOf(one.items)), 0);
}

function toWanted(
  identifier: DataSet,
  rules: WorklistKeys,
  prefix: string,
  explicit: boolean,
): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const element of identifier.elements()) {
    if (!isAnswered(element.tag)) continue;
    const keyword = nameTag(element.tag);
    const path = `${prefix}${keyword}`;
    const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
    const items = toWantedItems(element, rule?.items ?? {}, path, explicit);
    wanted.push(toWantedElement(element, path, rule?.returnType ?? null, items, explicit));
  }
  return wanted;
}

function toWantedItems(
  element: Element,
  rules: WorklistKeys,
  path: string,
  explicit: boolean,
): readonly Wanted[] | null {
  const [item] = element.kind === 'sequence' ? element.items : [];
  // An empty sequence, or an empty item, asks for all of it.
  if (item === undefined || item.size === 0) return null;
  return toWanted(item, rules, `${path}.`, explicit);
}

/** What to say of one attribute, by the VR that the scanner named for it. */
export function toWantedElement(
  { tag, vr: emptyVR }: { readonly tag: Tag; readonly vr: VR },
  path: string,
  returnType: ReturnType | null,
  items: readonly Wanted[] | null,
  explicit: boolean,
): Wanted {
  const vr = implicitVR(tag);
  const hollow = headerOf(tag, vr, explicit);
  const isLong = !explicit || hasLongLength(vr);
  const isLeftOut = returnType === '1C';
  return {
    tag,
    path,
    isSequence: vr === 'SQ',
    isText: isTextVR(vr),
    isAsItStands: !explicit && vr !== 'SQ',
    head: hollow.subarray(0, hollow.length - (isLong ? 4 : 2)),
    empty: isLeftOut ? null : headerOf(tag, emptyVR, explicit),
    hollow: isLeftOut ? null : hollow,
    isLong,
    isType1: returnType === '1',
    items,
    whole: null,
  };
}

function toCharacterSetName(characterSet: CharacterSet, syntax: TransferSyntax): Wanted {
  const named = DataSet.of([{ kind: 'text', tag: specificCharacterSet, vr: 'CS', values: characterSet }]);
  const explicit = syntax === 'explicit-vr-little-endian';
  const wanted = toWantedElement({ tag: specificCharacterSet, vr: 'CS' }, '', '1C', null, explicit);
  return { ...wanted, isAsItStands: false, whole: writeDataSet(named, syntax) };
}

function headerOf(tag: Tag, vr: VR, explicit: boolean): Uint8Array {
  const out = new ByteWriter(headerBytesMax);
  writeHeader(out, tag, vr, 0, explicit);
  return Uint8Array.from(out.bytes());
}
