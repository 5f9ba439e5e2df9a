import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsInt,
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
  BreastFeedingSaid,
  PregnancySaid,
  ReferralPriority,
  RequestAnswer,
  RequestMobility,
  RequestSignature,
  WeightSource,
} from '../../platform/database/generated/enums.js';
import { HasDecimalPlaces } from '../../platform/graphql/decimal.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  ImagingRequestExists,
  ImagingRequestNotPossible,
  ReferralIsOver,
} from './imaging-request.refusals.js';
import { ImagingRequest } from './imaging-request.type.js';
import { READABLE, SOME_LINE, SOME_TEXT } from './vetting-text.rules.js';

const TEXT_CHARACTERS_MAX = 10_000;
const NOTE_CHARACTERS_MAX = 1_000;
const LINE_CHARACTERS_MAX = 200;
const CODE_CHARACTERS_MAX = 60;
/** More examinations with radionuclides than anybody has in the time that counts. */
const STUDIES_MAX = 20;
/** The lightest and the heaviest that are not a slip of the pen. */
const WEIGHT_KG_MIN = 1;
const WEIGHT_KG_MAX = 500;
/** An element symbol and a mass number, as DICOM and EANM write it. */
const RADIONUCLIDE = /^[A-Z][a-z]?-\d{1,3}m?$/;

