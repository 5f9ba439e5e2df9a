import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { performedStep, series } from '../../../test/support/performed-step.factory.js';
import {
  type DataSet,
  type DataSetInput,
  dataSet,
  MalformedDataSet,
  readDataSet,
  type TransferSyntax,
  writeDataSet,
} from '../dataset/index.js';
import { applySet, judgeCreate, judgeSet, performedStepStatus } from './performed-step-rules.js';
import { selectAttributes } from './performed-step-selection.js';

const item = dataSet({
  PatientName: 'Müller^Jürgen',
  PatientID: 'F1',
  StudyInstanceUID: '1.2.3.4',
  AccessionNumber: 'A1',
  ScheduledProcedureStepSequence: [
    { ScheduledProcedureStepID: 'S1', Modality: 'NM', ScheduledStationAETitle: 'SPECT1' },
  ],
});
const start = { startDate: '20260706', startTime: '093000' };
const end = { endDate: '20260706', endTime: '101500' };
const scan = performedStep({ items: [item], ...start });

function begunWith(changes: DataSetInput): DataSet {
  return performedStep({ items: [item], ...start, changes }).begun;
}

describe('N-CREATE', () => {
  it('accepts a step as the standard wants it, and one without any attribute of type 2', () => {
    expect(judgeCreate(scan.begun)).toBeNull();
    expect(
      judgeCreate(performedStep({ items: [item, item], ...start, leavesOutType2: true }).begun),
    ).toBeNull();
    expect(judgeCreate(performedStep({ ...start, leavesOutType2: true }).begun)).toBeNull();
  });

  const type1 = [
    'PerformedProcedureStepID',
    'PerformedStationAETitle',
    'PerformedProcedureStepStartDate',
    'PerformedProcedureStepStartTime',
    'PerformedProcedureStepStatus',
    'Modality',
  ];
  it.each(type1)('refuses a step without %s with 0120, and with an empty one with 0121', (keyword) => {
    expect(judgeCreate(begunWith({ [keyword]: undefined }))).toMatchObject({
      status: 0x0120,
      path: keyword,
      message: `${keyword} is missing`,
    });
    expect(judgeCreate(begunWith({ [keyword]: '' }))).toMatchObject({ status: 0x0121, path: keyword });
    expect(judgeCreate(begunWith({ [keyword]: ['', ''] }))).toMatchObject({ status: 0x0121, path: keyword });
    expect(judgeCreate(begunWith({ [keyword]: ['A', 'B'] }))).toMatchObject({
      status: 0x0106,
      path: keyword,
    });
  });

  const sequence = 'ScheduledStepAttributesSequence';
  it.each<[string, DataSetInput, number, string, number]>([
    ['no sequence', { [sequence]: undefined }, 0x0120, sequence, 0x00400270],
    ['no item', { [sequence]: [] }, 0x0121, sequence, 0x00400270],
    ['an empty item', { [sequence]: [{}] }, 0x0120, `${sequence}.StudyInstanceUID`, 0x0020000d],
    [
      'no study in the second item',
      { [sequence]: [{ StudyInstanceUID: '1.2' }, { StudyInstanceUID: '' }] },
      0x0121,
      `${sequence}.StudyInstanceUID`,
      0x0020000d,
    ],
    [
      'a study that is no UID',
      { [sequence]: [{ StudyInstanceUID: '1.02.3' }] },
      0x0106,
      `${sequence}.StudyInstanceUID`,
      0x0020000d,
    ],
    [
      'a study longer than a UID may be',
      { [sequence]: [{ StudyInstanceUID: `1.${'2'.repeat(64)}` }] },
      0x0106,
      `${sequence}.StudyInstanceUID`,
      0x0020000d,
    ],
    [
      'a day that is none',
      { PerformedProcedureStepStartDate: '20260230' },
      0x0106,
      'PerformedProcedureStepStartDate',
      0x00400244,
    ],
    [
      'a time that is none',
      { PerformedProcedureStepStartTime: '2460' },
      0x0106,
      'PerformedProcedureStepStartTime',
      0x00400245,
    ],
    [
      'an over-long ID',
      { PerformedProcedureStepID: 'P'.repeat(17) },
      0x0106,
      'PerformedProcedureStepID',
      0x00400253,
    ],
    [
      'an over-long AE title',
      { PerformedStationAETitle: 'S'.repeat(17) },
      0x0106,
      'PerformedStationAETitle',
      0x00400241,
    ],
    ['a modality in small letters', { Modality: 'nm' }, 0x0106, 'Modality', 0x00080060],
    [
      'COMPLETED',
      { PerformedProcedureStepStatus: 'COMPLETED' },
      0x0106,
      'PerformedProcedureStepStatus',
      0x00400252,
    ],
    [
      'DISCONTINUED',
      { PerformedProcedureStepStatus: 'DISCONTINUED' },
      0x0106,
      'PerformedProcedureStepStatus',
      0x00400252,
    ],
    [
      'SCHEDULED',
      { PerformedProcedureStepStatus: 'SCHEDULED' },
      0x0106,
      'PerformedProcedureStepStatus',
      0x00400252,
    ],
    [
      'an end that is no day',
      { PerformedProcedureStepEndDate: '20261301' },
      0x0106,
      'PerformedProcedureStepEndDate',
      0x00400250,
    ],
    [
      'an end before the start',
      { PerformedProcedureStepEndDate: '20260705' },
      0x0106,
      'PerformedProcedureStepEndDate',
      0x00400250,
    ],
    ['a name that is cut by a NUL', { PatientName: 'DOE\0^JANE' }, 0x0106, 'PatientName', 0x00100010],
    [
      'a cut text in an item',
      { [sequence]: [{ StudyInstanceUID: '1.2', AccessionNumber: 'A\0B' }] },
      0x0106,
      `${sequence}.AccessionNumber`,
      0x00080050,
    ],
  ])('refuses %s', (_name, changes, status, path, tag) => {
    expect(judgeCreate(begunWith(changes))).toMatchObject({ status, path, tag });
  });

  it('takes dates and times in the forms of ACR-NEMA', () => {
    const old = {
      PerformedProcedureStepStartDate: '2026.07.06',
      PerformedProcedureStepStartTime: '09:30:00',
    };
    expect(judgeCreate(begunWith(old))).toBeNull();
  });

  it('never repeats a value, and fits its words into an error comment of ASCII', () => {
    const changes = { PerformedProcedureStepStatus: 'MARY SMITH' };
    const problem = judgeCreate(begunWith(changes));
    expect(problem?.message).toBe('PerformedProcedureStepStatus is not IN PROGRESS');
    const nested = judgeCreate(begunWith({ [sequence]: [{ StudyInstanceUID: 'MARY SMITH' }] }));
    expect(nested?.message).toBe('ScheduledStepAttributesSequence.StudyInstanceUID is not valid');
    expect(nested?.message.length).toBeLessThanOrEqual(64);
  });
});

