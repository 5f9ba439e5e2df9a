import {
  ReferralAction,
  type ReferralAudience,
  ReferralSource,
  TellingMethod,
} from '../../platform/database/generated/enums.js';
import { PATIENT_DIED } from './referral-reason.rules.js';

/** What somebody is told of a move. */
export interface TellingPlan {
  readonly audience: ReferralAudience;
  readonly method: TellingMethod;
  readonly words: string;
  readonly email: string | null;
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
}

/** What a person says of whom to tell; what is left out is what is known. */
export interface AskedTelling {
  readonly audience: ReferralAudience;
  readonly method: TellingMethod;
  readonly words: string | null;
  readonly email: string | null;
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
}

export interface TellingFacts {
  readonly action: ReferralAction;
  readonly source: ReferralSource;
  readonly hasReferrer: boolean;
  readonly reason: {
    readonly code: string;
    readonly tellsReferrer: boolean;
    readonly tellsPatient: boolean;
    readonly words: string;
  } | null;
  /** To whom it is redirected, the advice, what is wanted, or the outcome. */
  readonly detail: string | null;
  readonly referrerEmail: string | null;
  readonly patientEmail: string | null;
  /** Whether the patient prefers to be written to by e-mail. */
  readonly patientPrefersEmail: boolean;
}

/** Of these a letter can be written. */
const WRITTEN_ABOUT: readonly ReferralAction[] = [
  ReferralAction.REQUEST_INFORMATION,
  ReferralAction.ACCEPT,
  ReferralAction.REDIRECT,
  ReferralAction.DECLINE,
  ReferralAction.RETURN_WITH_ADVICE,
  ReferralAction.COMPLETE,
  ReferralAction.WITHDRAW,
];

/** Whether a letter has to be written, or it was said already. */
export function isWritten(method: TellingMethod): boolean {
  return method === TellingMethod.EMAIL || method === TellingMethod.LETTER;
}

/** Whom the reason tells when nobody says whom to tell; who referred themselves hears as the patient. */
export function usualTellings(facts: TellingFacts): readonly TellingPlan[] {
  const { reason } = facts;
  if (reason === null || !WRITTEN_ABOUT.includes(facts.action)) return [];
  const isSelf = facts.source === ReferralSource.SELF || !facts.hasReferrer;
  const tellsReferrer = reason.tellsReferrer && !isSelf;
  const tellsPatient =
    (reason.tellsPatient || (reason.tellsReferrer && isSelf)) && reason.code !== PATIENT_DIED;
  return [
    ...(tellsReferrer ? [usual('REFERRER', facts)] : []),
    ...(tellsPatient ? [usual('PATIENT', facts)] : []),
  ];
}

function usual(audience: ReferralAudience, facts: TellingFacts): TellingPlan {
  const byEmail =
    audience === 'REFERRER'
      ? facts.referrerEmail !== null
      : facts.patientEmail !== null && facts.patientPrefersEmail;
  return {
    audience,
    method: byEmail ? TellingMethod.EMAIL : TellingMethod.LETTER,
    words: usualWords(audience, facts),
    email: null,
    addressLines: [],
    postcode: null,
  };
}

/** What is said unless something else is. A comment is the clinic's own and is told to nobody by itself. */
export function usualWords(audience: ReferralAudience, { action, reason, detail }: TellingFacts): string {
  const said = reason?.words ?? (action === ReferralAction.ACCEPT ? 'We have accepted the referral.' : '');
  const isForReferrer = audience === 'REFERRER';
  switch (action) {
    // Whoever referred themselves is asked as a referrer is.
    case ReferralAction.REQUEST_INFORMATION:
      return [said, detail].filter(Boolean).join('\n\n');
    case ReferralAction.RETURN_WITH_ADVICE:
    case ReferralAction.COMPLETE:
      return [said, isForReferrer ? detail : null].filter(Boolean).join('\n\n');
    case ReferralAction.REDIRECT:
      return [said, `The referral has been passed on to: ${detail ?? ''}`].filter(Boolean).join('\n\n');
    default:
      return said;
  }
}

/** What is wrong with what a person says of whom to tell; null when nothing is. */
export function tellingProblem(asked: readonly AskedTelling[], facts: TellingFacts): string | null {
  const ways = asked.map(({ audience, method }) => `${audience} ${method}`);
  if (new Set(ways).size !== ways.length) return 'tell: names the same way of telling the same person twice.';
  for (const telling of asked) {
    const problem = problemOf(telling, facts);
    if (problem !== null) return `tell: ${problem}`;
  }
  return null;
}

function problemOf({ audience, method, words, email }: AskedTelling, facts: TellingFacts): string | null {
  if (audience === 'PATIENT' && facts.reason?.code === PATIENT_DIED) {
    return 'a patient who has died is not written to.';
  }
  if (audience === 'REFERRER' && !facts.hasReferrer) return 'nobody is named as the referrer.';
  if (isWritten(method) && !WRITTEN_ABOUT.includes(facts.action)) {
    return 'there is no letter about this; say how they were told by TELEPHONE or IN_PERSON.';
  }
  const known = audience === 'REFERRER' ? facts.referrerEmail : facts.patientEmail;
  if (method === TellingMethod.EMAIL && email === null && known === null) {
    return `no e-mail address of the ${audience.toLowerCase()} is known; say one, or choose another method.`;
  }
  if (words === null && usualWords(audience, facts) === '') return 'say in which words.';
  return null;
}

/** What is asked for, with the usual words where none are said. */
export function plannedTellings(asked: readonly AskedTelling[], facts: TellingFacts): readonly TellingPlan[] {
  return asked.map((telling) => ({
    ...telling,
    words: telling.words ?? usualWords(telling.audience, facts),
  }));
}
