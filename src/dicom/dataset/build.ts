// PS3.5 §7: data sets written by keyword, for programs that send them.
import { DataSet, type Element } from './data-set.js';
import { type DictionaryEntry, mustFindKeyword } from './dictionary.js';
import { isTextVR, trimValue } from './value-representations.js';

/**
 * Text, several texts, numbers (US, SS, UL, SL, AT and the numeric texts IS and DS), items of a sequence, or bytes.
 * `null` and `''` give an element of zero length.
 */
export type ElementInput =
  | string
  | number
  | null
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | readonly (DataSetInput | DataSet)[];

/** `{ PatientName: 'DOE^JANE', ScheduledProcedureStepSequence: [{ Modality: 'NM' }] }` */
export interface DataSetInput {
  readonly [keyword: string]: ElementInput | undefined;
}

/**
 * A data set from values by keyword. `undefined` leaves the element out.
 * Throws a TypeError for an unknown keyword or a value that its VR cannot hold: both are mistakes in the program.
 */
export function dataSet(input: DataSetInput): DataSet {
  const elements: Element[] = [];
  for (const [keyword, value] of Object.entries(input)) {
    if (value !== undefined) elements.push(toElement(mustFindKeyword(keyword), value));
  }
  return DataSet.of(elements);
}

/** The element of zero length: a requested attribute that has no value. */
export function emptyElement(entry: Pick<DictionaryEntry, 'tag' | 'vr'>): Element {
  const { tag, vr } = entry;
  if (vr === 'SQ') return { kind: 'sequence', tag, vr, items: [] };
  if (isTextVR(vr)) return { kind: 'text', tag, vr, values: [] };
  return { kind: 'binary', tag, vr, bytes: new Uint8Array(0) };
}

function toElement(entry: DictionaryEntry, value: ElementInput): Element {
  const { tag, vr, keyword } = entry;
  if (value === null || value === '') return emptyElement(entry);
  if (value instanceof Uint8Array) {
    if (isTextVR(vr) || vr === 'SQ') throw new TypeError(`${keyword} is ${vr} and cannot hold bytes`);
    return { kind: 'binary', tag, vr, bytes: value };
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (vr === 'SQ') return { kind: 'sequence', tag, vr, items: list.map((item) => toItem(keyword, item)) };
  if (isTextVR(vr)) {
    const values = list.map((item) => {
      if (typeof item !== 'string' && typeof item !== 'number')
        throw new TypeError(`${keyword} is ${vr} and holds text`);
      return trimValue(vr, String(item));
    });
    return {
      kind: 'text',
      tag,
      vr,
      values: values.every((text) => text === '') && values.length < 2 ? [] : values,
    };
  }
  return { kind: 'binary', tag, vr, bytes: packNumbers(keyword, vr, list) };
}

function toItem(keyword: string, item: unknown): DataSet {
  if (item instanceof DataSet) return item;
  if (typeof item !== 'object' || item === null)
    throw new TypeError(`${keyword} is a sequence and holds items`);
  return dataSet(item as DataSetInput);
}

function packNumbers(keyword: string, vr: string, list: readonly unknown[]): Uint8Array {
  const unitBytes = vr === 'US' || vr === 'SS' ? 2 : 4;
  const bytes = Buffer.alloc(unitBytes * list.length);
  for (const [index, value] of list.entries()) {
    const at = index * unitBytes;
    if (typeof value !== 'number') throw new TypeError(`${keyword} is ${vr} and holds numbers`);
    if (vr === 'US') bytes.writeUInt16LE(value, at);
    else if (vr === 'SS') bytes.writeInt16LE(value, at);
    else if (vr === 'UL') bytes.writeUInt32LE(value, at);
    else if (vr === 'SL') bytes.writeInt32LE(value, at);
    else if (vr === 'AT') {
      bytes.writeUInt16LE(value >>> 16, at);
      bytes.writeUInt16LE(value & 0xffff, at + 2);
    } else throw new TypeError(`${keyword} is ${vr}; give it as bytes`);
  }
  return Uint8Array.from(bytes);
}
