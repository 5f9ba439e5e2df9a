import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import { ScheduleService } from '../scheduling/schedule.service.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import {
  canCancelScan,
  canMoveScan,
  faultOfResources,
  faultOfStarts,
  type WantedResource,
} from './scan-booking.rules.js';
import {
  BOOK_SCAN_REFUSALS,
  type BookScanInput,
  CANCEL_SCAN_REFUSALS,
  type CancelScanInput,
  MOVE_SCAN_REFUSALS,
  type MoveScanInput,
  type ScanBooking,
} from './scan-booking.type.js';
import { codeOfReason } from './scan-cancel-reason.rules.js';
import { ScanFactsService } from './scan-facts.service.js';
import {
  canTakeUp,
  hasEarlyPart,
  type ProtocolStep,
  stepsOfScan,
  type WantedStep,
} from './scan-place.rules.js';
import type { ScanPlaceInput } from './scan-place.type.js';
import { ScanRecordService } from './scan-record.service.js';
import { SCAN_CONSTRAINTS, ScanVisitService } from './scan-visit.service.js';

/**
 * Imaging's own doors to scans. Each verb is one transaction, and the same key gives the same answer; the visit is
 * booked, moved and cancelled by the room of visits, and the scan follows it (ScanCompanionService).
 */
@Injectable()
export class ScanBookingService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanVisitService) private readonly visits: ScanVisitService,
  ) {}

  async bookScan(booker: Booker, input: BookScanInput): Promise<ScanBooking | Refusal> {
    mustStartOnMinutes(input);
    const { referralId, protocolCode: visitTypeCode } = input;
    return this.idempotency.once<ScanBooking>(
      { booker, operation: 'bookScan', input, refusals: BOOK_SCAN_REFUSALS },
      async (tx) => {
        const { chain } = await this.facts.chainInForce(tx, visitTypeCode);
        const { patientId } = await this.facts.referral(tx, referralId);
        const steps = await this.#stepsOf(tx, chain.steps, input);
        if (isRefusal(steps)) return steps;
        const visit = await this.visits.book(tx, booker, { patientId, referralId, visitTypeCode, steps });
        return isRefusal(visit) ? visit : this.records.read(tx, visit.id);
      },
      SCAN_CONSTRAINTS,
    );
  }

  /** Takes the new times and frees the old ones as one change; its own old times are never in its way. */
  async moveScan(booker: Booker, input: MoveScanInput): Promise<ScanBooking | Refusal> {
    mustStartOnMinutes(input);
    return this.idempotency.once<ScanBooking>(
      { booker, operation: 'moveScan', input, refusals: MOVE_SCAN_REFUSALS },
      async (tx) => {
        const before = await this.records.lockVisit(tx, input.scanBookingId);
        const cannot = canMoveScan(before, input.version, this.clock.now());
        if (cannot !== null) return cannot;
        const { chain } = await this.facts.chainOf(tx, before.id);
        const steps = await this.#stepsOf(tx, chain.steps, input);
        if (isRefusal(steps)) return steps;
        const visit = await this.visits.move(tx, booker, before.id, steps);
        return isRefusal(visit) ? visit : this.records.read(tx, before.id);
      },
      SCAN_CONSTRAINTS,
    );
  }

  async cancelScan(booker: Booker, input: CancelScanInput): Promise<ScanBooking | Refusal> {
    return this.idempotency.once<ScanBooking>(
      { booker, operation: 'cancelScan', input, refusals: CANCEL_SCAN_REFUSALS },
      async (tx) => {
        const before = await this.records.lockVisit(tx, input.scanBookingId);
        const comment = input.comment?.trim() || null;
        const refusal = canCancelScan(before, input.reason, comment, this.clock.now());
        if (refusal !== null) return refusal;
        const why = { reasonCode: codeOfReason(input.reason), comment };
        const visit = await this.visits.cancel(tx, booker, before.id, why);
        return isRefusal(visit) ? visit : this.records.read(tx, before.id);
      },
    );
  }

  /** The scan as the steps of its visit. A camera is a camera: a wrong id is the caller's mistake and not ours. */
  async #stepsOf(
    tx: Tx,
    protocol: readonly ProtocolStep[],
    place: ScanPlaceInput,
  ): Promise<WantedStep[] | Refusal> {
    const wanted = wantedResources(place, hasEarlyPart(protocol));
    const resources = await this.schedule.resourcesById(
      tx,
      wanted.map(({ id }) => id),
    );
    const fault = faultOfResources(wanted, new Map([...resources].map(([id, { kind }]) => [id, kind])));
    if (fault !== null) throw badInput(fault);
    const steps = stepsOfScan(protocol, place);
    if (steps === null) {
      throw badInput(
        'input.protocolCode: needs more than a scan is told by. Book it as a visit, by its steps.',
      );
    }
    return canTakeUp(protocol, steps) ?? steps;
  }
}

function mustStartOnMinutes({ injectionStartsAt, scanStartsAt }: ScanPlaceInput): void {
  const fault = faultOfStarts({ injectionStartsAt, scanStartsAt });
  if (fault !== null) throw badInput(fault);
}

/** With early images the tracer is injected on the camera. */
function wantedResources(place: ScanPlaceInput, isEarly: boolean): WantedResource[] {
  const technologist = ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST;
  const placeKind = isEarly ? ResourceKind.CAMERA : ResourceKind.INJECTION_ROOM;
  const { earlyTechnologistId } = place;
  return [
    { field: 'input.cameraId', id: place.cameraId, kind: ResourceKind.CAMERA },
    { field: 'input.injectionRoomId', id: place.injectionRoomId, kind: placeKind },
    { field: 'input.injectionTechnologistId', id: place.injectionTechnologistId, kind: technologist },
    { field: 'input.scanTechnologistId', id: place.scanTechnologistId, kind: technologist },
    ...(isEarly && earlyTechnologistId
      ? [{ field: 'input.earlyTechnologistId', id: earlyTechnologistId, kind: technologist }]
      : []),
  ];
}
