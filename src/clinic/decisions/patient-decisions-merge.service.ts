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
import { heldDecisionsOf } from './decision.queries.js';

const DECISIONS = 'decisions of the team';

/** What was decided follows the patient when two records become one, and goes back when that is undone. */
@Injectable()
export class PatientDecisionsMergeService implements PatientMergeFollower {
  readonly room = 'decisions';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRaw(heldDecisionsOf(patientIds));
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    return {
      rows: { [DECISIONS]: await tx.caseDecision.count({ where: { patientId: from } }) },
      conflicts: [],
    };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const rows = await tx.caseDecision.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      DECISIONS,
      rows.map(({ id }) => id),
    );
  }

  /** Cases of meetings have gone back by now: what is decided of one of them goes with it, also what was typed since. */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await tx.caseDecision.updateMany({
      where: { patientId: into, meetingCase: { patientId: from } },
      data: { patientId: from },
    });
    const since = { patientId: into, openedAt: { gt: dateFromInstant(moved.mergedAt) } };
    return { stayed: { [DECISIONS]: await tx.caseDecision.count({ where: since }) }, impossible: [] };
  }
}
