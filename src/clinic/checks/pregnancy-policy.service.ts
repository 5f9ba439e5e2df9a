import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CheckPolicyAlreadySet, type CheckPolicyInThePast } from './check.refusals.js';
import { inForceOn } from './check-policy.rules.js';
import {
  type PregnancyPolicy,
  type SetPregnancyPolicyInput,
  toPregnancyPolicy,
} from './check-policy.type.js';
import { DatedRowService, datedOf } from './dated-row.service.js';

/** Who is asked about pregnancy, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class PregnancyPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatedRowService) private readonly rows: DatedRowService,
  ) {}

  /** Every row by day, the past ones and those to come too. */
  async pregnancyPolicies(client: Tx = this.database.client): Promise<readonly PregnancyPolicy[]> {
    const rows = await client.pregnancyPolicy.findMany({ orderBy: { effectiveFrom: 'asc' } });
    return rows.map(toPregnancyPolicy);
  }

  /** The one by which people are asked on a day; null: there is none. */
  async inForce(client: Tx, on: Temporal.PlainDate): Promise<PregnancyPolicy | null> {
    return inForceOn((await this.pregnancyPolicies(client)).map(datedOf), on)?.row ?? null;
  }

  /** A new row, from today or a later day on. */
  async setPregnancyPolicy(
    actor: StaffActor,
    { effectiveFrom, source, ...input }: SetPregnancyPolicyInput,
  ): Promise<PregnancyPolicy | CheckPolicyAlreadySet | CheckPolicyInThePast> {
    if (input.ageFrom > input.ageTo) throw badInput('ageTo: must not be less than ageFrom.');
    const head = this.rows.head(actor, effectiveFrom, source);
    if (isRefusal(head)) return head;
    return this.database.transaction<PregnancyPolicy, CheckPolicyAlreadySet>(
      async (tx) => {
        const policy = toPregnancyPolicy(await tx.pregnancyPolicy.create({ data: { ...input, ...head } }));
        await this.rows.record(tx, actor, 'pregnancy-policy', policy);
        return policy;
      },
      { onConstraint: { pregnancy_policies_effective_from_key: () => new CheckPolicyAlreadySet() } },
    );
  }
}
