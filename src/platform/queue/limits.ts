/** Most jobs that one process works on at a time, for one queue: each may hold a database and an SMTP connection. */
export const CONCURRENCY_MAX_JOBS = 8;

/** Connections of the side that adds jobs: one adds, one answers the readiness probe. */
export const PRODUCER_POOL_MAX_CONNECTIONS = 2;

/** Connections of the side that works: fetching, finishing and renewing locks are short statements that can take turns. */
export const WORKER_POOL_MAX_CONNECTIONS = 3;

/** A job whose worker has not renewed its lock for so long is given to another. The worker renews at half of it. */
export const JOB_LOCK_MS = 30_000;

/** How often locks that ran out are looked for. */
export const STALLED_CHECK_MS = 15_000;

/** How often a worker died in a job before the queue lets the job go; the outbox then counts and hands it over anew. */
export const STALLS_MAX_TIMES = 3;

/** How long an idle worker waits for a wake-up before it looks by itself. */
export const IDLE_LOOK_SECONDS = 5;

/** Jobs added in one statement: large enough to be quick, small enough to be one short transaction. */
export const ADD_BATCH_MAX_JOBS = 500;

/** Long enough for a queue that has just been restarted, short enough for a person who waits at a terminal. */
export const CONNECT_WAIT_MS = 15_000;

/** A readiness probe that takes longer than this is a no. */
export const READY_ANSWER_MS = 2_000;

/** How long a closing process waits for the jobs it works on; a job that is cut off is handed over again. */
export const CLOSE_WAIT_MS = 20_000;

/** Events that the queue keeps about finished jobs. Nobody reads them; the outbox is the record. */
export const EVENTS_KEPT_MAX = 1_000;
