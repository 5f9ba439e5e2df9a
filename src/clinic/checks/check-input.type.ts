import './check-words.type.js';
import { Field, Float, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  BreastFeedingAnswer,
  CheckAnswerer,
  CheckVerdict,
  ChildbearingPotential,
  IdentityPoint,
  PregnancyAnswer,
  PregnancyAttestation,
  SafetyReply,
} from '../../platform/database/generated/enums.js';
import { HasDecimalPlaces } from '../../platform/graphql/decimal.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { READABLE, SOME_TEXT } from './check-text.rules.js';
import { ITEMS_MAX } from './safety-template.type.js';

const REASON_CHARACTERS_MAX = 500;
const TEXT_CHARACTERS_MAX = 1_000;
const NAME_CHARACTERS_MAX = 200;
const IDENTITY_POINTS = Object.values(IdentityPoint).length;
/** The heaviest people on record weighed more; no table bears it. */
const WEIGHT_MAX_KG = 500;

@InputType({ isAbstract: true })
abstract class MakeCheckInput {
  @Field(() => ID, { description: 'The visit, on its day.' })
  @IsUUID()
  readonly visitId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The record of today that this one stands instead of: needed when there is one.',
  })
  @IsOptional()
  @IsUUID()
  readonly replacesId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it stands instead: what was wrong, or why it was asked again. Needed with `replacesId`. At most 500 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly replaceReason?: string | null;

  @Field(() => String, { nullable: true, description: 'Remark, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly comment?: string | null;
}

@InputType({ isAbstract: true })
abstract class AskCheckInput extends MakeCheckInput {
  @Field(() => CheckAnswerer, { description: 'Who answered.' })
  @IsEnum(CheckAnswerer)
  readonly answeredBy: CheckAnswerer;

  @Field(() => String, {
    nullable: true,
    description:
      'Their name: needed, and only taken, when it was not the patient alone. At most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly answererName?: string | null;
}

@InputType({ description: 'Who somebody said that they are.' })
export class RecordIdentityCheckInput extends AskCheckInput {
  @Field(() => [IdentityPoint], { description: 'What agreed with the record. Three make the check pass.' })
  @IsArray()
  @ArrayMaxSize(IDENTITY_POINTS)
  @ArrayUnique()
  @IsEnum(IdentityPoint, { each: true })
  readonly matched: readonly IdentityPoint[];

  @Field(() => [IdentityPoint], { description: 'What differed from it. One is enough to stop.' })
  @IsArray()
  @ArrayMaxSize(IDENTITY_POINTS)
  @ArrayUnique()
  @IsEnum(IdentityPoint, { each: true })
  readonly differing: readonly IdentityPoint[];

  @Field(() => Boolean, { description: 'The patient said it; it was not read out to be agreed to.' })
  @IsBoolean()
  readonly askedOpenly: boolean;
}

@InputType({ description: 'The answer to the question about pregnancy.' })
export class RecordPregnancyEnquiryInput extends AskCheckInput {
  @Field(() => ChildbearingPotential, {
    description: 'Whether they could become pregnant, by their own word.',
  })
  @IsEnum(ChildbearingPotential)
  readonly potential: ChildbearingPotential;

  @Field(() => PregnancyAnswer, {
    description: 'The answer. NOT_APPLICABLE where the potential is NO, and only there.',
  })
  @IsEnum(PregnancyAnswer)
  readonly answer: PregnancyAnswer;

  @Field(() => String, { nullable: true, description: 'Of NOT_APPLICABLE: why. At most 500 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly notApplicableReason?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'First day of the last period. This or `lastPeriodUnknownWhy` is needed unless NOT_APPLICABLE.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly lastPeriodOn?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why no such day can be named. At most 500 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly lastPeriodUnknownWhy?: string | null;

  @Field(() => PregnancyAttestation, { description: 'How the patient confirmed it.' })
  @IsEnum(PregnancyAttestation)
  readonly attestation: PregnancyAttestation;
}

@InputType({ description: 'The answer to the question about breast-feeding.' })
export class RecordBreastFeedingEnquiryInput extends AskCheckInput {
  @Field(() => BreastFeedingAnswer, { description: 'The answer.' })
  @IsEnum(BreastFeedingAnswer)
  readonly answer: BreastFeedingAnswer;

  @Field(() => String, { nullable: true, description: 'Of NOT_APPLICABLE: why. At most 500 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly notApplicableReason?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of YES, needed and only taken there: what the patient was told. At most 1,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly advice?: string | null;
}

@InputType({ description: 'An answer on the checklist.' })
export class SafetyAnswerInput {
  @Field(() => String, { description: 'Code of the item.' })
  @Matches(/^[A-Z][A-Z0-9_]{1,39}$/, { message: '$property: must be the code of an item' })
  readonly code: string;

  @Field(() => SafetyReply, { description: 'The answer.' })
  @IsEnum(SafetyReply)
  readonly reply: SafetyReply;

  @Field(() => String, { nullable: true, description: 'What was said beside, at most 500 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note?: string | null;
}

@InputType({ description: 'The safety checklist as it was gone through.' })
export class RecordSafetyCheckInput extends MakeCheckInput {
  @Field(() => Float, {
    nullable: true,
    description:
      'Weight on the day in kilograms, to a tenth, 0.1 to 500. Needed where the checklist asks for it.',
  })
  @IsOptional()
  @HasDecimalPlaces(1)
  @Min(0.1)
  @Max(WEIGHT_MAX_KG)
  readonly weightKg?: number | null;

  @Field(() => [SafetyAnswerInput], { description: 'One answer to each of its other items.' })
  @IsArray()
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => SafetyAnswerInput)
  readonly answers: readonly SafetyAnswerInput[];
}

@InputType({ description: 'What is decided where a check was not as it should be.' })
export class DecideOnCheckInput {
  @Field(() => ID, { description: 'The pregnancy enquiry, or the safety checklist.' })
  @IsUUID()
  readonly checkId: string;

  @Field(() => CheckVerdict, { description: 'To go on or not.' })
  @IsEnum(CheckVerdict)
  readonly verdict: CheckVerdict;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the patient was told: needed on a pregnancy enquiry. At most 1,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly advice?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The decision that this one stands instead of: needed when there is one.',
  })
  @IsOptional()
  @IsUUID()
  readonly replacesId?: string | null;
}
