import { TreatmentCriterion, TreatmentEnforcement } from '../../platform/database/generated/enums.js';
import { formatDate, Temporal } from '../../platform/time/index.js';
import { covers, overlap, type TreatedPlace } from './treatment-place.rules.js';

export type CriterionVerdict = 'PASSED' | 'FAILED' | 'UNKNOWN';

/** One term, as it is met. */
export interface JudgedCriterion {
  readonly criterion: TreatmentCriterion;
  readonly verdict: CriterionVerdict;
  /** What is known, in a sentence. */
  readonly fact: string;
}

/** What is asked; null: it is not. */
export interface EligibilityTerms {
  readonly nrsMin: number | null;
  readonly conservativeWeeksMin: number | null;
  readonly blockKind: string | null;
  readonly blockPercentMin: number | null;
  readonly blockMonthsMax: number | null;
  readonly repeatMonthsMin: number | null;
  readonly steroidCeilingMg: number | null;
}

export interface EligibilityFacts {
  readonly today: Temporal.PlainDate;
  readonly targets: readonly TreatedPlace[];
  readonly pain: { readonly total: number; readonly on: Temporal.PlainDate } | null;
  readonly conservativeWeeks: number | null;
  /** Blocks of the kind that is asked for that were done, with what is judged of them. */
  readonly blocks: readonly BlockFacts[];
  /** The same treatment, done before. */
  readonly earlier: readonly DoneFacts[];
  /** As methylprednisolone, in the twelve months up to today. */
  readonly steroidGivenMg: number;
  /** The same of what is planned; null: nobody has said how much of a steroid. */
  readonly steroidPlannedMg: number | null;
}

export interface DoneFacts {
  readonly doneOn: Temporal.PlainDate;
  readonly targets: readonly TreatedPlace[];
}

export interface BlockFacts extends DoneFacts {
  /** Null: nobody has judged it. */
  readonly percentRelief: number | null;
  readonly isJudged: boolean;
}

type Judgement = Omit<JudgedCriterion, 'criterion'>;

const passed = (fact: string): Judgement => ({ verdict: 'PASSED', fact });
const failed = (fact: string): Judgement => ({ verdict: 'FAILED', fact });
const unknown = (fact: string): Judgement => ({ verdict: 'UNKNOWN', fact });

/** Each term that is asked, in the order of the enumeration. */
export function judgeEligibility(
  terms: EligibilityTerms,
  facts: EligibilityFacts,
): readonly JudgedCriterion[] {
  const judged: readonly (readonly [TreatmentCriterion, Judgement | null])[] = [
    [TreatmentCriterion.PAIN_SCORE, painOf(terms, facts)],
    [TreatmentCriterion.CONSERVATIVE_CARE, careOf(terms, facts)],
    [TreatmentCriterion.BLOCK_RESPONSE, blockOf(terms, facts)],
    [TreatmentCriterion.REPEAT_INTERVAL, intervalOf(terms, facts)],
    [TreatmentCriterion.STEROID_CEILING, steroidOf(terms, facts)],
  ];
  return judged.flatMap(([criterion, judgement]) =>
    judgement === null ? [] : [{ criterion, ...judgement }],
  );
}

function painOf({ nrsMin }: EligibilityTerms, { pain }: EligibilityFacts): Judgement | null {
  if (nrsMin === null) return null;
  if (pain === null) return unknown('No score of pain is recorded: ask the patient.');
  const fact = `Pain ${pain.total} of 10 on ${formatDate(pain.on)}; asked: ${nrsMin} or more.`;
  return pain.total >= nrsMin ? passed(fact) : failed(fact);
}

function careOf({ conservativeWeeksMin }: EligibilityTerms, facts: EligibilityFacts): Judgement | null {
  if (conservativeWeeksMin === null) return null;
  const { conservativeWeeks } = facts;
  if (conservativeWeeks === null) return unknown('Nobody has said how long it was treated without needles.');
  const fact = `${conservativeWeeks} weeks without needles; asked: ${conservativeWeeksMin} or more.`;
  return conservativeWeeks >= conservativeWeeksMin ? passed(fact) : failed(fact);
}

