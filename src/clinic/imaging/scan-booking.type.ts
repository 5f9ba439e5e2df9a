import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsInt, IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { ScanBookingStatus, ScanOutcome } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { GateClosed } from '../gates/gate.refusals.js';
import {
  BeyondDiary,
  InThePast,
  OutsideOpeningHours,
  SlotAlreadyTaken,
  TooSoonForLeadTime,
} from '../scheduling/schedule.refusals.js';
import { VisitTypeRetired } from '../visits/request.refusals.js';
import {
  CancelReasonNotYours,
  IdempotencyKeyReused,
  TooLateToChange,
  TooManyMoves,
} from '../visits/visit.refusals.js';
import {
  CameraWithoutScanner,
  CancelCommentMissing,
  ConsentMissing,
  PatientAlreadyBooked,
  PatientHasArrived,
  ProtocolNotForScans,
  ReferralAlreadyBooked,
  ReferralNotAccepted,
  ScanAlreadyCancelled,
  ScanChangedMeanwhile,
  ScanHasBegun,
  ScanIsOver,
  UptakeOutsideProtocol,
} from './scan-booking.refusals.js';
import { ScanCancelReason } from './scan-cancel-reason.rules.js';
import { ScanPlace, ScanPlaceInput } from './scan-place.type.js';

const COMMENT_MAX_CHARACTERS = 500;

registerEnumType(ScanBookingStatus, {
  name: 'ScanBookingStatus',
  description: 'Where a scan booking stands.',
  valuesMap: {
    BOOKED: { description: 'Times are claimed and the scanner sees it on its worklist.' },
    IN_PROGRESS: {
      description:
        'The scanner has begun. It stays so between two scheduled steps of one visit, such as NM and CT.',
    },
    UNCONFIRMED: {
      description:
        'The scanner began and never said how it ended within the hours of its profile. It is off the worklist; a person must say how it ended, unless the scanner still does.',
    },
    COMPLETED: { description: 'The scan was done: the scanner said so, or a person in its place.' },
    DISCONTINUED: {
      description: 'The scan was broken off. The referral can be booked again.',
    },
    CANCELLED: { description: 'Times are free again and the worklist no longer holds it.' },
    NO_SHOW: {
      description:
        'The patient did not come, as was said of the visit. Times are free again and the worklist no longer holds it.',
    },
  },
});

registerEnumType(ScanOutcome, {
  name: 'ScanOutcome',
  description: 'How a person said that a scan ended.',
  valuesMap: {
    COMPLETED: { description: 'It was done.' },
    DISCONTINUED: { description: 'It was broken off, or never begun.' },
  },
});

registerEnumType(ScanCancelReason, {
  name: 'ScanCancelReason',
  description: 'Why a scan was cancelled.',
  valuesMap: {
    PATIENT_REQUEST: { description: 'The patient asked for it.' },
    PATIENT_ILL: { description: 'The patient is ill.' },
    PATIENT_DIED: { description: 'The patient has died. No letter is sent.' },
    CLINICALLY_UNSUITABLE: { description: 'A clinician decided against the scan.' },
    EQUIPMENT_FAILURE: { description: 'The camera or other equipment cannot be used.' },
    TRACER_UNAVAILABLE: { description: 'The tracer cannot be delivered.' },
    STAFF_UNAVAILABLE: { description: 'Nobody is there to inject or to scan.' },
    BOOKED_IN_ERROR: { description: 'It should not have been booked.' },
    OTHER: { description: 'Something else; the comment says what.' },
  },
});

@ObjectType({
  description:
    'One visit for a SPECT-CT scan: injection, uptake, acquisition. It is what the scanner shows on its worklist.',
})
export class ScanBooking extends ScanPlace {
  @Field(() => ID, { description: 'Id of the booking. It stays the same when the booking moves.' })
  readonly id: string;

  @Field(() => ID, { description: 'Whose scan it is.' })
  readonly patientId: string;

  @Field(() => ID, { description: 'The accepted referral it was booked for.' })
  readonly referralId: string;

  @Field(() => ScanBookingStatus, { description: 'Where the booking stands.' })
  readonly status: ScanBookingStatus;

  @Field(() => Int, { description: 'Rises with each change. Send it back when moving.' })
  readonly version: number;

  @Field(() => String, { description: 'What is done, as in the protocol.' })
  readonly procedure: string;

  @Field(() => String, { description: 'DICOM Accession Number (0008,0050), at most 16 characters.' })
  readonly accessionNumber: string;

  @Field(() => String, { description: 'DICOM Study Instance UID (0020,000D) that the scanner will use.' })
  readonly studyInstanceUID: string;

  @Field(() => Instant, { description: 'End of the injection step.' })
  readonly injectionEndsAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was booked.' })
  readonly bookedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When it was last changed.' })
  readonly changedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it was cancelled.' })
  readonly cancelledAt: Temporal.Instant | null;

  @Field(() => ScanCancelReason, { nullable: true, description: 'Why it was cancelled.' })
  readonly cancelReason: ScanCancelReason | null;

