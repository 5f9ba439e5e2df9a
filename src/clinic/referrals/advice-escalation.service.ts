import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { AdviceStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { heldAdviceThread } from './advice.queries.js';
import { ADVICE_TOPICS } from './advice-letter.type.js';
import { TriageDueService } from './triage-due.service.js';

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
    @Inject(TriageDueService) private readonly due: TriageDueService,
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
      const { isOverdue, lookAgainAt } = await this.due.judge(tx, {
        dueOn: thread.dueOn,
        informationDueOn: null,
        escalatedAt: thread.escalatedAt,
        escalationDays: thread.duePolicy.escalationDays,
      });
      if (!isOverdue) return lookAgainAt;
      const escalationsCount = thread.escalationsCount + 1;
      await tx.adviceThread.update({
        where: { id: threadId },
        data: { escalatedAt: dateFromInstant(this.clock.now()), escalationsCount },
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
      return lookAgainAt;
    });
  }
}
