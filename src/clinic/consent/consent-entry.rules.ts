import {
  ConsentCapacity,
  ConsentCompetence,
  ConsentDecision,
  ConsentGiver,
  ConsentPurpose,
  ConsentStage,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { ConsentKind, GiverMayNotDecide } from './consent.refusals.js';
import { kindOf } from './consent.rules.js';
import type { ConsentPlace } from './consent-place.rules.js';
import type { DatedPolicy } from './consent-policy.rules.js';

/** Nobody decides for an adult as a parent (Family Law Reform Act 1969, section 1). */
const ADULT_FROM_YEARS = 18;
/** Attorneys, deputies and best-interests decisions begin here (Mental Capacity Act 2005, section 2(5)). */
const MENTAL_CAPACITY_ACT_FROM_YEARS = 16;

/** What was told, as it is kept. */
export interface Told {
  readonly indication: string;
  readonly risks: readonly { readonly risk: string; readonly figure: string }[];
  readonly options: readonly { readonly option: string; readonly isDoingNothing: boolean }[];
  readonly leaflets: readonly { readonly title: string; readonly version: string }[];
  readonly priorities: string | null;
  readonly questions: string | null;
}

/** A decision as it is to be kept, with everything that was not said as null. */
export interface ConsentEntry extends ConsentPlace {
  readonly purpose: ConsentPurpose;
  readonly decision: ConsentDecision;
  readonly procedureCode: string | null;
  readonly givenBy: ConsentGiver;
  readonly giverName: string | null;
  readonly giverEvidence: string | null;
  readonly giverDocumentIds: readonly string[];
  readonly capacity: ConsentCapacity | null;
  readonly capacityStatement: string | null;
  readonly interpreterName: string | null;
  readonly interpreterLanguage: string | null;
  readonly takerCompetence: ConsentCompetence | null;
  readonly takerTraining: string | null;
  readonly told: Told | null;
  readonly documentId: string | null;
  readonly signatureDocumentId: string | null;
  readonly formId: string | null;
  readonly formAddress: string | null;
  readonly formAgent: string | null;
}

/** What was said in an entry that does not go together; null when everything does. */
export function entryProblem(entry: ConsentEntry): string | null {
  return placeProblem(entry) ?? kindProblem(entry) ?? giverProblem(entry) ?? capacityProblem(entry);
}

/** What is wrong with the procedure, side and levels; null when nothing is. */
export function placeProblem(
  entry: Pick<ConsentEntry, 'purpose' | 'procedureCode' | 'side' | 'levels'>,
): string | null {
  const isProcedure = entry.purpose === ConsentPurpose.PROCEDURE;
  if (isProcedure && entry.procedureCode === null) return 'procedureCode: say which procedure.';
  if (!isProcedure && entry.procedureCode !== null) return 'procedureCode: is said of a procedure only.';
  if (!isProcedure && entry.side !== null) return 'side: is said of a procedure only.';
  if (!isProcedure && entry.levels.length > 0) return 'levels: are said of a procedure only.';
  return null;
}

function kindProblem(entry: ConsentEntry): string | null {
  if (kindOf(entry.purpose) === ConsentKind.CLINICAL) return null;
  if (entry.told !== null) return 'told: is said of clinical consent only.';
  if (entry.capacity !== null) return 'capacity: is said of clinical consent only.';
  if (entry.takerCompetence !== null) return 'takerCompetence: is said of clinical consent only.';
  return null;
}

export function giverProblem(entry: Pick<ConsentEntry, 'givenBy' | 'giverName'>): string | null {
  const isPatient = entry.givenBy === ConsentGiver.PATIENT;
  if (isPatient && entry.giverName !== null) return 'giverName: leave it out when the patient decided.';
  if (!isPatient && entry.giverName === null) return 'giverName: say who decided for the patient.';
  return null;
}

function capacityProblem({ capacity, capacityStatement, givenBy }: ConsentEntry): string | null {
  if (capacity !== null && capacityStatement === null) return 'capacityStatement: say how that was found.';
  if (capacity === null && capacityStatement !== null) return 'capacity: say what was found.';
  const isLacking = capacity === ConsentCapacity.LACKS_CAPACITY;
  if (isLacking && givenBy === ConsentGiver.PATIENT) {
    return 'givenBy: who lacks the capacity cannot decide: say who decided for them.';
  }
  const isForThem = givenBy === ConsentGiver.ATTORNEY || givenBy === ConsentGiver.BEST_INTERESTS_DECISION;
  if (isForThem && capacity !== null && !isLacking) {
    return 'capacity: nobody decides for a patient who can: let the patient decide.';
  }
  return null;
}

/**
 * The fields that a "yes" lacks, by what the clinic asks and by what a procedure always needs. A confirmation is not asked
 * again what the discussion said.
 */
export function missingAnswers(entry: ConsentEntry, policy: DatedPolicy | null): readonly string[] {
  if (entry.decision !== ConsentDecision.GIVEN) return [];
  return [
    ...(asksDiscussion(entry.purpose, policy) ? missingOfDiscussion(entry) : []),
    ...missingOfGiver(entry),
    ...(policy?.needsEvidence === true && !hasEvidence(entry) ? ['evidence'] : []),
  ];
}

function missingOfDiscussion({ told, capacity, takerCompetence, takerTraining }: ConsentEntry): string[] {
  const isUntrained = takerCompetence === ConsentCompetence.TRAINED_AND_DELEGATED && takerTraining === null;
  const lacks: readonly (readonly [string, boolean])[] = [
    ['told.indication', told === null || told.indication === ''],
    ['told.risks', told === null || told.risks.length === 0],
    ['told.options', told === null || told.options.every(({ isDoingNothing }) => isDoingNothing)],
    [
      'told.options.isDoingNothing',
      told === null || !told.options.some(({ isDoingNothing }) => isDoingNothing),
    ],
    ['capacity', capacity === null],
    ['takerCompetence', takerCompetence === null],
    ['takerTraining', isUntrained],
  ];
  return lacks.flatMap(([field, isMissing]) => (isMissing ? [field] : []));
}

function missingOfGiver({ givenBy, giverEvidence, giverDocumentIds }: ConsentEntry): string[] {
  const isShown = giverEvidence !== null || giverDocumentIds.length > 0;
  const mustShow = givenBy === ConsentGiver.ATTORNEY || givenBy === ConsentGiver.BEST_INTERESTS_DECISION;
  return mustShow && !isShown ? ['giverEvidence'] : [];
}

export function hasEvidence(
  entry: Pick<ConsentEntry, 'documentId' | 'signatureDocumentId' | 'formId'>,
): boolean {
  return entry.documentId !== null || entry.signatureDocumentId !== null || entry.formId !== null;
}

/** Every document that an entry names. */
export function documentsOf(
  entry: Pick<ConsentEntry, 'giverDocumentIds' | 'documentId' | 'signatureDocumentId'>,
): readonly string[] {
  const named = [...entry.giverDocumentIds, entry.documentId, entry.signatureDocumentId];
  return [...new Set(named.flatMap((id) => id ?? []))];
}

/** Whether a "yes" needs to say what was told and whether the patient could decide. */
export function asksDiscussion(purpose: ConsentPurpose, policy: DatedPolicy | null): boolean {
  return purpose === ConsentPurpose.PROCEDURE || policy?.needsDiscussion === true;
}

/**
 * Whether whoever said yes may say it at the patient's age of that day; null: yes. A "no" is taken from anybody. How a child
 * was found competent is asked where capacity is asked at all.
 */
export function canDecide(
  entry: Pick<ConsentEntry, 'purpose' | 'decision' | 'givenBy' | 'capacity'>,
  age: { readonly born: Temporal.PlainDate; readonly day: Temporal.PlainDate },
  policy: DatedPolicy | null,
): GiverMayNotDecide | null {
  if (entry.decision !== ConsentDecision.GIVEN) return null;
  const { years } = age.born.until(age.day, { largestUnit: 'years' });
  switch (entry.givenBy) {
    case ConsentGiver.PARENT:
      return years < ADULT_FROM_YEARS
        ? null
        : new GiverMayNotDecide('The patient was an adult on that day: no parent decides for them.');
    case ConsentGiver.ATTORNEY:
    case ConsentGiver.BEST_INTERESTS_DECISION:
      return years >= MENTAL_CAPACITY_ACT_FROM_YEARS
        ? null
        : new GiverMayNotDecide(
            'The patient was under 16 on that day: somebody with parental responsibility decides.',
          );
    case ConsentGiver.PATIENT:
      return childProblem(entry, years, asksDiscussion(entry.purpose, policy));
  }
}

function childProblem(
  { capacity }: Pick<ConsentEntry, 'capacity'>,
  years: number,
  isAsked: boolean,
): GiverMayNotDecide | null {
  const isChild = years < MENTAL_CAPACITY_ACT_FROM_YEARS;
  if (isChild && isAsked && capacity !== ConsentCapacity.COMPETENT_CHILD) {
    return new GiverMayNotDecide(
      'The patient was under 16 on that day: say how they were found competent, or let somebody with parental responsibility decide.',
    );
  }
  return !isChild && capacity === ConsentCapacity.COMPETENT_CHILD
    ? new GiverMayNotDecide('The patient was 16 or older on that day: say whether they had the capacity.')
    : null;
}

/** The stage of a "yes": something that is confirmed on the day is first of all discussed. */
export function stageOf(entry: ConsentEntry, policy: DatedPolicy | null): ConsentStage | null {
  if (entry.decision !== ConsentDecision.GIVEN) return null;
  const isConfirmed = policy !== null && policy.confirmation !== 'NOT_NEEDED';
  return entry.purpose === ConsentPurpose.PROCEDURE || isConfirmed ? ConsentStage.DISCUSSED : null;
}
