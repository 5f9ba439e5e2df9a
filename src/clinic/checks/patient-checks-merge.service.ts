import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';

const READ_WITH_VISITS = 'checks before injections, read with their visits and not moved';

/**
 * Checks are only ever added to, so none is moved: each belongs to a visit, which follows the merge and goes back. Whom it was
 * written of stays with it, as evidence of that moment.
 */
@Injectable()
export class PatientChecksMergeService implements PatientMergeFollower {
  readonly room = 'checks';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, _into: string): Promise<MergePreviewOfRoom> {
    const count = await tx.visitCheck.count({ where: { visit: { patientId: from } } });
    return { rows: { [READ_WITH_VISITS]: count }, conflicts: [] };
  }

  async follow(
    _tx: Tx,
    _actor: Actor,
    _mergeId: string,
    _from: string,
    _into: string,
    _moved: MergeRecorder,
  ): Promise<void> {
    // Nothing moves: the visits do.
  }

  async unfollow(
    _tx: Tx,
    _actor: Actor,
    _mergeId: string,
    _from: string,
    _into: string,
    _moved: MovedRows,
  ): Promise<UnfollowedRows> {
    return { stayed: {}, impossible: [] };
  }
}
