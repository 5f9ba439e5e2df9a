import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import type { LetterKind, Letter as LetterRow, Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { domainOf, parseMailbox } from '../../platform/mail/index.js';
import { Outbox } from '../../platform/outbox/index.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LetterNotResendable, LetterOvertaken } from './letter.refusals.js';
import { afterResend, allowedActions, type SuppressedCode, taskOf } from './letter.rules.js';
import type { Letter, LetterFilterInput, ResendLetterInput } from './letter.type.js';
import { LetterMatterService } from './letter-matter.service.js';

/** Posted for each letter that is due: the subject is the letter, the version counts how often it became due. */
export const LETTER_DUE = 'letter.due';

const ALREADY_TOLD: SuppressedCode = 'ALREADY_TOLD';

/** The kinds of letters whose subject is a scan booking, and those whose subject is a visit. */
const KINDS_ABOUT: Readonly<Record<'scan' | 'visit', readonly LetterKind[]>> = {
  scan: ['SCAN_BOOKED', 'SCAN_MOVED', 'SCAN_CANCELLED'],
  visit: ['VISIT_BOOKED', 'VISIT_MOVED', 'VISIT_CANCELLED'],
};

/** The ledger of letters: what is due, what became of it, and what a person may do about it. */
@Injectable()
export class LetterService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LetterMatterService) private readonly matters: Pick<LetterMatterService, 'patientIdOf'>,
  ) {
    outbox.declare(LETTER_DUE);
  }

  /**
   * Writes a letter about a version of its subject into the ledger, once for (subject, version, kind, channel), and
   * takes older ones about the same subject that have not begun to go out off it: from then on an older worker
   * finds nothing to mark as SENDING.
   */
  async open(kind: LetterKind, subjectId: string, version: number): Promise<void> {
    const patientId = await this.matters.patientIdOf(kind, subjectId);
    // What letters are about is never deleted; should it be, there is nobody to write to.
    if (patientId === null) return;
    const now = dateFromInstant(this.clock.now());
    const line = { kind, subjectId, subjectVersion: version, patientId };
    await this.database.transaction(async (tx) => {
      const [opened] = await tx.letter.createManyAndReturn({
        data: [
          {
            ...line,
            channel: 'EMAIL',
            status: 'DUE',
            messageId: this.#newMessageId(),
            createdAt: now,
            dueAt: now,
          },
        ],
        skipDuplicates: true,
        select: { id: true },
      });
      if (opened === undefined) return;
      await tx.letter.updateMany({
        where: { subjectId, subjectVersion: { lt: version }, status: { in: ['DUE', 'CLAIMED'] } },
        data: { status: 'SUPERSEDED', settledAt: now, claimedUntil: null, outcomeCode: 'BOOKING_MOVED_ON' },
      });
      await this.outbox.post(tx, { topic: LETTER_DUE, subjectId: opened.id, version: 0 });
    });
  }

  /** Letters, newest first. The look is recorded. */
  async letters(actor: Actor, filter: LetterFilterInput, page: PageInput): Promise<Page<Letter>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.letter.findMany({
        where: { AND: [toWhere(filter), before(page.after)] },
        // Ids are UUID version 7: their order is the order in time.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'letters.viewed',
        subjectType: 'letter',
        patientIds: [...new Set(shown.map((row) => row.patientId))],
        after: { ...filter },
      });
      const last = shown.at(-1);
      const nextCursor = rows.length > page.size && last !== undefined ? encodeCursor(last.id) : null;
      return { items: shown.map(toLetter), nextCursor };
    });
  }

  /** The letters about each of these subjects, oldest first. For a field of one that was itself looked up. */
  async ofSubjects(subjectIds: readonly string[]): Promise<ReadonlyMap<string, readonly Letter[]>> {
    const rows = await this.database.client.letter.findMany({
      where: { subjectId: { in: [...subjectIds] } },
      orderBy: { id: 'asc' },
    });
    const letters = new Map<string, Letter[]>(subjectIds.map((id) => [id, []]));
    for (const row of rows) letters.get(row.subjectId)?.push(toLetter(row));
    return letters;
  }

  /** Makes a letter due again because a person has decided so. It is decided afresh whether and where it goes. */
  async resendLetter(
    actor: Actor,
    input: ResendLetterInput,
  ): Promise<Letter | LetterNotResendable | LetterOvertaken> {
    const now = dateFromInstant(this.clock.now());
    return this.database.transaction(async (tx) => {
      const letter = await tx.letter.findUnique({ where: { id: input.letterId } });
      if (letter === null) throw notFound('letter');
      const { id, status, subjectId, subjectVersion, patientId } = letter;
      const next = afterResend(status);
      if (next === null) return new LetterNotResendable(status);
      // One that was not sent because this one says the same has not taken its place.
      const newer = await tx.letter.count({
        where: {
          subjectId,
          subjectVersion: { gt: subjectVersion },
          OR: [{ outcomeCode: null }, { outcomeCode: { not: ALREADY_TOLD } }],
        },
      });
      if (newer > 0) return new LetterOvertaken();
      const [due] = await tx.letter.updateManyAndReturn({
        where: { id, status },
        data: { status: next, dueAt: now, settledAt: null, outcomeCode: null },
      });
      // Somebody else was quicker.
      if (due === undefined) return new LetterNotResendable('DUE');
      await this.outbox.post(tx, { topic: LETTER_DUE, subjectId: id, version: letter.attempts });
      await this.audit.record(tx, actor, {
        action: 'letter.resent',
        subjectType: 'letter',
        subjectId: id,
        patientIds: [patientId],
        before: { status, outcomeCode: letter.outcomeCode },
        after: { status: due.status, reason: input.reason },
      });
      return toLetter(due);
    });
  }

  #newMessageId(): string {
    return `<${randomUUID()}@${domainOf(parseMailbox(this.config.mailFrom).address)}>`;
  }
}

function toWhere(filter: LetterFilterInput): Prisma.LetterWhereInput {
  const { status, kind, patientId, scanBookingId, visitId } = filter;
  return {
    AND: [
      status ? { status } : {},
      kind ? { kind } : {},
      patientId ? { patientId } : {},
      scanBookingId ? { subjectId: scanBookingId, kind: { in: [...KINDS_ABOUT.scan] } } : {},
      visitId ? { subjectId: visitId, kind: { in: [...KINDS_ABOUT.visit] } } : {},
    ],
  };
}

function before(cursor: string | null | undefined): Prisma.LetterWhereInput {
  if (!cursor) return {};
  const [id] = decodeCursor(cursor, ['uuid']);
  return { id: { lt: id } };
}

function toLetter(row: LetterRow): Letter {
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    status: row.status,
    subjectId: row.subjectId,
    subjectVersion: row.subjectVersion,
    scanBookingId: KINDS_ABOUT.scan.includes(row.kind) ? row.subjectId : null,
    visitId: KINDS_ABOUT.visit.includes(row.kind) ? row.subjectId : null,
    patientId: row.patientId,
    attempts: row.attempts,
    createdAt: instantFromDate(row.createdAt),
    dueAt: instantFromDate(row.dueAt),
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
    outcomeCode: row.outcomeCode,
    wordingVersion: row.wordingVersion,
    task: taskOf(row.status, row.outcomeCode),
    allowedActions: allowedActions(row.status),
  };
}
