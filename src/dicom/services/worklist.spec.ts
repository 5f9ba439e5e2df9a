import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DataSet, type DataSetInput, dataSet, MalformedDataSet } from '../dataset/index.js';
import { compileIdentifier, withDefaultStation } from './identifier.js';
import { toStartKey } from './matching.js';
import { toNarrowing } from './narrowing.js';
import { project } from './projection.js';
import { compileWildcard } from './wildcards.js';
import { answerNegotiation, isNegotiated } from './worklist-negotiation.js';

const step = {
  ScheduledStationAETitle: 'SPECT1',
  ScheduledProcedureStepStartDate: '20260706',
  ScheduledProcedureStepStartTime: '093000',
  Modality: 'NM',
  ScheduledPerformingPhysicianName: 'Grey^Meredith',
  ScheduledProcedureStepID: 'S1',
  ScheduledProcedureStepDescription: 'Bone SPECT-CT',
  ScheduledProtocolCodeSequence: [{ CodeValue: 'P1', CodingSchemeDesignator: '99F', CodeMeaning: 'Bone' }],
};

const item = dataSet({
  PatientName: 'Doe^Jane',
  PatientID: 'F000001',
  PatientBirthDate: '19700101',
  PatientSex: 'F',
  AccessionNumber: 'A1',
  StudyInstanceUID: '1.2.3',
  RequestedProcedureID: 'R1',
  RequestedProcedureCodeSequence: [{ CodeValue: '', CodingSchemeDesignator: '', CodeMeaning: '' }],
  ScheduledProcedureStepSequence: [step],
});

function mismatch(input: DataSetInput, candidate = item): string | null {
  return compileIdentifier(dataSet(input)).findMismatch(candidate);
}

function stepQuery(keys: DataSetInput): DataSetInput {
  return { ScheduledProcedureStepSequence: [keys] };
}

function without(keyword: string): DataSet {
  return dataSet({
    PatientName: 'Doe^Jane',
    PatientID: 'F000001',
    ScheduledProcedureStepSequence: [{ ...step, [keyword]: undefined }],
  });
}

/** What wild cards mean, in the most obvious way. */
function naive(pattern: readonly string[], text: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return naive(rest, text) || (text.length > 0 && naive(pattern, text.slice(1)));
  return text.length > 0 && (head === '?' || head === text[0]) && naive(rest, text.slice(1));
}

