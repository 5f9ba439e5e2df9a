import { randomUUID } from 'node:crypto';
import { type DataSet, type DataSetInput, dataSet, uidFromUuid } from '../../src/dicom/index.js';

/** What a scanner says about a step, from the worklist's answer to the last image. For `MppsScu`. */

const nuclearMedicineImage = '1.2.840.10008.5.1.4.1.1.20';

/** A fresh UID, as a scanner would make one. */
export function newUid(): string {
  return uidFromUuid(randomUUID());
}

export interface StepBeginning {
  /** Answers to the worklist query; several when one step serves several scheduled ones. None: unscheduled. */
  readonly items?: readonly DataSet[];
  readonly sopInstanceUID?: string;
  /** YYYYMMDD and HHMMSS. */
  readonly startDate: string;
  readonly startTime: string;
  readonly stationAETitle?: string;
  readonly modality?: string;
  readonly performedStepId?: string;
  /** Leaves out what the standard wants present but allows empty, as real scanners do. */
  readonly leavesOutType2?: boolean;
  /** Added to the data set, or replacing what is there; `undefined` leaves an attribute out. */
  readonly changes?: DataSetInput;
}

export interface StepEnd {
  readonly endDate: string;
  readonly endTime: string;
  readonly series?: readonly DataSet[];
  readonly changes?: DataSetInput;
}

/** One step as a scanner performs it: what to send, in the order of the day. */
export interface PerformedStep {
  readonly sopInstanceUID: string;
  /** For N-CREATE: IN PROGRESS. */
  readonly begun: DataSet;
  /** For N-SET: what has been acquired so far. */
  progress(seriesSoFar: readonly DataSet[]): DataSet;
  /** For N-SET: COMPLETED, with one series of one image unless others are given. */
  completed(end: StepEnd): DataSet;
  /** For N-SET: DISCONTINUED, without series unless some are given. */
  discontinued(end: StepEnd): DataSet;
}

export function performedStep(beginning: StepBeginning): PerformedStep {
  const end = (status: string, series: readonly DataSet[], { endDate, endTime, changes }: StepEnd): DataSet =>
    dataSet({
      PerformedProcedureStepStatus: status,
      PerformedProcedureStepEndDate: endDate,
      PerformedProcedureStepEndTime: endTime,
      PerformedSeriesSequence: series,
      ...changes,
    });
  return {
    sopInstanceUID: beginning.sopInstanceUID ?? newUid(),
    begun: begin(beginning),
    progress: (seriesSoFar) =>
      dataSet({ PerformedProcedureStepStatus: 'IN PROGRESS', PerformedSeriesSequence: seriesSoFar }),
    completed: (given) => end('COMPLETED', given.series ?? [series()], given),
    discontinued: (given) => end('DISCONTINUED', given.series ?? [], given),
  };
}

/** An item of the Performed Series Sequence. */
export function series(changes: DataSetInput = {}, imageCount = 1): DataSet {
  return dataSet({
    PerformingPhysicianName: '',
    ProtocolName: 'Bone SPECT-CT',
    OperatorsName: '',
    SeriesInstanceUID: newUid(),
    SeriesDescription: 'Lumbar spine',
    RetrieveAETitle: '',
    ReferencedImageSequence: Array.from({ length: imageCount }, () => ({
      ReferencedSOPClassUID: nuclearMedicineImage,
      ReferencedSOPInstanceUID: newUid(),
    })),
    ReferencedNonImageCompositeSOPInstanceSequence: [],
    ...changes,
  });
}

function begin(beginning: StepBeginning): DataSet {
  const { items = [], leavesOutType2 = false, changes = {} } = beginning;
  const [first] = items;
  const step = first?.items('ScheduledProcedureStepSequence')[0];
  const type2 = {
    PatientName: first?.text('PatientName') ?? '',
    PatientID: first?.text('PatientID') ?? '',
    PatientBirthDate: first?.text('PatientBirthDate') ?? '',
    PatientSex: first?.text('PatientSex') ?? '',
    ReferencedPatientSequence: [],
    PerformedStationName: '',
    PerformedLocation: '',
    PerformedProcedureStepDescription: step?.text('ScheduledProcedureStepDescription') ?? '',
    PerformedProcedureTypeDescription: '',
    ProcedureCodeSequence: [],
    PerformedProcedureStepEndDate: '',
    PerformedProcedureStepEndTime: '',
    StudyID: '',
    PerformedProtocolCodeSequence: [],
    PerformedSeriesSequence: [],
  };
  return dataSet({
    SpecificCharacterSet: 'ISO_IR 192',
    ScheduledStepAttributesSequence:
      items.length === 0
        ? [scheduled(null, leavesOutType2)]
        : items.map((each) => scheduled(each, leavesOutType2)),
    ...(leavesOutType2 ? {} : type2),
    PerformedProcedureStepID: beginning.performedStepId ?? `P${beginning.startTime}`,
    PerformedStationAETitle: beginning.stationAETitle ?? (step?.text('ScheduledStationAETitle') || 'SPECT1'),
    PerformedProcedureStepStartDate: beginning.startDate,
    PerformedProcedureStepStartTime: beginning.startTime,
    PerformedProcedureStepStatus: 'IN PROGRESS',
    Modality: beginning.modality ?? (step?.text('Modality') || 'NM'),
    ...changes,
  });
}

function scheduled(answer: DataSet | null, leavesOutType2: boolean): DataSet {
  const step = answer?.items('ScheduledProcedureStepSequence')[0];
  const studyInstanceUID = answer?.text('StudyInstanceUID') || newUid();
  if (answer === null && leavesOutType2) return dataSet({ StudyInstanceUID: studyInstanceUID });
  return dataSet({
    StudyInstanceUID: studyInstanceUID,
    ReferencedStudySequence: leavesOutType2 ? undefined : [],
    AccessionNumber: answer?.text('AccessionNumber') ?? '',
    RequestedProcedureID: answer?.text('RequestedProcedureID') ?? '',
    RequestedProcedureDescription: answer?.text('RequestedProcedureDescription') ?? '',
    ScheduledProcedureStepID: step?.text('ScheduledProcedureStepID') ?? '',
    ScheduledProcedureStepDescription: step?.text('ScheduledProcedureStepDescription') ?? '',
    ScheduledProtocolCodeSequence: leavesOutType2 ? undefined : [],
  });
}
