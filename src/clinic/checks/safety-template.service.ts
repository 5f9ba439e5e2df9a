import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import { plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CheckPolicyAlreadySet, type CheckPolicyInThePast } from './check.refusals.js';
import { inForceFor } from './check-policy.rules.js';
import { DatedRowService } from './dated-row.service.js';
import { templateProblem } from './safety.rules.js';
import {
  type SafetyTemplate,
  type SafetyTemplateRow,
  type SetSafetyTemplateInput,
  toSafetyTemplate,
  WITH_ITEMS,
} from './safety-template.type.js';

/** Safety checklists, each from a day on. A change is a new one. */
@Injectable()
export class SafetyTemplateService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DatedRowService) private readonly rows: DatedRowService,
  ) {}

  /** Every checklist by procedure and day, the past ones and those to come too. */
  async safetyTemplates(): Promise<readonly SafetyTemplate[]> {
    return (await this.#all(this.database.client)).map(toSafetyTemplate);
  }

  /** The one that is gone through before a procedure on a day, with the ids of its items; null: there is none. */
  async inForce(
    client: Tx,
    procedureCode: string,
    on: Temporal.PlainDate,
  ): Promise<SafetyTemplateRow | null> {
    const rows = (await this.#all(client)).map((row) => ({
      row,
      procedureCode: row.procedureCode,
      effectiveFrom: plainDateFromDate(row.effectiveFrom),
    }));
    return inForceFor(rows, procedureCode, on)?.row ?? null;
  }

  /** A new checklist, from today or a later day on. */
  async setSafetyTemplate(
    actor: StaffActor,
    { effectiveFrom, source, procedureCode, items }: SetSafetyTemplateInput,
  ): Promise<SafetyTemplate | CheckPolicyAlreadySet | CheckPolicyInThePast> {
    const lines = items.map((item) => ({ ...item, expected: item.expected ?? null }));
    const problem = templateProblem(lines);
    if (problem !== null) throw badInput(problem);
    const head = this.rows.head(actor, effectiveFrom, source);
    if (isRefusal(head)) return head;
    return this.database.transaction<SafetyTemplate, CheckPolicyAlreadySet>(
      async (tx) => {
        const row = await tx.safetyTemplate.create({
          data: {
            ...{ procedureCode, ...head },
            items: { create: lines.map((line, position) => ({ ...line, position })) },
          },
          include: WITH_ITEMS,
        });
        const template = toSafetyTemplate(row);
        await this.rows.record(tx, actor, 'safety-template', template);
        return template;
      },
      {
        onConstraint: {
          safety_templates_procedure_code_effective_from_key: () => new CheckPolicyAlreadySet(),
        },
      },
    );
  }

  async #all(client: Tx): Promise<readonly SafetyTemplateRow[]> {
    return client.safetyTemplate.findMany({
      include: WITH_ITEMS,
      orderBy: [{ procedureCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
  }
}
