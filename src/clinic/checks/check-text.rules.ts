/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16, with something to read in it. */
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };
/** Code of a kind of visit, or ANY. */
export const PROCEDURE_CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

/** Composed, without outer blanks; null when nothing is left. */
export function textOrNull(text: string | null | undefined): string | null {
  return text?.normalize('NFC').trim() || null;
}

/** The same of a text that must not be blank. */
export function someText(text: string): string {
  return text.normalize('NFC').trim();
}
