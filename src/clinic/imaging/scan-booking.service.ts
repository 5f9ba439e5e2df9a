import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ResourceKind, ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { claimConstraints, ScheduleService } from '../scheduling/schedule.service.js';
import { PatientAlreadyBooked, ReferralAlreadyBooked } from './scan-booking.refusals.js';
import {
  canBookScan,
  canCancelScan,
  canMoveScan,
  faultOfResources,
  faultOfStarts,
  LIVE_SCAN_STATUSES,
  type VisitTimes,
  type WantedResource,
} from './scan-booking.rules.js';
import type { BookScanInput, CancelScanInput, MoveScanInput, ScanBooking } from './scan-booking.type.js';
import { ScanChangeService } from './scan-change.service.js';
import { ScanFactsService } from './scan-facts.service.js';
import { newStudyInstanceUID } from './scan-identifiers.dicom.js';
import { SCAN_TOPICS } from './scan-letter.type.js';
import { ScanRecordService } from './scan-record.service.js';
import type { VisitInput } from './visit.type.js';

/** The database's own "no"s: it has the last word when two people book at the same moment. */
const CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  ...claimConstraints,
  scan_bookings_one_place_at_a_time: () => new PatientAlreadyBooked(),
  patient_presences_one_place: () => new PatientAlreadyBooked(),
  scan_bookings_one_live_per_referral: () => new ReferralAlreadyBooked(),
};

/** Booking, moving and cancelling a visit: each verb is one transaction. */
@Injectable()
export class ScanBookingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScheduleService) private readonly schedule: ScheduleService,
    @Inject(ScanFactsService) private readonly facts: ScanFactsService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanChangeService) private readonly changes: ScanChangeService,
  ) {}

  async bookScan(actor: StaffActor, input: BookScanInput): Promise<ScanBooking | Refusal> {
    mustStartOnMinutes(input);
    return this.database.transaction<ScanBooking | Refusal>(
      async (tx) => {
        const protocol = await this.facts.protocolInForce(tx, input.protocolCode);
        const { referral, facts } = await this.facts.load(tx, input, protocol);
        await this.mustBeResources(tx, input);
        const refusal = canBookScan(facts) ?? (await this.findLiveBooking(tx, referral.id));
        if (refusal !== null) return refusal;
        const now = dateFromInstant(this.clock.now());
        const row = await tx.scanBooking.create({
          data: {
            patientId: referral.patientId,
            referralId: referral.id,
            protocolId: protocol.id,
            status: ScanBookingStatus.BOOKED,
            studyInstanceUID: newStudyInstanceUID(),
            ...visitColumns(input, facts.times),
            bookedAt: now,
            bookedById: actor.id,
            changedAt: now,
          },
          select: { id: true },
        });
        const taken = await this.claim(tx, row.id, protocol.code, input, facts.times);
        if (taken !== null) return taken;
        const booking = await this.records.read(tx, row.id);
        await this.changes.publish(tx, actor, SCAN_TOPICS.booked, null, booking);
        return booking;
      },
      { onConstraint: CONSTRAINTS },
    );
  }

  /** Takes the new times and frees the old ones as one change; its own old times are never in its way. */
  async moveScan(actor: StaffActor, input: MoveScanInput): Promise<ScanBooking | Refusal> {
    mustStartOnMinutes(input);
    return this.database.transaction<ScanBooking | Refusal>(
      async (tx) => {
        const before = await this.records.lock(tx, input.scanBookingId);
        const cannot = canMoveScan(before, input.version, this.clock.now());
        if (cannot !== null) return cannot;
        const protocol = await this.facts.protocolOf(tx, before.id);
        const { facts } = await this.facts.load(tx, { ...input, referralId: before.referralId }, protocol);
        await this.mustBeResources(tx, input);
        const refusal = canBookScan(facts);
        if (refusal !== null) return refusal;
        const now = this.clock.now();
        await this.schedule.releaseSpans(tx, before.id, now);
        const taken = await this.claim(tx, before.id, protocol.code, input, facts.times);
        if (taken !== null) return taken;
        await tx.scanBooking.update({
          where: { id: before.id },
          data: {
            ...visitColumns(input, facts.times),
            version: { increment: 1 },
            changedAt: dateFromInstant(now),
          },
        });
        const after = await this.records.read(tx, before.id);
        await this.changes.publish(tx, actor, SCAN_TOPICS.moved, before, after);
        return after;
      },
      { onConstraint: CONSTRAINTS },
    );
  }

  async cancelScan(actor: StaffActor, input: CancelScanInput): Promise<ScanBooking | Refusal> {
    return this.database.transaction<ScanBooking | Refusal>(async (tx) => {
      const before = await this.records.lock(tx, input.scanBookingId);
      const comment = input.comment?.trim() || null;
      const now = this.clock.now();
      const refusal = canCancelScan(before, input.reason, comment, now);
      if (refusal !== null) return refusal;
      await this.schedule.releaseSpans(tx, before.id, now);
      await tx.scanBooking.update({
        where: { id: before.id },
        data: {
          status: ScanBookingStatus.CANCELLED,
          version: { increment: 1 },
          changedAt: dateFromInstant(now),
          cancelledAt: dateFromInstant(now),
          cancelledById: actor.id,
          cancelReason: input.reason,
          cancelComment: comment,
        },
      });
      const after = await this.records.read(tx, before.id);
      await this.changes.publish(tx, actor, SCAN_TOPICS.cancelled, before, after);
      return after;
    });
  }

  private async findLiveBooking(tx: Tx, referralId: string): Promise<ReferralAlreadyBooked | null> {
    const live = await tx.scanBooking.findFirst({
      where: { referralId, status: { in: [...LIVE_SCAN_STATUSES] } },
      select: { id: true },
    });
    return live === null ? null : new ReferralAlreadyBooked(live.id);
  }

  /** A camera is a camera: asked before anything is written, so that a wrong id is the caller's mistake and not ours. */
  private async mustBeResources(tx: Tx, visit: VisitInput): Promise<void> {
    const wanted = wantedResources(visit);
    const resources = await this.schedule.resourcesById(
      tx,
      wanted.map(({ id }) => id),
    );
    const fault = faultOfResources(wanted, new Map([...resources].map(([id, { kind }]) => [id, kind])));
    if (fault !== null) throw badInput(fault);
  }

  /** Room and person for the injection, camera and person for the acquisition: all of them, or none. */
  private async claim(
    tx: Tx,
    holderId: string,
    visitTypeCode: string,
    visit: VisitInput,
    times: VisitTimes,
  ): Promise<Refusal | null> {
    const injection = { startsAt: times.injectionStartsAt, endsAt: times.injectionEndsAt };
    const acquisition = { startsAt: times.scanStartsAt, endsAt: times.scanEndsAt };
    return this.schedule.claimSpans(tx, {
      holderId,
      visitTypeCode,
      at: this.clock.now(),
      spans: [
        { resourceId: visit.injectionRoomId, ...injection },
        { resourceId: visit.injectionTechnologistId, ...injection },
        { resourceId: visit.cameraId, ...acquisition },
        { resourceId: visit.scanTechnologistId, ...acquisition },
      ],
    });
  }
}

