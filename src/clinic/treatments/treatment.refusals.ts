import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { TreatmentStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The referral is another patient’s.',
})
export class ReferralOfSomebodyElse extends Refusal {
  readonly code = 'ReferralOfSomebodyElse';

  constructor() {
    super('That referral is of another patient. Choose one of this patient’s referrals.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The places do not go together, or not with their structure.',
})
export class PlacesDoNotFit extends Refusal {
  readonly code = 'PlacesDoNotFit';

  @Field(() => [String], { description: 'What is wrong, one sentence each.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The places do not fit. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A finding is another patient’s, is of another place, or does not stand any more.',
})
export class FindingNotStanding extends Refusal {
  readonly code = 'FindingNotStanding';

  @Field(() => ID, { description: 'Which finding.' })
  readonly findingId: string;

  constructor(findingId: string) {
    super(
      'That finding is not one of this patient’s signed findings at that place as they stand now. Look at the report again, ' +
        'or say without a finding what suggested the place.',
    );
    this.findingId = findingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'What it came of has its treatment already.',
})
export class AlreadyRequested extends Refusal {
  readonly code = 'AlreadyRequested';

  constructor() {
    super('This was asked for already. Look at the treatment that it has.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The treatment stands where this cannot be done.',
})
export class TreatmentStandsOtherwise extends Refusal {
  readonly code = 'TreatmentStandsOtherwise';

  @Field(() => TreatmentStatus, { description: 'Where it stands.' })
  readonly status: TreatmentStatus;

  constructor(status: TreatmentStatus) {
    super(`The treatment is ${IN_WORDS[status]}: this cannot be done with it now. Look at it again.`);
    this.status = status;
  }
}

const IN_WORDS = {
  REQUESTED: 'asked for and not planned',
  PLANNED: 'planned and not started',
  IN_PROGRESS: 'under way',
  DONE: 'done',
  DECLINED: 'declined',
  CANCELLED: 'cancelled',
  ABANDONED: 'broken off',
} as const satisfies Record<TreatmentStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'The treatment has changed since you have seen it.',
})
export class TreatmentChanged extends Refusal {
  readonly code = 'TreatmentChanged';

  @Field(() => Int, { description: '`version` as it is now.' })
  readonly version: number;

  constructor(version: number) {
    super('The treatment has changed since you have seen it. Look at it again, and then decide.');
    this.version = version;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit is another patient’s, of another kind, or over.',
})
export class VisitDoesNotFit extends Refusal {
  readonly code = 'VisitDoesNotFit';
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something that may forbid the treatment was not looked at.',
})
export class NotLookedAt extends Refusal {
  readonly code = 'NotLookedAt';

  @Field(() => [String], { description: 'What, one sentence each.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The plan is not complete. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'You are not entitled to this act of an exposure on this day.',
})
export class NotEntitledToExpose extends Refusal {
  readonly code = 'NotEntitledToExpose';
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A drug had expired on the day on which it was given.',
})
export class AgentExpired extends Refusal {
  readonly code = 'AgentExpired';

  @Field(() => String, { description: 'Its batch number.' })
  readonly batchNumber: string;

  constructor(batchNumber: string, expiresOn: string) {
    super(`Batch ${batchNumber} was not to be used after ${expiresOn}. Do not give it; take another batch.`);
    this.batchNumber = batchNumber;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is no such drug in the list on that day.',
})
export class AgentNotKnown extends Refusal {
  readonly code = 'AgentNotKnown';

  @Field(() => String, { description: 'The code that was sent.' })
  readonly agentCode: string;

  constructor(agentCode: string) {
    super(`${agentCode} is not in the list of agents on that day. Choose one of the list, or have it added.`);
    this.agentCode = agentCode;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'What was recorded does not go with the plan or with itself.',
})
export class RecordDoesNotFit extends Refusal {
  readonly code = 'RecordDoesNotFit';

  @Field(() => [String], { description: 'What is wrong, one sentence each.' })
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`This cannot be what was given. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has put that entry right already.',
})
export class ComplicationReplaced extends Refusal {
  readonly code = 'ComplicationReplaced';

  constructor() {
    super('That entry was put right already. Look at the one that stands.');
  }
}
