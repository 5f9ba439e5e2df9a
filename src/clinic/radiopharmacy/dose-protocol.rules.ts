import type { DoseBasis } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { Activity } from './activity.rules.js';

/** A dosage card for children: a baseline, multiplied by what stands beside the weight, and never less than a minimum. */
export interface PaediatricCard {
  /** Whoever is younger is given what the card says. */
  readonly belowAgeYears: number;
  readonly baselineMbq: number;
  readonly minimumMbq: number;
  readonly source: string;
  /** In order of weight. */
  readonly multiples: readonly PaediatricLine[];
}

export interface PaediatricLine {
  /** From this weight on. */
  readonly weightKg: number;
  readonly multiple: number;
}

export interface DoseFor {
  readonly weightKg: number | null;
  readonly ageYears: number;
}

interface PlannedByProtocol {
  readonly plannedActivityMbq: number;
  readonly paediatric: PaediatricCard | null;
}

export interface DoseOfPerson {
  readonly activity: Activity;
  readonly basis: DoseBasis;
}

/**
 * What a person is to be given. A child by the card, whole MBq, never more than a grown person; a child whose weight nobody
 * knows is planned the least that the card gives, which is shown as a conflict until the weight is known.
 */
export function doseOfPerson(protocol: PlannedByProtocol, { weightKg, ageYears }: DoseFor): DoseOfPerson {
  const adult = Activity.ofMbq(protocol.plannedActivityMbq);
  const card = protocol.paediatric;
  if (card === null || ageYears >= card.belowAgeYears) return { activity: adult, basis: 'ADULT' };
  const least = Activity.ofMbq(Math.min(card.minimumMbq, protocol.plannedActivityMbq));
  if (weightKg === null) return { activity: least, basis: 'WEIGHT_MISSING' };
  const byCard = Math.round(card.baselineMbq * multipleFor(card, weightKg));
  const mbq = Math.min(Math.max(byCard, card.minimumMbq), protocol.plannedActivityMbq);
  return { activity: Activity.ofMbq(mbq), basis: 'PAEDIATRIC_CARD' };
}

/** Of the heaviest line that is not above the weight; the lightest for whoever weighs less. */
function multipleFor({ multiples }: PaediatricCard, weightKg: number): number {
  const inOrder = multiples.toSorted((a, b) => a.weightKg - b.weightKg);
  const line = inOrder.findLast((one) => one.weightKg <= weightKg) ?? inOrder[0];
  return line === undefined ? 0 : line.multiple;
}

/** What is wrong with a card, in a sentence; null when it can be kept. */
export function faultOfCard({ multiples }: Pick<PaediatricCard, 'multiples'>): string | null {
  if (multiples.length === 0) return 'paediatric.multiples: a card has at least one line.';
  const weights = multiples.map(({ weightKg }) => weightKg);
  if (new Set(weights).size !== weights.length) return 'paediatric.multiples: one line for each weight.';
  const inOrder = multiples.toSorted((a, b) => a.weightKg - b.weightKg);
  const rises = inOrder.every((line, i) => line.multiple >= (inOrder[i - 1]?.multiple ?? 0));
  return rises ? null : 'paediatric.multiples: whoever weighs more is not given less.';
}

/** Whole years on that day. Somebody born on 29 February is a year older on 1 March of other years. */
export function yearsOld(dateOfBirth: Temporal.PlainDate, on: Temporal.PlainDate): number {
  const years = on.year - dateOfBirth.year;
  const hadBirthday =
    on.month > dateOfBirth.month || (on.month === dateOfBirth.month && on.day >= dateOfBirth.day);
  return Math.max(0, hadBirthday ? years : years - 1);
}

/** The row that holds on a day: the one that begins last of those that have begun. */
export function inForceOn<Row extends { readonly effectiveFrom: Temporal.PlainDate }>(
  rows: readonly Row[],
  on: Temporal.PlainDate,
): Row | null {
  const begun = rows.filter((row) => Temporal.PlainDate.compare(row.effectiveFrom, on) <= 0);
  return begun.toSorted((a, b) => Temporal.PlainDate.compare(b.effectiveFrom, a.effectiveFrom))[0] ?? null;
}

interface EnteredProtocol {
  readonly activityMbqMin?: number | null;
  readonly activityMbqMax?: number | null;
  readonly drlMbq?: number | null;
  readonly drlCitation?: string | null;
  readonly drlDatedOn?: string | null;
  readonly uptakeMinutesMin: number;
  readonly uptakeMinutesTarget: number;
  readonly uptakeMinutesMax: number;
  readonly paediatric?: Pick<PaediatricCard, 'multiples'> | null;
}

/** What is wrong with a protocol as it was entered, in a sentence; null when it can be kept. */
export function faultOfProtocol(entered: EnteredProtocol): string | null {
  const least = entered.activityMbqMin ?? 0;
  if (least > (entered.activityMbqMax ?? Number.POSITIVE_INFINITY))
    return 'activityMbqMin: must not be above activityMbqMax.';
  const hasLevel = typeof entered.drlMbq === 'number';
  if (hasLevel !== Boolean(entered.drlCitation) || hasLevel !== Boolean(entered.drlDatedOn))
    return 'drlMbq: a diagnostic reference level is given with its citation and its date.';
  const inOrder =
    entered.uptakeMinutesMin <= entered.uptakeMinutesTarget &&
    entered.uptakeMinutesTarget <= entered.uptakeMinutesMax;
  if (!inOrder) return 'uptakeMinutesTarget: must lie between uptakeMinutesMin and uptakeMinutesMax.';
  return entered.paediatric ? faultOfCard(entered.paediatric) : null;
}
