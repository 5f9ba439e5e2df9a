import { Field, ObjectType } from '@nestjs/graphql';
import { Instant } from '../../platform/graphql/scalars.js';
import { Refusal } from '../../platform/refusal/refusal.js';
import type { Temporal } from '../../platform/time/index.js';
import { LOCKED_CODE_MINUTES, WRONG_CODES_MAX } from './second-factor.rules.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'Signing needs a code of the second factor, and none was given, or there is no second factor yet.',
})
export class SecondFactorWanted extends Refusal {
  readonly code = 'SecondFactorWanted';

  @Field(() => Boolean, {
    description:
      'There is no second factor yet: beginSecondFactor first. False: give a code of the one there is.',
  })
  readonly mustEnrol: boolean;

  constructor(mustEnrol: boolean) {
    super(
      mustEnrol
        ? 'This clinic signs with a second factor only, and you have none yet. Set one up with beginSecondFactor, then sign again. Nothing was signed.'
        : 'Signing needs the code that your device shows now, or one of your recovery codes. Send it with the signature. Nothing was signed.',
    );
    this.mustEnrol = mustEnrol;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description:
    'The code is not right, was used before, or codes are locked for a while. Each wrong code is counted, although nothing else changed.',
})
export class SecondFactorWrong extends Refusal {
  readonly code = 'SecondFactorWrong';

  @Field(() => Instant, {
    nullable: true,
    description: 'Until when no code is looked at; null: codes are not locked.',
  })
  readonly lockedUntil: Temporal.Instant | null;

  constructor(lockedUntil: Temporal.Instant | null) {
    super(
      lockedUntil === null
        ? `This code is not right, or it was used before. Wait for the next one and try again. After ${WRONG_CODES_MAX} wrong ones codes are locked for ${LOCKED_CODE_MINUTES} minutes.`
        : `After ${WRONG_CODES_MAX} wrong codes none is looked at for ${LOCKED_CODE_MINUTES} minutes. Wait, then try again; if the device is lost, ask an administrator to remove the second factor.`,
    );
    this.lockedUntil = lockedUntil;
  }
}

@ObjectType({ implements: () => [Refusal], description: 'There is a second factor already.' })
export class SecondFactorAlreadyThere extends Refusal {
  readonly code = 'SecondFactorAlreadyThere';

  constructor() {
    super('You have a second factor already. Remove it first, with a code of it, then set up the new one.');
  }
}

@ObjectType({ implements: () => [Refusal], description: 'There is no second factor to act on.' })
export class SecondFactorMissing extends Refusal {
  readonly code = 'SecondFactorMissing';

  constructor() {
    super('There is no second factor here. Begin with beginSecondFactor.');
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'Nobody takes their own second factor away without a code of it. Nothing was changed.',
})
export class SecondFactorOwn extends Refusal {
  readonly code = 'SecondFactorOwn';

  constructor() {
    super(
      'This second factor is your own. Take it away with a code of it (removeMySecondFactor); if the device is lost, use a recovery code, or ask another administrator.',
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'This installation has no key to keep secrets under.',
})
export class SecondFactorUnavailable extends Refusal {
  readonly code = 'SecondFactorUnavailable';

  constructor() {
    super(
      'This installation has no master key to keep the secret under. Whoever runs it sets DOCUMENTS_KEYS; then try again.',
    );
  }
}
