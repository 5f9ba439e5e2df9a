import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CharacterSet,
  canEncodeText,
  characterSets,
  decodeText,
  encodeText,
  isCharacterSet,
} from './character-sets.js';
import { registrations } from './character-sets-coded.js';
import { dataSet, MalformedDataSet, readDataSet, writeDataSet } from './index.js';
import type { TextVR } from './value-representations.js';

/** Bytes as the standard prints them: letters as they are, the others as `column/row`, e.g. `{01/11}` for ESC. */
function bytes(text: string): Buffer {
  const parts = text.split(/\{([^}]*)\}/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0
        ? Buffer.from(part, 'latin1')
        : Buffer.from(
            part
              .trim()
              .split(/\s+/)
              .map((code) => Number(code.slice(0, 2)) * 16 + Number(code.slice(3))),
          ),
    ),
  );
}

const kanji = '{01/11 02/04 04/02}';
const ascii = '{01/11 02/08 04/02}';
const roman = '{01/11 02/08 04/10}';
const korean = '{01/11 02/04 02/09 04/03}';
const chinese = '{01/11 02/04 02/09 04/01}';

const yamada = `${kanji}{03/11 03/03 04/05 04/04}`;
const tarou = `${kanji}{04/02 04/00 04/15 03/10}`;
const yamadaKana = `${kanji}{02/04 06/04 02/04 05/14 02/04 04/00}`;
const tarouKana = `${kanji}{02/04 03/15 02/04 06/13 02/04 02/06}`;

const korea = characterSets.ISO_2022_IR_149;
const japan = characterSets.ISO_2022_IR_87;
const japanWithKatakana = characterSets.ISO_2022_IR_13_87;
const china = characterSets.ISO_2022_IR_58;

describe('the examples of PS3.5', () => {
  it.each<[string, string, CharacterSet, string]>([
    [
      'H.3.1',
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
      japan,
      `Yamada^Tarou=${yamada}${ascii}^${tarou}${ascii}=${yamadaKana}${ascii}^${tarouKana}${ascii}`,
    ],
    [
      'H.3.2',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
      japanWithKatakana,
      `{13/04 12/15 12/00 13/14}^{12/00 13/11 11/03}=${yamada}${roman}^${tarou}${roman}=${yamadaKana}${roman}^${tarouKana}${roman}`,
    ],
    [
      'I.2',
      'Hong^Gildong=洪^吉洞=홍^길동',
      korea,
      `Hong^Gildong=${korean}{15/11 15/03}^${korean}{13/01 12/14 13/04 13/07}=${korean}{12/08 10/11}^${korean}{11/01 14/06 11/05 11/15}`,
    ],
    [
      'J, UTF-8',
      'Wang^XiaoDong=王^小東=',
      characterSets.ISO_IR_192,
      'Wang^XiaoDong={14/07 08/14 08/11}^{14/05 11/00 08/15 14/06 09/13 11/01}=',
    ],
    [
      'J, GB18030',
      'Wang^XiaoDong=王^小东=',
      characterSets.GB18030,
      'Wang^XiaoDong={12/13 15/05}^{13/00 10/01 11/06 10/11}=',
    ],
    [
      'J, GBK',
      'Wang^XiaoDong=王^小东=',
      characterSets.GBK,
      'Wang^XiaoDong={12/13 15/05}^{13/00 10/01 11/06 10/11}=',
    ],
    [
      'K.2',
      'Zhang^XiaoDong=张^小东=',
      china,
      `Zhang^XiaoDong=${chinese}{13/05 12/05}^${chinese}{13/00 10/01 11/06 10/11}=`,
    ],
  ])('%s is written and read byte for byte', (_section, name, characterSet, expected) => {
    expect(encodeText(name, characterSet, 'PN').toString('hex')).toBe(bytes(expected).toString('hex'));
    expect(decodeText(bytes(expected), characterSet, 'PN')).toBe(name);
    expect(canEncodeText(name, characterSet)).toBe(true);
  });

  it('I.3 and K.3 name the set anew in every line of a text', () => {
    const korean1 = 'The first line includes 길동.\r\nThe second line includes 길동, too.\r\nThe third line.';
    const gildong = `${korean}{11/01 14/06 11/05 11/15}`;
    const expected1 = `The first line includes ${gildong}.\r\nThe second line includes ${gildong}, too.\r\nThe third line.`;
    expect(encodeText(korean1, korea, 'LT')).toEqual(bytes(expected1));
    expect(decodeText(bytes(expected1), korea, 'LT')).toBe(korean1);
    const chinese1 =
      'The first line includes 中文.\r\nThe second line includes 中文, too.\r\nThe third line.';
    const zhongwen = `${chinese}{13/06 13/00 12/14 12/04}`;
    const expected2 = `The first line includes ${zhongwen}.\r\nThe second line includes ${zhongwen}, too.\r\nThe third line.`;
    expect(encodeText(chinese1, china, 'LT')).toEqual(bytes(expected2));
    expect(decodeText(bytes(expected2), china, 'LT')).toBe(chinese1);
  });
});

