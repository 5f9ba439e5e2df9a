import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ScanBookingStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  lastDayToKnow,
  localDate,
  startOfDay,
  Temporal,
  workingDaysAhead,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { type ReportToWriteRow, reportsToWrite } from './report.queries.js';
import type { ReportsToWriteFilterInput, ReportToWrite } from './report.type.js';
import { isOverdue, policyOn } from './report-policy.rules.js';
import { ReportPolicyService } from './report-policy.service.js';

/** No policy promises more (its bounds). */
const PROMISE_MAX_WORKING_DAYS = 60;

/** Scans that are over and have no final report, those first that ended first, with the day that was promised. */
@Injectable()
export class ReportsToWriteService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(ReportPolicyService) private readonly policies: ReportPolicyService,
  ) {}

  /** A handful of statements, however long the page. The look is recorded. */
  async reportsToWrite(
    actor: StaffActor,
    filter: ReportsToWriteFilterInput,
    page: PageInput,
  ): Promise<Page<ReportToWrite>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.$queryRaw<ReportToWriteRow[]>(reportsToWrite(this.#question(filter, page)));
      const shown = rows.slice(0, page.size);
      const items = await this.#withDays(tx, shown);
      await this.audit.record(tx, actor, {
        action: 'reports-to-write.listed',
        subjectType: 'scan-booking',
        patientIds: [...new Set(items.map(({ patientId }) => patientId))],
      });
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.endedAt.toString(), last.scanBookingId) : null };
    });
  }

  #question({ includesDiscontinued, endedFrom }: ReportsToWriteFilterInput, page: PageInput) {
    const statuses: ScanBookingStatus[] = [ScanBookingStatus.COMPLETED];
    if (includesDiscontinued) statuses.push(ScanBookingStatus.DISCONTINUED);
    const after = page.after ? decodeCursor(page.after, ['instant', 'uuid']) : null;
    const from = endedFrom
      ? startOfDay(Temporal.PlainDate.from(endedFrom), this.config.clinicTimeZone)
      : null;
    return {
      statuses,
      endedFrom: from === null ? null : dateFromInstant(from),
      after:
        after === null ? null : { endedAt: dateFromInstant(Temporal.Instant.from(after[0])), id: after[1] },
      limit: page.size + 1,
    };
  }

  async #withDays(tx: Tx, rows: readonly ReportToWriteRow[]): Promise<readonly ReportToWrite[]> {
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return [];
    const zone = this.config.clinicTimeZone;
    const dayOf = ({ endedAt }: ReportToWriteRow) => localDate(instantFromDate(endedAt), zone);
    const policies = await this.policies.all(tx);
    const until = lastDayToKnow(dayOf(last), PROMISE_MAX_WORKING_DAYS);
    const holidays = await this.calendar.holidays(tx, dayOf(first), until);
    const today = localDate(this.clock.now(), zone);
    return rows.map((row) => {
      const day = dayOf(row);
      const own = policies.filter(({ priority }) => priority === row.priority);
      const dueOn = workingDaysAhead(day, policyOn(own, day)?.reportDays ?? 0, holidays);
      const { scanBookingId, patientId, scanStatus, isPreliminary, writerIds } = row;
      return {
        ...{ scanBookingId, patientId, scanStatus, isPreliminary, writerIds },
        endedAt: instantFromDate(row.endedAt),
        dueOn: dueOn.toString(),
        isOverdue: isOverdue(dueOn, today),
      };
    });
  }
}
