import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralHistoryItem as ItemRow } from '../../platform/database/generated/client.js';
import { HistoryKind } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { HistoryNotEmpty } from './history.refusals.js';
import { answerOf, happenedOnProblem } from './history.rules.js';
import type {
  CorrectHistoryInput,
  RecordHistoryInput,
  RecordNoHistoryInput,
  ReferralHistory,
  ReferralHistoryItem,
  RetireHistoryInput,
} from './history.type.js';
import { type ContentTable, type NotCorrected, ReferralContentService } from './referral-content.service.js';
import { ReferralRecordService } from './referral-record.service.js';
import { someText, textOrNull } from './referral-text.rules.js';

type Columns = Omit<ItemRow, 'id' | 'referralId' | 'version'>;

const ITEMS: ContentTable<ReferralHistoryItem, Columns> = {
  noun: 'referral-history',
  async find(tx, id) {
    const row = await tx.referralHistoryItem.findUnique({ where: { id } });
    return row === null ? null : toItem(row);
  },
  async create(tx, columns) {
    return toItem(await tx.referralHistoryItem.create({ data: columns }));
  },
  async update(tx, id, version, columns) {
    const data = { ...columns, version: { increment: 1 } };
    return (await tx.referralHistoryItem.updateMany({ where: { id, version, retiredAt: null }, data })).count;
  },
};

/** What was done and taken before, kind by kind; and of what there is none. */
@Injectable()
export class HistoryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
    @Inject(ReferralContentService) private readonly content: ReferralContentService,
  ) {}

  /** One more thing; that there was none of its kind holds no more. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async recordHistory(actor: StaffActor, input: RecordHistoryInput): Promise<ReferralHistoryItem> {
    const { referralId, kind } = input;
    const columns = {
      ...this.#read(input),
      kind,
      referralId,
      recordedAt: dateFromInstant(this.clock.now()),
      recordedById: actor.id,
      retiredAt: null,
    };
    return this.database.transaction(async (tx) => {
      await this.records.mustHaveReferral(tx, referralId, { hold: true });
      await tx.referralHistoryAnswer.deleteMany({ where: { referralId, kind } });
      return this.content.record(tx, actor, ITEMS, columns);
    });
  }

  /** Somebody has asked, and there is none. Saying it twice changes nothing. Throws NOT_FOUND. */
  async recordNoHistory(
    actor: StaffActor,
    input: RecordNoHistoryInput,
  ): Promise<ReferralHistory | HistoryNotEmpty> {
    const { referralId, kind } = input;
    return this.database.transaction<ReferralHistory | HistoryNotEmpty>(async (tx) => {
      const { patientId } = await this.records.mustHaveReferral(tx, referralId, { hold: true });
      const where = { referralId, kind, retiredAt: null };
      const live = await tx.referralHistoryItem.findMany({
        where,
        select: { id: true },
        orderBy: { id: 'asc' },
      });
      if (live.length > 0) return new HistoryNotEmpty(live.map(({ id }) => id));
      const askedAt = dateFromInstant(this.clock.now());
      const { count } = await tx.referralHistoryAnswer.createMany({
        data: [{ referralId, kind, askedAt, askedById: actor.id }],
        skipDuplicates: true,
      });
      if (count === 1) {
        await this.audit.record(tx, actor, {
          action: 'referral-history.none-recorded',
          subjectType: 'referral',
          subjectId: referralId,
          patientIds: [patientId],
          after: { kind },
        });
      }
      const answer = await tx.referralHistoryAnswer.findUniqueOrThrow({
        where: { referralId_kind: { referralId, kind } },
      });
      return toHistory(kind, [], answer);
    });
  }

  /** The entry as it should have been. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async correctHistory(
    actor: StaffActor,
    input: CorrectHistoryInput,
  ): Promise<ReferralHistoryItem | NotCorrected> {
    const entry = { id: input.historyId, version: input.version };
    return this.content.change(actor, ITEMS, entry, { verb: 'corrected', columns: this.#read(input) });
  }

  /** The entry does not hold; whether there is any of its kind is open again. Throws NOT_FOUND. */
  async retireHistory(
    actor: StaffActor,
    input: RetireHistoryInput,
  ): Promise<ReferralHistoryItem | NotCorrected> {
    const entry = { id: input.historyId, version: input.version };
    const columns = { retiredAt: dateFromInstant(this.clock.now()) };
    const reason = someText(input.reason);
    return this.content.change(actor, ITEMS, entry, { verb: 'retired', columns, reason });
  }

  /** What each of these referrals says of every kind. The look is recorded. */
  async historyOf(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReferralHistory[]>> {
    const where = { referralId: { in: [...referralIds] } };
    const read = async (tx: Tx) => ({
      rows: await tx.referralHistoryItem.findMany({
        where: { ...where, retiredAt: null },
        orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
      }),
      answers: await tx.referralHistoryAnswer.findMany({ where }),
    });
    const { rows, answers } = await this.content.look(actor, 'referral-history', referralIds, read);
    const of = (referralId: string, kind: HistoryKind) => {
      const is = (one: { readonly referralId: string; readonly kind: HistoryKind }) =>
        one.referralId === referralId && one.kind === kind;
      return toHistory(kind, rows.filter(is).map(toItem), answers.find(is) ?? null);
    };
    return new Map(referralIds.map((id) => [id, Object.values(HistoryKind).map((kind) => of(id, kind))]));
  }

  #read(input: RecordHistoryInput | CorrectHistoryInput) {
    const happenedOn = textOrNull(input.happenedOn);
    const problem = happenedOnProblem(happenedOn, localDate(this.clock.now(), this.config.clinicTimeZone));
    if (problem !== null) throw badInput(problem);
    return {
      what: someText(input.what),
      happenedOn,
      place: textOrNull(input.place),
      result: textOrNull(input.result),
      isCurrent: input.isCurrent ?? null,
    };
  }
}

function toHistory(
  kind: HistoryKind,
  items: readonly ReferralHistoryItem[],
  none: { readonly askedAt: Date; readonly askedById: string } | null,
): ReferralHistory {
  return {
    kind,
    answer: answerOf({ items: items.length, isNone: none !== null }),
    askedAt: none === null ? null : instantFromDate(none.askedAt),
    askedById: none?.askedById ?? null,
    items,
  };
}

function toItem(row: ItemRow): ReferralHistoryItem {
  const { recordedById: _recordedById, ...entry } = row;
  const recordedAt = instantFromDate(row.recordedAt);
  return { ...entry, recordedAt, retiredAt: row.retiredAt === null ? null : instantFromDate(row.retiredAt) };
}
