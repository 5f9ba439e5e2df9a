import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralMerge, Referral as ReferralRow } from '../../platform/database/generated/client.js';
import {
  ReferralAction,
  type ReferralPriority,
  Role,
  TriageEventKind,
} from '../../platform/database/generated/enums.js';
import { badInput, isRefusal } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { isOpen, isUndecided } from './duplicate-referral.rules.js';
import type { Referral } from './referral.type.js';
import type { Decider } from './referral-decider.type.js';
import { ReferralLogService } from './referral-log.service.js';
import {
  KeptReferralIsDecided,
  KeptReferralIsOver,
  ReferralMergeTooOld,
  ReferralNotMerged,
  ReferralsOfTwoPatients,
} from './referral-merge.refusals.js';
import {
  clockOfKept,
  highestPriority,
  type KeptClock,
  MERGE_UNDO_MAX_DAYS,
  ownClock,
  ownPriority,
  statusAfterUndo,
  undoableUntil,
} from './referral-merge.rules.js';
import type { MergeReferralsInput, UndoReferralMergeInput } from './referral-merge.type.js';
import { type NotMoved, ReferralMoveService } from './referral-move.service.js';
import { toReferral } from './referral-record.service.js';
import { someText } from './referral-text.rules.js';
import { TriageDueService } from './triage-due.service.js';
import { type TriageColumns, TriageLogService } from './triage-log.service.js';

type StandingMerge = ReferralMerge & { readonly merged: ReferralRow };

