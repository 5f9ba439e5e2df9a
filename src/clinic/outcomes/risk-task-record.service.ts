import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { heldRiskTask } from './risk-task.queries.js';
import { allowedRiskActions } from './risk-task.rules.js';
import type { RiskTask, RiskTaskFilterInput } from './risk-task.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE = {
  events: { orderBy: { id: 'asc' } },
  score: { select: { isVoid: true, replacedBy: { select: { id: true } } } },
} as const satisfies Prisma.RiskTaskInclude;
type WholeRow = Prisma.RiskTaskGetPayload<{ include: typeof WHOLE }>;

/** Reading and writing risk tasks; what is decided about them is decided elsewhere. */
@Injectable()
export class RiskTaskRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One task. The look is recorded. Throws NOT_FOUND. */
  async riskTask(actor: StaffActor, id: string): Promise<RiskTask> {
    return this.database.transaction(async (tx) => {
      const task = await this.mustHave(tx, id);
      await this.#looked(tx, actor, [task]);
      return task;
    });
  }

  /** Risk tasks, those due first first. The look is recorded. */
  async riskTasks(actor: StaffActor, filter: RiskTaskFilterInput, page: PageInput): Promise<Page<RiskTask>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.riskTask.findMany({
        where: { AND: [this.#toWhere(filter), laterThan(page.after)] },
        include: WHOLE,
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toTask(row));
      await this.#looked(tx, actor, items);
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.dueAt.toString(), last.id) : null };
    });
  }

  /** Of each of these patients the tasks that nobody has closed, those due first first. The look is recorded. */
  async unclosedOf(
    actor: StaffActor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RiskTask[]>> {
    return this.database.transaction(async (tx) => {
      const tasks = await this.unclosed(tx, patientIds);
      await this.audit.record(tx, actor, {
        ...{ action: 'risk-tasks.viewed', subjectType: 'risk-task', patientIds: [...patientIds] },
      });
      return tasks;
    });
  }

  /** For later rooms: the same. The look is recorded by whoever shows them. */
  async unclosed(
    client: Tx,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly RiskTask[]>> {
    const rows = await client.riskTask.findMany({
      where: { patientId: { in: [...patientIds] }, status: { not: 'CLOSED' } },
      include: WHOLE,
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    });
    const tasks = rows.map((row) => this.#toTask(row));
    return new Map(patientIds.map((id) => [id, tasks.filter(({ patientId }) => patientId === id)]));
  }

  /** How many nobody has closed: each is a person who may be in danger. */
  async openCount(): Promise<number> {
    return this.database.client.riskTask.count({ where: { status: { not: 'CLOSED' } } });
  }

  /** For this room: kept from changing until the transaction ends. Throws NOT_FOUND. */
  async mustHold(tx: Tx, id: string): Promise<RiskTask> {
    if (!UUID.test(id)) throw notFound('risk task');
    await tx.$queryRaw(heldRiskTask(id));
    return this.mustHave(tx, id);
  }

  async mustHave(tx: Tx, id: string): Promise<RiskTask> {
    if (!UUID.test(id)) throw notFound('risk task');
    const row = await tx.riskTask.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('risk task');
    return this.#toTask(row);
  }

  /** For this room: writes a change of one that is held, with its audit row. */
  async change(
    tx: Tx,
    actor: Actor,
    action: string,
    before: RiskTask,
    data: Prisma.RiskTaskUncheckedUpdateInput,
  ): Promise<RiskTask> {
    await tx.riskTask.update({ where: { id: before.id }, data: { ...data, version: { increment: 1 } } });
    const after = await this.mustHave(tx, before.id);
    await this.record(tx, actor, action, before, after);
    return after;
  }

  async record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: RiskTask | null,
    after: RiskTask,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'risk-task',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before: auditFacts(before) }),
      after: auditFacts(after),
    });
  }

  async #looked(tx: Tx, actor: StaffActor, tasks: readonly RiskTask[]): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'risk-tasks.viewed',
      subjectType: 'risk-task',
      patientIds: [...new Set(tasks.map(({ patientId }) => patientId))],
    });
  }

  #toWhere({ status, patientId, isOverdue }: RiskTaskFilterInput): Prisma.RiskTaskWhereInput {
    const late = { status: { not: 'CLOSED' as const }, dueAt: { lt: dateFromInstant(this.clock.now()) } };
    return {
      AND: [
        status ? { status } : {},
        patientId ? { patientId } : {},
        isOverdue === true ? late : {},
        isOverdue === false ? { NOT: late } : {},
      ],
    };
  }

  #toTask(row: WholeRow): RiskTask {
    const { score, events, policyId: _, entryId: __, alertId: ___, version: ____, ...rest } = row;
    const dueAt = instantFromDate(row.dueAt);
    return {
      ...rest,
      ...{ dueAt, raisedAt: instantFromDate(row.raisedAt) },
      isAnswerStanding: !score.isVoid && score.replacedBy === null,
      isOverdue: row.status !== 'CLOSED' && Temporal.Instant.compare(dueAt, this.clock.now()) < 0,
      claimedAt: instantOrNull(row.claimedAt),
      closedAt: instantOrNull(row.closedAt),
      escalatedAt: instantOrNull(row.escalatedAt),
      events: events.map(({ riskTaskId: _of, at, ...event }) => ({ ...event, at: instantFromDate(at) })),
      allowedActions: allowedRiskActions(row.status),
    };
  }
}

/** The answer and what was said about it stay with the task: they tell of a person. */
function auditFacts(task: RiskTask) {
  const { reference, scoreId, status, dueAt, claimedById, closedById, escalationsCount, events } = task;
  return {
    ...{ reference, scoreId, status, dueAt, claimedById, closedById, escalationsCount },
    events: events.length,
  };
}

function laterThan(cursor: string | null | undefined): Prisma.RiskTaskWhereInput {
  if (!cursor) return {};
  const [at, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const dueAt = dateFromInstant(Temporal.Instant.from(at));
  return { OR: [{ dueAt: { gt: dueAt } }, { dueAt, id: { gt: id } }] };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