describe('N-SET', () => {
  it('accepts progress, the same state again, and both ends', () => {
    expect(judgeSet(scan.begun, scan.progress([series()]))).toBeNull();
    expect(judgeSet(scan.begun, dataSet({}))).toBeNull();
    expect(judgeSet(scan.begun, scan.completed(end))).toBeNull();
    expect(judgeSet(scan.begun, scan.discontinued({ ...end, series: [series({}, 0)] }))).toBeNull();
  });

  it('lets a step that was broken off end without series, against the standard', () => {
    expect(judgeSet(scan.begun, scan.discontinued(end))).toBeNull();
    const nothing = { PerformedSeriesSequence: undefined };
    expect(judgeSet(scan.begun, scan.discontinued({ ...end, changes: nothing }))).toBeNull();
  });

  it.each(['COMPLETED', 'DISCONTINUED'])('is refused once the step is %s, whatever it says', (status) => {
    const final = scan.begun.with(dataSet({ PerformedProcedureStepStatus: status }).elements());
    for (const change of [scan.completed(end), scan.discontinued(end), scan.progress([]), dataSet({})]) {
      expect(judgeSet(final, change)).toBe('already-final');
    }
  });

  it.each<[string, DataSetInput, number, string]>([
    ['another patient', { PatientID: 'F2' }, 0x0106, 'PatientID'],
    ['no patient any more', { PatientName: '' }, 0x0106, 'PatientName'],
    [
      'another start',
      { PerformedProcedureStepStartTime: '093001' },
      0x0106,
      'PerformedProcedureStepStartTime',
    ],
    ['another station', { PerformedStationAETitle: 'SPECT2' }, 0x0106, 'PerformedStationAETitle'],
    ['a location that was not given', { PerformedLocation: 'ROOM 2' }, 0x0106, 'PerformedLocation'],
    ['another ID', { PerformedProcedureStepID: 'P2' }, 0x0106, 'PerformedProcedureStepID'],
    ['another modality', { Modality: 'CT' }, 0x0106, 'Modality'],
    [
      'another study',
      { ScheduledStepAttributesSequence: [{ StudyInstanceUID: '1.2.3.5' }] },
      0x0106,
      'ScheduledStepAttributesSequence',
    ],
    ['no plan any more', { ScheduledStepAttributesSequence: [] }, 0x0106, 'ScheduledStepAttributesSequence'],
    [
      'a state that is none',
      { PerformedProcedureStepStatus: 'DONE' },
      0x0106,
      'PerformedProcedureStepStatus',
    ],
    ['an empty state', { PerformedProcedureStepStatus: '' }, 0x0121, 'PerformedProcedureStepStatus'],
    [
      'two states',
      { PerformedProcedureStepStatus: ['COMPLETED', 'DISCONTINUED'] },
      0x0106,
      'PerformedProcedureStepStatus',
    ],
    [
      'an end without its day',
      { PerformedProcedureStepEndDate: undefined },
      0x0121,
      'PerformedProcedureStepEndDate',
    ],
    [
      'an end with an empty time',
      { PerformedProcedureStepEndTime: '' },
      0x0121,
      'PerformedProcedureStepEndTime',
    ],
    [
      'an end on a day that is none',
      { PerformedProcedureStepEndDate: '20260732' },
      0x0106,
      'PerformedProcedureStepEndDate',
    ],
    [
      'an end a day before the start',
      { PerformedProcedureStepEndDate: '20260705' },
      0x0106,
      'PerformedProcedureStepEndDate',
    ],
    [
      'an end more than an hour before the start',
      { PerformedProcedureStepEndTime: '082959' },
      0x0106,
      'PerformedProcedureStepEndTime',
    ],
    ['no series', { PerformedSeriesSequence: [] }, 0x0121, 'PerformedSeriesSequence'],
    [
      'a series without UID',
      { PerformedSeriesSequence: [series(), series({ SeriesInstanceUID: undefined })] },
      0x0120,
      'PerformedSeriesSequence.SeriesInstanceUID',
    ],
    [
      'a series that is no UID',
      { PerformedSeriesSequence: [series({ SeriesInstanceUID: 'one' })] },
      0x0106,
      'PerformedSeriesSequence.SeriesInstanceUID',
    ],
    [
      'a series without protocol',
      { PerformedSeriesSequence: [series({ ProtocolName: '' })] },
      0x0121,
      'PerformedSeriesSequence.ProtocolName',
    ],
    [
      'a cut text',
      { CommentsOnThePerformedProcedureStep: 'a\0b' },
      0x0106,
      'CommentsOnThePerformedProcedureStep',
    ],
  ])('of COMPLETED is refused with %s', (_name, changes, status, path) => {
    expect(judgeSet(scan.begun, scan.completed({ ...end, changes }))).toMatchObject({ status, path });
  });

  it.each(['083000', '083000.000000', '092959'])(
    'lets a step end at %s that began at 0930, as when the clocks go back between',
    (time) => {
      const changes = { PerformedProcedureStepEndTime: time };
      expect(judgeSet(scan.begun, scan.completed({ ...end, changes }))).toBeNull();
    },
  );

  it('calls an end missing where neither message has one', () => {
    const lean = performedStep({ items: [item], ...start, leavesOutType2: true });
    const changes = { PerformedProcedureStepEndDate: undefined };
    expect(judgeSet(lean.begun, lean.completed({ ...end, changes }))).toMatchObject({ status: 0x0120 });
    const noSeries = { PerformedSeriesSequence: undefined };
    expect(judgeSet(lean.begun, lean.completed({ ...end, changes: noSeries }))).toMatchObject({
      status: 0x0120,
    });
  });

  it('takes the series and the end from earlier messages', () => {
    const far = applySet(scan.begun, scan.progress([series()]));
    const ended = applySet(
      far,
      dataSet({ PerformedProcedureStepEndDate: '20260706', PerformedProcedureStepEndTime: '10' }),
    );
    expect(judgeSet(ended, dataSet({ PerformedProcedureStepStatus: 'COMPLETED' }))).toBeNull();
  });

  it('lets pass what is fixed when it says the same again', () => {
    const changes = {
      PatientID: 'F1',
      PatientName: 'Müller^Jürgen',
      Modality: 'NM',
      AdmissionID: '',
      PerformedProcedureStepStartTime: '0930',
      PerformedProcedureStepStartDate: '2026.07.06',
      ScheduledStepAttributesSequence: scan.begun.items('ScheduledStepAttributesSequence'),
    };
    const change = scan.completed({ ...end, changes });
    expect(judgeSet(scan.begun, change)).toBeNull();
    expect(applySet(scan.begun, change).text('PerformedProcedureStepStartTime')).toBe('093000');
  });

  it('may end at the moment it began, and on the next day', () => {
    expect(judgeSet(scan.begun, scan.completed({ endDate: '20260706', endTime: '0930' }))).toBeNull();
    expect(judgeSet(scan.begun, scan.completed({ endDate: '20260707', endTime: '000500' }))).toBeNull();
  });

  it('replaces a sequence with all its items', () => {
    const [first, second] = [series(), series()];
    const both = applySet(scan.begun, scan.progress([first, second]));
    const one = applySet(both, scan.progress([second]));
    expect(one.items('PerformedSeriesSequence')).toEqual([second]);
    expect(performedStepStatus(one)).toBe('IN PROGRESS');
  });

  it('loses no letter where two character sets meet', () => {
    const change = dataSet({
      SpecificCharacterSet: 'ISO_IR 144',
      PerformedProcedureStepDescription: 'Кость',
    });
    const merged = applySet(
      begunWith({ SpecificCharacterSet: 'ISO_IR 100' }),
      readDataSet(writeDataSet(change, 'implicit-vr-little-endian'), 'implicit-vr-little-endian'),
    );
    const again = readDataSet(writeDataSet(merged, 'explicit-vr-little-endian'), 'explicit-vr-little-endian');
    expect(again.text('PatientName')).toBe('Müller^Jürgen');
    expect(again.text('PerformedProcedureStepDescription')).toBe('Кость');
    const sameSet = applySet(
      begunWith({ SpecificCharacterSet: 'ISO_IR 100' }),
      dataSet({ SpecificCharacterSet: 'ISO_IR 100' }),
    );
    expect(sameSet.text('SpecificCharacterSet')).toBe('ISO_IR 100');
  });
});

