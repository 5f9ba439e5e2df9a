import type { OutcomeInstrument } from '../../platform/database/generated/enums.js';

// How each instrument is scored, as it was published. Not one word of any questionnaire stands here: the words belong to
// whoever wrote them. "Recalled" says that a figure was not read in its source, and is to be confirmed by the clinic.

/** One span of the total, both ends included. */
export interface ScoreBand {
  readonly code: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** An item whose answer is never only part of a total. */
export interface RiskItem {
  /** 1-based. */
  readonly item: number;
  /** An answer above this raises a task. */
  readonly above: number;
}

export interface InstrumentRules {
  readonly name: string;
  /** Version of the form that is meant when nobody says which. */
  readonly usualVersion: string;
  /** Of what stands here. Rises with every change of how it is scored: older scores keep theirs. */
  readonly scoringVersion: number;
  readonly itemsCount: number;
  /** Of one item: from 0 to this. */
  readonly markMax: number;
  readonly totalMax: number;
  readonly isHigherWorse: boolean;
  /** Two boxes marked in one item: the higher counts. Where it does not, two marks are no answer that can be scored. */
  readonly doesHighestMarkCount: boolean;
  readonly missingMax: number;
  /** What becomes of the total when items are missing. */
  readonly missing: 'NO_TOTAL' | 'PRORATED' | 'SHARE_OF_ANSWERED';
  readonly missingSource: string;
  readonly bands: readonly ScoreBand[];
  readonly bandsSource: string;
  /** A change of so many points matters to patients. */
  readonly importantChange: number;
  /** A change counts only when the total also moves into another band. */
  readonly needsBandChange: boolean;
  readonly importantChangeSource: string;
  readonly scoringSource: string;
  readonly riskItem: RiskItem | null;
}

const PHQ_MISSING =
  'One or two missing: sum × items ÷ answered, to the nearest whole number; more: no total. As in the American Psychiatric ' +
  'Association’s severity measure adapted from the PHQ-9. Recalled, to be confirmed by the clinic.';

export const NRS_RULES: InstrumentRules = {
  name: 'Numerical rating scale of pain (NRS, 0 to 10)',
  usualVersion: '0-10',
  scoringVersion: 1,
  itemsCount: 1,
  markMax: 10,
  totalMax: 10,
  isHigherWorse: true,
  doesHighestMarkCount: false,
  missingMax: 0,
  missing: 'NO_TOTAL',
  missingSource: 'One figure: without it there is no score.',
  bands: [
    { code: 'NONE', label: 'No pain', from: 0, to: 0 },
    { code: 'MILD', label: 'Mild', from: 1, to: 3 },
    { code: 'MODERATE', label: 'Moderate', from: 4, to: 6 },
    { code: 'SEVERE', label: 'Severe', from: 7, to: 10 },
  ],
  bandsSource: 'Usual cut points of 4 and 7. Recalled, to be confirmed by the clinic.',
  importantChange: 2,
  needsBandChange: false,
  importantChangeSource:
    'Farrar et al., Pain 2001: about 2 points or 30 %. Recalled, to be confirmed by the clinic.',
  scoringSource: 'The figure itself, a whole number from 0 to 10.',
  riskItem: null,
};

export const ODI_RULES: InstrumentRules = {
  name: 'Oswestry Disability Index (ODI)',
  usualVersion: '2.1a',
  scoringVersion: 1,
  itemsCount: 10,
  markMax: 5,
  totalMax: 100,
  isHigherWorse: true,
  doesHighestMarkCount: true,
  missingMax: 3,
  missing: 'SHARE_OF_ANSWERED',
  missingSource:
    'Each section that was left out takes 5 from what could be reached. Of ten at least seven are answered: that limit is ' +
    'recalled, to be confirmed by the clinic.',
  bands: [
    { code: 'MINIMAL', label: 'Minimal disability', from: 0, to: 20 },
    { code: 'MODERATE', label: 'Moderate disability', from: 21, to: 40 },
    { code: 'SEVERE', label: 'Severe disability', from: 41, to: 60 },
    { code: 'CRIPPLING', label: 'Crippling disability', from: 61, to: 80 },
    { code: 'EXTREME', label: 'Bed-bound, or symptoms exaggerated', from: 81, to: 100 },
  ],
  bandsSource: 'Fairbank and Pynsent, Spine 2000: 0–20, 21–40, 41–60, 61–80, 81–100 %.',
  importantChange: 10,
  needsBandChange: false,
  importantChangeSource: 'Published figures run from 10 to 12.8 points; the lowest of them stands here.',
  scoringSource:
    'Sum ÷ (5 × sections answered) × 100; where two boxes of a section are marked, the highest counts (Mapi Research Trust).',
  riskItem: null,
};

export const PHQ9_RULES: InstrumentRules = {
  name: 'Patient Health Questionnaire, nine items (PHQ-9)',
  usualVersion: 'PHQ-9',
  scoringVersion: 1,
  itemsCount: 9,
  markMax: 3,
  totalMax: 27,
  isHigherWorse: true,
  doesHighestMarkCount: false,
  missingMax: 2,
  missing: 'PRORATED',
  missingSource: PHQ_MISSING,
  bands: [
    { code: 'MINIMAL', label: 'None or minimal', from: 0, to: 4 },
    { code: 'MILD', label: 'Mild', from: 5, to: 9 },
    { code: 'MODERATE', label: 'Moderate', from: 10, to: 14 },
    { code: 'MODERATELY_SEVERE', label: 'Moderately severe', from: 15, to: 19 },
    { code: 'SEVERE', label: 'Severe', from: 20, to: 27 },
  ],
  bandsSource: 'Kroenke, Spitzer and Williams, J Gen Intern Med 2001: cut points 5, 10, 15 and 20.',
  importantChange: 5,
  needsBandChange: false,
  importantChangeSource: 'Five points. Recalled, to be confirmed by the clinic.',
  scoringSource: 'Sum of nine items of 0 to 3.',
  riskItem: { item: 9, above: 0 },
};

export const GAD7_RULES: InstrumentRules = {
  name: 'Generalised Anxiety Disorder scale, seven items (GAD-7)',
  usualVersion: 'GAD-7',
  scoringVersion: 1,
  itemsCount: 7,
  markMax: 3,
  totalMax: 21,
  isHigherWorse: true,
  doesHighestMarkCount: false,
  missingMax: 2,
  missing: 'PRORATED',
  missingSource: PHQ_MISSING,
  bands: [
    { code: 'MINIMAL', label: 'None or minimal', from: 0, to: 4 },
    { code: 'MILD', label: 'Mild', from: 5, to: 9 },
    { code: 'MODERATE', label: 'Moderate', from: 10, to: 14 },
    { code: 'SEVERE', label: 'Severe', from: 15, to: 21 },
  ],
  bandsSource: 'Spitzer et al., Arch Intern Med 2006: cut points 5, 10 and 15.',
  importantChange: 4,
  needsBandChange: false,
  importantChangeSource: 'Four points. Recalled, to be confirmed by the clinic.',
  scoringSource: 'Sum of seven items of 0 to 3.',
  riskItem: null,
};

export const PSEQ_RULES: InstrumentRules = {
  name: 'Pain Self-Efficacy Questionnaire (PSEQ)',
  usualVersion: 'PSEQ',
  scoringVersion: 1,
  itemsCount: 10,
  markMax: 6,
  totalMax: 60,
  isHigherWorse: false,
  doesHighestMarkCount: false,
  missingMax: 1,
  missing: 'PRORATED',
  missingSource:
    'One missing: sum × items ÷ answered, to the nearest whole number; more: no total. Recalled, to be confirmed by the clinic.',
  bands: [
    { code: 'SEVERE', label: 'Severely impaired', from: 0, to: 19 },
    { code: 'MODERATE', label: 'Moderately impaired', from: 20, to: 30 },
    { code: 'MILD', label: 'Mildly impaired', from: 31, to: 40 },
    { code: 'MINIMAL', label: 'Minimally impaired', from: 41, to: 60 },
  ],
  bandsSource: 'ePPOC reference manual, as measurely.com.au has it: from 0, 20, 31 and 41.',
  importantChange: 7,
  needsBandChange: true,
  importantChangeSource:
    'ePPOC: seven points or more, together with a move into another band (measurely.com.au).',
  scoringSource: 'Sum of ten items of 0 to 6 (Nicholas, Eur J Pain 2007). Higher is better.',
  riskItem: null,
};

export const INSTRUMENT_RULES = {
  NRS: NRS_RULES,
  ODI: ODI_RULES,
  PHQ9: PHQ9_RULES,
  GAD7: GAD7_RULES,
  PSEQ: PSEQ_RULES,
} as const satisfies Record<OutcomeInstrument, InstrumentRules>;

/** What was marked, item by item in the order of the form; an empty one: not answered. */
export type Marks = readonly (readonly number[])[];

export interface Scoring {
  readonly missingCount: number;
  /** Null: too much is missing. */
  readonly total: number | null;
}

/** What each item counts; null: it was not answered. */
export function itemValues(marks: Marks): readonly (number | null)[] {
  return marks.map((marked) => (marked.length === 0 ? null : Math.max(...marked)));
}

/** The total by the published rule. The marks are in order: `marksProblem` has nothing to say of them. */
export function scoreOf(instrument: OutcomeInstrument, marks: Marks): Scoring {
  const rules: InstrumentRules = INSTRUMENT_RULES[instrument];
  const answered = itemValues(marks).filter((value) => value !== null);
  const missingCount = rules.itemsCount - answered.length;
  if (answered.length === 0 || missingCount > rules.missingMax) return { missingCount, total: null };
  const sum = answered.reduce((total, value) => total + value, 0);
  switch (rules.missing) {
    case 'NO_TOTAL':
      return { missingCount, total: sum };
    case 'PRORATED':
      // Whole numbers as far as possible: a half goes up, whatever a machine makes of the fraction.
      return {
        missingCount,
        total: Math.floor((2 * sum * rules.itemsCount + answered.length) / (2 * answered.length)),
      };
    case 'SHARE_OF_ANSWERED':
      return { missingCount, total: (sum * rules.totalMax) / (rules.markMax * answered.length) };
  }
}

/** The band of a total; null: there is no total. Whatever lies above the end of a band is in the next. */
export function bandOf(instrument: OutcomeInstrument, total: number | null): ScoreBand | null {
  if (total === null) return null;
  const { bands }: InstrumentRules = INSTRUMENT_RULES[instrument];
  return bands.find(({ to }) => total <= to) ?? null;
}

/** Whether what was marked raises a task: whatever the total, and also where there is none. */
export function riskAnswerOf(instrument: OutcomeInstrument, marks: Marks): number | null {
  const { riskItem }: InstrumentRules = INSTRUMENT_RULES[instrument];
  if (riskItem === null) return null;
  const value = itemValues(marks)[riskItem.item - 1] ?? null;
  return value !== null && value > riskItem.above ? value : null;
}

/** The item that must not be left out was left out: somebody asks. */
export function isRiskUnanswered(instrument: OutcomeInstrument, marks: Marks): boolean {
  const { riskItem }: InstrumentRules = INSTRUMENT_RULES[instrument];
  return riskItem !== null && (itemValues(marks)[riskItem.item - 1] ?? null) === null;
}

/** Whether the change between two totals matters, by the published figure; null: one of them is missing. */
export function isImportantChange(
  instrument: OutcomeInstrument,
  before: number | null,
  after: number | null,
): boolean | null {
  if (before === null || after === null) return null;
  const { importantChange, needsBandChange }: InstrumentRules = INSTRUMENT_RULES[instrument];
  if (Math.abs(after - before) < importantChange) return false;
  return !needsBandChange || bandOf(instrument, before)?.code !== bandOf(instrument, after)?.code;
}

/** Why there is no total, in a sentence; null: there is one. */
export function noTotalReason(
  instrument: OutcomeInstrument,
  { missingCount, total }: Scoring,
): string | null {
  if (total !== null) return null;
  const { itemsCount, missingMax }: InstrumentRules = INSTRUMENT_RULES[instrument];
  const allowed = missingMax === 0 ? 'none may be' : `at most ${missingMax} may be`;
  return `${missingCount} of ${itemsCount} items are missing: ${allowed}.`;
}
