import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { PatientMerge as MergeRow } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { CorrectableField } from './patient.rules.js';
import type { Patient } from './patient.type.js';
import { MergeCannotBeUndone } from './patient-merge.refusals.js';
import { givenBack, type Taken, type TakenField } from './patient-merge.rules.js';
import { mustReadReason } from './patient-merge.service.js';
import type { UndonePatientMerge, UndoPatientMergeInput } from './patient-merge.type.js';
import { PatientMergeGroundService } from './patient-merge-ground.service.js';
import { PatientMergeRecordService, stayedOf, type UnfollowedRoom } from './patient-merge-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Injectable()
export class PatientMergeUndoService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientMergeGroundService) private readonly ground: PatientMergeGroundService,
    @Inject(PatientMergeRecordService) private readonly merges: PatientMergeRecordService,
  ) {}

  /**
   * Makes two of one again: the rows that had followed go back, and with them what hangs on them; what was added since stays
   * with the record that was kept, and is counted. Throws NOT_FOUND, BAD_INPUT.
   */
  async undoPatientMerge(
    actor: StaffActor,
    input: UndoPatientMergeInput,
  ): Promise<UndonePatientMerge | MergeCannotBeUndone> {
    const undoReason = mustReadReason('reason', input.reason);
    if (!UUID.test(input.mergeId)) throw notFound('merge');
    return this.database.transaction(async (tx): Promise<UndonePatientMerge | MergeCannotBeUndone> => {
      const found = await tx.patientMerge.findUnique({ where: { id: input.mergeId } });
      if (found === null) throw notFound('merge');
      await this.ground.hold(tx, [found.keptId, found.mergedId]);
      const row = await tx.patientMerge.findUniqueOrThrow({ where: { id: found.id } });
      const kept = await this.ground.record(tx, row.keptId);
      const merged = await this.ground.record(tx, row.mergedId);
      const tooLate = this.#tooLate(row, kept);
      if (tooLate !== null) return new MergeCannotBeUndone([tooLate]);
      const destroyed = await this.ground.destroyed(tx, [row.keptId, row.mergedId]);
      if (destroyed.length > 0) return new MergeCannotBeUndone(destroyed);
      await tx.patient.update({
        where: { id: row.mergedId },
        data: { mergedIntoId: null, version: { increment: 1 } },
      });
      const rooms = await this.merges.unfollow(tx, actor, row);
      const numberHeld = await this.#numberHeld(tx, row);
      const impossible = [...rooms.flatMap((room) => room.impossible), ...numberHeld];
      if (impossible.length > 0) return new MergeCannotBeUndone(impossible);
      const fieldsLeft = await this.#giveBack(tx, row, kept);
      const undone = await tx.patientMerge.update({
        where: { id: row.id },
        data: { undoReason, undoneById: actor.id, undoneAt: dateFromInstant(this.clock.now()) },
      });
      if (input.areDifferentPeople === true) await this.#sayDifferent(tx, actor, row);
      return this.#answer(tx, actor, undone, { before: { kept, merged }, rooms, fieldsLeft });
    });
  }

  #tooLate(row: MergeRow, kept: Patient): string | null {
    if (row.undoneAt !== null) return 'It was undone already.';
    if (Temporal.Instant.compare(this.clock.now(), instantFromDate(row.undoUntil)) > 0) {
      return `Its time ended on ${instantFromDate(row.undoUntil).toString().slice(0, 10)}.`;
    }
    if (kept.askedAs !== null) {
      return `The record that was kept was itself merged into ${kept.localNumber} since: undo that merge first.`;
    }
    return null;
  }

  /** A number that went over, or was given up for it, and is a third record's since, cannot come back. */
  async #numberHeld(tx: Tx, { nhsNumberTaken, taken, keptId }: MergeRow): Promise<readonly string[]> {
    const givenUp = (taken as Taken).nhsNumber?.before;
    const numbers = [nhsNumberTaken, givenUp].filter((number) => typeof number === 'string');
    const holders = await tx.patient.findMany({
      where: { nhsNumber: { in: numbers }, id: { not: keptId } },
      select: { localNumber: true },
      orderBy: { localNumber: 'asc' },
    });
    return holders.map(
      ({ localNumber }) =>
        `An NHS number that would go back is ${localNumber}’s now: settle first whose number it is.`,
    );
  }

  /** The kept record says again what it said, unless it was corrected since; the number goes back to whom it came from. */
  async #giveBack(tx: Tx, row: MergeRow, kept: Patient): Promise<readonly CorrectableField[]> {
    const { nhsNumberVerifiedAt: verified, ...taken } = row.taken as Taken & {
      readonly nhsNumberVerifiedAt?: TakenField;
    };
    const { person, stays } = givenBack(kept, taken);
    const number = row.nhsNumberTaken;
    const goesBack = number !== null && kept.nhsNumber === number;
    const verifiedBefore =
      typeof verified?.before === 'string' ? dateFromInstant(Temporal.Instant.from(verified.before)) : null;
    const verifiedNow = kept.nhsNumberVerifiedAt === null ? null : dateFromInstant(kept.nhsNumberVerifiedAt);
    await this.merges.write(tx, kept.id, person, {
      nhsNumberVerifiedAt: goesBack ? verifiedBefore : verifiedNow,
    });
    if (number !== null) {
      const nhsNumberVerifiedAt = goesBack ? verifiedNow : null;
      await tx.patient.update({
        where: { id: row.mergedId },
        data: { nhsNumber: number, nhsNumberVerifiedAt },
      });
    }
    return stays;
  }

  async #sayDifferent(tx: Tx, actor: StaffActor, { keptId, mergedId }: MergeRow): Promise<void> {
    const confirmedAt = dateFromInstant(this.clock.now());
    await tx.patientDistinction.createMany({
      data: [{ patientId: mergedId, otherPatientId: keptId, confirmedById: actor.id, confirmedAt }],
      skipDuplicates: true,
    });
  }

  async #answer(
    tx: Tx,
    actor: StaffActor,
    row: MergeRow,
    found: {
      readonly before: { readonly kept: Patient; readonly merged: Patient };
      readonly rooms: readonly UnfollowedRoom[];
      readonly fieldsLeft: readonly CorrectableField[];
    },
  ): Promise<UndonePatientMerge> {
    const merge = await this.merges.toMerge(tx, row);
    const restored = await this.ground.ownRecord(tx, row.mergedId);
    const stayed = stayedOf(found.rooms);
    const { fieldsLeft } = found;
    const patientIds = [row.keptId, row.mergedId];
    const said = { mergeId: row.id, reason: row.undoReason };
    await this.audit.record(tx, actor, {
      ...{ action: 'patient.merge-undone', subjectType: 'patient', subjectId: row.keptId, patientIds },
      before: found.before.kept,
      after: { ...merge.kept, ...said, stayed, fieldsLeft },
    });
    await this.audit.record(tx, actor, {
      ...{ action: 'patient.restored', subjectType: 'patient', subjectId: row.mergedId, patientIds },
      before: { mergedIntoId: row.keptId },
      after: { ...restored, ...said },
    });
    return { merge, restored, stayed, fieldsLeft };
  }
}
