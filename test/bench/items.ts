import { randomUUID } from 'node:crypto';
import { type DataSet, dataSet, uidFromUuid, writeDataSet } from '../../src/dicom/index.js';
import { Temporal } from '../../src/platform/time/index.js';
import { findRequest } from './lean-client.js';

// The same items for every server, in a diary of 60 days: item n is the same at every size.

export const STATION = 'BENCH';
export const STATION_NAME = 'BENCH';
export const CAMERA = 'Bench camera';
export const PROCEDURE = 'Bone SPECT-CT';
export const REFERRER = { written: 'Dr Amelia Hart', personName: 'Hart^Amelia^^Dr' };
export const TIME_ZONE = 'Europe/London';
const DAYS = 60;
/** Items of the usual query's day, at every size. */
export const USUAL_ANSWERS = 20;
/** Scans start from seven in the morning to eight in the evening. */
const FIRST_MINUTE = 7 * 60;
const MINUTES = 13 * 60;
/** Has no common divisor with the minutes, so that starts are spread over the day. */
const MINUTE_STEP = 7;

const SYLLABLES = ['ba', 'co', 'di', 'fu', 'ge', 'ha', 'ji', 'ko', 'lu', 'me'] as const;

export interface Item {
  readonly stepId: string;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly localNumber: string;
  readonly familyName: string;
  readonly givenName: string;
  /** YYYY-MM-DD. */
  readonly dateOfBirth: string;
  readonly sex: 'FEMALE' | 'MALE';
  /** On the clinic's wall clock. */
  readonly startsAt: Temporal.PlainDateTime;
  readonly patientId: string;
  readonly referralId: string;
  readonly bookingId: string;
}

export function today(): Temporal.PlainDate {
  return Temporal.Now.plainDateISO(TIME_ZONE);
}

/** Items 0 to 19 are of the first day, all others of the 59 days after it. */
export function itemOf(n: number, firstDay: Temporal.PlainDate): Item {
  const rest = n - USUAL_ANSWERS;
  const day = rest < 0 ? 0 : 1 + (rest % (DAYS - 1));
  const place = rest < 0 ? n : Math.floor(rest / (DAYS - 1));
  const minute = FIRST_MINUTE + ((place * MINUTE_STEP) % MINUTES);
  const bookingId = randomUUID();
  const number = String(n).padStart(7, '0');
  return {
    stepId: `BS${number}`,
    accessionNumber: `BA${number}`,
    studyInstanceUID: uidFromUuid(bookingId),
    localNumber: `BP${number}`,
    familyName: nameOf(n),
    givenName: nameOf(n + 500_000),
    dateOfBirth: Temporal.PlainDate.from('1940-01-01')
      .add({ days: (n * 37) % 20_000 })
      .toString(),
    sex: n % 2 === 0 ? 'FEMALE' : 'MALE',
    startsAt: firstDay
      .add({ days: day })
      .toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 }),
    patientId: randomUUID(),
    referralId: randomUUID(),
    bookingId,
  };
}

function nameOf(number: number): string {
  const digits = String((number * 7_919) % 1_000_000).padStart(6, '0');
  const name = [...digits].map((digit) => SYLLABLES[Number(digit)] ?? '').join('');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const compact = (date: Temporal.PlainDate): string => date.toString().replaceAll('-', '');

/** What Facet makes of such a booking, as a peer must be told it. */
export function dataSetOf(item: Item): DataSet {
  return dataSet({
    AccessionNumber: item.accessionNumber,
    ReferringPhysicianName: REFERRER.personName,
    PatientName: `${item.familyName}^${item.givenName}`,
    PatientID: item.localNumber,
    PatientBirthDate: item.dateOfBirth.replaceAll('-', ''),
    PatientSex: item.sex === 'FEMALE' ? 'F' : 'M',
    StudyInstanceUID: item.studyInstanceUID,
    RequestingPhysician: REFERRER.personName,
    RequestedProcedureDescription: PROCEDURE,
    RequestedProcedureID: item.accessionNumber,
    RequestedProcedurePriority: 'ROUTINE',
    ScheduledProcedureStepSequence: [
      {
        Modality: 'NM',
        ScheduledStationAETitle: STATION,
        ScheduledProcedureStepStartDate: compact(item.startsAt.toPlainDate()),
        ScheduledProcedureStepStartTime: item.startsAt
          .toPlainTime()
          .toString()
          .replaceAll(':', '')
          .slice(0, 6),
        ScheduledPerformingPhysicianName: '',
        ScheduledProcedureStepDescription: PROCEDURE,
        ScheduledProcedureStepID: item.stepId,
        ScheduledStationName: STATION_NAME,
        ScheduledProcedureStepLocation: CAMERA,
        ScheduledProcedureStepStatus: 'SCHEDULED',
      },
    ],
  });
}

export interface Query {
  readonly name: string;
  /** How many answers it has when there are so many items. */
  readonly answersOf: (size: number) => number;
  readonly request: Buffer;
}

export interface Queries {
  readonly usual: Query;
  readonly broad: Query;
  readonly nobody: Query;
  readonly emptyDay: Query;
}

export function queriesOf(firstDay: Temporal.PlainDate): Queries {
  const none = () => 0;
  const emptyDay = compact(firstDay.add({ days: DAYS + 3 }));
  return {
    usual: query('usual', { date: compact(firstDay) }, () => USUAL_ANSWERS),
    broad: query('broad', {}, (size) => size),
    nobody: query('no match', { patientId: 'NOBODY' }, none),
    emptyDay: query('empty day', { date: emptyDay }, none),
  };
}

function query(
  name: string,
  { date = '', patientId = '' }: { readonly date?: string; readonly patientId?: string },
  answersOf: (size: number) => number,
): Query {
  const identifier = writeDataSet(identifierOf(date, patientId), 'implicit-vr-little-endian');
  return { name, answersOf, request: findRequest(identifier) };
}

/** The keys of a gamma camera's console: 3 or 4 with a value, the others to be returned. */
function identifierOf(date: string, patientId: string): DataSet {
  return dataSet({
    AccessionNumber: '',
    ReferringPhysicianName: '',
    ReferencedStudySequence: [],
    ReferencedPatientSequence: [],
    PatientName: '',
    PatientID: patientId,
    PatientBirthDate: '',
    PatientSex: '',
    PatientSize: '',
    PatientWeight: '',
    MedicalAlerts: '',
    Allergies: '',
    PregnancyStatus: [],
    StudyInstanceUID: '',
    RequestingPhysician: '',
    RequestedProcedureDescription: '',
    RequestedProcedureCodeSequence: [],
    AdmissionID: '',
    SpecialNeeds: '',
    CurrentPatientLocation: '',
    PatientState: '',
    ScheduledProcedureStepSequence: [
      {
        Modality: 'NM',
        ScheduledStationAETitle: STATION,
        ScheduledProcedureStepStartDate: date,
        ScheduledProcedureStepStartTime: '',
        ScheduledPerformingPhysicianName: '',
        ScheduledProcedureStepDescription: '',
        ScheduledProtocolCodeSequence: [],
        ScheduledProcedureStepID: '',
        ScheduledStationName: '',
        ScheduledProcedureStepLocation: '',
        PreMedication: '',
      },
    ],
    RequestedProcedureID: '',
    RequestedProcedurePriority: '',
    PatientTransportArrangements: '',
    ConfidentialityConstraintOnPatientDataDescription: '',
  });
}
