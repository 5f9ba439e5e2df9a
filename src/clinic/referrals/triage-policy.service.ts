import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralPriority } from '../../platform/database/generated/enums.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { someText } from './referral-text.rules.js';
import { policyOn } from './triage-due.rules.js';
import { TriagePolicyAlreadySet, TriagePolicyInThePast } from './triage-policy.refusals.js';
import { type SetTriagePolicyInput, type TriagePolicy, toTriagePolicy } from './triage-policy.type.js';

/** What triage promises, by priority, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class TriagePolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by priority and day, the past ones and those to come too. */
  async triagePolicies(): Promise<readonly TriagePolicy[]> {
    const rows = await this.database.client.triagePolicy.findMany({
      orderBy: [{ priority: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toTriagePolicy);
  }

  /** A new row, from today or a later day on. */
  async setTriagePolicy(
    actor: StaffActor,
    input: SetTriagePolicyInput,
  ): Promise<TriagePolicy | TriagePolicyAlreadySet | TriagePolicyInThePast> {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new TriagePolicyInThePast();
    return this.database.transaction<TriagePolicy, TriagePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.triagePolicy.create({
          data: {
            priority: input.priority,
            triageDays: input.triageDays,
            informationDays: input.informationDays,
            adviceDays: input.adviceDays,
            escalationDays: input.escalationDays,
            effectiveFrom: dateFromPlainDate(from),
            reason: someText(input.reason),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toTriagePolicy(row);
        await this.audit.record(tx, actor, {
          action: 'triage-policy.set',
          subjectType: 'triage-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: {
          triage_policies_priority_effective_from_key: () => new TriagePolicyAlreadySet(),
        },
      },
    );
  }

  /** For this room: what was promised for a priority to whoever came on that day. */
  async inForce(client: Tx, priority: ReferralPriority, day: Temporal.PlainDate): Promise<TriagePolicy> {
    const rows = await client.triagePolicy.findMany({ where: { priority } });
    const policy = policyOn(rows.map(toTriagePolicy), day);
    // The first rows come with the table and are never taken away.
    if (policy === null) throw new Fault('INTERNAL', `No triage policy is set for ${priority}.`);
    return policy;
  }
}
