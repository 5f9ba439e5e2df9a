// PS3.4 §K.6.1.2.2, Table K.6-1: the attributes of the Modality Worklist Information Model.

/**
 * 1: always has a value. 1C: absent or has a value, never empty. 2: present, perhaps empty. 3: may be left out.
 * Every requested attribute of another kind than 1C comes back, if only empty.
 */
export type ReturnType = '1' | '1C' | '2' | '2C' | '3';

export interface WorklistKey {
  readonly returnType: ReturnType;
  /** Is a value in the query used to select? A required key always is; an optional one only if we say so here. */
  readonly isMatched: boolean;
  /** For sequences: their attributes. */
  readonly items?: WorklistKeys;
}

export type WorklistKeys = Readonly<Record<string, WorklistKey>>;

const key = (returnType: ReturnType): WorklistKey => ({ returnType, isMatched: true });
const returned = (returnType: ReturnType): WorklistKey => ({ returnType, isMatched: false });
const sequence = (returnType: ReturnType, items: WorklistKeys): WorklistKey => ({
  returnType,
  isMatched: true,
  items,
});

const codeItem: WorklistKeys = {
  CodeValue: key('1'),
  CodingSchemeDesignator: key('1'),
  CodingSchemeVersion: returned('3'),
  CodeMeaning: returned('3'),
  LongCodeValue: returned('1C'),
  URNCodeValue: returned('1C'),
};

const referenceItem: WorklistKeys = {
  ReferencedSOPClassUID: key('1'),
  ReferencedSOPInstanceUID: key('1'),
};

const stepItem: WorklistKeys = {
  ScheduledStationAETitle: key('1'),
  ScheduledProcedureStepStartDate: key('1'),
  ScheduledProcedureStepStartTime: key('1'),
  Modality: key('1'),
  ScheduledPerformingPhysicianName: key('2'),
  ScheduledProcedureStepDescription: key('1C'),
  ScheduledStationName: key('2'),
  ScheduledProcedureStepLocation: key('2'),
  ScheduledProtocolCodeSequence: sequence('1C', codeItem),
  PreMedication: returned('2C'),
  ScheduledProcedureStepID: key('1'),
  RequestedContrastAgent: returned('2C'),
  ScheduledProcedureStepStatus: key('3'),
  ScheduledProcedureStepEndDate: returned('3'),
  ScheduledProcedureStepEndTime: returned('3'),
  CommentsOnTheScheduledProcedureStep: returned('3'),
};

/** PS3.3 §C.8.4.10: what was injected. No attribute of the worklist's table, and some consoles ask for it all the same. */
const radiopharmaceuticalItem: WorklistKeys = {
  Radiopharmaceutical: returned('3'),
  RadionuclideTotalDose: returned('3'),
  RadionuclideHalfLife: returned('3'),
  RadiopharmaceuticalStartDateTime: returned('3'),
};

/** Keyed by the keyword; attributes that are not here are unsupported: returned empty, never used to select. */
export const worklistKeys: WorklistKeys = {
  ScheduledProcedureStepSequence: sequence('1', stepItem),
  RequestedProcedureID: key('1'),
  RequestedProcedureDescription: key('1C'),
  RequestedProcedureCodeSequence: sequence('1C', codeItem),
  StudyInstanceUID: key('1'),
  StudyDate: returned('3'),
  StudyTime: returned('3'),
  ReferencedStudySequence: sequence('2', referenceItem),
  RequestedProcedurePriority: key('2'),
  PatientTransportArrangements: returned('2'),
  AccessionNumber: key('2'),
  RequestingPhysician: key('2'),
  ReferringPhysicianName: key('2'),
  RequestingService: key('3'),
  ReasonForTheRequestedProcedure: returned('3'),
  RequestedProcedureComments: returned('3'),
  ImagingServiceRequestComments: returned('3'),
  AdmissionID: key('2'),
  CurrentPatientLocation: key('2'),
  ReferencedPatientSequence: sequence('2', referenceItem),
  PatientName: key('1'),
  PatientID: key('1'),
  IssuerOfPatientID: key('3'),
  OtherPatientIDs: returned('3'),
  PatientBirthDate: key('2'),
  PatientSex: key('2'),
  PatientAge: returned('3'),
  PatientSize: returned('3'),
  PatientWeight: returned('2'),
  PatientAddress: returned('3'),
  PatientTelephoneNumbers: returned('3'),
  EthnicGroup: returned('3'),
  PatientComments: returned('3'),
  ConfidentialityConstraintOnPatientDataDescription: returned('2'),
  PatientState: returned('2'),
  PregnancyStatus: returned('2'),
  MedicalAlerts: returned('2'),
  Allergies: returned('2'),
  SpecialNeeds: returned('2'),
  LastMenstrualDate: returned('3'),
  InstitutionName: returned('3'),
  RadiopharmaceuticalInformationSequence: { ...returned('3'), items: radiopharmaceuticalItem },
  TimezoneOffsetFromUTC: returned('1C'),
};

/** Not about a patient: their values may stand in a log (paths inside an identifier). */
export const loggableKeys: ReadonlySet<string> = new Set([
  'ScheduledProcedureStepSequence.ScheduledStationAETitle',
  'ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime',
  'ScheduledProcedureStepSequence.Modality',
]);
