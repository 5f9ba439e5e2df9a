// What an answer says when its character set lacks a letter: the nearest text that the set holds. The standard is silent.

/** Does the set hold the character (one code point) as it is? */
export type Holds = (character: string) => boolean;

const lost = '?';
/** What separates values, components and groups: `＼` or `≠` must not become one. */
const delimiters = /[\\^=]/;

/**
 * Letters that lose no more than their ornament in a smaller set, and signs that national tables give another code
 * point. Those that Unicode decomposes (Č, ő, Ａ …) need no row.
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
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Ø: 'O',
  ø: 'o',
  Ð: 'D',
  ð: 'd',
  Þ: 'TH',
  þ: 'th',
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
  '\u00a0': ' ',
  '¥': '￥',
  '¢': '￠',
  '£': '￡',
  '¬': '￢',
  '\u301c': '\uff5e',
  '\u2212': '\uff0d',
  '\u2016': '\u2225',
  '\u30fb': '\u00b7',
  // Surnames: what Japanese and Chinese registries write where the sender's table ends.
  髙: '高',
  﨑: '崎',
  濵: '濱',
  栁: '柳',
  德: '徳',
  𠮷: '吉',
};

/** U+FF61 to U+FF9F in order; the last two are voice marks, which stand behind their letter. */
const halfWidthKana = /[\uff61-\uff9f]+/gu;
const hiragana = /^[\u3041-\u3096]$/u;
const hiraganaToKatakana = 0x60;

/** Full-width katakana and Japanese punctuation to half-width, by NFKC read backwards. */
const halfWidth: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 0x3f }, (_, index) => String.fromCharCode(0xff61 + index)).map((half) => [
    half.normalize('NFKC'),
    half,
  ]),
);

/** 郎 to U+F92C: KS X 1001 has many hanja a second time, and some only in the place of the second. */
const secondForms: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 0x200 }, (_, index) => String.fromCharCode(0xf900 + index))
    .filter((form) => form.normalize('NFC') !== form)
    .map((form) => [form.normalize('NFC'), form]),
);

/** Composed (NFC), except signs whose normal form is another sign: KS X 1001 and JIS X 0208 tell them apart. */
const notNormalised = /([\u2126\u212a\u212b\uf900-\ufaff\u{2f800}-\u{2fa1f}]+)/u;

function compose(text: string): string {
  return text
    .split(notNormalised)
    .map((part) => (notNormalised.test(part) ? part : part.normalize('NFC')))
    .join('');
}

/** The text in characters that the set holds; `?` for a character that has no likeness there. */
export function fitText(text: string, holds: Holds): string {
  if ([...text].every(holds)) return text;
  // A kana and its voice mark are one full-width kana, so they are put together before they are looked at.
  const joined = compose(text).replace(halfWidthKana, (run) =>
    [...run].every(holds) ? run : run.normalize('NFKC'),
  );
  let fitted = '';
  for (const character of joined) fitted += holds(character) ? character : fitCharacter(character, holds);
  return fitted;
}

function fitCharacter(character: string, holds: Holds): string {
  const candidates = [
    character.normalize('NFC'),
    secondForms.get(character),
    lookalikes[character],
    character.normalize('NFKC'),
    toHalfWidth(character),
    character.normalize('NFD').replace(/\p{M}+/gu, ''),
  ];
  const isLikeness = (candidate: string | undefined): boolean =>
    candidate !== undefined && candidate !== '' && !delimiters.test(candidate) && [...candidate].every(holds);
  return candidates.find(isLikeness) ?? lost;
}

/** ダ and だ to ﾀﾞ. */
function toHalfWidth(character: string): string | undefined {
  const code = character.charCodeAt(0);
  const katakana = hiragana.test(character) ? String.fromCharCode(code + hiraganaToKatakana) : character;
  const parts = [...katakana.normalize('NFD')].map((part) => halfWidth.get(part));
  return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
}

/**
 * A person name (PS3.5 §6.2.1.2) in characters that the set holds: alphabetic, ideographic and phonetic group, each by
 * itself. A group of which nothing but `?` would be left is left out, since the others still name the patient and a row
 * of question marks does not. A name that would vanish altogether, and an alphabetic group, keep their `?`.
 */
export function fitPersonName(name: string, holds: Holds): string {
  const groups = name.split('=');
  const fitted = groups.map((group) => fitText(group, holds));
  const isLost = fitted.map((group, index) => isNothingLeft(groups[index] ?? '', group));
  const kept = fitted.map((group, index) => (index > 0 && isLost[index] === true ? '' : group));
  if (kept.every(isBlank)) return fitted.join('=');
  if (!isLost.slice(1).includes(true)) return fitted.join('=');
  while (kept.length > 1 && kept[kept.length - 1] === '') kept.pop();
  return kept.join('=');
}

function isNothingLeft(group: string, fitted: string): boolean {
  return !isBlank(group) && isBlank(fitted.replaceAll(lost, ''));
}

function isBlank(group: string): boolean {
  return /^[\s^]*$/u.test(group);
}