function mustStartOnMinutes({ injectionStartsAt, scanStartsAt }: VisitInput): void {
  const fault = faultOfStarts({ injectionStartsAt, scanStartsAt });
  if (fault !== null) throw badInput(fault);
}

function wantedResources(visit: VisitInput): WantedResource[] {
  const technologist = ResourceKind.NUCLEAR_MEDICINE_TECHNOLOGIST;
  return [
    { field: 'input.cameraId', id: visit.cameraId, kind: ResourceKind.CAMERA },
    { field: 'input.injectionRoomId', id: visit.injectionRoomId, kind: ResourceKind.INJECTION_ROOM },
    { field: 'input.injectionTechnologistId', id: visit.injectionTechnologistId, kind: technologist },
    { field: 'input.scanTechnologistId', id: visit.scanTechnologistId, kind: technologist },
  ];
}

function visitColumns(visit: VisitInput, times: VisitTimes) {
  const date = (instant: Temporal.Instant) => dateFromInstant(instant);
  return {
    cameraId: visit.cameraId,
    injectionRoomId: visit.injectionRoomId,
    injectionTechnologistId: visit.injectionTechnologistId,
    scanTechnologistId: visit.scanTechnologistId,
    injectionStartsAt: date(times.injectionStartsAt),
    injectionEndsAt: date(times.injectionEndsAt),
    scanStartsAt: date(times.scanStartsAt),
    scanEndsAt: date(times.scanEndsAt),
  };
}
