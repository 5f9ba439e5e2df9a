import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { AdministrationEntry, ExposureAct } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { localDate, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { JudgedGate } from '../gates/gate.type.js';
import { toActivity } from '../radiopharmacy/activity.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import {
  canAdd,
  canRecordResidual,
  injectionTimeProblem,
  measurementProblem,
  unitProblem,
} from './administration.rules.js';
import { mustBeWhole } from './administration.service.js';
import type { Administration, AdministrationVersion } from './administration.type.js';
import type {
  CorrectAdministrationInput,
  RecordResidualInput,
  VoidAdministrationInput,
} from './administration-addendum.type.js';
import { AdministrationEntryService, type InjectionFacts } from './administration-entry.service.js';
import { AdministrationJudgeService } from './administration-judge.service.js';
import { AdministrationLockService, type InjectionGround } from './administration-lock.service.js';
import { AdministrationPlanService, type InjectionPlan } from './administration-plan.service.js';
import { AdministrationRecordService, toStanding } from './administration-record.service.js';
import {
  CORRECT_ADMINISTRATION_REFUSALS,
  RECORD_RESIDUAL_REFUSALS,
  VOID_ADMINISTRATION_REFUSALS,
} from './administration-result.type.js';

/** What an addendum is written on. */
interface Standing {
  readonly ground: InjectionGround;
  readonly before: Administration;
}

/** What the figures of an addendum come to. */
type Refigured = Pick<
  InjectionFacts,
  'drawnActivityMbq' | 'netActivityMbq' | 'comparison' | 'effectiveDoseMsv'
>;

