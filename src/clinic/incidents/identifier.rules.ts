import type { Temporal } from '../../platform/time/index.js';

/** By what somebody could be known. */
export interface Identifiers {
  readonly names: readonly string[];
  readonly dateOfBirth: Temporal.PlainDate;
  /** NHS number, our own number, those of their scans, telephone numbers: as they are kept. */
  readonly numbers: readonly string[];
  readonly emails: readonly string[];
  readonly postcode: string | null;
  readonly addressLines: readonly string[];
}

/** What a text gives away. */
export enum IdentifierKind {
  NAME = 'NAME',
  DATE_OF_BIRTH = 'DATE_OF_BIRTH',
  NUMBER = 'NUMBER',
  EMAIL = 'EMAIL',
  ADDRESS = 'ADDRESS',
  STAFF_NAME = 'STAFF_NAME',
}

/** By what a text gives somebody away: the people whom an incident concerns, or staff (as they are called here). */
export interface Known {
  readonly people: readonly Identifiers[];
  readonly staffNames: readonly string[];
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
] as const;
/** A part of a name or an address that is shorter than this stands in many words. */
const PART_CHARACTERS_MIN = 2;
/** Names that are written as one word, with a plural or a possessive s, are looked for from this length on. */
const JOINED_CHARACTERS_MIN = 4;
/** The end of a telephone number by which it is known with or without its country. */
const NUMBER_DIGITS_COMPARED = 9;
/** Fewer digits than this are a dose, an age or a time. */
const NUMBER_DIGITS_MIN = 6;
/** Letters that do not come apart into one of ours and an accent. */
const FOLDED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h', ŧ: 't' },
};
/** The same letters as they are written where a keyboard does not have them. */
const SPELT_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };
/** Scripts that leave no space between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}]/u;
/** What stands before a name and is none. */
const TITLES = new Set(['dr', 'mr', 'mrs', 'ms', 'miss', 'mx', 'prof', 'professor', 'sister', 'nurse']);
/** The end of a street, in short. */
const SHORT_STREETS: Readonly<Record<string, string>> = {
  ...{ street: 'st', road: 'rd', lane: 'ln', avenue: 'ave', close: 'cl', drive: 'dr', court: 'ct' },
};

/** Without accents, in small letters. */
function plain(text: string): string {
  const folded = text
    .toLowerCase()
    .replace(/[ßøłđðþæœıħŧ]/gu, (letter) => FOLDED[letter] ?? letter)
    .normalize('NFKD');
  return folded.replace(/[\p{M}\p{Cf}]/gu, '').toLowerCase();
}

/** In both ways in which letters with two dots are written: Müller is Muller, and Mueller. */
function spellings(text: string): readonly string[] {
  const speltOut = text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüåø]/gu, (letter) => SPELT_OUT[letter] ?? letter);
  return [plain(text), plain(speltOut)];
}

