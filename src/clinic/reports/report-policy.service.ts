import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { CriticalFindingCategory, ReferralPriority } from '../../platform/database/generated/enums.js';
import { Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ReportPolicyAlreadySet, ReportPolicyInThePast } from './report-policy.refusals.js';
import { policyOn } from './report-policy.rules.js';
import {
  type CriticalFindingPolicy,
  type ReportPolicy,
  type SetCriticalFindingPolicyInput,
  type SetReportPolicyInput,
  toCriticalFindingPolicy,
  toReportPolicy,
} from './report-policy.type.js';

/** How soon reports are written, acknowledged and told, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class ReportPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by priority and day, past and coming ones too. */
  async reportPolicies(): Promise<readonly ReportPolicy[]> {
    return this.all(this.database.client);
  }

  /** The same for whoever asks of many days. */
  async all(client: Tx): Promise<readonly ReportPolicy[]> {
    const rows = await client.reportPolicy.findMany({
      orderBy: [{ priority: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toReportPolicy);
  }

  /** Every row, by category and day, past and coming ones too. */
  async criticalFindingPolicies(): Promise<readonly CriticalFindingPolicy[]> {
    const rows = await this.database.client.criticalFindingPolicy.findMany({
      orderBy: [{ category: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toCriticalFindingPolicy);
  }

  /** A new row, from today or a later day on. */
  async setReportPolicy(
    actor: StaffActor,
    input: SetReportPolicyInput,
  ): Promise<ReportPolicy | ReportPolicyAlreadySet | ReportPolicyInThePast> {
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof ReportPolicyInThePast) return stamp;
    const { priority, reportDays, acknowledgeDays, escalationDays } = input;
    return this.database.transaction<ReportPolicy, ReportPolicyAlreadySet>(
      async (tx) => {
        const data = { priority, reportDays, acknowledgeDays, escalationDays, ...stamp };
        const policy = toReportPolicy(await tx.reportPolicy.create({ data }));
        await this.#record(tx, actor, 'report-policy', policy);
        return policy;
      },
      { onConstraint: { report_policies_priority_effective_from_key: () => new ReportPolicyAlreadySet() } },
    );
  }

  /** A new row, from today or a later day on. */
  async setCriticalFindingPolicy(
    actor: StaffActor,
    input: SetCriticalFindingPolicyInput,
  ): Promise<CriticalFindingPolicy | ReportPolicyAlreadySet | ReportPolicyInThePast> {
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof ReportPolicyInThePast) return stamp;
    const { category, tellWithinMinutes, escalationMinutes } = input;
    return this.database.transaction<CriticalFindingPolicy, ReportPolicyAlreadySet>(
      async (tx) => {
        const data = { category, tellWithinMinutes, escalationMinutes, ...stamp };
        const policy = toCriticalFindingPolicy(await tx.criticalFindingPolicy.create({ data }));
        await this.#record(tx, actor, 'critical-finding-policy', policy);
        return policy;
      },
      {
        onConstraint: {
          critical_finding_policies_category_effective_from_key: () => new ReportPolicyAlreadySet(),
        },
      },
    );
  }

  /** For this room: what is promised for a priority of whatever begins on that day. */
  async inForce(client: Tx, priority: ReferralPriority, day: Temporal.PlainDate): Promise<ReportPolicy> {
    const rows = await client.reportPolicy.findMany({ where: { priority } });
    return mustHold(policyOn(rows.map(toReportPolicy), day), priority);
  }

  /** For this room: how soon somebody is told of what is flagged on that day. */
  async criticalInForce(
    client: Tx,
    category: CriticalFindingCategory,
    day: Temporal.PlainDate,
  ): Promise<CriticalFindingPolicy> {
    const rows = await client.criticalFindingPolicy.findMany({ where: { category } });
    return mustHold(policyOn(rows.map(toCriticalFindingPolicy), day), category);
  }

  #stamp(actor: StaffActor, input: { readonly effectiveFrom: string; readonly source: string }) {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0)
      return new ReportPolicyInThePast();
    return {
      effectiveFrom: dateFromPlainDate(from),
      source: input.source.normalize('NFC').trim(),
      setAt: dateFromInstant(now),
      setById: actor.id,
    };
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    subjectType: string,
    policy: { readonly id: string },
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action: `${subjectType}.set`,
      subjectType,
      subjectId: policy.id,
      after: policy,
    });
  }
}

/** The first rows come with the tables and are never taken away. */
function mustHold<Policy>(policy: Policy | null, of: string): Policy {
  if (policy === null) throw new Fault('INTERNAL', `No policy of reports is set for ${of}.`);
  return policy;
}
