import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  AdministrationPolicyAlreadySet,
  AdministrationPolicyInThePast,
} from './administration-policy.refusals.js';
import {
  type AdministrationPolicy,
  type SetAdministrationPolicyInput,
  toAdministrationPolicy,
} from './administration-policy.type.js';

/** What counts as planned, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class AdministrationPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by day, past and coming ones too. */
  async administrationPolicies(): Promise<readonly AdministrationPolicy[]> {
    const rows = await this.database.client.administrationPolicy.findMany({
      orderBy: { effectiveFrom: 'asc' },
    });
    return rows.map(toAdministrationPolicy);
  }

  /** A new row, from today or a later day on. */
  async setAdministrationPolicy(
    actor: StaffActor,
    input: SetAdministrationPolicyInput,
  ): Promise<AdministrationPolicy | AdministrationPolicyAlreadySet | AdministrationPolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new AdministrationPolicyInThePast();
    return this.database.transaction<AdministrationPolicy, AdministrationPolicyAlreadySet>(
      async (tx) => {
        const { tolerancePercent, unitMistakeFactor, uptakeClosingMinutes } = input;
        const row = await tx.administrationPolicy.create({
          data: {
            ...{ tolerancePercent, unitMistakeFactor, uptakeClosingMinutes },
            effectiveFrom: dateFromPlainDate(from),
            source: input.source.trim(),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toAdministrationPolicy(row);
        await this.audit.record(tx, actor, {
          action: 'administration-policy.set',
          subjectType: 'administration-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: {
          administration_policies_effective_from_key: () => new AdministrationPolicyAlreadySet(),
        },
      },
    );
  }

  /** For this room: the row that holds on a day. */
  async inForce(client: Tx, on: Temporal.PlainDate): Promise<AdministrationPolicy> {
    const row = await client.administrationPolicy.findFirst({
      where: { effectiveFrom: { lte: dateFromPlainDate(on) } },
      orderBy: { effectiveFrom: 'desc' },
    });
    // The first row comes with the table and is never taken away.
    if (row === null) throw new Fault('INTERNAL', 'No policy of administrations is set.');
    return toAdministrationPolicy(row);
  }
}
