import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { AuditEntry as AuditEntryRow, Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Clock, instantFromDate } from '../../platform/time/index.js';
import { INSERT_ENTRIES } from './audit.queries.js';
import type { Act, Actor, AuditEntry, AuditFilterInput, AuditRecord } from './audit.type.js';

@Injectable()
export class AuditService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Writes down an act or a look inside the caller's transaction: no act without its record, no record without its
   * act. The database links it into the hash chain when the transaction commits.
   */
  async record(tx: Tx, actor: Actor, record: AuditRecord): Promise<void> {
    await this.recordAll(tx, [{ actor, record, occurredAt: this.clock.now() }]);
  }

  /** The same for acts that were gathered for a moment, in the order given: one statement, however much they name. */
  async recordAll(tx: Tx, acts: readonly Act[]): Promise<void> {
    if (acts.length === 0) return;
    const entries = acts.map(({ actor, record, occurredAt }) => ({
      id: newId(),
      occurredAt,
      actorKind: actor.kind,
      actorId: actor.id ?? undefined,
      actorLabel: actor.label ?? undefined,
      requestId: actor.requestId ?? undefined,
      source: actor.source ?? undefined,
      action: record.action,
      subjectType: record.subjectType,
      subjectId: record.subjectId,
      patientIds: record.patientIds ?? [],
      before: record.before,
      after: record.after,
    }));
    await tx.$executeRawUnsafe(INSERT_ENTRIES, JSON.stringify(entries));
  }

  /** How a subject stood after each of its changes, oldest first: for the room that wrote them down. */
  async written(
    reader: Pick<Tx, 'auditEntry'>,
    subjectType: string,
    subjectId: string,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const rows = await reader.auditEntry.findMany({
      where: { subjectType, subjectId },
      select: { after: true },
      orderBy: { id: 'asc' },
    });
    return rows.flatMap(({ after }) =>
      after !== null && typeof after === 'object' && !Array.isArray(after) ? [after] : [],
    );
  }

  /** The audit record, newest first. The look at it is itself recorded. */
  async auditEntries(actor: Actor, filter: AuditFilterInput, page: PageInput): Promise<Page<AuditEntry>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.auditEntry.findMany({
        where: {
          ...(filter.patientId ? { patientIds: { has: filter.patientId } } : {}),
          ...(filter.actorId ? { actorId: filter.actorId } : {}),
          ...(filter.subjectId ? { subjectId: filter.subjectId } : {}),
          ...before(page.after),
        },
        // Ids are UUID version 7: their order is the order in time.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.record(tx, actor, {
        action: 'audit.viewed',
        subjectType: 'audit-entry',
        patientIds: filter.patientId ? [filter.patientId] : [],
        after: { ...filter },
      });
      const last = shown.at(-1);
      return {
        items: shown.map(toAuditEntry),
        nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null,
      };
    });
  }
}

function before(cursor: string | null | undefined): Prisma.AuditEntryWhereInput {
  if (!cursor) return {};
  const [id] = decodeCursor(cursor, ['uuid']);
  return { id: { lt: id } };
}

function toAuditEntry(row: AuditEntryRow): AuditEntry {
  return {
    ...row,
    occurredAt: instantFromDate(row.occurredAt),
    before: row.before === null ? null : JSON.stringify(row.before),
    after: row.after === null ? null : JSON.stringify(row.after),
  };
}
