import { BreastFeedingSaid, PregnancySaid } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** What of a guideline says whether it covers a request. */
export interface GuidelineScope {
  readonly procedureCodes: readonly string[];
  readonly siteCode: string;
  readonly ageFromYears: number | null;
  readonly ageToYears: number | null;
  readonly effectiveFrom: Temporal.PlainDate;
  /** Last day; null: without one. */
  readonly effectiveUntil: Temporal.PlainDate | null;
  /** First day on which it was ended; null: it was not. */
  readonly endsOn: Temporal.PlainDate | null;
  /** First day of the next version; null: there is none. */
  readonly replacedFrom: Temporal.PlainDate | null;
}

/** What of a request is held against it. */
export interface GuidelineSubject {
  readonly procedureCode: string;
  /** Null: a site has not been decided yet. */
  readonly siteCode: string | null;
  readonly ageYears: number;
  readonly pregnancy: PregnancySaid | null;
  readonly breastFeeding: BreastFeedingSaid | null;
}

/** Whether a version of a guideline holds on a day: begun, not ended, not followed by a newer version. */
export function isInForce(scope: GuidelineScope, on: Temporal.PlainDate): boolean {
  return (
    notAfter(scope.effectiveFrom, on) &&
    (scope.effectiveUntil === null || notAfter(on, scope.effectiveUntil)) &&
    (scope.endsOn === null || !notAfter(scope.endsOn, on)) &&
    (scope.replacedFrom === null || !notAfter(scope.replacedFrom, on))
  );
}

/** Why a guideline does not cover a request on a day, in sentences; empty: it does. */
export function whyNotCovered(
  scope: GuidelineScope,
  subject: GuidelineSubject,
  on: Temporal.PlainDate,
): readonly string[] {
  const { ageFromYears, ageToYears } = scope;
  const reasons: readonly (readonly [boolean, string])[] = [
    [!isInForce(scope, on), 'This version is not in force today: use the one that is.'],
    [!scope.procedureCodes.includes(subject.procedureCode), `It is not for ${subject.procedureCode}.`],
    [
      subject.siteCode !== null && subject.siteCode !== scope.siteCode,
      `It is for the site ${scope.siteCode}.`,
    ],
    [
      (ageFromYears !== null && subject.ageYears < ageFromYears) ||
        (ageToYears !== null && subject.ageYears > ageToYears),
      'It is for other ages.',
    ],
    // The law wants special attention of the practitioner for these (IR(ME)R 2017, regulation 11(3)).
    [
      subject.pregnancy === PregnancySaid.PREGNANT || subject.pregnancy === PregnancySaid.CANNOT_BE_EXCLUDED,
      'A pregnancy is not excluded.',
    ],
    [subject.breastFeeding === BreastFeedingSaid.YES, 'The patient is breast-feeding.'],
  ];
  return reasons.flatMap(([holds, sentence]) => (holds ? [sentence] : []));
}

/** The text that a guideline is known by, whose SHA-256 is kept. */
export function fingerprintedText(guideline: {
  readonly text: string;
  readonly benefit: string;
  readonly detriment: string;
  readonly alternatives: string;
}): string {
  return [guideline.text, guideline.benefit, guideline.detriment, guideline.alternatives].join('\n');
}

function notAfter(a: Temporal.PlainDate, b: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(a, b) <= 0;
}
