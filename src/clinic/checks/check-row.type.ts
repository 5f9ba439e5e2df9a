import type { Prisma } from '../../platform/database/generated/client.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import type {
  BreastFeedingEnquiry,
  CheckDecision,
  IdentityCheck,
  PregnancyEnquiry,
  SafetyCheck,
} from './check.type.js';

export const WITH_PARTS = {
  identity: true,
  pregnancy: true,
  breastFeeding: true,
  safety: { include: { answers: { include: { item: true }, orderBy: { item: { position: 'asc' } } } } },
  witness: true,
  decisions: { orderBy: { id: 'asc' } },
  replacedBy: { select: { id: true } },
} as const satisfies Prisma.VisitCheckInclude;
export type CheckRow = Prisma.VisitCheckGetPayload<{ include: typeof WITH_PARTS }>;

/** What every check has. */
function made(row: CheckRow) {
  const { id, visitId, patientId, procedureCode, madeById, replacesId, replaceReason } = row;
  return {
    ...{ id, visitId, patientId, procedureCode, madeById, replacesId, replaceReason },
    madeOn: plainDateFromDate(row.madeOn).toString(),
    madeAt: instantFromDate(row.madeAt),
    replacedById: row.replacedBy?.id ?? null,
  };
}

export function toDecision(row: CheckRow['decisions'][number]): CheckDecision {
  const { id, verdict, reason, advice, decidedById, replacesId } = row;
  return {
    ...{ id, verdict, reason, advice, decidedById, replacesId },
    decidedAt: instantFromDate(row.decidedAt),
  };
}

/** Null: it is of another kind. */
export function toIdentityCheck(row: CheckRow): IdentityCheck | null {
  if (row.identity === null) return null;
  const { checkId: _, ...part } = row.identity;
  return { ...made(row), ...part };
}

export function toPregnancyEnquiry(row: CheckRow): PregnancyEnquiry | null {
  if (row.pregnancy === null) return null;
  const { checkId: _, lastPeriodOn, ...part } = row.pregnancy;
  const { witness } = row;
  return {
    ...made(row),
    ...part,
    lastPeriodOn: lastPeriodOn === null ? null : plainDateFromDate(lastPeriodOn).toString(),
    witness:
      witness === null
        ? null
        : { witnessedById: witness.witnessedById, witnessedAt: instantFromDate(witness.witnessedAt) },
    decisions: row.decisions.map(toDecision),
  };
}

export function toBreastFeedingEnquiry(row: CheckRow): BreastFeedingEnquiry | null {
  if (row.breastFeeding === null) return null;
  const { checkId: _, resumeAt, ...part } = row.breastFeeding;
  return { ...made(row), ...part, resumeAt: resumeAt === null ? null : instantFromDate(resumeAt) };
}

export function toSafetyCheck(row: CheckRow): SafetyCheck | null {
  if (row.safety === null) return null;
  const { checkId: _, weightKg, weightLimitKg, answers, ...part } = row.safety;
  return {
    ...made(row),
    ...part,
    weightKg: weightKg?.toNumber() ?? null,
    weightLimitKg: weightLimitKg?.toNumber() ?? null,
    answers: answers.map(({ item, reply, note }) => ({ code: item.code, reply, note })),
    decisions: row.decisions.map(toDecision),
  };
}
