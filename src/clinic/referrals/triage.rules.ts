import { ReferralStatus } from '../../platform/database/generated/enums.js';
import { formatDate, Temporal } from '../../platform/time/index.js';
import type { LiveClaim } from './triage-claim.rules.js';

/** Why an undecided referral is where it is. */
export const TriageReason = {
  NOT_LOOKED_AT: 'NOT_LOOKED_AT',
  BEING_TRIAGED: 'BEING_TRIAGED',
  AWAITS_REFERRER: 'AWAITS_REFERRER',
  INFORMATION_BACK: 'INFORMATION_BACK',
  REOPENED: 'REOPENED',
  FROM_ADVICE: 'FROM_ADVICE',
  MERGED_WITH_ANOTHER: 'MERGED_WITH_ANOTHER',
  OVERDUE: 'OVERDUE',
  ESCALATED: 'ESCALATED',
  POSSIBLE_DUPLICATE: 'POSSIBLE_DUPLICATE',
} as const;
export type TriageReason = (typeof TriageReason)[keyof typeof TriageReason];

/** What can be done about an undecided referral, beside deciding it. */
export const TriageAction = {
  CLAIM: 'CLAIM',
  TAKE_OVER: 'TAKE_OVER',
  RELEASE: 'RELEASE',
  ASSIGN: 'ASSIGN',
  UNASSIGN: 'UNASSIGN',
  CHANGE_PRIORITY: 'CHANGE_PRIORITY',
} as const;
export type TriageAction = (typeof TriageAction)[keyof typeof TriageAction];

/** What is known of an undecided referral when it is asked why it is there. */
export interface WaitingFacts {
  readonly status: ReferralStatus;
  readonly receivedOn: Temporal.PlainDate;
  /** While the referrer is asked: the day by which they are to answer. */
  readonly informationDueOn: Temporal.PlainDate | null;
  readonly informationBackOn: Temporal.PlainDate | null;
  readonly reopenedOn: Temporal.PlainDate | null;
  readonly isFromAdvice: boolean;
  readonly mergedCount: number;
  readonly isOverdue: boolean;
  readonly escalationsCount: number;
  readonly duplicatesCount: number;
}

/** Each reason for which it is there, the one that weighs most last but where it stands first. */
export function reasonsHere(facts: WaitingFacts): readonly TriageReason[] {
  const reasons: readonly (TriageReason | false)[] = [
    standing(facts.status),
    facts.reopenedOn !== null && TriageReason.REOPENED,
    facts.informationBackOn !== null &&
      facts.status !== 'INFORMATION_REQUESTED' &&
      TriageReason.INFORMATION_BACK,
    facts.isFromAdvice && TriageReason.FROM_ADVICE,
    facts.mergedCount > 0 && TriageReason.MERGED_WITH_ANOTHER,
    facts.duplicatesCount > 0 && TriageReason.POSSIBLE_DUPLICATE,
    facts.isOverdue && TriageReason.OVERDUE,
    facts.escalationsCount > 0 && TriageReason.ESCALATED,
  ];
  return reasons.filter((reason) => reason !== false);
}

function standing(status: ReferralStatus): TriageReason {
  if (status === ReferralStatus.INFORMATION_REQUESTED) return TriageReason.AWAITS_REFERRER;
  return status === ReferralStatus.BEING_TRIAGED ? TriageReason.BEING_TRIAGED : TriageReason.NOT_LOOKED_AT;
}

/** The same in one sentence. */
export function whyHere(facts: WaitingFacts): string {
  const parts = reasonsHere(facts).map((reason) => partOf(reason, facts));
  const [first = '', ...rest] = parts;
  return `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join('; ')}.`;
}

function partOf(reason: TriageReason, facts: WaitingFacts): string {
  switch (reason) {
    case 'NOT_LOOKED_AT':
      return `received on ${formatDate(facts.receivedOn)} and not looked at yet`;
    case 'BEING_TRIAGED':
      return `received on ${formatDate(facts.receivedOn)}, being triaged and not decided yet`;
    case 'AWAITS_REFERRER':
      return facts.informationDueOn === null
        ? 'the referrer was asked for information'
        : `the referrer was asked for information, due on ${formatDate(facts.informationDueOn)}`;
    case 'INFORMATION_BACK':
      return `information came back${onDay(facts.informationBackOn)}`;
    case 'REOPENED':
      return `opened again${onDay(facts.reopenedOn)}`;
    case 'FROM_ADVICE':
      return 'it came of a question for advice';
    case 'MERGED_WITH_ANOTHER':
      return facts.mergedCount === 1
        ? 'another referral was merged into it'
        : `${facts.mergedCount} others were merged into it`;
    case 'POSSIBLE_DUPLICATE':
      return facts.duplicatesCount === 1
        ? 'the patient has another open referral that may be the same'
        : `the patient has ${facts.duplicatesCount} other open referrals that may be the same`;
    case 'OVERDUE':
      return 'the day it was promised for has passed';
    case 'ESCALATED':
      return facts.escalationsCount === 1 ? 'escalated once' : `escalated ${facts.escalationsCount} times`;
  }
}

function onDay(day: Temporal.PlainDate | null): string {
  return day === null ? '' : ` on ${formatDate(day)}`;
}

/** What this person could do about it now, if they may. */
export function triageActions(
  referral: { readonly claim: LiveClaim | null; readonly assignedToId: string | null },
  actorId: string | null,
): readonly TriageAction[] {
  const mine = referral.claim !== null && referral.claim.byId === actorId;
  const possible: readonly (TriageAction | false)[] = [
    referral.claim === null && TriageAction.CLAIM,
    referral.claim !== null && !mine && TriageAction.TAKE_OVER,
    mine && TriageAction.RELEASE,
    TriageAction.ASSIGN,
    referral.assignedToId !== null && TriageAction.UNASSIGN,
    TriageAction.CHANGE_PRIORITY,
  ];
  return possible.filter((action) => action !== false);
}
