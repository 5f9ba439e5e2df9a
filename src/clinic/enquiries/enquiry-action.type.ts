import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import {
  ContactPreference,
  EnquiryChannel,
  EnquiryCloseReason,
  EnquiryTime,
  HeardOfUs,
  PainArea,
  SafeToLeaveMessage,
} from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import {
  EnquirerHasNoEmail,
  EnquiryAlreadyClaimed,
  EnquiryNotInState,
  PrivacyNoticeAlreadyShown,
} from './enquiry.refusals.js';
import { Enquiry } from './enquiry.type.js';
import { RedFlagOpen, RedFlagQuestionsDiffer, RedFlagsNotAsked } from './red-flag.refusals.js';
import { RedFlagAnswersInput } from './red-flag.type.js';

/** The same limits as the website's form has. */
export const NAME_CHARACTERS_MAX = 120;
export const MESSAGE_CHARACTERS_MAX = 4_000;
export const REMARK_CHARACTERS_MAX = 300;
export const PHONE_CHARACTERS_MAX = 40;
export const EMAIL_CHARACTERS_MAX = 254;
const COMMENT_CHARACTERS_MAX = 1_000;
const CODES_MAX = 20;
const VERSION_CHARACTERS_MAX = 40;
const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const PLAIN = { message: '$property: must not contain control characters' };
const READABLE = { message: '$property: must not be blank or contain control characters' };

@InputType({ description: 'Somebody who rang, came, or wrote, as the desk takes it down.' })
export class RegisterEnquiryInput {
  @Field(() => EnquiryChannel, { description: 'How they came.' })
  @IsEnum(EnquiryChannel)
  readonly channel: EnquiryChannel;

