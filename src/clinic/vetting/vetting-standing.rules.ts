import { ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';

/** A text of benefit, detriment and alternatives, as one reads it. */
export function justificationText(words: {
  readonly benefit: string;
  readonly detriment: string;
  readonly alternatives: string;
}): string {
  return `Benefit: ${words.benefit}\nDetriment: ${words.detriment}\nAlternatives: ${words.alternatives}`;
}

/**
 * How a request stands on a day: an authorisation holds until the day before it lapses, whether or not the clock has
 * written that down yet.
 */
export function stateOn(
  {
    status,
    lapsesOn,
  }: { readonly status: ImagingRequestStatus; readonly lapsesOn: Temporal.PlainDate | null },
  today: Temporal.PlainDate,
): ImagingRequestStatus {
  const hasLapsed = lapsesOn !== null && Temporal.PlainDate.compare(lapsesOn, today) <= 0;
  return status === ImagingRequestStatus.AUTHORISED && hasLapsed ? ImagingRequestStatus.LAPSED : status;
}

/** Why a referrer may refer for exposures or may not, in a sentence. */
export function entitlementReason(referrer: {
  readonly kind: 'REFERRAL' | 'STAFF';
  readonly name: string | null;
  readonly isEntitled: boolean;
}): string {
  if (referrer.isEntitled) return 'Entitled to refer for exposures on the day of the request.';
  if (referrer.name === null) return 'Nobody is named as the referrer: have somebody who is entitled refer.';
  return referrer.kind === 'STAFF'
    ? 'Not entitled to refer for this examination on the day of the request: ask somebody who is.'
    : 'Not entered in the directory as entitled on the day of the request: enter it (`setReferrerEntitlement`), or have a clinician who is entitled refer.';
}
