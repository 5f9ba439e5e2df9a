import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ImagingRequestAction } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Fault, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { TriageDueService } from '../referrals/triage-due.service.js';
import { RequestLogService, VETTING_CLOCK } from './request-log.service.js';
import { RequestRecordService } from './request-record.service.js';
import { isToDecide } from './request-state.rules.js';
import { VETTING_TOPICS } from './vetting-letter.type.js';
import { VettingPolicyService } from './vetting-policy.service.js';

/** No request waits unseen: what is not decided in time is said to the clinic, again and again until it is. */
@Injectable()
export class RequestEscalationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(RequestRecordService) private readonly records: RequestRecordService,
    @Inject(RequestLogService) private readonly log: RequestLogService,
    @Inject(VettingPolicyService) private readonly policies: VettingPolicyService,
    @Inject(TriageDueService) private readonly due: TriageDueService,
  ) {
    outbox.declare(VETTING_TOPICS.overdue);
  }

  /**
   * A day has passed by which something was to have happened. Judged afresh: a request that is decided, used up or gone is left alone;
   * one that is not due yet is looked at later; else the clinic is told. When to come again; null: never.
   */
  async passDeadline(requestId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.imagingRequest.findUnique({ where: { id: requestId }, select: { id: true } });
      if (known === null) return null;
      const held = await this.records.hold(tx, requestId);
      const { row } = held;
      const { dueOn, informationDueOn, escalatedAt } = row;
      if (!isToDecide(row) || dueOn === null) return null;
      const { escalationDays } = await this.policies.mustHave(tx, row.policyId);
      const promised = { dueOn, informationDueOn, escalatedAt, escalationDays };
      const { isOverdue, lookAgainAt } = await this.due.judge(tx, promised);
      if (!isOverdue) return lookAgainAt;
      const escalationsCount = row.escalationsCount + 1;
      const change = { escalatedAt: dateFromInstant(this.log.now()), escalationsCount };
      const move = { action: ImagingRequestAction.ESCALATE, to: row.status };
      const written = await this.log.write(tx, VETTING_CLOCK, held, move, change);
      if (isRefusal(written)) throw new Fault('TRY_AGAIN', 'a request that is held was moved');
      await this.outbox.post(tx, {
        topic: VETTING_TOPICS.overdue,
        subjectId: row.id,
        version: escalationsCount,
      });
      return lookAgainAt;
    });
  }
}
