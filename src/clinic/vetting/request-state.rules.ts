import { ImagingRequestAction, ImagingRequestStatus } from '../../platform/database/generated/enums.js';
import { ImagingRequestNotPossible } from './imaging-request.refusals.js';

/** What a move can lead to: where it says two, the request is complete or it is not. */
type Targets = readonly ImagingRequestStatus[];
type Transitions = Record<ImagingRequestStatus, Partial<Record<ImagingRequestAction, Targets>>>;

const { DRAFT, INCOMPLETE, SUBMITTED, INFORMATION_ASKED, JUSTIFIED, AUTHORISED } = ImagingRequestStatus;
const { REJECTED, WITHDRAWN, LAPSED } = ImagingRequestStatus;

/** To the practitioner if nothing is missing, else to whoever asks for what is. */
const TO_PRACTITIONER = [SUBMITTED, INCOMPLETE] as const;
const LEAVE = { WITHDRAW: [WITHDRAWN], LAPSE: [LAPSED] } as const;

/** The states: action → what it leads to. What is not here cannot be done. */
const TRANSITIONS = {
  DRAFT: { AMEND: [DRAFT], SUBMIT: TO_PRACTITIONER, ...LEAVE },
  INCOMPLETE: {
    AMEND: TO_PRACTITIONER,
    SUBMIT: TO_PRACTITIONER,
    ASK: [INFORMATION_ASKED],
    REJECT: [REJECTED],
    ...{ CLAIM: [INCOMPLETE], TAKE_OVER: [INCOMPLETE], RELEASE: [INCOMPLETE] },
    ...LEAVE,
  },
  SUBMITTED: {
    AMEND: TO_PRACTITIONER,
    ASK: [INFORMATION_ASKED],
    JUSTIFY: [JUSTIFIED],
    AUTHORISE_UNDER_GUIDELINE: [AUTHORISED],
    REJECT: [REJECTED],
    ...{ CLAIM: [SUBMITTED], TAKE_OVER: [SUBMITTED], RELEASE: [SUBMITTED] },
    ...LEAVE,
  },
  INFORMATION_ASKED: {
    AMEND: [INFORMATION_ASKED],
    RECORD_ANSWER: TO_PRACTITIONER,
    REJECT: [REJECTED],
    ...{ CLAIM: [INFORMATION_ASKED], TAKE_OVER: [INFORMATION_ASKED], RELEASE: [INFORMATION_ASKED] },
    ...LEAVE,
  },
  // What was judged and is amended has to be judged again.
  JUSTIFIED: {
    AMEND: [JUSTIFIED, ...TO_PRACTITIONER],
    AUTHORISE: [AUTHORISED],
    AUTHORISE_UNDER_GUIDELINE: [AUTHORISED],
    WITHDRAW_JUSTIFICATION: TO_PRACTITIONER,
    ...{ CLAIM: [JUSTIFIED], TAKE_OVER: [JUSTIFIED], RELEASE: [JUSTIFIED] },
    ...LEAVE,
  },
  AUTHORISED: {
    AMEND: [AUTHORISED, ...TO_PRACTITIONER],
    WITHDRAW_AUTHORISATION: [JUSTIFIED],
    WITHDRAW_JUSTIFICATION: TO_PRACTITIONER,
    ...LEAVE,
  },
  // A new request is made instead.
  REJECTED: {},
  WITHDRAWN: {},
  LAPSED: {},
} as const satisfies Transitions;

/** Read through the wider type: a state has the actions of its row only. */
const transitions: Transitions = TRANSITIONS;

/** The clock's and the referral's, not a person's. */
const NOT_BY_A_PERSON: readonly ImagingRequestAction[] = [ImagingRequestAction.LAPSE];

/** What can still be said once the exposure took place. */
const SAID_AFTERWARDS: readonly ImagingRequestAction[] = [
  ImagingRequestAction.AMEND,
  ImagingRequestAction.SUBMIT,
  ImagingRequestAction.RECORD_ANSWER,
];

/** States in which a referral has its one request. */
export const LIVE: readonly ImagingRequestStatus[] = [
  DRAFT,
  INCOMPLETE,
  SUBMITTED,
  INFORMATION_ASKED,
  JUSTIFIED,
  AUTHORISED,
];

/** States in which somebody has still to decide: the queue. */
const TO_DECIDE: readonly ImagingRequestStatus[] = [INCOMPLETE, SUBMITTED, INFORMATION_ASKED, JUSTIFIED];

/** Whether somebody has still to decide: not on what has been used up, of which nothing is decided any more. */
export function isToDecide({
  status,
  exposedVisitId,
}: {
  readonly status: ImagingRequestStatus;
  readonly exposedVisitId: string | null;
}): boolean {
  return exposedVisitId === null && TO_DECIDE.includes(status);
}

/** Whether a decision stands that an amendment may make fall. */
export function isDecided(status: ImagingRequestStatus): boolean {
  return status === JUSTIFIED || status === AUTHORISED;
}

/** What a person can do with a request in this state; of one that has been used up what its referrer says can be written. */
export function allowedActions(
  status: ImagingRequestStatus,
  isUsedUp = false,
): readonly ImagingRequestAction[] {
  const next = transitions[status];
  return Object.values(ImagingRequestAction).filter(
    (action) =>
      next[action] !== undefined &&
      !NOT_BY_A_PERSON.includes(action) &&
      (!isUsedUp || SAID_AFTERWARDS.includes(action)),
  );
}

/** What a move is decided by, beside the state. */
export interface MoveFacts {
  /** Nothing is missing. */
  readonly isComplete: boolean;
  /** What was judged has changed. */
  readonly isJudgedChanged?: boolean;
}

/** The state after an action, or the refusal when the table does not have it. */
export function nextStatus(
  status: ImagingRequestStatus,
  action: ImagingRequestAction,
  { isComplete, isJudgedChanged = false }: MoveFacts,
): ImagingRequestStatus | ImagingRequestNotPossible {
  const targets = transitions[status][action];
  const [first] = targets ?? [];
  if (targets === undefined || first === undefined) {
    return new ImagingRequestNotPossible(status, allowedActions(status));
  }
  const stays = action === ImagingRequestAction.AMEND && targets.includes(status) && !isJudgedChanged;
  if (stays && isDecided(status)) return status;
  if (targets.includes(INCOMPLETE) && targets.includes(SUBMITTED)) return isComplete ? SUBMITTED : INCOMPLETE;
  return first;
}

/** May this be done at all in this state? The refusal when not. */
export function canDo(
  status: ImagingRequestStatus,
  action: ImagingRequestAction,
): ImagingRequestNotPossible | null {
  return transitions[status][action] === undefined
    ? new ImagingRequestNotPossible(status, allowedActions(status))
    : null;
}
