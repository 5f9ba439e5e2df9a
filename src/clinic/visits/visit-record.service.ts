import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, startOfDay, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { LAST_IN_LINE, LOCK_VISITS, PAGES_OF_PATIENTS, VISITS } from './visit.queries.js';
import { shownStatus } from './visit.rules.js';
import type { Visit, VisitFilterInput, VisitStep } from './visit.type.js';

type Json<T> = {
  readonly [Name in keyof T]: T[Name] extends Temporal.Instant
    ? number
    : T[Name] extends Temporal.Instant | null
      ? number | null
      : T[Name];
};

/** A visit as the database says it in one text: instants are milliseconds since 1970. */
type VisitJson = Json<Omit<Visit, 'steps'>> & { readonly steps: readonly Json<VisitStep>[] };

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

  /** Several visits, locked in the order of their ids. Those that there are not are left out. */
  async lockAll(tx: Tx, ids: readonly string[]): Promise<readonly Visit[]> {
    await tx.$queryRawUnsafe(LOCK_VISITS, ids);
    return this.byIds(tx, ids);
  }

  async read(tx: Tx, visitId: string): Promise<Visit> {
    const visit = (await this.readAll(tx, [visitId])).get(visitId);
    if (visit === undefined) throw notFound('visit');
    return visit;
  }

  /** Those of these visits that there are, by id. */
  async readAll(
    reader: Pick<Tx, '$queryRawUnsafe'>,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Visit>> {
    if (ids.length === 0) return new Map();
    const rows = await reader.$queryRawUnsafe<readonly { visit: VisitJson }[]>(VISITS, ids);
    const now = this.clock.now();
    return new Map(rows.map(({ visit }) => [visit.id, fromJson(visit, now)]));
  }

  /** Visits as they stand now; those that there are not are left out. Whoever shows them records the look. */
  async byIds(reader: Pick<Tx, '$queryRawUnsafe'>, ids: readonly string[]): Promise<readonly Visit[]> {
    const visits = await this.readAll(reader, ids);
    return ids.flatMap((id) => visits.get(id) ?? []);
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
        select: { id: true },
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const found = toPage(await this.inOrder(tx, rows), page.size);
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
      const visits = await this.inOrder(tx, ids);
      await this.audit.record(tx, actor, {
        action: 'visits.listed',
        subjectType: 'visit',
        patientIds: [...patientIds],
      });
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

  /** These visits, by id. The look is not recorded: whoever shows them does. */
  async known(ids: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
    return this.readAll(this.database.client, ids);
  }

  /** Of each of these visits, the one that stands in its place now: the last of those booked instead. */
  async standingInstead(ids: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
    const pairs = await this.database.client.$queryRawUnsafe<readonly { id: string; lastId: string }[]>(
      LAST_IN_LINE,
      ids,
    );
    const lastIds = pairs.map(({ lastId }) => lastId);
    const visits = await this.readAll(this.database.client, lastIds);
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

  private inOrder(tx: Tx, rows: readonly { readonly id: string }[]): Promise<readonly Visit[]> {
    return this.byIds(
      tx,
      rows.map(({ id }) => id),
    );
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

function fromJson(json: VisitJson, now: Temporal.Instant): Visit {
  const heldUntil = momentOrNull(json.heldUntil);
  return {
    ...json,
    status: shownStatus(json.status, heldUntil, now),
    startsAt: moment(json.startsAt),
    endsAt: moment(json.endsAt),
    heldUntil,
    steps: json.steps.map((step) => ({
      ...step,
      startsAt: moment(step.startsAt),
      endsAt: moment(step.endsAt),
      startedAt: momentOrNull(step.startedAt),
      endedAt: momentOrNull(step.endedAt),
    })),
    arrivedAt: momentOrNull(json.arrivedAt),
    startedAt: momentOrNull(json.startedAt),
    finishedAt: momentOrNull(json.finishedAt),
    cancelledAt: momentOrNull(json.cancelledAt),
    bookedAt: moment(json.bookedAt),
    changedAt: moment(json.changedAt),
  };
}

function moment(epochMs: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(epochMs);
}

function momentOrNull(epochMs: number | null): Temporal.Instant | null {
  return epochMs === null ? null : moment(epochMs);
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
