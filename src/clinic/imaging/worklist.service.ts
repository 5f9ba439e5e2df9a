import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ScanBooking as BookingRow } from '../../platform/database/generated/client.js';
import { ScanBookingStatus, ScanPart } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { scheduledSteps } from './scan-part.rules.js';
import { isOnWorklist, scheduledStatusOf } from './scan-progress.rules.js';
import { BOOKINGS_TO_PROJECT } from './worklist.queries.js';
import type { WorklistEntry } from './worklist.type.js';

// The reconcile goes on in the next run; nothing waits for it.
const RECONCILE_MAX_BOOKINGS = 1_000;

@Injectable()
export class WorklistService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Makes the worklist say what the booking says: one entry for each modality of the camera's scanner, and one for early
   * images, with how it stands. A booking that is cancelled, whose patient did not come, or of which nobody knows how it
   * ended, has none. Doing it twice is doing it once. Called
   * in the transaction of every change of a booking, its performed steps or a scanner, so that a cancelled patient is
   * never offered to the camera, and by the reconcile. It holds the booking, so that two who project at once project
   * the same.
   */
  async project(tx: Tx, bookingId: string): Promise<void> {
    await tx.$queryRaw`SELECT 1 FROM scan_bookings WHERE id = ${bookingId}::uuid FOR NO KEY UPDATE`;
    const booking = await tx.scanBooking.findUniqueOrThrow({ where: { id: bookingId } });
    await tx.worklistEntry.deleteMany({ where: { bookingId } });
    if (!isOnWorklist(booking.status)) return;
    const scanner = await tx.scanner.findFirst({ where: { resourceId: booking.cameraId, retiredAt: null } });
    if (scanner === null) return;
    const steps = booking.status === ScanBookingStatus.BOOKED ? [] : await stepsOf(tx, bookingId);
    const { accessionNumber, earlyStartsAt } = booking;
    const scheduled = scheduledSteps(accessionNumber, scanner.modalities, earlyStartsAt !== null);
    await tx.worklistEntry.createMany({
      data: scheduled.map(({ part, modality, stepId }) => ({
        scheduledProcedureStepId: stepId,
        bookingId,
        bookingVersion: booking.version,
        scannerId: scanner.id,
        stationAETitle: scanner.stationAETitle,
        part,
        modality,
        ...timesOf(part, booking),
        status: scheduledStatusOf(stepId, steps, booking),
      })),
    });
  }

  /**
   * Projects every booking whose entries are not what they should be, and says which. Each change projects in its
   * own transaction, so this finds work only when rows were changed by other hands or a scanner was set up anew.
   */
  async reconcile(): Promise<string[]> {
    const rows = await this.database.client.$queryRawUnsafe<{ id: string }[]>(
      BOOKINGS_TO_PROJECT,
      dateFromInstant(this.clock.now()),
      RECONCILE_MAX_BOOKINGS,
    );
    for (const { id } of rows) {
      await this.database.transaction((tx) => this.project(tx, id));
    }
    return rows.map(({ id }) => id);
  }

  /** The entries of these bookings, by booking. */
  async entriesOf(bookingIds: readonly string[]): Promise<ReadonlyMap<string, readonly WorklistEntry[]>> {
    const rows = await this.database.client.worklistEntry.findMany({
      where: { bookingId: { in: [...bookingIds] } },
      orderBy: { scheduledProcedureStepId: 'asc' },
    });
    const entries = new Map<string, WorklistEntry[]>(bookingIds.map((id) => [id, []]));
    for (const row of rows) {
      entries.get(row.bookingId)?.push({
        scheduledProcedureStepId: row.scheduledProcedureStepId,
        scanBookingId: row.bookingId,
        part: row.part,
        modality: row.modality,
        stationAETitle: row.stationAETitle,
        startsAt: instantFromDate(row.startsAt),
        status: row.status,
      });
    }
    return entries;
  }
}

function timesOf(part: ScanPart, booking: BookingRow): { readonly startsAt: Date; readonly endsAt: Date } {
  const { earlyStartsAt, earlyEndsAt, scanStartsAt, scanEndsAt } = booking;
  return part === ScanPart.EARLY
    ? { startsAt: earlyStartsAt ?? scanStartsAt, endsAt: earlyEndsAt ?? scanEndsAt }
    : { startsAt: scanStartsAt, endsAt: scanEndsAt };
}

async function stepsOf(tx: Tx, bookingId: string) {
  const links = await tx.performedStepLink.findMany({
    where: { bookingId },
    select: { scheduledProcedureStepId: true, performedStep: { select: { status: true } } },
  });
  return links.map(({ scheduledProcedureStepId, performedStep }) => ({
    status: performedStep.status,
    scheduledStepIds: [scheduledProcedureStepId],
  }));
}
