import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { contradictsClosing } from './performed-step.rules.js';
import type { PerformedStep, PerformedStepFilterInput } from './performed-step.type.js';

/** What is read with a step: everything but its data set and its messages, which are large and for nobody's screen. */
const WHOLE = {
  omit: { dataSet: true },
  include: {
    scanner: { select: { name: true, resourceId: true } },
    links: {
      orderBy: { scheduledProcedureStepId: 'asc' },
      include: {
        booking: { select: { patientId: true, cameraId: true, closedAs: true, closedAt: true } },
      },
    },
  },
} as const satisfies Prisma.PerformedStepDefaultArgs;

type WholeRow = Prisma.PerformedStepGetPayload<typeof WHOLE>;

/** Reading performed steps, as they stand now. */
@Injectable()
export class PerformedStepRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The step, kept from changing until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<PerformedStep> {
    await tx.$queryRaw`SELECT 1 FROM performed_steps WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.read(tx, id);
  }

  async read(tx: Tx, id: string): Promise<PerformedStep> {
    const row = await tx.performedStep.findUnique({ where: { id }, ...WHOLE });
    if (row === null) throw notFound('performed step');
    return toPerformedStep(row);
  }

  /** Steps, the last begun first; the look at the patients of their bookings, and at those whom they tell of, is recorded. */
  async performedSteps(
    actor: Actor,
    filter: PerformedStepFilterInput,
    page: PageInput,
  ): Promise<Page<PerformedStep>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.performedStep.findMany({
        where: { AND: [this.toWhere(filter), before(page.after)] },
        ...WHOLE,
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.audit.record(tx, actor, {
        action: 'performed-steps.listed',
        subjectType: 'performed-step',
        patientIds: await patientsShownBy(tx, shown),
        after: { performedStepIds: shown.map(({ id }) => id) },
      });
      const items = shown.map(toPerformedStep);
      const last = items.at(-1);
      const isLastPage = rows.length <= page.size || last === undefined;
      return { items, nextCursor: isLastPage ? null : encodeCursor(last.startedAt.toString(), last.id) };
    });
  }

  /** The steps of these bookings, by booking, the first begun first. */
  async ofBookings(bookingIds: readonly string[]): Promise<ReadonlyMap<string, readonly PerformedStep[]>> {
    const rows = await this.database.client.performedStep.findMany({
      where: { links: { some: { bookingId: { in: [...bookingIds] } } } },
      ...WHOLE,
      orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    });
    const steps = new Map<string, PerformedStep[]>(bookingIds.map((id) => [id, []]));
    for (const step of rows.map(toPerformedStep)) steps.get(step.scanBookingId ?? '')?.push(step);
    return steps;
  }

  private toWhere(filter: PerformedStepFilterInput): Prisma.PerformedStepWhereInput {
    const zone = this.config.clinicTimeZone;
    const startOf = (day: Temporal.PlainDate) => dateFromInstant(startOfDay(day, zone));
    const { from, until, unmatched, scannerId, scanBookingId, status } = filter;
    return {
      startedAt: {
        ...(from ? { gte: startOf(Temporal.PlainDate.from(from)) } : {}),
        ...(until ? { lt: startOf(Temporal.PlainDate.from(until).add({ days: 1 })) } : {}),
      },
      ...(unmatched === true ? { unmatchedReason: { not: null } } : {}),
      ...(unmatched === false ? { unmatchedReason: null } : {}),
      ...(scannerId ? { scannerId } : {}),
      ...(scanBookingId ? { links: { some: { bookingId: scanBookingId } } } : {}),
      ...(status ? { status } : {}),
    };
  }
}

/** The patients of the bookings, and those whose local number the scanner told: of them it shows name and birth date. */
async function patientsShownBy(tx: Tx, steps: readonly WholeRow[]): Promise<string[]> {
  const linked = steps.flatMap(({ links }) => links.map(({ booking }) => booking.patientId));
  const told = [...new Set(steps.map(({ patientId }) => patientId.trim().toUpperCase()))];
  const registered = await tx.patient.findMany({
    where: { localNumber: { in: told } },
    select: { id: true },
  });
  return [...new Set([...linked, ...registered.map(({ id }) => id)])];
}

function before(cursor: string | null | undefined): Prisma.PerformedStepWhereInput {
  if (!cursor) return {};
  const [begun, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const startedAt = dateFromInstant(Temporal.Instant.from(begun));
  return { OR: [{ startedAt: { lt: startedAt } }, { startedAt, id: { lt: id } }] };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function toPerformedStep(row: WholeRow): PerformedStep {
  const { scanner, links, patientId, patientName, patientBirthDate, ...rest } = row;
  const booking = links[0]?.booking;
  return {
    ...rest,
    scannerName: scanner.name,
    startedAt: instantFromDate(row.startedAt),
    endedAt: instantOrNull(row.endedAt),
    receivedAt: instantFromDate(row.receivedAt),
    changedAt: instantFromDate(row.changedAt),
    overdueAt: instantOrNull(row.overdueAt),
    toldPatientId: patientId,
    toldPatientName: patientName,
    toldPatientBirthDate: patientBirthDate,
    scanBookingId: links[0]?.bookingId ?? null,
    links: links.map((link) => ({
      scanBookingId: link.bookingId,
      scheduledProcedureStepId: link.scheduledProcedureStepId,
      attachedAt: instantFromDate(link.attachedAt),
      attachedById: link.attachedById,
    })),
    performedElsewhere: booking !== undefined && booking.cameraId !== scanner.resourceId,
    contradictsClosing:
      booking !== undefined &&
      contradictsClosing(
        { status: row.status, changedAt: instantFromDate(row.changedAt) },
        { closedAs: booking.closedAs, closedAt: instantOrNull(booking.closedAt) },
      ),
  };
}
