import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate } from '../../platform/time/index.js';
import { REGISTRATION_LOCK } from './patient.queries.js';
import type { Patient } from './patient.type.js';
import { SaidToBeDifferentPeople } from './patient-merge.refusals.js';
import { demographicConflicts, demographicWarnings } from './patient-merge.rules.js';
import type { MergedRows } from './patient-merge.type.js';
import { PatientMergeFollowers } from './patient-merge-followers.service.js';
import { rowsOf } from './patient-merge-record.service.js';
import { PatientRecordService } from './patient-record.service.js';

/** What stands for and against two records being one. */
export interface MergeGround {
  readonly follows: readonly MergedRows[];
  readonly conflicts: readonly string[];
  readonly warnings: readonly string[];
  readonly said: SaidToBeDifferentPeople | null;
}

/** Reads what a merge, and its undoing, have to know. Changes nothing. */
@Injectable()
export class PatientMergeGroundService {
  constructor(
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
    @Inject(PatientMergeFollowers) private readonly followers: PatientMergeFollowers,
  ) {}

  /**
   * Holds whatever is about to change, in the one order in which everybody takes it: registrations, what belongs to the
   * patients, then both patients by id, so that nobody writes anything new of theirs. Throws NOT_FOUND.
   */
  async hold(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.$executeRaw(REGISTRATION_LOCK);
    await this.followers.hold(tx, ids);
    await this.records.lockForMerge(tx, ids);
  }

  /** A record, or that into which it was merged: `askedAs` tells which. Throws NOT_FOUND. */
  async record(tx: Tx, id: string): Promise<Patient> {
    const record = await this.records.find(tx, id);
    if (record === null) throw notFound('patient');
    return record;
  }

  /** A record of its own, also a destroyed one: `between` says that. Throws NOT_FOUND, and BAD_INPUT when it was merged. */
  async ownRecord(tx: Tx, id: string): Promise<Patient> {
    return this.records.mustBeUnmerged(tx, id);
  }

  /** What stands for and against the merge, from every room. */
  async between(tx: Tx, kept: Patient, merged: Patient): Promise<MergeGround> {
    const follows: MergedRows[] = [];
    const conflicts = [
      ...demographicConflicts(kept, merged),
      ...(await this.destroyed(tx, [kept.id, merged.id])),
    ];
    const warnings = [...demographicWarnings(kept, merged)];
    for (const follower of this.followers.all()) {
      const preview = await follower.preview(tx, merged.id, kept.id);
      follows.push(...rowsOf(follower.room, preview.rows));
      conflicts.push(...preview.conflicts);
      warnings.push(...(preview.warnings ?? []));
    }
    return { follows, conflicts, warnings, said: await this.#saidToBeDifferent(tx, kept.id, merged.id) };
  }

  /** Why records of which only a stub is left by the rules of retention can neither be merged nor parted; empty: they are whole. */
  async destroyed(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
    const rows = await tx.patient.findMany({
      where: { id: { in: [...ids] }, destroyedAt: { not: null } },
      select: { localNumber: true },
      orderBy: { localNumber: 'asc' },
    });
    return rows.map(({ localNumber }) => `What the record ${localNumber} said has been destroyed.`);
  }

  /** Also when it was said of records that were merged into these. */
  async #saidToBeDifferent(
    tx: Tx,
    keptId: string,
    mergedId: string,
  ): Promise<SaidToBeDifferentPeople | null> {
    const ofKept = [...(await this.records.allIdsOf(tx, keptId))];
    const ofMerged = [...(await this.records.allIdsOf(tx, mergedId))];
    const said = await tx.patientDistinction.findFirst({
      where: {
        OR: [
          { patientId: { in: ofKept }, otherPatientId: { in: ofMerged } },
          { patientId: { in: ofMerged }, otherPatientId: { in: ofKept } },
        ],
      },
      orderBy: { confirmedAt: 'desc' },
    });
    if (said === null) return null;
    return new SaidToBeDifferentPeople(said.confirmedById, instantFromDate(said.confirmedAt));
  }
}

export function mustBeTwo(one: string, other: string): void {
  if (one.toLowerCase() === other.toLowerCase())
    throw badInput('mergeId: must be another record than keepId.');
}
