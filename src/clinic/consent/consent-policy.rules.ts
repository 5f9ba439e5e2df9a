import { ConsentConfirmation, type ConsentValidityUnit } from '../../platform/database/generated/enums.js';
import { localDate, startOfDay, Temporal } from '../../platform/time/index.js';

/** What is asked of consents of one purpose, from a day on. */
export interface DatedPolicy {
  /** Null: every procedure that has no rows of its own. */
  readonly procedureCode: string | null;
  readonly effectiveFrom: Temporal.PlainDate;
  readonly newWordingAsks: boolean;
  readonly validFor: number | null;
  readonly validForUnit: ConsentValidityUnit | null;
  readonly confirmation: ConsentConfirmation;
  readonly confirmAfterDays: number | null;
  readonly needsDiscussion: boolean;
  readonly needsEvidence: boolean;
}

export interface DatedWording {
  readonly id: string;
  readonly locale: string;
  /** Null: every procedure that has no wording of its own. */
  readonly procedureCode: string | null;
  readonly effectiveFrom: Temporal.Instant;
}

/** Everything that consents of one purpose are judged by. */
export interface ConsentGround {
  readonly policies: readonly DatedPolicy[];
  readonly wordings: readonly DatedWording[];
  readonly timeZone: string;
}

/** A "yes" as far as its end is concerned. */
export interface DatedYes {
  readonly wordingId: string;
  readonly procedureCode: string | null;
  readonly decidedAt: Temporal.Instant;
}

/** Why a consent that nobody took back holds no longer, and since when. */
export interface ConsentEnd {
  readonly at: Temporal.Instant;
  readonly because: 'VALIDITY_OVER' | 'WORDING_REPLACED';
}

const isUntil = (instant: Temporal.Instant, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(instant, at) <= 0;

/** The row that counts at an instant: of the procedure before that of any, the latest first; null: none is set. */
export function policyAt(
  { policies, timeZone }: ConsentGround,
  procedureCode: string | null,
  at: Temporal.Instant,
): DatedPolicy | null {
  const today = localDate(at, timeZone);
  const until = policies.filter(({ effectiveFrom }) => Temporal.PlainDate.compare(effectiveFrom, today) <= 0);
  return latest(until, procedureCode) ?? latest(until, null);
}

function latest(policies: readonly DatedPolicy[], procedureCode: string | null): DatedPolicy | null {
  return policies
    .filter((row) => row.procedureCode === procedureCode)
    .reduce<DatedPolicy | null>(
      (best, next) =>
        best === null || Temporal.PlainDate.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
      null,
    );
}

/** The newest of these wordings (of one purpose and language) that was in force at an instant. */
export function wordingAt<W extends { readonly effectiveFrom: Temporal.Instant }>(
  wordings: readonly W[],
  at: Temporal.Instant,
): W | null {
  return wordings
    .filter(({ effectiveFrom }) => isUntil(effectiveFrom, at))
    .reduce<W | null>(
      (best, next) =>
        best === null || Temporal.Instant.compare(best.effectiveFrom, next.effectiveFrom) < 0 ? next : best,
      null,
    );
}

/** The wording to read out in a language: of the procedure before that of any; null: there is none. */
export function wordingFor<W extends DatedWording>(
  wordings: readonly W[],
  asked: { readonly locale: string; readonly procedureCode: string | null },
  at: Temporal.Instant,
): W | null {
  const own = wordings.filter(({ locale }) => locale === asked.locale);
  const ofCode = (code: string | null) => own.filter(({ procedureCode }) => procedureCode === code);
  const special = asked.procedureCode === null ? null : wordingAt(ofCode(asked.procedureCode), at);
  return special ?? wordingAt(ofCode(null), at);
}

/**
 * The first moment at which a consent that holds for so long does not hold any more: after the last day, which is counted
 * from the day of the decision in the clinic's calendar. A month more than 31 August is 30 September.
 */
export function validUntil(yes: DatedYes, policy: DatedPolicy, timeZone: string): Temporal.Instant | null {
  if (policy.validFor === null) return null;
  const lastDay = localDate(yes.decidedAt, timeZone).add(
    policy.validForUnit === 'MONTHS' ? { months: policy.validFor } : { days: policy.validFor },
  );
  return startOfDay(lastDay.add({ days: 1 }), timeZone);
}

/**
 * Whether a consent had ended by an instant although nobody took it back. It is judged by the rows of each day from the
 * decision on, so what has ended stays ended: a rule that is made milder later revives nothing.
 */
export function endOf(yes: DatedYes, ground: ConsentGround, at: Temporal.Instant): ConsentEnd | null {
  // Where nothing ever ends a consent by itself, thousands of them are not walked through.
  if (!ground.policies.some(({ validFor, newWordingAsks }) => validFor !== null || newWordingAsks))
    return null;
  for (const moment of momentsOf(yes, ground, at)) {
    const policy = policyAt(ground, yes.procedureCode, moment);
    if (policy === null) continue;
    const until = validUntil(yes, policy, ground.timeZone);
    if (until !== null && isUntil(until, moment)) return { at: moment, because: 'VALIDITY_OVER' };
    if (policy.newWordingAsks && isReplaced(yes, ground, moment))
      return { at: moment, because: 'WORDING_REPLACED' };
  }
  return null;
}

/** When something may change for this consent, in order, from the decision to an instant. */
export function momentsOf(
  yes: DatedYes,
  { policies, wordings, timeZone }: ConsentGround,
  at: Temporal.Instant,
): readonly Temporal.Instant[] {
  const all = [
    yes.decidedAt,
    ...wordings.map(({ effectiveFrom }) => effectiveFrom),
    ...policies.flatMap((policy) => [
      startOfDay(policy.effectiveFrom, timeZone),
      ...someOf(validUntil(yes, policy, timeZone)),
    ]),
  ];
  return all
    .filter((moment) => isUntil(yes.decidedAt, moment) && isUntil(moment, at))
    .sort(Temporal.Instant.compare);
}

function isReplaced(yes: DatedYes, { wordings }: ConsentGround, at: Temporal.Instant): boolean {
  const own = wordings.find(({ id }) => id === yes.wordingId);
  if (own === undefined) return false;
  const inForce = wordingFor(wordings, { locale: own.locale, procedureCode: yes.procedureCode }, at);
  return inForce !== null && inForce.id !== yes.wordingId;
}

/** Whether a consent in force still has to be confirmed before the thing is done at an instant. */
export function awaitsConfirmation(
  yes: DatedYes,
  confirmedAt: readonly Temporal.Instant[],
  ground: ConsentGround,
  at: Temporal.Instant,
): boolean {
  const policy = policyAt(ground, yes.procedureCode, at);
  const today = localDate(at, ground.timeZone);
  const until = confirmedAt.filter((instant) => isUntil(instant, at));
  const days = until.map((instant) => localDate(instant, ground.timeZone));
  switch (policy?.confirmation ?? ConsentConfirmation.NOT_NEEDED) {
    case ConsentConfirmation.NOT_NEEDED:
      return false;
    case ConsentConfirmation.ON_THE_DAY:
      return !days.some((day) => day.equals(today));
    case ConsentConfirmation.AFTER_DAYS: {
      const said = [localDate(yes.decidedAt, ground.timeZone), ...days];
      return said.every((day) => day.until(today).days > (policy?.confirmAfterDays ?? 0));
    }
  }
}

const someOf = (instant: Temporal.Instant | null): readonly Temporal.Instant[] =>
  instant === null ? [] : [instant];
