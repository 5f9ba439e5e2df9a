import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';

@ObjectType({
  implements: () => [Refusal],
  description: 'The alert has been ended already, or changed since it was read. Nothing was changed.',
})
export class PatientAlertChanged extends Refusal {
  readonly code = 'PatientAlertChanged';

  @Field(() => Int, { description: 'The version at which it is now.' })
  readonly version: number;

  @Field(() => Boolean, { description: 'It has ended.' })
  readonly hasEnded: boolean;

  constructor(version: number, hasEnded: boolean) {
    super(
      hasEnded
        ? 'This alert has been ended already.'
        : `The alert was changed meanwhile: it is at version ${version}. Look at it again.`,
    );
    this.version = version;
    this.hasEnded = hasEnded;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The alert belongs to a task that is open, and ends with it. Nothing was changed.',
})
export class PatientAlertHeld extends Refusal {
  readonly code = 'PatientAlertHeld';

  constructor() {
    super(
      'This alert belongs to an urgent task that is open. It ends by itself when a clinician closes the task. Nothing was changed.',
    );
  }
}
