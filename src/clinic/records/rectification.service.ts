import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, Rectification as RectificationRow } from '../../platform/database/generated/client.js';
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
import { PatientService } from '../patients/patient.service.js';
import { lockedRectification } from './records.queries.js';
import { RectificationDecidedAlready } from './rectification.refusals.js';
import type {
  AcceptRectificationInput,
  Addendum,
  Rectification,
  RectificationFilterInput,
  RefuseRectificationInput,
  RequestRectificationInput,
} from './rectification.type.js';
import { RetentionClasses } from './retention-class.type.js';
import { dueDate } from './subject-access.rules.js';

/** Addenda of one record or patient that are shown. */
const ADDENDA_MAX = 200;

type Answer = Rectification | RectificationDecidedAlready;

/** What a patient says is wrong. The record is never edited: an addendum stands beside it. */
@Injectable()
export class RectificationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(RetentionClasses) private readonly classes: RetentionClasses,
  ) {}

  /** Records a request; it is due in a month. Throws NOT_FOUND, BAD_INPUT. */
  async requestRectification(actor: StaffActor, input: RequestRectificationInput): Promise<Rectification> {
    const today = this.#today();
    const receivedOn = input.receivedOn ? Temporal.PlainDate.from(input.receivedOn) : today;
    if (Temporal.PlainDate.compare(receivedOn, today) > 0)
      throw badInput('receivedOn: must not be in the future.');
    const dueOn = dueDate({ receivedOn, pausedOn: null, pausedDays: 0, isExtended: false });
    const { patientId, subjectType, subjectId } = input;
    return this.database.transaction(async (tx) => {
      await this.patients.lockPatient(tx, patientId);
      await this.#mustBelong(tx, input);
      const row = await tx.rectification.create({
        data: {
          ...{ patientId, subjectType, subjectId },
          whatIsWrong: input.whatIsWrong.trim(),
          whatIsAsked: input.whatIsAsked.trim(),
          receivedOn: dateFromPlainDate(receivedOn),
          dueOn: dateFromPlainDate(dueOn),
          recordedAt: dateFromInstant(this.clock.now()),
          recordedById: actor.id,
        },
      });
      return this.#record(tx, actor, 'requested', null, row);
    });
  }

  /** Puts an addendum beside the record. Throws NOT_FOUND. */
  async acceptRectification(actor: StaffActor, input: AcceptRectificationInput): Promise<Answer> {
    const columns = { status: 'ACCEPTED', addendum: input.addendum.trim() } as const;
    return this.#decide(actor, input.rectificationId, 'accepted', columns);
  }

  /** Leaves the record as it stands, with the reason that the person is told. Throws NOT_FOUND. */
  async refuseRectification(actor: StaffActor, input: RefuseRectificationInput): Promise<Answer> {
    const columns = { status: 'REFUSED', refusalReason: input.reason.trim() } as const;
    return this.#decide(actor, input.rectificationId, 'refused', columns);
  }

  /** Requests, those due first at the top. The look is recorded. */
  async rectifications(
    actor: Actor,
    filter: RectificationFilterInput,
    page: PageInput,
  ): Promise<Page<Rectification>> {
    const { patientId, status } = filter;
    const today = this.#today();
    return this.database.transaction(async (tx) => {
      const rows = await tx.rectification.findMany({
        where: {
          AND: [
            patientId ? { patientId } : {},
            status ? { status } : {},
            filter.overdue ? { status: 'REQUESTED', dueOn: { lt: dateFromPlainDate(today) } } : {},
            page.after ? afterDue(page.after) : {},
          ],
        },
        orderBy: [{ dueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      await this.#look(tx, actor, 'rectifications.viewed', shown);
      const last = shown.at(-1);
      const cursor = last && encodeCursor(plainDateFromDate(last.dueOn).toString(), last.id);
      return {
        items: shown.map((row) => toRectification(row, today)),
        nextCursor: rows.length > page.size && cursor ? cursor : null,
      };
    });
  }

  /** What stands beside one record, oldest first. The look is recorded. */
  async addenda(actor: Actor, subjectType: string, subjectId: string): Promise<readonly Addendum[]> {
    return this.database.transaction(async (tx) => {
      const rows = await this.#accepted(tx, { subjectType, subjectId });
      await this.#look(tx, actor, 'addenda.viewed', rows);
      return rows.map(toAddendum);
    });
  }

  /** What stands beside any part of these patients' records. One look, one record. */
  async addendaOfPatients(
    actor: Actor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Addendum[]>> {
    return this.database.transaction(async (tx) => {
      const rows = await this.#accepted(tx, { patientId: { in: [...patientIds] } });
      await this.#look(tx, actor, 'addenda.viewed', rows);
      return mapOf(rows);
    });
  }

  /** Where the kind of record is known here, it is looked whose it is; of other kinds the caller's word counts. */
  async #mustBelong(tx: Tx, { patientId, subjectType, subjectId }: RequestRectificationInput): Promise<void> {
    const holder = this.classes.holderOf(subjectType);
    if (holder === null) return;
    const record = await holder.record(tx, subjectId);
    if (record === null) throw notFound(subjectType);
    if (record.patientId !== patientId) throw badInput('subjectId: this record is not the patient’s.');
  }

  async #accepted(tx: Tx, where: Prisma.RectificationWhereInput): Promise<RectificationRow[]> {
    return tx.rectification.findMany({
      where: { ...where, status: 'ACCEPTED' },
      orderBy: [{ decidedAt: 'asc' }, { id: 'asc' }],
      take: ADDENDA_MAX,
    });
  }

  async #decide(
    actor: StaffActor,
    id: string,
    done: 'accepted' | 'refused',
    columns: Prisma.RectificationUncheckedUpdateInput,
  ): Promise<Answer> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedRectification(id));
      const before = await tx.rectification.findUnique({ where: { id } });
      if (before === null) throw notFound('rectification');
      if (before.status !== 'REQUESTED') return new RectificationDecidedAlready(before.status);
      const row = await tx.rectification.update({
        where: { id },
        data: {
          ...columns,
          decidedAt: dateFromInstant(this.clock.now()),
          decidedById: actor.id,
          version: { increment: 1 },
        },
      });
      return this.#record(tx, actor, done, before, row);
    });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    done: 'requested' | 'accepted' | 'refused',
    before: RectificationRow | null,
    row: RectificationRow,
  ): Promise<Rectification> {
    const today = this.#today();
    const after = toRectification(row, today);
    await this.audit.record(tx, actor, {
      action: `rectification.${done}`,
      subjectType: 'rectification',
      subjectId: row.id,
      patientIds: [row.patientId],
      ...(before === null ? {} : { before: toRectification(before, today) }),
      after,
    });
    return after;
  }

  async #look(tx: Tx, actor: Actor, action: string, rows: readonly RectificationRow[]): Promise<void> {
    const patientIds = [...new Set(rows.map(({ patientId }) => patientId))];
    await this.audit.record(tx, actor, { action, subjectType: 'rectification', patientIds });
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}

