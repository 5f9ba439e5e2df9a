import {
  type ReferralAcceptedFor,
  ReferralAction,
  type ReferralStatus,
} from '../../platform/database/generated/enums.js';
import { isOver } from './referral-state.rules.js';

/** What a person says with a move. What does not belong to the action is left out. */
export interface MoveWords {
  readonly comment: string | null;
  readonly reasonCode: string | null;
  readonly acceptedFor?: ReferralAcceptedFor;
  /** To whom it is redirected, the advice, what is wanted, or the outcome. */
  readonly detail?: string;
  /** Local day by which the referrer is to answer. */
  readonly informationDueOn?: Date;
  /** The referral into which it is merged. */
  readonly mergedIntoId?: string;
}

/** Who moves it, and when. */
interface Mover {
  readonly id: string;
  readonly at: Date;
}

/** Those columns of a referral that a move writes. */
export interface MovedColumns {
  readonly takenUpAt?: Date | null;
  readonly takenUpById?: string | null;
  readonly claimedById?: string | null;
  readonly claimActiveAt?: Date | null;
  readonly informationWanted?: string | null;
  readonly informationDueOn?: Date | null;
  readonly decidedAt?: Date | null;
  readonly decidedById?: string | null;
  readonly acceptedFor?: ReferralAcceptedFor | null;
  readonly reasonCode?: string | null;
  readonly decisionComment?: string | null;
  readonly redirectedTo?: string | null;
  readonly advice?: string | null;
  readonly outcome?: string | null;
  readonly mergedIntoId?: string | null;
  readonly endedAt?: Date | null;
  readonly endedById?: string | null;
}

const DECISIONS: readonly ReferralAction[] = [
  ReferralAction.ACCEPT,
  ReferralAction.REDIRECT,
  ReferralAction.DECLINE,
  ReferralAction.RETURN_WITH_ADVICE,
];

const NOT_DECIDED = {
  decidedAt: null,
  decidedById: null,
  acceptedFor: null,
  reasonCode: null,
  decisionComment: null,
  redirectedTo: null,
  advice: null,
  outcome: null,
  mergedIntoId: null,
  endedAt: null,
  endedById: null,
} as const;
const NOTHING_WANTED = { informationWanted: null, informationDueOn: null } as const;
const UNCLAIMED = { claimedById: null, claimActiveAt: null } as const;

/**
 * What a move writes beside the state. Whoever decides has taken it up; whoever has it in hand lets go of it with the
 * decision; what was asked for is wanted no more once it goes on.
 */
export function columnsOf(
  action: ReferralAction,
  before: { readonly takenUpAt: Date | null; readonly status: ReferralStatus },
  after: ReferralStatus,
  words: MoveWords,
  mover: Mover,
): MovedColumns {
  const { at, id } = mover;
  if (action === ReferralAction.PUT_BACK) return { takenUpAt: null, takenUpById: null, ...UNCLAIMED };
  if (action === ReferralAction.REOPEN) return { ...NOT_DECIDED, ...NOTHING_WANTED, ...UNCLAIMED };
  const isDecision = DECISIONS.includes(action);
  const isTriage = isDecision || action === 'TAKE_UP' || action === 'REQUEST_INFORMATION';
  const hasLeft = isDecision || isOver(after);
  return {
    ...(isTriage && before.takenUpAt === null ? { takenUpAt: at, takenUpById: id } : {}),
    ...(hasLeft ? UNCLAIMED : isTriage ? { claimedById: id, claimActiveAt: at } : {}),
    ...NOTHING_WANTED,
    ...(isDecision ? { decidedAt: at, decidedById: id, decisionComment: words.comment } : {}),
    ...(isOver(after) ? { endedAt: at, endedById: id, reasonCode: words.reasonCode } : {}),
    ...belongingTo(action, words),
  };
}

function belongingTo(action: ReferralAction, words: MoveWords): MovedColumns {
  const detail = words.detail ?? null;
  switch (action) {
    case ReferralAction.REQUEST_INFORMATION:
      return { informationWanted: detail, informationDueOn: words.informationDueOn ?? null };
    case ReferralAction.ACCEPT:
      return { acceptedFor: words.acceptedFor ?? null };
    case ReferralAction.REDIRECT:
      return { redirectedTo: detail };
    case ReferralAction.RETURN_WITH_ADVICE:
      return { advice: detail };
    case ReferralAction.COMPLETE:
      return { outcome: detail };
    case ReferralAction.MERGE:
      return { mergedIntoId: words.mergedIntoId ?? null };
    default:
      return {};
  }
}

/** The past tense, for the audit trail. */
export const MOVED = {
  RECEIVE: 'referral.received',
  TAKE_UP: 'referral.taken-up',
  PUT_BACK: 'referral.put-back',
  ASSIGN: 'referral.assigned',
  REQUEST_INFORMATION: 'referral.information-requested',
  RECORD_INFORMATION: 'referral.information-received',
  ACCEPT: 'referral.accepted',
  REDIRECT: 'referral.redirected',
  DECLINE: 'referral.declined',
  RETURN_WITH_ADVICE: 'referral.returned-with-advice',
  BOOK: 'referral.booked',
  UNBOOK: 'referral.unbooked',
  COMPLETE: 'referral.completed',
  WITHDRAW: 'referral.withdrawn',
  MERGE: 'referral.merged',
  REOPEN: 'referral.reopened',
} as const satisfies Record<ReferralAction, string>;
