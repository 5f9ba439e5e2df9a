// NHS numbers: ten digits, the last of which is a Modulus 11 check digit.
// Source: NHS Data Model and Dictionary, "NHS Number"; NHS service manual (spaces are to be accepted).

const NHS_NUMBER = /^\d{10}$/;
/** Spaces and every kind of dash: people paste "943 476 5919" and "943-476-5919". */
const SEPARATORS = /[\s\p{Pd}]/gu;
const ALL_THE_SAME = /^(\d)\1{9}$/;

/** Modulus 11: the digit that must follow these nine; null when no digit does, so that no such number is issued. */
export function nhsCheckDigit(firstNine: string): number | null {
  const sum = [...firstNine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? null : check;
}

/**
 * The ten digits of an NHS number typed with or without spaces and dashes; null when it is not one.
 * 0000000000 and other repeats satisfy Modulus 11 or nearly so, and are what people type to get past a form.
 */
export function readNhsNumber(text: string): string | null {
  const digits = text.replace(SEPARATORS, '');
  if (!NHS_NUMBER.test(digits) || ALL_THE_SAME.test(digits)) return null;
  return nhsCheckDigit(digits.slice(0, 9)) === Number(digits.slice(9)) ? digits : null;
}

/** As people read it aloud: 943 476 5919. */
export function displayNhsNumber(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}
