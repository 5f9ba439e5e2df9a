import './response-words.type.js';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  DiaryJudging,
  DiaryPoint,
  DiaryPurpose,
  PartialFollowUp,
  TreatmentKind,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { DiaryRowAlreadySet, DiaryRowInThePast } from './response.refusals.js';
import { READABLE, REASON_CHARACTERS_MAX, SOME_TEXT } from './response-words.type.js';

const POINTS_MAX = 8;
/** A year and a day: no window is wider. */
const WINDOW_MINUTES_MAX = 527_040;

@ObjectType({ description: 'How far from a point a figure is still on time.' })
export class DiaryPolicyPoint {
  @Field(() => DiaryPoint, { description: 'Which point.' })
  readonly point: DiaryPoint;

  @Field(() => Int, { description: 'Minutes before it.' })
  readonly earlyMinutes: number;

  @Field(() => Int, { description: 'Minutes after it; of BEFORE none count.' })
  readonly lateMinutes: number;
}

@ObjectType({
  description: 'When patients are asked after treatments of a kind, and what it means. Never edited.',
})
export class DiaryPolicy {
  @Field(() => ID, { description: 'Id of the policy (UUID).' })
  readonly id: string;

  @Field(() => TreatmentKind, { description: 'Of which kind.' })
  readonly kind: TreatmentKind;

  @Field(() => DiaryPurpose, { description: 'What a response is good for.' })
  readonly purpose: DiaryPurpose;

  @Field(() => [DiaryPolicyPoint], { description: 'When patients are asked, in order of time.' })
  readonly points: readonly DiaryPolicyPoint[];

  @Field(() => [DiaryPoint], { description: 'Points whose figures are held against the one before.' })
  readonly judgedPoints: readonly DiaryPoint[];

  @Field(() => DiaryJudging, { description: 'Which of those figures counts.' })
  readonly judgedBy: DiaryJudging;

  @Field(() => Int, { description: 'Relief of so many per cent or more is positive.' })
  readonly positivePercentMin: number;

  @Field(() => Int, { description: 'Relief of less than so many per cent is negative.' })
  readonly negativePercentBelow: number;

  @Field(() => PartialFollowUp, { description: 'What follows what lies between.' })
  readonly partialFollowUp: PartialFollowUp;

  @Field(() => TreatmentKind, {
    nullable: true,
    description: 'What a positive response proposes; null: nothing.',
  })
  readonly proposedKind: TreatmentKind | null;

  @Field(() => LocalDate, { description: 'Holds for treatments from this day on.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({
  description: 'From how many patients on a group is shown in what the clinic learns. Never edited.',
})
export class LearningPolicy {
  @Field(() => ID, { description: 'Id of the policy (UUID).' })
  readonly id: string;

  @Field(() => Int, { description: 'So many patients, at least 5.' })
  readonly minimumCount: number;

  @Field(() => LocalDate, { description: 'Holds from this day on.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the number comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'A point, and how far from it a figure is still on time.' })
export class DiaryPolicyPointInput {
  @Field(() => DiaryPoint, { description: 'Which point.' })
  @IsEnum(DiaryPoint)
  readonly point: DiaryPoint;

  @Field(() => Int, { description: 'Minutes before it, 0 to 527,040.' })
  @IsInt()
  @Min(0)
  @Max(WINDOW_MINUTES_MAX)
  readonly earlyMinutes: number;

  @Field(() => Int, { description: 'Minutes after it, 0 to 527,040; of BEFORE none count.' })
  @IsInt()
  @Min(0)
  @Max(WINDOW_MINUTES_MAX)
  readonly lateMinutes: number;
}

@InputType({ description: 'A new policy for the diaries of a kind of treatment.' })
export class SetDiaryPolicyInput {
  @Field(() => TreatmentKind, { description: 'Of which kind.' })
  @IsEnum(TreatmentKind)
  readonly kind: TreatmentKind;

  @Field(() => DiaryPurpose, { description: 'What a response is good for.' })
  @IsEnum(DiaryPurpose)
  readonly purpose: DiaryPurpose;

  @Field(() => [DiaryPolicyPointInput], {
    description: 'When patients are asked, each point once. BEFORE and those that judge are among them.',
  })
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(POINTS_MAX)
  @ArrayUnique(({ point }: DiaryPolicyPointInput) => point)
  @ValidateNested({ each: true })
  @Type(() => DiaryPolicyPointInput)
  readonly points: readonly DiaryPolicyPointInput[];

  @Field(() => [DiaryPoint], {
    description: 'Points whose figures are held against the one before; not BEFORE.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(POINTS_MAX)
  @ArrayUnique()
  @IsEnum(DiaryPoint, { each: true })
  readonly judgedPoints: readonly DiaryPoint[];

  @Field(() => DiaryJudging, { description: 'Which of those figures counts.' })
  @IsEnum(DiaryJudging)
  readonly judgedBy: DiaryJudging;

  @Field(() => Int, { description: 'Relief of so many per cent or more is positive, 1 to 100.' })
  @IsInt()
  @Min(1)
  @Max(100)
  readonly positivePercentMin: number;

  @Field(() => Int, {
    description: 'Relief of less than so many per cent is negative, 1 to `positivePercentMin`.',
  })
  @IsInt()
  @Min(1)
  @Max(100)
  readonly negativePercentBelow: number;

  @Field(() => PartialFollowUp, { description: 'What follows what lies between.' })
  @IsEnum(PartialFollowUp)
  readonly partialFollowUp: PartialFollowUp;

  @Field(() => TreatmentKind, {
    nullable: true,
    description: 'What a positive response proposes, not OTHER; null: nothing.',
  })
  @IsOptional()
  @IsEnum(TreatmentKind)
  readonly proposedKind?: TreatmentKind | null;

  @Field(() => LocalDate, { description: 'Holds for treatments from this day on; today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers come from; at most 2,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

@InputType({ description: 'From how many patients on a group is shown.' })
export class SetLearningPolicyInput {
  @Field(() => Int, { description: 'So many patients, 5 to 1,000.' })
  @IsInt()
  @Min(5)
  @Max(1_000)
  readonly minimumCount: number;

  @Field(() => LocalDate, { description: 'Holds from this day on; today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the number comes from; at most 2,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

export const SetDiaryPolicyResult = resultUnion(
  'SetDiaryPolicyResult',
  DiaryPolicy,
  [DiaryRowAlreadySet, DiaryRowInThePast],
  'The new policy, or why it was not set.',
);

export const SetLearningPolicyResult = resultUnion(
  'SetLearningPolicyResult',
  LearningPolicy,
  [DiaryRowAlreadySet, DiaryRowInThePast],
  'The new policy, or why it was not set.',
);

const ORDER = Object.values(DiaryPoint);

export function toDiaryPolicy(row: Prisma.DiaryPolicyGetPayload<{ include: { points: true } }>): DiaryPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
    points: row.points
      .map(({ point, earlyMinutes, lateMinutes }) => ({ point, earlyMinutes, lateMinutes }))
      .toSorted((a, b) => ORDER.indexOf(a.point) - ORDER.indexOf(b.point)),
  };
}

export function toLearningPolicy(row: Prisma.LearningPolicyGetPayload<object>): LearningPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
