import { resultUnion } from '../../platform/graphql/result-union.js';
import {
  AlreadyWitnessed,
  CheckAlreadyDecided,
  CheckAlreadyMade,
  CheckNotOnTheDay,
  CheckReplaced,
  NotEntitledToCheck,
  NothingToDecide,
  NotToBeDecided,
  SafetyItemsDiffer,
  VisitNotToBeChecked,
  WitnessIsAsker,
} from './check.refusals.js';
import {
  BreastFeedingEnquiry,
  CheckDecision,
  IdentityCheck,
  PregnancyEnquiry,
  SafetyCheck,
} from './check.type.js';

const NOT_MADE = [CheckNotOnTheDay, VisitNotToBeChecked, CheckAlreadyMade] as const;
const NOT_ASKED = [...NOT_MADE, NotEntitledToCheck] as const;

export const RecordIdentityCheckResult = resultUnion(
  'RecordIdentityCheckResult',
  IdentityCheck,
  NOT_ASKED,
  'The record, or why there is none.',
);
export const RecordPregnancyEnquiryResult = resultUnion(
  'RecordPregnancyEnquiryResult',
  PregnancyEnquiry,
  NOT_ASKED,
  'The record, or why there is none.',
);
export const RecordBreastFeedingEnquiryResult = resultUnion(
  'RecordBreastFeedingEnquiryResult',
  BreastFeedingEnquiry,
  NOT_ASKED,
  'The record, or why there is none.',
);
export const RecordSafetyCheckResult = resultUnion(
  'RecordSafetyCheckResult',
  SafetyCheck,
  [...NOT_MADE, SafetyItemsDiffer],
  'The record, or why there is none.',
);
export const WitnessPregnancyEnquiryResult = resultUnion(
  'WitnessPregnancyEnquiryResult',
  PregnancyEnquiry,
  [CheckNotOnTheDay, VisitNotToBeChecked, CheckReplaced, WitnessIsAsker, AlreadyWitnessed],
  'The record with its witness, or why it has none.',
);
export const DecideOnCheckResult = resultUnion(
  'DecideOnCheckResult',
  CheckDecision,
  [
    ...[CheckNotOnTheDay, VisitNotToBeChecked, CheckReplaced, NothingToDecide, NotToBeDecided],
    ...[NotEntitledToCheck, CheckAlreadyDecided],
  ],
  'The decision, or why there is none.',
);
