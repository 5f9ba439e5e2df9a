import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** Numbers typed without a country are British. */
const HOME_COUNTRY = 'GB';
/** ITU-T E.164: a plus, a country code, at most 15 digits in all. The database checks the same. */
const E164 = /^\+[1-9]\d{6,14}$/;
const BRITISH = /^\+44/;
/** A British mobile number has ten digits after the country code (Ofcom's National Telephone Numbering Plan). */
const BRITISH_MOBILE = /^\+447\d{9}$/;

/**
 * A telephone number as E.164; null when it cannot be one. "Possible" is enough: the length is right for its
 * country. Asking for more would refuse numbers that regulators open after the library was published, and
 * Ofcom's range for fiction (07700 900xxx) with them.
 */
export function toE164(typed: string): string | null {
  const e164 = read(typed);
  // Some countries' numbers lose a digit when they are written as E.164, and what is left may be too short for one.
  return e164 !== null && read(e164) === e164 ? e164 : null;
}

function read(typed: string): string | null {
  const number = parsePhoneNumberFromString(typed.normalize('NFKC').trim(), {
    defaultCountry: HOME_COUNTRY,
    extract: false,
  });
  if (!number?.isPossible() || number.ext !== undefined || !E164.test(number.number)) return null;
  if (number.number.startsWith('+447') && !BRITISH_MOBILE.test(number.number)) return null;
  return number.number;
}

/** May a text message be sent to it? Only for Britain do the digits say so; elsewhere we take the caller's word. */
export function canBeMobile(e164: string): boolean {
  return !BRITISH.test(e164) || BRITISH_MOBILE.test(e164);
}
