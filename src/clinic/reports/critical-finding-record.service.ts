import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { heldCriticalFinding } from './critical-finding.queries.js';
import { allowedCriticalActions } from './critical-finding.rules.js';
import type { CriticalFinding, CriticalFindingFilterInput } from './critical-finding.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE = {
  tellings: { orderBy: [{ toldAt: 'asc' }, { id: 'asc' }] },
  report: { select: { scanBooking: { select: { patientId: true } } } },
} as const satisfies Prisma.CriticalFindingInclude;
type WholeRow = Prisma.CriticalFindingGetPayload<{ include: typeof WHOLE }>;

/** Reading and writing critical findings; what is decided about them is decided elsewhere. */
@Injectable()
export class CriticalFindingRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Critical findings, those due first first. The look is recorded. */
  async criticalFindings(
    actor: StaffActor,
    filter: CriticalFindingFilterInput,
    page: PageInput,
  ): Promise<Page<CriticalFinding>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.criticalFinding.findMany({
        where: { AND: [toWhere(filter), laterThan(page.after)] },
        include: WHOLE,
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toFinding(row));
      await this.audit.record(tx, actor, {
        action: 'critical-findings.viewed',
        subjectType: 'critical-finding',
        patientIds: [...new Set(items.map(({ patientId }) => patientId))],
      });
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.dueAt.toString(), last.id) : null };
    });
  }

  /** Those of these reports, by report, in order. The look is recorded by whoever shows the report. */
  async ofReports(reportIds: readonly string[]): Promise<ReadonlyMap<string, readonly CriticalFinding[]>> {
    const rows = await this.database.client.criticalFinding.findMany({
      where: { reportId: { in: [...reportIds] } },
      include: WHOLE,
      orderBy: [{ flaggedAt: 'asc' }, { id: 'asc' }],
    });
    const findings = new Map<string, CriticalFinding[]>(reportIds.map((id) => [id, []]));
    for (const row of rows) findings.get(row.reportId)?.push(this.#toFinding(row));
    return findings;
  }

  /** How many are open now: each is a person who may be in danger. */
  async openCount(): Promise<number> {
    return this.database.client.criticalFinding.count({ where: { status: 'OPEN' } });
  }

  /** For this room: kept from changing until the transaction ends. Throws NOT_FOUND. */
  async mustHold(tx: Tx, id: string): Promise<CriticalFinding> {
    if (!UUID.test(id)) throw notFound('critical finding');
    await tx.$queryRaw(heldCriticalFinding(id));
    return this.mustHave(tx, id);
  }

  async mustHave(tx: Tx, id: string): Promise<CriticalFinding> {
    const row = await tx.criticalFinding.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('critical finding');
    return this.#toFinding(row);
  }

  /** For this room: writes a change of one that is held, with its audit row. */
  async change(
    tx: Tx,
    actor: Actor,
    action: string,
    before: CriticalFinding,
    data: Prisma.CriticalFindingUncheckedUpdateInput,
  ): Promise<CriticalFinding> {
    await tx.criticalFinding.update({
      where: { id: before.id },
      data: { ...data, version: { increment: 1 } },
    });
    const after = await this.mustHave(tx, before.id);
    await this.record(tx, actor, action, before, after);
    return after;
  }

  async record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: CriticalFinding | null,
    after: CriticalFinding,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'critical-finding',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before: auditFacts(before) }),
      after: auditFacts(after),
    });
  }

  #toFinding(row: WholeRow): CriticalFinding {
    const { id, scanBookingId, category, description, status, flaggedById, escalationsCount } = row;
    const dueAt = instantFromDate(row.dueAt);
    return {
      ...{ id, scanBookingId, category, description, status, flaggedById, escalationsCount },
      patientId: row.report.scanBooking.patientId,
      flaggedAt: instantFromDate(row.flaggedAt),
      dueAt,
      isOverdue: status === 'OPEN' && Temporal.Instant.compare(dueAt, this.clock.now()) < 0,
      tellings: row.tellings.map(({ criticalFindingId: _, scanBookingId: __, ...telling }) => ({
        ...telling,
        toldAt: instantFromDate(telling.toldAt),
        recordedAt: instantFromDate(telling.recordedAt),
      })),
      acknowledgedAt: instantOrNull(row.acknowledgedAt),
      ...{ outcome: row.outcome, closingNote: row.closingNote, closedById: row.closedById },
      closedAt: instantOrNull(row.closedAt),
      escalatedAt: instantOrNull(row.escalatedAt),
      allowedActions: allowedCriticalActions(status),
    };
  }
}

/** What was seen, and the note, stay with the finding: they tell of a person. */
function auditFacts(finding: CriticalFinding) {
  const { scanBookingId, category, status, dueAt, tellings, outcome, closedById, escalationsCount } = finding;
  return {
    ...{ scanBookingId, category, status, dueAt, outcome, closedById, escalationsCount },
    told: tellings.length,
  };
}

function toWhere({
  status,
  scanBookingId,
  patientId,
}: CriticalFindingFilterInput): Prisma.CriticalFindingWhereInput {
  return {
    ...(status ? { status } : {}),
    ...(scanBookingId ? { scanBookingId } : {}),
    ...(patientId ? { report: { scanBooking: { patientId } } } : {}),
  };
}

function laterThan(cursor: string | null | undefined): Prisma.CriticalFindingWhereInput {
  if (!cursor) return {};
  const [at, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const dueAt = dateFromInstant(Temporal.Instant.from(at));
  return { OR: [{ dueAt: { gt: dueAt } }, { dueAt, id: { gt: id } }] };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
