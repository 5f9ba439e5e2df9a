import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { DecisionActionStatus } from '../../platform/database/generated/enums.js';
import { isRefusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, plainDateFromDate } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { ActionChanged, ActionStandsOtherwise } from './decision.refusals.js';
import { type ActionStep, nextActionStatus } from './decision-action.rules.js';
import type {
  ChangeDecisionActionInput,
  DecisionAction,
  EndDecisionActionInput,
} from './decision-action.type.js';
import { type ActionRow, DecisionActionRecordService } from './decision-action-record.service.js';
import { DecisionGroundService } from './decision-ground.service.js';
import { DecisionPolicyService } from './decision-policy.service.js';
import { DecisionReminderService } from './decision-reminder.service.js';

/** Who does what until when, because of a decision. */
@Injectable()
export class DecisionActionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DecisionGroundService) private readonly ground: DecisionGroundService,
    @Inject(DecisionPolicyService) private readonly policies: DecisionPolicyService,
    @Inject(DecisionActionRecordService) private readonly records: DecisionActionRecordService,
    @Inject(DecisionReminderService) private readonly reminders: DecisionReminderService,
  ) {}

  /** Another owner, another day: they are told of it anew. Throws NOT_FOUND, BAD_INPUT. */
  async changeDecisionAction(
    actor: StaffActor,
    input: ChangeDecisionActionInput,
  ): Promise<DecisionAction | ActionStandsOtherwise | ActionChanged> {
    const ownerId = input.ownerId.toLowerCase();
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.actionId);
      const status = this.next(before, 'CHANGE', input.version);
      if (isRefusal(status)) return status;
      const day = plainDateFromDate(before.dueOn);
      // What is overdue already may be handed on as it is.
      const dueOn = input.dueOn === day.toString() ? day : this.ground.dayAhead(input.dueOn);
      await this.ground.mustBeOwner(tx, ownerId);
      const policy = await this.policies.inForce(tx);
      await this.reminders.watch(tx, before.id, dueOn, policy);
      // Whoever has it now, or by another day, has not been told yet.
      return this.records.write(tx, actor, before, before.id, 'changed', {
        ...{ ownerId, policyId: policy.id, remindedAt: null },
        dueOn: dateFromPlainDate(dueOn),
      });
    });
  }

  /** Throws NOT_FOUND. */
  async completeDecisionAction(actor: StaffActor, input: EndDecisionActionInput) {
    return this.#end(actor, input, 'COMPLETE');
  }

  /** Throws NOT_FOUND. */
  async cancelDecisionAction(actor: StaffActor, input: EndDecisionActionInput) {
    return this.#end(actor, input, 'CANCEL');
  }

  /** For this room: what it becomes, or why it does not. */
  next(
    before: ActionRow,
    step: ActionStep,
    version: number,
  ): DecisionActionStatus | ActionStandsOtherwise | ActionChanged {
    const status = nextActionStatus(before.status, step);
    if (status === null) return new ActionStandsOtherwise(before.status);
    return version === before.version ? status : new ActionChanged(before.version);
  }

  async #end(
    actor: StaffActor,
    { actionId, version, note }: EndDecisionActionInput,
    step: 'COMPLETE' | 'CANCEL',
  ): Promise<DecisionAction | ActionStandsOtherwise | ActionChanged> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, actionId);
      const status = this.next(before, step, version);
      if (isRefusal(status)) return status;
      await this.reminders.stop(tx, before.id);
      return this.records.write(
        tx,
        actor,
        before,
        before.id,
        step === 'COMPLETE' ? 'completed' : 'cancelled',
        {
          ...{ status, endedById: actor.id, endNote: note.normalize('NFC').trim() },
          endedAt: dateFromInstant(this.clock.now()),
        },
      );
    });
  }
}
