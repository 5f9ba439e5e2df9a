// PS3.5 §7.1 (elements), §7.5 (sequences), §6.2.2 (UN) and Annex A: data sets from bytes.
import { type CharacterSet, decodeText } from './character-sets.js';
import { DataSet, type Element } from './data-set.js';
import { elementOf, groupOf, implicitVR, type Tag } from './dictionary.js';
import { elementCountMax, nestingDepthMax, valueCountMax } from './limits.js';
import { MalformedDataSet } from './malformed-data-set.js';
import type { TransferSyntax } from './transfer-syntaxes.js';
import {
  binaryUnitBytes,
  hasLongLength,
  isBinaryVR,
  isTextVR,
  isVR,
  type TextVR,
  textRules,
  trimValue,
  type VR,
} from './value-representations.js';

const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemDelimiterTag = 0xfffee00d;
const sequenceDelimiterTag = 0xfffee0dd;
const specificCharacterSetTag = 0x00080005;
const trailingPaddingTag = 0xfffcfffc;
const headerBytes = 8;
const longHeaderBytes = 12;

/** What the elements are: a DIMSE command set (group 0000 only) or a data set (groups 0008 and up). */
type Content = 'command' | 'data';

interface Header {
  readonly tag: Tag;
  readonly vr: VR;
  readonly length: number;
  readonly valueAt: number;
  /** Are the elements inside, if it is a sequence, Explicit VR? Those of a UN never are (PS3.5 §6.2.2). */
  readonly isExplicitInside: boolean;
}

interface Level {
  readonly explicit: boolean;
  readonly depth: number;
  readonly characterSet: CharacterSet;
}

/**
 * Reads a whole data set. Throws {@link MalformedDataSet} for anything that is not one: truncated values, unknown
 * VRs, a sequence that is not a sequence, a repeated element. Odd lengths, private and unknown elements are read.
 */
export function readDataSet(bytes: Uint8Array, syntax: TransferSyntax): DataSet {
  return read(bytes, syntax === 'explicit-vr-little-endian', 'data');
}

/** Reads the elements of a command set: group 0000, always Implicit VR Little Endian (PS3.7 §6.3.1). */
export function readCommandElements(bytes: Uint8Array): DataSet {
  return read(bytes, false, 'command');
}

function read(bytes: Uint8Array, explicit: boolean, content: Content): DataSet {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new Reader(buffer, content);
  return reader.readElements(0, buffer.length, false, { explicit, depth: 0, characterSet: [] }).value;
}

class Reader {
  private elementCount = 0;

  constructor(
    private readonly buffer: Buffer,
    private readonly content: Content,
  ) {}

  /** Elements from `at` to `end`, or to an item delimiter when the item has undefined length. */
  readElements(at: number, end: number, delimited: boolean, level: Level): { value: DataSet; next: number } {
    const elements = new Map<Tag, Element>();
    let characterSet = level.characterSet;
    let anyExtended = false;
    let position = at;
    while (position < end) {
      const tag = this.readTag(position, end);
      if (tag === itemDelimiterTag && delimited) {
        this.mustHaveNoLength(position, tag);
        return { value: DataSet.of(elements.values()), next: position + headerBytes };
      }
      const header = this.readHeader(position, end, tag, level.explicit);
      if (elements.has(tag)) throw new MalformedDataSet('is there twice', tag);
      const { element, next } = this.readValue(header, end, { ...level, characterSet });
      position = next;
      if (element === null) continue;
      if (element.kind === 'text' && textRules[element.vr].usesCharacterSet && element.values.length > 0)
        anyExtended = true;
      if (element.kind === 'text' && tag === specificCharacterSetTag) {
        if (anyExtended) throw new MalformedDataSet('stands after text that it should have described', tag);
        characterSet = element.values;
      }
      elements.set(tag, element);
    }
    if (delimited) throw new MalformedDataSet('an item of undefined length has no delimiter');
    return { value: DataSet.of(elements.values()), next: position };
  }

  private readTag(at: number, end: number): Tag {
    if (at + headerBytes > end) throw new MalformedDataSet('ends inside the header of an element');
    return this.buffer.readUInt16LE(at) * 0x10000 + this.buffer.readUInt16LE(at + 2);
  }

  private readHeader(at: number, end: number, tag: Tag, explicit: boolean): Header {
    this.count(tag);
    const group = groupOf(tag);
    if (group === 0xfffe)
      throw new MalformedDataSet('an item or delimiter stands where an element should be', tag);
    const allowed = this.content === 'command' ? group === 0x0000 : group >= 0x0008;
    if (!allowed) throw new MalformedDataSet('does not belong in this data set', tag);
    if (!explicit) return this.readImplicit(at, tag);
    const written = this.buffer.toString('latin1', at + 4, at + 6);
    if (!isVR(written)) throw new MalformedDataSet('has an unknown VR', tag);
    const known = { tag, vr: reconcileVR(tag, written), isExplicitInside: written !== 'UN' };
    if (!hasLongLength(written)) {
      return { ...known, length: this.buffer.readUInt16LE(at + 6), valueAt: at + headerBytes };
    }
    if (at + longHeaderBytes > end) throw new MalformedDataSet('ends inside the header of an element', tag);
    return { ...known, length: this.buffer.readUInt32LE(at + 8), valueAt: at + longHeaderBytes };
  }

