import type { PerformedStepStatus } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { ScheduledReference } from './performed-step.rules.js';

/** What a scanner's data set says, in the clinic's words. */
export interface StepReport {
  readonly status: PerformedStepStatus;
  readonly performedProcedureStepId: string;
  readonly performedStationAETitle: string;
  readonly modality: string;
  readonly startedAt: Temporal.Instant;
  /** Null while it is in progress. */
  readonly endedAt: Temporal.Instant | null;
  readonly patientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly references: readonly ScheduledReference[];
  readonly description: string;
  readonly discontinuationReason: string | null;
  readonly seriesCount: number;
}

/** A scanner that speaks of a step. */
export interface StepCaller {
  readonly scannerId: string;
  readonly callingAETitle: string;
  /** Network address. */
  readonly source: string;
}

/** A message as it came, to be kept. */
export interface StepMessage {
  readonly sopInstanceUID: string;
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
}

/** A step as it stands after a message: to be kept, and what it says on the clock beside the scanner. */
export interface WrittenStep {
  readonly dataSet: Uint8Array;
  readonly report: StepReport;
}

/** What became of a change, judged by the protocol's rules under the lock of the stored step. */
export type JudgedChange<Problem> =
  | { readonly kind: 'changed'; readonly step: WrittenStep }
  | { readonly kind: 'already-final' }
  | { readonly kind: 'invalid'; readonly problem: Problem };

export type ChangeOutcome<Problem> =
  | { readonly kind: 'changed' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'already-final' }
  | { readonly kind: 'invalid'; readonly problem: Problem };
