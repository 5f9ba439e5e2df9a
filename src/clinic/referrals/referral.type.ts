import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsArray, IsEnum, IsOptional, IsUUID } from 'class-validator';
import {
  ReferralAcceptedFor,
  ReferralAction,
  ReferralPriority,
  ReferralSource,
  ReferralStatus,
} from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import './referral-words.type.js';

/** All of them, with room for more. */
const STATUSES_MAX = 20;

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

  @Field(() => String, {
    nullable: true,
    description: 'Code of what the patient is sent for (`referralServices`); null: was not said.',
  })
  readonly serviceCode: string | null;

  @Field(() => ID, { nullable: true, description: 'The referrer in the directory; null: named here alone.' })
  readonly referrerId: string | null;

  @Field(() => Instant, { nullable: true, description: 'When somebody took it up, or decided at once.' })
  readonly takenUpAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that took it up first.' })
  readonly takenUpById: string | null;

  @Field(() => String, { nullable: true, description: 'While the referrer is asked: for what.' })
  readonly informationWanted: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: 'While the referrer is asked: the day to answer by.',
  })
  readonly informationDueOn: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the decision that stands was taken: accepted, redirected, declined or returned.',
  })
  readonly decidedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that decided.' })
  readonly decidedById: string | null;

  @Field(() => ReferralAcceptedFor, {
    nullable: true,
    description: 'What it was accepted for; null: it was not, or before this was asked.',
  })
  readonly acceptedFor: ReferralAcceptedFor | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the reason for which it ended (`referralReasons`); null while it has not.',
  })
  readonly reasonCode: string | null;

  @Field(() => String, { nullable: true, description: 'What the clinician added to the decision.' })
  readonly decisionComment: string | null;

  @Field(() => String, { nullable: true, description: 'To whom it was passed on.' })
  readonly redirectedTo: string | null;

  @Field(() => String, { nullable: true, description: 'The advice with which it was returned.' })
  readonly advice: string | null;

  @Field(() => String, { nullable: true, description: 'What came of it, once it is completed.' })
  readonly outcome: string | null;

  @Field(() => ID, { nullable: true, description: 'The referral that goes on instead of this one.' })
  readonly mergedIntoId: string | null;

  @Field(() => Instant, { nullable: true, description: 'When nothing was left to do with it.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that ended it.' })
  readonly endedById: string | null;

  @Field(() => Int, {
    description: 'Rises with each move. Send it back, and whoever was quicker is noticed.',
  })
  readonly version: number;
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
