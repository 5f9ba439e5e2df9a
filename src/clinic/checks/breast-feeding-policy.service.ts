import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CheckPolicyAlreadySet, type CheckPolicyInThePast } from './check.refusals.js';
import { inForceFor } from './check-policy.rules.js';
import {
  type BreastFeedingPolicy,
  type SetBreastFeedingPolicyInput,
  toBreastFeedingPolicy,
} from './check-policy.type.js';
import { DatedRowService, datedOf } from './dated-row.service.js';

/** Who is asked about breast-feeding, and what they are told, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class BreastFeedingPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatedRowService) private readonly rows: DatedRowService,
  ) {}

  /** Every row by procedure and day, the past ones and those to come too. */
  async breastFeedingPolicies(client: Tx = this.database.client): Promise<readonly BreastFeedingPolicy[]> {
    const rows = await client.breastFeedingPolicy.findMany({
      orderBy: [{ procedureCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toBreastFeedingPolicy);
  }

  /** The one by which people are asked before a procedure on a day; null: there is none. */
  async inForce(
    client: Tx,
    procedureCode: string,
    on: Temporal.PlainDate,
  ): Promise<BreastFeedingPolicy | null> {
    const rows = (await this.breastFeedingPolicies(client)).map((row) => ({
      ...datedOf(row),
      procedureCode: row.procedureCode,
    }));
    return inForceFor(rows, procedureCode, on)?.row ?? null;
  }

  /** A new row, from today or a later day on. */
  async setBreastFeedingPolicy(
    actor: StaffActor,
    { effectiveFrom, source, ...input }: SetBreastFeedingPolicyInput,
  ): Promise<BreastFeedingPolicy | CheckPolicyAlreadySet | CheckPolicyInThePast> {
    if (input.ageFrom > input.ageTo) throw badInput('ageTo: must not be less than ageFrom.');
    const head = this.rows.head(actor, effectiveFrom, source);
    if (isRefusal(head)) return head;
    return this.database.transaction<BreastFeedingPolicy, CheckPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.breastFeedingPolicy.create({ data: { ...input, ...head } });
        const policy = toBreastFeedingPolicy(row);
        await this.rows.record(tx, actor, 'breast-feeding-policy', policy);
        return policy;
      },
      {
        onConstraint: {
          breast_feeding_policies_procedure_code_effective_from_key: () => new CheckPolicyAlreadySet(),
        },
      },
    );
  }
}
