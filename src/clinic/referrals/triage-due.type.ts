/** Topics of this room's own work with what is due: the subject is the referral. */
export const TRIAGE_WORK = {
  /** A day has passed by which a referral was to be decided, or to come back from its referrer. */
  due: 'referral.due',
} as const;
