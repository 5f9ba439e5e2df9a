import { foldName, isAlike, type Likeness, swappedDate } from './duplicate.rules.js';

// Somebody writes or rings: which registered patient may that be? Less is known than at the desk, so each candidate
// says what speaks for it and what against, and only a person decides where it is not beyond doubt.

/** What speaks for a registered patient being the person. */
export const MatchReason = {
  SAME_NHS_NUMBER: 'SAME_NHS_NUMBER',
  SAME_NAME: 'SAME_NAME',
  SIMILAR_NAME: 'SIMILAR_NAME',
  PART_OF_NAME: 'PART_OF_NAME',
  SAME_DATE_OF_BIRTH: 'SAME_DATE_OF_BIRTH',
  DAY_AND_MONTH_SWAPPED: 'DAY_AND_MONTH_SWAPPED',
  SAME_PHONE: 'SAME_PHONE',
  SAME_EMAIL: 'SAME_EMAIL',
} as const;
export type MatchReason = (typeof MatchReason)[keyof typeof MatchReason];

/** What speaks against it. */
export const MatchDoubt = {
  OTHER_NHS_NUMBER: 'OTHER_NHS_NUMBER',
  OTHER_NAME: 'OTHER_NAME',
  OTHER_DATE_OF_BIRTH: 'OTHER_DATE_OF_BIRTH',
} as const;
export type MatchDoubt = (typeof MatchDoubt)[keyof typeof MatchDoubt];

/** What is known of somebody who is not registered, or not known to be. */
export interface PartialPerson {
  /** The name as one text, `Zoë Brown` or `Brown, Zoë`; null when the parts are given, or nothing. */
  readonly name?: string | null;
  readonly familyName?: string | null;
  readonly givenName?: string | null;
  /** YYYY-MM-DD. */
  readonly dateOfBirth?: string | null;
  /** Ten digits. */
  readonly nhsNumber?: string | null;
  /** E.164. */
  readonly phones?: readonly string[];
  readonly email?: string | null;
}

/** What of a registered patient is compared. */
export interface KnownPerson extends Likeness {
  readonly nhsNumber: string | null;
}

export interface Judgement {
  readonly reasons: readonly MatchReason[];
  readonly doubts: readonly MatchDoubt[];
  /** Beyond doubt when nobody else is: an NHS number or name, birth date and a way of contact agree, and nothing disagrees. */
  readonly isSure: boolean;
}

interface NameParts {
  readonly familyName: string;
  readonly givenName: string;
}

/** A name has eight words at the most here; more are not a name and would be compared for ever. */
const NAME_WORDS_MAX = 8;

/** The words of whatever was given as a name, folded. */
export function nameWords(person: PartialPerson): readonly string[] {
  const text = [person.name, person.givenName, person.familyName].map((part) => part ?? '').join(' ');
  const words = foldName(text)
    .split(' ')
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, NAME_WORDS_MAX);
}

/** Each way in which the words can be a given and a family name. */
function readings(person: PartialPerson): readonly NameParts[] {
  const { familyName, givenName } = person;
  if (familyName && givenName) return [{ familyName, givenName }];
  const words = foldName(person.name ?? '')
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, NAME_WORDS_MAX);
  return words.slice(1).map((_, index) => ({
    givenName: words.slice(0, index + 1).join(' '),
    familyName: words.slice(index + 1).join(' '),
  }));
}

function isSame(one: NameParts, other: NameParts): boolean {
  const given = foldName(one.givenName);
  const family = foldName(one.familyName);
  const [givenOfOther, familyOfOther] = [foldName(other.givenName), foldName(other.familyName)];
  return (
    (given === givenOfOther && family === familyOfOther) ||
    (given === familyOfOther && family === givenOfOther)
  );
}

function isSimilar(one: NameParts, other: NameParts): boolean {
  return (
    (isAlike(one.givenName, other.givenName) && isAlike(one.familyName, other.familyName)) ||
    (isAlike(one.givenName, other.familyName) && isAlike(one.familyName, other.givenName))
  );
}

