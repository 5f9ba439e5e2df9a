import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Referral as ReferralRow } from '../../platform/database/generated/client.js';
import { TriageEventKind } from '../../platform/database/generated/enums.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { isUndecided } from './duplicate-referral.rules.js';
import type { Referral } from './referral.type.js';
import { ReferralRecordService } from './referral-record.service.js';
import { textOrNull } from './referral-text.rules.js';
import { clinicianAccount } from './triage.queries.js';
import { ReferralNotWaiting } from './triage.refusals.js';
import { NotAClinician, type ReferralClaimedByAnother, ReferralNotClaimed } from './triage-claim.refusals.js';
import { canActOn, liveClaim, type WrittenClaim } from './triage-claim.rules.js';
import type {
  AssignReferralInput,
  ChangeReferralPriorityInput,
  ClaimReferralInput,
  ReleaseReferralInput,
  UnassignReferralInput,
} from './triage-claim.type.js';
import { TriageDueService } from './triage-due.service.js';
import { type TriageAct, type TriageColumns, TriageLogService } from './triage-log.service.js';

/** Who has a referral in hand, whose decision it is, and how urgent it is. */
@Injectable()
export class TriageClaimService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(TriageDueService) private readonly due: TriageDueService,
    @Inject(TriageLogService) private readonly log: TriageLogService,
    @Inject(ReferralRecordService) private readonly records: ReferralRecordService,
  ) {}

  /** Of several who want it at once one has it. Throws NOT_FOUND. */
  async claimReferral(
    actor: StaffActor,
    input: ClaimReferralInput,
  ): Promise<Referral | ReferralNotWaiting | ReferralClaimedByAnother> {
    return this.#onWaiting<ReferralClaimedByAnother>(actor, input.referralId, (before) => {
      const now = this.clock.now();
      const held = liveClaim(written(before), now);
      const reason = textOrNull(input.takeOverReason);
      const refused = reason === null ? canActOn(written(before), actor.id, now) : null;
      if (refused !== null) return refused;
      const isFromAnother = held !== null && held.byId !== actor.id;
      return {
        change: { claimedById: actor.id, claimActiveAt: dateFromInstant(now) },
        act: isFromAnother
          ? { kind: TriageEventKind.TAKEN_OVER, staffId: held.byId, reason }
          : { kind: TriageEventKind.CLAIMED },
      };
    });
  }

  /** Whoever has it in hand gives it back. Throws NOT_FOUND. */
  async releaseReferral(
    actor: StaffActor,
    input: ReleaseReferralInput,
  ): Promise<Referral | ReferralNotWaiting | ReferralNotClaimed> {
    return this.#onWaiting<ReferralNotClaimed>(actor, input.referralId, (before) => {
      const held = liveClaim(written(before), this.clock.now());
      if (held?.byId !== actor.id) return new ReferralNotClaimed();
      return {
        change: { claimedById: null, claimActiveAt: null },
        act: { kind: TriageEventKind.RELEASED },
      };
    });
  }

  /** The decision is this clinician's. Whoever has it in hand keeps it. Throws NOT_FOUND. */
  async assignReferral(
    actor: StaffActor,
    input: AssignReferralInput,
  ): Promise<Referral | ReferralNotWaiting | NotAClinician> {
    return this.#onWaiting<NotAClinician>(actor, input.referralId, async (_before, tx) => {
      const found = await tx.$queryRaw<readonly { id: string }[]>(clinicianAccount(input.clinicianId));
      if (found.length === 0) return new NotAClinician();
      const reason = textOrNull(input.reason);
      return {
        change: { assignedToId: input.clinicianId, assignedAt: dateFromInstant(this.clock.now()) },
        act: { kind: TriageEventKind.ASSIGNED, staffId: input.clinicianId, reason },
      };
    });
  }

  /** The decision is nobody's in particular. Doing it twice changes nothing. Throws NOT_FOUND. */
  async unassignReferral(
    actor: StaffActor,
    input: UnassignReferralInput,
  ): Promise<Referral | ReferralNotWaiting> {
    return this.#onWaiting<never>(actor, input.referralId, ({ assignedToId }) => {
      if (assignedToId === null) return null;
      const reason = textOrNull(input.reason);
      return {
        change: { assignedToId: null, assignedAt: null },
        act: { kind: TriageEventKind.UNASSIGNED, staffId: assignedToId, reason },
      };
    });
  }

  /** More or less urgent: what is due is promised anew, from its arrival on. Throws NOT_FOUND. */
  async changeReferralPriority(
    actor: StaffActor,
    input: ChangeReferralPriorityInput,
  ): Promise<Referral | ReferralNotWaiting> {
    return this.#onWaiting<never>(actor, input.referralId, async (before, tx) => {
      if (before.priority === input.priority) return null;
      const receivedOn = plainDateFromDate(before.receivedOn);
      const due = await this.due.dueAtReceipt(tx, { priority: input.priority, receivedOn });
      await this.due.watch(tx, { ...before, version: before.version + 1 }, plainDateFromDate(due.dueOn));
      return {
        change: { priority: input.priority, ...due },
        act: { kind: TriageEventKind.PRIORITY_CHANGED, reason: textOrNull(input.reason) },
      };
    });
  }

  /** Holds a referral that waits, decides, and writes; null: there is nothing to write. */
  async #onWaiting<R extends Refusal>(
    actor: StaffActor,
    referralId: string,
    decide: (before: ReferralRow, tx: Tx) => Decision<R> | Promise<Decision<R>>,
  ): Promise<Referral | ReferralNotWaiting | R> {
    return this.database.transaction(async (tx) => {
      const before = await this.log.hold(tx, referralId);
      if (!isUndecided(before.status)) return new ReferralNotWaiting(before.status);
      const decision = await decide(before, tx);
      if (isRefusal(decision)) return decision;
      if (decision !== null) {
        const change = { ...this.#stillInHand(before, actor), ...decision.change };
        await this.log.write(tx, actor, before, change, decision.act);
      }
      return this.records.mustHaveReferral(tx, referralId);
    });
  }

  /** Whoever has it in hand and does something with it keeps it. */
  #stillInHand(before: ReferralRow, actor: StaffActor): TriageColumns {
    const now = this.clock.now();
    const isMine = liveClaim(written(before), now)?.byId === actor.id;
    return isMine ? { claimActiveAt: dateFromInstant(now) } : {};
  }
}

interface Writing {
  readonly change: TriageColumns;
  readonly act: TriageAct;
}

type Decision<R> = Writing | R | null;

function written(row: ReferralRow): WrittenClaim {
  const { claimedById, claimActiveAt } = row;
  return { claimedById, claimActiveAt: claimActiveAt === null ? null : instantFromDate(claimActiveAt) };
}
