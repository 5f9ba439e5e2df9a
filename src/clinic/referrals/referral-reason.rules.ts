import type { ReferralAction, Role } from '../../platform/database/generated/enums.js';
import { ReferralReasonNotYours } from './referral.refusals.js';

/** A reason as the rules see it. */
export interface Reason {
  readonly code: string;
  readonly name: string;
  readonly actions: readonly ReferralAction[];
  readonly allowedRoles: readonly Role[];
  readonly needsComment: boolean;
}

/** What is meant when no reason is said. Other actions that want one have to say it. */
export const USUAL_REASON: Partial<Record<ReferralAction, string>> = {
  REQUEST_INFORMATION: 'FURTHER_INFORMATION_REQUIRED',
  RETURN_WITH_ADVICE: 'ADVICE_SUFFICES',
  MERGE: 'DUPLICATE_REFERRAL',
};

/** Nobody writes to somebody who has died. */
export const PATIENT_DIED = 'PATIENT_DIED';

/** What is wrong with a reason for an action; null when nothing is. */
export function reasonProblem(
  reasons: readonly Reason[],
  given: { readonly code: string; readonly action: ReferralAction; readonly comment: string | null },
): string | null {
  const fitting = reasons.filter(({ actions }) => actions.includes(given.action));
  const reason = fitting.find(({ code }) => code === given.code);
  if (reason === undefined) {
    return `reasonCode: must be one of ${fitting.map(({ code }) => code).join(', ')}.`;
  }
  return reason.needsComment && given.comment === null
    ? `comment: say why, when the reason is ${reason.code}.`
    : null;
}

/** One of the person's roles must be one that may give the reason. */
export function canGiveReason(reason: Reason, roles: readonly Role[]): ReferralReasonNotYours | null {
  return roles.some((role) => reason.allowedRoles.includes(role))
    ? null
    : new ReferralReasonNotYours(reason.code, reason.name);
}
