import type {
  CaseDecisionStatus,
  DecisionKind,
  Discipline,
  PatientChoice,
} from '../../platform/database/generated/enums.js';
import {
  CheckerIsTypist,
  CheckerWasNotThere,
  DecisionAlreadySigned,
  DecisionNotAsSeen,
  DecisionNotChecked,
  DiscussionNotOver,
  NotTheNominatedChecker,
  PatientHasNotAgreed,
  QuorumMissing,
} from './decision.refusals.js';

/** What stands of a decision. */
export interface DecisionStanding {
  readonly status: CaseDecisionStatus;
  readonly version: number;
  readonly kind: DecisionKind;
  readonly typedById: string;
  readonly checkerId: string;
  readonly sha256: string;
}

/** What somebody says that they have read. */
export interface SeenDecision {
  readonly version: number;
  readonly fingerprint: string;
}

/** Who was there while the case was discussed. */
export interface DiscussionFacts {
  readonly isOver: boolean;
  readonly required: readonly Discipline[];
  readonly present: readonly Discipline[];
  readonly presentStaffIds: readonly string[];
}

/** Nobody answers for a text that they have not read. */
function notAsSeen(standing: DecisionStanding, seen: SeenDecision): DecisionNotAsSeen | null {
  const isSeen = seen.version === standing.version && seen.fingerprint.toLowerCase() === standing.sha256;
  return isSeen ? null : new DecisionNotAsSeen(standing.version);
}

/** Whoever is to check a version was there, and has not typed it. */
export function canNominate(
  typistId: string,
  checkerId: string,
  { presentStaffIds }: DiscussionFacts,
): CheckerIsTypist | CheckerWasNotThere | null {
  if (typistId === checkerId) return new CheckerIsTypist();
  return presentStaffIds.includes(checkerId) ? null : new CheckerWasNotThere();
}

/** Only the clinician who is asked, and only what they have read. */
export function canCheck(
  standing: DecisionStanding,
  seen: SeenDecision,
  actorId: string,
): DecisionAlreadySigned | CheckerIsTypist | NotTheNominatedChecker | DecisionNotAsSeen | null {
  if (standing.status === 'SIGNED') return new DecisionAlreadySigned();
  if (standing.typedById === actorId) return new CheckerIsTypist();
  if (standing.checkerId !== actorId) return new NotTheNominatedChecker();
  return notAsSeen(standing, seen);
}

/** After the discussion, once it is checked, and with the whole team there; that nothing was decided needs no quorum. */
export function canSignOff(
  standing: DecisionStanding,
  seen: SeenDecision,
  { isOver, required, present }: DiscussionFacts,
): DecisionAlreadySigned | DecisionNotAsSeen | DecisionNotChecked | DiscussionNotOver | QuorumMissing | null {
  if (standing.status === 'SIGNED') return new DecisionAlreadySigned();
  const other = notAsSeen(standing, seen);
  if (other !== null) return other;
  if (standing.status !== 'CHECKED') return new DecisionNotChecked();
  if (!isOver) return new DiscussionNotOver();
  const missing = required.filter((discipline) => !present.includes(discipline));
  return missing.length > 0 && standing.kind !== 'NO_DECISION' ? new QuorumMissing(missing) : null;
}

/** What patient and clinician decided last, and when that was written down. */
export interface LastWord {
  readonly choice: PatientChoice;
  readonly recordedAt: Date;
}

/**
 * What is done to a patient waits for the patient's own word. Who has chosen something else has not agreed to what was
 * meant to be done before they said so, but to what was added for it then.
 */
export function notAgreed(word: LastWord | null, addedAt: Date): PatientHasNotAgreed | null {
  if (word?.choice === 'ACCEPTED') return null;
  if (word?.choice === 'OTHER_OPTION' && addedAt > word.recordedAt) return null;
  return new PatientHasNotAgreed(word?.choice ?? null);
}

/** What was typed, in words: for comparing two texts. */
export interface DecisionWords {
  readonly kind: DecisionKind;
  readonly recommendation: string | null;
  readonly reason: string | null;
  readonly followUp: string | null;
  readonly options: readonly {
    readonly option: string;
    readonly inFavour: string;
    readonly against: string;
  }[];
  readonly codes: readonly string[];
  readonly evidence: readonly { readonly citation: string }[];
  readonly dissent: readonly { readonly who: string; readonly what: string }[];
}

export function inWords(words: DecisionWords): string {
  return [
    words.kind,
    ...(words.recommendation === null ? [] : [words.recommendation]),
    ...(words.reason === null ? [] : [words.reason]),
    ...words.options.map(
      ({ option, inFavour, against }) => `${option} (for: ${inFavour}; against: ${against})`,
    ),
    ...words.codes,
    ...words.evidence.map(({ citation }) => citation),
    ...words.dissent.map(({ who, what }) => `${who}: ${what}`),
    ...(words.followUp === null ? [] : [words.followUp]),
  ].join('\n');
}
