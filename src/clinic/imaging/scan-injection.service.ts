import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { LOCK_SCAN } from './scan-booking.queries.js';
import type { ScanBooking } from './scan-booking.type.js';
import { ScanChangeService } from './scan-change.service.js';
import { ScanRecordService } from './scan-record.service.js';
import { ScannerService } from './scanner.service.js';

/** What the record of an administration says of the tracer in the patient. */
export interface ScanInjection {
  readonly injectedAt: Temporal.Instant;
  /** At that moment, less what stayed in the syringe; 0 or more. */
  readonly netActivityMbq: number;
  /** For people, such as Tc-99m oxidronate. */
  readonly tracerName: string;
  /** Of its radionuclide, as it was reckoned with. */
  readonly halfLifeHours: number;
}

/** The injection of a scan, for the scanner and for whoever reads the booking. The record of it is a later room's. */
@Injectable()
export class ScanInjectionService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ScannerService) private readonly scanners: ScannerService,
    @Inject(ScanRecordService) private readonly records: ScanRecordService,
    @Inject(ScanChangeService) private readonly changes: ScanChangeService,
  ) {}

  /**
   * In the transaction that records an administration, or takes one back (null). Whoever calls this holds the visit. The
   * scanner is told with its next query. Saying the same twice changes nothing. Throws NOT_FOUND.
   */
  async recordInjection(
    tx: Tx,
    actor: Actor,
    scanBookingId: string,
    injection: ScanInjection | null,
  ): Promise<ScanBooking> {
    await this.scanners.keepScanners(tx);
    await tx.$queryRawUnsafe(LOCK_SCAN, scanBookingId);
    const before = await this.records.read(tx, scanBookingId);
    if (isSame(before, injection)) return before;
    await tx.scanBooking.update({
      where: { id: scanBookingId },
      data: { ...columnsOf(injection), changedAt: dateFromInstant(this.clock.now()) },
      select: { id: true },
    });
    const after = await this.records.read(tx, scanBookingId);
    const recordedAs = injection === null ? 'scan.injection-taken-back' : 'scan.injected';
    await this.changes.publish(tx, actor, { recordedAs, topic: null, tellingAt: null }, before, after);
    return after;
  }
}

function isSame(booking: ScanBooking, injection: ScanInjection | null): boolean {
  const { injectedAt, netActivityMbq, tracerName } = booking;
  if (injection === null || injectedAt === null) return injection === null && injectedAt === null;
  return (
    injectedAt.epochMilliseconds === injection.injectedAt.epochMilliseconds &&
    netActivityMbq === injection.netActivityMbq &&
    tracerName === injection.tracerName
  );
}

function columnsOf(injection: ScanInjection | null) {
  if (injection === null) {
    return { injectedAt: null, netActivityMbq: null, tracerName: null, halfLifeHours: null };
  }
  const { injectedAt, netActivityMbq, tracerName, halfLifeHours } = injection;
  return {
    injectedAt: dateFromInstant(injectedAt),
    netActivityMbq,
    tracerName,
    halfLifeHours,
  };
}
