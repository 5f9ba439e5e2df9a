import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ScanReport as ReportRow } from '../../platform/database/generated/client.js';
import {
  ExposureAct,
  type ReportVersionKind,
  ScanReportStatus,
} from '../../platform/database/generated/enums.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import type { ReportContentFacts } from './finding.rules.js';
import { NotEntitledToEvaluate } from './report.refusals.js';
import { signedText } from './report.rules.js';
import { ReportDoseService } from './report-dose.service.js';
import type { EvaluatedScan } from './report-facts.service.js';

/** Under which entitlement, by whom, and when something is signed. */
export interface Signature {
  readonly signedById: string;
  readonly signedByName: string;
  readonly signedAt: Date;
  readonly entitlementId: string;
}

/** A version that was just signed. */
export interface SignedVersion {
  readonly id: string;
  readonly number: number;
  readonly sha256: string;
}

/** What is signed: by the session's user, who has to be entitled to evaluate images on that day. */
@Injectable()
export class ReportVersionService {
  constructor(
    @Inject(EntitlementService) private readonly entitlements: Pick<EntitlementService, 'entitlement'>,
    @Inject(ReportDoseService) private readonly doses: ReportDoseService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** Whoever is signed in signs, or is told why they may not. */
  async sign(tx: Tx, actor: StaffActor, procedureCode: string): Promise<Signature | NotEntitledToEvaluate> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const act = ExposureAct.EVALUATE_IMAGES;
    const standing = await this.entitlements.entitlement(tx, actor.id, act, procedureCode, today);
    if (!standing.entitled || standing.entitlementId === null)
      return new NotEntitledToEvaluate(standing.reason);
    const account = await tx.staffAccount.findUnique({
      where: { id: actor.id },
      select: { displayName: true },
    });
    if (account === null) throw new Fault('INTERNAL', 'A session has no staff account.');
    return {
      signedById: actor.id,
      signedByName: account.displayName,
      signedAt: dateFromInstant(now),
      entitlementId: standing.entitlementId,
    };
  }

  /** Writes the signed text with its findings, and makes it the one that stands. The report is held. */
  async write(
    tx: Tx,
    report: ReportRow,
    scan: EvaluatedScan,
    signature: Signature,
    signed: { readonly kind: ReportVersionKind; readonly content: ReportContentFacts },
  ): Promise<SignedVersion> {
    const { findings, ...texts } = signed.content;
    const sha256 = createHash('sha256').update(signedText(signed.content), 'utf8').digest('hex');
    const of = { reportId: report.id, scanBookingId: scan.id };
    const { id, number } = await tx.scanReportVersion.create({
      data: {
        ...{ ...of, ...texts, ...signature, sha256 },
        ...(await this.doses.ofScan(tx, scan.id)),
        number: report.version + 1,
        kind: signed.kind,
        findingsCount: findings.length,
      },
    });
    await tx.scanReportFinding.createMany({
      data: findings.map((finding, at) => ({
        ...finding,
        versionId: id,
        scanBookingId: scan.id,
        position: at + 1,
      })),
    });
    const isFinal = signed.kind !== 'PRELIMINARY';
    await tx.scanReport.update({
      where: { id: report.id },
      data: {
        version: number,
        status: isFinal ? ScanReportStatus.FINAL : ScanReportStatus.PRELIMINARY,
        ...(signed.kind === 'FINAL' ? { finalisedAt: signature.signedAt } : {}),
      },
    });
    return { id, number, sha256 };
  }
}
