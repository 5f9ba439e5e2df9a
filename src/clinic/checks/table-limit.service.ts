import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ResourceKind } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CheckPolicyAlreadySet, type CheckPolicyInThePast } from './check.refusals.js';
import { limitKgOn } from './check-policy.rules.js';
import {
  type SetTableWeightLimitInput,
  type TableWeightLimit,
  toTableWeightLimit,
} from './check-policy.type.js';
import { DatedRowService, datedOf } from './dated-row.service.js';

/** What the tables of cameras bear, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class TableLimitService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatedRowService) private readonly rows: DatedRowService,
  ) {}

  /** Every row by camera and day, the past ones and those to come too. */
  async tableWeightLimits(client: Tx = this.database.client): Promise<readonly TableWeightLimit[]> {
    const rows = await client.tableWeightLimit.findMany({
      orderBy: [{ resourceId: { sort: 'asc', nulls: 'first' } }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toTableWeightLimit);
  }

  /** Kilograms that the table of a camera bears on a day; null: nobody has said. */
  async limitOf(client: Tx, cameraId: string | null, on: Temporal.PlainDate): Promise<number | null> {
    const rows = (await this.tableWeightLimits(client)).map((row) => ({
      ...datedOf(row),
      resourceId: row.resourceId,
      limitKg: row.limitKg,
    }));
    return limitKgOn(rows, cameraId, on);
  }

  /** A new row, from today or a later day on. Throws NOT_FOUND, and BAD_INPUT for what is no camera. */
  async setTableWeightLimit(
    actor: StaffActor,
    { effectiveFrom, source, limitKg, resourceId = null }: SetTableWeightLimitInput,
  ): Promise<TableWeightLimit | CheckPolicyAlreadySet | CheckPolicyInThePast> {
    const head = this.rows.head(actor, effectiveFrom, source);
    if (isRefusal(head)) return head;
    return this.database.transaction<TableWeightLimit, CheckPolicyAlreadySet>(
      async (tx) => {
        if (resourceId !== null) await this.#mustBeCamera(tx, resourceId);
        const row = await tx.tableWeightLimit.create({ data: { resourceId, limitKg, ...head } });
        const limit = toTableWeightLimit(row);
        await this.rows.record(tx, actor, 'table-weight-limit', limit);
        return limit;
      },
      {
        onConstraint: {
          table_weight_limits_resource_id_effective_from_key: () => new CheckPolicyAlreadySet(),
          table_weight_limits_of_any: () => new CheckPolicyAlreadySet(),
        },
      },
    );
  }

  async #mustBeCamera(tx: Tx, id: string): Promise<void> {
    const resource = await tx.resource.findUnique({ where: { id }, select: { kind: true } });
    if (resource === null) throw notFound('resource');
    if (resource.kind !== ResourceKind.CAMERA) throw badInput('resourceId: must be a camera.');
  }
}
