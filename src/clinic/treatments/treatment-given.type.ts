import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsNumber,
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
  ComplicationSeverity,
  ComplicationType,
  TreatmentGuidance,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  AgentExpired,
  AgentNotKnown,
  ComplicationReplaced,
  NotEntitledToExpose,
  RecordDoesNotFit,
  TreatmentChanged,
  TreatmentStandsOtherwise,
} from './treatment.refusals.js';
import { Treatment } from './treatment.type.js';
import {
  AGENTS_MAX,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_LINE,
  SOME_TEXT,
  TARGETS_MAX,
  TEXT_CHARACTERS_MAX,
} from './treatment-words.type.js';

// Bounds against slips of the finger: what lies outside of them was measured in another unit.
const SMALLEST = 0.001;
const CONCENTRATION_MAX_MG_ML = 1_000;
const VOLUME_MAX_ML = 500;
const DAP_MAX_GY_CM2 = 1_000;
const SCREENING_MAX_SECONDS = 7_200;
const DLP_MAX_MGY_CM = 10_000;
const TEMPERATURE_MIN_C = 37;
const TEMPERATURE_MAX_C = 100;
const LESION_MAX_SECONDS = 3_600;
const LESIONS_MAX = 20;

@InputType({ description: 'What was done at one place of the plan.' })
export class GivenTargetInput {
  @Field(() => Int, { description: 'Number of the place in the plan that stands, from 1.' })
  @IsInt()
  @Min(1)
  @Max(TARGETS_MAX)
  readonly position: number;

  @Field(() => Boolean, { description: 'It was treated.' })
  @IsBoolean()
  readonly wasTreated: boolean;

