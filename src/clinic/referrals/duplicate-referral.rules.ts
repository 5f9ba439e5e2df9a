import { ReferralStatus } from '../../platform/database/generated/enums.js';

/** Not over: a second referral for the same would be seen twice, or block the first. */
export const OPEN_STATUSES = [
  ReferralStatus.RECEIVED,
  ReferralStatus.BEING_TRIAGED,
  ReferralStatus.INFORMATION_REQUESTED,
  ReferralStatus.ACCEPTED,
  ReferralStatus.BOOKED,
] as const satisfies readonly ReferralStatus[];

/** Waits for a clinician's decision. */
export const UNDECIDED_STATUSES = [
  ReferralStatus.RECEIVED,
  ReferralStatus.BEING_TRIAGED,
  ReferralStatus.INFORMATION_REQUESTED,
] as const satisfies readonly ReferralStatus[];

export function isOpen(status: ReferralStatus): boolean {
  return OPEN_STATUSES.some((open) => open === status);
}

export function isUndecided(status: ReferralStatus): boolean {
  return UNDECIDED_STATUSES.some((undecided) => undecided === status);
}

/** For the same service; also when one of the two does not say for what it is, because then it may be. */
export function mayBeSameService(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

/** Those of the open referrals that nobody has confirmed to be another matter. */
export function unconfirmed<One extends { readonly referralId: string }>(
  open: readonly One[],
  confirmedNotDuplicateOf: readonly string[],
): readonly One[] {
  const confirmed = new Set(confirmedNotDuplicateOf.map((id) => id.toLowerCase()));
  return open.filter(({ referralId }) => !confirmed.has(referralId));
}
