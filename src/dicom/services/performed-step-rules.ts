// PS3.4 §F.7.2: what a scanner may say about a performed step, and what the step becomes by it. Pure.
import {
  DataSet,
  type Element,
  isEmptyElement,
  mustFindKeyword,
  nameTag,
  parseDay,
  parseTime,
  type Tag,
  validateValue,
} from '../dataset/index.js';
import { statuses } from '../dimse/index.js';
import {
  fixedTags,
  judgedWhenPresent,
  requiredAtCreate,
  requiredAtEnd,
  requiredOfScheduledStep,
  requiredOfSeries,
} from './performed-step-attributes.js';

/** Performed Procedure Step Status (0040,0252), all there are (PS3.3 §C.4.14). The last two are final. */
export type PerformedStepStatus = 'IN PROGRESS' | 'COMPLETED' | 'DISCONTINUED';

/** The first thing that is wrong with a message. Neither text holds a value. */
export interface StepProblem {
  /** DIMSE status to answer with: 0120 attribute missing, 0121 value missing, 0106 value not acceptable. */
  readonly status:
    | typeof statuses.missingAttribute
    | typeof statuses.missingAttributeValue
    | typeof statuses.invalidAttributeValue;
  /** The attribute that is at fault (group * 65536 + element). */
  readonly tag: Tag;
  /** Its keyword, with that of its sequence before it: `PerformedSeriesSequence.SeriesInstanceUID`. */
  readonly path: string;
  /** For the person at the scanner, in ASCII: the path and what is wrong. */
  readonly message: string;
}

/**
 * When summer time ends the clock beside the scanner goes back, by an hour almost everywhere: a step from 01:50 BST to
 * 01:10 GMT lasts 20 minutes. A step that cannot be ended stays IN PROGRESS for ever, so this is allowed on any day.
 */
const clockChangeMaxMicroseconds = 60 * 60 * 1_000_000;

const specificCharacterSet = mustFindKeyword('SpecificCharacterSet').tag;
/** Holds every letter there is, so that text of two character sets fits into one data set. */
const widestCharacterSet = 'ISO_IR 192';

/** The state of the step, or null when the data set names none that DICOM knows. */
export function performedStepStatus(dataSet: DataSet): PerformedStepStatus | null {
  const [status, ...more] = dataSet.texts('PerformedProcedureStepStatus');
  if (more.length > 0) return null;
  return status === 'IN PROGRESS' || status === 'COMPLETED' || status === 'DISCONTINUED' ? status : null;
}

/**
 * May a step begin with this data set? It must be IN PROGRESS and have every attribute of type 1. Those of type 2 may
 * be left out altogether, against the standard, because scanners do: refusing would lose the step.
 */
export function judgeCreate(dataSet: DataSet): StepProblem | null {
  return (
    judgeItems(dataSet, 'ScheduledStepAttributesSequence', requiredOfScheduledStep) ??
    judgeRequired(dataSet, requiredAtCreate) ??
    (performedStepStatus(dataSet) === 'IN PROGRESS'
      ? null
      : invalid('PerformedProcedureStepStatus', '', 'is not IN PROGRESS')) ??
    judgeForms(dataSet) ??
    judgeOrder(dataSet)
  );
}

/**
 * May the step as it stands be changed so? Only while it is IN PROGRESS (§F.7.2.2.3), and not in what is fixed when it
 * begins. An attribute that is sent again with the value it has changes nothing and is let pass. A step that ends must
 * then have its end and, when COMPLETED, a series: note 2 of Table F.7.2-1 asks for one of a DISCONTINUED step too, but
 * a patient may leave before the first image, and a step that cannot be ended would stay IN PROGRESS for ever.
 */
export function judgeSet(current: DataSet, modifications: DataSet): StepProblem | 'already-final' | null {
  if (performedStepStatus(current) !== 'IN PROGRESS') return 'already-final';
  const problem =
    judgeFixed(current, modifications) ?? judgeNewStatus(modifications) ?? judgeForms(modifications);
  if (problem !== null) return problem;
  const next = applySet(current, modifications);
  return judgeEnd(next) ?? judgeOrder(next);
}

