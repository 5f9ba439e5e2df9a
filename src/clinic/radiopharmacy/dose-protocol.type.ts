import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import { TracerRoute } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import type { HalfLife } from './decay.rules.js';
import { DoseProtocolAlreadySet, DoseProtocolInThePast, PlannedAboveDrl } from './dose-protocol.refusals.js';
import { Tracer, toTracer } from './radionuclide.type.js';
import { CODE, READABLE, SOME_TEXT, SOURCE_CHARACTERS_MAX } from './source-text.rules.js';

/** Diagnostic activities are hundreds of MBq; more than this is treatment, which is not what this clinic does. */
const ACTIVITY_MBQ_MAX = 10_000;
const DOSE_MSV_PER_MBQ_MAX = 10;
/** A day: longer than any uptake or kit. */
const MINUTES_MAX = 1_440;
const AGE_YEARS_MAX = 30;
const WEIGHT_KG_MAX = 200;
const MULTIPLE_MAX = 100;
/** The card has about thirty. */
const MULTIPLES_MAX = 60;

export const WITH_CARD = {
  tracer: true,
  multiples: { orderBy: { weightKg: 'asc' } },
} as const satisfies Prisma.DoseProtocolInclude;
export type DoseProtocolRow = Prisma.DoseProtocolGetPayload<{ include: typeof WITH_CARD }>;

registerEnumType(TracerRoute, {
  name: 'TracerRoute',
  description: 'How a tracer is given.',
  valuesMap: {
    INTRAVENOUS: { description: 'Into a vein.' },
    ORAL: { description: 'By mouth.' },
    SUBCUTANEOUS: { description: 'Under the skin.' },
    INTRADERMAL: { description: 'Into the skin.' },
    INHALATION: { description: 'Breathed in.' },
  },
});

const WORDS = {
  procedure: 'Code of the visit type, which is that of the imaging protocol: BONE_SPECT_CT.',
  planned: 'Activity that a grown person is to be given, in MBq at the time of the injection.',
  min: 'Least activity that is given as a rule, in MBq; null: not said.',
  max: 'Most activity that is given as a rule, in MBq; null: not said.',
  drl: 'Diagnostic reference level in MBq: not expected to be exceeded in standard practice, and no limit. Null: none.',
  citation: 'Where the diagnostic reference level is published.',
  dated: 'Day on which it was published, or looked up.',
  dose: 'Effective dose of a grown person in mSv for each MBq given. The CT adds its own.',
  uptakeMin: 'Least minutes from the injection to the start of the delayed images.',
  uptakeTarget: 'Minutes from the injection to the start of the delayed images that are aimed at.',
  uptakeMax: 'Most minutes from the injection to the start of the delayed images.',
  kit: 'A kit is used within so many minutes of its preparation, unless its manufacturer says otherwise.',
} as const;

@ObjectType({ description: 'One line of a dosage card for children.' })
export class PaediatricCardLine {
  @Field(() => Float, { description: 'From this weight on, in kg.' })
  readonly weightKg: number;

  @Field(() => Float, { description: 'The baseline is given so many times.' })
  readonly multiple: number;
}

@ObjectType({
  description:
    'A dosage card for children: baseline × multiple for the weight, and never less than the minimum.',
})
export class PaediatricDosageCard {
  @Field(() => Int, {
    description: 'Whoever is younger, in years on the day of the injection, is dosed by it.',
  })
  readonly belowAgeYears: number;

  @Field(() => Float, { description: 'Baseline in MBq.' })
  readonly baselineMbq: number;

  @Field(() => Float, { description: 'Least activity in MBq, whatever the weight.' })
  readonly minimumMbq: number;

  @Field(() => String, { description: 'Where the card comes from.' })
  readonly source: string;

  @Field(() => [PaediatricCardLine], { description: 'Its lines, the lightest first.' })
  readonly multiples: readonly PaediatricCardLine[];
}

