import {
  ActivityComparison,
  AdministrationEntry,
  VisitStatus,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import {
  formatLocalDate,
  formatLocalTime,
  localDate,
  spanOfDay,
  Temporal,
} from '../../platform/time/index.js';
import {
  ActivityImplausible,
  AdministrationChangedMeanwhile,
  AdministrationVoid,
  AlreadyAdministered,
  DepartureNeedsReason,
  InjectionTimeImplausible,
  MeasurementOutOfOrder,
  PatientNotHere,
  ResidualAlreadyRecorded,
  ResidualExceedsDose,
} from './administration.refusals.js';

/**
 * Visits in which somebody may have been injected. Also those that are over: what was given in a power cut is written
 * down afterwards.
 */
const HERE: readonly VisitStatus[] = [
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
  VisitStatus.COMPLETED,
  VisitStatus.DISCONTINUED,
];

export interface VisitOfInjection {
  readonly status: VisitStatus;
  readonly injectionPlannedAt: Temporal.Instant;
}

/** The first "no" to an injection at a moment, from the visit alone. */
export function canInject(
  visit: VisitOfInjection,
  injectedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): PatientNotHere | InjectionTimeImplausible | null {
  if (!HERE.includes(visit.status)) return new PatientNotHere(visit.status);
  return injectionTimeProblem(visit.injectionPlannedAt, injectedAt, now, timeZone);
}

/** An injection lies neither ahead nor on another day than its visit, by the clinic's calendar. */
export function injectionTimeProblem(
  plannedAt: Temporal.Instant,
  injectedAt: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
): InjectionTimeImplausible | null {
  const day = spanOfDay(localDate(plannedAt, timeZone), timeZone);
  const lastOfDay = day.end.subtract({ milliseconds: 1 });
  const latestAt = Temporal.Instant.compare(now, lastOfDay) < 0 ? now : lastOfDay;
  const possible = { earliestAt: day.start, latestAt };
  if (Temporal.Instant.compare(injectedAt, now) > 0) {
    const why = `The injection is said to be at ${formatLocalTime(injectedAt, timeZone)}, which has not come yet. Record it when it is done.`;
    return new InjectionTimeImplausible(why, possible);
  }
  if (localDate(injectedAt, timeZone).equals(localDate(plannedAt, timeZone))) return null;
  const why =
    `The visit is on ${formatLocalDate(plannedAt, timeZone)}, and the injection is said to be on ` +
    `${formatLocalDate(injectedAt, timeZone)}. Look whether it is the right booking and the right date.`;
  return new InjectionTimeImplausible(why, possible);
}

/** When what was measured. Null: not measured yet. */
export interface MeasuredTimes {
  readonly measuredAt: Temporal.Instant;
  readonly injectedAt: Temporal.Instant;
  readonly residualMeasuredAt: Temporal.Instant | null;
}

/** The syringe is measured before the injection on its day, the rest in it afterwards on that day and not ahead of now. */
export function measurementProblem(
  { measuredAt, injectedAt, residualMeasuredAt }: MeasuredTimes,
  now: Temporal.Instant,
  timeZone: string,
): MeasurementOutOfOrder | null {
  const injected = formatLocalTime(injectedAt, timeZone);
  if (Temporal.Instant.compare(measuredAt, injectedAt) > 0) {
    const why = `The syringe is measured before the injection, and that was at ${injected}. Look at both times.`;
    return new MeasurementOutOfOrder('measuredAt', why);
  }
  if (!localDate(measuredAt, timeZone).equals(localDate(injectedAt, timeZone))) {
    const why =
      'The syringe was measured on another day than the injection. Look at the date of the measurement.';
    return new MeasurementOutOfOrder('measuredAt', why);
  }
  if (residualMeasuredAt === null) return null;
  if (Temporal.Instant.compare(residualMeasuredAt, injectedAt) < 0) {
    const why = `What is left in the syringe is measured after the injection, and that was at ${injected}. Look at both times.`;
    return new MeasurementOutOfOrder('residualMeasuredAt', why);
  }
  if (!localDate(residualMeasuredAt, timeZone).equals(localDate(injectedAt, timeZone))) {
    const why =
      'What is left in the syringe was measured on another day than the injection. Look at the date of the measurement.';
    return new MeasurementOutOfOrder('residualMeasuredAt', why);
  }
  if (Temporal.Instant.compare(residualMeasuredAt, now) > 0) {
    const why = 'What is left in the syringe is said to be measured at a time that has not come yet.';
    return new MeasurementOutOfOrder('residualMeasuredAt', why);
  }
  return null;
}

/** Activities at the moment of injection, in MBq. */
export interface ActivityAtInjection {
  readonly drawnMbq: number;
  /** Null: not measured yet. */
  readonly residualMbq: number | null;
}

export function residualProblem({ drawnMbq, residualMbq }: ActivityAtInjection): ResidualExceedsDose | null {
  if (residualMbq === null || residualMbq < drawnMbq) return null;
  return new ResidualExceedsDose(drawnMbq, residualMbq);
}

/** What an activity is held against. */
export interface ActivityPlan {
  readonly plannedMbq: number;
  readonly drl: { readonly mbq: number; readonly citation: string } | null;
  /** So far above or below is still as planned. */
  readonly tolerancePercent: number;
  /** So many times more or less may be another unit. */
  readonly unitMistakeFactor: number;
}

/** The reference level comes first: it is exceeded also by what was planned so. At a bound is not beyond it. */
export function compareActivity(activityMbq: number, plan: ActivityPlan): ActivityComparison {
  const { plannedMbq, drl, tolerancePercent } = plan;
  if (drl !== null && activityMbq > drl.mbq) return ActivityComparison.ABOVE_DRL;
  if (activityMbq > plannedMbq * (1 + tolerancePercent / 100)) return ActivityComparison.ABOVE_PLAN;
  if (activityMbq < plannedMbq * (1 - tolerancePercent / 100)) return ActivityComparison.BELOW_PLAN;
  return ActivityComparison.AS_PLANNED;
}

/** An activity that may be a slip of the unit; null: it is near enough to the plan. */
export function unitProblem(activityMbq: number, plan: ActivityPlan): ActivityImplausible | null {
  const { plannedMbq, unitMistakeFactor } = plan;
  const isNear = activityMbq < plannedMbq * unitMistakeFactor && activityMbq * unitMistakeFactor > plannedMbq;
  return isNear ? null : new ActivityImplausible(activityMbq, plannedMbq);
}

/** What is above asks for a reason. */
export function departureProblem(
  activityMbq: number,
  plan: ActivityPlan,
  hasReason: boolean,
): DepartureNeedsReason | null {
  const comparison = compareActivity(activityMbq, plan);
  const isAbove = comparison === ActivityComparison.ABOVE_PLAN || comparison === ActivityComparison.ABOVE_DRL;
  if (!isAbove || hasReason) return null;
  const exceeded = comparison === ActivityComparison.ABOVE_DRL ? plan.drl : null;
  return new DepartureNeedsReason(activityMbq, plan.plannedMbq, exceeded);
}

/** An administration as its latest entry leaves it. */
export interface StandingAdministration {
  readonly id: string;
  readonly ordinal: number;
  readonly version: number;
  readonly entry: AdministrationEntry;
  readonly injectedAt: Temporal.Instant;
  readonly hasExtravasated: boolean;
  readonly residualActivityMbq: number | null;
}

export function isVoid({ entry }: Pick<StandingAdministration, 'entry'>): boolean {
  return entry === AdministrationEntry.VOIDED;
}

/** Nobody is injected twice, unless the injection before ran beside the vein and a practitioner decided so. */
export function canAdministerAgain(
  before: readonly StandingAdministration[],
  isDecided: boolean,
): AlreadyAdministered | null {
  const standing = before.filter((one) => !isVoid(one));
  const inTheWay = standing.find((one) => !(one.hasExtravasated && isDecided));
  return inTheWay === undefined ? null : new AlreadyAdministered(inTheWay);
}

/** The "no" to an addendum. Where it stands comes before the version: whoever presses twice hears what is there. */
export function canAdd(
  standing: Pick<StandingAdministration, 'entry' | 'version'>,
  version: number,
): AdministrationVoid | AdministrationChangedMeanwhile | null {
  if (isVoid(standing)) return new AdministrationVoid();
  return standing.version === version ? null : new AdministrationChangedMeanwhile(standing.version);
}

/** A residual is said once; after that it is corrected. */
export function canRecordResidual(standing: StandingAdministration, version: number): Refusal | null {
  if (isVoid(standing)) return new AdministrationVoid();
  if (standing.residualActivityMbq !== null) {
    return new ResidualAlreadyRecorded(standing.residualActivityMbq);
  }
  return canAdd(standing, version);
}
