import {
  type PerformedStepStatus,
  type ScanBookingStatus,
  type ScanOutcome,
  UnmatchedReason,
} from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { PerformedStepOfSomebodyElse } from './performed-step.refusals.js';
import { accessionNumberOf, type PartStarts, partNear, scheduledSteps } from './scan-part.rules.js';

/** What a scanner's message says about the scheduled step that it does; `''` where it says nothing. */
export interface ScheduledReference {
  readonly scheduledProcedureStepId: string;
  readonly accessionNumber: string;
  readonly requestedProcedureId: string;
  readonly studyInstanceUID: string;
}

/** Whom the scanner says it scanned, as it was told. */
export interface ToldPatient {
  readonly patientId: string;
  /** YYYYMMDD */
  readonly patientBirthDate: string;
}

/** What to look bookings up by. Ours are the same for accession number and requested procedure. */
export interface Identifiers {
  readonly accessionNumbers: readonly string[];
  readonly studyInstanceUIDs: readonly string[];
}

export function identifiersOf(references: readonly ScheduledReference[]): Identifiers {
  const accessionNumbers = references.flatMap((reference) => [
    accessionNumberOf(reference.scheduledProcedureStepId),
    reference.accessionNumber,
    reference.requestedProcedureId,
  ]);
  const studyInstanceUIDs = references.map((reference) => reference.studyInstanceUID);
  return { accessionNumbers: distinct(accessionNumbers), studyInstanceUIDs: distinct(studyInstanceUIDs) };
}

/** A booking that one of the identifiers leads to. */
export interface Candidate {
  readonly bookingId: string;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly status: ScanBookingStatus;
  /** Of the scanner at the booking's camera. */
  readonly modalities: readonly string[];
  /** When its parts are to begin; null or left out: it has no early images. */
  readonly partStarts?: PartStarts | null;
  readonly localNumber: string;
  /** Of records that were merged into the patient's: what a scanner may still have been told. Left out: none. */
  readonly formerLocalNumbers?: readonly string[];
  /** YYYY-MM-DD */
  readonly dateOfBirth: string;
}

export type Match =
  | { readonly bookingId: string; readonly scheduledStepIds: readonly string[] }
  | { readonly bookingId: null; readonly reason: UnmatchedReason };

const unmatched = (reason: UnmatchedReason): Match => ({ bookingId: null, reason });

/**
 * Which booking a step belongs to. Whatever the identifiers are, they must lead to one booking and to the patient whom
 * the scanner names: the images of one person in the record of another cannot be seen to be wrong later. What is not
 * certain is kept for a person to decide.
 */
export function matchStep(
  references: readonly ScheduledReference[],
  modality: string,
  told: ToldPatient & { readonly startedAt?: Temporal.Instant },
  candidates: readonly Candidate[],
): Match {
  const [candidate, ...others] = candidates;
  if (candidate === undefined) {
    const { accessionNumbers } = identifiersOf(references);
    return unmatched(
      accessionNumbers.length === 0 ? UnmatchedReason.NO_IDENTIFIERS : UnmatchedReason.UNKNOWN_IDENTIFIERS,
    );
  }
  if (others.length > 0) return unmatched(UnmatchedReason.IDENTIFIERS_DISAGREE);
  if (!isSamePatient(told, candidate)) return unmatched(UnmatchedReason.PATIENT_DIFFERS);
  if (candidate.status === 'CANCELLED') return unmatched(UnmatchedReason.BOOKING_CANCELLED);
  if (!isNamed(told) && !namesStudyOf(references, candidate)) {
    return unmatched(UnmatchedReason.PATIENT_NOT_NAMED);
  }
  return {
    bookingId: candidate.bookingId,
    scheduledStepIds: scheduledStepsOf(references, modality, candidate, told.startedAt ?? null),
  };
}

/**
 * The Patient ID decides: names change while a step is on the scanner. A message without one is held against the date of
 * birth, the only other thing that does not change with a marriage or a spelling.
 */
export function isSamePatient(
  told: ToldPatient,
  patient: Pick<Candidate, 'localNumber' | 'formerLocalNumbers' | 'dateOfBirth'>,
): boolean {
  const id = told.patientId.trim().toUpperCase();
  const numbers = [patient.localNumber, ...(patient.formerLocalNumbers ?? [])];
  if (id !== '') return numbers.some((number) => number.toUpperCase() === id);
  const born = birthDateOf(told);
  return born === '' || born === patient.dateOfBirth.replaceAll('-', '');
}

function isNamed(told: ToldPatient): boolean {
  return told.patientId.trim() !== '' || birthDateOf(told) !== '';
}

function birthDateOf(told: ToldPatient): string {
  return told.patientBirthDate.replace(/\D/g, '');
}

/**
 * A Study Instance UID is copied from the worklist item and never typed, so it stands for the patient whom the message
 * does not name; the short numbers can be mistyped into another patient's.
 */
function namesStudyOf(
  references: readonly ScheduledReference[],
  { studyInstanceUID }: Pick<Candidate, 'studyInstanceUID'>,
): boolean {
  return references.some((reference) => reference.studyInstanceUID.trim() === studyInstanceUID);
}

/**
 * By step id; where the scanner sends none, by its modality; where that does not tell, all of the booking's steps. Of a
 * booking with early images only those of the part whose planned start is nearest to when the scanner began.
 */
export function scheduledStepsOf(
  references: readonly Pick<ScheduledReference, 'scheduledProcedureStepId'>[],
  modality: string,
  booking: Pick<Candidate, 'accessionNumber' | 'modalities' | 'partStarts'>,
  startedAt: Temporal.Instant | null = null,
): readonly string[] {
  const { accessionNumber, modalities, partStarts = null } = booking;
  const all = scheduledSteps(accessionNumber, modalities, partStarts !== null);
  const told = distinct(references.map((reference) => reference.scheduledProcedureStepId));
  const named = told.filter((id) => all.some(({ stepId }) => stepId === id));
  if (named.length > 0) return named;
  const part = partStarts === null || startedAt === null ? null : partNear(startedAt, partStarts);
  const possible = all.filter((step) => part === null || step.part === part);
  const ofModality = possible.find((step) => step.modality === modality);
  if (ofModality !== undefined) return [ofModality.stepId];
  return possible.length > 0 ? possible.map(({ stepId }) => stepId) : [`${accessionNumber}.1`];
}

/** A person may attach what the scanner could not, but not one registered patient's scan to another's booking. */
export function canAttach(
  told: ToldPatient,
  toldPatientIsRegistered: boolean,
  patient: Pick<Candidate, 'localNumber' | 'formerLocalNumbers' | 'dateOfBirth'>,
): PerformedStepOfSomebodyElse | null {
  if (!toldPatientIsRegistered || isSamePatient(told, patient)) return null;
  return new PerformedStepOfSomebodyElse(told.patientId.trim());
}

/** Has the scanner, after a person closed the booking in its place, said something else? What it said before, that person knew. */
export function contradictsClosing(
  step: { readonly status: PerformedStepStatus; readonly changedAt: Temporal.Instant },
  closing: { readonly closedAs: ScanOutcome | null; readonly closedAt: Temporal.Instant | null },
): boolean {
  const { closedAs, closedAt } = closing;
  if (closedAs === null || closedAt === null || step.status === closedAs) return false;
  return step.changedAt.epochMilliseconds > closedAt.epochMilliseconds;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
}
