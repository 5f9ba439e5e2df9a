import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StartupError } from '../../src/platform/config/index.js';
import type { QueuePlace } from '../../src/platform/queue/backend.js';
import { QueueService } from '../../src/platform/queue/queue.service.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

const QUEUE = 'trial';
const CONCURRENCY_JOBS = 4;

let db: TestDatabase;
let redis: TestRedis;
const opened: QueueService[] = [];

function open(place: QueuePlace): QueueService {
  const queues = new QueueService(place);
  opened.push(queues);
  return queues;
}

beforeAll(async () => {
  [db, redis] = await Promise.all([createEmptyDatabase(), startRedis()]);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queues) => queues.close()));
});
afterAll(async () => {
  await Promise.all([db.drop(), redis.stop()]);
});

describe.each(['postgres', 'redis'] as const)('a queue in %s', (kind) => {
  const place = (): QueuePlace => ({ kind, url: kind === 'postgres' ? db.url : redis.url });

  it('opens in four processes at once, the tables being made by one of them', async () => {
    const four = Array.from({ length: 4 }, () => open(place()));
    await Promise.all(four.map((queues) => queues.connect(QUEUE)));
    expect(await Promise.all(four.map((queues) => queues.isReady()))).toEqual([true, true, true, true]);
  });

  it('gives each of 300 jobs to one of three workers', async () => {
    const three = Array.from({ length: 3 }, () => open(place()));
    const times = new Map<string, number>();
    const ids = Array.from({ length: 300 }, () => randomUUID());
    for (const queues of three) {
      await queues.work(QUEUE, CONCURRENCY_JOBS, async (id) => {
        times.set(id, (times.get(id) ?? 0) + 1);
      });
    }
    await three[0]?.add(QUEUE, ids);
    await until(() => times.size === 300);
    expect([...times.keys()].sort()).toEqual([...ids].sort());
    expect(Math.max(...times.values())).toBe(1);
  });

  it('does not add an id that waits already, and adds again one that was finished', async () => {
    const queues = open(place());
    const id = randomUUID();
    await queues.add(QUEUE, [id]);
    await queues.add(QUEUE, [id, id]);
    expect(await queues.load(QUEUE)).toBe(1);
    let times = 0;
    await queues.work(QUEUE, CONCURRENCY_JOBS, async () => {
      times += 1;
    });
    await until(async () => times === 1 && (await queues.load(QUEUE)) === 0);
    await queues.add(QUEUE, [id]);
    await until(async () => times === 2 && (await queues.load(QUEUE)) === 0);
  });

  it('forgets a job that failed, so that its id can be added again', async () => {
    const queues = open(place());
    const id = randomUUID();
    let times = 0;
    await queues.work(QUEUE, CONCURRENCY_JOBS, async () => {
      times += 1;
      throw new Error('once');
    });
    await queues.add(QUEUE, [id]);
    await until(async () => times === 1 && (await queues.load(QUEUE)) === 0);
    await queues.add(QUEUE, [id]);
    await until(() => times === 2);
  });

  it('works on no more jobs at once than it was told', async () => {
    const queues = open(place());
    let atWork = 0;
    let most = 0;
    let done = 0;
    await queues.work(QUEUE, 2, async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      await pause(20);
      atWork -= 1;
      done += 1;
    });
    await queues.add(
      QUEUE,
      Array.from({ length: 12 }, () => randomUUID()),
    );
    await until(() => done === 12);
    expect(most).toBe(2);
  });

  it('closes when the job at hand is done, and takes no other', async () => {
    const queues = open(place());
    const begun: string[] = [];
    let done = 0;
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await queues.work(QUEUE, 1, async (id) => {
      begun.push(id);
      await finished;
      done += 1;
    });
    await queues.add(QUEUE, [randomUUID(), randomUUID()]);
    await until(() => begun.length === 1);
    const closing = queues.close();
    setTimeout(finish, 100);
    await closing;
    expect({ begun: begun.length, done }).toEqual({ begun: 1, done: 1 });
    const next = open(place());
    await next.work(QUEUE, 1, async (id) => {
      begun.push(id);
    });
    await until(() => begun.length === 2);
  });

  it('cuts off a job that does not end in time', async () => {
    const queues = open(place());
    let begun = false;
    const worker = await queues.work(`${QUEUE}-endless`, 1, () => {
      begun = true;
      return new Promise(() => undefined);
    });
    await queues.add(`${QUEUE}-endless`, [randomUUID()]);
    await until(() => begun);
    expect(await worker.close(50)).toBe(false);
  });

  it('refuses an id that could be anything but an id', async () => {
    const queues = open(place());
    await expect(queues.add(QUEUE, ['Jane Doe'])).rejects.toThrow('a job is named by');
  });
});

describe('a queue that cannot be opened', () => {
  it('says in one sentence that there is no Redis', async () => {
    const queues = open({ kind: 'redis', url: 'redis://:secret@127.0.0.1:1' });
    const refused = await queues.connect(QUEUE).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StartupError);
    expect(String(refused)).toMatch(
      /The Redis at redis:.*127\.0\.0\.1:1 cannot be used \(ECONNREFUSED\): start it/,
    );
    expect(String(refused)).not.toContain('secret');
  });

  it('says so when the database has gone', async () => {
    const url = new URL(db.url);
    url.pathname = '/nothing_here';
    const queues = open({ kind: 'postgres', url: url.href });
    await expect(queues.connect(QUEUE)).rejects.toThrow(/The queues cannot use the database at .* \(3D000\)/);
  });

  it('is ready when nothing was opened: a process without workers needs no queue', async () => {
    expect(await open({ kind: 'redis', url: 'redis://127.0.0.1:1' }).isReady()).toBe(true);
  });
});

describe('a Redis that goes away', () => {
  it('is not ready meanwhile, refuses jobs at once, and works again when it is back', async () => {
    const queues = open({ kind: 'redis', url: redis.url });
    let times = 0;
    await queues.work(QUEUE, CONCURRENCY_JOBS, async () => {
      times += 1;
    });
    await redis.kill();
    await until(async () => !(await queues.isReady()));
    await expect(queues.add(QUEUE, [randomUUID()])).rejects.toThrow();
    await redis.restart();
    await until(async () => queues.isReady());
    await queues.add(QUEUE, [randomUUID()]);
    await until(() => times === 1);
  });
});
