import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsISO8601, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type {
  ExposureIntervalPolicy as ExposureIntervalRow,
  GatePolicy as GatePolicyRow,
} from '../../platform/database/generated/client.js';
import { GateCode, GateStage, GateStrictness } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import {
  GateCannotBeSofter,
  GateNotJudgedThere,
  GatePolicyAlreadySet,
  GatePolicyInThePast,
} from './gate-policy.refusals.js';

const SOURCE_CHARACTERS_MAX = 500;
/** A leap year: nobody looks back further for what is left of a tracer. */
const WITHIN_HOURS_MAX = 8_784;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };
const PROCEDURE = /^[A-Z][A-Z0-9_]{1,39}$/;

@ObjectType({ description: 'How strictly a gate stands at a stage, from a day on. Never rewritten.' })
export class GatePolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => GateCode, { description: 'Which gate.' })
  readonly gate: GateCode;

  @Field(() => GateStage, { description: 'Where it stands.' })
  readonly stage: GateStage;

  @Field(() => GateStrictness, { description: 'What it does there when it is shut.' })
  readonly strictness: GateStrictness;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => String, {
    description: 'Where this comes from: a law, a procedure of the employer, a decision.',
  })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'How strictly a gate stands at a stage, from a day on.' })
export class SetGatePolicyInput {
  @Field(() => GateCode, { description: 'Which gate.' })
  @IsEnum(GateCode)
  readonly gate: GateCode;

  @Field(() => GateStage, { description: 'Where it stands.' })
  @IsEnum(GateStage)
  readonly stage: GateStage;

  @Field(() => GateStrictness, { description: 'What it does there when it is shut.' })
  @IsEnum(GateStrictness)
  readonly strictness: GateStrictness;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where this comes from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetGatePolicyResult = resultUnion(
  'SetGatePolicyResult',
  GatePolicy,
  [GateCannotBeSofter, GateNotJudgedThere, GatePolicyAlreadySet, GatePolicyInThePast],
  'The new row, or why it was not set.',
);

@ObjectType({
  description:
    'How far back other exposures of the patient are looked for before a new one, from a day on. Never rewritten.',
})
export class ExposureIntervalPolicy {
  @Field(() => ID, { description: 'Id of the row (UUID).' })
  readonly id: string;

  @Field(() => String, {
    description: 'Code of a kind of visit; ANY: those that have no row of their own.',
  })
  readonly procedureCode: string;

  @Field(() => Int, { description: 'Hours before the injection, as they pass; 0: not looked for.' })
  readonly withinHours: number;

  @Field(() => LocalDate, { description: 'First day on which this row holds, until a later row does.' })
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

@InputType({ description: 'How far back other exposures are looked for, from a day on.' })
export class SetExposureIntervalInput {
  @Field(() => String, {
    description: 'Code of a kind of visit; ANY: those that have no row of their own.',
  })
  @Matches(PROCEDURE, { message: '$property: must be the code of a kind of visit, or ANY' })
  readonly procedureCode: string;

  @Field(() => Int, { description: 'Hours before the injection, 0 to 8,784; 0: not looked for.' })
  @IsInt()
  @Min(0)
  @Max(WITHIN_HOURS_MAX)
  readonly withinHours: number;

  @Field(() => LocalDate, { description: 'First day on which it holds, today or later.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Where the number comes from, at most 500 characters.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly source: string;
}

export const SetExposureIntervalResult = resultUnion(
  'SetExposureIntervalResult',
  ExposureIntervalPolicy,
  [GatePolicyAlreadySet, GatePolicyInThePast],
  'The new row, or why it was not set.',
);

export function toGatePolicy(row: GatePolicyRow): GatePolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}

export function toExposureInterval(row: ExposureIntervalRow): ExposureIntervalPolicy {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}
