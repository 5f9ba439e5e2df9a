import { charactersIn, isPrintable, tidy } from './person-name.rules.js';

/** Why something is changed: a sentence or two, which somebody reads years later. */
export const REASON_CHARACTERS_MIN = 3;
export const REASON_CHARACTERS_MAX = 500;
/** What is shown beside a name is read in passing. */
export const NOTE_CHARACTERS_MAX = 200;

export const REASON_PROBLEM = `must say why in ${REASON_CHARACTERS_MIN} to ${REASON_CHARACTERS_MAX} ordinary characters`;
export const NOTE_PROBLEM = `must have at most ${NOTE_CHARACTERS_MAX} ordinary characters`;

/** One line of ordinary characters; lines that were typed are put one after the other. */
function oneLine(typed: string): string {
  return typed
    .split(/\r?\n/)
    .map(tidy)
    .filter((line) => line !== '')
    .join(' ');
}

/** A reason as it is kept; null when it says nothing, or too much. */
export function readReason(typed: string): string | null {
  const text = oneLine(typed);
  const length = charactersIn(text);
  if (length < REASON_CHARACTERS_MIN || length > REASON_CHARACTERS_MAX) return null;
  return isPrintable(text) ? text : null;
}

/** A note as it is kept: null for none, undefined when it cannot be kept. */
export function readNote(
  typed: string | null | undefined,
  charactersMax = NOTE_CHARACTERS_MAX,
): string | null | undefined {
  const text = oneLine(typed ?? '');
  if (text === '') return null;
  return charactersIn(text) <= charactersMax && isPrintable(text) ? text : undefined;
}
