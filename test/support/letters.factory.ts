import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { Actor } from '../../src/clinic/audit/audit.type.js';
import type { ScanLetterFacts } from '../../src/clinic/imaging/scan-letter.type.js';
import { FreedPlaceLetterService } from '../../src/clinic/notifications/freed-place-letter.service.js';
import { LetterJobs } from '../../src/clinic/notifications/letter.jobs.js';
import { LetterService } from '../../src/clinic/notifications/letter.service.js';
import { LetterDeliveryService } from '../../src/clinic/notifications/letter-delivery.service.js';
import { LetterMatterService } from '../../src/clinic/notifications/letter-matter.service.js';
import { LetterPrintService } from '../../src/clinic/notifications/letter-print.service.js';
import { LetterheadService } from '../../src/clinic/notifications/letterhead.service.js';
import { ScanLetterService } from '../../src/clinic/notifications/scan-letter.service.js';
import { VisitLetterService } from '../../src/clinic/notifications/visit-letter.service.js';
import type { FreedPlaceLetterFacts } from '../../src/clinic/visits/freed-place-letter.type.js';
import { VisitNewsService } from '../../src/clinic/visits/visit-news.service.js';
import { VisitRecordService } from '../../src/clinic/visits/visit-record.service.js';
import { type Config, readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { LetterKind } from '../../src/platform/database/generated/enums.js';
import { CaptureMail } from '../../src/platform/mail/capture.mail.js';
import { Mail, type MailOutcome } from '../../src/platform/mail/index.js';
import { SmtpMail } from '../../src/platform/mail/smtp.mail.js';
import { Outbox, OutboxHandlers, OutboxWorker } from '../../src/platform/outbox/index.js';
import { OutboxConsumer } from '../../src/platform/outbox/outbox.consumer.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox.relay.js';
import { OutboxScope } from '../../src/platform/outbox/outbox.scope.js';
import { QueueService } from '../../src/platform/queue/index.js';
import { Temporal } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { FixedClock } from './fixed-clock.js';
import { LETTER_TOPICS, Neighbours } from './letter-matters.factory.js';
import { startSmtp, type TestSmtp } from './smtp.js';

type Environment = Parameters<typeof readConfig>[0];

/** A server on a busy machine is slow, not silent. */
const PATIENCE = { silenceMaxMs: 20_000, sendMaxMs: 25_000 };
/** Short enough for a test that waits for a silent server. */
export const IMPATIENCE = { silenceMaxMs: 400, sendMaxMs: 5_000 };

export const RECEPTION: Actor = {
  kind: 'STAFF',
  id: randomUUID(),
  label: null,
  requestId: null,
  source: null,
};

/** The diary as imaging would answer: the bookings of this test, changed by hand. */
export class Diary {
  readonly #bookings = new Map<string, ScanLetterFacts>();

  book(changes: Partial<ScanLetterFacts> = {}, patient: Partial<ScanLetterFacts['patient']> = {}): string {
    const bookingId = randomUUID();
    const at = (text: string) => Temporal.Instant.from(text);
    this.#bookings.set(bookingId, {
      bookingId,
      version: 0,
      status: 'BOOKED',
      bookedAt: at('2026-03-02T09:00:00Z'),
      changedAt: at('2026-03-02T09:00:00Z'),
      injectionStartsAt: at('2026-03-30T08:30:00Z'),
      injectionEndsAt: at('2026-03-30T08:45:00Z'),
      scanStartsAt: at('2026-03-30T11:45:00Z'),
      scanEndsAt: at('2026-03-30T12:30:00Z'),
      procedureName: 'Bone SPECT-CT',
      cancelReason: null,
      patientId: randomUUID(),
      patient: {
        familyName: 'Ng',
        givenName: 'Zoë',
        namePrefix: null,
        email: `${bookingId}@example.org`,
        contactPreference: 'EMAIL',
        ...patient,
      },
      toldTheSame: new Set(),
      places: { injectionRoom: 'Room 2', camera: 'Camera A' },
      ...changes,
    });
    return bookingId;
  }

  change(bookingId: string, changes: Partial<ScanLetterFacts>): void {
    const facts = this.#bookings.get(bookingId);
    if (facts === undefined) throw new Error('no such booking');
    this.#bookings.set(bookingId, { ...facts, version: facts.version + 1, ...changes });
  }

  async letterFacts(bookingId: string): Promise<ScanLetterFacts | null> {
    return this.#bookings.get(bookingId) ?? null;
  }
}

