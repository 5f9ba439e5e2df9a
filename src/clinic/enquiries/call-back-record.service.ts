import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { CallBackStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Fault, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  HOLD_CALL_BACK,
  HOLD_ENQUIRY_OF_CALL_BACK,
  ONE_CALLER_AT_ONCE,
  OPEN_CALL_BACKS_TO,
} from './call-back.queries.js';
import { allowedCallBackActions, claimAt, isExhausted } from './call-back.rules.js';
import type { CallBack, CallBackAttempt, CallBackCall } from './call-back.type.js';
import { CALL_BACK_TOPICS, CALL_BACK_WORK } from './call-back-letter.type.js';
import { CallBackPolicyService } from './call-back-policy.service.js';
import { type CallBackTimes, type ServiceLevel } from './call-back-times.rules.js';
import { EnquiryEventService } from './enquiry-event.service.js';

/** An enquiry may be joined to another while it is waited for; more than once in one moment is no accident. */
const HOLD_TRIES_MAX = 3;

const WHOLE = {
  enquiry: {
    select: { reference: true, name: true, bestTimes: true, safeToLeaveMessage: true, patientId: true },
  },
  calls: { orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }] },
  attempts: { orderBy: [{ madeAt: 'asc' }, { id: 'asc' }] },
} as const satisfies Prisma.CallBackInclude;
type CallBackRow = Prisma.CallBackGetPayload<{ include: typeof WHOLE }>;

/** Who waits at a number. */
export interface WaitingAtNumber {
  readonly id: string;
  readonly enquiryId: string;
  /** Of the enquirer; null: they have not said it. */
  readonly name: string | null;
}

/** What is written down of a change of a call-back. */
export interface CallBackChange {
  /** Past tense: `call-back.claimed`. */
  readonly action: string;
  readonly data: Prisma.CallBackUncheckedUpdateInput;
  /** For the enquiry's own history: codes and ids, never what was told. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Call-backs as they are kept. Every change of one goes through here. */
@Injectable()
export class CallBackRecordService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackPolicyService) private readonly policies: CallBackPolicyService,
    @Inject(EnquiryEventService) private readonly events: EnquiryEventService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {
    outbox.declare(CALL_BACK_WORK.due);
    outbox.declare(CALL_BACK_TOPICS.overdue);
  }

  /** In the order of the ids; those that exist. Records no look. */
  async byIds(client: Tx, ids: readonly string[]): Promise<readonly CallBack[]> {
    if (ids.length === 0) return [];
    const now = this.clock.now();
    const policy = await this.policies.inForce(client, now);
    const rows = await client.callBack.findMany({ where: { id: { in: [...ids] } }, include: WHOLE });
    const byId = new Map(rows.map((row) => [row.id, toCallBack(row, policy, now)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /** Throws NOT_FOUND. Records no look. */
  async read(client: Tx, id: string): Promise<CallBack> {
    const [found] = await this.byIds(client, [id]);
    if (found === undefined) throw notFound('call-back');
    return found;
  }

  /** The call-back with its enquiry, both held until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<CallBack> {
    for (let tries = 0; tries < HOLD_TRIES_MAX; tries += 1) {
      const [enquiry] = await tx.$queryRawUnsafe<readonly { id: string }[]>(HOLD_ENQUIRY_OF_CALL_BACK, id);
      const [held] = await tx.$queryRawUnsafe<readonly { enquiryId: string }[]>(HOLD_CALL_BACK, id);
      if (held === undefined) throw notFound('call-back');
      if (held.enquiryId === enquiry?.id) return this.read(tx, id);
    }
    throw new Fault('TRY_AGAIN', 'Others are working with this call-back. Try again.');
  }

  /** Puts whoever adds a call to a number in line until the transaction ends. Before any enquiry is held. */
  async holdNumber(tx: Tx, phoneE164: string): Promise<void> {
    await tx.$queryRawUnsafe(ONE_CALLER_AT_ONCE, phoneE164);
  }

  /** Whoever is to be rung at a number, the newest first. */
  async waitingAt(tx: Tx, phoneE164: string): Promise<readonly WaitingAtNumber[]> {
    return tx.$queryRawUnsafe<readonly WaitingAtNumber[]>(OPEN_CALL_BACKS_TO, phoneE164);
  }

  /** A change of a call-back that is held, with its entries in the audit record and the history of the enquiry. */
  async change(tx: Tx, actor: Actor, before: CallBack, change: CallBackChange): Promise<CallBack> {
    await tx.callBack.update({
      where: { id: before.id },
      data: { ...change.data, version: { increment: 1 } },
      select: { id: true },
    });
    const after = await this.read(tx, before.id);
    if (change.data.escalateAt !== undefined || change.data.status !== undefined)
      await this.watch(tx, after.id);
    await this.note(tx, actor, change, before, after);
    return after;
  }

  /** For a new call-back too: what was written down, and where it can be read again. */
  async note(
    tx: Tx,
    actor: Actor,
    { action, detail = {} }: Pick<CallBackChange, 'action' | 'detail'>,
    before: CallBack | null,
    after: CallBack,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'call-back',
      subjectId: after.id,
      patientIds: after.patientId === null ? [] : [after.patientId],
      ...(before === null ? {} : { before: auditFacts(before) }),
      after: { ...auditFacts(after), ...detail },
    });
    await this.events.record(tx, after.enquiryId, actor, action, { callBackId: after.id, ...detail });
  }

  /** One message for the time at which the clinic is told; none where nobody waits. */
  async watch(tx: Tx, id: string): Promise<void> {
    await this.outbox.withdraw(tx, [CALL_BACK_WORK.due], [id]);
    const { status, escalateAt, version } = await tx.callBack.findUniqueOrThrow({ where: { id } });
    if (status !== CallBackStatus.WAITING || escalateAt === null) return;
    await this.outbox.post(tx, {
      topic: CALL_BACK_WORK.due,
      subjectId: id,
      version,
      dueAt: instantFromDate(escalateAt),
    });
  }

  /** That these were shown to somebody. */
  async recordLook(tx: Tx, actor: Actor, shown: readonly CallBack[], after: object): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'call-backs.viewed',
      subjectType: 'call-back',
      patientIds: [...new Set(shown.flatMap(({ patientId }) => patientId ?? []))],
      after: { ...after, callBackIds: shown.map(({ id }) => id) },
    });
  }
}

