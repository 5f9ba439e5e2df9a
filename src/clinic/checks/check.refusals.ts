import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { CheckKind, ExposureAct, SafetyDecider } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

/** How a check stands on a day. */
export const CheckState = {
  PASSED: 'PASSED',
  WAITING: 'WAITING',
  FAILED: 'FAILED',
  NOT_APPLICABLE: 'NOT_APPLICABLE',
} as const;
export type CheckState = (typeof CheckState)[keyof typeof CheckState];

registerEnumType(CheckState, {
  name: 'CheckState',
  description: 'How a check stands on a day.',
  valuesMap: {
    PASSED: { description: 'Made, and as it should be, or decided to go on.' },
    WAITING: { description: 'Not made yet, not witnessed yet, or somebody still has to decide.' },
    FAILED: { description: 'Not as it should be: nothing is injected.' },
    NOT_APPLICABLE: { description: 'This patient is not asked.' },
  },
});

registerEnumType(CheckKind, {
  name: 'CheckKind',
  description: 'What is asked or looked at before a tracer is given.',
  valuesMap: {
    IDENTITY: { description: 'Who the patient is: three points.' },
    PREGNANCY: { description: 'Whether the patient may be pregnant.' },
    BREAST_FEEDING: { description: 'Whether the patient breast-feeds.' },
    SAFETY: { description: 'The safety checklist.' },
  },
});

@ObjectType({
  implements: () => [Refusal],
  description:
    'Checks are made on the day of the visit, and count for an injection on that day and no other.',
})
export class CheckNotOnTheDay extends Refusal {
  readonly code = 'CheckNotOnTheDay';

  @Field(() => String, { description: 'Local date of the visit, YYYY-MM-DD.' })
  readonly visitOn: string;

  constructor(visitOn: string, visitOnInWords: string) {
    super(`The visit is on ${visitOnInWords}. Ask on that day: what was said on another counts for nothing.`);
    this.visitOn = visitOn;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The visit is only held, or it was cancelled or missed: there is nobody to ask.',
})
export class VisitNotToBeChecked extends Refusal {
  readonly code = 'VisitNotToBeChecked';

  constructor() {
    super('This visit does not take place. Open the one that does, and record it there.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'This has been recorded today already. It is not edited: a new record may stand instead of it.',
})
export class CheckAlreadyMade extends Refusal {
  readonly code = 'CheckAlreadyMade';

  @Field(() => ID, {
    nullable: true,
    description: 'The record that stands now; null: another was written at this moment. Look again.',
  })
  readonly standingId: string | null;

  constructor(standingId: string | null) {
    super(
      'This has been recorded today already. If it was wrong, or was asked again, name the record that stands now ' +
        'as the one that is replaced, and say why.',
    );
    this.standingId = standingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Whoever is signed in is not entitled by the employer to this act for this procedure.',
})
export class NotEntitledToCheck extends Refusal {
  readonly code = 'NotEntitledToCheck';

  @Field(() => ExposureAct, { description: 'The act.' })
  readonly act: ExposureAct;

  constructor(act: ExposureAct, reason: string) {
    super(reason);
    this.act = act;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A newer record stands instead of this one: nothing more is said about it.',
})
export class CheckReplaced extends Refusal {
  readonly code = 'CheckReplaced';

  @Field(() => ID, { description: 'The record that stands instead.' })
  readonly standingId: string;

  constructor(standingId: string) {
    super('A newer record stands instead of this one. Look at that one.');
    this.standingId = standingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The person who asked cannot be the one who was there beside.',
})
export class WitnessIsAsker extends Refusal {
  readonly code = 'WitnessIsAsker';

  constructor() {
    super('You asked this yourself. Somebody else who was there says so, signed in as themselves.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Somebody has said already that they were there.',
})
export class AlreadyWitnessed extends Refusal {
  readonly code = 'AlreadyWitnessed';

  constructor() {
    super('This has been witnessed already. Nothing more is needed.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Everything was as it should be, so there is nothing to decide.',
})
export class NothingToDecide extends Refusal {
  readonly code = 'NothingToDecide';

  constructor() {
    super('Nothing in this record needs a decision.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Nobody may decide to go on: what was found makes the scan impossible as it is planned.',
})
export class NotToBeDecided extends Refusal {
  readonly code = 'NotToBeDecided';

  @Field(() => [String], { description: 'Codes of the items that nobody may overrule.' })
  readonly items: readonly string[];

  constructor(items: readonly string[]) {
    super(
      `Nobody may go past this (${items.join(', ')}). Do not inject: correct the record if it is wrong, ` +
        'or speak with the practitioner about another examination.',
    );
    this.items = items;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'A decision stands already. Another may stand instead of it.',
})
export class CheckAlreadyDecided extends Refusal {
  readonly code = 'CheckAlreadyDecided';

  @Field(() => ID, {
    nullable: true,
    description: 'The decision that stands now; null: another was written at this moment. Look again.',
  })
  readonly standingId: string | null;

  constructor(standingId: string | null) {
    super(
      'This has been decided already. To decide otherwise, name the decision that stands now, and say why.',
    );
    this.standingId = standingId;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The answers are not those of the checklist in force: one is missing, or belongs to another list.',
})
export class SafetyItemsDiffer extends Refusal {
  readonly code = 'SafetyItemsDiffer';

  @Field(() => ID, { description: 'The checklist to go through.' })
  readonly templateId: string;

  @Field(() => [String], { description: 'Codes of its items that have no answer.' })
  readonly unanswered: readonly string[];

  constructor(templateId: string, unanswered: readonly string[]) {
    super('Go through every item of the checklist in force, and give each exactly one answer.');
    this.templateId = templateId;
    this.unanswered = unanswered;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row for this day already. Rows are never rewritten: choose a later day.',
})
export class CheckPolicyAlreadySet extends Refusal {
  readonly code = 'CheckPolicyAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: people were asked by what held then.',
})
export class CheckPolicyInThePast extends Refusal {
  readonly code = 'CheckPolicyInThePast';

  constructor() {
    super('What people were asked on a past day cannot be changed any more. Choose today or a later day.');
  }
}

/** Who is asked to decide, as a sentence says it. */
export const DECIDERS = {
  OPERATOR: 'an operator who is entitled to give the tracer',
  PRACTITIONER: 'a practitioner who is entitled to justify it',
  NOBODY: 'nobody',
} as const satisfies Record<SafetyDecider, string>;
