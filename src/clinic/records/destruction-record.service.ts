import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type {
  DestructionItem as ItemRow,
  DestructionRun as RunRow,
  DestructionStub as StubRow,
} from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { allowedActions } from './destruction-run.rules.js';
import type {
  DestructionItem,
  DestructionRun,
  DestructionStub,
  DestructionStubFilterInput,
} from './destruction-run.type.js';

/** Runs, their lists and the stubs, as they are shown. */
@Injectable()
export class DestructionRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Runs, the newest first. They name nobody, so the look is not recorded. */
  async destructionRuns(page: PageInput): Promise<Page<DestructionRun>> {
    const rows = await this.database.client.destructionRun.findMany({
      ...afterInTime(page),
      orderBy: { id: 'desc' },
      take: page.size + 1,
    });
    const shown = rows.slice(0, page.size);
    const items = await this.#withCounts(this.database.client, shown);
    return { items, nextCursor: nextOf(rows, page.size) };
  }

  /** Throws NOT_FOUND. */
  async destructionRun(id: string): Promise<DestructionRun> {
    return this.mustHaveRun(this.database.client, id);
  }

  /** The list of a run. Whose records are on it is a look, and recorded. Throws NOT_FOUND. */
  async destructionItems(actor: Actor, runId: string, page: PageInput): Promise<Page<DestructionItem>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      await this.mustHaveRun(tx, runId);
      const rows = await tx.destructionItem.findMany({
        where: { runId, ...(after === null ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'destruction-run.viewed',
        subjectType: 'destruction-run',
        subjectId: runId,
        patientIds: [...new Set(shown.flatMap(({ patientId }) => patientId ?? []))],
      });
      return { items: shown.map(toItem), nextCursor: nextOf(rows, page.size) };
    });
  }

  /** What is left of what was destroyed, the newest first. The look is recorded. */
  async destructionStubs(
    actor: Actor,
    filter: DestructionStubFilterInput,
    page: PageInput,
  ): Promise<Page<DestructionStub>> {
    const { patientId, subjectId, runId } = filter;
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.destructionStub.findMany({
        where: {
          ...(patientId ? { patientId } : {}),
          ...(subjectId ? { subjectId } : {}),
          ...(runId ? { runId } : {}),
          ...(after === null ? {} : { id: { lt: after } }),
        },
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'destruction-stubs.viewed',
        subjectType: 'destruction-stub',
        patientIds: [...new Set(shown.flatMap((row) => row.patientId ?? []))],
        after: { ...filter },
      });
      return { items: shown.map(toStub), nextCursor: nextOf(rows, page.size) };
    });
  }

  /** The run as it stands. Throws NOT_FOUND. */
  async mustHaveRun(client: Tx, id: string): Promise<DestructionRun> {
    const row = await client.destructionRun.findUnique({ where: { id } });
    if (row === null) throw notFound('destruction run');
    const [run] = await this.#withCounts(client, [row]);
    if (run === undefined) throw notFound('destruction run');
    return run;
  }

  async #withCounts(client: Tx, rows: readonly RunRow[]): Promise<readonly DestructionRun[]> {
    const counted = await client.destructionItem.groupBy({
      by: ['runId', 'status'],
      where: { runId: { in: rows.map(({ id }) => id) } },
      _count: { _all: true },
    });
    return rows.map((row) => {
      const own = counted.filter(({ runId }) => runId === row.id);
      const counts = own.map(({ status, _count }) => ({ status, count: _count._all }));
      return toRun(
        row,
        counts.toSorted((a, b) => (a.status < b.status ? -1 : 1)),
      );
    });
  }
}

function afterInTime(page: PageInput): { readonly where?: { readonly id: { readonly lt: string } } } {
  return page.after ? { where: { id: { lt: decodeCursor(page.after, ['uuid'])[0] } } } : {};
}

function nextOf(rows: readonly { readonly id: string }[], size: number): string | null {
  const last = rows[size - 1];
  return rows.length > size && last !== undefined ? encodeCursor(last.id) : null;
}

function toRun(row: RunRow, counts: DestructionRun['counts']): DestructionRun {
  const { id, classes, status, lookedAtCount, isFull, startedById, approvedById, abandonReason } = row;
  return {
    ...{ id, classes, status, lookedAtCount, isFull, startedById, approvedById, abandonReason, counts },
    asOf: plainDateFromDate(row.asOf).toString(),
    allowedActions: allowedActions(status),
    startedAt: instantFromDate(row.startedAt),
    listedAt: instantOrNull(row.listedAt),
    approvedAt: instantOrNull(row.approvedAt),
    approvedUntil: instantOrNull(row.approvedUntil),
    finishedAt: instantOrNull(row.finishedAt),
  };
}

function toItem(row: ItemRow): DestructionItem {
  const { runId: _, ...rest } = row;
  return {
    ...rest,
    triggerOn: plainDateFromDate(row.triggerOn).toString(),
    dueOn: plainDateFromDate(row.dueOn).toString(),
    settledAt: instantOrNull(row.settledAt),
  };
}

function toStub(row: StubRow): DestructionStub {
  const { itemId: _, ...rest } = row;
  return {
    ...rest,
    parts: JSON.stringify(row.parts),
    triggerOn: plainDateFromDate(row.triggerOn).toString(),
    dueOn: plainDateFromDate(row.dueOn).toString(),
    destroyedAt: instantFromDate(row.destroyedAt),
  };
}

function instantOrNull(date: Date | null) {
  return date === null ? null : instantFromDate(date);
}
