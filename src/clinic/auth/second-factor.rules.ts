import type { Temporal } from '../../platform/time/index.js';

/** A clock that is off by half a minute, and a person who types slowly. RFC 6238 §5.2 recommends one step. */
export const STEPS_EITHER = 1;
/** Five wrong codes are a person who reads the wrong line. With three codes good at a time, guessing is hopeless. */
export const WRONG_CODES_MAX = 5;
export const LOCKED_CODE_MINUTES = 15;
/** Ten signatures without the device are more than the days until there is a new one. */
export const RECOVERY_CODES = 10;
/** Sixteen of 32 letters and digits are 80 bits: no guess finds one, and a plain SHA-256 is enough to keep. */
export const RECOVERY_CODE_CHARACTERS = 16;
const GROUP_CHARACTERS = 4;
/** Without i, l, o and u: what is read aloud and written down comes back the same. */
export const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const APP_CODE = /^\d{6}$/;
const BLANKS_AND_DASHES = /[\s-]/g;

export interface CodeState {
  readonly failedTries: number;
  readonly lockedUntil: Temporal.Instant | null;
}

export function isCodeLocked({ lockedUntil }: CodeState, now: Temporal.Instant): boolean {
  return lockedUntil !== null && now.epochMilliseconds < lockedUntil.epochMilliseconds;
}

/** What a wrong code does: counts, and at the limit locks and starts the count anew. */
export function afterWrongCode({ failedTries }: CodeState, now: Temporal.Instant): CodeState {
  const tries = failedTries + 1;
  if (tries < WRONG_CODES_MAX) return { failedTries: tries, lockedUntil: null };
  return { failedTries: 0, lockedUntil: now.add({ minutes: LOCKED_CODE_MINUTES }) };
}

/** Each step serves once, and none that is older than one that was used. */
export function isStepFresh(step: number | null, lastStep: number | null): step is number {
  return step !== null && (lastStep === null || step > lastStep);
}

/** As it was typed, without blanks and dashes and in small letters. */
export function plainCode(typed: string): string {
  return typed.normalize('NFKC').replace(BLANKS_AND_DASHES, '').toLowerCase();
}

export function isAppCode(plain: string): boolean {
  return APP_CODE.test(plain);
}

/** Random bytes as a recovery code: five bits of each, `7k2m-…`. */
export function recoveryCodeOf(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, RECOVERY_CODE_CHARACTERS)].map(
    (byte) => RECOVERY_ALPHABET[byte & 31],
  );
  return letters.join('').replace(new RegExp(`(.{${GROUP_CHARACTERS}})(?=.)`, 'g'), '$1-');
}
