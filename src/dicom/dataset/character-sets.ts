// PS3.5 §6.1: text from bytes and to bytes, in the sets that Specific Character Set (0008,0005) names.
import { utf8OrNull } from './character-sets-alone.js';
import { decodeCoded, encodeCoded, setHolding } from './character-sets-extensions.js';
import { fitPersonName, fitText, type Holds } from './character-sets-fitting.js';
import { type CharacterSet, type Plan, planOf } from './character-sets-plan.js';
import { MalformedDataSet } from './malformed-data-set.js';
import { type TextVR, textRules } from './value-representations.js';

export {
  type CharacterSet,
  type CharacterSetName,
  characterSets,
  isCharacterSet,
} from './character-sets-plan.js';

const escapeByte = 0x1b;
const escapeCharacter = '\u001b';
/** Up to here, ASCII without DEL, every set has the same characters. */
const lastPlain = 0x7e;

/** Text that is the same bytes in every set we know. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > lastPlain) return false;
  return true;
}

/**
 * The text of `bytes`, all values of the element with the backslashes between them. Throws {@link MalformedDataSet}
 * for a set that is not known, bytes that it does not have, and escape sequences that it does not name: a guess could
 * select other patients than were asked for.
 */
export function decodeText(bytes: Buffer, characterSet: CharacterSet, vr: TextVR): string {
  const plain = isPlain(bytes);
  if (plain === 'ascii') return bytes.toString('latin1');
  const plan = planOf(characterSet);
  if (plan.kind === 'unknown')
    throw new MalformedDataSet('is written in a character set that is not supported');
  if (plan.kind === 'coded') return decodeCoded(bytes, plan, delimitersOf(vr));
  if (plain === 'escaped')
    throw new MalformedDataSet('holds an escape sequence that the Specific Character Set does not name');
  if (plan.kind === 'alone') return plan.set.decode(bytes);
  // No set is named but the bytes are not ASCII: scanners that forget the name send UTF-8 or Latin-1, and Latin-1
  // text is hardly ever valid UTF-8.
  return utf8OrNull(bytes) ?? bytes.toString('latin1');
}

/**
 * The bytes of an element's text (its values with the backslashes between them) in the set. What the set cannot hold
 * is written as its nearest likeness (base letter, half or full width), or else `?`; of a person name, a component
 * group that would be nothing but `?` is left out. Never throws: an answer without one letter is better than none.
 */
export function encodeText(text: string, characterSet: CharacterSet, vr: TextVR): Buffer {
  if (isAscii(text) && !text.includes(escapeCharacter)) return Buffer.from(text, 'latin1');
  const plan = planOf(characterSet);
  const holds = holderOf(plan);
  const fitted =
    vr === 'PN'
      ? text
          .split('\\')
          .map((name) => fitPersonName(name, holds))
          .join('\\')
      : fitText(text, holds);
  if (plan.kind === 'coded') return encodeCoded(fitted, plan, delimitersOf(vr));
  return plan.kind === 'alone' ? plan.set.encode(fitted) : Buffer.from(fitted, 'latin1');
}

/** Can the set hold the text without replacing a letter? For warning a person before a scanner shows it. */
export function canEncodeText(text: string, characterSet: CharacterSet): boolean {
  const holds = holderOf(planOf(characterSet));
  return fitText(text, holds).normalize('NFC') === text.normalize('NFC');
}

/** The escape character starts a sequence in some sets and is text in none (PS3.5 §6.1.3). */
function holderOf(plan: Plan): Holds {
  const isPlainCode = (code: number): boolean => code <= lastPlain && code !== escapeByte;
  switch (plan.kind) {
    case 'coded':
      return (character) => {
        const code = character.charCodeAt(0);
        return code <= lastPlain ? isPlainCode(code) : setHolding(character, plan) !== undefined;
      };
    case 'alone':
      return (character) => {
        const code = character.charCodeAt(0);
        return code <= lastPlain ? isPlainCode(code) : plan.set.holds(character);
      };
    case 'default':
    case 'unknown':
      return (character) => isPlainCode(character.charCodeAt(0));
  }
}

/** Where the initial sets return (PS3.5 §6.1.2.5.3): between values, and in names between components and groups. */
function delimitersOf(vr: TextVR): string {
  if (vr === 'PN') return '\\^=';
  return textRules[vr].multiValued ? '\\' : '';
}

function isPlain(bytes: Buffer): 'ascii' | 'extended' | 'escaped' {
  let extended = false;
  for (const byte of bytes) {
    if (byte === escapeByte) return 'escaped';
    if (byte > 0x7f) extended = true;
  }
  return extended ? 'extended' : 'ascii';
}
