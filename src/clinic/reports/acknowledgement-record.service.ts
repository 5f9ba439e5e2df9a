import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
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
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { heldAcknowledgement } from './acknowledgement.queries.js';
import { allowedAcknowledgementActions } from './acknowledgement.rules.js';
import type { ReportAcknowledgement, ResultsToAcknowledgeFilterInput } from './acknowledgement.type.js';
import { isOverdue } from './report-policy.rules.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE = {
  report: {
    select: {
      scanBooking: {
        select: {
          patientId: true,
          referral: { select: { referrerName: true, referrerOrganisation: true } },
        },
      },
    },
  },
} as const satisfies Prisma.ReportAcknowledgementInclude;
type WholeRow = Prisma.ReportAcknowledgementGetPayload<{ include: typeof WHOLE }>;

/** Reading and writing the tasks; what is decided about them is decided elsewhere. */
@Injectable()
export class AcknowledgementRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Tasks, those due first first. The look is recorded. */
  async resultsToAcknowledge(
    actor: StaffActor,
    filter: ResultsToAcknowledgeFilterInput,
    page: PageInput,
  ): Promise<Page<ReportAcknowledgement>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.reportAcknowledgement.findMany({
        where: { AND: [this.#where(filter), laterThan(page.after)] },
        include: WHOLE,
        orderBy: [{ dueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toTask(row));
      await this.audit.record(tx, actor, {
        action: 'results-to-acknowledge.listed',
        subjectType: 'report-acknowledgement',
        patientIds: [...new Set(items.map(({ patientId }) => patientId))],
      });
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.dueOn, last.id) : null };
    });
  }

  /** The tasks of these reports, by report, the oldest first. The look is recorded by whoever shows the report. */
  async ofReports(
    reportIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReportAcknowledgement[]>> {
    const rows = await this.database.client.reportAcknowledgement.findMany({
      where: { reportId: { in: [...reportIds] } },
      include: WHOLE,
      orderBy: { versionNumber: 'asc' },
    });
    const tasks = new Map<string, ReportAcknowledgement[]>(reportIds.map((id) => [id, []]));
    for (const row of rows) tasks.get(row.reportId)?.push(this.#toTask(row));
    return tasks;
  }

  /** For this room: the task, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async mustHold(tx: Tx, id: string): Promise<ReportAcknowledgement> {
    if (!UUID.test(id)) throw notFound('task');
    await tx.$queryRaw(heldAcknowledgement(id));
    return this.mustHave(tx, id);
  }

  async mustHave(tx: Tx, id: string): Promise<ReportAcknowledgement> {
    const row = await tx.reportAcknowledgement.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('task');
    return this.#toTask(row);
  }

  /** For this room: writes a change of a task that is held, with its audit row. */
  async change(
    tx: Tx,
    actor: Actor,
    action: string,
    before: ReportAcknowledgement,
    data: Prisma.ReportAcknowledgementUncheckedUpdateInput,
  ): Promise<ReportAcknowledgement> {
    await tx.reportAcknowledgement.update({
      where: { id: before.id },
      data: { ...data, version: { increment: 1 } },
    });
    const after = await this.mustHave(tx, before.id);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'report-acknowledgement',
      subjectId: after.id,
      patientIds: [after.patientId],
      before: auditFacts(before),
      after: auditFacts(after),
    });
    return after;
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  #where(filter: ResultsToAcknowledgeFilterInput): Prisma.ReportAcknowledgementWhereInput {
    const today = dateFromPlainDate(this.#today());
    const { status, assignedToId, scanBookingId } = filter;
    return {
      status,
      ...(assignedToId ? { assignedToId } : {}),
      ...(scanBookingId ? { scanBookingId } : {}),
      ...(filter.isOverdue === true ? { dueOn: { lt: today } } : {}),
      ...(filter.isOverdue === false ? { dueOn: { gte: today } } : {}),
    };
  }

  #toTask(row: WholeRow): ReportAcknowledgement {
    const { scanBooking } = row.report;
    const { id, scanBookingId, versionNumber, status, escalationsCount } = row;
    const dueOn = plainDateFromDate(row.dueOn);
    return {
      ...{ id, scanBookingId, versionNumber, status, escalationsCount },
      patientId: scanBooking.patientId,
      openedAt: instantFromDate(row.openedAt),
      dueOn: dueOn.toString(),
      isOverdue: status === 'OPEN' && isOverdue(dueOn, this.#today()),
      referrerName: scanBooking.referral.referrerName,
      referrerOrganisation: scanBooking.referral.referrerOrganisation,
      ...{ assignedToId: row.assignedToId, assignReason: row.assignReason },
      acknowledgedAt: instantOrNull(row.acknowledgedAt),
      ...{ acknowledgedBy: row.acknowledgedBy, method: row.method, comment: row.comment },
      recordedAt: instantOrNull(row.recordedAt),
      recordedById: row.recordedById,
      closedAt: instantOrNull(row.closedAt),
      ...{ closedById: row.closedById, closeReason: row.closeReason },
      escalatedAt: instantOrNull(row.escalatedAt),
      allowedActions: allowedAcknowledgementActions(status),
    };
  }
}

/** Who acknowledged and what was said stays with the task. */
function auditFacts(task: ReportAcknowledgement) {
  const { scanBookingId, versionNumber, status, dueOn, assignedToId, method, escalationsCount } = task;
  return { scanBookingId, versionNumber, status, dueOn, assignedToId, method, escalationsCount };
}

function laterThan(cursor: string | null | undefined): Prisma.ReportAcknowledgementWhereInput {
  if (!cursor) return {};
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const dueOn = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ dueOn: { gt: dueOn } }, { dueOn, id: { gt: id } }] };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