const someText = fc.constantFrom(
  '',
  'NM',
  'CT',
  'F1',
  'F2',
  'DONE',
  'a\0b',
  '20260706',
  '20260705',
  '0930',
  '1.2.3',
);
const someChange = fc.dictionary(
  fc.constantFrom(
    'SpecificCharacterSet',
    'PatientID',
    'Modality',
    'PerformedProcedureStepEndDate',
    'PerformedProcedureStepEndTime',
    'PerformedProcedureStepDescription',
    'StudyID',
  ),
  someText,
);
const change = fc
  .tuple(
    someChange,
    fc.constantFrom(undefined, 'IN PROGRESS', 'COMPLETED', 'DISCONTINUED', 'DONE', ''),
    fc.constantFrom<readonly DataSet[] | undefined>(
      undefined,
      [],
      [series()],
      [series({ ProtocolName: '' })],
    ),
  )
  .map(([texts, status, list]) =>
    dataSet({ ...texts, PerformedProcedureStepStatus: status, PerformedSeriesSequence: list }),
  );

describe('laws', () => {
  it('applying a change twice is applying it once', () => {
    fc.assert(
      fc.property(change, change, (first, second) => {
        const before = applySet(scan.begun, first);
        const once = applySet(before, second);
        expect([...applySet(once, second).elements()]).toEqual([...once.elements()]);
      }),
    );
  });

  it('what is fixed at the beginning never changes, and nothing follows an end', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        let step = scan.begun;
        for (const each of changes) {
          const before = [...step.elements()];
          const problem = judgeSet(step, each);
          expect([...step.elements()]).toEqual(before);
          if (performedStepStatus(step) !== 'IN PROGRESS') expect(problem).toBe('already-final');
          if (problem === null) step = applySet(step, each);
        }
        for (const keyword of ['PatientID', 'Modality', 'StudyID']) {
          expect(step.texts(keyword)).toEqual(scan.begun.texts(keyword));
        }
        expect(performedStepStatus(step)).not.toBeNull();
      }),
    );
  });
});

