import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ReferralAudience, TellingMethod } from '../../platform/database/generated/enums.js';
import { CODE, FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';
import './referral-words.type.js';

export const COMMENT_CHARACTERS_MAX = 1_000;
/** A letter's page. */
export const WORDS_CHARACTERS_MAX = 4_000;
export const CODE_CHARACTERS_MAX = 60;
const EMAIL_CHARACTERS_MAX = 254;
const ADDRESS_LINES_MAX = 6;
const LINE_CHARACTERS_MAX = 200;
const POSTCODE_CHARACTERS_MAX = 12;
/** Two people, four ways each. */
const TELLINGS_MAX = 8;

@InputType({ description: 'Somebody who is told of a move.' })
export class TellReferralInput {
  @Field(() => ReferralAudience, { description: 'Who.' })
  @IsEnum(ReferralAudience)
  readonly audience: ReferralAudience;

  @Field(() => TellingMethod, {
    description: 'How. EMAIL and LETTER are written from here; the others were said.',
  })
  @IsEnum(TellingMethod)
  readonly method: TellingMethod;

  @Field(() => String, {
    nullable: true,
    description: 'In which words, at most 4,000 characters; left out: the words of the reason.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly words?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address for this alone; left out: the known one.',
  })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly email?: string | null;

  @Field(() => [String], { nullable: true, description: 'Postal address for this alone, without postcode.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ADDRESS_LINES_MAX)
  @IsString({ each: true })
  @MaxLength(LINE_CHARACTERS_MAX, { each: true })
  @Matches(FREE_TEXT, { ...PLAIN, each: true })
  readonly addressLines?: readonly string[] | null;

  @Field(() => String, { nullable: true, description: 'Postcode of that address.' })
  @IsOptional()
  @IsString()
  @MaxLength(POSTCODE_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly postcode?: string | null;
}

/** What every move takes. */
@InputType({ isAbstract: true })
export abstract class MoveReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was read. Sent, whoever was quicker is noticed: ReferralChangedMeanwhile.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  readonly version?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to add, at most 1,000 characters. For the clinic: nobody is told it by itself.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;

  @Field(() => [TellReferralInput], {
    nullable: true,
    description:
      'Who is told, and how; left out: whom the reason tells (`referralReasons`), by e-mail or letter; empty: nobody.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TELLINGS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TellReferralInput)
  readonly tell?: readonly TellReferralInput[] | null;
}

/** What a move takes that has a reason. */
@InputType({ isAbstract: true })
export abstract class MoveWithReasonInput extends MoveReferralInput {
  @Field(() => String, {
    description: 'Why: a code of `referralReasons` for this action. Some want a comment.',
  })
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(CODE)
  readonly reasonCode: string;
}

@InputType({ description: 'It is looked at again.' })
export class ReopenReferralInput extends MoveWithReasonInput {}

@InputType({ description: 'Nobody wants it any more.' })
export class WithdrawReferralInput extends MoveWithReasonInput {}

@InputType({ description: 'What it asked for is done.' })
export class CompleteReferralInput extends MoveWithReasonInput {
  @Field(() => String, { description: 'What came of it, at most 4,000 characters; the referrer is told it.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly outcome: string;
}

@InputType({ description: 'What was asked for has come.' })
export class RecordInformationInput extends MoveReferralInput {}
