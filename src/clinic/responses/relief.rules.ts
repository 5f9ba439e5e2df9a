import {
  DiaryEntryStatus,
  DiaryJudging,
  DiaryPoint,
  DiaryPurpose,
  DiaryTiming,
  PartialFollowUp,
  ResponseFollowUp,
  ResponseVerdict,
  type TreatmentKind,
} from '../../platform/database/generated/enums.js';

/** What the figures of a diary are held against. */
export interface JudgingTerms {
  /** Of a block only figures that were taken on time judge: an anaesthetic works for hours. */
  readonly purpose: DiaryPurpose;
  readonly judgedPoints: readonly DiaryPoint[];
  readonly judgedBy: DiaryJudging;
  readonly positivePercentMin: number;
  readonly negativePercentBelow: number;
  readonly partialFollowUp: PartialFollowUp;
  /** What a positive response proposes; null: nothing. */
  readonly proposedKind: TreatmentKind | null;
}

/** One point of a diary as far as judging goes. */
export interface EntryFacts {
  readonly point: DiaryPoint;
  readonly status: DiaryEntryStatus;
  readonly scoreId: string | null;
  /** Whether the figure was taken on time; null: there is none. */
  readonly timing: DiaryTiming | null;
  /** 0 to 10; null: there is no figure. */
  readonly total: number | null;
}

export interface Judged {
  readonly verdict: ResponseVerdict;
  readonly percentRelief: number | null;
  readonly beforeTotal: number | null;
  readonly afterTotal: number | null;
  /** The figures that it stands on, the one before first. */
  readonly scoreIds: readonly string[];
  readonly followUp: ResponseFollowUp;
}

/** From the schedule's beginning to its end. */
export const POINTS_IN_ORDER: readonly DiaryPoint[] = Object.values(DiaryPoint);

/** While the anaesthetic of a block works. Recalled, to be confirmed by the clinic. The database holds the same points. */
const FIRST_HOURS: readonly DiaryPoint[] = [DiaryPoint.M30, DiaryPoint.H4];

/**
 * Relief in per cent: (before − after) × 100 / before. Null where there was no pain before: nobody can tell. Pain that grew is
 * a relief below 0. The multiplication comes first, so that what is exactly 50 % is exactly 50.
 */
export function percentRelief(before: number, after: number): number | null {
  return before === 0 ? null : ((before - after) * 100) / before;
}

/** In whole numbers, without a division: 8 before and 4 after is exactly 50 %. The database holds the same rule. */
export function verdictOf(
  figures: { readonly before: number | null; readonly after: number | null },
  terms: Pick<JudgingTerms, 'positivePercentMin' | 'negativePercentBelow' | 'partialFollowUp'>,
): ResponseVerdict {
  const { before, after } = figures;
  if (before === null || before === 0 || after === null) return ResponseVerdict.UNDEFINED;
  const fallen = (before - after) * 100;
  if (fallen >= terms.positivePercentMin * before) return ResponseVerdict.POSITIVE;
  if (fallen < terms.negativePercentBelow * before) return ResponseVerdict.NEGATIVE;
  return terms.partialFollowUp === PartialFollowUp.TREAT_AS_NEGATIVE
    ? ResponseVerdict.NEGATIVE
    : ResponseVerdict.PARTIAL;
}

/** A block is repeated once: after a second partial response the team discusses it. */
export function termsOfRepeat<Terms extends Pick<JudgingTerms, 'partialFollowUp'>>(terms: Terms): Terms {
  return terms.partialFollowUp === PartialFollowUp.REPEAT_BLOCK
    ? { ...terms, partialFollowUp: PartialFollowUp.BACK_TO_TEAM }
    : terms;
}

/** Which treatment a judgement proposes; null: none. */
export function proposedBy(
  followUp: ResponseFollowUp,
  { kind, proposedKind }: { readonly kind: TreatmentKind; readonly proposedKind: TreatmentKind | null },
): TreatmentKind | null {
  switch (followUp) {
    case ResponseFollowUp.PROPOSE_TREATMENT:
      return proposedKind;
    case ResponseFollowUp.REPEAT_BLOCK:
      return kind;
    case ResponseFollowUp.BACK_TO_TEAM:
    case ResponseFollowUp.NONE:
      return null;
  }
}

