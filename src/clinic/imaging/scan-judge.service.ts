import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { CompanionWish } from '../visits/visit-companion.service.js';
import { CameraWithoutScanner, ProtocolNotForScans, ReferralAlreadyBooked } from './scan-booking.refusals.js';
import { LIVE_SCAN_STATUSES } from './scan-booking.rules.js';
import { ScanFactsService } from './scan-facts.service.js';
import { ScanGateService } from './scan-gate.service.js';
import { type PlacedScan, type PlannedStep, scanOfSteps } from './scan-place.rules.js';
import { ScannerService } from './scanner.service.js';

/** Imaging's own "no" to the place of a scan. */
@Injectable()
export class ScanJudgeService {
  constructor(
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(ScanGateService) private readonly gates: ScanGateService,
  ) {}

  /** The gates last: they are asked of a place that a scan could have. Of a hold they are asked when it is confirmed. */
  async judge(tx: Tx, wish: CompanionWish): Promise<Refusal | null> {
    const { visit, plan } = wish;
    const { kinds, siteOf } = await this.#resourcesOf(tx, plan.steps);
    const scan = scanOfSteps(kinds);
    if (scan === null) {
      return new ProtocolNotForScans(
        'A scan is an injection and an acquisition, each with its people, and one camera, also for early images.',
      );
    }
    if ((await this.facts.findProtocol(tx, visit.visitTypeCode)) === null) {
      return new ProtocolNotForScans('Nobody has said yet what the scanner shall call this kind of scan.');
    }
    const referralId = await this.facts.referralOfRequest(tx, visit.requestId);
    if (referralId === null) return new ProtocolNotForScans('A scan is booked for a referral.');
    const live = await tx.scanBooking.findFirst({
      where: { referralId, id: { not: visit.id }, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
    });
    if (live !== null) return new ReferralAlreadyBooked(live.id);
    if (!(await this.scanners.holdScanner(tx, scan.cameraId))) return new CameraWithoutScanner();
    if (!wish.isFirm) return null;
    return this.#judgeGates(tx, visit, referralId, scan, siteOf.get(scan.cameraId));
  }

  async #judgeGates(
    tx: Tx,
    visit: CompanionWish['visit'],
    referralId: string,
    scan: PlacedScan,
    siteCode: string | undefined,
  ): Promise<Refusal | null> {
    if (siteCode === undefined) throw new Error(`The camera ${scan.cameraId} is at no site.`);
    return this.gates.judgeBooking(tx, {
      visitId: visit.id,
      patientId: visit.patientId,
      referralId,
      procedureCode: visit.visitTypeCode,
      siteCode,
      injectionAt: scan.injectionStartsAt,
      scanAt: scan.scanStartsAt,
    });
  }

  async #resourcesOf(
    tx: Tx,
    steps: CompanionWish['plan']['steps'],
  ): Promise<{ readonly kinds: readonly PlannedStep[]; readonly siteOf: ReadonlyMap<string, string> }> {
    const ids = [...new Set(steps.flatMap(({ resources }) => resources.map(({ resourceId }) => resourceId)))];
    const rows = await tx.resource.findMany({
      where: { id: { in: ids } },
      select: { id: true, kind: true, siteCode: true },
    });
    const kindOf = new Map(rows.map(({ id, kind }) => [id, kind]));
    const kinds = steps.map(({ startsAt, endsAt, resources }) => ({
      startsAt,
      endsAt,
      resources: resources.flatMap(({ role, resourceId: id }) => {
        const kind = kindOf.get(id);
        return kind === undefined ? [] : [{ role, id, kind }];
      }),
    }));
    return { kinds, siteOf: new Map(rows.map(({ id, siteCode }) => [id, siteCode])) };
  }
}
