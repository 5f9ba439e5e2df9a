/** What is printed on a licence or an application: one line. */
export const NUMBER_CHARACTERS_MAX = 60;
/** A sentence or two, which an inspector reads years later. */
export const WORDS_CHARACTERS_MAX = 500;
/** More sites or procedures than any clinic has; a list without an end would be a way to fill the database. */
export const CODES_MAX = 50;

/** Anything but control characters and broken UTF-16, with something to read in it. */
export const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };

/** Codes of sites and of kinds of visits: BONE_SPECT_CT. */
export const CODE = /^[A-Z][A-Z0-9_]{0,39}$/;
export const CODE_EXPECTED = {
  each: true,
  message: '$property: must be codes in capitals, such as BONE_SPECT_CT',
};

/** A text as it is kept. */
export function tidyWords(typed: string): string {
  return typed.normalize('NFC').trim();
}

/** Codes as they are kept: each once, in one order, so that the same list is always written alike. */
export function tidyCodes(codes: readonly string[]): string[] {
  return [...new Set(codes)].toSorted();
}
