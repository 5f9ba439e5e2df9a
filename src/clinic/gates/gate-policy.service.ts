import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { GateStrictness } from '../../platform/database/generated/enums.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  GateCannotBeSofter,
  GateNotJudgedThere,
  GatePolicyAlreadySet,
  GatePolicyInThePast,
} from './gate-policy.refusals.js';
import { floorOf, type GatePolicyFacts, isAtFloor } from './gate-policy.rules.js';
import { type GatePolicy, type SetGatePolicyInput, toGatePolicy } from './gate-policy.type.js';
import { GateSources } from './gate-sources.service.js';

/** How strictly gates stand, in rows that hold from a day on. A change is a new row; the floor no row can reach under. */
@Injectable()
export class GatePolicyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(GateSources) private readonly sources: GateSources,
  ) {}

  /** Every row, by gate, stage and day, the past ones and those to come too. */
  async gatePolicies(): Promise<readonly GatePolicy[]> {
    const rows = await this.database.client.gatePolicy.findMany({
      orderBy: [{ gate: 'asc' }, { stage: 'asc' }, { effectiveFrom: 'asc' }],
    });
    return rows.map(toGatePolicy);
  }

  /** For this room: every row, as the rules want them. */
  async rows(tx: Tx): Promise<readonly GatePolicyFacts[]> {
    const rows = await tx.gatePolicy.findMany({
      select: { gate: true, stage: true, strictness: true, effectiveFrom: true },
    });
    return rows.map((row) => ({ ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom) }));
  }

  /** A new row, from today or a later day on. */
  async setGatePolicy(
    actor: StaffActor,
    input: SetGatePolicyInput,
  ): Promise<
    GatePolicy | GateCannotBeSofter | GateNotJudgedThere | GatePolicyAlreadySet | GatePolicyInThePast
  > {
    const { gate, stage, strictness } = input;
    const now = this.clock.now();
    const from = Temporal.PlainDate.from(input.effectiveFrom);
    const stages = this.sources.stagesOf(gate);
    if (!stages.includes(stage)) return new GateNotJudgedThere(gate, stages);
    if (strictness !== GateStrictness.HARD && isAtFloor(gate, stage)) {
      return new GateCannotBeSofter(gate, floorOf(gate));
    }
    if (Temporal.PlainDate.compare(from, localDate(now, this.config.clinicTimeZone)) < 0) {
      return new GatePolicyInThePast();
    }
    return this.database.transaction<GatePolicy, GatePolicyAlreadySet>(
      async (tx) => {
        const row = await tx.gatePolicy.create({
          data: {
            ...{ gate, stage, strictness, source: input.source.normalize('NFC').trim() },
            effectiveFrom: dateFromPlainDate(from),
            setAt: dateFromInstant(now),
            setById: actor.id,
          },
        });
        const policy = toGatePolicy(row);
        await this.audit.record(tx, actor, {
          action: 'gate-policy.set',
          subjectType: 'gate-policy',
          subjectId: policy.id,
          after: policy,
        });
        return policy;
      },
      {
        onConstraint: { gate_policies_gate_stage_effective_from_key: () => new GatePolicyAlreadySet() },
      },
    );
  }
}
