import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import {
  DiaryEntryStatus,
  DiaryPoint,
  NrsPeriod,
  OutcomeInstrument,
  TreatmentStatus,
} from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { dateFromInstant, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { OutcomeService } from '../outcomes/outcome.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import { TREATMENT_DONE, type Treatment } from '../treatments/treatment.type.js';
import { toTimes } from './diary-row.type.js';
import { makesSense, type ScheduledPoint, scheduleOf, timingOf } from './diary-schedule.rules.js';
import { OpeningGroundService } from './opening-ground.service.js';
import { DIARY_DUE } from './response.type.js';

const ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: TREATMENT_DONE,
  requestId: null,
  source: null,
};

/** A treatment that was done gets its diary, by the policy of its day, with the figure before if somebody has asked. */
@Injectable()
export class DiaryOpeningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OpeningGroundService) private readonly ground: OpeningGroundService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(OutcomeService) private readonly outcomes: Pick<OutcomeService, 'latestScore'>,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'byIds' | 'lock'>,
  ) {
    outbox.declare(DIARY_DUE);
  }

  /** Opening it twice is opening it once. A treatment that is gone needs none. */
  async open(treatmentId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.treatments.byIds(tx, [treatmentId])).has(treatmentId)) return;
      const treatment = await this.treatments.lock(tx, treatmentId);
      if (treatment.status !== TreatmentStatus.DONE) return;
      if ((await tx.painDiary.count({ where: { treatmentId } })) > 0) return;
      await this.#write(tx, treatment);
    });
  }

  async #write(tx: Tx, treatment: Treatment): Promise<void> {
    const { id: treatmentId, patientId, kind, record, startedAt } = treatment;
    if (record === null || startedAt === null) return;
    const { finishedAt } = record;
    const policy = await this.ground.policies.policyOn(tx, kind, localDate(finishedAt, this.ground.timeZone));
    const diary = await tx.painDiary.create({
      data: {
        ...{ treatmentId, policyId: policy.id },
        startedAt: dateFromInstant(startedAt),
        finishedAt: dateFromInstant(finishedAt),
        recordVersion: record.number,
        openedAt: dateFromInstant(this.ground.clock.now()),
      },
      select: { id: true },
    });
    for (const point of scheduleOf(policy.points, { startedAt, finishedAt }, this.ground.timeZone)) {
      const before =
        point.point === DiaryPoint.BEFORE ? await this.#figureBefore(tx, patientId, point) : null;
      const entry = await tx.diaryEntry.create({
        data: {
          point: point.point,
          ...toTimes(point),
          ...before,
          diaryId: diary.id,
          treatmentId,
          recordVersion: record.number,
        },
        select: { id: true },
      });
      if (before === null) {
        await this.outbox.post(tx, { topic: DIARY_DUE, subjectId: entry.id, version: 0, dueAt: point.dueAt });
      }
    }
    await this.audit.record(tx, ACTOR, {
      action: 'pain-diary.opened',
      subjectType: 'pain-diary',
      subjectId: diary.id,
      patientIds: [patientId],
      after: { treatmentId, policyId: policy.id },
    });
  }

  /** What the patient said last before the needle, if it is not too old. */
  async #figureBefore(tx: Tx, patientId: string, point: ScheduledPoint) {
    const question = { until: point.senseUntil, period: NrsPeriod.NOW };
    const score = (await this.outcomes.latestScore(tx, [patientId], OutcomeInstrument.NRS, question)).get(
      patientId,
    );
    if (score === undefined || score.total === null || !makesSense(point, score.takenAt)) return null;
    return {
      ...{ status: DiaryEntryStatus.RECORDED, scoreId: score.id, timing: timingOf(point, score.takenAt) },
      ...{ settledAt: dateFromInstant(this.ground.clock.now()), settledById: score.recordedById },
    };
  }
}
