import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database/database.service.js';
import { ATTEMPTS_MAX, HANDOVER_LEASE_MS } from '../../src/platform/outbox/limits.js';
import { OutboxConsumer } from '../../src/platform/outbox/outbox.consumer.js';
import {
  HandleLater,
  OutboxHandlers,
  type OutboxMessage,
} from '../../src/platform/outbox/outbox.handlers.js';
import { OutboxHealth } from '../../src/platform/outbox/outbox.health.js';
import { OUTBOX_QUEUE, OutboxRelay } from '../../src/platform/outbox/outbox.relay.js';
import { OutboxScope } from '../../src/platform/outbox/outbox.scope.js';
import { Outbox } from '../../src/platform/outbox/outbox.service.js';
import { OutboxWorker } from '../../src/platform/outbox/outbox.worker.js';
import { QueueService } from '../../src/platform/queue/queue.service.js';
import { dateFromInstant } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { until } from '../support/until.js';

/** One process: its own queue connections, relay, handlers and consumer, on a shared database and clock. */
function makeProcess(
  url: string,
  database: Database,
  clock: FixedClock,
  handle: (message: OutboxMessage) => Promise<void>,
) {
  const outbox = new Outbox(clock);
  outbox.declare('thing.happened');
  const handlers = new OutboxHandlers();
  handlers.register({ topic: 'thing.happened', handle });
  const queues = new QueueService({ kind: 'postgres', url: url });
  const consumer = new OutboxConsumer(database, handlers, clock);
  const relay = new OutboxRelay(database, queues, clock);
  const worker = new OutboxWorker(outbox, handlers, consumer, relay, queues, new OutboxScope(url, true));
  return { outbox, handlers, queues, consumer, relay, worker };
}