/** Letters and digits of a plain text with one space between words, and one on either side. */
function worded(text: string): string {
  return ` ${text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
}

const wordsOf = (text: string): readonly string[] => worded(text).trim().split(' ').filter(Boolean);

/** Everything by which this text gives the person away. Empty: nothing was found. Whole words, whatever stands between them. */
export function identifiersIn(text: string, person: Identifiers): readonly IdentifierKind[] {
  const words = worded(plain(text));
  const found: IdentifierKind[] = [];
  if (hasName(text, person.names)) found.push(IdentifierKind.NAME);
  if (hasDate(words, person.dateOfBirth)) found.push(IdentifierKind.DATE_OF_BIRTH);
  if (person.numbers.some((number) => hasNumber(words, number))) found.push(IdentifierKind.NUMBER);
  const unspaced = plain(text).replace(/\s+/g, '');
  if (person.emails.some((email) => unspaced.includes(plain(email)))) found.push(IdentifierKind.EMAIL);
  if (hasAddress(plain(text), person)) found.push(IdentifierKind.ADDRESS);
  return found;
}

/** Everything by which it gives any of them away. */
export function givenAway(text: string, { people, staffNames }: Known): readonly IdentifierKind[] {
  const kinds = new Set(people.flatMap((person) => identifiersIn(text, person)));
  if (staffNames.some((name) => hasStaffName(text, name))) kinds.add(IdentifierKind.STAFF_NAME);
  return [...kinds];
}

/** Any part of a name gives it away (Anna of Anna-Maria), and so do two names that are written as one word. */
function hasName(text: string, names: readonly string[]): boolean {
  const joined = names.flatMap((name) =>
    names.filter((other) => other !== name).map((other) => compact(plain(name + other))),
  );
  return spellings(text).some((spelling) => {
    const words = worded(spelling);
    const parts = wordsOf(spelling);
    return (
      names.some((name) => spellings(name).some((one) => hasPart(words, spelling, one))) ||
      joined.some((one) => one.length > JOINED_CHARACTERS_MIN && parts.some((part) => part.includes(one)))
    );
  });
}

function hasPart(words: string, text: string, name: string): boolean {
  const parts = wordsOf(name);
  const whole = compact(name);
  return [...parts, ...(parts.length > 1 ? [whole] : [])].some((part) => {
    if (UNSPACED.test(part)) return text.includes(part);
    if (part.length < PART_CHARACTERS_MIN) return false;
    return (
      words.includes(` ${part} `) || (part.length >= JOINED_CHARACTERS_MIN && words.includes(` ${part}s `))
    );
  });
}

function compact(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '');
}

/**
 * A member of staff by their family name with a capital, so that a young patient is nobody of that name; or by the whole of what
 * they are called.
 */
function hasStaffName(text: string, displayName: string): boolean {
  const parts = displayName.split(/[^\p{L}\p{N}’'-]+/u).filter((part) => !TITLES.has(part.toLowerCase()));
  const family = parts.at(-1) ?? '';
  if (family.length < PART_CHARACTERS_MIN) return false;
  const isCapital = /^\p{Lu}/u.test(family);
  const asWritten = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(family)}(?![\\p{L}\\p{N}])`, 'u');
  if (isCapital && asWritten.test(text.normalize('NFC'))) return true;
  return parts.length > 1 && worded(plain(text)).includes(worded(plain(parts.join(' '))));
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** The ways in which a date is written: 3/12/1984, 03.12.84, 1984-12-03, 19841203, 3rd of December 1984, Dec 3, '84. */
function hasDate(words: string, { day, month, year }: Temporal.PlainDate): boolean {
  const two = (number: number) => String(number).padStart(2, '0');
  const long = MONTHS[month - 1] ?? '';
  const named = `(?:${long}|${long.slice(0, 3)}${month === 9 ? '|sept' : ''})`;
  const [d, m, y] = [`0?${day}`, `0?${month}`, `(?:${year}|${two(year % 100)})`];
  const [nth, near] = [`${d}(?:st|nd|rd|th)?`, ' ?(?:(?:of|the|in) ){0,2}'];
  const [dd, mm, yy] = [two(day), two(month), two(year % 100)];
  const written = [
    ...[`${d} ${m} ${y}`, `${m} ${d} ${y}`, `${y} ${m} ${d}`],
    ...[
      `${nth}${near}${named}${near}${y}`,
      `${named}${near}${nth}${near}${y}`,
      `${y}${near}${named}${near}${nth}`,
    ],
    ...[`${year}${mm}${dd}`, `${dd}${mm}${year}`, `${mm}${dd}${year}`, `${dd}${mm}${yy}`, `${yy}${mm}${dd}`],
  ];
  return new RegExp(`(?<![a-z0-9])(?:${written.join('|')})(?![0-9])`).test(words);
}

/** Digits are compared however they are spaced, with and without the letter before them. */
function hasNumber(words: string, number: string): boolean {
  const own = compact(plain(number));
  const digits = number.replace(/\D/g, '');
  const has = (before: string, characters: string) =>
    new RegExp(`${before}${[...characters].join(' ?')}(?![0-9])`).test(words);
  const isLettered = digits !== own;
  if (isLettered && has('(?<![a-z0-9])', own)) return true;
  if (digits.length < NUMBER_DIGITS_MIN) return false;
  if (isLettered || digits.length < NUMBER_DIGITS_COMPARED) return has('(?<![0-9])', digits);
  // A telephone number stands with or without its country.
  return has('', digits.slice(-NUMBER_DIGITS_COMPARED));
}

function hasAddress(text: string, { postcode, addressLines }: Identifiers): boolean {
  if (postcode !== null && compact(text).includes(compact(plain(postcode)))) return true;
  const words = ` ${shortened(text)} `;
  const parts = addressLines
    .flatMap((line) => [line, ...line.split(',')])
    .map((part) => shortened(plain(part)));
  return parts.some(
    (part) => /\p{L}/u.test(part) && part.length >= PART_CHARACTERS_MIN && words.includes(` ${part} `),
  );
}

/** The words of a plain text, with the ends of streets in short. */
function shortened(text: string): string {
  return wordsOf(text)
    .map((word) => SHORT_STREETS[word] ?? word)
    .join(' ');
}
