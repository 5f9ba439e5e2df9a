import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataSet, type DataSetInput, dataSet, readDataSet, writeDataSet } from '../dataset/index.js';
import { AnswerPlan } from './answer-plan.js';
import { compileIdentifier } from './identifier.js';
import { toNarrowing } from './narrowing.js';
import { project } from './projection.js';
import { moved, type QueryZone, toQueryZone } from './time-zones.js';
import { WorklistIndex } from './worklist-index.js';
import { toWorklistItem } from './worklist-item.js';

const stations = ['SPECT1', 'SPECT2'] as const;
const days = ['20260328', '20260329', '20260330'] as const;
const names = ['Doe^Jane', 'Doe^John', 'Müller^Jürgen', 'Wang^XiaoDong=王^小东'] as const;

/** An item made of a number, so that a failing case reads easily. */
function itemOf(
  number: number,
  facts: { station: number; day: number; modality: number; name: number; hour: number },
): DataSet {
  return dataSet({
    PatientName: names[facts.name],
    PatientID: `F${number % 5}`,
    AccessionNumber: `A${number}`,
    StudyInstanceUID: `1.2.3.${number}`,
    RequestedProcedureID: `A${number}`,
    PatientWeight: number % 2 === 0 ? '70' : '',
    TimezoneOffsetFromUTC: facts.day < 1 ? '+0000' : '+0100',
    RequestedProcedureCodeSequence: number % 3 === 0 ? [{ CodeValue: '', CodingSchemeDesignator: '' }] : [],
    ScheduledProcedureStepSequence: [
      {
        ScheduledStationAETitle: stations[facts.station],
        ScheduledProcedureStepStartDate: days[facts.day],
        ScheduledProcedureStepStartTime: `${String(facts.hour).padStart(2, '0')}3000`,
        Modality: facts.modality === 0 ? 'NM' : 'CT',
        ScheduledProcedureStepID: `S${number}`,
        ScheduledProcedureStepDescription: 'Bone SPECT-CT',
        ScheduledProtocolCodeSequence: [
          { CodeValue: 'P1', CodingSchemeDesignator: '99F', CodeMeaning: 'Bone' },
          { CodeValue: '', CodingSchemeDesignator: '99F' },
        ],
      },
    ],
  });
}

const facts = fc.record({
  station: fc.nat({ max: 1 }),
  day: fc.nat({ max: 2 }),
  modality: fc.nat({ max: 1 }),
  name: fc.nat({ max: 3 }),
  hour: fc.nat({ max: 23 }),
});
const items = fc
  .array(facts, { maxLength: 30 })
  .map((list) => list.map((each, number) => itemOf(number, each)));

const maybe = (...values: readonly (string | readonly string[])[]) =>
  fc.option(fc.constantFrom('', ...values), { nil: undefined });
const query = fc.record({
  PatientName: maybe('doe*', 'Doe^Jane', '*', 'müller*', '王*'),
  PatientID: maybe('F1', 'F?', 'F9'),
  AccessionNumber: maybe('A3', 'A*'),
  PatientWeight: maybe('70'),
  PatientSex: maybe(),
  RequestedProcedureID: maybe('A4'),
  StudyInstanceUID: maybe('1.2.3.4', ['1.2.3.4', '1.2.3.5']),
  RequestedProcedureCodeSequence: fc.option(fc.constantFrom([], [{}]), { nil: undefined }),
  SpecificCharacterSet: fc.constantFrom(undefined, 'ISO_IR 192'),
  ScheduledProcedureStepSequence: fc.option(
    fc.array(
      fc.record({
        ScheduledStationAETitle: maybe('SPECT1', 'SPECT*', 'CT9'),
        ScheduledProcedureStepStartDate: maybe('20260329', '20260329-', '-20260329', '20260328-20260329'),
        ScheduledProcedureStepStartTime: maybe('0930', '0900-1700', '-120000'),
        Modality: maybe('NM', ['NM', 'CT'], 'MR'),
        ScheduledProcedureStepID: maybe('S2', 'S*'),
        ScheduledProcedureStepDescription: maybe('Bone*'),
        ScheduledProtocolCodeSequence: fc.option(fc.constantFrom([], [{}], [{ CodeMeaning: '' }]), {
          nil: undefined,
        }),
      }),
      { maxLength: 1 },
    ),
    { nil: undefined },
  ),
});

