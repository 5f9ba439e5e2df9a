import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import type { VisitChange } from '../visits/visit-companion.service.js';
import { LOCK_SCAN } from './scan-booking.queries.js';
import { ScanChangeService } from './scan-change.service.js';
import { isOwnChange, isScanToBe, newsOfChange, standingByVisit } from './scan-companion.rules.js';
import { ScanDoseService } from './scan-dose.service.js';
import { ScanFactsService } from './scan-facts.service.js';
import { newStudyInstanceUID } from './scan-identifiers.dicom.js';
import { type PlacedScan, scanOfSteps } from './scan-place.rules.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScannerService } from './scanner.service.js';

/** The booking, its entries on the worklist, its letters and its dose, where the visit of a scan says that they are. */
@Injectable()
export class ScanFollowService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanChangeService) private readonly changes: ScanChangeService,
    @Inject(ScanDoseService) private readonly doses: ScanDoseService,
  ) {}

  async follow(tx: Tx, actor: Actor, { action, after, tellingAt }: VisitChange): Promise<void> {
    if (!isScanToBe(after.status) || isOwnChange(action)) return;
    const scan = mustBeScan(after);
    await this.scanners.keepScanners(tx);
    const known = await tx.$queryRawUnsafe<readonly unknown[]>(LOCK_SCAN, after.id);
    const before = known.length === 0 ? null : await this.records.read(tx, after.id);
    const status = standingByVisit(after.status) ?? before?.status ?? null;
    if (status === null) throw new Error(`The visit ${after.id} is under way and has no scan.`);
    if (before === null) await this.#write(tx, actor, after, scan);
    else {
      const changes = await tx.scanBooking.updateMany({
        where: { id: after.id, NOT: { status, ...columnsOf(scan) } },
        data: {
          status,
          ...columnsOf(scan),
          version: { increment: 1 },
          changedAt: dateFromInstant(this.clock.now()),
        },
      });
      if (changes.count === 0) return;
    }
    const booking = await this.records.read(tx, after.id);
    const news = { ...newsOfChange(action, after.status), tellingAt };
    await this.changes.publish(tx, actor, news, before, booking);
    await this.doses.follow(tx, actor, booking);
  }

  async #write(tx: Tx, actor: Actor, visit: Visit, scan: PlacedScan): Promise<void> {
    const referralId = await this.facts.referralOfRequest(tx, visit.requestId);
    const protocol = await this.facts.findProtocol(tx, visit.visitTypeCode);
    if (referralId === null || protocol === null || actor.id === null) {
      throw new Error(`The scan of the visit ${visit.id} was not judged before it was booked.`);
    }
    const now = dateFromInstant(this.clock.now());
    await tx.scanBooking.create({
      data: {
        id: visit.id,
        patientId: visit.patientId,
        referralId,
        protocolId: protocol.id,
        status: 'BOOKED',
        studyInstanceUID: newStudyInstanceUID(),
        ...columnsOf(scan),
        bookedAt: now,
        bookedById: actor.id,
        changedAt: now,
      },
      select: { id: true },
    });
  }
}

function mustBeScan(visit: Visit): PlacedScan {
  const steps = visit.steps.map(({ startsAt, endsAt, resources }) => ({
    startsAt,
    endsAt,
    resources: resources.map(({ role, resource }) => ({ role, id: resource.id, kind: resource.kind })),
  }));
  const scan = scanOfSteps(steps);
  if (scan === null) throw new Error(`The visit ${visit.id} is no scan.`);
  return scan;
}

function columnsOf(scan: PlacedScan) {
  const dateOrNull = (at: Temporal.Instant | null) => (at === null ? null : dateFromInstant(at));
  const { injectionStartsAt, injectionEndsAt, scanStartsAt, scanEndsAt } = scan;
  return {
    cameraId: scan.cameraId,
    injectionRoomId: scan.injectionRoomId,
    injectionTechnologistId: scan.injectionTechnologistId,
    scanTechnologistId: scan.scanTechnologistId,
    injectionStartsAt: dateFromInstant(injectionStartsAt),
    injectionEndsAt: dateFromInstant(injectionEndsAt),
    scanStartsAt: dateFromInstant(scanStartsAt),
    scanEndsAt: dateFromInstant(scanEndsAt),
    earlyStartsAt: dateOrNull(scan.earlyStartsAt),
    earlyEndsAt: dateOrNull(scan.earlyEndsAt),
  };
}