  @Field(() => Instant, { nullable: true, description: 'When; now when left out. Not in the future.' })
  @IsOptional()
  readonly receivedAt?: Temporal.Instant | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name as it was given, at most 120 characters. Needed unless they left a voicemail or wrote.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(NAME_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly name?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Date of birth.' })
  @IsOptional()
  @IsString()
  readonly dateOfBirth?: string | null;

  @Field(() => String, { nullable: true, description: 'NHS number, with or without spaces.' })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly nhsNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, as they say it.' })
  @IsOptional()
  @IsString()
  @MaxLength(PHONE_CHARACTERS_MAX)
  @Matches(ONE_LINE, PLAIN)
  readonly phone?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @IsOptional()
  @IsEmail({}, { message: '$property: must be an e-mail address, such as name@example.org' })
  @MaxLength(EMAIL_CHARACTERS_MAX)
  readonly email?: string | null;

  @Field(() => ContactPreference, { nullable: true, description: 'How they like to be reached.' })
  @IsOptional()
  @IsEnum(ContactPreference)
  readonly preferredWay?: ContactPreference | null;

  @Field(() => [EnquiryTime], { nullable: true, description: 'When they are best reached.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CODES_MAX)
  @IsEnum(EnquiryTime, { each: true })
  readonly bestTimes?: readonly EnquiryTime[] | null;

  @Field(() => String, { nullable: true, description: 'The same in their words, at most 300 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REMARK_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly bestTimesText?: string | null;

  @Field(() => SafeToLeaveMessage, { nullable: true, description: 'Whether a message may be left.' })
  @IsOptional()
  @IsEnum(SafeToLeaveMessage)
  readonly safeToLeaveMessage?: SafeToLeaveMessage | null;

  @Field(() => [PainArea], { nullable: true, description: 'Where it hurts.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(CODES_MAX)
  @IsEnum(PainArea, { each: true })
  readonly painAreas?: readonly PainArea[] | null;

  @Field(() => String, { nullable: true, description: 'Where else, at most 300 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REMARK_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly painAreaOther?: string | null;

  @Field(() => String, { nullable: true, description: 'What they say or write, at most 4,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(MESSAGE_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly message?: string | null;

  @Field(() => HeardOfUs, { nullable: true, description: 'How they found the clinic.' })
  @IsOptional()
  @IsEnum(HeardOfUs)
  readonly heardOfUs?: HeardOfUs | null;

  @Field(() => String, { nullable: true, description: 'The same in their words, at most 300 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(REMARK_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly heardOfUsText?: string | null;

  @Field(() => RedFlagAnswersInput, {
    nullable: true,
    description: 'The questions about dangerous signs with their answers. Needed when they were spoken to.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => RedFlagAnswersInput)
  readonly redFlags?: RedFlagAnswersInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why they could not be asked, at most 300 characters. Only for VOICEMAIL, EMAIL and LETTER.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(REMARK_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly redFlagsNotAskedWhy?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Version of the privacy notice that was read out or sent; leave it out when that is still to be done.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  readonly privacyNoticeVersion?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Wants news of the clinic: said yes to the wording in force. Off unless they say so.',
  })
  @IsOptional()
  @IsBoolean()
  readonly wantsNews: boolean = false;
}

@ObjectType({ description: 'An enquiry that was taken in, and what is to be said at once.' })
export class EnquiryRegistered {
  @Field(() => Enquiry, { description: 'The enquiry.' })
  readonly enquiry: Enquiry;

  @Field(() => String, {
    nullable: true,
    description: 'Read this to the enquirer now: a dangerous sign was named. Null: none was.',
  })
  readonly emergencyAdvice: string | null;
}

export const RegisterEnquiryResult = resultUnion(
  'RegisterEnquiryResult',
  EnquiryRegistered,
  [RedFlagsNotAsked, RedFlagQuestionsDiffer],
  'The enquiry, or why it was not taken in.',
);

@InputType({ description: 'Something written about or to an enquirer.' })
export class EnquiryTextInput {
  @Field(() => ID, { description: 'The enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => String, { description: 'Plain text, at most 4,000 characters.' })
  @IsString()
  @MaxLength(MESSAGE_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly text: string;
}

@InputType({ description: 'The end of an enquiry.' })
export class CloseEnquiryInput {
  @Field(() => ID, { description: 'The enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => EnquiryCloseReason, { description: 'Why. OTHER needs a comment.' })
  @IsEnum(EnquiryCloseReason)
  readonly reason: EnquiryCloseReason;

  @Field(() => String, { nullable: true, description: 'What to add, at most 1,000 characters.' })
  @IsOptional()
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment?: string | null;
}

@InputType({ description: 'The privacy notice was read out or sent to somebody who rang or wrote.' })
export class RecordPrivacyNoticeInput {
  @Field(() => ID, { description: 'The enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => String, { description: 'Version that was shown: the one in force.' })
  @IsString()
  @MaxLength(VERSION_CHARACTERS_MAX)
  readonly version: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Wants news of the clinic: said yes to the wording in force. Off unless they say so.',
  })
  @IsOptional()
  @IsBoolean()
  readonly wantsNews: boolean = false;
}

const AS_IT_STANDS = 'The enquiry as it stands, or why nothing was done.';

export const ClaimEnquiryResult = resultUnion(
  'ClaimEnquiryResult',
  Enquiry,
  [EnquiryNotInState, EnquiryAlreadyClaimed],
  AS_IT_STANDS,
);
export const ReleaseEnquiryResult = resultUnion(
  'ReleaseEnquiryResult',
  Enquiry,
  [EnquiryNotInState],
  AS_IT_STANDS,
);
export const NoteOnEnquiryResult = resultUnion(
  'NoteOnEnquiryResult',
  Enquiry,
  [EnquiryNotInState],
  AS_IT_STANDS,
);
export const ReplyToEnquiryResult = resultUnion(
  'ReplyToEnquiryResult',
  Enquiry,
  [EnquiryNotInState, EnquiryAlreadyClaimed, EnquirerHasNoEmail],
  AS_IT_STANDS,
);
export const CloseEnquiryResult = resultUnion(
  'CloseEnquiryResult',
  Enquiry,
  [EnquiryNotInState, EnquiryAlreadyClaimed, RedFlagOpen],
  AS_IT_STANDS,
);
export const ReopenEnquiryResult = resultUnion(
  'ReopenEnquiryResult',
  Enquiry,
  [EnquiryNotInState],
  AS_IT_STANDS,
);
export const MarkSpamResult = resultUnion(
  'MarkSpamResult',
  Enquiry,
  [EnquiryNotInState, EnquiryAlreadyClaimed, RedFlagOpen],
  AS_IT_STANDS,
);
export const NotSpamResult = resultUnion('NotSpamResult', Enquiry, [EnquiryNotInState], AS_IT_STANDS);
export const RecordPrivacyNoticeResult = resultUnion(
  'RecordPrivacyNoticeResult',
  Enquiry,
  [PrivacyNoticeAlreadyShown],
  AS_IT_STANDS,
);
