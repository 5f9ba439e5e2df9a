import type { LetterAudience, LetterKind } from '../../platform/database/generated/enums.js';
import { formatDate, type Temporal } from '../../platform/time/index.js';
import {
  channelFor,
  channelForAddress,
  MOVED_ON,
  type Reachable,
  suppressed,
  type Verdict,
} from './letter-verdict.rules.js';
import {
  type LetterSetting,
  type LetterVariables,
  type NamedPerson,
  paragraphsOf,
  plainLine,
  toLetterVariables,
  toNamedLetterVariables,
} from './letter-words.rules.js';

export type DecisionLetterKind = Extract<LetterKind, `DECISION_TOLD_${string}`>;

/** What one party is sent of a decision, when the letter is about to go. */
export interface DecisionLetterFacts {
  readonly to: LetterAudience;
  readonly patient: NamedPerson & Reachable & { readonly dateOfBirth: Temporal.PlainDate };
  /** Null: it is for the patient. */
  readonly recipient: {
    readonly name: string;
    readonly email: string | null;
    /** Their entry in the directory is, by now. */
    readonly isRetired: boolean;
  } | null;
  /** Null: the case belongs to no referral. */
  readonly reference: string | null;
  readonly text: string;
  readonly approvedByName: string;
  readonly approvedOn: Temporal.PlainDate;
}

const PARTY: Record<DecisionLetterKind, LetterAudience> = {
  DECISION_TOLD_REFERRER: 'REFERRER',
  DECISION_TOLD_GP: 'GP',
  DECISION_TOLD_PATIENT: 'PATIENT',
};

/** Whether a letter is for whom this kind is for. */
export function isForAudience(kind: DecisionLetterKind, { to }: Pick<DecisionLetterFacts, 'to'>): boolean {
  return PARTY[kind] === to;
}

/** Send it, or not: to the patient as they prefer, to a clinician by e-mail where the directory has an address. */
export function decideDecisionLetter(kind: DecisionLetterKind, facts: DecisionLetterFacts | null): Verdict {
  if (facts === null || !isForAudience(kind, facts)) return MOVED_ON;
  if (facts.to === 'PATIENT') return channelFor(facts.patient);
  if (facts.recipient === null) return MOVED_ON;
  return facts.recipient.isRetired
    ? suppressed('RECIPIENT_RETIRED')
    : channelForAddress(facts.recipient.email);
}

/** Everything that the templates may name. All of it is text for people. */
export interface DecisionLetterVariables extends LetterVariables {
  /** Empty: the case belongs to no referral. */
  readonly reference: string;
  readonly patientName: string;
  readonly bornOn: string;
  /** What a clinician has approved. */
  readonly paragraphs: readonly (readonly string[])[];
  readonly approvedByName: string;
  readonly approvedOn: string;
}

export function toDecisionLetterVariables(
  facts: DecisionLetterFacts,
  setting: LetterSetting,
): DecisionLetterVariables {
  const { to, patient, recipient } = facts;
  const greeting =
    to === 'PATIENT'
      ? toLetterVariables(patient, setting)
      : toNamedLetterVariables(recipient?.name ?? null, setting);
  return {
    ...greeting,
    reference: facts.reference ?? '',
    patientName: plainLine(`${patient.givenName} ${patient.familyName}`),
    bornOn: formatDate(patient.dateOfBirth),
    paragraphs: paragraphsOf(facts.text),
    approvedByName: plainLine(facts.approvedByName),
    approvedOn: formatDate(facts.approvedOn),
  };
}
