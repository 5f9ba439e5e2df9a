import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { DiaryEntryService } from './diary-entry.service.js';

const DIARIES = 'pain diaries';

/**
 * A diary is the diary of its treatment, and goes with it: nothing of it names the patient. When two are two again, a figure of
 * the one is taken out of the diary of the other.
 */
@Injectable()
export class PatientResponsesMergeService implements PatientMergeFollower {
  readonly room = 'responses';

  constructor(
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
    @Inject(DiaryEntryService) private readonly entries: DiaryEntryService,
  ) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const rows = await tx.painDiary.count({ where: { treatment: { patientId: from } } });
    return { rows: { [DIARIES]: rows }, conflicts: [] };
  }

  /** The treatments have followed by now, and their diaries with them. */
  async follow(): Promise<void> {
    return;
  }

  /** The treatments have gone back by now, and scores with them. */
  async unfollow(
    tx: Tx,
    actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await this.entries.dropFiguresOfOthers(tx, actor, [from, into]);
    const openedAt = { gt: dateFromInstant(moved.mergedAt) };
    const stayed = await tx.painDiary.count({ where: { treatment: { patientId: into }, openedAt } });
    return { stayed: { [DIARIES]: stayed }, impossible: [] };
  }
}
