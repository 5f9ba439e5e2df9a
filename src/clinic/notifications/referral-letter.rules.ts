import type { LetterKind } from '../../platform/database/generated/enums.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import { channelForAddress, MOVED_ON, suppressed, type Verdict } from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  type NamedPerson,
  paragraphsOf,
  plainLine,
  toLetterVariables,
  toNamedLetterVariables,
} from './letter-words.rules.js';
import { newsWords, type ReferralNews, type ReferralParty } from './referral-words.rules.js';

export type ReferralLetterKind = Extract<LetterKind, `REFERRAL_TOLD_${string}`>;

/** What one party is told of a referral, when the letter is about to be sent. */
export interface TellingFacts {
  readonly reference: string;
  readonly to: ReferralParty;
  /** Staff have chosen post. */
  readonly isByPost: boolean;
  readonly news: ReferralNews;
  readonly isStraightToTest: boolean;
  readonly receivedOn: Temporal.PlainDate;
  readonly patient: NamedPerson & {
    readonly dateOfBirth: Temporal.PlainDate;
    readonly email: string | null;
  };
  readonly referrer: { readonly name: string; readonly email: string | null } | null;
  readonly words: string | null;
  readonly answerBy: Temporal.PlainDate | null;
}

const PARTY: Record<ReferralLetterKind, ReferralParty> = {
  REFERRAL_TOLD_REFERRER: 'REFERRER',
  REFERRAL_TOLD_PATIENT: 'PATIENT',
};

/** Whether a telling is for whom this kind of letter is for. */
export function isForParty(kind: ReferralLetterKind, facts: Pick<TellingFacts, 'to'>): boolean {
  return PARTY[kind] === facts.to;
}

/** Send it, or not. How each party is told has been chosen with the decision, by what they prefer or by a person. */
export function decideReferralLetter(kind: ReferralLetterKind, facts: TellingFacts | null): Verdict {
  if (facts === null || !isForParty(kind, facts)) return MOVED_ON;
  const { to, patient, referrer, isByPost } = facts;
  if (to === 'REFERRER' && referrer === null) return MOVED_ON;
  const verdict = channelForAddress(to === 'PATIENT' ? patient.email : (referrer?.email ?? null));
  // That a referrer has no address is worth knowing also when the letter goes by post.
  const hasNoAddress = to === 'REFERRER' && verdict.verdict !== 'SEND';
  return isByPost && !hasNoAddress ? suppressed('TO_BE_POSTED') : verdict;
}

/** Everything that the templates may name. All of it is text for people. */
export interface ReferralLetterVariables extends LetterVariables {
  readonly reference: string;
  readonly receivedOn: string;
  readonly patientName: string;
  readonly bornOn: string;
  readonly title: string;
  readonly told: string;
  readonly next: string;
  readonly wordsTitle: string;
  /** The same for plain text, which has no other way to show a heading. */
  readonly wordsHeading: string;
  /** What staff wrote; empty: nothing. */
  readonly paragraphs: readonly (readonly string[])[];
  /** Friday 27 March 2026; empty: nothing is asked. */
  readonly answerBy: string;
}

export function toReferralLetterVariables(
  facts: TellingFacts,
  setting: LetterSetting,
): ReferralLetterVariables {
  const { to, news, patient, referrer, answerBy } = facts;
  const words = newsWords(to, news, facts.isStraightToTest);
  // The usual words of a plain yes say no more than the letter itself.
  const said = facts.words?.trim() ?? '';
  const greeting =
    to === 'PATIENT'
      ? toLetterVariables(patient, setting)
      : toNamedLetterVariables(referrer?.name ?? null, setting);
  return {
    ...greeting,
    ...words,
    wordsHeading: words.wordsTitle.toUpperCase(),
    reference: facts.reference,
    receivedOn: formatDate(facts.receivedOn),
    patientName: plainLine(`${patient.givenName} ${patient.familyName}`),
    bornOn: formatDate(patient.dateOfBirth),
    paragraphs: words.told.includes(said) ? [] : paragraphsOf(said),
    answerBy: news === 'INFORMATION_REQUESTED' && answerBy !== null ? formatDate(answerBy) : '',
  };
}
