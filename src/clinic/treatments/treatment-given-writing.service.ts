import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { ExposureAct } from '../../platform/database/generated/enums.js';
import { Fault, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  formatDate,
  localDate,
  Temporal,
} from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { AgentExpired, AgentNotKnown, RecordDoesNotFit } from './treatment.refusals.js';
import { isExposure, someText, someTextOrNull, steroidOf } from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentDutyService } from './treatment-duty.service.js';
import { doseOf, problemsOfGiven } from './treatment-given.rules.js';
import type { GivenTargetInput, RecordTreatmentGivenInput } from './treatment-given.type.js';
import { TreatmentPolicyService } from './treatment-policy.service.js';
import type { TreatmentAgent } from './treatment-policy.type.js';

interface WantedAgent {
  readonly agent: TreatmentAgent;
  readonly targetPosition: number | null;
  readonly concentrationMgMl: number | null;
  readonly volumeMl: number;
  readonly doseMg: number | null;
  readonly batchNumber: string;
  readonly expiresOn: Temporal.PlainDate;
  readonly steroidMg: number | null;
}

/** What is to be written, when it fits the plan and itself. */
export interface WantedRecord {
  readonly operatorId: string;
  readonly entitlementId: string | null;
  readonly agents: readonly WantedAgent[];
}

/** Judges what was given, and writes it whole. */
@Injectable()
export class TreatmentGivenWritingService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(TreatmentPolicyService) private readonly policies: TreatmentPolicyService,
    @Inject(TreatmentDutyService) private readonly duties: TreatmentDutyService,
  ) {}

  /** The treatment is held and was started. */
  async judge(tx: Tx, before: Treatment, input: RecordTreatmentGivenInput): Promise<WantedRecord | Refusal> {
    const { startedById, procedureCode } = before;
    const operatorId = input.operatorId ?? startedById;
    if (operatorId === null) throw new Fault('INTERNAL', 'A treatment under way was started by nobody.');
    const agents = await this.#agents(tx, input);
    if (isRefusal(agents)) return agents;
    const problems = problemsOfGiven(factsOf(before, input, agents, this.clock.now()));
    if (problems.length > 0) return new RecordDoesNotFit(problems);
    const expired = agents.find(
      ({ expiresOn }) => Temporal.PlainDate.compare(expiresOn, this.#day(input.finishedAt)) < 0,
    );
    if (expired !== undefined) {
      return new AgentExpired(expired.batchNumber, formatDate(expired.expiresOn));
    }
    const account = await tx.staffAccount.findUnique({ where: { id: operatorId }, select: { id: true } });
    if (account === null) return new RecordDoesNotFit(['There is no such account: say who held the needle.']);
    const entitlementId = isExposure(input.guidance)
      ? await this.duties.entitled(tx, operatorId, ExposureAct.ACQUIRE_IMAGES, {
          ...{ procedureCode, at: input.finishedAt },
        })
      : null;
    return isRefusal(entitlementId) ? entitlementId : { operatorId, entitlementId, agents };
  }

  /** One more version of the record. */
  async write(
    tx: Tx,
    actor: StaffActor,
    before: Treatment,
    input: RecordTreatmentGivenInput,
    {
      operatorId,
      entitlementId,
      agents,
      correctedBecause,
    }: WantedRecord & { readonly correctedBecause: string | null },
  ): Promise<number> {
    const treatmentId = before.id;
    const number = before.recordVersion + 1;
    const { id: recordId } = await tx.treatmentRecord.create({
      data: {
        ...{
          treatmentId,
          number,
          operatorId,
          entitlementId,
          correctedBecause,
          planVersion: before.planVersion,
        },
        ...textsOf(input),
        guidance: input.guidance,
        finishedAt: dateFromInstant(input.finishedAt),
        observedUntil: input.observedUntil ? dateFromInstant(input.observedUntil) : null,
        doseAreaProductGyCm2: input.doseAreaProductGyCm2 ?? null,
        fluoroscopySeconds: input.fluoroscopySeconds ?? null,
        ctDlpMgyCm: input.ctDlpMgyCm ?? null,
        targetsCount: before.targets.length,
        agentsCount: agents.length,
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
      },
      select: { id: true },
    });
    const said = new Map(input.targets.map((target) => [target.position, target]));
    await tx.treatmentGivenTarget.createMany({
      data: before.targets.map(({ position, structure, level, side, detail }) => ({
        ...{ recordId, treatmentId, position, structure, level, side, detail },
        ...doneAt(said.get(position)),
      })),
    });
    await tx.treatmentGivenAgent.createMany({
      data: agents.map(({ agent, expiresOn, ...given }, at) => ({
        ...{ ...given, recordId, treatmentId, agentId: agent.id, position: at + 1 },
        expiresOn: dateFromPlainDate(expiresOn),
      })),
    });
    return number;
  }

  /** By the rows that held on the day on which it was given. */
  async #agents(
    tx: Tx,
    { agents, finishedAt }: RecordTreatmentGivenInput,
  ): Promise<readonly WantedAgent[] | AgentNotKnown> {
    const known = await this.policies.agentsOn(tx, this.#day(finishedAt));
    const missing = agents.find(({ agentCode }) => !known.has(agentCode));
    if (missing !== undefined) return new AgentNotKnown(missing.agentCode);
    return agents.flatMap((given) => {
      const agent = known.get(given.agentCode);
      if (agent === undefined) return [];
      const { volumeMl } = given;
      const concentrationMgMl = given.concentrationMgMl ?? null;
      const doseMg = doseOf(concentrationMgMl, volumeMl);
      return [
        {
          ...{ agent, concentrationMgMl, volumeMl, doseMg, targetPosition: given.targetPosition ?? null },
          batchNumber: someText(given.batchNumber),
          expiresOn: Temporal.PlainDate.from(given.expiresOn),
          steroidMg: steroidOf(doseMg, agent.steroidFactor),
        },
      ];
    });
  }

  #day(at: Temporal.Instant): Temporal.PlainDate {
    return localDate(at, this.config.clinicTimeZone);
  }
}

