import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AdviceDirection, AdviceMethod, AdviceStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  AdviceAction,
  type AdviceChangedMeanwhile,
  type AdviceNotPossible,
  AdviceReferrerWithoutEmail,
} from './advice.refusals.js';
import { adviceReference, messageDayProblem, REFERENCE_BYTES } from './advice.rules.js';
import type {
  AdviceThread,
  AnswerAdviceInput,
  AskMoreAdviceInput,
  EndAdviceThreadInput,
  LinkAdviceToPatientInput,
  OpenAdviceThreadInput,
} from './advice.type.js';
import { AdviceEntryService } from './advice-entry.service.js';
import { ADVICE_TOPICS } from './advice-letter.type.js';
import { AdviceRecordService } from './advice-record.service.js';
import { someText } from './referral-text.rules.js';
import { TriageDueService } from './triage-due.service.js';

/** A correspondence that is longer than this is a new question. */
const MESSAGES_MAX = 200;

/** What is said between a referrer and the clinic. */
@Injectable()
export class AdviceService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(TriageDueService) private readonly due: TriageDueService,
    @Inject(AdviceRecordService) private readonly records: AdviceRecordService,
    @Inject(AdviceEntryService) private readonly entries: AdviceEntryService,
  ) {
    outbox.declare(ADVICE_TOPICS.answered);
  }

  /** Takes in a question. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async openAdviceThread(actor: StaffActor, input: OpenAdviceThreadInput): Promise<AdviceThread> {
    const askedOn = this.#dayOf(input.happenedOn, null);
    return this.database.transaction(async (tx) => {
      const due = await this.due.adviceDue(tx, { priority: input.priority, askedOn });
      const entry = await this.entries.entryOf(tx, input);
      const now = dateFromInstant(this.clock.now());
      const { id } = await tx.adviceThread.create({
        data: {
          ...entry,
          reference: adviceReference(randomBytes(REFERENCE_BYTES)),
          status: AdviceStatus.OPEN,
          askedOn: dateFromPlainDate(askedOn),
          ...due,
          openedAt: now,
          openedById: actor.id,
        },
        select: { id: true },
      });
      await this.due.watchAdvice(tx, id, due.dueOn);
      await this.#say(tx, actor, { id, messages: [] }, { ...input, direction: 'FROM_REFERRER', on: askedOn });
      const thread = await this.records.mustHaveThread(tx, id);
      await this.entries.note(tx, actor, 'advice-thread.opened', null, thread);
      return thread;
    });
  }

  /** The referrer asks more: it waits for an answer again, with a promise of its own. Throws NOT_FOUND, BAD_INPUT. */
  async askMoreAdvice(
    actor: StaffActor,
    input: AskMoreAdviceInput,
  ): Promise<AdviceThread | AdviceNotPossible | AdviceChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      const askedOn = this.#dayOf(input.happenedOn, before);
      const waits = before.status === AdviceStatus.OPEN;
      // A question that still waits keeps the promise that it was given.
      const data = waits ? {} : await this.#promised(tx, before, askedOn);
      const refused = await this.entries.change(tx, before, AdviceAction.ASK_MORE, input.version, data);
      if (refused !== null) return refused;
      await this.#say(tx, actor, before, { ...input, direction: 'FROM_REFERRER', on: askedOn });
      return this.#changed(tx, actor, 'advice-thread.asked-more', before);
    });
  }

  /** A clinician answers. By e-mail the referrer is written to. Throws NOT_FOUND. */
  async answerAdvice(
    actor: StaffActor,
    input: AnswerAdviceInput,
  ): Promise<AdviceThread | AdviceNotPossible | AdviceChangedMeanwhile | AdviceReferrerWithoutEmail> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      const refused = await this.entries.change(tx, before, AdviceAction.ANSWER, input.version, {});
      if (refused !== null) return refused;
      const byEmail = input.method === AdviceMethod.EMAIL;
      if (byEmail && before.referrerEmail === null) return new AdviceReferrerWithoutEmail();
      const said = { ...input, direction: AdviceDirection.TO_REFERRER, on: this.records.today() };
      const messageId = await this.#say(tx, actor, before, said);
      if (byEmail) {
        await this.outbox.post(tx, { topic: ADVICE_TOPICS.answered, subjectId: messageId, version: 0 });
      }
      return this.#changed(tx, actor, 'advice-thread.answered', before);
    });
  }

  /** It is known now who the question is about. What the referrer said of them stays. Throws NOT_FOUND. */
  async linkAdviceToPatient(
    actor: StaffActor,
    input: LinkAdviceToPatientInput,
  ): Promise<AdviceThread | AdviceNotPossible | AdviceChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      await this.entries.mustKnowPatient(tx, input.patientId);
      const linked = { patientId: input.patientId };
      const refused = await this.entries.change(tx, before, AdviceAction.LINK_PATIENT, input.version, linked);
      return refused ?? this.#changed(tx, actor, 'advice-thread.patient-linked', before);
    });
  }

  /** Nothing more is to be said. Throws NOT_FOUND. */
  async closeAdviceThread(
    actor: StaffActor,
    input: EndAdviceThreadInput,
  ): Promise<AdviceThread | AdviceNotPossible | AdviceChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      const refused = await this.entries.change(tx, before, AdviceAction.CLOSE, input.version, {
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
        closeReason: someText(input.reason),
      });
      return refused ?? this.#changed(tx, actor, 'advice-thread.closed', before);
    });
  }

  /** It waits for an answer again, as if it had come today. The reason is kept in the audit record. Throws NOT_FOUND. */
  async reopenAdviceThread(
    actor: StaffActor,
    input: EndAdviceThreadInput,
  ): Promise<AdviceThread | AdviceNotPossible | AdviceChangedMeanwhile> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHaveThread(tx, input.threadId, { hold: true });
      const refused = await this.entries.change(tx, before, AdviceAction.REOPEN, input.version, {
        closedAt: null,
        closedById: null,
        closeReason: null,
        ...(await this.#promised(tx, before, this.records.today())),
      });
      if (refused !== null) return refused;
      const reason = someText(input.reason);
      return this.#changed(tx, actor, 'advice-thread.reopened', before, { reason });
    });
  }

  /** It waits for an answer from that day on, with a promise of its own that is looked after. */
  async #promised(tx: Tx, { id, priority }: AdviceThread, askedOn: Temporal.PlainDate) {
    const due = await this.due.adviceDue(tx, { priority, askedOn });
    await this.due.watchAdvice(tx, id, due.dueOn);
    return { ...due, askedOn: dateFromPlainDate(askedOn), escalatedAt: null };
  }

  async #changed(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: AdviceThread,
    why: object = {},
  ): Promise<AdviceThread> {
    const after = await this.records.mustHaveThread(tx, before.id);
    await this.entries.note(tx, actor, action, before, after, why);
    return after;
  }

  async #say(
    tx: Tx,
    actor: StaffActor,
    thread: Pick<AdviceThread, 'id' | 'messages'>,
    said: {
      readonly direction: AdviceDirection;
      readonly method: AdviceMethod;
      readonly text: string;
      readonly on: Temporal.PlainDate;
    },
  ): Promise<string> {
    if (thread.messages.length >= MESSAGES_MAX) {
      throw badInput(`threadId: a thread holds at most ${MESSAGES_MAX} messages. Open a new one.`);
    }
    const id = newId();
    await tx.adviceMessage.create({
      data: {
        id,
        threadId: thread.id,
        position: thread.messages.length,
        direction: said.direction,
        method: said.method,
        text: someText(said.text),
        happenedOn: dateFromPlainDate(said.on),
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
      select: { id: true },
    });
    return id;
  }

  /** Throws BAD_INPUT when a message cannot have come on that day. */
  #dayOf(given: string | null | undefined, thread: AdviceThread | null): Temporal.PlainDate {
    const today = this.records.today();
    const on = given ? Temporal.PlainDate.from(given) : today;
    const last = thread?.messages.at(-1)?.happenedOn;
    const notBefore = last === undefined ? null : Temporal.PlainDate.from(last);
    const problem = messageDayProblem(on, { today, notBefore });
    if (problem !== null) throw badInput(problem);
    return on;
  }
}
