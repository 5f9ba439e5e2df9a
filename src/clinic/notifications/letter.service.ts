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
import { newestLettersTo } from './letter.queries.js';
import { LetterNotResendable, LetterOvertaken } from './letter.refusals.js';
import { afterResend, allowedActions, type SuppressedCode } from './letter.rules.js';
import type { Letter, LetterFilterInput, ResendLetterInput } from './letter.type.js';
import { LetterMatterService } from './letter-matter.service.js';
import { TASK_CODES, taskInWords, taskOf } from './letter-task.rules.js';
import { supersededCode } from './letter-verdict.rules.js';

/** Posted for each letter that is due: the subject is the letter, the version counts how often it became due. */
export const LETTER_DUE = 'letter.due';

const ALREADY_TOLD: SuppressedCode = 'ALREADY_TOLD';

/** The ledger of letters: what is due, what became of it, and what a person may do about it. */
@Injectable()
export class LetterService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LetterMatterService) private readonly matters: Pick<LetterMatterService, 'opening'>,
  ) {
    outbox.declare(LETTER_DUE);
  }

  /**
   * Writes a letter about a version of its subject into the ledger, once for (subject, version, kind, channel), and
   * takes older ones about the same subject that have not begun to go out off it: from then on an older worker
   * finds nothing to mark as SENDING.
   */
  async open(kind: LetterKind, subjectId: string, version: number): Promise<void> {
    const opening = await this.matters.opening({ kind, subjectId, subjectVersion: version });
    // It is over before it was told, or it is told to somebody else in a letter of another kind.
    if (opening === null) return;
    const now = dateFromInstant(this.clock.now());
    const { messageId, ...address } = opening;
    await this.database.transaction(async (tx) => {
      const [opened] = await tx.letter.createManyAndReturn({
        data: [
          {
            kind,
            subjectId,
            subjectVersion: version,
            ...address,
            channel: 'EMAIL',
            status: 'DUE',
            messageId: messageId ?? this.#newMessageId(),
            createdAt: now,
            dueAt: now,
          },
        ],
        skipDuplicates: true,
        select: { id: true },
      });
      if (opened === undefined) return;
      await tx.letter.updateMany({
        where: {
          subjectId,
          subjectVersion: { lt: version },
          recipient: opening.recipient,
          status: { in: ['DUE', 'CLAIMED'] },
        },
        data: {
          status: 'SUPERSEDED',
          settledAt: now,
          claimedUntil: null,
          outcomeCode: supersededCode(opening.aboutType),
        },
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
        patientIds: patientsOf(shown),
        after: { ...filter },
      });
      const last = shown.at(-1);
      const nextCursor = rows.length > page.size && last !== undefined ? encodeCursor(last.id) : null;
      return { items: shown.map(toLetter), nextCursor };
    });
  }

  /** The letters about each of these, oldest first. For a field of one that was itself looked up. */
  async ofSubjects(aboutIds: readonly string[]): Promise<ReadonlyMap<string, readonly Letter[]>> {
    const rows = await this.database.client.letter.findMany({
      where: { aboutId: { in: [...aboutIds] } },
      orderBy: { id: 'asc' },
    });
    const letters = new Map<string, Letter[]>(aboutIds.map((id) => [id, []]));
    for (const row of rows) letters.get(row.aboutId)?.push(toLetter(row));
    return letters;
  }

  /** Of each of these subjects the newest letter. For a field of one that was itself looked up. */
  async bySubjects(subjectIds: readonly string[]): Promise<ReadonlyMap<string, Letter>> {
    const rows = await this.database.client.letter.findMany({
      where: { subjectId: { in: [...subjectIds] } },
      orderBy: { id: 'asc' },
    });
    return new Map(rows.map((row) => [row.subjectId, toLetter(row)]));
  }

  /** Of each of these referrers the newest letter, when it leaves something to do: an address is missing or wrong. */
  async withTaskTo(referrerIds: readonly string[]): Promise<ReadonlyMap<string, Letter>> {
    const { client } = this.database;
    const newest = await client.$queryRaw<readonly { readonly id: string }[]>(newestLettersTo(referrerIds));
    const rows = await client.letter.findMany({
      where: { id: { in: newest.map(({ id }) => id) }, ...WITH_TASK },
    });
    return new Map(rows.map((row) => [row.recipientId ?? '', toLetter(row)]));
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
      const { id, status, subjectId, subjectVersion, recipient } = letter;
      const next = afterResend(status);
      if (next === null) return new LetterNotResendable(status);
      // One that was not sent because this one says the same has not taken its place.
      const newer = await tx.letter.count({
        where: {
          subjectId,
          subjectVersion: { gt: subjectVersion },
          recipient,
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
        patientIds: patientsOf([letter]),
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

/** Those that leave something to do for a person, as `taskOf` judges each. */
const WITH_TASK = {
  OR: [
    { status: { in: ['AMBIGUOUS', 'FAILED'] } },
    { status: 'SUPPRESSED', outcomeCode: { in: [...TASK_CODES] } },
  ],
} satisfies Prisma.LetterWhereInput;

function toWhere(filter: LetterFilterInput): Prisma.LetterWhereInput {
  const { status, kind, recipient, patientId, aboutId, scanBookingId, visitId, hasTask } = filter;
  return {
    AND: [
      status ? { status } : {},
      kind ? { kind } : {},
      recipient ? { recipient } : {},
      patientId ? { patientId } : {},
      aboutId ? { aboutId } : {},
      scanBookingId ? { aboutType: 'SCAN_BOOKING', aboutId: scanBookingId } : {},
      visitId ? { aboutType: 'VISIT', aboutId: visitId } : {},
      hasTask === true ? WITH_TASK : {},
      hasTask === false ? { NOT: WITH_TASK } : {},
    ],
  };
}

/** Everybody whom these letters are for or about, once. */
function patientsOf(rows: readonly LetterRow[]): readonly string[] {
  return [...new Set(rows.map(({ patientId }) => patientId).filter((id) => id !== null))];
}

function before(cursor: string | null | undefined): Prisma.LetterWhereInput {
  if (!cursor) return {};
  const [id] = decodeCursor(cursor, ['uuid']);
  return { id: { lt: id } };
}

export function toLetter(row: LetterRow): Letter {
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    status: row.status,
    subjectId: row.subjectId,
    subjectVersion: row.subjectVersion,
    recipient: row.recipient,
    recipientId: row.recipientId,
    aboutType: row.aboutType,
    aboutId: row.aboutId,
    scanBookingId: row.aboutType === 'SCAN_BOOKING' ? row.aboutId : null,
    visitId: row.aboutType === 'VISIT' ? row.aboutId : null,
    patientId: row.patientId,
    attempts: row.attempts,
    createdAt: instantFromDate(row.createdAt),
    dueAt: instantFromDate(row.dueAt),
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
    outcomeCode: row.outcomeCode,
    wordingVersion: row.wordingVersion,
    task: taskOf(row),
    taskInWords: taskInWords(row),
    allowedActions: allowedActions(row.status),
  };
}
