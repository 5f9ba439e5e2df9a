import {
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import {
  EVENTS_KEPT_MAX,
  IDLE_LOOK_SECONDS,
  JOB_LOCK_MS,
  PRODUCER_POOL_MAX_CONNECTIONS,
  STALLED_CHECK_MS,
  STALLS_MAX_TIMES,
  WORKER_POOL_MAX_CONNECTIONS,
} from './limits.js';

/** The queue's own schema: its tables are its library's business, not ours. */
const POSTGRES_SCHEMA = 'bullmq';

/** Redis keys of ours, so that a Redis can be shared. */
const REDIS_PREFIX = 'facet';

/** Where the queues live: in our PostgreSQL, or in a Redis. Everything above this file is the same for both. */
export type QueuePlace = { readonly kind: 'postgres' | 'redis'; readonly url: string };

/** The part of the library's queue that we use. */
export interface JobQueue {
  addBulk(jobs: { name: string; data: Nothing; opts: { jobId: string } }[]): Promise<unknown>;
  count(): Promise<number>;
  getActiveCount(): Promise<number>;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of the library's worker that we use. */
export interface JobWorker {
  waitUntilReady(): Promise<unknown>;
  pause(doNotWaitForActive: boolean): Promise<void>;
  close(force: boolean): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  on(event: 'drained', listener: () => void): unknown;
}

/** What a job says to its worker: nothing. Its id is all there is, so no patient data can get into a queue. */
type Nothing = Record<string, never>;

const STREAMS = { events: { maxLen: EVENTS_KEPT_MAX } };

// `migrate` creates or upgrades the library's tables in one transaction under an advisory lock of its own
// (pg_advisory_xact_lock(0x42554c4c, hashtext(schema))), so that two processes may start at once.
const postgresConnection = (url: string, max: number) => ({
  connectionString: url,
  schema: POSTGRES_SCHEMA,
  migrate: true,
  max,
  application_name: 'facet-queue',
});

// A worker may wait for its Redis as long as it takes; someone who adds a job gets a quick error instead.
const redisProducer = (url: string) => ({ url, maxRetriesPerRequest: 1, enableOfflineQueue: false });
const redisWorker = (url: string) => ({ url, maxRetriesPerRequest: null });

export function openQueue(name: string, place: QueuePlace): JobQueue {
  const options: Omit<QueueOptions, 'connection'> = {
    streams: STREAMS,
    defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  };
  if (place.kind === 'redis') {
    return new Queue(
      name,
      { ...options, prefix: REDIS_PREFIX, connection: redisProducer(place.url) },
      createRedisBackend,
    );
  }
  const connection = postgresConnection(place.url, PRODUCER_POOL_MAX_CONNECTIONS);
  return new Queue(name, { ...options, connection }, createPostgresBackend);
}

export function openWorker(
  name: string,
  place: QueuePlace,
  process: Processor<Nothing>,
  concurrency: number,
): JobWorker {
  const options: Omit<WorkerOptions, 'connection'> = {
    concurrency,
    lockDuration: JOB_LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: STALLS_MAX_TIMES,
    drainDelay: IDLE_LOOK_SECONDS,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
  if (place.kind === 'redis') {
    const connection = redisWorker(place.url);
    return new Worker(name, process, { ...options, prefix: REDIS_PREFIX, connection }, createRedisBackend);
  }
  const connection = postgresConnection(place.url, WORKER_POOL_MAX_CONNECTIONS);
  return new Worker(name, process, { ...options, connection }, createPostgresBackend);
}
