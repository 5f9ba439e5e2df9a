import { Temporal } from '../../platform/time/index.js';
import { readNhsNumber } from './nhs-number.rules.js';
import { charactersIn, tidy } from './person-name.rules.js';
import { toE164 } from './phone.rules.js';

/** One letter finds half of the clinic: a list that nobody reads, and a look at everybody in it. */
const SEARCH_CHARACTERS_MIN = 2;
/** No name, number or date is longer; what is longer was pasted by mistake. */
export const SEARCH_CHARACTERS_MAX = 100;
/** A name has four parts here, some of several words; each word of a search is one more condition on the query. */
const SEARCH_WORDS_MAX = 8;
const LOCAL_NUMBER_DIGITS = 7;

/** What somebody means who types one text into one box. */
export type PatientSearch =
  | { readonly kind: 'NAME'; readonly words: readonly string[] }
  | { readonly kind: 'DATE_OF_BIRTH'; readonly dateOfBirth: string }
  | { readonly kind: 'LOCAL_NUMBER'; readonly localNumber: string }
  /** Some ten-digit telephone numbers also satisfy Modulus 11: then both are looked for. */
  | { readonly kind: 'NHS_NUMBER'; readonly nhsNumber: string; readonly phone: string | null }
  | { readonly kind: 'PHONE'; readonly phone: string }
  | { readonly kind: 'UNCLEAR'; readonly message: string };

const unclear = (message: string): PatientSearch => ({ kind: 'UNCLEAR', message });

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Day first, as it is written in Britain. */
const BRITISH_DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const LOCAL_NUMBER = /^f ?(\d{1,7})$/i;
const LETTER = /\p{L}/u;

function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  const parts = { year: Number(year), month: Number(month), day: Number(day) };
  try {
    return Temporal.PlainDate.from(parts, { overflow: 'reject' }).toString();
  } catch {
    return null;
  }
}

function readDate(text: string): PatientSearch | null {
  const iso = ISO_DATE.exec(text);
  const british = BRITISH_DATE.exec(text);
  if (iso === null && british === null) return null;
  const date = iso ? dateOf(iso[1], iso[2], iso[3]) : dateOf(british?.[3], british?.[2], british?.[1]);
  if (date !== null) return { kind: 'DATE_OF_BIRTH', dateOfBirth: date };
  return unclear('There is no such day. Write a date of birth as 1980-01-31 or 31/01/1980.');
}

function readNumber(text: string): PatientSearch | null {
  const local = LOCAL_NUMBER.exec(text)?.[1];
  if (local !== undefined) {
    return { kind: 'LOCAL_NUMBER', localNumber: `F${local.padStart(LOCAL_NUMBER_DIGITS, '0')}` };
  }
  if (LETTER.test(text)) return null;
  const nhsNumber = readNhsNumber(text);
  const phone = toE164(text);
  if (nhsNumber !== null) return { kind: 'NHS_NUMBER', nhsNumber, phone };
  if (phone !== null) return { kind: 'PHONE', phone };
  return unclear(
    'This is neither a name nor a whole number or date. Type a part of a name, a date of birth (31/01/1980), ' +
      'a local number (F0000123), an NHS number (ten digits) or a complete telephone number.',
  );
}

/** Apostrophes are left out on both sides, and a hyphen parts two words: obrien finds O'Brien, smith jones finds Smith-Jones. */
function wordsOf(text: string): readonly string[] {
  const words = text
    .replace(/['’ʼ‘`]/g, '')
    .split(/[\s\p{Pd},;]+/u)
    .filter((word) => LETTER.test(word));
  return [...new Set(words)];
}

/** Recognises the kind of a search by its looks alone. */
export function readSearch(typed: string): PatientSearch {
  const text = tidy(typed);
  if (charactersIn(text) < SEARCH_CHARACTERS_MIN) {
    return unclear(`Type at least ${SEARCH_CHARACTERS_MIN} characters to search for a patient.`);
  }
  if (charactersIn(text) > SEARCH_CHARACTERS_MAX || /[\p{Cc}\p{Cs}]/u.test(text)) {
    return unclear(`Type at most ${SEARCH_CHARACTERS_MAX} ordinary characters to search for a patient.`);
  }
  const found = readDate(text) ?? readNumber(text);
  if (found !== null) return found;
  const words = wordsOf(text);
  if (charactersIn(words.join('')) < SEARCH_CHARACTERS_MIN) {
    return unclear(`Type at least ${SEARCH_CHARACTERS_MIN} letters of a name.`);
  }
  if (words.length > SEARCH_WORDS_MAX) return unclear(`Type at most ${SEARCH_WORDS_MAX} words of a name.`);
  return { kind: 'NAME', words };
}
