import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
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
import type {
  BreastFeedingPolicy as BreastFeedingPolicyRow,
  PregnancyPolicy as PregnancyPolicyRow,
  TableWeightLimit as TableWeightLimitRow,
} from '../../platform/database/generated/client.js';
import { HasDecimalPlaces } from '../../platform/graphql/decimal.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import { CheckPolicyAlreadySet, CheckPolicyInThePast } from './check.refusals.js';
import { PROCEDURE_CODE, READABLE, SOME_TEXT } from './check-text.rules.js';

/** Older than anybody has become. */
const AGE_MAX_YEARS = 120;
/** Ninety days: the longest that any tracer in use asks for. */
const INTERRUPTION_MAX_HOURS = 2_160;
const FEEDS_MAX = 100;
const WORDING_CHARACTERS_MAX = 1_000;
const SOURCE_CHARACTERS_MAX = 500;
/** What no table of a camera bears. */
const LIMIT_MAX_KG = 500;

@ObjectType({ isAbstract: true })
abstract class DatedRow {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers and words come from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ isAbstract: true })
abstract class DatedInput {
  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the numbers and words come from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

@InputType({ isAbstract: true })
abstract class AgesInput extends DatedInput {
  @Field(() => Int, { description: 'Youngest age that is asked, in completed years on the day, included.' })
  @IsInt()
  @Min(0)
  @Max(AGE_MAX_YEARS)
  readonly ageFrom: number;

  @Field(() => Int, { description: 'Oldest age that is asked, in completed years on the day, included.' })
  @IsInt()
  @Min(0)
  @Max(AGE_MAX_YEARS)
  readonly ageTo: number;
}

@ObjectType({ description: 'Who is asked about pregnancy, in which words, from a day on. Never rewritten.' })
export class PregnancyPolicy extends DatedRow {
  @Field(() => Int, {
    description: 'Youngest age that is asked, in completed years on the day of the injection, included.',
  })
  readonly ageFrom: number;

  @Field(() => Int, { description: 'Oldest age that is asked, included.' })
  readonly ageTo: number;

  @Field(() => String, { description: 'How it is asked whether somebody could become pregnant.' })
  readonly potentialWording: string;

  @Field(() => String, { description: 'How it is asked whether somebody is pregnant.' })
  readonly pregnancyWording: string;

  @Field(() => String, { description: 'How the last period is asked for.' })
  readonly lastPeriodWording: string;

  @Field(() => Boolean, { description: 'A second member of staff has to say that they were there.' })
  readonly needsWitness: boolean;
}

@InputType({ description: 'Who is asked about pregnancy, in which words, from a day on.' })
export class SetPregnancyPolicyInput extends AgesInput {
  @Field(() => String, {
    description:
      'How it is asked whether somebody could become pregnant, whatever their gender; at most 1,000 characters.',
  })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly potentialWording: string;

  @Field(() => String, {
    description: 'How it is asked whether somebody is pregnant; at most 1,000 characters.',
  })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly pregnancyWording: string;

  @Field(() => String, { description: 'How the last period is asked for; at most 1,000 characters.' })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly lastPeriodWording: string;

  @Field(() => Boolean, { description: 'Whether a second member of staff has to say that they were there.' })
  @IsBoolean()
  readonly needsWitness: boolean;
}

export const SetPregnancyPolicyResult = resultUnion(
  'SetPregnancyPolicyResult',
  PregnancyPolicy,
  [CheckPolicyAlreadySet, CheckPolicyInThePast],
  'The new row, or why it was not set.',
);

@ObjectType({
  description: 'Who is asked about breast-feeding, and what they are told, from a day on. Never rewritten.',
})
export class BreastFeedingPolicy extends DatedRow {
  @Field(() => String, { description: 'Code of a kind of visit; ANY: those that have no row of their own.' })
  readonly procedureCode: string;

  @Field(() => Int, {
    description: 'Youngest age that is asked, in completed years on the day of the injection, included.',
  })
  readonly ageFrom: number;

  @Field(() => Int, { description: 'Oldest age that is asked, included.' })
  readonly ageTo: number;

  @Field(() => String, { description: 'How it is asked.' })
  readonly wording: string;

  @Field(() => Int, { description: 'Hours without feeding after the injection; 0: feeding goes on.' })
  readonly interruptionHours: number;

  @Field(() => Int, { description: 'How many feeds are thrown away.' })
  readonly feedsDiscarded: number;

  @Field(() => String, { description: 'What somebody is told who breast-feeds.' })
  readonly adviceWording: string;
}

@InputType({ description: 'Who is asked about breast-feeding, and what they are told, from a day on.' })
export class SetBreastFeedingPolicyInput extends AgesInput {
  @Field(() => String, { description: 'Code of a kind of visit; ANY: those that have no row of their own.' })
  @Matches(PROCEDURE_CODE, { message: '$property: must be the code of a kind of visit, or ANY' })
  readonly procedureCode: string;

  @Field(() => String, { description: 'How it is asked, at most 1,000 characters.' })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly wording: string;

  @Field(() => Int, { description: 'Hours without feeding after the injection, 0 to 2,160.' })
  @IsInt()
  @Min(0)
  @Max(INTERRUPTION_MAX_HOURS)
  readonly interruptionHours: number;

  @Field(() => Int, { description: 'How many feeds are thrown away, 0 to 100.' })
  @IsInt()
  @Min(0)
  @Max(FEEDS_MAX)
  readonly feedsDiscarded: number;

  @Field(() => String, { description: 'What somebody is told who breast-feeds, at most 1,000 characters.' })
  @IsString()
  @MaxLength(WORDING_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly adviceWording: string;
}

export const SetBreastFeedingPolicyResult = resultUnion(
  'SetBreastFeedingPolicyResult',
  BreastFeedingPolicy,
  [CheckPolicyAlreadySet, CheckPolicyInThePast],
  'The new row, or why it was not set.',
);

@ObjectType({ description: 'What the table of a camera bears, from a day on. Never rewritten.' })
export class TableWeightLimit extends DatedRow {
  @Field(() => ID, {
    nullable: true,
    description: 'The camera; null: every camera that has no row of its own.',
  })
  readonly resourceId: string | null;

  @Field(() => Float, {
    description: 'Kilograms, to a tenth; somebody of exactly that weight may lie on it.',
  })
  readonly limitKg: number;
}

@InputType({ description: 'What the table of a camera bears, from a day on.' })
export class SetTableWeightLimitInput extends DatedInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The camera; left out: every camera that has no row of its own.',
  })
  @IsOptional()
  @IsUUID()
  readonly resourceId?: string | null;

  @Field(() => Float, { description: 'Kilograms, to a tenth, 0.1 to 500.' })
  @HasDecimalPlaces(1)
  @Min(0.1)
  @Max(LIMIT_MAX_KG)
  readonly limitKg: number;
}

export const SetTableWeightLimitResult = resultUnion(
  'SetTableWeightLimitResult',
  TableWeightLimit,
  [CheckPolicyAlreadySet, CheckPolicyInThePast],
  'The new row, or why it was not set.',
);

/** Days and moments as they are shown. */
function shown<Row extends { readonly effectiveFrom: Date; readonly setAt: Date }>(row: Row) {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}

export function toPregnancyPolicy(row: PregnancyPolicyRow): PregnancyPolicy {
  return shown(row);
}

export function toBreastFeedingPolicy(row: BreastFeedingPolicyRow): BreastFeedingPolicy {
  return shown(row);
}

export function toTableWeightLimit(row: TableWeightLimitRow): TableWeightLimit {
  return { ...shown(row), limitKg: row.limitKg.toNumber() };
}
