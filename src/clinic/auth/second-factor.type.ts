import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  SecondFactorAlreadyThere,
  SecondFactorMissing,
  SecondFactorOwn,
  SecondFactorUnavailable,
  SecondFactorWrong,
} from './second-factor.refusals.js';
import { RECOVERY_CODES } from './second-factor.rules.js';

const REASON_CHARACTERS_MAX = 500;
/** A recovery code with its dashes has 19; the rest is room for blanks. */
export const CODE_CHARACTERS_MAX = 40;

export const SigningRule = { OFF: 'OFF', ENROLLED: 'ENROLLED', REQUIRED: 'REQUIRED' } as const;
export type SigningRule = (typeof SigningRule)[keyof typeof SigningRule];

registerEnumType(SigningRule, {
  name: 'SigningRule',
  description: 'Whether signing asks for a code of a second factor (SIGNING_SECOND_FACTOR).',
  valuesMap: {
    OFF: { description: 'Never, not even of those who have one.' },
    ENROLLED: { description: 'Of whoever has set one up.' },
    REQUIRED: { description: 'Of everybody: nobody signs without.' },
  },
});

@ObjectType({ description: 'How your own second factor stands.' })
export class SecondFactorStanding {
  @Field(() => SigningRule, { description: 'Whom this clinic asks for a code when signing.' })
  readonly rule: SigningRule;

  @Field(() => Boolean, { description: 'Must your next signature come with a code?' })
  readonly isAskedFor: boolean;

  @Field(() => Instant, {
    nullable: true,
    description: 'Since when you have one; null: you have none, or its first code was not confirmed yet.',
  })
  readonly confirmedAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Recovery codes that were not used yet.' })
  readonly recoveryCodesLeft: number;

  @Field(() => Instant, {
    nullable: true,
    description: 'Until when no code is looked at after wrong ones; null: codes are not locked.',
  })
  readonly lockedUntil: Temporal.Instant | null;
}

@ObjectType({ description: 'What an authenticator app is set up with. Shown once; sealed at rest.' })
export class SecondFactorBegun {
  @Field(() => String, {
    description:
      'Address for the app, `otpauth://totp/…`: show it as a picture. It holds the secret. RFC 6238: SHA-1, six digits, 30 seconds.',
  })
  readonly uri: string;
}

@ObjectType({
  description: 'Codes for the day on which the device is lost. Shown once; only their hashes are kept.',
})
export class RecoveryCodes {
  @Field(() => [String], {
    description: `${RECOVERY_CODES} codes such as 7k2m-9xyz-…, each of which serves once. Older ones serve no more.`,
  })
  readonly codes: readonly string[];
}

@ObjectType({ description: 'That a second factor is there no more.' })
export class SecondFactorRemoved {
  @Field(() => ID, { description: 'Staff account whose it was.' })
  readonly staffId: string;
}

@InputType({ description: 'A code of your second factor.' })
export class SecondFactorCodeInput {
  @Field(() => String, {
    description: 'The six digits that the app shows now, or a recovery code. Blanks and dashes do not count.',
  })
  @IsString()
  @Matches(/\S/, { message: 'code must not be blank' })
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly code: string;
}

@InputType({ description: 'Takes away the second factor of somebody who has lost theirs.' })
export class RemoveSecondFactorInput {
  @Field(() => ID, { description: 'Whose: a staff account.' })
  @IsUUID()
  readonly staffId: string;

  @Field(() => String, {
    description: `Why, and how it was made sure who asked, at most ${REASON_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @Matches(/\S/, { message: 'reason must not be blank' })
  @MaxLength(REASON_CHARACTERS_MAX)
  readonly reason: string;
}

export const BeginSecondFactorResult = resultUnion(
  'BeginSecondFactorResult',
  SecondFactorBegun,
  [SecondFactorAlreadyThere, SecondFactorUnavailable],
  'What the app is set up with, or why there is nothing.',
);

export const ConfirmSecondFactorResult = resultUnion(
  'ConfirmSecondFactorResult',
  RecoveryCodes,
  [SecondFactorWrong, SecondFactorMissing, SecondFactorAlreadyThere],
  'The recovery codes, or why the second factor does not count yet.',
);

export const RenewRecoveryCodesResult = resultUnion(
  'RenewRecoveryCodesResult',
  RecoveryCodes,
  [SecondFactorWrong, SecondFactorMissing],
  'The new recovery codes, or why the old ones stay.',
);

export const RemoveMySecondFactorResult = resultUnion(
  'RemoveMySecondFactorResult',
  SecondFactorRemoved,
  [SecondFactorWrong, SecondFactorMissing],
  'That it is gone, or why it stays.',
);

export const RemoveSecondFactorResult = resultUnion(
  'RemoveSecondFactorResult',
  SecondFactorRemoved,
  [SecondFactorMissing, SecondFactorOwn],
  'That it is gone, or why nothing was removed.',
);