/** Two referrals that are one: the merged one stays as it was written, and is shown with the kept one. */
@Injectable()
export class ReferralMergeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ReferralMoveService) private readonly moves: ReferralMoveService,
    @Inject(ReferralLogService) private readonly moveLog: ReferralLogService,
    @Inject(TriageLogService) private readonly log: TriageLogService,
    @Inject(TriageDueService) private readonly due: TriageDueService,
  ) {}

  /** Throws NOT_FOUND, and BAD_INPUT when both are the same. */
  async mergeReferrals(
    decider: Decider,
    input: MergeReferralsInput,
  ): Promise<Referral | NotMoved | ReferralsOfTwoPatients | KeptReferralIsOver | KeptReferralIsDecided> {
    const { keptId, mergedId } = input;
    if (keptId === mergedId) throw badInput('mergedId: must be another referral than the one that is kept.');
    return this.database.transaction(async (tx) => {
      const { kept, merged } = await this.#holdBoth(tx, keptId, mergedId);
      if (kept.patientId !== merged.patientId) {
        return new ReferralsOfTwoPatients([kept.patientId, merged.patientId]);
      }
      if (!isOpen(kept.status)) return new KeptReferralIsOver(kept.status);
      const isLost = isUndecided(merged.status) && !isUndecided(kept.status);
      // Merged, it leaves the queue of triage: somebody who may decide it has to say so.
      if (isLost && !decider.roles.includes(Role.CLINICIAN)) return new KeptReferralIsDecided(kept.status);
      const reason = someText(input.reason);
      const moved = await this.moves.moveIn(tx, decider, {
        action: ReferralAction.MERGE,
        referralId: mergedId,
        comment: reason,
        mergedIntoId: keptId,
      });
      if (isRefusal(moved)) return moved;
      const standing = await this.#standing(tx, keptId);
      await tx.referralMerge.create({
        data: {
          ...{ keptId, mergedId, reason },
          mergedAt: dateFromInstant(this.clock.now()),
          mergedById: decider.actor.id,
          mergedStatus: merged.status,
          keptReceivedOn: kept.receivedOn,
          keptDueOn: kept.dueOn,
          keptDuePolicyId: kept.duePolicyId,
        },
        select: { id: true },
      });
      const all = [...standing.map((one) => one.merged), merged];
      const change = changeOf(kept, standing, all, await this.#priorityBefore(tx, kept, standing));
      return this.#settleKept(tx, decider.actor, kept, change, {
        kind: TriageEventKind.MERGED_IN,
        subjectId: mergedId,
        reason,
      });
    });
  }

  /** They are two after all: the merged one stands as it stood before. Throws NOT_FOUND. */
  async undoReferralMerge(
    actor: StaffActor,
    input: UndoReferralMergeInput,
  ): Promise<Referral | ReferralNotMerged | ReferralMergeTooOld> {
    return this.database.transaction(async (tx) => {
      const { mergedIntoId, status } = await this.log.find(tx, input.mergedId);
      if (mergedIntoId === null) return new ReferralNotMerged(status);
      const { kept, merged } = await this.#holdBoth(tx, mergedIntoId, input.mergedId);
      const standing = await this.#standing(tx, kept.id);
      const merge = standing.find(({ mergedId }) => mergedId === merged.id);
      if (merge === undefined || merged.mergedIntoId !== kept.id) return new ReferralNotMerged(merged.status);
      const now = this.clock.now();
      const until = undoableUntil(instantFromDate(merge.mergedAt));
      if (Temporal.Instant.compare(now, until) >= 0)
        return new ReferralMergeTooOld(until, MERGE_UNDO_MAX_DAYS);
      const reason = someText(input.reason);
      await this.#end(tx, actor, kept, standing, merge, reason);
      return this.#standAgain(tx, actor, merged, merge, reason);
    });
  }

  /** For this room: a merged referral has been opened again, so it does not stand in another any more. */
  async leaveIn(tx: Tx, actor: StaffActor, mergedId: string, reason: string): Promise<void> {
    const left = await tx.referralMerge.findFirst({ where: { mergedId, undoneAt: null } });
    if (left === null) return;
    const kept = await this.log.hold(tx, left.keptId);
    const standing = await this.#standing(tx, kept.id);
    const merge = standing.find(({ id }) => id === left.id);
    if (merge !== undefined) await this.#end(tx, actor, kept, standing, merge, reason);
  }

  /** The merge stands no more: the kept referral waits by what it has without the other. */
  async #end(
    tx: Tx,
    actor: StaffActor,
    kept: ReferralRow,
    standing: readonly StandingMerge[],
    merge: StandingMerge,
    reason: string,
  ): Promise<void> {
    await tx.referralMerge.update({
      where: { id: merge.id },
      data: { undoneAt: dateFromInstant(this.clock.now()), undoneById: actor.id, undoReason: reason },
      select: { id: true },
    });
    const others = standing.filter(({ id }) => id !== merge.id).map((other) => other.merged);
    const change = changeOf(kept, standing, others, await this.#priorityBefore(tx, kept, standing));
    await this.#settleKept(tx, actor, kept, change, {
      kind: TriageEventKind.MERGE_UNDONE,
      subjectId: merge.mergedId,
      reason,
    });
  }

  /** In one order, whichever of the two is kept. */
  async #holdBoth(tx: Tx, keptId: string, mergedId: string) {
    const rows = new Map<string, ReferralRow>();
    for (const id of [keptId, mergedId].toSorted()) rows.set(id, await this.log.hold(tx, id));
    const [kept, merged] = [rows.get(keptId), rows.get(mergedId)];
    if (kept === undefined || merged === undefined) throw new RangeError('two referrals were held');
    return { kept, merged };
  }

  /** What was merged into it and stands so, in the order in which it was merged. */
  async #standing(tx: Tx, keptId: string): Promise<readonly StandingMerge[]> {
    return tx.referralMerge.findMany({
      where: { keptId, undoneAt: null },
      include: { merged: true },
      orderBy: [{ mergedAt: 'asc' }, { id: 'asc' }],
    });
  }

  /** How urgent the kept one was before the first of the merges that stand, as its log says. Null: none stands. */
  async #priorityBefore(
    tx: Tx,
    { id, priority }: ReferralRow,
    [first]: readonly StandingMerge[],
  ): Promise<ReferralPriority | null> {
    if (first === undefined) return null;
    const events = await tx.triageEvent.findMany({
      where: { referralId: id, at: { gte: first.mergedAt } },
      orderBy: [{ at: 'asc' }, { id: 'asc' }],
    });
    const isFirst = ({ kind, subjectId }: (typeof events)[number]) =>
      kind === TriageEventKind.MERGED_IN && subjectId === first.mergedId;
    const since = events.slice(Math.max(0, events.findIndex(isFirst)));
    return since.find(({ fromPriority }) => fromPriority !== null)?.fromPriority ?? priority;
  }

  async #settleKept(
    tx: Tx,
    actor: StaffActor,
    kept: ReferralRow,
    change: TriageColumns,
    act: Parameters<TriageLogService['write']>[4],
  ): Promise<Referral> {
    await this.log.write(tx, actor, kept, change, act);
    const after = await this.log.find(tx, kept.id);
    if (change.dueOn && isUndecided(after.status)) {
      await this.due.watch(tx, after, plainDateFromDate(change.dueOn));
    }
    return toReferral(after);
  }

  async #standAgain(
    tx: Tx,
    actor: StaffActor,
    before: ReferralRow,
    merge: ReferralMerge,
    reason: string,
  ): Promise<Referral> {
    const row = await tx.referral.update({
      where: { id: before.id },
      data: {
        status: statusAfterUndo(merge.mergedStatus),
        mergedIntoId: null,
        reasonCode: null,
        endedAt: null,
        endedById: null,
        version: { increment: 1 },
      },
    });
    const after = toReferral(row);
    await this.moveLog.note(tx, actor, {
      action: ReferralAction.REOPEN,
      at: this.clock.now(),
      before: toReferral(before),
      after,
      comment: reason,
      subjectId: merge.keptId,
    });
    if (row.dueOn !== null && isUndecided(row.status)) {
      await this.due.watch(tx, after, plainDateFromDate(row.dueOn));
    }
    return after;
  }
}

