import { Field, ID, InputType } from '@nestjs/graphql';
import { IsNotEmpty, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { OutsideOpeningHours, SlotAlreadyTaken } from '../scheduling/schedule.refusals.js';
import { RequestNotWaiting } from '../visits/request.refusals.js';
import {
  ScanAlreadyClosed,
  ScanEndImplausible,
  ScanNotBegun,
  ScanNotClosedByPerson,
  ScanWasCancelled,
} from './performed-step.refusals.js';
import { PatientAlreadyBooked, ReferralAlreadyBooked, ReferralNotAccepted } from './scan-booking.refusals.js';
import { ScanBooking } from './scan-booking.type.js';

// A sentence or two, as for a cancellation.
export const REASON_MAX_CHARACTERS = 500;
/** More than spaces: a reason that says nothing is none. */
export const NOT_BLANK = /\S/;

@InputType({ description: 'A scan to close by hand, in the scanner’s place.' })
export class CloseScanInput {
  @Field(() => ID, { description: 'Which booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When the scan ended, not in the future. Left out: as the scanner said of what it did end, else the planned end.',
  })
  @IsOptional()
  endedAt?: Temporal.Instant | null;

  @Field(() => String, {
    description: `Why a person says it and not the scanner, at most ${REASON_MAX_CHARACTERS} characters. It is kept with the booking.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

@InputType({ description: 'A closing by hand to undo.' })
export class ReopenScanInput {
  @Field(() => ID, { description: 'Which booking.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => String, {
    description: `Why, at most ${REASON_MAX_CHARACTERS} characters. It is kept in the audit record.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

const CLOSING_REFUSALS = [ScanNotBegun, ScanAlreadyClosed, ScanWasCancelled, ScanEndImplausible] as const;

export const CompleteScanResult = resultUnion(
  'CompleteScanResult',
  ScanBooking,
  CLOSING_REFUSALS,
  'The completed booking, or why it stays as it is.',
);

export const DiscontinueScanResult = resultUnion(
  'DiscontinueScanResult',
  ScanBooking,
  CLOSING_REFUSALS,
  'The discontinued booking, or why it stays as it is.',
);

export const ReopenScanResult = resultUnion(
  'ReopenScanResult',
  ScanBooking,
  [
    ScanNotClosedByPerson,
    ReferralNotAccepted,
    RequestNotWaiting,
    ReferralAlreadyBooked,
    PatientAlreadyBooked,
    SlotAlreadyTaken,
    OutsideOpeningHours,
  ],
  'The booking as its performed steps say that it stands, or why it stays closed.',
);
