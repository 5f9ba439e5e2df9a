import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  IsBoolean,
  IsEnum,
  IsNotEmpty,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { PerformedStepStatus, UnmatchedReason } from '../../platform/database/generated/enums.js';
import { pageOf } from '../../platform/graphql/page.type.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { Instant, LocalDate } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import { OutsideOpeningHours, SlotAlreadyTaken } from '../scheduling/schedule.refusals.js';
import { RequestNotWaiting } from '../visits/request.refusals.js';
import {
  PerformedStepAlreadyAttached,
  PerformedStepNotAttached,
  PerformedStepOfSomebodyElse,
  ScanWasCancelled,
} from './performed-step.refusals.js';
import { PatientAlreadyBooked, ReferralAlreadyBooked, ReferralNotAccepted } from './scan-booking.refusals.js';
import { NOT_BLANK, REASON_MAX_CHARACTERS } from './scan-closing.type.js';

// DICOM SH.
const STEP_ID_MAX_CHARACTERS = 16;

registerEnumType(PerformedStepStatus, {
  name: 'PerformedStepStatus',
  description: 'DICOM Performed Procedure Step Status (0040,0252). The last two are final.',
  valuesMap: {
    IN_PROGRESS: { description: 'The scanner began and has not said how it ended.' },
    COMPLETED: { description: 'The scanner did it.' },
    DISCONTINUED: { description: 'The scanner broke it off.' },
  },
});

registerEnumType(UnmatchedReason, {
  name: 'UnmatchedReason',
  description: 'Why a performed step belongs to no booking and waits for a person.',
  valuesMap: {
    NO_IDENTIFIERS: {
      description:
        'The scanner named no step and no accession number: the patient was entered by hand there.',
    },
    UNKNOWN_IDENTIFIERS: { description: 'The scanner named numbers that are not of this clinic.' },
    IDENTIFIERS_DISAGREE: { description: 'The numbers that the scanner named belong to different bookings.' },
    PATIENT_DIFFERS: {
      description:
        'The numbers belong to a booking, and the scanner named another patient than the booking’s. Find out who was scanned.',
    },
    PATIENT_NOT_NAMED: {
      description:
        'The numbers belong to a booking, but the scanner sent neither Patient ID nor birth date, and another Study Instance UID than the booking’s: the numbers may be mistyped. Find out who was scanned.',
    },
    BOOKING_CANCELLED: { description: 'The booking that the scanner named had been cancelled.' },
    BOOKED_AGAIN: {
      description:
        'The booking that the scanner named was discontinued, and the referral or the time has been booked again since.',
    },
    DETACHED: { description: 'A person took it from its booking.' },
  },
});

@ObjectType({ description: 'Which scheduled step of which booking a performed step did.' })
export class PerformedStepLink {
  @Field(() => ID, { description: 'The booking.' })
  readonly scanBookingId: string;

  @Field(() => ID, { description: 'DICOM Scheduled Procedure Step ID (0040,0009) of the booking.' })
  readonly scheduledProcedureStepId: string;

  @Field(() => Instant, { description: 'When they were brought together.' })
  readonly attachedAt: Temporal.Instant;

  @Field(() => ID, {
    nullable: true,
    description: 'Staff account of the person who attached it; null when the scanner’s own words led to it.',
  })
  readonly attachedById: string | null;
}

@ObjectType({
  description:
    'One performed procedure step: what a scanner says that it did (DICOM PS3.4 Annex F). What it told of the patient is kept as it was told.',
})
export class PerformedStep {
  @Field(() => ID, { description: 'Id of the step here.' })
  readonly id: string;

  @Field(() => String, { description: 'DICOM SOP Instance UID, by which the scanner speaks of it.' })
  readonly sopInstanceUID: string;

  @Field(() => ID, { description: 'The scanner that sent it.' })
  readonly scannerId: string;

  @Field(() => String, { description: 'Name of that scanner.' })
  readonly scannerName: string;

  @Field(() => PerformedStepStatus, { description: 'How the scanner says that it stands.' })
  readonly status: PerformedStepStatus;

  @Field(() => String, { description: 'DICOM Performed Procedure Step ID (0040,0253): the scanner’s own.' })
  readonly performedProcedureStepId: string;

  @Field(() => String, {
    description: 'DICOM Performed Station AE Title (0040,0241): where it was done, as the scanner says.',
  })
  readonly performedStationAETitle: string;

  @Field(() => String, { description: 'DICOM Modality (0008,0060): NM, CT.' })
  readonly modality: string;

