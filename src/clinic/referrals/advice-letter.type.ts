import type { Temporal } from '../../platform/time/index.js';

/** Topics about advice to referrers that call for a letter. */
export const ADVICE_TOPICS = {
  /** Subject: the message of the thread in which the clinic answers. */
  answered: 'advice.answered',
  /** Subject: the thread; version: how often it was escalated. A notice to the clinic. */
  overdue: 'advice.overdue',
} as const;

/** A question that waits. `AdviceLetterService.overdueMatter(tx, threadId, version)`; null once it was answered. */
export interface AdviceOverdueMatter {
  readonly threadId: string;
  readonly reference: string;
  readonly patientId: string | null;
  readonly dueOn: Temporal.PlainDate;
}

/** An answer to a referrer. `AdviceLetterService.matter(tx, messageId, version)`; null: it is not to be sent any more. */
export interface AdviceMatter {
  readonly threadId: string;
  /** What staff and the referrer find the thread by. */
  readonly reference: string;
  readonly askedOn: Temporal.PlainDate;
  /** Null: the patient is not known to us, or was not named. */
  readonly patientId: string | null;
  readonly referrer: {
    /** In the directory; null: named in the thread only. */
    readonly referrerId: string | null;
    readonly name: string;
    readonly email: string | null;
  };
  /** What the clinician wrote. */
  readonly text: string;
}
