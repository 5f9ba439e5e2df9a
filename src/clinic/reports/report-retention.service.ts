import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate, localDate, Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';

/** What reports mean for how long a patient's record is kept, and their destruction with it. */
@Injectable()
export class ReportRetentionService implements PatientRecordPart {
  readonly room = 'reports';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    classes.join(this);
  }

  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.scanReport.findMany({
      where: { scanBooking: { patientId: { in: [...patientIds] } } },
      select: {
        scanBooking: { select: { patientId: true } },
        versions: { select: { signedAt: true } },
        acknowledgements: { where: { status: 'OPEN' }, select: { id: true } },
        criticalFindings: { where: { status: { not: 'CLOSED' } }, select: { id: true } },
      },
    });
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ scanBooking }) => scanBooking.patientId === id);
        const days = own.flatMap(({ versions }) => versions.map(({ signedAt }) => this.#day(signedAt)));
        const isCritical = own.some(({ criticalFindings }) => criticalFindings.length > 0);
        const isWaiting = own.some(({ acknowledgements }) => acknowledgements.length > 0);
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: [],
            keptBecause: isCritical ? 'CRITICAL_FINDING_OPEN' : isWaiting ? 'RESULT_NOT_ACKNOWLEDGED' : null,
          },
        ];
      }),
    );
  }

  /** Mostly only ever added to: the database lets go of it under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const ofThem = { report: { scanBooking: { patientId } } };
    const drafts = await tx.scanReportDraft.deleteMany({ where: ofThem });
    const findings = await tx.scanReportFinding.deleteMany({ where: { version: ofThem } });
    const addenda = await tx.scanReportAddendum.deleteMany({ where: ofThem });
    const versions = await tx.scanReportVersion.deleteMany({ where: ofThem });
    const tasks = await tx.reportAcknowledgement.deleteMany({ where: ofThem });
    await tx.criticalFindingTelling.deleteMany({ where: { criticalFinding: ofThem } });
    const critical = await tx.criticalFinding.deleteMany({ where: ofThem });
    const tellings = await tx.reportTelling.deleteMany({ where: ofThem });
    const reports = await tx.scanReport.deleteMany({ where: { scanBooking: { patientId } } });
    return [
      { what: 'scan reports', count: reports.count },
      { what: 'drafts of reports', count: drafts.count },
      { what: 'signed texts of reports', count: versions.count },
      { what: 'findings', count: findings.count },
      { what: 'addenda of reports', count: addenda.count },
      { what: 'critical findings', count: critical.count },
      { what: 'acknowledgements of results', count: tasks.count },
      { what: 'reports told', count: tellings.count },
    ].filter(({ count }) => count > 0);
  }

  #day(date: Date): Temporal.PlainDate {
    return localDate(instantFromDate(date), this.config.clinicTimeZone);
  }
}
