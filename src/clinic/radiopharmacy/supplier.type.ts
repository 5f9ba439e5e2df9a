import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
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
import type { DoseSupply as DoseSupplyRow, Prisma } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import {
  dateFromInstant,
  formatTime,
  instantFromDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import {
  CODE,
  LINE_CHARACTERS_MAX,
  READABLE,
  SOME_TEXT,
  SOURCE_CHARACTERS_MAX,
} from './source-text.rules.js';
import { SupplierCodeTaken, SupplyAlreadySet, SupplyInThePast } from './supplier.refusals.js';
import { type DeliveryTerms, WORKING_DAYS_BEFORE_MAX } from './supplier.rules.js';

/** More deliveries a day than anybody makes. */
const DELIVERIES_MAX = 12;
const PHONE_CHARACTERS_MAX = 40;
const EMAIL_CHARACTERS_MAX = 254;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const TIME_WANTED = { message: '$property: must be a time of day as HH:MM' };
const SITE = /^[A-Z][A-Z0-9_]{0,39}$/;

export const WITH_DELIVERIES = {
  deliveries: { orderBy: { deliversAt: 'asc' } },
} as const satisfies Prisma.SupplierTermsInclude;
export type TermsRow = Prisma.SupplierTermsGetPayload<{ include: typeof WITH_DELIVERIES }>;

export const WITH_TERMS = {
  terms: { include: WITH_DELIVERIES, orderBy: { effectiveFrom: 'asc' } },
  supplies: { orderBy: { effectiveFrom: 'asc' } },
} as const satisfies Prisma.DoseSupplierInclude;
export type SupplierRow = Prisma.DoseSupplierGetPayload<{ include: typeof WITH_TERMS }>;

/** Two calibrators that differ by more than a fifth are not both right. */
const LABEL_TOLERANCE_PERCENT_MAX = 20;
const WORDS = {
  cutOff:
    'Local wall time until which orders, amendments and cancellations are taken, HH:MM, that minute’s beginning included.',
  before:
    'How many working days before the delivery that is; 0: on the day itself. Bank holidays are no working days.',
  weekdays: 'Weekdays of delivery by ISO 8601: 1 is Monday, 7 is Sunday.',
  holidays: 'It delivers on bank holidays, too.',
  charges: 'What was ordered and cannot be used is paid for.',
  shortfall:
    'A dose that was ordered for another time still serves when it is at most so many per cent below what is needed.',
  tolerance:
    'A calibrator may read so many per cent more than the label of a batch says: so much more may be drawn from it.',
  source: 'Where the terms come from: a contract, a letter, with its date.',
} as const;

@ObjectType({ description: 'A delivery, and the time for which its activities are stated.' })
export class DoseDelivery {
  @Field(() => String, { description: 'Local wall time at which it comes, HH:MM.' })
  readonly deliversAt: string;

  @Field(() => String, { description: 'Local wall time for which activities are stated, HH:MM.' })
  readonly calibratedAt: string;
}

@ObjectType({
  description:
    'Until when a supplier takes orders and when it delivers, from a day of delivery on. Never rewritten.',
})
export class DoseSupplierTerms {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => LocalDate, { description: 'First day of delivery for which it holds.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: WORDS.cutOff })
  readonly cutOffTime: string;

  @Field(() => Int, { description: WORDS.before })
  readonly workingDaysBefore: number;

  @Field(() => [Int], { description: WORDS.weekdays })
  readonly weekdays: readonly number[];

  @Field(() => Boolean, { description: WORDS.holidays })
  readonly deliversOnHolidays: boolean;

  @Field(() => [DoseDelivery], { description: 'Its deliveries of a day, the first first.' })
  readonly deliveries: readonly DoseDelivery[];

  @Field(() => Boolean, { description: WORDS.charges })
  readonly chargesWasted: boolean;

  @Field(() => Float, { description: WORDS.shortfall })
  readonly shortfallPercentMax: number;

  @Field(() => Float, { description: WORDS.tolerance })
  readonly labelTolerancePercent: number;

  @Field(() => String, { description: WORDS.source })
  readonly source: string;

  @Field(() => Instant, { description: 'When it was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: it came with the system.',
  })
  readonly setById: string | null;
}

@ObjectType({ description: 'Who supplies a tracer to a site, from a day on. Never rewritten.' })
export class DoseSupply {
  @Field(() => ID, { description: 'Id of the row.' })
  readonly id: string;

  @Field(() => String, { description: 'Code of the site.' })
  readonly siteCode: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  readonly tracerCode: string;

  @Field(() => ID, { description: 'Id of the supplier.' })
  readonly supplierId: string;

  @Field(() => LocalDate, { description: 'First day on which it holds.' })
  readonly effectiveFrom: string;

  @Field(() => String, { description: 'Why it was set so.' })
  readonly reason: string;
}

@ObjectType({ description: 'Who doses or batches come from.' })
export class DoseSupplier {
  @Field(() => ID, { description: 'Id of the supplier.' })
  readonly id: string;

  @Field(() => String, { description: 'In capitals: CENTRAL.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where order sheets go; null: they are taken from here by hand.',
  })
  readonly email: string | null;

  @Field(() => String, { nullable: true, description: 'Number to ring after the cut-off.' })
  readonly phone: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'First day on which it supplies nothing any more; null: it supplies.',
  })
  readonly retiredOn: string | null;

  @Field(() => [DoseSupplierTerms], { description: 'Its terms, past and coming ones too, by day.' })
  readonly terms: readonly DoseSupplierTerms[];

  @Field(() => [DoseSupply], { description: 'What it supplies to which site, by day.' })
  readonly supplies: readonly DoseSupply[];
}

