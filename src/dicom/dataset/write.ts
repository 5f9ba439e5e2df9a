// PS3.5 §7.1, §7.5 and Annex A: data sets to bytes. Sequences and items are written with defined lengths.
import { encodeText } from './character-sets.js';
import type { DataSet, Element } from './data-set.js';
import { MalformedDataSet } from './malformed-data-set.js';
import type { TransferSyntax } from './transfer-syntaxes.js';
import { hasLongLength, textRules } from './value-representations.js';

const specificCharacterSetTag = 0x00080005;
const itemTag = 0xfffee000;
const shortLengthMax = 0xfffe;
/** Bytes to begin with: most worklist answers fit; larger ones double. */
const initialBytes = 2_048;

/** The bytes of a data set. Text is encoded in the set named by its own Specific Character Set (0008,0005). */
export function writeDataSet(set: DataSet, syntax: TransferSyntax): Buffer {
  const writer = new Writer(syntax === 'explicit-vr-little-endian');
  writer.writeElements(set, []);
  return writer.bytes();
}

class Writer {
  private buffer = Buffer.allocUnsafe(initialBytes);
  private length = 0;

  constructor(private readonly explicit: boolean) {}

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  writeElements(set: DataSet, inherited: readonly string[]): void {
    const own = set.elementAt(specificCharacterSetTag);
    const characterSet = own?.kind === 'text' ? own.values : inherited;
    for (const element of set.elements()) this.writeElement(element, characterSet);
  }

  private writeElement(element: Element, characterSet: readonly string[]): void {
    if (element.kind === 'sequence') {
      this.writeSequence(element, element.items, characterSet);
    } else if (element.kind === 'binary') {
      this.writeBytes(element, element.bytes, 0x00);
    } else {
      const { vr, values } = element;
      this.writeBytes(element, textBytes(vr, values, characterSet), textRules[vr].padByte);
    }
  }

  private writeBytes(element: Element, value: Uint8Array, padByte: number): void {
    const odd = value.length % 2;
    this.writeHeader(element, value.length + odd);
    this.reserve(value.length + odd);
    this.buffer.set(value, this.length);
    this.length += value.length;
    if (odd === 1) {
      this.buffer[this.length] = padByte;
      this.length += 1;
    }
  }

  private writeSequence(element: Element, items: readonly DataSet[], characterSet: readonly string[]): void {
    this.writeHeader(element, 0);
    const start = this.length;
    for (const item of items) {
      this.writeTag(itemTag);
      this.writeUint32(0);
      const itemStart = this.length;
      this.writeElements(item, characterSet);
      this.buffer.writeUInt32LE(this.length - itemStart, itemStart - 4);
    }
    this.buffer.writeUInt32LE(this.length - start, start - 4);
  }

  private writeHeader(element: Element, length: number): void {
    this.writeTag(element.tag);
    if (!this.explicit) {
      this.writeUint32(length);
      return;
    }
    const isLong = hasLongLength(element.vr);
    if (!isLong && length > shortLengthMax) throw new MalformedDataSet('is too long for its VR', element.tag);
    this.reserve(4);
    this.buffer.write(element.vr, this.length, 'latin1');
    this.buffer.writeUInt16LE(isLong ? 0 : length, this.length + 2);
    this.length += 4;
    if (isLong) this.writeUint32(length);
  }

  private writeTag(tag: number): void {
    this.reserve(4);
    this.buffer.writeUInt16LE(tag >>> 16, this.length);
    this.buffer.writeUInt16LE(tag & 0xffff, this.length + 2);
    this.length += 4;
  }

  private writeUint32(value: number): void {
    this.reserve(4);
    this.buffer.writeUInt32LE(value, this.length);
    this.length += 4;
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    larger.set(this.bytes());
    this.buffer = larger;
  }
}

function textBytes(
  vr: keyof typeof textRules,
  values: readonly string[],
  characterSet: readonly string[],
): Buffer {
  const whole = values.join('\\');
  return textRules[vr].usesCharacterSet ? encodeText(whole, characterSet) : Buffer.from(whole, 'latin1');
}