/** How the names compare; null when no name was given. */
function compareName(person: PartialPerson, known: NameParts): MatchReason | MatchDoubt | null {
  const words = nameWords(person);
  if (words.length === 0) return null;
  const read = readings(person);
  if (read.some((parts) => isSame(parts, known))) return MatchReason.SAME_NAME;
  if (read.some((parts) => isSimilar(parts, known))) return MatchReason.SIMILAR_NAME;
  const shares = words.some((word) => isAlike(word, known.familyName) || isAlike(word, known.givenName));
  return shares ? MatchReason.PART_OF_NAME : MatchDoubt.OTHER_NAME;
}

function compareDate(person: PartialPerson, known: KnownPerson): MatchReason | MatchDoubt | null {
  const { dateOfBirth = null } = person;
  if (dateOfBirth === null) return null;
  if (dateOfBirth === known.dateOfBirth) return MatchReason.SAME_DATE_OF_BIRTH;
  if (swappedDate(dateOfBirth) === known.dateOfBirth) return MatchReason.DAY_AND_MONTH_SWAPPED;
  return MatchDoubt.OTHER_DATE_OF_BIRTH;
}

function compareNhsNumber(person: PartialPerson, known: KnownPerson): MatchReason | MatchDoubt | null {
  const { nhsNumber = null } = person;
  if (nhsNumber === null || known.nhsNumber === null) return null;
  return nhsNumber === known.nhsNumber ? MatchReason.SAME_NHS_NUMBER : MatchDoubt.OTHER_NHS_NUMBER;
}

function isDoubt(said: MatchReason | MatchDoubt): said is MatchDoubt {
  return Object.hasOwn(MatchDoubt, said);
}

/** What speaks for and against these two being one person. No reasons: not a candidate. */
export function judgeMatch(person: PartialPerson, known: KnownPerson): Judgement {
  const said = [
    compareNhsNumber(person, known),
    compareName(person, known),
    compareDate(person, known),
    (person.phones ?? []).some((phone) => known.phones.includes(phone)) ? MatchReason.SAME_PHONE : null,
    person.email && person.email.toLowerCase() === known.email?.toLowerCase() ? MatchReason.SAME_EMAIL : null,
  ].filter((each) => each !== null);
  const reasons = said.filter((each): each is MatchReason => !isDoubt(each));
  const doubts = said.filter(isDoubt);
  return { reasons: enough(reasons) ? reasons : [], doubts, isSure: isSure(reasons, doubts) };
}

/** A birthday alone, or a part of a name alone, is shared by hundreds. */
function enough(reasons: readonly MatchReason[]): boolean {
  const alone: readonly MatchReason[] = [MatchReason.SAME_DATE_OF_BIRTH, MatchReason.DAY_AND_MONTH_SWAPPED];
  const useful = reasons.filter((reason) => reason !== MatchReason.PART_OF_NAME);
  if (useful.length === 0) return false;
  return reasons.length > 1 || useful.some((reason) => !alone.includes(reason));
}

function isSure(reasons: readonly MatchReason[], doubts: readonly MatchDoubt[]): boolean {
  if (doubts.length > 0) return false;
  const has = (reason: MatchReason) => reasons.includes(reason);
  const named = has(MatchReason.SAME_NAME) || has(MatchReason.SIMILAR_NAME);
  // A number alone may be a relative's, typed by the one who writes for them.
  if (has(MatchReason.SAME_NHS_NUMBER)) return named;
  const reached = has(MatchReason.SAME_PHONE) || has(MatchReason.SAME_EMAIL);
  return has(MatchReason.SAME_NAME) && has(MatchReason.SAME_DATE_OF_BIRTH) && reached;
}

const WEIGHTS: Readonly<Record<MatchReason, number>> = {
  SAME_NHS_NUMBER: 100,
  SAME_NAME: 20,
  SIMILAR_NAME: 12,
  PART_OF_NAME: 4,
  SAME_DATE_OF_BIRTH: 20,
  DAY_AND_MONTH_SWAPPED: 10,
  SAME_PHONE: 15,
  SAME_EMAIL: 15,
};
/** What disagrees counts for less than what agrees: it is often a slip, and the candidate is only shown further down. */
const DOUBT_WEIGHT = 8;

/** The likelier first; only for the order in which a person looks at them. */
export function likelihood({ reasons, doubts }: Pick<Judgement, 'reasons' | 'doubts'>): number {
  return reasons.reduce((sum, reason) => sum + WEIGHTS[reason], 0) - doubts.length * DOUBT_WEIGHT;
}
