import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { TreatmentAgentKind, type TreatmentKind } from '../../platform/database/generated/enums.js';
import { badInput, Fault } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { someText } from './treatment.rules.js';
import { TreatmentRowAlreadySet, TreatmentRowInThePast } from './treatment-policy.refusals.js';
import { rowOn, termsOn } from './treatment-policy.rules.js';
import {
  type SetTreatmentAgentInput,
  type SetTreatmentPolicyInput,
  type TreatmentAgent,
  type TreatmentPolicy,
  toTreatmentAgent,
  toTreatmentPolicy,
} from './treatment-policy.type.js';

type NotSet = TreatmentRowAlreadySet | TreatmentRowInThePast;

/** The terms of treatments and the drugs that they give, in rows that hold from a day on. A change is a new row. */
@Injectable()
export class TreatmentPolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Every row, by kind, payer and day, past and coming ones too. */
  async treatmentPolicies(): Promise<readonly TreatmentPolicy[]> {
    const rows = await this.database.client.treatmentPolicy.findMany({
      orderBy: [{ kind: 'asc' }, { payerCode: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toTreatmentPolicy);
  }

  /** Every row, by code and day, past and coming ones too. */
  async treatmentAgents(): Promise<readonly TreatmentAgent[]> {
    const rows = await this.database.client.treatmentAgent.findMany({
      orderBy: [{ code: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toTreatmentAgent);
  }

  /** A new row, from today or a later day on. Throws BAD_INPUT. */
  async setTreatmentPolicy(
    actor: StaffActor,
    input: SetTreatmentPolicyInput,
  ): Promise<TreatmentPolicy | NotSet> {
    const blockTerms = [input.blockKind, input.blockPercentMin, input.blockMonthsMax];
    if (new Set(blockTerms.map((term) => (term ?? null) === null)).size > 1) {
      throw badInput('blockKind: goes with blockPercentMin and blockMonthsMax. Send all three, or none.');
    }
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof TreatmentRowInThePast) return stamp;
    return this.database.transaction<TreatmentPolicy, TreatmentRowAlreadySet>(
      async (tx) => {
        const data = { ...termsOf(input), payerCode: input.payerCode ?? '', ...stamp };
        const policy = toTreatmentPolicy(await tx.treatmentPolicy.create({ data }));
        await this.#record(tx, actor, 'treatment-policy', policy);
        return policy;
      },
      {
        onConstraint: {
          treatment_policies_kind_payer_code_effective_from_key: () => new TreatmentRowAlreadySet(),
        },
      },
    );
  }

  /** A new row, from today or a later day on. Throws BAD_INPUT. */
  async setTreatmentAgent(
    actor: StaffActor,
    input: SetTreatmentAgentInput,
  ): Promise<TreatmentAgent | NotSet> {
    const { code, kind, isDropped } = input;
    const steroidFactor = input.steroidFactor ?? null;
    if ((kind === TreatmentAgentKind.STEROID) !== (steroidFactor !== null)) {
      throw badInput('steroidFactor: goes with a steroid, and only with one.');
    }
    const stamp = this.#stamp(actor, input);
    if (stamp instanceof TreatmentRowInThePast) return stamp;
    return this.database.transaction<TreatmentAgent, TreatmentRowAlreadySet>(
      async (tx) => {
        const data = { code, kind, isDropped, steroidFactor, name: someText(input.name), ...stamp };
        const agent = toTreatmentAgent(await tx.treatmentAgent.create({ data }));
        await this.#record(tx, actor, 'treatment-agent', agent);
        return agent;
      },
      { onConstraint: { treatment_agents_code_effective_from_key: () => new TreatmentRowAlreadySet() } },
    );
  }

  /** For this room: the terms of a kind and a payer on a day; those of the clinic where the payer has none. */
  async termsOn(
    client: Tx,
    kind: TreatmentKind,
    payerCode: string | null,
    day: Temporal.PlainDate,
  ): Promise<TreatmentPolicy> {
    const rows = await client.treatmentPolicy.findMany({ where: { kind } });
    const terms = termsOn(rows.map(toTreatmentPolicy), payerCode, day);
    // The first rows come with the tables and are never taken away.
    if (terms === null) throw new Fault('INTERNAL', `No terms of treatments are set for ${kind}.`);
    return terms;
  }

  /** For this room: the agents that may be given on a day, by code. */
  async agentsOn(client: Tx, day: Temporal.PlainDate): Promise<ReadonlyMap<string, TreatmentAgent>> {
    const rows = (await client.treatmentAgent.findMany()).map(toTreatmentAgent);
    const codes = [...new Set(rows.map(({ code }) => code))];
    const held = codes.flatMap((code) => {
      const row = rowOn(
        rows.filter((one) => one.code === code),
        day,
      );
      return row === null || row.isDropped ? [] : [[code, row] as const];
    });
    return new Map(held);
  }

  #stamp(actor: StaffActor, input: { readonly effectiveFrom: string; readonly source: string }) {
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0) {
      return new TreatmentRowInThePast();
    }
    return {
      effectiveFrom: dateFromPlainDate(from),
      source: someText(input.source),
      setAt: dateFromInstant(now),
      setById: actor.id,
    };
  }

  async #record(tx: Tx, actor: StaffActor, subjectType: string, row: { readonly id: string }): Promise<void> {
    await this.audit.record(tx, actor, {
      action: `${subjectType}.set`,
      subjectType,
      subjectId: row.id,
      after: row,
    });
  }
}

function termsOf(input: SetTreatmentPolicyInput) {
  return {
    kind: input.kind,
    enforcement: input.enforcement,
    nrsMin: input.nrsMin ?? null,
    conservativeWeeksMin: input.conservativeWeeksMin ?? null,
    blockKind: input.blockKind ?? null,
    blockPercentMin: input.blockPercentMin ?? null,
    blockMonthsMax: input.blockMonthsMax ?? null,
    repeatMonthsMin: input.repeatMonthsMin ?? null,
    steroidCeilingMg: input.steroidCeilingMg ?? null,
  };
}
