import { ReferralSource, RegistrationBody } from '../../platform/database/generated/enums.js';

/** DICOM PS3.5, VR PN: the scanner shows the referrer as one component group of 64 characters. */
const NAME_CHARACTERS_MAX = 64;
/** `^` `=` and backslash separate the parts of DICOM names and values. */
const NOT_IN_NAMES = /[\\^=\p{Cc}\p{Cs}]/u;

/**
 * How each body writes its numbers, blanks aside. A GMC number is also written as a consultant code, with a C in front.
 * HCPC: two letters of the profession and up to six digits. NMC: two digits, a letter, four digits, a letter.
 */
const REGISTRATIONS = {
  GMC: { form: /^C?(\d{7})$/, says: 'a GMC number has seven digits' },
  HCPC: { form: /^([A-Z]{2}\d{4,6})$/, says: 'an HCPC number has two letters and four to six digits' },
  NMC: {
    form: /^(\d{2}[A-Z]\d{4}[A-Z])$/,
    says: 'an NMC PIN has two digits, a letter, four digits and a letter',
  },
  OTHER: { form: /^([A-Z0-9/-]{2,20})$/, says: 'has 2 to 20 letters and digits' },
} as const satisfies Record<RegistrationBody, { readonly form: RegExp; readonly says: string }>;

/** NHS Organisation Data Service: 3 to 8 letters and digits. */
const ODS_CODE = /^[A-Z0-9]{3,8}$/;
const BLANKS = /\s+/g;

/** A referrer as the directory keeps them; texts are trimmed, and blank ones null. */
export interface ReferrerEntry {
  readonly kind: ReferralSource;
  readonly title: string | null;
  readonly name: string;
  readonly registrationBody: RegistrationBody | null;
  readonly registration: string | null;
  readonly odsCode: string | null;
}

/** What is wrong with an entry; null when nothing is. Registration and ODS code as `read…` gave them. */
export function referrerEntryProblem(entry: ReferrerEntry): string | null {
  if (entry.kind === ReferralSource.SELF) return 'kind: whoever refers themselves is a patient.';
  if ([...displayName(entry)].length > NAME_CHARACTERS_MAX) {
    return `name: must have at most ${NAME_CHARACTERS_MAX} characters with its title, for the scanner.`;
  }
  if (entry.name === '') return 'name: is needed.';
  if (NOT_IN_NAMES.test(displayName(entry))) {
    return 'name: must not contain \\ ^ = or control characters, for the scanner.';
  }
  const { registrationBody: body, registration, odsCode } = entry;
  if ((body === null) !== (registration === null)) {
    return 'registration: say the number and whose it is, or neither.';
  }
  if (body !== null && registration !== null && !REGISTRATIONS[body].form.test(registration)) {
    return `registration: ${REGISTRATIONS[body].says}.`;
  }
  return odsCode === null || ODS_CODE.test(odsCode) ? null : 'odsCode: has 3 to 8 letters and digits.';
}

/** A number as it is kept: in capitals without blanks, and of the GMC its seven digits. */
export function readRegistration(body: RegistrationBody | null, typed: string | null): string | null {
  if (typed === null) return null;
  const written = typed.normalize('NFKC').replace(BLANKS, '').toUpperCase();
  return body === null ? written : (REGISTRATIONS[body].form.exec(written)?.[1] ?? written);
}

export function readOdsCode(typed: string | null): string | null {
  return typed === null ? null : typed.normalize('NFKC').replace(BLANKS, '').toUpperCase();
}

/** With the title, as on a letter and on the scanner. */
export function displayName({
  title,
  name,
}: {
  readonly title: string | null;
  readonly name: string;
}): string {
  return title === null ? name : `${title} ${name}`;
}

/** Whether somebody may refer for an exposure on a day (IR(ME)R 2017, regulation 10: entitled by the employer). */
export function isEntitledOn(
  entitlement: {
    readonly isEntitled: boolean;
    readonly entitledFrom: string | null;
    readonly entitledUntil: string | null;
  },
  day: string,
): boolean {
  const { isEntitled, entitledFrom, entitledUntil } = entitlement;
  return isEntitled && (entitledFrom ?? day) <= day && day <= (entitledUntil ?? day);
}

/** What is wrong with an entitlement; null when nothing is. */
export function entitlementProblem(entitlement: {
  readonly isEntitled: boolean;
  readonly entitledFrom: string | null;
  readonly entitledUntil: string | null;
}): string | null {
  const { isEntitled, entitledFrom, entitledUntil } = entitlement;
  if (!isEntitled && (entitledFrom !== null || entitledUntil !== null)) {
    return 'from: an entitlement that is not given has no days.';
  }
  return entitledFrom !== null && entitledUntil !== null && entitledUntil < entitledFrom
    ? 'until: must not be before from.'
    : null;
}
