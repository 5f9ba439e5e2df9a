import { ConsentMethod, EnquiryChannel, EnquiryStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { ConversionSettled, ConversionTooOld } from './conversion.refusals.js';

/** A day: who notices a mistake later has the patient's record, and corrects that. */
export const CONVERSION_UNDO_HOURS = 24;

/** What of a conversion can stand in the way of taking it back. */
export interface ConversionFacts {
  readonly convertedAt: Temporal.Instant;
  /** Visits, scans and requests that somebody made of it since. */
  readonly bookedCount: number;
  /** A clinician has begun to read the referral. */
  readonly isTakenUp: boolean;
}

export function canUndoConversion(
  { convertedAt, bookedCount, isTakenUp }: ConversionFacts,
  now: Temporal.Instant,
): ConversionTooOld | ConversionSettled | null {
  const until = convertedAt.add({ hours: CONVERSION_UNDO_HOURS });
  if (Temporal.Instant.compare(now, until) > 0) return new ConversionTooOld(until);
  return bookedCount > 0 || isTakenUp ? new ConversionSettled() : null;
}

/** How it reached us what the enquirer agreed to: they ticked it themselves, or somebody read it to them. */
export function methodOf(channel: EnquiryChannel, byId: string | null): ConsentMethod {
  if (byId === null) return ConsentMethod.WEB_FORM;
  switch (channel) {
    case EnquiryChannel.WALK_IN:
      return ConsentMethod.IN_PERSON;
    case EnquiryChannel.LETTER:
      return ConsentMethod.PAPER_FORM;
    case EnquiryChannel.WEB:
    case EnquiryChannel.TELEPHONE:
    case EnquiryChannel.VOICEMAIL:
    case EnquiryChannel.EMAIL:
      return ConsentMethod.TELEPHONE;
  }
}

/** Enquiries that can be joined to another: nothing has become of them yet. */
export const JOINABLE: readonly EnquiryStatus[] = [
  EnquiryStatus.NEW,
  EnquiryStatus.IN_HAND,
  EnquiryStatus.ANSWERED,
];

/** Enquiries that others can be joined to: they go on, or have become something. */
export const KEEPABLE: readonly EnquiryStatus[] = [...JOINABLE, EnquiryStatus.CONVERTED];
