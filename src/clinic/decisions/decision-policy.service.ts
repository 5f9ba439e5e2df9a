import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { policyOn } from './decision-action.rules.js';
import { DecisionPolicyAlreadySet, DecisionPolicyInThePast } from './decision-policy.refusals.js';
import {
  type DecisionPolicy,
  type SetDecisionPolicyInput,
  toDecisionPolicy,
} from './decision-policy.type.js';

/** When owners are told of their actions, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class DecisionPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by day, past and coming ones too. */
  async decisionPolicies(client: Tx = this.database.client): Promise<readonly DecisionPolicy[]> {
    const rows = await client.decisionPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toDecisionPolicy);
  }

  /** A new row, from today or a later day on; actions that are there keep theirs. */
  async setDecisionPolicy(
    actor: StaffActor,
    input: SetDecisionPolicyInput,
  ): Promise<DecisionPolicy | DecisionPolicyAlreadySet | DecisionPolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, this.#today()) < 0) return new DecisionPolicyInThePast();
    const { remindDaysBefore, overdueEveryDays } = input;
    return this.database.transaction<DecisionPolicy, DecisionPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.decisionPolicy.create({
          data: {
            ...{ remindDaysBefore, overdueEveryDays, setById: actor.id },
            effectiveFrom: dateFromPlainDate(from),
            source: input.source.normalize('NFC').trim(),
            setAt: dateFromInstant(now),
          },
        });
        const policy = toDecisionPolicy(row);
        await this.audit.record(tx, actor, {
          ...{ action: 'decision-policy.set', subjectType: 'decision-policy', subjectId: policy.id },
          after: policy,
        });
        return policy;
      },
      { onConstraint: { decision_policies_effective_from_key: () => new DecisionPolicyAlreadySet() } },
    );
  }

  /** For this room: what holds for an action whose owner and day are set now. */
  async inForce(client: Tx): Promise<DecisionPolicy> {
    const policy = policyOn(await this.decisionPolicies(client), this.#today());
    // The first row comes with the table and is never taken away.
    if (policy === null) throw new Fault('INTERNAL', 'There is no policy for actions.');
    return policy;
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}