/** What is added to the record of an injection: nothing in it is ever changed. */
@Injectable()
export class AdministrationAddendumService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(AdministrationLockService) private readonly locks: AdministrationLockService,
    @Inject(AdministrationPlanService) private readonly plans: AdministrationPlanService,
    @Inject(AdministrationJudgeService) private readonly judge: AdministrationJudgeService,
    @Inject(AdministrationEntryService) private readonly entries: AdministrationEntryService,
    @Inject(AdministrationRecordService) private readonly records: AdministrationRecordService,
  ) {}

  /** The second step of an injection whose syringe was measured later. Throws NOT_FOUND. */
  async recordResidual(booker: Booker, input: RecordResidualInput): Promise<Administration | Refusal> {
    return this.idempotency.once<Administration>(
      { booker, operation: 'recordResidual', input, refusals: RECORD_RESIDUAL_REFUSALS },
      async (tx) => {
        const { ground, before } = await this.#standing(tx, input.administrationId);
        const { now, timeZone } = ground;
        const cannot = canRecordResidual(toStanding(before), input.version);
        if (cannot !== null) return cannot;
        const { residualMeasuredAt } = input;
        const { measuredAt, injectedAt, procedureCode } = before.current;
        const problem = measurementProblem({ measuredAt, injectedAt, residualMeasuredAt }, now, timeZone);
        if (problem !== null) return problem;
        const acts = [ExposureAct.MEASURE_ACTIVITY, ExposureAct.ADMINISTER_TRACER] as const;
        const at = residualMeasuredAt;
        const notEntitled = await this.judge.mustBeEntitled(tx, booker.actor.id, [...acts], {
          ...{ procedureCode, at, timeZone },
        });
        if (notEntitled !== null) return notEntitled;
        const residualActivityMbq = toActivity(input.residualActivity).mbq;
        const said = { ...before.current, residualActivityMbq, residualMeasuredAt };
        const figures = await this.#refigure(tx, said, ground);
        if (isRefusal(figures)) return figures;
        return this.#add(tx, booker.actor, { ground, before }, AdministrationEntry.RESIDUAL_MEASURED, {
          facts: { ...said, ...figures },
        });
      },
    );
  }

  /** Puts something right. The gates are asked again as of the time that is now said, and what was closed is kept. Throws NOT_FOUND, BAD_INPUT. */
  async correctAdministration(
    booker: Booker,
    input: CorrectAdministrationInput,
  ): Promise<Administration | Refusal> {
    return this.idempotency.once<Administration>(
      { booker, operation: 'correctAdministration', input, refusals: CORRECT_ADMINISTRATION_REFUSALS },
      async (tx) => {
        const { ground, before } = await this.#standing(tx, input.administrationId);
        const cannot = canAdd(before.current, input.version);
        if (cannot !== null) return cannot;
        return this.#correct(tx, booker.actor, { ground, before }, input);
      },
    );
  }

  /** Takes the whole record back: entered for the wrong booking, say. Both entries stay. Throws NOT_FOUND. */
  async voidAdministration(
    booker: Booker,
    input: VoidAdministrationInput,
  ): Promise<Administration | Refusal> {
    return this.idempotency.once<Administration>(
      { booker, operation: 'voidAdministration', input, refusals: VOID_ADMINISTRATION_REFUSALS },
      async (tx) => {
        const { ground, before } = await this.#standing(tx, input.administrationId);
        const cannot = canAdd(before.current, input.version);
        if (cannot !== null) return cannot;
        return this.#add(tx, booker.actor, { ground, before }, AdministrationEntry.VOIDED, {
          facts: before.current,
          reason: input.reason.trim(),
          closedGates: before.current.closedGates,
        });
      },
    );
  }

  async #standing(tx: Tx, administrationId: string): Promise<Standing> {
    const bookingId = await this.records.bookingOf(tx, administrationId);
    const ground = await this.locks.lock(tx, bookingId);
    return { ground, before: await this.records.mustHave(tx, administrationId) };
  }

  async #correct(
    tx: Tx,
    actor: StaffActor,
    { ground, before }: Standing,
    input: CorrectAdministrationInput,
  ): Promise<Administration | Refusal> {
    const { booking, now, timeZone, subject } = ground;
    const said = await this.#corrected(tx, ground, before.current, input);
    if (isRefusal(said)) return said;
    const { injectedAt } = said;
    const problem =
      injectionTimeProblem(booking.injectionStartsAt, injectedAt, now, timeZone) ??
      measurementProblem(said, now, timeZone);
    if (problem !== null) return problem;
    const practitioners = [input.departure?.practitionerId].flatMap((id) => id ?? []);
    const notEntitled = await this.judge.practitionersEntitled(tx, practitioners, {
      ...{ procedureCode: subject.procedureCode, at: injectedAt, timeZone },
    });
    if (notEntitled !== null) return notEntitled;
    const figures = await this.#refigure(tx, said, ground, input.activityReadAgain === true);
    if (isRefusal(figures)) return figures;
    const gates = await this.judge.atInjection(tx, ground, {
      ...{ operatorId: said.operatorId, batchId: said.batchId, tracerCode: said.tracerCode },
      ...{ drawnMbq: figures.drawnActivityMbq, injectedAt, departureBecause: said.departureBecause },
    });
    return this.#add(tx, actor, { ground, before }, AdministrationEntry.CORRECTED, {
      facts: { ...said, ...figures },
      reason: input.reason.trim(),
      closedGates: this.judge.closedGates(gates),
      gates,
    });
  }

  /** The injection as it is said now: what was left out stays. */
  async #corrected(
    tx: Tx,
    ground: InjectionGround,
    was: AdministrationVersion,
    input: CorrectAdministrationInput,
  ): Promise<InjectionFacts | Refusal> {
    const hasExtravasated = input.hasExtravasated ?? was.hasExtravasated;
    mustBeWhole({ ...input, hasExtravasated });
    const injectedAt = input.injectedAt ?? was.injectedAt;
    const batchId = input.batchId ?? was.batchId;
    const plan = await this.plans.planFor(tx, ground, {
      injectedAt,
      batchId,
      weightKg: input.weightKg ?? was.weightKg,
    });
    if (isRefusal(plan)) return plan;
    const { departure, residualActivity } = input;
    return {
      ...was,
      ...tracerOf(was, plan),
      ...{ injectedAt, batchId, hasExtravasated },
      batchNumber: plan.batch.batchNumber,
      halfLifeId: plan.batch.halfLife.id,
      halfLifeHours: plan.batch.halfLife.halfLifeHours,
      measuredActivityMbq: input.measuredActivity
        ? toActivity(input.measuredActivity).mbq
        : was.measuredActivityMbq,
      measuredAt: input.measuredAt ?? was.measuredAt,
      residualActivityMbq: residualActivity ? toActivity(residualActivity).mbq : was.residualActivityMbq,
      residualMeasuredAt: input.residualMeasuredAt ?? was.residualMeasuredAt,
      route: input.route ?? was.route,
      bodySite: input.bodySite?.trim() ?? was.bodySite,
      side: input.side ?? was.side,
      volumeMl: input.volumeMl ?? was.volumeMl,
      weightKg: input.weightKg ?? was.weightKg,
      extravasation: hasExtravasated ? (input.extravasation?.trim() ?? was.extravasation) : null,
      departureBecause: departure?.because.trim() ?? was.departureBecause,
      departureApprovedBy: departure ? (departure.practitionerId ?? null) : was.departureApprovedBy,
      approvedProtocol: departure ? (departure.approvedProtocol?.trim() ?? null) : was.approvedProtocol,
    };
  }

  /** What the measurements come to now, beside the plan as it was then. A residual makes less of it and never more. */
  async #refigure(
    tx: Tx,
    said: InjectionFacts,
    { timeZone }: InjectionGround,
    isReadAgain = true,
  ): Promise<Refigured | Refusal> {
    const { injectedAt, measuredAt, halfLifeHours, residualActivityMbq, residualMeasuredAt } = said;
    const residual = toResidual(residualActivityMbq, residualMeasuredAt);
    const measured = {
      measuredMbq: said.measuredActivityMbq,
      measuredAt,
      injectedAt,
      halfLifeHours,
      residual,
    };
    const figures = this.plans.figures(measured);
    if (isRefusal(figures)) return figures;
    const plan = await this.plans.activityPlan(tx, localDate(injectedAt, timeZone), {
      ...{ plannedMbq: said.plannedActivityMbq, drlMbq: said.drlMbq, drlCitation: said.drlCitation },
    });
    const slip = isReadAgain ? null : unitProblem(figures.drawnActivityMbq, plan);
    if (slip !== null) return slip;
    const comparison = this.plans.compare(plan, figures.netActivityMbq, said.departureBecause !== null);
    if (isRefusal(comparison)) return comparison;
    const msvPerMbq = said.effectiveDoseMsv === null ? null : said.effectiveDoseMsv / said.netActivityMbq;
    const effectiveDoseMsv = msvPerMbq === null ? null : figures.netActivityMbq * msvPerMbq;
    return { ...figures, comparison, effectiveDoseMsv };
  }

  #add(
    tx: Tx,
    actor: StaffActor,
    { ground, before }: Standing,
    entry: AdministrationEntry,
    wanted: {
      readonly facts: InjectionFacts;
      readonly reason?: string;
      readonly closedGates?: AdministrationVersion['closedGates'];
      readonly gates?: readonly JudgedGate[];
    },
  ): Promise<Administration | Refusal> {
    const { reason = null, gates = [], closedGates = before.current.closedGates } = wanted;
    const { facts } = wanted;
    return this.entries.add(tx, actor, ground, before, { entry, reason, facts, closedGates, gates });
  }
}

/** Out of another batch comes what that one holds, with its own coefficient, or none where the protocol's does not hold for it. */
function tracerOf(was: AdministrationVersion, { batch, protocol, msvPerMbq }: InjectionPlan) {
  const { code: tracerCode, name: tracerName } = batch.tracer;
  if (tracerCode === was.tracerCode) return {};
  return {
    ...{ tracerCode, tracerName },
    effectiveDoseMsv: msvPerMbq === null ? null : msvPerMbq * was.netActivityMbq,
    effectiveDoseSource: msvPerMbq === null ? null : protocol.effectiveDoseSource,
  };
}

function toResidual(mbq: number | null, measuredAt: Temporal.Instant | null) {
  return mbq === null || measuredAt === null ? null : { mbq, measuredAt };
}
