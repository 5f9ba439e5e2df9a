import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type {
  RadionuclideHalfLife as HalfLifeRow,
  Radionuclide as RadionuclideRow,
  Tracer as TracerRow,
} from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import { instantFromDate, plainDateFromDate, type Temporal } from '../../platform/time/index.js';
import type { HalfLife } from './decay.rules.js';
import {
  HalfLifeAlreadySet,
  HalfLifeInThePast,
  RadionuclideKnown,
  TracerCodeTaken,
} from './radionuclide.refusals.js';
import {
  CODE,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_TEXT,
  SOURCE_CHARACTERS_MAX,
} from './source-text.rules.js';

/** As it is written: element, mass number, m for a metastable state. */
const SYMBOL = /^[A-Z][a-z]?-\d{1,3}m?$/;
/** A second, and longer than anything that is given to patients lives (I-129 is none of them). */
const HALF_LIFE_HOURS_MIN = 0.0002;
const HALF_LIFE_HOURS_MAX = 1_000_000;
/** DICOM: SH. */
const CODE_VALUE_MAX = 16;
/** DICOM: LO. */
const CODE_MEANING_MAX = 64;

const DICOM = {
  value: 'Code in DICOM’s code sequences; null: none is known.',
  scheme: 'Scheme that the code is from: SCT, SRT, DCM.',
  meaning: 'What the code means, as the scheme words it.',
} as const;
const SOURCE = `Where the number comes from, with its date: a table, a guideline. At most ${SOURCE_CHARACTERS_MAX} characters.`;

@ObjectType({
  description: 'A half-life that is computed with from a day on. Never rewritten: a change is a new version.',
})
export class HalfLifeVersion {
  @Field(() => ID, { description: 'Id of the version, kept with each calculation.' })
  readonly id: string;

  @Field(() => Int, { description: 'From 1, of this radionuclide.' })
  readonly version: number;

  @Field(() => LocalDate, { description: 'First day on which it is computed with.' })
  readonly effectiveFrom: string;

  @Field(() => Float, { description: 'Half-life in hours.' })
  readonly halfLifeHours: number;

