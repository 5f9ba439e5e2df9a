import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LAST_IN_LINE, LOCK_VISITS, PAGES_OF_PATIENTS } from './visit.queries.js';
import { shownStatus } from './visit.rules.js';
import type { Visit, VisitFilterInput, VisitStep } from './visit.type.js';

/** What is read with a visit, so that a list of visits takes as many statements as one. */
const WHOLE = {
  steps: {
    orderBy: { position: 'asc' },
    include: {
      resources: {
        orderBy: { role: 'asc' },
        include: { resource: { select: { id: true, kind: true, name: true } } },
      },
    },
  },
  replacedBy: { select: { id: true } },
} as const satisfies Prisma.VisitInclude;

type WholeRow = Prisma.VisitGetPayload<{ include: typeof WHOLE }>;

/** Reading visits, always as they stand now. */
@Injectable()
export class VisitRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The visit, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async lock(tx: Tx, visitId: string): Promise<Visit> {
    await tx.$queryRawUnsafe(LOCK_VISITS, [visitId]);
    return this.read(tx, visitId);
  }

  /** Two visits, locked in the order of their ids whatever the order asked for. Throws NOT_FOUND. */
  async lockBoth(tx: Tx, firstId: string, secondId: string): Promise<readonly [Visit, Visit]> {
    await tx.$queryRawUnsafe(LOCK_VISITS, [firstId, secondId]);
    return [await this.read(tx, firstId), await this.read(tx, secondId)];
  }

  async read(tx: Tx, visitId: string): Promise<Visit> {
    const row = await tx.visit.findUnique({ where: { id: visitId }, include: WHOLE });
    if (row === null) throw notFound('visit');
    return this.toVisit(row);
  }

  /** One visit; the look is recorded. */
  async visit(actor: Actor, id: string): Promise<Visit> {
    return this.database.transaction(async (tx) => {
      const visit = await this.read(tx, id);
      await this.audit.record(tx, actor, {
        action: 'visit.viewed',
        subjectType: 'visit',
        subjectId: id,
        patientIds: [visit.patientId],
      });
      return visit;
    });
  }

  /** Visits by their start; the look at their patients is recorded. */
  async visits(actor: Actor, filter: VisitFilterInput, page: PageInput): Promise<Page<Visit>> {
    if (filter.from && filter.until && filter.from > filter.until) {
      throw badInput('filter.until: must not be before filter.from.');
    }
    return this.database.transaction(async (tx) => {
      const rows = await tx.visit.findMany({
        where: { AND: [this.toWhere(filter), after(page.after)] },
        include: WHOLE,
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const found = toPage(
        rows.map((row) => this.toVisit(row)),
        page.size,
      );
      await this.audit.record(tx, actor, {
        action: 'visits.listed',
        subjectType: 'visit',
        patientIds: [...new Set(found.items.map((item) => item.patientId))],
      });
      return found;
    });
  }

  /** Pages of patients' visits by their keys. Patients of one list ask for the same page: one round for all of them. */
  async pagesOfPatients(actor: Actor, keys: readonly string[]): Promise<ReadonlyMap<string, Page<Visit>>> {
    const rounds = new Map<string, { readonly page: PageInput; readonly patientIds: string[] }>();
    for (const key of keys) {
      const { patientId, size, after } = JSON.parse(key) as PageKey;
      const round = rounds.get(`${size} ${after}`) ?? { page: { size, after }, patientIds: [] };
      rounds.set(`${size} ${after}`, round);
      round.patientIds.push(patientId);
    }
    const pages = new Map<string, Page<Visit>>();
    for (const { page, patientIds } of rounds.values()) {
      const found = await this.ofPatients(actor, patientIds, page);
      for (const [patientId, visits] of found) pages.set(toPageKey(patientId, page), visits);
    }
    return pages;
  }

  /** One page of the visits of each of these patients, the latest first; the look is recorded. */
  private async ofPatients(
    actor: Actor,
    patientIds: readonly string[],
    page: PageInput,
  ): Promise<ReadonlyMap<string, Page<Visit>>> {
    const [startsAt, id] = page.after ? decodeCursor(page.after, ['instant', 'uuid']) : [null, null];
    return this.database.transaction(async (tx) => {
      const ids = await tx.$queryRawUnsafe<readonly { id: string }[]>(
        PAGES_OF_PATIENTS,
        patientIds,
        page.size + 1,
        startsAt,
        id,
      );
      const rows = await tx.visit.findMany({
        where: { id: { in: ids.map((row) => row.id) } },
        include: WHOLE,
        orderBy: [{ startsAt: 'desc' }, { id: 'desc' }],
      });
      await this.audit.record(tx, actor, {
        action: 'visits.listed',
        subjectType: 'visit',
        patientIds: [...patientIds],
      });
      const visits = rows.map((row) => this.toVisit(row));
      return new Map(
        patientIds.map((patientId) => [
          patientId,
          toPage(
            visits.filter((visit) => visit.patientId === patientId),
            page.size,
          ),
        ]),
      );
    });
  }

  /** Of each of these visits, the one that stands in its place now: the last of those booked instead. */
  async standingInstead(ids: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
    const pairs = await this.database.client.$queryRawUnsafe<readonly { id: string; lastId: string }[]>(
      LAST_IN_LINE,
      ids,
    );
    const rows = await this.database.client.visit.findMany({
      where: { id: { in: pairs.map(({ lastId }) => lastId) } },
      include: WHOLE,
    });
    const visits = new Map(rows.map((row) => [row.id, this.toVisit(row)]));
    return new Map(
      pairs.flatMap(({ id, lastId }) => {
        const visit = visits.get(lastId);
        return visit === undefined ? [] : [[id, visit] as const];
      }),
    );
  }

  private toWhere(filter: VisitFilterInput): Prisma.VisitWhereInput {
    const zone = this.config.clinicTimeZone;
    const from = filter.from ? startOfDay(Temporal.PlainDate.from(filter.from), zone) : null;
    const until = filter.until
      ? startOfDay(Temporal.PlainDate.from(filter.until).add({ days: 1 }), zone)
      : null;
    return {
      startsAt: {
        ...(from ? { gte: dateFromInstant(from) } : {}),
        ...(until ? { lt: dateFromInstant(until) } : {}),
      },
      ...(filter.status ? this.standing(filter.status) : {}),
      ...(filter.patientId ? { patientId: filter.patientId } : {}),
      ...(filter.visitTypeCode ? { visitTypeCode: filter.visitTypeCode } : {}),
      ...(filter.resourceId
        ? { steps: { some: { resources: { some: { resourceId: filter.resourceId } } } } }
        : {}),
    };
  }

  /** A hold is judged when it is read: what the table says is not yet what is shown. */
  private standing(status: VisitStatus): Prisma.VisitWhereInput {
    const now = dateFromInstant(this.clock.now());
    if (status === VisitStatus.HELD) return { status, heldUntil: { gt: now } };
    if (status !== VisitStatus.LAPSED) return { status };
    return { OR: [{ status }, { status: VisitStatus.HELD, heldUntil: { lte: now } }] };
  }

  private toVisit(row: WholeRow): Visit {
    const heldUntil = instantOrNull(row.heldUntil);
    return {
      id: row.id,
      status: shownStatus(row.status, heldUntil, this.clock.now()),
      version: row.version,
      patientId: row.patientId,
      visitTypeCode: row.visitTypeCode,
      protocolId: row.protocolId,
      requestId: row.requestId,
      startsAt: instantFromDate(row.startsAt),
      endsAt: instantFromDate(row.endsAt),
      heldUntil,
      steps: row.steps.map(toStep),
      movesCount: row.movesCount,
      replacesId: row.replacesId,
      replacedById: row.replacedBy?.id ?? null,
      arrivedAt: instantOrNull(row.arrivedAt),
      startedAt: instantOrNull(row.startedAt),
      finishedAt: instantOrNull(row.finishedAt),
      discontinuedBecause: row.discontinuedBecause,
      cancelledAt: instantOrNull(row.cancelledAt),
      cancelReasonCode: row.cancelReasonCode,
      cancelComment: row.cancelComment,
      overrideReason: row.overrideReason,
      bookedAt: instantFromDate(row.bookedAt),
      changedAt: instantFromDate(row.changedAt),
    };
  }
}

interface PageKey {
  readonly patientId: string;
  readonly size: number;
  readonly after: string | null;
}

/** One key for one page of one patient's visits. */
export function toPageKey(patientId: string, { size, after }: PageInput): string {
  return JSON.stringify({ patientId, size, after: after ?? null } satisfies PageKey);
}

function toStep(row: WholeRow['steps'][number]): VisitStep {
  return {
    position: row.position,
    name: row.name,
    startsAt: instantFromDate(row.startsAt),
    endsAt: instantFromDate(row.endsAt),
    startedAt: instantOrNull(row.startedAt),
    endedAt: instantOrNull(row.endedAt),
    resources: row.resources.map(({ role, resource }) => ({ role, resource })),
  };
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}

function toPage(visits: readonly Visit[], size: number): Page<Visit> {
  const items = visits.slice(0, size);
  const last = items.at(-1);
  const isLastPage = visits.length <= size || last === undefined;
  return { items, nextCursor: isLastPage ? null : encodeCursor(last.startsAt.toString(), last.id) };
}

function after(cursor: string | null | undefined): Prisma.VisitWhereInput {
  if (!cursor) return {};
  const [startsAt, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const begins = dateFromInstant(Temporal.Instant.from(startsAt));
  return { OR: [{ startsAt: { gt: begins } }, { startsAt: begins, id: { gt: id } }] };
}
