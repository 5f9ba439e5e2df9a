import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus, DiaryPoint, ResponseFollowUp } from '../../platform/database/generated/enums.js';
import { dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { toDiaryPolicy } from './diary-policy.type.js';
import type { ScheduledPoint } from './diary-schedule.rules.js';
import type { DiaryEntry, PainDiary, ResponseJudgement, TreatmentProposal } from './response.type.js';

export const WHOLE_DIARY = {
  treatment: { select: { patientId: true, kind: true } },
  policy: { include: { points: true } },
  entries: { include: { score: { select: { total: true } } } },
  judgements: { include: { proposal: true }, orderBy: { number: 'asc' } },
} as const satisfies Prisma.PainDiaryInclude;
export type DiaryRow = Prisma.PainDiaryGetPayload<{ include: typeof WHOLE_DIARY }>;

export const WHOLE_ENTRY = {
  score: { select: { total: true } },
  diary: { select: { treatment: { select: { patientId: true } } } },
} as const satisfies Prisma.DiaryEntryInclude;

type EntryRow = DiaryRow['entries'][number];

const ORDER = Object.values(DiaryPoint);

export function toPainDiary(row: DiaryRow, now: Temporal.Instant): PainDiary {
  const { patientId, kind } = row.treatment;
  const judgements = row.judgements.map(toJudgement);
  return {
    ...{ id: row.id, treatmentId: row.treatmentId, patientId, kind, judgements },
    recordVersion: row.recordVersion,
    policy: toDiaryPolicy(row.policy),
    finishedAt: instantFromDate(row.finishedAt),
    entries: row.entries
      .map((entry) => toDiaryEntry(entry, patientId, now))
      .toSorted((a, b) => ORDER.indexOf(a.point) - ORDER.indexOf(b.point)),
    judgement: judgements.at(-1) ?? null,
    proposals: row.judgements.flatMap(({ proposal, followUp }) =>
      proposal === null ? [] : [toProposal(proposal, patientId, followUp)],
    ),
  };
}

export function toDiaryEntry(row: EntryRow, patientId: string, now: Temporal.Instant): DiaryEntry {
  const { id, treatmentId, point, status, scoreId, timing, missingReason, settledById, version } = row;
  const windowUntil = instantFromDate(row.windowUntil);
  return {
    ...{ id, treatmentId, patientId, point, status, scoreId, timing, missingReason, settledById, version },
    ...{ windowUntil, total: row.score?.total ?? null },
    dueAt: instantFromDate(row.dueAt),
    windowFrom: instantFromDate(row.windowFrom),
    senseFrom: instantFromDate(row.senseFrom),
    senseUntil: instantFromDate(row.senseUntil),
    isOverdue: status === DiaryEntryStatus.DUE && Temporal.Instant.compare(now, windowUntil) > 0,
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
  };
}

export function toJudgement(row: Prisma.ResponseJudgementGetPayload<object>): ResponseJudgement {
  const { id, treatmentId, number, policyId, verdict, percentRelief, beforeTotal, afterTotal } = row;
  const { scoreIds, followUp, judgedById } = row;
  return {
    ...{ id, treatmentId, number, policyId, verdict, percentRelief, beforeTotal, afterTotal },
    ...{ scoreIds, followUp, judgedById, judgedAt: instantFromDate(row.judgedAt) },
  };
}

export function toProposal(
  row: Prisma.TreatmentProposalGetPayload<object>,
  patientId: string,
  followUp: ResponseFollowUp,
): TreatmentProposal {
  return {
    ...row,
    patientId,
    isRepeat: followUp === ResponseFollowUp.REPEAT_BLOCK,
    proposedAt: instantFromDate(row.proposedAt),
    settledAt: row.settledAt === null ? null : instantFromDate(row.settledAt),
  };
}

/** When a point is due, as it is kept. */
export function toTimes(point: ScheduledPoint) {
  return {
    dueAt: dateFromInstant(point.dueAt),
    windowFrom: dateFromInstant(point.windowFrom),
    windowUntil: dateFromInstant(point.windowUntil),
    senseFrom: dateFromInstant(point.senseFrom),
    senseUntil: dateFromInstant(point.senseUntil),
  };
}
