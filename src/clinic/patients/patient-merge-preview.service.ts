import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { reasonsToAsk } from './duplicate.rules.js';
import { likenessOf } from './duplicate.service.js';
import type { MergedRecord } from './patient.type.js';
import { differences } from './patient-merge.rules.js';
import type { PatientMerge, PatientMergePreview } from './patient-merge.type.js';
import { mustBeTwo, PatientMergeGroundService } from './patient-merge-ground.service.js';
import { PatientMergeRecordService } from './patient-merge-record.service.js';

/** A record is merged once or twice in its life; more than these are looked for in the audit record. */
const MERGES_MAX = 50;

@Injectable()
export class PatientMergePreviewService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientMergeGroundService) private readonly ground: PatientMergeGroundService,
    @Inject(PatientMergeRecordService) private readonly merges: PatientMergeRecordService,
  ) {}

  /** Two records side by side, and what a merge would do. The look at both is recorded. Throws NOT_FOUND, BAD_INPUT. */
  async patientMergePreview(
    actor: StaffActor,
    keepId: string,
    mergeId: string,
  ): Promise<PatientMergePreview> {
    mustBeTwo(keepId, mergeId);
    return this.database.transaction(async (tx) => {
      const kept = await this.ground.ownRecord(tx, keepId);
      const merged = await this.ground.ownRecord(tx, mergeId);
      const { follows, conflicts, warnings, said } = await this.ground.between(tx, kept, merged);
      await this.audit.record(tx, actor, {
        action: 'patients.compared',
        subjectType: 'patient',
        subjectId: kept.id,
        patientIds: [kept.id, merged.id],
      });
      return {
        ...{ kept, merged, follows, conflicts },
        reasons: reasonsToAsk(likenessOf(kept), likenessOf(merged)),
        differences: differences(kept, merged),
        warnings: said === null ? warnings : [said.message, ...warnings],
      };
    });
  }

  /** The merges of a record, either way, the latest first. The look is recorded. Throws NOT_FOUND. */
  async patientMerges(actor: StaffActor, patientId: string): Promise<readonly PatientMerge[]> {
    return this.database.transaction(async (tx) => {
      const { id } = await this.ground.record(tx, patientId);
      const ids = [id, patientId.toLowerCase()];
      const rows = await tx.patientMerge.findMany({
        where: { OR: [{ keptId: { in: ids } }, { mergedId: { in: ids } }] },
        orderBy: { id: 'desc' },
        take: MERGES_MAX,
      });
      const merges: PatientMerge[] = [];
      for (const row of rows) merges.push(await this.merges.toMerge(tx, row));
      await this.audit.record(tx, actor, {
        action: 'patient-merges.viewed',
        subjectType: 'patient',
        subjectId: id,
        patientIds: [...new Set(rows.flatMap(({ keptId, mergedId }) => [keptId, mergedId]).concat(id))],
      });
      return merges;
    });
  }

  /** The stubs that lead to these records. The look at the patients is recorded where they are shown. */
  async stubsOf(patientIds: readonly string[]): Promise<ReadonlyMap<string, readonly MergedRecord[]>> {
    const rows = await this.database.client.patient.findMany({
      where: { mergedIntoId: { in: [...patientIds] } },
      select: { id: true, localNumber: true, familyName: true, givenName: true, mergedIntoId: true },
      orderBy: { localNumber: 'asc' },
    });
    const stubs = new Map<string, MergedRecord[]>();
    for (const { mergedIntoId, ...stub } of rows) {
      if (mergedIntoId !== null) stubs.set(mergedIntoId, [...(stubs.get(mergedIntoId) ?? []), stub]);
    }
    return stubs;
  }
}
