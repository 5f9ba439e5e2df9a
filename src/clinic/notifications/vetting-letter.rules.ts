import type { LetterKind } from '../../platform/database/generated/enums.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import { channelForAddress, MOVED_ON, suppressed, type Verdict } from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type NamedPerson,
  paragraphsOf,
  plainLine,
  toNamedLetterVariables,
} from './letter-words.rules.js';
import type { ReferralLetterVariables } from './referral-letter.rules.js';
import type { NewsWords } from './referral-words.rules.js';

export type VettingLetterKind = Extract<LetterKind, 'IMAGING_REQUEST_TOLD'>;

/** What a referrer is told of an imaging request, when the letter is about to be sent. */
export interface VettingTellingFacts {
  readonly reference: string;
  readonly news: 'INFORMATION_ASKED' | 'REJECTED';
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly receivedOn: Temporal.PlainDate;
  readonly patient: NamedPerson & { readonly dateOfBirth: Temporal.PlainDate };
  readonly referrer: { readonly name: string; readonly email: string | null };
  readonly words: string;
  readonly answerBy: Temporal.PlainDate | null;
}

const WORDS: Record<VettingTellingFacts['news'], NewsWords> = {
  INFORMATION_ASKED: {
    title: 'We need more information for the examination that you asked for',
    told: 'Thank you for referring this patient. Before we can decide on the examination that you asked for, we need some more information from you.',
    wordsTitle: 'What we ask for',
    next: 'Your request stays with us in the meantime, and does not lose its place.',
  },
  REJECTED: {
    title: 'We do not carry out the examination that you asked for',
    told: 'Thank you for referring this patient. Our practitioner has considered the examination that you asked for and does not consider it justified. It is not carried out.',
    wordsTitle: 'Why',
    next: 'You may ask again at any time, for instance when something has changed.',
  },
};

/** Send it, or not. How the referrer is told was chosen with the decision. */
export function decideVettingLetter(facts: VettingTellingFacts | null): Verdict {
  if (facts === null) return MOVED_ON;
  const verdict = channelForAddress(facts.referrer.email);
  // That a referrer has no address is worth knowing also when the letter goes by post.
  return facts.isByPost && verdict.verdict === 'SEND' ? suppressed('TO_BE_POSTED') : verdict;
}

/** In the frame of every letter about a referral. */
export function toVettingLetterVariables(
  facts: VettingTellingFacts,
  setting: LetterSetting,
): ReferralLetterVariables {
  const words = WORDS[facts.news];
  const { patient, answerBy } = facts;
  return {
    ...toNamedLetterVariables(facts.referrer.name, setting),
    ...words,
    wordsHeading: words.wordsTitle.toUpperCase(),
    reference: facts.reference,
    receivedOn: formatDate(facts.receivedOn),
    patientName: plainLine(`${patient.givenName} ${patient.familyName}`),
    bornOn: formatDate(patient.dateOfBirth),
    paragraphs: paragraphsOf(facts.words),
    answerBy: answerBy === null ? '' : formatDate(answerBy),
  };
}
