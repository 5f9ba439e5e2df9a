import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ClosureDecision } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import { ClaimService } from '../scheduling/claim.service.js';
import type { Booker } from './booker.type.js';
import { ClosureVisitRefused } from './closure.refusals.js';
import type { ClosureHand } from './closure.rules.js';
import type { ApplyClosureInput, ClosureChange, ClosureDecisionInput } from './closure.type.js';
import { CancelReasonNotYours, VisitCommentMissing } from './visit.refusals.js';
import type { Visit } from './visit.type.js';
import { VisitBookingService } from './visit-booking.service.js';
import { VisitCancelService } from './visit-cancel.service.js';
import { VisitMoveService } from './visit-move.service.js';

/** A visit of a closure with what was decided for it. */
export interface DecidedVisit {
  readonly visit: Visit;
  readonly hand: ClosureHand;
  readonly decision: ClosureDecisionInput;
}

type Changed = ClosureChange & { readonly visit: Visit };

/** Does with each visit of a closure what was decided for it, inside the transaction of whoever applies it. */
@Injectable()
export class ClosureChangeService {
  constructor(
    @Inject(ClaimService) private readonly claims: ClaimService,
    @Inject(VisitMoveService) private readonly moves: VisitMoveService,
    @Inject(VisitCancelService) private readonly cancels: VisitCancelService,
    @Inject(VisitBookingService) private readonly booking: VisitBookingService,
  ) {}

  /**
   * All or nothing: a refusal must be returned from the transaction. All of them leave their places first, so that one
   * may take what another gives up. The places are given back at `at`, by which an undoing knows them again.
   */
  async change(
    tx: Tx,
    booker: Booker,
    input: ApplyClosureInput,
    decided: readonly DecidedVisit[],
    at: Temporal.Instant,
  ): Promise<readonly Changed[] | Refusal> {
    for (const { visit } of decided) await this.claims.release(tx, visit.id, at);
    const changes: Changed[] = [];
    for (const one of decided) {
      const after = await this.#changeOne(tx, booker, input, one);
      if (after instanceof CancelReasonNotYours || after instanceof VisitCommentMissing) return after;
      if (isRefusal(after)) return new ClosureVisitRefused(one.visit.id, after);
      const { visit } = one;
      changes.push({
        visit: after,
        visitId: visit.id,
        decision: one.decision.decision,
        fromVersion: visit.version,
        toVersion: after.version,
      });
    }
    return changes;
  }

  async #changeOne(
    tx: Tx,
    booker: Booker,
    input: ApplyClosureInput,
    { visit, hand, decision }: DecidedVisit,
  ): Promise<Visit | Refusal> {
    const { id: visitId, version } = visit;
    if (hand === 'GIVE_BACK') {
      if (decision.decision === ClosureDecision.MOVE) {
        throw badInput('input.decisions: a hold can only be given back, which is CANCEL.');
      }
      return this.booking.releaseIn(tx, booker, { visitId, version });
    }
    if (decision.decision === ClosureDecision.CANCEL) {
      const reasonCode = input.cancelReasonCode;
      if (!reasonCode) throw badInput('input.cancelReasonCode: is needed when a visit is cancelled.');
      const comment = input.cancelComment?.trim() || input.reason.trim();
      return this.cancels.cancelIn(tx, booker, { visitId, version, reasonCode, comment });
    }
    if (!decision.steps?.length) throw badInput('input.decisions: a visit that is moved needs its steps.');
    return this.moves.displaceIn(tx, booker, { visitId, version, steps: decision.steps });
  }
}
