import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { MeetingCaseStatus } from '../../platform/database/generated/enums.js';
import { MeetingCaseStatus as CaseStatuses } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';

const STATUS_IN_WORDS = {
  PROPOSED: 'brought, and on no list yet',
  LISTED: 'on the list of a meeting',
  DISCUSSED: 'discussed',
  DEFERRED: 'deferred',
  WITHDRAWN: 'withdrawn',
} as const satisfies Record<MeetingCaseStatus, string>;

@ObjectType({ implements: () => [Refusal], description: 'The case stands where this cannot be done.' })
export class CaseStandsOtherwise extends Refusal {
  readonly code = 'CaseStandsOtherwise';

  @Field(() => CaseStatuses, { description: 'Where it stands.' })
  readonly status: MeetingCaseStatus;

  @Field(() => Boolean, { description: 'The team is discussing it now.' })
  readonly isUnderDiscussion: boolean;

  constructor(status: MeetingCaseStatus, isUnderDiscussion: boolean) {
    super(
      isUnderDiscussion
        ? 'The team is discussing this case now. End the discussion first.'
        : `This case is ${STATUS_IN_WORDS[status]}. Load it again and see what can be done with it now.`,
    );
    this.status = status;
    this.isUnderDiscussion = isUnderDiscussion;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Somebody else has changed the case since.' })
export class CaseChangedSince extends Refusal {
  readonly code = 'CaseChangedSince';

  @Field(() => Int, { description: 'Its version now.' })
  readonly currentVersion: number;

  constructor(currentVersion: number) {
    super('Somebody has changed this case since you opened it. Load it again; nothing of yours was kept.');
    this.currentVersion = currentVersion;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The case is not ready for the list: its proforma, its presenter, or somebody who knows the patient is missing.',
})
export class CaseNotPrepared extends Refusal {
  readonly code = 'CaseNotPrepared';

  @Field(() => Boolean, { description: 'The proforma with the patient’s own preferences is missing.' })
  readonly lacksProforma: boolean;

  @Field(() => Boolean, { description: 'Nobody presents it.' })
  readonly lacksPresenter: boolean;

  @Field(() => Boolean, { description: 'Nobody is named who knows the patient.' })
  readonly lacksWhoKnows: boolean;

  constructor(lacks: {
    readonly proforma: boolean;
    readonly presenter: boolean;
    readonly whoKnows: boolean;
  }) {
    super(
      'A case comes on the list with its proforma (the patient’s own preferences among it), a presenter, and somebody who knows the patient. Add what is missing, then list it.',
    );
    this.lacksProforma = lacks.proforma;
    this.lacksPresenter = lacks.presenter;
    this.lacksWhoKnows = lacks.whoKnows;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The list of this meeting is closed: a late case says how urgent it is, and why.',
})
export class AgendaClosed extends Refusal {
  readonly code = 'AgendaClosed';

  @Field(() => Instant, { description: 'When it was closed.' })
  readonly closedAt: Temporal.Instant;

  constructor(closedAt: Temporal.Instant) {
    super(
      'The list of this meeting is closed. List the case for the next meeting, or, if it cannot wait, say how urgent it is and why.',
    );
    this.closedAt = closedAt;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The patient is on this list already.' })
export class PatientAlreadyListed extends Refusal {
  readonly code = 'PatientAlreadyListed';

  constructor() {
    super('This patient is on the list of this meeting already. Add to that case instead.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The team is discussing another patient.' })
export class AnotherCaseUnderDiscussion extends Refusal {
  readonly code = 'AnotherCaseUnderDiscussion';

  constructor() {
    super('The team is discussing another patient. End that discussion first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever knows the patient is not there.',
})
export class WhoKnowsPatientAbsent extends Refusal {
  readonly code = 'WhoKnowsPatientAbsent';

  constructor() {
    super(
      'Whoever knows the patient is not there. Wait for them, name somebody else who knows the patient and is there, or defer the case.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'It is shown already, in the same version.' })
export class AlreadyShown extends Refusal {
  readonly code = 'AlreadyShown';

  constructor() {
    super('This is among what is shown to the team already, in the same version.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The proposal was settled before.' })
export class CaseProposalAlreadySettled extends Refusal {
  readonly code = 'CaseProposalAlreadySettled';

  constructor() {
    super('Somebody has accepted or dismissed this proposal already. Load the list again.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The same has been proposed before.' })
export class AlreadyProposed extends Refusal {
  readonly code = 'AlreadyProposed';

  constructor() {
    super('The same has been proposed already. Look at what became of it among the proposals.');
  }
}
