import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ConsentPolicyAlreadySet, ConsentPolicyInThePast } from './consent-policy.refusals.js';
import { type ConsentPolicy, type SetConsentPolicyInput, toConsentPolicy } from './consent-policy.type.js';
import { policyProblem } from './consent-policy-entry.rules.js';

/** What is asked of consents, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class ConsentPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by purpose, procedure and day, the past ones and those to come too. */
  async consentPolicies(): Promise<readonly ConsentPolicy[]> {
    const rows = await this.database.client.consentPolicy.findMany({
      orderBy: [{ purpose: 'asc' }, { procedureCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toConsentPolicy);
  }

  /** A new row, from today or a later day on. Throws BAD_INPUT for what does not go together. */
  async setConsentPolicy(
    actor: StaffActor,
    input: SetConsentPolicyInput,
  ): Promise<ConsentPolicy | ConsentPolicyAlreadySet | ConsentPolicyInThePast> {
    const now = this.clock.now();
    const wanted = {
      purpose: input.purpose,
      procedureCode: input.procedureCode ?? '',
      newWordingAsks: input.newWordingAsks,
      validFor: input.validFor ?? null,
      validForUnit: input.validForUnit ?? null,
      confirmation: input.confirmation,
      confirmAfterDays: input.confirmAfterDays ?? null,
      needsDiscussion: input.needsDiscussion,
      needsEvidence: input.needsEvidence,
    };
    const problem = policyProblem(wanted);
    if (problem !== null) throw badInput(problem);
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const today = localDate(now, this.config.clinicTimeZone);
    if (Temporal.PlainDate.compare(from, today) < 0) return new ConsentPolicyInThePast();
    return this.database.transaction<ConsentPolicy, ConsentPolicyAlreadySet>(
      async (tx) => {
        const { purpose, procedureCode } = wanted;
        const before = await tx.consentPolicy.findFirst({
          where: { purpose, procedureCode, effectiveFrom: { lte: dateFromPlainDate(from) } },
          orderBy: { effectiveFrom: 'desc' },
        });
        const row = await tx.consentPolicy.create({
          data: {
            ...wanted,
            effectiveFrom: dateFromPlainDate(from),
            source: input.source.trim(),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toConsentPolicy(row);
        await this.audit.record(tx, actor, {
          action: 'consent-policy.set',
          subjectType: 'consent-policy',
          subjectId: policy.id,
          ...(before === null ? {} : { before: toConsentPolicy(before) }),
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: {
          consent_policies_purpose_procedure_code_effective_from_key: () => new ConsentPolicyAlreadySet(),
        },
      },
    );
  }
}