describe('bytes that a mistake or an enemy has changed', () => {
  it.each(['implicit-vr-little-endian', 'explicit-vr-little-endian'] as const)(
    'in %s are no data set, or are judged; nothing else is thrown',
    (syntax) => {
      const sound = writeDataSet(
        applySet(scan.begun, scan.completed({ ...end, series: [series()] })),
        syntax,
      );
      const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })), {
        maxLength: 6,
      });
      fc.assert(
        fc.property(changes, fc.nat(sound.length), (flips, cut) => {
          const bytes = Buffer.from(sound.subarray(0, flips.length % 2 === 0 ? sound.length : cut));
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          const hostile = readOrNull(bytes, syntax);
          if (hostile === null) return;
          judgeCreate(hostile);
          judgeSet(scan.begun, hostile);
          judgeSet(hostile, scan.completed(end));
          const merged = applySet(scan.begun, hostile);
          selectAttributes(merged, []);
          expect(writeDataSet(merged, 'implicit-vr-little-endian').length).toBeGreaterThan(0);
        }),
        { numRuns: 1_000 },
      );
    },
  );
});

function readOrNull(bytes: Buffer, syntax: TransferSyntax): DataSet | null {
  try {
    return readDataSet(bytes, syntax);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedDataSet);
    return null;
  }
}