/**
 * The step after the change. An attribute replaces the one before it, a sequence with all its items; what is fixed
 * stays. Specific Character Set does not replace the former one (§F.7.2.2.3): where they differ the step holds text
 * of both and is written in UTF-8.
 */
export function applySet(current: DataSet, modifications: DataSet): DataSet {
  const changed = [...modifications.elements()].filter(
    ({ tag }) => !fixedTags.has(tag) && tag !== specificCharacterSet,
  );
  const before = current.texts('SpecificCharacterSet');
  const after = modifications.texts('SpecificCharacterSet');
  if (after.length === 0 || sameTexts(before, after)) return current.with(changed);
  return current.with([
    ...changed,
    { kind: 'text', tag: specificCharacterSet, vr: 'CS', values: [widestCharacterSet] },
  ]);
}

function judgeFixed(current: DataSet, modifications: DataSet): StepProblem | null {
  for (const element of modifications.elements()) {
    if (!fixedTags.has(element.tag) || isSame(current.elementAt(element.tag), element)) continue;
    // PS3.7 §C.5.11: the attribute is known (so not 0105), but the value is inappropriate.
    return invalid(nameTag(element.tag), '', 'is fixed since creation');
  }
  return null;
}

function judgeNewStatus(modifications: DataSet): StepProblem | null {
  const keyword = 'PerformedProcedureStepStatus';
  if (!modifications.has(keyword) || performedStepStatus(modifications) !== null) return null;
  if (isEmptyElement(modifications.element(keyword))) return missingValue(keyword, '');
  return invalid(keyword, '', 'is not a state of a step');
}

/** Table F.7.2-1, "requirement type final state". */
function judgeEnd(step: DataSet): StepProblem | null {
  const status = performedStepStatus(step);
  if (status !== 'COMPLETED' && status !== 'DISCONTINUED') return null;
  const problem = judgeRequired(step, requiredAtEnd);
  if (problem !== null) return problem;
  const hasNoSeries = step.items('PerformedSeriesSequence').length === 0;
  if (status === 'DISCONTINUED' && hasNoSeries) return null;
  return judgeItems(step, 'PerformedSeriesSequence', requiredOfSeries);
}

/**
 * A step cannot end before it begins; without a time of day its days are compared. These are times on a wall: where an
 * hour comes twice the end may be earlier on it than the beginning.
 */
function judgeOrder(step: DataSet): StepProblem | null {
  const [startDay, endDay] = [
    parseDay(step.text('PerformedProcedureStepStartDate')),
    parseDay(step.text('PerformedProcedureStepEndDate')),
  ];
  if (startDay === null || endDay === null || startDay < endDay) return null;
  if (endDay < startDay) return invalid('PerformedProcedureStepEndDate', '', 'is before the start');
  const [startTime, endTime] = [
    parseTime(step.text('PerformedProcedureStepStartTime')),
    parseTime(step.text('PerformedProcedureStepEndTime')),
  ];
  if (startTime === null || endTime === null || startTime - endTime <= clockChangeMaxMicroseconds)
    return null;
  return invalid('PerformedProcedureStepEndTime', '', 'is before the start');
}

/** The end is compared later, so it must be one when it is there; and nowhere a NUL, which cuts texts short. */
function judgeForms(dataSet: DataSet): StepProblem | null {
  for (const keyword of judgedWhenPresent) {
    if (!isEmptyElement(dataSet.element(keyword)) && !isOneValue(dataSet, keyword))
      return invalid(keyword, '', 'is not valid');
  }
  return judgeEachText(dataSet, '');
}

function judgeEachText(dataSet: DataSet, prefix: string): StepProblem | null {
  for (const element of dataSet.elements()) {
    const name = nameTag(element.tag);
    if (element.kind === 'sequence') {
      for (const item of element.items) {
        const problem = judgeEachText(item, `${name}.`);
        if (problem !== null) return problem;
      }
    } else if (element.kind === 'text') {
      if (element.values.some((value) => value.includes('\0')))
        return problemAt(element.tag, name, prefix, 'is not valid');
    }
  }
  return null;
}

