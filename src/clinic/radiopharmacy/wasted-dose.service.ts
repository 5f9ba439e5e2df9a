import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { WastedDoseReason } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import type { SentLine } from './dose-order-line.service.js';
import { toWastedDose, type WastedDoseReport, WITH_LINE } from './wasted-dose.type.js';

/** A year and a day: what somebody compares with an invoice. */
const REPORT_MAX_DAYS = 366;
/** More in a year than any clinic of this kind wastes. */
const REPORT_MAX_ROWS = 2_000;

/** Doses that were ordered and cannot be used, counted once, and taken back when they are of use after all. */
@Injectable()
export class WastedDoseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** For this room, with the line's order held: counts it, unless it is counted already. */
  async count(tx: Tx, actor: Actor, line: SentLine, reason: WastedDoseReason): Promise<void> {
    const counted = await tx.wastedDose.count({ where: { lineId: line.id, takenBackAt: null } });
    if (counted > 0) return;
    const row = await tx.wastedDose.create({
      data: {
        orderId: line.orderId,
        lineId: line.id,
        reason,
        activityMbq: line.activityAtCalibrationMbq,
        isChargeable: line.chargesWasted,
        countedAt: dateFromInstant(this.clock.now()),
        countedById: actor.id,
      },
    });
    await this.audit.record(tx, actor, {
      action: 'dose.wasted',
      subjectType: 'wasted-dose',
      subjectId: row.id,
      patientIds: await this.#patientsOf(tx, [line.plannedDoseId]),
      after: row,
    });
  }

  /** For this room, with the orders held: what was counted of these lines counts no more. How many that were. */
  async takeBack(tx: Tx, actor: Actor, lineIds: readonly string[]): Promise<number> {
    const takenBack = { takenBackAt: dateFromInstant(this.clock.now()), takenBackById: actor.id };
    const rows = await tx.wastedDose.updateManyAndReturn({
      where: { lineId: { in: [...lineIds] }, takenBackAt: null },
      data: takenBack,
      include: { line: { select: { plannedDoseId: true } } },
    });
    for (const { line, ...row } of rows) {
      await this.audit.record(tx, actor, {
        action: 'dose.not-wasted',
        subjectType: 'wasted-dose',
        subjectId: row.id,
        patientIds: await this.#patientsOf(tx, [line.plannedDoseId]),
        before: { ...row, takenBackAt: null, takenBackById: null },
        after: row,
      });
    }
    return rows.length;
  }

  /** What was wasted on days of delivery from one to another, both included. The look is recorded. */
  async wastedDoses(actor: StaffActor, from: string, until: string): Promise<WastedDoseReport> {
    const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(until)];
    const days = first.until(last, { largestUnit: 'day' }).days;
    if (days < 0 || days > REPORT_MAX_DAYS)
      throw badInput(`until: must be from 0 to ${REPORT_MAX_DAYS} days after from.`);
    return this.database.transaction(async (tx) => {
      const rows = await tx.wastedDose.findMany({
        where: {
          takenBackAt: null,
          order: { heldOn: { gte: dateFromPlainDate(first), lte: dateFromPlainDate(last) } },
        },
        include: WITH_LINE,
        orderBy: [{ order: { heldOn: 'asc' } }, { id: 'asc' }],
        take: REPORT_MAX_ROWS,
      });
      const doses = rows.map(toWastedDose);
      const visits = await tx.visit.findMany({
        where: { id: { in: doses.map(({ visitId }) => visitId) } },
        select: { patientId: true },
      });
      await this.audit.record(tx, actor, {
        action: 'wasted-doses.viewed',
        subjectType: 'wasted-dose',
        patientIds: [...new Set(visits.map(({ patientId }) => patientId))],
        after: { from, until },
      });
      return {
        count: doses.length,
        chargeableCount: doses.filter(({ isChargeable }) => isChargeable).length,
        activityMbq: doses.reduce((sum, { activityMbq }) => sum + activityMbq, 0),
        doses,
      };
    });
  }

  async #patientsOf(tx: Tx, plannedDoseIds: readonly string[]): Promise<readonly string[]> {
    const rows = await tx.plannedDose.findMany({
      where: { id: { in: [...plannedDoseIds] } },
      select: { visit: { select: { patientId: true } } },
    });
    return [...new Set(rows.map(({ visit }) => visit.patientId))];
  }
}