@InputType({ description: 'Another examination with a radionuclide that the patient had.' })
export class RequestStudyInput {
  @Field(() => String, { description: 'Which examination, at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly what: string;

  @Field(() => String, {
    nullable: true,
    description: 'The radionuclide, such as Tc-99m or F-18; null: not known.',
  })
  @IsOptional()
  @Matches(RADIONUCLIDE, { message: '$property: must be written as Tc-99m or F-18' })
  readonly radionuclide?: string | null;

  @Field(() => LocalDate, { description: 'Local day on which it was done.' })
  @IsISO8601({ strict: true })
  readonly performedOn: string;

  @Field(() => String, { nullable: true, description: 'Where, at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly place?: string | null;
}

@InputType({
  description:
    'What the referrer says. What is left out stays as it was, null takes it away. Texts have at most 10,000 characters.',
})
export class RequestContentInput {
  @Field(() => String, {
    nullable: true,
    description: 'What is to be found out; at first what the referral says.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly clinicalQuestion?: string | null;

  @Field(() => String, { nullable: true, description: 'Clinical history.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly history?: string | null;

  @Field(() => RequestAnswer, {
    nullable: true,
    description: 'Whether there is earlier imaging; NONE: asked, and there is none.',
  })
  @IsOptional()
  @IsEnum(RequestAnswer)
  readonly earlierImaging?: RequestAnswer | null;

  @Field(() => String, { nullable: true, description: 'Which, when and with what result.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly earlierImagingText?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Body weight in kilograms, 1 to 500, with at most one decimal.',
  })
  @IsOptional()
  @HasDecimalPlaces(1)
  @Min(WEIGHT_KG_MIN)
  @Max(WEIGHT_KG_MAX)
  readonly weightKg?: number | null;

  @Field(() => LocalDate, { nullable: true, description: 'Local day on which it was measured or said.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly weightOn?: string | null;

  @Field(() => WeightSource, { nullable: true, description: 'How it is known.' })
  @IsOptional()
  @IsEnum(WeightSource)
  readonly weightSource?: WeightSource | null;

  @Field(() => RequestMobility, { nullable: true, description: 'How the patient moves.' })
  @IsOptional()
  @IsEnum(RequestMobility)
  readonly mobility?: RequestMobility | null;

  @Field(() => String, {
    nullable: true,
    description: 'What else is to be known of it, at most 1,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly mobilityText?: string | null;

  @Field(() => PregnancySaid, {
    nullable: true,
    description: 'Whether the patient may be pregnant, as the referrer says.',
  })
  @IsOptional()
  @IsEnum(PregnancySaid)
  readonly pregnancy?: PregnancySaid | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the question does not apply (then needed), or what else was said, at most 1,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly pregnancyText?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day of the last menstrual period.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly lastMenstrualPeriodOn?: string | null;

  @Field(() => BreastFeedingSaid, {
    nullable: true,
    description: 'Whether the patient is breast-feeding, as the referrer says.',
  })
  @IsOptional()
  @IsEnum(BreastFeedingSaid)
  readonly breastFeeding?: BreastFeedingSaid | null;

  @Field(() => String, { nullable: true, description: 'Special needs, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly specialNeeds?: string | null;

  @Field(() => ReferralPriority, {
    nullable: true,
    description: 'How urgent the examination is; at first as the referral.',
  })
  @IsOptional()
  @IsEnum(ReferralPriority)
  readonly urgency?: ReferralPriority | null;

  @Field(() => RequestAnswer, {
    nullable: true,
    description:
      'Whether there were recent examinations with radionuclides; NONE: asked, and there were none.',
  })
  @IsOptional()
  @IsEnum(RequestAnswer)
  readonly recentStudies?: RequestAnswer | null;

  @Field(() => [RequestStudyInput], { nullable: true, description: 'Which they were, at most 20.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STUDIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => RequestStudyInput)
  readonly studies?: readonly RequestStudyInput[] | null;

  @Field(() => RequestSignature, {
    nullable: true,
    description: 'How the referrer signed. SESSION is written by the system alone.',
  })
  @IsOptional()
  @IsEnum(RequestSignature)
  readonly signature?: RequestSignature | null;

  @Field(() => LocalDate, { nullable: true, description: 'Local day on which they signed.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly signedOn?: string | null;
}

@InputType({ description: 'A new imaging request of a referral.' })
export class RequestImagingInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => String, {
    description: 'What is asked for: the code of the kind of visit, such as BONE_SPECT_CT.',
  })
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly procedureCode: string;

  @Field(() => RequestContentInput, { description: 'What the referrer says.' })
  @ValidateNested()
  @Type(() => RequestContentInput)
  readonly content: RequestContentInput;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Local day on which it was asked for, not before the referral arrived; null: today.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly requestedOn?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'You refer for the exposure yourself, as somebody who is entitled to: your session is the signature.',
  })
  @IsOptional()
  @IsBoolean()
  readonly asReferrer: boolean | null = false;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Keep it as a draft, which the practitioner does not see yet.',
  })
  @IsOptional()
  @IsBoolean()
  readonly asDraft: boolean | null = false;
}

@InputType({ description: 'What an imaging request is to say instead.' })
export class AmendImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The version that you have read.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { nullable: true, description: 'Another kind of visit; null: as before.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly procedureCode?: string | null;

  @Field(() => RequestContentInput, { description: 'What changes. What is left out stays as it was.' })
  @ValidateNested()
  @Type(() => RequestContentInput)
  readonly content: RequestContentInput;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True: you refer yourself from now on; false: whoever is named on the referral does; null: as before.',
  })
  @IsOptional()
  @IsBoolean()
  readonly asReferrer?: boolean | null;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'That a request is to go to the practitioner.' })
export class SubmitImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The version that you have read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'That imaging is not wanted any more.' })
export class WithdrawImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const RequestImagingResult = resultUnion(
  'RequestImagingResult',
  ImagingRequest,
  [ImagingRequestExists, ReferralIsOver],
  'The request, complete or with what is missing, or why it was not made.',
);

export const AmendImagingRequestResult = resultUnion(
  'AmendImagingRequestResult',
  ImagingRequest,
  [ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ExposureHasBegun],
  'The request as it stands now, or why it was not amended.',
);

export const SubmitImagingRequestResult = resultUnion(
  'SubmitImagingRequestResult',
  ImagingRequest,
  [ImagingRequestNotPossible, ImagingRequestChangedMeanwhile],
  'The request: SUBMITTED, or INCOMPLETE with what is missing; or why it was not handed in.',
);

export const WithdrawImagingRequestResult = resultUnion(
  'WithdrawImagingRequestResult',
  ImagingRequest,
  [ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ExposureHasBegun],
  'The request, withdrawn, or why it was not.',
);
