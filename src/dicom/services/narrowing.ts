// PS3.4 §K.2.2: what of an identifier leads straight to where its items stand. It only narrows: whatever it leads to is
// matched against all keys afterwards. Pure.
import { DataSet, isAscii, isEmptyElement, type Range, type TextElement } from '../dataset/index.js';
import { asksForAnything, toDayKey } from './matching.js';
import { hasWildcard } from './wildcards.js';

/** Null: not narrowed by this. */
export interface Narrowing {
  /** Days as YYYYMMDD, both ends included, null open. */
  readonly startDate: Range<string> | null;
  readonly scheduledProcedureStepId: string | null;
  /** A Patient ID, Accession Number or Requested Procedure ID, whichever the identifier has. */
  readonly id: string | null;
}

/** The identifier must have been compiled before: its keys are known to be well formed. */
export function toNarrowing(identifier: DataSet): Narrowing {
  const step = identifier.items('ScheduledProcedureStepSequence')[0] ?? DataSet.empty;
  const date = step.element('ScheduledProcedureStepStartDate');
  return {
    startDate: isKey(date) ? toDayKey(date).range : null,
    scheduledProcedureStepId: literal(step, 'ScheduledProcedureStepID'),
    id:
      literal(identifier, 'PatientID') ??
      literal(identifier, 'AccessionNumber') ??
      literal(identifier, 'RequestedProcedureID'),
  };
}

/** The value of a key that is written in one way only (a letter with an accent can be two characters); else null. */
function literal(set: DataSet, keyword: string): string | null {
  const element = set.element(keyword);
  if (!isKey(element) || element.values.length !== 1) return null;
  const [value = ''] = element.values;
  return value === '' || hasWildcard(value) || !isAscii(value) ? null : value;
}

function isKey(element: ReturnType<DataSet['element']>): element is TextElement {
  return element?.kind === 'text' && !isEmptyElement(element) && !asksForAnything(element);
}
