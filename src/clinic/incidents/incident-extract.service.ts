import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { IncidentExtract, IncidentExtractCode } from './incident-extract.type.js';
import { IncidentIdentityService, withoutIdentifiers } from './incident-identity.service.js';
import { IncidentRecordService } from './incident-record.service.js';

/** What leaves the clinic of an incident. It is put together from what may be in it, never by taking things out of the record. */
@Injectable()
export class IncidentExtractService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(IncidentRecordService) private readonly records: IncidentRecordService,
    @Inject(IncidentIdentityService) private readonly identity: IncidentIdentityService,
  ) {}

  /** Null: it was not assessed yet. That it was taken is recorded. Throws NOT_FOUND. */
  async incidentExtract(actor: StaffActor, incidentId: string): Promise<IncidentExtract | null> {
    return this.database.transaction(async (tx) => {
      const row = await this.records.row(tx, incidentId);
      const incident = this.records.show(row);
      const assessment = incident.assessments.at(-1);
      if (assessment === undefined) return null;
      const known = await this.identity.knownOf(tx, row);
      const learning = incident.closings.at(-1)?.learning ?? null;
      const { exposure, isChild, tracerCode, intendedActivityMbq, actualActivityMbq } = assessment;
      const { intendedDoseMsv, actualDoseMsv, foetalDoseMgy, infantDoseMsv } = assessment;
      await this.audit.record(tx, actor, {
        action: 'incident.extract-taken',
        subjectType: 'incident',
        subjectId: incidentId,
        patientIds: row.patientId === null ? [] : [row.patientId],
      });
      return {
        ...{ reference: incident.reference, kind: incident.kind, siteCode: incident.siteCode },
        outcome: assessment.outcome,
        codes: await codesOf(tx, row.assessments.at(-1)?.thresholdIds ?? []),
        happenedOn: this.records.dayOf(instantFromDate(row.happenedAt)).toString(),
        ...{ exposure, isChild, tracerCode, intendedActivityMbq, actualActivityMbq },
        ...{ intendedDoseMsv, actualDoseMsv, foetalDoseMgy, infantDoseMsv },
        isProceduralFailure: assessment.isProceduralFailure,
        summary: withoutIdentifiers(assessment.anonymousSummary, known),
        learning: learning === null ? null : withoutIdentifiers(learning, known),
      };
    });
  }
}

async function codesOf(tx: Tx, ids: readonly string[]): Promise<readonly IncidentExtractCode[]> {
  const rows = await tx.incidentThreshold.findMany({
    where: { id: { in: [...ids] } },
    orderBy: { code: 'asc' },
  });
  return rows.map(({ code, regulator, source }) => ({ code, regulator, source }));
}
