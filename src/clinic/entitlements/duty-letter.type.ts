import type { Temporal } from '../../platform/time/index.js';

/** Work of this room's own: an entitlement is to be looked at on its day. */
export const ENTITLEMENT_WORK = { reviewDue: 'entitlement.review-due' } as const;

/** What this room tells. The subject is the entitlement, the version the number of the reminder. */
export const ENTITLEMENT_TOPICS = { toReview: 'entitlement.to-review' } as const;

/** What the clinic is told of an entitlement that is to be looked at. */
export interface EntitlementReviewMatter {
  readonly entitlementId: string;
  /** The day of its review or its last day, whichever is first. */
  readonly dueOn: Temporal.PlainDate;
}
