import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ReportAudience, ReportTellingMethod } from '../../platform/database/generated/enums.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ReportAlreadyReleased } from './report.refusals.js';
import { canTell } from './report.rules.js';
import { type EvaluatedScan, ReportFactsService } from './report-facts.service.js';
import { ReportRecordService } from './report-record.service.js';
import { methodFor, type Recipient, ReportTellingService } from './report-telling.service.js';
import type { ReleaseReportInput, ReportTelling, TellReportInput } from './report-telling.type.js';

/** A final report leaves the house: to another clinician, or to the patient once a clinician has released it. */
@Injectable()
export class ReportReleaseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ReportFactsService) private readonly facts: ReportFactsService,
    @Inject(ReportRecordService) private readonly records: ReportRecordService,
    @Inject(ReportTellingService) private readonly tellings: ReportTellingService,
  ) {}

  /** To the referrer again, to the GP, or to somebody else who looks after the patient. */
  async tellReport(actor: StaffActor, input: TellReportInput): Promise<ReportTelling | Refusal> {
    const { scanBookingId, seenVersion } = input;
    return this.database.transaction<ReportTelling | Refusal>(async (tx) => {
      const scan = await this.facts.read(tx, scanBookingId);
      const report = await this.records.mustHold(tx, scanBookingId);
      const refusal = canTell(report, seenVersion);
      if (refusal !== null) return refusal;
      const of = { reportId: report.id, scan, versionNumber: report.version };
      return this.tellings.tell(tx, actor, of, await this.#recipient(tx, scan, input));
    });
  }

  /**
   * The patient gets a copy of what stands, because the clinician who is signed in says so. Each version once, and once
   * more when something was added to it.
   */
  async releaseReportToPatient(
    actor: StaffActor,
    input: ReleaseReportInput,
  ): Promise<ReportTelling | Refusal> {
    const { scanBookingId, seenVersion } = input;
    return this.database.transaction<ReportTelling | Refusal>(async (tx) => {
      const scan = await this.facts.read(tx, scanBookingId);
      const report = await this.records.mustHold(tx, scanBookingId);
      const refusal = canTell(report, seenVersion);
      if (refusal !== null) return refusal;
      const { id: reportId, version: versionNumber } = report;
      const audience = ReportAudience.PATIENT;
      if (await this.#hasAll(tx, reportId, versionNumber)) return new ReportAlreadyReleased();
      if (report.releasedAt === null) {
        const released = { releasedAt: dateFromInstant(this.clock.now()), releasedById: actor.id };
        await tx.scanReport.update({ where: { id: reportId }, data: released });
      }
      return this.tellings.tell(
        tx,
        actor,
        { reportId, scan, versionNumber },
        {
          audience,
          method: input.method ?? ReportTellingMethod.EMAIL,
          ...{ referrerId: null, name: null, organisation: null, email: null, addressLines: [] },
          words: input.words ? plain(input.words) : null,
        },
      );
    });
  }

  /** Whether the patient was sent that version with everything that was added to it. */
  async #hasAll(tx: Tx, reportId: string, versionNumber: number): Promise<boolean> {
    const [told] = await tx.reportTelling.findMany({
      where: { reportId, versionNumber, audience: ReportAudience.PATIENT },
      orderBy: { id: 'desc' },
      take: 1,
    });
    if (told === undefined) return false;
    const since = { reportId, signedAt: { gt: told.toldAt } };
    return (await tx.scanReportAddendum.count({ where: since })) === 0;
  }

  async #recipient(tx: Tx, scan: EvaluatedScan, input: TellReportInput): Promise<Recipient> {
    // A GP who referred the patient gets no copy: they are asked to acknowledge.
    const isReferrer = input.referrerId && input.referrerId === scan.referrer?.referrerId;
    const audience = isReferrer ? ReportAudience.REFERRER : input.audience;
    const email = input.email ?? null;
    const addressLines = input.addressLines.map(plain);
    if (input.audience === ReportAudience.PATIENT)
      throw badInput('input.audience: a copy for the patient is released (releaseReportToPatient).');
    if (input.referrerId) {
      const known = await this.tellings.fromDirectory(tx, input.referrerId, audience);
      const method = input.method ?? (email === null ? known.method : ReportTellingMethod.EMAIL);
      return { ...known, email, addressLines, method };
    }
    if (!input.name)
      throw badInput('input.name: name whom it is sent to, or choose them from the directory.');
    return {
      ...{ audience, referrerId: null, email, addressLines, words: null },
      name: plain(input.name),
      organisation: input.organisation ? plain(input.organisation) : null,
      method: input.method ?? methodFor(email),
    };
  }
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