describe('N-GET', () => {
  const lean = performedStep({ items: [item], ...start, leavesOutType2: true }).begun;

  it('answers everything, with empty attributes of type 2 where the scanner sent none', () => {
    const { selected, unknown } = selectAttributes(lean, []);
    expect(unknown).toEqual([]);
    expect(selected.text('PerformedProcedureStepStatus')).toBe('IN PROGRESS');
    expect(selected.has('PatientName')).toBe(true);
    expect(selected.has('PerformedSeriesSequence')).toBe(true);
    expect(selected.has('AdmissionID')).toBe(false);
  });

  it('answers what was asked for, with the character set that it is written in', () => {
    const { selected, unknown } = selectAttributes(lean, [0x00400252, 0x00100010, 0x00400252]);
    expect(unknown).toEqual([]);
    expect([...selected.elements()].map(({ tag }) => tag)).toEqual([0x00080005, 0x00100010, 0x00400252]);
  });

  it('names what it does not have: group lengths, commands, private and unknown attributes', () => {
    const tags = [0x00400252, 0x00080000, 0x00000002, 0x00091001, 0x00380010, 0x00380010];
    const { selected, unknown } = selectAttributes(lean, tags);
    expect(selected.has('PerformedProcedureStepStatus')).toBe(true);
    expect(unknown).toEqual([0x00080000, 0x00000002, 0x00091001, 0x00380010]);
    expect(selectAttributes(lean, [0x00080000]).selected.size).toBe(0);
  });

  it('never passes on a group length that a scanner sent', () => {
    const withLength = lean.with([{ kind: 'binary', tag: 0x00400000, vr: 'UL', bytes: new Uint8Array(4) }]);
    expect(selectAttributes(withLength, []).selected.elementAt(0x00400000)).toBeUndefined();
  });
});
