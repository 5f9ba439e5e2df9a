import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { ClosureStatus, FreedPlaceStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { LOCK_CLOSURE } from './closure.queries.js';
import type { ApplyClosureInput, Closure, ClosureChange, ClosureFilterInput } from './closure.type.js';
import type { ClosedTime } from './closure-facts.service.js';
import type { Visit } from './visit.type.js';
import { VisitRecordService } from './visit-record.service.js';

const WHOLE = { changes: { orderBy: { visitId: 'asc' } } } as const satisfies Prisma.ClosureInclude;

type WholeRow = Prisma.ClosureGetPayload<{ include: typeof WHOLE }>;

/** Closures as they are kept, with what each did. */
@Injectable()
export class ClosureRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
  ) {}

  /** Throws NOT_FOUND. */
  async closure(id: string): Promise<Closure> {
    return this.read(this.database.client, id);
  }

  /** By their start. They name visits by id and nobody, so a look at them is none at a patient. */
  async closures(filter: ClosureFilterInput, page: PageInput): Promise<Page<Closure>> {
    const rows = await this.database.client.closure.findMany({
      where: {
        AND: [
          {
            ...(filter.from ? { endsAt: { gt: dateFromInstant(filter.from) } } : {}),
            ...(filter.until ? { startsAt: { lt: dateFromInstant(filter.until) } } : {}),
            ...(filter.status ? { status: filter.status } : {}),
          },
          after(page.after),
        ],
      },
      include: WHOLE,
      orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
      take: page.size + 1,
    });
    const items = rows.slice(0, page.size).map(toClosure);
    const last = items.at(-1);
    const isLastPage = rows.length <= page.size || last === undefined;
    return { items, nextCursor: isLastPage ? null : encodeCursor(last.startsAt.toString(), last.id) };
  }

  /** The visits of closures as they stand now, by id; the look at their patients is recorded. */
  async visitsOf(actor: StaffActor, ids: readonly string[]): Promise<ReadonlyMap<string, Visit>> {
    return this.database.transaction(async (tx) => {
      const visits = await this.visits.byIds(tx, ids);
      await this.audit.record(tx, actor, {
        action: 'visits.listed',
        subjectType: 'visit',
        patientIds: [...new Set(visits.map(({ patientId }) => patientId))],
      });
      return new Map(visits.map((visit) => [visit.id, visit]));
    });
  }

  async read(reader: Pick<Tx, 'closure'>, id: string): Promise<Closure> {
    const row = await reader.closure.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('closure');
    return toClosure(row);
  }

  /** The closure, kept from changing until the transaction ends. Throws NOT_FOUND. */
  async lock(tx: Tx, id: string): Promise<Closure> {
    await tx.$queryRawUnsafe(LOCK_CLOSURE, id);
    return this.read(tx, id);
  }

  /** The closure itself, before anything is changed for it. */
  async begin(tx: Tx, actor: StaffActor, time: ClosedTime, input: ApplyClosureInput): Promise<Closure> {
    const now = this.clock.now();
    const row = await tx.closure.create({
      data: {
        id: newId(),
        resourceIds: [...time.askedIds],
        siteCode: time.siteCode,
        startsAt: dateFromInstant(time.startsAt),
        endsAt: dateFromInstant(time.endsAt),
        reason: input.reason.trim(),
        appliedAt: dateFromInstant(now),
        appliedById: actor.id,
        tellsAt: dateFromInstant(now.add({ minutes: input.lettersAfterMinutes })),
      },
      include: WHOLE,
    });
    return toClosure(row);
  }

  /** What it did, once it is done. */
  async applied(
    tx: Tx,
    actor: StaffActor,
    closureId: string,
    changes: readonly (ClosureChange & { readonly visit: Visit })[],
  ): Promise<Closure> {
    await tx.closureChange.createMany({
      data: changes.map(({ visit: _, ...change }) => ({ ...change, closureId })),
    });
    const after = await this.read(tx, closureId);
    await this.#note(tx, actor, 'closure.applied', null, after, changes);
    return after;
  }

  /** The places that its visits had left are theirs again: nobody is asked about them any more. */
  async undone(tx: Tx, actor: StaffActor, before: Closure, visits: Iterable<Visit>): Promise<Closure> {
    await tx.closure.update({
      where: { id: before.id },
      data: {
        status: ClosureStatus.UNDONE,
        version: { increment: 1 },
        undoneAt: dateFromInstant(this.clock.now()),
        undoneById: actor.id,
      },
      select: { id: true },
    });
    await tx.freedPlace.updateMany({
      where: {
        status: FreedPlaceStatus.OPEN,
        OR: before.changes.map(({ visitId, toVersion: visitVersion }) => ({ visitId, visitVersion })),
      },
      data: {
        status: FreedPlaceStatus.WITHDRAWN,
        settledAt: dateFromInstant(this.clock.now()),
        version: { increment: 1 },
      },
    });
    const after = await this.read(tx, before.id);
    const changed = [...visits].map((visit) => ({ visit }));
    await this.#note(tx, actor, 'closure.undone', before, after, changed);
    return after;
  }

  async #note(
    tx: Tx,
    actor: StaffActor,
    action: 'closure.applied' | 'closure.undone',
    before: Closure | null,
    after: Closure,
    changed: readonly { readonly visit: Visit }[],
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'closure',
      subjectId: after.id,
      patientIds: [...new Set(changed.map(({ visit }) => visit.patientId))],
      ...(before === null ? {} : { before }),
      after,
    });
  }
}

function toClosure(row: WholeRow): Closure {
  return {
    id: row.id,
    siteCode: row.siteCode,
    resourceIds: row.resourceIds,
    startsAt: instantFromDate(row.startsAt),
    endsAt: instantFromDate(row.endsAt),
    reason: row.reason,
    status: row.status,
    version: row.version,
    appliedAt: instantFromDate(row.appliedAt),
    appliedById: row.appliedById,
    tellsAt: instantFromDate(row.tellsAt),
    undoneAt: row.undoneAt && instantFromDate(row.undoneAt),
    undoneById: row.undoneById,
    changes: row.changes.map(({ closureId: _, ...change }) => change),
  };
}

function after(cursor: string | null | undefined): Prisma.ClosureWhereInput {
  if (!cursor) return {};
  const [startsAt, id] = decodeCursor(cursor, ['instant', 'uuid']);
  const begins = dateFromInstant(Temporal.Instant.from(startsAt));
  return { OR: [{ startsAt: { gt: begins } }, { startsAt: begins, id: { gt: id } }] };
}
