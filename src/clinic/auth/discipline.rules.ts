import { RegistrationBody } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/**
 * How each register writes its numbers, blanks aside. A GMC number is also written as a consultant code, with a C in
 * front. HCPC: two letters of the profession and up to six digits. NMC: two digits, a letter, four digits, a letter.
 */
const NUMBERS = {
  [RegistrationBody.GMC]: { form: /^C?(\d{7})$/, says: 'a GMC number has seven digits' },
  [RegistrationBody.HCPC]: {
    form: /^([A-Z]{2}\d{4,6})$/,
    says: 'an HCPC number has two letters and four to six digits',
  },
  [RegistrationBody.NMC]: {
    form: /^(\d{2}[A-Z]\d{4}[A-Z])$/,
    says: 'an NMC PIN has two digits, a letter, four digits and a letter',
  },
  [RegistrationBody.OTHER]: { form: /^([A-Z0-9/-]{2,20})$/, says: 'has 2 to 20 letters and digits' },
} as const satisfies Record<RegistrationBody, { readonly form: RegExp; readonly says: string }>;

const BLANKS = /\s+/g;

/** A number as it is kept: in capitals without blanks, and of the GMC its seven digits. */
export function readStaffRegistration(body: RegistrationBody | null, typed: string | null): string | null {
  if (typed === null) return null;
  const written = typed.normalize('NFKC').replace(BLANKS, '').toUpperCase();
  return body === null ? written : (NUMBERS[body].form.exec(written)?.[1] ?? written);
}

/** What is wrong with a registration as `readStaffRegistration` gave it; null when nothing is. */
export function registrationProblem(body: RegistrationBody | null, number: string | null): string | null {
  if ((body === null) !== (number === null)) {
    return 'registrationNumber: say the number and whose register it is of, or neither.';
  }
  if (body === null || number === null || NUMBERS[body].form.test(number)) return null;
  return `registrationNumber: ${NUMBERS[body].says}.`;
}

export interface DisciplineTerm {
  readonly effectiveFrom: Temporal.PlainDate;
  /** First day on which it is held no more. */
  readonly endedOn: Temporal.PlainDate | null;
}

export function isHeldOn({ effectiveFrom, endedOn }: DisciplineTerm, on: Temporal.PlainDate): boolean {
  if (Temporal.PlainDate.compare(effectiveFrom, on) > 0) return false;
  return endedOn === null || Temporal.PlainDate.compare(on, endedOn) < 0;
}
