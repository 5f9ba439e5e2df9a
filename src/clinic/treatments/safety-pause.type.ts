import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
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
import {
  FindingSide,
  SpineLevel,
  TreatmentAspect,
  TreatmentPauseSource,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  NotAtThePause,
  PatientNotConfirmed,
  PauseNotPassed,
  PauseTooLongAgo,
  ProcedureConsentMissing,
  WrongLevel,
  WrongSide,
} from './safety-pause.refusals.js';
import {
  FindingNotStanding,
  NotEntitledToExpose,
  TreatmentChanged,
  TreatmentStandsOtherwise,
} from './treatment.refusals.js';
import { Treatment } from './treatment.type.js';
import { TermsNotMet } from './treatment-policy.refusals.js';
import {
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_LINE,
  SOME_TEXT,
  TARGETS_MAX,
  TEXT_CHARACTERS_MAX,
} from './treatment-words.type.js';

/** More people than fit into the room. */
const PRESENT_MAX = 20;

@InputType({ description: 'Side and level as they were read out.' })
export class ReadPlaceInput {
  @Field(() => SpineLevel, { nullable: true, description: 'The level; null: it has none.' })
  @IsOptional()
  @IsEnum(SpineLevel)
  readonly level?: SpineLevel | null;

  @Field(() => FindingSide, { description: 'The side. BILATERAL is the left and the right.' })
  @IsEnum(FindingSide)
  readonly side: FindingSide;
}

@InputType({ description: 'Everything that was read out from one source.' })
export class PauseReadingInput {
  @Field(() => TreatmentPauseSource, { description: 'From what.' })
  @IsEnum(TreatmentPauseSource)
  readonly source: TreatmentPauseSource;

  @Field(() => [ReadPlaceInput], { description: 'Every side and level that it names; at most 20.' })
  @IsArray()
  @ArrayMaxSize(TARGETS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ReadPlaceInput)
  readonly places: readonly ReadPlaceInput[];
}

@InputType({ description: 'What was asked at the pause.' })
export class PauseAnswerInput {
  @Field(() => TreatmentAspect, { description: 'About what.' })
  @IsEnum(TreatmentAspect)
  readonly aspect: TreatmentAspect;

  @Field(() => Boolean, { description: 'It is safe to go on.' })
  @IsBoolean()
  readonly isSafe: boolean;

  @Field(() => String, { nullable: true, description: 'In words, at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note?: string | null;
}

@InputType({ description: 'A safety pause, as it was held.' })
export class RecordSafetyPauseInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: 'Number of the plan that lay before you.' })
  @IsInt()
  @Min(1)
  readonly planVersion: number;

  @Field(() => Instant, { description: 'When it was held; not ahead.' })
  readonly heldAt: Temporal.Instant;

  @Field(() => [ID], {
    description: 'Staff accounts that were there; at most 20. With `presentNames` at least two people.',
  })
  @IsArray()
  @ArrayMaxSize(PRESENT_MAX)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  readonly presentIds: readonly string[];

  @Field(() => [String], {
    nullable: true,
    defaultValue: [],
    description: 'Who was there without an account; at most 20, each at most 200 characters.',
  })
  @IsArray()
  @ArrayMaxSize(PRESENT_MAX)
  @IsString({ each: true })
  @MaxLength(LINE_CHARACTERS_MAX, { each: true })
  @Matches(SOME_LINE, { ...READABLE, each: true })
  readonly presentNames: readonly string[] = [];

  @Field(() => Boolean, { description: 'The patient said who they are, and it agrees with the record.' })
  @IsBoolean()
  readonly isPatientConfirmed: boolean;

  @Field(() => [PauseReadingInput], {
    description: 'What was read out: from CONSENT, MARK, IMAGE and PLAN, each once.',
  })
  @IsArray()
  @ArrayMaxSize(Object.keys(TreatmentPauseSource).length)
  @ArrayUnique(({ source }: PauseReadingInput) => source)
  @ValidateNested({ each: true })
  @Type(() => PauseReadingInput)
  readonly readings: readonly PauseReadingInput[];

  @Field(() => [PauseAnswerInput], {
    description:
      'What was asked, each once: ANTICOAGULANT, ALLERGY and INFECTION; of a denervation CARDIAC_IMPLANT; with a steroid DIABETES; with X-rays PREGNANCY.',
  })
  @IsArray()
  @ArrayMaxSize(Object.keys(TreatmentAspect).length)
  @ArrayUnique(({ aspect }: PauseAnswerInput) => aspect)
  @ValidateNested({ each: true })
  @Type(() => PauseAnswerInput)
  readonly answers: readonly PauseAnswerInput[];

  @Field(() => String, { nullable: true, description: 'In words, at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly comment?: string | null;
}

@InputType({ description: 'A treatment to start.' })
export class StartTreatmentInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: '`version` of the treatment as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

/** Everything that a pause can be answered with. */
export const RECORD_SAFETY_PAUSE_REFUSALS = [
  TreatmentStandsOtherwise,
  TreatmentChanged,
  PatientNotConfirmed,
  WrongSide,
  WrongLevel,
  PauseNotPassed,
  ProcedureConsentMissing,
  IdempotencyKeyReused,
] as const;

export const RecordSafetyPauseResult = resultUnion(
  'RecordSafetyPauseResult',
  Treatment,
  RECORD_SAFETY_PAUSE_REFUSALS,
  'The treatment with its pause, or what is wrong: then nothing starts.',
);

export const StartTreatmentResult = resultUnion(
  'StartTreatmentResult',
  Treatment,
  [
    TreatmentStandsOtherwise,
    TreatmentChanged,
    PauseTooLongAgo,
    NotAtThePause,
    FindingNotStanding,
    ProcedureConsentMissing,
    WrongSide,
    WrongLevel,
    TermsNotMet,
    NotEntitledToExpose,
  ],
  'The treatment, started, or why not.',
);
