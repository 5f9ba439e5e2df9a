/** Topics of this room's own work with what is due. */
export const TRIAGE_WORK = {
  /** Subject: the thread. A day has passed by which a referrer was to have an answer. */
  adviceDue: 'advice.due',
  /** Subject: the referral. A day has passed by which it was to be decided, or to come back from its referrer. */
  due: 'referral.due',
} as const;
