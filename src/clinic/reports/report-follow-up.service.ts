import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { ScanReport as ReportRow } from '../../platform/database/generated/client.js';
import { ReportAudience } from '../../platform/database/generated/enums.js';
import type { StaffActor } from '../audit/audit.type.js';
import { AcknowledgementTaskService } from './acknowledgement-task.service.js';
import type { EvaluatedScan } from './report-facts.service.js';
import { methodFor, type Recipient, ReportTellingService } from './report-telling.service.js';
import type { SignedVersion } from './report-version.service.js';

interface Signed {
  readonly report: ReportRow;
  readonly scan: EvaluatedScan;
}

/** What follows a final report in the same transaction: whoever asked is sent it, and has to acknowledge it; the team hears of it. */
@Injectable()
export class ReportFollowUpService {
  constructor(
    @Inject(ReportTellingService) private readonly tellings: ReportTellingService,
    @Inject(AcknowledgementTaskService) private readonly tasks: AcknowledgementTaskService,
  ) {}

  /** To the referrer, and to the GP where one is named. Throws BAD_INPUT when the directory does not have them. */
  async afterSigning(
    tx: Tx,
    actor: StaffActor,
    {
      report,
      scan,
      version,
      gpId,
    }: Signed & { readonly version: SignedVersion; readonly gpId: string | null },
  ): Promise<void> {
    const of = { reportId: report.id, scan, versionNumber: version.number };
    const referrer = referrerOf(scan);
    if (referrer !== null) await this.tellings.tell(tx, actor, of, referrer);
    if (gpId !== null && gpId !== referrer?.referrerId) {
      const gp = await this.tellings.fromDirectory(tx, gpId, ReportAudience.GP);
      await this.tellings.tell(tx, actor, of, gp);
    }
    await this.#ask(tx, actor, { report, scan }, version.number);
    await this.tellings.tellTeam(tx, of);
  }

  /** Whoever was sent the report is sent what was added. A correction is acknowledged anew. */
  async afterAddendum(
    tx: Tx,
    actor: StaffActor,
    { report, scan, version }: Signed & { readonly version: SignedVersion | null },
  ): Promise<void> {
    const versionNumber = version?.number ?? report.version;
    const of = { reportId: report.id, scan, versionNumber };
    for (const told of await this.tellings.toldBefore(tx, report.id))
      await this.tellings.tell(tx, actor, of, asBefore(told));
    if (version === null) return;
    await this.#ask(tx, actor, { report, scan }, versionNumber);
    await this.tellings.tellTeam(tx, of);
  }

  async #ask(tx: Tx, actor: StaffActor, { report, scan }: Signed, versionNumber: number): Promise<void> {
    const { id: scanBookingId, priority } = scan;
    await this.tasks.open(tx, actor, { reportId: report.id, scanBookingId, versionNumber, priority });
  }
}

function referrerOf({ referrer }: EvaluatedScan): Recipient | null {
  if (referrer === null) return null;
  const { referrerId, name, organisation, email } = referrer;
  return {
    ...{ audience: ReportAudience.REFERRER, referrerId, name, organisation },
    ...{ method: methodFor(email), email: null, addressLines: [], words: null },
  };
}

/** The same person the same way; what was said to them then is not said again. */
function asBefore(told: Recipient): Recipient {
  const { audience, method, referrerId, name, organisation, email, addressLines } = told;
  return { audience, method, referrerId, name, organisation, email, addressLines, words: null };
}
