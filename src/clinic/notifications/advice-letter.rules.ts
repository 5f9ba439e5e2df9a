import { formatDate, type Temporal } from '../../platform/time/index.js';
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

/** An answer to a referrer, when the letter is about to be sent. */
export interface AdviceFacts {
  readonly reference: string;
  readonly askedOn: Temporal.PlainDate;
  readonly referrer: { readonly name: string; readonly email: string | null };
  readonly text: string;
}

export function decideAdviceLetter(
  facts: Pick<AdviceFacts, 'referrer'> | null,
  ownAddresses: readonly string[],
): Verdict {
  if (facts === null) return MOVED_ON;
  const { email } = facts.referrer;
  if (email !== null && isOwnAddress(email, ownAddresses)) return suppressed('OWN_ADDRESS');
  return channelForAddress(email);
}

/** Everything that the templates may name. */
export interface AdviceVariables extends LetterVariables {
  readonly reference: string;
  readonly askedOn: string;
  /** What the clinician wrote. */
  readonly paragraphs: readonly (readonly string[])[];
}

export function toAdviceVariables(facts: AdviceFacts, setting: LetterSetting): AdviceVariables {
  return {
    ...toNamedLetterVariables(facts.referrer.name, setting),
    reference: facts.reference,
    askedOn: formatDate(facts.askedOn),
    paragraphs: paragraphsOf(facts.text),
  };
}