/** Offers of freed places, as visits would answer, changed by hand. */
export class Offers {
  readonly #offers = new Map<string, FreedPlaceLetterFacts>();

  offer(changes: Partial<FreedPlaceLetterFacts> = {}): string {
    const offerId = randomUUID();
    const at = (text: string) => Temporal.Instant.from(text);
    this.#offers.set(offerId, {
      offerId,
      version: 1,
      status: 'SENT',
      visitTypeName: 'Physiotherapy',
      modality: 'IN_PERSON',
      startsAt: at('2026-03-30T08:30:00Z'),
      endsAt: at('2026-03-30T09:15:00Z'),
      presentStartsAt: null,
      sentAt: at('2026-03-02T09:00:00Z'),
      answerBy: at('2026-03-02T11:00:00Z'),
      siteCode: 'MAIN',
      site: { name: 'Main clinic', addressLines: [] },
      patientId: randomUUID(),
      hasDied: false,
      patient: {
        familyName: 'Müller-Weiß',
        givenName: 'Jürgen',
        namePrefix: 'Dr',
        email: `${offerId}@example.org`,
        contactPreference: 'EMAIL',
      },
      ...changes,
    });
    return offerId;
  }

  change(offerId: string, changes: Partial<FreedPlaceLetterFacts>): void {
    const facts = this.#offers.get(offerId);
    if (facts === undefined) throw new Error('no such offer');
    this.#offers.set(offerId, { ...facts, version: facts.version + 1, ...changes });
  }

  async letterFacts(offerId: string): Promise<FreedPlaceLetterFacts | null> {
    return this.#offers.get(offerId) ?? null;
  }
}

/** Mail that leaves and is never heard of again. */
export class Grave extends Mail {
  override readonly repeatIsHarmless = false;
  sent = 0;

  override send(): Promise<MailOutcome> {
    this.sent += 1;
    return new Promise(() => undefined);
  }

  override async close(): Promise<void> {}
}

/** One process with the room's services; its worker runs only when it is started. */
export interface LetterRoom {
  readonly outbox: Outbox;
  readonly letters: LetterService;
  readonly delivery: LetterDeliveryService;
  readonly print: LetterPrintService;
  readonly worker: OutboxWorker;
}

/** A database, a clock, a diary and a mail server for letters: new ones for each test, but for the database. */
export class LetterBench {
  db: TestDatabase;
  database: Database;
  home: string;
  config: Config;
  clock: FixedClock;
  diary: Diary;
  offers: Offers;
  neighbours: Neighbours;
  smtp: TestSmtp;
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(private readonly settings: Environment) {}

