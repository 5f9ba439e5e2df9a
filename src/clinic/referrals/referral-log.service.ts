import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { ReferralAction } from '../../platform/database/generated/enums.js';
import { dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { Referral } from './referral.type.js';
import type { ReferralEvent, ReferralTelling } from './referral-event.type.js';
import { MOVED } from './referral-move.rules.js';
import { ReferralRecordService } from './referral-record.service.js';

/** A move that has been made. */
export interface Move {
  readonly action: ReferralAction;
  readonly at: Temporal.Instant;
  readonly before: Referral | null;
  readonly after: Referral;
  readonly reasonCode?: string | null;
  readonly comment?: string | null;
  readonly detail?: string | null;
  readonly subjectId?: string | null;
}

const WITH_TELLINGS = { tellings: { orderBy: { id: 'asc' } } } as const satisfies Prisma.ReferralEventInclude;
type EventRow = Prisma.ReferralEventGetPayload<{ include: typeof WITH_TELLINGS }>;

/** The log of moves: written once, with the move, and only ever added to. */
@Injectable()
export class ReferralLogService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** Writes a move down, in its transaction: the event, and the audit entry. The event's id. */
  async note(tx: Tx, actor: Actor, move: Move): Promise<string> {
    const { before, after } = move;
    const { id } = await tx.referralEvent.create({
      data: {
        referralId: after.id,
        version: after.version,
        action: move.action,
        fromStatus: before?.status ?? null,
        toStatus: after.status,
        at: dateFromInstant(move.at),
        actorId: actor.id,
        reasonCode: move.reasonCode ?? null,
        comment: move.comment ?? null,
        detail: move.detail ?? null,
        subjectId: move.subjectId ?? null,
      },
      select: { id: true },
    });
    await this.audit.record(tx, actor, {
      action: MOVED[move.action],
      subjectType: 'referral',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before }),
      after,
    });
    return id;
  }

  /** The moves of each of these referrals, the first first. The look is recorded. */
  async eventsOf(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReferralEvent[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.referralEvent.findMany({
        where: { referralId: { in: [...referralIds] } },
        include: WITH_TELLINGS,
        orderBy: { version: 'asc' },
      });
      await this.audit.record(tx, actor, {
        action: 'referral-events.viewed',
        subjectType: 'referral',
        patientIds: await this.records.patientIdsOf(tx, referralIds),
        after: { referralIds },
      });
      const events = rows.map(toEvent);
      return new Map(referralIds.map((id) => [id, events.filter((event) => event.referralId === id)]));
    });
  }
}

function toEvent(row: EventRow): ReferralEvent {
  const { fromStatus, toStatus, tellings, ...event } = row;
  const at = instantFromDate(row.at);
  return {
    ...event,
    at,
    from: fromStatus,
    to: toStatus,
    tellings: tellings.map((telling): ReferralTelling => ({ ...telling, at })),
  };
}
