import type { Temporal } from '../../platform/time/index.js';

/** Topics about call-backs: the subject is the task, the version the task's. Notices to the clinic. */
export const CALL_BACK_TOPICS = {
  overdue: 'call-back.overdue',
} as const;

/** Topic of this room's own work with call-backs: the subject is the task. */
export const CALL_BACK_WORK = {
  /** The time has come at which the clinic is told, unless somebody rang. */
  due: 'call-back.due',
} as const;

/**
 * A call-back that is overdue. `CallBackLetterService.matter(tx, callBackId, version)` gives it; null once somebody was
 * reached, or it is no longer overdue.
 */
export interface CallBackMatter {
  readonly callBackId: string;
  /** The enquiry that it belongs to; null: none. */
  readonly enquiryId: string | null;
  /** What staff find it by: the reference of its enquiry, or its own. */
  readonly reference: string;
  readonly patientId: string | null;
  readonly dueAt: Temporal.Instant;
}
