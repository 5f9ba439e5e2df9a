import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ComplaintSide, SpineRegion } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { DURATION_MAX_WEEKS } from './complaint.rules.js';
import { ReferralContentChanged, ReferralContentRetired } from './referral-content.refusals.js';
import { FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';

const LEVEL_CHARACTERS_MAX = 12;
const NOTE_CHARACTERS_MAX = 1_000;
const REASON_CHARACTERS_MAX = 300;
/** The numeric rating scale goes from 0, no pain, to 10, the worst there can be. */
const NRS_MAX = 10;
/** The Oswestry Disability Index is said in percent. */
const ODI_MAX_PERCENT = 100;

registerEnumType(SpineRegion, {
  name: 'SpineRegion',
  description: 'A region of the spine.',
  valuesMap: {
    CERVICAL: { description: 'Neck.' },
    THORACIC: { description: 'Chest.' },
    LUMBAR: { description: 'Lower back.' },
    SACROILIAC: { description: 'Sacroiliac joints.' },
    OTHER: { description: 'Elsewhere: the note says where.' },
  },
});

registerEnumType(ComplaintSide, {
  name: 'ComplaintSide',
  description: 'On which side it hurts.',
  valuesMap: {
    LEFT: { description: "The patient's left." },
    RIGHT: { description: "The patient's right." },
    BOTH: { description: 'Both sides.' },
    MIDLINE: { description: 'In the middle.' },
    NOT_SAID: { description: 'Was not said.' },
  },
});

@ObjectType({ description: 'Where it hurts, as the referral says.' })
export class ReferralComplaint {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  readonly referralId: string;

  @Field(() => SpineRegion, { description: 'In which region.' })
  readonly region: SpineRegion;

  @Field(() => String, { nullable: true, description: 'Uppermost level, such as L4/5; null: was not said.' })
  readonly levelFrom: string | null;

  @Field(() => String, { nullable: true, description: 'Lowest level; null: the one level, or not said.' })
  readonly levelTo: string | null;

  @Field(() => ComplaintSide, { description: 'On which side.' })
  readonly side: ComplaintSide;

  @Field(() => Int, { nullable: true, description: 'For how many weeks; null: was not said.' })
  readonly durationWeeks: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it radiates; null: was not said.' })
  readonly radiates: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Average pain, numeric rating scale 0 to 10.' })
  readonly nrsAverage: number | null;

  @Field(() => Int, { nullable: true, description: 'Worst pain, numeric rating scale 0 to 10.' })
  readonly nrsWorst: number | null;

  @Field(() => Int, { nullable: true, description: 'Oswestry Disability Index, 0 to 100 per cent.' })
  readonly odiPercent: number | null;

  @Field(() => String, { nullable: true, description: 'What else was said.' })
  readonly note: string | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  readonly retiredAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Rises with each correction. Send it back when you correct it.' })
  readonly version: number;
}

@InputType({ isAbstract: true })
abstract class ComplaintInput {
  @Field(() => SpineRegion, { description: 'In which region.' })
  @IsEnum(SpineRegion)
  readonly region: SpineRegion;

  @Field(() => String, {
    nullable: true,
    description: 'Uppermost level: C0/1 to C7/T1, T1/2 to T12/L1, L1/2 to L6/S1. Not for other regions.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LEVEL_CHARACTERS_MAX)
  readonly levelFrom?: string | null;

  @Field(() => String, { nullable: true, description: 'Lowest level, not above the uppermost.' })
  @IsOptional()
  @IsString()
  @MaxLength(LEVEL_CHARACTERS_MAX)
  readonly levelTo?: string | null;

  @Field(() => ComplaintSide, { description: 'On which side.' })
  @IsEnum(ComplaintSide)
  readonly side: ComplaintSide;

  @Field(() => Int, { nullable: true, description: 'For how many weeks, at most 5,200 (a hundred years).' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(DURATION_MAX_WEEKS)
  readonly durationWeeks?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it radiates; left out: was not said.' })
  @IsOptional()
  @IsBoolean()
  readonly radiates?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Average pain, numeric rating scale 0 to 10.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(NRS_MAX)
  readonly nrsAverage?: number | null;

  @Field(() => Int, { nullable: true, description: 'Worst pain, 0 to 10, not less than the average.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(NRS_MAX)
  readonly nrsWorst?: number | null;

  @Field(() => Int, { nullable: true, description: 'Oswestry Disability Index, 0 to 100 per cent.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(ODI_MAX_PERCENT)
  readonly odiPercent?: number | null;

  @Field(() => String, { nullable: true, description: 'What else was said, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(NOTE_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly note?: string | null;
}

@InputType({ description: 'Where it hurts. What is left out was not said.' })
export class RecordSpineComplaintInput extends ComplaintInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;
}

@InputType({ description: 'The entry as it should have been, whole: what is left out was not said.' })
export class CorrectSpineComplaintInput extends ComplaintInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly complaintId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'An entry that does not hold.' })
export class RetireSpineComplaintInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly complaintId: string;

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

export const CorrectSpineComplaintResult = resultUnion(
  'CorrectSpineComplaintResult',
  ReferralComplaint,
  [ReferralContentChanged, ReferralContentRetired],
  'The entry as it is now, or why it was not corrected.',
);
