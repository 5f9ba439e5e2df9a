import { Field, ObjectType } from '@nestjs/graphql';
import { TreatmentCriterion } from '../../platform/database/generated/enums.js';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'There is a row from this day on already. Rows are never rewritten: choose a later day.',
})
export class TreatmentRowAlreadySet extends Refusal {
  readonly code = 'TreatmentRowAlreadySet';

  constructor() {
    super('This is set for that day already. What is set is never rewritten: choose a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The day lies in the past: what held then stays as it was.',
})
export class TreatmentRowInThePast extends Refusal {
  readonly code = 'TreatmentRowInThePast';

  constructor() {
    super('What held on a past day cannot be changed any more. Choose today or a later day.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'Terms of the treatment are not met or not known. Where they are advisory, say why it goes on; where they are mandatory, it does not.',
})
export class TermsNotMet extends Refusal {
  readonly code = 'TermsNotMet';

  @Field(() => [TreatmentCriterion], { description: 'Which terms.' })
  readonly criteria: readonly TreatmentCriterion[];

  @Field(() => [String], { description: 'What is known of each, one sentence.' })
  readonly facts: readonly string[];

  @Field(() => Boolean, { description: 'A clinician may go on with a reason.' })
  readonly mayGoOn: boolean;

  constructor(criteria: readonly TreatmentCriterion[], facts: readonly string[], mayGoOn: boolean) {
    const what = mayGoOn
      ? 'Say in `proceedBecause` why it goes on all the same, or plan something else.'
      : 'These terms are mandatory: plan something else, or find out what is not known.';
    super(`The terms of this treatment are not met. ${facts.join(' ')} ${what}`);
    this.criteria = criteria;
    this.facts = facts;
    this.mayGoOn = mayGoOn;
  }
}
