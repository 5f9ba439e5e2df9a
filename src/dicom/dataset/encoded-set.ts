// PS3.5 §7 and Annex A.1: a data set that stays in its bytes. Thousands of them are kept, and most of their elements are
// never looked at; so an element is found and decoded when somebody asks for it.
import { DataSet, type Readable } from './data-set.js';
import { implicitVR, type Tag } from './dictionary.js';
import { readDataSet } from './read.js';
import { isTextVR, textRules, trimValue } from './value-representations.js';
import { writeDataSet } from './write.js';

const headerBytes = 8;
const specificCharacterSetTag = 0x00080005;

/**
 * Implicit VR Little Endian, text in UTF-8, sequences and items of defined length, elements in ascending order: as
 * {@link encodeSet} writes them, so nothing is checked again.
 */
export class EncodedSet implements Readable {
  constructor(
    readonly bytes: Buffer,
    readonly start: number,
    readonly end: number,
  ) {}

  /** Where the element's header begins, or -1. */
  find(tag: Tag): number {
    let at = this.start;
    while (at < this.end) {
      const found = readTag(this.bytes, at);
      if (found === tag) return at;
      if (found > tag) return -1;
      at += headerBytes + this.bytes.readUInt32LE(at + 4);
    }
    return -1;
  }

  textsAt(tag: Tag): readonly string[] {
    const vr = implicitVR(tag);
    const at = this.find(tag);
    if (at < 0 || !isTextVR(vr)) return [];
    const from = at + headerBytes;
    const whole = trimValue(vr, this.bytes.toString('utf8', from, from + this.bytes.readUInt32LE(from - 4)));
    if (whole === '') return [];
    if (!textRules[vr].multiValued || !whole.includes('\\')) return [whole];
    return whole.split('\\').map((value) => trimValue(vr, value));
  }

  itemsAt(tag: Tag): readonly EncodedSet[] {
    const sequence = this.find(tag);
    if (sequence < 0) return [];
    const items: EncodedSet[] = [];
    const end = sequence + headerBytes + this.bytes.readUInt32LE(sequence + 4);
    let at = sequence + headerBytes;
    while (at < end) {
      const from = at + headerBytes;
      at = from + this.bytes.readUInt32LE(at + 4);
      items.push(new EncodedSet(this.bytes, from, at));
    }
    return items;
  }

  /** All of it, decoded. */
  toDataSet(): DataSet {
    const set = readDataSet(this.bytes.subarray(this.start, this.end), 'implicit-vr-little-endian');
    return DataSet.of([...set.elements()].filter((element) => element.tag !== specificCharacterSetTag));
  }
}

/** The data set in its bytes. Its Specific Character Set is that of {@link EncodedSet}: UTF-8. */
export function encodeSet(set: DataSet): EncodedSet {
  const named = set.with([{ kind: 'text', tag: specificCharacterSetTag, vr: 'CS', values: ['ISO_IR 192'] }]);
  return keep(writeDataSet(named, 'implicit-vr-little-endian'));
}

/** Sets share blocks of this size: a buffer for each would take as much memory again. */
const blockBytes = 256 * 1024;
let block = Buffer.alloc(0);
let blockUsed = 0;

function keep(bytes: Buffer): EncodedSet {
  if (blockUsed + bytes.length > block.length) {
    block = Buffer.allocUnsafeSlow(Math.max(blockBytes, bytes.length));
    blockUsed = 0;
  }
  const start = blockUsed;
  blockUsed += bytes.copy(block, start);
  return new EncodedSet(block, start, blockUsed);
}

export function readTag(bytes: Buffer, at: number): Tag {
  return bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);
}
