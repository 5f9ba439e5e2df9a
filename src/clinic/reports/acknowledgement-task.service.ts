import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import {
  type ReferralPriority,
  ReportAcknowledgementStatus,
} from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  lastDayToKnow,
  localDate,
  Temporal,
  workingDaysAhead,
} from '../../platform/time/index.js';
import type { Actor, UnattendedActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { canDo, nextDueOn } from './acknowledgement.rules.js';
import { ACKNOWLEDGEMENT_DUE, type ReportAcknowledgement } from './acknowledgement.type.js';
import { AcknowledgementRecordService } from './acknowledgement-record.service.js';
import { REPORT_TOPICS } from './report-letter.type.js';
import { isOverdue, overdueFrom } from './report-policy.rules.js';
import { ReportPolicyService } from './report-policy.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: ACKNOWLEDGEMENT_DUE,
  requestId: null,
  source: null,
};

/** Tasks that come with signed reports, and come again on their day until somebody has settled them. */
@Injectable()
export class AcknowledgementTaskService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(ReportPolicyService) private readonly policies: ReportPolicyService,
    @Inject(AcknowledgementRecordService) private readonly records: AcknowledgementRecordService,
  ) {
    outbox.declare(ACKNOWLEDGEMENT_DUE);
    outbox.declare(REPORT_TOPICS.unacknowledged);
  }

  /** The result of a version is to be acknowledged; one of an earlier version that still is, no longer. */
  async open(
    tx: Tx,
    actor: Actor,
    of: {
      readonly reportId: string;
      readonly scanBookingId: string;
      readonly versionNumber: number;
      readonly priority: ReferralPriority;
    },
  ): Promise<ReportAcknowledgement> {
    await this.#supersede(tx, actor, of.reportId);
    const now = this.clock.now();
    const today = localDate(now, this.calendar.timeZone);
    const policy = await this.policies.inForce(tx, of.priority, today);
    const holidays = await this.calendar.holidays(tx, today, lastDayToKnow(today, policy.acknowledgeDays));
    const dueOn = workingDaysAhead(today, policy.acknowledgeDays, holidays);
    const { reportId, scanBookingId, versionNumber } = of;
    const { id } = await tx.reportAcknowledgement.create({
      data: {
        ...{ reportId, scanBookingId, versionNumber },
        openedAt: dateFromInstant(now),
        dueOn: dateFromPlainDate(dueOn),
        policyId: policy.id,
      },
    });
    const dueAt = overdueFrom(dueOn, this.calendar.timeZone);
    await this.outbox.post(tx, { topic: ACKNOWLEDGEMENT_DUE, subjectId: id, version: 0, dueAt });
    return this.records.mustHave(tx, id);
  }

  /**
   * A day has passed by which a result was to be acknowledged. Judged afresh: what is settled is left alone, what is not due
   * yet is looked at later, else the clinic is told. When to come again; null: never. Doing it twice is doing it once.
   */
  async passDeadline(id: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.reportAcknowledgement.findUnique({ where: { id }, select: { id: true } });
      if (known === null) return null;
      const before = await this.records.mustHold(tx, id);
      return before.status === 'OPEN' ? this.#judge(tx, before) : null;
    });
  }

  async #judge(tx: Tx, before: ReportAcknowledgement): Promise<Temporal.Instant> {
    const { timeZone } = this.calendar;
    const now = this.clock.now();
    const today = localDate(now, timeZone);
    const { policy } = await tx.reportAcknowledgement.findUniqueOrThrow({
      where: { id: before.id },
      select: { policy: { select: { escalationDays: true } } },
    });
    const { escalationDays } = policy;
    const escalatedOn = before.escalatedAt === null ? null : localDate(before.escalatedAt, timeZone);
    const due = { dueOn: Temporal.PlainDate.from(before.dueOn), escalatedOn, escalationDays };
    const from = escalatedOn ?? today;
    const holidays = await this.calendar.holidays(tx, from, lastDayToKnow(today, escalationDays));
    const next = nextDueOn(due, holidays);
    if (!isOverdue(next, today)) return overdueFrom(next, timeZone);
    const escalationsCount = before.escalationsCount + 1;
    await this.records.change(tx, CLOCK_ACTOR, 'report-acknowledgement.escalated', before, {
      escalatedAt: dateFromInstant(now),
      escalationsCount,
    });
    const { unacknowledged: topic } = REPORT_TOPICS;
    await this.outbox.post(tx, { topic, subjectId: before.id, version: escalationsCount });
    return overdueFrom(nextDueOn({ ...due, escalatedOn: today }, holidays), timeZone);
  }

  async #supersede(tx: Tx, actor: Actor, reportId: string): Promise<void> {
    const open = await tx.reportAcknowledgement.findFirst({ where: { reportId, status: 'OPEN' } });
    if (open === null) return;
    const before = await this.records.mustHold(tx, open.id);
    if (canDo(before.status, 'supersede') !== null) return;
    await this.outbox.withdraw(tx, [ACKNOWLEDGEMENT_DUE], [before.id]);
    const status = ReportAcknowledgementStatus.SUPERSEDED;
    await this.records.change(tx, actor, 'report-acknowledgement.superseded', before, { status });
  }
}
