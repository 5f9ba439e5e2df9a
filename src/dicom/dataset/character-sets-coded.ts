// PS3.3 §C.12.1.1.2, Tables C.12-2 to C.12-4: the sets that can be combined by escape sequences (ISO 2022), each a table
// from code position to character that is built once, on first use.
import iconv from 'iconv-lite';

/** Where a set stands: G0 is read by bytes below 0x80, G1 by bytes from 0x80. */
export type Half = 'G0' | 'G1';

export interface CodedSet {
  readonly half: Half;
  /** Bytes of one character. */
  readonly width: 1 | 2;
  /** ESC and what follows it: puts the set into its half. */
  readonly escape: Buffer;
  /** The character at these positions (bytes without their high bit), or undefined where the set has none. */
  characterAt(first: number, second: number): string | undefined;
  /** The bytes of a character with the high bit of the half, or undefined when the set does not hold it. */
  bytesOf(character: string): readonly number[] | undefined;
}

/** What one number in `ISO 2022 IR n` brings: a set for G1, or for G0, or (JIS X 0201) one for each. */
export interface Registration {
  readonly g0: CodedSet | null;
  readonly g1: CodedSet | null;
  /** Sets of two bytes a character extend another set and are never the first value (Table C.12-4). */
  readonly isMultiByte: boolean;
}

interface Table {
  readonly characters: ReadonlyMap<number, string>;
  readonly positions: ReadonlyMap<string, number>;
}

const replacement = '\ufffd';
const escapeByte = 0x1b;
/** Rows and columns of a 94×94 set begin here. */
const firstOf94 = 0x21;
const lastOf94 = 0x7e;

/** ASCII, the default repertoire. */
export const asciiSet = coded('G0', 1, '(B', () => asciiTable());

/**
 * The Roman half of JIS X 0201. Where it has the yen sign and the overline, backslash and tilde are read and written:
 * 0x5C separates values in any case (PS3.5 §6.1.2.5.3), and identifiers are typed on keyboards that mean ASCII. So a
 * text of these bytes is the same text in every set. A yen sign itself is written full width or not at all.
 */
const romanSet = coded('G0', 1, '(J', () => asciiTable());

/** Half-width katakana, U+FF61 to U+FF9F in order. */
const katakanaSet = coded('G1', 1, ')I', () => {
  const entries: [number, string][] = [];
  for (let code = 0x21; code <= 0x5f; code += 1) entries.push([code, String.fromCharCode(0xff40 + code)]);
  return toTable(entries);
});

/** By the number of the International Register that their names end with. */
export const registrations: Readonly<Record<string, Registration>> = {
  '6': { g0: asciiSet, g1: null, isMultiByte: false },
  '13': { g0: romanSet, g1: katakanaSet, isMultiByte: false },
  '58': multiByte(coded('G1', 2, '$)A', () => table94x94('gbk', [], isGB2312))),
  '87': multiByte(coded('G0', 2, '$B', () => table94x94('eucjp', [], isJISX0208))),
  '100': singleByte('-A', 'iso-8859-1'),
  '101': singleByte('-B', 'iso-8859-2'),
  '109': singleByte('-C', 'iso-8859-3'),
  '110': singleByte('-D', 'iso-8859-4'),
  '126': singleByte('-F', 'iso-8859-7'),
  '127': singleByte('-G', 'iso-8859-6'),
  '138': singleByte('-H', 'iso-8859-8'),
  '144': singleByte('-L', 'iso-8859-5'),
  '148': singleByte('-M', 'iso-8859-9'),
  // EUC-KR; the double bytes below 0xA1 that Microsoft added are outside KS X 1001 and so outside the table.
  '149': multiByte(coded('G1', 2, '$)C', () => table94x94('euckr', []))),
  // EUC-JP reaches JIS X 0212 by a third byte in front.
  '159': multiByte(coded('G0', 2, '$(D', () => table94x94('eucjp', [0x8f]))),
  '166': singleByte('-T', 'tis620'),
  '203': singleByte('-b', 'iso-8859-15'),
};

