import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ReferralContentChanged, ReferralContentRetired } from './referral-content.refusals.js';
import { FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';

const NAME_CHARACTERS_MAX = 200;
const CODE_CHARACTERS_MAX = 60;
const PROCEDURES_MAX = 20;
/** A course of treatment; more is a mistake in typing. */
const SESSIONS_MAX = 200;
/** A million pounds; GraphQL's Int holds twenty times as much. */
const AMOUNT_MAX_PENCE = 100_000_000;
const REASON_CHARACTERS_MAX = 300;

@ObjectType({ description: 'What an insurer has agreed to pay, before it is done.' })
export class ReferralAuthorisation {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  readonly referralId: string;

  @Field(() => String, { description: 'The insurer.' })
  readonly insurer: string;

  @Field(() => String, { description: "The patient's membership number with the insurer." })
  readonly membershipNumber: string;

  @Field(() => String, { description: 'The code with which the insurer has agreed.' })
  readonly authorisationCode: string;

  @Field(() => [String], {
    description: 'Codes of the procedures that are agreed, as the insurer wrote them.',
  })
  readonly procedureCodes: readonly string[];

  @Field(() => Int, {
    nullable: true,
    description: 'How many sessions; null: no number was agreed. Those that took place are not taken off.',
  })
  readonly sessions: number | null;

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, { description: 'Last day on which it holds.' })
  readonly validUntil: string;

  @Field(() => Boolean, { description: 'Whether today is one of its days.' })
  readonly isInForceToday: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'What is paid at most, in pence; null: no amount was agreed.',
  })
  readonly amountPence: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'What the patient pays of it, in pence; null: was not said.',
  })
  readonly excessPence: number | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  readonly retiredAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Rises with each correction. Send it back when you correct it.' })
  readonly version: number;
}

@InputType({ isAbstract: true })
abstract class AuthorisationInput {
  @Field(() => String, { description: 'The insurer, at most 200 characters.' })
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly insurer: string;

  @Field(() => String, { description: "The patient's membership number, at most 60 characters." })
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly membershipNumber: string;

  @Field(() => String, { description: 'The code with which the insurer has agreed, at most 60 characters.' })
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly authorisationCode: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Codes of the procedures, at most 20 of 60 characters each, as the insurer wrote them.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROCEDURES_MAX)
  @IsString({ each: true })
  @MaxLength(CODE_CHARACTERS_MAX, { each: true })
  @Matches(FREE_TEXT, { ...PLAIN, each: true })
  readonly procedureCodes?: readonly string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many sessions, 1 to 200; left out: no number was agreed.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(SESSIONS_MAX)
  readonly sessions?: number | null;

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  @IsISO8601({ strict: true })
  readonly validFrom: string;

  @Field(() => LocalDate, { description: 'Last day on which it holds.' })
  @IsISO8601({ strict: true })
  readonly validUntil: string;

  @Field(() => Int, {
    nullable: true,
    description: 'What is paid at most, in pence, up to a million pounds.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AMOUNT_MAX_PENCE)
  readonly amountPence?: number | null;

  @Field(() => Int, { nullable: true, description: 'What the patient pays of it, in pence.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AMOUNT_MAX_PENCE)
  readonly excessPence?: number | null;
}

@InputType({ description: 'What an insurer has agreed to.' })
export class RecordAuthorisationInput extends AuthorisationInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;
}

@InputType({ description: 'The entry as it should have been, whole.' })
export class CorrectAuthorisationInput extends AuthorisationInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly authorisationId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'An entry that does not hold, or that the insurer took back.' })
export class RetireAuthorisationInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly authorisationId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why, at most 300 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const CorrectAuthorisationResult = resultUnion(
  'CorrectAuthorisationResult',
  ReferralAuthorisation,
  [ReferralContentChanged, ReferralContentRetired],
  'The entry as it is now, or why it was not corrected.',
);
