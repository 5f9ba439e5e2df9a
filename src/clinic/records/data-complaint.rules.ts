import { DataComplaintStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { DataComplaintAction, DataComplaintStandsOtherwise } from './data-complaint.refusals.js';

/** Data Protection Act 2018, s. 164A (Data (Use and Access) Act 2025, s. 103), in force since 19 June 2026: acknowledged within 30 days. */
export const ACKNOWLEDGE_WITHIN_DAYS = 30;
/** "Without undue delay": what the clinic tells people to expect. */
export const ANSWER_WITHIN_DAYS = 60;

type Transitions = Record<DataComplaintStatus, Partial<Record<DataComplaintAction, DataComplaintStatus>>>;

/** The states: action → next state. What is not here cannot be done. */
const TRANSITIONS = {
  RECEIVED: {
    ACKNOWLEDGE: DataComplaintStatus.ACKNOWLEDGED,
    NOTE: DataComplaintStatus.RECEIVED,
    CONCLUDE: DataComplaintStatus.CONCLUDED,
  },
  ACKNOWLEDGED: { NOTE: DataComplaintStatus.ACKNOWLEDGED, CONCLUDE: DataComplaintStatus.CONCLUDED },
  CONCLUDED: { NOTE: DataComplaintStatus.CONCLUDED, REOPEN: DataComplaintStatus.ACKNOWLEDGED },
} as const satisfies Transitions;

function transitionsFrom(status: DataComplaintStatus): Transitions[DataComplaintStatus] {
  return TRANSITIONS[status];
}

export function allowedActions(status: DataComplaintStatus): readonly DataComplaintAction[] {
  const next = transitionsFrom(status);
  return Object.values(DataComplaintAction).filter((action) => next[action] !== undefined);
}

/** The state after an action, or the refusal when the table does not have it. */
export function nextStatus(
  status: DataComplaintStatus,
  action: DataComplaintAction,
): DataComplaintStatus | DataComplaintStandsOtherwise {
  return transitionsFrom(status)[action] ?? new DataComplaintStandsOtherwise(status, allowedActions(status));
}

/** The last day on which an acknowledgement is in time: the thirtieth after it came. */
export function acknowledgeBy(receivedOn: Temporal.PlainDate): Temporal.PlainDate {
  return receivedOn.add({ days: ACKNOWLEDGE_WITHIN_DAYS });
}

/** Until when the person hears the outcome, or how far it is. */
export function answerBy(receivedOn: Temporal.PlainDate): Temporal.PlainDate {
  return receivedOn.add({ days: ANSWER_WITHIN_DAYS });
}

/** Nobody has told the person that it came, and the day is over. */
export function isAcknowledgementOverdue(
  status: DataComplaintStatus,
  by: Temporal.PlainDate,
  today: Temporal.PlainDate,
): boolean {
  return status === 'RECEIVED' && Temporal.PlainDate.compare(today, by) > 0;
}

/** What staff and the person find it by: D and the last eight digits of its id. */
export function referenceOf(complaintId: string): string {
  return `D-${complaintId.slice(-8).toUpperCase()}`;
}
