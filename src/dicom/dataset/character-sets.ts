// PS3.5 §6.1 and Annexes, PS3.3 §C.12.1.1.2: from the names in Specific Character Set (0008,0005) to characters.
import iconv from 'iconv-lite';
import { MalformedDataSet } from './malformed-data-set.js';

/** The character sets that answers can be written in; requests are read in all of {@link encodings}. */
export type ResponseCharacterSet = 'ISO_IR 100' | 'ISO_IR 192';

/** Single-byte and multi-byte sets without code extensions, and what iconv-lite calls them. */
const encodings: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'tis620',
  'ISO_IR 192': 'utf8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

const escapeByte = 0x1b;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Letters that lose no more than their ornament when an answer must be written in a smaller set.
 * Those that Unicode decomposes (Č, ő …) need no row.
 */
const lookalikes: Readonly<Record<string, string>> = {
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ħ: 'H',
  ħ: 'h',
  Œ: 'OE',
  œ: 'oe',
  ı: 'i',
  ẞ: 'SS',
  Ŋ: 'N',
  ŋ: 'n',
  Ŧ: 'T',
  ŧ: 't',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '€': 'EUR',
};

/** Text that is the same bytes in every set we know. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}

/**
 * The text of `bytes` written in the character set named by the values of (0008,0005).
 * The first value counts; code extensions by escape sequences (ISO 2022) are refused, never guessed.
 */
export function decodeText(bytes: Buffer, characterSet: readonly string[]): string {
  const plain = isPlain(bytes);
  if (plain === 'ascii') return bytes.toString('latin1');
  if (plain === 'escaped')
    throw new MalformedDataSet('holds an escape sequence; ISO 2022 code extensions are not supported');
  const name = (characterSet[0] ?? '').replace(/^ISO 2022 IR /, 'ISO_IR ');
  // No set is named but the bytes are not ASCII: scanners that forget the name send UTF-8 or Latin-1, and Latin-1
  // text is hardly ever valid UTF-8.
  if (name === '' || name === 'ISO_IR 6') return utf8OrNull(bytes) ?? bytes.toString('latin1');
  if (name === 'ISO_IR 192') {
    const text = utf8OrNull(bytes);
    if (text === null)
      throw new MalformedDataSet('is not valid UTF-8, which the Specific Character Set promises');
    return text;
  }
  const encoding = encodings[name];
  if (encoding === undefined)
    throw new MalformedDataSet('is written in a character set that is not supported');
  return iconv.decode(bytes, encoding);
}

/** The bytes of `text` in the named set. What the set cannot hold is written as its base letter, or else `?`. */
export function encodeText(text: string, characterSet: readonly string[]): Buffer {
  if (isAscii(text)) return Buffer.from(text, 'latin1');
  const name = characterSet[0] ?? '';
  if (name === 'ISO_IR 192') return Buffer.from(text, 'utf8');
  const encoding = encodings[name] ?? 'ascii';
  let bytes = '';
  for (const character of text.normalize('NFC')) bytes += encodeCharacter(character, encoding);
  return Buffer.from(bytes, 'latin1');
}

/** Can the set hold the text without replacing a letter? For warning a person before a scanner shows it. */
export function canEncodeText(text: string, characterSet: ResponseCharacterSet): boolean {
  if (characterSet === 'ISO_IR 192') return true;
  for (const character of text.normalize('NFC')) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xff || (code > 0x7e && code < 0xa0)) return false;
  }
  return true;
}

function encodeCharacter(character: string, encoding: string): string {
  if (isAscii(character)) return character;
  const fits = tryEncode(character, encoding);
  if (fits !== null) return fits;
  const lookalike = lookalikes[character];
  if (lookalike !== undefined) return lookalike;
  const base = character.normalize('NFD').replace(/\p{M}+/gu, '');
  if (base !== '' && isAscii(base)) return base;
  return tryEncode(base, encoding) ?? '?';
}

function tryEncode(character: string, encoding: string): string | null {
  if (character === '' || encoding === 'ascii') return null;
  const bytes = iconv.encode(character, encoding);
  return iconv.decode(bytes, encoding) === character ? bytes.toString('latin1') : null;
}

function isPlain(bytes: Buffer): 'ascii' | 'extended' | 'escaped' {
  let extended = false;
  for (const byte of bytes) {
    if (byte === escapeByte) return 'escaped';
    if (byte > 0x7f) extended = true;
  }
  return extended ? 'extended' : 'ascii';
}

function utf8OrNull(bytes: Buffer): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}
