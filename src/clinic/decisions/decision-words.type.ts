import { registerEnumType } from '@nestjs/graphql';
import {
  ActionOutcomeKind,
  CaseDecisionStatus,
  DecisionActionKind,
  DecisionActionStatus,
  DecisionKind,
  DecisionLetterStatus,
  LetterAudience,
  PatientChoice,
} from '../../platform/database/generated/enums.js';

export const TEXT_CHARACTERS_MAX = 10_000;
export const LINE_CHARACTERS_MAX = 1_000;
/** More than a team considers in one discussion. */
export const ENTRIES_MAX = 30;
export const SOME_TEXT = /^(?=.*\S)(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/su;
export const READABLE = { message: '$property: must not be blank or contain control characters' };
export const FINGERPRINT = /^[0-9a-f]{64}$/i;

registerEnumType(CaseDecisionStatus, {
  name: 'CaseDecisionStatus',
  description: 'How far a decision is.',
  valuesMap: {
    TYPED: { description: 'Typed, and not checked as it stands.' },
    CHECKED: { description: 'The nominated clinician has found it right.' },
    SIGNED: { description: 'Signed. It is only added to.' },
  },
});

registerEnumType(DecisionKind, {
  name: 'DecisionKind',
  description: 'What came of a discussion.',
  valuesMap: {
    RECOMMENDATION: { description: 'The team recommends something.' },
    NO_DECISION: { description: 'Nothing was decided. Needs no quorum.' },
    DEFERRED: { description: 'It waits for something.' },
  },
});

registerEnumType(PatientChoice, {
  name: 'PatientChoice',
  description: 'What patient and clinician have decided.',
  valuesMap: {
    ACCEPTED: { description: 'To go ahead with what is recommended.' },
    OTHER_OPTION: { description: 'To do something else.' },
    DECLINED: { description: 'Not to do it.' },
    WANTS_TIME: { description: 'To think about it.' },
  },
});

registerEnumType(DecisionActionKind, {
  name: 'DecisionActionKind',
  description: 'What is to be done because of a decision.',
  valuesMap: {
    SCAN_REQUEST: { description: 'Ask for a scan.' },
    TREATMENT_REQUEST: { description: 'Ask for a treatment.' },
    PHYSIOTHERAPY_SERIES: { description: 'Ask for a series of visits.' },
    LETTER: { description: 'Write a letter.' },
    OTHER: { description: 'Something else.' },
  },
});

registerEnumType(DecisionActionStatus, {
  name: 'DecisionActionStatus',
  description: 'Where an action stands.',
  valuesMap: {
    OPEN: { description: 'Nobody has started.' },
    STARTED: { description: 'Under way.' },
    DONE: { description: 'Done.' },
    CANCELLED: { description: 'Not to be done.' },
  },
});

registerEnumType(ActionOutcomeKind, {
  name: 'ActionOutcomeKind',
  description: 'What an action has made.',
  valuesMap: {
    IMAGING_REQUEST: { description: 'A request for a scan.' },
    TREATMENT: { description: 'A treatment.' },
    VISIT_REQUEST: { description: 'A request for visits.' },
    DECISION_LETTER: { description: 'A letter.' },
  },
});

registerEnumType(LetterAudience, {
  name: 'LetterAudience',
  description: 'For whom a letter about a decision is.',
  valuesMap: {
    PATIENT: { description: 'The patient, in plain words.' },
    GP: { description: 'The patient’s GP.' },
    REFERRER: { description: 'Whoever referred the patient.' },
  },
});

registerEnumType(DecisionLetterStatus, {
  name: 'DecisionLetterStatus',
  description: 'Where a letter stands.',
  valuesMap: {
    DRAFT: { description: 'Being written.' },
    APPROVED: { description: 'Approved by a clinician, and sent once.' },
    DISCARDED: { description: 'Put away.' },
  },
});
