import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ConsentPurpose, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { ConsentService } from '../consent/consent.service.js';
import { stepIds } from './scan-booking.rules.js';
import { BOOKINGS_TO_PROJECT, WORKLIST_ITEMS } from './worklist.queries.js';
import type { WorklistEntry, WorklistItem, WorklistSearch } from './worklist.type.js';

// One batch is well under a megabyte, and the first answers leave before the last are read.
const BATCH_ITEMS = 200;
// The reconcile goes on in the next run; nothing waits for it.
const RECONCILE_MAX_BOOKINGS = 1_000;

type ItemRow = Omit<WorklistItem, 'startsAt'> & { readonly startsAt: Date };

@Injectable()
export class WorklistService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ConsentService) private readonly consent: ConsentService,
  ) {}

  /**
   * Makes the worklist say what the booking says: one entry for each modality of the camera's scanner while the booking
   * is live, none otherwise. Doing it twice is doing it once. Called in the transaction of every change of a booking or a
   * scanner, so that a cancelled patient is never offered to the camera, and by the reconcile. It holds the booking, so
   * that two who project at once project the same.
   */
  async project(tx: Tx, bookingId: string): Promise<void> {
    await tx.$queryRaw`SELECT 1 FROM scan_bookings WHERE id = ${bookingId}::uuid FOR NO KEY UPDATE`;
    const booking = await tx.scanBooking.findUniqueOrThrow({ where: { id: bookingId } });
    await tx.worklistEntry.deleteMany({ where: { bookingId } });
    if (booking.status !== ScanBookingStatus.BOOKED) return;
    const scanner = await tx.scanner.findFirst({ where: { resourceId: booking.cameraId, retiredAt: null } });
    if (scanner === null) return;
    await tx.worklistEntry.createMany({
      data: [...stepIds(booking.accessionNumber, scanner.modalities)].map(([modality, stepId]) => ({
        scheduledProcedureStepId: stepId,
        bookingId,
        bookingVersion: booking.version,
        scannerId: scanner.id,
        stationAETitle: scanner.stationAETitle,
        modality,
        startsAt: booking.scanStartsAt,
        endsAt: booking.scanEndsAt,
      })),
    });
  }

  /**
   * Projects every live booking whose entries are not what they should be, and says which. Each change projects in its
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

  /** What the scanner may be told, by start. Patients whose consent is not in force are left out at once. */
  async *find(search: WorklistSearch, signal: AbortSignal): AsyncGenerator<WorklistItem> {
    let last: ItemRow | null = null;
    while (!signal.aborted) {
      const rows: ItemRow[] = await this.database.client.$queryRawUnsafe<ItemRow[]>(
        WORKLIST_ITEMS,
        search.stationAETitles,
        search.modalities,
        dateOrNull(search.from),
        dateOrNull(search.until),
        search.localNumber,
        search.accessionNumber,
        search.scheduledProcedureStepId,
        last?.startsAt ?? null,
        last?.scheduledProcedureStepId ?? null,
        BATCH_ITEMS,
      );
      const consenting = await this.consent.patientsInForce(
        this.database.client,
        [...new Set(rows.map((row) => row.patientId))],
        ConsentPurpose.IMAGING_TRACER_AND_XRAYS,
        this.clock.now(),
      );
      for (const row of rows) {
        if (consenting.has(row.patientId)) yield { ...row, startsAt: instantFromDate(row.startsAt) };
      }
      last = rows.at(-1) ?? null;
      if (rows.length < BATCH_ITEMS) return;
    }
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
        modality: row.modality,
        stationAETitle: row.stationAETitle,
        startsAt: instantFromDate(row.startsAt),
      });
    }
    return entries;
  }
}

function dateOrNull(instant: Temporal.Instant | null): Date | null {
  return instant === null ? null : dateFromInstant(instant);
}
