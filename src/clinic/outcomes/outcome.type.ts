import './outcome-words.type.js';
import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { NrsPeriod, OutcomeInstrument, ScoreMode } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import { ScoreReplaced, ScoreVoid } from './score.refusals.js';

/** What was marked in one item. */
export interface ItemAnswer {
  /** Place on the form, from 1. */
  readonly item: number;
  /** Empty: not answered. */
  readonly marked: readonly number[];
}

/** Answers as whoever asked writes them down; later rooms record with it in a transaction of their own. */
export interface ScoreEntry {
  readonly patientId: string;
  readonly instrument: OutcomeInstrument;
  /** Left out: the usual one. */
  readonly instrumentVersion?: string | null;
  /** BCP 47; left out: en-GB. */
  readonly language?: string | null;
  readonly mode: ScoreMode;
  /** Of NRS; left out: NOW. Of no other. */
  readonly period?: NrsPeriod | null;
  readonly takenAt: Temporal.Instant;
  /** Items left out were not answered. */
  readonly answers: readonly ItemAnswer[];
}

/** What a correction says; what is left out stays as it was. */
export interface ScoreCorrection {
  readonly scoreId: string;
  readonly mode?: ScoreMode | null;
  readonly period?: NrsPeriod | null;
  readonly takenAt?: Temporal.Instant | null;
  /** All of them, not only those put right. */
  readonly answers: readonly ItemAnswer[];
  readonly reason: string;
}

/** Which scores of patients are asked for. */
export interface ScoreQuestion {
  readonly instrument?: OutcomeInstrument | null;
  /** Of NRS: only figures about this time. */
  readonly period?: NrsPeriod | null;
  /** Only what was taken at this moment or before it. */
  readonly until?: Temporal.Instant | null;
}

/** No instrument has more items, nor an item more boxes. */
const ITEMS_MAX = 10;
const BOXES_MAX = 11;
const VERSION_CHARACTERS_MAX = 40;
const LANGUAGE_CHARACTERS_MAX = 35;
const REASON_CHARACTERS_MAX = 1_000;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
const LANGUAGE_MESSAGE = { message: '$property: must be a language as BCP 47 has it, such as en-GB' };

@ObjectType({ description: 'A span of the total, with what it means.' })
export class ScoreBand {
  @Field(() => String, { description: 'Short name: `MODERATE`.' })
  readonly code: string;

  @Field(() => String, { description: 'In words, as it was published.' })
  readonly label: string;

  @Field(() => Float, { description: 'Its lowest total.' })
  readonly from: number;

  @Field(() => Float, { description: 'Its highest total.' })
  readonly to: number;
}

@ObjectType({ description: 'How an instrument is scored here, with the source of each figure.' })
export class OutcomeInstrumentRules {
  @Field(() => OutcomeInstrument, { description: 'Which instrument.' })
  readonly instrument: OutcomeInstrument;

  @Field(() => String, { description: 'Its name.' })
  readonly name: string;

  @Field(() => String, { description: 'Version of the form that is meant when nobody says which.' })
  readonly usualVersion: string;

  @Field(() => Int, { description: 'Version of these rules. Each score keeps the one it was scored by.' })
  readonly scoringVersion: number;

  @Field(() => Int, { description: 'How many items it has.' })
  readonly itemsCount: number;

  @Field(() => Int, { description: 'The highest mark of an item; the lowest is 0.' })
  readonly markMax: number;

  @Field(() => Float, { description: 'The highest total; the lowest is 0.' })
  readonly totalMax: number;

  @Field(() => Boolean, { description: 'A higher total is worse; false: better.' })
  readonly isHigherWorse: boolean;

  @Field(() => Boolean, {
    description: 'Where two boxes of an item are marked, the higher counts; false: only one may be marked.',
  })
  readonly doesHighestMarkCount: boolean;

  @Field(() => String, { description: 'How the total is made, with its source.' })
  readonly scoringSource: string;

  @Field(() => Int, { description: 'How many items may be missing.' })
  readonly missingMax: number;

  @Field(() => String, { description: 'What becomes of missing items, with its source.' })
  readonly missingSource: string;

  @Field(() => [ScoreBand], { description: 'What totals mean, the lowest first.' })
  readonly bands: readonly ScoreBand[];

  @Field(() => String, { description: 'Source of the bands.' })
  readonly bandsSource: string;

