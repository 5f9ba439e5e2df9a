import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { AdministrationEntry } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { toActivity } from '../radiopharmacy/activity.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { AlreadyAdministered, NoGateWasClosed } from './administration.refusals.js';
import { canAdministerAgain, canInject, measurementProblem, unitProblem } from './administration.rules.js';
import type { Administration } from './administration.type.js';
import {
  AdministrationEntryService,
  type InjectionFacts,
  type WantedEntry,
} from './administration-entry.service.js';
import type {
  InjectionDetailsInput,
  RecordAdministrationInput,
  ReportAdministrationInput,
} from './administration-entry.type.js';
import { AdministrationJudgeService } from './administration-judge.service.js';
import { AdministrationLockService, type InjectionGround } from './administration-lock.service.js';
import {
  AdministrationPlanService,
  type InjectionPlan,
  type Measured,
} from './administration-plan.service.js';
import { AdministrationRecordService, toStanding } from './administration-record.service.js';
import {
  RECORD_ADMINISTRATION_REFUSALS,
  REPORT_ADMINISTRATION_REFUSALS,
} from './administration-result.type.js';

/** The database's own "no": somebody has recorded an injection of this booking at this moment. */
export const ADMINISTRATION_CONSTRAINTS = {
  administrations_visit_id_ordinal_key: () => new AlreadyAdministered(null),
  administrations_once: () => new AlreadyAdministered(null),
} as const;

/** How an injection comes to be written down. */
type FirstEntry =
  | { readonly entry: typeof AdministrationEntry.RECORDED }
  | { readonly entry: typeof AdministrationEntry.REPORTED_OUTSIDE_GATES; readonly reason: string };

/** The injection: judged under the locks of everything that it rests on, and written whole or not at all. */
@Injectable()
export class AdministrationService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(AdministrationLockService) private readonly locks: AdministrationLockService,
    @Inject(AdministrationPlanService) private readonly plans: AdministrationPlanService,
    @Inject(AdministrationJudgeService) private readonly judge: AdministrationJudgeService,
    @Inject(AdministrationEntryService) private readonly entries: AdministrationEntryService,
    @Inject(AdministrationRecordService) private readonly records: AdministrationRecordService,
  ) {}

  /** The operator is who is signed in. A closed hard gate refuses; there is no way past it. Throws NOT_FOUND, BAD_INPUT. */
  async recordAdministration(
    booker: Booker,
    input: RecordAdministrationInput,
  ): Promise<Administration | Refusal> {
    mustBeWhole(input);
    return this.idempotency.once<Administration>(
      { booker, operation: 'recordAdministration', input, refusals: RECORD_ADMINISTRATION_REFUSALS },
      (tx) => this.#record(tx, booker.actor, input, { entry: AdministrationEntry.RECORDED }),
      ADMINISTRATION_CONSTRAINTS,
    );
  }

  /**
   * What was injected although a gate was closed is a fact, and goes on record as what it is. It opens no gate: whatever was
   * closed stays so. Refused when no gate was. Throws NOT_FOUND, BAD_INPUT.
   */
  async reportAdministrationOutsideGates(
    booker: Booker,
    input: ReportAdministrationInput,
  ): Promise<Administration | Refusal> {
    mustBeWhole(input);
    const { REPORTED_OUTSIDE_GATES: entry } = AdministrationEntry;
    return this.idempotency.once<Administration>(
      {
        ...{ booker, input, refusals: REPORT_ADMINISTRATION_REFUSALS },
        operation: 'reportAdministrationOutsideGates',
      },
      (tx) => this.#record(tx, booker.actor, input, { entry, reason: input.reason.trim() }),
      ADMINISTRATION_CONSTRAINTS,
    );
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    input: RecordAdministrationInput,
    first: FirstEntry,
  ): Promise<Administration | Refusal> {
    const ground = await this.locks.lock(tx, input.scanBookingId);
    const before = await this.records.ofBooking(tx, ground.booking.id);
    const impossible =
      impossibleAt(ground, input) ?? canAdministerAgain(before.map(toStanding), isAgain(input));
    if (impossible !== null) return impossible;
    const plan = await this.plans.planFor(tx, ground, {
      ...{ injectedAt: input.injectedAt, batchId: input.batchId, weightKg: input.weightKg ?? null },
    });
    if (isRefusal(plan)) return plan;
    const facts = await this.#judged(tx, actor, input, { ground, plan, first });
    if (isRefusal(facts)) return facts;
    const ordinal = (before.at(-1)?.ordinal ?? 0) + 1;
    return this.entries.begin(tx, actor, ground, facts, { ordinal, again: input.again ?? null });
  }

  /** What is to be written, when everything that stands before it allows it. */
  async #judged(
    tx: Tx,
    actor: StaffActor,
    input: RecordAdministrationInput,
    { ground, plan, first }: { ground: InjectionGround; plan: InjectionPlan; first: FirstEntry },
  ): Promise<WantedEntry | Refusal> {
    const measured = measuredOf(input, plan.batch.halfLife.halfLifeHours);
    const drawnMbq = this.plans.drawnMbq(measured);
    const slip = input.activityReadAgain === true ? null : unitProblem(drawnMbq, plan.activity);
    if (slip !== null) return slip;
    const act = {
      ...{ operatorId: actor.id, batchId: input.batchId, tracerCode: plan.protocol.tracerCode },
      ...{ drawnMbq, injectedAt: input.injectedAt, departureBecause: input.departure?.because ?? null },
    };
    const gates = await this.judge.atInjection(tx, ground, act);
    const closedGates = this.judge.closedGates(gates);
    const isRecorded = first.entry === AdministrationEntry.RECORDED;
    if (!isRecorded && closedGates.length === 0) return new NoGateWasClosed();
    const refusal = isRecorded ? await this.judge.refusalOf(tx, gates, act) : null;
    if (refusal !== null) return refusal;
    const notEntitled = await this.judge.entitledToInject(tx, actor, practitionersOf(input), {
      ...{ ground, injectedAt: input.injectedAt, isFact: !isRecorded },
    });
    if (notEntitled !== null) return notEntitled;
    const figures = this.plans.figures(measured);
    if (isRefusal(figures)) return figures;
    const comparison = this.plans.compare(
      plan.activity,
      figures.netActivityMbq,
      (input.departure ?? null) !== null,
    );
    if (isRefusal(comparison)) return comparison;
    const facts = { ...toFacts(actor, input, plan), ...figures, comparison };
    const reason = first.entry === AdministrationEntry.RECORDED ? null : first.reason;
    const effectiveDoseMsv = plan.msvPerMbq === null ? null : figures.netActivityMbq * plan.msvPerMbq;
    return { entry: first.entry, reason, facts: { ...facts, effectiveDoseMsv }, closedGates, gates };
  }
}