  @Field(() => String, { nullable: true, description: 'Of one that was left out, and only then: why.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly leftOutBecause?: string | null;

  @Field(() => String, { nullable: true, description: 'Which needle; at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly needle?: string | null;

  @Field(() => String, { nullable: true, description: 'How the contrast spread; at most 200 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly contrastSpread?: string | null;

  @Field(() => Float, { nullable: true, description: 'Of a denervation: temperature in °C, 37 to 100.' })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(TEMPERATURE_MIN_C)
  @Max(TEMPERATURE_MAX_C)
  readonly temperatureC?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of a denervation: seconds of each lesion, up to 3,600.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LESION_MAX_SECONDS)
  readonly lesionSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of a denervation: number of lesions, up to 20.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LESIONS_MAX)
  readonly lesionsCount?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of a denervation: which electrode; at most 200 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly electrode?: string | null;
}

@InputType({
  description: 'A drug that was given, from one batch. The dose in mg is concentration times volume.',
})
export class GivenAgentInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Number of the place that it was given at; null: all of them.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(TARGETS_MAX)
  readonly targetPosition?: number | null;

  @Field(() => String, { description: 'Its code: TRIAMCINOLONE.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly agentCode: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Concentration in mg/ml, up to 1,000; has to be there of a steroid and of a local anaesthetic.',
  })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(SMALLEST)
  @Max(CONCENTRATION_MAX_MG_ML)
  readonly concentrationMgMl?: number | null;

  @Field(() => Float, { description: 'Volume in ml, up to 500.' })
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(SMALLEST)
  @Max(VOLUME_MAX_ML)
  readonly volumeMl: number;

  @Field(() => String, { description: 'Batch number as printed; at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly batchNumber: string;

  @Field(() => LocalDate, { description: 'Last day on which it may be used.' })
  @IsISO8601({ strict: true })
  readonly expiresOn: string;
}

@InputType({ description: 'What was given.' })
export class RecordTreatmentGivenInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: '`version` of the treatment as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that held the needle; null: whoever started it.',
  })
  @IsOptional()
  @IsUUID()
  readonly operatorId?: string | null;

  @Field(() => TreatmentGuidance, { description: 'How the operator saw it.' })
  @IsEnum(TreatmentGuidance)
  readonly guidance: TreatmentGuidance;

  @Field(() => [GivenTargetInput], { description: 'Every place of the plan, each once.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(TARGETS_MAX)
  @ArrayUnique(({ position }: GivenTargetInput) => position)
  @ValidateNested({ each: true })
  @Type(() => GivenTargetInput)
  readonly targets: readonly GivenTargetInput[];

  @Field(() => [GivenAgentInput], { description: 'What was given; at most 40.' })
  @IsArray()
  @ArrayMaxSize(AGENTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => GivenAgentInput)
  readonly agents: readonly GivenAgentInput[];

  @Field(() => Instant, { description: 'When the needle was out; after the start and not ahead.' })
  readonly finishedAt: Temporal.Instant;

  @Field(() => Float, {
    nullable: true,
    description: 'Of fluoroscopy, and only then: dose area product in Gy·cm².',
  })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(DAP_MAX_GY_CM2)
  readonly doseAreaProductGyCm2?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Of fluoroscopy, and only then: screening time in seconds.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(SCREENING_MAX_SECONDS)
  readonly fluoroscopySeconds?: number | null;

  @Field(() => Float, { nullable: true, description: 'Of CT, and only then: dose length product in mGy·cm.' })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(0)
  @Max(DLP_MAX_MGY_CM)
  readonly ctDlpMgyCm?: number | null;

  @Field(() => Instant, { nullable: true, description: 'Until then the patient was watched.' })
  readonly observedUntil?: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'What was seen meanwhile; at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly observation?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Leaflet that the patient was given, with its version.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly leaflet?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the patient was told; at most 2,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly advice?: string | null;

  @Field(() => String, { nullable: true, description: 'In words, at most 2,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly comment?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'It was broken off: why. Null: it was done to its end.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly abandonedBecause?: string | null;
}

@InputType({ description: 'What was given as it should have been recorded, all of it.' })
export class CorrectTreatmentRecordInput extends RecordTreatmentGivenInput {
  @Field(() => String, { description: 'What was wrong; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly correctedBecause: string;
}

@InputType({ description: 'Something that went wrong with a treatment, then or later.' })
export class AddComplicationInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => ComplicationType, { description: 'What.' })
  @IsEnum(ComplicationType)
  readonly type: ComplicationType;

  @Field(() => ComplicationSeverity, { description: 'How grave.' })
  @IsEnum(ComplicationSeverity)
  readonly severity: ComplicationSeverity;

  @Field(() => Instant, { description: 'When it happened: after the start, and not ahead.' })
  readonly happenedAt: Temporal.Instant;

  @Field(() => String, { description: 'What happened; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly description: string;

  @Field(() => String, { description: 'What was done; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly actionTaken: string;

  @Field(() => ID, { nullable: true, description: 'The entry that this one stands instead of; null: none.' })
  @IsOptional()
  @IsUUID()
  readonly replacesId?: string | null;

  @Field(() => String, { nullable: true, description: 'With `replacesId`, and only then: what was wrong.' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly replaceReason?: string | null;
}

/** Everything that recording can be answered with. */
export const RECORD_TREATMENT_REFUSALS = [
  TreatmentStandsOtherwise,
  TreatmentChanged,
  RecordDoesNotFit,
  AgentNotKnown,
  AgentExpired,
  NotEntitledToExpose,
  IdempotencyKeyReused,
] as const;

export const RecordTreatmentGivenResult = resultUnion(
  'RecordTreatmentGivenResult',
  Treatment,
  RECORD_TREATMENT_REFUSALS,
  'The treatment with its record, or why nothing was recorded.',
);

export const CorrectTreatmentRecordResult = resultUnion(
  'CorrectTreatmentRecordResult',
  Treatment,
  RECORD_TREATMENT_REFUSALS,
  'The treatment with the record as it stands now, or why nothing was corrected.',
);

/** Everything that adding a complication can be answered with. */
export const ADD_COMPLICATION_REFUSALS = [
  TreatmentStandsOtherwise,
  ComplicationReplaced,
  IdempotencyKeyReused,
] as const;

export const AddComplicationResult = resultUnion(
  'AddComplicationResult',
  Treatment,
  ADD_COMPLICATION_REFUSALS,
  'The treatment with its complications, or why nothing was added.',
);
