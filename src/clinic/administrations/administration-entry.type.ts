import { Field, Float, ID, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEnum,
  IsNotEmpty,
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
import { AdministrationSide, TracerRoute } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ActivityInput, ActivityUnit } from '../radiopharmacy/activity.type.js';

/** A few sentences; more belongs into the patient's notes. */
export const TEXT_MAX_CHARACTERS = 1_000;
export const BODY_SITE_MAX_CHARACTERS = 100;
export const NOT_BLANK = /\S/;
/** What a calibrator shows of an empty syringe is 0; the upper bound is that of every activity. */
const RESIDUAL_VALUE_MAX = 1_000_000_000;
/** A syringe of more would not be injected by hand. */
const VOLUME_MAX_ML = 100;
/** From a newborn child to the heaviest person on record. */
const WEIGHT_MIN_KG = 0.3;
const WEIGHT_MAX_KG = 650;

const WHY = `at most ${TEXT_MAX_CHARACTERS} characters`;

@InputType({ description: 'What was left in a syringe, with its unit; 0 when the calibrator shows nothing.' })
export class ResidualActivityInput {
  @Field(() => Float, { description: 'How much, in the unit given; 0 or more.' })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(RESIDUAL_VALUE_MAX)
  value: number;

  @Field(() => ActivityUnit, { description: 'Its unit.' })
  @IsEnum(ActivityUnit)
  unit: ActivityUnit;
}

@InputType({
  description:
    'Why an activity above the plan or the reference level was given, and who or what covers it: exactly one of the two.',
})
export class ActivityDepartureInput {
  @Field(() => String, { description: `Why, ${WHY}.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  because: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The practitioner who agreed: a staff account that is entitled to justify on that day.',
  })
  @IsOptional()
  @IsUUID()
  practitionerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Or the approved protocol, by name and version; ${WHY}.`,
  })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  approvedProtocol?: string | null;
}

@InputType({ description: 'Why somebody was injected again after an extravasation, and who decided it.' })
export class InjectAgainInput {
  @Field(() => String, { description: `Why, ${WHY}.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  because: string;

  @Field(() => ID, {
    description: 'The practitioner who decided it: a staff account that is entitled to justify on that day.',
  })
  @IsUUID()
  practitionerId: string;
}

@InputType({ isAbstract: true })
export abstract class InjectionDetailsInput {
  @Field(() => AdministrationSide, { nullable: true, description: 'On which side.' })
  @IsOptional()
  @IsEnum(AdministrationSide)
  side?: AdministrationSide | null;

  @Field(() => Float, { nullable: true, description: `Injected volume in ml, above 0 to ${VOLUME_MAX_ML}.` })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0.001)
  @Max(VOLUME_MAX_ML)
  volumeMl?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: `The patient’s weight in kg on the day, ${WEIGHT_MIN_KG} to ${WEIGHT_MAX_KG}.`,
  })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(WEIGHT_MIN_KG)
  @Max(WEIGHT_MAX_KG)
  weightKg?: number | null;

  @Field(() => ResidualActivityInput, {
    nullable: true,
    description: 'What was left in the syringe, with its time. It can also be recorded later.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ResidualActivityInput)
  residualActivity?: ResidualActivityInput | null;

  @Field(() => Instant, { nullable: true, description: 'When that was measured: after the injection.' })
  @IsOptional()
  residualMeasuredAt?: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: `Of an extravasation: what was seen and done, ${WHY}.`,
  })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  extravasation?: string | null;

  @Field(() => ActivityDepartureInput, {
    nullable: true,
    description: 'Of an activity above the plan or the reference level: why, and what covers it.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ActivityDepartureInput)
  departure?: ActivityDepartureInput | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'The calibrator was read again and the figure is right, although it is far from the plan. Left out: it was not.',
  })
  @IsOptional()
  @IsBoolean()
  activityReadAgain?: boolean | null = false;
}

@InputType({ description: 'An injection that was given: what was measured, when and how it was given.' })
export class RecordAdministrationInput extends InjectionDetailsInput {
  @Field(() => ID, { description: 'For which scan booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => ID, { description: 'The batch that it was drawn from.' })
  @IsUUID()
  batchId: string;

  @Field(() => ActivityInput, { description: 'Measured in the syringe before the injection, with its unit.' })
  @ValidateNested()
  @Type(() => ActivityInput)
  measuredActivity: ActivityInput;

  @Field(() => Instant, {
    description: 'When the syringe was measured: on the day of the injection, before it.',
  })
  measuredAt: Temporal.Instant;

  @Field(() => Instant, {
    description: 'When the tracer was injected: on the day of the visit, not in the future.',
  })
  injectedAt: Temporal.Instant;

  @Field(() => TracerRoute, {
    nullable: true,
    description: 'How it was given. Left out: as the dose protocol says.',
  })
  @IsOptional()
  @IsEnum(TracerRoute)
  route?: TracerRoute | null;

  @Field(() => String, {
    description: `Where on the body, in words: \`back of the hand\`. At most ${BODY_SITE_MAX_CHARACTERS} characters.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(BODY_SITE_MAX_CHARACTERS)
  bodySite: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'It ran, or may have run, beside the vein. Left out: it did not.',
  })
  @IsOptional()
  @IsBoolean()
  hasExtravasated?: boolean | null = false;

  @Field(() => InjectAgainInput, {
    nullable: true,
    description: 'Of a second injection after an extravasation: why, and who decided it.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => InjectAgainInput)
  again?: InjectAgainInput | null;
}

@InputType({ description: 'An injection that was given although a hard gate was closed.' })
export class ReportAdministrationInput extends RecordAdministrationInput {
  @Field(() => String, { description: `How it came about, and what was done since; ${WHY}.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;
}