function impossibleAt(
  { visit, booking, now, timeZone }: InjectionGround,
  input: RecordAdministrationInput,
): Refusal | null {
  const { injectedAt, measuredAt } = input;
  const residualMeasuredAt = input.residualMeasuredAt ?? null;
  const planned = { status: visit.status, injectionPlannedAt: booking.injectionStartsAt };
  return (
    canInject(planned, injectedAt, now, timeZone) ??
    measurementProblem({ measuredAt, injectedAt, residualMeasuredAt }, now, timeZone)
  );
}

function isAgain({ again }: RecordAdministrationInput): boolean {
  return (again ?? null) !== null;
}

function practitionersOf({ departure, again }: RecordAdministrationInput): readonly string[] {
  return [departure?.practitionerId, again?.practitionerId].flatMap((id) => id ?? []);
}

function measuredOf(input: RecordAdministrationInput, halfLifeHours: number): Measured {
  const { measuredActivity, measuredAt, injectedAt, residualActivity, residualMeasuredAt } = input;
  const residual =
    residualActivity && residualMeasuredAt
      ? { mbq: toActivity(residualActivity).mbq, measuredAt: residualMeasuredAt }
      : null;
  return { measuredMbq: toActivity(measuredActivity).mbq, measuredAt, injectedAt, residual, halfLifeHours };
}

type FactsSaid = Omit<
  InjectionFacts,
  'drawnActivityMbq' | 'netActivityMbq' | 'comparison' | 'effectiveDoseMsv'
>;

function toFacts(
  actor: StaffActor,
  input: RecordAdministrationInput,
  { protocol, batch, activity, msvPerMbq }: InjectionPlan,
): FactsSaid {
  const { injectedAt, measuredAt, departure } = input;
  const measured = measuredOf(input, batch.halfLife.halfLifeHours);
  return {
    operatorId: actor.id,
    ...{ injectedAt, measuredAt },
    measuredActivityMbq: measured.measuredMbq,
    residualActivityMbq: measured.residual?.mbq ?? null,
    residualMeasuredAt: measured.residual?.measuredAt ?? null,
    halfLifeId: batch.halfLife.id,
    halfLifeHours: batch.halfLife.halfLifeHours,
    // What was given is what the batch holds, also where it is not what was to be given.
    tracerCode: batch.tracer.code,
    tracerName: batch.tracer.name,
    batchId: batch.id,
    batchNumber: batch.batchNumber,
    route: input.route ?? protocol.route,
    bodySite: input.bodySite.trim(),
    side: input.side ?? null,
    volumeMl: input.volumeMl ?? null,
    weightKg: input.weightKg ?? null,
    hasExtravasated: input.hasExtravasated ?? false,
    extravasation: input.extravasation?.trim() ?? null,
    doseProtocolId: protocol.id,
    plannedActivityMbq: activity.plannedMbq,
    drlMbq: activity.drl?.mbq ?? null,
    drlCitation: activity.drl?.citation ?? null,
    departureBecause: departure?.because.trim() ?? null,
    departureApprovedBy: departure?.practitionerId ?? null,
    approvedProtocol: departure?.approvedProtocol?.trim() ?? null,
    effectiveDoseSource: msvPerMbq === null ? null : protocol.effectiveDoseSource,
  };
}

/** What belongs together comes together. */
export function mustBeWhole(
  input: InjectionDetailsInput & { readonly hasExtravasated?: boolean | null },
): void {
  const { residualActivity, residualMeasuredAt, departure, extravasation, hasExtravasated } = input;
  if (((residualActivity ?? null) === null) !== ((residualMeasuredAt ?? null) === null)) {
    throw badInput(
      'input.residualActivity: goes with input.residualMeasuredAt. Send both, or leave both out.',
    );
  }
  if (
    departure &&
    ((departure.practitionerId ?? null) === null) === ((departure.approvedProtocol ?? null) === null)
  ) {
    throw badInput(
      'input.departure: name the practitioner who agreed, or the approved protocol, and not both.',
    );
  }
  if ((extravasation ?? null) !== null && hasExtravasated !== true) {
    throw badInput('input.extravasation: belongs to an injection that ran beside the vein: hasExtravasated.');
  }
}
