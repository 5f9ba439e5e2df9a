import { Field, ID, InputType } from '@nestjs/graphql';
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
import { ReferralPriority, ReferralSource } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { OpenReferralExists } from './duplicate-referral.refusals.js';
import { Referral } from './referral.type.js';
import { CODE, FREE_TEXT, PLAIN, READABLE, SOME_TEXT } from './referral-text.rules.js';

/** One to two pages of a letter's clinical part; the letter itself is a document. */
const QUESTION_CHARACTERS_MAX = 4_000;
/** In UTF-16 units; the rules count the characters that the scanner takes. */
const NAME_UNITS_MAX = 200;
const REGISTRATION_CHARACTERS_MAX = 20;
const CODE_CHARACTERS_MAX = 60;
/** Of one patient there are hardly ever more than two or three open at once. */
const CONFIRMED_MAX = 50;

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

  @Field(() => String, {
    nullable: true,
    description: 'Code of what the patient is sent for, one of `referralServices`; left out: was not said.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_CHARACTERS_MAX)
  @Matches(CODE)
  readonly serviceCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The referrer in the directory. Name, organisation and registration are then taken from there, as they are now.',
  })
  @IsOptional()
  @IsUUID()
  readonly referrerId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    defaultValue: [],
    description: 'Open referrals of the patient that somebody has looked at and that ask for something else.',
  })
  @IsArray()
  @ArrayMaxSize(CONFIRMED_MAX)
  @IsUUID(undefined, { each: true })
  readonly confirmedNotDuplicateOf?: readonly string[] = [];
}

export const ReceiveReferralResult = resultUnion(
  'ReceiveReferralResult',
  Referral,
  [OpenReferralExists],
  'The referral that was taken in, or those that are open already and may be the same.',
);
