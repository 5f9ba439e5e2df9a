import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsEnum,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import {
  AdviceDirection,
  AdviceMethod,
  AdviceStatus,
  ReferralPriority,
  ReferralSource,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  AdviceAction,
  AdviceChangedMeanwhile,
  AdviceNotPossible,
  AdvicePatientUnknown,
  AdviceReferrerWithoutEmail,
} from './advice.refusals.js';
import { OpenReferralExists } from './duplicate-referral.refusals.js';
import { PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';

/** One to two pages, as a referral's question. */
const TEXT_CHARACTERS_MAX = 4_000;
const REASON_CHARACTERS_MAX = 1_000;
const NAME_CHARACTERS_MAX = 200;
const REGISTRATION_CHARACTERS_MAX = 20;
const EMAIL_CHARACTERS_MAX = 254;
/** A code of a service, as the clinic names them. */
const CODE_CHARACTERS_MAX = 60;
/** As people write it, with spaces and dashes. */
const NHS_NUMBER_CHARACTERS_MAX = 20;
/** Nobody has more referrals open than a person can look through. */
const CONFIRMED_MAX = 50;
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;

registerEnumType(AdviceDirection, {
  name: 'AdviceDirection',
  description: 'Who says something in a thread of advice.',
  valuesMap: {
    FROM_REFERRER: { description: 'The referrer asks.' },
    TO_REFERRER: { description: 'A clinician answers.' },
  },
});

registerEnumType(AdviceMethod, {
  name: 'AdviceMethod',
  description: 'How a message came or went.',
  valuesMap: {
    LETTER: { description: 'By letter.' },
    TELEPHONE: { description: 'By telephone.' },
    EMAIL: { description: 'By e-mail. An answer of this kind is sent by Facet.' },
  },
});

@ObjectType({ description: 'One letter, call or mail of a thread of advice. Never rewritten.' })
export class AdviceMessage {
  @Field(() => ID, { description: 'Id of the message (UUID).' })
  readonly id: string;

  @Field(() => AdviceDirection, { description: 'Who says it.' })
  readonly direction: AdviceDirection;

  @Field(() => AdviceMethod, { description: 'How it came or went.' })
  readonly method: AdviceMethod;

  @Field(() => String, { description: 'What was said.' })
  readonly text: string;

  @Field(() => LocalDate, { description: 'The day on which it came or went.' })
  readonly happenedOn: string;

  @Field(() => Instant, { description: 'When it was entered here.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it; of an answer the clinician.' })
  readonly recordedById: string;
}

@ObjectType({
  description:
    'A question of a referrer that is no referral (yet): what was asked and answered, in order. It can become a referral.',
})
export class AdviceThread {
  @Field(() => ID, { description: 'Id of the thread (UUID).' })
  readonly id: string;

  @Field(() => String, { description: 'What referrer and clinic find it by: A and eight letters or digits.' })
  readonly reference: string;

  @Field(() => AdviceStatus, { description: 'How it stands.' })
  readonly status: AdviceStatus;

  @Field(() => [AdviceAction], { description: 'What can be done with it now, by somebody who may.' })
  readonly allowedActions: readonly AdviceAction[];

  @Field(() => Int, { description: 'Rises with each change. Send it with what you do.' })
  readonly version: number;

  @Field(() => ReferralPriority, { description: 'How urgent the referrer says it is.' })
  readonly priority: ReferralPriority;

  @Field(() => ReferralSource, { description: 'Who asks.' })
  readonly source: ReferralSource;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the service asked about; null: was not said.',
  })
  readonly serviceCode: string | null;

  @Field(() => ID, { nullable: true, description: 'The referrer in the directory; null: named here alone.' })
  readonly referrerId: string | null;

  @Field(() => String, { description: 'Name of the referrer.' })
  readonly referrerName: string;

  @Field(() => String, { nullable: true, description: 'Practice, hospital or company of the referrer.' })
  readonly referrerOrganisation: string | null;

  @Field(() => String, { nullable: true, description: 'Professional registration, such as a GMC number.' })
  readonly referrerRegistration: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address that answers go to.' })
  readonly referrerEmail: string | null;

  @Field(() => ID, { nullable: true, description: 'The patient it is about; null: not known yet.' })
  readonly patientId: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the patient as the referrer gives it.' })
  readonly patientName: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Their date of birth as the referrer gives it.' })
  readonly patientDateOfBirth: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Their NHS number as the referrer gives it, ten digits. Not checked against anything.',
  })
  readonly patientNhsNumber: string | null;

  @Field(() => LocalDate, { description: 'The day of the question that is open, or was answered last.' })
  readonly askedOn: string;

  @Field(() => LocalDate, { description: 'The day by whose end it is to be answered, as promised.' })
  readonly dueOn: string;

  @Field(() => Boolean, { description: 'Whether it waits for an answer and that day has passed.' })
  readonly isOverdue: boolean;

  @Field(() => Instant, { description: 'When it was entered here.' })
  readonly openedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that entered it.' })
  readonly openedById: string;

  @Field(() => Instant, { nullable: true, description: 'When it was closed or became a referral.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed.' })
  readonly closeReason: string | null;

  @Field(() => ID, { nullable: true, description: 'The referral that came of it.' })
  readonly referralId: string | null;

  @Field(() => [AdviceMessage], { description: 'What was said, in order.' })
  readonly messages: readonly AdviceMessage[];
}