  @Field(() => String, { description: 'Where the number comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: it came with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({ description: 'A radionuclide that tracers carry.' })
export class Radionuclide {
  @Field(() => ID, { description: 'As it is written: Tc-99m.' })
  readonly symbol: string;

  @Field(() => String, { description: 'Its name: technetium-99m.' })
  readonly name: string;

  @Field(() => String, { nullable: true, description: DICOM.value })
  readonly dicomCodeValue: string | null;

  @Field(() => String, { nullable: true, description: DICOM.scheme })
  readonly dicomCodingScheme: string | null;

  @Field(() => String, { nullable: true, description: DICOM.meaning })
  readonly dicomCodeMeaning: string | null;

  @Field(() => [HalfLifeVersion], { description: 'Its half-lives, the newest version first.' })
  readonly halfLives: readonly HalfLifeVersion[];
}

@ObjectType({ description: 'Something radioactive that is given to patients.' })
export class Tracer {
  @Field(() => String, { description: 'In capitals: TC99M_MDP.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => String, { description: 'The radionuclide that it carries: Tc-99m.' })
  readonly radionuclideSymbol: string;

  @Field(() => String, { nullable: true, description: DICOM.value })
  readonly dicomCodeValue: string | null;

  @Field(() => String, { nullable: true, description: DICOM.scheme })
  readonly dicomCodingScheme: string | null;

  @Field(() => String, { nullable: true, description: DICOM.meaning })
  readonly dicomCodeMeaning: string | null;

  @Field(() => String, { description: 'Where name and codes come from.' })
  readonly source: string;
}

@ObjectType({ description: 'An activity of one moment at another, and what it was computed with.' })
export class DecayedActivity {
  @Field(() => Float, { description: 'Activity at the moment asked for, in MBq.' })
  readonly activityMbq: number;

  @Field(() => Float, { description: 'What is left of a whole; above 1 for an earlier moment.' })
  readonly factor: number;

  @Field(() => HalfLifeVersion, { description: 'The half-life that it was computed with.' })
  readonly halfLife: HalfLifeVersion;
}

@InputType({ description: 'A half-life from a day on.' })
export class SetHalfLifeInput {
  @Field(() => ID, { description: 'Radionuclide, as it is written: Tc-99m.' })
  @IsString()
  @Matches(SYMBOL, { message: '$property: must look like Tc-99m' })
  radionuclideSymbol: string;

  @Field(() => LocalDate, { description: 'First day on which it is computed with; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => Float, {
    description: `Half-life in hours, ${HALF_LIFE_HOURS_MIN} to ${HALF_LIFE_HOURS_MAX}.`,
  })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(HALF_LIFE_HOURS_MIN)
  @Max(HALF_LIFE_HOURS_MAX)
  halfLifeHours: number;

  @Field(() => String, { description: SOURCE })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  source: string;
}

@InputType({ isAbstract: true })
abstract class CodedInput {
  @Field(() => String, { description: `Its name, at most ${LINE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  name: string;

  @Field(() => String, { nullable: true, description: DICOM.value })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_VALUE_MAX)
  @Matches(SOME_TEXT, READABLE)
  dicomCodeValue?: string | null;

  @Field(() => String, { nullable: true, description: DICOM.scheme })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_VALUE_MAX)
  @Matches(SOME_TEXT, READABLE)
  dicomCodingScheme?: string | null;

  @Field(() => String, { nullable: true, description: DICOM.meaning })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MEANING_MAX)
  @Matches(SOME_TEXT, READABLE)
  dicomCodeMeaning?: string | null;

  @Field(() => String, { description: SOURCE })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  source: string;
}

@InputType({ description: 'A radionuclide that is new to the clinic, with its half-life.' })
export class AddRadionuclideInput extends CodedInput {
  @Field(() => ID, { description: 'As it is written: Tc-99m, F-18, Lu-177.' })
  @IsString()
  @Matches(SYMBOL, { message: '$property: must look like Tc-99m' })
  symbol: string;

  @Field(() => Float, {
    description: `Half-life in hours, ${HALF_LIFE_HOURS_MIN} to ${HALF_LIFE_HOURS_MAX}.`,
  })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(HALF_LIFE_HOURS_MIN)
  @Max(HALF_LIFE_HOURS_MAX)
  halfLifeHours: number;
}

@InputType({ description: 'A tracer that is new to the clinic.' })
export class AddTracerInput extends CodedInput {
  @Field(() => ID, { description: 'In capitals, 2 to 40 characters: TC99M_MDP.' })
  @IsString()
  @Matches(CODE, { message: '$property: must look like TC99M_MDP' })
  code: string;

  @Field(() => ID, { description: 'The radionuclide that it carries.' })
  @IsString()
  @Matches(SYMBOL, { message: '$property: must look like Tc-99m' })
  radionuclideSymbol: string;
}

export const SetHalfLifeResult = resultUnion(
  'SetHalfLifeResult',
  HalfLifeVersion,
  [HalfLifeInThePast, HalfLifeAlreadySet],
  'The new version, or why nothing was changed.',
);

export const AddRadionuclideResult = resultUnion(
  'AddRadionuclideResult',
  Radionuclide,
  [RadionuclideKnown],
  'The radionuclide, or why it was not added.',
);

export const AddTracerResult = resultUnion(
  'AddTracerResult',
  Tracer,
  [TracerCodeTaken],
  'The tracer, or why it was not added.',
);

export function toHalfLifeVersion(row: HalfLifeRow): HalfLifeVersion {
  const { id, version, halfLifeHours, source, setById } = row;
  return {
    ...{ id, version, halfLifeHours, source, setById },
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    setAt: instantFromDate(row.setAt),
  };
}

/** For calculations. */
export function toHalfLife(row: HalfLifeRow): HalfLife {
  const { id, version, halfLifeHours, source, radionuclideSymbol } = row;
  return { id, symbol: radionuclideSymbol, version, halfLifeHours, source };
}

export function toRadionuclide(
  row: RadionuclideRow & { readonly halfLives: readonly HalfLifeRow[] },
): Radionuclide {
  const newestFirst = row.halfLives.toSorted((a, b) => b.version - a.version);
  return { ...row, halfLives: newestFirst.map(toHalfLifeVersion) };
}

export function toTracer(row: TracerRow): Tracer {
  return row;
}
