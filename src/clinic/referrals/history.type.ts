import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { HistoryKind } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { HistoryNotEmpty } from './history.refusals.js';
import { HistoryAnswer } from './history.rules.js';
import { ReferralContentChanged, ReferralContentRetired } from './referral-content.refusals.js';
import { FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';

const WHAT_CHARACTERS_MAX = 300;
const RESULT_CHARACTERS_MAX = 2_000;
const DAY_CHARACTERS_MAX = 10;
const REASON_CHARACTERS_MAX = 300;

registerEnumType(HistoryKind, {
  name: 'HistoryKind',
  description: 'What a referral says of the time before.',
  valuesMap: {
    IMAGING: { description: 'Images that were made: MRI, CT, X-ray, SPECT-CT.' },
    TREATMENT: { description: 'Treatment, injections and operations among them.' },
    MEDICATION: { description: 'Medication but for what thins the blood.' },
    ANTICOAGULANT: { description: 'What thins the blood: to be known before an injection.' },
    ALLERGY: { description: 'Allergies and reactions.' },
    IMPLANT: { description: 'Implants: pacemakers, stimulators, pumps, metal.' },
  },
});

registerEnumType(HistoryAnswer, {
  name: 'HistoryAnswer',
  description: 'Whether there is any of a kind, as far as somebody has asked.',
  valuesMap: {
    NOT_ASKED: { description: 'Nobody has asked, or it was not written down.' },
    NONE: { description: 'Somebody has asked, and there is none.' },
    SOME: { description: 'There is some.' },
  },
});

@ObjectType({ description: 'One thing of the time before, as the referral says.' })
export class ReferralHistoryItem {
  @Field(() => ID, { description: 'Id of the entry (UUID).' })
  readonly id: string;

  readonly referralId: string;

  @Field(() => HistoryKind, { description: 'Of which kind.' })
  readonly kind: HistoryKind;

  @Field(() => String, { description: 'What it was, or is.' })
  readonly what: string;

  @Field(() => String, {
    nullable: true,
    description: 'When: YYYY, YYYY-MM or YYYY-MM-DD, as far as it is known.',
  })
  readonly happenedOn: string | null;

  @Field(() => String, { nullable: true, description: 'Where.' })
  readonly place: string | null;

  @Field(() => String, { nullable: true, description: 'The result, or the dose.' })
  readonly result: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it goes on; null: was not said.' })
  readonly isCurrent: boolean | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  readonly retiredAt: Temporal.Instant | null;

  @Field(() => Int, { description: 'Rises with each correction. Send it back when you correct it.' })
  readonly version: number;
}

@ObjectType({ description: 'What a referral says of one kind.' })
export class ReferralHistory {
  @Field(() => HistoryKind, { description: 'Of which kind.' })
  readonly kind: HistoryKind;

  @Field(() => HistoryAnswer, { description: 'Whether there is any. Not asked is not the same as none.' })
  readonly answer: HistoryAnswer;

  @Field(() => Instant, { nullable: true, description: 'Of NONE: when that was recorded.' })
  readonly askedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Of NONE: staff account that recorded it.' })
  readonly askedById: string | null;

  @Field(() => [ReferralHistoryItem], {
    description: 'What there is, in the order in which it was recorded.',
  })
  readonly items: readonly ReferralHistoryItem[];
}

@InputType({ isAbstract: true })
abstract class HistoryInput {
  @Field(() => String, { description: 'What it was, or is; at most 300 characters.' })
  @IsString()
  @MaxLength(WHAT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly what: string;

  @Field(() => String, {
    nullable: true,
    description: 'When: YYYY, YYYY-MM or YYYY-MM-DD. Not in the future.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(DAY_CHARACTERS_MAX)
  readonly happenedOn?: string | null;

  @Field(() => String, { nullable: true, description: 'Where, at most 300 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(WHAT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly place?: string | null;

  @Field(() => String, { nullable: true, description: 'The result, or the dose; at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(RESULT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly result?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it goes on; left out: was not said.' })
  @IsOptional()
  @IsBoolean()
  readonly isCurrent?: boolean | null;
}

@InputType({ description: 'One thing of the time before. What is left out was not said.' })
export class RecordHistoryInput extends HistoryInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => HistoryKind, { description: 'Of which kind.' })
  @IsEnum(HistoryKind)
  readonly kind: HistoryKind;
}

@InputType({ description: 'Somebody has asked, and there is none of a kind.' })
export class RecordNoHistoryInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => HistoryKind, { description: 'Of which kind.' })
  @IsEnum(HistoryKind)
  readonly kind: HistoryKind;
}

@InputType({ description: 'The entry as it should have been, whole: what is left out was not said.' })
export class CorrectHistoryInput extends HistoryInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly historyId: string;

  @Field(() => Int, { description: 'The version that was read.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'An entry that does not hold.' })
export class RetireHistoryInput {
  @Field(() => ID, { description: 'The entry.' })
  @IsUUID()
  readonly historyId: string;

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

export const RecordNoHistoryResult = resultUnion(
  'RecordNoHistoryResult',
  ReferralHistory,
  [HistoryNotEmpty],
  'What the referral now says of the kind, or what there is of it.',
);

export const CorrectHistoryResult = resultUnion(
  'CorrectHistoryResult',
  ReferralHistoryItem,
  [ReferralContentChanged, ReferralContentRetired],
  'The entry as it is now, or why it was not corrected.',
);
