import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  plainDateFromDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { ENTITLEMENT_TOPICS, ENTITLEMENT_WORK } from './duty-letter.type.js';
import { type HeldEntitlement, lookAtEntitlement } from './duty-review.rules.js';
import { HELD_ENTITLEMENT } from './entitlement.queries.js';
import { LicencePolicyService } from './licence-policy.service.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'entitlement-review',
  requestId: null,
  source: null,
};

/** An entitlement does not run out unseen, and its review is not forgotten: the clinic is told in time, and again. */
@Injectable()
export class DutyReviewService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LicencePolicyService) private readonly policies: LicencePolicyService,
  ) {
    outbox.declare(ENTITLEMENT_WORK.reviewDue);
    outbox.declare(ENTITLEMENT_TOPICS.toReview);
  }

  /** Has somebody look at an entitlement that was given, when its time comes. */
  async watch(tx: Tx, entitlementId: string): Promise<void> {
    await this.outbox.post(tx, { topic: ENTITLEMENT_WORK.reviewDue, subjectId: entitlementId, version: 0 });
  }

  /** Looks at it as it stands: tells the clinic when that is due. When to come again; null: never. */
  async look(entitlementId: string): Promise<Temporal.Instant | null> {
    const again = await this.database.transaction(async (tx) => {
      const [held] = await tx.$queryRawUnsafe<readonly unknown[]>(HELD_ENTITLEMENT, entitlementId);
      return held === undefined ? null : this.#judge(tx, entitlementId);
    });
    return again === null ? null : startOfDay(again, this.config.clinicTimeZone);
  }

  async #judge(tx: Tx, entitlementId: string): Promise<Temporal.PlainDate | null> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const { remindAgainDays: againDays } = await this.policies.inForce(tx, today);
    const last = await tx.entitlementReminder.findFirst({
      where: { entitlementId },
      orderBy: { number: 'desc' },
    });
    const remindedOn =
      last === null ? null : localDate(instantFromDate(last.remindedAt), this.config.clinicTimeZone);
    const facts = await reviewFacts(tx, entitlementId);
    const look = lookAtEntitlement({ ...facts, remindedOn, againDays }, today);
    if (look.isToTell) await this.#tell(tx, entitlementId, (last?.number ?? 0) + 1, now);
    return look.again;
  }

  async #tell(tx: Tx, entitlementId: string, number: number, now: Temporal.Instant): Promise<void> {
    await tx.entitlementReminder.create({
      data: { entitlementId, number, remindedAt: dateFromInstant(now) },
    });
    const { toReview: topic } = ENTITLEMENT_TOPICS;
    await this.outbox.post(tx, { topic, subjectId: entitlementId, version: number });
    await this.audit.record(tx, CLOCK_ACTOR, {
      action: 'entitlement.review-reminded',
      subjectType: 'entitlement',
      subjectId: entitlementId,
      after: { number },
    });
  }
}

const WHOLE = { ending: { select: { endedOn: true } } } as const satisfies Prisma.EntitlementInclude;
type Row = Prisma.EntitlementGetPayload<{ include: typeof WHOLE }>;

/** One with all of the same person's, on which it depends whether it goes on. */
export async function reviewFacts(client: Pick<Tx, 'entitlement'>, id: string) {
  const { staffId } = await client.entitlement.findUniqueOrThrow({
    where: { id },
    select: { staffId: true },
  });
  const rows = await client.entitlement.findMany({ where: { staffId }, include: WHOLE });
  const all = rows.map(toHeld);
  const entitlement = all.find((one) => one.id === id);
  if (entitlement === undefined) throw new Error('an entitlement went away while it was looked at');
  return { entitlement, all };
}

function toHeld({ id, staffId, act, procedureCodes, ...row }: Row): HeldEntitlement {
  return {
    ...{ id, staffId, act, procedureCodes },
    validFrom: plainDateFromDate(row.validFrom),
    validUntil: row.validUntil === null ? null : plainDateFromDate(row.validUntil),
    reviewOn: plainDateFromDate(row.reviewOn),
    endedOn: row.ending === null ? null : plainDateFromDate(row.ending.endedOn),
  };
}