  @Field(() => Float, { description: 'A change of so many points matters to patients.' })
  readonly importantChange: number;

  @Field(() => Boolean, { description: 'It matters only when the total also moves into another band.' })
  readonly needsBandChange: boolean;

  @Field(() => String, { description: 'Source of that figure.' })
  readonly importantChangeSource: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'An answer above 0 to this item raises a task for a clinician, whatever the total; null: none does.',
  })
  readonly riskItem: number | null;
}

@ObjectType({ description: 'What was marked in one item.' })
export class ScoreAnswer {
  @Field(() => Int, { description: 'Place of the item on the form, from 1.' })
  readonly item: number;

  @Field(() => [Int], { description: 'What was marked; empty: it was not answered.' })
  readonly marked: readonly number[];

  @Field(() => Int, { nullable: true, description: 'What counts of it; null: it was not answered.' })
  readonly value: number | null;
}

@ObjectType({
  description:
    'One questionnaire or scale as the patient answered it. Never edited: what is put right is another.',
})
export class OutcomeScore {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The same for all that were put right of one another.' })
  readonly entryId: string;

  @Field(() => Int, { description: '1, and one more with each time that it was put right.' })
  readonly version: number;

  @Field(() => ID, { description: 'Whose it is.' })
  readonly patientId: string;

  @Field(() => OutcomeInstrument, { description: 'Which instrument.' })
  readonly instrument: OutcomeInstrument;

  @Field(() => String, { description: 'Version of the form.' })
  readonly instrumentVersion: string;

  @Field(() => String, { description: 'Language of the form (BCP 47).' })
  readonly language: string;

  @Field(() => Int, { description: 'Version of the rules that it was scored by.' })
  readonly scoringVersion: number;

  @Field(() => ScoreMode, { description: 'How the answers came.' })
  readonly mode: ScoreMode;

  @Field(() => NrsPeriod, {
    nullable: true,
    description: 'Of NRS: which time the figure is about; null: of no other.',
  })
  readonly period: NrsPeriod | null;

  @Field(() => Instant, { description: 'When the patient answered.' })
  readonly takenAt: Temporal.Instant;

  @Field(() => [ScoreAnswer], { description: 'Item by item, in the order of the form.' })
  readonly answers: readonly ScoreAnswer[];

  @Field(() => Int, { description: 'How many items were not answered.' })
  readonly missingCount: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The total, in points; of ODI in per cent. Null: too much is missing.',
  })
  readonly total: number | null;

  @Field(() => String, { nullable: true, description: 'Why there is no total; null: there is one.' })
  readonly noTotalReason: string | null;

  @Field(() => ScoreBand, { nullable: true, description: 'What the total means; null: there is no total.' })
  readonly band: ScoreBand | null;

  @Field(() => Boolean, {
    description: 'The item that asks about thoughts of death or self-harm was left out: ask the patient.',
  })
  readonly isRiskUnanswered: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'A clinician has to speak with the patient before they leave: the task. Null: none was raised by these answers.',
  })
  readonly riskTaskId: string | null;

  @Field(() => Boolean, { description: 'It was taken back: it counts no more.' })
  readonly isVoid: boolean;

  @Field(() => Boolean, { description: 'No other stands in its place, and it was not taken back.' })
  readonly isStanding: boolean;

  @Field(() => ID, { nullable: true, description: 'What it stands in the place of; null: it is the first.' })
  readonly replacesId: string | null;

  @Field(() => ID, { nullable: true, description: 'What stands in its place; null: nothing.' })
  readonly replacedById: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was put right or taken back; null: it is the first.',
  })
  readonly reason: string | null;

  @Field(() => Instant, { description: 'When it was recorded.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that recorded it.' })
  readonly recordedById: string;
}

@ObjectType({ description: 'What has changed since the score before.' })
export class ScoreChange {
  @Field(() => OutcomeScore, {
    description: 'The score before: it stands, and is of the same instrument and about the same time.',
  })
  readonly since: OutcomeScore;

  @Field(() => Float, {
    nullable: true,
    description: 'This total less the one before; null: one of them has no total.',
  })
  readonly points: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'It is so large that it matters to patients (`importantChange`, `needsBandChange` of the rules), for better or worse; ' +
      'null: one of them has no total.',
  })
  readonly isImportant: boolean | null;
}

