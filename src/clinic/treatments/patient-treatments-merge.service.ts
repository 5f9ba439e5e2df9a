import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { TreatmentStatus } from '../../platform/database/generated/enums.js';
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

const TREATMENTS = 'treatments';

/**
 * Treatments are of the patient of their referral: they follow it when two records become one, and go back with it. Whoever
 * changes one holds the patient first, so there is nothing to hold before.
 */
@Injectable()
export class PatientTreatmentsMergeService implements PatientMergeFollower {
  readonly room = 'treatments';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const underWay = await tx.treatment.count({
      where: { patientId: from, status: TreatmentStatus.IN_PROGRESS },
    });
    const conflicts =
      underWay === 0 ? [] : ['A treatment of the record to merge is under way: record what was given first.'];
    return { rows: { [TREATMENTS]: await tx.treatment.count({ where: { patientId: from } }) }, conflicts };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const rows = await tx.treatment.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      TREATMENTS,
      rows.map(({ id }) => id),
    );
  }

  /** Referrals have gone back by now: what is for one of them goes with it, also what was added since. */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    await tx.treatment.updateMany({
      where: { patientId: into, referral: { patientId: from } },
      data: { patientId: from },
    });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const stayed = await tx.treatment.count({ where: { patientId: into, requestedAt: since } });
    return { stayed: { [TREATMENTS]: stayed }, impossible: [] };
  }
}
