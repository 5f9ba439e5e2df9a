import {
  CheckVerdict,
  type IdentityPoint,
  PregnancyAnswer,
  SafetyDecider,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { CheckState, DECIDERS } from './check.refusals.js';

/**
 * Three identifiers that agree: what the employer's procedures under IR(ME)R 2017, Schedule 2 ask everywhere. Two people of one
 * name and birthday have been taken for each other; of three points nobody has.
 */
export const IDENTITY_POINTS_MIN = 3;

/** How one check stands on a day. */
export interface OneStanding {
  readonly state: CheckState;
  /** In capitals: NOT_ASKED. */
  readonly reasonCode: string;
  /** A sentence; where something is to be done, it says what. */
  readonly reason: string;
  /** Who asked or decided last; null: nobody yet. */
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
}

export interface MadeBy {
  readonly byId: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant;
}

export interface DecisionFacts extends MadeBy {
  readonly verdict: CheckVerdict;
}

export interface IdentityFacts extends MadeBy {
  readonly matched: readonly IdentityPoint[];
  readonly differing: readonly IdentityPoint[];
  readonly askedOpenly: boolean;
}

export interface PregnancyFacts extends MadeBy {
  readonly answer: PregnancyAnswer;
  readonly needsWitness: boolean;
  readonly witness: MadeBy | null;
  readonly decision: DecisionFacts | null;
}

export interface BreastFeedingFacts extends MadeBy {
  readonly isYes: boolean;
  readonly interruptionHours: number | null;
}

export interface SafetyFacts extends MadeBy {
  /** Codes of the items that were not as they should be. */
  readonly concerns: readonly string[];
  readonly decidedBy: SafetyDecider | null;
  readonly decision: DecisionFacts | null;
}

/** Whether and how the patient is to be asked, where nobody has been asked yet. */
export interface AskedFacts {
  readonly isAsked: boolean;
  readonly age: number;
}

const NOBODY = { byId: null, byName: null, at: null };

function standing(
  state: CheckState,
  reasonCode: string,
  reason: string,
  by: MadeBy | typeof NOBODY,
): OneStanding {
  return { state, reasonCode, reason, byId: by.byId, byName: by.byName, at: by.at };
}

/** Of the identity of a patient. */
export function identityStanding(found: IdentityFacts | null): OneStanding {
  if (found === null) {
    return standing(
      CheckState.WAITING,
      'IDENTITY_NOT_CHECKED',
      'Identity has not been checked on the day. Ask for three points, openly, and record which agree.',
      NOBODY,
    );
  }
  if (found.differing.length > 0) {
    return standing(
      CheckState.FAILED,
      'IDENTITY_DIFFERS',
      'What the patient said differs from the record. Do not inject: find out who this is, then check again.',
      found,
    );
  }
  if (!found.askedOpenly) {
    return standing(
      CheckState.FAILED,
      'IDENTITY_READ_OUT',
      'The points were read out to be agreed to. Ask again, so that the patient says them.',
      found,
    );
  }
  if (new Set(found.matched).size < IDENTITY_POINTS_MIN) {
    return standing(
      CheckState.FAILED,
      'TOO_FEW_POINTS',
      `Fewer than ${IDENTITY_POINTS_MIN} points of identity agreed. Ask for more, and check again.`,
      found,
    );
  }
  return standing(CheckState.PASSED, 'IDENTITY_AGREES', 'Three points of identity agree.', found);
}

/** Of the question about pregnancy. Somebody outside of the ages who was asked all the same is judged by the answer. */
export function pregnancyStanding(found: PregnancyFacts | null, asked: AskedFacts): OneStanding {
  if (found === null) return notAskedYet(asked, 'pregnancy');
  const isDoubted =
    found.answer === PregnancyAnswer.YES || found.answer === PregnancyAnswer.CANNOT_BE_EXCLUDED;
  if (isDoubted && found.decision === null) {
    return standing(
      CheckState.WAITING,
      'PRACTITIONER_TO_DECIDE',
      'Pregnancy is not excluded. Do not inject: ask a practitioner, who decides and records it.',
      found,
    );
  }
  if (isDoubted && found.decision?.verdict === CheckVerdict.DO_NOT_PROCEED) {
    return standing(
      CheckState.FAILED,
      'PRACTITIONER_SAID_NO',
      'Pregnancy is not excluded, and a practitioner decided not to go on. Do not inject: tell the referrer.',
      found.decision,
    );
  }
  if (found.needsWitness && found.witness === null) {
    return standing(
      CheckState.WAITING,
      'NOT_WITNESSED',
      'Nobody has witnessed the pregnancy enquiry. A second member of staff who was there says so in their own session.',
      found,
    );
  }
  if (isDoubted) {
    return standing(
      CheckState.PASSED,
      'PRACTITIONER_SAID_YES',
      'Pregnancy is not excluded, and a practitioner decided to go on.',
      found.decision ?? found,
    );
  }
  return found.answer === PregnancyAnswer.NOT_APPLICABLE
    ? standing(CheckState.PASSED, 'DOES_NOT_APPLY', 'Asked: pregnancy is not possible.', found)
    : standing(CheckState.PASSED, 'NOT_PREGNANT', 'Asked: not pregnant.', found);
}

/** Of the question about breast-feeding: a yes is kept with its advice, so it is passed. */
export function breastFeedingStanding(found: BreastFeedingFacts | null, asked: AskedFacts): OneStanding {
  if (found === null) return notAskedYet(asked, 'breast-feeding');
  return found.isYes
    ? standing(
        CheckState.PASSED,
        'ADVISED',
        `Breast-feeds; told to stop for ${found.interruptionHours ?? 0} hours after the injection.`,
        found,
      )
    : standing(CheckState.PASSED, 'NOT_BREAST_FEEDING', 'Asked: does not breast-feed.', found);
}

/** Of the safety checklist. */
export function safetyStanding(found: SafetyFacts | null): OneStanding {
  if (found === null) {
    return standing(
      CheckState.WAITING,
      'NOT_GONE_THROUGH',
      'The safety checklist has not been gone through on the day. Go through it and record the answers.',
      NOBODY,
    );
  }
  const { concerns, decidedBy, decision } = found;
  if (decidedBy === null) {
    return standing(
      CheckState.PASSED,
      'SAFE',
      'Everything on the safety checklist is as it should be.',
      found,
    );
  }
  const items = concerns.join(', ');
  if (decidedBy === SafetyDecider.NOBODY) {
    return standing(
      CheckState.FAILED,
      'SAFETY_IMPOSSIBLE',
      `The scan is not possible as it is planned (${items}). Do not inject: speak with the practitioner about another examination.`,
      found,
    );
  }
  if (decision === null) {
    return standing(
      CheckState.WAITING,
      'SAFETY_TO_BE_DECIDED',
      `Not everything is as it should be (${items}). Do not inject before ${DECIDERS[decidedBy]} has decided.`,
      found,
    );
  }
  return decision.verdict === CheckVerdict.PROCEED
    ? standing(CheckState.PASSED, 'SAFETY_DECIDED', `Decided to go on in spite of ${items}.`, decision)
    : standing(
        CheckState.FAILED,
        'SAFETY_SAID_NO',
        `Decided not to go on because of ${items}. Do not inject.`,
        decision,
      );
}

function notAskedYet({ isAsked, age }: AskedFacts, about: 'pregnancy' | 'breast-feeding'): OneStanding {
  if (!isAsked) {
    return standing(
      CheckState.NOT_APPLICABLE,
      'OUTSIDE_AGES',
      `Not asked about ${about} at the age of ${age}.`,
      NOBODY,
    );
  }
  return standing(
    CheckState.WAITING,
    'NOT_ASKED',
    `The patient has not been asked about ${about} on the day. Ask in private, and record the answer.`,
    NOBODY,
  );
}
