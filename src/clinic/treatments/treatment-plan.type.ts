import { Field, Float, ID, InputType, Int } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEnum,
  IsInt,
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
  TreatmentAspect,
  TreatmentAspectFinding,
  TreatmentGuidance,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  AgentNotKnown,
  FindingNotStanding,
  NotEntitledToExpose,
  NotLookedAt,
  PlacesDoNotFit,
  TreatmentChanged,
  TreatmentStandsOtherwise,
} from './treatment.refusals.js';
import { Treatment } from './treatment.type.js';
import { TermsNotMet } from './treatment-policy.refusals.js';
import { TreatmentTargetInput } from './treatment-request.type.js';
import {
  AGENTS_MAX,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_LINE,
  SOME_TEXT,
  TARGETS_MAX,
  TEXT_CHARACTERS_MAX,
} from './treatment-words.type.js';

/** More than any ampoule holds: what is larger is a slip of the finger. */
const DOSE_MAX_MG = 10_000;
const VOLUME_MAX_ML = 500;
const SMALLEST = 0.001;

@InputType({ description: 'A drug to plan, all places together.' })
export class PlannedAgentInput {
  @Field(() => String, { description: 'Its code: TRIAMCINOLONE.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly agentCode: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Dose in mg, up to 10,000; null: it has none, or nobody knows yet.',
  })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(SMALLEST)
  @Max(DOSE_MAX_MG)
  readonly doseMg?: number | null;

  @Field(() => Float, { nullable: true, description: 'Volume in ml, up to 500; null: nobody knows yet.' })
  @IsOptional()
  @IsNumber({ allowInfinity: false, allowNaN: false })
  @Min(SMALLEST)
  @Max(VOLUME_MAX_ML)
  readonly volumeMl?: number | null;
}

@InputType({ description: 'What you found when you looked at what may forbid a treatment.' })
export class LookedAtInput {
  @Field(() => TreatmentAspect, { description: 'At what.' })
  @IsEnum(TreatmentAspect)
  readonly aspect: TreatmentAspect;

  @Field(() => TreatmentAspectFinding, { description: 'What you found.' })
  @IsEnum(TreatmentAspectFinding)
  readonly finding: TreatmentAspectFinding;

  @Field(() => String, {
    nullable: true,
    description: 'In words, at most 2,000 characters; has to be there unless there is no concern.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly note?: string | null;
}

@InputType({ description: 'How a treatment is to be done.' })
export class PlanTreatmentInput {
  @Field(() => ID, { description: 'Which treatment.' })
  @IsUUID()
  readonly treatmentId: string;

  @Field(() => Int, { description: '`version` of the treatment as you have seen it.' })
  @IsInt()
  @Min(0)
  readonly version: number;

  @Field(() => [TreatmentTargetInput], { description: 'Where, all of it; 1 to 20 places.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(TARGETS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TreatmentTargetInput)
  readonly targets: readonly TreatmentTargetInput[];

  @Field(() => String, { description: 'How the needle goes; at most 2,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly approach: string;

  @Field(() => TreatmentGuidance, { description: 'How the operator sees it.' })
  @IsEnum(TreatmentGuidance)
  readonly guidance: TreatmentGuidance;

  @Field(() => [PlannedAgentInput], { description: 'What is to be given; at most 40.' })
  @IsArray()
  @ArrayMaxSize(AGENTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => PlannedAgentInput)
  readonly agents: readonly PlannedAgentInput[];

  @Field(() => String, {
    description:
      'What is done about medicines that thin the blood, also where the patient takes none; at most 2,000 characters.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly anticoagulantPlan: string;

  @Field(() => [LookedAtInput], {
    description:
      'What you looked at, each once: ANTICOAGULANT, ALLERGY and INFECTION; of a denervation CARDIAC_IMPLANT; with a steroid DIABETES; with X-rays PREGNANCY.',
  })
  @IsArray()
  @ArrayMaxSize(Object.keys(TreatmentAspect).length)
  @ArrayUnique(({ aspect }: LookedAtInput) => aspect)
  @ValidateNested({ each: true })
  @Type(() => LookedAtInput)
  readonly aspects: readonly LookedAtInput[];

  @Field(() => String, {
    nullable: true,
    description:
      'With X-rays, and only then: why they are justified, at most 2,000 characters. You have to be entitled to justify.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly justification?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where terms are not met or not known: why it goes on; at most 2,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly proceedBecause?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of a further plan, and only then: what changed; at most 2,000 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly replanBecause?: string | null;
}

export const PlanTreatmentResult = resultUnion(
  'PlanTreatmentResult',
  Treatment,
  [
    TreatmentStandsOtherwise,
    TreatmentChanged,
    PlacesDoNotFit,
    FindingNotStanding,
    AgentNotKnown,
    NotLookedAt,
    NotEntitledToExpose,
    TermsNotMet,
  ],
  'The treatment with its plan, or why it was not planned.',
);
