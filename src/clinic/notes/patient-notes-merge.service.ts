import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { heldNotesOf } from './note.queries.js';

const NOTES = 'clinical notes';

/** Notes follow the patient whom they are about when two records become one, and go back when that is undone. */
@Injectable()
export class PatientNotesMergeService implements PatientMergeFollower {
  readonly room = 'notes';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRaw(heldNotesOf(patientIds));
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    return { rows: { [NOTES]: await tx.clinicalNote.count({ where: { patientId: from } }) }, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const rows = await tx.clinicalNote.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      NOTES,
      rows.map(({ id }) => id),
    );
  }

  /**
   * Referrals and cases of meetings have gone back by now: what was written since about one of them goes with it. What is
   * about both goes where its case is.
   */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const cases = await tx.meetingCase.findMany({ where: { patientId: from }, select: { id: true } });
    await tx.clinicalNote.updateMany({
      where: {
        patientId: into,
        OR: [
          { id: { in: [...(moved.get(NOTES) ?? [])] } },
          { meetingCaseId: { in: cases.map(({ id }) => id) } },
          { meetingCaseId: null, referral: { patientId: from } },
        ],
      },
      data: { patientId: from },
    });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const stayed = await tx.clinicalNote.count({ where: { patientId: into, begunAt: since } });
    return { stayed: { [NOTES]: stayed }, impossible: [] };
  }
}
