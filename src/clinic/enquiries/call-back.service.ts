import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  CallBackAttemptOutcome,
  CallBackOutcome,
  CallBackPriority,
  CallBackStatus,
  EnquiryStatus,
  RedFlagAlertStatus,
} from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CalendarService } from '../calendar/calendar.service.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import {
  CallBackAction,
  CallBackChangedMeanwhile,
  type CallBackClaimedByOther,
  CallBackHasRedFlag,
  CallBackNotConverted,
  type CallBackNotOpen,
  CallBackNotTriedEnough,
  type MessageNotSafe,
  NumberWaitingAlready,
} from './call-back.refusals.js';
import {
  canDoWithCallBack,
  canHandle,
  canLeaveMessage,
  faultOfAttempt,
  faultOfClosing,
  statusAfterAttempt,
  toldText,
  whoRang,
} from './call-back.rules.js';
import type { CallBack } from './call-back.type.js';
import type {
  CallBackInput,
  CloseCallBackInput,
  GiveCallBackNumberInput,
  RecordCallBackAttemptInput,
  ReopenCallBackInput,
} from './call-back-input.type.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { CallBackRecordService, toColumns } from './call-back-record.service.js';
import { timesAfterAttempt, timesOfCall } from './call-back-times.rules.js';

/** Whoever is to be rung at a number is rung once. */
export const numberConstraint = {
  call_backs_one_open_per_number: () => new NumberWaitingAlready(),
} as const;

type Busy = CallBackNotOpen | CallBackClaimedByOther;
type AttemptRefusal = Busy | CallBackChangedMeanwhile | MessageNotSafe;
type ClosingRefusal =
  | Busy
  | CallBackChangedMeanwhile
  | CallBackNotTriedEnough
  | CallBackHasRedFlag
  | CallBackNotConverted;

const UNCLAIMED = { claimedById: null, claimedUntil: null } as const;

