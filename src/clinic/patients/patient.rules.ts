import {
  ContactPreference,
  type PersonStatedGender,
  PhoneKind,
  type SexForClinicalUse,
} from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { readNhsNumber } from './nhs-number.rules.js';
import {
  charactersIn,
  type FieldProblem,
  isPrintable,
  nameProblems,
  type PersonName,
  tidy,
  tidyOrNull,
} from './person-name.rules.js';
import { canBeMobile, toE164 } from './phone.rules.js';

/** Nobody alive was born before; earlier years are typing mistakes (1890 for 1980). */
export const EARLIEST_DATE_OF_BIRTH = '1900-01-01';
/** What a window envelope shows beneath the name. */
export const ADDRESS_LINES_MAX = 6;
/** Royal Mail's PAF fields end at 60 and DICOM's LO at 64 characters. */
export const ADDRESS_LINE_CHARACTERS_MAX = 64;
/** The longest postal codes of the world have ten characters with their separator. */
export const POSTCODE_CHARACTERS_MAX = 12;
export const PHONES_MAX = 5;
/** E.164 has 15 digits; people add brackets, spaces and dashes. */
export const PHONE_CHARACTERS_MAX = 40;
/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its angle brackets. */
export const EMAIL_CHARACTERS_MAX = 254;

/** A postcode of the United Kingdom without its space (BS 7666; GIR 0AA is Girobank's). */
const BRITISH_POSTCODE = /^(GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2})$/;
const INWARD_CODE_CHARACTERS = 3;

export interface PhoneEntry {
  readonly kind: PhoneKind;
  readonly number: string;
}

/** A person as the desk typed them. */
export interface RegistrationEntry {
  readonly familyName: string;
  readonly givenName: string;
  readonly middleNames?: string | null;
  readonly namePrefix?: string | null;
  readonly dateOfBirth: string;
  readonly sexForClinicalUse: SexForClinicalUse;
  readonly statedGender: PersonStatedGender;
  readonly addressLines?: readonly string[] | null;
  readonly postcode?: string | null;
  readonly phones?: readonly PhoneEntry[] | null;
  readonly email?: string | null;
  readonly nhsNumber?: string | null;
  readonly contactPreference: ContactPreference;
}

/** The same as the clinic keeps them. */
export interface Registration extends PersonName {
  readonly dateOfBirth: string;
  readonly sexForClinicalUse: SexForClinicalUse;
  readonly statedGender: PersonStatedGender;
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
  readonly phones: readonly { readonly kind: PhoneKind; readonly e164: string; readonly asEntered: string }[];
  readonly email: string | null;
  readonly nhsNumber: string | null;
  readonly contactPreference: ContactPreference;
}

/** What of a record can be put right. */
export type CorrectableField = keyof Registration;

const problem = (field: string, message: string): FieldProblem => ({ field, message });

function dateOfBirthProblems(dateOfBirth: string, today: Temporal.PlainDate): FieldProblem[] {
  let date: Temporal.PlainDate;
  try {
    date = Temporal.PlainDate.from(dateOfBirth, { overflow: 'reject' });
  } catch {
    return [problem('dateOfBirth', 'must be a day of the calendar, as YYYY-MM-DD')];
  }
  if (Temporal.PlainDate.compare(date, today) > 0)
    return [problem('dateOfBirth', 'must not be in the future')];
  if (Temporal.PlainDate.compare(date, Temporal.PlainDate.from(EARLIEST_DATE_OF_BIRTH)) < 0) {
    return [problem('dateOfBirth', `must not be before ${EARLIEST_DATE_OF_BIRTH}`)];
  }
  return [];
}

/** British postcodes in capitals with one space before the last three; others as they were entered. */
export function toPostcode(entered: string | null | undefined): string | null {
  const tidied = tidyOrNull(entered);
  if (tidied === null) return null;
  const compact = tidied.toUpperCase().replaceAll(' ', '');
  if (!BRITISH_POSTCODE.test(compact)) return tidied;
  return `${compact.slice(0, -INWARD_CODE_CHARACTERS)} ${compact.slice(-INWARD_CODE_CHARACTERS)}`;
}

/** The domain in lower case; what stands before the @ belongs to the receiving server, case and all. */
export function toEmail(entered: string | null | undefined): string | null {
  const tidied = tidyOrNull(entered);
  if (tidied === null) return null;
  const at = tidied.lastIndexOf('@');
  return tidied.slice(0, at + 1) + tidied.slice(at + 1).toLowerCase();
}

