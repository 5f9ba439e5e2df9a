// PS3.5 §7: a data set is an ordered list of elements, each with a tag, a VR and its values.
import { findByTag, mustFindKeyword, type Tag } from './dictionary.js';
import { formatTag } from './malformed-data-set.js';
import type { BinaryVR, TextVR } from './value-representations.js';

export interface TextElement {
  readonly kind: 'text';
  readonly tag: Tag;
  readonly vr: TextVR;
  /** Without padding; empty when the element has zero length. */
  readonly values: readonly string[];
}

export interface BinaryElement {
  readonly kind: 'binary';
  readonly tag: Tag;
  readonly vr: BinaryVR;
  /** As on the wire, little endian. */
  readonly bytes: Uint8Array;
}

export interface SequenceElement {
  readonly kind: 'sequence';
  readonly tag: Tag;
  readonly vr: 'SQ';
  readonly items: readonly DataSet[];
}

export type Element = TextElement | BinaryElement | SequenceElement;

/** What matching needs of a data set, whatever form it is kept in. */
export interface Readable {
  /** The values of a text element; none when it is absent, empty or not text. */
  textsAt(tag: Tag): readonly string[];
  /** The items of a sequence; none when it is absent, empty or not a sequence. */
  itemsAt(tag: Tag): readonly Readable[];
}

/**
 * A data set that cannot be changed. Elements are reached by their keyword in the DICOM dictionary
 * (`PatientName`); a keyword that the dictionary does not have throws, since it is a mistake in the program.
 */
export class DataSet implements Readable {
  private readonly byTag: ReadonlyMap<Tag, Element>;

  private constructor(elements: ReadonlyMap<Tag, Element>) {
    this.byTag = elements;
  }

  static readonly empty = new DataSet(new Map());

  /** A data set of these elements in ascending order of tags; of two with the same tag the later counts. */
  static of(elements: Iterable<Element>): DataSet {
    const list = [...elements].sort((a, b) => a.tag - b.tag);
    return new DataSet(new Map(list.map((element) => [element.tag, element])));
  }

  get size(): number {
    return this.byTag.size;
  }

  /** In ascending order of tags, the order of the wire. */
  elements(): IterableIterator<Element> {
    return this.byTag.values() as IterableIterator<Element>;
  }

  element(keyword: string): Element | undefined {
    return this.byTag.get(mustFindKeyword(keyword).tag);
  }

  elementAt(tag: Tag): Element | undefined {
    return this.byTag.get(tag);
  }

  has(keyword: string): boolean {
    return this.element(keyword) !== undefined;
  }

  /** The first value of a text element; `''` when it is absent, empty or not text. */
  text(keyword: string): string {
    return this.texts(keyword)[0] ?? '';
  }

  /** All values of a text element; none when it is absent, empty or not text. */
  texts(keyword: string): readonly string[] {
    return this.textsAt(mustFindKeyword(keyword).tag);
  }

  textsAt(tag: Tag): readonly string[] {
    const element = this.byTag.get(tag);
    return element?.kind === 'text' ? element.values : [];
  }

  /** The items of a sequence; none when it is absent, empty or not a sequence. */
  items(keyword: string): readonly DataSet[] {
    return this.itemsAt(mustFindKeyword(keyword).tag);
  }

  itemsAt(tag: Tag): readonly DataSet[] {
    const element = this.byTag.get(tag);
    return element?.kind === 'sequence' ? element.items : [];
  }

  /** The values of a binary element whose VR is US, SS, UL, SL or AT (a tag as one number). */
  numbers(keyword: string): readonly number[] {
    const element = this.element(keyword);
    return element?.kind === 'binary' ? unpackNumbers(element) : [];
  }

  /** This data set with other elements added or replaced. */
  with(elements: Iterable<Element>): DataSet {
    return DataSet.of([...this.byTag.values(), ...elements]);
  }
}

/** No value at all: zero length, only empty values, or a sequence without items. */
export function isEmptyElement(element: Element | undefined): boolean {
  if (element === undefined) return true;
  switch (element.kind) {
    case 'text':
      return element.values.every((value) => value === '');
    case 'binary':
      return element.bytes.length === 0;
    case 'sequence':
      return element.items.length === 0;
  }
}

/** `PatientName`, or `(0009,1001)` for a tag that the dictionary does not have. */
export function nameTag(tag: Tag): string {
  return findByTag(tag)?.keyword ?? formatTag(tag);
}

function unpackNumbers(element: BinaryElement): readonly number[] {
  const view = new DataView(element.bytes.buffer, element.bytes.byteOffset, element.bytes.byteLength);
  const numbers: number[] = [];
  const each = (unitBytes: number, read: (offset: number) => number): void => {
    for (let at = 0; at + unitBytes <= view.byteLength; at += unitBytes) numbers.push(read(at));
  };
  if (element.vr === 'US') each(2, (at) => view.getUint16(at, true));
  if (element.vr === 'SS') each(2, (at) => view.getInt16(at, true));
  if (element.vr === 'UL') each(4, (at) => view.getUint32(at, true));
  if (element.vr === 'SL') each(4, (at) => view.getInt32(at, true));
  if (element.vr === 'AT') each(4, (at) => view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true));
  return numbers;
}
