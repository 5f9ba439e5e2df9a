import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  formatIsoWithOffset,
  formatLocalDateTime,
  formatLocalTime,
  instantFromDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LOCK_SCAN, LOCK_VISIT } from './scan-booking.queries.js';
import { allowedScanActions } from './scan-booking.rules.js';
import type { ScanBooking, ScanBookingFilterInput } from './scan-booking.type.js';
import { reasonOfCode } from './scan-cancel-reason.rules.js';
import type { ScanLetterFacts } from './scan-letter.type.js';
import type { LocalMoment } from './scan-place.type.js';

const NAMED = { select: { id: true, name: true } } as const;

/** What is read with a booking, so that a list of bookings is one statement and not many. */
const WHOLE = {
  protocol: { select: { name: true } },
  camera: NAMED,
  injectionRoom: NAMED,
  injectionTechnologist: NAMED,
  scanTechnologist: NAMED,
  visit: { select: { status: true, cancelledAt: true, cancelReasonCode: true, cancelComment: true } },
} as const satisfies Prisma.ScanBookingInclude;

type WholeRow = Prisma.ScanBookingGetPayload<{ include: typeof WHOLE }>;

/** Reading scan bookings, always as they stand now. */
@Injectable()
export class ScanRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The booking, kept from changing until the transaction ends, its visit first. */
  async lock(tx: Tx, id: string): Promise<ScanBooking> {
    await tx.$queryRawUnsafe(LOCK_VISIT, id);
    await tx.$queryRawUnsafe(LOCK_SCAN, id);
    return this.read(tx, id);
  }

  /**
   * The booking, whose visit is kept from changing until the transaction ends. Nobody changes a booking without its visit;
   * the booking itself is held when it is written, after the scanners.
   */
  async lockVisit(tx: Tx, id: string): Promise<ScanBooking> {
    await tx.$queryRawUnsafe(LOCK_VISIT, id);
    return this.read(tx, id);
  }

  async read(tx: Tx, id: string): Promise<ScanBooking> {
    const row = await tx.scanBooking.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('scan booking');
    return this.toScanBooking(row);
  }

  /** One booking; the look is recorded. */
  async scanBooking(actor: Actor, id: string): Promise<ScanBooking> {
    return this.database.transaction(async (tx) => {
      const booking = await this.read(tx, id);
      await this.audit.record(tx, actor, {
        action: 'scan-booking.viewed',
        subjectType: 'scan-booking',
        subjectId: id,
        patientIds: [booking.patientId],
      });
      return booking;
    });
  }

  /** Bookings by the start of their acquisition; the look at their patients is recorded. */
  async scanBookings(
    actor: Actor,
    filter: ScanBookingFilterInput,
    page: PageInput,
  ): Promise<Page<ScanBooking>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.scanBooking.findMany({
        where: { AND: [this.toWhere(filter), after(page.after)] },
        include: WHOLE,
        orderBy: [{ scanStartsAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.toScanBooking(row));
      await this.audit.record(tx, actor, {
        action: 'scan-bookings.listed',
        subjectType: 'scan-booking',
        patientIds: [...new Set(items.map((item) => item.patientId))],
      });
      const last = items.at(-1);
      const isLastPage = rows.length <= page.size || last === undefined;
      return { items, nextCursor: isLastPage ? null : encodeCursor(last.scanStartsAt.toString(), last.id) };
    });
  }

  /** The bookings of these visits, by their common id. */
  async ofVisits(visitIds: readonly string[]): Promise<ReadonlyMap<string, ScanBooking>> {
    const rows = await this.database.client.scanBooking.findMany({
      where: { id: { in: [...visitIds] } },
      include: WHOLE,
    });
    return new Map(rows.map((row) => [row.id, this.toScanBooking(row)]));
  }

  /** The bookings of these patients, by patient, newest acquisition first. */
  async ofPatients(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanBooking[]>> {
    const rows = await this.database.client.scanBooking.findMany({
      where: { patientId: { in: [...patientIds] } },
      include: WHOLE,
      orderBy: { scanStartsAt: 'desc' },
    });
    const bookings = new Map<string, ScanBooking[]>(patientIds.map((id) => [id, []]));
    for (const row of rows) bookings.get(row.patientId)?.push(this.toScanBooking(row));
    return bookings;
  }

  /** Everything that a letter about a booking says, read now; null when there is no such booking. */
  async letterFacts(bookingId: string): Promise<ScanLetterFacts | null> {
    const row = await this.database.client.scanBooking.findUnique({
      where: { id: bookingId },
      include: { ...WHOLE, patient: true },
    });
    if (row === null) return null;
    const booking = this.toScanBooking(row);
    const { familyName, givenName, namePrefix, email, contactPreference } = row.patient;
    const changes = await this.audit.written(this.database.client, 'scan-booking', bookingId);
    const now = toldOf(asWritten(booking));
    return {
      bookingId,
      version: booking.version,
      status: booking.status,
      bookedAt: booking.bookedAt,
      changedAt: booking.changedAt,
      injectionStartsAt: booking.injectionStartsAt,
      injectionEndsAt: booking.injectionEndsAt,
      scanStartsAt: booking.scanStartsAt,
      scanEndsAt: booking.scanEndsAt,
      procedureName: booking.procedure,
      cancelReason: booking.cancelReason,
      patientId: booking.patientId,
      patient: { familyName, givenName, namePrefix, email, contactPreference },
      toldTheSame: new Set(
        changes.filter((was) => toldOf(was) === now).map(({ version }) => Number(version)),
      ),
      places: { injectionRoom: booking.injectionRoom.name, camera: booking.camera.name },
    };
  }

  private toWhere(filter: ScanBookingFilterInput): Prisma.ScanBookingWhereInput {
    const zone = this.config.clinicTimeZone;
    const from = filter.from ? startOfDay(Temporal.PlainDate.from(filter.from), zone) : null;
    const until = filter.until
      ? startOfDay(Temporal.PlainDate.from(filter.until).add({ days: 1 }), zone)
      : null;
    return {
      scanStartsAt: {
        ...(from ? { gte: dateFromInstant(from) } : {}),
        ...(until ? { lt: dateFromInstant(until) } : {}),
      },
      ...(filter.status ? { status: filter.status } : {}),
      ...(filter.patientId ? { patientId: filter.patientId } : {}),
      ...(filter.cameraId ? { cameraId: filter.cameraId } : {}),
    };
  }

  private toScanBooking(row: WholeRow): ScanBooking {
    const injectionStartsAt = instantFromDate(row.injectionStartsAt);
    const scanStartsAt = instantFromDate(row.scanStartsAt);
    const { id, status, version, closedAs, visit } = row;
    const hasArrived = visit.status === VisitStatus.ARRIVED;
    return {
      id,
      status,
      version,
      patientId: row.patientId,
      referralId: row.referralId,
      procedure: row.protocol.name,
      accessionNumber: row.accessionNumber,
      studyInstanceUID: row.studyInstanceUID,
      injectionStartsAt,
      injectionEndsAt: instantFromDate(row.injectionEndsAt),
      scanStartsAt,
      scanEndsAt: instantFromDate(row.scanEndsAt),
      earlyStartsAt: instantOrNull(row.earlyStartsAt),
      injectionLocal: toLocalMoment(injectionStartsAt, this.config.clinicTimeZone),
      scanLocal: toLocalMoment(scanStartsAt, this.config.clinicTimeZone),
      camera: row.camera,
      injectionRoom: row.injectionRoom,
      injectionTechnologist: row.injectionTechnologist,
      scanTechnologist: row.scanTechnologist,
      bookedAt: instantFromDate(row.bookedAt),
      changedAt: instantFromDate(row.changedAt),
      cancelledAt: instantOrNull(visit.cancelledAt),
      cancelReason: visit.cancelReasonCode === null ? null : reasonOfCode(visit.cancelReasonCode),
      cancelComment: visit.cancelComment,
      startedAt: instantOrNull(row.startedAt),
      endedAt: instantOrNull(row.endedAt),
      closedAs,
      closedAt: instantOrNull(row.closedAt),
      closedById: row.closedById,
      closeReason: row.closeReason,
      consentWithdrawnAt: instantOrNull(row.consentWithdrawnAt),
      injectedAt: instantOrNull(row.injectedAt),
      netActivityMbq: row.netActivityMbq,
      tracerName: row.tracerName,
      hasArrived,
      allowedActions: allowedScanActions(
        { id, status, version, injectionStartsAt, closedAs, hasArrived },
        this.clock.now(),
      ),
    };
  }
}