  private readImplicit(at: number, tag: Tag): Header {
    const length = this.buffer.readUInt32LE(at + 4);
    return { tag, vr: implicitVR(tag), length, valueAt: at + headerBytes, isExplicitInside: false };
  }

  /** The element, or null for what is read and dropped: group lengths (retired) and trailing padding. */
  private readValue(header: Header, end: number, level: Level): { element: Element | null; next: number } {
    const { tag, vr, length, valueAt } = header;
    if (vr === 'SQ' || (vr === 'UN' && length === undefinedLength)) {
      // A UN of undefined length can only be a sequence (PS3.5 §6.2.2 note 4).
      const inside = { ...level, explicit: header.isExplicitInside };
      const { items, next } = this.readItems(tag, valueAt, length, end, inside);
      return { element: { kind: 'sequence', tag, vr: 'SQ', items }, next };
    }
    if (length === undefinedLength)
      throw new MalformedDataSet('has undefined length but is no sequence', tag);
    const next = valueAt + length;
    if (next > end) throw new MalformedDataSet('has a value that runs past the end', tag);
    if (tag === trailingPaddingTag || (elementOf(tag) === 0 && this.content === 'data'))
      return { element: null, next };
    const bytes = this.buffer.subarray(valueAt, next);
    if (isTextVR(vr))
      return {
        element: { kind: 'text', tag, vr, values: readTexts(tag, vr, bytes, level.characterSet) },
        next,
      };
    if (bytes.length % binaryUnitBytes[vr] !== 0)
      throw new MalformedDataSet('has a length that its VR cannot have', tag);
    // A copy: the caller's buffer may be a whole PDU, which an element must not keep alive.
    return { element: { kind: 'binary', tag, vr, bytes: Uint8Array.from(bytes) }, next };
  }

  private readItems(
    tag: Tag,
    at: number,
    length: number,
    end: number,
    level: Level,
  ): { items: readonly DataSet[]; next: number } {
    if (level.depth >= nestingDepthMax) throw new MalformedDataSet('sequences are nested too deeply', tag);
    const delimited = length === undefinedLength;
    const sequenceEnd = delimited ? end : at + length;
    if (sequenceEnd > end) throw new MalformedDataSet('has a value that runs past the end', tag);
    const items: DataSet[] = [];
    let position = at;
    while (position < sequenceEnd) {
      const marker = this.readTag(position, sequenceEnd);
      if (marker === sequenceDelimiterTag && delimited) {
        this.mustHaveNoLength(position, tag);
        return { items, next: position + headerBytes };
      }
      if (marker !== itemTag) throw new MalformedDataSet('holds something that is not an item', tag);
      this.count(tag);
      const itemLength = this.buffer.readUInt32LE(position + 4);
      const itemAt = position + headerBytes;
      const itemDelimited = itemLength === undefinedLength;
      const itemEnd = itemDelimited ? sequenceEnd : itemAt + itemLength;
      if (itemEnd > sequenceEnd) throw new MalformedDataSet('has an item that runs past the end', tag);
      const item = this.readElements(itemAt, itemEnd, itemDelimited, { ...level, depth: level.depth + 1 });
      items.push(item.value);
      position = item.next;
    }
    if (delimited) throw new MalformedDataSet('a sequence of undefined length has no delimiter', tag);
    return { items, next: position };
  }

  private mustHaveNoLength(at: number, tag: Tag): void {
    if (this.buffer.readUInt32LE(at + 4) !== 0) throw new MalformedDataSet('a delimiter has a length', tag);
  }

  private count(tag: Tag): void {
    this.elementCount += 1;
    if (this.elementCount > elementCountMax) throw new MalformedDataSet('there are too many elements', tag);
  }
}

/**
 * The VR to read by, when the bytes name one. A known attribute must keep its kind: a sequence that arrives as text
 * would otherwise be dropped as a matching key. UN stands for "look it up" (PS3.5 §6.2.2).
 */
function reconcileVR(tag: Tag, written: VR): VR {
  const expected = implicitVR(tag);
  if (expected === 'UN' || written === expected) return written;
  if (written === 'UN') return expected;
  const sameKind = (isTextVR(written) && isTextVR(expected)) || (isBinaryVR(written) && isBinaryVR(expected));
  if (!sameKind) throw new MalformedDataSet(`has VR ${written} where ${expected} belongs`, tag);
  return written;
}

function readTexts(tag: Tag, vr: TextVR, bytes: Buffer, characterSet: CharacterSet): readonly string[] {
  const rules = textRules[vr];
  const decoded = rules.usesCharacterSet ? decodeAt(tag, vr, bytes, characterSet) : bytes.toString('latin1');
  const whole = trimValue(vr, decoded);
  if (whole === '') return [];
  if (!rules.multiValued || !whole.includes('\\')) return [whole];
  const values = whole.split('\\', valueCountMax + 1);
  if (values.length > valueCountMax) throw new MalformedDataSet('has too many values', tag);
  return values.map((value) => trimValue(vr, value));
}

function decodeAt(tag: Tag, vr: TextVR, bytes: Buffer, characterSet: CharacterSet): string {
  try {
    return decodeText(bytes, characterSet, vr);
  } catch (error) {
    if (error instanceof MalformedDataSet) throw new MalformedDataSet(error.reason, tag);
    throw error;
  }
}
