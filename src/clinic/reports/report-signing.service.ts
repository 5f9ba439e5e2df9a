import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { NoReportDraft } from './report.refusals.js';
import { canSign, canSignText, tidied } from './report.rules.js';
import type { ScanReport, SignReportInput } from './report.type.js';
import { contentOfDraft } from './report-content.type.js';
import { differing } from './report-draft.service.js';
import { ReportFactsService } from './report-facts.service.js';
import { ReportFollowUpService } from './report-follow-up.service.js';
import { ReportRecordService } from './report-record.service.js';
import { ReportVersionService } from './report-version.service.js';

/** A draft becomes a signed text: of whoever is signed in, as they have read it, of a scan that has begun. */
@Injectable()
export class ReportSigningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReportFactsService) private readonly facts: ReportFactsService,
    @Inject(ReportRecordService) private readonly records: ReportRecordService,
    @Inject(ReportVersionService) private readonly versions: ReportVersionService,
    @Inject(ReportFollowUpService) private readonly followUp: ReportFollowUpService,
  ) {}

  /** Of many who sign at once one does. The final text goes to the referrer, who is asked to acknowledge it. */
  async signReport(actor: StaffActor, input: SignReportInput): Promise<ScanReport | Refusal> {
    const { scanBookingId, draftVersion, gpId, as: kind } = input;
    if (kind === 'CORRECTION') throw badInput('input.as: a correction is an addendum (addReportAddendum).');
    if (gpId && kind !== 'FINAL') throw badInput('input.gpId: only a final report is sent to anybody.');
    return this.database.transaction<ScanReport | Refusal>(async (tx) => {
      const scan = await this.facts.held(tx, scanBookingId);
      const report = await this.records.hold(tx, actor, scanBookingId);
      const where = { reportId_authorId: { reportId: report.id, authorId: actor.id } };
      const draft = await tx.scanReportDraft.findUnique({ where });
      const cannot = canSign(scan.status, report, kind, draft !== null);
      if (cannot !== null || draft === null) return cannot ?? new NoReportDraft();
      if (draft.version !== draftVersion) return differing(draft, null);
      const content = tidied(contentOfDraft(draft));
      const refusal = canSignText(report, draft.baseVersion, content);
      if (refusal !== null) return refusal;
      const signature = await this.versions.sign(tx, actor, scan.procedureCode);
      if (isRefusal(signature)) return signature;
      const version = await this.versions.write(tx, report, scan, signature, { kind, content });
      await tx.scanReportDraft.delete({ where: { id: draft.id } });
      await this.audit.record(tx, actor, {
        action: kind === 'FINAL' ? 'scan-report.signed' : 'scan-report.signed-preliminary',
        subjectType: 'scan-report',
        subjectId: report.id,
        patientIds: [scan.patientId],
        before: { status: report.status, version: report.version },
        after: {
          ...{ scanBookingId, kind, version: version.number, sha256: version.sha256 },
          entitlementId: signature.entitlementId,
        },
      });
      const gp = { gpId: gpId ?? null };
      if (kind === 'FINAL') await this.followUp.afterSigning(tx, actor, { report, scan, version, ...gp });
      return this.records.mustHave(tx, actor, scanBookingId);
    });
  }
}