/** What a verdict leads to. */
export function followUpOf(
  verdict: ResponseVerdict,
  { partialFollowUp, proposedKind }: Pick<JudgingTerms, 'partialFollowUp' | 'proposedKind'>,
): ResponseFollowUp {
  switch (verdict) {
    case ResponseVerdict.POSITIVE:
      return proposedKind === null ? ResponseFollowUp.NONE : ResponseFollowUp.PROPOSE_TREATMENT;
    case ResponseVerdict.NEGATIVE:
      return ResponseFollowUp.BACK_TO_TEAM;
    case ResponseVerdict.PARTIAL:
      return partialFollowUp === PartialFollowUp.REPEAT_BLOCK
        ? ResponseFollowUp.REPEAT_BLOCK
        : ResponseFollowUp.BACK_TO_TEAM;
    case ResponseVerdict.UNDEFINED:
      return ResponseFollowUp.NONE;
  }
}

/**
 * What a diary says; null: a point that judges, or the one before, is still to be asked. A figure that does not judge is kept,
 * and the judgement does not stand on it.
 */
export function judge(entries: readonly EntryFacts[], terms: JudgingTerms): Judged | null {
  const before = entries.find(({ point }) => point === DiaryPoint.BEFORE);
  const judging = inOrder(entries.filter(({ point }) => terms.judgedPoints.includes(point)));
  const needed = [...(before === undefined ? [] : [before]), ...judging];
  if (needed.some(({ status }) => status === DiaryEntryStatus.DUE)) return null;
  const [first = null] = before === undefined ? [] : telling([before], terms);
  const after = chosenFor(first, telling(judging, terms), terms);
  const figures = { before: first?.total ?? null, after: after?.total ?? null };
  const verdict = verdictOf(figures, terms);
  return {
    verdict,
    percentRelief:
      figures.before === null || figures.after === null ? null : percentRelief(figures.before, figures.after),
    beforeTotal: figures.before,
    afterTotal: figures.after,
    scoreIds: [first, after].flatMap((entry) => entry?.scoreId ?? []),
    followUp: followUpOf(verdict, terms),
  };
}

/** Whether a judgement says something else than the one that stands. */
export function isAnother(
  now: Judged,
  standing: Pick<Judged, 'verdict' | 'beforeTotal' | 'afterTotal' | 'scoreIds'> | null,
): boolean {
  return (
    standing === null ||
    standing.verdict !== now.verdict ||
    standing.beforeTotal !== now.beforeTotal ||
    standing.afterTotal !== now.afterTotal ||
    standing.scoreIds.join() !== now.scoreIds.join()
  );
}

/** The figures that judge. */
function telling(
  entries: readonly EntryFacts[],
  { purpose }: Pick<JudgingTerms, 'purpose'>,
): readonly EntryFacts[] {
  return purpose === DiaryPurpose.DIAGNOSTIC
    ? entries.filter(({ timing }) => timing === DiaryTiming.ON_TIME)
    : entries;
}

/** The figure after. A block excludes nothing by figures of the next day or later alone: by then the anaesthetic is gone. */
function chosenFor(
  before: EntryFacts | null,
  judging: readonly EntryFacts[],
  terms: JudgingTerms,
): EntryFacts | null {
  const after = chosen(judging, terms.judgedBy);
  if (terms.purpose !== DiaryPurpose.DIAGNOSTIC) return after;
  const figures = { before: before?.total ?? null, after: after?.total ?? null };
  if (verdictOf(figures, terms) !== ResponseVerdict.NEGATIVE) return after;
  return judging.some(({ point }) => FIRST_HOURS.includes(point)) ? after : null;
}

/** The lowest figure, the earlier of two alike; or the last one. */
function chosen(judging: readonly EntryFacts[], by: DiaryJudging): EntryFacts | null {
  const known = judging.filter(({ total }) => total !== null);
  switch (by) {
    case DiaryJudging.BEST:
      return known.toSorted((a, b) => (a.total ?? 0) - (b.total ?? 0))[0] ?? null;
    case DiaryJudging.LAST:
      return known.at(-1) ?? null;
  }
}

function inOrder(entries: readonly EntryFacts[]): readonly EntryFacts[] {
  return entries.toSorted((a, b) => POINTS_IN_ORDER.indexOf(a.point) - POINTS_IN_ORDER.indexOf(b.point));
}
