import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DiaryEntryStatus, ProposalStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has changed this since you read it. Nothing was changed.',
})
export class ResponseChanged extends Refusal {
  readonly code = 'ResponseChanged';

  @Field(() => Int, { description: 'Its version now.' })
  readonly currentVersion: number;

  constructor(currentVersion: number) {
    super('Somebody has changed this since you read it. Look at it again, and send what you still want.');
    this.currentVersion = currentVersion;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The point of the diary is settled. Nothing was changed.',
})
export class DiaryEntrySettled extends Refusal {
  readonly code = 'DiaryEntrySettled';

  @Field(() => DiaryEntryStatus, { description: 'How it stands.' })
  readonly status: DiaryEntryStatus;

  constructor(status: DiaryEntryStatus) {
    super(
      status === DiaryEntryStatus.RECORDED
        ? 'There is a figure for this point already. Put that one right with `correctScore`.'
        : 'This point is missed already. A figure that turns up can still be recorded.',
    );
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A figure taken then says nothing of this point. Nothing was changed.',
})
export class FigureOutOfTime extends Refusal {
  readonly code = 'FigureOutOfTime';

  constructor() {
    super(
      'A figure of that time does not belong to this point: before it lies the point before, after it the next. Check the time, ' +
        'or choose the point that it belongs to.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The proposal is settled. Nothing was changed.' })
export class ProposalSettled extends Refusal {
  readonly code = 'ProposalSettled';

  @Field(() => ProposalStatus, { description: 'How it stands.' })
  readonly status: ProposalStatus;

  constructor(status: ProposalStatus) {
    super('This proposal is not open any more. Look at what became of it.');
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row from this day on already. Rows are never rewritten: choose a later day.',
})
export class DiaryRowAlreadySet extends Refusal {
  readonly code = 'DiaryRowAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what held then stays as it was.',
})
export class DiaryRowInThePast extends Refusal {
  readonly code = 'DiaryRowInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}
