import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ExposureAct, TreatmentAgentKind, TreatmentStatus } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { AgentNotKnown, NotLookedAt } from './treatment.refusals.js';
import {
  canTreatment,
  isExposure,
  someText,
  someTextOrNull,
  steroidOf,
  steroidPlanned,
} from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentDutyService } from './treatment-duty.service.js';
import { problemsOfPlan } from './treatment-plan.rules.js';
import type { PlanTreatmentInput } from './treatment-plan.type.js';
import { TreatmentPlanGroundService } from './treatment-plan-ground.service.js';
import type { TreatmentAgent, TreatmentEligibility } from './treatment-policy.type.js';
import { TreatmentRecordService } from './treatment-record.service.js';
import type { WantedTarget } from './treatment-target.service.js';

interface WantedAgent {
  readonly agent: TreatmentAgent;
  readonly agentKind: TreatmentAgentKind;
  readonly doseMg: number | null;
  readonly volumeMl: number | null;
  readonly steroidMg: number | null;
}

interface WantedPlan {
  readonly number: number;
  readonly targets: readonly WantedTarget[];
  readonly agents: readonly WantedAgent[];
  readonly entitlementId: string | null;
  readonly eligibility: TreatmentEligibility;
}

/** How a treatment is to be done: looked at, judged by the terms of the day, and written whole. */
@Injectable()
export class TreatmentPlanService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(TreatmentDutyService) private readonly duties: TreatmentDutyService,
    @Inject(TreatmentPlanGroundService) private readonly ground: TreatmentPlanGroundService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
  ) {}

  /** A first plan, or another one. Throws NOT_FOUND, BAD_INPUT. */
  async planTreatment(actor: StaffActor, input: PlanTreatmentInput): Promise<Treatment | Refusal> {
    return this.database.transaction<Treatment | Refusal>(async (tx) => {
      const before = await this.records.hold(tx, input.treatmentId);
      const refusal = canTreatment(before, 'plan', input.version);
      if (refusal !== null) return refusal;
      const wanted = await this.#wanted(tx, actor, before, input);
      if (isRefusal(wanted)) return wanted;
      await this.#write(tx, actor, before, input, wanted);
      const unmet = unmetOf(wanted.eligibility);
      return this.records.write(
        tx,
        actor,
        before,
        before.planVersion === 0 ? 'planned' : 'replanned',
        { status: TreatmentStatus.PLANNED, planVersion: wanted.number },
        { unmetCriteria: unmet, guidance: input.guidance },
      );
    });
  }

  async #wanted(
    tx: Tx,
    actor: StaffActor,
    before: Treatment,
    input: PlanTreatmentInput,
  ): Promise<WantedPlan | Refusal> {
    const { kind, procedureCode, patientId } = before;
    const number = before.planVersion + 1;
    const targets = await this.ground.targets.read(tx, patientId, input.targets);
    if (isRefusal(targets)) return targets;
    const agents = await this.#agents(tx, input);
    if (isRefusal(agents)) return agents;
    const problems = problemsOfPlan({
      ...{ kind, number, guidance: input.guidance },
      hasSteroid: agents.some(({ agentKind }) => agentKind === TreatmentAgentKind.STEROID),
      aspects: input.aspects.map(({ aspect, finding, note }) => ({ aspect, finding, note: note ?? null })),
      justification: input.justification ?? null,
      replanBecause: input.replanBecause ?? null,
    });
    if (problems.length > 0) return new NotLookedAt(problems);
    const at = this.clock.now();
    const entitlementId = isExposure(input.guidance)
      ? await this.duties.entitled(tx, actor.id, ExposureAct.JUSTIFY, { procedureCode, at })
      : null;
    if (isRefusal(entitlementId)) return entitlementId;
    const planned = { targets, steroidMg: steroidPlanned(agents) };
    const eligibility = await this.ground.eligible(tx, before, planned, input.proceedBecause ?? null);
    if (isRefusal(eligibility)) return eligibility;
    return { number, targets, agents, entitlementId, eligibility };
  }

  /** By the rows that hold today. */
  async #agents(tx: Tx, { agents }: PlanTreatmentInput): Promise<readonly WantedAgent[] | AgentNotKnown> {
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    const known = await this.ground.policies.agentsOn(tx, today);
    const found = agents.map((wish) => ({ wish, agent: known.get(wish.agentCode) ?? null }));
    const missing = found.find(({ agent }) => agent === null);
    if (missing !== undefined) return new AgentNotKnown(missing.wish.agentCode);
    return found.flatMap(({ wish, agent }) => {
      if (agent === null) return [];
      const doseMg = wish.doseMg ?? null;
      const steroidMg = steroidOf(doseMg, agent.steroidFactor);
      return [{ agent, agentKind: agent.kind, doseMg, volumeMl: wish.volumeMl ?? null, steroidMg }];
    });
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    before: Treatment,
    input: PlanTreatmentInput,
    { number, targets, agents, entitlementId, eligibility }: WantedPlan,
  ): Promise<void> {
    const treatmentId = before.id;
    const unmet = unmetOf(eligibility);
    const { id: planId } = await tx.treatmentPlan.create({
      data: {
        ...{ treatmentId, number, entitlementId, guidance: input.guidance, targetsCount: targets.length },
        approach: someText(input.approach),
        anticoagulantPlan: someText(input.anticoagulantPlan),
        justification: someTextOrNull(input.justification),
        policyId: eligibility.policy.id,
        unmetCriteria: [...unmet],
        proceedBecause: unmet.length === 0 ? null : someTextOrNull(input.proceedBecause),
        replanBecause: someTextOrNull(input.replanBecause),
        plannedAt: dateFromInstant(this.clock.now()),
        plannedById: actor.id,
      },
      select: { id: true },
    });
    await this.ground.targets.write(tx, treatmentId, number, targets);
    await tx.treatmentPlanAgent.createMany({
      data: agents.map(({ agent, doseMg, volumeMl }, at) => ({
        ...{ planId, treatmentId, doseMg, volumeMl, agentId: agent.id, position: at + 1 },
      })),
    });
    await tx.treatmentPlanAspect.createMany({
      data: input.aspects.map(({ aspect, finding, note }) => ({
        ...{ planId, treatmentId, aspect, finding, note: someTextOrNull(note) },
      })),
    });
  }
}

function unmetOf({ criteria }: TreatmentEligibility) {
  return criteria.filter(({ verdict }) => verdict !== 'PASSED').map(({ criterion }) => criterion);
}
