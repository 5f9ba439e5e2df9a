import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ExposureAct, GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { Clock, localDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import { GateService } from '../gates/gate.service.js';
import { GateState, type JudgedGate } from '../gates/gate.type.js';
import { StaffNotEntitled } from './administration.refusals.js';
import { ONLY_AFTER_INJECTION, onlyAfterInjection } from './administration-gate.rules.js';
import type { InjectionGround } from './administration-lock.service.js';
import { AdministrationPlanService } from './administration-plan.service.js';

/** What is asked of the gates about an injection. */
export interface InjectionAct {
  readonly operatorId: string;
  readonly batchId: string;
  readonly tracerCode: string;
  /** At the moment of injection, in MBq. */
  readonly drawnMbq: number;
  readonly injectedAt: Temporal.Instant;
  /** Why more than planned was given; null: nobody said. */
  readonly departureBecause: string | null;
}

/** What stands before an injection: the gates as they stood at its moment, and who may do what. */
@Injectable()
export class AdministrationJudgeService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(GateService) private readonly gates: GateService,
    @Inject(AdministrationPlanService) private readonly plans: AdministrationPlanService,
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
  ) {}

  /** Every gate of the injection as it stood then. What was asked or decided only after it was not done before it. */
  async atInjection(tx: Tx, ground: InjectionGround, act: InjectionAct): Promise<readonly JudgedGate[]> {
    const { operatorId, batchId, drawnMbq: activityMbq, injectedAt, departureBecause: reason } = act;
    const judge = (at: Temporal.Instant) =>
      this.gates.judge(tx, ground.subject, GateStage.INJECTION, at, {
        ...{ operatorId, batchId, activityMbq, reason },
      });
    const judged = (await judge(injectedAt)).map((gate) => asOf(gate, injectedAt, ground.timeZone));
    const now = this.clock.now();
    if (judged.every(({ state }) => isOpen(state)) || Temporal.Instant.compare(injectedAt, now) >= 0) {
      return judged;
    }
    // What is there by now has been done, and whoever reads the refusal is not sent to do it again.
    const since = new Map((await judge(now)).map((gate) => [gate.code, gate]));
    return judged.map((gate) => {
      const later = isOpen(gate.state)
        ? null
        : asOf(since.get(gate.code) ?? gate, injectedAt, ground.timeZone);
      return later?.reasonCode === ONLY_AFTER_INJECTION ? later : gate;
    });
  }

  /** The first hard gate that was closed, said by the batch itself where it is the batch's; null: none was. */
  async refusalOf(tx: Tx, judged: readonly JudgedGate[], act: InjectionAct): Promise<Refusal | null> {
    const closed = this.gates.refusalOf(judged);
    return closed?.gate === GateCode.BATCH_VALID
      ? ((await this.plans.judgeBatch(tx, act)) ?? closed)
      : closed;
  }

  /** Codes of the hard gates that were closed, in their order. */
  closedGates(judged: readonly JudgedGate[]): readonly GateCode[] {
    return judged
      .filter(({ strictness, state }) => strictness === GateStrictness.HARD && !isOpen(state))
      .map(({ code }) => code);
  }

  /** Refused unless they are entitled to one of these acts on the day of that moment. */
  async mustBeEntitled(
    tx: Tx,
    staffId: string,
    acts: readonly [ExposureAct, ...ExposureAct[]],
    ground: { readonly procedureCode: string; readonly at: Temporal.Instant; readonly timeZone: string },
  ): Promise<StaffNotEntitled | null> {
    const on = localDate(ground.at, ground.timeZone);
    let refusal: StaffNotEntitled | null = null;
    for (const act of acts) {
      const { entitled, reason } = await this.entitlements.entitlement(
        tx,
        staffId,
        act,
        ground.procedureCode,
        on,
      );
      if (entitled) return null;
      refusal ??= new StaffNotEntitled(staffId, act, reason);
    }
    return refusal;
  }

  /** The operator who injects, unless it is a fact by now, and the practitioners who are named as having agreed. */
  async entitledToInject(
    tx: Tx,
    actor: StaffActor,
    practitionerIds: readonly string[],
    {
      ground,
      injectedAt: at,
      isFact,
    }: { ground: InjectionGround; injectedAt: Temporal.Instant; isFact: boolean },
  ): Promise<StaffNotEntitled | null> {
    const judged = { procedureCode: ground.subject.procedureCode, at, timeZone: ground.timeZone };
    const operator = isFact
      ? null
      : await this.mustBeEntitled(tx, actor.id, [ExposureAct.ADMINISTER_TRACER], judged);
    return operator ?? this.practitionersEntitled(tx, practitionerIds, judged);
  }

  async practitionersEntitled(
    tx: Tx,
    practitionerIds: readonly string[],
    judged: { readonly procedureCode: string; readonly at: Temporal.Instant; readonly timeZone: string },
  ): Promise<StaffNotEntitled | null> {
    for (const id of practitionerIds) {
      const refusal = await this.mustBeEntitled(tx, id, [ExposureAct.JUSTIFY], judged);
      if (refusal !== null) return refusal;
    }
    return null;
  }
}

function isOpen(state: GateState): boolean {
  return state === GateState.PASSED || state === GateState.NOT_APPLICABLE;
}

function asOf(gate: JudgedGate, injectedAt: Temporal.Instant, timeZone: string): JudgedGate {
  if (gate.state !== GateState.PASSED || gate.at === null) return gate;
  const finding = onlyAfterInjection(gate.at, injectedAt, timeZone);
  return finding === null ? gate : { ...gate, ...finding, state: GateState[finding.state] };
}
