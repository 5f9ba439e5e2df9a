import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Referral } from '../referrals/referral.type.js';
import { RequestFactsService } from '../visits/request-facts.service.js';
import { RequestRecordService } from '../visits/request-record.service.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import type { VisitSearch } from '../visits/visit-search.service.js';
import { ScannerService } from './scanner.service.js';

/** What is known of a scan that somebody wants, or of one that is to move. */
export type ScanWishFacts = Pick<
  VisitSearch,
  | 'protocolId'
  | 'patientId'
  | 'priority'
  | 'startedOn'
  | 'travelMinutes'
  | 'times'
  | 'keepsStaff'
  | 'ignoreHolderId'
  | 'wantedResourceIds'
>;

/** What of the patient's wish and its clock decides which scans are offered. Reads only. */
@Injectable()
export class ScanWishService {
  constructor(
    @Inject(RequestRecordService) private readonly requests: RequestRecordService,
    @Inject(RequestFactsService) private readonly facts: RequestFactsService,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(ScannerService) private readonly scanners: ScannerService,
  ) {}

  /**
   * By the request of the scan that moves, or the one of the referral that waits; when nobody has asked yet, as if it
   * were asked now. Only cameras with a scanner are searched: a booking on another would be on nobody's worklist.
   */
  async factsFor(
    tx: Tx,
    referral: Referral,
    wish: {
      readonly visitTypeCode: string;
      readonly movingId: string | null;
      readonly cameraId: string | null;
    },
  ): Promise<{ readonly facts: ScanWishFacts; readonly hasCamera: boolean }> {
    const { visitTypeCode, movingId, cameraId } = wish;
    const cameras = await this.scanners.camerasWithScanner(tx);
    const wantedResourceIds = cameras.filter((id) => cameraId === null || id === cameraId);
    const { patientId } = referral;
    const moved = movingId === null ? null : await this.visits.read(tx, movingId);
    const request =
      moved !== null && moved.requestId !== null
        ? await this.requests.read(tx, moved.requestId)
        : await this.requests.waitingFor(tx, { patientId, visitTypeCode, referralId: referral.id });
    const startedOn =
      request?.clock.startedOn ?? (await this.#startedNow(tx, referral, visitTypeCode)).startedOn.toString();
    const facts = {
      protocolId: moved?.protocolId ?? null,
      patientId,
      priority: request?.priority ?? referral.priority,
      startedOn,
      travelMinutes: request?.travelMinutes ?? 0,
      times: request?.times ?? [],
      keepsStaff: request?.keepsStaff ?? false,
      ignoreHolderId: movingId,
      wantedResourceIds,
    };
    return { facts, hasCamera: wantedResourceIds.length > 0 };
  }

  #startedNow(tx: Tx, referral: Referral, visitTypeCode: string) {
    const wish = {
      patientId: referral.patientId,
      visitTypeCode,
      times: [],
      travelMinutes: 0,
      keepsStaff: false,
      wantsFreed: true,
      noticeHoursMin: 0,
    };
    return this.facts.clockFor(tx, wish, referral);
  }
}
