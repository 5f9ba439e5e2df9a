import { Secret, TOTP } from 'otpauth';
import type { Temporal } from '../time/index.js';

/** RFC 6238 §4.1: the step that authenticator apps know without being told. */
export const STEP_SECONDS = 30;
/** RFC 4226 §5.3 asks for six at least, and apps show six. */
export const CODE_DIGITS = 6;

export interface Enrolment {
  /** Whose codes these are, as the app shows it. */
  readonly issuer: string;
  readonly account: string;
  readonly secret: Uint8Array;
}

function totpOf({ issuer, account, secret }: Enrolment): TOTP {
  // A copy of its own: a Buffer of Node may be a part of a larger one.
  const buffer = new Uint8Array(secret).buffer;
  return new TOTP({
    issuer,
    label: account,
    algorithm: 'SHA1',
    digits: CODE_DIGITS,
    period: STEP_SECONDS,
    secret: new Secret({ buffer }),
  });
}

/** Anything else cannot be one; the library throws on text of another length in bytes. */
const CODE = new RegExp(`^[0-9]{${CODE_DIGITS}}$`);

/** What an authenticator app reads from a picture: `otpauth://totp/…`. It holds the secret. */
export function enrolmentUri(enrolment: Enrolment): string {
  return totpOf(enrolment).toString();
}

/** The code of a moment, as the app shows it. */
export function codeAt(secret: Uint8Array, now: Temporal.Instant): string {
  return totpOf({ issuer: '', account: '', secret }).generate({ timestamp: now.epochMilliseconds });
}

/** Steps of 30 seconds since 1970. */
export function stepAt(now: Temporal.Instant): number {
  return Math.floor(now.epochMilliseconds / 1000 / STEP_SECONDS);
}

/**
 * Whose step this code is, looking `stepsEither` steps to either side of now; null: none of theirs. Compared in constant
 * time. That a step is used once is the caller's to keep.
 */
export function stepOfCode(
  secret: Uint8Array,
  code: string,
  now: Temporal.Instant,
  stepsEither: number,
): number | null {
  if (!CODE.test(code)) return null;
  const totp = totpOf({ issuer: '', account: '', secret });
  const delta = totp.validate({ token: code, timestamp: now.epochMilliseconds, window: stepsEither });
  return delta === null ? null : stepAt(now) + delta;
}
