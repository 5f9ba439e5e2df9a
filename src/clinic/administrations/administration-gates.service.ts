import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Temporal } from '../../platform/time/index.js';
import type { GateAct, GateSubject, GateVerdict } from '../gates/gate.service.js';
import { GateState } from '../gates/gate.type.js';
import {
  type GateGroup,
  type GateQuestion,
  GateSources,
  type OperatorOnRecord,
  type VerdictsByVisit,
} from '../gates/gate-sources.service.js';
import { PatientService } from '../patients/patient.service.js';
import { compareActivity } from './administration.rules.js';
import type { Administration } from './administration.type.js';
import {
  activityFinding,
  batchFinding,
  type Finding,
  type GivenDose,
  givenActivityFinding,
  givenBatchFinding,
  uptakeFinding,
} from './administration-gate.rules.js';
import { AdministrationPlanService } from './administration-plan.service.js';
import { AdministrationRecordService } from './administration-record.service.js';
import { UptakeService } from './uptake.service.js';

interface NamedMoment {
  readonly byId?: string | null;
  readonly byName: string | null;
  readonly at: Temporal.Instant | null;
}
const NOBODY: NamedMoment = { byName: null, at: null };

/** The gates of the tracer itself: what it is drawn from, how much of it is given, and when the images begin after it. */
@Injectable()
export class AdministrationGatesService implements GateGroup {
  readonly stages = {
    BATCH_VALID: [GateStage.INJECTION],
    ACTIVITY_WITHIN_PROTOCOL: [GateStage.INJECTION],
    UPTAKE_IN_WINDOW: [GateStage.ACQUISITION],
  } as const;

  constructor(
    @Inject(Config) private readonly config: Config,
    @Inject(AdministrationRecordService) private readonly records: AdministrationRecordService,
    @Inject(AdministrationPlanService) private readonly plans: AdministrationPlanService,
    @Inject(UptakeService) private readonly uptakes: UptakeService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(GateSources) sources: GateSources,
  ) {
    sources.registerGroup(this);
    sources.registerOperators((tx, visitIds) => this.#operators(tx, visitIds));
  }

  /** Where somebody is about to inject, what they hold in their hand is judged; else what is on record. */
  async judge(
    tx: Tx,
    { codes, subjects, at, stage, act }: GateQuestion,
  ): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const [subject] = subjects;
    const isInjecting = stage === GateStage.INJECTION && act?.batchId && subjects.length === 1;
    const dose =
      isInjecting && subject !== undefined && act !== undefined
        ? await this.#inHand(tx, subject, act, at)
        : await this.#onRecord(tx, subjects);
    const verdicts = new Map<GateCode, VerdictsByVisit>([...dose].filter(([code]) => codes.has(code)));
    if (codes.has(GateCode.UPTAKE_IN_WINDOW)) {
      verdicts.set(GateCode.UPTAKE_IN_WINDOW, await this.#uptake(tx, subjects, at));
    }
    return verdicts;
  }

  async #inHand(
    tx: Tx,
    subject: GateSubject,
    { batchId, activityMbq, reason }: GateAct,
    at: Temporal.Instant,
  ): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const patient = (await this.patients.byIds(tx, [subject.patientId])).get(subject.patientId);
    if (patient === undefined || !batchId) return new Map();
    const timeZone = this.config.clinicTimeZone;
    const dateOfBirth = Temporal.PlainDate.from(patient.dateOfBirth);
    const person = { subject, dateOfBirth, timeZone };
    const plan = await this.plans.planFor(tx, person, { injectedAt: at, batchId, weightKg: null });
    if (isRefusal(plan)) {
      const missing = { state: 'FAILED', reasonCode: 'NO_DOSE_PROTOCOL', reason: plan.message } as const;
      return both(subject.visitId, missing, missing);
    }
    const mbq = activityMbq ?? 0;
    const draw = { batchId, tracerCode: plan.protocol.tracerCode, drawnMbq: mbq, injectedAt: at };
    const no = await this.plans.judgeBatch(tx, draw);
    const comparison = compareActivity(mbq, plan.activity);
    return both(
      subject.visitId,
      batchFinding(plan.batch, subject.siteCode, no),
      activityFinding(comparison, mbq, plan.activity.plannedMbq, (reason ?? null) !== null),
    );
  }

  async #onRecord(tx: Tx, subjects: readonly GateSubject[]): Promise<ReadonlyMap<GateCode, VerdictsByVisit>> {
    const given = await this.#given(
      tx,
      subjects.map(({ visitId }) => visitId),
    );
    const names = await namesOf(tx, [...given.values()]);
    const verdicts = (judge: (dose: GivenDose | null) => Finding) =>
      new Map(
        subjects.map(({ visitId }) => {
          const one = given.get(visitId) ?? null;
          return [visitId, toVerdict(judge(toDose(one)), byWhom(one, names))] as const;
        }),
      );
    return new Map([
      [GateCode.BATCH_VALID, verdicts(givenBatchFinding)],
      [GateCode.ACTIVITY_WITHIN_PROTOCOL, verdicts(givenActivityFinding)],
    ]);
  }

  /** The injection of each that counts: the last that was not taken back. */
  async #given(tx: Tx, visitIds: readonly string[]): Promise<ReadonlyMap<string, Administration | null>> {
    const found = await this.records.ofBookings(tx, visitIds);
    return new Map([...found].map(([id, all]) => [id, all.findLast((one) => !one.isVoid) ?? null]));
  }

  async #operators(tx: Tx, visitIds: readonly string[]): Promise<ReadonlyMap<string, OperatorOnRecord>> {
    const given = await this.#given(tx, visitIds);
    const names = await namesOf(tx, [...given.values()]);
    const operators = new Map<string, OperatorOnRecord>();
    for (const [id, one] of given) {
      if (one === null) continue;
      const wasEntitled = !one.current.closedGates.includes(GateCode.OPERATOR_ENTITLED);
      operators.set(id, { ...byWhom(one, names), wasEntitled });
    }
    return operators;
  }

  async #uptake(tx: Tx, subjects: readonly GateSubject[], at: Temporal.Instant): Promise<VerdictsByVisit> {
    const uptakes = await this.uptakes.uptakesOf(
      tx,
      subjects.map(({ visitId }) => visitId),
    );
    return new Map(
      subjects.map(({ visitId }) => {
        const uptake = uptakes.get(visitId) ?? null;
        const moment = { byName: null, at: uptake?.scanStartedAt ?? null };
        return [visitId, toVerdict(uptakeFinding(uptake, at, this.config.clinicTimeZone), moment)] as const;
      }),
    );
  }
}

