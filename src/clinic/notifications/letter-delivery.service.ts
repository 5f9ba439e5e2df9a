import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Letter as LetterRow, LetterStatus, Prisma } from '../../platform/database/generated/client.js';
import { Mail, type MailMessage, type MailOutcome } from '../../platform/mail/index.js';
import { HandleLater } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { CLAIM_LEASE_MS, nextAttemptAt, SENDING_LEASE_MS, whyNotClaimed } from './letter.rules.js';
import { LetterMatterService } from './letter-matter.service.js';
import { WORDING_VERSION } from './letterhead.service.js';

/** Who delivers letters, for the audit record. */
const POSTMAN: Actor = { kind: 'SYSTEM', id: null, label: 'letters', requestId: null, source: null };

/** A letter could not be put together: a fault of ours, which a later version may put right. */
const NOT_COMPOSED = 'NOT_COMPOSED';

/**
 * Delivers one letter. Each step is a guarded update of the ledger, so that a worker that is killed at any point,
 * a job that comes twice and two workers at once all end in one letter:
 *
 *     DUE → CLAIMED → (read afresh) → SENDING → SENT | AMBIGUOUS | FAILED | back to DUE
 *
 * Killed while CLAIMED: nothing has left, and the next worker takes over after the lease. Killed while SENDING:
 * it may have left, so it is AMBIGUOUS, except where a repeat replaces the first. A claim's number (`attempts`)
 * is part of every guard, so a worker that was only slow cannot write over its successor.
 */