describe('single-byte sets', () => {
  it.each<[CharacterSet, string, string]>([
    [['ISO_IR 100'], 'Äneas^Rüdiger', '{12/04}neas^R{15/12}diger'],
    [['ISO_IR 101'], 'Wałęsa', 'Wa{11/03 14/10}sa'],
    [['ISO_IR 109'], 'antaŭnomo', 'anta{15/13}nomo'],
    [['ISO_IR 110'], 'vārds', 'v{14/00}rds'],
    [['ISO_IR 144'], 'Люкceмбypг', '{11/11 14/14 13/10}ce{13/12 13/01}yp{13/03}'],
    [['ISO_IR 127'], 'قباني^لنزار', '{14/02 12/08 12/07 14/06 14/10}^{14/04 14/06 13/02 12/07 13/01}'],
    [['ISO_IR 126'], 'Διονυσιος', '{12/04 14/09 14/15 14/13 15/05 15/03 14/09 14/15 15/02}'],
    [['ISO_IR 138'], 'שרון^דבורה', '{15/09 15/08 14/05 14/15}^{14/03 14/01 14/05 15/08 14/04}'],
    [['ISO_IR 148'], 'Çavuşoğlu', '{12/07}avu{15/14}o{15/00}lu'],
    [['ISO_IR 203'], 'Œuvre €', '{11/12}uvre {10/04}'],
    [['ISO_IR 166'], 'นามสกุล', '{11/09 13/02 12/01 12/10 10/01 13/08 12/05}'],
    [['ISO_IR 13'], 'ﾔﾏﾀﾞ^ﾀﾛｳ', '{13/04 12/15 12/00 13/14}^{12/00 13/11 11/03}'],
  ])('%s', (characterSet, text, expected) => {
    expect(encodeText(text, characterSet, 'PN')).toEqual(bytes(expected));
    expect(decodeText(bytes(expected), characterSet, 'PN')).toBe(text);
    // The same set as the initial one of a list, and designated by its escape sequence in another list.
    const number = /\d+/.exec(characterSet[0] ?? '')?.[0] ?? '';
    const extended = [`ISO 2022 IR ${number}`, 'ISO 2022 IR 87'];
    expect(encodeText(text, extended, 'PN')).toEqual(bytes(expected));
    const added = ['', `ISO 2022 IR ${number}`];
    const escaped = encodeText(text, added, 'PN');
    expect(escaped.includes(registrations[number]?.g1?.escape ?? '')).toBe(true);
    expect(decodeText(escaped, added, 'PN')).toBe(text);
  });

  it('refuses bytes that the set has no character for, and escape sequences', () => {
    for (const [characterSet, text] of [
      [['ISO_IR 127'], '{10/01}'],
      [['ISO_IR 126'], '{13/02}'],
      [['ISO_IR 166'], '{10/00}'],
      [['ISO_IR 13'], '{14/00}'],
      [['ISO_IR 13'], '{08/02 10/00}'],
      [['ISO_IR 100'], `A${ascii}`],
      [['ISO_IR 192'], `A${ascii}`],
      [['GB18030'], `A${ascii}`],
      [[], `A${ascii}`],
      [['ISO_IR 192'], '{15/12}A'],
      [['GB18030'], '{15/15}A'],
      [['GB18030'], '{15/14 03/03 09/10 03/02}'],
      [['GBK'], '{08/01}'],
      [['LATIN'], '{15/12}'],
      [['ISO_IR 192', 'ISO 2022 IR 87'], '{12/03 11/12}'],
    ] as const) {
      expect(() => decodeText(bytes(text), characterSet, 'PN')).toThrow(MalformedDataSet);
    }
  });

  it('reads backslash and tilde where JIS X 0201 has the yen sign and the overline', () => {
    expect(decodeText(bytes('A~B\\{11/01}'), ['ISO_IR 13'], 'LO')).toBe('A~B\\ｱ');
    expect(encodeText('A~B\\ｱ', ['ISO_IR 13'], 'LO')).toEqual(bytes('A~B\\{11/01}'));
    expect(encodeText('¥', ['ISO_IR 13'], 'LT').toString()).toBe('?');
    expect(decodeText(encodeText('¥', japanWithKatakana, 'LT'), japanWithKatakana, 'LT')).toBe('￥');
  });

  it('reads text without a named set as UTF-8 or else Latin-1', () => {
    expect(decodeText(Buffer.from('MÜLLER', 'latin1'), [], 'PN')).toBe('MÜLLER');
    expect(decodeText(Buffer.from('MÜLLER', 'utf8'), [], 'PN')).toBe('MÜLLER');
    expect(decodeText(Buffer.from('MÜLLER', 'latin1'), ['ISO_IR 6'], 'PN')).toBe('MÜLLER');
    expect(decodeText(Buffer.from('MULLER'), ['LATIN'], 'PN')).toBe('MULLER');
  });
});