/** The booking as it looks in the audit record, where instants are text. */
function asWritten(booking: ScanBooking): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(booking)) as Readonly<Record<string, unknown>>;
}

/** What letters tell of a booking, by which two of its versions are told the same. */
function toldOf(written: Readonly<Record<string, unknown>>): string {
  const { injectionStartsAt, scanStartsAt, scanEndsAt, injectionRoom, camera } = written;
  const times = [injectionStartsAt, scanStartsAt, scanEndsAt];
  return JSON.stringify([
    ...times,
    ...[injectionRoom, camera].map((place) => (place as { id?: string })?.id),
  ]);
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

/** An instant as the wall clock shows it, in the forms that people and programs want. */
export function toLocalMoment(instant: Temporal.Instant, timeZone: string): LocalMoment {
  return {
    date: localDate(instant, timeZone).toString(),
    time: formatLocalTime(instant, timeZone),
    iso: formatIsoWithOffset(instant, timeZone),
    text: formatLocalDateTime(instant, timeZone),
  };
}

function after(cursor: string | null | undefined): Prisma.ScanBookingWhereInput {
  if (!cursor) return {};
  const [startsAt, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const scanStartsAt = dateFromInstant(Temporal.Instant.from(startsAt));
  return { OR: [{ scanStartsAt: { gt: scanStartsAt } }, { scanStartsAt, id: { gt: id } }] };
}
