import type { RiskTaskStatus } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import { RiskTaskClaimed, RiskTaskClosed, RiskTaskNotClaimed } from './risk-task.refusals.js';

/** What people do with a risk task, and how it stands then. Only whoever has taken it on closes it. */
export const RISK_TASK_ACTIONS = {
  OPEN: { claim: 'CLAIMED', note: 'OPEN' },
  CLAIMED: { release: 'OPEN', note: 'CLAIMED', close: 'CLOSED' },
  CLOSED: {},
} as const satisfies Record<RiskTaskStatus, Readonly<Record<string, RiskTaskStatus>>>;

export type RiskTaskAction = 'claim' | 'release' | 'note' | 'close';

export interface RiskTaskFacts {
  readonly status: RiskTaskStatus;
  readonly claimedById: string | null;
}

export function allowedRiskActions(status: RiskTaskStatus): readonly string[] {
  return Object.keys(RISK_TASK_ACTIONS[status]);
}

/** May somebody do this with the task as it stands? */
export function canActOnRisk(action: RiskTaskAction, task: RiskTaskFacts, staffId: string): Refusal | null {
  if (task.status === 'CLOSED') return new RiskTaskClosed();
  if (!(action in RISK_TASK_ACTIONS[task.status]))
    return task.claimedById === null ? new RiskTaskNotClaimed() : new RiskTaskClaimed(task.claimedById);
  return action === 'close' && task.claimedById !== null && task.claimedById !== staffId
    ? new RiskTaskClaimed(task.claimedById)
    : null;
}

/** When the clinic is told that nobody has seen to it: when that was due, and then again and again. */
export function tellAgainAt(task: {
  readonly dueAt: Temporal.Instant;
  readonly escalatedAt: Temporal.Instant | null;
  readonly repeatMinutes: number;
}): Temporal.Instant {
  const { dueAt, escalatedAt, repeatMinutes } = task;
  // Told before it was taken on, or given back, counts no more: there is a new time since then.
  if (escalatedAt === null || Temporal.Instant.compare(escalatedAt, dueAt) < 0) return dueAt;
  return escalatedAt.add({ minutes: repeatMinutes });
}
