import { ReferralSource } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** DICOM PS3.5, VR PN: the scanner shows the referrer as one component group of 64 characters. */
const REFERRER_NAME_CHARACTERS_MAX = 64;
/** `^` `=` and backslash separate the parts of DICOM names and values. */
const DICOM_SEPARATORS = /[\\^=]/;
const CONTROL = /[\p{Cc}\p{Cs}]/u;
/** A GMC reference number has seven digits; some write it as a consultant code, with a C in front. */
const GMC_NUMBER = /^C?(\d{7})$/i;

export interface ReferrerEntry {
  readonly source: ReferralSource;
  readonly referrerName: string | null;
  readonly referrerRegistration: string | null;
}

/** Who refers must be known, so that the answer goes somewhere; only patients who come by themselves need nobody. */
export function referrerProblem(
  { source, referrerName, referrerRegistration }: ReferrerEntry,
  isFromDirectory = false,
): string | null {
  if (referrerName === null) {
    return source === ReferralSource.SELF
      ? null
      : 'referrerName: is needed, unless the patient comes by themselves.';
  }
  if ([...referrerName].length > REFERRER_NAME_CHARACTERS_MAX) {
    return `referrerName: must have at most ${REFERRER_NAME_CHARACTERS_MAX} characters, for the scanner.`;
  }
  if (DICOM_SEPARATORS.test(referrerName) || CONTROL.test(referrerName)) {
    return 'referrerName: must not contain \\ ^ = or control characters, for the scanner.';
  }
  // The directory has judged the registration by its own body: a GP may be a nurse.
  if (isFromDirectory) return null;
  if (referrerRegistration !== null && isDoctor(source) && !GMC_NUMBER.test(referrerRegistration)) {
    return 'referrerRegistration: a GMC number has seven digits.';
  }
  return null;
}

function isDoctor(source: ReferralSource): boolean {
  return source === ReferralSource.GP || source === ReferralSource.CONSULTANT;
}

/** A GMC number as its seven digits; registrations of other professions as they were entered. */
export function toRegistration(source: ReferralSource, entered: string | null): string | null {
  if (entered === null || !isDoctor(source)) return entered;
  return GMC_NUMBER.exec(entered)?.[1] ?? entered;
}

/** What is wrong with the day a referral arrived; null when nothing is. */
export function receivedOnProblem(
  receivedOn: string,
  bounds: { readonly today: Temporal.PlainDate; readonly dateOfBirth: string },
): string | null {
  let day: Temporal.PlainDate;
  try {
    day = Temporal.PlainDate.from(receivedOn, { overflow: 'reject' });
  } catch {
    return 'receivedOn: must be a day of the calendar, as YYYY-MM-DD.';
  }
  if (Temporal.PlainDate.compare(day, bounds.today) > 0) return 'receivedOn: must not be in the future.';
  if (Temporal.PlainDate.compare(day, Temporal.PlainDate.from(bounds.dateOfBirth)) < 0) {
    return 'receivedOn: must not be before the patient was born.';
  }
  return null;
}
