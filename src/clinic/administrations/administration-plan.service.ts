import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { DoseBasis } from '../../platform/database/generated/enums.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { localDate, Temporal } from '../../platform/time/index.js';
import { Activity, decayed, netAdministered } from '../radiopharmacy/activity.type.js';
import { BatchService } from '../radiopharmacy/batch.service.js';
import type { TracerBatch } from '../radiopharmacy/batch.type.js';
import { DoseProtocolService } from '../radiopharmacy/dose-protocol.service.js';
import type { DoseProtocolInForce } from '../radiopharmacy/dose-protocol.type.js';
import { VettingService } from '../vetting/vetting.service.js';
import { DoseProtocolMissing } from './administration.refusals.js';
import {
  type ActivityPlan,
  compareActivity,
  departureProblem,
  residualProblem,
} from './administration.rules.js';
import type { InjectionGround } from './administration-lock.service.js';
import { AdministrationPolicyService } from './administration-policy.service.js';

/** What a patient was to be given on the day, and what it is held against. */
export interface InjectionPlan {
  readonly protocol: DoseProtocolInForce;
  /** What it was drawn from; its half-life is what all of it is computed with. */
  readonly batch: TracerBatch;
  readonly activity: ActivityPlan;
  /** mSv for each MBq, for a grown person and the protocol's tracer; null: of a child or of another tracer it does not hold. */
  readonly msvPerMbq: number | null;
}

/** What was measured, in MBq, and when. */
export interface Measured {
  readonly measuredMbq: number;
  readonly measuredAt: Temporal.Instant;
  readonly residual: { readonly mbq: number; readonly measuredAt: Temporal.Instant } | null;
  readonly injectedAt: Temporal.Instant;
  readonly halfLifeHours: number;
}

/** The same brought to the moment of injection. */
export interface InjectedFigures {
  readonly drawnActivityMbq: number;
  readonly netActivityMbq: number;
}

/** What was planned for an injection, and what its measurements come to. */
@Injectable()
export class AdministrationPlanService {
  constructor(
    @Inject(DoseProtocolService) private readonly protocols: DoseProtocolService,
    @Inject(VettingService) private readonly vetting: VettingService,
    @Inject(AdministrationPolicyService) private readonly policies: AdministrationPolicyService,
    @Inject(BatchService) private readonly batches: BatchService,
  ) {}

  /**
   * As the practitioner decided, else as the protocol of the day says for this patient: by the weight that is said now, else
   * by the one of the request. Throws NOT_FOUND when there is no such batch.
   */
  async planFor(
    tx: Tx,
    { subject, dateOfBirth, timeZone }: Pick<InjectionGround, 'subject' | 'dateOfBirth' | 'timeZone'>,
    said: {
      readonly injectedAt: Temporal.Instant;
      readonly batchId: string;
      readonly weightKg: number | null;
    },
  ): Promise<InjectionPlan | DoseProtocolMissing> {
    const on = localDate(said.injectedAt, timeZone);
    const batch = await this.batches.mustHaveBatch(tx, said.batchId);
    const protocol = await this.protocols.inForce(tx, subject.procedureCode, on);
    if (protocol === null) return new DoseProtocolMissing(subject.procedureCode);
    const request = await this.vetting.standing(tx, subject);
    const person = {
      weightKg: said.weightKg ?? request?.weightKg ?? null,
      ageYears: yearsOld(dateOfBirth, on),
    };
    const planned = this.protocols.plannedDose(protocol, person);
    const plannedMbq = request?.activityMbq ?? planned.activity.mbq;
    const holds = planned.basis === DoseBasis.ADULT && batch.facts.tracerCode === protocol.tracerCode;
    return {
      protocol,
      batch,
      activity: await this.activityPlan(tx, on, { plannedMbq, ...protocol }),
      msvPerMbq: holds ? protocol.effectiveDoseMsvPerMbq : null,
    };
  }

  /** What an activity of that day is held against. */
  async activityPlan(
    tx: Tx,
    on: Temporal.PlainDate,
    {
      plannedMbq,
      drlMbq,
      drlCitation,
    }: { readonly plannedMbq: number; readonly drlMbq: number | null; readonly drlCitation: string | null },
  ): Promise<ActivityPlan> {
    const { tolerancePercent, unitMistakeFactor } = await this.policies.inForce(tx, on);
    const drl = drlMbq === null || drlCitation === null ? null : { mbq: drlMbq, citation: drlCitation };
    return { plannedMbq, drl, tolerancePercent, unitMistakeFactor };
  }

  /** The batch's own "no" to so much of a tracer at a moment. */
  judgeBatch(
    tx: Tx,
    draw: {
      readonly batchId: string;
      readonly tracerCode: string;
      readonly drawnMbq: number;
      readonly injectedAt: Temporal.Instant;
    },
  ): Promise<Refusal | null> {
    const activity = Activity.ofMbq(draw.drawnMbq);
    return this.batches.judgeUse(tx, draw.batchId, draw.tracerCode, activity, draw.injectedAt);
  }

  /** What was in the syringe at the injection, by decay. */
  drawnMbq({ measuredMbq, measuredAt, injectedAt, halfLifeHours }: Omit<Measured, 'residual'>): number {
    return decayed(Activity.ofMbq(measuredMbq), { halfLifeHours }, measuredAt, injectedAt).mbq;
  }

  /** Net administered activity at the injection, or what is wrong with the measurements. */
  figures(measured: Measured): InjectedFigures | Refusal {
    const { residual, injectedAt, halfLifeHours } = measured;
    const drawnMbq = this.drawnMbq(measured);
    const residualMbq =
      residual === null
        ? null
        : decayed(Activity.ofMbq(residual.mbq), { halfLifeHours }, residual.measuredAt, injectedAt).mbq;
    const problem = residualProblem({ drawnMbq, residualMbq });
    if (problem !== null) return problem;
    const given = {
      ...{ measured: Activity.ofMbq(measured.measuredMbq), measuredAt: measured.measuredAt, injectedAt },
      residual: residual === null ? null : Activity.ofMbq(residual.mbq),
      residualAt: residual?.measuredAt ?? injectedAt,
    };
    return {
      drawnActivityMbq: drawnMbq,
      netActivityMbq: netAdministered(given, { halfLifeHours }).mbq,
    };
  }

  /** The net activity beside the plan; refused when it is above and nobody says why. */
  compare(plan: ActivityPlan, netMbq: number, hasReason: boolean) {
    return departureProblem(netMbq, plan, hasReason) ?? compareActivity(netMbq, plan);
  }
}

function yearsOld(dateOfBirth: Temporal.PlainDate, on: Temporal.PlainDate): number {
  return Math.max(0, dateOfBirth.until(on, { largestUnit: 'years' }).years);
}