describe('code extensions', () => {
  it('read kanji of which a byte is a backslash or a caret as kanji', () => {
    // 0x305C and 0x305E, 0x3B5C: kanji of JIS X 0208 whose second byte is a delimiter elsewhere.
    const name = decodeText(bytes(`${kanji}0\\0^;\\${ascii}^A`), japan, 'PN');
    expect([...name]).toHaveLength(5);
    expect(name.indexOf('\\')).toBe(-1);
    expect(encodeText(name, japan, 'PN')).toEqual(bytes(`${kanji}0\\0^;\\${ascii}^A`));
  });

  it('split values by characters', () => {
    for (const [characterSet, value] of [
      [japan, decodeText(bytes(`${kanji}0\\${ascii}`), japan, 'LO')],
      [characterSets.GBK, decodeText(bytes('{08/01}\\'), ['GBK'], 'LO')],
      [characterSets.GB18030, decodeText(bytes('{08/01}\\'), ['GB18030'], 'LO')],
    ] as const) {
      const set = dataSet({ SpecificCharacterSet: [...characterSet], OtherPatientIDs: [value, 'B', value] });
      for (const syntax of ['explicit-vr-little-endian', 'implicit-vr-little-endian'] as const) {
        expect(readDataSet(writeDataSet(set, syntax), syntax).texts('OtherPatientIDs')).toEqual([
          value,
          'B',
          value,
        ]);
      }
    }
  });

  it('come back to the first value at delimiters and control characters', () => {
    const two = ['ISO 2022 IR 100', 'ISO 2022 IR 126'];
    const greek = '{01/11 02/13 04/06}';
    const latin = '{01/11 02/13 04/01}';
    expect(encodeText('éλ^é\\λ', two, 'PN')).toEqual(
      bytes(`{14/09}${greek}{14/11}${latin}^{14/09}\\${greek}{14/11}${latin}`),
    );
    // A scanner that does not return is understood in the way that the standard says.
    expect(decodeText(bytes(`${greek}{14/11}^{14/11}`), two, 'PN')).toBe('λ^ë');
    expect(decodeText(bytes(`${greek}{14/11}^{14/11}`), two, 'LO')).toBe('λ^λ');
    expect(decodeText(bytes(`${greek}{14/11}\\{14/11}`), two, 'LO')).toBe('λ\\ë');
    expect(decodeText(bytes(`${greek}{14/11}\\{14/11}`), two, 'LT')).toBe('λ\\λ');
    expect(decodeText(bytes(`${greek}{14/11}\r\n{14/11}`), two, 'LT')).toBe('λ\r\në');
    expect(decodeText(bytes(`${greek}{14/11}\t{14/11}`), two, 'LT')).toBe('λ\të');
  });

  it('reach JIS X 0212 and return', () => {
    const set = characterSets.ISO_2022_IR_87_159;
    const expected = `Mori^Ogai=${kanji}{03/15 03/09}${ascii}^{01/11 02/04 02/08 04/04}l?${kanji}{03/03 03/00}${ascii}`;
    expect(encodeText('Mori^Ogai=森^鷗外', set, 'PN')).toEqual(bytes(expected));
    expect(decodeText(bytes(expected), set, 'PN')).toBe('Mori^Ogai=森^鷗外');
  });

  it('refuse what the list does not name, and what is cut off', () => {
    for (const [characterSet, text] of [
      [japan, `${korean}{12/08 10/11}`],
      [japan, `${kanji}{03/11 03/03}${roman}`],
      [korea, `${kanji}{03/11 03/03}`],
      [korea, '{12/08 10/11}'],
      [korea, `${korean}{12/08 10/11}^{12/08 10/11}`],
      [korea, `${korean}{12/08}`],
      [korea, `${korean}{12/08}A`],
      [korea, `${korean}{12/09 10/01}`],
      [japan, `${kanji}{03/11}`],
      [japan, `${kanji}{03/11 03/03}^${kanji}`],
      [japan, `${kanji}{02/09 02/01}`],
      [japan, '{01/11}'],
      [japan, '{01/11 02/04}'],
      [japan, '{01/11 02/04 04/03}'],
      [['ISO 2022 IR 100', 'ISO 2022 IR 999'], '{14/09}'],
      [['ISO 2022 IR 100', 'GBK'], '{14/09}'],
    ] as const) {
      expect(() => decodeText(bytes(text), characterSet, 'PN')).toThrow(MalformedDataSet);
    }
  });

  it('understand what scanners write outside the standard, when it can mean one thing only', () => {
    expect(decodeText(bytes(`${korean}{12/08 10/11}`), ['ISO 2022 IR 149'], 'PN')).toBe('홍');
    expect(decodeText(bytes('{12/08 10/11}^{12/08 10/11}'), ['ISO 2022 IR 149'], 'PN')).toBe('홍^홍');
    expect(decodeText(bytes(`${yamada}${ascii}`), ['ISO 2022 IR 87'], 'PN')).toBe('山田');
    expect(decodeText(bytes(`{14/09}${yamada}${ascii}`), ['ISO_IR 100', 'ISO 2022 IR 87'], 'PN')).toBe(
      'é山田',
    );
    // 髙 is NEC's and IBM's, not JIS X 0208's: read, and written as 高.
    expect(decodeText(bytes(`${kanji}|b${ascii}`), japan, 'PN')).toBe('髙');
    expect(decodeText(encodeText('髙', japan, 'PN'), japan, 'PN')).toBe('高');
  });
});

