import type { ExposureAct } from '../../platform/database/generated/enums.js';
import { formatDate, Temporal } from '../../platform/time/index.js';
import { holdsOn, lastDayOf, type Term } from './licence.rules.js';

export interface EntitlementFacts extends Term {
  readonly id: string;
  /** Codes of the kinds of visits; empty: any. */
  readonly procedureCodes: readonly string[];
  readonly reviewOn: Temporal.PlainDate;
}

/** May this person do this act on that day? With a sentence that says what to do where not. */
export interface EntitlementStanding {
  readonly entitled: boolean;
  readonly reason: string;
  readonly entitlementId: string | null;
}

/** The acts of an exposure as people say them: "entitled to …". */
export const ACT_IN_WORDS = {
  REFER: 'refer patients for an exposure',
  JUSTIFY: 'justify exposures as a practitioner',
  AUTHORISE_UNDER_GUIDELINE: 'authorise exposures under a guideline',
  PREPARE_TRACER: 'prepare the tracer',
  MEASURE_ACTIVITY: 'measure the activity',
  IDENTIFY_PATIENT: 'identify the patient',
  ENQUIRE_PREGNANCY: 'ask about pregnancy and breast-feeding',
  ADMINISTER_TRACER: 'administer the tracer',
  ACQUIRE_IMAGES: 'acquire images',
  EVALUATE_IMAGES: 'evaluate images',
} as const satisfies Record<ExposureAct, string>;

/** `entitlements`: those of one person for one act. A review that is overdue is said and does not end anything. */
export function judgeEntitlement(
  entitlements: readonly EntitlementFacts[],
  want: { readonly act: ExposureAct; readonly procedureCode: string; readonly on: Temporal.PlainDate },
): EntitlementStanding {
  const words = ACT_IN_WORDS[want.act];
  const covering = entitlements.filter(
    ({ procedureCodes }) => procedureCodes.length === 0 || procedureCodes.includes(want.procedureCode),
  );
  const [best] = covering
    .filter((entitlement) => holdsOn(entitlement, want.on))
    .toSorted((a, b) => Temporal.PlainDate.compare(b.reviewOn, a.reviewOn) || (a.id < b.id ? -1 : 1));
  if (best !== undefined) {
    const review = `review ${Temporal.PlainDate.compare(best.reviewOn, want.on) < 0 ? 'was due' : 'due'} on`;
    const reason = `Entitled to ${words}; ${review} ${formatDate(best.reviewOn)}.`;
    return { entitled: true, reason, entitlementId: best.id };
  }
  const toDo = 'Somebody who is entitled has to do it, or the employer has to entitle them first.';
  return { entitled: false, reason: `${whyNot(covering, words, want)} ${toDo}`, entitlementId: null };
}

function whyNot(
  covering: readonly EntitlementFacts[],
  words: string,
  { procedureCode, on }: { readonly procedureCode: string; readonly on: Temporal.PlainDate },
): string {
  const begun = covering.filter(({ validFrom }) => Temporal.PlainDate.compare(validFrom, on) <= 0);
  const [last] = begun
    .flatMap((term) => lastDayOf(term) ?? [])
    .toSorted((a, b) => Temporal.PlainDate.compare(b, a));
  if (last !== undefined) return `The entitlement to ${words} ended after ${formatDate(last)}.`;
  const [from] = covering.map(({ validFrom }) => validFrom).toSorted(Temporal.PlainDate.compare);
  if (from !== undefined) return `The entitlement to ${words} holds only from ${formatDate(from)} on.`;
  return `This person is not entitled to ${words} for ${procedureCode}.`;
}
