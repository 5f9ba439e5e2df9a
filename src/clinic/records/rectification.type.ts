import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { RectificationStatus } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { SUBJECT_TYPE, SUBJECT_TYPE_CHARACTERS_MAX } from './legal-hold.type.js';
import { RectificationDecidedAlready } from './rectification.refusals.js';
import { READABLE, RECORDS_STORY_CHARACTERS_MAX, SOME_LINES } from './retention-rule.type.js';

@ObjectType({
  description:
    'What stands beside a record from the day on which the clinic agreed that something in it is wrong. The record itself ' +
    'is never edited.',
})
export class Addendum {
  @Field(() => ID, { description: 'Id of the request that it answers.' })
  readonly id: string;

  @Field(() => String, {
    description: 'Kind of record that it stands beside: `patient`, `referral`, `document` …',
  })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of that record.' })
  readonly subjectId: string;

  @Field(() => String, { description: 'What is right.' })
  readonly text: string;

  @Field(() => Instant, { description: 'Since when it stands there.' })
  readonly addedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that decided.' })
  readonly addedById: string;
}

@ObjectType({ description: 'A patient says that something in the record is wrong (UK GDPR, Article 16).' })
export class Rectification {
  @Field(() => ID, { description: 'Id of the request.' })
  readonly id: string;

  @Field(() => ID, { description: 'The patient.' })
  readonly patientId: string;

  @Field(() => String, { description: 'Kind of record that is said to be wrong.' })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of that record.' })
  readonly subjectId: string;

  @Field(() => String, { description: 'What is said to be wrong.' })
  readonly whatIsWrong: string;

  @Field(() => String, { description: 'What is asked for.' })
  readonly whatIsAsked: string;

  @Field(() => LocalDate, { description: 'The day on which it came.' })
  readonly receivedOn: string;

  @Field(() => LocalDate, { description: 'The last day for the answer: a month later.' })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'Nobody has decided, and that day is over.' })
  readonly isOverdue: boolean;

  @Field(() => RectificationStatus, { description: 'How it stands.' })
  readonly status: RectificationStatus;

  @Field(() => Instant, { nullable: true, description: 'When it was decided.' })
  readonly decidedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that decided.' })
  readonly decidedById: string | null;

  @Field(() => String, { nullable: true, description: 'What stands beside the record since then.' })
  readonly addendum: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was refused, as the person was told.' })
  readonly refusalReason: string | null;
}

@ObjectType({ description: 'A page of requests to put something right, those due first at the top.' })
export class RectificationPage extends pageOf(Rectification) {}

@InputType({ description: 'Narrows the list of requests. Several filters together: all must hold.' })
export class RectificationFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => RectificationStatus, { nullable: true, description: 'Only those that stand so.' })
  @IsOptional()
  @IsEnum(RectificationStatus)
  status?: RectificationStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that are late.' })
  @IsOptional()
  @IsBoolean()
  overdue?: boolean | null;
}

@InputType({ description: 'What a patient says is wrong, and asks for.' })
export class RequestRectificationInput {
  @Field(() => ID, { description: 'The patient.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => String, {
    description: 'Kind of record, as the audit record names it: `patient`, `referral`, `document` …',
  })
  @IsString()
  @MaxLength(SUBJECT_TYPE_CHARACTERS_MAX)
  @Matches(SUBJECT_TYPE, { message: 'subjectType must be a kind of record, such as referral' })
  readonly subjectType: string;

  @Field(() => ID, { description: 'Id of the record. It must be the patient’s.' })
  @IsUUID()
  readonly subjectId: string;

  @Field(() => String, { description: `What is wrong, at most ${RECORDS_STORY_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly whatIsWrong: string;

  @Field(() => String, {
    description: `What is asked for, at most ${RECORDS_STORY_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly whatIsAsked: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day on which it came; today when left out. Not in the future.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly receivedOn?: string | null;
}

@InputType({ description: 'The patient is right.' })
export class AcceptRectificationInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly rectificationId: string;

  @Field(() => String, {
    description: `What stands beside the record from now on, at most ${RECORDS_STORY_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly addendum: string;
}

@InputType({ description: 'The record is right as it stands.' })
export class RefuseRectificationInput {
  @Field(() => ID, { description: 'The request.' })
  @IsUUID()
  readonly rectificationId: string;

  @Field(() => String, {
    description:
      'Why, as the person is told, with the right to complain to the clinic and to the Information Commissioner; at most ' +
      `${RECORDS_STORY_CHARACTERS_MAX} characters.`,
  })
  @IsString()
  @MaxLength(RECORDS_STORY_CHARACTERS_MAX)
  @Matches(SOME_LINES, READABLE)
  readonly reason: string;
}

export const DecideRectificationResult = resultUnion(
  'DecideRectificationResult',
  Rectification,
  [RectificationDecidedAlready],
  'The request as it was decided, or why it was not.',
);
