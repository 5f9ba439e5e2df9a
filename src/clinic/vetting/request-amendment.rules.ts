import type {
  BreastFeedingSaid,
  PregnancySaid,
  RequestAnswer,
  RequestReferrer,
} from '../../platform/database/generated/enums.js';

/** What of a content a practitioner judges. Days as YYYY-MM-DD. */
export interface JudgedContent {
  readonly procedureCode: string;
  readonly clinicalQuestion: string | null;
  readonly history: string | null;
  readonly earlierImaging: RequestAnswer | null;
  readonly earlierImagingText: string | null;
  readonly recentStudies: RequestAnswer | null;
  readonly studies: readonly {
    readonly what: string;
    readonly radionuclide: string | null;
    readonly performedOn: string;
    readonly place: string | null;
  }[];
  readonly pregnancy: PregnancySaid | null;
  readonly pregnancyText: string | null;
  readonly lastMenstrualPeriodOn: string | null;
  readonly breastFeeding: BreastFeedingSaid | null;
  readonly weightKg: number | null;
  readonly referrerKind: RequestReferrer;
  readonly referrerStaffId: string | null;
}

/** Below this age in whole years the activity follows the weight, so that the weight is part of what is judged. */
const ADULT_FROM_YEARS = 18;

/** In the words of the sentence that says why it has to be decided again. */
const NAMES: readonly (readonly [string, (content: JudgedContent) => unknown])[] = [
  ['the procedure', ({ procedureCode }) => procedureCode],
  ['the clinical question', ({ clinicalQuestion }) => clinicalQuestion],
  ['the history', ({ history }) => history],
  ['earlier imaging', ({ earlierImaging, earlierImagingText }) => [earlierImaging, earlierImagingText]],
  [
    'recent studies',
    ({ recentStudies, studies }) => [
      recentStudies,
      studies.map(({ what, radionuclide, performedOn, place }) => [what, radionuclide, performedOn, place]),
    ],
  ],
  [
    'pregnancy',
    ({ pregnancy, pregnancyText, lastMenstrualPeriodOn }) => [
      pregnancy,
      pregnancyText,
      lastMenstrualPeriodOn,
    ],
  ],
  ['breast-feeding', ({ breastFeeding }) => breastFeeding],
  ['the referrer', ({ referrerKind, referrerStaffId }) => [referrerKind, referrerStaffId]],
];

/** What of two contents differs in what a practitioner judges, in words; empty: a decision on the one holds for the other. */
export function judgedDifferences(
  before: JudgedContent,
  after: JudgedContent,
  ageYears: number,
): readonly string[] {
  const differs = (read: (content: JudgedContent) => unknown) =>
    JSON.stringify(read(before)) !== JSON.stringify(read(after));
  const names = NAMES.flatMap(([name, read]) => (differs(read) ? [name] : []));
  const weighs = ageYears < ADULT_FROM_YEARS && before.weightKg !== after.weightKg;
  return weighs ? [...names, 'the weight of a child'] : names;
}

/** Why a request that had been decided has to be decided again. */
export function decideAgainReason(differences: readonly string[]): string {
  return `Amended after the decision: ${differences.join(', ')}. It has to be judged again.`;
}
