import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { Discipline } from '../../platform/database/generated/enums.js';
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
import type { StaffActor } from '../audit/audit.type.js';
import { DisciplineAlreadyEnded, DisciplineAlreadyHeld } from './discipline.refusals.js';
import { isHeldOn, readStaffRegistration, registrationProblem } from './discipline.rules.js';
import type {
  EndStaffDisciplineInput,
  RecordStaffDisciplineInput,
  StaffDiscipline,
} from './discipline.type.js';

/** More than a clinic's staff and all that they ever were; a list without an end would be one slow answer. */
const DISCIPLINES_MAX = 1000;

const WHOLE = {
  staff: { select: { displayName: true } },
} as const satisfies Prisma.StaffDisciplineInclude;
type DisciplineRow = Prisma.StaffDisciplineGetPayload<{ include: typeof WHOLE }>;

/** In which disciplines members of staff practise, day by day. */
@Injectable()
export class DisciplineService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * For later rooms: the disciplines of these members of staff on a day, in one statement and the enum's order. Who
   * holds none is left out.
   */
  async disciplinesOf(
    tx: Tx,
    staffIds: readonly string[],
    on: Temporal.PlainDate,
  ): Promise<ReadonlyMap<string, readonly Discipline[]>> {
    const day = dateFromPlainDate(on);
    const rows = await tx.staffDiscipline.findMany({
      where: {
        staffId: { in: [...new Set(staffIds)] },
        effectiveFrom: { lte: day },
        OR: [{ endedOn: null }, { endedOn: { gt: day } }],
      },
      orderBy: { discipline: 'asc' },
      select: { staffId: true, discipline: true },
    });
    const held = new Map<string, Discipline[]>();
    for (const { staffId, discipline } of rows) held.set(staffId, [...(held.get(staffId) ?? []), discipline]);
    return held;
  }

  async recordStaffDiscipline(
    actor: StaffActor,
    input: RecordStaffDisciplineInput,
  ): Promise<StaffDiscipline | DisciplineAlreadyHeld> {
    const registrationBody = input.registrationBody ?? null;
    const registrationNumber = readStaffRegistration(registrationBody, input.registrationNumber ?? null);
    const problem = registrationProblem(registrationBody, registrationNumber);
    if (problem !== null) throw badInput(problem);
    return this.database.transaction<StaffDiscipline, DisciplineAlreadyHeld>(
      async (tx) => {
        const staff = await tx.staffAccount.findUnique({
          where: { id: input.staffId },
          select: { id: true },
        });
        if (staff === null) throw notFound('staff account');
        const row = await tx.staffDiscipline.create({
          data: {
            staffId: input.staffId,
            discipline: input.discipline,
            registrationBody,
            registrationNumber,
            effectiveFrom: dateFromPlainDate(Temporal.PlainDate.from(input.effectiveFrom)),
            recordedAt: dateFromInstant(this.clock.now()),
            recordedById: actor.id,
          },
          include: WHOLE,
        });
        const after = this.#toDiscipline(row);
        await this.audit.record(tx, actor, {
          action: 'staff-discipline.recorded',
          subjectType: 'staff-discipline',
          subjectId: row.id,
          after,
        });
        return after;
      },
      { onConstraint: { staff_disciplines_once_a_day: () => new DisciplineAlreadyHeld() } },
    );
  }

  /** From that day on it is held no more; what was written and decided before stays what it was. */
  async endStaffDiscipline(
    actor: StaffActor,
    input: EndStaffDisciplineInput,
  ): Promise<StaffDiscipline | DisciplineAlreadyEnded> {
    const on = Temporal.PlainDate.from(input.on);
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM staff_disciplines WHERE id = ${input.id}::uuid FOR NO KEY UPDATE`;
      const row = await tx.staffDiscipline.findUnique({ where: { id: input.id }, include: WHOLE });
      if (row === null) throw notFound('staff discipline');
      if (row.endedOn !== null) return new DisciplineAlreadyEnded();
      if (Temporal.PlainDate.compare(on, plainDateFromDate(row.effectiveFrom)) < 0) {
        throw badInput('on: must not be before the first day.');
      }
      const ended = await tx.staffDiscipline.update({
        where: { id: row.id },
        data: {
          endedOn: dateFromPlainDate(on),
          endReason: input.reason.trim(),
          endedAt: dateFromInstant(this.clock.now()),
          endedById: actor.id,
        },
        include: WHOLE,
      });
      const after = this.#toDiscipline(ended);
      await this.audit.record(tx, actor, {
        action: 'staff-discipline.ended',
        subjectType: 'staff-discipline',
        subjectId: row.id,
        before: this.#toDiscipline(row),
        after,
      });
      return after;
    });
  }

  /** By name; past ones too. Null: everybody's. */
  async staffDisciplines(staffId: string | null): Promise<readonly StaffDiscipline[]> {
    const rows = await this.database.client.staffDiscipline.findMany({
      where: staffId === null ? {} : { staffId },
      include: WHOLE,
      orderBy: [
        { staff: { displayName: 'asc' } },
        { staffId: 'asc' },
        { effectiveFrom: 'asc' },
        { id: 'asc' },
      ],
      take: DISCIPLINES_MAX,
    });
    return rows.map((row) => this.#toDiscipline(row));
  }

  #toDiscipline(row: DisciplineRow): StaffDiscipline {
    const effectiveFrom = plainDateFromDate(row.effectiveFrom);
    const endedOn = row.endedOn === null ? null : plainDateFromDate(row.endedOn);
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return {
      id: row.id,
      staffId: row.staffId,
      staffName: row.staff.displayName,
      discipline: row.discipline,
      registrationBody: row.registrationBody,
      registrationNumber: row.registrationNumber,
      effectiveFrom: effectiveFrom.toString(),
      endedOn: endedOn?.toString() ?? null,
      endReason: row.endReason,
      recordedAt: instantFromDate(row.recordedAt),
      recordedById: row.recordedById,
      isHeldToday: isHeldOn({ effectiveFrom, endedOn }, today),
    };
  }
}
