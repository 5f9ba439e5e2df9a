import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma, DestructionRun as RunRow } from '../../platform/database/generated/client.js';
import { Clock, dateFromInstant, dateFromPlainDate, plainDateFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { RUN_ITEMS_MAX } from './destruction-run.rules.js';
import { lockedRun } from './records.queries.js';
import { createdUntil } from './retention.rules.js';
import { RetentionClasses, type RetentionHolder } from './retention-class.type.js';
import { type JudgedRecord, RetentionJudgeService } from './retention-judge.service.js';
import { RetentionRuleService } from './retention-rule.service.js';

/** Records looked at in one transaction: a second's work, and little to do again when the process dies. */
const LISTING_BATCH_RECORDS = 200;

export const DESTRUCTION_ACTOR: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'destruction',
  requestId: null,
  source: null,
};

/** The dry run: looks at record after record and writes down which are due, and which of those are held. Changes no record. */
@Injectable()
export class DestructionListingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RetentionClasses) private readonly classes: RetentionClasses,
    @Inject(RetentionRuleService) private readonly rules: RetentionRuleService,
    @Inject(RetentionJudgeService) private readonly judge: RetentionJudgeService,
  ) {}

  /** One batch. Where the run has got to is kept with it, so that whoever goes on goes on there. True: there is more to look at. */
  async goOn(runId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedRun(runId));
      const run = await tx.destructionRun.findUnique({ where: { id: runId } });
      if (run === null || run.status !== 'LISTING') return false;
      const holders = this.#holders(run);
      const holder = holders.find(
        ({ subjectType }) => subjectType === (run.cursorType ?? holders[0]?.subjectType),
      );
      if (holder === undefined) return this.#finish(tx, run, false);
      const records = await this.#candidates(tx, run, holder);
      const asOf = plainDateFromDate(run.asOf);
      const judged = await this.judge.judge(tx, holder.subjectType, records, asOf);
      const room = RUN_ITEMS_MAX - (await tx.destructionItem.count({ where: { runId } }));
      const due = judged.filter(({ judgement }) => judgement.kind !== 'NOT_DUE');
      await tx.destructionItem.createMany({
        data: due.slice(0, room).flatMap((one) => toItem(run.id, holder, one) ?? []),
        skipDuplicates: true,
      });
      if (due.length > room) return this.#finish(tx, run, true, records.length);
      return this.#step(tx, run, holders, { holder, records });
    });
  }

  #holders({ classes }: RunRow): readonly RetentionHolder[] {
    return this.classes
      .holders()
      .filter((holder) => holder.classes.some((recordClass) => classes.includes(recordClass)))
      .toSorted((a, b) => (a.subjectType < b.subjectType ? -1 : 1));
  }

  async #candidates(tx: Tx, run: RunRow, holder: RetentionHolder) {
    const asOf = plainDateFromDate(run.asOf);
    const classes = holder.classes.filter((recordClass) => run.classes.includes(recordClass));
    const rules = await this.rules.inForce(tx, asOf);
    return holder.candidates(tx, {
      classes,
      createdUntil: createdUntil(classes, rules, asOf),
      afterId: run.cursorId,
      limit: LISTING_BATCH_RECORDS,
    });
  }

  /** On to the next batch, the next kind of record, or the end. */
  async #step(
    tx: Tx,
    run: RunRow,
    holders: readonly RetentionHolder[],
    { holder, records }: { holder: RetentionHolder; records: readonly { readonly id: string }[] },
  ): Promise<boolean> {
    const last = records.at(-1);
    const isWhole = records.length < LISTING_BATCH_RECORDS || last === undefined;
    const next = isWhole ? holders[holders.indexOf(holder) + 1] : holder;
    if (next === undefined) return this.#finish(tx, run, false, records.length);
    await tx.destructionRun.update({
      where: { id: run.id },
      data: {
        cursorType: next.subjectType,
        cursorId: isWhole ? null : last.id,
        lookedAtCount: { increment: records.length },
      },
    });
    return true;
  }

  async #finish(tx: Tx, run: RunRow, isFull: boolean, lookedAt = 0): Promise<boolean> {
    const row = await tx.destructionRun.update({
      where: { id: run.id },
      data: {
        ...{ status: 'LISTED', cursorType: null, cursorId: null, isFull },
        listedAt: dateFromInstant(this.clock.now()),
        lookedAtCount: { increment: lookedAt },
        version: { increment: 1 },
      },
    });
    await this.audit.record(tx, DESTRUCTION_ACTOR, {
      action: 'destruction-run.listed',
      subjectType: 'destruction-run',
      subjectId: run.id,
      before: { status: run.status },
      after: { status: row.status, lookedAtCount: row.lookedAtCount, isFull },
    });
    return false;
  }
}

function toItem(
  runId: string,
  { subjectType }: RetentionHolder,
  { record, judgement }: JudgedRecord,
): Prisma.DestructionItemCreateManyInput | null {
  if (judgement.kind === 'NOT_DUE') return null;
  const { ruleId, recordClass, trigger, triggerOn, dueOn } = judgement.due;
  return {
    ...{
      runId,
      recordClass,
      subjectType,
      subjectId: record.id,
      patientId: record.patientId,
      ruleId,
      trigger,
    },
    triggerOn: dateFromPlainDate(triggerOn),
    dueOn: dateFromPlainDate(dueOn),
    status: judgement.kind === 'DUE' ? 'LISTED' : 'HELD',
    code: judgement.kind === 'HELD' ? judgement.code : null,
    holdId: judgement.kind === 'HELD' ? judgement.holdId : null,
  };
}
