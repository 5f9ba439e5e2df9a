import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CallBackPolicyAlreadySet, CallBackPolicyInThePast } from './call-back-policy.refusals.js';
import {
  type CallBackPolicy,
  type SetCallBackPolicyInput,
  toCallBackPolicy,
} from './call-back-policy.type.js';

/** How soon and how often people are rung back. A change is a new row from a day on. */
@Injectable()
export class CallBackPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The row in force at a moment. The migration brings the first, so there is always one. */
  async inForce(client: Pick<Tx, 'callBackPolicy'>, at: Temporal.Instant): Promise<CallBackPolicy> {
    const day = dateFromPlainDate(localDate(at, this.config.clinicTimeZone));
    const row = await client.callBackPolicy.findFirst({
      where: { effectiveFrom: { lte: day } },
      orderBy: { effectiveFrom: 'desc' },
    });
    if (row === null) throw new Fault('INTERNAL', 'No service level for call-backs is in force.');
    return toCallBackPolicy(row);
  }

  /** Every row, by its first day, the past ones too. */
  async callBackPolicies(): Promise<readonly CallBackPolicy[]> {
    const rows = await this.database.client.callBackPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toCallBackPolicy);
  }

  /** What is waiting already keeps the times that it was given; whatever rings or is tried from now on goes by the row in force then. */
  async setCallBackPolicy(
    actor: StaffActor,
    input: SetCallBackPolicyInput,
  ): Promise<CallBackPolicy | CallBackPolicyInThePast | CallBackPolicyAlreadySet> {
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const now = this.clock.now();
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0) {
      return new CallBackPolicyInThePast();
    }
    return this.database.transaction<CallBackPolicy, CallBackPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.callBackPolicy.create({
          data: {
            ...input,
            effectiveFrom: dateFromPlainDate(from),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toCallBackPolicy(row);
        await this.audit.record(tx, actor, {
          action: 'call-back-policy.set',
          subjectType: 'call-back-policy',
          subjectId: policy.effectiveFrom,
          after: policy,
        });
        return policy;
      },
      { onConstraint: { call_back_policies_pkey: () => new CallBackPolicyAlreadySet() } },
    );
  }
}
