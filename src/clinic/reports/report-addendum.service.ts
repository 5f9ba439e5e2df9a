import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ScanReport as ReportRow } from '../../platform/database/generated/client.js';
import { ReportAddendumKind } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { ReportContentFacts } from './finding.rules.js';
import { ReportIncomplete } from './report.refusals.js';
import { canAdd, signedText, tidied } from './report.rules.js';
import type { AddReportAddendumInput, ScanReport } from './report.type.js';
import { contentOfVersion } from './report-content.type.js';
import { type EvaluatedScan, ReportFactsService } from './report-facts.service.js';
import { ReportFollowUpService } from './report-follow-up.service.js';
import { ReportRecordService } from './report-record.service.js';
import { ReportVersionService, type Signature, type SignedVersion } from './report-version.service.js';

const SAYS_THE_SAME =
  'The correction says what stands already: change what was wrong, or add a note instead.';

/** What is added to a signed report, and signed by whoever adds it. What was signed before stays as it was. */
@Injectable()
export class ReportAddendumService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReportFactsService) private readonly facts: ReportFactsService,
    @Inject(ReportRecordService) private readonly records: ReportRecordService,
    @Inject(ReportVersionService) private readonly versions: ReportVersionService,
    @Inject(ReportFollowUpService) private readonly followUp: ReportFollowUpService,
  ) {}

  /** A note, or a correction that brings a new version; whoever was sent the report is sent this, too. */
  async addReportAddendum(actor: StaffActor, input: AddReportAddendumInput): Promise<ScanReport | Refusal> {
    const { scanBookingId, seenVersion } = input;
    const correction = input.correction ? tidied(input.correction) : null;
    return this.database.transaction<ScanReport | Refusal>(async (tx) => {
      const scan = await this.facts.held(tx, scanBookingId);
      const report = await this.records.mustHold(tx, scanBookingId);
      const cannot = canAdd(report, seenVersion, correction) ?? (await this.#same(tx, report, correction));
      if (cannot !== null) return cannot;
      const signature = await this.versions.sign(tx, actor, scan.procedureCode);
      if (isRefusal(signature)) return signature;
      const kind = ReportAddendumKind.CORRECTION;
      const version =
        correction === null
          ? null
          : await this.versions.write(tx, report, scan, signature, { kind, content: correction });
      await this.#write(tx, report, scan, signature, { text: input.text.normalize('NFC').trim(), version });
      await this.#record(tx, actor, report, scan, version);
      if (report.status === 'FINAL') await this.followUp.afterAddendum(tx, actor, { report, scan, version });
      return this.records.mustHave(tx, actor, scanBookingId);
    });
  }

  /** A correction that corrects nothing would only bury what was signed. */
  async #same(tx: Tx, report: ReportRow, correction: ReportContentFacts | null): Promise<Refusal | null> {
    if (correction === null) return null;
    const standing = await tx.scanReportVersion.findUniqueOrThrow({
      where: { reportId_number: { reportId: report.id, number: report.version } },
      include: { findings: true },
    });
    const isSame = signedText(contentOfVersion(standing)) === signedText(correction);
    return isSame ? new ReportIncomplete([SAYS_THE_SAME]) : null;
  }

  async #write(
    tx: Tx,
    report: ReportRow,
    scan: EvaluatedScan,
    { signedById, signedByName, signedAt }: Signature,
    added: { readonly text: string; readonly version: SignedVersion | null },
  ): Promise<void> {
    const number = report.addendaCount + 1;
    await tx.scanReportAddendum.create({
      data: {
        ...{ reportId: report.id, scanBookingId: scan.id, number, text: added.text },
        ...{ signedById, signedByName, signedAt },
        kind: added.version === null ? ReportAddendumKind.NOTE : ReportAddendumKind.CORRECTION,
        versionId: added.version?.id ?? null,
      },
    });
    await tx.scanReport.update({ where: { id: report.id }, data: { addendaCount: number } });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    report: ReportRow,
    scan: EvaluatedScan,
    version: SignedVersion | null,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action: version === null ? 'scan-report.noted' : 'scan-report.corrected',
      subjectType: 'scan-report',
      subjectId: report.id,
      patientIds: [scan.patientId],
      before: { version: report.version, addenda: report.addendaCount },
      after: {
        version: version?.number ?? report.version,
        addenda: report.addendaCount + 1,
        ...(version === null ? {} : { sha256: version.sha256 }),
      },
    });
  }
}
