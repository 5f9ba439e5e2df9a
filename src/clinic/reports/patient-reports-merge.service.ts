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

const REPORTS = 'scan reports';

/** A report is the report of its scan, and goes with it: nothing of it names the patient. */
@Injectable()
export class PatientReportsMergeService implements PatientMergeFollower {
  readonly room = 'reports';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string): Promise<MergePreviewOfRoom> {
    const of = { scanBooking: { patientId: from } };
    const told = await tx.reportTelling.count({ where: { report: of } });
    const warnings =
      told === 0
        ? []
        : [
            'Reports of the record to merge were sent out under its name: tell whoever has them whose they are.',
          ];
    return { rows: { [REPORTS]: await tx.scanReport.count({ where: of }) }, conflicts: [], warnings };
  }

  /** The scans have followed by now, and their reports with them. */
  async follow(): Promise<void> {
    return;
  }

  /** The scans have gone back by now. */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    _from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const since = { gt: dateFromInstant(moved.mergedAt) };
    const where = { scanBooking: { patientId: into }, begunAt: since };
    return { stayed: { [REPORTS]: await tx.scanReport.count({ where }) }, impossible: [] };
  }
}
