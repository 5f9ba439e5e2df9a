import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  instantFromDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { heldMeeting } from './meeting.queries.js';
import { quorumOf, type Spell, statusAt } from './meeting.rules.js';
import type { Meeting, MeetingAttendance, MeetingFilterInput } from './meeting.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const WHOLE_MEETING = {
  attendances: { orderBy: [{ joinedAt: 'asc' }, { id: 'asc' }] },
} as const satisfies Prisma.MeetingInclude;
export type MeetingRow = Prisma.MeetingGetPayload<{ include: typeof WHOLE_MEETING }>;

/** Meetings as they are read and written down. */
@Injectable()
export class MeetingRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** One. Throws NOT_FOUND. */
  async meeting(id: string): Promise<Meeting> {
    return this.show(await this.#row(this.database.client, id));
  }

  /** In the order of time. */
  async meetings(filter: MeetingFilterInput, page: PageInput): Promise<Page<Meeting>> {
    const rows = await this.database.client.meeting.findMany({
      where: { AND: [this.#toWhere(filter), after(page.after)] },
      include: WHOLE_MEETING,
      orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
      take: page.size + 1,
    });
    const shown = rows.slice(0, page.size);
    const last = shown.at(-1);
    const isMore = rows.length > page.size && last !== undefined;
    return {
      items: shown.map((row) => this.show(row)),
      nextCursor: isMore ? encodeCursor(last.startsAt.toISOString(), last.id) : null,
    };
  }

  /** For this room: those of these meetings that exist, in one statement. */
  async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Meeting>> {
    const rows = await this.database.client.meeting.findMany({
      where: { id: { in: [...new Set(ids)] } },
      include: WHOLE_MEETING,
    });
    return new Map(rows.map((row) => [row.id, this.show(row)]));
  }

  /** For this room: a meeting, held until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<MeetingRow> {
    if (!UUID.test(id)) throw notFound('meeting');
    await tx.$queryRaw(heldMeeting(id));
    return this.#row(tx, id);
  }

  /** For this room: where it stands at this moment. */
  statusOf(row: MeetingRow): Meeting['status'] {
    return statusAt(
      { status: row.status, agendaClosesAt: instantFromDate(row.agendaClosesAt) },
      this.clock.now(),
    );
  }

  /** For this room: makes a meeting, and says so. */
  async create(tx: Tx, actor: Actor, data: Prisma.MeetingUncheckedCreateInput): Promise<Meeting> {
    const row = await tx.meeting.create({ data, include: WHOLE_MEETING });
    return this.#record(tx, actor, 'planned', null, row);
  }

  /** For this room: writes what was decided of a meeting that is held, and says so. */
  async write(
    tx: Tx,
    actor: Actor,
    before: MeetingRow,
    action: string,
    data: Prisma.MeetingUncheckedUpdateInput,
  ): Promise<Meeting> {
    const row = await tx.meeting.update({
      where: { id: before.id },
      data: { ...data, version: { increment: 1 } },
      include: WHOLE_MEETING,
    });
    return this.#record(tx, actor, action, before, row);
  }

  /** For this room: the same of who was there. */
  async attended(tx: Tx, actor: Actor, before: MeetingRow, action: string): Promise<Meeting> {
    return this.#record(tx, actor, action, before, await this.#row(tx, before.id));
  }

  show(row: MeetingRow): Meeting {
    const attendances = row.attendances.map(toAttendance);
    const end = row.closedAt === null ? this.clock.now() : instantFromDate(row.closedAt);
    const { present } = quorumOf(row.quorum, attendances, end, end);
    return {
      id: row.id,
      seriesId: row.seriesId,
      name: row.name,
      startsAt: instantFromDate(row.startsAt),
      endsAt: instantFromDate(row.endsAt),
      agendaClosesAt: instantFromDate(row.agendaClosesAt),
      mode: row.mode,
      place: row.place,
      chairId: row.chairId,
      quorum: row.quorum,
      status: this.statusOf(row),
      attendances,
      missingNow: row.quorum.filter((discipline) => !present.includes(discipline)),
      begunAt: instantOrNull(row.begunAt),
      closedAt: instantOrNull(row.closedAt),
      closedById: row.closedById,
      cancelReason: row.cancelReason,
      version: row.version,
    };
  }

  /** The clinic's calendar day of a moment. */
  dayOf(moment: Temporal.Instant): Temporal.PlainDate {
    return localDate(moment, this.config.clinicTimeZone);
  }

  #toWhere({ seriesId, from, until }: MeetingFilterInput): Prisma.MeetingWhereInput {
    const start = (day: Temporal.PlainDate) => dateFromInstant(startOfDay(day, this.config.clinicTimeZone));
    return {
      ...(seriesId ? { seriesId } : {}),
      startsAt: {
        ...(from ? { gte: start(Temporal.PlainDate.from(from)) } : {}),
        ...(until ? { lt: start(Temporal.PlainDate.from(until).add({ days: 1 })) } : {}),
      },
    };
  }

  async #row(client: Tx, id: string): Promise<MeetingRow> {
    if (!UUID.test(id)) throw notFound('meeting');
    const row = await client.meeting.findUnique({ where: { id }, include: WHOLE_MEETING });
    if (row === null) throw notFound('meeting');
    return row;
  }

  async #record(
    tx: Tx,
    actor: Actor,
    action: string,
    before: MeetingRow | null,
    row: MeetingRow,
  ): Promise<Meeting> {
    const after = this.show(row);
    await this.audit.record(tx, actor, {
      action: `meeting.${action}`,
      subjectType: 'meeting',
      subjectId: row.id,
      ...(before === null ? {} : { before: this.show(before) }),
      after,
    });
    return after;
  }
}

function toAttendance(row: MeetingRow['attendances'][number]): MeetingAttendance {
  return {
    ...{ id: row.id, staffId: row.staffId, guestName: row.guestName, organisation: row.organisation },
    ...{ discipline: row.discipline, isVirtual: row.isVirtual, recordedById: row.recordedById },
    joinedAt: instantFromDate(row.joinedAt),
    leftAt: instantOrNull(row.leftAt),
    recordedAt: instantFromDate(row.recordedAt),
  };
}

/** Who was there, as the rules ask for it. */
export function spellsOf({
  attendances,
}: Pick<MeetingRow, 'attendances'>): readonly (Spell & { readonly staffId: string | null })[] {
  return attendances.map(({ discipline, staffId, joinedAt, leftAt }) => ({
    ...{ discipline, staffId },
    joinedAt: instantFromDate(joinedAt),
    leftAt: instantOrNull(leftAt),
  }));
}

function after(cursor: string | null | undefined): Prisma.MeetingWhereInput {
  if (!cursor) return {};
  const [startsAt, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const moment = dateFromInstant(Temporal.Instant.from(startsAt));
  return { OR: [{ startsAt: { gt: moment } }, { startsAt: moment, id: { gt: id } }] };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
