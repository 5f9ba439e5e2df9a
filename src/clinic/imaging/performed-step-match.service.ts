import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Clock, dateFromInstant, instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import { type Candidate, identifiersOf, type Match, matchStep } from './performed-step.rules.js';
import type { StepReport } from './performed-step-report.type.js';
import { LOCK_SCAN, LOCK_VISIT } from './scan-booking.queries.js';

/** Where a step belongs, and the patients whom its identifiers lead to. */
export interface FoundStep {
  readonly match: Match;
  readonly patientIds: readonly string[];
}

type Linked = Extract<Match, { readonly scheduledStepIds: readonly string[] }>;
type KnownCandidate = Candidate & { readonly patientId: string };

/** Which booking a performed step belongs to. */
@Injectable()
export class PerformedStepMatchService {
  constructor(@Inject(Clock) private readonly clock: Clock) {}

  /** Holds the bookings that it finds, their visits first, so that none is cancelled or moved until the step is linked to it. */
  async find(tx: Tx, report: StepReport): Promise<FoundStep> {
    const { accessionNumbers, studyInstanceUIDs } = identifiersOf(report.references);
    const bookings = await tx.scanBooking.findMany({
      where: {
        OR: [
          { accessionNumber: { in: [...accessionNumbers] } },
          { studyInstanceUID: { in: [...studyInstanceUIDs] } },
        ],
      },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    const candidates: KnownCandidate[] = [];
    for (const { id } of bookings) candidates.push(await this.hold(tx, id));
    return {
      match: matchStep(report.references, report.modality, report, candidates),
      patientIds: [...new Set(candidates.map(({ patientId }) => patientId))],
    };
  }

  /** A booking as a candidate, kept from changing until the transaction ends. */
  async hold(tx: Tx, bookingId: string): Promise<KnownCandidate> {
    await tx.$queryRawUnsafe(LOCK_VISIT, bookingId);
    await tx.$queryRawUnsafe(LOCK_SCAN, bookingId);
    const booking = await tx.scanBooking.findUniqueOrThrow({
      where: { id: bookingId },
      select: {
        accessionNumber: true,
        studyInstanceUID: true,
        status: true,
        cameraId: true,
        scanStartsAt: true,
        earlyStartsAt: true,
        patientId: true,
        patient: {
          select: { localNumber: true, dateOfBirth: true, mergedRecords: { select: { localNumber: true } } },
        },
      },
    });
    const scanner = await tx.scanner.findFirst({
      where: { resourceId: booking.cameraId, retiredAt: null },
      select: { modalities: true },
    });
    return {
      bookingId,
      accessionNumber: booking.accessionNumber,
      studyInstanceUID: booking.studyInstanceUID,
      status: booking.status,
      modalities: scanner?.modalities ?? [],
      partStarts:
        booking.earlyStartsAt === null
          ? null
          : {
              EARLY: instantFromDate(booking.earlyStartsAt),
              DELAYED: instantFromDate(booking.scanStartsAt),
            },
      patientId: booking.patientId,
      localNumber: booking.patient.localNumber,
      formerLocalNumbers: booking.patient.mergedRecords.map(({ localNumber }) => localNumber),
      dateOfBirth: plainDateFromDate(booking.patient.dateOfBirth).toString(),
    };
  }

  /** `attachedById`: the person who says so; null when the scanner's own words led to it. */
  async link(tx: Tx, performedStepId: string, match: Linked, attachedById: string | null): Promise<void> {
    const attachedAt = dateFromInstant(this.clock.now());
    await tx.performedStepLink.createMany({
      data: match.scheduledStepIds.map((scheduledProcedureStepId) => ({
        performedStepId,
        scheduledProcedureStepId,
        bookingId: match.bookingId,
        attachedById,
        attachedAt,
      })),
    });
  }

  async patientsOf(tx: Tx, bookingIds: readonly string[]): Promise<string[]> {
    const bookings = await tx.scanBooking.findMany({
      where: { id: { in: [...bookingIds] } },
      select: { patientId: true },
    });
    return [...new Set(bookings.map(({ patientId }) => patientId))];
  }
}
