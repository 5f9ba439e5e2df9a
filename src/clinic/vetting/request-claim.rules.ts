import { Temporal } from '../../platform/time/index.js';
import { ImagingRequestClaimedByAnother } from './imaging-request.refusals.js';

/** A working day: who has done nothing about a request for so long has put it down, and it is free for others. */
export const CLAIM_LAPSES_AFTER_HOURS = 8;

/** Who has a request in hand, as it is written. */
export interface WrittenClaim {
  readonly claimedById: string | null;
  /** When they took it, or last did something with it. */
  readonly claimActiveAt: Temporal.Instant | null;
}

/** Somebody who has a request in hand at this moment. */
export interface LiveClaim {
  readonly byId: string;
  /** Unless they act, it is free from then on. */
  readonly until: Temporal.Instant;
}

/** The claim that holds now; null: nobody's, or it has lapsed. At the last moment of its time it is over. */
export function liveClaim(
  { claimedById, claimActiveAt }: WrittenClaim,
  now: Temporal.Instant,
): LiveClaim | null {
  if (claimedById === null || claimActiveAt === null) return null;
  const until = claimActiveAt.add({ hours: CLAIM_LAPSES_AFTER_HOURS });
  return Temporal.Instant.compare(now, until) < 0 ? { byId: claimedById, until } : null;
}

/** May this person decide on it? Not while somebody else has it in hand. */
export function canActOn(
  written: WrittenClaim,
  actorId: string,
  now: Temporal.Instant,
): ImagingRequestClaimedByAnother | null {
  const claim = liveClaim(written, now);
  return claim === null || claim.byId === actorId
    ? null
    : new ImagingRequestClaimedByAnother(claim.byId, claim.until);
}
