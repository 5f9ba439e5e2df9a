import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { DecisionActionStatus } from '../../platform/database/generated/enums.js';
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
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { heldAction } from './decision.queries.js';
import { isActionOverdue } from './decision-action.rules.js';
import type { ActionOutcome, DecisionAction, DecisionActionFilterInput } from './decision-action.type.js';
import { DecisionOutcomeService } from './decision-outcome.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What is said of an action when its owner is told of it. */
export const REMINDED = 'reminded';
const UNSETTLED = [DecisionActionStatus.OPEN, DecisionActionStatus.STARTED];

const WHOLE_ACTION = {
  policy: { select: { remindDaysBefore: true, overdueEveryDays: true } },
  decision: {
    select: {
      caseId: true,
      patientId: true,
      status: true,
      meetingCase: { select: { referralId: true } },
      patientWords: { orderBy: { number: 'desc' }, take: 1, select: { choice: true, recordedAt: true } },
    },
  },
} as const satisfies Prisma.DecisionActionInclude;
export type ActionRow = Prisma.DecisionActionGetPayload<{ include: typeof WHOLE_ACTION }>;

/** Actions as they are read and written down. */
@Injectable()
export class DecisionActionRecordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DecisionOutcomeService) private readonly outcomes: DecisionOutcomeService,
  ) {}

  /** One. The look is recorded. Throws NOT_FOUND. */
  async decisionAction(actor: StaffActor, id: string): Promise<DecisionAction> {
    return this.database.transaction(async (tx) => {
      const row = await this.mustHave(tx, id);
      await this.#look(tx, actor, [row]);
      const [shown] = await this.show(tx, [row]);
      if (shown === undefined) throw notFound('action');
      return shown;
    });
  }

  /** By due day. The look is recorded. */
  async decisionActions(
    actor: StaffActor,
    filter: DecisionActionFilterInput,
    page: PageInput,
  ): Promise<Page<DecisionAction>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.decisionAction.findMany({
        where: { AND: [this.#toWhere(filter), after(page.after)] },
        include: WHOLE_ACTION,
        orderBy: [{ dueOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const shown = rows.slice(0, page.size);
      const last = shown.at(-1);
      await this.#look(tx, actor, shown);
      const isMore = rows.length > page.size && last !== undefined;
      return {
        items: await this.show(tx, shown),
        nextCursor: isMore ? encodeCursor(plainDateFromDate(last.dueOn).toString(), last.id) : null,
      };
    });
  }

  /** By decision, in the same few statements for any number. Whoever shows the decisions records the look. */
  async ofDecisions(decisionIds: readonly string[]): Promise<ReadonlyMap<string, readonly DecisionAction[]>> {
    const rows = await this.database.client.decisionAction.findMany({
      where: { decisionId: { in: [...decisionIds] } },
      include: WHOLE_ACTION,
      orderBy: { id: 'asc' },
    });
    const shown = await this.show(this.database.client, rows);
    return new Map(decisionIds.map((id) => [id, shown.filter(({ decisionId }) => decisionId === id)]));
  }

  /** For this room: an action as it stands. Throws NOT_FOUND. */
  async mustHave(client: Tx, id: string): Promise<ActionRow> {
    const row = UUID.test(id)
      ? await client.decisionAction.findUnique({ where: { id }, include: WHOLE_ACTION })
      : null;
    if (row === null) throw notFound('action');
    return row;
  }

  /** For this room: an action, held until the transaction ends. Throws NOT_FOUND. */
  async hold(tx: Tx, id: string): Promise<ActionRow> {
    if (!UUID.test(id)) throw notFound('action');
    await tx.$queryRaw(heldAction(id));
    return this.mustHave(tx, id);
  }

  /** For this room: changes its row, and says so. */
  async write(
    tx: Tx,
    actor: Actor,
    before: ActionRow | null,
    id: string,
    done: string,
    data: Prisma.DecisionActionUncheckedUpdateInput,
  ): Promise<DecisionAction> {
    if (before !== null) {
      // A reminder changes nothing for whoever has the action open.
      const version = done === REMINDED ? {} : { version: { increment: 1 } };
      await tx.decisionAction.update({ where: { id }, data: { ...data, ...version } });
    }
    const row = await this.mustHave(tx, id);
    await this.audit.record(tx, actor, {
      action: `decision-action.${done}`,
      subjectType: 'decision-action',
      subjectId: id,
      patientIds: [row.decision.patientId],
      ...(before === null ? {} : { before: standingOf(before) }),
      after: standingOf(row),
    });
    const [shown] = await this.show(tx, [row]);
    if (shown === undefined) throw notFound('action');
    return shown;
  }

  /** With what became of each, in one statement for each kind of thing. */
  async show(client: Tx, rows: readonly ActionRow[]): Promise<DecisionAction[]> {
    const outcomes = await this.outcomes.outcomesOf(client, rows);
    const today = localDate(this.clock.now(), this.config.clinicTimeZone);
    return rows.map((row) => {
      const { id, decisionId, kind, what, ownerId, status, endNote, remindersCount, version } = row;
      const dueOn = plainDateFromDate(row.dueOn);
      return {
        ...{ id, decisionId, kind, what, ownerId, status, endNote, remindersCount, version },
        patientId: row.decision.patientId,
        dueOn: dueOn.toString(),
        isOverdue: isActionOverdue({ status, dueOn }, today),
        becameOf: outcomeOf(row, outcomes),
        remindedAt: row.remindedAt === null ? null : instantFromDate(row.remindedAt),
      };
    });
  }

  #toWhere({
    ownerId,
    patientId,
    isOverdue,
    statuses,
  }: DecisionActionFilterInput): Prisma.DecisionActionWhereInput {
    const today = dateFromPlainDate(localDate(this.clock.now(), this.config.clinicTimeZone));
    return {
      status: { in: isOverdue ? UNSETTLED : [...(statuses ?? UNSETTLED)] },
      ...(ownerId ? { ownerId } : {}),
      ...(patientId ? { decision: { patientId } } : {}),
      ...(isOverdue ? { dueOn: { lt: today } } : {}),
    };
  }

  async #look(tx: Tx, actor: Actor, rows: readonly ActionRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.audit.record(tx, actor, {
      action: 'decision-actions.viewed',
      subjectType: 'decision-action',
      patientIds: [...new Set(rows.map(({ decision }) => decision.patientId))],
    });
  }
}

function standingOf({ decisionId, kind, status, ownerId, becameKind, becameId, version, dueOn }: ActionRow) {
  return {
    decisionId,
    kind,
    status,
    ownerId,
    becameKind,
    becameId,
    version,
    dueOn: plainDateFromDate(dueOn).toString(),
  };
}

function outcomeOf(
  { becameId }: ActionRow,
  outcomes: ReadonlyMap<string, ActionOutcome>,
): ActionOutcome | null {
  return becameId === null ? null : (outcomes.get(becameId) ?? null);
}

function after(cursor: string | null | undefined): Prisma.DecisionActionWhereInput {
  if (!cursor) return {};
  const [day, id] = decodeCursor(cursor, ['day', 'uuid']);
  const dueOn = dateFromPlainDate(Temporal.PlainDate.from(day));
  return { OR: [{ dueOn: { gt: dueOn } }, { dueOn, id: { gt: id } }] };
}
