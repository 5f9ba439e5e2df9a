import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma, Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { TriageEventKind } from '../../platform/database/generated/enums.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  plainDateFromDate,
  type Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { ReferralRecordService } from './referral-record.service.js';

/** What is written down in the log of audited acts. */
const AUDITED = {
  CLAIMED: 'referral.claimed',
  TAKEN_OVER: 'referral.taken-over',
  RELEASED: 'referral.released',
  ASSIGNED: 'referral.assigned',
  UNASSIGNED: 'referral.unassigned',
  PRIORITY_CHANGED: 'referral.priority-changed',
  ESCALATED: 'referral.escalated',
  MERGED_IN: 'referral.merged-in',
  MERGE_UNDONE: 'referral.merge-undone',
  RTT_FIRST_TREATMENT: 'referral.clock-recorded',
  RTT_ACTIVE_MONITORING: 'referral.clock-recorded',
  RTT_NOT_TO_TREAT: 'referral.clock-recorded',
  RTT_PATIENT_DECLINED: 'referral.clock-recorded',
  RTT_NEW_START: 'referral.clock-recorded',
  RTT_RECORDED_IN_ERROR: 'referral.clock-corrected',
} as const satisfies Record<TriageEventKind, string>;

/** One thing that happens to a referral beside its moves. */
export interface TriageAct {
  readonly kind: TriageEventKind;
  readonly staffId?: string | null;
  readonly reason?: string | null;
  readonly subjectId?: string | null;
  readonly happenedOn?: Temporal.PlainDate | null;
}

/** What of a referral triage changes, as it is compared and audited. */
export type TriageColumns = Partial<
  Pick<
    ReferralRow,
    | 'priority'
    | 'receivedOn'
    | 'dueOn'
    | 'duePolicyId'
    | 'claimedById'
    | 'claimActiveAt'
    | 'assignedToId'
    | 'assignedAt'
    | 'escalatedAt'
    | 'escalationsCount'
  >
>;

/** The log of what happens to a referral while it waits. Every verb works in the caller's transaction. */
@Injectable()
export class TriageLogService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** The referral as it stands; nobody does anything with it until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<ReferralRow> {
    return this.records.mustHaveRow(tx, id, { hold: true });
  }

  /** The referral as it stands, without holding it. Throws NOT_FOUND. */
  async find(tx: Tx, id: string): Promise<ReferralRow> {
    return this.records.mustHaveRow(tx, id);
  }

  /** Writes a change of a referral that is held, the event, and the audit record. */
  async write(
    tx: Tx,
    actor: Actor,
    before: ReferralRow,
    change: TriageColumns,
    act: TriageAct,
  ): Promise<void> {
    const isNewContent = 'priority' in change || 'receivedOn' in change;
    const after = await tx.referral.update({
      where: { id: before.id },
      data: { ...change, ...(isNewContent ? { version: { increment: 1 } } : {}) },
    });
    await tx.triageEvent.create({ data: this.#event(actor, before, after, act), select: { id: true } });
    await this.audit.record(tx, actor, {
      action: AUDITED[act.kind],
      subjectType: 'referral',
      subjectId: before.id,
      patientIds: [before.patientId],
      before: shown(before, change),
      after: { ...shown(after, change), ...said(act) },
    });
  }

  #event(
    actor: Actor,
    before: ReferralRow,
    after: ReferralRow,
    act: TriageAct,
  ): Prisma.TriageEventUncheckedCreateInput {
    const newDue = before.dueOn?.getTime() !== after.dueOn?.getTime();
    return {
      referralId: before.id,
      kind: act.kind,
      at: dateFromInstant(this.clock.now()),
      actorId: actor.id,
      staffId: act.staffId ?? null,
      reason: act.reason ?? null,
      subjectId: act.subjectId ?? null,
      happenedOn: act.happenedOn ? dateFromPlainDate(act.happenedOn) : null,
      ...(before.priority === after.priority
        ? {}
        : { fromPriority: before.priority, toPriority: after.priority }),
      ...(newDue ? { fromDueOn: before.dueOn, toDueOn: after.dueOn } : {}),
    };
  }
}

const DAYS: readonly string[] = ['receivedOn', 'dueOn'];

/** The columns that change, as they are read: days as days, moments as moments. */
function shown(row: ReferralRow, change: TriageColumns): object {
  const changed = Object.entries(row).filter(([name]) => name in change);
  return Object.fromEntries(changed.map(([name, value]) => [name, asRead(name, value)]));
}

function asRead(name: string, value: ReferralRow[keyof ReferralRow]): unknown {
  if (!(value instanceof Date)) return value;
  return DAYS.includes(name) ? plainDateFromDate(value).toString() : instantFromDate(value);
}

function said({ kind, happenedOn, ...act }: TriageAct): object {
  return { kind, ...act, ...(happenedOn ? { happenedOn: happenedOn.toString() } : {}) };
}