@ObjectType({
  description:
    'How much of which tracer a procedure takes, from a day on. Never rewritten: a change is a new row.',
})
export class DoseProtocol {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => ID, { description: WORDS.procedure })
  readonly procedureCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds, until a later row does.' })
  readonly effectiveFrom: string;

  @Field(() => Tracer, { description: 'What is given.' })
  readonly tracer: Tracer;

  @Field(() => TracerRoute, { description: 'How it is given.' })
  readonly route: TracerRoute;

  @Field(() => Float, { description: WORDS.planned })
  readonly plannedActivityMbq: number;

  @Field(() => Float, { nullable: true, description: WORDS.min })
  readonly activityMbqMin: number | null;

  @Field(() => Float, { nullable: true, description: WORDS.max })
  readonly activityMbqMax: number | null;

  @Field(() => String, { description: 'Where planned activity and range come from.' })
  readonly activitySource: string;

  @Field(() => Float, { nullable: true, description: WORDS.drl })
  readonly drlMbq: number | null;

  @Field(() => String, { nullable: true, description: WORDS.citation })
  readonly drlCitation: string | null;

  @Field(() => LocalDate, { nullable: true, description: WORDS.dated })
  readonly drlDatedOn: string | null;

  @Field(() => Float, { description: WORDS.dose })
  readonly effectiveDoseMsvPerMbq: number;

  @Field(() => String, { description: 'Where the dose coefficient comes from.' })
  readonly effectiveDoseSource: string;

  @Field(() => Int, { description: WORDS.uptakeMin })
  readonly uptakeMinutesMin: number;

  @Field(() => Int, { description: WORDS.uptakeTarget })
  readonly uptakeMinutesTarget: number;

  @Field(() => Int, { description: WORDS.uptakeMax })
  readonly uptakeMinutesMax: number;

  @Field(() => String, { description: 'Where the uptake window comes from.' })
  readonly uptakeSource: string;

  @Field(() => Int, { description: WORDS.kit })
  readonly kitUseByMinutes: number;

  @Field(() => String, { description: 'Where the rule for kits comes from.' })
  readonly kitUseBySource: string;

  @Field(() => PaediatricDosageCard, { nullable: true, description: 'Dosage card for children; null: none.' })
  readonly paediatric: PaediatricDosageCard | null;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: it came with the system.',
  })
  readonly setById: string | null;
}

/** The radionuclide of a protocol with the half-life of the day, and its code for DICOM. */
export interface RadionuclideOfDay extends HalfLife {
  readonly name: string;
  readonly dicomCodeValue: string | null;
  readonly dicomCodingScheme: string | null;
  readonly dicomCodeMeaning: string | null;
}

/** A protocol on the day on which it is gone by. */
export interface DoseProtocolInForce extends DoseProtocol {
  readonly tracerCode: string;
  readonly tracerName: string;
  readonly radionuclide: RadionuclideOfDay;
}