/** Times as the table keeps them. */
export function toColumns(times: CallBackTimes) {
  return {
    nextAttemptAt: dateFromInstant(times.nextAttemptAt),
    dueAt: dateFromInstant(times.dueAt),
    escalateAt: dateFromInstant(times.escalateAt),
  };
}

/** What the audit keeps: how it stands, and nothing that anybody told. It outlives the rest. */
function auditFacts(callBack: CallBack): object {
  const { enquiryId, status, priority, version, callCount, attemptCount } = callBack;
  const { dueAt, nextAttemptAt, claimedById, outcome, letter } = callBack;
  return {
    ...{ enquiryId, status, priority, version, callCount, attemptCount },
    ...{ dueAt, nextAttemptAt, claimedById, outcome, letter },
  };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function toCallBack(row: CallBackRow, policy: ServiceLevel, now: Temporal.Instant): CallBack {
  const { enquiry, calls, attempts, escalateAt: _escalateAt, ...rest } = row;
  const dueAt = instantFromDate(row.dueAt);
  const isWaiting = row.status === CallBackStatus.WAITING;
  return {
    ...rest,
    ...enquiry,
    ...claimAt({ claimedById: row.claimedById, claimedUntil: instantOrNull(row.claimedUntil) }, now),
    allowedActions: allowedCallBackActions(row.status),
    calls: calls.map(toCall),
    attempts: attempts.map(toAttempt),
    isExhausted: isExhausted(row, policy),
    isOverdue: isWaiting && dueAt.epochMilliseconds < now.epochMilliseconds,
    calledAt: instantFromDate(row.calledAt),
    lastCalledAt: instantFromDate(row.lastCalledAt),
    nextAttemptAt: instantFromDate(row.nextAttemptAt),
    dueAt,
    reachedAt: instantOrNull(row.reachedAt),
    closedAt: instantOrNull(row.closedAt),
  };
}

function toCall({ callBackId: _callBackId, ...row }: CallBackRow['calls'][number]): CallBackCall {
  return {
    ...row,
    receivedAt: instantFromDate(row.receivedAt),
    recordedAt: instantFromDate(row.recordedAt),
  };
}

function toAttempt({ callBackId: _callBackId, ...row }: CallBackRow['attempts'][number]): CallBackAttempt {
  return { ...row, madeAt: instantFromDate(row.madeAt), ringAgainAt: instantOrNull(row.ringAgainAt) };
}