@Injectable()
export class LetterDeliveryService {
  readonly #logger = new Logger('Letters');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LetterMatterService) private readonly matters: LetterMatterService,
    @Inject(Mail) private readonly mail: Mail,
  ) {}

  /** Brings the letter to an end, or throws HandleLater when its time has not come. */
  async deliver(letterId: string): Promise<void> {
    const letter = await this.#claim(letterId);
    if (letter === null) return;
    const message = await this.#prepare(letter);
    if (message === null || !(await this.#markSending(letter))) return;
    await this.#record(letter, await this.mail.send(message));
  }

  async #claim(id: string): Promise<LetterRow | null> {
    const now = this.clock.now();
    const lapsed = { claimedUntil: { lte: dateFromInstant(now) } };
    const [claimed] = await this.database.client.letter.updateManyAndReturn({
      where: {
        id,
        OR: [
          { status: 'DUE', dueAt: { lte: dateFromInstant(now) } },
          { status: 'CLAIMED', ...lapsed },
          ...(this.mail.repeatIsHarmless ? [{ status: 'SENDING' as const, ...lapsed }] : []),
        ],
      },
      data: {
        status: 'CLAIMED',
        attempts: { increment: 1 },
        claimedUntil: dateFromInstant(now.add({ milliseconds: CLAIM_LEASE_MS })),
      },
    });
    return claimed ?? this.#notClaimed(id, now);
  }

  async #notClaimed(id: string, now: Temporal.Instant): Promise<null> {
    const letter = await this.database.client.letter.findUnique({ where: { id } });
    if (letter === null) return null;
    const held = {
      status: letter.status,
      dueAt: instantFromDate(letter.dueAt),
      claimedUntil: letter.claimedUntil === null ? null : instantFromDate(letter.claimedUntil),
    };
    const why = whyNotClaimed(held, now);
    switch (why.kind) {
      case 'SETTLED':
        return null;
      case 'WAIT':
        throw new HandleLater(why.until);
      case 'WORKER_LOST':
        await this.#settle(letter, ['SENDING'], 'AMBIGUOUS', 'WORKER_LOST');
        return null;
    }
  }

  /** Has the letter written as things stand; null when it is not to be sent. */
  async #prepare(letter: LetterRow): Promise<MailMessage | null> {
    try {
      const earlier = await this.database.client.letter.findMany({
        where: {
          subjectId: letter.subjectId,
          subjectVersion: { lt: letter.subjectVersion },
          recipient: letter.recipient,
        },
        select: { kind: true, subjectVersion: true, status: true, outcomeCode: true },
      });
      const written = await this.matters.write(letter, earlier, this.clock.now());
      if (written.verdict === 'SEND') return written.message;
      await this.#settle(letter, ['CLAIMED'], written.verdict, written.code);
      return null;
    } catch (error) {
      // Nothing has left. Given back at once, so that a fault here costs no lease, and bounded like any other.
      await this.#postpone(letter, ['CLAIMED'], NOT_COMPOSED);
      throw error;
    }
  }

  /** False when a newer letter has superseded this one, or another worker has taken over: then it is not ours to send. */
  async #markSending(letter: LetterRow): Promise<boolean> {
    // Where a repeat does no harm, nobody need wait for the slowest of servers.
    const leaseMs = this.mail.repeatIsHarmless ? CLAIM_LEASE_MS : SENDING_LEASE_MS;
    const { count } = await this.database.client.letter.updateMany({
      where: { id: letter.id, status: 'CLAIMED', attempts: letter.attempts },
      data: {
        status: 'SENDING',
        claimedUntil: dateFromInstant(this.clock.now().add({ milliseconds: leaseMs })),
        wordingVersion: WORDING_VERSION,
      },
    });
    return count === 1;
  }

  async #record(letter: LetterRow, outcome: MailOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'accepted':
        // A worker that was so slow that it was given up for lost still knows better.
        await this.#settle(letter, ['SENDING', 'AMBIGUOUS'], 'SENT', outcome.code ?? null);
        return;
      case 'ambiguous':
        await this.#settle(letter, ['SENDING'], 'AMBIGUOUS', outcome.code);
        return;
      case 'permanent':
        await this.#settle(letter, ['SENDING', 'AMBIGUOUS'], 'FAILED', outcome.code);
        return;
      case 'transient': {
        const dueAt = await this.#postpone(letter, ['SENDING', 'AMBIGUOUS'], outcome.code);
        if (dueAt !== null) throw new HandleLater(dueAt);
      }
    }
  }

  /** Back to DUE for another attempt, or to FAILED when there were enough. Gives when it is due. */
  async #postpone(letter: LetterRow, from: LetterStatus[], code: string): Promise<Temporal.Instant | null> {
    const dueAt = nextAttemptAt(letter.attempts, this.clock.now());
    if (dueAt === null) {
      await this.#settle(letter, from, 'FAILED', code);
      return null;
    }
    await this.database.client.letter.updateMany({
      where: held(letter, from),
      data: {
        status: 'DUE',
        dueAt: dateFromInstant(dueAt),
        claimedUntil: null,
        settledAt: null,
        outcomeCode: code,
      },
    });
    return dueAt;
  }

  /** Ends a letter, with its line in the audit record; nothing happens when it is no longer ours. */
  async #settle(
    letter: LetterRow,
    from: LetterStatus[],
    to: LetterStatus,
    code: string | null,
  ): Promise<void> {
    const settled = await this.database.transaction(async (tx) => {
      const { count } = await tx.letter.updateMany({
        where: held(letter, from),
        data: {
          status: to,
          settledAt: dateFromInstant(this.clock.now()),
          claimedUntil: null,
          outcomeCode: code,
        },
      });
      if (count === 0) return false;
      await this.audit.record(tx, POSTMAN, {
        action: `letter.${to.toLowerCase()}`,
        subjectType: 'letter',
        subjectId: letter.id,
        patientIds: letter.patientId === null ? [] : [letter.patientId],
        after: {
          kind: letter.kind,
          recipient: letter.recipient,
          aboutType: letter.aboutType,
          aboutId: letter.aboutId,
          subjectId: letter.subjectId,
          version: letter.subjectVersion,
          outcomeCode: code,
        },
      });
      return true;
    });
    if (settled)
      this.#logger.log(`letter ${letter.id} (${letter.kind}) is ${to}${code === null ? '' : `: ${code}`}`);
  }
}

/** Still as this worker left it. */
function held(letter: LetterRow, statuses: LetterStatus[]): Prisma.LetterWhereInput {
  return { id: letter.id, status: { in: statuses }, attempts: letter.attempts };
}
