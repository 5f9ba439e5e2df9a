import type { ResponseVerdict } from '../../platform/database/generated/enums.js';
import { isAnyDerivable } from './disclosure.rules.js';
import { type Proportion, proportionOf } from './wilson.rules.js';

export const LEARNING_DIMENSIONS = ['STRUCTURE', 'UPTAKE', 'LEVEL', 'OPERATOR', 'AGENT'] as const;
export type LearningDimension = (typeof LEARNING_DIMENSIONS)[number];

/** One side of one place that was blocked and judged. */
export interface LearnedPlace {
  readonly patientId: string;
  readonly treatmentId: string;
  readonly structure: string;
  readonly level: string | null;
  /** Highest uptake there on the last final report before the block; null: there was no such report. */
  readonly uptake: string | null;
  readonly operatorId: string;
  readonly agentCodes: readonly string[];
  readonly verdict: ResponseVerdict;
}

export interface LearnedGroup {
  readonly key: string;
  readonly patientsCount: number;
  readonly placesCount: number;
  readonly positiveCount: number;
  readonly negativeCount: number;
  readonly partialCount: number;
  readonly undefinedCount: number;
  /** Positive of all whose response is known. */
  readonly positive: Proportion | null;
}

export interface LearnedGroups {
  readonly groups: readonly LearnedGroup[];
  /** Groups that are not shown. */
  readonly hiddenCount: number;
}

/** The scan against the block: uptake or none, relief or none. What was partial or undefined is left out. */
export interface PredictiveValue {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly sensitivity: Proportion | null;
  readonly specificity: Proportion | null;
  readonly positivePredictiveValue: Proportion | null;
  readonly negativePredictiveValue: Proportion | null;
}

/** All that is shown at once, so that nobody can be found by holding one of it against another. */
export interface Learned {
  readonly whole: LearnedGroup | null;
  readonly dimensions: readonly (LearnedGroups & { readonly dimension: LearningDimension })[];
  readonly predictiveValue: PredictiveValue | null;
}

const NO_SCAN = 'NO_SCAN';
const NO_LEVEL = 'NO_LEVEL';
const NO_AGENT = 'NO_AGENT';

function keysOf(place: LearnedPlace, dimension: LearningDimension): readonly string[] {
  switch (dimension) {
    case 'STRUCTURE':
      return [place.structure];
    case 'UPTAKE':
      return [place.uptake ?? NO_SCAN];
    case 'LEVEL':
      return [place.level ?? NO_LEVEL];
    case 'OPERATOR':
      return [place.operatorId];
    case 'AGENT':
      return place.agentCodes.length === 0 ? [NO_AGENT] : [...new Set(place.agentCodes)];
  }
}

/**
 * Responses by group. A group of fewer patients than the minimum is not shown; and while what is not shown could be found by
 * taking the shown from the whole, the smallest that is shown is hidden, too. Patients are counted, not places: six joints of
 * one patient are that patient.
 */
export function groupsBy(
  places: readonly LearnedPlace[],
  dimension: LearningDimension,
  minimumCount: number,
): LearnedGroups {
  return toGroups(splitBy(places, dimension, minimumCount));
}

type Keyed = readonly [string, readonly LearnedPlace[]];

interface Split {
  readonly dimension: LearningDimension;
  readonly shown: readonly Keyed[];
  readonly hidden: readonly Keyed[];
}

function splitBy(places: readonly LearnedPlace[], dimension: LearningDimension, minimumCount: number): Split {
  const byKey = new Map<string, LearnedPlace[]>();
  for (const place of places) {
    for (const key of keysOf(place, dimension)) {
      const own = byKey.get(key) ?? [];
      own.push(place);
      byKey.set(key, own);
    }
  }
  const bySize = [...byKey].toSorted(([a, x], [b, y]) => patientsIn(x) - patientsIn(y) || (a < b ? -1 : 1));
  const hidden = bySize.filter(([, own]) => patientsIn(own) < minimumCount);
  const shown = bySize.slice(hidden.length);
  if (hidden.length > 0) {
    while (shown.length > 0 && !isBlurred(hidden, minimumCount)) hidden.push(...shown.splice(0, 1));
  }
  return { dimension, shown, hidden };
}

