import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { dateFromInstant, startOfDay, Temporal } from '../../platform/time/index.js';
import { LEAD_TIMES } from './lead-time-report.queries.js';
import { type CountedWaits, faultOfPeriod, toFigures } from './lead-time-report.rules.js';
import type { LeadTimeReport, LeadTimeReportFilterInput } from './lead-time-report.type.js';

const NONE = { count: 0, medianDays: null, p90Days: null, insidePromiseShare: null, breaches: 0 };

/** How the promised lead time was kept. */
@Injectable()
export class LeadTimeReportService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
  ) {}

  /** One statement, whatever the period. Counts only: no patient is shown, so no look is recorded. */
  async leadTimeReport(filter: LeadTimeReportFilterInput): Promise<LeadTimeReport> {
    const from = Temporal.PlainDate.from(filter.from);
    const until = Temporal.PlainDate.from(filter.until);
    const fault = faultOfPeriod(from, until);
    if (fault !== null) throw badInput(`filter.${fault}`);
    const zone = this.config.clinicTimeZone;
    const rows = await this.database.client.$queryRawUnsafe<readonly CountedWaits[]>(
      LEAD_TIMES,
      dateFromInstant(startOfDay(from, zone)),
      dateFromInstant(startOfDay(until.add({ days: 1 }), zone)),
      zone,
      filter.visitTypeCode ?? null,
      filter.priority ?? null,
      filter.by,
    );
    const total = rows.find((row) => row.isTotal);
    return {
      groups: rows
        .filter((row) => !row.isTotal)
        .map((row) => ({ group: row.group ?? '', ...toFigures(row) })),
      total: total === undefined ? NONE : toFigures(total),
    };
  }
}
