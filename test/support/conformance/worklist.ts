import { toDataSet } from '../../../src/clinic/imaging/worklist.dicom.js';
import type { WorklistItem } from '../../../src/clinic/imaging/worklist.type.js';
import {
  type Element,
  isEmptyElement,
  isTextVR,
  MalformedDataSet,
  mustFindKeyword,
} from '../../../src/dicom/dataset/index.js';
import { DataSet } from '../../../src/dicom/index.js';
import { toTextKey } from '../../../src/dicom/services/matching.js';
import { type WorklistKeys, worklistKeys } from '../../../src/dicom/services/worklist-keys.js';
import { ScheduledStepStatus, SexForClinicalUse } from '../../../src/platform/database/generated/enums.js';
import { Temporal } from '../../../src/platform/time/index.js';
import { nameOf, table, tagOf } from './markdown.js';

// What the conformance statement says of the worklist's attributes, asked of the code that decides.

/** PS3.4 Table K.6-1: the keys that every provider has to match. */
export const requiredKeys: readonly string[] = [
  'ScheduledProcedureStepSequence',
  'ScheduledProcedureStepSequence.ScheduledStationAETitle',
  'ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate',
  'ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime',
  'ScheduledProcedureStepSequence.Modality',
  'ScheduledProcedureStepSequence.ScheduledPerformingPhysicianName',
  'PatientName',
  'PatientID',
];

/** A visit of which everything is known that Facet can say. */
const visit: WorklistItem = {
  scheduledProcedureStepId: 'A000000001.1',
  bookingId: 'booking',
  scannerId: 'scanner',
  status: ScheduledStepStatus.SCHEDULED,
  closedGate: null,
  closedBecause: null,
  timeZone: 'Europe/London',
  modality: 'NM',
  stationAETitle: 'SPECTCT1',
  stationName: 'SPECTCT1',
  startsAt: Temporal.Instant.from('2026-07-06T08:30:00Z'),
  accessionNumber: 'A000000001',
  studyInstanceUID: '2.25.1',
  procedureDescription: 'Bone SPECT-CT',
  referrerName: 'Dr Amelia Hart',
  priority: 'URGENT',
  cameraName: 'SPECT-CT 1',
  patientId: 'patient',
  localNumber: 'F0000001',
  familyName: 'Hale',
  givenName: 'Zoe',
  middleNames: 'Ann',
  namePrefix: 'Ms',
  dateOfBirth: '1974-05-18',
  sexForClinicalUse: SexForClinicalUse.FEMALE,
  care: {
    pregnancy: 'UNKNOWN',
    weightKg: 71.5,
    allergies: ['Latex'],
    alerts: ['Implant: Pacemaker'],
    needs: ['Wheelchair'],
    injection: {
      injectedAt: Temporal.Instant.from('2026-07-06T05:30:00Z'),
      netActivityMbq: 776.94,
      tracerName: 'Tc-99m oxidronate',
      halfLifeHours: 6.0067,
    },
  },
};

export const fullItem: DataSet = toDataSet(visit);

/** Values of every form of matching; a VR understands some of them. */
const samples: readonly (readonly string[])[] = [
  ['20260706'],
  ['0930'],
  ['1.2'],
  ['20260706-20260707'],
  ['0930-1030'],
  ['1.2', '1.3'],
  ['NM', 'CT'],
  ['A*'],
];

/** How a value of this attribute can select, as the matcher itself says. */
function matchingsOf(keyword: string): string {
  const { tag, vr } = mustFindKeyword(keyword);
  if (vr === 'SQ') return 'sequence';
  if (!isTextVR(vr)) return '';
  const found = samples.flatMap((values) => {
    try {
      return [toTextKey({ kind: 'text', tag, vr, values }).matching];
    } catch (error) {
      if (error instanceof MalformedDataSet) return [];
      throw error;
    }
  });
  return [...new Set(found)].join(', ');
}

function worklistRows(keys: WorklistKeys, item: DataSet, prefix: string, path: string): string[][] {
  return Object.entries(keys).flatMap(([keyword, key]) => {
    const { tag, vr } = mustFindKeyword(keyword);
    const isRequired = requiredKeys.includes(`${path}${keyword}`);
    const value = isEmptyElement(item.elementAt(tag))
      ? key.returnType === '1C'
        ? 'absent'
        : 'empty'
      : 'yes';
    const row = [
      `${prefix}${nameOf(keyword)}`,
      tagOf(keyword),
      vr,
      key.isMatched ? `${isRequired ? 'R' : 'O'}: ${matchingsOf(keyword)}` : '–',
      key.returnType,
      value,
    ];
    const inner = item.items(keyword)[0] ?? DataSet.empty;
    const rows =
      key.items === undefined ? [] : worklistRows(key.items, inner, `${prefix}>`, `${path}${keyword}.`);
    return [row, ...rows];
  });
}

function worklist(): string {
  return table(
    ['Attribute', 'Tag', 'VR', 'Matching key', 'Return type', 'Value'],
    worklistRows(worklistKeys, fullItem, '', ''),
  );
}

/** Paths of the attributes that an answer can have a value in. */
export function filledPaths(item: DataSet = fullItem, path = ''): string[] {
  return [...item.elements()].flatMap((element) => {
    const keyword = keywordAt(element);
    if (element.kind === 'sequence') {
      const [inner = DataSet.empty] = element.items;
      return filledPaths(inner, `${path}${keyword}.`);
    }
    return isEmptyElement(element) ? [] : [`${path}${keyword}`];
  });
}

const keywordsByTag = new Map(
  [...allKeywords(worklistKeys)].map((keyword) => [mustFindKeyword(keyword).tag, keyword]),
);

function allKeywords(keys: WorklistKeys): Set<string> {
  const inner = Object.values(keys).flatMap(({ items }) =>
    items === undefined ? [] : [...allKeywords(items)],
  );
  return new Set([...Object.keys(keys), ...inner]);
}

function keywordAt({ tag }: Element): string {
  const keyword = keywordsByTag.get(tag);
  if (keyword === undefined)
    throw new Error(`a worklist item has ${tag.toString(16)}, which is no worklist key`);
  return keyword;
}

export function worklistPassages(): Readonly<Record<string, string>> {
  return { 'worklist-keys': worklist() };
}