describe('the outbox', () => {
  let db: TestDatabase;
  let database: Database;
  let clock: FixedClock;
  const processes: ReturnType<typeof makeProcess>[] = [];

  const start = (handle: (message: OutboxMessage) => Promise<void>) => {
    const made = makeProcess(db.url, database, clock, handle);
    processes.push(made);
    return made;
  };
  const post = (outbox: Outbox, subjectId: string = randomUUID(), version = 0) =>
    database.transaction((tx) => outbox.post(tx, { topic: 'thing.happened', subjectId, version }));
  const rows = () => database.client.outboxMessage.findMany({ orderBy: { postedAt: 'asc' } });
  const onlyRow = async () => {
    const [row, ...others] = await rows();
    if (row === undefined || others.length > 0) throw new Error('expected one row');
    return row;
  };

  beforeAll(async () => {
    db = await createTestDatabase();
    database = new Database(db.url);
  });
  beforeEach(() => {
    clock = new FixedClock();
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((made) => made.worker.beforeApplicationShutdown()));
    await database.client.outboxMessage.deleteMany();
  });
  afterAll(async () => {
    await database.close();
    await db.drop();
  });

  it('hands a message to its handler after the commit, with ids only, and marks it handled', async () => {
    const seen: OutboxMessage[] = [];
    const { outbox, worker } = start(async (message) => void seen.push(message));
    await worker.onApplicationBootstrap();
    const subjectId = randomUUID();
    await post(outbox, subjectId, 3);
    await until(async () => (await onlyRow()).handledAt !== null);
    const row = await onlyRow();
    expect(seen).toEqual([{ id: row.id, topic: 'thing.happened', subjectId, version: 3 }]);
    expect(row.attempts).toBe(1);
  });

  it('says nothing of a transaction that was rolled back', async () => {
    const { outbox } = start(async () => undefined);
    const rolledBack = database.transaction(async (tx) => {
      await outbox.post(tx, { topic: 'thing.happened', subjectId: randomUUID(), version: 0 });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it('refuses a topic that nobody declared', async () => {
    const { outbox } = start(async () => undefined);
    const posted = database.transaction((tx) =>
      outbox.post(tx, { topic: 'thing.lost', subjectId: randomUUID(), version: 0 }),
    );
    await expect(posted).rejects.toThrow('nobody has declared the topic thing.lost');
    expect(await rows()).toEqual([]);
  });

  it('does not start when the roll-call fails', async () => {
    const { outbox, handlers, worker } = start(async () => undefined);
    outbox.declare('thing.unheard');
    handlers.register({ topic: 'thing.happened', handle: async () => undefined });
    await expect(worker.onApplicationBootstrap()).rejects.toThrow(
      /thing\.happened is posted and has 2 handlers.*\n.*thing\.unheard is posted and has 0 handlers/,
    );
  });

  it('relays 200 messages with two relays and two workers: each is handled once', async () => {
    const times = new Map<string, number>();
    const handle = async ({ id }: OutboxMessage) => void times.set(id, (times.get(id) ?? 0) + 1);
    const first = start(handle);
    const second = start(handle);
    for (let batch = 0; batch < 10; batch += 1) {
      await Promise.all(Array.from({ length: 20 }, () => post(first.outbox)));
    }
    await Promise.all([first.worker.start(), second.worker.start()]);
    await until(async () => (await rows()).every((row) => row.handledAt !== null));
    expect(times.size).toBe(200);
    expect(Math.max(...times.values())).toBe(1);
    expect((await rows()).every((row) => row.attempts === 1)).toBe(true);
  });

  it('does a message once whose job comes twice', async () => {
    let times = 0;
    const { outbox, consumer, relay } = start(async () => {
      times += 1;
    });
    await post(outbox);
    const { id } = await onlyRow();
    expect(await relay.handOver()).toBe(1);
    await consumer.consume(id);
    await consumer.consume(id);
    expect(times).toBe(1);
  });

  it('hands over again a message whose job the queue has lost, after the lease and not before', async () => {
    const { outbox, relay } = start(async () => undefined);
    await post(outbox);
    expect(await relay.handOver()).toBe(1);
    clock.advance({ milliseconds: HANDOVER_LEASE_MS - 1 });
    expect(await relay.handOver()).toBe(0);
    clock.advance({ milliseconds: 1 });
    expect(await relay.handOver()).toBe(1);
  });

  it('keeps one job for a message that is handed over twice', async () => {
    const { outbox, relay, queues } = start(async () => undefined);
    await post(outbox);
    const before = await queues.load(OUTBOX_QUEUE);
    await relay.handOver();
    clock.advance({ milliseconds: HANDOVER_LEASE_MS });
    expect(await relay.handOver()).toBe(1);
    expect(await queues.load(OUTBOX_QUEUE)).toBe(before + 1);
  });

  it('gives a failed message time, and parks it when its attempts are spent', async () => {
    const { outbox, consumer, relay } = start(async () => {
      throw Object.assign(new Error('free text that must not be kept'), { code: 'E_BROKEN' });
    });
    await post(outbox);
    const { id } = await onlyRow();
    await relay.handOver();
    await consumer.consume(id);
    const row = await onlyRow();
    expect(row).toMatchObject({ attempts: 1, failureCode: 'E_BROKEN', relayedAt: null, handledAt: null });
    expect(row.dueAt).toEqual(dateFromInstant(clock.now().add({ seconds: 1 })));
    await consumer.consume(id);
    expect((await onlyRow()).attempts).toBe(1);

    for (let attempt = 2; attempt <= ATTEMPTS_MAX; attempt += 1) {
      clock.advance({ minutes: 10 });
      expect(await relay.handOver()).toBe(1);
      await consumer.consume(id);
    }
    expect(await onlyRow()).toMatchObject({
      attempts: ATTEMPTS_MAX,
      failureCode: 'E_BROKEN',
      handledAt: null,
    });
    expect((await onlyRow()).parkedAt).not.toBeNull();
    expect(await new OutboxHealth(database).outboxStuck()).toBe(1);
    clock.advance({ hours: 24 });
    expect(await relay.handOver()).toBe(0);
  });

  it('parks a message whose workers die each time', async () => {
    const { outbox, consumer, relay } = start(() => new Promise(() => undefined));
    await post(outbox);
    const { id } = await onlyRow();
    for (let death = 1; death <= ATTEMPTS_MAX + 1; death += 1) {
      expect(await relay.handOver()).toBe(1);
      // Never awaited: this worker is gone.
      consumer.consume(id).catch(() => undefined);
      await until(async () => {
        const row = await onlyRow();
        return row.attempts === death || row.parkedAt !== null;
      });
      clock.advance({ milliseconds: HANDOVER_LEASE_MS });
    }
    await until(async () => (await onlyRow()).parkedAt !== null);
    expect((await onlyRow()).failureCode).toBe('ATTEMPTS_SPENT');
  });

  it('does not count it as an attempt when a handler asks for time', async () => {
    const notBefore = clock.now().add({ minutes: 3 });
    const { outbox, consumer, relay } = start(async () => {
      throw new HandleLater(notBefore);
    });
    await post(outbox);
    const { id } = await onlyRow();
    await relay.handOver();
    await consumer.consume(id);
    expect(await onlyRow()).toMatchObject({ attempts: 0, dueAt: dateFromInstant(notBefore), parkedAt: null });
  });

  it('lets the messages beside a poisoned one pass', async () => {
    const poisoned = randomUUID();
    const { outbox, worker } = start(async ({ subjectId }) => {
      if (subjectId === poisoned) throw new Error('poison');
    });
    await post(outbox, poisoned);
    await Promise.all(Array.from({ length: 10 }, () => post(outbox)));
    await worker.start();
    await until(async () => (await rows()).filter((row) => row.handledAt !== null).length === 10);
    expect((await rows()).filter((row) => row.handledAt === null).map((row) => row.subjectId)).toEqual([
      poisoned,
    ]);
  });

  it('finds what was posted while its LISTEN connection was lost', async () => {
    const { outbox, worker } = start(async () => undefined);
    await worker.start();
    const listening = `application_name = 'facet-outbox-listen' AND datname = current_database()`;
    await until(async () => {
      const ended = await database.client.$queryRawUnsafe<unknown[]>(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listening}`,
      );
      return ended.length === 1;
    });
    await post(outbox);
    await until(async () => (await onlyRow()).handledAt !== null);
    await until(async () => {
      const open = await database.client.$queryRawUnsafe<unknown[]>(
        `SELECT pid FROM pg_stat_activity WHERE ${listening}`,
      );
      return open.length === 1;
    });
  });

  it('gives messages back that the queue does not take', async () => {
    const { outbox } = start(async () => undefined);
    await post(outbox);
    class FullQueue extends QueueService {
      override async load() {
        return 0;
      }
      override async add() {
        throw new Error('no queue');
      }
    }
    const relay = new OutboxRelay(database, new FullQueue({ kind: 'postgres', url: db.url }), clock);
    await expect(relay.handOver()).rejects.toThrow('no queue');
    expect(await onlyRow()).toMatchObject({ relayedAt: null, attempts: 0 });
    clock.advance({ seconds: 1 });
    await expect(relay.handOver()).rejects.toThrow('no queue');
  });

  it('deletes handled messages after thirty days, and nothing else', async () => {
    const { outbox, worker } = start(async ({ version }) => {
      if (version === 1) throw new Error('poison');
    });
    await post(outbox, randomUUID(), 0);
    await post(outbox, randomUUID(), 1);
    await worker.start();
    await until(async () => (await rows()).filter((row) => row.handledAt !== null).length === 1);
    clock.advance({ hours: 30 * 24 + 1 });
    await post(outbox, randomUUID(), 2);
    await until(async () => (await rows()).map((row) => row.version).join() === '1,2');
  });
});