  @Field(() => Instant, { description: 'When it began, by the scanner’s clock.' })
  readonly startedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'When it ended, by the scanner’s clock.' })
  readonly endedAt: Temporal.Instant | null;

  @Field(() => String, { description: 'What was done, in the scanner’s words; empty when it says nothing.' })
  readonly description: string;

  @Field(() => String, { nullable: true, description: 'Why it was broken off, when the scanner says why.' })
  readonly discontinuationReason: string | null;

  @Field(() => Int, { description: 'Number of series that it made, as far as the scanner has said.' })
  readonly seriesCount: number;

  @Field(() => String, {
    description: 'Patient ID (0010,0020) as the scanner told it; empty when it did not.',
  })
  readonly toldPatientId: string;

  @Field(() => String, {
    description: 'Patient’s Name (0010,0010) as the scanner told it, family^given; empty when it did not.',
  })
  readonly toldPatientName: string;

  @Field(() => String, {
    description: 'Patient’s Birth Date (0010,0030) as the scanner told it, YYYYMMDD; empty when it did not.',
  })
  readonly toldPatientBirthDate: string;

  @Field(() => [String], { description: 'Accession numbers that the scanner named.' })
  readonly accessionNumbers: readonly string[];

  @Field(() => [String], { description: 'Study Instance UIDs that the scanner named.' })
  readonly studyInstanceUIDs: readonly string[];

  @Field(() => Instant, { description: 'When its first message came.' })
  readonly receivedAt: Temporal.Instant;

  @Field(() => Instant, { description: 'When its last message came.' })
  readonly changedAt: Temporal.Instant;

  @Field(() => Instant, {
    nullable: true,
    description:
      'When Facet stopped waiting for what the scanner should have said next, after the hours of its profile. A later message is still taken.',
  })
  readonly overdueAt: Temporal.Instant | null;

  @Field(() => UnmatchedReason, {
    nullable: true,
    description: 'Why it belongs to no booking; null while it belongs to one.',
  })
  readonly unmatchedReason: UnmatchedReason | null;

  @Field(() => ID, { nullable: true, description: 'The booking that it belongs to; null while unmatched.' })
  readonly scanBookingId: string | null;

  @Field(() => [PerformedStepLink], { description: 'What of the booking it did; empty while unmatched.' })
  readonly links: readonly PerformedStepLink[];

  @Field(() => Boolean, {
    description: 'Whether it was done on another camera than the one the patient was booked on.',
  })
  readonly performedElsewhere: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the scanner, after a person had closed the booking by hand, said something else than that person. The closing stands; look whether it is right.',
  })
  readonly contradictsClosing: boolean;
}

@ObjectType({ description: 'A page of performed steps, the last begun first.' })
export class PerformedStepPage extends pageOf(PerformedStep) {}

@InputType({ description: 'Narrows the list of performed steps. Several filters together: all must hold.' })
export class PerformedStepFilterInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only those that belong to no booking. False: only those that do.',
  })
  @IsOptional()
  @IsBoolean()
  unmatched?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only what this scanner sent.' })
  @IsOptional()
  @IsUUID()
  scannerId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what belongs to this booking.' })
  @IsOptional()
  @IsUUID()
  scanBookingId?: string | null;

  @Field(() => PerformedStepStatus, { nullable: true, description: 'Only these.' })
  @IsOptional()
  @IsEnum(PerformedStepStatus)
  status?: PerformedStepStatus | null;

  @Field(() => LocalDate, { nullable: true, description: 'First day of the beginning.' })
  @IsOptional()
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last day of the beginning, included.' })
  @IsOptional()
  until?: string | null;
}

@InputType({ description: 'A performed step to attach to the booking that it belongs to.' })
export class AttachPerformedStepInput {
  @Field(() => ID, { description: 'Which performed step.' })
  @IsUUID()
  performedStepId: string;

  @Field(() => ID, { description: 'The booking that it belongs to.' })
  @IsUUID()
  scanBookingId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Which scheduled step of the booking it did; left out: the one of its modality, else all of the booking’s.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(STEP_ID_MAX_CHARACTERS)
  scheduledProcedureStepId?: string | null;

  @Field(() => String, {
    description: `How it is known that they belong together, at most ${REASON_MAX_CHARACTERS} characters. It is kept in the audit record.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

@InputType({ description: 'A performed step to take from the booking that it is attached to.' })
export class DetachPerformedStepInput {
  @Field(() => ID, { description: 'Which performed step.' })
  @IsUUID()
  performedStepId: string;

  @Field(() => String, {
    description: `Why it does not belong there, at most ${REASON_MAX_CHARACTERS} characters. It is kept in the audit record.`,
  })
  @IsString()
  @IsNotEmpty()
  @Matches(NOT_BLANK)
  @MaxLength(REASON_MAX_CHARACTERS)
  reason: string;
}

/** A booking that had been given up goes on, or is to come again: somebody else may have its place by now. */
const PLACE_TAKEN = [
  ReferralAlreadyBooked,
  PatientAlreadyBooked,
  SlotAlreadyTaken,
  OutsideOpeningHours,
] as const;

export const AttachPerformedStepResult = resultUnion(
  'AttachPerformedStepResult',
  PerformedStep,
  [PerformedStepAlreadyAttached, PerformedStepOfSomebodyElse, ScanWasCancelled, ...PLACE_TAKEN],
  'The attached step, or why it stays unmatched.',
);

export const DetachPerformedStepResult = resultUnion(
  'DetachPerformedStepResult',
  PerformedStep,
  [PerformedStepNotAttached, ReferralNotAccepted, RequestNotWaiting, ...PLACE_TAKEN],
  'The unmatched step, or why it stays where it is.',
);
