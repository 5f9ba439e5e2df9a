import { Field, Float, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
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
} from 'class-validator';
import { CtPhantom, ScanPart } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  AcquisitionTimesImplausible,
  CtDoseImplausible,
  CtDoseReplaced,
  NothingAcquired,
} from './acquisition.refusals.js';
import { StaffNotEntitled } from './administration.refusals.js';
import { NOT_BLANK, TEXT_MAX_CHARACTERS } from './administration-entry.type.js';

const SERIES_MAX_CHARACTERS = 64;
/** A low-dose CT of a SPECT has 1 to 5 mGy; a tenth of a Gy is no diagnostic scan of anybody. */
const CTDI_VOL_MAX_MGY = 200;
const DLP_MAX_MGY_CM = 20_000;
/** Consoles show two decimals. */
const FIGURE_MIN = 0.01;

registerEnumType(CtPhantom, {
  name: 'CtPhantom',
  description: 'The phantom that CTDIvol is stated for; its figure means nothing without it.',
  valuesMap: {
    HEAD_16_CM: { description: 'IEC head dosimetry phantom, 16 cm.' },
    BODY_32_CM: { description: 'IEC body dosimetry phantom, 32 cm.' },
  },
});

@ObjectType({ description: 'What one series of the CT part gave, as the console or its dose report says.' })
export class CtDose {
  @Field(() => ID, { description: 'Id of the entry.' })
  readonly id: string;

  @Field(() => ID, { description: 'The scan booking.' })
  readonly scanBookingId: string;

  @Field(() => String, { description: 'The series, by the number or description of the console.' })
  readonly series: string;

  @Field(() => Float, { description: 'CTDIvol in mGy.' })
  readonly ctdiVolMgy: number;

  @Field(() => Float, { description: 'Dose-length product in mGy·cm.' })
  readonly dlpMgyCm: number;

  @Field(() => CtPhantom, { description: 'The phantom that CTDIvol is stated for.' })
  readonly phantom: CtPhantom;

  @Field(() => ID, {
    nullable: true,
    description: 'The entry that it stands in place of; null: a first one.',
  })
  readonly replacesId: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The entry that stands in its place; null: it counts, unless it is void.',
  })
  readonly replacedById: string | null;

  @Field(() => Boolean, { description: 'It only takes back the entry that it replaces.' })
  readonly isVoid: boolean;

  @Field(() => String, { nullable: true, description: 'Of one that replaces another: why.' })
  readonly reason: string | null;

  @Field(() => Instant, { description: 'When it was entered.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'How an acquisition went, in the words of who acquired.' })
export class AcquisitionNote {
  @Field(() => ID, { description: 'Id of the note.' })
  readonly id: string;

  @Field(() => ID, { description: 'The scan booking.' })
  readonly scanBookingId: string;

  @Field(() => ScanPart, { description: 'Early images around the injection, or the delayed ones.' })
  readonly part: ScanPart;

  @Field(() => Instant, { description: 'When the acquisition began.' })
  readonly startedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it ended; null: not said.' })
  readonly stoppedAt: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'What was done otherwise than the protocol says; null: nothing.',
  })
  readonly deviations: string | null;

  @Field(() => String, { nullable: true, description: 'Anything else; null: nothing.' })
  readonly comment: string | null;

  @Field(() => Instant, { description: 'When it was written.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that wrote it.' })
  readonly recordedById: string;
}

