// PS3.4 Table F.7.2-1 (N-CREATE, N-SET and final state) and Table F.8.2-1 (N-GET): what a performed step consists of.
import { mustFindKeyword, type Tag } from '../dataset/index.js';

const tagOf = (keyword: string): Tag => mustFindKeyword(keyword).tag;

/** Type 1 at N-CREATE, beside the Study Instance UID of each item of the Scheduled Step Attributes Sequence. */
export const requiredAtCreate: readonly string[] = [
  'PerformedProcedureStepID',
  'PerformedStationAETitle',
  'PerformedProcedureStepStartDate',
  'PerformedProcedureStepStartTime',
  'PerformedProcedureStepStatus',
  'Modality',
];

/** Type 1 in each item of the Scheduled Step Attributes Sequence. */
export const requiredOfScheduledStep: readonly string[] = ['StudyInstanceUID'];

/** Type 1 once the step is COMPLETED or DISCONTINUED, beside the Performed Series Sequence. */
export const requiredAtEnd: readonly string[] = [
  'PerformedProcedureStepEndDate',
  'PerformedProcedureStepEndTime',
];

/**
 * Type 1 in each item of the Performed Series Sequence once the step has ended. What the standard has as type 2 there
 * (physician, operators, description, Retrieve AE Title, both lists of images) may be left out.
 */
export const requiredOfSeries: readonly string[] = ['SeriesInstanceUID', 'ProtocolName'];

/** "Not allowed" at N-SET: whose step it is, what was planned, where and when it began. */
export const fixedTags: ReadonlySet<Tag> = new Set(
  [
    'ScheduledStepAttributesSequence',
    'PatientName',
    'PatientID',
    'IssuerOfPatientID',
    'IssuerOfPatientIDQualifiersSequence',
    'OtherPatientIDsSequence',
    'PatientBirthDate',
    'PatientSex',
    'ReferencedPatientSequence',
    'AdmissionID',
    'IssuerOfAdmissionIDSequence',
    'ServiceEpisodeID',
    'IssuerOfServiceEpisodeIDSequence',
    'ServiceEpisodeDescription',
    'PerformedProcedureStepID',
    'PerformedStationAETitle',
    'PerformedStationName',
    'PerformedLocation',
    'PerformedProcedureStepStartDate',
    'PerformedProcedureStepStartTime',
    'Modality',
    'StudyID',
  ].map(tagOf),
);

/** Values that are judged wherever they appear, being compared or used as names later. */
export const judgedWhenPresent: readonly string[] = [
  'PerformedProcedureStepEndDate',
  'PerformedProcedureStepEndTime',
];

/** Type 2 for us at N-GET: when the scanner left them out they are answered with zero length. */
export const type2 = new Map(
  [
    'PatientName',
    'PatientID',
    'PatientBirthDate',
    'PatientSex',
    'ReferencedPatientSequence',
    'PerformedStationName',
    'PerformedLocation',
    'PerformedProcedureStepDescription',
    'PerformedProcedureTypeDescription',
    'ProcedureCodeSequence',
    'PerformedProcedureStepEndDate',
    'PerformedProcedureStepEndTime',
    'StudyID',
    'PerformedProtocolCodeSequence',
    'PerformedSeriesSequence',
  ].map((keyword) => {
    const entry = mustFindKeyword(keyword);
    return [entry.tag, entry] as const;
  }),
);
