import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
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
import { SiteNotSaid, SiteRetired } from '../scheduling/site.refusals.js';
import { GuidelineEndedBefore, GuidelineInThePast, GuidelineIssuedMeanwhile } from './guideline.refusals.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  ImagingRequestClaimedByAnother,
  ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import { ImagingRequest } from './imaging-request.type.js';
import {
  GuidelineDoesNotApply,
  ImagingRequestIncomplete,
  NoPractitionerLicence,
  NotEntitledToAct,
} from './vetting-decision.refusals.js';
import { READABLE, SOME_LINE, SOME_TEXT } from './vetting-text.rules.js';

const TEXT_CHARACTERS_MAX = 20_000;
const WORDS_CHARACTERS_MAX = 4_000;
const NOTE_CHARACTERS_MAX = 1_000;
const LINE_CHARACTERS_MAX = 200;
const CODE_CHARACTERS_MAX = 60;
const PROCEDURES_MAX = 50;
/** Nobody is older; what is beyond is a slip of the pen. */
const AGE_YEARS_MAX = 130;
const GUIDELINE_CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

@ObjectType({
  description:
    'What a practitioner lets operators authorise without asking (IR(ME)R 2017, regulation 11(5)). Never changed: what changes is a new version of its code.',
})
export class VettingGuideline {
  @Field(() => ID, { description: 'Id of this version (UUID).' })
  readonly id: string;

  @Field(() => String, { description: 'What its versions share, in capitals.' })
  readonly code: string;

  @Field(() => Int, { description: 'Which version, from 1.' })
  readonly version: number;

  @Field(() => String, { description: 'Its title.' })
  readonly title: string;

  @Field(() => String, { description: 'Which requests may be authorised under it.' })
  readonly text: string;

  @Field(() => String, { description: 'What good these exposures do.' })
  readonly benefit: string;

  @Field(() => String, { description: 'What harm they may do.' })
  readonly detriment: string;

  @Field(() => String, { description: 'What was considered without radiation, or with less of it.' })
  readonly alternatives: string;

  @Field(() => String, {
    description:
      'SHA-256 of text, benefit, detriment and alternatives with line feeds between them, in UTF-8; in hexadecimal.',
  })
  readonly sha256: string;

  @Field(() => [String], { description: 'Codes of the kinds of visits that it covers.' })
  readonly procedureCodes: readonly string[];

  @Field(() => String, { description: 'Code of the site that it is for.' })
  readonly siteCode: string;

  @Field(() => Int, { nullable: true, description: 'From this age in whole years; null: without a bound.' })
  readonly ageFromYears: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Up to this age in whole years, included; null: without a bound.',
  })
  readonly ageToYears: number | null;

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  readonly effectiveFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day, as it was issued; null: until the next version or its end.',
  })
  readonly effectiveUntil: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it was ended; null: it was not.',
  })
  readonly endsOn: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended.' })
  readonly endReason: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day of the next version; null: there is none.',
  })
  readonly replacedFrom: string | null;

  @Field(() => Boolean, { description: 'Whether it holds today.' })
  readonly isInForce: boolean;

  @Field(() => ID, { description: 'Staff account of the practitioner who issued it and answers for it.' })
  readonly issuedById: string;

  @Field(() => Instant, { description: 'When it was issued.' })
  readonly issuedAt: Temporal.Instant;
}

@InputType({
  description:
    'A guideline, or the next version of one. You issue it as the practitioner who answers for it.',
})
export class IssueVettingGuidelineInput {
  @Field(() => String, {
    description: 'Capitals, digits and underscores, 2 to 40; the same as before makes the next version.',
  })
  @Matches(GUIDELINE_CODE, { message: '$property: must be 2 to 40 capitals, digits and underscores' })
  readonly code: string;

  @Field(() => String, { description: 'Title, at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly title: string;

  @Field(() => String, {
    description: 'Which requests may be authorised under it, at most 20,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => String, { description: 'What good these exposures do, at most 4,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly benefit: string;

  @Field(() => String, { description: 'What harm they may do, at most 4,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly detriment: string;

  @Field(() => String, {
    description: 'What was considered without radiation or with less, at most 4,000 characters.',
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly alternatives: string;

  @Field(() => [String], {
    description:
      'Codes of the kinds of visits that it covers, 1 to 50. You must be entitled and licensed for each.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(PROCEDURES_MAX)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(CODE_CHARACTERS_MAX, { each: true })
  readonly procedureCodes: readonly string[];

  @Field(() => String, { nullable: true, description: 'Code of the site; null: the only one that is open.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly siteCode?: string | null;

  @Field(() => Int, { nullable: true, description: 'From this age in whole years, 0 to 130.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AGE_YEARS_MAX)
  readonly ageFromYears?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Up to this age in whole years, included, not below the first.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(AGE_YEARS_MAX)
  readonly ageToYears?: number | null;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'Last day, not before the first; null: until the next version or its end.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly effectiveUntil?: string | null;
}

@InputType({ description: 'That a version of a guideline is not to be used any more.' })
export class EndVettingGuidelineInput {
  @Field(() => ID, { description: 'The version.' })
  @IsUUID()
  readonly guidelineId: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it no longer holds, today or later; null: today.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly endsOn?: string | null;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'Narrows the list of guidelines.' })
export class VettingGuidelineFilterInput {
  @Field(() => String, { nullable: true, description: 'Only those that cover this procedure.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly procedureCode?: string | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Only those that hold today.' })
  @IsOptional()
  @IsBoolean()
  readonly inForceOnly: boolean | null = false;
}

@InputType({ description: 'That an exposure may go ahead because a guideline covers it.' })
export class AuthoriseUnderGuidelineInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The revision that you have read.' })
  @IsInt()
  @Min(1)
  readonly revision: number;

  @Field(() => ID, { description: 'The version of the guideline that you have read.' })
  @IsUUID()
  readonly guidelineId: string;

  @Field(() => String, { description: 'How the request meets the guideline, at most 1,000 characters.' })
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note: string;
}

export const IssueVettingGuidelineResult = resultUnion(
  'IssueVettingGuidelineResult',
  VettingGuideline,
  [
    GuidelineIssuedMeanwhile,
    GuidelineInThePast,
    NotEntitledToAct,
    NoPractitionerLicence,
    SiteNotSaid,
    SiteRetired,
  ],
  'The version that was issued, or why it was not.',
);

export const EndVettingGuidelineResult = resultUnion(
  'EndVettingGuidelineResult',
  VettingGuideline,
  [GuidelineEndedBefore, GuidelineInThePast],
  'The version with its end, or why it was not ended.',
);

export const AuthoriseUnderGuidelineResult = resultUnion(
  'AuthoriseUnderGuidelineResult',
  ImagingRequest,
  [
    ImagingRequestNotPossible,
    ImagingRequestChangedMeanwhile,
    ImagingRequestClaimedByAnother,
    ExposureHasBegun,
    ImagingRequestIncomplete,
    NotEntitledToAct,
    NoPractitionerLicence,
    GuidelineDoesNotApply,
  ],
  'The request, authorised, or why it was not.',
);