  /** Call it at the top of a spec file: it sets up and clears away by vitest's hooks. */
  static use(settings: Environment = {}): LetterBench {
    const bench = new LetterBench(settings);
    beforeAll(() => bench.#open());
    beforeEach(async () => {
      bench.clock = new FixedClock('2026-03-02T09:00:00Z');
      bench.diary = new Diary();
      bench.offers = new Offers();
      bench.neighbours = new Neighbours();
      bench.smtp = await startSmtp();
    });
    afterEach(() => bench.#clear());
    afterAll(() => bench.#close());
    return bench;
  }

  smtpMail(url = this.smtp.url, waits = PATIENCE): SmtpMail {
    return new SmtpMail(url, this.config.mailFrom, this.clock, waits);
  }

  captureMail(): CaptureMail {
    return new CaptureMail(join(this.home, 'mail'), this.config.mailFrom, this.clock);
  }

  room(mail: Mail = this.smtpMail()): LetterRoom {
    const { clock, config, database, db } = this;
    const outbox = new Outbox(clock);
    for (const topics of LETTER_TOPICS) {
      for (const topic of Object.values(topics)) outbox.declare(topic);
    }
    const handlers = new OutboxHandlers();
    const audit = new AuditService(database, clock);
    const matters = this.#matters(this.diary);
    const letters = new LetterService(database, clock, config, outbox, audit, matters);
    const print = new LetterPrintService(database, clock, audit, matters);
    const delivery = this.delivery(mail, this.diary);
    new LetterJobs(handlers, letters, delivery);
    const queues = new QueueService({ kind: 'postgres', url: db.url });
    const consumer = new OutboxConsumer(database, handlers, clock);
    const relay = new OutboxRelay(database, queues, clock);
    const worker = new OutboxWorker(outbox, handlers, consumer, relay, queues, new OutboxScope(db.url, true));
    this.#closers.push(async () => {
      await worker.beforeApplicationShutdown();
      await mail.close();
    });
    return { outbox, letters, delivery, print, worker };
  }

  /** The delivering part alone, with a diary of its own. */
  delivery(mail: Mail, diary: Pick<Diary, 'letterFacts'>): LetterDeliveryService {
    const { clock, database } = this;
    const audit = new AuditService(database, clock);
    return new LetterDeliveryService(database, clock, audit, this.#matters(diary), mail);
  }

  /** Visits are read where the tests book them; scans and offers are answered for by hand. */
  #matters(diary: Pick<Diary, 'letterFacts'>): LetterMatterService {
    const { clock, config, database } = this;
    const letterhead = new LetterheadService(config);
    const records = new VisitRecordService(database, clock, config, new AuditService(database, clock));
    return new LetterMatterService([
      new ScanLetterService(letterhead, diary),
      new VisitLetterService(letterhead, new VisitNewsService(database, records)),
      new FreedPlaceLetterService(letterhead, this.offers),
      ...this.neighbours.matters(database, letterhead),
    ]);
  }

  rowsOf(bookingId: string) {
    const where = { subjectId: bookingId };
    return this.database.client.letter.findMany({ where, orderBy: { subjectVersion: 'asc' } });
  }

  /** Kind, status and outcome of each letter about a booking, by version. */
  async statesOf(bookingId: string): Promise<readonly (readonly (string | null)[])[]> {
    const rows = await this.rowsOf(bookingId);
    return rows.map(({ kind, status, outcomeCode }) => [kind, status, outcomeCode]);
  }

  /** Opens a letter; gives its id. */
  async open(from: LetterRoom, kind: LetterKind, bookingId: string, version = 0): Promise<string> {
    await from.letters.open(kind, bookingId, version);
    const rows = await this.rowsOf(bookingId);
    const row = rows.find((one) => one.subjectVersion === version && one.kind === kind);
    if (row === undefined) throw new Error('no letter was opened');
    return row.id;
  }

  async #open(): Promise<void> {
    this.db = await createTestDatabase();
    this.database = new Database(this.db.url);
    this.home = await mkdtemp(join(tmpdir(), 'facet-letters-'));
    this.config = readConfig({ ...this.settings, FACET_HOME: this.home }, '/');
  }

  async #clear(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
    await this.smtp.stop();
    await rm(join(this.home, 'mail'), { recursive: true, force: true });
    await this.database.client.letter.deleteMany();
    await this.database.client.outboxMessage.deleteMany();
  }

  async #close(): Promise<void> {
    await this.database.close();
    await this.db.drop();
    await rm(this.home, { recursive: true, force: true });
  }
}
