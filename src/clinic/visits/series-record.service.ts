import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { LOCK_SERIES } from './series.queries.js';
import type { VisitSeries } from './series.type.js';
import type { Visit } from './visit.type.js';
import { VisitRecordService } from './visit-record.service.js';

/** A series that is to be, before its visits. */
export type NewSeries = Pick<
  VisitSeries,
  'patientId' | 'requestId' | 'visitTypeCode' | 'visitsCount' | 'everyDays'
>;

/** Series as they are written down, read with their visits as these stand now. */
@Injectable()
export class SeriesRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The id of a new series, whose visits follow in the same transaction. */
  async begin(tx: Tx, actor: StaffActor, series: NewSeries): Promise<string> {
    const id = newId();
    const bookedAt = dateFromInstant(this.clock.now());
    await tx.visitSeries.create({
      data: { id, ...series, bookedAt, bookedById: actor.id },
      select: { id: true },
    });
    return id;
  }

  /** What was done with the series as a whole; each visit has its own record. */
  async note(
    tx: Tx,
    actor: StaffActor,
    action: 'visit-series.booked' | 'visit-series.cancelled',
    { visits, ...series }: VisitSeries,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'visit-series',
      subjectId: series.id,
      patientIds: [series.patientId],
      after: { ...series, visits: visits.map(({ id, status, version }) => ({ id, status, version })) },
    });
  }

  /** The series, kept from being cancelled by somebody else at once. Throws NOT_FOUND. */
  async lock(tx: Tx, id: string): Promise<VisitSeries> {
    await tx.$queryRawUnsafe(LOCK_SERIES, id);
    return this.read(tx, id);
  }

  /** Throws NOT_FOUND. */
  async read(tx: Tx, id: string): Promise<VisitSeries> {
    const series = (await this.#byIds(tx, [id])).get(id);
    if (series === undefined) throw notFound('visit series');
    return series;
  }

  /** One series; the look is recorded. */
  async visitSeries(actor: Actor, id: string): Promise<VisitSeries> {
    return this.database.transaction(async (tx) => {
      const series = await this.read(tx, id);
      await this.#recordLook(tx, actor, [series]);
      return series;
    });
  }

  /** Several, by id; the look is recorded. */
  async seen(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, VisitSeries>> {
    return this.database.transaction(async (tx) => {
      const all = await this.#byIds(tx, ids);
      await this.#recordLook(tx, actor, [...all.values()]);
      return all;
    });
  }

  async #byIds(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, VisitSeries>> {
    const rows = await tx.visitSeries.findMany({
      where: { id: { in: [...ids] } },
      include: { visits: { select: { id: true } } },
    });
    const visits = await this.visits.byIds(
      tx,
      rows.flatMap((row) => row.visits.map(({ id }) => id)),
    );
    return new Map(
      rows.map(({ visits: _, bookedById: __, bookedAt, ...row }) => {
        const own = visits.filter(({ seriesId }) => seriesId === row.id).toSorted(byPlace);
        return [row.id, { ...row, bookedAt: instantFromDate(bookedAt), visits: own }];
      }),
    );
  }

  async #recordLook(tx: Tx, actor: Actor, shown: readonly VisitSeries[]): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'visit-series.viewed',
      subjectType: 'visit-series',
      ...(shown.length === 1 && shown[0] ? { subjectId: shown[0].id } : {}),
      patientIds: [...new Set(shown.map(({ patientId }) => patientId))],
    });
  }
}

/** Ids are in the order in which the visits were made. */
function byPlace(a: Visit, b: Visit): number {
  return (a.seriesPosition ?? 0) - (b.seriesPosition ?? 0) || (a.id < b.id ? -1 : 1);
}