function mapOf(rows: readonly RectificationRow[]): ReadonlyMap<string, readonly Addendum[]> {
  const all = new Map<string, Addendum[]>();
  for (const row of rows) {
    const own = all.get(row.patientId);
    if (own === undefined) all.set(row.patientId, [toAddendum(row)]);
    else own.push(toAddendum(row));
  }
  return all;
}

function afterDue(cursor: string) {
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const dueOn = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ dueOn: { gt: dueOn } }, { dueOn, id: { gt: id } }] };
}

function toAddendum({
  id,
  subjectType,
  subjectId,
  addendum,
  decidedAt,
  decidedById,
}: RectificationRow): Addendum {
  if (addendum === null || decidedAt === null || decidedById === null) {
    throw new Error('an accepted request has its addendum');
  }
  return {
    id,
    subjectType,
    subjectId,
    text: addendum,
    addedAt: instantFromDate(decidedAt),
    addedById: decidedById,
  };
}

function toRectification(row: RectificationRow, today: Temporal.PlainDate): Rectification {
  const { id, patientId, subjectType, subjectId, whatIsWrong, whatIsAsked, status } = row;
  const { decidedById, addendum, refusalReason } = row;
  const dueOn = plainDateFromDate(row.dueOn);
  return {
    ...{ id, patientId, subjectType, subjectId, whatIsWrong, whatIsAsked, status },
    ...{ decidedById, addendum, refusalReason },
    receivedOn: plainDateFromDate(row.receivedOn).toString(),
    dueOn: dueOn.toString(),
    isOverdue: status === 'REQUESTED' && Temporal.PlainDate.compare(today, dueOn) > 0,
    decidedAt: row.decidedAt === null ? null : instantFromDate(row.decidedAt),
  };
}
