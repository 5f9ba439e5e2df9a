import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import type { OutcomeScore } from '../outcomes/outcome.type.js';
import type { ScoresGoingBack } from '../outcomes/score-followers.service.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import { DiaryRecordService } from './diary-record.service.js';
import { makesSense, timingOf } from './diary-schedule.rules.js';
import { DIARY_DUE, type DiaryEntry, type PainDiary } from './response.type.js';
import { ResponseJudgingService } from './response-judging.service.js';

const TAKEN_BACK = 'The figure was taken back.';
const OF_SOMEBODY_ELSE =
  'The figure was of somebody else: their record and this one were one for a while. Record one of this patient.';

/** Changing a point of a diary, and judging the diary with it. A figure that is put right is put right here, too. */
@Injectable()
export class DiaryEntryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'lock'>,
    @Inject(DiaryRecordService) private readonly records: DiaryRecordService,
    @Inject(ResponseJudgingService) private readonly judging: ResponseJudgingService,
  ) {}

  /** The row changes, the audit record has it, and the diary is judged; as it stands then. The treatment is held. */
  async change(
    tx: Tx,
    actor: Actor,
    entry: DiaryEntry,
    done: string,
    change: Prisma.DiaryEntryUncheckedUpdateInput,
  ): Promise<PainDiary> {
    const { id, treatmentId, patientId, point } = entry;
    await tx.diaryEntry.update({
      where: { id },
      data: { ...change, version: { increment: 1 } },
      select: { id: true },
    });
    await this.outbox.withdraw(tx, [DIARY_DUE], [id]);
    await this.audit.record(tx, actor, {
      action: `diary-entry.${done}`,
      subjectType: 'diary-entry',
      subjectId: id,
      patientIds: [patientId],
      before: { status: entry.status, version: entry.version },
      after: { treatmentId, point, version: entry.version + 1 },
    });
    return this.judging.judgeAgain(tx, actor, treatmentId);
  }

  /** One score may be the figure before of several treatments of one day. Throws BAD_INPUT for a time that does not fit. */
  async scoreChanged(tx: Tx, actor: Actor, before: OutcomeScore, after: OutcomeScore): Promise<void> {
    const rows = await tx.diaryEntry.findMany({
      where: { scoreId: before.id },
      select: { id: true, treatmentId: true },
      orderBy: { treatmentId: 'asc' },
    });
    for (const { id, treatmentId } of rows) {
      await this.treatments.lock(tx, treatmentId);
      const diary = await this.records.mustHave(tx, treatmentId);
      const entry = diary.entries.find((one) => one.id === id);
      if (entry === undefined || entry.scoreId !== before.id) continue;
      await this.change(
        tx,
        actor,
        entry,
        after.isVoid ? 'taken-back' : 'corrected',
        this.#changed(entry, actor, after),
      );
    }
  }

  /** Figures that were said for a diary since a merge that is undone, and for no diary that stays. */
  async scoresGoingBack(tx: Tx, { from, into, mergedAt }: ScoresGoingBack): Promise<readonly string[]> {
    const ofReferralsOf = (patientId: string) => ({ diary: { treatment: { referral: { patientId } } } });
    const score = { patientId: into, recordedAt: { gt: dateFromInstant(mergedAt) } };
    const [going, staying] = await Promise.all(
      [from, into].map((patientId) =>
        tx.diaryEntry.findMany({ where: { score, ...ofReferralsOf(patientId) }, select: { scoreId: true } }),
      ),
    );
    const kept = new Set(staying?.map(({ scoreId }) => scoreId));
    return (going ?? []).flatMap(({ scoreId }) => (scoreId === null || kept.has(scoreId) ? [] : [scoreId]));
  }

  /** After such a merge was undone: a figure of the one in a diary of the other is none of it. */
  async dropFiguresOfOthers(tx: Tx, actor: Actor, patientIds: readonly string[]): Promise<void> {
    const rows = await tx.diaryEntry.findMany({
      where: { diary: { treatment: { patientId: { in: [...patientIds] } } }, scoreId: { not: null } },
      select: {
        ...{ id: true, treatmentId: true, score: { select: { patientId: true } } },
        diary: { select: { treatment: { select: { patientId: true } } } },
      },
      orderBy: [{ treatmentId: 'asc' }, { id: 'asc' }],
    });
    const strays = rows.filter(({ score, diary }) => score?.patientId !== diary.treatment.patientId);
    for (const { id, treatmentId } of strays) {
      await this.treatments.lock(tx, treatmentId);
      const diary = await this.records.mustHave(tx, treatmentId);
      const entry = diary.entries.find((one) => one.id === id);
      if (entry === undefined) continue;
      await this.change(tx, actor, entry, 'of-somebody-else', {
        ...{ status: DiaryEntryStatus.MISSED, scoreId: null, timing: null, missingReason: OF_SOMEBODY_ELSE },
        ...{ settledAt: dateFromInstant(this.clock.now()), settledById: actor.id },
      });
    }
  }

  #changed(entry: DiaryEntry, actor: Actor, after: OutcomeScore): Prisma.DiaryEntryUncheckedUpdateInput {
    const settled = { settledAt: dateFromInstant(this.clock.now()), settledById: actor.id };
    if (after.isVoid || after.total === null) {
      const status = DiaryEntryStatus.MISSED;
      return { ...settled, status, scoreId: null, timing: null, missingReason: TAKEN_BACK };
    }
    if (after.period !== 'NOW') {
      throw badInput(
        'period: this figure belongs to a pain diary, which asks for pain NOW. Take it back instead.',
      );
    }
    if (!makesSense(entry, after.takenAt)) {
      throw badInput(
        'takenAt: this figure belongs to a pain diary, and at that time to another point. Take it back instead.',
      );
    }
    return { ...settled, scoreId: after.id, timing: timingOf(entry, after.takenAt) };
  }
}
