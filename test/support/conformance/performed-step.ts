import {
  type Element,
  emptyElement,
  isTextVR,
  mustFindKeyword,
  nameTag,
} from '../../../src/dicom/dataset/index.js';
import { DataSet, dataSet, judgeCreate, judgeSet, type StepProblem } from '../../../src/dicom/index.js';
import {
  fixedTags,
  requiredAtCreate,
  requiredAtEnd,
  requiredOfScheduledStep,
  requiredOfSeries,
  type2,
} from '../../../src/dicom/services/performed-step-attributes.js';
import { hex, nameOf, table, tagOf } from './markdown.js';

// What the conformance statement says of a performed step's attributes, asked of the rules that judge them.

/** A step that has begun, with every attribute that the rules speak of. */
const begunStep: DataSet = dataSet({
  ScheduledStepAttributesSequence: [{ StudyInstanceUID: '2.25.1', ScheduledProcedureStepID: 'A000000001.1' }],
  PatientName: 'HALE^ZOE',
  PatientID: 'F0000001',
  PerformedProcedureStepID: 'P1',
  PerformedStationAETitle: 'SPECTCT1',
  PerformedProcedureStepStartDate: '20260706',
  PerformedProcedureStepStartTime: '093000',
  PerformedProcedureStepStatus: 'IN PROGRESS',
  Modality: 'NM',
});

const completion: DataSet = dataSet({
  PerformedProcedureStepStatus: 'COMPLETED',
  PerformedProcedureStepEndDate: '20260706',
  PerformedProcedureStepEndTime: '100000',
  PerformedSeriesSequence: [{ SeriesInstanceUID: '2.25.2', ProtocolName: 'Bone' }],
});

function without(set: DataSet, keyword: string): DataSet {
  const { tag } = mustFindKeyword(keyword);
  return DataSet.of([...set.elements()].filter((element) => element.tag !== tag));
}

function emptied(set: DataSet, keyword: string): DataSet {
  return set.with([emptyElement(mustFindKeyword(keyword))]);
}

function inItem(set: DataSet, sequence: string, change: (item: DataSet) => DataSet): DataSet {
  const { tag } = mustFindKeyword(sequence);
  return set.with([{ kind: 'sequence', tag, vr: 'SQ', items: set.items(sequence).map(change) }]);
}

/** What is said when the attribute is left out, and when it is empty. */
function requirement(
  judge: (set: DataSet) => StepProblem | 'already-final' | null,
  sets: readonly DataSet[],
): string {
  const answers = sets.map((set) => {
    const problem = judge(set);
    if (problem === 'already-final') throw new Error('the step had ended');
    return problem === null ? 'accepted' : hex(problem.status);
  });
  return answers.every((answer) => answer === 'accepted') ? 'optional' : `1 (${answers.join(', ')})`;
}

const CHANGED: Readonly<Record<string, string>> = { DA: '20261231', TM: '2359', UI: '2.25.9' };

/** Is another value than the first one taken? */
function changing(keyword: string): string {
  const { tag, vr } = mustFindKeyword(keyword);
  const value = keyword === 'PerformedProcedureStepStatus' ? 'IN PROGRESS' : (CHANGED[vr] ?? 'OTHER');
  const other: Element = isTextVR(vr)
    ? { kind: 'text', tag, vr, values: [value] }
    : { kind: 'sequence', tag, vr: 'SQ', items: [dataSet({ CodeValue: 'OTHER' })] };
  const problem = judgeSet(begunStep, DataSet.of([other]));
  return problem === null || problem === 'already-final' ? 'may be set' : `fixed (${hex(problem.status)})`;
}

function stepRow(keyword: string): string[] {
  const isOfEnd = completion.has(keyword) && !begunStep.has(keyword);
  const create = requirement(judgeCreate, [without(begunStep, keyword), emptied(begunStep, keyword)]);
  const isType2 = type2.has(mustFindKeyword(keyword).tag);
  return [
    nameOf(keyword),
    tagOf(keyword),
    create,
    changing(keyword),
    isOfEnd
      ? requirement(
          (set) => judgeSet(begunStep, set),
          [without(completion, keyword), emptied(completion, keyword)],
        )
      : '',
    isType2 ? '2' : create === 'optional' ? 'as sent' : '1',
  ];
}

function innerRow(sequence: string, keyword: string): string[] {
  const isScheduled = sequence === 'ScheduledStepAttributesSequence';
  const whole = isScheduled ? begunStep : completion;
  const asked = requirement(isScheduled ? judgeCreate : (set) => judgeSet(begunStep, set), [
    inItem(whole, sequence, (item) => without(item, keyword)),
    inItem(whole, sequence, (item) => emptied(item, keyword)),
  ]);
  const row = [`>${nameOf(keyword)}`, tagOf(keyword)];
  return isScheduled
    ? [...row, asked, 'fixed with its sequence', '', 'as sent']
    : [...row, '', 'may be set', asked, 'as sent'];
}

function performedStep(): string {
  const keywords = [
    'ScheduledStepAttributesSequence',
    ...requiredAtCreate,
    ...[...fixedTags].map(nameTag),
    ...requiredAtEnd,
    'PerformedSeriesSequence',
    ...[...type2.values()].map(({ keyword }) => keyword),
  ];
  const rows = [...new Set(keywords)].flatMap((keyword) => {
    const inner =
      keyword === 'ScheduledStepAttributesSequence'
        ? requiredOfScheduledStep
        : keyword === 'PerformedSeriesSequence'
          ? requiredOfSeries
          : [];
    return [stepRow(keyword), ...inner.map((inside) => innerRow(keyword, inside))];
  });
  return table(
    [
      'Attribute',
      'Tag',
      'N-CREATE: type (left out, empty)',
      'N-SET',
      'COMPLETED: type (left out, empty)',
      'N-GET: type',
    ],
    rows,
  );
}

export function performedStepPassages(): Readonly<Record<string, string>> {
  return { 'performed-step': performedStep() };
}