describe('what a set cannot hold', () => {
  const shown = (text: string, characterSet: CharacterSet, vr: TextVR = 'PN'): string =>
    decodeText(encodeText(text, characterSet, vr), characterSet, vr);

  it.each<[string, CharacterSet, string]>([
    ['Łukasz Dvořák O’Brien 山', ['ISO_IR 100'], "Lukasz Dvorák O'Brien ?"],
    ['Ü', [], 'U'],
    ['Ü', ['LATIN'], 'U'],
    ['Müller', japan, 'Muller'],
    ['e\u0301', ['ISO_IR 100'], 'é'],
    ['Ａ１', ['ISO_IR 100'], 'A1'],
    ['＼＝＾≠', ['ISO_IR 100'], '????'],
    ['やまだ^タロウ', ['ISO_IR 13'], 'ﾔﾏﾀﾞ^ﾀﾛｳ'],
    ['ﾔﾏﾀﾞ', japan, 'ヤマダ'],
    ['똠', korea, '?'],
    ['ㄱ\u1112\u1169\u11bc', korea, 'ㄱ홍'],
    ['A\u001bB', ['ISO_IR 192'], 'A?B'],
    ['\ud800', ['GB18030'], '?'],
    ['\ufffd', ['GB18030'], '?'],
    ['€', ['GBK'], 'EUR'],
  ])('%j in %j becomes %j', (text, characterSet, expected) => {
    expect(shown(text, characterSet)).toBe(expected);
    expect(canEncodeText(text, characterSet)).toBe(expected === text.normalize('NFC'));
  });

  it('leaves out a component group of question marks, and never the whole name', () => {
    const name = 'Yamada^Tarou=山田^太郎=やまだ^たろう';
    expect(shown(name, ['ISO_IR 100'])).toBe('Yamada^Tarou');
    expect(shown(name, [])).toBe('Yamada^Tarou');
    expect(shown(name, ['ISO_IR 13'])).toBe('Yamada^Tarou==ﾔﾏﾀﾞ^ﾀﾛｳ');
    // KS X 1001 has 郎 in its second place only, which Unicode keeps apart as U+F92C: the same letter when composed.
    expect(shown(name, korea).normalize('NFC')).toBe(name);
    expect(canEncodeText(name, korea)).toBe(true);
    expect(shown('Hong=洪=홍', china)).toBe('Hong=洪');
    expect(shown('=山田^太郎', ['ISO_IR 100'])).toBe('=??^??');
    expect(shown('山田^太郎', ['ISO_IR 100'])).toBe('??^??');
    expect(shown('山田=やまだ', ['ISO_IR 100'])).toBe('??');
    expect(shown('Wang=王=', ['ISO_IR 100'])).toBe('Wang');
    expect(shown('A=山\\B=Ü', ['ISO_IR 100'])).toBe('A\\B=Ü');
    expect(shown('Müller=山', ['ISO_IR 100'], 'LO')).toBe('Müller=?');
  });
});

