import { resultUnion } from '../../platform/graphql/result-union.js';
import { GateClosed } from '../gates/gate.refusals.js';
import {
  BatchDiscarded,
  BatchExpired,
  BatchNotPreparedYet,
  StockTooSmall,
  TracerDiffers,
} from '../radiopharmacy/batch.refusals.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import {
  ActivityImplausible,
  AdministrationChangedMeanwhile,
  AdministrationVoid,
  AlreadyAdministered,
  DepartureNeedsReason,
  DoseProtocolMissing,
  InjectionTimeImplausible,
  MeasurementOutOfOrder,
  NoGateWasClosed,
  PatientNotHere,
  ResidualAlreadyRecorded,
  ResidualExceedsDose,
  StaffNotEntitled,
} from './administration.refusals.js';
import { Administration } from './administration.type.js';

/** A batch that cannot have been drawn from so. */
const BATCH_USE_REFUSALS = [
  BatchExpired,
  BatchNotPreparedYet,
  BatchDiscarded,
  StockTooSmall,
  TracerDiffers,
] as const;

/** What can be wrong with the figures and times of an injection, whichever entry says them. */
const FIGURES = [
  InjectionTimeImplausible,
  MeasurementOutOfOrder,
  ResidualExceedsDose,
  ActivityImplausible,
  DepartureNeedsReason,
  StaffNotEntitled,
] as const;

export const RECORD_ADMINISTRATION_REFUSALS = [
  PatientNotHere,
  AlreadyAdministered,
  DoseProtocolMissing,
  GateClosed,
  ...FIGURES,
  ...BATCH_USE_REFUSALS,
  IdempotencyKeyReused,
] as const;

export const REPORT_ADMINISTRATION_REFUSALS = [
  PatientNotHere,
  AlreadyAdministered,
  DoseProtocolMissing,
  NoGateWasClosed,
  ...FIGURES,
  ...BATCH_USE_REFUSALS,
  IdempotencyKeyReused,
] as const;

const ADDENDUM = [AdministrationVoid, AdministrationChangedMeanwhile, IdempotencyKeyReused] as const;

export const RECORD_RESIDUAL_REFUSALS = [
  ...ADDENDUM,
  ResidualAlreadyRecorded,
  MeasurementOutOfOrder,
  ResidualExceedsDose,
  StaffNotEntitled,
] as const;

export const CORRECT_ADMINISTRATION_REFUSALS = [
  ...ADDENDUM,
  ...FIGURES,
  ...BATCH_USE_REFUSALS,
  DoseProtocolMissing,
] as const;

export const VOID_ADMINISTRATION_REFUSALS = ADDENDUM;

export const RecordAdministrationResult = resultUnion(
  'RecordAdministrationResult',
  Administration,
  RECORD_ADMINISTRATION_REFUSALS,
  'The administration, or why nothing was recorded.',
);

export const ReportAdministrationOutsideGatesResult = resultUnion(
  'ReportAdministrationOutsideGatesResult',
  Administration,
  REPORT_ADMINISTRATION_REFUSALS,
  'The administration, or why nothing was recorded.',
);

export const RecordResidualResult = resultUnion(
  'RecordResidualResult',
  Administration,
  RECORD_RESIDUAL_REFUSALS,
  'The administration with its residual, or why it stays as it is.',
);

export const CorrectAdministrationResult = resultUnion(
  'CorrectAdministrationResult',
  Administration,
  CORRECT_ADMINISTRATION_REFUSALS,
  'The administration with the addendum, or why it stays as it is.',
);

export const VoidAdministrationResult = resultUnion(
  'VoidAdministrationResult',
  Administration,
  VOID_ADMINISTRATION_REFUSALS,
  'The administration, taken back, or why it stays as it is.',
);
