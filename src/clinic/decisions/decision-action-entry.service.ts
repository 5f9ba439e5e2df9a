import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import {
  ADD_DECISION_ACTION_REFUSALS,
  type AddDecisionActionInput,
  type DecisionAction,
} from './decision-action.type.js';
import { DecisionActionRecordService } from './decision-action-record.service.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionPolicyService } from './decision-policy.service.js';
import { DecisionReminderService } from './decision-reminder.service.js';

/** Somebody is given something to do, typed in the meeting or added to what is signed. */
@Injectable()
export class DecisionActionEntryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionPolicyService) private readonly policies: DecisionPolicyService,
    @Inject(DecisionActionRecordService) private readonly records: DecisionActionRecordService,
    @Inject(DecisionReminderService) private readonly reminders: DecisionReminderService,
  ) {}

  /** Once for each key. Throws NOT_FOUND, BAD_INPUT. */
  async addDecisionAction(booker: Booker, input: AddDecisionActionInput): Promise<DecisionAction | Refusal> {
    return this.idempotency.once<DecisionAction>(
      { booker, operation: 'addDecisionAction', input, refusals: ADD_DECISION_ACTION_REFUSALS },
      (tx) => this.#add(tx, booker.actor, input),
    );
  }

  async #add(tx: Tx, actor: StaffActor, input: AddDecisionActionInput): Promise<DecisionAction> {
    const dueOn = this.ground.dayAhead(input.dueOn);
    const ownerId = input.ownerId.toLowerCase();
    await this.ground.mustBeOwner(tx, ownerId);
    const where = { id: input.decisionId };
    const decision = await tx.caseDecision.findUnique({ where, select: { id: true } });
    if (decision === null) throw notFound('decision');
    const policy = await this.policies.inForce(tx);
    const { id } = await tx.decisionAction.create({
      data: {
        ...{ decisionId: decision.id, kind: input.kind, ownerId, policyId: policy.id },
        what: input.what.normalize('NFC').trim(),
        dueOn: dateFromPlainDate(dueOn),
        addedAt: dateFromInstant(this.clock.now()),
        addedById: actor.id,
      },
      select: { id: true },
    });
    await this.reminders.watch(tx, id, dueOn, policy);
    return this.records.write(tx, actor, null, id, 'added', {});
  }
}
