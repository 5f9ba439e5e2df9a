// PS3.5 §7.1, §7.5 and Annex A: data sets to bytes. Sequences and items are written with defined lengths.
import { ByteWriter } from './byte-writer.js';
import { type CharacterSet, encodeText } from './character-sets.js';
import type { DataSet, Element } from './data-set.js';
import type { Tag } from './dictionary.js';
import { MalformedDataSet } from './malformed-data-set.js';
import type { TransferSyntax } from './transfer-syntaxes.js';
import { hasLongLength, textRules, type VR } from './value-representations.js';

const specificCharacterSetTag = 0x00080005;
export const itemTag = 0xfffee000;
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
  private readonly out = new ByteWriter(initialBytes);

  constructor(private readonly explicit: boolean) {}

  bytes(): Buffer {
    return this.out.bytes();
  }

  writeElements(set: DataSet, inherited: CharacterSet): void {
    const own = set.elementAt(specificCharacterSetTag);
    const characterSet = own?.kind === 'text' ? own.values : inherited;
    for (const element of set.elements()) this.writeElement(element, characterSet);
  }

  private writeElement(element: Element, characterSet: CharacterSet): void {
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
    writeHeader(this.out, element.tag, element.vr, value.length + odd, this.explicit);
    this.out.copy(value);
    if (odd === 1) this.out.uint8(padByte);
  }

  private writeSequence(element: Element, items: readonly DataSet[], characterSet: CharacterSet): void {
    writeHeader(this.out, element.tag, 'SQ', 0, this.explicit);
    const start = this.out.length;
    for (const item of items) {
      this.out.tag(itemTag);
      this.out.uint32(0);
      const itemStart = this.out.length;
      this.writeElements(item, characterSet);
      this.out.patchUint32(itemStart - 4, this.out.length - itemStart);
    }
    this.out.patchUint32(start - 4, this.out.length - start);
  }
}

/** PS3.5 §7.1.2 and §7.1.3. Throws {@link MalformedDataSet} when the length does not fit the VR's form. */
export function writeHeader(out: ByteWriter, tag: Tag, vr: VR, length: number, explicit: boolean): void {
  out.tag(tag);
  if (!explicit) {
    out.uint32(length);
    return;
  }
  const isLong = hasLongLength(vr);
  if (!isLong && length > shortLengthMax) throw new MalformedDataSet('is too long for its VR', tag);
  out.latin1(vr);
  out.uint16(isLong ? 0 : length);
  if (isLong) out.uint32(length);
}

function textBytes(
  vr: keyof typeof textRules,
  values: readonly string[],
  characterSet: CharacterSet,
): Buffer {
  const whole = values.join('\\');
  return textRules[vr].usesCharacterSet ? encodeText(whole, characterSet, vr) : Buffer.from(whole, 'latin1');
}
