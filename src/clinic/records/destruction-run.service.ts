import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { DestructionRecordService } from './destruction-record.service.js';
import { DestructionAction, type DestructionRunStandsOtherwise } from './destruction-run.refusals.js';
import { type ApprovalRefusal, approvedUntil, canApprove, canDo } from './destruction-run.rules.js';
import {
  type AbandonDestructionInput,
  DESTRUCTION_WORK,
  type DestructionRun,
  type ExcludeFromDestructionInput,
  type RetentionDryRunInput,
} from './destruction-run.type.js';
import { lockedRun } from './records.queries.js';

/** What people do with a list of records that are due: draw it up, look through it, approve it, give it up. */
@Injectable()
export class DestructionRunService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(DestructionRecordService) private readonly records: DestructionRecordService,
  ) {
    outbox.declare(DESTRUCTION_WORK.listing);
    outbox.declare(DESTRUCTION_WORK.approved);
  }

  /** Begins a dry run: the list is drawn up by a job, and nothing is changed. Throws BAD_INPUT. */
  async retentionDryRun(actor: StaffActor, input: RetentionDryRunInput): Promise<DestructionRun> {
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const asOf = input.asOf ? Temporal.PlainDate.from(input.asOf) : today;
    if (Temporal.PlainDate.compare(asOf, today) > 0) {
      throw badInput('asOf: must not be later than today; nobody can say what will be due.');
    }
    const classes = [...input.classes].sort();
    if (classes.includes('AUDIT_STUB')) {
      throw badInput('classes: AUDIT_STUB is not destroyed. It is what is left of the others.');
    }
    return this.database.transaction(async (tx) => {
      const row = await tx.destructionRun.create({
        data: {
          asOf: dateFromPlainDate(asOf),
          classes,
          startedAt: dateFromInstant(now),
          startedById: actor.id,
        },
      });
      await this.outbox.post(tx, { topic: DESTRUCTION_WORK.listing, subjectId: row.id, version: 0 });
      return this.#record(tx, actor, 'destruction-run.started', null, row.id);
    });
  }

  /** Leaves records out of a list, with a reason. Throws NOT_FOUND, BAD_INPUT. */
  async excludeFromDestruction(
    actor: StaffActor,
    input: ExcludeFromDestructionInput,
  ): Promise<DestructionRun | DestructionRunStandsOtherwise> {
    const itemIds = [...new Set(input.itemIds)];
    return this.#change(input.runId, async (tx, before) => {
      const refusal = canDo(before.status, DestructionAction.EXCLUDE);
      if (refusal !== null) return refusal;
      const { count } = await tx.destructionItem.updateMany({
        where: { runId: before.id, id: { in: itemIds }, status: { in: ['LISTED', 'HELD'] } },
        data: {
          status: 'EXCLUDED',
          comment: input.reason.trim(),
          settledAt: dateFromInstant(this.clock.now()),
          settledById: actor.id,
        },
      });
      if (count < itemIds.length) {
        throw badInput('itemIds: each must be on this list, and not left out already.');
      }
      return this.#record(tx, actor, 'destruction-run.excluded', before, before.id, { itemIds });
    });
  }

  /** A second person's word: from now on a job destroys what is on the list, each record judged afresh. Throws NOT_FOUND. */
  async approveDestruction(actor: StaffActor, runId: string): Promise<DestructionRun | ApprovalRefusal> {
    return this.#change(runId, async (tx, before) => {
      const now = this.clock.now();
      const listedCount = before.counts.find(({ status }) => status === 'LISTED')?.count ?? 0;
      const refusal = canApprove({ ...before, listedCount }, actor.id, now);
      if (refusal !== null) return refusal;
      const row = await tx.destructionRun.update({
        where: { id: runId },
        data: {
          status: 'APPROVED',
          approvedAt: dateFromInstant(now),
          approvedById: actor.id,
          approvedUntil: dateFromInstant(approvedUntil(now)),
          version: { increment: 1 },
        },
      });
      const { version } = row;
      await this.outbox.post(tx, { topic: DESTRUCTION_WORK.approved, subjectId: runId, version });
      return this.#record(tx, actor, 'destruction-run.approved', before, runId);
    });
  }

  /** Stops a run, also one that is being carried out: what has not been destroyed stays. Throws NOT_FOUND. */
  async abandonDestruction(
    actor: StaffActor,
    input: AbandonDestructionInput,
  ): Promise<DestructionRun | DestructionRunStandsOtherwise> {
    return this.#change(input.runId, async (tx, before) => {
      const refusal = canDo(before.status, DestructionAction.ABANDON);
      if (refusal !== null) return refusal;
      const at = dateFromInstant(this.clock.now());
      await tx.destructionRun.update({
        where: { id: before.id },
        data: {
          ...{ status: 'ABANDONED', finishedAt: at, abandonedById: actor.id },
          abandonReason: input.reason.trim(),
          version: { increment: 1 },
        },
      });
      await tx.destructionItem.updateMany({
        where: { runId: before.id, status: 'LISTED' },
        data: { status: 'SKIPPED', code: 'RUN_ABANDONED', settledAt: at },
      });
      return this.#record(tx, actor, 'destruction-run.abandoned', before, before.id);
    });
  }

  /** Under the lock of the run: no item of it is worked on meanwhile. */
  #change<R extends Refusal>(
    runId: string,
    work: (tx: Tx, before: DestructionRun) => Promise<DestructionRun | R>,
  ): Promise<DestructionRun | R> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedRun(runId));
      return work(tx, await this.records.mustHaveRun(tx, runId));
    });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: `destruction-run.${'started' | 'excluded' | 'approved' | 'abandoned'}`,
    before: DestructionRun | null,
    runId: string,
    more: object = {},
  ): Promise<DestructionRun> {
    const after = await this.records.mustHaveRun(tx, runId);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'destruction-run',
      subjectId: runId,
      ...(before === null ? {} : { before }),
      after: { ...after, ...more },
    });
    return after;
  }
}
