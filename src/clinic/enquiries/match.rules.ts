/** What speaks for a registered patient being the enquirer. */
export const EnquiryMatchReason = {
  SAME_NHS_NUMBER: 'SAME_NHS_NUMBER',
  SAME_NAME: 'SAME_NAME',
  SIMILAR_NAME: 'SIMILAR_NAME',
  PART_OF_NAME: 'PART_OF_NAME',
  SAME_DATE_OF_BIRTH: 'SAME_DATE_OF_BIRTH',
  DAY_AND_MONTH_SWAPPED: 'DAY_AND_MONTH_SWAPPED',
  SAME_PHONE: 'SAME_PHONE',
  SAME_EMAIL: 'SAME_EMAIL',
} as const;
export type EnquiryMatchReason = (typeof EnquiryMatchReason)[keyof typeof EnquiryMatchReason];

/** What speaks against it. */
export const EnquiryMatchDoubt = {
  OTHER_NHS_NUMBER: 'OTHER_NHS_NUMBER',
  OTHER_NAME: 'OTHER_NAME',
  OTHER_DATE_OF_BIRTH: 'OTHER_DATE_OF_BIRTH',
} as const;
export type EnquiryMatchDoubt = (typeof EnquiryMatchDoubt)[keyof typeof EnquiryMatchDoubt];

/** How much that is. */
export const MatchStrength = {
  CERTAIN: 'CERTAIN',
  LIKELY: 'LIKELY',
  POSSIBLE: 'POSSIBLE',
  UNLIKELY: 'UNLIKELY',
} as const;
export type MatchStrength = (typeof MatchStrength)[keyof typeof MatchStrength];

export interface Match {
  readonly reasons: readonly EnquiryMatchReason[];
  readonly doubts: readonly EnquiryMatchDoubt[];
}

/**
 * Only the NHS number with the date of birth, and nothing against it, is certain; and even then a person confirms it. A
 * name is shared, a telephone is lent, and a number alone may be that of the one for whom somebody writes.
 */
export function strengthOf({ reasons, doubts }: Match): MatchStrength {
  const has = (reason: EnquiryMatchReason) => reasons.includes(reason);
  const sameNumber = has(EnquiryMatchReason.SAME_NHS_NUMBER);
  const sameBirth = has(EnquiryMatchReason.SAME_DATE_OF_BIRTH);
  if (sameNumber && sameBirth && doubts.length === 0) return MatchStrength.CERTAIN;
  if (doubts.includes(EnquiryMatchDoubt.OTHER_NHS_NUMBER)) return MatchStrength.UNLIKELY;
  if (sameNumber) return doubts.length === 0 ? MatchStrength.LIKELY : MatchStrength.POSSIBLE;
  const named = has(EnquiryMatchReason.SAME_NAME) || has(EnquiryMatchReason.SIMILAR_NAME);
  const reached = has(EnquiryMatchReason.SAME_PHONE) || has(EnquiryMatchReason.SAME_EMAIL);
  if (named && (sameBirth || reached) && doubts.length === 0) return MatchStrength.LIKELY;
  return named || reached || (sameBirth && has(EnquiryMatchReason.PART_OF_NAME))
    ? MatchStrength.POSSIBLE
    : MatchStrength.UNLIKELY;
}

const ORDER: readonly MatchStrength[] = [
  MatchStrength.CERTAIN,
  MatchStrength.LIKELY,
  MatchStrength.POSSIBLE,
  MatchStrength.UNLIKELY,
];

/** The stronger first; of equal ones the order stays. */
export function strongestFirst<One extends { readonly strength: MatchStrength }>(
  matches: readonly One[],
): readonly One[] {
  return matches.toSorted((a, b) => ORDER.indexOf(a.strength) - ORDER.indexOf(b.strength));
}

/**
 * May this patient be taken for the enquirer on somebody's word alone? Anything that is less than certain wants a word on how
 * that was found out.
 */
export function needsProof(strength: MatchStrength): boolean {
  return strength !== MatchStrength.CERTAIN;
}

/** Facts in which two enquiries of one person cannot differ: only what both say counts. */
export interface Identity {
  readonly nhsNumber: string | null;
  readonly dateOfBirth: string | null;
  readonly patientId: string | null;
}

/** In what two enquiries speak of different people, by the names of the fields. */
export function differences(one: Identity, other: Identity): readonly (keyof Identity)[] {
  const fields: readonly (keyof Identity)[] = ['nhsNumber', 'dateOfBirth', 'patientId'];
  return fields.filter(
    (field) => one[field] !== null && other[field] !== null && one[field] !== other[field],
  );
}
