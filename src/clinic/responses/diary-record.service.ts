import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DiaryEntryStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { TreatmentService } from '../treatments/treatment.service.js';
import type { Treatment } from '../treatments/treatment.type.js';
import { toDiaryEntry, toPainDiary, WHOLE_DIARY, WHOLE_ENTRY } from './diary-row.type.js';
import type { DiaryDueFilterInput, DiaryEntry, PainDiary } from './response.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reading diaries. Whoever shows one says who looks. */
@Injectable()
export class DiaryRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(TreatmentService) private readonly treatments: Pick<TreatmentService, 'lock'>,
  ) {}

  /** The diaries of these treatments, by treatment. One look, one record. */
  async ofTreatments(
    actor: StaffActor,
    treatmentIds: readonly string[],
  ): Promise<ReadonlyMap<string, PainDiary>> {
    return this.database.transaction(async (tx) => {
      const found = await this.byTreatments(tx, treatmentIds);
      await this.look(
        tx,
        actor,
        [...found.values()].map(({ patientId }) => patientId),
      );
      return found;
    });
  }

  /** Points to ask patients at, those due first first. The look is recorded. */
  async diaryDue(actor: StaffActor, filter: DiaryDueFilterInput, page: PageInput): Promise<Page<DiaryEntry>> {
    const now = this.clock.now();
    const [dueAt, id] = page.after ? decodeCursor(page.after, ['instant', 'uuid']) : [null, null];
    const after = dueAt === null ? null : { dueAt: dateFromInstant(Temporal.Instant.from(dueAt)), id };
    return this.database.transaction(async (tx) => {
      const rows = await tx.diaryEntry.findMany({
        where: {
          AND: [
            toWhere(filter, now),
            after === null
              ? {}
              : { OR: [{ dueAt: { gt: after.dueAt } }, { dueAt: after.dueAt, id: { gt: after.id } }] },
          ],
        },
        include: WHOLE_ENTRY,
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows
        .slice(0, page.size)
        .map((row) => toDiaryEntry(row, row.diary.treatment.patientId, now));
      await this.look(
        tx,
        actor,
        items.map(({ patientId }) => patientId),
      );
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.dueAt.toString(), last.id) : null };
    });
  }

  /** For this room: diaries by treatment, without a look. */
  async byTreatments(client: Tx, treatmentIds: readonly string[]): Promise<ReadonlyMap<string, PainDiary>> {
    const rows = await client.painDiary.findMany({
      where: { treatmentId: { in: treatmentIds.filter((id) => UUID.test(id)) } },
      include: WHOLE_DIARY,
    });
    const now = this.clock.now();
    return new Map(rows.map((row) => [row.treatmentId, toPainDiary(row, now)]));
  }

  /** For this room: the diary of an entry, with its patient and treatment kept from changing. Throws NOT_FOUND. */
  async hold(tx: Tx, entryId: string): Promise<{ readonly diary: PainDiary; readonly entry: DiaryEntry }> {
    const known = UUID.test(entryId)
      ? await tx.diaryEntry.findUnique({ where: { id: entryId }, select: { treatmentId: true } })
      : null;
    if (known === null) throw notFound('diary entry');
    await this.treatments.lock(tx, known.treatmentId);
    const diary = await this.mustHave(tx, known.treatmentId);
    const entry = diary.entries.find(({ id }) => id === entryId.toLowerCase());
    if (entry === undefined) throw notFound('diary entry');
    return { diary, entry };
  }

  /** For this room: a treatment with its diary, both kept from changing; null: one of them is not there. */
  async holdOf(
    tx: Tx,
    treatmentId: string,
  ): Promise<{ readonly diary: PainDiary; readonly treatment: Treatment } | null> {
    if (!(await this.byTreatments(tx, [treatmentId])).has(treatmentId)) return null;
    const treatment = await this.treatments.lock(tx, treatmentId);
    return { treatment, diary: await this.mustHave(tx, treatmentId) };
  }

  /** For this room: the diary of a treatment. Throws NOT_FOUND. */
  async mustHave(client: Tx, treatmentId: string): Promise<PainDiary> {
    const diary = (await this.byTreatments(client, [treatmentId])).get(treatmentId);
    if (diary === undefined) throw notFound('pain diary');
    return diary;
  }

  /** For this room: writes down that somebody looked. */
  async look(tx: Tx, actor: Actor, patientIds: readonly string[]): Promise<void> {
    if (patientIds.length === 0) return;
    await this.audit.record(tx, actor, {
      action: 'pain-diaries.viewed',
      subjectType: 'pain-diary',
      patientIds: [...new Set(patientIds)],
    });
  }
}

function toWhere(
  { until, isOverdue, points, patientId }: DiaryDueFilterInput,
  now: Temporal.Instant,
): Prisma.DiaryEntryWhereInput {
  const at = dateFromInstant(now);
  return {
    status: DiaryEntryStatus.DUE,
    windowFrom: { lte: until ? dateFromInstant(until) : at },
    ...(isOverdue === true ? { windowUntil: { lt: at } } : {}),
    ...(isOverdue === false ? { windowUntil: { gte: at } } : {}),
    ...(points ? { point: { in: [...points] } } : {}),
    diary: { treatment: { ...(patientId ? { patientId } : {}), patient: { death: null } } },
  };
}
