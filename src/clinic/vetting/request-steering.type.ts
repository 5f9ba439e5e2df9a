import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
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
import { TellingMethod } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  ExposureHasBegun,
  ImagingRequestChangedMeanwhile,
  ImagingRequestClaimedByAnother,
  ImagingRequestNotClaimed,
  ImagingRequestNotPossible,
} from './imaging-request.refusals.js';
import { ImagingRequest } from './imaging-request.type.js';
import { NotEntitledToAct } from './vetting-decision.refusals.js';
import { READABLE, SOME_TEXT } from './vetting-text.rules.js';

const WORDS_CHARACTERS_MAX = 4_000;
const NOTE_CHARACTERS_MAX = 1_000;
/** RFC 5321, 4.5.3.1.3: a path has 256 octets with its brackets. */
const EMAIL_CHARACTERS_MAX = 254;

@ObjectType({ description: 'What the referrer was told of a move of an imaging request. Never changed.' })
export class VettingTelling {
  @Field(() => ID, { description: 'Id of the telling (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The move of which it tells.' })
  readonly eventId: string;

  @Field(() => TellingMethod, { description: 'How. EMAIL and LETTER: a letter is written.' })
  readonly method: TellingMethod;

  @Field(() => String, { description: 'In which words.' })
  readonly words: string;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address given for this alone; null: the known one.',
  })
  readonly email: string | null;

  @Field(() => Instant, { description: 'When it was said, or the letter asked for.' })
  readonly toldAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that told it.' })
  readonly toldById: string;
}

@InputType({ description: 'How the referrer is told.' })
export class TellReferrerInput {
  @Field(() => TellingMethod, {
    description: 'How. EMAIL and LETTER are written from here; the others were said.',
  })
  @IsEnum(TellingMethod)
  readonly method: TellingMethod;

  @Field(() => String, {
    nullable: true,
    description: 'In which words, at most 4,000 characters; null: what was asked, or why it was rejected.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly words?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address for this alone; null: the known one.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly email?: string | null;
}

@InputType({ description: 'What is to be asked of the referrer.' })
export class AskAboutImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { description: 'What is wanted, at most 4,000 characters. The referrer is told.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly wanted: string;

  @Field(() => TellReferrerInput, {
    nullable: true,
    description: 'How they are told; null: by e-mail if an address is known, else by letter.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => TellReferrerInput)
  readonly tell?: TellReferrerInput | null;
}

@InputType({
  description:
    'That the referrer has answered. What they said is entered before, with `amendImagingRequest`.',
})
export class RecordImagingRequestAnswerInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, { nullable: true, description: 'How they answered, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note?: string | null;
}

@InputType({ description: 'That the exposure is not justified.' })
export class RejectImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => Int, { description: 'The revision that you have read and judged.' })
  @IsInt()
  @Min(1)
  readonly revision: number;

  @Field(() => String, {
    description: 'Why, and what to do instead, at most 4,000 characters. The referrer is told.',
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;

  @Field(() => TellReferrerInput, {
    nullable: true,
    description: 'How they are told; null: by e-mail if an address is known, else by letter.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => TellReferrerInput)
  readonly tell?: TellReferrerInput | null;
}

@InputType({ description: 'To take an imaging request in hand.' })
export class ClaimImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it is taken over from whoever has it in hand, at most 1,000 characters. Without it nothing is taken over.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly takeOverReason?: string | null;
}

@InputType({ description: 'To give back an imaging request that you have in hand.' })
export class ReleaseImagingRequestInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly requestId: string;
}

const NOT_THEIRS = [
  ImagingRequestNotPossible,
  ImagingRequestChangedMeanwhile,
  ImagingRequestClaimedByAnother,
  ExposureHasBegun,
] as const;

export const AskAboutImagingRequestResult = resultUnion(
  'AskAboutImagingRequestResult',
  ImagingRequest,
  NOT_THEIRS,
  'The request, which waits for the referrer, or why nothing was asked.',
);

export const RecordImagingRequestAnswerResult = resultUnion(
  'RecordImagingRequestAnswerResult',
  ImagingRequest,
  [ImagingRequestNotPossible, ImagingRequestChangedMeanwhile],
  'The request: SUBMITTED, or INCOMPLETE with what is still missing; or why nothing was recorded.',
);

export const RejectImagingRequestResult = resultUnion(
  'RejectImagingRequestResult',
  ImagingRequest,
  [...NOT_THEIRS, NotEntitledToAct],
  'The request, rejected, or why it was not.',
);

export const ClaimImagingRequestResult = resultUnion(
  'ClaimImagingRequestResult',
  ImagingRequest,
  NOT_THEIRS,
  'The request, which you have in hand, or why not.',
);

export const ReleaseImagingRequestResult = resultUnion(
  'ReleaseImagingRequestResult',
  ImagingRequest,
  [ImagingRequestNotPossible, ImagingRequestChangedMeanwhile, ImagingRequestNotClaimed],
  'The request, which nobody has in hand, or why nothing was given back.',
);
