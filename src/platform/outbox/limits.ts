/** Messages claimed in one statement: a short lock, one batch of jobs. */
export const RELAY_BATCH_MAX_MESSAGES = 200;

/** Messages in the queue at a time. Beyond it they wait in PostgreSQL, which is where they are safe. */
export const IN_QUEUE_MAX_MESSAGES = 2_000;

/**
 * How long a message that was handed over may stay unhandled before it is handed over again. Longer than any
 * handler takes; until then a job that its queue has lost is not missed.
 */
export const HANDOVER_LEASE_MS = 60_000;

/** How often the relay looks without being woken: for wake-ups lost with their connection. */
export const POLL_MS = 5_000;

/** The relay never looks more often than this, however many wake-ups come. */
export const LOOK_AGAIN_MIN_MS = 20;

/** Wait before a failed look is repeated. */
export const RECONNECT_WAIT_MS = 1_000;

/**
 * Failed attempts before a message is parked for a person to look at. With the back-off below that is about
 * forty minutes: an outage is survived, a message that can never be handled does not go round for ever.
 */
export const ATTEMPTS_MAX = 12;

/** Wait after the first failed attempt; doubled after each further one … */
export const BACK_OFF_FIRST_MS = 1_000;
/** … up to this. */
export const BACK_OFF_MAX_MS = 600_000;

/** Handled messages are kept so long, to answer "was it done, and when?"; then they are deleted. */
export const HANDLED_KEPT_DAYS = 30;

/** Old messages deleted in one statement, at most once a poll. */
export const PRUNE_BATCH_MAX_MESSAGES = 500;
