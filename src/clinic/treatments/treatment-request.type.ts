import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEnum,
  IsInt,
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
  FindingSide,
  FindingStructure,
  SpineLevel,
  TreatmentKind,
  type TreatmentOrigin,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  AlreadyRequested,
  FindingNotStanding,
  PlacesDoNotFit,
  ReferralOfSomebodyElse,
  TreatmentChanged,
  TreatmentStandsOtherwise,
  VisitDoesNotFit,
} from './treatment.refusals.js';
import { Treatment } from './treatment.type.js';
import {
  LINE_CHARACTERS_MAX,
  PAYER_CODE,
  PAYER_CODED,
  READABLE,
  SOME_LINE,
  SOME_TEXT,
  TARGETS_MAX,
  TEXT_CHARACTERS_MAX,
} from './treatment-words.type.js';

/** A hundred years: what is longer is a slip of the finger. */
const CONSERVATIVE_MAX_WEEKS = 5_200;

@InputType({ description: 'A place to treat. What goes with what says its structure.' })
export class TreatmentTargetInput {
  @Field(() => FindingStructure, { description: 'Of what; name nerves by their joint.' })
  @IsEnum(FindingStructure)
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  @IsOptional()
  @IsEnum(SpineLevel)
  readonly level?: SpineLevel | null;

  @Field(() => FindingSide, { description: 'On which side. BILATERAL is the left and the right.' })
  @IsEnum(FindingSide)
  readonly side: FindingSide;

  @Field(() => String, {
    nullable: true,
    description: 'Of another structure: which; at most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly detail?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The finding of a signed report that suggested it. Without one, say why in `noFindingBecause`.',
  })
  @IsOptional()
  @IsUUID()
  readonly findingId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Without a finding: what suggested it; at most 2,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly noFindingBecause?: string | null;
}

@InputType({ description: 'A treatment to ask for.' })
export class RequestTreatmentInput {
  @Field(() => ID, { description: 'For whom.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ID, { description: 'For which referral of theirs.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => TreatmentKind, { description: 'What is to be done.' })
  @IsEnum(TreatmentKind)
  readonly kind: TreatmentKind;

  @Field(() => String, {
    nullable: true,
    description: 'Of OTHER, and only then: what it is; at most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly otherName?: string | null;

  @Field(() => [TreatmentTargetInput], { description: 'Where; 1 to 20 places.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(TARGETS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TreatmentTargetInput)
  readonly targets: readonly TreatmentTargetInput[];

  @Field(() => String, { description: 'Why; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly because: string;

  @Field(() => String, {
    description:
      'The indication, at most 2,000 characters. NICE QS155 advises against injections for low back pain: say why this patient.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly indication: string;

  @Field(() => String, {
    description: 'What else was offered, doing nothing among it; at most 2,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly alternatives: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Weeks of treatment without needles, before; null: nobody knows.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(CONSERVATIVE_MAX_WEEKS)
  readonly conservativeWeeks?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the insurer whose terms hold, such as BUPA; null: the clinic’s own.',
  })
  @IsOptional()
  @IsString()
  @Matches(PAYER_CODE, PAYER_CODED)
  readonly payerCode?: string | null;
}

/** For later rooms: a request, and what it came of in their own room. */
export interface TreatmentWish extends RequestTreatmentInput {
  readonly origin: TreatmentOrigin;
  /** Null: MANUAL, and only then. */
  readonly originId: string | null;
}

@InputType({ description: 'A treatment that is not to be done.' })
export class EndTreatmentInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: '`version` of the treatment as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => String, { description: 'Why; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'The visit that a treatment is booked for.' })
export class BookTreatmentInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: '`version` of the treatment as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => ID, { nullable: true, description: 'The patient’s visit of that kind; null: none any more.' })
  @IsOptional()
  @IsUUID()
  readonly visitId?: string | null;
}

/** Everything that asking can be answered with. */
export const REQUEST_TREATMENT_REFUSALS = [
  ReferralOfSomebodyElse,
  PlacesDoNotFit,
  FindingNotStanding,
  AlreadyRequested,
  IdempotencyKeyReused,
] as const;

export const RequestTreatmentResult = resultUnion(
  'RequestTreatmentResult',
  Treatment,
  REQUEST_TREATMENT_REFUSALS,
  'The treatment, or why it was not asked for.',
);

export const EndTreatmentResult = resultUnion(
  'EndTreatmentResult',
  Treatment,
  [TreatmentStandsOtherwise, TreatmentChanged],
  'The treatment as it stands now, or why nothing was changed.',
);

export const BookTreatmentResult = resultUnion(
  'BookTreatmentResult',
  Treatment,
  [TreatmentStandsOtherwise, TreatmentChanged, VisitDoesNotFit],
  'The treatment with its visit, or why it was not booked.',
);
