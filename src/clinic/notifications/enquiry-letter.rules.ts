import type { ContactPreference, LetterKind } from '../../platform/database/generated/enums.js';
import { formatLocalDateTime, type Temporal } from '../../platform/time/index.js';
import {
  channelForAddress,
  isOwnAddress,
  MOVED_ON,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  paragraphsOf,
  toNamedLetterVariables,
} from './letter-words.rules.js';

export type EnquiryLetterKind = Extract<LetterKind, 'ENQUIRY_RECEIVED' | 'ENQUIRY_REPLY'>;

interface Enquirer {
  readonly name: string | null;
  readonly email: string | null;
}

/** An enquiry that is open, when its acknowledgement is about to be sent. */
export interface EnquiryFacts {
  readonly reference: string;
  readonly receivedAt: Temporal.Instant;
  readonly enquirer: Enquirer;
  readonly preferredWay: ContactPreference | null;
  readonly isAutomatic: boolean;
  readonly answerBy: Temporal.Instant;
  readonly hasRedFlag: boolean;
  readonly emergencyAdvice: string;
}

/** A reply that staff wrote, when it is about to be sent. */
export interface ReplyFacts {
  readonly reference: string;
  readonly enquirer: Enquirer;
  readonly text: string;
  readonly emergencyAdvice: string;
}

/**
 * Whether an enquiry is acknowledged. Never a machine by a machine (RFC 3834), and never at the clinic's own address:
 * both would go round. Who left no address, or wants to be rung or written to, is answered that way by a person.
 */
export function decideAcknowledgement(
  facts: Pick<EnquiryFacts, 'enquirer' | 'preferredWay' | 'isAutomatic'> | null,
  ownAddresses: readonly string[],
): Verdict {
  if (facts === null) return MOVED_ON;
  if (facts.isAutomatic) return suppressed('AUTOMATIC_MAIL');
  const { email } = facts.enquirer;
  if (email === null || facts.preferredWay === 'TELEPHONE' || facts.preferredWay === 'LETTER') {
    return suppressed('ANSWERED_OTHERWISE');
  }
  if (isOwnAddress(email, ownAddresses)) return suppressed('OWN_ADDRESS');
  return { verdict: 'SEND', address: email };
}

/** Whether a reply goes out: a person has decided so; it needs an address that is not our own. */
export function decideReply(
  facts: Pick<ReplyFacts, 'enquirer'> | null,
  ownAddresses: readonly string[],
): Verdict {
  if (facts === null) return MOVED_ON;
  const { email } = facts.enquirer;
  if (email !== null && isOwnAddress(email, ownAddresses)) return suppressed('OWN_ADDRESS');
  return channelForAddress(email);
}

type Paragraphs = readonly (readonly string[])[];

/** Everything that the templates of the acknowledgement may name. */
export interface AcknowledgementVariables extends LetterVariables {
  readonly reference: string;
  /** Monday 30 March 2026 at 09:30 */
  readonly receivedDateTime: string;
  readonly answerBy: string;
  readonly hasRedFlag: boolean;
  readonly emergencyAdvice: Paragraphs;
}

export function toAcknowledgementVariables(
  facts: EnquiryFacts,
  setting: LetterSetting,
): AcknowledgementVariables {
  return {
    ...toNamedLetterVariables(facts.enquirer.name, setting),
    reference: facts.reference,
    receivedDateTime: formatLocalDateTime(facts.receivedAt, setting.timeZone),
    answerBy: formatLocalDateTime(facts.answerBy, setting.timeZone),
    hasRedFlag: facts.hasRedFlag,
    emergencyAdvice: paragraphsOf(facts.emergencyAdvice),
  };
}

/** Everything that the templates of a reply may name. */
export interface ReplyVariables extends LetterVariables {
  readonly reference: string;
  /** What staff wrote. */
  readonly paragraphs: Paragraphs;
  readonly emergencyAdvice: Paragraphs;
}

export function toReplyVariables(facts: ReplyFacts, setting: LetterSetting): ReplyVariables {
  return {
    ...toNamedLetterVariables(facts.enquirer.name, setting),
    reference: facts.reference,
    paragraphs: paragraphsOf(facts.text),
    emergencyAdvice: paragraphsOf(facts.emergencyAdvice),
  };
}
