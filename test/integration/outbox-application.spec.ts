import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigModule, readConfig, StartupError } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Mail, MailModule } from '../../src/platform/mail/index.js';
import { Outbox, OutboxHandlers, OutboxHealth, OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule, QueueService } from '../../src/platform/queue/index.js';
import { TimeModule } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { until } from '../support/until.js';

/** A room that posts. */
@Injectable()
class Poster {
  constructor(
    private readonly outbox: Outbox,
    private readonly database: Database,
  ) {
    outbox.declare('thing.happened');
  }

  happen(subjectId: string): Promise<void> {
    return this.database.transaction((tx) =>
      this.outbox.post(tx, { topic: 'thing.happened', subjectId, version: 0 }),
    );
  }
}

/** A later room that handles. */
@Injectable()
class Listener {
  readonly heard: string[] = [];

  constructor(handlers: OutboxHandlers) {
    handlers.register({
      topic: 'thing.happened',
      handle: async ({ subjectId }) => {
        this.heard.push(subjectId);
      },
    });
  }
}

describe('an application with an outbox', () => {
  let db: TestDatabase;
  let redis: TestRedis;
  let home: string;
  const applications: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    [db, redis, home] = await Promise.all([
      createTestDatabase(),
      startRedis(),
      mkdtemp(join(tmpdir(), 'facet-outbox-')),
    ]);
  });
  afterEach(async () => {
    for (const application of applications.splice(0)) await application.close();
  });
  afterAll(async () => {
    await redis.stop();
    await db.drop();
    await rm(home, { recursive: true, force: true });
  });

  const boot = async (environment: Record<string, string>, rooms: (typeof Poster | typeof Listener)[]) => {
    const config = readConfig({ FACET_HOME: home, DATABASE_URL: db.url, ...environment }, '/');
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.with(config),
        TimeModule,
        DatabaseModule.at(db.url),
        QueueModule.at(db.url),
        OutboxModule.at(db.url),
        MailModule,
      ],
      providers: rooms,
    }).compile();
    module.enableShutdownHooks();
    applications.push(module);
    await module.init();
    return module;
  };

  it.each([
    ['PostgreSQL', () => ({})],
    ['Redis', () => ({ REDIS_URL: redis.url })],
  ])(
    'carries 200 messages from a process that posts to one that works, with queues on %s',
    async (_, environment) => {
      const poster = (await boot({ ROLE: 'api', ...environment() }, [Poster, Listener])).get(Poster);
      const worker = await boot({ ROLE: 'worker', ...environment() }, [Poster, Listener]);
      const ids = Array.from({ length: 200 }, () => randomUUID());
      for (let from = 0; from < 200; from += 10) {
        await Promise.all(ids.slice(from, from + 10).map((id) => poster.happen(id)));
      }
      const { heard } = worker.get(Listener);
      await until(() => heard.length >= 200);
      expect(heard.slice().sort()).toEqual(ids.slice().sort());
      expect(await worker.get(QueueService).isReady()).toBe(true);
      expect(await worker.get(OutboxHealth).outboxStuck()).toBe(0);
      expect(worker.get(Mail).repeatIsHarmless).toBe(true);
    },
  );

  it.each(['api', 'worker'])('does not start in the role %s when a topic has no handler', async (ROLE) => {
    await expect(boot({ ROLE }, [Poster])).rejects.toThrow(StartupError);
    await expect(boot({ ROLE }, [Listener])).rejects.toThrow('no room declares that it posts it');
  });

  it('does not start as a worker when Redis is not there, and says so in one sentence', async () => {
    const REDIS_URL = 'redis://127.0.0.1:1';
    await expect(boot({ ROLE: 'worker', REDIS_URL }, [])).rejects.toThrow(
      /^The Redis at redis:.* cannot be used/,
    );
  });
});
