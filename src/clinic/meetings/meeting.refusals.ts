import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { MeetingStatus } from '../../platform/database/generated/enums.js';
import { Discipline, MeetingStatus as MeetingStatuses } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

const STATUS_IN_WORDS = {
  PLANNED: 'planned, and its list is still open',
  AGENDA_CLOSED: 'planned, with its list closed',
  IN_SESSION: 'in session',
  CLOSED: 'over',
  CANCELLED: 'cancelled',
} as const satisfies Record<MeetingStatus, string>;

@ObjectType({
  implements: () => [Refusal],
  description: 'The meeting stands where this cannot be done: closed already, for one.',
})
export class MeetingStandsOtherwise extends Refusal {
  readonly code = 'MeetingStandsOtherwise';

  @Field(() => MeetingStatuses, { description: 'Where it stands.' })
  readonly status: MeetingStatus;

  constructor(status: MeetingStatus) {
    super(`The meeting is ${STATUS_IN_WORDS[status]}. Load it again and see what can be done with it now.`);
    this.status = status;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody holds a meeting of this series at that time already, or this term begins on a day that has one.',
})
export class MeetingAlreadyPlanned extends Refusal {
  readonly code = 'MeetingAlreadyPlanned';

  constructor() {
    super('This series has a meeting at that time already. Use it, or choose another time.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The series has a term from this day on already.' })
export class SeriesTermAlreadySet extends Refusal {
  readonly code = 'SeriesTermAlreadySet';

  constructor() {
    super(
      'How this series is held is set from that day on already. What is set is never rewritten: choose a later day.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The series has ended by then.' })
export class SeriesEnded extends Refusal {
  readonly code = 'SeriesEnded';

  constructor() {
    super('This series has ended. Begin a new one, or plan a single meeting.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Not everything that was on the list has been dealt with.',
})
export class CasesNotSettled extends Refusal {
  readonly code = 'CasesNotSettled';

  @Field(() => [ID], { description: 'Cases that are on the list and were neither discussed nor deferred.' })
  readonly listedCaseIds: readonly string[];

  @Field(() => [ID], { description: 'Cases that were discussed and have no record of what was decided.' })
  readonly undecidedCaseIds: readonly string[];

  constructor(listedCaseIds: readonly string[], undecidedCaseIds: readonly string[]) {
    super(
      `${listedCaseIds.length} on the list are neither discussed nor deferred, and of ${undecidedCaseIds.length} that were discussed nobody has recorded what was decided, not even "no decision". Do that, then close the meeting.`,
    );
    this.listedCaseIds = listedCaseIds;
    this.undecidedCaseIds = undecidedCaseIds;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The person does not practise in this discipline on the day of the meeting.',
})
export class MemberDisciplineNotHeld extends Refusal {
  readonly code = 'MemberDisciplineNotHeld';

  @Field(() => [Discipline], { description: 'Those in which the person does practise on that day.' })
  readonly held: readonly Discipline[];

  constructor(held: readonly Discipline[]) {
    super(
      held.length === 0
        ? 'No discipline is recorded for this person on the day of the meeting. An administrator records it.'
        : 'This person does not practise in that discipline on the day of the meeting. Choose one of theirs.',
    );
    this.held = held;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The person is there already at that time.' })
export class AlreadyPresent extends Refusal {
  readonly code = 'AlreadyPresent';

  constructor() {
    super('This person is on record as being there at that time already. Record that they left first.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The person has left already.' })
export class AlreadyLeft extends Refusal {
  readonly code = 'AlreadyLeft';

  @Field(() => Instant, { description: 'When they left.' })
  readonly leftAt: Temporal.Instant;

  constructor(leftAt: Temporal.Instant) {
    super('This person has left already. If they came back, record that they joined again.');
    this.leftAt = leftAt;
  }
}