/** Ringing people back, from taking the task to what came of it. */
@Injectable()
export class CallBackService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
    @Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService,
    @Inject(CalendarService) private readonly calendar: CalendarService,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
  ) {}

  /** Takes it in hand until the claim lapses; whoever has it may take it again. Throws NOT_FOUND. */
  async claimCallBack(actor: StaffActor, { callBackId }: CallBackInput): Promise<CallBack | Busy> {
    return this.database.transaction<CallBack | Busy>(async (tx) => {
      const before = await this.#heldFor(tx, actor, callBackId, CallBackAction.CLAIM);
      if (isRefusal(before)) return before;
      const now = this.clock.now();
      const { claimMinutes } = await this.policies.inForce(tx, now);
      const claimedUntil = dateFromInstant(now.add({ minutes: claimMinutes }));
      const data = { claimedById: actor.id, claimedUntil };
      return this.records.change(tx, actor, before, { action: 'call-back.claimed', data });
    });
  }

  /** Lets it go, for others. Throws NOT_FOUND. */
  async releaseCallBack(actor: StaffActor, { callBackId }: CallBackInput): Promise<CallBack | Busy> {
    return this.database.transaction<CallBack | Busy>(async (tx) => {
      const before = await this.#heldFor(tx, actor, callBackId, CallBackAction.RELEASE);
      if (isRefusal(before) || before.claimedById === null) return before;
      return this.records.change(tx, actor, before, { action: 'call-back.released', data: UNCLAIMED });
    });
  }

  /** Another number, or the first. Throws NOT_FOUND. */
  async giveCallBackNumber(
    actor: StaffActor,
    input: GiveCallBackNumberInput,
  ): Promise<CallBack | Busy | NumberWaitingAlready> {
    return this.database.transaction<CallBack | Busy | NumberWaitingAlready, NumberWaitingAlready>(
      async (tx) => {
        const phoneAsEntered = toldText(input.phone);
        if (phoneAsEntered === null) throw badInput('phone: there is nothing to read in it.');
        const phoneE164 = this.contacts.phone(phoneAsEntered);
        if (phoneE164 !== null) await this.records.holdNumber(tx, phoneE164);
        const before = await this.#heldFor(tx, actor, input.callBackId, CallBackAction.GIVE_NUMBER);
        if (isRefusal(before)) return before;
        if (await this.#isWaitingAt(tx, before, phoneE164)) return new NumberWaitingAlready();
        const data = { phoneAsEntered, phoneE164 };
        return this.records.change(tx, actor, before, { action: 'call-back.number-given', data });
      },
      { onConstraint: numberConstraint },
    );
  }

  /**
   * Somebody rang them. Reached, they wait no longer; otherwise it says when to ring next, and whoever had it in hand has
   * it no longer. Throws NOT_FOUND, BAD_INPUT.
   */
  async recordCallBackAttempt(
    actor: StaffActor,
    input: RecordCallBackAttemptInput,
  ): Promise<CallBack | AttemptRefusal> {
    return this.database.transaction<CallBack | AttemptRefusal>(async (tx) => {
      const before = await this.#heldFor(tx, actor, input.callBackId, CallBackAction.RECORD_ATTEMPT);
      if (isRefusal(before)) return before;
      if (before.version !== input.version) return new CallBackChangedMeanwhile(before.version);
      const fault = faultOfAttempt(input, before, this.clock.now());
      if (fault !== null) throw badInput(fault);
      if (input.outcome === CallBackAttemptOutcome.LEFT_MESSAGE) {
        const unsafe = canLeaveMessage(before.safeToLeaveMessage);
        if (unsafe !== null) return unsafe;
      }
      await tx.callBackAttempt.create({
        data: {
          callBackId: before.id,
          madeAt: dateFromInstant(this.clock.now()),
          madeById: actor.id,
          outcome: input.outcome,
          phoneAsEntered: before.phoneAsEntered,
          ringAgainAt: input.ringAgainAt ? dateFromInstant(input.ringAgainAt) : null,
          note: toldText(input.note),
        },
        select: { id: true },
      });
      return this.records.change(tx, actor, before, {
        action: 'call-back.attempted',
        data: await this.#afterAttempt(tx, before, input),
        detail: { outcome: input.outcome },
      });
    });
  }

  /** It is settled. Throws NOT_FOUND, BAD_INPUT. */
  async closeCallBack(actor: StaffActor, input: CloseCallBackInput): Promise<CallBack | ClosingRefusal> {
    const fault = faultOfClosing(input);
    if (fault !== null) throw badInput(fault);
    return this.database.transaction<CallBack | ClosingRefusal>(async (tx) => {
      const before = await this.#heldFor(tx, actor, input.callBackId, CallBackAction.CLOSE);
      if (isRefusal(before)) return before;
      if (before.version !== input.version) return new CallBackChangedMeanwhile(before.version);
      const refusal = await this.#canClose(tx, before, input.outcome);
      if (refusal !== null) return refusal;
      return this.records.change(tx, actor, before, {
        action: 'call-back.closed',
        data: {
          ...UNCLAIMED,
          status: CallBackStatus.CLOSED,
          escalateAt: null,
          outcome: input.outcome,
          outcomeComment: toldText(input.comment),
          letter: input.letter ?? null,
          closedAt: dateFromInstant(this.clock.now()),
          closedById: actor.id,
        },
        detail: { outcome: input.outcome, letter: input.letter ?? null },
      });
    });
  }

  /** They are to be rung after all, by the service level from now on. What was tried before stays. Throws NOT_FOUND. */
  async reopenCallBack(
    actor: StaffActor,
    input: ReopenCallBackInput,
  ): Promise<CallBack | Busy | NumberWaitingAlready> {
    return this.database.transaction<CallBack | Busy | NumberWaitingAlready, NumberWaitingAlready>(
      async (tx) => {
        const { phoneE164 } = await this.records.read(tx, input.callBackId);
        if (phoneE164 !== null) await this.records.holdNumber(tx, phoneE164);
        const before = await this.#heldFor(tx, actor, input.callBackId, CallBackAction.REOPEN);
        if (isRefusal(before)) return before;
        if (await this.#isWaitingAt(tx, before, before.phoneE164)) return new NumberWaitingAlready();
        const now = this.clock.now();
        const level = await this.policies.inForce(tx, now);
        const desk = await this.calendar.deskHours(tx, now);
        const isInDanger = (await this.#openAlerts(tx, before.enquiryId)) > 0;
        const priority = isInDanger ? CallBackPriority.RED_FLAG : CallBackPriority.NORMAL;
        const times = timesOfCall(now, priority, level, desk);
        return this.records.change(tx, actor, before, {
          action: 'call-back.reopened',
          data: {
            ...toColumns(times),
            status: CallBackStatus.WAITING,
            priority,
            attemptCount: 0,
            escalations: 0,
            ...{ outcome: null, outcomeComment: null, letter: null, closedAt: null, closedById: null },
            calls: {
              create: {
                kind: 'ASKED_FOR',
                receivedAt: dateFromInstant(now),
                recordedAt: dateFromInstant(now),
                recordedById: actor.id,
                said: toldText(input.reason),
              },
            },
          },
        });
      },
      { onConstraint: numberConstraint },
    );
  }

  /** The call-back, held, if that can be done with it and nobody else has it in hand. */
  async #heldFor(tx: Tx, actor: StaffActor, id: string, action: CallBackAction): Promise<CallBack | Busy> {
    const before = await this.records.hold(tx, id);
    const refusal = canDoWithCallBack(before.status, action) ?? canHandle(before, actor.id, this.clock.now());
    return refusal ?? before;
  }

  /** Does the same person wait at that number with another task? Others who share it are rung for themselves. */
  async #isWaitingAt(tx: Tx, { id, name }: CallBack, phoneE164: string | null): Promise<boolean> {
    if (phoneE164 === null) return false;
    const others = (await this.records.waitingAt(tx, phoneE164)).filter((other) => other.id !== id);
    return whoRang(others, name) !== null;
  }

  async #afterAttempt(
    tx: Tx,
    before: CallBack,
    { outcome, ringAgainAt = null }: RecordCallBackAttemptInput,
  ): Promise<Prisma.CallBackUncheckedUpdateInput> {
    const now = this.clock.now();
    const reachedAt = dateFromInstant(now);
    const status = statusAfterAttempt(outcome);
    if (status === CallBackStatus.REACHED) {
      return { status, reachedAt, escalateAt: null, attemptCount: { increment: 1 } };
    }
    const level = await this.policies.inForce(tx, now);
    const desk = await this.calendar.deskHours(tx, now);
    const attempt = { outcome, at: now, ringAgainAt, bestTimes: before.bestTimes };
    const times = toColumns(timesAfterAttempt(attempt, before.priority, level, desk));
    const changed = { ...times, ...UNCLAIMED, status };
    switch (outcome) {
      // They answered: that is no failed attempt.
      case CallBackAttemptOutcome.ASKED_TO_RING_LATER:
        return { ...changed, reachedAt };
      case CallBackAttemptOutcome.WRONG_NUMBER:
        return { ...changed, phoneAsEntered: null, phoneE164: null, attemptCount: { increment: 1 } };
      default:
        return { ...changed, attemptCount: { increment: 1 } };
    }
  }

  async #canClose(
    tx: Tx,
    before: CallBack,
    outcome: CallBackOutcome,
  ): Promise<Exclude<ClosingRefusal, Busy | CallBackChangedMeanwhile> | null> {
    if (outcome === CallBackOutcome.CONVERTED) {
      const { status } = await tx.enquiry.findUniqueOrThrow({ where: { id: before.enquiryId } });
      return status === EnquiryStatus.CONVERTED ? null : new CallBackNotConverted();
    }
    if ((await this.#openAlerts(tx, before.enquiryId)) > 0) return new CallBackHasRedFlag();
    if (outcome !== CallBackOutcome.UNREACHABLE || before.isExhausted) return null;
    const { attemptsMax } = await this.policies.inForce(tx, this.clock.now());
    return new CallBackNotTriedEnough(before.attemptCount, attemptsMax);
  }

  async #openAlerts(tx: Tx, enquiryId: string): Promise<number> {
    return tx.redFlagAlert.count({ where: { enquiryId, status: RedFlagAlertStatus.OPEN } });
  }
}