@InputType({ description: 'Name and ways to reach a supplier.' })
export class AddDoseSupplierInput {
  @Field(() => String, { description: 'In capitals, 2 to 40 characters: CENTRAL. Never changed.' })
  @IsString()
  @Matches(CODE, { message: '$property: must look like CENTRAL' })
  code: string;

  @Field(() => String, { description: `Its name, at most ${LINE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  name: string;

  @Field(() => String, { nullable: true, description: 'Where order sheets go.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Number to ring after the cut-off.' })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  phone?: string | null;
}

@InputType({
  description: 'How a supplier is reached from now on. What is left out stays; null takes it away.',
})
export class ChangeDoseSupplierContactInput {
  @Field(() => ID, { description: 'Id of the supplier.' })
  @IsUUID()
  supplierId: string;

  @Field(() => String, { nullable: true, description: 'Where order sheets go.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Number to ring after the cut-off.' })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  phone?: string | null;
}

@InputType({ description: 'A delivery, and the time for which its activities are stated.' })
export class DoseDeliveryInput {
  @Field(() => String, { description: 'Local wall time at which it comes, HH:MM.' })
  @IsString()
  @Matches(TIME, TIME_WANTED)
  deliversAt: string;

  @Field(() => String, { description: 'Local wall time for which activities are stated, HH:MM.' })
  @IsString()
  @Matches(TIME, TIME_WANTED)
  calibratedAt: string;
}

@InputType({ description: 'Terms of a supplier, from a day of delivery on.' })
export class SetSupplierTermsInput {
  @Field(() => ID, { description: 'Id of the supplier.' })
  @IsUUID()
  supplierId: string;

  @Field(() => LocalDate, { description: 'First day of delivery for which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => String, { description: WORDS.cutOff })
  @IsString()
  @Matches(TIME, TIME_WANTED)
  cutOffTime: string;

  @Field(() => Int, { description: `${WORDS.before} At most ${WORKING_DAYS_BEFORE_MAX}.` })
  @IsInt()
  @Min(0)
  @Max(WORKING_DAYS_BEFORE_MAX)
  workingDaysBefore: number;

  @Field(() => [Int], { description: WORDS.weekdays })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(7, { each: true })
  weekdays: number[];

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: WORDS.holidays })
  @IsBoolean()
  deliversOnHolidays: boolean = false;

  @Field(() => [DoseDeliveryInput], { description: `Its deliveries of a day, 1 to ${DELIVERIES_MAX}.` })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(DELIVERIES_MAX)
  @ValidateNested({ each: true })
  @Type(() => DoseDeliveryInput)
  deliveries: DoseDeliveryInput[];

  @Field(() => Boolean, { description: WORDS.charges })
  @IsBoolean()
  chargesWasted: boolean;

  @Field(() => Float, { description: `${WORDS.shortfall} 0 to 50.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(50)
  shortfallPercentMax: number;

  @Field(() => Float, { description: `${WORDS.tolerance} 0 to ${LABEL_TOLERANCE_PERCENT_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(LABEL_TOLERANCE_PERCENT_MAX)
  labelTolerancePercent: number;

  @Field(() => String, { description: WORDS.source })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  source: string;
}

@InputType({ description: 'Who supplies a tracer to a site, from a day on.' })
export class SetDoseSupplyInput {
  @Field(() => String, { description: 'Code of the site.' })
  @IsString()
  @Matches(SITE, { message: '$property: must look like MAIN' })
  siteCode: string;

  @Field(() => ID, { description: 'Code of the tracer.' })
  @IsString()
  @Matches(CODE, { message: '$property: must look like TC99M_MDP' })
  tracerCode: string;

  @Field(() => ID, { description: 'Id of the supplier.' })
  @IsUUID()
  supplierId: string;

  @Field(() => LocalDate, { description: 'First day on which it holds; today or later.' })
  @IsString()
  effectiveFrom: string;

  @Field(() => String, { description: `Why, at most ${SOURCE_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(SOURCE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  reason: string;
}

export const AddDoseSupplierResult = resultUnion(
  'AddDoseSupplierResult',
  DoseSupplier,
  [SupplierCodeTaken],
  'The supplier, or why it was not added.',
);

export const SetSupplierTermsResult = resultUnion(
  'SetSupplierTermsResult',
  DoseSupplier,
  [SupplyInThePast, SupplyAlreadySet],
  'The supplier with its terms, or why nothing was changed.',
);

export const SetDoseSupplyResult = resultUnion(
  'SetDoseSupplyResult',
  DoseSupplier,
  [SupplyInThePast, SupplyAlreadySet],
  'The supplier with what it supplies, or why nothing was changed.',
);

export function toDoseSupplier(row: SupplierRow): DoseSupplier {
  return {
    ...row,
    retiredOn: row.retiredOn === null ? null : plainDateFromDate(row.retiredOn).toString(),
    terms: row.terms.map(toTerms),
    supplies: row.supplies.map(toSupply),
  };
}

function toSupply(row: DoseSupplyRow): DoseSupply {
  return { ...row, effectiveFrom: plainDateFromDate(row.effectiveFrom).toString() };
}

function toTerms(row: TermsRow): DoseSupplierTerms {
  return {
    ...row,
    effectiveFrom: plainDateFromDate(row.effectiveFrom).toString(),
    cutOffTime: formatTime(timeOfColumn(row.cutOffTime)),
    deliveries: row.deliveries.map(({ deliversAt, calibratedAt }) => ({
      deliversAt: formatTime(timeOfColumn(deliversAt)),
      calibratedAt: formatTime(timeOfColumn(calibratedAt)),
    })),
    setAt: instantFromDate(row.setAt),
  };
}

/** For the rules. */
export function toDeliveryTerms(row: TermsRow): DeliveryTerms {
  return {
    cutOffTime: timeOfColumn(row.cutOffTime),
    workingDaysBefore: row.workingDaysBefore,
    weekdays: row.weekdays,
    deliversOnHolidays: row.deliversOnHolidays,
    deliveries: row.deliveries.map(({ deliversAt, calibratedAt }) => ({
      deliversAt: timeOfColumn(deliversAt),
      calibratedAt: timeOfColumn(calibratedAt),
    })),
  };
}

/** A `time` column: Prisma gives and takes it as that time of the first of January 1970, UTC. */
function timeOfColumn(date: Date): Temporal.PlainTime {
  return instantFromDate(date).toZonedDateTimeISO('UTC').toPlainTime();
}

export function columnOfTime(time: string): Date {
  return dateFromInstant(Temporal.Instant.from(`1970-01-01T${time}:00Z`));
}
