import type { ExposureAct } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import type { EntitlementFacts } from './entitlement.rules.js';
import { holdsOn } from './licence.rules.js';
import type { RenewalLook } from './licence-renewal.rules.js';

/** An entitlement with whose it is and to what. */
export interface HeldEntitlement extends EntitlementFacts {
  readonly staffId: string;
  readonly act: ExposureAct;
}

export interface ReviewFacts {
  readonly entitlement: HeldEntitlement;
  /** Every entitlement of the same person, this one too. */
  readonly all: readonly HeldEntitlement[];
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;

/** The day by which somebody looks at it: that of its review, or its last day where that comes first. */
export function reviewDueOn({
  reviewOn,
  validUntil,
}: Pick<EntitlementFacts, 'reviewOn' | 'validUntil'>): Temporal.PlainDate {
  return validUntil !== null && isBefore(validUntil, reviewOn) ? validUntil : reviewOn;
}

/** Does something else let the same person do the same after that day, with a later day of its own? */
function isFollowed({ entitlement, all }: ReviewFacts): boolean {
  const dueOn = reviewDueOn(entitlement);
  const following = all.filter(
    (other) =>
      other.id !== entitlement.id &&
      other.act === entitlement.act &&
      isBefore(dueOn, reviewDueOn(other)) &&
      holdsOn(other, dueOn.add({ days: 1 })),
  );
  if (following.some(({ procedureCodes }) => procedureCodes.length === 0)) return true;
  const covered = new Set(following.flatMap(({ procedureCodes }) => procedureCodes));
  return (
    entitlement.procedureCodes.length > 0 && entitlement.procedureCodes.every((code) => covered.has(code))
  );
}

/** Is there still something to be looked at? Not of what was ended, is over, or goes on in another. */
export function isToReview(facts: ReviewFacts, today: Temporal.PlainDate): boolean {
  const { endedOn, validUntil } = facts.entitlement;
  return endedOn === null && (validUntil === null || !isBefore(validUntil, today)) && !isFollowed(facts);
}

/** One notice says it of all that fall on the same day of the same person: that of the one that was given first. */
function isSaidByAnother({ entitlement, all }: ReviewFacts, today: Temporal.PlainDate): boolean {
  const dueOn = reviewDueOn(entitlement);
  return all.some(
    (other) =>
      other.id < entitlement.id &&
      reviewDueOn(other).equals(dueOn) &&
      isToReview({ entitlement: other, all }, today),
  );
}

/**
 * What is done when somebody looks at an entitlement. The clinic is told so many days (`againDays`) before the day, on it and,
 * while it holds and nobody has entitled the person anew, again every so many days.
 */
export function lookAtEntitlement(
  facts: ReviewFacts & { readonly remindedOn: Temporal.PlainDate | null; readonly againDays: number },
  today: Temporal.PlainDate,
): RenewalLook {
  if (!isToReview(facts, today)) return { isToTell: false, again: null };
  const { entitlement, remindedOn, againDays } = facts;
  const first = reviewDueOn(entitlement).subtract({ days: againDays });
  if (isBefore(today, first)) return { isToTell: false, again: first };
  const next = remindedOn === null ? today : reminderAfter(entitlement, againDays, remindedOn);
  if (next === null || isBefore(today, next)) return { isToTell: false, again: next };
  return { isToTell: !isSaidByAnother(facts, today), again: reminderAfter(entitlement, againDays, today) };
}

/** The day of the next reminder after one; null: it is over by then. */
function reminderAfter(
  entitlement: HeldEntitlement,
  againDays: number,
  day: Temporal.PlainDate,
): Temporal.PlainDate | null {
  const { validUntil } = entitlement;
  const dueOn = reviewDueOn(entitlement);
  const [next] = [day.add({ days: againDays }), dueOn, ...(validUntil === null ? [] : [validUntil])]
    .filter((candidate) => isBefore(day, candidate))
    .toSorted(Temporal.PlainDate.compare);
  return next === undefined || (validUntil !== null && isBefore(validUntil, next)) ? null : next;
}
