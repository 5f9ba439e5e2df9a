import type { Temporal } from '../../platform/time/index.js';

// A shift at the desk is under twelve hours: nobody stays signed in overnight.
export const SESSION_LIFE_HOURS = 12;
// A screen left alone over a long lunch is signed out.
export const SESSION_IDLE_MINUTES = 120;
// Writing "last seen" at every request would make each read a write; once a minute is exact enough for a limit of hours.
export const LAST_SEEN_STEP_SECONDS = 60;
// Five wrong passwords are a person who has forgotten it; the pause makes guessing useless (480 tries a day).
export const FAILED_SIGN_INS_MAX = 5;
export const LOCKED_MINUTES = 15;

export interface SessionTimes {
  readonly expiresAt: Temporal.Instant;
  readonly lastSeenAt: Temporal.Instant;
  readonly revokedAt: Temporal.Instant | null;
}

function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}

/** A session serves until it expires, is left idle too long, or is revoked. */
export function isSessionAlive(session: SessionTimes, now: Temporal.Instant): boolean {
  if (session.revokedAt !== null) return false;
  if (!isBefore(now, session.expiresAt)) return false;
  return isBefore(now, session.lastSeenAt.add({ minutes: SESSION_IDLE_MINUTES }));
}

export function isLastSeenStale(session: SessionTimes, now: Temporal.Instant): boolean {
  return !isBefore(now, session.lastSeenAt.add({ seconds: LAST_SEEN_STEP_SECONDS }));
}

export interface SignInState {
  readonly failedSignIns: number;
  readonly lockedUntil: Temporal.Instant | null;
}

export function isLocked(account: SignInState, now: Temporal.Instant): boolean {
  return account.lockedUntil !== null && isBefore(now, account.lockedUntil);
}

/** What a wrong password does to an account: counts, and at the limit locks it and starts the count anew. */
export function afterFailedSignIn(account: SignInState, now: Temporal.Instant): SignInState {
  const failedSignIns = account.failedSignIns + 1;
  if (failedSignIns < FAILED_SIGN_INS_MAX) return { failedSignIns, lockedUntil: null };
  return { failedSignIns: 0, lockedUntil: now.add({ minutes: LOCKED_MINUTES }) };
}
