// PS3.4 §K.2.2: what of an identifier a search may use to narrow before the full matching. Pure.
import { DataSet, isEmptyElement, type TextElement } from '../dataset/index.js';
import { toDayKey } from './matching.js';
import { hasWildcard } from './wildcards.js';
import type { WorklistQuery } from './worklist.port.js';

/** The identifier must have been compiled before: its keys are known to be well formed. */
export function toQuery(identifier: DataSet, answerCountMax: number): WorklistQuery {
  const step = identifier.items('ScheduledProcedureStepSequence')[0] ?? DataSet.empty;
  const date = step.element('ScheduledProcedureStepStartDate');
  return {
    stationAETitles: literals(step, 'ScheduledStationAETitle'),
    startDate: isKey(date) ? toDayKey(date).range : null,
    modalities: literals(step, 'Modality'),
    patientId: literals(identifier, 'PatientID')?.[0] ?? null,
    accessionNumber: literals(identifier, 'AccessionNumber')?.[0] ?? null,
    scheduledProcedureStepId: literals(step, 'ScheduledProcedureStepID')?.[0] ?? null,
    requestedProcedureId: literals(identifier, 'RequestedProcedureID')?.[0] ?? null,
    answerCountMax,
    identifier,
  };
}

/** The values of a key, or null when it is universal or one of them is a pattern. */
function literals(set: DataSet, keyword: string): readonly string[] | null {
  const element = set.element(keyword);
  if (!isKey(element)) return null;
  const values = element.values.filter((value) => value !== '');
  return values.some(hasWildcard) ? null : values;
}

function isKey(element: ReturnType<DataSet['element']>): element is TextElement {
  return element?.kind === 'text' && !isEmptyElement(element);
}
