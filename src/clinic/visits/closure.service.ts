import { Inject, Injectable } from '@nestjs/common';
import type { Refusal } from '../../platform/refusal/refusal.js';
import { claimConstraints } from '../scheduling/claim.service.js';
import type { Booker } from './booker.type.js';
import { ClosureOvertaken } from './closure.refusals.js';
import type { ApplyClosureInput, Closure, UndoClosureInput } from './closure.type.js';
import { ClosureApplyService } from './closure-apply.service.js';
import { APPLY_REFUSALS, UNDO_REFUSALS } from './closure-preview.type.js';
import { ClosureUndoService } from './closure-undo.service.js';
import { IdempotencyService } from './idempotency.service.js';

/** The database's own "no"s when a closure is taken back: a former place went in this very moment. */
const UNDO_CONSTRAINTS: Readonly<Record<string, () => Refusal>> = {
  span_claims_no_overlap: () => new ClosureOvertaken([]),
  patient_presences_one_place: () => new ClosureOvertaken([]),
  visits_one_live_per_request: () => new ClosureOvertaken([]),
  visits_one_live_per_place_in_series: () => new ClosureOvertaken([]),
};

/** Closing a time with all that follows, and taking it back: each is one transaction, and the same key gives the same answer. */
@Injectable()
export class ClosureService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(ClosureApplyService) private readonly applying: ClosureApplyService,
    @Inject(ClosureUndoService) private readonly undoing: ClosureUndoService,
  ) {}

  async applyClosure(booker: Booker, input: ApplyClosureInput): Promise<Closure | Refusal> {
    return this.idempotency.once<Closure>(
      { booker, operation: 'applyClosure', input, refusals: APPLY_REFUSALS },
      (tx) => this.applying.applyIn(tx, booker, input),
      claimConstraints,
    );
  }

  async undoClosure(booker: Booker, input: UndoClosureInput): Promise<Closure | Refusal> {
    return this.idempotency.once<Closure>(
      { booker, operation: 'undoClosure', input, refusals: UNDO_REFUSALS },
      (tx) => this.undoing.undoIn(tx, booker, input),
      UNDO_CONSTRAINTS,
    );
  }
}
