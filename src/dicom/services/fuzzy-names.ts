// PS3.4 §C.2.2.2.1.1: fuzzy semantic matching of person names, once it was negotiated. The standard leaves open what is
// alike; this is what we take for it, and the conformance statement says so.
import { MalformedDataSet, type TextElement } from '../dataset/index.js';
import { type TextKey, universalKey } from './matching.js';
import { compileWildcard, hasWildcard, isUniversal } from './wildcards.js';

/** A word of fewer letters has too many neighbours one letter away. */
const slipLettersMin = 5;
/** A shorter beginning would find half the list. */
const beginningLettersMin = 2;

/**
 * Every word of the key must be found among the words of the name, whatever the order of the components, the case, the
 * accents, hyphens and apostrophes: as the same word, as its beginning, or with one letter wrong, missing, too many or
 * changed with its neighbour. Wild cards keep their meaning inside a word.
 */
export function toFuzzyNameKey(element: TextElement): TextKey {
  const [key, ...more] = element.values;
  if (key === undefined) return universalKey;
  if (key === '' || more.length > 0)
    throw new MalformedDataSet('has several values where a key may have one', element.tag);
  const words = wordsOf(key);
  if (words.length > 0 && words.every(isUniversal)) return universalKey;
  const tests = words.filter((word) => !isUniversal(word)).map(compileWord);
  // Only separators and no word: taking it for an empty key would select everybody.
  if (tests.length === 0) return { matching: 'single', matches: () => false };
  return {
    matching: hasWildcard(key) ? 'wildcard' : 'single',
    matches: (stored) =>
      stored.some((name) =>
        name.split('=').some((group) => {
          const given = wordsOf(group);
          return tests.every((test) => given.some(test));
        }),
      ),
  };
}

function wordsOf(name: string): readonly string[] {
  return fold(name)
    .split(/[\s^=,.-]+/u)
    .filter((word) => word !== '');
}

function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replace(/[\p{M}'’`]+/gu, '');
}

function compileWord(wanted: string): (word: string) => boolean {
  if (hasWildcard(wanted)) return compileWildcard(wanted);
  return (word) => {
    if (word === wanted) return true;
    if (wanted.length >= beginningLettersMin && word.startsWith(wanted)) return true;
    return wanted.length >= slipLettersMin && isOneSlipAway(wanted, word);
  };
}

/** One letter replaced, left out, put in, or two neighbours changed (Damerau's four slips). */
function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  const [restOfA, restOfB] = [a.slice(at), b.slice(at)];
  if (restOfA.slice(1) === restOfB.slice(1)) return true;
  if (restOfA.slice(1) === restOfB || restOfA === restOfB.slice(1)) return true;
  return restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0] && restOfA.slice(2) === restOfB.slice(2);
}