  @Field(() => String, { nullable: true, description: 'What was said about the cancellation.' })
  readonly cancelComment: string | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the scanner began, by its own clock; null until it says so.',
  })
  readonly startedAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When the scan ended: as the scanner said, or the person who closed it. Null while it is not over.',
  })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => ScanOutcome, {
    nullable: true,
    description:
      'How a person closed it in the scanner’s place. While this is set it outranks what the scanner says; null when nobody did.',
  })
  readonly closedAs: ScanOutcome | null;

  @Field(() => Instant, { nullable: true, description: 'When a person closed it.' })
  readonly closedAt: Temporal.Instant | null;

  @Field(() => ID, { nullable: true, description: 'Staff account of the person who closed it.' })
  readonly closedById: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed by hand, in that person’s words.' })
  readonly closeReason: string | null;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When consent to it was last withdrawn while it was booked; null: never. Whether consent is in force now, `imagingConsentInForce` says.',
  })
  readonly consentWithdrawnAt: Temporal.Instant | null;

  @Field(() => Instant, {
    nullable: true,
    description: 'When the tracer was injected, by the record of its administration; null: it was not.',
  })
  readonly injectedAt: Temporal.Instant | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Net activity in MBq at the moment of the injection: measured before, less what stayed in the syringe. Null: nothing was injected.',
  })
  readonly netActivityMbq: number | null;

  @Field(() => String, { nullable: true, description: 'What was injected, in words; null: nothing.' })
  readonly tracerName: string | null;

  @Field(() => Boolean, { description: 'The patient is here, as was said of the visit.' })
  readonly hasArrived: boolean;

  @Field(() => [String], {
    description:
      'What a person may do with it now: `move`, `cancel` before the visit begins; `complete`, `discontinue` after that; `reopen` what a person has closed.',
  })
  readonly allowedActions: readonly string[];
}

@ObjectType({ description: 'A page of scan bookings, in the order of their acquisition.' })
export class ScanBookingPage extends pageOf(ScanBooking) {}

@InputType({ description: 'Narrows the list of scan bookings. Several filters together: all must hold.' })
export class ScanBookingFilterInput {
  @Field(() => LocalDate, { nullable: true, description: 'First day of the acquisition.' })
  @IsOptional()
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day of the acquisition, included.' })
  @IsOptional()
  until?: string | null;

  @Field(() => ScanBookingStatus, { nullable: true, description: 'Only these.' })
  @IsOptional()
  @IsEnum(ScanBookingStatus)
  status?: ScanBookingStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only this patient’s.' })
  @IsOptional()
  @IsUUID()
  patientId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only on this camera.' })
  @IsOptional()
  @IsUUID()
  cameraId?: string | null;
}

@InputType({ description: 'A scan to book.' })
export class BookScanInput extends ScanPlaceInput {
  @Field(() => ID, { description: 'The accepted referral.' })
  @IsUUID()
  referralId: string;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'BONE_SPECT_CT',
    description:
      'Code of the imaging protocol, which is that of the visit type: BONE_SPECT_CT, or BONE_SPECT_CT_EARLY with early images.',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(40)
  protocolCode: string = 'BONE_SPECT_CT';
}

@InputType({ description: 'A scan to move, as a whole: injection and acquisition.' })
export class MoveScanInput extends ScanPlaceInput {
  @Field(() => ID, { description: 'Which booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => Int, { description: 'The `version` of the booking as it was read.' })
  @IsInt()
  @Min(0)
  version: number;
}

@InputType({ description: 'A scan to cancel.' })
export class CancelScanInput {
  @Field(() => ID, { description: 'Which booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => ScanCancelReason, { description: 'Why.' })
  @IsEnum(ScanCancelReason)
  reason: ScanCancelReason;

  @Field(() => String, {
    nullable: true,
    description: `In words, at most ${COMMENT_MAX_CHARACTERS} characters; some reasons need it, as \`cancelReasons\` says.`,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(COMMENT_MAX_CHARACTERS)
  comment?: string | null;
}

const TIME_REFUSALS = [
  UptakeOutsideProtocol,
  TooSoonForLeadTime,
  BeyondDiary,
  InThePast,
  OutsideOpeningHours,
  SlotAlreadyTaken,
  PatientAlreadyBooked,
  CameraWithoutScanner,
  ProtocolNotForScans,
  ReferralNotAccepted,
  ConsentMissing,
  ReferralAlreadyBooked,
  GateClosed,
  VisitTypeRetired,
  IdempotencyKeyReused,
] as const;
const CHANGE_REFUSALS = [ScanAlreadyCancelled, ScanHasBegun, ScanIsOver, PatientHasArrived] as const;

export const BOOK_SCAN_REFUSALS = TIME_REFUSALS;
export const MOVE_SCAN_REFUSALS = [
  ...TIME_REFUSALS,
  ...CHANGE_REFUSALS,
  ScanChangedMeanwhile,
  TooManyMoves,
  TooLateToChange,
] as const;
export const CANCEL_SCAN_REFUSALS = [
  ...CHANGE_REFUSALS,
  CancelCommentMissing,
  CancelReasonNotYours,
  IdempotencyKeyReused,
] as const;

export const BookScanResult = resultUnion(
  'BookScanResult',
  ScanBooking,
  BOOK_SCAN_REFUSALS,
  'The booking, or why there is none.',
);

export const MoveScanResult = resultUnion(
  'MoveScanResult',
  ScanBooking,
  MOVE_SCAN_REFUSALS,
  'The moved booking, or why it stays where it was.',
);

export const CancelScanResult = resultUnion(
  'CancelScanResult',
  ScanBooking,
  CANCEL_SCAN_REFUSALS,
  'The cancelled booking, or why it stands.',
);
