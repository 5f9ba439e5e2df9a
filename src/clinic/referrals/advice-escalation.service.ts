import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  lastDayToKnow,
  localDate,
  plainDateFromDate,
  type Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { heldAdviceThread } from './advice.queries.js';
import { ADVICE_TOPICS } from './advice-letter.type.js';
import { isOverdue, nextDueOn, overdueFrom } from './triage-due.rules.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'advice',
  requestId: null,
  source: null,
};

/** No referrer waits unseen: a question that is not answered in time is said to the clinic until it is. */
@Injectable()
export class AdviceEscalationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {
    outbox.declare(ADVICE_TOPICS.overdue);
  }

  /**
   * A day has passed by which there was to be an answer. Judged afresh: a question that was answered, closed or destroyed
   * is left alone. When to come again; null: never.
   */
  async passDeadline(threadId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(heldAdviceThread(threadId));
      const thread = await tx.adviceThread.findUnique({
        where: { id: threadId },
        include: { duePolicy: { select: { escalationDays: true } } },
      });
      if (thread === null || thread.status !== AdviceStatus.OPEN) return null;
      const now = this.clock.now();
      const zone = this.config.clinicTimeZone;
      const today = localDate(now, zone);
      const { escalationDays } = thread.duePolicy;
      const facts = {
        dueOn: plainDateFromDate(thread.dueOn),
        informationDueOn: null,
        escalatedOn:
          thread.escalatedAt === null ? null : localDate(instantFromDate(thread.escalatedAt), zone),
        escalationDays,
      };
      const from = facts.escalatedOn ?? today;
      const holidays = await this.calendar.holidays(tx, from, lastDayToKnow(today, escalationDays));
      const next = nextDueOn(facts, holidays);
      if (!isOverdue(next, today)) return overdueFrom(next, zone);
      const escalationsCount = thread.escalationsCount + 1;
      await tx.adviceThread.update({
        where: { id: threadId },
        data: { escalatedAt: dateFromInstant(now), escalationsCount },
      });
      await this.audit.record(tx, CLOCK_ACTOR, {
        action: 'advice-thread.escalated',
        subjectType: 'advice-thread',
        subjectId: threadId,
        patientIds: thread.patientId === null ? [] : [thread.patientId],
        after: { escalationsCount },
      });
      const topic = ADVICE_TOPICS.overdue;
      await this.outbox.post(tx, { topic, subjectId: threadId, version: escalationsCount });
      return overdueFrom(nextDueOn({ ...facts, escalatedOn: today }, holidays), zone);
    });
  }
}
