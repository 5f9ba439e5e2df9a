// PS3.4 §K.6.1.2.2: one worklist item, kept in its bytes beside the few values that it is found by.
import {
  DataSet,
  type Element,
  type EncodedSet,
  encodeSet,
  isEmptyElement,
  mustFindKeyword,
} from '../dataset/index.js';
import { isPlain } from './projection.js';

const codeValues = ['CodeValue', 'LongCodeValue', 'URNCodeValue'].map(
  (keyword) => mustFindKeyword(keyword).tag,
);

const idTags = ['PatientID', 'AccessionNumber', 'RequestedProcedureID'].map(
  (keyword) => mustFindKeyword(keyword).tag,
);

export interface WorklistItem {
  /** Scheduled Procedure Step ID: what an item is known by. */
  readonly stepId: string;
  readonly stationAETitle: string;
  readonly modality: string;
  /** Scheduled Procedure Step Start Date as YYYYMMDD; empty when it has none. */
  readonly startDate: string;
  /** Scheduled Procedure Step Start Time as HHMMSS. */
  readonly startTime: string;
  readonly set: EncodedSet;
  /** Every text is ASCII: the bytes are the same in every character set. */
  readonly isAscii: boolean;
  /** What its maker wants to be reminded of when asked whether it may be shown. */
  readonly subject: unknown;
}

/** A few stations, modalities and days are the same text in thousands of items: one copy of each does. */
const sharedTexts = new Map<string, string>();
/** Far more than there are; beyond it each item keeps its own copy. */
const sharedTextsMax = 4_096;

/**
 * The item of a whole data set. Throws a TypeError unless it has exactly one scheduled step with an id: that is a
 * mistake of the program that made it. Items without content, such as a code without a value, are left out: consoles
 * reject the whole answer for one.
 */
export function toWorklistItem(dataSet: DataSet, subject: unknown = null): WorklistItem {
  const [step, ...more] = dataSet.items('ScheduledProcedureStepSequence');
  const stepId = step?.text('ScheduledProcedureStepID') ?? '';
  if (step === undefined || more.length > 0 || stepId === '')
    throw new TypeError('a worklist item has one scheduled procedure step with an id');
  const set = encodeSet(withoutHollowItems(dataSet));
  return {
    stepId,
    stationAETitle: shared(step.text('ScheduledStationAETitle')),
    modality: shared(step.text('Modality')),
    startDate: shared(step.text('ScheduledProcedureStepStartDate')),
    startTime: shared(step.text('ScheduledProcedureStepStartTime')),
    set,
    isAscii: isPlain(dataSet),
    subject,
  };
}

/**
 * Patient ID, Accession Number and Requested Procedure ID, each once: for looking up. Read from the item's bytes when it
 * comes and when it goes; beside each of 50,000 items a list would take three megabytes.
 */
export function idsOf({ set }: WorklistItem): readonly string[] {
  const ids = idTags.map((tag) => set.textsAt(tag)[0] ?? '');
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** In the order in which a console shows them: by start, then by id. */
export function compareItems(a: WorklistItem, b: WorklistItem): number {
  return (
    compare(a.startDate, b.startDate) || compare(a.startTime, b.startTime) || compare(a.stepId, b.stepId)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shared(text: string): string {
  const known = sharedTexts.get(text);
  if (known !== undefined) return known;
  if (sharedTexts.size < sharedTextsMax) sharedTexts.set(text, text);
  return text;
}

function withoutHollowItems(set: DataSet): DataSet {
  const elements: Element[] = [];
  for (const element of set.elements()) {
    if (element.kind !== 'sequence') elements.push(element);
    else elements.push({ ...element, items: element.items.map(withoutHollowItems).filter(hasContent) });
  }
  return DataSet.of(elements);
}

function hasContent(item: DataSet): boolean {
  if (item.has('CodingSchemeDesignator') || item.has('CodeValue')) {
    return codeValues.some((tag) => !isEmptyElement(item.elementAt(tag)));
  }
  for (const element of item.elements()) if (!isEmptyElement(element)) return true;
  return false;
}
