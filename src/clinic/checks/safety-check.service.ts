import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { CheckKind, ResourceKind } from '../../platform/database/generated/enums.js';
import { Fault, isRefusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import { SafetyItemsDiffer } from './check.refusals.js';
import type { SafetyCheck } from './check.type.js';
import { CHECK_CONSTRAINTS, CheckEntryService, type EntryRefusal } from './check-entry.service.js';
import type { RecordSafetyCheckInput } from './check-input.type.js';
import { toSafetyCheck } from './check-row.type.js';
import { textOrNull } from './check-text.rules.js';
import { concernsOf, deciderOf, unansweredItems } from './safety.rules.js';
import { SafetyTemplateService } from './safety-template.service.js';
import { TableLimitService } from './table-limit.service.js';

/** The safety checklist as somebody went through it with the patient. */
@Injectable()
export class SafetyCheckService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CheckEntryService) private readonly entries: CheckEntryService,
    @Inject(SafetyTemplateService) private readonly templates: SafetyTemplateService,
    @Inject(TableLimitService) private readonly limits: TableLimitService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordSafetyCheck(
    actor: StaffActor,
    input: RecordSafetyCheckInput,
  ): Promise<SafetyCheck | EntryRefusal | SafetyItemsDiffer> {
    const weightKg = input.weightKg ?? null;
    return this.database.transaction(
      async (tx) => {
        const ground = await this.entries.open(tx, actor, CheckKind.SAFETY, input, null);
        if (isRefusal(ground)) return ground;
        const template = await this.templates.inForce(tx, ground.visit.visitTypeCode, ground.today);
        // The first checklist comes with the table and is never taken away.
        if (template === null) throw new Fault('INTERNAL', 'No safety checklist is set.');
        const { items } = template;
        const { unanswered, isForeign } = unansweredItems(items, input.answers, weightKg);
        if (isForeign || unanswered.length > 0) return new SafetyItemsDiffer(template.id, unanswered);
        const cameraId = cameraOf(ground.visit);
        const limitKg = await this.limits.limitOf(tx, cameraId, ground.today);
        const concerns = concernsOf(items, input.answers, { weightKg, limitKg });
        const ids = new Map(items.map(({ code, id }) => [code, id]));
        const row = await this.entries.write(tx, actor, ground, {
          safety: {
            create: {
              ...{ templateId: template.id, weightKg, cameraId, weightLimitKg: limitKg },
              concerns: concerns.map(({ code }) => code),
              decidedBy: deciderOf(concerns),
              comment: textOrNull(input.comment),
              answers: {
                create: input.answers.flatMap(({ code, reply, note }) => {
                  const itemId = ids.get(code);
                  return itemId === undefined ? [] : [{ itemId, reply, note: textOrNull(note) }];
                }),
              },
            },
          },
        });
        const check = toSafetyCheck(row);
        if (check === null) throw new Error('a safety check was written without its part');
        return check;
      },
      { onConstraint: CHECK_CONSTRAINTS },
    );
  }
}

/** The camera on whose table the patient lies; of several steps on cameras the last. Null: the visit has none. */
export function cameraOf({ steps }: Pick<Visit, 'steps'>): string | null {
  const cameras = steps.flatMap(({ resources }) =>
    resources.flatMap(({ resource }) => (resource.kind === ResourceKind.CAMERA ? [resource.id] : [])),
  );
  return cameras.at(-1) ?? null;
}
