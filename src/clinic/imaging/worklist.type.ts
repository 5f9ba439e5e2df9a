import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  type GateCode,
  type ResponseCharacterSet,
  type ScannerTransport,
  ScanPart,
  ScheduledStepStatus,
  type SexForClinicalUse,
} from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';
import type { PregnancyKnown } from './worklist-care.rules.js';

registerEnumType(ScanPart, {
  name: 'ScanPart',
  description: 'A part of a scan that the scanner does by itself.',
  valuesMap: {
    EARLY: { description: 'Early images, at the injection.' },
    DELAYED: { description: 'The scan itself, after the uptake.' },
  },
});

@ObjectType({ description: 'One scheduled procedure step of the scanner’s worklist.' })
export class WorklistEntry {
  @Field(() => ID, { description: 'DICOM Scheduled Procedure Step ID (0040,0009).' })
  readonly scheduledProcedureStepId: string;

  @Field(() => ID, { description: 'The booking it belongs to.' })
  readonly scanBookingId: string;

  @Field(() => ScanPart, { description: 'Which part of the scan it is.' })
  readonly part: ScanPart;

  @Field(() => String, {
    description: 'DICOM Modality (0008,0060): NM, or CT where the console wants it apart.',
  })
  readonly modality: string;

  @Field(() => String, {
    description: 'DICOM Scheduled Station AE Title (0040,0001): the scanner it is for.',
  })
  readonly stationAETitle: string;

  @Field(() => Instant, { description: 'Start of the step.' })
  readonly startsAt: Temporal.Instant;

  @Field(() => ScheduledStepStatus, {
    description:
      'Where the step stands. Those that the scanner’s profile hides are kept here and not offered to it.',
  })
  readonly status: ScheduledStepStatus;
}

/** A scheduled step with everything a scanner may be told about it, in the clinic's words. */
export interface WorklistItem {
  readonly scheduledProcedureStepId: string;
  readonly bookingId: string;
  readonly scannerId: string;
  readonly status: ScheduledStepStatus;
  /** The first gate that keeps the step from every scanner, as it stands; null: none does. */
  readonly closedGate: GateCode | null;
  /** What is to be done about that gate, in a sentence; null: nothing. */
  readonly closedBecause: string | null;
  /** IANA name of the clock beside the scanner. */
  readonly timeZone: string;
  /** Left out: the scan itself. */
  readonly part?: ScanPart;
  readonly modality: string;
  readonly stationAETitle: string;
  readonly stationName: string;
  readonly startsAt: Temporal.Instant;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly procedureDescription: string;
  readonly referrerName: string | null;
  readonly priority: string;
  readonly cameraName: string;
  readonly patientId: string;
  readonly localNumber: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly middleNames: string | null;
  readonly namePrefix: string | null;
  readonly dateOfBirth: string;
  readonly sexForClinicalUse: SexForClinicalUse;
  /** What whoever scans should know of the patient, and of the tracer in them. */
  readonly care: WorklistCare;
}

export interface WorklistCare {
  /** Null: it does not apply, or nobody has asked and nobody must. */
  readonly pregnancy: PregnancyKnown | null;
  /** As it was measured for this scan, or else as the request says; null: not known. */
  readonly weightKg: number | null;
  /** In words, each once; none: none is recorded, which does not say that there is none. */
  readonly allergies: readonly string[];
  /** What can do harm: alerts of the day of the scan, and implants. */
  readonly alerts: readonly string[];
  /** What the patient needs, as it is shown beside the name. */
  readonly needs: readonly string[];
  /** By the record of the administration; null: nothing was injected yet. */
  readonly injection: WorklistInjection | null;
}

export interface WorklistInjection {
  readonly injectedAt: Temporal.Instant;
  /** In the patient at that moment. */
  readonly netActivityMbq: number;
  readonly tracerName: string;
  readonly halfLifeHours: number;
}

/** A scanner that may call: its profile, as admission and answers need it. */
export interface KnownScanner {
  readonly id: string;
  readonly cameraId: string;
  readonly callingAETitles: readonly string[];
  readonly sourceAddresses: readonly string[];
  readonly transport: ScannerTransport;
  readonly certificateSha256: string | null;
  readonly stationAETitle: string;
  readonly responseCharacterSet: ResponseCharacterSet;
  readonly ownStationByDefault: boolean;
  readonly ownItemsOnly: boolean;
  readonly hiddenStatuses: readonly ScheduledStepStatus[];
  readonly daysBefore: number;
  readonly daysAfter: number;
  readonly answersMax: number;
  /** IANA name of the clock beside it; its own, or else the clinic's. */
  readonly timeZone: string;
  readonly sendsEveryType2: boolean;
}
