import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsEmail,
  IsEnum,
  IsNotEmpty,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { Role } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { LastAdministrator, SignInFailed, StaffEmailTaken } from './session.refusals.js';

// RFC 5321 §4.5.3.1.3 lets a path have 256 characters with its brackets.
const EMAIL_MAX_CHARACTERS = 254;
// NIST SP 800-63B asks for 8 at least; a clinic's passwords open health records, so a short phrase is asked for.
const PASSWORD_MIN_CHARACTERS = 12;
// Argon2 takes any length; the bound keeps one sign-in from hashing megabytes.
const PASSWORD_MAX_CHARACTERS = 200;
const NAME_MAX_CHARACTERS = 100;

@ObjectType({ description: 'A member of staff who can sign in.' })
export class StaffAccount {
  @Field(() => ID, { description: 'Id of the account.' })
  readonly id: string;

  @Field(() => String, { description: 'Sign-in name: an e-mail address in lower case.' })
  readonly email: string;

  @Field(() => String, { description: 'Name as colleagues see it.' })
  readonly displayName: string;

  @Field(() => [Role], { description: 'What the person does.' })
  readonly roles: readonly Role[];

  @Field(() => Instant, {
    nullable: true,
    description: 'Since when the account cannot sign in; null while it can.',
  })
  readonly disabledAt: Temporal.Instant | null;
}

@ObjectType({ description: 'A session that was started by signing in.' })
export class StaffSession {
  @Field(() => ID, { description: 'Id of the session.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose session it is.' })
  readonly accountId: string;

  @Field(() => Instant, { description: 'When it was started.' })
  readonly createdAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was last used, to the minute.' })
  readonly lastSeenAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it ends at the latest.' })
  readonly expiresAt: Temporal.Instant;

  @Field(() => Instant, {
    nullable: true,
    description: 'When it was ended by signing out or by an administrator.',
  })
  readonly revokedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Network address it was started from.' })
  readonly remoteAddress: string | null;

  @Field(() => String, { nullable: true, description: 'What the browser or program called itself.' })
  readonly userAgent: string | null;
}

@ObjectType({ description: 'A successful sign-in.' })
export class SignedIn {
  @Field(() => String, {
    description: 'Bearer token: send it as `Authorization: Bearer …`. Shown once; only its hash is kept.',
  })
  readonly token: string;

  @Field(() => Instant, { description: 'When the session ends at the latest.' })
  readonly expiresAt: Temporal.Instant;

  @Field(() => StaffAccount, { description: 'Who signed in.' })
  readonly account: StaffAccount;
}

@ObjectType({ description: 'Who is asking, and what they may do.' })
export class CurrentStaff {
  @Field(() => StaffAccount, { description: 'The account that is signed in.' })
  readonly account: StaffAccount;

  @Field(() => [String], { description: 'Names of the permissions that its roles hold.' })
  readonly permissions: readonly string[];

  @Field(() => StaffSession, { description: 'This session.' })
  readonly session: StaffSession;
}

@InputType({ description: 'E-mail and password.' })
export class SignInInput {
  @Field(() => String, { description: 'Sign-in name; upper and lower case are the same.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(EMAIL_MAX_CHARACTERS)
  email: string;

  @Field(() => String, { description: 'Password.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(PASSWORD_MAX_CHARACTERS)
  password: string;
}

@InputType({ description: 'A new member of staff.' })
export class AddStaffAccountInput {
  @Field(() => String, { description: 'Sign-in name: an e-mail address.' })
  @IsEmail()
  @MaxLength(EMAIL_MAX_CHARACTERS)
  email: string;

  @Field(() => String, {
    description: `Name as colleagues see it, at most ${NAME_MAX_CHARACTERS} characters.`,
  })
  @IsString()
  @Matches(/\S/, { message: 'displayName must not be blank' })
  @MaxLength(NAME_MAX_CHARACTERS)
  displayName: string;

  @Field(() => [Role], { description: 'At least one role.' })
  @IsEnum(Role, { each: true })
  @ArrayNotEmpty()
  @ArrayUnique()
  roles: Role[];

  @Field(() => String, {
    description: `First password, ${PASSWORD_MIN_CHARACTERS} to ${PASSWORD_MAX_CHARACTERS} characters.`,
  })
  @IsString()
  @Matches(/\S/, { message: 'password must not be blank' })
  @MinLength(PASSWORD_MIN_CHARACTERS)
  @MaxLength(PASSWORD_MAX_CHARACTERS)
  password: string;
}

@InputType({ description: 'A new password for somebody who has lost theirs.' })
export class ResetStaffPasswordInput {
  @Field(() => ID, { description: 'Whose password.' })
  @IsUUID()
  accountId: string;

  @Field(() => String, {
    description: `The new password, ${PASSWORD_MIN_CHARACTERS} to ${PASSWORD_MAX_CHARACTERS} characters.`,
  })
  @IsString()
  @Matches(/\S/, { message: 'password must not be blank' })
  @MinLength(PASSWORD_MIN_CHARACTERS)
  @MaxLength(PASSWORD_MAX_CHARACTERS)
  password: string;
}

export const SignInResult = resultUnion(
  'SignInResult',
  SignedIn,
  [SignInFailed],
  'A session, or why there is none.',
);

export const AddStaffAccountResult = resultUnion(
  'AddStaffAccountResult',
  StaffAccount,
  [StaffEmailTaken],
  'The new account, or why there is none.',
);

export const DisableStaffAccountResult = resultUnion(
  'DisableStaffAccountResult',
  StaffAccount,
  [LastAdministrator],
  'The disabled account, or why it still can sign in.',
);
