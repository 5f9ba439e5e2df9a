import { ScanPart } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';

/** Early images are planar pictures of the gamma camera, whatever the scanner does hours later. */
const EARLY_MODALITY = 'NM';

/** When each part of a scan with early images is to begin. */
export interface PartStarts {
  readonly EARLY: Temporal.Instant;
  readonly DELAYED: Temporal.Instant;
}

/** One scheduled procedure step that a scanner is asked to do. */
export interface ScheduledScanStep {
  readonly part: ScanPart;
  readonly modality: string;
  /** The accession number and the step's place: unique, and within the 16 characters of a DICOM SH. */
  readonly stepId: string;
}

/**
 * What the scanner is asked to do for a booking, in order of time: the early images, when it has them, and the scan itself,
 * in one step for each modality that the console wants apart. All of it is one study with one accession number.
 */
export function scheduledSteps(
  accessionNumber: string,
  modalities: readonly string[],
  hasEarlyPart: boolean,
): readonly ScheduledScanStep[] {
  const delayed = modalities.map((modality, at) => ({
    part: ScanPart.DELAYED,
    modality,
    stepId: `${accessionNumber}.${at + 1}`,
  }));
  return hasEarlyPart
    ? [{ part: ScanPart.EARLY, modality: EARLY_MODALITY, stepId: earlyStepId(accessionNumber) }, ...delayed]
    : delayed;
}

export function earlyStepId(accessionNumber: string): string {
  return `${accessionNumber}.0`;
}

/** The accession number in a step id of ours. */
export function accessionNumberOf(stepId: string): string {
  const end = stepId.indexOf('.');
  return end < 0 ? stepId : stepId.slice(0, end);
}

/** The part that something which began then is likely to be: the one whose planned start is nearer. */
export function partNear(startedAt: Temporal.Instant, starts: PartStarts): ScanPart {
  const apart = (planned: Temporal.Instant) =>
    Math.abs(planned.epochMilliseconds - startedAt.epochMilliseconds);
  return apart(starts.EARLY) < apart(starts.DELAYED) ? ScanPart.EARLY : ScanPart.DELAYED;
}
