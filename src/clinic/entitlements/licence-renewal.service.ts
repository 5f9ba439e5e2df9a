import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { HELD_LICENCE } from './entitlement.queries.js';
import { LICENCE_TOPICS, LICENCE_WORK } from './licence-letter.type.js';
import { factsOf, LicenceRecordService } from './licence-record.service.js';
import { lookAtRenewal } from './licence-renewal.rules.js';

const CLOCK_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'licence-renewal',
  requestId: null,
  source: null,
};

/** A licence does not run out unseen: the clinic is told in time, and again until somebody has applied. */
@Injectable()
export class LicenceRenewalService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(LicenceRecordService) private readonly records: LicenceRecordService,
  ) {
    outbox.declare(LICENCE_WORK.watched);
    outbox.declare(LICENCE_TOPICS.renewalDue);
  }

  /** Has somebody look at a licence that was recorded, when its time comes. */
  async watch(tx: Tx, licenceId: string): Promise<void> {
    await this.outbox.post(tx, { topic: LICENCE_WORK.watched, subjectId: licenceId, version: 0 });
  }

  /** Looks at it as it stands: tells the clinic when that is due. When to come again; null: never. */
  async look(licenceId: string): Promise<Temporal.Instant | null> {
    const again = await this.database.transaction(async (tx) => {
      const [held] = await tx.$queryRawUnsafe<readonly unknown[]>(HELD_LICENCE, licenceId);
      if (held === undefined) return null;
      return this.#judge(tx, licenceId);
    });
    return again === null ? null : startOfDay(again, this.config.clinicTimeZone);
  }

  async #judge(tx: Tx, licenceId: string): Promise<Temporal.PlainDate | null> {
    const row = await this.records.row(tx, licenceId);
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const weeks = await this.records.weeks(tx);
    const last = await tx.licenceReminder.findFirst({ where: { licenceId }, orderBy: { number: 'desc' } });
    const look = lookAtRenewal(
      {
        licence: factsOf(row),
        others: await this.records.othersOf(tx, [row]),
        isAppliedFor: row.renewal !== null,
        weeks,
        remindedOn:
          last === null ? null : localDate(instantFromDate(last.remindedAt), this.config.clinicTimeZone),
      },
      today,
    );
    if (look.isToTell) await this.#tell(tx, licenceId, (last?.number ?? 0) + 1, now);
    return look.again;
  }

  async #tell(tx: Tx, licenceId: string, number: number, now: Temporal.Instant): Promise<void> {
    await tx.licenceReminder.create({ data: { licenceId, number, remindedAt: dateFromInstant(now) } });
    await this.outbox.post(tx, { topic: LICENCE_TOPICS.renewalDue, subjectId: licenceId, version: number });
    await this.audit.record(tx, CLOCK_ACTOR, {
      action: 'licence.renewal-reminded',
      subjectType: 'licence',
      subjectId: licenceId,
      after: { number },
    });
  }
}
