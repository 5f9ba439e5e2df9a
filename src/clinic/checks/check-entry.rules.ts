import {
  BreastFeedingAnswer,
  CheckAnswerer,
  ChildbearingPotential,
  IdentityPoint,
  PregnancyAnswer,
  type VisitStatus,
} from '../../platform/database/generated/enums.js';
import { formatDate, Temporal } from '../../platform/time/index.js';
import { CheckNotOnTheDay, VisitNotToBeChecked } from './check.refusals.js';
import { textOrNull } from './check-text.rules.js';

/** Visits at which there is a patient to ask: one that ended today may still have a wrong record put right. */
const TAKES_PLACE: Readonly<Record<VisitStatus, boolean>> = {
  HELD: false,
  BOOKED: true,
  ARRIVED: true,
  IN_PROGRESS: true,
  COMPLETED: true,
  DISCONTINUED: true,
  NO_SHOW: false,
  CANCELLED: false,
  LAPSED: false,
};

export function takesPlace(status: VisitStatus): boolean {
  return TAKES_PLACE[status];
}

/** May something be recorded of this visit now? On its local day, and only when it takes place. */
export function canRecord(
  visit: { readonly status: VisitStatus; readonly on: Temporal.PlainDate },
  today: Temporal.PlainDate,
): CheckNotOnTheDay | VisitNotToBeChecked | null {
  if (!takesPlace(visit.status)) return new VisitNotToBeChecked();
  if (!visit.on.equals(today)) return new CheckNotOnTheDay(visit.on.toString(), formatDate(visit.on));
  return null;
}

export interface AnswererFacts {
  readonly answeredBy: CheckAnswerer;
  readonly answererName?: string | null;
}

/** What is wrong with who is said to have answered; null: nothing. */
export function answererProblem({ answeredBy, answererName }: AnswererFacts): string | null {
  const isNamed = textOrNull(answererName) !== null;
  if (answeredBy === CheckAnswerer.PATIENT && isNamed) {
    return 'answererName: leave it out when the patient answered.';
  }
  if (answeredBy !== CheckAnswerer.PATIENT && !isNamed)
    return 'answererName: say who answered, or interpreted.';
  return null;
}

/** What is wrong with the points of an identity check; null: nothing. */
export function identityProblem(entry: {
  readonly matched: readonly IdentityPoint[];
  readonly differing: readonly IdentityPoint[];
}): string | null {
  if (entry.matched.length + entry.differing.length === 0)
    return 'matched: say what the patient was asked for.';
  const both = entry.matched.filter((point) => entry.differing.includes(point));
  return both.length === 0 ? null : `differing: ${both.join(', ')} cannot both agree and differ.`;
}

/** What a patient's record may be without. */
export interface KnownByFacts {
  readonly nhsNumber: string | null;
  readonly addressLines: readonly string[];
  readonly postcode: string | null;
}

/** What was asked for and cannot be held against this record, because the record does not say it; null: nothing. */
export function unheldPointProblem(
  entry: { readonly matched: readonly IdentityPoint[]; readonly differing: readonly IdentityPoint[] },
  { nhsNumber, addressLines, postcode }: KnownByFacts,
): string | null {
  const lacking: readonly IdentityPoint[] = [
    ...(nhsNumber === null ? [IdentityPoint.NHS_NUMBER] : []),
    ...(addressLines.length === 0 && postcode === null ? [IdentityPoint.ADDRESS] : []),
  ];
  const unheld = lacking.filter((point) => [...entry.matched, ...entry.differing].includes(point));
  return unheld.length === 0
    ? null
    : `matched: the patient's record has no ${unheld.join(' and no ')}. Ask for something that it has.`;
}

export interface PregnancyEntry {
  readonly potential: ChildbearingPotential;
  readonly answer: PregnancyAnswer;
  readonly notApplicableReason?: string | null;
  readonly lastPeriodOn?: string | null;
  readonly lastPeriodUnknownWhy?: string | null;
}

/** What is wrong with the answer about pregnancy; null: nothing. */
export function pregnancyProblem(
  entry: PregnancyEntry,
  { born, today }: { readonly born: Temporal.PlainDate; readonly today: Temporal.PlainDate },
): string | null {
  const applies = entry.answer !== PregnancyAnswer.NOT_APPLICABLE;
  const reason = textOrNull(entry.notApplicableReason);
  const unknownWhy = textOrNull(entry.lastPeriodUnknownWhy);
  const lastPeriodOn = entry.lastPeriodOn ?? null;
  if (applies === (entry.potential === ChildbearingPotential.NO)) {
    return 'answer: NOT_APPLICABLE belongs to a potential of NO, and to no other.';
  }
  if (!applies) {
    if (reason === null) return 'notApplicableReason: say why the question does not apply.';
    if (lastPeriodOn !== null || unknownWhy !== null) {
      return 'lastPeriodOn: leave it out when the question does not apply.';
    }
    return null;
  }
  if (reason !== null) return 'notApplicableReason: leave it out when the question applies.';
  if ((lastPeriodOn === null) === (unknownWhy === null)) {
    return 'lastPeriodOn: name the first day of the last period, or say in lastPeriodUnknownWhy why there is none.';
  }
  if (lastPeriodOn === null) return null;
  const began = Temporal.PlainDate.from(lastPeriodOn);
  if (Temporal.PlainDate.compare(began, today) > 0) return 'lastPeriodOn: must not be in the future.';
  if (Temporal.PlainDate.compare(began, born) < 0)
    return 'lastPeriodOn: must not be before the patient was born.';
  return null;
}

/** What is wrong with the answer about breast-feeding; null: nothing. */
export function breastFeedingProblem(entry: {
  readonly answer: BreastFeedingAnswer;
  readonly notApplicableReason?: string | null;
  readonly advice?: string | null;
}): string | null {
  const isReasoned = textOrNull(entry.notApplicableReason) !== null;
  const isAdvised = textOrNull(entry.advice) !== null;
  if ((entry.answer === BreastFeedingAnswer.NOT_APPLICABLE) !== isReasoned) {
    return 'notApplicableReason: belongs to NOT_APPLICABLE, and is needed there.';
  }
  if ((entry.answer === BreastFeedingAnswer.YES) !== isAdvised) {
    return 'advice: belongs to YES, and is needed there: say what the patient was told.';
  }
  return null;
}

/** When feeding may go on: so many hours after the injection, counted as they pass and not on the clock. */
export function resumeAt(injectionEndsAt: Temporal.Instant, interruptionHours: number): Temporal.Instant {
  return injectionEndsAt.add({ hours: interruptionHours });
}
