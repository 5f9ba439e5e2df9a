import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import { codeOf } from '../queue/wait.js';
import { Clock, dateFromInstant } from '../time/index.js';
import { backOffMs } from './back-off.js';
import { ATTEMPTS_MAX, HANDOVER_LEASE_MS } from './limits.js';
import { HandleLater, OutboxHandlers } from './outbox.handlers.js';
import {
  type BegunMessage,
  backOffMessage,
  beginMessage,
  finishMessage,
  parkMessage,
  postponeMessage,
} from './outbox.queries.js';

/** The code of a message that nothing in this process knows how to handle. */
const NO_HANDLER = 'NO_HANDLER';
/** The code of a message whose workers died, so that nobody could write down why. */
const ATTEMPTS_SPENT = 'ATTEMPTS_SPENT';

/** Handles one message at a time and writes down what came of it. PostgreSQL is the record; the job was a nudge. */
@Injectable()
export class OutboxConsumer {
  readonly #logger = new Logger('Outbox');

  constructor(
    private readonly database: Database,
    private readonly handlers: OutboxHandlers,
    private readonly clock: Clock,
  ) {}

  /** Does what the message asks for, once. Throws only when the database cannot be written to. */
  async consume(id: string): Promise<void> {
    const lease = dateFromInstant(this.clock.now().add({ milliseconds: HANDOVER_LEASE_MS }));
    const [message] = await this.database.client.$queryRaw<BegunMessage[]>(beginMessage(id, lease));
    if (message === undefined) return;
    // A message that kills its worker leaves no failure behind, only the attempts it has cost.
    if (message.attempts > ATTEMPTS_MAX) return this.#park(message, ATTEMPTS_SPENT);
    try {
      const handler = this.handlers.handlerOf(message.topic);
      if (handler === null) return await this.#fail(message, NO_HANDLER);
      const { topic, version } = message;
      await handler.handle({ id, topic, subjectId: message.subject_id, version });
    } catch (error) {
      if (error instanceof HandleLater) {
        await this.database.client.$executeRaw(postponeMessage(id, dateFromInstant(error.notBefore)));
        return;
      }
      this.#logger.error(`${message.topic} ${id}: attempt ${message.attempts} failed: ${placeOf(error)}`);
      return await this.#fail(message, codeOf(error));
    }
    await this.database.client.$executeRaw(finishMessage(id, dateFromInstant(this.clock.now())));
  }

  async #fail(message: BegunMessage, failureCode: string): Promise<void> {
    if (message.attempts >= ATTEMPTS_MAX) return this.#park(message, failureCode);
    const dueAt = this.clock.now().add({ milliseconds: backOffMs(message.attempts) });
    await this.database.client.$executeRaw(backOffMessage(message.id, dateFromInstant(dueAt), failureCode));
  }

  async #park(message: BegunMessage, failureCode: string): Promise<void> {
    this.#logger.error(
      `${message.topic} ${message.id} is parked after ${ATTEMPTS_MAX} attempts: ${failureCode}`,
    );
    await this.database.client.$executeRaw(
      parkMessage(message.id, dateFromInstant(this.clock.now()), failureCode),
    );
  }
}

/** The code and where it was thrown. Not the message: a message may quote what a person wrote. */
function placeOf(error: unknown): string {
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [codeOf(error), ...frames.slice(0, 5).map((line) => line.trim())].join(' ');
}
