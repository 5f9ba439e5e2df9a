import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { RetentionRule as RuleRecord } from '../../platform/database/generated/client.js';
import { badInput } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { type RuleRow, rulesInForce } from './retention.rules.js';
import { RetentionRuleSetAlready } from './retention-rule.refusals.js';
import type { RetentionRule, SetRetentionRuleInput } from './retention-rule.type.js';

/** A clinic sets a rule every few years; more rows than this are no history of rules. */
const RULES_MAX = 2_000;

/** How long each class of records is kept: dated rows, never edited. */
@Injectable()
export class RetentionRuleService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The rules: those in force on a day, or all that there were and will be. */
  async retentionRules(asOf: string | null): Promise<readonly RetentionRule[]> {
    const rows = await this.database.client.retentionRule.findMany({
      orderBy: [{ recordClass: 'asc' }, { trigger: 'asc' }, { effectiveFrom: 'desc' }],
      take: RULES_MAX,
    });
    if (asOf === null) return rows.map(toRule);
    const inForce = new Set(rulesInForce(rows.map(toRow), Temporal.PlainDate.from(asOf)).map(({ id }) => id));
    return rows.filter(({ id }) => inForce.has(id)).map(toRule);
  }

  /** For the judge: what is in force on a day. */
  async inForce(client: Tx, asOf: Temporal.PlainDate): Promise<readonly RuleRow[]> {
    const rows = await client.retentionRule.findMany({ take: RULES_MAX });
    return rulesInForce(rows.map(toRow), asOf);
  }

  /** Adds a rule that holds from a day on, today at the earliest: what was decided by the older one stays so. Throws BAD_INPUT. */
  async setRetentionRule(
    actor: StaffActor,
    input: SetRetentionRuleInput,
  ): Promise<RetentionRule | RetentionRuleSetAlready> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const { recordClass, trigger, years } = input;
    const months = input.months ?? 0;
    const childRule = input.childRule ?? false;
    const effectiveFrom = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(effectiveFrom, today) < 0) {
      throw badInput('effectiveFrom: must be today or later. What the older rule decided stays decided.');
    }
    if (years + months === 0)
      throw badInput('years: say years or months; nothing is kept for no time at all.');
    if (childRule && trigger === 'DEATH') {
      throw badInput('childRule: goes with a rule that runs from contact or treatment, not from death.');
    }
    return this.database.transaction(
      async (tx) => {
        const before = (await this.inForce(tx, effectiveFrom)).find(
          (rule) => rule.recordClass === recordClass && rule.trigger === trigger,
        );
        const row = await tx.retentionRule.create({
          data: {
            ...{ recordClass, trigger, years, months, childRule, source: input.source.trim() },
            effectiveFrom: dateFromPlainDate(effectiveFrom),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const rule = toRule(row);
        await this.#record(tx, actor, before ?? null, rule);
        return rule;
      },
      {
        onConstraint: {
          retention_rules_record_class_trigger_effective_from_key: () =>
            new RetentionRuleSetAlready(recordClass, effectiveFrom.toString()),
        },
      },
    );
  }

  async #record(tx: Tx, actor: Actor, before: RuleRow | null, rule: RetentionRule): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'retention-rule.set',
      subjectType: 'retention-rule',
      subjectId: rule.id,
      ...(before === null ? {} : { before: { ...before, effectiveFrom: before.effectiveFrom.toString() } }),
      after: rule,
    });
  }
}

function toRow({ id, recordClass, trigger, effectiveFrom, years, months, childRule }: RuleRecord): RuleRow {
  return {
    id,
    recordClass,
    trigger,
    years,
    months,
    childRule,
    effectiveFrom: plainDateFromDate(effectiveFrom),
  };
}

function toRule(row: RuleRecord): RetentionRule {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
