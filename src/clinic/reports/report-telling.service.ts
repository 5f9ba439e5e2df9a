import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, ReportTelling as TellingRow } from '../../platform/database/generated/client.js';
import { ReportAudience, ReportTellingMethod } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import type { EvaluatedScan } from './report-facts.service.js';
import { REPORT_FOR_TEAM, REPORT_TOPICS } from './report-letter.type.js';
import type { ReportTelling } from './report-telling.type.js';

/** Somebody to whom a report is sent. */
export interface Recipient {
  readonly audience: ReportAudience;
  readonly method: ReportTellingMethod;
  readonly referrerId: string | null;
  /** Null: the patient. */
  readonly name: string | null;
  readonly organisation: string | null;
  /** For this letter alone; null: what is known of them. */
  readonly email: string | null;
  readonly addressLines: readonly string[];
  readonly words: string | null;
}

/** What is sent to whom, in the transaction of whoever decides it; the letter itself goes after the commit. */
@Injectable()
export class ReportTellingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {
    outbox.declare(REPORT_TOPICS.told);
    outbox.declare(REPORT_FOR_TEAM);
  }

  /** Says to later rooms that a version stands that the team may have to look at. */
  async tellTeam(
    tx: Tx,
    { reportId, versionNumber }: { readonly reportId: string; readonly versionNumber: number },
  ): Promise<void> {
    await this.outbox.post(tx, { topic: REPORT_FOR_TEAM, subjectId: reportId, version: versionNumber });
  }

  /** Has a version sent to somebody. */
  async tell(
    tx: Tx,
    actor: StaffActor,
    of: { readonly reportId: string; readonly scan: EvaluatedScan; readonly versionNumber: number },
    to: Recipient,
  ): Promise<ReportTelling> {
    const { reportId, scan, versionNumber } = of;
    const row = await tx.reportTelling.create({
      data: {
        ...{ reportId, scanBookingId: scan.id, versionNumber, ...to },
        addressLines: [...to.addressLines],
        toldAt: dateFromInstant(this.clock.now()),
        toldById: actor.id,
      },
    });
    await this.outbox.post(tx, { topic: REPORT_TOPICS.told, subjectId: row.id, version: versionNumber });
    await this.#record(tx, actor, row, scan.patientId);
    return toTelling(row);
  }

  /**
   * Whom it was sent to, the patient apart: each once, as they were last told. Whoever referred the patient and is their GP as
   * well is the referrer, of whom something is asked.
   */
  async toldBefore(tx: Tx, reportId: string): Promise<readonly Recipient[]> {
    const rows = await tx.reportTelling.findMany({
      where: { reportId, audience: { not: ReportAudience.PATIENT } },
      orderBy: { id: 'asc' },
    });
    const asReferrer = new Set(
      rows.flatMap((row) => (row.audience === 'REFERRER' ? (row.referrerId ?? []) : [])),
    );
    const isTwice = ({ audience, referrerId }: TellingRow) =>
      audience === ReportAudience.GP && referrerId !== null && asReferrer.has(referrerId);
    const once = rows.filter((row) => !isTwice(row));
    return [...new Map(once.map((row) => [`${row.audience} ${row.referrerId ?? row.name}`, row])).values()];
  }

  /** To whom these reports were sent, by report, in order. The look is recorded by whoever shows the report. */
  async ofReports(reportIds: readonly string[]): Promise<ReadonlyMap<string, readonly ReportTelling[]>> {
    const rows = await this.database.client.reportTelling.findMany({
      where: { reportId: { in: [...reportIds] } },
      orderBy: { id: 'asc' },
    });
    const tellings = new Map<string, ReportTelling[]>(reportIds.map((id) => [id, []]));
    for (const row of rows) tellings.get(row.reportId)?.push(toTelling(row));
    return tellings;
  }

  /** Somebody of the directory, as it has them now. Throws BAD_INPUT for an unknown or retired one. */
  async fromDirectory(tx: Tx, id: string, audience: ReportAudience): Promise<Recipient> {
    const row = await tx.referrer.findUnique({ where: { id }, select: DIRECTORY });
    if (row === null || row.retiredAt !== null)
      throw badInput('The directory of referrers has no such entry, or it is retired.');
    const { title, name, organisation, email } = row;
    return {
      ...{ audience, referrerId: id, organisation, email: null, addressLines: [], words: null },
      name: title === null ? name : `${title} ${name}`,
      method: methodFor(email),
    };
  }

  async #record(tx: Tx, actor: Actor, row: TellingRow, patientId: string): Promise<void> {
    const { audience, method, referrerId, versionNumber, scanBookingId } = row;
    await this.audit.record(tx, actor, {
      action: 'scan-report.told',
      subjectType: 'scan-report',
      subjectId: row.reportId,
      patientIds: [patientId],
      after: { scanBookingId, versionNumber, audience, method, referrerId },
    });
  }
}

const DIRECTORY = {
  title: true,
  name: true,
  organisation: true,
  email: true,
  retiredAt: true,
} as const satisfies Prisma.ReferrerSelect;

/** Mail between professionals goes by e-mail where there is an address; else it is printed and posted. */
export function methodFor(email: string | null): ReportTellingMethod {
  return email === null ? ReportTellingMethod.LETTER : ReportTellingMethod.EMAIL;
}

function toTelling(row: TellingRow): ReportTelling {
  const { id, versionNumber, audience, method, referrerId, name, organisation, words, toldById } = row;
  return {
    ...{ id, versionNumber, audience, method, referrerId, name, organisation, words, toldById },
    toldAt: instantFromDate(row.toldAt),
  };
}
