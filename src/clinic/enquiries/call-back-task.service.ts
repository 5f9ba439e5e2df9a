import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import {
  CallBackPriority,
  CallBackStatus,
  EnquiryChannel,
  EnquiryMessageDirection,
  EnquiryStatus,
} from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import type { CallBack } from './call-back.type.js';
import type { CallMade, RecordedCall } from './call-back-entry.type.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { CallBackRecordService, toColumns } from './call-back-record.service.js';
import { type CallBackTimes, higherPriority, joinedTimes, timesOfCall } from './call-back-times.rules.js';
import { EnquiryNotInState } from './enquiry.refusals.js';
import { statusAfterMessage } from './enquiry.rules.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { safeAfterCall } from './message-safety.rules.js';
import { RedFlagAskingService } from './red-flag-asking.service.js';

/** The task that a call makes: a new one, or one more call on the one that waits. */
@Injectable()
export class CallBackTaskService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
    @Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(EnquiryRecordService) private readonly enquiries: EnquiryRecordService,
    @Inject(RedFlagAskingService) private readonly redFlags: RedFlagAskingService,
  ) {}

  /** The enquiry, held, if it stands so that a call can be added to it. Throws NOT_FOUND. */
  async mustGoOn(
    tx: Tx,
    enquiryId: string,
    goesOn: readonly EnquiryStatus[],
  ): Promise<Enquiry | EnquiryNotInState> {
    const enquiry = await this.enquiries.mustHave(tx, enquiryId, { hold: true });
    return goesOn.includes(enquiry.status)
      ? enquiry
      : new EnquiryNotInState(enquiry.status, enquiry.allowedActions);
  }

  /** A new task for an enquiry that was there before: what was said is added to it. */
  async openFor(tx: Tx, actor: Actor, held: Enquiry, call: CallMade): Promise<RecordedCall> {
    const emergencyAdvice = await this.#hear(tx, actor, held, call);
    const enquiry = await this.enquiries.mustHave(tx, held.id);
    return this.open(tx, actor, enquiry, call, emergencyAdvice);
  }

  /** A new task for an enquiry in which all that was said is kept already. */
  async open(
    tx: Tx,
    actor: Actor,
    enquiry: Enquiry,
    call: CallMade,
    emergencyAdvice: string | null,
  ): Promise<RecordedCall> {
    const priority = await this.#priority(tx, enquiry.id);
    const times = await this.#timesOf(tx, call, priority);
    const receivedAt = dateFromInstant(call.receivedAt);
    const { id } = await tx.callBack.create({
      data: {
        ...toColumns(times),
        enquiryId: enquiry.id,
        priority,
        phoneAsEntered: call.phone,
        phoneE164: call.phoneE164,
        calledAt: receivedAt,
        lastCalledAt: receivedAt,
        calls: { create: this.#toRow(actor, call) },
      },
      select: { id: true },
    });
    await this.records.watch(tx, id);
    const callBack = await this.records.read(tx, id);
    await this.records.note(
      tx,
      actor,
      { action: 'call-back.opened', detail: { kind: call.kind } },
      null,
      callBack,
    );
    return { callBack, isJoined: false, emergencyAdvice };
  }

  /** The same person at the same number again: one more call, and the more urgent of the two. Null: it was closed in this moment. */
  async join(tx: Tx, actor: Actor, id: string, call: CallMade): Promise<RecordedCall | null> {
    const before = await this.records.hold(tx, id);
    if (before.status === CallBackStatus.CLOSED) return null;
    const enquiry = await this.enquiries.mustHave(tx, before.enquiryId);
    const emergencyAdvice = await this.#hear(tx, actor, enquiry, call);
    // What was heard may have been a sign of danger, and then the task was hastened already.
    const open = await this.records.read(tx, id);
    const priority = higherPriority(open.priority, await this.#priority(tx, enquiry.id));
    const calledAt = dateFromInstant(call.receivedAt);
    const callBack = await this.records.change(tx, actor, open, {
      action: 'call-back.rang-again',
      data: {
        ...toColumns(await this.#joined(tx, open, call, priority)),
        status: CallBackStatus.WAITING,
        priority,
        callCount: { increment: 1 },
        ...(calledAt < dateFromInstant(open.calledAt) ? { calledAt } : {}),
        ...(calledAt > dateFromInstant(open.lastCalledAt) ? { lastCalledAt: calledAt } : {}),
        calls: { create: this.#toRow(actor, call) },
      },
      detail: { kind: call.kind },
    });
    return { callBack, isJoined: true, emergencyAdvice };
  }

  /** Whoever was spoken with and rings again waits anew; whoever waits keeps the earlier time. */
  async #joined(tx: Tx, open: CallBack, call: CallMade, priority: CallBackPriority): Promise<CallBackTimes> {
    const again = await this.#timesOf(tx, call, priority);
    const { escalateAt } = await tx.callBack.findUniqueOrThrow({
      where: { id: open.id },
      select: { escalateAt: true },
    });
    if (open.status !== CallBackStatus.WAITING || escalateAt === null) return again;
    return joinedTimes({ ...open, escalateAt: instantFromDate(escalateAt) }, again);
  }

  async #timesOf(tx: Tx, call: CallMade, priority: CallBackPriority): Promise<CallBackTimes> {
    const level = await this.policies.inForce(tx, this.clock.now());
    const desk = await this.calendar.deskHours(tx, call.receivedAt);
    return timesOfCall(call.receivedAt, priority, level, desk);
  }

  async #priority(tx: Tx, enquiryId: string): Promise<CallBackPriority> {
    const open = await this.enquiries.openAlertIds(tx, enquiryId);
    return open.length > 0 ? CallBackPriority.RED_FLAG : CallBackPriority.NORMAL;
  }

  /** What was said is a message of the enquiry, and looked at for signs of danger; the enquiry goes on, or goes on again. */
  async #hear(tx: Tx, actor: Actor, enquiry: Enquiry, call: CallMade): Promise<string | null> {
    const status = statusAfterMessage(enquiry.status, enquiry.claimedById !== null);
    const isAnew = enquiry.status === EnquiryStatus.CLOSED && status !== EnquiryStatus.CLOSED;
    const safe = safeAfterCall(enquiry, call);
    await this.enquiries.change(tx, actor, enquiry, {
      action: 'enquiry.rang',
      data: {
        status,
        ...(enquiry.name === null && call.name !== null ? { name: call.name } : {}),
        ...(safe === null ? {} : { safeToLeaveMessage: safe }),
        ...(isAnew ? { closeReason: null, closeComment: null, closedAt: null, closedById: null } : {}),
      },
      detail: { kind: call.kind },
    });
    if (call.said === null) return null;
    await tx.enquiryMessage.create({
      data: {
        enquiryId: enquiry.id,
        direction: EnquiryMessageDirection.IN,
        channel: EnquiryChannel.VOICEMAIL,
        text: call.said,
        at: dateFromInstant(call.receivedAt),
      },
      select: { id: true },
    });
    return this.redFlags.lookAtText(tx, actor, { enquiryId: enquiry.id }, call.said);
  }

  #toRow(actor: Actor, call: CallMade) {
    const { kind, name, said } = call;
    return {
      ...{ kind, name, said },
      receivedAt: dateFromInstant(call.receivedAt),
      recordedAt: dateFromInstant(this.clock.now()),
      recordedById: actor.id,
    };
  }
}
