import { Logger } from '@nestjs/common';
import { maskUrl, StartupError } from '../config/index.js';
import { type JobQueue, openQueue, openWorker, type QueuePlace } from './backend.js';
import { ADD_BATCH_MAX_JOBS, CLOSE_WAIT_MS, CONNECT_WAIT_MS, READY_ANSWER_MS } from './limits.js';
import { type ActiveWork, QueueWorker } from './queue.worker.js';
import { codeOf, within } from './wait.js';

/** BullMQ takes an id of digits only for its own numbering, and `:` for a separator of keys. */
const JOB_ID_PREFIX = 'j-';
const JOB_SUBJECT = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * The queues of this process. A queue wakes and paces; it is never the record of what is to be done: that is
 * PostgreSQL's. A job is an id and nothing more, so losing one or doing it twice does no harm to a caller that
 * reads its own table.
 *
 * Connects on first use (`connect`, `add`, `work`), so that a process without the worker's role opens nothing.
 */
export class QueueService {
  readonly #logger = new Logger('Queue');
  readonly #queues = new Map<string, Promise<JobQueue>>();
  readonly #workers: QueueWorker[] = [];

  constructor(private readonly place: QueuePlace) {}

  /** Opens a queue, or says in one sentence (StartupError) why it cannot. */
  async connect(name: string): Promise<void> {
    await this.#queue(name);
  }

  /**
   * Adds a job for each id. An id that still waits or is being worked on is not added again; one that was
   * finished is. Throws when the queue cannot be reached; some of the ids may then have been added.
   */
  async add(name: string, ids: readonly string[]): Promise<void> {
    const queue = await this.#queue(name);
    for (let from = 0; from < ids.length; from += ADD_BATCH_MAX_JOBS) {
      const batch = ids.slice(from, from + ADD_BATCH_MAX_JOBS);
      await queue.addBulk(batch.map((id) => ({ name, data: {}, opts: { jobId: jobIdOf(id) } })));
    }
  }

  /** How many jobs wait or are being worked on, in all processes. */
  async load(name: string): Promise<number> {
    const queue = await this.#queue(name);
    const [waiting, active] = await Promise.all([queue.count(), queue.getActiveCount()]);
    return waiting + active;
  }

  /** Starts to work: `handle` gets the id of each job. A throw is logged by its code and ends that job. */
  async work(name: string, concurrency: number, handle: (id: string) => Promise<void>): Promise<QueueWorker> {
    await this.#queue(name);
    const active: ActiveWork = new Set();
    const worker = openWorker(
      name,
      this.place,
      async (job) => {
        const work = handle((job.id ?? '').slice(JOB_ID_PREFIX.length));
        active.add(work);
        await work.finally(() => active.delete(work));
      },
      concurrency,
    );
    worker.on('error', (error) => this.#logger.warn(`the worker of ${name}: ${codeOf(error)}`));
    worker.on('failed', (_, error) => this.#logger.error(`a job of ${name} failed: ${codeOf(error)}`));
    await worker.waitUntilReady();
    const opened = new QueueWorker(worker, active);
    this.#workers.push(opened);
    return opened;
  }

  /** Do the queues that this process uses answer? True when it uses none. */
  async isReady(): Promise<boolean> {
    const answers = [...this.#queues.values()].map(async (opening) => (await opening).count());
    const answered = Promise.all(answers).then(
      () => true,
      () => false,
    );
    return (await within(READY_ANSWER_MS, answered)) ?? false;
  }

  /** Takes no new jobs, waits for those at work (up to 20 s), and closes all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close(CLOSE_WAIT_MS)));
    const queues = [...this.#queues.values()];
    this.#queues.clear();
    await Promise.allSettled(queues.map(async (opening) => (await opening).close()));
  }

  #queue(name: string): Promise<JobQueue> {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(name);
    this.#queues.set(name, opening);
    // A queue that could not be opened is tried again by the next caller.
    opening.catch(() => this.#queues.delete(name));
    return opening;
  }

  async #open(name: string): Promise<JobQueue> {
    const queue = openQueue(name, this.place);
    let firstProblem: (code: string) => void = () => undefined;
    const problem = new Promise<string>((resolve) => {
      firstProblem = resolve;
    });
    queue.on('error', (error) => {
      firstProblem(codeOf(error));
      this.#logger.warn(`the queue ${name}: ${codeOf(error)}`);
    });
    const ready = queue.waitUntilReady().then(() => null, codeOf);
    const outcome = await within(CONNECT_WAIT_MS, Promise.race([ready, problem]));
    if (outcome === null) return queue;
    queue.disconnect().catch(() => undefined);
    throw new StartupError(this.#sentenceOf(outcome ?? 'no answer'));
  }

  #sentenceOf(code: string): string {
    const shown = maskUrl(this.place.url);
    if (this.place.kind === 'postgres') return `The queues cannot use the database at ${shown} (${code}).`;
    return `The Redis at ${shown} cannot be used (${code}): start it, correct REDIS_URL, or leave REDIS_URL out to keep the queues in PostgreSQL.`;
  }
}

function jobIdOf(id: string): string {
  if (!JOB_SUBJECT.test(id)) throw new Error('a job is named by letters, digits, _ and - only');
  return `${JOB_ID_PREFIX}${id}`;
}