const everySet = [
  ...Object.values(characterSets),
  [],
  ['ISO 2022 IR 100', 'ISO 2022 IR 126', 'ISO 2022 IR 144'],
  ['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
  ['', 'ISO 2022 IR 149', 'ISO 2022 IR 58', 'ISO 2022 IR 87', 'ISO 2022 IR 166'],
] as const satisfies readonly CharacterSet[];
const vrs = fc.constantFrom<TextVR>('PN', 'LO', 'LT');

/** Letters of every repertoire, delimiters, controls and whatever else Unicode has. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'AbZ ^=\\\t\r\n~éßŁłąЖяאبΩé€山田鷗洪홍길동王东髙ﾔﾏﾀﾞやマ¥‾～〜﨑𠮷'),
    fc.integer({ min: 0x20, max: 0x2ff }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0x3000, max: 0x9fff }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code)),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('\u001b', '\ud800', '\udc00', '\u007f', '\u0000', '\ufffd'),
  ),
  maxLength: 40,
});

describe('any set', () => {
  it('reads back as it was written whatever it can hold', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...everySet), vrs, (text, characterSet, vr) => {
        const within = [...text].filter((character) => canEncodeText(character, characterSet)).join('');
        const written = encodeText(within, characterSet, vr);
        const composed = decodeText(written, characterSet, vr);
        expect(composed.normalize('NFC')).toBe(within.normalize('NFC'));
        expect(decodeText(encodeText(composed, characterSet, vr), characterSet, vr)).toBe(composed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('writes any text, and what it writes can be read', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...everySet), vrs, (text, characterSet, vr) => {
        const read = decodeText(encodeText(text, characterSet, vr), characterSet, vr);
        expect(read.split('\\').length).toBe(text.split('\\').length);
        if (vr === 'PN') {
          const isEmpty = (name: string): boolean => /^[\s^=]*$/u.test(name.normalize('NFC'));
          const names = read.split('\\');
          text.split('\\').forEach((name, index) => {
            if (!isEmpty(name)) expect(names[index]).not.toBe('');
          });
        }
        expect(canEncodeText(read, characterSet)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds every character of its tables', () => {
    for (const [number, { g0, g1 }] of Object.entries(registrations)) {
      const characterSet = ['', `ISO 2022 IR ${number}`];
      for (const set of [g0, g1]) {
        if (set === null) continue;
        for (let first = 0x21; first < 0x7f; first += 1) {
          let row = '';
          for (let second = 0x21; second < (set.width === 1 ? 0x22 : 0x7f); second += 1) {
            const character = set.characterAt(first, second) ?? '';
            if (set.bytesOf(character) !== undefined) row += character;
          }
          expect(decodeText(encodeText(row, characterSet, 'LT'), characterSet, 'LT')).toBe(row);
        }
      }
    }
  });

  it('reads any bytes as text or not at all', () => {
    const escapes = Object.values(registrations).flatMap(({ g0, g1 }) =>
      [g0, g1].flatMap((set) => (set === null ? [] : [[...set.escape]])),
    );
    const hostile = fc
      .array(
        fc.oneof(
          fc.constantFrom(...escapes),
          fc.uint8Array({ maxLength: 4 }).map((values) => [...values]),
        ),
        { maxLength: 30 },
      )
      .map((parts) => Buffer.from(parts.flat()));
    fc.assert(
      fc.property(hostile, fc.constantFrom(...everySet), vrs, (given, characterSet, vr) => {
        try {
          const text = decodeText(given, characterSet, vr);
          expect(text.length).toBeLessThanOrEqual(given.length);
          encodeText(text, characterSet, vr);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedDataSet);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes one step for each byte', () => {
    const count = 200_000;
    for (const characterSet of [japan, characterSets.GB18030, characterSets.ISO_IR_13] as const) {
      const escapes = Buffer.alloc(count * 3, bytes(ascii));
      const text = Buffer.concat([escapes, Buffer.alloc(count, 0xb1)]);
      try {
        decodeText(text, characterSet, 'LT');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedDataSet);
      }
    }
    expect(decodeText(Buffer.concat([Buffer.alloc(count, 'A'), bytes(ascii)]), japan, 'LT')).toHaveLength(
      count,
    );
  });
});

describe('lists of sets', () => {
  it('can be written when the standard has them', () => {
    for (const characterSet of everySet) expect(isCharacterSet(characterSet)).toBe(true);
    expect(isCharacterSet(['ISO 2022 IR 100'])).toBe(true);
    for (const characterSet of [
      [''],
      ['ISO_IR 6'],
      ['LATIN'],
      ['ISO 2022 IR 87'],
      ['ISO_IR 87'],
      ['ISO_IR 100', 'ISO 2022 IR 87'],
      ['ISO 2022 IR 100', 'ISO_IR 126'],
      ['ISO_IR 192', 'ISO 2022 IR 87'],
      ['', 'ISO_IR 192'],
      ['', ''],
      ['', 'ISO 2022 IR 87', ''],
      ['', 'ISO 2022 IR 87', 'ISO 2022 IR 87'],
      ['constructor'],
      ['ISO 2022 IR 999'],
    ]) {
      expect(isCharacterSet(characterSet)).toBe(false);
    }
  });
});
