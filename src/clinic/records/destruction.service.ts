import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type {
  DestructionItem as ItemRow,
  Prisma,
  DestructionRun as RunRow,
} from '../../platform/database/generated/client.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import { AuditRetentionService } from '../audit/audit-retention.service.js';
import { DESTRUCTION_ACTOR } from './destruction-listing.service.js';
import { statusWhenDone } from './destruction-run.rules.js';
import { destructionOf, lockedItem, lockedRun, openItems, sharedRun } from './records.queries.js';
import { type DestroyedPart, RetentionClasses, type RetentionHolder } from './retention-class.type.js';
import { RetentionJudgeService } from './retention-judge.service.js';

/** Items of one turn of the job; each is a transaction of its own. */
export const DESTRUCTION_BATCH_ITEMS = 20;

/** What was found out about an item at the moment of its destruction. */
type Outcome = { readonly skip: string; readonly holdId: string | null } | { readonly skip: null };

type ItemWithRun = ItemRow & { readonly run: RunRow };

/**
 * Carries out an approved list, one record in one transaction: judged afresh, destroyed, its stub and its audit row
 * written, or none of it. A process that dies in the middle leaves what is whole; whoever goes on takes what is still listed.
 */
@Injectable()
export class DestructionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RetentionClasses) private readonly classes: RetentionClasses,
    @Inject(RetentionJudgeService) private readonly judge: RetentionJudgeService,
    @Inject(AuditRetentionService) private readonly auditContent: AuditRetentionService,
  ) {}

  /** One turn. True: there is more to do. */
  async goOn(runId: string): Promise<boolean> {
    const found = await this.database.client.$queryRaw<{ id: string }[]>(
      openItems(runId, DESTRUCTION_BATCH_ITEMS),
    );
    const failures: unknown[] = [];
    for (const { id } of found) {
      await this.destroyItem(runId, id).catch((error: unknown) => failures.push(error));
    }
    // The others have had their turn. The job's own record says that it failed; it comes again.
    if (failures.length > 0) throw failures[0];
    return this.#settleRun(runId);
  }

  /** One record. Doing it twice is doing it once: what is no longer listed is left as it is. */
  async destroyItem(runId: string, itemId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.$queryRaw(sharedRun(runId));
      await tx.$queryRaw(lockedItem(itemId));
      const item = await tx.destructionItem.findUnique({ where: { id: itemId }, include: { run: true } });
      if (item === null || item.status !== 'LISTED' || item.run.status !== 'APPROVED') return;
      const now = this.clock.now();
      if (isOver(item.run, now)) return this.#skip(tx, item, { skip: 'APPROVAL_LAPSED', holdId: null }, now);
      const holder = this.classes.holderOf(item.subjectType);
      if (holder === null) return this.#skip(tx, item, { skip: 'NO_HOLDER', holdId: null }, now);
      await tx.$executeRaw(destructionOf(itemId));
      const outcome = await this.#judgeAfresh(tx, item, holder);
      if (outcome.skip !== null) return this.#skip(tx, item, outcome, now);
      await this.#destroy(tx, item, holder, now);
    });
  }

  /** Under the record's lock: a contact, a hold or a rule that came since the list counts. */
  async #judgeAfresh(tx: Tx, item: ItemWithRun, holder: RetentionHolder): Promise<Outcome> {
    // Before the record: who places a hold on the whole of it waits here, or is seen below.
    if (item.patientId !== null) await this.judge.holdPatient(tx, item.patientId);
    const record = await holder.record(tx, item.subjectId);
    if (record === null) return { skip: 'GONE', holdId: null };
    const judgement = await this.judge.judgeNow(tx, holder.subjectType, record);
    switch (judgement.kind) {
      case 'DUE':
        return { skip: null };
      case 'HELD':
        return { skip: judgement.code, holdId: judgement.holdId };
      case 'NOT_DUE':
        return { skip: judgement.code, holdId: null };
    }
  }

  async #destroy(tx: Tx, item: ItemWithRun, holder: RetentionHolder, now: Temporal.Instant): Promise<void> {
    const { run } = item;
    if (run.approvedById === null) throw new Error('an approved run names who approved it');
    const { approvedById } = run;
    const parts = [
      ...(await holder.destroy(tx, DESTRUCTION_ACTOR, item.subjectId, {
        ...{ itemId: item.id, runId: run.id, approvedById, at: now },
      })),
      ...(await this.#emptyAudit(tx, item)),
    ];
    await tx.destructionStub.create({ data: stubOf(item, approvedById, parts, now) });
    await tx.destructionItem.update({
      where: { id: item.id },
      data: { status: 'DESTROYED', settledAt: dateFromInstant(now) },
    });
    await this.audit.record(tx, DESTRUCTION_ACTOR, {
      action: 'record.destroyed',
      subjectType: item.subjectType,
      subjectId: item.subjectId,
      patientIds: item.patientId === null ? [] : [item.patientId],
      after: { ...whatOf(item), startedById: run.startedById, approvedById, parts },
    });
  }

  /** What the audit record held of it goes, too; of a patient's whole record that is done with the whole. */
  async #emptyAudit(tx: Tx, { subjectType, subjectId }: ItemWithRun): Promise<readonly DestroyedPart[]> {
    const count = await this.auditContent.emptySubject(tx, subjectType, subjectId);
    return count === 0 ? [] : [{ what: 'contents of audit entries', count }];
  }

  async #skip(
    tx: Tx,
    item: ItemWithRun,
    { skip, holdId }: { readonly skip: string; readonly holdId: string | null },
    now: Temporal.Instant,
  ): Promise<void> {
    await tx.destructionItem.update({
      where: { id: item.id },
      data: { status: 'SKIPPED', code: skip, holdId, settledAt: dateFromInstant(now) },
    });
    await this.audit.record(tx, DESTRUCTION_ACTOR, {
      action: 'record.kept',
      subjectType: item.subjectType,
      subjectId: item.subjectId,
      patientIds: item.patientId === null ? [] : [item.patientId],
      after: { ...whatOf(item), code: skip, holdId },
    });
  }

  /** Ends the run when nothing is left to do, or no time is left to do it in. True: there is more. */
  async #settleRun(runId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedRun(runId));
      const run = await tx.destructionRun.findUnique({ where: { id: runId } });
      if (run === null || run.status !== 'APPROVED' || run.approvedUntil === null) return false;
      const open = await tx.destructionItem.count({ where: { runId, status: 'LISTED' } });
      const now = this.clock.now();
      const status = statusWhenDone(open, now, instantFromDate(run.approvedUntil));
      // What is still listed of a lapsed run is skipped one by one, so that each is said.
      if (status === null || open > 0) return open > 0;
      await tx.destructionRun.update({
        where: { id: runId },
        data: { status, finishedAt: dateFromInstant(now), version: { increment: 1 } },
      });
      await this.audit.record(tx, DESTRUCTION_ACTOR, {
        action: 'destruction-run.finished',
        subjectType: 'destruction-run',
        subjectId: runId,
        before: { status: run.status },
        after: { status },
      });
      return false;
    });
  }
}

function isOver({ approvedUntil }: RunRow, now: Temporal.Instant): boolean {
  return approvedUntil === null || approvedUntil.getTime() < now.epochMilliseconds;
}

/** Which record of which list by which rule: no content. */
function whatOf({ id, runId, recordClass, ruleId, trigger, triggerOn, dueOn }: ItemWithRun) {
  return { itemId: id, runId, recordClass, ruleId, trigger, triggerOn, dueOn };
}

function stubOf(
  item: ItemWithRun,
  approvedById: string,
  parts: readonly DestroyedPart[],
  now: Temporal.Instant,
): Prisma.DestructionStubUncheckedCreateInput {
  const { id: itemId, runId, recordClass, subjectType, subjectId, patientId, ruleId, trigger } = item;
  return {
    ...{ itemId, runId, recordClass, subjectType, subjectId, patientId, ruleId, trigger, approvedById },
    triggerOn: item.triggerOn,
    dueOn: item.dueOn,
    parts: parts.map((part) => ({ ...part, identifiers: [...(part.identifiers ?? [])] })),
    startedById: item.run.startedById,
    destroyedAt: dateFromInstant(now),
  };
}
