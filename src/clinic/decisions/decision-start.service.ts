import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import { REQUEST_CONSTRAINTS } from '../treatments/treatment-request.service.js';
import { REQUEST_IMAGING_CONSTRAINTS } from '../vetting/request-entry.service.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { DecisionNotSigned, DecisionSuperseded } from './decision.refusals.js';
import { notAgreed } from './decision.rules.js';
import { needsAgreement } from './decision-action.rules.js';
import { DecisionActionService } from './decision-action.service.js';
import {
  type DecisionAction,
  START_DECISION_ACTION_REFUSALS,
  type StartDecisionActionInput,
} from './decision-action.type.js';
import { type ActionRow, DecisionActionRecordService } from './decision-action-record.service.js';
import { DRAFT_CONSTRAINTS } from './decision-draft.service.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionMakerService } from './decision-maker.service.js';
import { DecisionRecordService } from './decision-record.service.js';

const CONSTRAINTS = { ...REQUEST_CONSTRAINTS, ...REQUEST_IMAGING_CONSTRAINTS, ...DRAFT_CONSTRAINTS } as const;

/** An action is started: what it asks for is made in the same transaction, or neither is. */
@Injectable()
export class DecisionStartService {
  constructor(
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(DecisionMakerService) private readonly maker: DecisionMakerService,
    @Inject(DecisionActionService) private readonly actions: DecisionActionService,
    @Inject(DecisionActionRecordService) private readonly records: DecisionActionRecordService,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionRecordService) private readonly decisions: Pick<DecisionRecordService, 'newerOf'>,
  ) {}

  /**
   * Of many who start it at once one does, and one thing is made; once for each key. Throws NOT_FOUND, FORBIDDEN,
   * BAD_INPUT.
   */
  async startDecisionAction(
    booker: Booker,
    input: StartDecisionActionInput,
  ): Promise<DecisionAction | Refusal> {
    return this.idempotency.once<DecisionAction>(
      { booker, operation: 'startDecisionAction', input, refusals: START_DECISION_ACTION_REFUSALS },
      (tx) => this.startIn(tx, booker, input),
      CONSTRAINTS,
    );
  }

  /** The same inside a transaction, from which a refusal must be returned. */
  async startIn(tx: Tx, booker: Booker, input: StartDecisionActionInput): Promise<DecisionAction | Refusal> {
    await this.ground.hold(tx, await this.records.mustHave(tx, input.actionId));
    const before = await this.records.hold(tx, input.actionId);
    const status = this.actions.next(before, 'START', input.version);
    if (isRefusal(status)) return status;
    const refusal = await this.#cannotStart(tx, before);
    if (refusal !== null) return refusal;
    const made = await this.maker.make(tx, booker, before, input);
    if (isRefusal(made)) return made;
    return this.records.write(tx, booker.actor, before, before.id, 'started', {
      ...{ status, ...made, startedById: booker.actor.id },
      startedAt: dateFromInstant(this.ground.now()),
    });
  }

  /** What is done to the patient is what the team recommended last, and what they have agreed to. */
  async #cannotStart(tx: Tx, { kind, decision, addedAt }: ActionRow): Promise<Refusal | null> {
    if (decision.status !== 'SIGNED') return new DecisionNotSigned();
    if (!needsAgreement(kind)) return null;
    const newer = await this.decisions.newerOf(tx, decision);
    if (newer !== null) return new DecisionSuperseded(newer);
    return notAgreed(decision.patientWords.at(0) ?? null, addedAt);
  }
}
