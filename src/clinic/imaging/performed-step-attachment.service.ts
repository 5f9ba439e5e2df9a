import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ScanBookingStatus, UnmatchedReason } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  PerformedStepAlreadyAttached,
  PerformedStepNotAttached,
  ScanWasCancelled,
} from './performed-step.refusals.js';
import { type Candidate, canAttach, scheduledStepsOf } from './performed-step.rules.js';
import type {
  AttachPerformedStepInput,
  DetachPerformedStepInput,
  PerformedStep,
} from './performed-step.type.js';
import { PerformedStepMatchService } from './performed-step-match.service.js';
import { PerformedStepRecordService } from './performed-step-record.service.js';
import { REVIVAL_CONSTRAINTS } from './scan-closing.service.js';
import { ScanProgressService } from './scan-progress.service.js';

/** What a person decides about a step that the scanner's own words did not lead, or led wrongly, to a booking. */
@Injectable()
export class PerformedStepAttachmentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PerformedStepRecordService) private readonly steps: PerformedStepRecordService,
    @Inject(PerformedStepMatchService) private readonly matches: PerformedStepMatchService,
    @Inject(ScanProgressService) private readonly progress: ScanProgressService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The booking moves as if the scanner had named it. */
  async attachPerformedStep(
    actor: StaffActor,
    input: AttachPerformedStepInput,
  ): Promise<PerformedStep | Refusal> {
    return this.database.transaction<PerformedStep | Refusal>(
      async (tx) => {
        const before = await this.steps.lock(tx, input.performedStepId);
        if (before.scanBookingId !== null) return new PerformedStepAlreadyAttached(before.scanBookingId);
        const known = await tx.scanBooking.count({ where: { id: input.scanBookingId } });
        if (known === 0) throw notFound('scan booking');
        const booking = await this.matches.hold(tx, input.scanBookingId);
        if (booking.status === ScanBookingStatus.CANCELLED) return new ScanWasCancelled();
        const refusal = await mayBeOf(tx, before, booking);
        if (refusal !== null) return refusal;
        const scheduledStepIds = wantedSteps(input.scheduledProcedureStepId ?? null, before, booking);
        await this.matches.link(tx, before.id, { bookingId: booking.bookingId, scheduledStepIds }, actor.id);
        await tx.performedStep.update({ where: { id: before.id }, data: { unmatchedReason: null } });
        const followed = await this.progress.follow(tx, actor, booking.bookingId);
        if (isRefusal(followed)) return followed;
        const after = await this.steps.read(tx, before.id);
        await this.record(
          tx,
          actor,
          'performed-step.attached',
          [booking.patientId],
          before,
          after,
          input.reason,
        );
        return after;
      },
      { onConstraint: REVIVAL_CONSTRAINTS },
    );
  }

  /** The booking goes back to what its other steps say. */
  async detachPerformedStep(
    actor: StaffActor,
    input: DetachPerformedStepInput,
  ): Promise<PerformedStep | Refusal> {
    return this.database.transaction<PerformedStep | Refusal>(
      async (tx) => {
        const before = await this.steps.lock(tx, input.performedStepId);
        if (before.scanBookingId === null) return new PerformedStepNotAttached();
        const patientIds = await this.matches.patientsOf(tx, [before.scanBookingId]);
        await tx.performedStepLink.deleteMany({ where: { performedStepId: before.id } });
        await tx.performedStep.update({
          where: { id: before.id },
          data: { unmatchedReason: UnmatchedReason.DETACHED },
        });
        const followed = await this.progress.follow(tx, actor, before.scanBookingId);
        if (isRefusal(followed)) return followed;
        const after = await this.steps.read(tx, before.id);
        await this.record(tx, actor, 'performed-step.detached', patientIds, before, after, input.reason);
        return after;
      },
      { onConstraint: REVIVAL_CONSTRAINTS },
    );
  }

  private async record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    patientIds: readonly string[],
    before: PerformedStep,
    after: PerformedStep,
    reason: string,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'performed-step',
      subjectId: after.id,
      patientIds,
      before: { links: before.links, unmatchedReason: before.unmatchedReason },
      after: { links: after.links, unmatchedReason: after.unmatchedReason, reason: reason.trim() },
    });
  }
}

async function mayBeOf(tx: Tx, step: PerformedStep, booking: Candidate): Promise<Refusal | null> {
  const localNumber = step.toldPatientId.trim().toUpperCase();
  const registered = localNumber === '' ? 0 : await tx.patient.count({ where: { localNumber } });
  const told = { patientId: step.toldPatientId, patientBirthDate: step.toldPatientBirthDate };
  return canAttach(told, registered > 0, booking);
}

/** A step id that is not of the booking is the caller's mistake. */
function wantedSteps(stepId: string | null, step: PerformedStep, booking: Candidate): readonly string[] {
  const references = stepId === null ? [] : [{ scheduledProcedureStepId: stepId }];
  const found = scheduledStepsOf(references, step.modality, booking, step.startedAt);
  if (stepId !== null && !(found.length === 1 && found[0] === stepId)) {
    throw badInput(
      `input.scheduledProcedureStepId: is not a step of this booking. Ask for its worklistEntries, or leave it out.`,
    );
  }
  return found;
}
