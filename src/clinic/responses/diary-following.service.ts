import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus, DiaryPoint } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { TREATMENT_DONE, type Treatment } from '../treatments/treatment.type.js';
import { DiaryRecordService } from './diary-record.service.js';
import { toTimes } from './diary-row.type.js';
import { makesSense, type ScheduledPoint, scheduleOf, timingOf } from './diary-schedule.rules.js';
import { OpeningGroundService } from './opening-ground.service.js';
import { DIARY_DUE, type PainDiary } from './response.type.js';
import { ResponseJudgingService } from './response-judging.service.js';

const ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: TREATMENT_DONE,
  requestId: null,
  source: null,
};

const OF_ANOTHER_TIME =
  'By the corrected time of the treatment the figure was of another moment. Record one that fits.';

const WITH_TIME = { score: { select: { takenAt: true } } } as const satisfies Prisma.DiaryEntryInclude;
type EntryRow = Prisma.DiaryEntryGetPayload<{ include: typeof WITH_TIME }>;

/**
 * A diary follows the record of what was given. When its end is put right, every point is due by the new one; a figure that
 * still belongs to its point stays, on time or not by the new times, and one that does not any more is none of it.
 */
@Injectable()
export class DiaryFollowingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OpeningGroundService) private readonly ground: OpeningGroundService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
    @Inject(ResponseJudgingService) private readonly judging: ResponseJudgingService,
  ) {}

  /** Doing it twice is doing it once: a diary knows which record its times run from. */
  async follow(treatmentId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const held = await this.records.holdOf(tx, treatmentId);
      if (held === null) return;
      const { diary, treatment } = held;
      const { record, startedAt } = treatment;
      if (record === null || startedAt === null || record.number <= diary.recordVersion) return;
      const { finishedAt, number: recordVersion } = record;
      await tx.painDiary.update({
        where: { id: diary.id },
        data: { recordVersion, finishedAt: dateFromInstant(finishedAt) },
        select: { id: true },
      });
      if (!finishedAt.equals(diary.finishedAt)) await this.#move(tx, diary, treatment, recordVersion);
      await this.audit.record(tx, ACTOR, {
        action: 'pain-diary.followed',
        subjectType: 'pain-diary',
        subjectId: diary.id,
        patientIds: [diary.patientId],
        before: { recordVersion: diary.recordVersion, finishedAt: diary.finishedAt },
        after: { treatmentId, recordVersion, finishedAt },
      });
      await this.judging.judgeAgain(tx, ACTOR, treatmentId);
    });
  }

  /** The point before runs from the beginning, which is never put right. */
  async #move(
    tx: Tx,
    { id: diaryId, policy }: PainDiary,
    { record, startedAt }: Treatment,
    recordVersion: number,
  ): Promise<void> {
    if (record === null || startedAt === null) return;
    const anchors = { startedAt, finishedAt: record.finishedAt };
    const rows = await tx.diaryEntry.findMany({ where: { diaryId }, include: WITH_TIME });
    for (const point of scheduleOf(policy.points, anchors, this.ground.timeZone)) {
      const row = rows.find((one) => one.point === point.point);
      if (row === undefined || row.point === DiaryPoint.BEFORE) continue;
      await tx.diaryEntry.update({
        where: { id: row.id },
        data: { ...toTimes(point), ...this.#settled(row, point), recordVersion, version: { increment: 1 } },
        select: { id: true },
      });
      if (row.status !== DiaryEntryStatus.DUE) continue;
      await this.outbox.withdraw(tx, [DIARY_DUE], [row.id]);
      const message = { topic: DIARY_DUE, subjectId: row.id, version: row.version + 1, dueAt: point.dueAt };
      await this.outbox.post(tx, message);
    }
  }

  #settled(row: EntryRow, point: ScheduledPoint): Prisma.DiaryEntryUncheckedUpdateInput {
    if (row.score === null) return {};
    const takenAt = instantFromDate(row.score.takenAt);
    if (makesSense(point, takenAt)) return { timing: timingOf(point, takenAt) };
    return {
      ...{ status: DiaryEntryStatus.MISSED, scoreId: null, timing: null, missingReason: OF_ANOTHER_TIME },
      ...{ settledAt: dateFromInstant(this.ground.clock.now()), settledById: null },
    };
  }
}
