import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { RedFlagQuestionnaireService } from '../../src/clinic/enquiries/red-flag-questionnaire.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { OutboxMessage } from '../../src/platform/database/generated/client.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { QUESTIONS } from './enquiries.factory.js';
import { aStaffActor } from './patients.factory.js';
import { startSmtp, type TestSmtp } from './smtp.js';
import { until } from './until.js';

/** Work that waits for its day is not waited for. */
const WAITS_FOR_ITS_DAY = /[.](?:due|.+-due)$/;
/** Called by that name, and still to be done at once. */
const AT_ONCE: ReadonlySet<string> = new Set(['letter.due', 'action.due']);

/** The whole service with its worker, on a real database and in conversation with a real mail server. */
export class LetterHouse {
  database: Database;
  app: NestFastifyApplication;
  smtp: TestSmtp;
  #home: string;
  #db: TestDatabase;
  #token = '';

  /** Call it at the top of a spec file. `roles`: of the member of staff whose name is in `ask`. */
  static use(...roles: readonly Role[]): LetterHouse {
    const house = new LetterHouse();
    beforeAll(() => house.#open(roles));
    beforeEach(async () => {
      await house.quiet();
      house.smtp.accepted.length = 0;
    });
    afterAll(() => house.#close());
    return house;
  }

  /** Asks the graph; fails on any error. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await this.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${this.#token}` },
      payload: { query, variables },
    });
    const { data, errors } = response.json<{ data: Data; errors?: unknown }>();
    expect(errors).toBeUndefined();
    return data;
  }

  /** Waits until everything that is to be done now has been done. */
  async quiet(): Promise<void> {
    const open = { handledAt: null, parkedAt: null };
    await until(async () => {
      const rows = await this.database.client.outboxMessage.findMany({ where: open });
      const now = new Date();
      const waits = (row: OutboxMessage) =>
        WAITS_FOR_ITS_DAY.test(row.topic) ||
        (row.relayedAt === null && row.attempts === 0 && row.dueAt > now);
      return rows.every((row) => !AT_ONCE.has(row.topic) && waits(row));
    });
  }

  /** What has arrived at an address, oldest first. */
  to(address: string): readonly ParsedMail[] {
    return this.smtp.accepted.filter(({ to }) => [to].flat().some((one) => one?.text.includes(address)));
  }

  async #open(roles: readonly Role[]): Promise<void> {
    this.#home = await mkdtemp(join(tmpdir(), 'facet-letters-'));
    this.#db = await createTestDatabase();
    this.database = new Database(this.#db.url);
    this.smtp = await startSmtp();
    const settings = {
      ROLE: 'api,worker',
      DATABASE_URL: this.#db.url,
      FACET_HOME: this.#home,
      SMTP_URL: this.smtp.url,
      MAIL_REPLY_TO: 'ask@facet.example',
      CLINIC_NOTICES_TO: 'desk@facet.example',
    };
    this.app = await NestFactory.create<NestFastifyApplication>(
      AppModule.with({
        config: readConfig(settings, '/tmp'),
        databaseUrl: this.#db.url,
        schemaFile: true,
      }),
      new FastifyAdapter(),
      { logger: false },
    );
    this.app.useGlobalPipes(new InputPipe());
    await this.app.init();
    await this.app.getHttpAdapter().getInstance().ready();
    this.#token = await this.#signIn(roles);
    await this.app.get(RedFlagQuestionnaireService).publish(aStaffActor(), QUESTIONS);
  }

  async #signIn(roles: readonly Role[]): Promise<string> {
    const account = { email: 'desk@clinic.example', displayName: 'Desk', password: 'correct horse battery' };
    await this.app.get(StaffService).addStaffAccount(aStaffActor(), { ...account, roles: [...roles] });
    const whence = { requestId: null, source: null, userAgent: null };
    const signedIn = await this.app.get(SessionService).signIn(account, whence);
    if (isRefusal(signedIn)) throw new Error(signedIn.message);
    return signedIn.token;
  }

  async #close(): Promise<void> {
    await this.app.close();
    await this.smtp.stop();
    await this.database.close();
    await this.#db.drop();
    await rm(this.#home, { recursive: true, force: true });
  }
}
