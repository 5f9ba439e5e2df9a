import type { Temporal } from '../../platform/time/index.js';
import type { CorrectableField, Registration } from './patient.rules.js';
import { PHONES_MAX } from './patient.rules.js';
import type { CorrectionEntry } from './patient-correction.rules.js';

/** A merge can be undone for so long: whoever was taken for somebody else is noticed at the next visit, mostly. */
export const MERGE_UNDO_DAYS = 30;
const DAY_HOURS = 24;

/** What the kept record can take over from the other, each as a whole. */
export const MergeField = {
  NAME: 'NAME',
  DATE_OF_BIRTH: 'DATE_OF_BIRTH',
  SEX_FOR_CLINICAL_USE: 'SEX_FOR_CLINICAL_USE',
  STATED_GENDER: 'STATED_GENDER',
  ADDRESS: 'ADDRESS',
  PHONES: 'PHONES',
  EMAIL: 'EMAIL',
  NHS_NUMBER: 'NHS_NUMBER',
  CONTACT_PREFERENCE: 'CONTACT_PREFERENCE',
} as const;
export type MergeField = (typeof MergeField)[keyof typeof MergeField];

/** A record, in so far as two are compared. */
export type Mergeable = Registration & {
  readonly nhsNumberVerifiedAt: Temporal.Instant | null;
};

const COLUMNS: Readonly<Record<MergeField, readonly CorrectableField[]>> = {
  NAME: ['familyName', 'givenName', 'middleNames', 'namePrefix'],
  DATE_OF_BIRTH: ['dateOfBirth'],
  SEX_FOR_CLINICAL_USE: ['sexForClinicalUse'],
  STATED_GENDER: ['statedGender'],
  ADDRESS: ['addressLines', 'postcode'],
  PHONES: ['phones'],
  EMAIL: ['email'],
  NHS_NUMBER: ['nhsNumber'],
  CONTACT_PREFERENCE: ['contactPreference'],
};
const FIELDS = Object.keys(COLUMNS) as MergeField[];

/** One field as both records have it, as people read it. */
export interface FieldDifference {
  readonly field: MergeField;
  readonly kept: string | null;
  readonly merged: string | null;
}

function asRead(record: Registration, field: MergeField): string | null {
  const shown = COLUMNS[field].flatMap((column): readonly string[] => {
    const value = record[column];
    if (value === null) return [];
    if (typeof value === 'string') return [value];
    return value.map((part) => (typeof part === 'string' ? part : part.e164));
  });
  return shown.length === 0 ? null : shown.join(', ');
}

/** The fields in which two records differ. */
export function differences(kept: Registration, merged: Registration): readonly FieldDifference[] {
  return FIELDS.map((field) => ({ field, kept: asRead(kept, field), merged: asRead(merged, field) })).filter(
    (both) => both.kept !== both.merged,
  );
}

/** Why two records cannot be one person's, by what stands on them alone: whole sentences. */
export function demographicConflicts(kept: Mergeable, merged: Mergeable): readonly string[] {
  const bothChecked = kept.nhsNumberVerifiedAt !== null && merged.nhsNumberVerifiedAt !== null;
  if (!bothChecked || kept.nhsNumber === merged.nhsNumber) return [];
  return [
    'Both records have a checked NHS number, and the numbers differ: they belong to two people. ' +
      'If one of them is wrong, correct it first.',
  ];
}

/** What a person should look at twice before they say that these are one: whole sentences. */
export function demographicWarnings(
  kept: Mergeable,
  merged: Mergeable,
  taken: readonly MergeField[] = [],
): readonly string[] {
  const warnings: string[] = [];
  if (kept.nhsNumber !== null && merged.nhsNumber !== null && kept.nhsNumber !== merged.nhsNumber) {
    warnings.push('The NHS numbers differ. One of them is wrong, or these are two people.');
  }
  if (kept.nhsNumber === null && merged.nhsNumber !== null && !taken.includes(MergeField.NHS_NUMBER)) {
    warnings.push('Only the record to be merged has an NHS number: take it over unless it is wrong.');
  }
  if (kept.dateOfBirth !== merged.dateOfBirth) warnings.push('The dates of birth differ.');
  if (kept.sexForClinicalUse !== merged.sexForClinicalUse) {
    warnings.push('The sex for clinical use differs: doses and questions go by it.');
  }
  return warnings;
}

/** What the kept record takes over, as a correction of it. Telephone numbers are added, and nothing is lost of its own. */
export function takenOver(
  kept: Mergeable,
  merged: Mergeable,
  fields: readonly MergeField[],
): CorrectionEntry & Partial<Registration> {
  const entry: Record<string, unknown> = {};
  for (const field of new Set(fields)) {
    for (const column of COLUMNS[field]) entry[column] = merged[column];
  }
  if (fields.includes(MergeField.NHS_NUMBER)) {
    entry.nhsNumberVerified = merged.nhsNumber !== null && merged.nhsNumberVerifiedAt !== null;
  }
  if (fields.includes(MergeField.PHONES)) {
    const known = new Set(kept.phones.map(({ e164 }) => e164));
    const all = [...kept.phones, ...merged.phones.filter(({ e164 }) => !known.has(e164))];
    entry.phones = all.slice(0, PHONES_MAX).map(({ kind, asEntered }) => ({ kind, number: asEntered }));
  }
  return entry;
}

/** What one field was before the merge and what the merge made of it. */
export interface TakenField {
  readonly before: unknown;
  readonly after: unknown;
}
export type Taken = Readonly<Partial<Record<CorrectableField, TakenField>>>;

/** What is remembered of the fields that a merge changed, so that it can be undone. */
export function takenFields(
  before: Registration,
  after: Registration,
  changed: readonly CorrectableField[],
): Taken {
  return Object.fromEntries(
    changed.map((field) => [field, { before: before[field], after: after[field] }] as const),
  );
}

/** What goes back when a merge is undone: what still stands as the merge left it. The rest was corrected since, and stays. */
export function givenBack(
  present: Registration,
  taken: Taken,
): { readonly person: Registration; readonly stays: readonly CorrectableField[] } {
  const fields = Object.entries(taken) as (readonly [CorrectableField, TakenField])[];
  const isUntouched = ([field, { after }]: readonly [CorrectableField, TakenField]) =>
    canonical(present[field]) === canonical(after);
  const back = fields.filter(isUntouched).map(([field, { before }]) => [field, before] as const);
  const stays = fields.filter((each) => !isUntouched(each)).map(([field]) => field);
  return { person: { ...present, ...Object.fromEntries(back) }, stays };
}

/** The same text for the same value: the database keeps the keys of an object in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Until when a merge can be undone. */
export function undoUntil(mergedAt: Temporal.Instant): Temporal.Instant {
  return mergedAt.add({ hours: MERGE_UNDO_DAYS * DAY_HOURS });
}
