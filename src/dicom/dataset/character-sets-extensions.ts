// PS3.5 §6.1.2.4 and §6.1.2.5: text in sets that stand in two halves of the code table and change by escape sequences.
import type { CodedSet } from './character-sets-coded.js';
import type { CodedPlan } from './character-sets-plan.js';
import { MalformedDataSet } from './malformed-data-set.js';

const escapeByte = 0x1b;
const space = 0x20;
const del = 0x7f;

/**
 * One pass over the bytes. Both halves return to their initial sets at every control character and at every one of
 * `delimiters` (PS3.5 §6.1.2.5.3), which are delimiters only where G0 holds one byte a character: 0x5C, 0x5E and 0x3D
 * are also halves of kanji. Throws {@link MalformedDataSet} for an escape sequence that the plan does not name and for
 * bytes that stand for no character.
 */
export function decodeCoded(bytes: Buffer, plan: CodedPlan, delimiters: string): string {
  let [g0, g1] = [plan.initialG0, plan.initialG1];
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === escapeByte) {
      const set = designationAt(bytes, at, plan);
      if (set.half === 'G0') g0 = set;
      else g1 = set;
      at += set.escape.length;
      continue;
    }
    if (byte <= space || byte === del) {
      if (byte < space) [g0, g1] = [plan.initialG0, plan.initialG1];
      text += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    const set = byte < 0x80 ? g0 : g1;
    const character = set === null ? undefined : characterAt(bytes, at, set);
    if (set === null || character === undefined) {
      throw new MalformedDataSet('holds bytes that are no text in the Specific Character Set');
    }
    if (set.width === 1 && delimiters.includes(character)) [g0, g1] = [plan.initialG0, plan.initialG1];
    text += character;
    at += set.width;
  }
  return text;
}

function designationAt(bytes: Buffer, at: number, plan: CodedPlan): CodedSet {
  for (const set of plan.designations) {
    const end = at + set.escape.length;
    if (end <= bytes.length && set.escape.compare(bytes, at, end) === 0) return set;
  }
  throw new MalformedDataSet('holds an escape sequence that the Specific Character Set does not name');
}

function characterAt(bytes: Buffer, at: number, set: CodedSet): string | undefined {
  const first = bytes[at] ?? 0;
  if (set.width === 1) return set.characterAt(first & 0x7f, 0);
  const second = bytes[at + 1];
  // Both bytes of a character stand in the same half.
  if (second === undefined || second >>> 7 !== first >>> 7) return undefined;
  return set.characterAt(first & 0x7f, second & 0x7f);
}

/** The first set of the list that holds the character. */
export function setHolding(character: string, plan: CodedPlan): CodedSet | undefined {
  return plan.sets.find((set) => set.bytesOf(character) !== undefined);
}

/**
 * The bytes of a text that the plan holds. Each set is designated before its first character in a value, line or name
 * component, and the initial sets are back before its end. A half that is empty at first is left as it is, as in the
 * standard's Korean and Chinese examples (PS3.5 Annexes I and K): there is nothing to return to.
 */
export function encodeCoded(text: string, plan: CodedPlan, delimiters: string): Buffer {
  const { initialG0, initialG1 } = plan;
  const bytes: number[] = [];
  let [g0, g1] = [initialG0, initialG1];
  const restore = (): void => {
    if (g0 !== initialG0) bytes.push(...initialG0.escape);
    if (g1 !== initialG1 && initialG1 !== null) bytes.push(...initialG1.escape);
    [g0, g1] = [initialG0, initialG1];
  };
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < space || delimiters.includes(character)) {
      restore();
      bytes.push(code);
      continue;
    }
    // The first halves of all the sets that may be initial are ASCII.
    if (code < del && g0 === initialG0) {
      bytes.push(code);
      continue;
    }
    const set = setHolding(character, plan);
    if (set === undefined) throw new TypeError('the text was not fitted to the character set');
    if (set !== (set.half === 'G0' ? g0 : g1)) bytes.push(...set.escape);
    if (set.half === 'G0') g0 = set;
    else g1 = set;
    bytes.push(...(set.bytesOf(character) ?? []));
  }
  restore();
  return Buffer.from(bytes);
}
