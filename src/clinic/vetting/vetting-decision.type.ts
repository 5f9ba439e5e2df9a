import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsPositive,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { HasDecimalPlaces } from '../../platform/graphql/decimal.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { SiteNotSaid, SiteRetired } from '../scheduling/site.refusals.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  ImagingRequestClaimedByAnother,
  ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import { ImagingRequest } from './imaging-request.type.js';
import {
  AttentionNotGiven,
  ImagingRequestIncomplete,
  NoPractitionerLicence,
  NotEntitledToAct,
} from './vetting-decision.refusals.js';
import { READABLE, SOME_TEXT } from './vetting-text.rules.js';

const WORDS_CHARACTERS_MAX = 4_000;
const REASON_CHARACTERS_MAX = 1_000;
const CODE_CHARACTERS_MAX = 60;
/** Far more than any diagnostic activity: beyond it is a slip of the pen or of the unit. */
const ACTIVITY_MBQ_MAX = 10_000;

@InputType({
  description:
    'That an exposure is justified, in the practitioner’s words: benefit against detriment, and alternatives.',
})
export class JustifyImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The revision that you have read and judged.' })
  @IsInt()
  @Min(1)
  readonly revision: number;

  @Field(() => String, { description: 'What good the exposure does this patient, at most 4,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly benefit: string;

  @Field(() => String, { description: 'What harm it may do, at most 4,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly detriment: string;

  @Field(() => String, {
    description: 'What was considered without radiation or with less of it, at most 4,000 characters.',
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly alternatives: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What was considered of a pregnancy or of breast-feeding; needed when the request does not exclude them.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly attention?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Another procedure than was asked for, by code; `protocolNote` then says why.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly procedureCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the site where it is to be; null: the only one that is open.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly siteCode?: string | null;

  @Field(() => Float, { nullable: true, description: 'Activity in MBq, if not as the protocol says.' })
  @IsOptional()
  @HasDecimalPlaces(2)
  @IsPositive()
  @Max(ACTIVITY_MBQ_MAX)
  readonly activityMbq?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What is to be done otherwise than the protocol says, and why, at most 4,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly protocolNote?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Authorise it at once. False: it waits for somebody to.',
  })
  @IsOptional()
  @IsBoolean()
  readonly authorise: boolean | null = true;
}

@InputType({ description: 'That a justified exposure may go ahead.' })
export class AuthoriseImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The revision that you have read.' })
  @IsInt()
  @Min(1)
  readonly revision: number;
}

@InputType({ description: 'That an exposure may not go ahead after all.' })
export class WithdrawAuthorisationInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'That an exposure is not justified after all.' })
export class WithdrawJustificationInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

const NOT_THEIRS = [
  ImagingRequestNotPossible,
  ImagingRequestChangedMeanwhile,
  ImagingRequestClaimedByAnother,
  ExposureHasBegun,
] as const;

export const JustifyImagingRequestResult = resultUnion(
  'JustifyImagingRequestResult',
  ImagingRequest,
  [
    ...NOT_THEIRS,
    ImagingRequestIncomplete,
    NotEntitledToAct,
    NoPractitionerLicence,
    AttentionNotGiven,
    SiteNotSaid,
    SiteRetired,
  ],
  'The request, justified, or why it was not.',
);

export const AuthoriseImagingRequestResult = resultUnion(
  'AuthoriseImagingRequestResult',
  ImagingRequest,
  [...NOT_THEIRS, ImagingRequestIncomplete, NotEntitledToAct, NoPractitionerLicence],
  'The request, authorised, or why it was not.',
);

export const WithdrawAuthorisationResult = resultUnion(
  'WithdrawAuthorisationResult',
  ImagingRequest,
  NOT_THEIRS,
  'The request, justified and not authorised, or why it was left as it was.',
);

export const WithdrawJustificationResult = resultUnion(
  'WithdrawJustificationResult',
  ImagingRequest,
  NOT_THEIRS,
  'The request, to be judged again, or why it was left as it was.',
);
