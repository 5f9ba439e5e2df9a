import { Field, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  ConsentCompetence,
  ConsentGiver,
  ConsentMethod,
  ConsentSide,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ConsentIncomplete, ConsentNotInForce, ConsentPlaceDiffers } from './consent.refusals.js';
import { ConsentRecord } from './consent.type.js';
import { ConsentEvidenceInput, ConsentInterpreterInput } from './consent-detail.type.js';
import { LEVEL } from './consent-entry.type.js';

const COMMENT_CHARACTERS_MAX = 1_000;
const GIVER_NAME_CHARACTERS_MAX = 120;
const TRAINING_CHARACTERS_MAX = 500;
/** Half of a spine: nobody treats more at once. */
const LEVELS_MAX = 12;
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const SOME_TEXT = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN = { message: '$property: must not contain control characters' };
const READABLE = { message: '$property: must not be blank or contain control characters' };

@InputType({
  description:
    'A consent that is confirmed right before the thing is done. Side and levels are said again, as the patient says them.',
})
export class ConfirmConsentInput {
  @Field(() => ID, { description: 'The record of the consent.' })
  @IsUUID()
  readonly recordId: string;

  @Field(() => ConsentSide, { nullable: true, description: 'The side; left out when there is none.' })
  @IsOptional()
  @IsEnum(ConsentSide)
  readonly side?: ConsentSide | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The levels, such as L4/5; none when there are none.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LEVELS_MAX)
  @Matches(LEVEL, { each: true, message: '$property: must be levels such as L4/5 or S1' })
  readonly levels?: readonly string[] | null;

  @Field(() => ConsentGiver, { description: 'Who confirmed.' })
  @IsEnum(ConsentGiver)
  readonly givenBy: ConsentGiver;

  @Field(() => String, { nullable: true, description: 'Their name: needed when it was not the patient.' })
  @IsOptional()
  @IsString()
  @MaxLength(GIVER_NAME_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly giverName?: string | null;

  @Field(() => ConsentMethod, { description: 'How it reached us.' })
  @IsEnum(ConsentMethod)
  readonly method: ConsentMethod;

  @Field(() => Instant, {
    nullable: true,
    description: 'When they confirmed; now when left out. Not in the future, and not before the consent.',
  })
  @IsOptional()
  readonly decidedAt?: Temporal.Instant | null;

  @Field(() => ConsentCompetence, { description: 'Why you are competent to take it.' })
  @IsEnum(ConsentCompetence)
  readonly takerCompetence: ConsentCompetence;

  @Field(() => String, {
    nullable: true,
    description: 'Your training for it by name and date; needed when it was delegated.',
  })
  @IsOptional()
  @MaxLength(TRAINING_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly takerTraining?: string | null;

  @Field(() => ConsentInterpreterInput, { nullable: true, description: 'Who interpreted; null: nobody.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentInterpreterInput)
  readonly interpreter?: ConsentInterpreterInput | null;

  @Field(() => ConsentEvidenceInput, { nullable: true, description: 'What shows that it was confirmed.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentEvidenceInput)
  readonly evidence?: ConsentEvidenceInput | null;

  @Field(() => String, { nullable: true, description: 'Remark, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;
}

@InputType({
  description:
    'A consent that was recorded and turns out not to be valid: of somebody else, or given without capacity.',
})
export class InvalidateConsentInput {
  @Field(() => ID, { description: 'The record of the consent.' })
  @IsUUID()
  readonly recordId: string;

  @Field(() => String, { description: 'Why it is not valid, at most 1,000 characters.' })
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const ConfirmConsentResult = resultUnion(
  'ConfirmConsentResult',
  ConsentRecord,
  [ConsentNotInForce, ConsentPlaceDiffers, ConsentIncomplete],
  'The record of the confirmation, or why there is none.',
);

export const InvalidateConsentResult = resultUnion(
  'InvalidateConsentResult',
  ConsentRecord,
  [ConsentNotInForce],
  'The record that it is not valid, or why there is none.',
);