function toGroups({ shown, hidden }: Split): LearnedGroups {
  const groups = shown.map(([key, own]) => toGroup(key, own)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { groups, hiddenCount: hidden.length };
}

/**
 * Everything that is shown. Each dimension by itself hides what is too small; and as long as what is too small could still be
 * reckoned from all that is shown together, the predictive value goes first, and then the smallest group.
 */
export function learnedFrom(places: readonly LearnedPlace[], minimumCount: number): Learned {
  const whole = wholeOf(places, minimumCount);
  let splits: readonly Split[] = LEARNING_DIMENSIONS.map((dimension) =>
    splitBy(places, dimension, minimumCount),
  );
  let value = predictiveValue(places, minimumCount);
  // Of fewer patients than the minimum no figure is shown, and there is nothing to hold one against.
  while (whole !== null && givesAway(places, splits, value !== null, minimumCount)) {
    if (value === null) splits = withoutSmallest(splits);
    value = null;
  }
  return {
    ...{ whole, predictiveValue: value },
    dimensions: splits.map((split) => ({ dimension: split.dimension, ...toGroups(split) })),
  };
}

/** Places that are alike in everything that is ever shown of them are one atom. */
function givesAway(
  places: readonly LearnedPlace[],
  splits: readonly Split[],
  hasValue: boolean,
  minimumCount: number,
): boolean {
  const names = places.map((place) =>
    LEARNING_DIMENSIONS.map((dimension) => keysOf(place, dimension).toSorted().join()).join('|'),
  );
  const atoms = new Map([...new Set(names)].map((name, at) => [name, at]));
  const atomOf = new Map(places.map((place, at) => [place, atoms.get(names[at] ?? '') ?? 0]));
  const atomsOf = (own: readonly LearnedPlace[]) => new Set(own.map((place) => atomOf.get(place) ?? 0));
  const shownPlaces = [
    places,
    ...splits.flatMap(({ shown }) => shown.map(([, own]) => own)),
    ...(hasValue ? [places.filter(isHot), places.filter(isCold)] : []),
  ];
  const isSmall = (own: readonly LearnedPlace[]) => own.length > 0 && patientsIn(own) < minimumCount;
  const wanted = [
    ...splits.flatMap(({ shown, hidden }) => [...shown, ...hidden].map(([, own]) => own)),
    ...shownPlaces.map((own) => places.filter((place) => !own.includes(place))),
  ].filter(isSmall);
  return isAnyDerivable(wanted.map(atomsOf), shownPlaces.map(atomsOf), atoms.size);
}

function withoutSmallest(splits: readonly Split[]): readonly Split[] {
  const sizes = splits.flatMap(({ shown }) => shown.map(([, own]) => patientsIn(own)));
  const smallest = Math.min(...sizes);
  const at = splits.findIndex(({ shown }) => shown.some(([, own]) => patientsIn(own) === smallest));
  return splits.map((split, place) => {
    if (place !== at) return split;
    const { dimension, shown, hidden } = split;
    const gone = shown.find(([, own]) => patientsIn(own) === smallest);
    if (gone === undefined) return split;
    return { dimension, shown: shown.filter((one) => one !== gone), hidden: [...hidden, gone] };
  });
}

function isHot({ uptake }: LearnedPlace): boolean {
  return uptake !== null && uptake !== 'NONE';
}

function isCold({ uptake }: LearnedPlace): boolean {
  return uptake === 'NONE';
}

/** At least two groups, and of enough patients together: their sum tells nothing of one of them. */
function isBlurred(hidden: readonly Keyed[], minimumCount: number) {
  return hidden.length >= 2 && patientsIn(hidden.flatMap(([, own]) => own)) >= minimumCount;
}

/** All together; null: too few patients. */
export function wholeOf(places: readonly LearnedPlace[], minimumCount: number): LearnedGroup | null {
  return patientsIn(places) < minimumCount ? null : toGroup('ALL', places);
}

/** Null: one of the four margins has too few patients, from which the others could be found. */
export function predictiveValue(
  places: readonly LearnedPlace[],
  minimumCount: number,
): PredictiveValue | null {
  const known = places.filter(
    ({ uptake, verdict }) => uptake !== null && (verdict === 'POSITIVE' || verdict === 'NEGATIVE'),
  );
  const cell = (isLit: boolean, verdict: 'POSITIVE' | 'NEGATIVE') =>
    known.filter((place) => isHot(place) === isLit && place.verdict === verdict);
  const [tp, fp] = [cell(true, 'POSITIVE'), cell(true, 'NEGATIVE')];
  const [fn, tn] = [cell(false, 'POSITIVE'), cell(false, 'NEGATIVE')];
  const margins = [
    [...tp, ...fp],
    [...fn, ...tn],
    [...tp, ...fn],
    [...fp, ...tn],
  ];
  if (margins.some((margin) => patientsIn(margin) < minimumCount)) return null;
  return {
    truePositives: tp.length,
    falsePositives: fp.length,
    falseNegatives: fn.length,
    trueNegatives: tn.length,
    sensitivity: proportionOf(tp.length, tp.length + fn.length),
    specificity: proportionOf(tn.length, tn.length + fp.length),
    positivePredictiveValue: proportionOf(tp.length, tp.length + fp.length),
    negativePredictiveValue: proportionOf(tn.length, tn.length + fn.length),
  };
}

function toGroup(key: string, places: readonly LearnedPlace[]): LearnedGroup {
  const count = (wanted: ResponseVerdict) => places.filter(({ verdict }) => verdict === wanted).length;
  const positiveCount = count('POSITIVE');
  const undefinedCount = count('UNDEFINED');
  return {
    ...{ key, positiveCount, undefinedCount },
    patientsCount: patientsIn(places),
    placesCount: places.length,
    negativeCount: count('NEGATIVE'),
    partialCount: count('PARTIAL'),
    positive: proportionOf(positiveCount, places.length - undefinedCount),
  };
}

function patientsIn(places: readonly LearnedPlace[]): number {
  return new Set(places.map(({ patientId }) => patientId)).size;
}
