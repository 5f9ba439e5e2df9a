import { type DataSet, dataSet } from '../../dicom/index.js';
import { ScanPart, SexForClinicalUse } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import type { WorklistItem } from './worklist.type.js';

// The border: on one side the clinic's words, on the other DICOM's. PS3.4 Annex K, PS3.3 §C.4.10 to C.4.12.

/** The priorities of Requested Procedure Priority (0040,1003), PS3.3 §C.4.11. */
const PRIORITY: Readonly<Record<string, string>> = {
  ROUTINE: 'ROUTINE',
  URGENT: 'HIGH',
  TWO_WEEK_WAIT: 'HIGH',
};

const EARLY_DESCRIPTION = 'Early images';

const TITLES = new Set(['dr', 'mr', 'mrs', 'ms', 'miss', 'mx', 'prof', 'professor', 'sir', 'dame']);

/** A patient's name as PN: family^given^middle^prefix, without empty components at the end (PS3.5 §6.2.1). */
export function patientNameOf(item: WorklistItem): string {
  return joinComponents([item.familyName, item.givenName, item.middleNames ?? '', item.namePrefix ?? '']);
}

/** A name written as people write it, as PN: "Dr Amelia Hart" is Hart^Amelia^^Dr. */
export function personNameOf(written: string): string {
  const words = written
    .replace(/[\\^=\p{Cc}]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
  const prefix: string[] = [];
  while (words.length > 1 && TITLES.has((words[0] ?? '').replace(/\.$/, '').toLowerCase())) {
    prefix.push(words.shift() ?? '');
  }
  const family = words.pop() ?? '';
  const [given = '', ...middle] = words;
  return joinComponents([family, given, middle.join(' '), prefix.join(' ')]).slice(0, 64);
}

function joinComponents(components: readonly string[]): string {
  return components.join('^').replace(/\^+$/, '');
}

/** Patient's Sex (0010,0040): M, F, O, or empty when it is not known (type 2). */
export function patientSexOf(sex: SexForClinicalUse): string {
  switch (sex) {
    case SexForClinicalUse.FEMALE:
      return 'F';
    case SexForClinicalUse.MALE:
      return 'M';
    case SexForClinicalUse.SPECIFIED:
      return 'O';
    case SexForClinicalUse.UNKNOWN:
      return '';
  }
}

/** Which of the two is to be done, for the person at the console; the study is called the same. */
function stepDescriptionOf({ part, procedureDescription }: WorklistItem): string {
  return part === ScanPart.EARLY ? EARLY_DESCRIPTION : procedureDescription;
}

/** A scheduled step as a worklist item, with its date and time on the wall clock beside the scanner. */
export function toDataSet(item: WorklistItem): DataSet {
  const start = item.startsAt.toZonedDateTimeISO(item.timeZone);
  const local = start.toPlainDateTime();
  const [year, month, day] = item.dateOfBirth.split('-');
  return dataSet({
    // Of that moment: the offset changes with the clocks.
    TimezoneOffsetFromUTC: start.offset.replace(':', ''),
    AccessionNumber: item.accessionNumber,
    ReferringPhysicianName: item.referrerName === null ? '' : personNameOf(item.referrerName),
    PatientName: patientNameOf(item),
    PatientID: item.localNumber,
    PatientBirthDate: `${year}${month}${day}`,
    PatientSex: patientSexOf(item.sexForClinicalUse),
    StudyInstanceUID: item.studyInstanceUID,
    RequestingPhysician: item.referrerName === null ? '' : personNameOf(item.referrerName),
    RequestedProcedureDescription: item.procedureDescription,
    RequestedProcedureID: item.accessionNumber,
    RequestedProcedurePriority: PRIORITY[item.priority] ?? 'ROUTINE',
    ScheduledProcedureStepSequence: [
      {
        Modality: item.modality,
        ScheduledStationAETitle: item.stationAETitle,
        ScheduledProcedureStepStartDate: dicomDate(local),
        ScheduledProcedureStepStartTime: dicomTime(local),
        ScheduledPerformingPhysicianName: '',
        ScheduledProcedureStepDescription: stepDescriptionOf(item),
        ScheduledProcedureStepID: item.scheduledProcedureStepId,
        ScheduledStationName: item.stationName,
        ScheduledProcedureStepLocation: shortString(item.cameraName),
        ScheduledProcedureStepStatus: item.status,
      },
    ],
  });
}

/** PS3.5 §6.2, SH: at most 16 characters, without backslash and control characters. */
function shortString(text: string): string {
  return [...text.replace(/[\\\p{Cc}]/gu, ' ')].slice(0, 16).join('').trim();
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function dicomDate(local: Temporal.PlainDateTime): string {
  return `${pad(local.year, 4)}${pad(local.month, 2)}${pad(local.day, 2)}`;
}

function dicomTime(local: Temporal.PlainDateTime): string {
  return `${pad(local.hour, 2)}${pad(local.minute, 2)}${pad(local.second, 2)}`;
}
