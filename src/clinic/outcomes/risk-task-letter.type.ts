import type { Temporal } from '../../platform/time/index.js';

/** Topics about risk tasks, both notices to the clinic. Subject: the task. Version: how often it was told that it is late. */
export const RISK_TASK_TOPICS = {
  raised: 'risk-task.raised',
  overdue: 'risk-task.overdue',
} as const;

/** `RiskTaskLetterService.matter(tx, taskId, version)`; null once somebody has seen to it. */
export interface RiskTaskMatter {
  readonly riskTaskId: string;
  readonly reference: string;
  readonly patientId: string;
  readonly raisedAt: Temporal.Instant;
}
