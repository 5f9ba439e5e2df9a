import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Scanner as ScannerRow } from '../../platform/database/generated/client.js';
import { ResourceKind, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import { CallingAETitleTaken, ScannerHasBookings, ScannerNameTaken } from './scanner.refusals.js';
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

  /** Live bookings on the camera appear on the new scanner's worklist at once. */
  async connectScanner(
    actor: Actor,
    input: ConnectScannerInput,
  ): Promise<Scanner | ScannerNameTaken | CallingAETitleTaken> {
    const nameTaken = () => new ScannerNameTaken();
    return this.database.transaction<Scanner | CallingAETitleTaken, ScannerNameTaken>(
      async (tx) => {
        await lockScanners(tx);
        const cameras = await this.schedule.resourcesById(tx, [input.cameraId]);
        if (cameras.get(input.cameraId)?.kind !== ResourceKind.CAMERA) {
          throw badInput('input.cameraId: must be a resource of the kind CAMERA.');
        }
        const taken = await findCaller(tx, input.callingAETitles);
        if (taken !== null) return new CallingAETitleTaken(taken);
        const { cameraId: resourceId, name, ...profile } = input;
        const row = await tx.scanner.create({ data: { ...profile, name: name.trim(), resourceId } });
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
      { onConstraint: { scanners_name_key: nameTaken, scanners_station_ae_title_key: nameTaken } },
    );
  }

  /** From now on it may not call. Refused while it is the only one at a camera with visits to come. */
  async retireScanner(actor: Actor, id: string): Promise<Scanner | ScannerHasBookings> {
    return this.database.transaction<Scanner | ScannerHasBookings>(async (tx) => {
      await lockScanners(tx);
      const before = await tx.scanner.findUnique({ where: { id } });
      if (before === null || before.retiredAt !== null) throw notFound('scanner');
      const { resourceId: cameraId } = before;
      const now = dateFromInstant(this.clock.now());
      const others = await tx.scanner.count({
        where: { resourceId: cameraId, retiredAt: null, NOT: { id } },
      });
      const toCome = await tx.scanBooking.count({
        where: { cameraId, status: ScanBookingStatus.BOOKED, scanEndsAt: { gt: now } },
      });
      if (others === 0 && toCome > 0) return new ScannerHasBookings();
      const after = await tx.scanner.update({ where: { id }, data: { retiredAt: now } });
      await this.audit.record(tx, actor, {
        action: 'scanner.retired',
        subjectType: 'scanner',
        subjectId: id,
        before: toScanner(before),
        after: toScanner(after),
      });
      await this.projectCamera(tx, cameraId);
      return toScanner(after);
    });
  }

  private async projectCamera(tx: Tx, cameraId: string): Promise<void> {
    const bookings = await tx.scanBooking.findMany({
      where: { cameraId, status: ScanBookingStatus.BOOKED },
      select: { id: true },
    });
    for (const { id } of bookings) await this.worklist.project(tx, id);
  }
}

/** One change of the scanners at a time; bookings wait for it, because they ask which scanner stands at a camera. */
async function lockScanners(tx: Tx): Promise<void> {
  await tx.$executeRaw`LOCK TABLE scanners IN SHARE ROW EXCLUSIVE MODE`;
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
