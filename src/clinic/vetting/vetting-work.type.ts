/** Topics of this room's own work: the subject is the imaging request. */
export const VETTING_WORK = {
  /** A day has passed by which it was to be decided, or its referrer was to answer. */
  due: 'imaging-request.due',
  /** The day has come on which its authorisation lapses unless it was used. */
  lapses: 'imaging-request.lapses',
} as const;

/** What later rooms are told of: the subject is the referral. */
export const VETTING_NEWS = {
  /** What its request says or what was decided of it is something else now: the weight, say, or the activity. */
  requestChanged: 'imaging-request.changed',
} as const;