function both(visitId: string, batch: Finding, activity: Finding): ReadonlyMap<GateCode, VerdictsByVisit> {
  return new Map([
    [GateCode.BATCH_VALID, new Map([[visitId, toVerdict(batch, NOBODY)]])],
    [GateCode.ACTIVITY_WITHIN_PROTOCOL, new Map([[visitId, toVerdict(activity, NOBODY)]])],
  ]);
}

function toVerdict(
  { state, reasonCode, reason }: Finding,
  { byId = null, byName, at }: NamedMoment,
): GateVerdict {
  return { state: GateState[state], reasonCode, reason, byId, byName, at };
}

function toDose(given: Administration | null): GivenDose | null {
  if (given === null) return null;
  const { batchNumber, comparison, netActivityMbq, plannedActivityMbq, closedGates } = given.current;
  const wasBatchClosed = closedGates.includes(GateCode.BATCH_VALID);
  return { batchNumber, comparison, netActivityMbq, plannedActivityMbq, wasBatchClosed };
}

function byWhom(given: Administration | null, names: ReadonlyMap<string, string>): NamedMoment {
  if (given === null) return NOBODY;
  const { operatorId: byId, injectedAt: at } = given.current;
  return { byId, byName: names.get(byId) ?? null, at };
}

/** Names of those who injected, in one statement. */
async function namesOf(
  tx: Tx,
  given: readonly (Administration | null)[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(given.flatMap((one) => one?.current.operatorId ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await tx.staffAccount.findMany({
    where: { id: { in: ids } },
    select: { id: true, displayName: true },
  });
  return new Map(rows.map(({ id, displayName }) => [id, displayName]));
}