@ObjectType({ description: 'A page of scores, those taken last first.' })
export class OutcomeScorePage extends pageOf(OutcomeScore) {}

@InputType({ description: 'What was marked in one item.' })
export class ScoreAnswerInput {
  @Field(() => Int, { description: 'Place of the item on the form, from 1.' })
  @IsInt()
  @Min(1)
  @Max(ITEMS_MAX)
  readonly item: number;

  @Field(() => [Int], {
    description:
      'What was marked, from 0; empty: it was not answered. Two or more only where the higher counts (ODI).',
  })
  @IsArray()
  @ArrayMaxSize(BOXES_MAX)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(BOXES_MAX - 1, { each: true })
  readonly marked: readonly number[];
}

@InputType({ description: 'Answers to an instrument.' })
export class RecordScoreInput {
  @Field(() => ID, { description: 'Whose they are.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => OutcomeInstrument, { description: 'Which instrument.' })
  @IsEnum(OutcomeInstrument)
  readonly instrument: OutcomeInstrument;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the form; left out: the usual one. At most 40 characters.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly instrumentVersion?: string | null;

  @Field(() => String, { nullable: true, description: 'Language of the form (BCP 47); left out: en-GB.' })
  @IsOptional()
  @IsString()
  @MaxLength(LANGUAGE_CHARACTERS_MAX)
  @Matches(LANGUAGE, LANGUAGE_MESSAGE)
  readonly language?: string | null;

  @Field(() => ScoreMode, { description: 'How the answers came.' })
  @IsEnum(ScoreMode)
  readonly mode: ScoreMode;

  @Field(() => NrsPeriod, {
    nullable: true,
    description:
      'Of NRS: which time the figure is about; left out: NOW. Leave it out of every other instrument.',
  })
  @IsOptional()
  @IsEnum(NrsPeriod)
  readonly period?: NrsPeriod | null;

  @Field(() => Instant, { description: 'When the patient answered; not ahead.' })
  readonly takenAt: Temporal.Instant;

  @Field(() => [ScoreAnswerInput], { description: 'Items that were answered; those left out are missing.' })
  @IsArray()
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ScoreAnswerInput)
  readonly answers: readonly ScoreAnswerInput[];
}

@InputType({ description: 'Answers that were recorded wrongly, as they were given.' })
export class CorrectScoreInput {
  @Field(() => ID, { description: 'Id of the score that stands.' })
  @IsUUID()
  readonly scoreId: string;

  @Field(() => ScoreMode, { nullable: true, description: 'How the answers came; left out: as it was.' })
  @IsOptional()
  @IsEnum(ScoreMode)
  readonly mode?: ScoreMode | null;

  @Field(() => NrsPeriod, {
    nullable: true,
    description: 'Of NRS: which time the figure is about; left out: as it was.',
  })
  @IsOptional()
  @IsEnum(NrsPeriod)
  readonly period?: NrsPeriod | null;

  @Field(() => Instant, { nullable: true, description: 'When the patient answered; left out: as it was.' })
  @IsOptional()
  readonly takenAt?: Temporal.Instant | null;

  @Field(() => [ScoreAnswerInput], { description: 'All items that were answered, not only those put right.' })
  @IsArray()
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ScoreAnswerInput)
  readonly answers: readonly ScoreAnswerInput[];

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'A score to take back.' })
export class VoidScoreInput {
  @Field(() => ID, { description: 'Id of the score that stands.' })
  @IsUUID()
  readonly scoreId: string;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const RECORD_SCORE_REFUSALS = [IdempotencyKeyReused] as const;
export const CHANGE_SCORE_REFUSALS = [ScoreReplaced, ScoreVoid, IdempotencyKeyReused] as const;

export const RecordScoreResult = resultUnion(
  'RecordScoreResult',
  OutcomeScore,
  RECORD_SCORE_REFUSALS,
  'The score, or why nothing was recorded.',
);
export const CorrectScoreResult = resultUnion(
  'CorrectScoreResult',
  OutcomeScore,
  CHANGE_SCORE_REFUSALS,
  'The score that stands now, or why nothing was changed.',
);
export const VoidScoreResult = resultUnion(
  'VoidScoreResult',
  OutcomeScore,
  CHANGE_SCORE_REFUSALS,
  'The score as it was taken back, or why nothing was changed.',
);
