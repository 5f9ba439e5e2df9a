import type {
  IncidentOutcome,
  IncidentRegulator,
  IncidentStatus,
} from '../../platform/database/generated/enums.js';
import { IncidentAction, IncidentStandsOtherwise, NotificationMissing } from './incident.refusals.js';

type Transitions = Record<IncidentStatus, Partial<Record<IncidentAction, IncidentStatus>>>;

/** The states: action → next state. What is not here cannot be done. A note can always be added. */
export const INCIDENT_TRANSITIONS = {
  RAISED: { ASSESS: 'ASSESSED', NOTE: 'RAISED' },
  ASSESSED: { ASSESS: 'ASSESSED', NOTIFY: 'NOTIFIED', CLOSE: 'CLOSED', NOTE: 'ASSESSED' },
  NOTIFIED: { ASSESS: 'NOTIFIED', NOTIFY: 'NOTIFIED', CLOSE: 'CLOSED', NOTE: 'NOTIFIED' },
  CLOSED: { REOPEN: 'ASSESSED', NOTE: 'CLOSED' },
} as const satisfies Transitions;

export interface IncidentStanding {
  readonly status: IncidentStatus;
  readonly outcome: IncidentOutcome | null;
  /** Whoever has to hear of it was told. */
  readonly isNotified: boolean;
  /** Those who were not. */
  readonly toTell: readonly IncidentRegulator[];
}

function transitionsFrom(status: IncidentStatus): Transitions[IncidentStatus] {
  return INCIDENT_TRANSITIONS[status];
}

/** What can be done with it now. What a regulator has to hear of is not closed before. */
export function allowedActions(standing: IncidentStanding): readonly IncidentAction[] {
  const next = transitionsFrom(standing.status);
  return Object.values(IncidentAction).filter(
    (action) => next[action] !== undefined && !(action === 'CLOSE' && isToTell(standing)),
  );
}

const isToTell = ({ outcome, isNotified }: IncidentStanding): boolean =>
  outcome === 'NOTIFIABLE' && !isNotified;

/**
 * The state after an action, or why it cannot be done. One that is opened again stands where it stood. Whether the regulators
 * were told is seen to by `settledAs`.
 */
export function nextStatus(
  standing: IncidentStanding,
  action: IncidentAction,
): IncidentStatus | IncidentStandsOtherwise | NotificationMissing {
  const next = transitionsFrom(standing.status)[action];
  if (next === undefined) return new IncidentStandsOtherwise(standing.status, allowedActions(standing));
  if (action === 'CLOSE' && isToTell(standing)) return new NotificationMissing(standing.toTell);
  return action === 'REOPEN' && standing.isNotified ? 'NOTIFIED' : next;
}

/** Those who have to hear of it and were not told. */
export function regulatorsToTell(
  owed: readonly IncidentRegulator[],
  told: readonly IncidentRegulator[],
): readonly IncidentRegulator[] {
  return owed.filter((regulator) => !told.includes(regulator));
}

/** Was everybody told who has to hear of it? Where no threshold names one, somebody has to have been told. */
export function isNotified(owed: readonly IncidentRegulator[], told: readonly IncidentRegulator[]): boolean {
  return told.length > 0 && regulatorsToTell(owed, told).length === 0;
}

/** The state of what was assessed, told or opened again, once it is known whether the regulators were told. */
export function settledAs(status: IncidentStatus, isNotifiedNow: boolean): IncidentStatus {
  if (status !== 'ASSESSED' && status !== 'NOTIFIED') return status;
  return isNotifiedNow ? 'NOTIFIED' : 'ASSESSED';
}
