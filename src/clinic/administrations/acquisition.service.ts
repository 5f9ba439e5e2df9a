import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ExposureAct, ScanPart } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { CtDoseReplaced } from './acquisition.refusals.js';
import {
  acquisitionTimesProblem,
  canNoteAcquisition,
  canReplace,
  ctDoseProblem,
  scanDayProblem,
} from './acquisition.rules.js';
import {
  type AcquisitionNote,
  CORRECT_CT_DOSE_REFUSALS,
  type CorrectCtDoseInput,
  type CtDose,
  NOTE_ACQUISITION_REFUSALS,
  type NoteAcquisitionInput,
  RECORD_CT_DOSE_REFUSALS,
  type RecordCtDoseInput,
  VOID_CT_DOSE_REFUSALS,
  type VoidCtDoseInput,
} from './acquisition.type.js';
import { AcquisitionRecordService, toAcquisitionNote } from './acquisition-record.service.js';
import { AdministrationJudgeService } from './administration-judge.service.js';
import { AdministrationLockService, type ScanGround } from './administration-lock.service.js';

/** The database's own "no": somebody has replaced the entry at this moment. */
const REPLACED = { ct_doses_replaces_id_key: () => new CtDoseReplaced() } as const;

/** What an entry of a CT dose says. */
interface SaidDose {
  readonly series: string;
  readonly ctdiVolMgy: number;
  readonly dlpMgyCm: number;
  readonly phantom: CtDose['phantom'];
}

