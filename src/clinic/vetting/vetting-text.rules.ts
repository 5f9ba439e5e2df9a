/** Anything but control characters (line breaks aside) and broken UTF-16, with something to read in it. */
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/su;
/** The same on one line. */
export const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };

/** Without blanks around it; null when nothing is left. */
export function textOrNull(typed: string | null | undefined): string | null {
  const text = typed?.normalize('NFC').trim() ?? '';
  return text === '' ? null : text;
}

/** What has been checked to say something, without blanks around it. */
export function someText(typed: string): string {
  return typed.normalize('NFC').trim();
}
