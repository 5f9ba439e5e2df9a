import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({ implements: () => [Refusal], description: 'The task is closed, and stays so.' })
export class RiskTaskClosed extends Refusal {
  readonly code = 'RiskTaskClosed';

  constructor() {
    super('This task is closed. Speak with whoever closed it, or record the patient’s answers anew.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Somebody else has taken the task on.' })
export class RiskTaskClaimed extends Refusal {
  readonly code = 'RiskTaskClaimed';

  @Field(() => ID, { description: 'Staff account that has it.' })
  readonly claimedById: string;

  constructor(claimedById: string) {
    super(
      'Somebody else has taken this task on. Speak with them; give it back for them first if they cannot go on.',
    );
    this.claimedById = claimedById;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Nobody has taken the task on yet.' })
export class RiskTaskNotClaimed extends Refusal {
  readonly code = 'RiskTaskNotClaimed';

  constructor() {
    super('Nobody has taken this task on. Take it on first: whoever speaks with the patient closes it.');
  }
}
