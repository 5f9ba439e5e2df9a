import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import {
  CallBackKind,
  EnquiryChannel,
  EnquiryStatus,
  type SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { Clock } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { ContactReadingService } from '../patients/contact-reading.service.js';
import { OPEN_ENQUIRIES_FROM } from './call-back.queries.js';
import { faultOfCallTime, toldText, whoRang } from './call-back.rules.js';
import type { CallMade, RecordedCall } from './call-back-entry.type.js';
import type {
  AskForCallBackInput,
  RecordMissedCallInput,
  RecordVoicemailInput,
} from './call-back-input.type.js';
import { CallBackRecordService, type WaitingAtNumber } from './call-back-record.service.js';
import { CallBackTaskService } from './call-back-task.service.js';
import { EnquiryNotInState } from './enquiry.refusals.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryIntakeService } from './enquiry-intake.service.js';

/** Why nobody was asked about dangerous signs. */
const NOT_ASKED_WHY = 'Nobody was spoken to: to be asked when they are rung back.';
/** Enquiries that still go on. */
const GOES_ON: readonly EnquiryStatus[] = [EnquiryStatus.NEW, EnquiryStatus.IN_HAND, EnquiryStatus.ANSWERED];

/** Voicemails, missed calls, and people who ask to be rung: each becomes a call-back, or joins the one that waits. */
@Injectable()
export class CallBackEntryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ContactReadingService) private readonly contacts: ContactReadingService,
    @Inject(EnquiryIntakeService) private readonly intake: EnquiryIntakeService,
    @Inject(CallBackTaskService) private readonly tasks: CallBackTaskService,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordVoicemail(
    actor: StaffActor,
    input: RecordVoicemailInput,
  ): Promise<RecordedCall | EnquiryNotInState> {
    const { said, safeToLeaveMessage = null } = input;
    return this.#record(actor, this.#callOf(input, CallBackKind.VOICEMAIL, { said, safeToLeaveMessage }));
  }

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordMissedCall(
    actor: StaffActor,
    input: RecordMissedCallInput,
  ): Promise<RecordedCall | EnquiryNotInState> {
    return this.#record(actor, this.#callOf(input, CallBackKind.MISSED_CALL, {}));
  }

  /** An enquirer wants to be rung, now. Throws NOT_FOUND. */
  async askForCallBack(
    actor: StaffActor,
    input: AskForCallBackInput,
  ): Promise<RecordedCall | EnquiryNotInState> {
    return this.database.transaction<RecordedCall | EnquiryNotInState>(async (tx) => {
      const enquiry = await this.tasks.mustGoOn(tx, input.enquiryId, GOES_ON);
      if (isRefusal(enquiry)) return enquiry;
      const phone = input.phone ?? enquiry.phoneE164 ?? enquiry.phoneAsEntered;
      const { said = null, enquiryId } = input;
      const call = this.#callOf({ phone, enquiryId }, CallBackKind.ASKED_FOR, { said });
      return this.recordIn(tx, actor, call);
    });
  }

  /**
   * The same in the transaction of whoever takes a call in. A refusal must be returned from it. People share telephones:
   * a call is added only to what is its own person's.
   */
  async recordIn(tx: Tx, actor: Actor, call: CallMade): Promise<RecordedCall | EnquiryNotInState> {
    if (call.phoneE164 !== null) await this.records.holdNumber(tx, call.phoneE164);
    const own = ({ enquiryId }: WaitingAtNumber) => enquiryId === call.enquiryId;
    const joined = await this.#join(tx, actor, call, (waiting) =>
      call.enquiryId === null ? whoRang(waiting, call.name) : waiting.find(own),
    );
    if (joined !== null) return joined;
    const known = await this.#enquiryOf(tx, call);
    if (isRefusal(known)) return known;
    if (known !== null) {
      // One that came to it while it was waited for, or that its name alone did not tell.
      const late = await this.#join(tx, actor, call, (waiting) =>
        waiting.find(({ enquiryId }) => enquiryId === known.id),
      );
      return late ?? this.tasks.openFor(tx, actor, known, call);
    }
    const { enquiry, emergencyAdvice } = await this.intake.receive(tx, actor, {
      channel: EnquiryChannel.VOICEMAIL,
      receivedAt: call.receivedAt,
      name: call.name,
      phone: call.phone,
      safeToLeaveMessage: call.safeToLeaveMessage,
      message: call.said,
      redFlags: { notAskedWhy: NOT_ASKED_WHY },
    });
    return this.tasks.open(tx, actor, enquiry, call, emergencyAdvice);
  }

  /** One more call on the open task that is chosen; null: none is, or it was closed in this moment. */
  async #join(
    tx: Tx,
    actor: Actor,
    call: CallMade,
    choose: (waiting: readonly WaitingAtNumber[]) => WaitingAtNumber | null | undefined,
  ): Promise<RecordedCall | null> {
    if (call.phoneE164 === null) return null;
    const chosen = choose(await this.records.waitingAt(tx, call.phoneE164)) ?? null;
    return chosen === null ? null : this.tasks.join(tx, actor, chosen.id, call);
  }

  async #record(actor: StaffActor, call: CallMade): Promise<RecordedCall | EnquiryNotInState> {
    const fault = faultOfCallTime(call.receivedAt, this.clock.now());
    if (fault !== null) throw badInput(fault);
    return this.database.transaction<RecordedCall | EnquiryNotInState>((tx) =>
      this.recordIn(tx, actor, call),
    );
  }

  #callOf(
    input: RecordMissedCallInput,
    kind: CallBackKind,
    told: { readonly said?: string | null; readonly safeToLeaveMessage?: SafeToLeaveMessage | null },
  ): CallMade {
    const phone = toldText(input.phone);
    return {
      kind,
      phone,
      phoneE164: phone === null ? null : this.contacts.phone(phone),
      name: toldText(input.name),
      said: toldText(told.said),
      receivedAt: input.receivedAt ?? this.clock.now(),
      safeToLeaveMessage: told.safeToLeaveMessage ?? null,
      enquiryId: input.enquiryId ?? null,
    };
  }

  /** The one that was named, or the one from the same number that is clearly theirs; null: a new one. */
  async #enquiryOf(tx: Tx, call: CallMade): Promise<Enquiry | EnquiryNotInState | null> {
    if (call.enquiryId !== null) return this.tasks.mustGoOn(tx, call.enquiryId, GOES_ON);
    if (call.phoneE164 === null) return null;
    const open = await tx.$queryRawUnsafe<readonly { id: string; name: string | null }[]>(
      OPEN_ENQUIRIES_FROM,
      call.phoneE164,
    );
    const theirs = whoRang(open, call.name);
    if (theirs === null) return null;
    const enquiry = await this.tasks.mustGoOn(tx, theirs.id, GOES_ON);
    return isRefusal(enquiry) ? null : enquiry;
  }
}
