import { NrsPeriod, OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { INSTRUMENT_RULES, type InstrumentRules, type Marks } from './instrument.rules.js';

export interface MarkedItem {
  readonly item: number;
  readonly marked: readonly number[];
}

/** What was marked, item by item; items that nobody named are empty. Two marks of one item stand in order, each once. */
export function toMarks(instrument: OutcomeInstrument, answers: readonly MarkedItem[]): Marks {
  const { itemsCount }: InstrumentRules = INSTRUMENT_RULES[instrument];
  const byItem = new Map(answers.map(({ item, marked }) => [item, marked]));
  return Array.from({ length: itemsCount }, (_, at) =>
    [...new Set(byItem.get(at + 1) ?? [])].toSorted((a, b) => a - b),
  );
}

/** What is wrong with the answers; null: they can be scored. */
export function answersProblem(instrument: OutcomeInstrument, answers: readonly MarkedItem[]): string | null {
  const rules: InstrumentRules = INSTRUMENT_RULES[instrument];
  const items = answers.map(({ item }) => item);
  const strange = items.find((item) => !Number.isInteger(item) || item < 1 || item > rules.itemsCount);
  if (strange !== undefined)
    return `answers: ${instrument} has items 1 to ${rules.itemsCount}, and no item ${strange}.`;
  const twice = items.find((item, at) => items.indexOf(item) !== at);
  if (twice !== undefined) return `answers: item ${twice} is there twice.`;
  for (const { item, marked } of answers) {
    const outside = marked.find((mark) => !Number.isInteger(mark) || mark < 0 || mark > rules.markMax);
    if (outside !== undefined) return `answers: item ${item} is marked from 0 to ${rules.markMax}.`;
    if (new Set(marked).size > 1 && !rules.doesHighestMarkCount)
      return `answers: item ${item} has two marks, and no rule says which counts. Ask the patient; if nobody can, leave it out.`;
  }
  const isEmpty = answers.every(({ marked }) => marked.length === 0);
  return isEmpty ? 'answers: nothing was answered, so there is nothing to record.' : null;
}

/** Which time the figure is about: said or NOW of NRS, and none of any other; or what is wrong. */
export function periodOf(
  instrument: OutcomeInstrument,
  period: NrsPeriod | null | undefined,
): { readonly period: NrsPeriod | null } | string {
  if (instrument === OutcomeInstrument.NRS) return { period: period ?? NrsPeriod.NOW };
  return period
    ? `period: leave it out, ${instrument} says itself which time it asks about.`
    : { period: null };
}

/** What is wrong with when it was taken; null: nothing. */
export function takenProblem(
  takenAt: Temporal.Instant,
  { now, bornAt }: { readonly now: Temporal.Instant; readonly bornAt: Temporal.Instant },
): string | null {
  if (Temporal.Instant.compare(takenAt, now) > 0) return 'takenAt: must not lie ahead.';
  return Temporal.Instant.compare(takenAt, bornAt) < 0
    ? 'takenAt: must not be before the patient was born.'
    : null;
}

/** Whether these answers have to be told, after what was known of them before they were put right. */
export function mustBeTold(facts: {
  /** The answer that raises a task; null: none does. */
  readonly answer: number | null;
  /** The same of what these stand in the place of; null: it had none, or there was nothing before. */
  readonly before: number | null;
  /** Answers of the tasks of these answers that nobody has closed. */
  readonly open: readonly number[];
}): boolean {
  const { answer, before, open } = facts;
  if (answer === null) return false;
  const isKnown = before !== null && before >= answer;
  return !isKnown && !open.some((told) => told >= answer);
}
