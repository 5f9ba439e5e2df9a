import { Field, ObjectType } from '@nestjs/graphql';
import { Refusal } from '../../platform/refusal/refusal.js';
import { LOCKED_MINUTES } from './session.rules.js';

@ObjectType({
  implements: () => [Refusal],
  description:
    'The sign-in did not succeed. The answer is the same for an unknown e-mail, a wrong password, a disabled and a locked account.',
})
export class SignInFailed extends Refusal {
  readonly code = 'SignInFailed';

  constructor() {
    super(
      `The e-mail or the password is not right. After several wrong passwords an account is locked for ${LOCKED_MINUTES} minutes. Try again, or ask an administrator.`,
    );
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'There is already a staff account with this e-mail address.',
})
export class StaffEmailTaken extends Refusal {
  readonly code = 'StaffEmailTaken';

  @Field(() => String, { description: 'The address that is taken.' })
  readonly email: string;

  constructor(email: string) {
    super(
      'There is already an account with this e-mail address. Use another address, or the existing account.',
    );
    this.email = email;
  }
}

@ObjectType({
  implements: () => [Refusal],
  description: 'The last administrator who can sign in cannot be disabled.',
})
export class LastAdministrator extends Refusal {
  readonly code = 'LastAdministrator';

  constructor() {
    super('This is the last administrator who can sign in. Make another administrator first.');
  }
}