function singleByte(final: string, encoding: string): Registration {
  return { g0: asciiSet, g1: coded('G1', 1, final, () => upperHalf(encoding)), isMultiByte: false };
}

function multiByte(set: CodedSet): Registration {
  return { g0: set.half === 'G0' ? set : null, g1: set.half === 'G1' ? set : null, isMultiByte: true };
}

function coded(half: Half, width: 1 | 2, final: string, build: () => Table): CodedSet {
  let built: Table | null = null;
  const table = (): Table => {
    built ??= build();
    return built;
  };
  const highBit = half === 'G1' ? 0x80 : 0;
  return {
    half,
    width,
    escape: Buffer.from([escapeByte, ...Buffer.from(final, 'latin1')]),
    characterAt: (first, second) => table().characters.get(width === 1 ? first : first * 0x100 + second),
    bytesOf: (character) => {
      const position = table().positions.get(character);
      if (position === undefined) return undefined;
      return width === 1 ? [position | highBit] : [(position >>> 8) | highBit, (position & 0xff) | highBit];
    },
  };
}

function asciiTable(): Table {
  const entries: [number, string][] = [];
  for (let code = 0x20; code <= lastOf94; code += 1) entries.push([code, String.fromCharCode(code)]);
  return toTable(entries);
}

/** ISO 8859 has the C1 controls at 0x80 to 0x9F; some scanners' free text holds them, and they come back as they are. */
function upperHalf(encoding: string): Table {
  const entries: [number, string][] = [];
  for (let code = 0; code < 0x80; code += 1) {
    const character = iconv.decode(Buffer.from([code | 0x80]), encoding);
    if (character !== replacement) entries.push([code, character]);
  }
  return toTable(entries);
}

/** Every position that iconv-lite knows is read; only those that the national standard has are written. */
function table94x94(
  encoding: string,
  prefix: readonly number[],
  isStandard: (first: number, second: number) => boolean = () => true,
): Table {
  const readable: [number, string][] = [];
  const writable: [number, string][] = [];
  for (let first = firstOf94; first <= lastOf94; first += 1) {
    for (const [index, character] of decodeRow(encoding, [...prefix, first | 0x80]).entries()) {
      if (!isOneCharacter(character)) continue;
      const second = firstOf94 + index;
      readable.push([first * 0x100 + second, character]);
      if (isStandard(first - 0x20, second - 0x20)) writable.push([first * 0x100 + second, character]);
    }
  }
  return toTable(readable, writable);
}

/** The 94 characters of a row, decoded at once: one call for each character would hold other associations up. */
function decodeRow(encoding: string, lead: readonly number[]): readonly string[] {
  const lineEnd = 0x0a;
  const bytes: number[] = [];
  for (let second = firstOf94; second <= lastOf94; second += 1) bytes.push(...lead, second | 0x80, lineEnd);
  return iconv.decode(Buffer.from(bytes), encoding).split('\n').slice(0, -1);
}

/** Private use is what a table says when the standard has no character there. */
function isOneCharacter(text: string): boolean {
  return [...text].length === 1 && text !== replacement && !/\p{Co}/u.test(text);
}

/** Rows 1 to 8 hold signs and letters, 16 to 84 kanji; NEC and IBM put others into the rows between and behind. */
function isJISX0208(row: number): boolean {
  return row <= 8 || (row >= 16 && row <= 84);
}

/** Rows 1 to 9 hold signs and letters, 16 to 87 hanzi; GBK put more signs (small Roman numbers, €) into rows 2, 6 and 8. */
function isGB2312(row: number, column: number): boolean {
  if (row === 2) return column >= 17 && column !== 67;
  if (row === 6) return column <= 56;
  if (row === 8) return column <= 26 || column >= 37;
  return row <= 9 || (row >= 16 && row <= 87);
}

function toTable(
  readable: readonly (readonly [number, string])[],
  writable: readonly (readonly [number, string])[] = readable,
): Table {
  const positions = new Map<string, number>();
  // The first position of a character counts: later ones are vendors' copies.
  for (const [position, character] of writable) {
    if (!positions.has(character)) positions.set(character, position);
  }
  return { characters: new Map(readable), positions };
}
