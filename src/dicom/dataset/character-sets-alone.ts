// PS3.3 Table C.12-5: the multi-byte sets that stand alone. They need no escape sequences and allow none.
import iconv from 'iconv-lite';
import { MalformedDataSet } from './malformed-data-set.js';

export interface StandAloneSet {
  /** Throws {@link MalformedDataSet} for bytes that are no text in the set. */
  decode(bytes: Buffer): string;
  /** The bytes of a text of which the set holds every character. */
  encode(text: string): Buffer;
  holds(character: string): boolean;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const replacement = '\ufffd';
/** With the u flag this is half a pair alone. GB18030 has codes for some, having room for more than Unicode has. */
const loneSurrogate = /[\ud800-\udfff]/u;

export const standAloneSets: Readonly<Record<string, StandAloneSet>> = {
  'ISO_IR 192': {
    decode: decodeUtf8,
    encode: (text) => Buffer.from(text, 'utf8'),
    holds: (character) => !loneSurrogate.test(character),
  },
  GB18030: chinese('gb18030'),
  GBK: chinese('gbk'),
};

export function utf8OrNull(bytes: Buffer): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

function decodeUtf8(bytes: Buffer): string {
  const text = utf8OrNull(bytes);
  if (text === null)
    throw new MalformedDataSet('is not valid UTF-8, which the Specific Character Set promises');
  return text;
}

/**
 * GB18030 holds all of Unicode in one, two or four bytes; GBK only its two-byte part. The second byte of a character
 * may be 0x5C or 0x5E: values and components are told apart by characters, after decoding.
 */
function chinese(encoding: 'gb18030' | 'gbk'): StandAloneSet {
  // Asking iconv-lite costs microseconds a character; what the Basic Multilingual Plane holds is remembered.
  const known = new Map<string, boolean>();
  return {
    decode: (bytes) => {
      const text = iconv.decode(bytes, encoding);
      if (text.includes(replacement) || loneSurrogate.test(text)) {
        throw new MalformedDataSet('holds bytes that are no text in the Specific Character Set');
      }
      return text;
    },
    encode: (text) => iconv.encode(text, encoding),
    holds: (character) => {
      const answer = known.get(character) ?? comesBack(character, encoding);
      if (character.length === 1) known.set(character, answer);
      return answer;
    },
  };
}

function comesBack(character: string, encoding: string): boolean {
  const bytes = iconv.encode(character, encoding);
  // One high byte alone (0x80 for €) is Microsoft's and not in the Chinese standards.
  if (bytes.length === 1 && character.charCodeAt(0) > 0x7f) return false;
  return character !== replacement && iconv.decode(bytes, encoding) === character;
}
