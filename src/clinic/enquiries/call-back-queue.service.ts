import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { CallBackStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { CallBack } from './call-back.type.js';
import { type CallBackFilterInput, CallBackShow } from './call-back-input.type.js';
import { CallBackRecordService } from './call-back-record.service.js';

/** Of one enquiry; more are a mistake that shows in the list of all. */
const CALL_BACKS_OF_AN_ENQUIRY_MAX = 50;

/** Who is to be rung, as lists and by themselves. Each look is recorded. */
@Injectable()
export class CallBackQueueService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CallBackRecordService) private readonly records: CallBackRecordService,
  ) {}

  /** Throws NOT_FOUND. */
  async callBack(actor: StaffActor, id: string): Promise<CallBack> {
    return this.database.transaction(async (tx) => {
      const callBack = await this.records.read(tx, id);
      await this.records.recordLook(tx, actor, [callBack], {});
      return callBack;
    });
  }

  /** The one that is due first before the others: with a red flag it was due at once. */
  async callBacks(actor: StaffActor, filter: CallBackFilterInput, page: PageInput): Promise<Page<CallBack>> {
    const after = page.after ? decodeCursor(page.after, ['instant', 'uuid']) : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.callBack.findMany({
        where: { AND: [...this.#wanted(actor, filter), ...(after === null ? [] : [behind(after)])] },
        orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
        select: { id: true },
      });
      const shown = rows.slice(0, page.size).map(({ id }) => id);
      const items = await this.records.byIds(tx, shown);
      await this.records.recordLook(tx, actor, items, { filter: { ...filter } });
      const last = items.at(-1);
      const isMore = rows.length > page.size && last !== undefined;
      return { items, nextCursor: isMore ? encodeCursor(last.dueAt.toString(), last.id) : null };
    });
  }

  /** Those of each of these enquiries, the newest first. */
  async ofEnquiries(
    actor: StaffActor,
    enquiryIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly CallBack[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.callBack.findMany({
        where: { enquiryId: { in: [...enquiryIds] } },
        orderBy: [{ calledAt: 'desc' }, { id: 'desc' }],
        take: CALL_BACKS_OF_AN_ENQUIRY_MAX * enquiryIds.length,
        select: { id: true },
      });
      const found = await this.records.byIds(
        tx,
        rows.map(({ id }) => id),
      );
      await this.records.recordLook(tx, actor, found, {});
      const own = (enquiryId: string) => found.filter((callBack) => callBack.enquiryId === enquiryId);
      return new Map(enquiryIds.map((enquiryId) => [enquiryId, own(enquiryId)]));
    });
  }

  #wanted(
    actor: StaffActor,
    { show = CallBackShow.OPEN, priority, enquiryId }: CallBackFilterInput,
  ): Prisma.CallBackWhereInput[] {
    const now = dateFromInstant(this.clock.now());
    return [
      shownBy(show, actor.id, now),
      ...(priority ? [{ priority }] : []),
      ...(enquiryId ? [{ enquiryId }] : []),
    ];
  }
}

function shownBy(show: CallBackShow, staffId: string, now: Date): Prisma.CallBackWhereInput {
  const isOpen = { status: { not: CallBackStatus.CLOSED } };
  const status = CallBackStatus.WAITING;
  switch (show) {
    case CallBackShow.OPEN:
      return isOpen;
    case CallBackShow.DUE:
      return { status, nextAttemptAt: { lte: now } };
    case CallBackShow.OVERDUE:
      return { status, dueAt: { lt: now } };
    case CallBackShow.MINE:
      return { ...isOpen, claimedById: staffId, claimedUntil: { gt: now } };
    case CallBackShow.UNCLAIMED:
      return { status, OR: [{ claimedUntil: null }, { claimedUntil: { lte: now } }] };
    case CallBackShow.CLOSED:
      return { status: CallBackStatus.CLOSED };
  }
}

/** What comes after a place in the list. */
function behind([at, id]: readonly [string, string]): Prisma.CallBackWhereInput {
  const dueAt = dateFromInstant(Temporal.Instant.from(at));
  return { OR: [{ dueAt: { gt: dueAt } }, { dueAt, id: { gt: id } }] };
}
