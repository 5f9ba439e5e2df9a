import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { ResponseCharacterSet, SexForClinicalUse } from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

@ObjectType({ description: 'One scheduled procedure step that the scanner is offered on its worklist.' })
export class WorklistEntry {
  @Field(() => ID, { description: 'DICOM Scheduled Procedure Step ID (0040,0009).' })
  readonly scheduledProcedureStepId: string;

  @Field(() => ID, { description: 'The booking it belongs to.' })
  readonly scanBookingId: string;

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
}

/** A scheduled step with everything a scanner may be told about it, in the clinic's words. */
export interface WorklistItem {
  readonly scheduledProcedureStepId: string;
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
}

/** What a search of the worklist narrows by before DICOM's own matching; null: do not narrow. */
export interface WorklistSearch {
  readonly stationAETitles: readonly string[] | null;
  readonly modalities: readonly string[] | null;
  /** Starting at or after. */
  readonly from: Temporal.Instant | null;
  /** Starting before. */
  readonly until: Temporal.Instant | null;
  readonly localNumber: string | null;
  readonly accessionNumber: string | null;
  readonly scheduledProcedureStepId: string | null;
}

/** A scanner that may call, and how to speak with it. */
export interface KnownScanner {
  readonly id: string;
  readonly stationAETitle: string;
  readonly responseCharacterSet: ResponseCharacterSet;
  readonly ownStationByDefault: boolean;
  readonly answersMax: number;
}