/** What of the kept referral's clock and urgency becomes different when these are merged into it. */
function changeOf(
  kept: ReferralRow,
  standing: readonly StandingMerge[],
  merged: readonly ReferralRow[],
  priorityBefore: ReferralPriority | null,
): TriageColumns {
  const [first] = standing;
  const beforeFirst =
    first === undefined
      ? null
      : clockOf({
          receivedOn: first.keptReceivedOn,
          dueOn: first.keptDueOn,
          duePolicyId: first.keptDuePolicyId,
        });
  const own = ownClock(
    clockOf(kept),
    beforeFirst,
    standing.map((merge) => clockOf(merge.merged)),
  );
  const after = clockOfKept(own, merged.map(clockOf));
  const now = clockOf(kept);
  const mine = ownPriority(
    kept.priority,
    priorityBefore,
    standing.map((one) => one.merged.priority),
  );
  const priority = highestPriority(
    mine,
    merged.map((one) => one.priority),
  );
  const isNewDue = after.due !== null && (now.due === null || !after.due.on.equals(now.due.on));
  return {
    ...(after.receivedOn.equals(now.receivedOn) ? {} : { receivedOn: dateFromPlainDate(after.receivedOn) }),
    ...(priority !== kept.priority && isUndecided(kept.status) ? { priority } : {}),
    ...(isNewDue && after.due !== null && isUndecided(kept.status)
      ? { dueOn: dateFromPlainDate(after.due.on), duePolicyId: after.due.policyId }
      : {}),
  };
}

function clockOf(row: Pick<ReferralRow, 'receivedOn' | 'dueOn' | 'duePolicyId'>): KeptClock {
  const { dueOn, duePolicyId } = row;
  return {
    receivedOn: plainDateFromDate(row.receivedOn),
    due:
      dueOn === null || duePolicyId === null ? null : { on: plainDateFromDate(dueOn), policyId: duePolicyId },
  };
}
