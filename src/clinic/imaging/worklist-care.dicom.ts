// PS3.5 §6.2: texts of any length and with any signs, as values that a scanner takes.

/** LO: at most 64 characters. */
const LONG_STRING_MAX = 64;
/** A console shows some lines; what is beyond is said to be there. */
const TEXTS_MAX = 12;
const CUT = '...';

/** Without what separates values and without control characters, which LO, SH and LT do not have. */
export function plainText(text: string): string {
  return text
    .replace(/[\\\p{Cc}\p{Cs}]/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Each as a value of its own (LO, one or more). Somebody reads that there is more, and looks in Facet. */
export function severalTexts(texts: readonly string[]): readonly string[] {
  const values = texts.map((text) => cut(plainText(text))).filter((text) => text !== '');
  if (values.length <= TEXTS_MAX) return values;
  const shown = values.slice(0, TEXTS_MAX - 1);
  return [...shown, `${values.length - shown.length} more in Facet`];
}

/** All of them in one value (LO, one only): as many as have room, and how many more there are. */
export function oneText(texts: readonly string[]): string {
  const values = texts.map(plainText).filter((text) => text !== '');
  const whole = values.join('; ');
  if (lengthOf(whole) <= LONG_STRING_MAX || values.length < 2) return cut(whole);
  for (let count = values.length - 1; count > 0; count -= 1) {
    const some = `${values.slice(0, count).join('; ')}; +${values.length - count} more`;
    if (lengthOf(some) <= LONG_STRING_MAX) return some;
  }
  const more = `; +${values.length - 1} more`;
  return `${cut(values[0] ?? '', LONG_STRING_MAX - more.length)}${more}`;
}

/** Characters and not code units: half of one would be none. */
function cut(text: string, max = LONG_STRING_MAX): string {
  const characters = [...text];
  if (characters.length <= max) return text;
  return `${characters
    .slice(0, max - CUT.length)
    .join('')
    .trimEnd()}${CUT}`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
