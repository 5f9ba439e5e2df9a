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

const LETTERS = 'letters';

/**
 * The ledger of letters follows when two records become one. What a letter said, to whom and when does not change with it:
 * only whose letters it is listed with.
 */
@Injectable()
export class PatientLettersMergeService implements PatientMergeFollower {
  readonly room = 'notifications';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    return { rows: { [LETTERS]: await tx.letter.count({ where: { patientId: from } }) }, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const letters = await tx.letter.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      LETTERS,
      letters.map(({ id }) => id),
    );
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await tx.letter.updateMany({
      where: { id: { in: [...(moved.get(LETTERS) ?? [])] }, patientId: into },
      data: { patientId: from },
    });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const count = await tx.letter.count({ where: { patientId: into, createdAt: since } });
    return { stayed: { [LETTERS]: count }, impossible: [] };
  }
}
