import { Temporal } from '../../platform/time/index.js';

/** Before this nobody of today was born. */
const YEAR_MIN = 1900;
const PARTIAL_DAY = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/** What is wrong with a day, month or year that may not be known more exactly; null when nothing is. */
export function happenedOnProblem(happenedOn: string | null, today: Temporal.PlainDate): string | null {
  if (happenedOn === null) return null;
  const [, year = '', month, day] = PARTIAL_DAY.exec(happenedOn) ?? [];
  const first = firstDay(year, month, day);
  if (first === null || first.year < YEAR_MIN) return 'happenedOn: must be YYYY, YYYY-MM or YYYY-MM-DD.';
  return Temporal.PlainDate.compare(first, today) > 0 ? 'happenedOn: must not be in the future.' : null;
}

function firstDay(year: string, month = '01', day = '01'): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(`${year}-${month}-${day}`, { overflow: 'reject' });
  } catch {
    return null;
  }
}

/** Whether there is any, as far as somebody has asked. Not asked is not the same as none. */
export const HistoryAnswer = { NOT_ASKED: 'NOT_ASKED', NONE: 'NONE', SOME: 'SOME' } as const;
export type HistoryAnswer = (typeof HistoryAnswer)[keyof typeof HistoryAnswer];

export function answerOf(said: { readonly items: number; readonly isNone: boolean }): HistoryAnswer {
  if (said.items > 0) return HistoryAnswer.SOME;
  return said.isNone ? HistoryAnswer.NONE : HistoryAnswer.NOT_ASKED;
}
