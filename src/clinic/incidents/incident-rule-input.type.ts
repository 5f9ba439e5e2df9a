import { Field, Float, InputType, Int } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsPositive,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IncidentRegulator, IncidentThresholdBasis } from '../../platform/database/generated/enums.js';
import { HasDecimalPlaces } from '../../platform/graphql/decimal.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { IncidentRuleAlreadySet, IncidentRuleInThePast } from './incident.refusals.js';
import { DoseCoefficient, IncidentPolicy, IncidentThreshold } from './incident-rule.type.js';
import { READABLE, SOME_LINE, WORDS_CHARACTERS_MAX } from './incident-words.type.js';

/** What is more was typed in another unit. */
const DOSE_MAX_MILLI = 10_000;
const FACTOR_MAX = 1_000;
const COEFFICIENT_MAX = 999;
/** As the database keeps it: a smaller one would be kept as nothing. */
const COEFFICIENT_DECIMALS = 8;
const DAYS_MAX = 366;
/** Nobody counts as a child for longer. */
const CHILD_BELOW_YEARS_MAX = 25;
const THRESHOLD_CODE = /^[A-Z0-9][A-Z0-9_.]{0,29}$/;
const TRACER_CODE = /^[A-Z][A-Z0-9_]{1,39}$/;

@InputType({ isAbstract: true })
abstract class SetDatedRuleInput {
  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, {
    description: `Where the numbers come from, at most ${WORDS_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

@InputType({ description: 'A new row for a code, from a day on.' })
export class SetIncidentThresholdInput extends SetDatedRuleInput {
  @Field(() => String, {
    description: 'As the regulator has it: at most 30 capitals, digits, dots and underscores.',
  })
  @IsString()
  @Matches(THRESHOLD_CODE, { message: '$property: must look like 2.3 or FOETAL' })
  readonly code: string;

  @Field(() => IncidentThresholdBasis, { description: 'What it asks.' })
  @IsEnum(IncidentThresholdBasis)
  readonly basis: IncidentThresholdBasis;

  @Field(() => IncidentRegulator, { description: 'Who has to hear of it.' })
  @IsEnum(IncidentRegulator)
  readonly regulator: IncidentRegulator;

  @Field(() => Float, {
    nullable: true,
    description: 'For intended effective doses from here, in mSv. Left out: from 0.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly intendedFromMsv?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'That dose itself included. Left out: yes.' })
  @IsOptional()
  @IsBoolean()
  readonly isFromIncluded?: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'For intended effective doses up to here, in mSv. Left out: any.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(DOSE_MAX_MILLI)
  readonly intendedUntilMsv?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'That dose itself included. Left out: no.' })
  @IsOptional()
  @IsBoolean()
  readonly isUntilIncluded?: boolean | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this effective dose on, of an adult, in mSv.',
  })
  @IsOptional()
  @IsPositive()
  @Max(DOSE_MAX_MILLI)
  readonly adultMsv?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this effective dose on, of a child or an infant, in mSv.',
  })
  @IsOptional()
  @IsPositive()
  @Max(DOSE_MAX_MILLI)
  readonly childMsv?: number | null;

  @Field(() => Float, { nullable: true, description: 'Met from so many times the intended dose on.' })
  @IsOptional()
  @IsPositive()
  @Max(FACTOR_MAX)
  readonly factor?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Met from this absorbed dose of an unborn child on, in mGy.',
  })
  @IsOptional()
  @IsPositive()
  @Max(DOSE_MAX_MILLI)
  readonly doseMgy?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only where a procedure was not followed. Left out: no.',
  })
  @IsOptional()
  @IsBoolean()
  readonly needsProceduralFailure?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'The code is asked no more. Left out: it is asked.' })
  @IsOptional()
  @IsBoolean()
  readonly isDropped?: boolean | null;
}

@InputType({ description: 'A new coefficient of a tracer, from a day on.' })
export class SetDoseCoefficientInput extends SetDatedRuleInput {
  @Field(() => String, { description: 'Code of the tracer: TC99M_MDP.' })
  @IsString()
  @Matches(TRACER_CODE, { message: '$property: must be a code in capitals, such as TC99M_MDP' })
  readonly tracerCode: string;

  @Field(() => Float, { description: 'Effective dose of an adult, in mSv for each MBq.' })
  @HasDecimalPlaces(COEFFICIENT_DECIMALS)
  @IsPositive()
  @Max(COEFFICIENT_MAX)
  readonly msvPerMbq: number;
}

@InputType({ description: 'New days for incidents, from a day on.' })
export class SetIncidentPolicyInput extends SetDatedRuleInput {
  @Field(() => Int, { description: `Calendar days in which a regulator is told, 0 to ${DAYS_MAX}.` })
  @IsInt()
  @Min(0)
  @Max(DAYS_MAX)
  readonly notifyDays: number;

  @Field(() => Int, { description: `Days from one reminder to the next, 1 to ${DAYS_MAX}.` })
  @IsInt()
  @Min(1)
  @Max(DAYS_MAX)
  readonly remindDays: number;

  @Field(() => Int, {
    description: `Below this age somebody counts as a child, 1 to ${CHILD_BELOW_YEARS_MAX} years.`,
  })
  @IsInt()
  @Min(1)
  @Max(CHILD_BELOW_YEARS_MAX)
  readonly childBelowYears: number;
}

const REFUSALS = [IncidentRuleAlreadySet, IncidentRuleInThePast];
const WHAT = 'The new row, or why it was not set.';
export const SetIncidentThresholdResult = resultUnion(
  'SetIncidentThresholdResult',
  IncidentThreshold,
  REFUSALS,
  WHAT,
);
export const SetDoseCoefficientResult = resultUnion(
  'SetDoseCoefficientResult',
  DoseCoefficient,
  REFUSALS,
  WHAT,
);
export const SetIncidentPolicyResult = resultUnion('SetIncidentPolicyResult', IncidentPolicy, REFUSALS, WHAT);
