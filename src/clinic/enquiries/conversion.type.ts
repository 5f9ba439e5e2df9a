import { Field, ID, InputType, ObjectType, OmitType, PickType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  IsDefined,
  IsEnum,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { EnquiryConversion as ConversionRow } from '../../platform/database/generated/client.js';
import { ConversionTarget } from '../../platform/database/generated/enums.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import { instantFromDate, type Temporal } from '../../platform/time/index.js';
import { LikelyDuplicate, NhsNumberTaken } from '../patients/patient.refusals.js';
import { RegisterPatientInput } from '../patients/patient.type.js';
import { OpenReferralExists } from '../referrals/duplicate-referral.refusals.js';
import { ReceiveReferralInput } from '../referrals/referral-entry.type.js';
import { AlreadyWaiting, ReferralNotYetAccepted, VisitTypeRetired } from '../visits/request.refusals.js';
import { RequestVisitInput } from '../visits/request.type.js';
import { IdempotencyKeyReused, VisitNeedsReferral } from '../visits/visit.refusals.js';
import { BookedElsewhere } from '../visits/visit-companion.refusals.js';
import {
  ConversionSettled,
  ConversionTooOld,
  EnquiriesDiffer,
  MatchNotConfirmed,
} from './conversion.refusals.js';
import { CONVERSION_UNDO_HOURS } from './conversion.rules.js';
import { EnquiryAlreadyClaimed, EnquiryNotInState } from './enquiry.refusals.js';
import { Enquiry } from './enquiry.type.js';
import { EnquiryMatchDoubt, EnquiryMatchReason } from './match.rules.js';
import { RedFlagsNotAsked } from './red-flag.refusals.js';

const TEXT_CHARACTERS_MAX = 300;
/** Anything but control characters and broken UTF-16, with something to read in it. */
const SOME_TEXT = /^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u;
const READABLE = { message: '$property: must not be blank or contain control characters' };

registerEnumType(ConversionTarget, {
  name: 'ConversionTarget',
  description: 'What an enquiry becomes.',
  valuesMap: {
    SELF_REFERRAL: { description: 'A referral of the patient by themselves, for a clinician to triage.' },
    BOOKING_REQUEST: {
      description: 'A place on the waiting list for a kind of visit that needs no referral.',
    },
    PATIENT_ONLY: { description: 'Known as a patient, and nothing more for now.' },
  },
});

@ObjectType({ description: 'What an enquiry became. Taken back, it stays as a record.' })
export class EnquiryConversion {
  @Field(() => ID, { description: 'Id of the conversion.' })
  readonly id: string;

  @Field(() => ID, { description: 'The enquiry.' })
  readonly enquiryId: string;

  @Field(() => ID, { description: 'The patient that the enquirer is.' })
  readonly patientId: string;

  @Field(() => ConversionTarget, { description: 'What it became.' })
  readonly target: ConversionTarget;

  @Field(() => Boolean, { description: 'The patient was registered with it, and not known before.' })
  readonly registered: boolean;

  @Field(() => ID, { nullable: true, description: 'The referral that was made of it.' })
  readonly referralId: string | null;

  @Field(() => ID, { nullable: true, description: 'The request for a visit that was made of it.' })
  readonly visitRequestId: string | null;

  @Field(() => [ID], { description: 'Consent records that were made of what the enquirer ticked.' })
  readonly consentRecordIds: readonly string[];

  @Field(() => [EnquiryMatchReason], {
    description: 'What spoke for this patient; empty: registered with it.',
  })
  readonly matchReasons: readonly EnquiryMatchReason[];

  @Field(() => [EnquiryMatchDoubt], { description: 'What spoke against.' })
  readonly matchDoubts: readonly EnquiryMatchDoubt[];

  @Field(() => Instant, { description: 'When.' })
  readonly convertedAt: Temporal.Instant;

  @Field(() => ID, { description: 'Staff account that converted it.' })
  readonly convertedById: string;

  @Field(() => Instant, {
    description: `Until when it can be taken back, as long as nothing was booked: ${CONVERSION_UNDO_HOURS} hours.`,
  })
  readonly undoableUntil: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was taken back; null: it stands.' })
  readonly undoneAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account that took it back.' })
  readonly undoneById: string | null;

  @Field(() => String, { nullable: true, description: 'Why.' })
  readonly undoReason: string | null;
}

@InputType({
  description: 'Who the enquirer is: a registered patient, or a person to register. One of the two.',
})
export class EnquirerIsInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The registered patient, as you have confirmed. See `enquiryMatches`.',
  })
  @IsOptional()
  @IsUUID()
  readonly patientId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `With patientId: how you know, at most ${TEXT_CHARACTERS_MAX} characters. Needed unless NHS number and date of birth agree.`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly howConfirmed?: string | null;

  @Field(() => RegisterPatientInput, { nullable: true, description: 'The person to register.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => RegisterPatientInput)
  readonly register?: RegisterPatientInput | null;
}

@InputType({
  description: 'The referral to make of an enquiry. It counts from the day on which the enquiry came.',
})
export class SelfReferralInput extends PickType(ReceiveReferralInput, [
  'priority',
  'clinicalQuestion',
  'serviceCode',
  'confirmedNotDuplicateOf',
] as const) {}

@InputType({ description: 'The request for a visit to make of an enquiry.' })
export class BookingRequestInput extends OmitType(RequestVisitInput, ['patientId'] as const) {}

@InputType({ description: 'What an enquiry becomes, and who the enquirer is.' })
export class ConvertEnquiryInput {
  @Field(() => ID, { description: 'The enquiry.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => EnquirerIsInput, { description: 'Who the enquirer is.' })
  @IsDefined()
  @ValidateNested()
  @Type(() => EnquirerIsInput)
  readonly patient: EnquirerIsInput;

  @Field(() => ConversionTarget, { description: 'What it becomes.' })
  @IsEnum(ConversionTarget)
  readonly target: ConversionTarget;

  @Field(() => SelfReferralInput, {
    nullable: true,
    description: 'The referral: needed with SELF_REFERRAL, and only then.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => SelfReferralInput)
  readonly referral?: SelfReferralInput | null;

  @Field(() => BookingRequestInput, {
    nullable: true,
    description: 'The request: needed with BOOKING_REQUEST, and only then.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => BookingRequestInput)
  readonly request?: BookingRequestInput | null;
}

@InputType({ description: 'A conversion to take back.' })
export class UndoConversionInput {
  @Field(() => ID, { description: 'The enquiry that was converted.' })
  @IsUUID()
  readonly enquiryId: string;

  @Field(() => String, { description: `Why, at most ${TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly reason: string;
}

@InputType({ description: 'Two enquiries of one person.' })
export class JoinEnquiriesInput {
  @Field(() => ID, { description: 'The one that goes on.' })
  @IsUUID()
  readonly keepId: string;

  @Field(() => ID, { description: 'The one that is joined to it, and closed as a duplicate.' })
  @IsUUID()
  readonly otherId: string;

  @Field(() => String, { description: `How you know, at most ${TEXT_CHARACTERS_MAX} characters.` })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(SOME_TEXT, READABLE)
  readonly howConfirmed: string;
}

/** Every "no" that a conversion may meet, also as it is kept under an idempotency key. */
export const CONVERT_REFUSALS = [
  EnquiryNotInState,
  EnquiryAlreadyClaimed,
  RedFlagsNotAsked,
  MatchNotConfirmed,
  LikelyDuplicate,
  NhsNumberTaken,
  OpenReferralExists,
  AlreadyWaiting,
  VisitTypeRetired,
  BookedElsewhere,
  VisitNeedsReferral,
  ReferralNotYetAccepted,
  IdempotencyKeyReused,
] as const;

export const ConvertEnquiryResult = resultUnion(
  'ConvertEnquiryResult',
  EnquiryConversion,
  CONVERT_REFUSALS,
  'What the enquiry became, or why nothing was changed.',
);

export const UndoConversionResult = resultUnion(
  'UndoConversionResult',
  EnquiryConversion,
  [EnquiryNotInState, ConversionTooOld, ConversionSettled],
  'The conversion as it was, taken back; or why it stands.',
);

export const JoinEnquiriesResult = resultUnion(
  'JoinEnquiriesResult',
  Enquiry,
  [EnquiryNotInState, EnquiryAlreadyClaimed, EnquiriesDiffer],
  'The enquiry that goes on, with what the other brought; or why they stay two.',
);

export function toConversion(row: ConversionRow): EnquiryConversion {
  const { statusBefore: _statusBefore, ...rest } = row;
  const convertedAt = instantFromDate(row.convertedAt);
  return {
    ...rest,
    matchReasons: row.matchReasons as readonly EnquiryMatchReason[],
    matchDoubts: row.matchDoubts as readonly EnquiryMatchDoubt[],
    convertedAt,
    undoableUntil: convertedAt.add({ hours: CONVERSION_UNDO_HOURS }),
    undoneAt: row.undoneAt === null ? null : instantFromDate(row.undoneAt),
  };
}