function select(index: WorklistIndex, identifier: DataSet, zone: QueryZone | null = null): readonly string[] {
  const compiled = compileIdentifier(identifier);
  return index
    .select(compiled, toNarrowing(identifier), zone)
    .flatMap((selection) => selection.items.filter((item) => selection.test?.(item) ?? true))
    .map((item) => item.stepId);
}

function startOf(item: DataSet): string {
  const step = item.items('ScheduledProcedureStepSequence')[0];
  return ['ScheduledProcedureStepStartDate', 'ScheduledProcedureStepStartTime', 'ScheduledProcedureStepID']
    .map((keyword) => step?.text(keyword))
    .join(' ');
}

function stepIdOf(item: DataSet): string {
  return item.items('ScheduledProcedureStepSequence')[0]?.text('ScheduledProcedureStepID') ?? '';
}

function byMatchingEach(
  all: readonly DataSet[],
  identifier: DataSet,
  zone: QueryZone | null = null,
): string[] {
  const compiled = compileIdentifier(identifier);
  return all
    .filter((item) => compiled.findMismatch(zone === null ? item : moved(item, zone)) === null)
    .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
    .map(stepIdOf);
}

describe('the worklist index', () => {
  it('finds what matching every item would find, in the order of their start', () => {
    fc.assert(
      fc.property(items, query, (all, wanted) => {
        const identifier = dataSet(wanted as DataSetInput);
        const index = new WorklistIndex();
        index.putAll(all.map(toWorklistItem));
        expect(select(index, identifier)).toEqual(byMatchingEach(all, identifier));
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds the same after any changes', () => {
    const change = fc.tuple(fc.nat({ max: 12 }), fc.option(facts));
    fc.assert(
      fc.property(items, fc.array(change, { maxLength: 20 }), query, (all, changes, wanted) => {
        const identifier = dataSet(wanted as DataSetInput);
        const index = new WorklistIndex();
        index.putAll(all.map(toWorklistItem));
        const now = new Map(all.map((item) => [stepIdOf(item), item]));
        for (const [number, next] of changes) {
          if (next === null) {
            index.remove(`S${number}`);
            now.delete(`S${number}`);
          } else {
            const item = itemOf(number, next);
            index.putAll([toWorklistItem(item)]);
            now.set(stepIdOf(item), item);
          }
        }
        for (const stepId of now.keys()) expect(index.find(stepId)?.stepId).toBe(stepId);
        expect(select(index, identifier)).toEqual(byMatchingEach([...now.values()], identifier));
      }),
      { numRuns: 500 },
    );
  });

  it('finds by the days and times of another clock once that was negotiated', () => {
    const zones = fc.constantFrom('+0000', '+0100', '-0500', '+1400', '-1200');
    fc.assert(
      fc.property(items, query, zones, (all, wanted, offset) => {
        const identifier = dataSet({ ...(wanted as DataSetInput), TimezoneOffsetFromUTC: offset });
        const zone = toQueryZone(identifier);
        const index = new WorklistIndex();
        index.putAll(all.map(toWorklistItem));
        expect([...select(index, identifier, zone)].sort()).toEqual(
          byMatchingEach(all, identifier, zone).sort(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('goes on with what it had selected while items come and go', () => {
    const index = new WorklistIndex();
    const at = { station: 0, day: 0, modality: 0, name: 0, hour: 9 };
    index.putAll([0, 1, 2].map((number) => toWorklistItem(itemOf(number, at))));
    const [selection] = index.select(
      compileIdentifier(dataSet({ PatientName: '' })),
      toNarrowing(dataSet({})),
      null,
    );
    index.remove('S1');
    index.putAll([toWorklistItem(itemOf(7, at))]);
    expect(selection?.items.map(({ stepId }) => stepId)).toEqual(['S0', 'S1', 'S2']);
  });

  it('takes no item without a step', () => {
    expect(() => toWorklistItem(dataSet({ PatientName: 'Doe^Jane' }))).toThrow(TypeError);
  });
});

describe('an answer made from bytes', () => {
  it('is the same, byte for byte, as one that was decoded, projected and written', () => {
    const syntax = fc.constantFrom(
      'explicit-vr-little-endian' as const,
      'implicit-vr-little-endian' as const,
    );
    const characterSet = fc.constantFrom<readonly string[]>(['ISO_IR 100'], ['ISO_IR 192'], []);
    fc.assert(
      fc.property(
        facts,
        fc.nat({ max: 9 }),
        query,
        syntax,
        characterSet,
        (fact, number, wanted, into, set) => {
          const identifier = readDataSet(writeDataSet(dataSet(wanted as DataSetInput), into), into);
          const item = toWorklistItem(itemOf(number, fact));
          const slow = project(identifier, item.set.toDataSet(), set);
          const fast = new AnswerPlan(identifier, into, set).answer(item);
          expect(fast.missing).toEqual(slow.missing);
          expect(fast.bytes.toString('hex')).toBe(writeDataSet(slow.answer, into).toString('hex'));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('has room for any number of items in a sequence', () => {
    const codes = Array.from({ length: 60 }, (_, number) => ({
      CodeValue: `P${number}`,
      CodingSchemeDesignator: '99F',
    }));
    const [step] = itemOf(1, { station: 0, day: 0, modality: 0, name: 0, hour: 9 }).items(
      'ScheduledProcedureStepSequence',
    );
    const item = toWorklistItem(
      dataSet({
        ScheduledProcedureStepSequence: [step ?? dataSet({})],
        RequestedProcedureCodeSequence: codes,
      }),
    );
    const wanted = [
      'CodeValue',
      'CodeMeaning',
      'CodingSchemeVersion',
      'PatientName',
      'PatientID',
      'Allergies',
    ];
    const identifier = dataSet({
      RequestedProcedureCodeSequence: [Object.fromEntries(wanted.map((keyword) => [keyword, '']))],
      PatientState: '',
    });
    for (const syntax of ['explicit-vr-little-endian', 'implicit-vr-little-endian'] as const) {
      const slow = project(identifier, item.set.toDataSet(), []);
      const { bytes } = new AnswerPlan(identifier, syntax, []).answer(item);
      expect(bytes.toString('hex')).toBe(writeDataSet(slow.answer, syntax).toString('hex'));
    }
  });

  it('never holds an item without content', () => {
    const item = toWorklistItem(itemOf(3, { station: 0, day: 0, modality: 0, name: 0, hour: 9 }));
    const identifier = dataSet({ RequestedProcedureCodeSequence: [], ScheduledProcedureStepSequence: [] });
    const { bytes } = new AnswerPlan(identifier, 'implicit-vr-little-endian', []).answer(item);
    const answer = readDataSet(bytes, 'implicit-vr-little-endian');
    expect(answer.has('RequestedProcedureCodeSequence')).toBe(false);
    const [step] = answer.items('ScheduledProcedureStepSequence');
    expect(step?.items('ScheduledProtocolCodeSequence')).toHaveLength(1);
  });
});

describe('time zones', () => {
  it('move days and times across midnight, months and years', () => {
    const at = (day: string, time: string) =>
      dataSet({
        TimezoneOffsetFromUTC: '+0000',
        ScheduledProcedureStepSequence: [
          { ScheduledProcedureStepStartDate: day, ScheduledProcedureStepStartTime: time },
        ],
      });
    const there = (set: DataSet, offset: string) => {
      const zone = toQueryZone(dataSet({ TimezoneOffsetFromUTC: offset }));
      const step = zone && moved(set, zone).items('ScheduledProcedureStepSequence')[0];
      return [step?.text('ScheduledProcedureStepStartDate'), step?.text('ScheduledProcedureStepStartTime')];
    };
    expect(there(at('20261231', '233000'), '+0100')).toEqual(['20270101', '003000']);
    expect(there(at('20280301', '013015'), '-0500')).toEqual(['20280229', '203015']);
    expect(there(at('20260329', '1130'), '+0530')).toEqual(['20260329', '170000']);
    expect(() => toQueryZone(dataSet({ TimezoneOffsetFromUTC: '+1500' }))).toThrow('offset');
  });
});
