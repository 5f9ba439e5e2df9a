import { Inject, Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { PlannedDoseStatus } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { DoseOrderLineService, keyText, type OrderKey, type SentLine } from './dose-order-line.service.js';
import { DosePlanService, type PlannedColumns, type WantedDose } from './dose-plan.service.js';
import { conflictsOf, conflictText, type DoseFacts, wasteVerdicts } from './planned-dose.rules.js';
import {
  type PlannedDose,
  type PlannedDoseRow,
  toDoseFacts,
  toPlannedDose,
  WITH_TRACER,
} from './planned-dose.type.js';
import { WastedDoseService } from './wasted-dose.service.js';

export type { WantedDose } from './dose-plan.service.js';

/** What whoever books or moves a visit is told of its dose. */
export interface FollowedDose {
  /** Sentences that say what to do; null: nothing stands in its way. */
  readonly conflict: string | null;
}

/** What visits will need. Each follows its visit, and says when the supplier was told something else. */
@Injectable()
export class PlannedDoseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DosePlanService) private readonly plans: DosePlanService,
    @Inject(DoseOrderLineService) private readonly lines: DoseOrderLineService,
    @Inject(WastedDoseService) private readonly wasted: WastedDoseService,
  ) {}

  /**
   * For later rooms, in the transaction that books, moves, cancels or restores a visit, with the visit held: computes its
   * dose anew. It never refuses: what cannot follow is a conflict. After the cut-off a dose that was ordered and is of no
   * use any more is counted as wasted, and counts no more when the visit is put back. Null: nothing radioactive is given.
   */
  async follow(tx: Tx, actor: Actor, want: WantedDose): Promise<FollowedDose | null> {
    const before = await tx.plannedDose.findUnique({
      where: { visitId: want.visitId },
      include: WITH_TRACER,
    });
    const plan = want.injectionAt === null ? null : await this.plans.plan(tx, want, want.injectionAt);
    if (plan === null && before === null) return null;
    await this.#hold(tx, before, plan);
    const after = await this.#write(tx, actor, want, before, plan);
    if (after === null) return null;
    // A dose that was just planned is on no sheet.
    const lines = before === null ? [] : await this.lines.linesOf(tx, [after.id]);
    const drawn = before === null ? new Set<string>() : await this.lines.drawnVisits(tx, [after.visitId]);
    const facts = toDoseFacts(after, drawn.has(after.visitId));
    await this.#settle(tx, actor, facts, lines);
    const key = keyOf(after);
    const sentDays = await this.lines.sentDays(tx, key === null ? [] : [key]);
    return { conflict: conflictText(conflictsOf(facts, lines, sentDays.size > 0, this.clock.now())) };
  }

  /** The dose of a visit; null: it has none. The look is recorded. */
  async plannedDose(actor: StaffActor, visitId: string): Promise<PlannedDose | null> {
    if (!isUUID(visitId)) return null;
    return this.database.transaction(async (tx) => {
      const row = await tx.plannedDose.findUnique({ where: { visitId }, include: WITH_TRACER });
      if (row === null) return null;
      await this.#recordLook(tx, actor, [row]);
      const [dose] = await this.#judged(tx, [row]);
      return dose ?? null;
    });
  }

  /** The doses of a day, by time; those that are not wanted any more too, while a supplier was told of them. The look is recorded. */
  async plannedDoses(
    actor: StaffActor,
    on: string,
    siteCode: string | null,
  ): Promise<readonly PlannedDose[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.plannedDose.findMany({
        where: {
          heldOn: dateFromPlainDate(Temporal.PlainDate.from(on)),
          ...(siteCode === null ? {} : { siteCode }),
          OR: [{ status: PlannedDoseStatus.WANTED }, { orderLines: { some: {} } }],
        },
        include: WITH_TRACER,
        orderBy: [{ injectionAt: 'asc' }, { id: 'asc' }],
      });
      await this.#recordLook(tx, actor, rows);
      return this.#judged(tx, rows);
    });
  }

  /** For this room: doses with what stands in their way now, in the order given. */
  async judged(tx: Tx, rows: readonly PlannedDoseRow[]): Promise<readonly PlannedDose[]> {
    return this.#judged(tx, rows);
  }

  /** Orders of the day before and the day after the change, and of every sheet that names the dose: in line with whoever sends them. */
  async #hold(tx: Tx, before: PlannedDoseRow | null, plan: PlannedColumns | null): Promise<void> {
    const keys = [before === null ? null : keyOf(before), plan === null ? null : keyOf(plan)];
    const distinct = new Map(keys.flatMap((key) => (key === null ? [] : [[keyText(key), key] as const])));
    const lines = before === null ? [] : await this.lines.linesOf(tx, [before.id]);
    await this.lines.hold(
      tx,
      [...distinct.values()],
      lines.map(({ orderId }) => orderId),
    );
  }

  async #write(
    tx: Tx,
    actor: Actor,
    want: WantedDose,
    before: PlannedDoseRow | null,
    plan: PlannedColumns | null,
  ): Promise<PlannedDoseRow | null> {
    const status = plan === null ? PlannedDoseStatus.NOT_WANTED : PlannedDoseStatus.WANTED;
    if (before !== null && before.status === status && isSame(before, plan)) return before;
    const changed = { ...plan, status, changedAt: dateFromInstant(this.clock.now()) };
    const row =
      before === null
        ? plan === null
          ? null
          : await tx.plannedDose.create({
              data: { visitId: want.visitId, ...plan, status, changedAt: changed.changedAt },
              include: WITH_TRACER,
            })
        : await tx.plannedDose.update({
            where: { id: before.id },
            data: { ...changed, version: { increment: 1 } },
            include: WITH_TRACER,
          });
    if (row === null) return null;
    await this.audit.record(tx, actor, {
      action:
        plan === null
          ? 'planned-dose.not-wanted'
          : before === null
            ? 'planned-dose.planned'
            : 'planned-dose.followed',
      subjectType: 'planned-dose',
      subjectId: row.id,
      patientIds: [want.patientId],
      ...(before === null ? {} : { before: columnsOf(before) }),
      after: columnsOf(row),
    });
    return row;
  }

  async #settle(tx: Tx, actor: Actor, facts: DoseFacts, lines: readonly SentLine[]): Promise<void> {
    for (const { lineId, reason } of wasteVerdicts(facts, lines, this.clock.now())) {
      const line = lines.find(({ id }) => id === lineId);
      if (line === undefined) continue;
      if (reason === null) await this.wasted.takeBack(tx, actor, [lineId]);
      else await this.wasted.count(tx, actor, line, reason);
    }
  }

  async #judged(tx: Tx, rows: readonly PlannedDoseRow[]): Promise<readonly PlannedDose[]> {
    const now = this.clock.now();
    const lines = await this.lines.linesOf(
      tx,
      rows.map(({ id }) => id),
    );
    const sentDays = await this.lines.sentDays(
      tx,
      rows.flatMap((row) => keyOf(row) ?? []),
    );
    const drawn = await this.lines.drawnVisits(
      tx,
      rows.map(({ visitId }) => visitId),
    );
    return rows.map((row) => {
      const key = keyOf(row);
      const own = lines.filter(({ plannedDoseId }) => plannedDoseId === row.id);
      const isSent = key !== null && sentDays.has(keyText(key));
      const conflicts = conflictsOf(toDoseFacts(row, drawn.has(row.visitId)), own, isSent, now);
      return toPlannedDose(row, conflicts, conflictText(conflicts));
    });
  }

  async #recordLook(tx: Tx, actor: StaffActor, rows: readonly PlannedDoseRow[]): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'planned-doses.viewed',
      subjectType: 'planned-dose',
      patientIds: [...new Set(rows.map(({ visit }) => visit.patientId))],
    });
  }
}

/** The order that a dose belongs to; null: nobody supplies it. */
function keyOf(row: {
  readonly supplierId?: string | null;
  readonly siteCode: string;
  readonly heldOn: Date | string;
}): OrderKey | null {
  if (!row.supplierId || typeof row.heldOn === 'string') return null;
  return { supplierId: row.supplierId, siteCode: row.siteCode, heldOn: row.heldOn };
}

/** Is everything that is computed as it was? */
function isSame(before: PlannedDoseRow, plan: PlannedColumns | null): boolean {
  if (plan === null) return true;
  const was: Record<string, unknown> = { ...before };
  return Object.entries(plan).every(([name, is]) => comparable(was[name]) === comparable(is));
}

function comparable(column: unknown): unknown {
  return column instanceof Date ? column.getTime() : column;
}

function columnsOf({ tracer: _tracer, halfLife: _halfLife, visit: _visit, ...row }: PlannedDoseRow) {
  return row;
}
