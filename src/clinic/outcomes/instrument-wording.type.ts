import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  InstrumentWordingEnded,
  InstrumentWordingIncomplete,
  InstrumentWordingOverlaps,
} from './instrument-wording.refusals.js';

const ITEMS_MAX = 10;
const CHOICES_MAX = 11;
const LINE_CHARACTERS_MAX = 200;
const VERSION_CHARACTERS_MAX = 40;
const LANGUAGE_CHARACTERS_MAX = 35;
const WORDS_CHARACTERS_MAX = 1_000;
const INSTRUCTION_CHARACTERS_MAX = 4_000;
const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/;
const LANGUAGE_MESSAGE = { message: '$property: must be a language as BCP 47 has it, such as en-GB' };
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const READABLE = { message: '$property: must not be blank or contain control characters' };

@ObjectType({
  description: 'The words of one item, which belong to whoever holds the rights to the instrument.',
})
export class InstrumentWordingItem {
  @Field(() => String, { description: 'The question or statement.' })
  readonly text: string;

  @Field(() => [String], {
    description: 'What stands beside each box, from 0 on; empty: only the ends are named above.',
  })
  readonly choices: readonly string[];
}

@ObjectType({
  description:
    'The words of an instrument, entered by the clinic under its licence. Never edited: ended, and entered anew.',
})
export class InstrumentWording {
  @Field(() => ID, { description: 'Id (UUID).' })
  readonly id: string;

  @Field(() => OutcomeInstrument, { description: 'Which instrument.' })
  readonly instrument: OutcomeInstrument;

  @Field(() => String, { description: 'Language (BCP 47).' })
  readonly language: string;

  @Field(() => String, { description: 'Version of the form.' })
  readonly instrumentVersion: string;

  @Field(() => String, { description: 'To whom the licence was given.' })
  readonly licenceHolder: string;

  @Field(() => String, { description: 'By what the licence is found: its number, the letter that gives it.' })
  readonly licenceReference: string;

  @Field(() => LocalDate, { description: 'The first day on which the licence holds.' })
  readonly validFrom: string;

  @Field(() => LocalDate, { nullable: true, description: 'Its last day; null: it does not say.' })
  readonly validUntil: string | null;

  @Field(() => Boolean, { description: 'The licence holds today, and nobody has ended it.' })
  readonly isLicensedToday: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What stands above the questions; null: not licensed today.',
  })
  readonly instruction: string | null;

  @Field(() => [InstrumentWordingItem], {
    nullable: true,
    description: 'The items, in the order of the form; null: not licensed today, so nobody is shown a word.',
  })
  readonly items: readonly InstrumentWordingItem[] | null;

  @Field(() => Instant, { description: 'When it was entered.' })
  readonly enteredAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it.' })
  readonly enteredById: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'From this day on it is not shown, because somebody ended it.',
  })
  readonly endedOn: string | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it.' })
  readonly endedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was ended.' })
  readonly endReason: string | null;
}

@InputType({ description: 'The words of one item.' })
export class InstrumentWordingItemInput {
  @Field(() => String, { description: 'The question or statement, at most 1,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => [String], {
    nullable: true,
    defaultValue: [],
    description: 'What stands beside each box, from 0 on, each at most 1,000 characters; or none.',
  })
  @IsArray()
  @ArrayMaxSize(CHOICES_MAX)
  @IsString({ each: true })
  @MaxLength(WORDS_CHARACTERS_MAX, { each: true })
  @Matches(SOME_TEXT, { each: true, ...READABLE })
  readonly choices: readonly string[] = [];
}

@InputType({
  description: 'The words of an instrument that the clinic may show, with the licence under which it may.',
})
export class EnterInstrumentWordingInput {
  @Field(() => OutcomeInstrument, { description: 'Which instrument.' })
  @IsEnum(OutcomeInstrument)
  readonly instrument: OutcomeInstrument;

  @Field(() => String, { description: 'Language (BCP 47): `en-GB`.' })
  @IsString()
  @MaxLength(LANGUAGE_CHARACTERS_MAX)
  @Matches(LANGUAGE, LANGUAGE_MESSAGE)
  readonly language: string;

  @Field(() => String, { description: 'Version of the form, at most 40 characters.' })
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly instrumentVersion: string;

  @Field(() => String, { description: 'To whom the licence was given, at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly licenceHolder: string;

  @Field(() => String, { description: 'By what the licence is found, at most 200 characters.' })
  @IsString()
  @MaxLength(LINE_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly licenceReference: string;

  @Field(() => LocalDate, { description: 'The first day on which the licence holds.' })
  @IsISO8601({ strict: true })
  readonly validFrom: string;

  @Field(() => LocalDate, { nullable: true, description: 'Its last day; left out: it does not say.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly validUntil?: string | null;

  @Field(() => String, { description: 'What stands above the questions, at most 4,000 characters.' })
  @IsString()
  @MaxLength(INSTRUCTION_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly instruction: string;

  @Field(() => [InstrumentWordingItemInput], { description: 'Every item, in the order of the form.' })
  @IsArray()
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => InstrumentWordingItemInput)
  readonly items: readonly InstrumentWordingItemInput[];
}

@InputType({ description: 'A wording that is not to be shown from today on.' })
export class EndInstrumentWordingInput {
  @Field(() => ID, { description: 'Id of the wording.' })
  @IsUUID()
  readonly wordingId: string;

  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(WORDS_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

export const EnterInstrumentWordingResult = resultUnion(
  'EnterInstrumentWordingResult',
  InstrumentWording,
  [InstrumentWordingOverlaps, InstrumentWordingIncomplete],
  'The wording, or why it was not entered.',
);
export const EndInstrumentWordingResult = resultUnion(
  'EndInstrumentWordingResult',
  InstrumentWording,
  [InstrumentWordingEnded],
  'The wording as it was ended, or why nothing was changed.',
);
