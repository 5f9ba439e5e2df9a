import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { ReferralStatus, TriageEventKind } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { isUndecided } from './duplicate-referral.rules.js';
import { REFERRAL_TOPICS } from './referral-letter.type.js';
import { TriageDueService } from './triage-due.service.js';
import { TriageLogService } from './triage-log.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'triage',
  requestId: null,
  source: null,
};

/** Of a referral whose policy is not known any more. */
const ESCALATION_WITHOUT_POLICY_WORKING_DAYS = 1;

/** Nobody waits unseen: what is not decided in time is said to the clinic, again and again until it is. */
@Injectable()
export class TriageEscalationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(TriageDueService) private readonly due: TriageDueService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(TriageLogService) private readonly log: TriageLogService,
  ) {
    outbox.declare(REFERRAL_TOPICS.overdue);
  }

  /**
   * A day has passed by which something was to have happened. Judged afresh: a referral that is decided, or gone, is left
   * alone; one that is not due yet is looked at later; else it is escalated. When to come again; null: never.
   */
  async passDeadline(referralId: string): Promise<Temporal.Instant | null> {
    return this.database.transaction(async (tx) => {
      const known = await tx.referral.findUnique({ where: { id: referralId }, select: { id: true } });
      if (known === null) return null;
      const row = await this.log.hold(tx, referralId);
      if (!isUndecided(row.status) || row.dueOn === null) return null;
      return this.#judge(tx, row, row.dueOn);
    });
  }

  async #judge(tx: Tx, row: ReferralRow, dueOn: Date): Promise<Temporal.Instant> {
    const policy = await tx.triagePolicy.findUnique({ where: { id: row.duePolicyId ?? row.id } });
    const { isOverdue, lookAgainAt } = await this.due.judge(tx, {
      dueOn,
      informationDueOn: row.status === ReferralStatus.INFORMATION_REQUESTED ? row.informationDueOn : null,
      escalatedAt: row.escalatedAt,
      escalationDays: policy?.escalationDays ?? ESCALATION_WITHOUT_POLICY_WORKING_DAYS,
    });
    if (!isOverdue) return lookAgainAt;
    const escalationsCount = row.escalationsCount + 1;
    const change = { escalatedAt: dateFromInstant(this.clock.now()), escalationsCount };
    await this.log.write(tx, CLOCK_ACTOR, row, change, { kind: TriageEventKind.ESCALATED });
    await this.outbox.post(tx, {
      topic: REFERRAL_TOPICS.overdue,
      subjectId: row.id,
      version: escalationsCount,
    });
    return lookAgainAt;
  }
}
