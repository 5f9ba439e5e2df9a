import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { VisitRequestStatus, VisitStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { NEWEST_REQUESTS_OF_EACH } from './request.queries.js';
import { clockState, daysWaited, judgedOn, wallTime } from './request.rules.js';
import type { RequestClock, VisitRequest, VisitRequestFilterInput } from './request.type.js';
import type { RequestTime } from './request-time.type.js';
import { LOCK_REQUEST } from './visit.queries.js';

/** What the record of one patient shows; older ones are found through `visitRequests`. */
const REQUESTS_OF_A_PATIENT_MAX = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The visits with which a wait ends: they are to come, are going on, or took place. */
const ENDS_THE_WAIT: VisitStatus[] = [
  VisitStatus.BOOKED,
  VisitStatus.ARRIVED,
  VisitStatus.IN_PROGRESS,
  VisitStatus.COMPLETED,
  VisitStatus.DISCONTINUED,
];

/** What is read with a request, so that a list takes as many statements as one. */
const WHOLE = {
  times: { orderBy: [{ isoWeekday: 'asc' }, { firstOn: 'asc' }, { fromTime: 'asc' }, { id: 'asc' }] },
  visits: {
    where: { status: { in: ENDS_THE_WAIT } },
    // Of a series the first ends the wait; else the last, when one was broken off and another booked.
    orderBy: [{ seriesPosition: { sort: 'asc', nulls: 'last' } }, { startsAt: 'desc' }],
    take: 1,
    select: { startsAt: true },
  },
} as const satisfies Prisma.VisitRequestInclude;

type WholeRow = Prisma.VisitRequestGetPayload<{ include: typeof WHOLE }>;

/** Reading requests, always as they stand now. */
@Injectable()
export class RequestRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The request, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async lock(tx: Tx, id: string): Promise<VisitRequest> {
    if (!UUID.test(id)) throw notFound('visit request');
    await tx.$queryRawUnsafe(LOCK_REQUEST, id);
    return this.read(tx, id);
  }

  /** Throws NOT_FOUND. Does not record a look: whoever shows it does. */
  async read(tx: Tx, id: string): Promise<VisitRequest> {
    if (!UUID.test(id)) throw notFound('visit request');
    const row = await tx.visitRequest.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('visit request');
    return this.#toRequest(row);
  }

  /** Those of these requests that there are, in no order. Does not record a look. */
  async readMany(tx: Tx, ids: readonly string[]): Promise<readonly VisitRequest[]> {
    const rows = await tx.visitRequest.findMany({ where: { id: { in: [...ids] } }, include: WHOLE });
    return rows.map((row) => this.#toRequest(row));
  }

  /** The request of the patient that waits for this kind of visit on this referral (null: on none), if there is one. */
  async waitingFor(
    tx: Tx,
    wish: { readonly patientId: string; readonly visitTypeCode: string; readonly referralId: string | null },
  ): Promise<VisitRequest | null> {
    const { patientId, visitTypeCode, referralId } = wish;
    const row = await tx.visitRequest.findFirst({
      where: { patientId, visitTypeCode, referralId, status: VisitRequestStatus.WAITING },
      include: WHOLE,
      orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
    });
    return row === null ? null : this.#toRequest(row);
  }

  /** One request; the look is recorded. */
  async visitRequest(actor: Actor, id: string): Promise<VisitRequest> {
    return this.database.transaction(async (tx) => {
      const request = await this.read(tx, id);
      await this.audit.record(tx, actor, {
        action: 'visit-request.viewed',
        subjectType: 'visit-request',
        subjectId: request.id,
        patientIds: [request.patientId],
      });
      return request;
    });
  }

  /** The waiting list, the most overdue first; the look at its patients is recorded. */
  async visitRequests(
    actor: Actor,
    filter: VisitRequestFilterInput,
    page: PageInput,
  ): Promise<Page<VisitRequest>> {
    const later = after(page.after);
    return this.database.transaction(async (tx) => {
      const rows = await tx.visitRequest.findMany({
        where: { AND: [toWhere(filter), later] },
        include: WHOLE,
        orderBy: [{ breachOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.#toRequest(row));
      await this.#recordLook(tx, actor, items);
      const last = items.at(-1);
      const isLastPage = rows.length <= page.size || last === undefined;
      return { items, nextCursor: isLastPage ? null : encodeCursor(last.clock.breachOn, last.id) };
    });
  }

  /** The newest requests of each of these patients; the look is recorded. */
  async ofPatients(
    actor: Actor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly VisitRequest[]>> {
    return this.database.transaction(async (tx) => {
      const found = await tx.$queryRawUnsafe<readonly { id: string }[]>(
        NEWEST_REQUESTS_OF_EACH,
        patientIds,
        REQUESTS_OF_A_PATIENT_MAX,
      );
      const rows = await tx.visitRequest.findMany({
        where: { id: { in: found.map(({ id }) => id) } },
        include: WHOLE,
        orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      });
      const requests = rows.map((row) => this.#toRequest(row));
      await this.#recordLook(tx, actor, requests);
      const own = (patientId: string) => requests.filter((request) => request.patientId === patientId);
      return new Map(patientIds.map((patientId) => [patientId, own(patientId)]));
    });
  }

  async #recordLook(tx: Tx, actor: Actor, shown: readonly VisitRequest[]): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'visit-requests.listed',
      subjectType: 'visit-request',
      patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
    });
  }

  #toRequest(row: WholeRow): VisitRequest {
    return {
      id: row.id,
      patientId: row.patientId,
      referralId: row.referralId,
      visitTypeCode: row.visitTypeCode,
      priority: row.priority,
      status: row.status,
      version: row.version,
      clock: this.#clockOf(row),
      travelMinutes: row.travelMinutes,
      keepsStaff: row.keepsStaff,
      wantsFreed: row.wantsFreed,
      noticeHoursMin: row.noticeHoursMin,
      times: row.times.map(toTime),
      requestedAt: instantFromDate(row.requestedAt),
      requestedById: row.requestedById,
      closedAt: row.closedAt === null ? null : instantFromDate(row.closedAt),
      closedById: row.closedById,
      closeReason: row.closeReason,
    };
  }

  #clockOf(row: WholeRow): RequestClock {
    const startedOn = plainDateFromDate(row.clockStartedOn);
    const targetOn = plainDateFromDate(row.targetOn);
    const breachOn = plainDateFromDate(row.breachOn);
    const visitAt = row.visits[0]?.startsAt ?? null;
    const on = judgedOn({
      status: row.status,
      visitOn: visitAt === null ? null : this.#dayOf(instantFromDate(visitAt)),
      closedOn: row.closedAt === null ? null : this.#dayOf(instantFromDate(row.closedAt)),
      today: this.#dayOf(this.clock.now()),
    });
    return {
      startedOn: startedOn.toString(),
      startedBy: row.clockStartedBy,
      targetOn: targetOn.toString(),
      breachOn: breachOn.toString(),
      daysWaited: daysWaited(startedOn, on),
      state: clockState({ startedOn, targetOn, breachOn }, on),
    };
  }

  #dayOf(instant: Temporal.Instant): Temporal.PlainDate {
    return localDate(instant, this.config.clinicTimeZone);
  }
}

function toTime(row: WholeRow['times'][number]): RequestTime {
  const dayOf = (date: Date | null) => (date === null ? null : plainDateFromDate(date).toString());
  const timeOf = (time: Date | null) => (time === null ? null : wallTime(instantFromDate(time)));
  return {
    isoWeekday: row.isoWeekday,
    fromTime: timeOf(row.fromTime),
    untilTime: timeOf(row.untilTime),
    firstOn: dayOf(row.firstOn),
    lastOn: dayOf(row.lastOn),
    isExcluded: row.isExcluded,
  };
}

function toWhere(filter: VisitRequestFilterInput): Prisma.VisitRequestWhereInput {
  return {
    status: { in: [...(filter.statuses ?? [VisitRequestStatus.WAITING])] },
    ...(filter.visitTypeCode ? { visitTypeCode: filter.visitTypeCode } : {}),
    ...(filter.priority ? { priority: filter.priority } : {}),
    ...(filter.patientId ? { patientId: filter.patientId } : {}),
  };
}

function after(cursor: string | null | undefined): Prisma.VisitRequestWhereInput {
  if (!cursor) return {};
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const breachOn = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ breachOn: { gt: breachOn } }, { breachOn, id: { gt: id } }] };
}
