import { NeedMet, NeedSharing } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { NOTE_PROBLEM, readNote } from './note-text.rules.js';

// The Accessible Information Standard (DAPB1605) has six steps: identify, record, flag, share, meet, review.

/** A need is asked about again after a year unless somebody says sooner: people's eyes and ears change. */
export const NEED_REVIEW_AFTER_YEARS = 1;
/** Later than this is the same as never. */
export const NEED_REVIEW_WITHIN_YEARS_MAX = 2;

export interface NeedKind {
  readonly code: string;
  readonly name: string;
  readonly flag: string;
  readonly needsDetail: boolean;
  /** YYYY-MM-DD. */
  readonly effectiveFrom: string;
  readonly retiredOn: string | null;
}

/** In use on a day: new needs are recorded with such kinds only. */
export function isInUse(
  kind: Pick<NeedKind, 'effectiveFrom' | 'retiredOn'>,
  on: Temporal.PlainDate,
): boolean {
  const day = on.toString();
  return kind.effectiveFrom <= day && (kind.retiredOn === null || day < kind.retiredOn);
}

/** The day on which somebody asks again, or what is wrong with the day that was given. */
export function reviewDay(
  asked: string | null | undefined,
  today: Temporal.PlainDate,
): { readonly day: Temporal.PlainDate; readonly problem: string | null } {
  if (!asked) return { day: today.add({ years: NEED_REVIEW_AFTER_YEARS }), problem: null };
  const latest = today.add({ years: NEED_REVIEW_WITHIN_YEARS_MAX });
  let day: Temporal.PlainDate;
  try {
    day = Temporal.PlainDate.from(asked, { overflow: 'reject' });
  } catch {
    return { day: today, problem: 'must be a day of the calendar, as YYYY-MM-DD' };
  }
  const isInTime = Temporal.PlainDate.compare(day, today) > 0 && Temporal.PlainDate.compare(day, latest) <= 0;
  return { day, problem: isInTime ? null : `must be after today and not after ${latest}` };
}

/** What is wrong with the detail of a need of this kind; null when nothing is. */
export function detailProblem(kind: NeedKind, typed: string | null | undefined): string | null {
  const detail = readNote(typed);
  if (detail === undefined) return `detail: ${NOTE_PROBLEM}.`;
  if (detail === null && kind.needsDetail) return `detail: ${kind.name} says nothing without it.`;
  return null;
}

/** What is wrong with the note of a review; null when nothing is. */
export function reviewNoteProblem(wasMet: NeedMet, typed: string | null | undefined): string | null {
  const note = readNote(typed);
  if (note === undefined) return `note: ${NOTE_PROBLEM}.`;
  if (note === null && wasMet === NeedMet.NOT_MET) return 'note: say how the need was not met.';
  return null;
}

/** The short sentence beside a name. */
export function needSentence(need: {
  readonly flag: string;
  readonly detail: string | null;
  readonly sharing: NeedSharing;
}): string {
  const what = need.detail === null ? need.flag : `${need.flag}: ${need.detail}`;
  return need.sharing === NeedSharing.REFUSED ? `${what} (not to be passed on)` : what;
}

/** Whether it is time to ask again. */
export function isReviewDue(reviewDueOn: string, today: Temporal.PlainDate): boolean {
  return reviewDueOn <= today.toString();
}
