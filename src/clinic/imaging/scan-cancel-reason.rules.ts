/** Why a scan was cancelled, in imaging's words. What is kept is the code of all visits' reasons. */
export const ScanCancelReason = {
  PATIENT_REQUEST: 'PATIENT_REQUEST',
  PATIENT_ILL: 'PATIENT_ILL',
  PATIENT_DIED: 'PATIENT_DIED',
  CLINICALLY_UNSUITABLE: 'CLINICALLY_UNSUITABLE',
  EQUIPMENT_FAILURE: 'EQUIPMENT_FAILURE',
  TRACER_UNAVAILABLE: 'TRACER_UNAVAILABLE',
  STAFF_UNAVAILABLE: 'STAFF_UNAVAILABLE',
  BOOKED_IN_ERROR: 'BOOKED_IN_ERROR',
  OTHER: 'OTHER',
} as const;
export type ScanCancelReason = (typeof ScanCancelReason)[keyof typeof ScanCancelReason];

/** The code of `cancelReasons` that says the same. */
const CODES: Readonly<Record<ScanCancelReason, string>> = {
  PATIENT_REQUEST: 'PATIENT_CANNOT_COME',
  PATIENT_ILL: 'PATIENT_UNWELL',
  PATIENT_DIED: 'PATIENT_DIED',
  CLINICALLY_UNSUITABLE: 'CLINICALLY_NOT_NEEDED',
  EQUIPMENT_FAILURE: 'EQUIPMENT_FAILED',
  TRACER_UNAVAILABLE: 'NO_TRACER',
  STAFF_UNAVAILABLE: 'STAFF_ABSENT',
  BOOKED_IN_ERROR: 'BOOKED_IN_ERROR',
  OTHER: 'OTHER',
};

/** Codes that imaging has no word of its own for, by the nearest that it has. */
const NEAREST: Readonly<Record<string, ScanCancelReason>> = { PATIENT_DECLINED: 'PATIENT_REQUEST' };

export function codeOfReason(reason: ScanCancelReason): string {
  return CODES[reason];
}

/** A clinic's own reason, which imaging does not know, is another. */
export function reasonOfCode(code: string): ScanCancelReason {
  const known = Object.values(ScanCancelReason).find((reason) => CODES[reason] === code);
  return known ?? (Object.hasOwn(NEAREST, code) ? NEAREST[code] : undefined) ?? ScanCancelReason.OTHER;
}
