import type {
  CriticalFindingOutcome,
  CriticalFindingStatus,
} from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import { CriticalFindingClosed, CriticalFindingNotAcknowledged } from './critical-finding.refusals.js';

/**
 * What people do with a critical finding, and how it stands then. Who is told without reading it back has been tried to
 * reach, and nothing more: `tell` alone changes nothing.
 */
export const CRITICAL_FINDING_ACTIONS = {
  OPEN: { tell: 'OPEN', tellAndHearBack: 'ACKNOWLEDGED', closeAsError: 'CLOSED' },
  ACKNOWLEDGED: {
    tell: 'ACKNOWLEDGED',
    tellAndHearBack: 'ACKNOWLEDGED',
    closeAsError: 'CLOSED',
    close: 'CLOSED',
  },
  CLOSED: {},
} as const satisfies Record<CriticalFindingStatus, Readonly<Record<string, CriticalFindingStatus>>>;

export function allowedCriticalActions(status: CriticalFindingStatus): readonly string[] {
  return Object.keys(CRITICAL_FINDING_ACTIONS[status]);
}

export function canTellFinding(status: CriticalFindingStatus): Refusal | null {
  return 'tell' in CRITICAL_FINDING_ACTIONS[status] ? null : new CriticalFindingClosed();
}

/** Closed as seen to only when somebody has read it back; what was flagged in error needs nobody to be told. */
export function canCloseFinding(
  status: CriticalFindingStatus,
  outcome: CriticalFindingOutcome,
): Refusal | null {
  const action = outcome === 'ACTED_ON' ? 'close' : 'closeAsError';
  if (action in CRITICAL_FINDING_ACTIONS[status]) return null;
  return status === 'CLOSED' ? new CriticalFindingClosed() : new CriticalFindingNotAcknowledged();
}

/** When the clinic is told that nobody has read it back: when that was due, and then again and again. */
export function escalateAt(finding: {
  readonly dueAt: Temporal.Instant;
  readonly escalatedAt: Temporal.Instant | null;
  readonly escalationMinutes: number;
}): Temporal.Instant {
  const { dueAt, escalatedAt, escalationMinutes } = finding;
  return escalatedAt === null ? dueAt : escalatedAt.add({ minutes: escalationMinutes });
}
