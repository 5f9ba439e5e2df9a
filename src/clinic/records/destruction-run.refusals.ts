import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DestructionRunStatus } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** What people do with a list. */
export const DestructionAction = { EXCLUDE: 'EXCLUDE', APPROVE: 'APPROVE', ABANDON: 'ABANDON' } as const;
export type DestructionAction = (typeof DestructionAction)[keyof typeof DestructionAction];

registerEnumType(DestructionAction, {
  name: 'DestructionAction',
  description: 'What can be done with a list of records that are due.',
  valuesMap: {
    EXCLUDE: { description: '`excludeFromDestruction`.' },
    APPROVE: { description: '`approveDestruction`.' },
    ABANDON: { description: '`abandonDestruction`.' },
  },
});

registerEnumType(DestructionRunStatus, {
  name: 'DestructionRunStatus',
  description: 'How a list of records that are due stands.',
  valuesMap: {
    LISTING: { description: 'The dry run goes on: records are looked at, nothing is changed.' },
    LISTED: { description: 'The dry run is over; a second person looks at the list.' },
    APPROVED: {
      description: 'A second person approved it: what is on it is being destroyed, one record at a time.',
    },
    COMPLETED: { description: 'Every record on it was destroyed, left out or skipped.' },
    ABANDONED: { description: 'Given up by somebody; what was not destroyed by then stays.' },
    LAPSED: { description: 'Not approved, or not carried out, in time. Begin again with a dry run.' },
  },
});

const IN_WORDS = {
  LISTING: 'is still being drawn up',
  LISTED: 'waits for a second person',
  APPROVED: 'has been approved',
  COMPLETED: 'has been carried out',
  ABANDONED: 'has been given up',
  LAPSED: 'has lapsed',
} as const satisfies Record<DestructionRunStatus, string>;

@ObjectType({ implements: () => [Refusal], description: 'This cannot be done with the list as it stands.' })
export class DestructionRunStandsOtherwise extends Refusal {
  readonly code = 'DestructionRunStandsOtherwise';

  @Field(() => DestructionRunStatus, { description: 'How the list stands.' })
  readonly status: DestructionRunStatus;

  @Field(() => [DestructionAction], { description: 'What can be done with it now.' })
  readonly allowedActions: readonly DestructionAction[];

  constructor(status: DestructionRunStatus, allowedActions: readonly DestructionAction[]) {
    super(`This list ${IN_WORDS[status]}. Look at it again before you do more.`);
    this.status = status;
    this.allowedActions = allowedActions;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever drew up the list does not approve it: two people answer for what is destroyed.',
})
export class SecondPersonNeeded extends Refusal {
  readonly code = 'SecondPersonNeeded';

  constructor() {
    super('You drew up this list. Somebody else has to look at it and approve it.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The list is too old to be approved. Begin again with a dry run.',
})
export class DestructionListTooOld extends Refusal {
  readonly code = 'DestructionListTooOld';

  @Field(() => Int, { description: 'Days within which a list has to be approved.' })
  readonly approveWithinDays: number;

  constructor(approveWithinDays: number) {
    super(`This list is more than ${approveWithinDays} days old. Begin again with a dry run.`);
    this.approveWithinDays = approveWithinDays;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Nothing on the list is to be destroyed.' })
export class NothingToDestroy extends Refusal {
  readonly code = 'NothingToDestroy';

  constructor() {
    super('Nothing on this list is to be destroyed: every record on it is held or left out.');
  }
}