/** The latest block of these joints counts, whatever an earlier one said. */
function blockOf(terms: EligibilityTerms, { blocks, targets, today }: EligibilityFacts): Judgement | null {
  const { blockKind, blockPercentMin, blockMonthsMax } = terms;
  if (blockKind === null || blockPercentMin === null || blockMonthsMax === null) return null;
  const asked = `asked: ${blockPercentMin} % or more within ${blockMonthsMax} months.`;
  const ofThese = blocks
    .filter((block) => overlap(block.targets, targets))
    .toSorted((a, b) => Temporal.PlainDate.compare(b.doneOn, a.doneOn));
  const judged = targets.map((target) =>
    oneTarget(target, ofThese, today, { blockPercentMin, blockMonthsMax }),
  );
  const worst =
    judged.find(({ verdict }) => verdict === 'FAILED') ?? judged.find(({ verdict }) => verdict === 'UNKNOWN');
  const one = worst ?? judged[0] ?? unknown('No place is named.');
  return { ...one, fact: `${one.fact}; ${asked}` };
}

function oneTarget(
  target: TreatedPlace,
  blocks: readonly BlockFacts[],
  today: Temporal.PlainDate,
  { blockPercentMin, blockMonthsMax }: { readonly blockPercentMin: number; readonly blockMonthsMax: number },
): Judgement {
  const latest = blocks.find((block) => covers(block.targets, [target]));
  if (latest === undefined) return failed('No block of every side of these joints was done');
  const on = formatDate(latest.doneOn);
  if (Temporal.PlainDate.compare(latest.doneOn.add({ months: blockMonthsMax }), today) < 0) {
    return failed(`The latest block was on ${on}`);
  }
  if (!latest.isJudged) return unknown(`Nobody has judged the block of ${on}`);
  if (latest.percentRelief === null) return unknown(`What the block of ${on} did cannot be told`);
  const fact = `The block of ${on} relieved ${rounded(latest.percentRelief)} %`;
  return latest.percentRelief >= blockPercentMin ? passed(fact) : failed(fact);
}

/** By the calendar: 16 months after 31 January 2026 is 31 May 2027, and that day is late enough. */
function intervalOf(
  { repeatMonthsMin }: EligibilityTerms,
  { earlier, targets, today }: EligibilityFacts,
): Judgement | null {
  if (repeatMonthsMin === null) return null;
  const last = earlier
    .filter((one) => overlap(one.targets, targets))
    .toSorted((a, b) => Temporal.PlainDate.compare(b.doneOn, a.doneOn))
    .at(0);
  if (last === undefined) return passed('It was never done there before.');
  const from = last.doneOn.add({ months: repeatMonthsMin });
  const fact = `Last done there on ${formatDate(last.doneOn)}; again from ${formatDate(from)} on.`;
  return Temporal.PlainDate.compare(today, from) >= 0 ? passed(fact) : failed(fact);
}

function steroidOf(
  { steroidCeilingMg }: EligibilityTerms,
  { steroidGivenMg, steroidPlannedMg }: EligibilityFacts,
): Judgement | null {
  if (steroidCeilingMg === null) return null;
  const had = `${rounded(steroidGivenMg)} mg in the last twelve months`;
  const asked = `at most ${steroidCeilingMg} mg, as methylprednisolone.`;
  if (steroidGivenMg > steroidCeilingMg) return failed(`${had}; ${asked}`);
  if (steroidPlannedMg === null) return unknown(`${had}, and nobody has said how much is planned; ${asked}`);
  const fact = `${had} and ${rounded(steroidPlannedMg)} mg planned; ${asked}`;
  return steroidGivenMg + steroidPlannedMg <= steroidCeilingMg ? passed(fact) : failed(fact);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Those that are not met, or of which nobody knows. */
export function unmetOf(judged: readonly JudgedCriterion[]): readonly TreatmentCriterion[] {
  return judged.filter(({ verdict }) => verdict !== 'PASSED').map(({ criterion }) => criterion);
}

export type GoingOn = 'GO_ON' | 'SAY_WHY' | 'REFUSED';

/**
 * Whether a treatment goes on. Where the terms are mandatory, one that is not met refuses; else whoever plans says why. What
 * nobody knows is not met either, until somebody says why it does not matter.
 */
export function goesOn(
  judged: readonly JudgedCriterion[],
  enforcement: TreatmentEnforcement,
  reason: string | null,
): GoingOn {
  const isFailed = judged.some(({ verdict }) => verdict === 'FAILED');
  if (isFailed && enforcement === TreatmentEnforcement.MANDATORY) return 'REFUSED';
  return unmetOf(judged).length > 0 && reason === null ? 'SAY_WHY' : 'GO_ON';
}
