import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RecordClass, RetentionTrigger } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { RetentionRuleSetAlready } from './retention-rule.refusals.js';

/** A reason or a citation as people write it. */
export const RECORDS_TEXT_CHARACTERS_MAX = 1_000;
/** A complaint, or what is said to be wrong: a page or two. */
export const RECORDS_STORY_CHARACTERS_MAX = 8_000;
/** Longer than any record of a person is kept. */
const YEARS_MAX = 150;
const MONTHS_MAX = 11;
/** Something that can be read, and nothing that cannot. */
export const SOME_TEXT = /^(?=[\s\S]*\S)[^\p{Cc}\p{Cs}]*$/u;
/** The same with lines. */
export const SOME_LINES = /^(?=[\s\S]*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
export const READABLE = { message: '$property must hold text, without control characters' };

registerEnumType(RecordClass, {
  name: 'RecordClass',
  description:
    'Classes of records, each with its own retention. Of a record that belongs to several the longest wins.',
  valuesMap: {
    CLINICAL_RECORD: {
      description: 'The whole record of a patient: who they are, referrals, consent, visits, scans, letters.',
    },
    PSYCHOLOGY: { description: 'Psychology and other mental health care.' },
    ENQUIRY_UNCONVERTED: { description: 'An enquiry that did not become a referral.' },
    DOCUMENT: { description: 'A filed document.' },
    SCANNER_TRAFFIC: { description: 'What a scanner reported that belongs to no known patient.' },
    AUDIT_STUB: {
      description: 'Who did what and when, and the stubs of what was destroyed. Facet destroys none of it.',
    },
  },
});

registerEnumType(RetentionTrigger, {
  name: 'RetentionTrigger',
  description: 'From what a period runs.',
  valuesMap: {
    CREATED: { description: 'The day on which the record was made.' },
    LAST_CONTACT: {
      description: 'The last contact with the person; the day of making where there was none.',
    },
    END_OF_TREATMENT: { description: 'The end of the last treatment; the last contact where none is known.' },
    DEATH: { description: 'The death of the patient. Ends a longer period, and lengthens none.' },
  },
});

@ObjectType({
  description:
    'How long records of a class are kept, from a day on. Never edited: a new rule is a later one.',
})
export class RetentionRule {
  @Field(() => ID, { description: 'Id of the rule.' })
  readonly id: string;

  @Field(() => RecordClass, { description: 'The class of records.' })
  readonly recordClass: RecordClass;

  @Field(() => RetentionTrigger, { description: 'From what the period runs.' })
  readonly trigger: RetentionTrigger;

  @Field(() => LocalDate, { description: 'The first day on which it holds.' })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: 'Years of the period.' })
  readonly years: number;

  @Field(() => Int, { description: 'Months beside the years, 0 to 11.' })
  readonly months: number;

  @Field(() => Boolean, {
    description:
      'Of somebody under 18 at the trigger at least to the 25th birthday, of somebody who was 17 to the 26th. ' +
      'Who was born on 29 February has it on 1 March in other years.',
  })
  readonly childRule: boolean;

  @Field(() => String, { description: 'Where the period comes from.' })
  readonly source: string;

  @Field(() => Instant, { description: 'When the rule was set.' })
  readonly setAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account that set it; null: set up with the system.',
  })
  readonly setById: string | null;
}

@InputType({ description: 'A rule from a day on. The rule before it holds until its eve.' })
export class SetRetentionRuleInput {
  @Field(() => RecordClass, { description: 'The class of records.' })
  @IsEnum(RecordClass)
  readonly recordClass: RecordClass;

  @Field(() => RetentionTrigger, { description: 'From what the period runs.' })
  @IsEnum(RetentionTrigger)
  readonly trigger: RetentionTrigger;

  @Field(() => LocalDate, { description: 'The first day on which it holds: today at the earliest.' })
  @IsISO8601({ strict: true })
  readonly effectiveFrom: string;

  @Field(() => Int, { description: `Years, 0 to ${YEARS_MAX}.` })
  @IsInt()
  @Min(0)
  @Max(YEARS_MAX)
  readonly years: number;

  @Field(() => Int, { nullable: true, description: 'Months beside the years, 0 to 11; 0 when left out.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MONTHS_MAX)
  readonly months?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Children to their 25th or 26th birthday; not with DEATH. False when left out.',
  })
  @IsOptional()
  @IsBoolean()
  readonly childRule?: boolean | null;

  @Field(() => String, {
    description: `Where the period comes from, at most ${RECORDS_TEXT_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly source: string;
}

export const SetRetentionRuleResult = resultUnion(
  'SetRetentionRuleResult',
  RetentionRule,
  [RetentionRuleSetAlready],
  'The new rule, or why there is none.',
);
