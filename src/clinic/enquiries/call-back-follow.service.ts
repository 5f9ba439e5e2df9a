import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  CallBackOutcome,
  CallBackPriority,
  CallBackStatus,
} from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import type { CallBack } from './call-back.type.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { CallBackRecordService, toColumns } from './call-back-record.service.js';
import { type CallBackTimes, higherPriority, joinedTimes, timesOfCall } from './call-back-times.rules.js';

/** Why one of two tasks to one number was closed when their enquiries were joined. */
const GOES_ON_AS_ANOTHER = 'The enquiries were joined: one call-back to this number goes on for both.';

/** What becomes of the call-backs of an enquiry when something happens to the enquiry. The enquiry is held by the caller. */
@Injectable()
export class CallBackFollowService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
    @Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
  ) {}

  /** A red flag was raised: whoever waits is rung at once. Done twice it is done once. */
  async hasten(tx: Tx, actor: Actor, enquiryId: string): Promise<void> {
    const now = this.clock.now();
    for (const before of await this.#ofEnquiry(tx, enquiryId, [CallBackStatus.WAITING])) {
      if (before.priority === CallBackPriority.RED_FLAG) continue;
      const priority = CallBackPriority.RED_FLAG;
      const level = await this.policies.inForce(tx, now);
      const desk = await this.calendar.deskHours(tx, now);
      const urgent = timesOfCall(now, priority, level, desk);
      const { nextAttemptAt, dueAt } = before;
      const times = joinedTimes({ nextAttemptAt, dueAt, escalateAt: urgent.escalateAt }, urgent);
      await this.records.change(tx, actor, before, {
        action: 'call-back.hastened',
        data: { priority, ...toColumns(times) },
      });
    }
  }

  /** The enquiry was converted: what was spoken about is settled. Whoever still waits to be rung goes on waiting. */
  async converted(tx: Tx, actor: StaffActor, enquiryId: string): Promise<void> {
    for (const before of await this.#ofEnquiry(tx, enquiryId, [CallBackStatus.REACHED])) {
      await this.records.change(tx, actor, before, {
        action: 'call-back.closed',
        data: {
          ...{ claimedById: null, claimedUntil: null, status: CallBackStatus.CLOSED },
          outcome: CallBackOutcome.CONVERTED,
          closedAt: dateFromInstant(this.clock.now()),
          closedById: actor.id,
        },
        detail: { outcome: CallBackOutcome.CONVERTED },
      });
    }
  }

  /** Two enquiries turned out to be one person's: whoever is to be rung is rung for the one that goes on. */
  async join(tx: Tx, actor: StaffActor, fromEnquiryId: string, intoEnquiryId: string): Promise<void> {
    const every = Object.values(CallBackStatus);
    for (const before of await this.#ofEnquiry(tx, fromEnquiryId, every)) {
      const stays = await this.#openAtSameNumber(tx, intoEnquiryId, before);
      if (stays !== null) await this.#goOn(tx, actor, stays, before);
      await this.records.change(tx, actor, before, {
        action: 'call-back.joined',
        data: { enquiryId: intoEnquiryId, ...(stays === null ? {} : this.#closedFor(actor)) },
        detail: { fromEnquiryId, goesOnAs: stays?.id ?? null },
      });
    }
  }

  /** They are rung once at a number: the task that was there goes on. */
  async #openAtSameNumber(
    tx: Tx,
    enquiryId: string,
    { status, phoneE164 }: CallBack,
  ): Promise<CallBack | null> {
    if (status === CallBackStatus.CLOSED || phoneE164 === null) return null;
    const open = [CallBackStatus.WAITING, CallBackStatus.REACHED];
    const known = await this.#ofEnquiry(tx, enquiryId, open);
    return known.find((one) => one.phoneE164 === phoneE164) ?? null;
  }

  /** With the more urgent of the two, and waiting if either waits. What was said and tried stays where it was recorded. */
  async #goOn(tx: Tx, actor: StaffActor, stays: CallBack, goes: CallBack): Promise<void> {
    const priority = higherPriority(stays.priority, goes.priority);
    const isFirst = Temporal.Instant.compare(goes.calledAt, stays.calledAt) < 0;
    const isLast = Temporal.Instant.compare(goes.lastCalledAt, stays.lastCalledAt) > 0;
    await this.records.change(tx, actor, stays, {
      action: 'call-back.goes-on-for-another',
      data: {
        priority,
        ...(isFirst ? { calledAt: dateFromInstant(goes.calledAt) } : {}),
        ...(isLast ? { lastCalledAt: dateFromInstant(goes.lastCalledAt) } : {}),
        ...(await this.#timesOfBoth(tx, stays, goes)),
      },
      detail: { otherId: goes.id },
    });
  }

  async #timesOfBoth(tx: Tx, stays: CallBack, goes: CallBack) {
    const [own, other] = [await timesOf(tx, stays), await timesOf(tx, goes)];
    if (other === null) return {};
    const times = own === null ? other : joinedTimes(own, other);
    return { ...toColumns(times), status: CallBackStatus.WAITING };
  }

  #closedFor(actor: StaffActor) {
    return {
      ...{ claimedById: null, claimedUntil: null, status: CallBackStatus.CLOSED, escalateAt: null },
      ...{ outcome: CallBackOutcome.NO_FURTHER_ACTION, outcomeComment: GOES_ON_AS_ANOTHER },
      ...{ closedAt: dateFromInstant(this.clock.now()), closedById: actor.id },
    };
  }

  async #ofEnquiry(
    tx: Tx,
    enquiryId: string,
    statuses: readonly CallBackStatus[],
  ): Promise<readonly CallBack[]> {
    const rows = await tx.callBack.findMany({
      where: { enquiryId, status: { in: [...statuses] } },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    const held: CallBack[] = [];
    for (const { id } of rows) held.push(await this.records.hold(tx, id));
    return held.filter(({ status }) => statuses.includes(status));
  }
}

/** When somebody who waits is to be rung; null: they do not wait. */
async function timesOf(tx: Tx, { id, nextAttemptAt, dueAt }: CallBack): Promise<CallBackTimes | null> {
  const { escalateAt } = await tx.callBack.findUniqueOrThrow({
    where: { id },
    select: { escalateAt: true },
  });
  return escalateAt === null ? null : { nextAttemptAt, dueAt, escalateAt: instantFromDate(escalateAt) };
}
