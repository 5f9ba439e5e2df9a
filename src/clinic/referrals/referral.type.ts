import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
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
} from 'class-validator';
import {
  ReferralDeclineReason,
  ReferralPriority,
  ReferralSource,
  ReferralStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { ReferralAction, ReferralAlreadyDecided } from './referral.refusals.js';

/** One to two pages of a letter's clinical part; the letter itself is a document. */
const QUESTION_CHARACTERS_MAX = 4_000;
const COMMENT_CHARACTERS_MAX = 1_000;
/** In UTF-16 units; the rules count the characters that the scanner takes. */
const NAME_UNITS_MAX = 200;
const REGISTRATION_CHARACTERS_MAX = 20;
const STATUSES_MAX = 10;
/** Anything but control characters (line breaks and tabs are fine) and broken UTF-16, with something to read in it. */
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const PLAIN = { message: '$property: must not contain control characters' };
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ReferralSource, {
  name: 'ReferralSource',
  description: 'Who sends the patient.',
  valuesMap: {
    GP: { description: 'General practitioner.' },
    CONSULTANT: { description: 'A consultant, of this clinic or another.' },
    PHYSIOTHERAPIST: { description: 'Physiotherapist.' },
    INSURER: { description: 'Insurer or case manager.' },
    SELF: { description: 'The patient comes by themselves.' },
    MDT: { description: "The clinic's multidisciplinary team." },
  },
});

registerEnumType(ReferralPriority, {
  name: 'ReferralPriority',
  description: 'How urgent the referrer says it is.',
  valuesMap: {
    ROUTINE: { description: 'Routine.' },
    URGENT: { description: 'Urgent.' },
    TWO_WEEK_WAIT: { description: 'Suspected cancer pathway (in England: 28-day faster diagnosis).' },
  },
});

registerEnumType(ReferralDeclineReason, {
  name: 'ReferralDeclineReason',
  description: 'Why a referral was declined.',
  valuesMap: {
    SERVICE_INAPPROPRIATE: { description: 'This service is not what the patient needs.' },
    WRONG_PROVIDER: { description: 'Meant for somebody else.' },
    TREATMENT_NO_LONGER_REQUIRED: { description: 'No longer needed.' },
    DUPLICATE_REFERRAL: { description: 'The same referral is here already.' },
    RAISED_IN_ERROR: { description: 'Sent or entered by mistake.' },
    OTHER: { description: 'Something else: the comment says what.' },
  },
});

@ObjectType({ description: 'A request to see a patient, and what a clinician decided on it.' })
export class Referral {
  @Field(() => ID, { description: 'Id of the referral (UUID).' })
  readonly id: string;

  @Field(() => ID, { description: 'The patient it is about.' })
  readonly patientId: string;

  @Field(() => ReferralSource, { description: 'Who sends the patient.' })
  readonly source: ReferralSource;

  @Field(() => ReferralPriority, { description: 'How urgent the referrer says it is.' })
  readonly priority: ReferralPriority;

  @Field(() => ReferralStatus, { description: 'How it stands.' })
  readonly status: ReferralStatus;

  @Field(() => [ReferralAction], { description: 'What can be done with it now, by somebody who may.' })
  readonly allowedActions: readonly ReferralAction[];

  @Field(() => String, {
    nullable: true,
    description: 'Name of the referrer; null when the patient comes by themselves.',
  })
  readonly referrerName: string | null;

  @Field(() => String, { nullable: true, description: 'Practice, hospital or company of the referrer.' })
  readonly referrerOrganisation: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Professional registration of the referrer: of doctors the GMC number's seven digits.",
  })
  readonly referrerRegistration: string | null;

  @Field(() => String, { description: 'What the referrer wants to know.' })
  readonly clinicalQuestion: string;

  @Field(() => LocalDate, { description: 'The day it arrived; the waiting time counts from here.' })
  readonly receivedOn: string;

  @Field(() => Instant, { description: 'When it was entered here.' })
  readonly recordedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was accepted or declined.' })
  readonly decidedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that decided.' })
  readonly decidedById: string | null;

  @Field(() => ReferralDeclineReason, { nullable: true, description: 'Why it was declined.' })
  readonly declineReason: ReferralDeclineReason | null;

  @Field(() => String, { nullable: true, description: 'What the clinician added to the decision.' })
  readonly decisionComment: string | null;
}

@ObjectType({ description: 'A page of referrals, the longest waiting first.' })
export class ReferralPage extends pageOf(Referral) {}

@InputType({ description: 'Narrows the list of referrals. Several filters together: all must hold.' })
export class ReferralFilterInput {
  @Field(() => [ReferralStatus], { nullable: true, description: 'Only these states.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STATUSES_MAX)
  @IsEnum(ReferralStatus, { each: true })
  readonly statuses?: readonly ReferralStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Only of this patient.' })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;
}

@InputType({ description: 'A referral that has arrived.' })
export class ReceiveReferralInput {
  @Field(() => ID, { description: 'The patient, registered before.' })
  @IsUUID()
  readonly patientId: string;

  @Field(() => ReferralSource, { description: 'Who sends the patient.' })
  @IsEnum(ReferralSource)
  readonly source: ReferralSource;

  @Field(() => ReferralPriority, { description: 'How urgent the referrer says it is.' })
  @IsEnum(ReferralPriority)
  readonly priority: ReferralPriority;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the referrer, at most 64 characters without \\ ^ = (DICOM PS3.5, PN). Needed unless the source is SELF.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_UNITS_MAX)
  readonly referrerName?: string | null;

  @Field(() => String, { nullable: true, description: 'Practice, hospital or company of the referrer.' })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_UNITS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly referrerOrganisation?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Professional registration; of GPs and consultants the GMC number, seven digits.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REGISTRATION_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly referrerRegistration?: string | null;

  @Field(() => String, { description: 'What the referrer wants to know, at most 4,000 characters.' })
  @IsString()
  @MaxLength(QUESTION_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly clinicalQuestion: string;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The day it arrived; today when left out. Not in the future.',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly receivedOn?: string | null;
}

@InputType({ description: 'The decision to see the patient.' })
export class AcceptReferralInput {
  @Field(() => ID, { description: 'The referral.' })
  @IsUUID()
  readonly referralId: string;

  @Field(() => String, { nullable: true, description: 'What to add, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;
}

@InputType({ description: 'The decision not to see the patient.' })
export class DeclineReferralInput extends AcceptReferralInput {
  @Field(() => ReferralDeclineReason, { description: 'Why. OTHER needs a comment.' })
  @IsEnum(ReferralDeclineReason)
  readonly reason: ReferralDeclineReason;
}

export const DecideReferralResult = resultUnion(
  'DecideReferralResult',
  Referral,
  [ReferralAlreadyDecided],
  'The referral as it stands after the decision, or why it was not decided.',
);
