import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  MergeHoldOrder,
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { HOLD_REFERRALS_OF_PATIENTS } from './patient-referrals-merge.queries.js';

const REFERRALS = 'referrals';
const ADVICE = 'advice threads';

/** Referrals and questions about a patient follow when two records become one, and go back when that is undone. */
@Injectable()
export class PatientReferralsMergeService implements PatientMergeFollower {
  readonly room = 'referrals';
  readonly holdOrder = MergeHoldOrder.REFERRALS;

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRawUnsafe(HOLD_REFERRALS_OF_PATIENTS, patientIds);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const where = { patientId: from };
    const rows = {
      [REFERRALS]: await tx.referral.count({ where }),
      [ADVICE]: await tx.adviceThread.count({ where }),
    };
    return { rows, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const change = { where: { patientId: from }, data: { patientId: into }, select: { id: true } } as const;
    const referrals = await tx.referral.updateManyAndReturn(change);
    await moved(
      REFERRALS,
      referrals.map(({ id }) => id),
    );
    const threads = await tx.adviceThread.updateManyAndReturn(change);
    await moved(
      ADVICE,
      threads.map(({ id }) => id),
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
    const data = { patientId: from };
    await tx.adviceThread.updateMany({ where: { id: { in: [...(moved.get(ADVICE) ?? [])] } }, data });
    const referralIds = [...(moved.get(REFERRALS) ?? [])];
    // A referral that came of such a question since is about the same person.
    const asked = { adviceThread: { patientId: from }, patientId: into };
    await tx.referral.updateMany({ where: { OR: [{ id: { in: referralIds } }, asked] }, data });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    return {
      stayed: {
        [REFERRALS]: await tx.referral.count({ where: { patientId: into, recordedAt: since } }),
        [ADVICE]: await tx.adviceThread.count({ where: { patientId: into, openedAt: since } }),
      },
      impossible: await this.#tornApart(tx, from, into),
    };
  }

  /** Two referrals that were merged since cannot belong to two people. */
  async #tornApart(tx: Tx, from: string, into: string): Promise<readonly string[]> {
    const torn = await tx.referralMerge.count({
      where: {
        undoneAt: null,
        OR: [
          { kept: { patientId: from }, merged: { patientId: into } },
          { kept: { patientId: into }, merged: { patientId: from } },
        ],
      },
    });
    if (torn === 0) return [];
    return [
      'A referral that would go back was merged with one that stays: undo that merge of referrals first.',
    ];
  }
}
