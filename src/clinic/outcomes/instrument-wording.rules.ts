import type { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { INSTRUMENT_RULES } from './instrument.rules.js';

export interface WordingDays {
  readonly validFrom: Temporal.PlainDate;
  /** Last day; null: the licence does not say. */
  readonly validUntil: Temporal.PlainDate | null;
  /** From this day on it is not shown; null: nobody has ended it. */
  readonly endedOn: Temporal.PlainDate | null;
}

/** Whether the clinic may show the words on a day. */
export function isLicensedOn(
  { validFrom, validUntil, endedOn }: WordingDays,
  day: Temporal.PlainDate,
): boolean {
  return (
    Temporal.PlainDate.compare(validFrom, day) <= 0 &&
    (validUntil === null || Temporal.PlainDate.compare(day, validUntil) <= 0) &&
    (endedOn === null || Temporal.PlainDate.compare(day, endedOn) < 0)
  );
}

/** Whether there is still something to end: it is shown now, or will be. */
export function canEndWording({ validUntil, endedOn }: WordingDays, today: Temporal.PlainDate): boolean {
  return endedOn === null && (validUntil === null || Temporal.PlainDate.compare(today, validUntil) <= 0);
}

/** What is wrong with the words of a form; null: it is whole. Choices are for every box of an item, or for none. */
export function wordingProblem(
  instrument: OutcomeInstrument,
  items: readonly { readonly choices: readonly string[] }[],
): string | null {
  const { itemsCount, markMax } = INSTRUMENT_RULES[instrument];
  if (items.length !== itemsCount)
    return `${instrument} has ${itemsCount} items, and ${items.length} were entered. Enter the whole form, in its order.`;
  const at = items.findIndex(({ choices }) => choices.length !== 0 && choices.length !== markMax + 1);
  return at === -1
    ? null
    : `Item ${at + 1} is marked from 0 to ${markMax}: enter ${markMax + 1} choices, the lowest first, or none.`;
}