/** The sequence must have an item, and each item these attributes. */
function judgeItems(dataSet: DataSet, sequence: string, required: readonly string[]): StepProblem | null {
  if (!dataSet.has(sequence)) return missing(sequence, '');
  const items = dataSet.items(sequence);
  if (items.length === 0) return missingValue(sequence, '');
  for (const item of items) {
    const problem = judgeRequired(item, required, `${sequence}.`);
    if (problem !== null) return problem;
  }
  return null;
}

/** Type 1 (PS3.5 §7.4.1): there, with a value, and the value is one. */
function judgeRequired(dataSet: DataSet, keywords: readonly string[], prefix = ''): StepProblem | null {
  for (const keyword of keywords) {
    const element = dataSet.element(keyword);
    if (element === undefined) return missing(keyword, prefix);
    if (isEmptyElement(element)) return missingValue(keyword, prefix);
    if (!isOneValue(dataSet, keyword)) return invalid(keyword, prefix, 'is not valid');
  }
  return null;
}

/** Exactly one value of the attribute's VR. Dates and times may have the forms of ACR-NEMA (PS3.5 Table 6.2-1). */
function isOneValue(dataSet: DataSet, keyword: string): boolean {
  const [value = '', ...more] = dataSet.texts(keyword);
  if (more.length > 0 || value === '') return false;
  const { vr } = mustFindKeyword(keyword);
  if (vr === 'DA') return parseDay(value) !== null;
  if (vr === 'TM') return parseTime(value) !== null;
  return validateValue(keyword, value) === null;
}

/** The same values, however times and empty attributes are written. */
function isSame(a: Element | undefined, b: Element | undefined): boolean {
  if (isEmptyElement(a) || isEmptyElement(b)) return isEmptyElement(a) && isEmptyElement(b);
  if (a === undefined || b === undefined) return false;
  if (a.kind === 'text' && b.kind === 'text') return sameTexts(a.values, b.values, a.vr);
  if (a.kind === 'binary' && b.kind === 'binary') return Buffer.compare(a.bytes, b.bytes) === 0;
  if (a.kind !== 'sequence' || b.kind !== 'sequence') return false;
  return (
    a.items.length === b.items.length && a.items.every((item, index) => isSameItem(item, b.items[index]))
  );
}

function isSameItem(a: DataSet, b: DataSet = DataSet.empty): boolean {
  const tags = new Set([...a.elements(), ...b.elements()].map(({ tag }) => tag));
  return [...tags].every((tag) => isSame(a.elementAt(tag), b.elementAt(tag)));
}

function sameTexts(a: readonly string[], b: readonly string[], vr = ''): boolean {
  return a.length === b.length && a.every((text, index) => meaning(text, vr) === meaning(b[index] ?? '', vr));
}

function meaning(text: string, vr: string): string | number {
  if (vr === 'DA') return parseDay(text) ?? text;
  if (vr === 'TM') return parseTime(text) ?? text;
  return text;
}

function missing(keyword: string, prefix: string): StepProblem {
  const path = `${prefix}${keyword}`;
  const { tag } = mustFindKeyword(keyword);
  return { status: statuses.missingAttribute, tag, path, message: `${path} is missing` };
}

function missingValue(keyword: string, prefix: string): StepProblem {
  const path = `${prefix}${keyword}`;
  const { tag } = mustFindKeyword(keyword);
  return { status: statuses.missingAttributeValue, tag, path, message: `${path} is empty` };
}

function invalid(keyword: string, prefix: string, what: string): StepProblem {
  return problemAt(mustFindKeyword(keyword).tag, keyword, prefix, what);
}

function problemAt(tag: Tag, name: string, prefix: string, what: string): StepProblem {
  const path = `${prefix}${name}`;
  return { status: statuses.invalidAttributeValue, tag, path, message: `${path} ${what}` };
}
