import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ScanReportDraft as DraftRow, Prisma } from '../../platform/database/generated/client.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { ReportContentFacts } from './finding.rules.js';
import { ReportDraftChanged } from './report.refusals.js';
import { canKeepDraft, tidied } from './report.rules.js';
import { type KeepReportDraftInput, type ScanReportDraft, toDraft } from './report.type.js';
import { contentOfDraft, toContent } from './report-content.type.js';
import { ReportRecordService } from './report-record.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Drafts: each is its author's, and whoever has it open twice is shown both texts. */
@Injectable()
export class ReportDraftService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReportRecordService) private readonly records: ReportRecordService,
  ) {}

  /** Keeps the text of whoever is signed in; begins the report with the first. Throws NOT_FOUND for an unknown scan. */
  async keepReportDraft(actor: StaffActor, input: KeepReportDraftInput): Promise<ScanReportDraft | Refusal> {
    const content = tidied(input.content);
    return this.database.transaction(async (tx) => {
      const { scanBookingId, draftVersion, seenVersion } = input;
      const scan = await this.#scan(tx, scanBookingId);
      const report = await this.records.hold(tx, actor, scanBookingId);
      const refusal = canKeepDraft(scan.status, report, seenVersion);
      if (refusal !== null) return refusal;
      const before = await this.own(tx, report.id, actor.id);
      if ((before?.version ?? 0) !== draftVersion) return differing(before, content);
      const columns = { ...toColumns(content), baseVersion: seenVersion };
      const now = dateFromInstant(this.clock.now());
      const row =
        before === null
          ? await tx.scanReportDraft.create({
              data: {
                ...columns,
                ...{ reportId: report.id, scanBookingId, authorId: actor.id, begunAt: now, changedAt: now },
              },
            })
          : await tx.scanReportDraft.update({
              where: { id: before.id },
              data: { ...columns, changedAt: now, version: { increment: 1 } },
            });
      await this.#record(tx, actor, before === null ? 'begun' : 'kept', row, scan.patientId);
      return toDraft(row);
    });
  }

  /** Puts away what somebody has written and does not want to sign. Throws NOT_FOUND when they have no draft. */
  async discardReportDraft(
    actor: StaffActor,
    scanBookingId: string,
    draftVersion: number,
  ): Promise<ScanReportDraft | Refusal> {
    return this.database.transaction(async (tx) => {
      const scan = await this.#scan(tx, scanBookingId);
      const report = await this.records.mustHold(tx, scanBookingId);
      const row = await this.own(tx, report.id, actor.id);
      if (row === null) throw notFound('draft');
      if (row.version !== draftVersion) return differing(row, null);
      await tx.scanReportDraft.delete({ where: { id: row.id } });
      await this.#record(tx, actor, 'discarded', row, scan.patientId);
      return toDraft(row);
    });
  }

  /** For this room: what this author is writing. The report is held. */
  async own(tx: Tx, reportId: string, authorId: string): Promise<DraftRow | null> {
    return tx.scanReportDraft.findUnique({ where: { reportId_authorId: { reportId, authorId } } });
  }

  async #scan(tx: Tx, id: string) {
    if (!UUID.test(id)) throw notFound('scan booking');
    const scan = await tx.scanBooking.findUnique({
      where: { id },
      select: { status: true, patientId: true },
    });
    if (scan === null) throw notFound('scan booking');
    return scan;
  }

  /** What was written stays with its author: the audit record says that, when and how much. */
  async #record(tx: Tx, actor: StaffActor, done: string, row: DraftRow, patientId: string): Promise<void> {
    const { version, baseVersion, scanBookingId } = row;
    const findings = contentOfDraft(row).findings.length;
    await this.audit.record(tx, actor, {
      action: `scan-report-draft.${done}`,
      subjectType: 'scan-report',
      subjectId: row.reportId,
      patientIds: [patientId],
      after: { scanBookingId, version, baseVersion, findings },
    });
  }
}

/** Somebody has read another version than the one that is kept. */
export function differing(kept: DraftRow | null, yours: ReportContentFacts | null): Refusal {
  const stored = kept === null ? EMPTY : contentOfDraft(kept);
  return new ReportDraftChanged(
    kept?.version ?? 0,
    toContent(stored),
    yours === null ? null : toContent(yours),
  );
}

const EMPTY: ReportContentFacts = {
  clinicalQuestion: '',
  comparison: '',
  limitations: '',
  conclusion: '',
  isNormal: false,
  findings: [],
};

function toColumns(content: ReportContentFacts) {
  const { findings, ...texts } = content;
  return { ...texts, findings: findings.map((finding) => ({ ...finding })) satisfies Prisma.InputJsonArray };
}
