import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { CommunicationNeedChanged, CommunicationNeedRecorded } from './communication-need.refusals.js';
import {
  detailProblem,
  isInUse,
  isReviewDue,
  needSentence,
  reviewDay,
  reviewNoteProblem,
} from './communication-need.rules.js';
import type {
  CommunicationNeed,
  CommunicationNeedKind,
  EndCommunicationNeedInput,
  RecordCommunicationNeedInput,
  ReviewCommunicationNeedInput,
} from './communication-need.type.js';
import { REASON_PROBLEM, readNote, readReason } from './note-text.rules.js';
import { PatientRecordService } from './patient-record.service.js';

const WHOLE = {
  kind: true,
  reviews: { orderBy: [{ reviewedAt: 'desc' }, { id: 'desc' }] },
} as const satisfies Prisma.CommunicationNeedInclude;
type NeedRow = Prisma.CommunicationNeedGetPayload<{ include: typeof WHOLE }>;

@Injectable()
export class CommunicationNeedService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientRecordService) private readonly records: PatientRecordService,
  ) {}

  /** The kinds in use today, by category and name. */
  async communicationNeedKinds(): Promise<readonly CommunicationNeedKind[]> {
    const rows = await this.database.client.communicationNeedKind.findMany({
      orderBy: [{ category: 'asc' }, { name: 'asc' }],
    });
    return rows.map(toKind).filter((kind) => isInUse(kind, this.#today()));
  }

  /** Records what a patient needs. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async recordCommunicationNeed(
    actor: StaffActor,
    input: RecordCommunicationNeedInput,
  ): Promise<CommunicationNeed | CommunicationNeedRecorded> {
    const { patientId, kindCode, sharing } = input;
    const review = reviewDay(input.reviewDueOn, this.#today());
    if (review.problem !== null) throw badInput(`reviewDueOn: ${review.problem}.`);
    return this.database.transaction(
      async (tx) => {
        await this.records.lock(tx, patientId);
        const kindRow = await tx.communicationNeedKind.findUnique({ where: { code: kindCode } });
        const kind = kindRow === null ? null : toKind(kindRow);
        if (kind === null || !isInUse(kind, this.#today())) {
          throw badInput('kindCode: is not one of those in use; ask communicationNeedKinds.');
        }
        const problem = detailProblem(kind, input.detail);
        if (problem !== null) throw badInput(problem);
        const row = await tx.communicationNeed.create({
          data: {
            ...{ patientId, kindCode, sharing, detail: readNote(input.detail) ?? null },
            reviewDueOn: dateFromPlainDate(review.day),
            recordedAt: dateFromInstant(this.clock.now()),
            recordedById: actor.id,
          },
          include: WHOLE,
        });
        const need = this.#toNeed(row);
        await this.#record(tx, actor, 'communication-need.recorded', null, need);
        return need;
      },
      { onConstraint: { communication_needs_one_of_a_kind: () => new CommunicationNeedRecorded(kindCode) } },
    );
  }

  /** Somebody asked again. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async reviewCommunicationNeed(
    actor: StaffActor,
    input: ReviewCommunicationNeedInput,
  ): Promise<CommunicationNeed | CommunicationNeedChanged> {
    const problem = reviewNoteProblem(input.wasMet, input.note);
    if (problem !== null) throw badInput(problem);
    const next = reviewDay(input.nextReviewOn, this.#today());
    if (next.problem !== null) throw badInput(`nextReviewOn: ${next.problem}.`);
    const reviewDueOn = dateFromPlainDate(next.day);
    return this.database.transaction(async (tx) => {
      const before = await this.#mustHave(tx, input.needId);
      const sharing = input.sharing ?? before.sharing;
      const refusal = await this.#change(tx, input, { reviewDueOn, sharing });
      if (refusal !== null) return refusal;
      await tx.communicationNeedReview.create({
        data: {
          ...{ needId: before.id, wasMet: input.wasMet, note: readNote(input.note) ?? null },
          ...{ nextReviewOn: reviewDueOn, reviewedById: actor.id },
          reviewedAt: dateFromInstant(this.clock.now()),
        },
      });
      const after = await this.#mustHave(tx, input.needId);
      await this.#record(tx, actor, 'communication-need.reviewed', before, after);
      return after;
    });
  }

  /** The need is there no longer. It stays on the record as ended. Throws NOT_FOUND, BAD_INPUT. */
  async endCommunicationNeed(
    actor: StaffActor,
    input: EndCommunicationNeedInput,
  ): Promise<CommunicationNeed | CommunicationNeedChanged> {
    const endReason = readReason(input.reason);
    if (endReason === null) throw badInput(`reason: ${REASON_PROBLEM}.`);
    return this.database.transaction(async (tx) => {
      const before = await this.#mustHave(tx, input.needId);
      const endedAt = dateFromInstant(this.clock.now());
      const refusal = await this.#change(tx, input, { endedAt, endedById: actor.id, endReason });
      if (refusal !== null) return refusal;
      const after = await this.#mustHave(tx, input.needId);
      await this.#record(tx, actor, 'communication-need.ended', before, after);
      return after;
    });
  }

  /** Needs about which it is time to ask again, those first that have waited longest. The look is recorded. */
  async communicationNeedsDue(actor: Actor, page: PageInput): Promise<Page<CommunicationNeed>> {
    const after = page.after ? decodeCursor(page.after, ['day', 'uuid']) : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.communicationNeed.findMany({
        where: {
          endedAt: null,
          reviewDueOn: { lte: dateFromPlainDate(this.#today()) },
          ...(after === null ? {} : later(after[0], after[1])),
        },
        include: WHOLE,
        orderBy: [{ reviewDueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toNeed(row));
      await this.audit.record(tx, actor, {
        action: 'communication-needs.searched',
        subjectType: 'communication-need',
        patientIds: [...new Set(items.map(({ patientId }) => patientId))],
      });
      const last = items.at(-1);
      const nextCursor = rows.length > page.size && last ? encodeCursor(last.reviewDueOn, last.id) : null;
      return { items, nextCursor };
    });
  }

  /** The needs of these patients, those that are there first, then the latest. The look at the patients is recorded where they are shown. */
  async ofPatients(
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CommunicationNeed[]>> {
    const rows = await this.database.client.communicationNeed.findMany({
      where: { patientId: { in: [...patientIds] } },
      include: WHOLE,
      orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { recordedAt: 'asc' }, { id: 'asc' }],
    });
    const needs = new Map<string, CommunicationNeed[]>();
    for (const row of rows)
      needs.set(row.patientId, [...(needs.get(row.patientId) ?? []), this.#toNeed(row)]);
    return needs;
  }

  /** One that is there and at the version that was read, or why not. */
  async #change(
    tx: Tx,
    read: { readonly needId: string; readonly version: number },
    data: Prisma.CommunicationNeedUpdateManyMutationInput,
  ): Promise<CommunicationNeedChanged | null> {
    const { count } = await tx.communicationNeed.updateMany({
      where: { id: read.needId, version: read.version, endedAt: null },
      data: { ...data, version: { increment: 1 } },
    });
    if (count === 1) return null;
    const { version, endedAt } = await this.#mustHave(tx, read.needId);
    return new CommunicationNeedChanged(version, endedAt !== null);
  }

  async #mustHave(tx: Tx, id: string): Promise<CommunicationNeed> {
    const row = await tx.communicationNeed.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('communication need');
    return this.#toNeed(row);
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: CommunicationNeed | null,
    after: CommunicationNeed,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      ...{ action, subjectType: 'communication-need', subjectId: after.id, patientIds: [after.patientId] },
      ...(before === null ? {} : { before }),
      after,
    });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  #toNeed(row: NeedRow): CommunicationNeed {
    const { id, patientId, detail, sharing, recordedById, version, endReason } = row;
    const reviewDueOn = plainDateFromDate(row.reviewDueOn).toString();
    return {
      ...{ id, patientId, detail, sharing, recordedById, version, endReason, reviewDueOn },
      kind: toKind(row.kind),
      sentence: needSentence({ flag: row.kind.flag, detail, sharing }),
      isReviewDue: row.endedAt === null && isReviewDue(reviewDueOn, this.#today()),
      reviews: row.reviews.map(({ wasMet, note, nextReviewOn, reviewedAt, reviewedById }) => ({
        ...{ wasMet, note, reviewedById },
        nextReviewOn: plainDateFromDate(nextReviewOn).toString(),
        reviewedAt: instantFromDate(reviewedAt),
      })),
      recordedAt: instantFromDate(row.recordedAt),
      endedAt: row.endedAt === null ? null : instantFromDate(row.endedAt),
    };
  }
}

function later(reviewDueOn: string, id: string): Prisma.CommunicationNeedWhereInput {
  const day = dateFromPlainDate(Temporal.PlainDate.from(reviewDueOn));
  return { OR: [{ reviewDueOn: { gt: day } }, { reviewDueOn: day, id: { gt: id } }] };
}

function toKind(row: NeedRow['kind']): CommunicationNeedKind {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    retiredOn: row.retiredOn === null ? null : plainDateFromDate(row.retiredOn).toString(),
  };
}