/** What the one who acquired says of it: the dose of the CT, and how it went. Only ever added to. */
@Injectable()
export class AcquisitionService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(AdministrationLockService) private readonly locks: AdministrationLockService,
    @Inject(AdministrationJudgeService) private readonly judge: AdministrationJudgeService,
    @Inject(AcquisitionRecordService) private readonly records: AcquisitionRecordService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  async recordCtDose(booker: Booker, input: RecordCtDoseInput): Promise<CtDose | Refusal> {
    return this.idempotency.once<CtDose>(
      { booker, operation: 'recordCtDose', input, refusals: RECORD_CT_DOSE_REFUSALS },
      async (tx) => {
        const ground = await this.locks.lockVisit(tx, input.scanBookingId);
        const { booking, now, timeZone } = ground;
        const refusal =
          canNoteAcquisition(booking.status) ??
          scanDayProblem(booking.scanStartsAt, now, timeZone) ??
          ctDoseProblem(input) ??
          (await this.#notEntitled(tx, booker.actor, ground));
        if (refusal !== null) return refusal;
        return this.#write(tx, booker.actor, ground, input, null);
      },
    );
  }

  /** A new entry stands in the place of a wrong one, which stays. Throws NOT_FOUND. */
  async correctCtDose(booker: Booker, input: CorrectCtDoseInput): Promise<CtDose | Refusal> {
    return this.idempotency.once<CtDose>(
      { booker, operation: 'correctCtDose', input, refusals: CORRECT_CT_DOSE_REFUSALS },
      async (tx) => {
        const { ground, was, refusal } = await this.#toReplace(tx, booker.actor, input.ctDoseId);
        const cannot = refusal ?? ctDoseProblem(input);
        if (cannot !== null) return cannot;
        return this.#write(tx, booker.actor, ground, input, { was, reason: input.reason, isVoid: false });
      },
      REPLACED,
    );
  }

  /** Takes an entry back: it was another patient's, say. Both entries stay. Throws NOT_FOUND. */
  async voidCtDose(booker: Booker, input: VoidCtDoseInput): Promise<CtDose | Refusal> {
    return this.idempotency.once<CtDose>(
      { booker, operation: 'voidCtDose', input, refusals: VOID_CT_DOSE_REFUSALS },
      async (tx) => {
        const { ground, was, refusal } = await this.#toReplace(tx, booker.actor, input.ctDoseId);
        if (refusal !== null) return refusal;
        return this.#write(tx, booker.actor, ground, was, { was, reason: input.reason, isVoid: true });
      },
      REPLACED,
    );
  }

  async noteAcquisition(booker: Booker, input: NoteAcquisitionInput): Promise<AcquisitionNote | Refusal> {
    return this.idempotency.once<AcquisitionNote>(
      { booker, operation: 'noteAcquisition', input, refusals: NOTE_ACQUISITION_REFUSALS },
      async (tx) => {
        const ground = await this.locks.lockVisit(tx, input.scanBookingId);
        const { booking, now, timeZone } = ground;
        const times = { startedAt: input.startedAt, stoppedAt: input.stoppedAt ?? null };
        const refusal =
          canNoteAcquisition(booking.status) ??
          acquisitionTimesProblem(times, booking.scanStartsAt, now, timeZone) ??
          (await this.#notEntitled(tx, booker.actor, ground));
        if (refusal !== null) return refusal;
        return this.#note(tx, booker.actor, ground, input);
      },
    );
  }

  async #toReplace(tx: Tx, actor: StaffActor, ctDoseId: string) {
    const { scanBookingId } = await this.records.mustHaveCtDose(tx, ctDoseId);
    const ground = await this.locks.lockVisit(tx, scanBookingId);
    const was = await this.records.mustHaveCtDose(tx, ctDoseId);
    const refusal = canReplace(was) ?? (await this.#notEntitled(tx, actor, ground));
    return { ground, was, refusal };
  }

  /** Judged on the day on which it is written: what was acquired before is told of by whoever may acquire. */
  #notEntitled(tx: Tx, actor: StaffActor, { procedureCode, now: at, timeZone }: ScanGround) {
    return this.judge.mustBeEntitled(tx, actor.id, [ExposureAct.ACQUIRE_IMAGES], {
      ...{ procedureCode, at, timeZone },
    });
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    { booking, now }: ScanGround,
    { series, ctdiVolMgy, dlpMgyCm, phantom }: SaidDose,
    replaces: { readonly was: CtDose; readonly reason: string; readonly isVoid: boolean } | null,
  ): Promise<CtDose> {
    const { id } = await tx.ctDose.create({
      data: {
        ...{ visitId: booking.id, series: series.trim(), ctdiVolMgy, dlpMgyCm, phantom },
        replacesId: replaces?.was.id ?? null,
        isVoid: replaces?.isVoid ?? false,
        reason: replaces?.reason.trim() ?? null,
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
      select: { id: true },
    });
    const after = await this.records.mustHaveCtDose(tx, id);
    await this.audit.record(tx, actor, {
      action: recordedAs(replaces),
      subjectType: 'ct-dose',
      subjectId: id,
      patientIds: [booking.patientId],
      ...(replaces === null ? {} : { before: replaces.was }),
      after,
    });
    return after;
  }

  async #note(
    tx: Tx,
    actor: StaffActor,
    { booking, now }: ScanGround,
    { part, startedAt, stoppedAt, deviations, comment }: NoteAcquisitionInput,
  ): Promise<AcquisitionNote> {
    const row = await tx.acquisitionNote.create({
      data: {
        visitId: booking.id,
        part: part ?? ScanPart.DELAYED,
        startedAt: dateFromInstant(startedAt),
        stoppedAt: stoppedAt ? dateFromInstant(stoppedAt) : null,
        deviations: deviations?.trim() ?? null,
        comment: comment?.trim() ?? null,
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      },
    });
    const after = toAcquisitionNote(row);
    await this.audit.record(tx, actor, {
      action: 'acquisition.noted',
      subjectType: 'acquisition-note',
      subjectId: after.id,
      patientIds: [booking.patientId],
      after,
    });
    return after;
  }
}

function recordedAs(replaces: { readonly isVoid: boolean } | null): string {
  if (replaces === null) return 'ct-dose.recorded';
  return replaces.isVoid ? 'ct-dose.voided' : 'ct-dose.corrected';
}
