import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { rowOn } from './dated.rules.js';
import { RiskTaskPolicyAlreadySet, RiskTaskPolicyInThePast } from './risk-task-policy.refusals.js';
import {
  type RiskTaskPolicy,
  type SetRiskTaskPolicyInput,
  toRiskTaskPolicy,
} from './risk-task-policy.type.js';

/** How soon somebody sees to a risk task, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class RiskTaskPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by day, past and coming ones too. */
  async riskTaskPolicies(client: Tx = this.database.client): Promise<readonly RiskTaskPolicy[]> {
    const rows = await client.riskTaskPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toRiskTaskPolicy);
  }

  /** A new row, from today or a later day on; tasks that are raised already keep theirs. */
  async setRiskTaskPolicy(
    actor: StaffActor,
    input: SetRiskTaskPolicyInput,
  ): Promise<RiskTaskPolicy | RiskTaskPolicyAlreadySet | RiskTaskPolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0)
      return new RiskTaskPolicyInThePast();
    const { claimWithinMinutes, closeWithinMinutes, repeatMinutes } = input;
    return this.database.transaction<RiskTaskPolicy, RiskTaskPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.riskTaskPolicy.create({
          data: {
            ...{ claimWithinMinutes, closeWithinMinutes, repeatMinutes, setById: actor.id },
            effectiveFrom: dateFromPlainDate(from),
            source: input.source.normalize('NFC').trim(),
            setAt: dateFromInstant(now),
          },
        });
        const policy = toRiskTaskPolicy(row);
        await this.audit.record(tx, actor, {
          ...{ action: 'risk-task-policy.set', subjectType: 'risk-task-policy', subjectId: policy.id },
          after: policy,
        });
        return policy;
      },
      { onConstraint: { risk_task_policies_effective_from_key: () => new RiskTaskPolicyAlreadySet() } },
    );
  }

  /** For this room: what is promised for a task that is raised at this moment. */
  async inForce(client: Tx, at: Temporal.Instant): Promise<RiskTaskPolicy> {
    const policy = rowOn(await this.riskTaskPolicies(client), localDate(at, this.config.clinicTimeZone));
    if (policy === null) throw new Fault('INTERNAL', 'There is no policy for risk tasks.');
    return policy;
  }
}
