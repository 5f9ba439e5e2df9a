import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Scanner as ScannerRow } from '../../platform/database/generated/client.js';
import {
  ResourceKind,
  ScanBookingStatus,
  ScheduledStepStatus,
} from '../../platform/database/generated/enums.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import { SET_SCANNERS_UP } from './scan-booking.queries.js';
import {
  CallingAETitleTaken,
  CameraHasScanner,
  ScannerChangedMeanwhile,
  ScannerHasBookings,
  ScannerNameTaken,
  StepInProgress,
} from './scanner.refusals.js';
import { faultOfCertificate, modalityOutOfPlace } from './scanner.rules.js';
import type { ConnectScannerInput, ReviseScannerInput, Scanner } from './scanner.type.js';
import {
  definedOf,
  isDifferent,
  type Kept,
  toKept,
  toRecord,
  toScanner,
  wordsOnWorklist,
} from './scanner-profile.queries.js';
import { WorklistService } from './worklist.service.js';

/** Bookings that have entries, or had them. */
const PROJECTED = [
  ScanBookingStatus.BOOKED,
  ScanBookingStatus.IN_PROGRESS,
  ScanBookingStatus.UNCONFIRMED,
] as const;

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

  /** One scanner, also when it may no longer call. */
  async scanner(id: string): Promise<Scanner> {
    const row = await this.database.client.scanner.findUnique({ where: { id } });
    if (row === null) throw notFound('scanner');
    return toScanner(row);
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
        const {
          cameraId: resourceId,
          name,
          callingAETitles,
          stationAETitle,
          stationName,
          modalities,
        } = input;
        const { responseCharacterSet, ownStationByDefault, answersMax } = input;
        const kept = toKept(input);
        mustFitCertificate({ transport: 'PLAIN_OR_TLS', certificateSha256: null, ...definedOf(kept) });
        const row = await tx.scanner.create({
          data: {
            ...kept,
            ...{ name: name.trim(), callingAETitles, stationAETitle, stationName, modalities },
            ...{ responseCharacterSet, ownStationByDefault, answersMax },
            resourceId,
            connectedAt: dateFromInstant(this.clock.now()),
          },
        });
        const scanner = toScanner(row);
        await this.audit.record(tx, actor, {
          action: 'scanner.connected',
          subjectType: 'scanner',
          subjectId: row.id,
          after: toRecord(row),
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

  /** Another profile from the next association on. Other modalities or another station re-project the bookings at once. */
  async reviseScanner(
    actor: Actor,
    input: ReviseScannerInput,
  ): Promise<Scanner | ScannerChangedMeanwhile | ScannerNameTaken | CallingAETitleTaken | StepInProgress> {
    const nameTaken = () => new ScannerNameTaken();
    return this.database.transaction<
      Scanner | ScannerChangedMeanwhile | CallingAETitleTaken | StepInProgress,
      ScannerNameTaken
    >(
      async (tx) => {
        await putSetUpInLine(tx);
        const before = await lockScanner(tx, input.id);
        if (before.version !== input.version) return new ScannerChangedMeanwhile(toScanner(before));
        const kept = toKept(input);
        if (!isDifferent(before, kept)) return toScanner(before);
        mustFitCertificate({ ...before, ...definedOf(kept) });
        const refusal = await mayBeRevised(tx, before, kept);
        if (refusal !== null) return refusal;
        const after = await tx.scanner.update({
          where: { id: before.id },
          data: { ...kept, version: before.version + 1 },
        });
        await this.audit.record(tx, actor, {
          action: 'scanner.revised',
          subjectType: 'scanner',
          subjectId: before.id,
          before: toRecord(before),
          after: toRecord(after),
        });
        if (wordsOnWorklist(before) !== wordsOnWorklist(after))
          await this.projectCamera(tx, after.resourceId);
        return toScanner(after);
      },
      { onConstraint: { scanners_live_name: nameTaken, scanners_live_station: nameTaken } },
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

  /** Whoever books stands in line before this or after; those after find it retired. */
  private async retire(tx: Tx, actor: Actor, id: string): Promise<Scanner> {
    const before = await lockScanner(tx, id);
    const after = await tx.scanner.update({
      where: { id },
      data: { retiredAt: dateFromInstant(this.clock.now()) },
    });
    await this.audit.record(tx, actor, {
      action: 'scanner.retired',
      subjectType: 'scanner',
      subjectId: id,
      before: toRecord(before),
      after: toRecord(after),
    });
    return toScanner(after);
  }

  private async projectCamera(tx: Tx, cameraId: string): Promise<void> {
    const bookings = await tx.scanBooking.findMany({
      where: { cameraId, status: { in: [...PROJECTED] } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id } of bookings) await this.worklist.project(tx, id);
  }
}

/** One change of the scanners at a time: two who take one calling title do not both succeed. No scan is booked meanwhile. */
async function putSetUpInLine(tx: Tx): Promise<void> {
  await tx.$queryRawUnsafe(SET_SCANNERS_UP);
}

/** The scanner as it is, and as it stays until the transaction ends. */
async function lockScanner(tx: Tx, id: string): Promise<ScannerRow> {
  await tx.$queryRaw`SELECT 1 FROM scanners WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  const row = await tx.scanner.findUnique({ where: { id } });
  if (row === null || row.retiredAt !== null) throw notFound('scanner');
  return row;
}

async function findCaller(
  tx: Tx,
  callingAETitles: readonly string[],
  exceptId?: string,
): Promise<string | null> {
  const other = await tx.scanner.findFirst({
    where: {
      retiredAt: null,
      callingAETitles: { hasSome: [...callingAETitles] },
      ...(exceptId === undefined ? {} : { id: { not: exceptId } }),
    },
  });
  return other?.callingAETitles.find((title) => callingAETitles.includes(title)) ?? null;
}

async function mayBeRevised(
  tx: Tx,
  before: ScannerRow,
  kept: Kept,
): Promise<CallingAETitleTaken | StepInProgress | null> {
  const taken = await findCaller(tx, kept.callingAETitles ?? [], before.id);
  if (taken !== null) return new CallingAETitleTaken(taken);
  if (kept.modalities === undefined) return null;
  const underWay = await modalitiesUnderWay(tx, before.id);
  const moved = modalityOutOfPlace(before.modalities, kept.modalities, underWay);
  return moved === null ? null : new StepInProgress(moved);
}

/** Of steps that are begun, and of finished ones of a visit that is not. */
async function modalitiesUnderWay(tx: Tx, scannerId: string): Promise<string[]> {
  const entries = await tx.worklistEntry.findMany({
    where: {
      scannerId,
      OR: [
        { status: ScheduledStepStatus.STARTED },
        {
          status: { not: ScheduledStepStatus.SCHEDULED },
          booking: { status: ScanBookingStatus.IN_PROGRESS },
        },
      ],
    },
    distinct: ['modality'],
    select: { modality: true },
  });
  return entries.map(({ modality }) => modality);
}

/** Of the profile as it would be and not of what was said: half of it may have stood there before. */
function mustFitCertificate(profile: Pick<ScannerRow, 'transport' | 'certificateSha256'>): void {
  const fault = faultOfCertificate(profile.transport, profile.certificateSha256);
  if (fault !== null) throw badInput(fault);
}
