import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Scanner as ScannerRow } from '../../platform/database/generated/client.js';
import { ResourceKind, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import {
  CallingAETitleTaken,
  CameraHasScanner,
  ScannerHasBookings,
  ScannerNameTaken,
} from './scanner.refusals.js';
import { canonicalAddress } from './scanner.rules.js';
import type { ConnectScannerInput, Scanner } from './scanner.type.js';
import { WorklistService } from './worklist.service.js';

/** Which scanners may call. A change takes effect with the next association; nothing is restarted. */
@Injectable()
export class ScannerSetupService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(WorklistService) private readonly worklist: WorklistService,
  ) {}

  async scanners(): Promise<Scanner[]> {
    const rows = await this.database.client.scanner.findMany({
      where: { retiredAt: null },
      orderBy: { name: 'asc' },
    });
    return rows.map(toScanner);
  }

  /** Bookings of a scanner that is replaced appear on the new one's worklist at once. */
  async connectScanner(
    actor: Actor,
    input: ConnectScannerInput,
  ): Promise<Scanner | ScannerNameTaken | CallingAETitleTaken | CameraHasScanner> {
    const nameTaken = () => new ScannerNameTaken();
    return this.database.transaction<Scanner | CallingAETitleTaken, ScannerNameTaken | CameraHasScanner>(
      async (tx) => {
        await putSetUpInLine(tx);
        const cameras = await this.schedule.resourcesById(tx, [input.cameraId]);
        if (cameras.get(input.cameraId)?.kind !== ResourceKind.CAMERA) {
          throw badInput('input.cameraId: must be a resource of the kind CAMERA.');
        }
        if (input.replacesScannerId) await this.replace(tx, actor, input.replacesScannerId, input.cameraId);
        const taken = await findCaller(tx, input.callingAETitles);
        if (taken !== null) return new CallingAETitleTaken(taken);
        const { cameraId: resourceId, replacesScannerId: _, name, sourceAddresses, ...profile } = input;
        const row = await tx.scanner.create({
          data: {
            ...profile,
            name: name.trim(),
            resourceId,
            sourceAddresses: sourceAddresses.map(canonicalAddress),
          },
        });
        const scanner = toScanner(row);
        await this.audit.record(tx, actor, {
          action: 'scanner.connected',
          subjectType: 'scanner',
          subjectId: row.id,
          after: scanner,
        });
        await this.projectCamera(tx, resourceId);
        return scanner;
      },
      {
        onConstraint: {
          scanners_live_name: nameTaken,
          scanners_live_station: nameTaken,
          scanners_one_live_per_camera: () => new CameraHasScanner(),
        },
      },
    );
  }

  /** From now on it may not call. Refused while visits to come are booked on its camera. */
  async retireScanner(actor: Actor, id: string): Promise<Scanner | ScannerHasBookings> {
    return this.database.transaction<Scanner | ScannerHasBookings>(async (tx) => {
      await putSetUpInLine(tx);
      const scanner = await this.retire(tx, actor, id);
      const toCome = await tx.scanBooking.count({
        where: {
          cameraId: scanner.cameraId,
          status: ScanBookingStatus.BOOKED,
          scanEndsAt: { gt: dateFromInstant(this.clock.now()) },
        },
      });
      if (toCome > 0) return new ScannerHasBookings();
      await this.projectCamera(tx, scanner.cameraId);
      return scanner;
    });
  }

  private async replace(tx: Tx, actor: Actor, id: string, cameraId: string): Promise<void> {
    const old = await this.retire(tx, actor, id);
    if (old.cameraId !== cameraId) {
      throw badInput('input.replacesScannerId: must be the scanner at the same camera.');
    }
  }

  /** Waits for the bookings that hold the scanner; those after them find it retired. */
  private async retire(tx: Tx, actor: Actor, id: string): Promise<Scanner> {
    await tx.$queryRaw`SELECT 1 FROM scanners WHERE id = ${id}::uuid FOR UPDATE`;
    const before = await tx.scanner.findUnique({ where: { id } });
    if (before === null || before.retiredAt !== null) throw notFound('scanner');
    const after = await tx.scanner.update({
      where: { id },
      data: { retiredAt: dateFromInstant(this.clock.now()) },
    });
    await this.audit.record(tx, actor, {
      action: 'scanner.retired',
      subjectType: 'scanner',
      subjectId: id,
      before: toScanner(before),
      after: toScanner(after),
    });
    return toScanner(after);
  }

  private async projectCamera(tx: Tx, cameraId: string): Promise<void> {
    const bookings = await tx.scanBooking.findMany({
      where: { cameraId, status: ScanBookingStatus.BOOKED },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id } of bookings) await this.worklist.project(tx, id);
  }
}

/** One change of the scanners at a time (advisory lock 4207, 3): two who take one calling title do not both succeed. */
async function putSetUpInLine(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(4207, 3)::text`;
}

async function findCaller(tx: Tx, callingAETitles: readonly string[]): Promise<string | null> {
  const other = await tx.scanner.findFirst({
    where: { retiredAt: null, callingAETitles: { hasSome: [...callingAETitles] } },
  });
  return other?.callingAETitles.find((title) => callingAETitles.includes(title)) ?? null;
}

function toScanner({ resourceId, retiredAt: _, ...row }: ScannerRow): Scanner {
  return { ...row, cameraId: resourceId };
}
