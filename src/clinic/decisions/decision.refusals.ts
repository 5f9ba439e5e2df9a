import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  DecisionActionStatus,
  DecisionLetterStatus,
  Discipline,
  PatientChoice,
} from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Somebody typed a further version since you read it. Both texts are here; nothing of either is lost.',
})
export class DecisionConflict extends Refusal {
  readonly code = 'DecisionConflict';

  @Field(() => Int, { description: 'Number of the version that stands; 0: none.' })
  readonly currentVersion: number;

  @Field(() => String, { nullable: true, description: 'What stands, in words; null: nothing yet.' })
  readonly theirs: string | null;

  @Field(() => String, { description: 'What you sent, in words.' })
  readonly yours: string;

  constructor(currentVersion: number, theirs: string | null, yours: string) {
    super(
      'Somebody typed this further since you read it. Compare both texts, and send the one that is to stand.',
    );
    this.currentVersion = currentVersion;
    this.theirs = theirs;
    this.yours = yours;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The team has not begun to discuss the case.' })
export class CaseNotUnderDiscussion extends Refusal {
  readonly code = 'CaseNotUnderDiscussion';

  constructor() {
    super('The team has not discussed this case. Begin its discussion in the meeting first.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The team is discussing the case still.' })
export class DiscussionNotOver extends Refusal {
  readonly code = 'DiscussionNotOver';

  constructor() {
    super('The team is discussing this case still. End the discussion, and then sign what was decided.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The decision is signed, and stays as it was signed.',
})
export class DecisionAlreadySigned extends Refusal {
  readonly code = 'DecisionAlreadySigned';

  constructor() {
    super('This decision is signed and stays as it was signed. Add to it instead.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The decision is not signed yet.' })
export class DecisionNotSigned extends Refusal {
  readonly code = 'DecisionNotSigned';

  constructor() {
    super('This decision is not signed yet. Have it checked and signed first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The version or the fingerprint is not that of what stands.',
})
export class DecisionNotAsSeen extends Refusal {
  readonly code = 'DecisionNotAsSeen';

  @Field(() => Int, { description: 'Number of the version that stands.' })
  readonly currentVersion: number;

  constructor(currentVersion: number) {
    super('This is not what you have read. Read the decision again, and answer for what you have read.');
    this.currentVersion = currentVersion;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Whoever typed a version does not check it.' })
export class CheckerIsTypist extends Refusal {
  readonly code = 'CheckerIsTypist';

  constructor() {
    super('Whoever types a decision does not check it. Name another clinician who was there.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Another clinician is asked to check it.' })
export class NotTheNominatedChecker extends Refusal {
  readonly code = 'NotTheNominatedChecker';

  constructor() {
    super('Another clinician is asked to check this. Let them, or type a version that names you.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Whoever is to check was not there.' })
export class CheckerWasNotThere extends Refusal {
  readonly code = 'CheckerWasNotThere';

  constructor() {
    super('Whoever checks what was decided has to have been there. Name a clinician who was.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'Nobody has checked what stands.' })
export class DecisionNotChecked extends Refusal {
  readonly code = 'DecisionNotChecked';

  constructor() {
    super('The nominated clinician has not checked what stands. Have it checked, and then sign it.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A discipline that has to be there was not. Only that nothing was decided can be signed.',
})
export class QuorumMissing extends Refusal {
  readonly code = 'QuorumMissing';

  @Field(() => [Discipline], { description: 'Who was missing.' })
  readonly missing: readonly Discipline[];

  constructor(missing: readonly Discipline[]) {
    super(
      'The team was not complete while this was discussed. Record that nothing was decided, and bring the case to a meeting with everybody in it.',
    );
    this.missing = missing;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'What the team recommends is not what patient and clinician have decided.',
})
export class PatientHasNotAgreed extends Refusal {
  readonly code = 'PatientHasNotAgreed';

  @Field(() => PatientChoice, {
    nullable: true,
    description: 'What they said last; null: nobody has asked them.',
  })
  readonly choice: PatientChoice | null;

  constructor(choice: PatientChoice | null) {
    super('The patient has not agreed. Speak with them, and record what you have decided together.');
    this.choice = choice;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The action stands where this cannot be done.' })
export class ActionStandsOtherwise extends Refusal {
  readonly code = 'ActionStandsOtherwise';

  @Field(() => DecisionActionStatus, { description: 'Where it stands.' })
  readonly status: DecisionActionStatus;

  constructor(status: DecisionActionStatus) {
    super(`This action is ${ACTION_IN_WORDS[status]}. Load it again and see what can be done with it now.`);
    this.status = status;
  }
}

const ACTION_IN_WORDS = {
  OPEN: 'open',
  STARTED: 'started',
  DONE: 'done',
  CANCELLED: 'cancelled',
} as const satisfies Record<DecisionActionStatus, string>;

@ObjectType({ implements: () => [Refusal], description: 'The action has changed since you have seen it.' })
export class ActionChanged extends Refusal {
  readonly code = 'ActionChanged';

  @Field(() => Int, { description: '`version` as it is now.' })
  readonly currentVersion: number;

  constructor(currentVersion: number) {
    super('Somebody has changed this action since you opened it. Load it again; nothing of yours was kept.');
    this.currentVersion = currentVersion;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The case has no referral, which this needs.' })
export class CaseWithoutReferral extends Refusal {
  readonly code = 'CaseWithoutReferral';

  constructor() {
    super(
      'This case belongs to no referral. Ask for it from one of the patient’s referrals, and then close this action.',
    );
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The letter is not written in any more.' })
export class LetterStandsOtherwise extends Refusal {
  readonly code = 'LetterStandsOtherwise';

  @Field(() => DecisionLetterStatus, { description: 'Where it stands.' })
  readonly status: DecisionLetterStatus;

  constructor(status: DecisionLetterStatus) {
    super(
      status === 'APPROVED'
        ? 'This letter is approved and was sent. Draft another one if more has to be said.'
        : 'This letter was put away. Draft another one.',
    );
    this.status = status;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'The letter has changed since you have read it.' })
export class LetterChanged extends Refusal {
  readonly code = 'LetterChanged';

  @Field(() => Int, { description: '`version` as it is now.' })
  readonly currentVersion: number;

  @Field(() => String, { description: 'The text as it stands.' })
  readonly theirs: string;

  @Field(() => String, { nullable: true, description: 'The text that you sent; null: you sent none.' })
  readonly yours: string | null;

  constructor(currentVersion: number, theirs: string, yours: string | null) {
    super(
      'Somebody has changed this letter since you read it. Compare both texts, and send the one that is to stand.',
    );
    this.currentVersion = currentVersion;
    this.theirs = theirs;
    this.yours = yours;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'There is a draft for this party already.' })
export class LetterAlreadyDrafted extends Refusal {
  readonly code = 'LetterAlreadyDrafted';

  constructor() {
    super('There is a draft for this party already. Write in that one, or put it away first.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The team has decided anew since, for the same referral. Nothing more is written of this decision, or done to the patient because of it.',
})
export class DecisionSuperseded extends Refusal {
  readonly code = 'DecisionSuperseded';

  @Field(() => ID, { description: 'The decision that stands now.' })
  readonly byId: string;

  constructor(byId: string) {
    super('The team has decided anew since then. Go by that decision instead.');
    this.byId = byId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Something was added to the decision, or said by the patient, since this letter was drafted.',
})
export class LetterBehindDecision extends Refusal {
  readonly code = 'LetterBehindDecision';

  constructor() {
    super(
      'The decision was added to, or the patient has said more, since this letter was drafted. Put it away, and draft it anew.',
    );
  }
}
