import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ScanOutcome } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SlotAlreadyTaken } from '../scheduling/schedule.refusals.js';
import { ScanEndImplausible } from './performed-step.refusals.js';
import { PatientAlreadyBooked, ReferralAlreadyBooked } from './scan-booking.refusals.js';
import { canCloseScan, canReopenScan } from './scan-booking.rules.js';
import type { ScanBooking } from './scan-booking.type.js';
import type { CloseScanInput, ReopenScanInput } from './scan-closing.type.js';
import { endOfScan } from './scan-progress.rules.js';
import { ScanProgressService } from './scan-progress.service.js';
import { ScanRecordService } from './scan-record.service.js';

const CLOSINGS = {
  [ScanOutcome.COMPLETED]: { action: 'complete', recordedAs: 'scan.completed' },
  [ScanOutcome.DISCONTINUED]: { action: 'discontinue', recordedAs: 'scan.discontinued' },
} as const satisfies Record<ScanOutcome, object>;

/** The database's own "no"s: a scan that is taken up again holds its referral and its patient's time again. */
export const REVIVAL_CONSTRAINTS = {
  visits_one_live_per_request: () => new ReferralAlreadyBooked(),
  patient_presences_one_place: () => new PatientAlreadyBooked(),
  span_claims_no_overlap: () => new SlotAlreadyTaken(),
  scan_bookings_one_live_per_referral: () => new ReferralAlreadyBooked(),
} as const;

/** What a person says in the scanner's place: how a scan ended, and that it was said in error. */
@Injectable()
export class ScanClosingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanProgressService) private readonly progress: ScanProgressService,
  ) {}

  completeScan(actor: StaffActor, input: CloseScanInput): Promise<ScanBooking | Refusal> {
    return this.close(actor, input, ScanOutcome.COMPLETED);
  }

  discontinueScan(actor: StaffActor, input: CloseScanInput): Promise<ScanBooking | Refusal> {
    return this.close(actor, input, ScanOutcome.DISCONTINUED);
  }

  /** From then on the booking stands where its performed steps say. One that is to come again needs its place again. */
  async reopenScan(actor: StaffActor, input: ReopenScanInput): Promise<ScanBooking | Refusal> {
    return this.database.transaction<ScanBooking | Refusal>(
      async (tx) => {
        const before = await this.records.lock(tx, input.scanBookingId);
        const refusal = canReopenScan(before, this.clock.now());
        if (refusal !== null) return refusal;
        const nobody = { closedAs: null, closedAt: null, closedById: null, closeReason: null };
        await tx.scanBooking.update({ where: { id: before.id }, data: nobody });
        const settled = await this.progress.settle(tx, actor, before.id);
        if (isRefusal(settled)) return settled;
        const { after } = settled;
        await this.progress.record(tx, actor, 'scan.reopened', before, after, input.reason.trim());
        return after;
      },
      { onConstraint: REVIVAL_CONSTRAINTS },
    );
  }

  private async close(
    actor: StaffActor,
    input: CloseScanInput,
    outcome: ScanOutcome,
  ): Promise<ScanBooking | Refusal> {
    const { action, recordedAs } = CLOSINGS[outcome];
    return this.database.transaction<ScanBooking | Refusal>(async (tx) => {
      const before = await this.records.lock(tx, input.scanBookingId);
      const now = this.clock.now();
      const refusal = canCloseScan(before, action, now);
      if (refusal !== null) return refusal;
      const lastEndAt = await lastEndOf(tx, before.id);
      const { endedAt, earliest } = endOfScan(
        { ...before, toldEndAt: input.endedAt ?? null, lastEndAt },
        now,
      );
      if (endedAt === null) return new ScanEndImplausible(earliest, now, this.config.clinicTimeZone);
      await tx.scanBooking.update({
        where: { id: before.id },
        data: {
          closedAs: outcome,
          closedAt: dateFromInstant(now),
          closedById: actor.id,
          closeReason: input.reason.trim(),
          endedAt: dateFromInstant(endedAt),
        },
      });
      const settled = await this.progress.settle(tx, actor, before.id);
      if (isRefusal(settled)) return settled;
      const { after } = settled;
      await this.progress.record(tx, actor, recordedAs, before, after);
      return after;
    });
  }
}

async function lastEndOf(tx: Tx, bookingId: string): Promise<Temporal.Instant | null> {
  const { _max } = await tx.performedStep.aggregate({
    where: { links: { some: { bookingId } } },
    _max: { endedAt: true },
  });
  return _max.endedAt === null ? null : instantFromDate(_max.endedAt);
}
