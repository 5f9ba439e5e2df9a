import { type DataSet, dataSet } from '../../dicom/index.js';
import { ScanPart, SexForClinicalUse } from '../../platform/database/generated/enums.js';
import { formatLocalDateTime, type Temporal } from '../../platform/time/index.js';
import type { WorklistInjection, WorklistItem } from './worklist.type.js';
import { oneText, plainText, severalTexts } from './worklist-care.dicom.js';
import type { PregnancyKnown } from './worklist-care.rules.js';

// The border: on one side the clinic's words, on the other DICOM's. PS3.4 Annex K, PS3.3 §C.4.10 to C.4.12.

/** The priorities of Requested Procedure Priority (0040,1003), PS3.3 §C.4.11. */
const PRIORITY: Readonly<Record<string, string>> = {
  ROUTINE: 'ROUTINE',
  URGENT: 'HIGH',
  TWO_WEEK_WAIT: 'HIGH',
};

const EARLY_DESCRIPTION = 'Early images';

const SECONDS_PER_HOUR = 3_600;

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

/** Pregnancy Status (0010,21C0), PS3.3 §C.2.3: 1 not pregnant, 2 possibly, 3 definitely, 4 unknown. */
const PREGNANCY: Readonly<Record<PregnancyKnown, number>> = {
  NOT_PREGNANT: 1,
  POSSIBLY_PREGNANT: 2,
  PREGNANT: 3,
  UNKNOWN: 4,
};

/** A scheduled step as a worklist item, with its date and time on the wall clock beside the scanner. */
export function toDataSet(item: WorklistItem): DataSet {
  const start = item.startsAt.toZonedDateTimeISO(item.timeZone);
  const local = start.toPlainDateTime();
  const [year, month, day] = item.dateOfBirth.split('-');
  const { pregnancy, weightKg, allergies, alerts, needs, injection } = item.care;
  return dataSet({
    // Of that moment: the offset changes with the clocks.
    TimezoneOffsetFromUTC: start.offset.replace(':', ''),
    AccessionNumber: item.accessionNumber,
    ReferringPhysicianName: item.referrerName === null ? '' : personNameOf(item.referrerName),
    PatientName: patientNameOf(item),
    PatientID: item.localNumber,
    PatientBirthDate: `${year}${month}${day}`,
    PatientSex: patientSexOf(item.sexForClinicalUse),
    PatientWeight: weightKg === null ? undefined : decimal(weightKg, 1),
    MedicalAlerts: ifAny(severalTexts(alerts)),
    Allergies: ifAny(severalTexts(allergies)),
    PregnancyStatus: pregnancy === null ? undefined : PREGNANCY[pregnancy],
    SpecialNeeds: ifAny(oneText(needs)),
    StudyInstanceUID: item.studyInstanceUID,
    RequestingPhysician: item.referrerName === null ? '' : personNameOf(item.referrerName),
    RequestedProcedureDescription: item.procedureDescription,
    RequestedProcedureID: item.accessionNumber,
    RequestedProcedurePriority: PRIORITY[item.priority] ?? 'ROUTINE',
    RadiopharmaceuticalInformationSequence:
      injection === null ? undefined : [radiopharmaceuticalOf(injection, item.timeZone)],
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
        CommentsOnTheScheduledProcedureStep:
          injection === null ? undefined : injectionInWords(injection, item.timeZone),
      },
    ],
  });
}

/** What was injected, for the person at the console: a net activity at a moment, on the wall clock beside the scanner. */
function injectionInWords(injection: WorklistInjection, timeZone: string): string {
  const { netActivityMbq, tracerName, injectedAt } = injection;
  const at = formatLocalDateTime(injectedAt, timeZone);
  return plainText(`Injected ${decimal(netActivityMbq, 1)} MBq net of ${tracerName} on ${at}.`);
}

/**
 * The same for programs: in MBq, as nuclear medicine images have Radionuclide Total Dose (PS3.3 §C.8.4.10), and the
 * half-life in seconds. The moment says its own offset from UTC, so that it is right on any clock.
 */
function radiopharmaceuticalOf(injection: WorklistInjection, timeZone: string) {
  const at = injection.injectedAt.toZonedDateTimeISO(timeZone);
  const local = at.toPlainDateTime();
  return {
    Radiopharmaceutical: oneText([injection.tracerName]),
    RadiopharmaceuticalStartDateTime: `${dicomDate(local)}${dicomTime(local)}${at.offset.replace(':', '')}`,
    RadionuclideTotalDose: decimal(injection.netActivityMbq, 3),
    RadionuclideHalfLife: decimal(injection.halfLifeHours * SECONDS_PER_HOUR, 2),
  };
}

/** What is left out is answered empty, and takes no memory in each of thousands of items. */
function ifAny<Value extends string | readonly string[]>(value: Value): Value | undefined {
  return value.length === 0 ? undefined : value;
}

/** PS3.5 §6.2, DS: at most 16 characters. Weights and activities are far from that. */
function decimal(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
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
