import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import type { Tx } from '../database/database.service.js';
import { Clock, dateFromInstant, type Temporal } from '../time/index.js';
import { postMessage, withdrawMessages } from './outbox.queries.js';

/** PostgreSQL channel that wakes the relays of all processes at the commit of a posting transaction. */
export const OUTBOX_CHANNEL = 'facet_outbox';

/** A topic says what happened, in the past tense: `scan.booked`. It is also shown in logs. */
const TOPIC = /^[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+$/;

/** What is posted: ids only. Whoever handles it reads fresh. */
export interface OutboxPost {
  /** One of the declared topics. */
  readonly topic: string;
  /** UUID of the thing it happened to. */
  readonly subjectId: string;
  /** The subject's version at that moment; 0 where it has none. */
  readonly version: number;
  /** Not handed to its handler before this; none: at once. Until then it can be withdrawn. */
  readonly dueAt?: Temporal.Instant;
}

/**
 * How a room tells a later room that something was committed: a row, written in the poster's own transaction.
 * A room declares its topics when it is built; the roll-call (OutboxWorker) then looks for exactly one handler
 * of each, and the process does not start without.
 */
@Injectable()
export class Outbox {
  readonly #topics = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Says that this room posts `topic`. Call it from the constructor of the posting service. */
  declare(topic: string): void {
    if (!TOPIC.test(topic)) throw new Error(`"${topic}" is not a topic: it must look like scan.booked`);
    this.#topics.add(topic);
  }

  declaredTopics(): ReadonlySet<string> {
    return this.#topics;
  }

  /**
   * Writes the row and wakes the relays; both happen when `tx` commits, or not at all. Throws when nobody has
   * declared the topic: a message that no roll-call has seen could lie unhandled for ever.
   */
  async post(tx: Tx, message: OutboxPost): Promise<void> {
    if (!this.#topics.has(message.topic)) throw new Error(`nobody has declared the topic ${message.topic}`);
    const now = dateFromInstant(this.clock.now());
    const { topic, subjectId, version } = message;
    const dueAt = message.dueAt === undefined ? now : dateFromInstant(message.dueAt);
    const posted = { id: newId(), topic, subjectId, version, postedAt: now, dueAt };
    await tx.$executeRaw(postMessage(posted, OUTBOX_CHANNEL));
  }

  /**
   * Takes back what was posted about these subjects on these topics for later and has not been handed over: whoever
   * handles it will never hear of it. What it could take back, by subject; whoever needs all of it compares.
   */
  async withdraw(
    tx: Tx,
    topics: readonly string[],
    subjectIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const now = dateFromInstant(this.clock.now());
    const rows = await tx.$queryRaw<readonly { subjectId: string }[]>(
      withdrawMessages(topics, subjectIds, now),
    );
    return new Set(rows.map(({ subjectId }) => subjectId));
  }
}
