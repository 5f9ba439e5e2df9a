import { SafeToLeaveMessage } from '../../platform/database/generated/enums.js';
import { namesAgree } from './call-back.rules.js';

// Whoever shares the telephone may hear a message. Where two words on it meet, the more careful one counts.

/** What one enquiry says of its telephone. */
export interface TelephoneWord {
  readonly phoneAsEntered: string | null;
  readonly phoneE164: string | null;
  readonly safeToLeaveMessage: SafeToLeaveMessage;
}

/**
 * What is known of one person who came with two enquiries. A `NO` of either stays. A `YES` was said of a telephone: it does
 * not count for another one of which nobody said so.
 */
export function safeForBoth(keep: TelephoneWord, other: TelephoneWord): SafeToLeaveMessage {
  if ([keep, other].some(({ safeToLeaveMessage }) => safeToLeaveMessage === SafeToLeaveMessage.NO))
    return SafeToLeaveMessage.NO;
  return isSafeFor(keep, other) && isSafeFor(other, keep)
    ? SafeToLeaveMessage.YES
    : SafeToLeaveMessage.NOT_ASKED;
}

/** Did either say that a message may be left at the telephone of the first? */
function isSafeFor(one: TelephoneWord, other: TelephoneWord): boolean {
  if (one.safeToLeaveMessage === SafeToLeaveMessage.YES) return true;
  if (other.safeToLeaveMessage !== SafeToLeaveMessage.YES) return false;
  const isSame = one.phoneE164 !== null && one.phoneE164 === other.phoneE164;
  return isSame || one.phoneAsEntered === null;
}

/**
 * What is known after a call; null: what was known before. `NO` always counts. `YES` only when it is sure whose word it is:
 * the enquiry was named by whoever took the call and no other name was given, or nothing was known yet and both gave
 * names that agree.
 */
export function safeAfterCall(
  known: { readonly name: string | null; readonly safeToLeaveMessage: SafeToLeaveMessage },
  call: {
    readonly name: string | null;
    readonly safeToLeaveMessage: SafeToLeaveMessage | null;
    readonly enquiryId: string | null;
  },
): SafeToLeaveMessage | null {
  switch (call.safeToLeaveMessage) {
    case null:
    case SafeToLeaveMessage.NOT_ASKED:
      return null;
    case SafeToLeaveMessage.NO:
      return SafeToLeaveMessage.NO;
    case SafeToLeaveMessage.YES: {
      if (!namesAgree(known.name, call.name)) return null;
      const isNamed = known.name !== null && call.name !== null;
      const isTheirs = isNamed && known.safeToLeaveMessage !== SafeToLeaveMessage.NO;
      return call.enquiryId !== null || isTheirs ? SafeToLeaveMessage.YES : null;
    }
  }
}