@InputType({ description: 'One line of a dosage card for children.' })
export class PaediatricCardLineInput {
  @Field(() => Float, { description: `From this weight on, in kg, at most ${WEIGHT_KG_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.1)
  @Max(WEIGHT_KG_MAX)
  weightKg: number;

  @Field(() => Float, { description: `The baseline is given so many times, at most ${MULTIPLE_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(MULTIPLE_MAX)
  multiple: number;
}

@InputType({ description: 'A dosage card for children.' })
export class PaediatricDosageCardInput {
  @Field(() => Int, { description: `Whoever is younger is dosed by it, 1 to ${AGE_YEARS_MAX} years.` })
  @IsInt()
  @Min(1)
  @Max(AGE_YEARS_MAX)
  belowAgeYears: number;

  @Field(() => Float, { description: 'Baseline in MBq.' })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  baselineMbq: number;

  @Field(() => Float, { description: 'Least activity in MBq.' })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  minimumMbq: number;

  @Field(() => String, {
    description: `Where the card comes from, at most ${SOURCE_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  source: string;

  @Field(() => [PaediatricCardLineInput], {
    description: `Its lines, at most ${MULTIPLES_MAX}, one for each weight.`,
  })
  @IsArray()
  @ArrayMaxSize(MULTIPLES_MAX)
  @ValidateNested({ each: true })
  @Type(() => PaediatricCardLineInput)
  multiples: PaediatricCardLineInput[];
}

/** Every column of a protocol that is entered. */
@InputType({ description: 'How much of which tracer a procedure takes, from a day on.' })
export class SetDoseProtocolInput {
  @Field(() => ID, { description: WORDS.procedure })
  @IsString()
  @Matches(CODE, { message: '$property: must look like BONE_SPECT_CT' })
  procedureCode: string;

  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  @IsString()
  @Matches(CODE, { message: '$property: must look like TC99M_MDP' })
  tracerCode: string;

  @Field(() => TracerRoute, { description: 'How it is given.' })
  @IsEnum(TracerRoute)
  route: TracerRoute;

  @Field(() => Float, { description: `${WORDS.planned} At most ${ACTIVITY_MBQ_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  plannedActivityMbq: number;

  @Field(() => Float, { nullable: true, description: WORDS.min })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  activityMbqMin?: number | null;

  @Field(() => Float, { nullable: true, description: WORDS.max })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  activityMbqMax?: number | null;

  @Field(() => String, { description: 'Where planned activity and range come from.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  activitySource: string;

  @Field(() => Float, { nullable: true, description: WORDS.drl })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.01)
  @Max(ACTIVITY_MBQ_MAX)
  drlMbq?: number | null;

  @Field(() => String, { nullable: true, description: `${WORDS.citation} Wanted with drlMbq.` })
  @IsOptional()
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  drlCitation?: string | null;

  @Field(() => LocalDate, { nullable: true, description: `${WORDS.dated} Wanted with drlMbq.` })
  @IsOptional()
  @IsString()
  drlDatedOn?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the planned activity is above the level: which approved protocol allows it.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  aboveDrlBecause?: string | null;

  @Field(() => Float, { description: WORDS.dose })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.000_001)
  @Max(DOSE_MSV_PER_MBQ_MAX)
  effectiveDoseMsvPerMbq: number;

  @Field(() => String, { description: 'Where the dose coefficient comes from.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  effectiveDoseSource: string;

  @Field(() => Int, { description: WORDS.uptakeMin })
  @IsInt()
  @Min(0)
  @Max(MINUTES_MAX)
  uptakeMinutesMin: number;

  @Field(() => Int, { description: WORDS.uptakeTarget })
  @IsInt()
  @Min(0)
  @Max(MINUTES_MAX)
  uptakeMinutesTarget: number;

  @Field(() => Int, { description: WORDS.uptakeMax })
  @IsInt()
  @Min(0)
  @Max(MINUTES_MAX)
  uptakeMinutesMax: number;

  @Field(() => String, { description: 'Where the uptake window comes from.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  uptakeSource: string;

  @Field(() => Int, { description: WORDS.kit })
  @IsInt()
  @Min(1)
  @Max(MINUTES_MAX)
  kitUseByMinutes: number;

  @Field(() => String, { description: 'Where the rule for kits comes from.' })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  kitUseBySource: string;

  @Field(() => PaediatricDosageCardInput, {
    nullable: true,
    description: 'Dosage card for children; null: none.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => PaediatricDosageCardInput)
  paediatric?: PaediatricDosageCardInput | null;

  @Field(() => String, { description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  reason: string;
}

export const SetDoseProtocolResult = resultUnion(
  'SetDoseProtocolResult',
  DoseProtocol,
  [DoseProtocolInThePast, DoseProtocolAlreadySet, PlannedAboveDrl],
  'The new protocol, or why nothing was changed.',
);

export function toDoseProtocol(row: DoseProtocolRow): DoseProtocol {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    tracer: toTracer(row.tracer),
    drlDatedOn: row.drlDatedOn === null ? null : plainDateFromDate(row.drlDatedOn).toString(),
    paediatric: toCard(row),
    setAt: instantFromDate(row.setAt),
  };
}

function toCard(row: DoseProtocolRow): PaediatricDosageCard | null {
  const { paediatricBelowAgeYears, paediatricBaselineMbq, paediatricMinimumMbq, paediatricSource } = row;
  const isWhole =
    paediatricBelowAgeYears !== null && paediatricBaselineMbq !== null && paediatricMinimumMbq !== null;
  if (!isWhole || paediatricSource === null) return null;
  return {
    belowAgeYears: paediatricBelowAgeYears,
    baselineMbq: paediatricBaselineMbq,
    minimumMbq: paediatricMinimumMbq,
    source: paediatricSource,
    multiples: row.multiples.map(({ weightKg, multiple }) => ({ weightKg, multiple })),
  };
}
