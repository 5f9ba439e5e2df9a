// PS3.3 §C.12.1.1.2: what the values of Specific Character Set (0008,0005) allow, worked out once for each list.
import { type StandAloneSet, standAloneSets } from './character-sets-alone.js';
import { asciiSet, type CodedSet, registrations } from './character-sets-coded.js';

/** The values of Specific Character Set (0008,0005), in order; `[]` is the default repertoire (ASCII). */
export type CharacterSet = readonly string[];

/**
 * The sets that answers can be configured in, by a name that fits an enum. `''` at the head of a list is the default
 * repertoire, which the others extend by escape sequences (PS3.5 §6.1.2.5).
 */
export const characterSets = {
  ISO_IR_100: ['ISO_IR 100'],
  ISO_IR_101: ['ISO_IR 101'],
  ISO_IR_109: ['ISO_IR 109'],
  ISO_IR_110: ['ISO_IR 110'],
  ISO_IR_144: ['ISO_IR 144'],
  ISO_IR_127: ['ISO_IR 127'],
  ISO_IR_126: ['ISO_IR 126'],
  ISO_IR_138: ['ISO_IR 138'],
  ISO_IR_148: ['ISO_IR 148'],
  ISO_IR_203: ['ISO_IR 203'],
  ISO_IR_13: ['ISO_IR 13'],
  ISO_IR_166: ['ISO_IR 166'],
  ISO_IR_192: ['ISO_IR 192'],
  GB18030: ['GB18030'],
  GBK: ['GBK'],
  ISO_2022_IR_87: ['', 'ISO 2022 IR 87'],
  ISO_2022_IR_13_87: ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
  ISO_2022_IR_87_159: ['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
  ISO_2022_IR_149: ['', 'ISO 2022 IR 149'],
  ISO_2022_IR_58: ['', 'ISO 2022 IR 58'],
} as const satisfies Readonly<Record<string, CharacterSet>>;

export type CharacterSetName = keyof typeof characterSets;

export interface CodedPlan {
  readonly kind: 'coded';
  /** What each half holds at the beginning of every value, line and component: the first value of the list. */
  readonly initialG0: CodedSet;
  readonly initialG1: CodedSet | null;
  /** Every set that may be written with, in the order of the list. */
  readonly sets: readonly CodedSet[];
  /** Every set that an escape sequence may ask for; none without code extensions. */
  readonly designations: readonly CodedSet[];
}

export type Plan =
  | CodedPlan
  | { readonly kind: 'alone'; readonly set: StandAloneSet }
  /** No set is named. */
  | { readonly kind: 'default' }
  /** A name, or a combination, that the standard does not have. */
  | { readonly kind: 'unknown' };

/** Lists live as long as the data set or the peer that they belong to, and their plans no longer. */
const plans = new WeakMap<CharacterSet, Plan>();

export function planOf(characterSet: CharacterSet): Plan {
  const known = plans.get(characterSet);
  if (known !== undefined) return known;
  const plan = toPlan(characterSet);
  plans.set(characterSet, plan);
  return plan;
}

/**
 * Is this a list that the standard has, and so one that answers can be written in? A set of two bytes a character is
 * never first, a set that stands alone is never in company, `ISO_IR n` allows no second value, and a list of nothing
 * but `''` would be an empty element, which Type 1C forbids.
 */
export function isCharacterSet(values: readonly string[]): boolean {
  const [first, ...others] = values;
  if (first === undefined) return true;
  if (new Set(values).size < values.length) return false;
  if (others.length === 0 && (Object.hasOwn(standAloneSets, first) || isSingleByte(first, 'ISO_IR '))) {
    return first !== 'ISO_IR 6';
  }
  if (first === '' && others.length === 0) return false;
  const isFirst = first === '' || isSingleByte(first, 'ISO 2022 IR ');
  return isFirst && others.every((name) => name.startsWith('ISO 2022 IR ') && numberOf(name) !== null);
}

function isSingleByte(name: string, prefix: string): boolean {
  const number = numberOf(name);
  return name.startsWith(prefix) && number !== null && registrations[number]?.isMultiByte === false;
}

/** The number in `ISO_IR n` or `ISO 2022 IR n`, or null when it is not one of the standard's. */
function numberOf(name: string): string | null {
  const number = /^ISO(?:_IR| 2022 IR) (\d{1,3})$/.exec(name)?.[1];
  return number !== undefined && Object.hasOwn(registrations, number) ? number : null;
}

/**
 * Reads more than the standard has, where it can only mean one thing: `ISO_IR n` among others (for `ISO 2022 IR n`),
 * and a set of two bytes as the first value (for the default repertoire extended by it). Scanners send both.
 */
function toPlan(characterSet: CharacterSet): Plan {
  if (characterSet.every((name) => name === '')) return { kind: 'default' };
  const [first = ''] = characterSet;
  if (characterSet.length === 1 && Object.hasOwn(standAloneSets, first)) {
    const set = standAloneSets[first];
    return set === undefined ? { kind: 'unknown' } : { kind: 'alone', set };
  }
  const numbers = characterSet.map((name, index) => (name === '' && index === 0 ? '6' : numberOf(name)));
  if (numbers.every((number) => number === '6')) return { kind: 'default' };
  const named = numbers.map((number) => (number === null ? undefined : registrations[number]));
  const found = named.filter((registration) => registration !== undefined);
  const [initial] = found;
  if (initial === undefined || found.length < named.length) return { kind: 'unknown' };
  const initialG0 = initial.isMultiByte ? asciiSet : (initial.g0 ?? asciiSet);
  const extends2022 = characterSet.length > 1 || first.startsWith('ISO 2022');
  const all = [initialG0, ...found.flatMap(({ g0, g1 }) => [g1, g0])].filter((set) => set !== null);
  const sets = [...new Set(all)];
  return {
    kind: 'coded',
    initialG0,
    initialG1: initial.g1,
    sets,
    // The default repertoire needs no name.
    designations: extends2022 ? [...new Set([...sets, asciiSet])] : [],
  };
}