function factsOf(
  before: Treatment,
  input: RecordTreatmentGivenInput,
  agents: readonly WantedAgent[],
  now: Temporal.Instant,
) {
  return {
    ...{ kind: before.kind, guidance: input.guidance, now },
    planned: before.targets.map(({ position }) => position),
    places: input.targets.map((target) => ({ position: target.position, ...doneAt(target) })),
    agents: agents.map(({ agent, targetPosition, concentrationMgMl }) => ({
      ...{ kind: agent.kind, name: agent.name, targetPosition, concentrationMgMl },
    })),
    isAbandoned: (input.abandonedBecause ?? null) !== null,
    startedAt: before.startedAt ?? now,
    finishedAt: input.finishedAt,
    observedUntil: input.observedUntil ?? null,
    doseAreaProductGyCm2: input.doseAreaProductGyCm2 ?? null,
    fluoroscopySeconds: input.fluoroscopySeconds ?? null,
    ctDlpMgyCm: input.ctDlpMgyCm ?? null,
  };
}

function doneAt(target: GivenTargetInput | undefined) {
  return {
    wasTreated: target?.wasTreated ?? false,
    leftOutBecause: someTextOrNull(target?.leftOutBecause),
    needle: someTextOrNull(target?.needle),
    contrastSpread: someTextOrNull(target?.contrastSpread),
    temperatureC: target?.temperatureC ?? null,
    lesionSeconds: target?.lesionSeconds ?? null,
    lesionsCount: target?.lesionsCount ?? null,
    electrode: someTextOrNull(target?.electrode),
  };
}

function textsOf(input: RecordTreatmentGivenInput) {
  return {
    observation: someTextOrNull(input.observation),
    leaflet: someTextOrNull(input.leaflet),
    advice: someTextOrNull(input.advice),
    comment: someTextOrNull(input.comment),
    abandonedBecause: someTextOrNull(input.abandonedBecause),
  };
}
