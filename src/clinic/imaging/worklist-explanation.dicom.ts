import { type ExplainedKey, type Explanation, explainQuery, type NearMiss } from '../../dicom/index.js';
import { type KeptAsked, TOO_LONG_TO_BE_KEPT } from './scanner-traffic-asked.dicom.js';
import { toDataSet } from './worklist.dicom.js';
import type { WorklistItem } from './worklist.type.js';
import { daysInWords, timesInWords } from './worklist-explanation.rules.js';

/** A key of a replayed query, in words. */
export interface ReplayedKey {
  readonly attribute: string;
  readonly keyword: string;
  readonly tag: string;
  readonly asked: string;
  readonly own: string;
  readonly matched: boolean | null;
  readonly advice: string | null;
}

export interface Replay {
  /** Null: what is kept of the query does not tell. */
  readonly isMatch: boolean | null;
  readonly keys: readonly ReplayedKey[];
}

/** DICOM's attributes as people at the desk call them. Others are called by their keyword. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  ScheduledStationAETitle: 'Scanner (station AE title)',
  ScheduledProcedureStepStartDate: 'Date of the scan',
  ScheduledProcedureStepStartTime: 'Time of the scan',
  Modality: 'Modality',
  ScheduledProcedureStepStatus: 'Status of the step',
  ScheduledProcedureStepLocation: 'Room',
  ScheduledProcedureStepID: 'Id of the step',
  ScheduledProcedureStepDescription: 'What is to be done',
  ScheduledPerformingPhysicianName: 'Person who performs the scan',
  ScheduledStationName: 'Name of the station',
  RequestedProcedureID: 'Number of the request',
  RequestedProcedureDescription: 'What was requested',
  RequestedProcedurePriority: 'Priority',
  StudyInstanceUID: 'Study (Study Instance UID)',
  AccessionNumber: 'Accession number',
  PatientName: 'Patient name',
  PatientID: 'Patient number',
  PatientBirthDate: 'Date of birth',
  PatientSex: 'Sex',
  ReferringPhysicianName: 'Referrer',
  RequestingPhysician: 'Requesting physician',
};

const NOTHING = '(nothing)';

/** The query of the worklist that comes nearest to the booking's steps: one that matches, or the one that misses least. */
export function replay(kept: object, items: readonly WorklistItem[]): Replay {
  // Written by ScannerTraffic and by nobody else.
  const query = kept as KeptAsked;
  if (query.problem === TOO_LONG_TO_BE_KEPT) return { isMatch: null, keys: [] };
  if (query.problem !== null && query.keys.length === 0) return { isMatch: false, keys: [] };
  const told = items.map((item) => explainQuery(query, toDataSet(item)));
  const [best] = [...told].sort((a, b) => missesOf(a) - missesOf(b));
  if (best === undefined) return { isMatch: false, keys: [] };
  const keys = best.keys.filter(({ verdict }) => verdict !== 'not-a-matching-key').map(toReplayedKey);
  return { isMatch: best.isMatch, keys };
}

function missesOf({ isMatch, keys }: Explanation): number {
  if (isMatch === true) return -1;
  return keys.filter(({ verdict }) => verdict === 'not-matched').length;
}

function toReplayedKey(key: ExplainedKey): ReplayedKey {
  const attribute = ATTRIBUTES[key.keyword] ?? key.keyword;
  const own = valuesInWords(key.keyword, key.stored);
  const asked = askedInWords(key, own);
  const isMissed = key.verdict === 'not-matched';
  return {
    attribute,
    keyword: key.keyword,
    tag: tagText(key.tag),
    asked,
    own,
    matched: key.verdict === 'cannot-be-judged' ? null : !isMissed,
    advice: isMissed ? adviceOn(key, attribute, asked, own) : null,
  };
}

function tagText(tag: number): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}

function askedInWords(key: ExplainedKey, own: string): string {
  if (key.asked !== null) return valuesInWords(key.keyword, key.asked);
  if (key.verdict === 'cannot-be-judged') return 'a range, or more than is kept';
  // Equal to this patient's own value: nothing is told that is not known.
  if (key.verdict === 'matched' && (key.matching === 'single' || key.matching === 'list')) return own;
  const kind = key.verdict === 'matched' ? 'a pattern' : 'another value';
  return `${kind}, of which only the shape is kept: ${key.shape ?? NOTHING}`;
}

function valuesInWords(keyword: string, values: readonly string[]): string {
  const given = values.filter((value) => value !== '');
  if (given.length === 0) return NOTHING;
  if (keyword.endsWith('Date')) return given.map(daysInWords).join(' or ');
  if (keyword.endsWith('Time')) return given.map(timesInWords).join(' or ');
  return given.join(' or ');
}

function adviceOn({ keyword, near }: ExplainedKey, attribute: string, asked: string, own: string): string {
  switch (keyword) {
    case 'ScheduledStationAETitle':
      return near.includes('ignoring-case')
        ? `Capital letters count in AE titles: set the station AE title at the console to ${own} instead of ${asked}.`
        : `The console asks for the station ${asked}; this booking is for ${own}. Set the station AE title at the console to ${own}, or correct it in the scanner’s profile.`;
    case 'Modality':
      return `The console asks for ${asked}; this step is ${own}. Change the modality of its worklist query, or the modalities in the scanner’s profile.`;
    case 'ScheduledProcedureStepStartDate':
      return `The console asked for ${asked}; the scan is on ${own}. Ask for that day at the console. If the console takes another day for today, its clock or time zone is wrong.`;
    case 'ScheduledProcedureStepStartTime':
      return `The console asked for ${asked}; the scan starts at ${own}. Ask for the whole day at the console. If it is off by whole hours, the console’s clock or time zone is wrong.`;
    case 'ScheduledProcedureStepStatus':
      return `The console asks for steps that are ${asked}; this one is ${own}. Leave the status out of its worklist query.`;
    case 'PatientName':
    case 'PatientID':
      return adviceOnPatient(near, attribute, own);
    default:
      return `The console asked for another ${attribute}; this booking has ${own}. Leave ${attribute} out of the query at the console.`;
  }
}

function adviceOnPatient(near: readonly NearMiss[], attribute: string, own: string): string {
  const asIt = `The booking has ${own}.`;
  if (near.includes('without-accents'))
    return `${asIt} What was typed differs in an accent only: type it as it is written here, or only the first letters and a * behind them.`;
  if (near.includes('with-wildcard-at-end'))
    return `${asIt} What was typed is the beginning of it: put a * behind it.`;
  if (near.includes('ignoring-case')) return `${asIt} What was typed differs in capital letters only.`;
  if (near.includes('same-family-name'))
    return `${asIt} The family name is right and the rest of the name is not: type the family name and a * behind it.`;
  return `${asIt} Another ${attribute} was typed: look for a slip, or leave it empty and choose from the list of the day.`;
}
