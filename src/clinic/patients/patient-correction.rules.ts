import type { Temporal } from '../../platform/time/index.js';
import {
  type CorrectableField,
  type Registration,
  type RegistrationEntry,
  readRegistration,
} from './patient.rules.js';
import type { FieldProblem } from './person-name.rules.js';

/** What the desk wants changed: left out is left as it is, null is emptied. */
export type CorrectionEntry = {
  readonly [Field in keyof RegistrationEntry]?: RegistrationEntry[Field] | null;
} & { readonly nhsNumberVerified?: boolean | null };

/** A record as it stands, in so far as it can be corrected. */
export type Correctable = Registration & { readonly nhsNumberVerifiedAt: Temporal.Instant | null };

const ALWAYS_THERE = ['dateOfBirth', 'sexForClinicalUse', 'statedGender', 'contactPreference'] as const;
/** Who somebody is by: only these lead to another record. */
const LIKENESS: readonly CorrectableField[] = ['familyName', 'givenName', 'dateOfBirth', 'phones', 'email'];

export interface ReadCorrection {
  readonly person: Registration;
  /** Whether the number counts as checked afterwards. */
  readonly nhsNumberVerified: boolean;
  /** The fields that differ from the record. */
  readonly changed: readonly CorrectableField[];
  readonly problems: readonly FieldProblem[];
}

/** Reads what is to be changed against what stands there, and says everything that is wrong with it. What is left as it is is not found fault with. */
export function readCorrection(
  present: Correctable,
  entry: CorrectionEntry,
  today: Temporal.PlainDate,
): ReadCorrection {
  const asked = askedFields(entry);
  const emptied = ALWAYS_THERE.filter((field) => entry[field] === null).map((field) => ({
    field,
    message: 'must not be emptied',
  }));
  const { person: read, problems } = readRegistration(wholeEntry(present, entry), today);
  const person = asked.has('phones') ? read : { ...read, phones: present.phones };
  const changed = differingFields(present, person);
  const verified = verifiedAfter(present, entry, changed.includes('nhsNumber'));
  const ofAsked = problems.filter(
    ({ field }) => field === 'contactPreference' || asked.has(field.split('.')[0] ?? field),
  );
  const all = [...emptied, ...ofAsked, ...verificationProblems(person, entry)];
  return { person, nhsNumberVerified: verified, changed, problems: all };
}

/** Whether a correction can make another record look like this one. */
export function changesLikeness(changed: readonly CorrectableField[]): boolean {
  return changed.some((field) => LIKENESS.includes(field));
}

/** The fields in which two records differ. */
export function differingFields(one: Registration, other: Registration): readonly CorrectableField[] {
  const fields = Object.keys(FIELDS) as CorrectableField[];
  return fields.filter((field) => JSON.stringify(one[field]) !== JSON.stringify(other[field]));
}

const FIELDS: Readonly<Record<CorrectableField, true>> = {
  familyName: true,
  givenName: true,
  middleNames: true,
  namePrefix: true,
  dateOfBirth: true,
  sexForClinicalUse: true,
  statedGender: true,
  addressLines: true,
  postcode: true,
  phones: true,
  email: true,
  nhsNumber: true,
  contactPreference: true,
};

function askedFields(entry: CorrectionEntry): ReadonlySet<string> {
  return new Set(Object.keys(FIELDS).filter((field) => entry[field as CorrectableField] !== undefined));
}

function wholeEntry(present: Correctable, entry: CorrectionEntry): RegistrationEntry {
  const { phones, ...rest } = present;
  const asItStands = { ...rest, phones: phones.map(({ kind, asEntered }) => ({ kind, number: asEntered })) };
  const asked = Object.fromEntries(
    Object.keys(FIELDS)
      .map((field) => [field, entry[field as CorrectableField]] as const)
      .filter(([, value]) => value !== undefined),
  );
  const { familyName, givenName } = entry;
  // What must always be there is refused by its own problem, and read as it stands meanwhile.
  const kept = Object.fromEntries(
    ALWAYS_THERE.filter((field) => entry[field] === null).map((field) => [field, present[field]]),
  );
  return {
    ...asItStands,
    ...asked,
    ...kept,
    ...(familyName === null ? { familyName: '' } : {}),
    ...(givenName === null ? { givenName: '' } : {}),
  };
}

function verifiedAfter(present: Correctable, entry: CorrectionEntry, otherNumber: boolean): boolean {
  if (entry.nhsNumberVerified !== undefined && entry.nhsNumberVerified !== null)
    return entry.nhsNumberVerified;
  return !otherNumber && present.nhsNumberVerifiedAt !== null;
}

function verificationProblems(person: Registration, entry: CorrectionEntry): readonly FieldProblem[] {
  if (entry.nhsNumberVerified !== true || person.nhsNumber !== null) return [];
  return [{ field: 'nhsNumberVerified', message: 'needs an NHS number on the record' }];
}