describe('wild cards', () => {
  it('mean what a naive reference means', () => {
    const characters = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 8 });
    const pattern = fc.array(fc.constantFrom('a', 'b', '😀', '*', '?'), { maxLength: 7 });
    fc.assert(
      fc.property(pattern, characters, (key, text) => {
        expect(compileWildcard(key.join(''))(text.join(''))).toBe(naive(key, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are not slowed by bombs', () => {
    expect(compileWildcard(`${'*'.repeat(500_000)}b`)('a'.repeat(64))).toBe(false);
    expect(compileWildcard(`${'*a'.repeat(100_000)}b`)('a'.repeat(64))).toBe(false);
  });
});

describe('matching', () => {
  it.each<[string, DataSetInput]>([
    ['no keys', { PatientName: '' }],
    ['the name in another case', { PatientName: 'DOE^JANE' }],
    ['a name with trailing empty components', { PatientName: 'Doe^Jane^^^' }],
    ['the start of the name', { PatientName: 'doe*' }],
    ['an empty middle name by wildcard', { PatientName: 'DOE^JANE^*' }],
    ['one letter of the name', { PatientName: 'D?e^Jane' }],
    ['only stars', { PatientName: '***', PatientID: '*' }],
    [
      'a date and a time that are a star',
      stepQuery({ ScheduledProcedureStepStartDate: '*', ScheduledProcedureStepStartTime: '*' }),
    ],
    ['a UID that is a star', { StudyInstanceUID: '*' }],
    ['the id', { PatientID: 'F000001' }],
    ['the start of the id', { PatientID: 'F*' }],
    ['one of several UIDs', { StudyInstanceUID: ['1.9', '1.2.3'] }],
    ['one of several modalities', stepQuery({ Modality: ['CT', 'NM'] })],
    ['a station with padding', stepQuery({ ScheduledStationAETitle: ' SPECT1 ' })],
    ['an empty item', stepQuery({})],
    ['no item', { ScheduledProcedureStepSequence: [] }],
    ['the day', stepQuery({ ScheduledProcedureStepStartDate: '20260706' })],
    ['days around it', stepQuery({ ScheduledProcedureStepStartDate: '20260705-20260707' })],
    ['from the day on', stepQuery({ ScheduledProcedureStepStartDate: '20260706-' })],
    ['until the day', stepQuery({ ScheduledProcedureStepStartDate: '-20260706' })],
    ['the time by meaning', stepQuery({ ScheduledProcedureStepStartTime: '0930' })],
    ['a nested code', stepQuery({ ScheduledProtocolCodeSequence: [{ CodeValue: 'P1' }] })],
    [
      '5–7 July with 10:00–18:00 finds 6 July 09:30',
      stepQuery({
        ScheduledProcedureStepStartDate: '20260705-20260707',
        ScheduledProcedureStepStartTime: '1000-1800',
      }),
    ],
    [
      '5–7 July with 18:00–10:00 too',
      stepQuery({
        ScheduledProcedureStepStartDate: '20260705-20260707',
        ScheduledProcedureStepStartTime: '1800-1000',
      }),
    ],
  ])('finds the item by %s', (_name, input) => {
    expect(mismatch(input)).toBeNull();
  });

  it.each<[string, DataSetInput, string]>([
    ['another name', { PatientName: 'DOE^JOHN' }, 'PatientName'],
    ['the start of a name without star', { PatientName: 'Doe' }, 'PatientName'],
    ['the id in another case', { PatientID: 'f000001' }, 'PatientID'],
    ['another UID', { StudyInstanceUID: '1.2.4' }, 'StudyInstanceUID'],
    ['a UID with a star', { StudyInstanceUID: '1.2.*' }, 'StudyInstanceUID'],
    ['other modalities', stepQuery({ Modality: ['CT', 'MR'] }), 'ScheduledProcedureStepSequence.Modality'],
    [
      'another station',
      stepQuery({ ScheduledStationAETitle: 'SPECT2' }),
      'ScheduledProcedureStepSequence.ScheduledStationAETitle',
    ],
    [
      'another day',
      stepQuery({ ScheduledProcedureStepStartDate: '20260707-' }),
      'ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate',
    ],
    [
      'another time',
      stepQuery({ ScheduledProcedureStepStartTime: '1000-' }),
      'ScheduledProcedureStepSequence.ScheduledProcedureStepStartTime',
    ],
    [
      'the first day before the first time',
      stepQuery({
        ScheduledProcedureStepStartDate: '20260706-20260707',
        ScheduledProcedureStepStartTime: '1000-1800',
      }),
      'ScheduledProcedureStepSequence.ScheduledProcedureStepStartDate',
    ],
    ['an optional key', { AccessionNumber: 'A2' }, 'AccessionNumber'],
    [
      'a nested code',
      stepQuery({ ScheduledProtocolCodeSequence: [{ CodeValue: 'P2' }] }),
      'ScheduledProcedureStepSequence.ScheduledProtocolCodeSequence.CodeValue',
    ],
  ])('does not find it by %s', (_name, input, path) => {
    expect(mismatch(input)).toBe(path);
  });

  it.each([
    'ScheduledStationAETitle',
    'ScheduledProcedureStepStartDate',
    'ScheduledProcedureStepStartTime',
    'Modality',
    'ScheduledPerformingPhysicianName',
  ])('does not find an empty %s by a value, but by a universal key', (keyword) => {
    const value = String(step[keyword as keyof typeof step]);
    expect(mismatch(stepQuery({ [keyword]: value }))).toBeNull();
    expect(mismatch(stepQuery({ [keyword]: value }), without(keyword))).not.toBeNull();
    expect(mismatch(stepQuery({ [keyword]: '' }), without(keyword))).toBeNull();
  });

  it.each<[string, DataSetInput]>([
    ['an impossible date', stepQuery({ ScheduledProcedureStepStartDate: '20260230' })],
    ['a range of nothing', stepQuery({ ScheduledProcedureStepStartDate: '-' })],
    ['a range of three', stepQuery({ ScheduledProcedureStepStartDate: '20260101-20260102-20260103' })],
    ['a backward range of days', stepQuery({ ScheduledProcedureStepStartDate: '20260707-20260705' })],
    ['a backward range of times', stepQuery({ ScheduledProcedureStepStartTime: '1800-1000' })],
    [
      'a backward range of times on one day',
      stepQuery({
        ScheduledProcedureStepStartDate: '20260705-20260705',
        ScheduledProcedureStepStartTime: '1800-1000',
      }),
    ],
    ['two dates', stepQuery({ ScheduledProcedureStepStartDate: ['20260705', '20260706'] })],
    ['a time that is none', stepQuery({ ScheduledProcedureStepStartTime: '2500' })],
    ['two names', { PatientName: ['A', 'B'] }],
    ['two ids', { PatientID: ['A', 'B'] }],
    ['only separators', stepQuery({ Modality: ['', ''] })],
    ['only separators in an id', { PatientID: ['', ''] }],
    ['two items', { ScheduledProcedureStepSequence: [{}, {}] }],
  ])('takes %s for a malformed identifier', (_name, input) => {
    expect(() => compileIdentifier(dataSet(input))).toThrow(MalformedDataSet);
  });

  it('tells keys that it cannot match by', () => {
    expect(compileIdentifier(dataSet({ PatientWeight: '80', PatientName: 'Doe*' })).hasUnsupportedKey).toBe(
      true,
    );
    expect(compileIdentifier(dataSet({ PatientWeight: '', PatientName: 'Doe*' })).hasUnsupportedKey).toBe(
      false,
    );
    expect(compileIdentifier(dataSet({ QueryRetrieveLevel: 'STUDY' })).hasUnsupportedKey).toBe(true);
    expect(
      compileIdentifier(dataSet({ SpecificCharacterSet: 'ISO_IR 100', TimezoneOffsetFromUTC: '+0100' }))
        .hasUnsupportedKey,
    ).toBe(false);
  });

  it('never logs a value about a patient', () => {
    const { facts } = compileIdentifier(
      dataSet({
        PatientName: 'SECRET*',
        PatientID: 'SECRET',
        ...stepQuery({ Modality: 'NM', ScheduledPerformingPhysicianName: 'SECRET' }),
      }),
    );
    expect(JSON.stringify(facts)).not.toContain('SECRET');
    expect(facts).toContainEqual({
      keyword: 'ScheduledProcedureStepSequence.Modality',
      matching: 'single',
      values: ['NM'],
    });
    expect(facts).toContainEqual({ keyword: 'PatientName', matching: 'wildcard', values: null });
  });

  it('matches start date and time as a reference does', () => {
    const day = fc.integer({ min: 1, max: 9 });
    const hour = fc.integer({ min: 10, max: 19 });
    const range = (a: number, b: number) => ({ range: { from: a, to: b }, isSingle: false });
    fc.assert(
      fc.property(day, hour, day, day, hour, hour, (d, h, a, b, x, y) => {
        const [from, to] = a <= b ? [a, b] : [b, a];
        const dates = { range: { from: `2026070${from}`, to: `2026070${to}` }, isSingle: false };
        const times = range(x * 3_600_000_000, y * 3_600_000_000);
        const moment = d * 100 + h;
        const expected = from * 100 + x <= moment && moment <= to * 100 + y;
        expect(toStartKey(dates, times)(`2026070${d}`, `${h}00`)).toBe(expected);
      }),
    );
  });

  it('keeps a time whose day is open', () => {
    const query = stepQuery({
      ScheduledProcedureStepStartDate: '20260701-',
      ScheduledProcedureStepStartTime: '0800-0900',
    });
    expect(mismatch(query)).not.toBeNull();
  });

  it('takes the default station only when none is named', () => {
    const named = (input: DataSetInput) =>
      withDefaultStation(dataSet(input), 'SPECT1')
        .items('ScheduledProcedureStepSequence')[0]
        ?.texts('ScheduledStationAETitle');
    expect(named({ PatientName: '' })).toEqual(['SPECT1']);
    expect(named(stepQuery({ Modality: 'NM' }))).toEqual(['SPECT1']);
    expect(named(stepQuery({ ScheduledStationAETitle: 'CT2' }))).toEqual(['CT2']);
    expect(named(stepQuery({ ScheduledStationAETitle: '*' }))).toEqual(['*']);
  });

  it('offers narrowing for what is exact', () => {
    const identifier = dataSet({
      PatientID: 'F1',
      AccessionNumber: 'A*',
      ...stepQuery({ Modality: ['NM', 'CT'], ScheduledProcedureStepStartDate: '20260706-' }),
    });
    expect(toNarrowing(identifier)).toEqual({
      id: 'F1',
      scheduledProcedureStepId: null,
      startDate: { from: '20260706', to: null },
    });
    expect(toNarrowing(dataSet({ PatientID: 'F?', AccessionNumber: 'Ä1' })).id).toBeNull();
  });
});

describe('projection', () => {
  const answer = (input: DataSetInput, candidate = item) =>
    project(dataSet(input), candidate, ['ISO_IR 192']);

  it('returns what was asked for and nothing else', () => {
    const { answer: set, missing } = answer({
      PatientName: '',
      PatientWeight: '',
      MedicalAlerts: '',
      ...stepQuery({ Modality: '' }),
    });
    expect(set).toEqual(
      dataSet({
        PatientName: 'Doe^Jane',
        PatientWeight: '',
        MedicalAlerts: '',
        ...stepQuery({ Modality: 'NM' }),
      }),
    );
    expect(missing).toEqual([]);
  });

  it('returns all of a sequence that was asked for with an empty item or none', () => {
    for (const wanted of [[{}], []]) {
      expect(answer({ ScheduledProcedureStepSequence: wanted }).answer).toEqual(
        dataSet({ ScheduledProcedureStepSequence: [step] }),
      );
    }
  });

  it('never returns an empty code item, nor an empty attribute of type 1C', () => {
    const { answer: set } = answer({
      RequestedProcedureCodeSequence: [{}],
      RequestedProcedureDescription: '',
      ReferencedStudySequence: [],
    });
    expect(set).toEqual(dataSet({ ReferencedStudySequence: [] }));
  });

  it('names the character set when it is needed or asked for', () => {
    expect(answer({ PatientName: '' }).answer.has('SpecificCharacterSet')).toBe(false);
    expect(answer({ PatientName: '', SpecificCharacterSet: '' }).answer.text('SpecificCharacterSet')).toBe(
      'ISO_IR 192',
    );
    const candidate = item.with(dataSet({ PatientName: 'Müller^Jürgen' }).elements());
    expect(answer({ PatientName: '' }, candidate).answer.text('SpecificCharacterSet')).toBe('ISO_IR 192');
    expect(answer({ PatientID: '' }, candidate).answer.has('SpecificCharacterSet')).toBe(false);
  });

  it('says which attribute of type 1 has no value', () => {
    const { answer: set, missing } = answer(
      { StudyInstanceUID: '', ...stepQuery({ Modality: '' }) },
      without('Modality'),
    );
    expect(missing).toEqual(['StudyInstanceUID', 'ScheduledProcedureStepSequence.Modality']);
    expect(set.has('StudyInstanceUID')).toBe(true);
  });

  it('answers extended negotiation with as many bytes', () => {
    expect([...answerNegotiation(Uint8Array.of(1, 1, 1, 1))]).toEqual([1, 1, 1, 1]);
    expect([...answerNegotiation(Uint8Array.of(1, 1, 0, 2, 1))]).toEqual([1, 1, 0, 0, 0]);
    expect(isNegotiated(Uint8Array.of(0, 0, 1), 'fuzzy names')).toBe(true);
    expect(isNegotiated(Uint8Array.of(0, 0, 1), 'time zones')).toBe(false);
    expect(isNegotiated(null, 'fuzzy names')).toBe(false);
    expect([...answerNegotiation(Uint8Array.of())]).toEqual([]);
  });
});
