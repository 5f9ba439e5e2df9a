import type { Prisma } from '../../platform/database/generated/client.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { allowedTreatmentActions, pauseHoldsUntil, steroidOf } from './treatment.rules.js';
import type {
  Complication,
  SafetyPause,
  Treatment,
  TreatmentPlan,
  TreatmentRecord,
  TreatmentTarget,
} from './treatment.type.js';
import { placeInWords } from './treatment-place.rules.js';

const IN_ORDER = { orderBy: { position: 'asc' } } as const;
const WITH_AGENT = {
  ...IN_ORDER,
  include: { agent: { select: { code: true, name: true, kind: true, steroidFactor: true } } },
} as const;

/** Everything that is shown of a treatment: always the same few statements. */
export const WHOLE_TREATMENT = {
  targets: { orderBy: [{ planVersion: 'asc' }, { position: 'asc' }] },
  plans: { include: { agents: WITH_AGENT, aspects: { orderBy: { id: 'asc' } } }, orderBy: { number: 'asc' } },
  pauses: {
    include: { readings: { orderBy: { id: 'asc' } }, answers: { orderBy: { id: 'asc' } } },
    orderBy: { id: 'asc' },
  },
  records: { include: { targets: IN_ORDER, agents: WITH_AGENT }, orderBy: { number: 'asc' } },
  complications: { include: { replacedBy: { select: { id: true } } }, orderBy: { id: 'asc' } },
} as const satisfies Prisma.TreatmentInclude;

export type TreatmentRow = Prisma.TreatmentGetPayload<{ include: typeof WHOLE_TREATMENT }>;

export function toTreatment(row: TreatmentRow): Treatment {
  const targets = (version: number) =>
    row.targets.filter(({ planVersion }) => planVersion === version).map(toTarget);
  const plans = row.plans.map((plan) => toPlan(plan, targets(plan.number)));
  const records = row.records.map(toRecord);
  const { id, patientId, referralId, kind, otherName, procedureCode, status, origin, originId } = row;
  const { because, indication, alternatives, conservativeWeeks, payerCode, visitId, lostVisitId } = row;
  return {
    ...{ id, patientId, referralId, kind, otherName, procedureCode, status, origin, originId },
    ...{ because, indication, alternatives, conservativeWeeks, payerCode, visitId, lostVisitId },
    requestedAt: instantFromDate(row.requestedAt),
    requestedById: row.requestedById,
    requestedTargets: targets(0),
    targets: targets(row.planVersion),
    planVersion: row.planVersion,
    plan: plans.find(({ number }) => number === row.planVersion) ?? null,
    plans,
    pauses: row.pauses.map(toPause),
    startedAt: momentOrNull(row.startedAt),
    startedById: row.startedById,
    recordVersion: row.recordVersion,
    record: records.find(({ number }) => number === row.recordVersion) ?? null,
    records,
    complications: row.complications.map(toComplication),
    endedAt: momentOrNull(row.endedAt),
    endedById: row.endedById,
    endReason: row.endReason,
    version: row.version,
    allowedActions: allowedTreatmentActions(status),
  };
}

export function toComplication({
  replacedBy,
  happenedAt,
  recordedAt,
  ...row
}: TreatmentRow['complications'][number]): Complication {
  return {
    ...row,
    happenedAt: instantFromDate(happenedAt),
    recordedAt: instantFromDate(recordedAt),
    isReplaced: replacedBy !== null,
  };
}

function toTarget(row: TreatmentRow['targets'][number]): TreatmentTarget {
  const { position, structure, level, side, detail, findingId, noFindingBecause } = row;
  return {
    ...{ position, structure, level, side, detail, findingId, noFindingBecause },
    inWords: placeInWords(row),
  };
}

function toPlan(row: TreatmentRow['plans'][number], targets: readonly TreatmentTarget[]): TreatmentPlan {
  const { number, approach, guidance, anticoagulantPlan, justification, policyId, plannedById } = row;
  const { unmetCriteria, proceedBecause, replanBecause } = row;
  return {
    ...{ number, targets, approach, guidance, anticoagulantPlan, justification, policyId, plannedById },
    ...{ unmetCriteria, proceedBecause, replanBecause },
    agents: row.agents.map(({ agentId, agent, doseMg, volumeMl }) => ({
      ...{ agentId, agentCode: agent.code, agentName: agent.name, agentKind: agent.kind, doseMg, volumeMl },
      steroidMg: steroidOf(doseMg, agent.steroidFactor),
    })),
    aspects: row.aspects.map(({ aspect, finding, note }) => ({ aspect, finding, note })),
    plannedAt: instantFromDate(row.plannedAt),
  };
}

function toPause(row: TreatmentRow['pauses'][number]): SafetyPause {
  const { id, planVersion, recordedById, presentIds, presentNames, consentRecordId, comment } = row;
  const heldAt = instantFromDate(row.heldAt);
  return {
    ...{ id, planVersion, recordedById, presentIds, presentNames, consentRecordId, comment },
    heldAt,
    holdsUntil: pauseHoldsUntil(heldAt),
    readings: row.readings.map(({ source, level, side }) => ({ source, level, side })),
    answers: row.answers.map(({ aspect, note }) => ({ aspect, note })),
  };
}

function toRecord(row: TreatmentRow['records'][number]): TreatmentRecord {
  const { number, operatorId, guidance, observation, leaflet, advice, comment, recordedById } = row;
  const { doseAreaProductGyCm2, fluoroscopySeconds, ctDlpMgyCm, abandonedBecause, correctedBecause } = row;
  return {
    ...{ number, operatorId, guidance, observation, leaflet, advice, comment, recordedById },
    ...{ doseAreaProductGyCm2, fluoroscopySeconds, ctDlpMgyCm, abandonedBecause, correctedBecause },
    targets: row.targets.map(({ id: _id, recordId: _recordId, treatmentId: _treatmentId, ...target }) => ({
      ...target,
      inWords: placeInWords(target),
    })),
    agents: row.agents.map(toGivenAgent),
    finishedAt: instantFromDate(row.finishedAt),
    observedUntil: momentOrNull(row.observedUntil),
    recordedAt: instantFromDate(row.recordedAt),
  };
}

function toGivenAgent(row: TreatmentRow['records'][number]['agents'][number]) {
  const { targetPosition, agentId, agent, concentrationMgMl, volumeMl, doseMg, batchNumber, steroidMg } = row;
  return {
    ...{ targetPosition, agentId, agentCode: agent.code, agentName: agent.name },
    ...{ concentrationMgMl, volumeMl, doseMg, batchNumber, steroidMg },
    expiresOn: plainDateFromDate(row.expiresOn).toString(),
  };
}

function momentOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
