import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientAlertService } from '../patients/patient-alert.service.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { heldRiskTasksOf } from './risk-task.queries.js';
import { ScoreFollowers } from './score-followers.service.js';

const SCORES = 'scores';
const RISK_TASKS = 'risk tasks';

/**
 * What was answered follows the patient when two records become one. It goes back with what was put right of it since, and
 * with what was asked since because of something else that goes back: a point of a pain diary.
 */
@Injectable()
export class PatientOutcomesMergeService implements PatientMergeFollower {
  readonly room = 'outcomes';

  constructor(
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
    @Inject(ScoreFollowers) private readonly rooms: ScoreFollowers,
    @Inject(PatientAlertService) private readonly alerts: Pick<PatientAlertService, 'giveBackIn'>,
  ) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRaw(heldRiskTasksOf(patientIds));
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const scores = await tx.outcomeScore.count({ where: { patientId: from } });
    const tasks = await tx.riskTask.findMany({ where: { patientId: from }, select: { status: true } });
    const warnings = tasks.some(({ status }) => status !== 'CLOSED')
      ? [
          'The record to merge has a risk task that nobody has closed: whoever has it must hear whose it is now.',
        ]
      : [];
    return { rows: { [SCORES]: scores, [RISK_TASKS]: tasks.length }, conflicts: [], warnings };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const move = { where: { patientId: from }, data: { patientId: into }, select: { id: true } };
    const scores = await tx.outcomeScore.updateManyAndReturn(move);
    await moved(SCORES, idsOf(scores));
    await moved(RISK_TASKS, idsOf(await tx.riskTask.updateManyAndReturn(move)));
  }

  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const asked = await this.rooms.goingBack(tx, { from, into, mergedAt: moved.mergedAt });
    const followed = await tx.outcomeScore.findMany({
      where: { id: { in: [...(moved.get(SCORES) ?? []), ...asked] } },
      select: { entryId: true },
      distinct: ['entryId'],
    });
    // What was put right since is of the same answers, and so is a task that it raised, with its alert.
    const back = {
      where: { patientId: into, entryId: { in: followed.map(({ entryId }) => entryId) } },
      data: { patientId: from },
    };
    await tx.outcomeScore.updateMany(back);
    const tasksBack = await tx.riskTask.updateManyAndReturn({ ...back, select: { alertId: true } });
    const alertIds = tasksBack.map(({ alertId }) => alertId);
    const alerts = await this.alerts.giveBackIn(tx, alertIds, { from, into, mergedAt: moved.mergedAt });
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const scores = await tx.outcomeScore.count({ where: { patientId: into, recordedAt: since } });
    const tasks = await tx.riskTask.count({ where: { patientId: into, raisedAt: since } });
    return { stayed: { [SCORES]: scores, [RISK_TASKS]: tasks }, wentBackToo: [alerts], impossible: [] };
  }
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
