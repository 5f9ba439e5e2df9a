// PS3.4 §K.4.1.1.3.2: what projection.ts says about one item, prepared once for a query and then done to the bytes of
// each item without decoding it. Both say the same; a property in the spec holds them together.
import {
  type CharacterSet,
  type DataSet,
  implicitVR,
  mustFindKeyword,
  type TransferSyntax,
  writeDataSet,
} from '../dataset/index.js';
import { project } from './projection.js';
import { moved, type QueryZone } from './time-zones.js';
import {
  headerRoom,
  toWantedAttributes,
  toWantedElement,
  type Wanted,
  withCharacterSetName,
} from './wanted-attributes.js';
import type { WorklistItem } from './worklist-item.js';

export interface Answer {
  /** The encoded data set. Of no use any more once the next is asked for. */
  readonly bytes: Buffer;
  /** Requested attributes of type 1 that have no value; consoles tend to hide such an item. */
  readonly missing: readonly string[];
}

const headerBytes = 8;
const utf8 = 'ISO_IR 192';
/** Most answers fit; larger ones double it. */
const initialBytes = 4_096;
/** A hundred answers of a plan. With the bounds of query-memory.ts that is at most 16 MiB, whoever asks what. */
const rememberedBytesMax = 64 * 1024;
/** Up to so many bytes a loop is quicker than a call that copies: that one makes an object for each run of bytes. */
const loopBytesMax = 256;
const wordBytes = 4;
const noTag = Number.POSITIVE_INFINITY;
const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;
const none: readonly string[] = [];

/**
 * For the answers to one query, or to any number of queries that ask the same. It is the one place here that is written
 * for speed: plain loops over bytes, since a broad query has tens of thousands of answers with thirty elements each.
 */
export class AnswerPlan {
  private readonly explicit: boolean;
  private readonly asked: readonly Wanted[];
  private readonly named: readonly Wanted[];
  /** Bytes that an answer may have more than its item. */
  private readonly roomBytes: number;
  private out = Buffer.allocUnsafe(initialBytes);
  private outWords = wordsOf(this.out);
  /** The block that the item's bytes are in, and four of its bytes at a time: its neighbours are in the same. */
  private block: Uint8Array = this.out;
  private blockWords = this.outWords;
  private length = 0;
  /** What points at the beginning of `out`, by how much of it. */
  private made: Answer[] = [];
  private setBytes = 0;
  private missing: string[] = [];
  /** Is the item one with letters beyond ASCII, and have any been written? */
  private isWatching = false;
  private hasLetters = false;
  /** An item is never changed, only replaced; what is remembered of it goes with it. */
  private remembered = new WeakMap<WorklistItem, Answer>();
  private rememberedBytes = 0;

  constructor(
    private readonly identifier: DataSet,
    private readonly syntax: TransferSyntax,
    private readonly characterSet: CharacterSet,
    private readonly zone: QueryZone | null = null,
  ) {
    this.explicit = syntax === 'explicit-vr-little-endian';
    const wanted = toWantedAttributes(identifier, syntax);
    this.named = withCharacterSetName(wanted, characterSet, syntax);
    this.asked = identifier.elementAt(specificCharacterSet) === undefined ? wanted : this.named;
    this.roomBytes = headerRoom(this.named);
  }

  /**
   * The answer for one item. With `isUsual` it is remembered: the items of a usual query are asked for again and again,
   * those of a broad one are too many.
   */
  answer(item: WorklistItem, isUsual = false): Answer {
    const known = this.remembered.get(item);
    if (known !== undefined) return known;
    const answer = this.make(item);
    if (!isUsual) return answer;
    if (this.rememberedBytes + answer.bytes.length > rememberedBytesMax) {
      this.remembered = new WeakMap();
      this.rememberedBytes = 0;
    }
    const own = { bytes: Buffer.from(answer.bytes), missing: [...answer.missing] };
    this.remembered.set(item, own);
    this.rememberedBytes += own.bytes.length;
    return own;
  }

  private make(item: WorklistItem): Answer {
    if (this.zone === null && item.isAscii) return this.write(item, this.asked);
    if (this.zone !== null || this.characterSet[0] !== utf8) return this.writeDecoded(item);
    // Is there a letter beyond ASCII in what was asked for? Then the answer has to name its character set.
    const answer = this.write(item, this.asked);
    return this.asked === this.named || !this.hasLetters ? answer : this.write(item, this.named);
  }

  private write(item: WorklistItem, wanted: readonly Wanted[]): Answer {
    const { bytes, start, end } = item.set;
    this.length = 0;
    this.setBytes = end - start;
    this.makeRoom();
    if (bytes !== this.block) this.blockWords = wordsOf(bytes);
    this.block = bytes;
    this.isWatching = !item.isAscii;
    this.hasLetters = false;
    if (this.missing.length > 0) this.missing = [];
    this.writeLevel(wanted, bytes, start, end);
    if (this.missing.length === 0) return this.madeOf(this.length);
    return { bytes: this.out.subarray(0, this.length), missing: this.missing };
  }

  /** Answers have a few dozen lengths; a broad one would else make as many objects as there are items. */
  private madeOf(length: number): Answer {
    const known = this.made[length];
    if (known !== undefined) return known;
    const answer = { bytes: this.out.subarray(0, length), missing: none };
    if (length <= initialBytes) this.made[length] = answer;
    return answer;
  }

  /** In a set where letters have other bytes, or with other days and times: the slow way. */
  private writeDecoded(item: WorklistItem): Answer {
    const own = item.set.toDataSet();
    const set = this.zone === null ? own : moved(own, this.zone);
    const { answer, missing } = project(this.identifier, set, this.characterSet);
    return { bytes: writeDataSet(answer, this.syntax), missing };
  }

