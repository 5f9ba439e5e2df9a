import { registerEnumType } from '@nestjs/graphql';
import {
  CaseEventKind,
  CaseExhibitKind,
  CaseProposalStatus,
  CaseSourceKind,
  MeetingCaseStatus,
  MeetingCaseUrgency,
  MeetingMode,
  MeetingStatus,
} from '../../platform/database/generated/enums.js';
import { CaseAction } from './meeting.rules.js';

registerEnumType(MeetingMode, {
  name: 'MeetingMode',
  description: 'How people meet.',
  valuesMap: {
    IN_PERSON: { description: 'In a room.' },
    VIRTUAL: { description: 'By video.' },
    HYBRID: { description: 'In a room and by video.' },
  },
});

registerEnumType(MeetingStatus, {
  name: 'MeetingStatus',
  description: 'Where a meeting stands.',
  valuesMap: {
    PLANNED: { description: 'Its list is open.' },
    AGENDA_CLOSED: { description: 'Its list is closed; what comes now is late and says why.' },
    IN_SESSION: { description: 'The team meets.' },
    CLOSED: { description: 'Over.' },
    CANCELLED: { description: 'Did not take place; its cases went back.' },
  },
});

registerEnumType(MeetingCaseStatus, {
  name: 'MeetingCaseStatus',
  description: 'Where a case stands.',
  valuesMap: {
    PROPOSED: { description: 'Brought, and on no list yet.' },
    LISTED: { description: 'On the list of a meeting.' },
    DISCUSSED: { description: 'The team has discussed it.' },
    DEFERRED: { description: 'Taken off a list undiscussed; it can be listed again.' },
    WITHDRAWN: { description: 'Taken back for good.' },
  },
});

registerEnumType(MeetingCaseUrgency, {
  name: 'MeetingCaseUrgency',
  description: 'Why a case cannot wait for the next list.',
  valuesMap: {
    URGENT: { description: 'Waiting for the next meeting would do harm.' },
    EMERGENCY: { description: 'Something has to be decided at once.' },
  },
});

registerEnumType(CaseSourceKind, {
  name: 'CaseSourceKind',
  description: 'What brings a patient before the team.',
  valuesMap: {
    REFERRAL: { description: 'A referral.' },
    FINDING: { description: 'A report of a scan with findings; its id is the report’s.' },
    FAILED_TREATMENT: { description: 'A treatment that did not help; its id is the treatment’s.' },
    REQUEST: { description: 'Somebody asked; its id is that of what they asked with.' },
  },
});

registerEnumType(CaseExhibitKind, {
  name: 'CaseExhibitKind',
  description: 'What is shown to the team.',
  valuesMap: {
    SCAN_REPORT: { description: 'A signed version of a report.' },
    SCORE: { description: 'A score of a questionnaire, as it was given.' },
    IMAGES: { description: 'Images, by their Study Instance UID.' },
    DOCUMENT: { description: 'A version of a document, by the SHA-256 of its content.' },
  },
});

registerEnumType(CaseEventKind, {
  name: 'CaseEventKind',
  description: 'What happened to a case.',
  valuesMap: {
    PROPOSED: { description: 'It was brought.' },
    PREPARED: { description: 'Question, people, proforma or what is shown changed.' },
    LISTED: { description: 'It was put on a list.' },
    LISTED_LATE: { description: 'It was put on a list that was closed.' },
    BEGUN: { description: 'The team began to discuss it.' },
    ENDED: { description: 'The discussion ended.' },
    DEFERRED: { description: 'It was taken off the list undiscussed.' },
    WITHDRAWN: { description: 'It was taken back for good.' },
  },
});

registerEnumType(CaseProposalStatus, {
  name: 'CaseProposalStatus',
  description: 'What became of a proposal.',
  valuesMap: {
    OPEN: { description: 'Nobody has looked at it.' },
    ACCEPTED: { description: 'It is a case now.' },
    DISMISSED: { description: 'It is no matter for the team, and says why.' },
    WITHDRAWN: { description: 'The system made it, and what it stood on was put right: it says how.' },
  },
});

registerEnumType(CaseAction, {
  name: 'MeetingCaseAction',
  description: 'What can be done with a case.',
  valuesMap: {
    PREPARE: { description: 'prepareCase, writeCaseProforma, showToTeam.' },
    LIST: { description: 'listCase.' },
    BEGIN: { description: 'beginCase.' },
    END: { description: 'endCase.' },
    DEFER: { description: 'deferCase.' },
    WITHDRAW: { description: 'withdrawCase.' },
  },
});
