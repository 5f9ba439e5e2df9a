import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { heldAdviceThread } from './advice.queries.js';
import { adviceActions } from './advice.rules.js';
import type { AdviceThread, AdviceThreadFilterInput } from './advice.type.js';

const WITH_MESSAGES = { messages: { orderBy: { position: 'asc' } } } as const;
type ThreadRow = Prisma.AdviceThreadGetPayload<{ include: typeof WITH_MESSAGES }>;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Questions for advice as they are read. */
@Injectable()
export class AdviceRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One thread. The look is recorded. Throws NOT_FOUND. */
  async adviceThread(actor: Actor, id: string): Promise<AdviceThread> {
    return this.database.transaction(async (tx) => {
      const thread = await this.mustHaveThread(tx, id);
      await this.#recordLook(tx, actor, 'advice-thread.viewed', [thread], thread.id, {});
      return thread;
    });
  }

  /** Threads, the one that is due first at the top. The look is recorded. */
  async adviceThreads(
    actor: Actor,
    filter: AdviceThreadFilterInput,
    page: PageInput,
  ): Promise<Page<AdviceThread>> {
    const after = page.after ? later(page.after) : {};
    return this.database.transaction(async (tx) => {
      const rows = await tx.adviceThread.findMany({
        where: { AND: [this.#meant(filter), after] },
        include: WITH_MESSAGES,
        orderBy: [{ dueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toThread(row));
      await this.#recordLook(tx, actor, 'advice-threads.searched', items, undefined, { ...filter });
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > page.size && last ? encodeCursor(last.dueOn, last.id) : null,
      };
    });
  }

  /** The threads from which these referrals came. The look is recorded. */
  async ofReferrals(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, AdviceThread>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.adviceThread.findMany({
        where: { referralId: { in: [...referralIds] } },
        include: WITH_MESSAGES,
      });
      const threads = rows.map((row) => this.#toThread(row));
      await this.#recordLook(tx, actor, 'advice-threads.viewed', threads, undefined, {});
      return new Map(threads.flatMap((thread) => (thread.referralId ? [[thread.referralId, thread]] : [])));
    });
  }

  /** For this room: the thread, or NOT_FOUND. With `hold` nobody does anything with it until the transaction ends. */
  async mustHaveThread(tx: Tx, id: string, options: { readonly hold?: boolean } = {}): Promise<AdviceThread> {
    if (!UUID.test(id)) throw notFound('question for advice');
    if (options.hold) await tx.$queryRaw(heldAdviceThread(id));
    const row = await tx.adviceThread.findUnique({ where: { id }, include: WITH_MESSAGES });
    if (row === null) throw notFound('question for advice');
    return this.#toThread(row);
  }

  now(): Temporal.Instant {
    return this.clock.now();
  }

  today(): Temporal.PlainDate {
    return localDate(this.now(), this.config.clinicTimeZone);
  }

  #meant(filter: AdviceThreadFilterInput): Prisma.AdviceThreadWhereInput {
    const { statuses, patientId, referrerId, dueUntil, isOverdue } = filter;
    const overdue = { status: AdviceStatus.OPEN, dueOn: { lt: dateFromPlainDate(this.today()) } };
    return {
      AND: [
        statuses ? { status: { in: [...statuses] } } : {},
        patientId ? { patientId } : {},
        referrerId ? { referrerId } : {},
        dueUntil ? { dueOn: { lte: dateFromPlainDate(Temporal.PlainDate.from(dueUntil)) } } : {},
        isOverdue === true ? overdue : {},
        isOverdue === false ? { NOT: overdue } : {},
      ],
    };
  }

  #toThread(row: ThreadRow): AdviceThread {
    const { duePolicyId: _duePolicyId, closedById: _closedById, ...rest } = row;
    const dueOn = plainDateFromDate(row.dueOn);
    return {
      ...rest,
      allowedActions: adviceActions(row.status),
      patientDateOfBirth: dayOf(row.patientDateOfBirth),
      askedOn: plainDateFromDate(row.askedOn).toString(),
      dueOn: dueOn.toString(),
      isOverdue: row.status === AdviceStatus.OPEN && Temporal.PlainDate.compare(dueOn, this.today()) < 0,
      openedAt: instantFromDate(row.openedAt),
      closedAt: row.closedAt === null ? null : instantFromDate(row.closedAt),
      messages: row.messages.map(({ id, direction, method, text, happenedOn, recordedAt, recordedById }) => ({
        id,
        direction,
        method,
        text,
        happenedOn: plainDateFromDate(happenedOn).toString(),
        recordedAt: instantFromDate(recordedAt),
        recordedById,
      })),
    };
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: string,
    shown: readonly AdviceThread[],
    subjectId: string | undefined,
    after: object,
  ): Promise<void> {
    const patientIds = [...new Set(shown.flatMap(({ patientId }) => patientId ?? []))];
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'advice-thread',
      ...(subjectId === undefined ? {} : { subjectId }),
      patientIds,
      after: { ...after, threadIds: shown.map(({ id }) => id) },
    });
  }
}

function dayOf(date: Date | null): string | null {
  return date === null ? null : plainDateFromDate(date).toString();
}

/** What comes after a place in the list. */
function later(cursor: string): Prisma.AdviceThreadWhereInput {
  const [due, id] = decodeCursor(cursor, ['day', 'uuid']);
  const dueOn = dateFromPlainDate(Temporal.PlainDate.from(due));
  return { OR: [{ dueOn: { gt: dueOn } }, { dueOn, id: { gt: id } }] };
}
