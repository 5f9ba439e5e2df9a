import { Field, Float, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsEnum,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Prisma } from '../../platform/database/generated/client.js';
import { NoteItemCode } from '../../platform/database/generated/enums.js';
import { htmlOfMarkdown } from '../../platform/markdown/index.js';
import { Fault } from '../../platform/refusal/refusal.js';
import type { NoteContentFacts, NoteItemFacts } from './note-content.rules.js';

/** Ten pages, and more than anybody reads at a meeting. */
export const TEXT_CHARACTERS_MAX = 30_000;
const ITEMS_MAX = 100;
const ITEM_CHARACTERS_MAX = 1_000;
const UNIT_CHARACTERS_MAX = 30;
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const SOME_LINE = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/su;
const PLAIN = { message: '$property: must not contain control characters' };
const READABLE = { message: '$property: must not be blank or contain control characters' };
/** What a number of the graph and of JSON holds exactly. */
const NUMBER = { allowInfinity: false, allowNaN: false };

registerEnumType(NoteItemCode, {
  name: 'NoteItemCode',
  description: 'What an item of a note is.',
  valuesMap: {
    IMPRESSION: { description: 'What the author thinks that it is.' },
    HISTORY: { description: 'What happened before.' },
    EXAMINATION: { description: 'What was found when the patient was examined.' },
    MEASURE: { description: 'Something that was measured. Has a value, and a unit where it needs one.' },
    MEDICATION: { description: 'What the patient takes, or is to take.' },
    RISK: { description: 'What may harm the patient or somebody else.' },
    GOAL: { description: 'What the patient wants to be able to do.' },
    PLAN: { description: 'What is to be done.' },
    ADVICE: { description: 'What the patient was told to do.' },
    OTHER: { description: 'Anything else.' },
  },
});

@InputType({ description: 'An item beside the text of a note. A draft may be incomplete.' })
export class NoteItemInput {
  @Field(() => NoteItemCode, { description: 'What it is.' })
  @IsEnum(NoteItemCode)
  readonly code: NoteItemCode;

  @Field(() => String, { description: 'In words, at most 1,000 characters.' })
  @IsString()
  @MaxLength(ITEM_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly text: string;

  @Field(() => Float, { nullable: true, description: 'Of a measure: its value; else null.' })
  @IsOptional()
  @IsNumber(NUMBER)
  readonly value?: number | null = null;

  @Field(() => String, {
    nullable: true,
    description: 'Of a measure: its unit, such as `degrees`, at most 30 characters; null: it has none.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(UNIT_CHARACTERS_MAX)
  @Matches(SOME_LINE, READABLE)
  readonly unit?: string | null = null;
}

@InputType({ description: 'What somebody writes.' })
export class NoteContentInput {
  @Field(() => String, {
    description:
      'Markdown: emphasis, headings, lists, quotations and rules; everything else is shown as it was typed. At most 30,000 ' +
      'characters, kept as they are.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly text: string;

  @Field(() => [NoteItemInput], {
    nullable: true,
    defaultValue: [],
    description: 'Items beside the text, at most 100; none when it is left out.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ITEMS_MAX)
  @ValidateNested({ each: true })
  @Type(() => NoteItemInput)
  readonly items?: readonly NoteItemInput[] | null = [];
}

@ObjectType({ description: 'An item beside the text of a note.' })
export class NoteItem {
  @Field(() => NoteItemCode, { description: 'What it is.' })
  readonly code: NoteItemCode;

  @Field(() => String, { description: 'In words.' })
  readonly text: string;

  @Field(() => Float, { nullable: true, description: 'Of a measure: its value; else null.' })
  readonly value: number | null;

  @Field(() => String, { nullable: true, description: 'Of a measure: its unit; null: it has none.' })
  readonly unit: string | null;
}

@ObjectType({ description: 'What somebody wrote.' })
export class NoteContent {
  @Field(() => String, { description: 'Markdown, as it was typed.' })
  readonly text: string;

  @Field(() => String, {
    description:
      'The text as HTML that is safe to show: tags of a closed list, no links, no images, nothing from elsewhere, and every ' +
      'word of the text.',
  })
  readonly html: string;

  @Field(() => [NoteItem], { description: 'Items beside the text, in order.' })
  readonly items: readonly NoteItem[];
}

export function toContent({ text, items }: NoteContentFacts): NoteContent {
  return { text, html: htmlOfMarkdown(text), items };
}

/** As it is kept: the text as it was typed, and nothing but what an item has. */
export function contentOfInput({ text, items }: NoteContentInput): NoteContentFacts {
  return {
    text,
    items: (items ?? []).map((item) => ({
      code: item.code,
      text: item.text,
      value: item.value ?? null,
      unit: item.unit ?? null,
    })),
  };
}

export function contentOfRow(row: {
  readonly text: string;
  readonly items: Prisma.JsonValue;
}): NoteContentFacts {
  if (!Array.isArray(row.items)) throw new Fault('INTERNAL', 'The items of a note are no list.');
  return { text: row.text, items: row.items.map(itemOf) };
}

export function toColumns({ text, items }: NoteContentFacts) {
  return { text, items: items.map((item) => ({ ...item })) satisfies Prisma.InputJsonArray };
}

function isCode(code: unknown): code is NoteItemCode {
  return typeof code === 'string' && Object.hasOwn(NoteItemCode, code);
}

function itemOf(item: Prisma.JsonValue): NoteItemFacts {
  if (item === null || typeof item !== 'object' || Array.isArray(item) || !isCode(item.code)) {
    throw new Fault('INTERNAL', 'An item of a note has no code.');
  }
  const { code, text, value, unit } = item;
  return {
    code,
    text: typeof text === 'string' ? text : '',
    value: typeof value === 'number' ? value : null,
    unit: typeof unit === 'string' ? unit : null,
  };
}
