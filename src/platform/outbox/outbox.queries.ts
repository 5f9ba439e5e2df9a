import { Prisma } from '../database/generated/client.js';

/** A message in the hands of a handler. */
export interface BegunMessage {
  readonly id: string;
  readonly topic: string;
  readonly subject_id: string;
  readonly version: number;
  readonly attempts: number;
}

/** One message as it is posted. */
export interface PostedMessage {
  readonly id: string;
  readonly topic: string;
  readonly subjectId: string;
  readonly version: number;
  readonly postedAt: Date;
  readonly dueAt: Date;
}

/** Writes a message and wakes the relays on `channel`, both at the commit. One statement: it is in every booking. */
export const postMessage = (message: PostedMessage, channel: string) => Prisma.sql`
  WITH posted AS (
    INSERT INTO outbox_messages (id, topic, subject_id, version, posted_at, due_at)
    VALUES (${message.id}::uuid, ${message.topic}, ${message.subjectId}::uuid, ${message.version},
            ${message.postedAt}, ${message.dueAt}))
  SELECT pg_notify(${channel}, '')`;

/** Takes back messages that nobody has been handed yet. */
export const withdrawMessages = (
  topics: readonly string[],
  subjectIds: readonly string[],
  now: Date,
) => Prisma.sql`
  DELETE FROM outbox_messages
  WHERE subject_id = ANY(${subjectIds}::uuid[]) AND topic = ANY(${topics}::text[])
    AND handled_at IS NULL AND parked_at IS NULL AND relayed_at IS NULL AND attempts = 0 AND due_at > ${now}
  RETURNING subject_id AS "subjectId"`;

/** Claims due messages for one relay: others skip what it holds. Reads the partial index outbox_messages_open. */
export const claimDueMessages = (now: Date, leaseUntil: Date, countMax: number) => Prisma.sql`
  UPDATE outbox_messages
  SET relayed_at = ${now}, due_at = ${leaseUntil}
  WHERE id IN (
    SELECT id FROM outbox_messages
    WHERE handled_at IS NULL AND parked_at IS NULL AND due_at <= ${now}
    ORDER BY due_at
    LIMIT ${countMax}
    FOR UPDATE SKIP LOCKED)
  RETURNING id`;

/** Gives back messages that the queue did not take. */
export const giveBackMessages = (ids: readonly string[], dueAt: Date) => Prisma.sql`
  UPDATE outbox_messages
  SET relayed_at = NULL, due_at = ${dueAt}
  WHERE id = ANY(${ids}::uuid[]) AND handled_at IS NULL AND parked_at IS NULL`;

/** When the next open message is due; null when none is open. */
export const nextDueAt = Prisma.sql`
  SELECT min(due_at) AS due_at FROM outbox_messages WHERE handled_at IS NULL AND parked_at IS NULL`;

/**
 * Begins an attempt: counts it and starts a new lease. No row: it was handled or parked, or is waiting for its
 * back-off, and this job is an echo.
 */
export const beginMessage = (id: string, leaseUntil: Date) => Prisma.sql`
  UPDATE outbox_messages
  SET attempts = attempts + 1, due_at = ${leaseUntil}
  WHERE id = ${id}::uuid AND handled_at IS NULL AND parked_at IS NULL AND relayed_at IS NOT NULL
  RETURNING id, topic, subject_id, version, attempts`;

export const finishMessage = (id: string, now: Date) => Prisma.sql`
  UPDATE outbox_messages SET handled_at = ${now}, failure_code = NULL, parked_at = NULL
  WHERE id = ${id}::uuid AND handled_at IS NULL`;

/** Puts off a message whose handler asked for it: not an attempt. */
export const postponeMessage = (id: string, dueAt: Date) => Prisma.sql`
  UPDATE outbox_messages SET attempts = greatest(attempts - 1, 0), relayed_at = NULL, due_at = ${dueAt}
  WHERE id = ${id}::uuid AND handled_at IS NULL AND parked_at IS NULL`;

export const backOffMessage = (id: string, dueAt: Date, failureCode: string) => Prisma.sql`
  UPDATE outbox_messages SET relayed_at = NULL, due_at = ${dueAt}, failure_code = ${failureCode}
  WHERE id = ${id}::uuid AND handled_at IS NULL AND parked_at IS NULL`;

export const parkMessage = (id: string, now: Date, failureCode: string) => Prisma.sql`
  UPDATE outbox_messages SET parked_at = ${now}, failure_code = ${failureCode}
  WHERE id = ${id}::uuid AND handled_at IS NULL AND parked_at IS NULL`;

/** Reads the partial index outbox_messages_parked, which is empty on a good day. */
export const countParkedMessages = Prisma.sql`
  SELECT count(*)::int AS count FROM outbox_messages WHERE handled_at IS NULL AND parked_at IS NOT NULL`;

/** Ids are UUIDs of version 7: their order is the order of posting, so the primary key finds the oldest. */
export const pruneHandledMessages = (before: Date, countMax: number) => Prisma.sql`
  DELETE FROM outbox_messages
  WHERE id IN (
    SELECT id FROM (SELECT id, handled_at FROM outbox_messages ORDER BY id LIMIT ${countMax}) AS oldest
    WHERE handled_at < ${before})`;
