import type { ReportAcknowledgementStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { type Holidays, Temporal, workingDaysAhead } from '../../platform/time/index.js';
import { AcknowledgementSettled } from './acknowledgement.refusals.js';

/** What people do with a task, and how it stands then; `supersede` comes with a corrected report. */
export const ACKNOWLEDGEMENT_ACTIONS = {
  OPEN: { acknowledge: 'ACKNOWLEDGED', reassign: 'OPEN', close: 'CLOSED', supersede: 'SUPERSEDED' },
  ACKNOWLEDGED: {},
  CLOSED: {},
  SUPERSEDED: {},
} as const satisfies Record<
  ReportAcknowledgementStatus,
  Readonly<Record<string, ReportAcknowledgementStatus>>
>;

export type AcknowledgementAction = keyof (typeof ACKNOWLEDGEMENT_ACTIONS)['OPEN'];

/** What a person may do; a report supersedes by itself. */
export function allowedAcknowledgementActions(status: ReportAcknowledgementStatus): readonly string[] {
  return Object.keys(ACKNOWLEDGEMENT_ACTIONS[status]).filter((action) => action !== 'supersede');
}

/** Whether that may be done with a task that stands so. */
export function canDo(status: ReportAcknowledgementStatus, action: AcknowledgementAction): Refusal | null {
  return action in ACKNOWLEDGEMENT_ACTIONS[status] ? null : new AcknowledgementSettled(status);
}

/** What is known of an open task when it is asked what is due next. */
export interface AcknowledgementDue {
  readonly dueOn: Temporal.PlainDate;
  /** Local day of the last escalation. */
  readonly escalatedOn: Temporal.PlainDate | null;
  /** Working days from one escalation to the next. */
  readonly escalationDays: number;
}

/** The day by whose end the referrer has acknowledged, or it is escalated; after an escalation the next one. */
export function nextDueOn(
  { dueOn, escalatedOn, escalationDays }: AcknowledgementDue,
  holidays: Holidays,
): Temporal.PlainDate {
  if (escalatedOn === null || Temporal.PlainDate.compare(dueOn, escalatedOn) >= 0) return dueOn;
  return workingDaysAhead(escalatedOn, escalationDays, holidays);
}

/** The moment cannot be: nobody acknowledges what was not signed, or what is still to come. */
export function faultOfMoment(
  acknowledgedAt: Temporal.Instant,
  signedAt: Temporal.Instant,
  now: Temporal.Instant,
): string | null {
  if (Temporal.Instant.compare(acknowledgedAt, now) > 0) return 'must not lie ahead.';
  if (Temporal.Instant.compare(acknowledgedAt, signedAt) < 0)
    return 'must not be before the report was signed.';
  return null;
}
