/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16, with something to read in it. */
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
/** A code of reference data. */
export const CODE = /^[A-Z][A-Z0-9_]*$/;

export const PLAIN = { message: '$property: must not contain control characters' };
export const READABLE = { message: '$property: must not be blank or contain control characters' };

/** Composed, without outer blanks; null when nothing is left. */
export function textOrNull(text: string | null | undefined): string | null {
  return text?.normalize('NFC').trim() || null;
}

/** The same of a text that must not be blank. */
export function someText(text: string): string {
  return text.normalize('NFC').trim();
}
