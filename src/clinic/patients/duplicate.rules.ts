// When two records may be one person. Wrong either way is harm: a split record hides an allergy, a merged one gives
// it to somebody else. So the rule is generous in asking, and a person at the desk decides.

/** Why two records may be one person. */
export const DuplicateReason = {
  SAME_DATE_OF_BIRTH_SIMILAR_NAME: 'SAME_DATE_OF_BIRTH_SIMILAR_NAME',
  DAY_AND_MONTH_SWAPPED: 'DAY_AND_MONTH_SWAPPED',
  SAME_NAME_SAME_PHONE: 'SAME_NAME_SAME_PHONE',
  SAME_NAME_SAME_EMAIL: 'SAME_NAME_SAME_EMAIL',
} as const;
export type DuplicateReason = (typeof DuplicateReason)[keyof typeof DuplicateReason];

/** What of a person is compared. */
export interface Likeness {
  readonly familyName: string;
  readonly givenName: string;
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string;
  /** E.164. */
  readonly phones: readonly string[];
  readonly email: string | null;
}

/** Below this length one changed letter makes another name (Ann, Ian), above it mostly a slip of the finger. */
const ONE_SLIP_FROM_CHARACTERS = 4;
const TWO_SLIPS_FROM_CHARACTERS = 8;
/** Rob and Robert, but not Jo and Joan. */
const SHORT_FORM_FROM_CHARACTERS = 3;

/** No accents, no case, no apostrophes; hyphens part words. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\p{M}'’ʼ‘`]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Insertions, deletions, changes, and swaps of neighbours that lead from one word to the other (optimal string alignment). */
export function slipsBetween(one: string, other: string): number {
  const a = [...one];
  const b = [...other];
  const rows: number[][] = [b.map((_, j) => j).concat(b.length)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const above = rows[i - 1] ?? [];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : change;
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swap));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

function slipsAllowed(shorterCharacters: number): number {
  if (shorterCharacters >= TWO_SLIPS_FROM_CHARACTERS) return 2;
  return shorterCharacters >= ONE_SLIP_FROM_CHARACTERS ? 1 : 0;
}

/** Equal but for accents, case and slips; a short form or an initial of the other; or a part of a double name. */
export function isAlike(one: string, other: string): boolean {
  const [shorter, longer] = [foldName(one), foldName(other)].sort((x, y) => x.length - y.length);
  if (shorter === undefined || longer === undefined || shorter === '') return false;
  if (shorter === longer || shorter.replaceAll(' ', '') === longer.replaceAll(' ', '')) return true;
  const canBeShort = shorter.length === 1 || shorter.length >= SHORT_FORM_FROM_CHARACTERS;
  if (canBeShort && longer.startsWith(shorter)) return true;
  const wordsOfLonger = longer.split(' ');
  if (shorter.split(' ').every((word) => wordsOfLonger.includes(word))) return true;
  return slipsBetween(shorter, longer) <= slipsAllowed(shorter.length);
}

/** The same day with day and month changed over: 1980-02-01 for 1980-01-02. Null when that is no date, or the same. */
export function swappedDate(date: string): string | null {
  const [year, month, day] = date.split('-');
  if (Number(day) > 12 || day === month) return null;
  return `${year}-${day}-${month}`;
}

interface NameLikeness {
  /** The whole name: given and family name alike, in either order. */
  readonly whole: boolean;
  /** One of the two: a name changed on marriage, a nickname that shares no letter, and (rightly asked) a twin. */
  readonly part: boolean;
}

function compareNames(a: Likeness, b: Likeness): NameLikeness {
  const family = isAlike(a.familyName, b.familyName);
  const given = isAlike(a.givenName, b.givenName);
  const crossed = isAlike(a.familyName, b.givenName) && isAlike(a.givenName, b.familyName);
  return { whole: (family && given) || crossed, part: family || given || crossed };
}

/** Why these two may be one person; empty when nothing says so. */
export function reasonsToAsk(a: Likeness, b: Likeness): readonly DuplicateReason[] {
  const name = compareNames(a, b);
  const sharesPhone = a.phones.some((phone) => b.phones.includes(phone));
  const sharesEmail = a.email !== null && a.email.toLowerCase() === b.email?.toLowerCase();
  const reasons: DuplicateReason[] = [];
  if (name.part && a.dateOfBirth === b.dateOfBirth) {
    reasons.push(DuplicateReason.SAME_DATE_OF_BIRTH_SIMILAR_NAME);
  }
  if (name.whole && swappedDate(a.dateOfBirth) === b.dateOfBirth) {
    reasons.push(DuplicateReason.DAY_AND_MONTH_SWAPPED);
  }
  if (name.whole && sharesPhone) reasons.push(DuplicateReason.SAME_NAME_SAME_PHONE);
  if (name.whole && sharesEmail) reasons.push(DuplicateReason.SAME_NAME_SAME_EMAIL);
  return reasons;
}
