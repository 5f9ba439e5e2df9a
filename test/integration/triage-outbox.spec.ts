import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AdviceService } from '../../src/clinic/referrals/advice.service.js';
import { AdviceEscalationService } from '../../src/clinic/referrals/advice-escalation.service.js';
import { TriageJobs } from '../../src/clinic/referrals/triage.jobs.js';
import { TriageEscalationService } from '../../src/clinic/referrals/triage-escalation.service.js';
import { ConfigModule, readConfig } from '../../src/platform/config/index.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { Outbox, OutboxHandlers, OutboxModule } from '../../src/platform/outbox/index.js';
import { QueueModule } from '../../src/platform/queue/index.js';
import { Clock, Temporal, TimeModule } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor, makePatient } from '../support/patients.factory.js';
import { aClinician, mustBeDone, openTriage, receive, type TriageRoom } from '../support/triage.factory.js';
import { until } from '../support/until.js';

// Nobody decides, and the messages go their own way: through the table, the relay and the queue to the job.

const clock = new FixedClock('2026-03-02T09:00:00Z');
const notices: string[] = [];
const workers: TestingModule[] = [];
let db: TestDatabase;
let home: string;
let room: TriageRoom;

beforeAll(async () => {
  [db, home] = await Promise.all([createTestDatabase(), mkdtemp(join(tmpdir(), 'facet-triage-'))]);
  room = await openTriage(db.url, clock);
});
afterAll(async () => {
  await room.close();
  await db.drop();
  await rm(home, { recursive: true, force: true });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
});

/** A process that handles messages. What the room of letters would hear is written down. */
async function startWorker() {
  const config = readConfig({ FACET_HOME: home, DATABASE_URL: db.url, ROLE: 'worker' }, '/');
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(config),
      TimeModule,
      DatabaseModule.at(db.url),
      QueueModule.at(db.url),
      OutboxModule.at(db.url),
    ],
    providers: [
      TriageJobs,
      { provide: TriageEscalationService, useValue: room.escalation },
      {
        provide: AdviceEscalationService,
        useValue: room.module.get(AdviceEscalationService, { strict: false }),
      },
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  module.useLogger(false);
  const [outbox, handlers] = [module.get(Outbox), module.get(OutboxHandlers)];
  for (const topic of room.module.get(Outbox, { strict: false }).declaredTopics()) {
    outbox.declare(topic);
    if (handlers.topics().includes(topic)) continue;
    handlers.register({
      topic,
      handle: async ({ subjectId, version }) => void notices.push(`${topic} ${subjectId} ${version}`),
    });
  }
  await module.init();
  workers.push(module);
}

async function itIs(now: string): Promise<void> {
  clock.set(now);
  await room.database.client.$queryRawUnsafe("SELECT pg_notify('facet_outbox', '')::text");
}

const openDues = () =>
  room.database.client.outboxMessage.count({ where: { topic: 'referral.due', handledAt: null } });

describe('a referral that nobody decides', () => {
  it('is escalated after its day, again after each step, and no more once it is decided', async () => {
    const { id } = await receive(room, (await makePatient(room.patients)).id); // due on Monday 9 March
    await startWorker();
    await itIs('2026-03-10T00:00:01Z');
    await until(() => notices.length === 1);
    await itIs('2026-03-13T00:00:01Z');
    await until(() => notices.length === 2);
    expect(notices).toEqual([`referral.overdue ${id} 1`, `referral.overdue ${id} 2`]);
    mustBeDone(await room.decisions.acceptReferral(aClinician(), { referralId: id }));
    await itIs('2026-03-20T00:00:01Z');
    await until(async () => (await openDues()) === 0);
    expect(notices).toHaveLength(2);
    expect(await room.database.client.triageEvent.count({ where: { kind: 'ESCALATED' } })).toBe(2);
  }, 60_000);
});

describe('a question that nobody answers', () => {
  const openQuestions = () =>
    room.database.client.outboxMessage.count({ where: { topic: 'advice.due', handledAt: null } });

  it('is said to the clinic after its day, again after each step, and no more once it is answered', async () => {
    clock.set('2026-03-02T09:00:00Z');
    notices.length = 0;
    const advice = room.module.get(AdviceService, { strict: false });
    const { id, dueOn } = await advice.openAdviceThread(aStaffActor(), {
      ...{ method: 'LETTER', text: 'Is a bone scan of use?', priority: 'ROUTINE', source: 'GP' },
      ...{ referrerName: 'Dr Amrit Patel', patientName: 'A. N. Other' },
    });
    await startWorker();
    const midnight = (days: number) => `${Temporal.PlainDate.from(dueOn).add({ days })}T00:00:01Z`;
    await itIs(midnight(0));
    await itIs(midnight(1));
    const ofIt = () => notices.filter((notice) => notice.includes(id));
    await until(() => ofIt().length === 1);
    await itIs(midnight(15));
    await until(() => ofIt().length === 2);
    expect(ofIt()).toEqual([`advice.overdue ${id} 1`, `advice.overdue ${id} 2`]);
    const { version } = await room.database.client.adviceThread.findUniqueOrThrow({ where: { id } });
    const answer = { threadId: id, version, method: 'TELEPHONE' as const, text: 'Yes.' };
    mustBeDone(await advice.answerAdvice(aStaffActor(), answer));
    await itIs(midnight(40));
    await until(async () => (await openQuestions()) === 0);
    expect(ofIt()).toHaveLength(2);
  });
});
