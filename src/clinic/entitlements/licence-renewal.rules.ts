import { Temporal } from '../../platform/time/index.js';
import { holdsOn, type LicenceFacts, lastDayOf } from './licence.rules.js';

/** How long before the end of a licence its renewal is seen to. */
export interface RenewalWeeks {
  readonly applyWeeks: number;
  readonly remindWeeks: number;
  readonly remindAgainDays: number;
}

/** Where the renewal of a licence stands. */
export enum LicenceRenewalState {
  /** It is too early to apply. */
  NOT_YET = 'NOT_YET',
  /** The renewal is to be applied for. */
  DUE = 'DUE',
  /** The day by which it had to be applied for is over. */
  LATE = 'LATE',
  /** It was applied for; the new licence is not recorded yet. */
  APPLIED = 'APPLIED',
  /** A licence that goes on from there is recorded. */
  RENEWED = 'RENEWED',
  /** It has expired, and nothing goes on from there. An application that is pending authorises nothing. */
  EXPIRED = 'EXPIRED',
  /** It was given up or revoked. */
  ENDED = 'ENDED',
}

export interface RenewalDays {
  /** The clinic is reminded from this day on. */
  readonly remindFrom: Temporal.PlainDate;
  /** The last day for the application. */
  readonly applyBy: Temporal.PlainDate;
}

export function renewalDays(
  { validUntil }: { readonly validUntil: Temporal.PlainDate },
  { applyWeeks, remindWeeks }: RenewalWeeks,
): RenewalDays {
  return {
    remindFrom: validUntil.subtract({ weeks: remindWeeks }),
    applyBy: validUntil.subtract({ weeks: applyWeeks }),
  };
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;

/** Does something else cover all that it covers on the day after its last? */
export function isRenewed(licence: LicenceFacts, others: readonly LicenceFacts[]): boolean {
  const next = licence.validUntil.add({ days: 1 });
  const following = others.filter(
    (other) => other.id !== licence.id && isOfSameHolder(other, licence) && holdsOn(other, next),
  );
  return licence.procedureCodes.every((code) =>
    following.some(({ procedureCodes }) => procedureCodes.includes(code)),
  );
}

function isOfSameHolder(other: LicenceFacts, licence: LicenceFacts): boolean {
  if (other.kind !== licence.kind || other.staffId !== licence.staffId) return false;
  if (other.kind === 'PRACTITIONER' && other.siteCodes.length === 0) return true;
  return licence.siteCodes.length > 0 && licence.siteCodes.every((code) => other.siteCodes.includes(code));
}

export interface RenewalFacts {
  readonly licence: LicenceFacts;
  readonly others: readonly LicenceFacts[];
  readonly isAppliedFor: boolean;
  readonly weeks: RenewalWeeks;
}

export function renewalState(
  { licence, others, isAppliedFor, weeks }: RenewalFacts,
  today: Temporal.PlainDate,
): LicenceRenewalState {
  if (licence.endedOn !== null) return LicenceRenewalState.ENDED;
  if (isRenewed(licence, others)) return LicenceRenewalState.RENEWED;
  if (isBefore(lastDayOf(licence) ?? licence.validUntil, today)) return LicenceRenewalState.EXPIRED;
  if (isAppliedFor) return LicenceRenewalState.APPLIED;
  const { remindFrom, applyBy } = renewalDays(licence, weeks);
  if (isBefore(today, remindFrom)) return LicenceRenewalState.NOT_YET;
  return isBefore(applyBy, today) ? LicenceRenewalState.LATE : LicenceRenewalState.DUE;
}

/** Whether the clinic is told today, and on which day somebody looks again; null: never. */
export interface RenewalLook {
  readonly isToTell: boolean;
  readonly again: Temporal.PlainDate | null;
}

/**
 * What is done when somebody looks at a licence. Who has applied is told once more on the last day: until the new licence is
 * there, nothing is authorised from the next day on.
 */
export function lookAtRenewal(
  facts: RenewalFacts & { readonly remindedOn: Temporal.PlainDate | null },
  today: Temporal.PlainDate,
): RenewalLook {
  const { licence, weeks, remindedOn } = facts;
  const lastDay = licence.validUntil;
  switch (renewalState(facts, today)) {
    case LicenceRenewalState.ENDED:
    case LicenceRenewalState.RENEWED:
    case LicenceRenewalState.EXPIRED:
      return { isToTell: false, again: null };
    case LicenceRenewalState.NOT_YET:
      return { isToTell: false, again: renewalDays(licence, weeks).remindFrom };
    case LicenceRenewalState.APPLIED:
      return lastDay.equals(today)
        ? { isToTell: remindedOn === null || isBefore(remindedOn, today), again: null }
        : { isToTell: false, again: lastDay };
    case LicenceRenewalState.DUE:
    case LicenceRenewalState.LATE: {
      const next = remindedOn === null ? today : reminderAfter(licence, weeks, remindedOn);
      if (next === null || isBefore(today, next)) return { isToTell: false, again: next };
      return { isToTell: true, again: reminderAfter(licence, weeks, today) };
    }
  }
}

/**
 * The day of the next reminder after one: so many days later, or earlier on a day that matters: when the day for the application
 * is over, and the last day of the licence. Null: there is none any more.
 */
function reminderAfter(
  { validUntil }: LicenceFacts,
  weeks: RenewalWeeks,
  day: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const applyBy = validUntil.subtract({ weeks: weeks.applyWeeks });
  const [next] = [day.add({ days: weeks.remindAgainDays }), applyBy.add({ days: 1 }), validUntil]
    .filter((candidate) => isBefore(day, candidate) && !isBefore(validUntil, candidate))
    .toSorted(Temporal.PlainDate.compare);
  return next ?? null;
}
