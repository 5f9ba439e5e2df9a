import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import {
  type CompanionWish,
  type Suitable,
  type VisitChange,
  type VisitCompanion,
  VisitCompanions,
} from '../visits/visit-companion.service.js';
import { LOCK_SCAN } from './scan-booking.queries.js';
import { CameraWithoutScanner, ProtocolNotForScans, ReferralAlreadyBooked } from './scan-booking.refusals.js';
import { LIVE_SCAN_STATUSES } from './scan-booking.rules.js';
import { ScanChangeService } from './scan-change.service.js';
import { isOwnChange, isScanToBe, newsOfChange, standingByVisit } from './scan-companion.rules.js';
import { ScanFactsService } from './scan-facts.service.js';
import { newStudyInstanceUID } from './scan-identifiers.dicom.js';
import { type PlacedScan, type PlannedStep, scanOfSteps } from './scan-place.rules.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScannerService } from './scanner.service.js';

/** The code by which kinds of visit name this room. */
export const SCAN = 'SCAN';

/**
 * Scans are visits: this follows each of them with its booking, its entries on the worklist, and its letters, in the
 * transaction in which the visit is booked, moved, cancelled, missed or expected again.
 */
@Injectable()
export class ScanCompanionService implements VisitCompanion {
  /** Whoever has the tracer in them is nobody else's patient until the scan is over. */
  readonly keepsPatient = true;

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanChangeService) private readonly changes: ScanChangeService,
    @Inject(VisitCompanions) companions: VisitCompanions,
  ) {
    companions.register(SCAN, this);
  }

  /** Cameras that a scanner stands at: a booking on another would be on nobody's worklist. */
  async suitable(tx: Tx): Promise<Suitable> {
    return { kind: ResourceKind.CAMERA, ids: await this.scanners.camerasWithScanner(tx) };
  }

  async judge(tx: Tx, { visit, plan }: CompanionWish): Promise<Refusal | null> {
    const scan = scanOfSteps(await this.#kindsOf(tx, plan.steps));
    if (scan === null) {
      return new ProtocolNotForScans(
        'A scan is an injection and an acquisition, each with its people, and one camera, also for early images.',
      );
    }
    if ((await this.facts.findProtocol(tx, visit.visitTypeCode)) === null) {
      return new ProtocolNotForScans('Nobody has said yet what the scanner shall call this kind of scan.');
    }
    const referralId = await this.#referralOf(tx, visit.requestId);
    if (referralId === null) return new ProtocolNotForScans('A scan is booked for a referral.');
    const live = await tx.scanBooking.findFirst({
      where: { referralId, id: { not: visit.id }, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
    });
    if (live !== null) return new ReferralAlreadyBooked(live.id);
    return (await this.scanners.holdScanner(tx, scan.cameraId)) ? null : new CameraWithoutScanner();
  }

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
    await this.changes.publish(
      tx,
      actor,
      { ...newsOfChange(action, after.status), tellingAt },
      before,
      booking,
    );
  }

  async #write(tx: Tx, actor: Actor, visit: Visit, scan: PlacedScan): Promise<void> {
    const referralId = await this.#referralOf(tx, visit.requestId);
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

  async #referralOf(tx: Tx, requestId: string | null): Promise<string | null> {
    if (requestId === null) return null;
    const request = await tx.visitRequest.findUnique({
      where: { id: requestId },
      select: { referralId: true },
    });
    return request?.referralId ?? null;
  }

  async #kindsOf(tx: Tx, steps: CompanionWish['plan']['steps']): Promise<readonly PlannedStep[]> {
    const ids = [...new Set(steps.flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId)))];
    const rows = await tx.resource.findMany({ where: { id: { in: ids } }, select: { id: true, kind: true } });
    const kinds = new Map(rows.map(({ id, kind }) => [id, kind]));
    return steps.map(({ startsAt, endsAt, resources }) => ({
      startsAt,
      endsAt,
      resources: resources.flatMap(({ role, resourceId: id }) => {
        const kind = kinds.get(id);
        return kind === undefined ? [] : [{ role, id, kind }];
      }),
    }));
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
