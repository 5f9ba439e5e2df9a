import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ENTITLEMENT_WORK } from './duty-letter.type.js';
import { tidyWords } from './entitlement-text.rules.js';
import { LicencePolicyAlreadySet, LicencePolicyInThePast } from './licence.refusals.js';
import { LICENCE_WORK } from './licence-letter.type.js';
import { type LicencePolicy, type SetLicencePolicyInput, toLicencePolicy } from './licence-policy.type.js';

/** How long before their end licences are renewed, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class LicencePolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** The day on the clinic's wall calendar. */
  today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  /** Every row by its day, the past ones and those to come too. */
  async licencePolicies(): Promise<readonly LicencePolicy[]> {
    const rows = await this.database.client.licencePolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toLicencePolicy);
  }

  /** A new row, from today or a later day on. */
  async setLicencePolicy(
    actor: StaffActor,
    input: SetLicencePolicyInput,
  ): Promise<LicencePolicy | LicencePolicyAlreadySet | LicencePolicyInThePast> {
    if (input.remindWeeks < input.applyWeeks) {
      throw badInput('remindWeeks: the clinic is reminded before it has to apply, or in the same week.');
    }
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.today()) < 0) return new LicencePolicyInThePast();
    return this.database.transaction<LicencePolicy, LicencePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.licencePolicy.create({
          data: {
            applyWeeks: input.applyWeeks,
            remindWeeks: input.remindWeeks,
            remindAgainDays: input.remindAgainDays,
            effectiveFrom: dateFromPlainDate(from),
            source: tidyWords(input.source),
            setAt: dateFromInstant(this.clock.now()),
            setById: actor.id,
          },
        });
        const policy = toLicencePolicy(row);
        await this.audit.record(tx, actor, {
          action: 'licence-policy.set',
          subjectType: 'licence-policy',
          subjectId: policy.id,
          after: policy,
        });
        await this.#lookAgain(tx, from);
        return policy;
      },
      { onConstraint: { licence_policies_effective_from_key: () => new LicencePolicyAlreadySet() } },
    );
  }

  /** More time may mean that a reminder is due on that very day: whatever still holds then is looked at. */
  async #lookAgain(tx: Tx, from: Temporal.PlainDate): Promise<void> {
    const where = { ending: null, validUntil: { gte: dateFromPlainDate(from) } };
    const licences = await tx.licence.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } });
    const dueAt = startOfDay(from, this.config.clinicTimeZone);
    for (const { id: subjectId } of licences)
      await this.outbox.post(tx, { topic: LICENCE_WORK.watched, subjectId, version: 0, dueAt });
    const entitlements = await tx.entitlement.findMany({
      where: { ending: null, OR: [{ validUntil: null }, { validUntil: { gte: dateFromPlainDate(from) } }] },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const { id: subjectId } of entitlements)
      await this.outbox.post(tx, { topic: ENTITLEMENT_WORK.reviewDue, subjectId, version: 0, dueAt });
  }

  /** The row that holds on a day. */
  async inForce(client: Pick<Tx, 'licencePolicy'>, day: Temporal.PlainDate): Promise<LicencePolicy> {
    const row = await client.licencePolicy.findFirst({
      where: { effectiveFrom: { lte: dateFromPlainDate(day) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    // The first row comes with the table and is never taken away.
    if (row === null) throw new Fault('INTERNAL', 'No policy for the renewal of licences is set.');
    return toLicencePolicy(row);
  }
}
