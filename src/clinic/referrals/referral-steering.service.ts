import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ReferralAction } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import type { Referral } from './referral.type.js';
import type { Decider } from './referral-decider.type.js';
import { ReferralMergeService } from './referral-merge.service.js';
import { type NotMoved, ReferralMoveService } from './referral-move.service.js';
import type {
  CompleteReferralInput,
  ReopenReferralInput,
  WithdrawReferralInput,
} from './referral-move.type.js';
import { someText } from './referral-text.rules.js';
import { TriageDueService } from './triage-due.service.js';

/** How a referral ends, and how it begins again. */
@Injectable()
export class ReferralSteeringService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ReferralMoveService) private readonly moves: ReferralMoveService,
    @Inject(TriageDueService) private readonly dues: TriageDueService,
    @Inject(ReferralMergeService) private readonly merges: ReferralMergeService,
  ) {}

  /** What it asked for is done. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async completeReferral(decider: Decider, input: CompleteReferralInput): Promise<Referral | NotMoved> {
    const { outcome, ...move } = input;
    const wanted = { ...move, action: ReferralAction.COMPLETE, detail: someText(outcome) };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, wanted));
  }

  /** Nobody wants it any more. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async withdrawReferral(decider: Decider, input: WithdrawReferralInput): Promise<Referral | NotMoved> {
    const move = { ...input, action: ReferralAction.WITHDRAW };
    return this.database.transaction((tx) => this.moves.moveIn(tx, decider, move));
  }

  /**
   * It is looked at again, with all that was said of it; the day by which it is to be decided counts from today. Throws
   * NOT_FOUND, and BAD_INPUT naming the field.
   */
  async reopenReferral(decider: Decider, input: ReopenReferralInput): Promise<Referral | NotMoved> {
    return this.database.transaction(async (tx) => {
      const moved = await this.moves.moveIn(tx, decider, { ...input, action: ReferralAction.REOPEN });
      if (isRefusal(moved)) return moved;
      await this.merges.leaveIn(tx, decider.actor, moved.id, input.reasonCode);
      const due = await this.dues.dueAnew(tx, moved.priority);
      await tx.referral.update({ where: { id: moved.id }, data: due, select: { id: true } });
      await this.dues.watch(tx, moved, plainDateFromDate(due.dueOn));
      return moved;
    });
  }
}
