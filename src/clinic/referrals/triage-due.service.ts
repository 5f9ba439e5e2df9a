import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromPlainDate,
  type Holidays,
  instantFromDate,
  lastDayToKnow,
  localDate,
  plainDateFromDate,
  Temporal,
  workingDaysAhead,
} from '../../platform/time/index.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { decideBy, isOverdue, nextDueOn, overdueFrom } from './triage-due.rules.js';
import { TRIAGE_WORK } from './triage-due.type.js';
import { TriagePolicyService } from './triage-policy.service.js';

export { overdueFrom } from './triage-due.rules.js';

/** The columns of a referral that say what was promised. */
export interface DueColumns {
  readonly dueOn: Date;
  readonly duePolicyId: string;
}

/** What was promised, as a row says it: local days, and the moment of the last escalation. */
export interface Promised {
  readonly dueOn: Date;
  /** While the referrer is asked for something: until when they are to answer. */
  readonly informationDueOn: Date | null;
  readonly escalatedAt: Date | null;
  /** Working days from one escalation to the next. */
  readonly escalationDays: number;
}

/** What is due when. Every verb works in the caller's transaction. */
@Injectable()
export class TriageDueService {
  constructor(
    @Inject(TriagePolicyService) private readonly policies: TriagePolicyService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
  ) {
    outbox.declare(TRIAGE_WORK.due);
    outbox.declare(TRIAGE_WORK.adviceDue);
  }

  /** The day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  /** What a referral that arrived on that day is promised, for its row. Then `watch` it. */
  async dueAtReceipt(
    tx: Tx,
    referral: { readonly priority: ReferralPriority; readonly receivedOn: Temporal.PlainDate },
  ): Promise<DueColumns> {
    const policy = await this.policies.inForce(tx, referral.priority, referral.receivedOn);
    const holidays = await this.#holidaysAfter(tx, referral.receivedOn, policy.triageDays);
    const dueOn = decideBy(referral.receivedOn, policy, holidays);
    return { dueOn: dateFromPlainDate(dueOn), duePolicyId: policy.id };
  }

  /** What a referral that is looked at anew is promised: as if it had come today. Then `watch` it. */
  async dueAnew(tx: Tx, priority: ReferralPriority): Promise<DueColumns> {
    return this.dueAtReceipt(tx, { priority, receivedOn: this.today() });
  }

  /** The day by which a referrer who is asked today has to answer. Then `watch` it. */
  async informationDueOn(tx: Tx, priority: ReferralPriority): Promise<Temporal.PlainDate> {
    const today = this.today();
    const { informationDays } = await this.policies.inForce(tx, priority, today);
    return workingDaysAhead(today, informationDays, await this.#holidaysAfter(tx, today, informationDays));
  }

  /** What a question for advice that came on that day is promised. */
  async adviceDue(
    tx: Tx,
    question: { readonly priority: ReferralPriority; readonly askedOn: Temporal.PlainDate },
  ): Promise<DueColumns> {
    const policy = await this.policies.inForce(tx, question.priority, question.askedOn);
    const holidays = await this.#holidaysAfter(tx, question.askedOn, policy.adviceDays);
    const dueOn = workingDaysAhead(question.askedOn, policy.adviceDays, holidays);
    return { dueOn: dateFromPlainDate(dueOn), duePolicyId: policy.id };
  }

  /** Has the referral looked at when that day has passed. Whoever looks judges it as it stands then. */
  async watch(
    tx: Tx,
    referral: { readonly id: string; readonly version: number },
    dueOn: Temporal.PlainDate,
  ): Promise<void> {
    const dueAt = overdueFrom(dueOn, this.config.clinicTimeZone);
    const { id: subjectId, version } = referral;
    await this.outbox.withdraw(tx, [TRIAGE_WORK.due], [subjectId]);
    await this.outbox.post(tx, { topic: TRIAGE_WORK.due, subjectId, version, dueAt });
  }

  /** Has the question looked at when the day of its answer has passed. */
  async watchAdvice(tx: Tx, threadId: string, dueOn: Date): Promise<void> {
    const dueAt = overdueFrom(plainDateFromDate(dueOn), this.config.clinicTimeZone);
    await this.outbox.withdraw(tx, [TRIAGE_WORK.adviceDue], [threadId]);
    await this.outbox.post(tx, { topic: TRIAGE_WORK.adviceDue, subjectId: threadId, version: 0, dueAt });
  }

  /**
   * Whether the day by which something was to have happened has passed, as of now, and when to look again: if it has, one
   * step of the policy after today, on which whoever asks escalates it.
   */
  async judge(
    tx: Tx,
    promise: Promised,
  ): Promise<{ readonly isOverdue: boolean; readonly lookAgainAt: Temporal.Instant }> {
    const zone = this.config.clinicTimeZone;
    const today = this.today();
    const { dueOn, informationDueOn, escalatedAt, escalationDays } = promise;
    const facts = {
      dueOn: plainDateFromDate(dueOn),
      informationDueOn: informationDueOn === null ? null : plainDateFromDate(informationDueOn),
      escalatedOn: escalatedAt === null ? null : localDate(instantFromDate(escalatedAt), zone),
      escalationDays,
    };
    const until = lastDayToKnow(today, escalationDays);
    const holidays = await this.calendar.holidays(tx, facts.escalatedOn ?? today, until);
    const next = nextDueOn(facts, holidays);
    if (!isOverdue(next, today)) return { isOverdue: false, lookAgainAt: overdueFrom(next, zone) };
    const again = nextDueOn({ ...facts, escalatedOn: today }, holidays);
    return { isOverdue: true, lookAgainAt: overdueFrom(again, zone) };
  }

  /** The bank holidays that so many working days after a day can come across. */
  async #holidaysAfter(tx: Tx, from: Temporal.PlainDate, workingDays: number): Promise<Holidays> {
    return this.calendar.holidays(tx, from, lastDayToKnow(from, workingDays));
  }
}
