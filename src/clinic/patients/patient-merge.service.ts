import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { REASON_PROBLEM, readReason } from './note-text.rules.js';
import { describeProblems } from './patient.rules.js';
import type { Patient } from './patient.type.js';
import { PatientChangedMeanwhile } from './patient-correction.refusals.js';
import { type ReadCorrection, readCorrection } from './patient-correction.rules.js';
import { MergeForbidden, type SaidToBeDifferentPeople } from './patient-merge.refusals.js';
import { MergeField, takenFields, takenOver, undoUntil } from './patient-merge.rules.js';
import type { MergePatientsInput, PatientMerge } from './patient-merge.type.js';
import { mustBeTwo, PatientMergeGroundService } from './patient-merge-ground.service.js';
import { PatientMergeRecordService } from './patient-merge-record.service.js';

interface Agreed {
  readonly kept: Patient;
  readonly merged: Patient;
  readonly read: ReadCorrection;
  readonly reason: string;
  readonly overrideReason: string | null;
  readonly takesNumber: boolean;
}

type MergeRefusal = MergeForbidden | SaidToBeDifferentPeople | PatientChangedMeanwhile;

@Injectable()
export class PatientMergeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientMergeGroundService) private readonly ground: PatientMergeGroundService,
    @Inject(PatientMergeRecordService) private readonly merges: PatientMergeRecordService,
  ) {}

  /**
   * Makes two records one. What belongs to the other follows, room by room, in this transaction; it stays as a stub that
   * leads to the record that was kept. Throws NOT_FOUND, and BAD_INPUT naming what the kept record cannot take over.
   */
  async mergePatients(actor: StaffActor, input: MergePatientsInput): Promise<PatientMerge | MergeRefusal> {
    mustBeTwo(input.keepId, input.mergeId);
    const reason = mustReadReason('reason', input.reason);
    const overrideReason = input.overrideReason
      ? mustReadReason('overrideReason', input.overrideReason)
      : null;
    return this.database.transaction(
      async (tx): Promise<PatientMerge | MergeRefusal> => {
        await this.ground.hold(tx, [input.keepId, input.mergeId]);
        const kept = await this.ground.record(tx, input.keepId);
        const merged = await this.ground.record(tx, input.mergeId);
        const changed =
          changedMeanwhile(kept, input.keepVersion) ?? changedMeanwhile(merged, input.mergeVersion);
        if (changed !== null) return changed;
        const { conflicts, said } = await this.ground.between(tx, kept, merged);
        if (said !== null && overrideReason === null) return said;
        if (conflicts.length > 0) return new MergeForbidden(conflicts);
        const takeOver = input.takeOver ?? [];
        const read = this.#read(kept, merged, takeOver);
        const takesNumber = takeOver.includes(MergeField.NHS_NUMBER) && merged.nhsNumber !== null;
        return this.#write(tx, actor, { kept, merged, read, reason, overrideReason, takesNumber });
      },
      { onConstraint: { patient_presences_one_place: () => new MergeForbidden([TWO_PLACES]) } },
    );
  }

  #read(kept: Patient, merged: Patient, takeOver: readonly MergeField[]): ReadCorrection {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const read = readCorrection(kept, takenOver(kept, merged, takeOver), today);
    if (read.problems.length > 0) throw badInput(describeProblems(read.problems));
    return read;
  }

  async #write(tx: Tx, actor: StaffActor, agreed: Agreed): Promise<PatientMerge> {
    const { kept, merged, read, reason, overrideReason, takesNumber } = agreed;
    const now = this.clock.now();
    const row = await tx.patientMerge.create({
      data: {
        ...{ id: newId(), keptId: kept.id, mergedId: merged.id, reason, overrideReason },
        taken: takenAsJson(agreed),
        nhsNumberTaken: takesNumber ? merged.nhsNumber : null,
        mergedAt: dateFromInstant(now),
        mergedById: actor.id,
        undoUntil: dateFromInstant(undoUntil(now)),
      },
    });
    await this.merges.follow(tx, actor, row);
    await tx.patient.update({
      where: { id: merged.id },
      data: {
        ...{ mergedIntoId: kept.id, version: { increment: 1 } },
        ...(takesNumber ? { nhsNumber: null, nhsNumberVerifiedAt: null } : {}),
      },
    });
    await this.merges.write(tx, kept.id, read.person, { nhsNumberVerifiedAt: verifiedAt(agreed) });
    const merge = await this.merges.toMerge(tx, row);
    await this.#record(tx, actor, agreed, merge);
    return merge;
  }

  async #record(tx: Tx, actor: StaffActor, agreed: Agreed, merge: PatientMerge): Promise<void> {
    const { kept, merged, reason, overrideReason } = agreed;
    const patientIds = [kept.id, merged.id];
    const mergeId = merge.id;
    await this.audit.record(tx, actor, {
      ...{ action: 'patient.merged', subjectType: 'patient', subjectId: kept.id, patientIds, before: kept },
      after: {
        ...merge.kept,
        ...{ mergeId, mergedId: merged.id, reason, overrideReason, followed: merge.followed },
      },
    });
    await this.audit.record(tx, actor, {
      ...{ action: 'patient.merged-into', subjectType: 'patient', subjectId: merged.id, patientIds },
      before: merged,
      after: { mergeId, mergedIntoId: kept.id, mergedIntoLocalNumber: kept.localNumber, reason },
    });
  }
}

const TWO_PLACES =
  'Both are expected in two places at the same time. Move or cancel one of the visits first.';

/** Null when it is the record that was read, and still its own. */
function changedMeanwhile(record: Patient, versionRead: number): PatientChangedMeanwhile | null {
  const isAsRead = record.askedAs === null && record.version === versionRead;
  return isAsRead ? null : new PatientChangedMeanwhile(record);
}

/** Of the number that the kept record has afterwards: when it was checked. */
function verifiedAt({ kept, merged, takesNumber }: Agreed): Date | null {
  const at = takesNumber ? merged.nhsNumberVerifiedAt : kept.nhsNumberVerifiedAt;
  return at === null ? null : dateFromInstant(at);
}

/** What the kept record took over, as plain values: so it is compared when the merge is undone. */
function takenAsJson(agreed: Agreed): Prisma.InputJsonObject {
  const { kept, read, takesNumber } = agreed;
  const before = kept.nhsNumberVerifiedAt?.toString() ?? null;
  const after = verifiedAt(agreed)?.toISOString() ?? null;
  const taken = takenFields(kept, read.person, read.changed);
  const all = takesNumber ? { ...taken, nhsNumberVerifiedAt: { before, after } } : taken;
  return JSON.parse(JSON.stringify(all)) as Prisma.InputJsonObject;
}

export function mustReadReason(field: string, typed: string): string {
  const reason = readReason(typed);
  if (reason === null) throw badInput(`${field}: ${REASON_PROBLEM}.`);
  return reason;
}
