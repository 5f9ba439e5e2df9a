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
import { HOLD_INCIDENTS_OF_PATIENTS } from './incident.queries.js';

const INCIDENTS = 'incidents';

/** Incidents follow the patient whom they name when two records become one, and go back when that is undone. */
@Injectable()
export class PatientIncidentsMergeService implements PatientMergeFollower {
  readonly room = 'incidents';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRawUnsafe(HOLD_INCIDENTS_OF_PATIENTS, patientIds);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    return { rows: { [INCIDENTS]: await tx.incident.count({ where: { patientId: from } }) }, conflicts: [] };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const rows = await tx.incident.updateManyAndReturn({
      where: { patientId: from },
      data: { patientId: into },
      select: { id: true },
    });
    await moved(
      INCIDENTS,
      rows.map(({ id }) => id),
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
    await tx.incident.updateMany({
      where: { id: { in: [...(moved.get(INCIDENTS) ?? [])] }, patientId: into },
      data: { patientId: from },
    });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const stayed = await tx.incident.count({ where: { patientId: into, raisedAt: since } });
    return { stayed: { [INCIDENTS]: stayed }, impossible: [] };
  }
}
