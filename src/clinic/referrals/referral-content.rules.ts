import { ReferralContentChanged, ReferralContentRetired } from './referral-content.refusals.js';

/** An entry of a referral that is corrected and never removed. */
export interface ContentEntry {
  readonly version: number;
  readonly retiredAt: unknown;
}

/** Whether an entry may be corrected by somebody who has read this version. */
export function canCorrect(
  entry: ContentEntry,
  version: number,
): ReferralContentChanged | ReferralContentRetired | null {
  if (entry.retiredAt !== null) return new ReferralContentRetired();
  return entry.version === version ? null : new ReferralContentChanged(entry.version);
}