@InputType({ isAbstract: true })
abstract class CtDoseFiguresInput {
  @Field(() => String, {
    description: `The series, by the number or description of the console; at most ${SERIES_MAX_CHARACTERS} characters.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(SERIES_MAX_CHARACTERS)
  series: string;

  @Field(() => Float, { description: `CTDIvol in mGy, ${FIGURE_MIN} to ${CTDI_VOL_MAX_MGY}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(FIGURE_MIN)
  @Max(CTDI_VOL_MAX_MGY)
  ctdiVolMgy: number;

  @Field(() => Float, { description: `Dose-length product in mGy·cm, ${FIGURE_MIN} to ${DLP_MAX_MGY_CM}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(FIGURE_MIN)
  @Max(DLP_MAX_MGY_CM)
  dlpMgyCm: number;

  @Field(() => CtPhantom, { description: 'The phantom that CTDIvol is stated for.' })
  @IsEnum(CtPhantom)
  phantom: CtPhantom;
}

@InputType({ description: 'What one series of the CT part gave.' })
export class RecordCtDoseInput extends CtDoseFiguresInput {
  @Field(() => ID, { description: 'For which scan booking.' })
  @IsUUID()
  scanBookingId: string;
}

@InputType({ description: 'An entry of a CT dose to put right. The one before it stays.' })
export class CorrectCtDoseInput extends CtDoseFiguresInput {
  @Field(() => ID, { description: 'Which entry.' })
  @IsUUID()
  ctDoseId: string;

  @Field(() => String, { description: `Why, at most ${TEXT_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;
}

@InputType({ description: 'An entry of a CT dose to take back. It stays, marked as void.' })
export class VoidCtDoseInput {
  @Field(() => ID, { description: 'Which entry.' })
  @IsUUID()
  ctDoseId: string;

  @Field(() => String, { description: `Why, at most ${TEXT_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  reason: string;
}

@InputType({ description: 'How an acquisition went.' })
export class NoteAcquisitionInput {
  @Field(() => ID, { description: 'Of which scan booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => ScanPart, {
    nullable: true,
    defaultValue: ScanPart.DELAYED,
    description: 'Early images around the injection, or the delayed ones. Left out: the delayed ones.',
  })
  @IsOptional()
  @IsEnum(ScanPart)
  part?: ScanPart | null = ScanPart.DELAYED;

  @Field(() => Instant, { description: 'When the acquisition began, on the day of the scan.' })
  startedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it ended.' })
  @IsOptional()
  stoppedAt?: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description: `What was done otherwise than the protocol says, at most ${TEXT_MAX_CHARACTERS} characters.`,
  })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  deviations?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Anything else, at most ${TEXT_MAX_CHARACTERS} characters.`,
  })
  @IsOptional()
  @IsString()
  @Matches(NOT_BLANK)
  @MaxLength(TEXT_MAX_CHARACTERS)
  comment?: string | null;
}

const FIGURES = [NothingAcquired, CtDoseImplausible, StaffNotEntitled, IdempotencyKeyReused] as const;
export const RECORD_CT_DOSE_REFUSALS = [...FIGURES, AcquisitionTimesImplausible] as const;
export const CORRECT_CT_DOSE_REFUSALS = [...FIGURES, CtDoseReplaced] as const;
export const VOID_CT_DOSE_REFUSALS = [CtDoseReplaced, StaffNotEntitled, IdempotencyKeyReused] as const;
export const NOTE_ACQUISITION_REFUSALS = [
  NothingAcquired,
  AcquisitionTimesImplausible,
  StaffNotEntitled,
  IdempotencyKeyReused,
] as const;

export const RecordCtDoseResult = resultUnion(
  'RecordCtDoseResult',
  CtDose,
  RECORD_CT_DOSE_REFUSALS,
  'The entry, or why nothing was recorded.',
);
export const CorrectCtDoseResult = resultUnion(
  'CorrectCtDoseResult',
  CtDose,
  CORRECT_CT_DOSE_REFUSALS,
  'The entry that stands instead, or why nothing was changed.',
);
export const VoidCtDoseResult = resultUnion(
  'VoidCtDoseResult',
  CtDose,
  VOID_CT_DOSE_REFUSALS,
  'The entry that takes the other back, or why nothing was changed.',
);
export const NoteAcquisitionResult = resultUnion(
  'NoteAcquisitionResult',
  AcquisitionNote,
  NOTE_ACQUISITION_REFUSALS,
  'The note, or why none was written.',
);
