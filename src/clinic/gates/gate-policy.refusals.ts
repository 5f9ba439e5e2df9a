import { Field, ObjectType } from '@nestjs/graphql';
import { GateCode, GateStage } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'What the law asks before an exposure cannot be made softer than hard there. Neither can the database be told so.',
})
export class GateCannotBeSofter extends Refusal {
  readonly code = 'GateCannotBeSofter';

  @Field(() => [GateStage], { description: 'The stages at which the gate is hard whatever is set.' })
  readonly hardAt: readonly GateStage[];

  constructor(gate: GateCode, hardAt: readonly GateStage[]) {
    super(`${gate} is hard at ${hardAt.join(', ')}: nobody can make it softer there. Leave it as it is.`);
    this.hardAt = hardAt;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'At that stage the gate cannot be judged: what it asks for is not known there.',
})
export class GateNotJudgedThere extends Refusal {
  readonly code = 'GateNotJudgedThere';

  @Field(() => [GateStage], { description: 'The stages at which it can stand.' })
  readonly stages: readonly GateStage[];

  constructor(gate: GateCode, stages: readonly GateStage[]) {
    super(`${gate} can stand at ${stages.join(', ')} only. Choose one of these stages.`);
    this.stages = stages;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for this day already. Rows are never rewritten: choose a later day.',
})
export class GatePolicyAlreadySet extends Refusal {
  readonly code = 'GatePolicyAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what was let through then was judged by what held then.',
})
export class GatePolicyInThePast extends Refusal {
  readonly code = 'GatePolicyInThePast';

  constructor() {
    super('How gates stood on a past day cannot be changed any more. Choose today or a later day.');
  }
}
