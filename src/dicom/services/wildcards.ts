// PS3.4 §C.2.2.2.4: wild card matching. `*` stands for any characters or none, `?` for exactly one.

const any = '*';
const one = '?';

export function hasWildcard(pattern: string): boolean {
  return pattern.includes(any) || pattern.includes(one);
}

/** Is the pattern nothing but `*`? Then it means universal matching. */
export function isUniversal(pattern: string): boolean {
  return pattern !== '' && [...pattern].every((character) => character === any);
}

/**
 * Compiles a pattern. A run of stars counts as one, and a text shorter than the letters of the pattern is refused at
 * once; so one comparison takes at most the square of the text's length, however long or starred the pattern is.
 * Characters are code points, not UTF-16 units.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (!hasWildcard(pattern)) return (text) => text === pattern;
  const wanted = [...pattern.replace(/\*+/g, any)];
  const letterCount = wanted.filter((character) => character !== any).length;
  return (text) => {
    const given = [...text];
    return letterCount <= given.length && matches(wanted, given);
  };
}

/** Goes back to the last star only: what an earlier star took has already been proved possible. */
function matches(wanted: readonly string[], given: readonly string[]): boolean {
  let at = 0;
  let wantedAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < given.length) {
    const character = wanted[wantedAt];
    if (character === any) {
      starAt = wantedAt;
      resumeAt = at;
      wantedAt += 1;
    } else if (character === one || (character !== undefined && character === given[at])) {
      wantedAt += 1;
      at += 1;
    } else if (starAt >= 0) {
      resumeAt += 1;
      at = resumeAt;
      wantedAt = starAt + 1;
    } else {
      return false;
    }
  }
  return wanted.slice(wantedAt).every((character) => character === any);
}