  /**
   * Both are in ascending order of tags, so one pass does. Elements that stand side by side in the item and in the answer
   * are copied together: most are.
   */
  private writeLevel(wanted: readonly Wanted[], bytes: Buffer, start: number, end: number): void {
    let at = start;
    let tag = at < end ? tagAt(bytes, at) : noTag;
    let runFrom = start;
    let runTo = start;
    for (const one of wanted) {
      while (tag < one.tag) {
        at += headerBytes + lengthAt(bytes, at + 4);
        tag = at < end ? tagAt(bytes, at) : noTag;
      }
      const isThere = tag === one.tag;
      const from = at + headerBytes;
      const to = isThere ? from + lengthAt(bytes, at + 4) : from;
      if (to > from && one.isAsItStands) {
        if (this.isWatching && one.isText) this.hasLetters ||= hasLetters(bytes, from, to);
        if (at !== runTo) {
          if (runTo > runFrom) this.copy(bytes, runFrom, runTo);
          runFrom = at;
        }
        runTo = to;
        continue;
      }
      if (runTo > runFrom) this.copy(bytes, runFrom, runTo);
      runFrom = runTo;
      this.writeOne(one, bytes, isThere, from, to);
    }
    if (runTo > runFrom) this.copy(bytes, runFrom, runTo);
  }

  private writeOne(one: Wanted, bytes: Buffer, isThere: boolean, from: number, to: number): void {
    if (one.whole !== null) {
      this.copy(one.whole, 0, one.whole.length);
      return;
    }
    if (to > from && this.writeValue(one, bytes, from, to)) return;
    if (one.isType1) this.missing.push(one.path);
    const nothing = isThere ? one.hollow : one.empty;
    if (nothing !== null) this.copy(nothing, 0, nothing.length);
  }

  /** False when nothing of it was wanted: a sequence whose items have none of the wanted attributes. */
  private writeValue(one: Wanted, bytes: Buffer, from: number, to: number): boolean {
    const before = this.length;
    this.writeHead(one, to - from);
    if (!one.isSequence) {
      this.copy(bytes, from, to);
      if (this.isWatching && one.isText) this.hasLetters ||= hasLetters(bytes, from, to);
      return true;
    }
    const start = this.length;
    this.writeItems(one.items, bytes, from, to);
    this.patch(start - 4, this.length - start);
    if (this.length > start) return true;
    this.length = before;
    return false;
  }

  private writeItems(wanted: readonly Wanted[] | null, bytes: Buffer, from: number, to: number): void {
    let at = from;
    while (at < to) {
      const end = at + headerBytes + lengthAt(bytes, at + 4);
      this.makeRoom();
      const before = this.length;
      // The item's tag; its length is put right below.
      this.copy(bytes, at, at + headerBytes);
      const start = this.length;
      if (wanted === null) this.writeAll(bytes, at + headerBytes, end);
      else this.writeLevel(wanted, bytes, at + headerBytes, end);
      if (this.length === start) this.length = before;
      else this.patch(start - 4, this.length - start);
      at = end;
    }
  }

  private writeAll(bytes: Buffer, start: number, end: number): void {
    if (!this.explicit && !this.isWatching) {
      this.copy(bytes, start, end);
      return;
    }
    let at = start;
    while (at < end) {
      const tag = tagAt(bytes, at);
      const from = at + headerBytes;
      const to = from + lengthAt(bytes, at + 4);
      const whole = toWantedElement({ tag, vr: implicitVR(tag) }, '', null, null, this.explicit);
      if ((to === from || !this.writeValue(whole, bytes, from, to)) && whole.empty !== null)
        this.copy(whole.empty, 0, whole.empty.length);
      at = to;
    }
  }

  /**
   * For all that can still come of the set, and for each attribute that is sent empty once more: asked before each item of
   * a sequence, so that nothing is checked in between. An element takes at most half as much again in Explicit VR.
   */
  private makeRoom(): void {
    const needed = this.length + this.setBytes * 2 + this.roomBytes;
    if (needed <= this.out.length) return;
    const larger = Buffer.allocUnsafe(needed * 2);
    this.out.copy(larger, 0, 0, this.length);
    this.out = larger;
    this.outWords = wordsOf(larger);
    this.made = [];
  }

  private writeHead({ head, isLong }: Wanted, length: number): void {
    this.copy(head, 0, head.length);
    const { out } = this;
    out[this.length] = length & 0xff;
    out[this.length + 1] = (length >>> 8) & 0xff;
    this.length += 2;
    if (!isLong) return;
    out[this.length] = (length >>> 16) & 0xff;
    out[this.length + 1] = length >>> 24;
    this.length += 2;
  }

  private patch(at: number, length: number): void {
    this.out.writeUInt32LE(length, at);
  }

  private copy(source: Uint8Array, from: number, to: number): void {
    const { out } = this;
    let at = this.length;
    this.length += to - from;
    if (to - from > loopBytesMax) return void out.set(source.subarray(from, to), at);
    let each = from;
    if (source === this.block) {
      const { blockWords, outWords } = this;
      for (const last = to - wordBytes; each <= last; each += wordBytes, at += wordBytes)
        outWords.setUint32(at, blockWords.getUint32(each));
    }
    for (; each < to; each += 1, at += 1) out[at] = source[each] ?? 0;
  }
}

function wordsOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tagAt(bytes: Buffer, at: number): number {
  return groupAt(bytes, at) * 0x10000 + groupAt(bytes, at + 2);
}

function groupAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function lengthAt(bytes: Buffer, at: number): number {
  return groupAt(bytes, at) + groupAt(bytes, at + 2) * 0x10000;
}

function hasLetters(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) >= 0x80) return true;
  return false;
}