@ObjectType({ description: 'A page of threads of advice, the one that is due first at the top.' })
export class AdviceThreadPage extends pageOf(AdviceThread) {}

@InputType({ description: 'Narrows the list of threads of advice. Several filters together: all must hold.' })
export class AdviceThreadFilterInput {
  @Field(() => [AdviceStatus], { nullable: true, description: 'Only these states.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(Object.keys(AdviceStatus).length)
  @IsEnum(AdviceStatus, { each: true })
  readonly statuses?: readonly AdviceStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Only about this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this referrer of the directory.' })
  @IsOptional()
  @IsUUID()
  readonly referrerId?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only what is due on this day or before.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly dueUntil?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only what waits longer than was promised.' })
  @IsOptional()
  @IsBoolean()
  readonly isOverdue?: boolean | null;
}

@InputType({ isAbstract: true })
export abstract class QuestionInput {
  @Field(() => AdviceMethod, { description: 'How it came.' })
  @IsEnum(AdviceMethod)
  readonly method: AdviceMethod;

  @Field(() => String, { description: 'The question, at most 4,000 characters.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => LocalDate, { nullable: true, description: 'The day it came; today when left out.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly happenedOn?: string | null;
}

@InputType({
  description:
    'A question for advice that has come. It is about a registered patient, or about somebody of whom a name or an NHS number is given.',
})
export class OpenAdviceThreadInput extends QuestionInput {
  @Field(() => ReferralPriority, { description: 'How urgent the referrer says it is.' })
  @IsEnum(ReferralPriority)
  readonly priority: ReferralPriority;

  @Field(() => ReferralSource, { description: 'Who asks.' })
  @IsEnum(ReferralSource)
  readonly source: ReferralSource;

  @Field(() => String, { nullable: true, description: 'Code of the service asked about.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly serviceCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The referrer in the directory. Name, organisation, registration and e-mail then come from there.',
  })
  @IsOptional()
  @IsUUID()
  readonly referrerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the referrer. Needed without referrerId.' })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(LINE, PLAIN)
  readonly referrerName?: string | null;

  @Field(() => String, { nullable: true, description: 'Practice, hospital or company of the referrer.' })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(LINE, PLAIN)
  readonly referrerOrganisation?: string | null;

  @Field(() => String, { nullable: true, description: 'Professional registration, such as a GMC number.' })
  @IsOptional()
  @IsString()
  @MaxLength(REGISTRATION_CHARACTERS_MAX)
  @Matches(LINE, PLAIN)
  readonly referrerRegistration?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address that answers go to.' })
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly referrerEmail?: string | null;

  @Field(() => ID, { nullable: true, description: 'The patient it is about, when registered.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the patient as the referrer gives it.' })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(LINE, PLAIN)
  readonly patientName?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Their date of birth as the referrer gives it.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly patientDateOfBirth?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Their NHS number as the referrer gives it: ten digits, spaces and dashes do not count.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NHS_NUMBER_CHARACTERS_MAX)
  readonly patientNhsNumber?: string | null;
}

@InputType({ isAbstract: true })
export abstract class AdviceThreadRef {
  @Field(() => ID, { description: 'The thread.' })
  @IsUUID()
  readonly threadId: string;

  @Field(() => Int, { description: 'Its version as you read it.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'The referrer asks more.' })
export class AskMoreAdviceInput extends QuestionInput {
  @Field(() => ID, { description: 'The thread.' })
  @IsUUID()
  readonly threadId: string;

  @Field(() => Int, { description: 'Its version as you read it.' })
  @IsInt()
  @Min(0)
  readonly version: number;
}

@InputType({ description: 'What a clinician answers.' })
export class AnswerAdviceInput extends AdviceThreadRef {
  @Field(() => String, {
    description: 'The answer, at most 4,000 characters. The referrer reads it as it stands.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;

  @Field(() => AdviceMethod, {
    nullable: true,
    defaultValue: AdviceMethod.EMAIL,
    description: 'How it goes. By e-mail Facet sends it; a letter or a call is recorded.',
  })
  @IsEnum(AdviceMethod)
  readonly method: AdviceMethod = AdviceMethod.EMAIL;
}

@InputType({ description: 'Who the question is about, now that it is known.' })
export class LinkAdviceToPatientInput extends AdviceThreadRef {
  @Field(() => ID, { description: 'The patient.' })
  @IsUUID()
  readonly patientId: string;
}

@InputType({ description: 'Why a thread is closed, or opened again.' })
export class EndAdviceThreadInput extends AdviceThreadRef {
  @Field(() => String, { description: 'Why, at most 1,000 characters.' })
  @IsString()
  @MaxLength(REASON_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'What the question becomes as a referral.' })
export class ConvertAdviceToReferralInput extends AdviceThreadRef {
  @Field(() => String, {
    nullable: true,
    description:
      'What the referrer wants to know, at most 4,000 characters; their first question when left out.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly clinicalQuestion?: string | null;

  @Field(() => ReferralPriority, {
    nullable: true,
    description: 'Its priority; that of the thread when left out.',
  })
  @IsOptional()
  @IsEnum(ReferralPriority)
  readonly priority?: ReferralPriority | null;

  @Field(() => String, { nullable: true, description: 'Its service; that of the thread when left out.' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  readonly serviceCode?: string | null;

  @Field(() => [ID], {
    nullable: true,
    defaultValue: [],
    description:
      'Open referrals of the patient that have been looked at and are another matter, all of them.',
  })
  @IsArray()
  @ArrayMaxSize(CONFIRMED_MAX)
  @IsUUID('all', { each: true })
  readonly confirmedNotDuplicateOf: readonly string[] = [];
}

export const AdviceResult = resultUnion(
  'AdviceResult',
  AdviceThread,
  [AdviceNotPossible, AdviceChangedMeanwhile],
  'The thread as it stands now, or why nothing was done.',
);

export const AnswerAdviceResult = resultUnion(
  'AnswerAdviceResult',
  AdviceThread,
  [AdviceNotPossible, AdviceChangedMeanwhile, AdviceReferrerWithoutEmail],
  'The thread with the answer, or why it was not given.',
);

export const ConvertAdviceResult = resultUnion(
  'ConvertAdviceResult',
  AdviceThread,
  [AdviceNotPossible, AdviceChangedMeanwhile, AdvicePatientUnknown, OpenReferralExists],
  'The thread with its referral, or why none was made.',
);
