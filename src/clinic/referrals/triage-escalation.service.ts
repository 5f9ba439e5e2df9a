import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { ReferralStatus, TriageEventKind } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  lastDayToKnow,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { isUndecided } from './duplicate-referral.rules.js';
import { REFERRAL_TOPICS } from './referral-letter.type.js';
import { isOverdue, nextDueOn, overdueFrom } from './triage-due.rules.js';
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
    @Inject(Config) private readonly config: Config,
    @Inject(CalendarService) private readonly calendar: CalendarService,
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

  async #judge(tx: Tx, row: ReferralRow, decideBy: Date): Promise<Temporal.Instant> {
    const now = this.clock.now();
    const zone = this.config.clinicTimeZone;
    const today = localDate(now, zone);
    const policy = await tx.triagePolicy.findUnique({ where: { id: row.duePolicyId ?? row.id } });
    const escalationDays = policy?.escalationDays ?? ESCALATION_WITHOUT_POLICY_WORKING_DAYS;
    const asked = row.status === ReferralStatus.INFORMATION_REQUESTED ? row.informationDueOn : null;
    const facts = {
      dueOn: plainDateFromDate(decideBy),
      informationDueOn: asked === null ? null : plainDateFromDate(asked),
      escalatedOn: row.escalatedAt === null ? null : localDate(instantFromDate(row.escalatedAt), zone),
      escalationDays,
    };
    const from = facts.escalatedOn ?? today;
    const holidays = await this.calendar.holidays(tx, from, lastDayToKnow(today, escalationDays));
    const next = nextDueOn(facts, holidays);
    if (!isOverdue(next, today)) return overdueFrom(next, zone);
    const escalationsCount = row.escalationsCount + 1;
    const change = { escalatedAt: dateFromInstant(now), escalationsCount };
    await this.log.write(tx, CLOCK_ACTOR, row, change, { kind: TriageEventKind.ESCALATED });
    await this.outbox.post(tx, {
      topic: REFERRAL_TOPICS.overdue,
      subjectId: row.id,
      version: escalationsCount,
    });
    return overdueFrom(nextDueOn({ ...facts, escalatedOn: today }, holidays), zone);
  }
}