function addressProblems(lines: readonly string[], postcode: string | null): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (lines.length > ADDRESS_LINES_MAX) {
    problems.push(problem('addressLines', `must have at most ${ADDRESS_LINES_MAX} lines`));
  }
  if (lines.some((line) => charactersIn(line) > ADDRESS_LINE_CHARACTERS_MAX)) {
    problems.push(
      problem('addressLines', `must have at most ${ADDRESS_LINE_CHARACTERS_MAX} characters a line`),
    );
  }
  if (!lines.every(isPrintable)) {
    problems.push(problem('addressLines', 'must not contain control or invisible characters'));
  }
  if (postcode !== null && (charactersIn(postcode) > POSTCODE_CHARACTERS_MAX || !isPrintable(postcode))) {
    problems.push(problem('postcode', `must be at most ${POSTCODE_CHARACTERS_MAX} ordinary characters`));
  }
  return problems;
}

function emailProblems(email: string | null): FieldProblem[] {
  if (email === null) return [];
  const wellFormed = /^[^\s@]+@[^\s@]+$/.test(email) && isPrintable(email);
  if (wellFormed && charactersIn(email) <= EMAIL_CHARACTERS_MAX) return [];
  return [problem('email', 'must be an e-mail address, such as name@example.org')];
}

function phoneProblems(entries: readonly PhoneEntry[]): FieldProblem[] {
  if (entries.length > PHONES_MAX) return [problem('phones', `must be at most ${PHONES_MAX} numbers`)];
  return entries.flatMap(({ kind, number }, index) => {
    const field = `phones.${index}.number`;
    const e164 = toE164(number);
    if (e164 === null) {
      return [
        problem(field, 'must be a complete telephone number, such as 07700 900123 or +33 6 12 34 56 78'),
      ];
    }
    if (kind === PhoneKind.MOBILE && !canBeMobile(e164)) {
      return [problem(field, 'is not a British mobile number: choose HOME or WORK, or correct it')];
    }
    return [];
  });
}

/** What must be there for the clinic to reach somebody in this way; null when it is. */
function unreachable(person: Registration): FieldProblem | null {
  const missing = (what: string) => problem('contactPreference', `${person.contactPreference} needs ${what}`);
  switch (person.contactPreference) {
    case ContactPreference.EMAIL:
      return person.email === null ? missing('an e-mail address') : null;
    case ContactPreference.SMS:
      return person.phones.some(({ kind }) => kind === PhoneKind.MOBILE) ? null : missing('a mobile number');
    case ContactPreference.TELEPHONE:
      return person.phones.length === 0 ? missing('a telephone number') : null;
    case ContactPreference.LETTER:
      return person.addressLines.length === 0 ? missing('an address') : null;
  }
}

function tidied(entry: RegistrationEntry): Registration {
  return {
    familyName: tidy(entry.familyName),
    givenName: tidy(entry.givenName),
    middleNames: tidyOrNull(entry.middleNames),
    namePrefix: tidyOrNull(entry.namePrefix),
    dateOfBirth: entry.dateOfBirth,
    sexForClinicalUse: entry.sexForClinicalUse,
    statedGender: entry.statedGender,
    addressLines: (entry.addressLines ?? []).map(tidy).filter((line) => line !== ''),
    postcode: toPostcode(entry.postcode),
    phones: (entry.phones ?? []).flatMap(({ kind, number }) => {
      const e164 = toE164(number);
      return e164 === null ? [] : [{ kind, e164, asEntered: tidy(number) }];
    }),
    email: toEmail(entry.email),
    nhsNumber: readNhsNumber(entry.nhsNumber ?? ''),
    contactPreference: entry.contactPreference,
  };
}

function nhsNumberProblems(entered: string | null | undefined): FieldProblem[] {
  if (tidyOrNull(entered) === null || readNhsNumber(entered ?? '') !== null) return [];
  return [
    problem(
      'nhsNumber',
      'is not an NHS number: ten digits that pass the Modulus 11 check. Leave it out if unknown',
    ),
  ];
}

/** Turns what the desk typed into what the clinic keeps, or says everything that is wrong with it, field by field. */
export function readRegistration(
  entry: RegistrationEntry,
  today: Temporal.PlainDate,
): { readonly person: Registration; readonly problems: readonly FieldProblem[] } {
  const person = tidied(entry);
  const shape = [
    ...nameProblems(person),
    ...dateOfBirthProblems(entry.dateOfBirth, today),
    ...addressProblems(person.addressLines, person.postcode),
    ...emailProblems(person.email),
    ...phoneProblems(entry.phones ?? []),
    ...nhsNumberProblems(entry.nhsNumber),
  ];
  const reach = shape.length === 0 ? unreachable(person) : null;
  return { person, problems: reach === null ? shape : [reach] };
}

/** Problems as one sentence a field, with the field first. */
export function describeProblems(problems: readonly FieldProblem[]): string {
  return problems.map(({ field, message }) => `${field}: ${message}.`).join(' ');
}
