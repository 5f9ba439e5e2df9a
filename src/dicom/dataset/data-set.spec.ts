import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DataSet,
  dataSet,
  type Element,
  MalformedDataSet,
  readDataSet,
  type TransferSyntax,
  writeDataSet,
} from './index.js';
import { nestingDepthMax } from './limits.js';

const explicit = 'explicit-vr-little-endian';
const implicit = 'implicit-vr-little-endian';
const syntaxes: readonly TransferSyntax[] = [explicit, implicit];

/** Written by DCMTK's dump2dcm: one query, with defined and with undefined lengths. */
function golden(name: string): Buffer {
  return readFileSync(new URL(`./query-${name}.bin`, import.meta.url));
}

const query = dataSet({
  SpecificCharacterSet: 'ISO_IR 100',
  AccessionNumber: '',
  PatientName: 'MüLLER*',
  PatientID: 'ODD',
  StudyInstanceUID: '1.2.840.1.2.3',
  RequestedProcedureCodeSequence: [{ CodeValue: '' }],
  ScheduledProcedureStepSequence: [
    {
      Modality: 'NM',
      ScheduledStationAETitle: 'SPECT1',
      ScheduledProcedureStepStartDate: '20261201-20261207',
      ScheduledProcedureStepStartTime: '100000-180000',
      ScheduledProtocolCodeSequence: [{}],
    },
  ],
});

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

function reasonOf(hex: string, syntax: TransferSyntax = explicit): string {
  try {
    readDataSet(bytes(hex), syntax);
  } catch (error) {
    if (error instanceof MalformedDataSet) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('a data set written by DCMTK', () => {
  it.each([
    ['explicit-defined', explicit],
    ['explicit-undefined', explicit],
    ['implicit-defined', implicit],
    ['implicit-undefined', implicit],
  ] as const)('is read (%s)', (name, syntax) => {
    expect(readDataSet(golden(name), syntax)).toEqual(query);
  });

  it.each([
    ['explicit-defined', explicit],
    ['implicit-defined', implicit],
  ] as const)('is written byte for byte (%s)', (name, syntax) => {
    expect(writeDataSet(query, syntax).equals(golden(name))).toBe(true);
  });

  it('is malformed or shorter when it is cut off, never something else', () => {
    for (const [name, syntax] of [
      ['explicit-undefined', explicit],
      ['implicit-undefined', implicit],
    ] as const) {
      const whole = golden(name);
      for (let length = 0; length < whole.length; length += 1) {
        try {
          const read = readDataSet(whole.subarray(0, length), syntax);
          expect(read.size).toBeLessThan(query.size);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedDataSet);
        }
      }
    }
  });

  it('throws nothing but MalformedDataSet, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(263), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...syntaxes),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (syntax, changes) => {
          const damaged = Buffer.from(
            golden(syntax === explicit ? 'explicit-undefined' : 'implicit-undefined'),
          );
          for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
          try {
            readDataSet(damaged, syntax);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedDataSet);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

const plainText = fc
  .string({ unit: fc.constantFrom(...'ABCxyz 019^=-_.äßéÑ'), maxLength: 16 })
  .map((text) => text.trim());

const elementInputs = fc.record(
  {
    PatientName: plainText,
    PatientID: plainText,
    PatientComments: plainText,
    Modality: fc.constantFrom('', 'NM', 'CT'),
    StudyInstanceUID: fc.constantFrom('', '1.2.3', '1.2.34'),
    OtherPatientIDs: fc.array(
      plainText.filter((text) => text !== ''),
      { minLength: 1, maxLength: 4 },
    ),
    Rows: fc.integer({ min: 0, max: 65_535 }),
    PregnancyStatus: fc.integer({ min: 0, max: 4 }),
    PixelData: fc
      .uint8Array({ minLength: 0, maxLength: 9 })
      .map((values) => values.subarray(0, values.length - (values.length % 2))),
  },
  { requiredKeys: [] },
);

const { tree } = fc.letrec<{ tree: DataSet }>((tie) => ({
  tree: fc
    .tuple(
      elementInputs,
      fc.option(fc.array(tie('tree'), { maxLength: 2 }), { depthSize: 'small', nil: undefined }),
    )
    .map(([inputs, items]) => dataSet({ ...inputs, ScheduledProcedureStepSequence: items })),
}));

describe('any data set', () => {
  it('is read back as it was written, in both syntaxes and both character sets', () => {
    const characterSets = fc.constantFrom('ISO_IR 100', 'ISO_IR 192');
    fc.assert(
      fc.property(tree, characterSets, fc.constantFrom(...syntaxes), (set, characterSet, syntax) => {
        const whole = set.with(dataSet({ SpecificCharacterSet: characterSet }).elements());
        const written = writeDataSet(whole, syntax);
        expect(written.length % 2).toBe(0);
        expect(readDataSet(written, syntax)).toEqual(whole);
      }),
    );
  });
});

describe('elements out of the ordinary', () => {
  it('keeps an unknown and a private element and drops group lengths', () => {
    const set = readDataSet(
      bytes(
        '08000000 04000000 10000000  0800FF0F 02000000 4142  09001000 04000000 41434D45  09000110 02000000 0102',
      ),
      implicit,
    );
    const kinds = [...set.elements()].map((element: Element) => [element.tag, element.vr]);
    expect(kinds).toEqual([
      [0x00080fff, 'UN'],
      [0x00090010, 'LO'],
      [0x00091001, 'UN'],
    ]);
  });

  it('reads odd lengths as they are', () => {
    expect(readDataSet(bytes('10002000 03000000 414243'), implicit).text('PatientID')).toBe('ABC');
  });

  it('reads a known element that arrives as UN', () => {
    expect(readDataSet(bytes('10002000 554E0000 04000000 41424320'), explicit).text('PatientID')).toBe('ABC');
  });

  it('reads a sequence that arrives as UN of undefined length as implicit', () => {
    const hex = '40000001 554E0000 FFFFFFFF FEFF00E0 0A000000 08006000 02000000 4E4D FEFFDDE0 00000000';
    expect(
      readDataSet(bytes(hex), explicit).items('ScheduledProcedureStepSequence')[0]?.text('Modality'),
    ).toBe('NM');
  });

  it('trims padding by VR', () => {
    const set = dataSet({
      PatientID: '  A ',
      Modality: ' NM ',
      PatientComments: '  kept  ',
      StudyInstanceUID: '1.2',
    });
    for (const syntax of syntaxes) {
      const read = readDataSet(writeDataSet(set, syntax), syntax);
      expect([read.text('PatientID'), read.text('Modality'), read.text('PatientComments')]).toEqual([
        'A',
        'NM',
        '  kept',
      ]);
    }
  });
});

describe('what is no data set', () => {
  it.each([
    ['a value past the end', '10002000 4C4F FF00 41', 'runs past the end'],
    ['half a header', '100020004C', 'ends inside'],
    ['an unknown VR', '10002000 5A5A 0200 4142', 'unknown VR'],
    ['a sequence that is text', '40000001 4C4F 0200 4142', 'has VR LO where SQ belongs'],
    ['text that is a sequence', '10002000 5351 0000 00000000', 'has VR SQ where LO belongs'],
    ['undefined length on text', '10002000 5554 0000 FFFFFFFF', 'undefined length'],
    ['a repeated element', '10002000 4C4F 0200 4142 10002000 4C4F 0200 4343', 'is there twice'],
    ['a sequence without delimiter', '40000001 5351 0000 FFFFFFFF', 'no delimiter'],
    ['an item without delimiter', '40000001 5351 0000 08000000 FEFF00E0 FFFFFFFF', 'no delimiter'],
    ['an item past the end', '40000001 5351 0000 08000000 FEFF00E0 09000000', 'item that runs past'],
    ['a sequence of no items', '40000001 5351 0000 08000000 08006000 4353 0000', 'not an item'],
    ['a stray delimiter', 'FEFFDDE0 00000000', 'stands where an element'],
    [
      'a delimiter with a length',
      '40000001 5351 0000 FFFFFFFF FEFFDDE0 02000000 0000',
      'delimiter has a length',
    ],
    ['an element of a command set', '00000001 5553 0200 2000', 'does not belong'],
    ['a file meta element', '02001000 5549 0200 3100', 'does not belong'],
    ['three bytes of US', '28001000 5553 0300 010203', 'length that its VR cannot have'],
    [
      'an escape sequence',
      '08000500 4353 0A00 49534F5F495220313030 10001000 504E 0400 1B242842',
      'escape sequence',
    ],
    [
      'text that is no UTF-8',
      '08000500 4353 0A00 49534F5F495220313932 10001000 504E 0200 FC41',
      'not valid UTF-8',
    ],
    [
      'an unknown character set',
      '08000500 4353 0400 464F4F42 10001000 504E 0200 FC41',
      'character set that is not supported',
    ],
  ])('%s', (_name, hex, reason) => {
    expect(reasonOf(hex)).toContain(reason);
  });

  it('is nested deeper than the limit', () => {
    const nested = (depth: number): DataSet =>
      depth === 0 ? DataSet.empty : dataSet({ ScheduledProcedureStepSequence: [nested(depth - 1)] });
    for (const syntax of syntaxes) {
      expect(readDataSet(writeDataSet(nested(nestingDepthMax), syntax), syntax).size).toBe(1);
      expect(() => readDataSet(writeDataSet(nested(nestingDepthMax + 1), syntax), syntax)).toThrow(
        'nested too deeply',
      );
    }
  });

  it('nests 100,000 deep without exhausting the stack', () => {
    const open = bytes('40000001 FFFFFFFF FEFF00E0 FFFFFFFF');
    const bomb = Buffer.concat(Array.from({ length: 60_000 }, () => open));
    expect(() => readDataSet(bomb, implicit)).toThrow('nested too deeply');
  });

  it('holds more elements or values than anybody needs', () => {
    const items = Buffer.concat(Array.from({ length: 20_000 }, () => bytes('FEFF00E0 00000000')));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(items.length);
    expect(() => readDataSet(Buffer.concat([bytes('40000001'), length, items]), implicit)).toThrow(
      'too many elements',
    );
    const list = Buffer.concat([bytes('20000D00 00100000'), Buffer.alloc(4_096, '\\')]);
    expect(() => readDataSet(list, implicit)).toThrow('too many values');
  });
});

describe('building by keyword', () => {
  it('refuses unknown keywords and values of another kind', () => {
    expect(() => dataSet({ PatientNmae: 'X' })).toThrow(TypeError);
    expect(() => dataSet({ PatientName: [{}] })).toThrow(TypeError);
    expect(() => dataSet({ ScheduledProcedureStepSequence: 'X' })).toThrow(TypeError);
    expect(() => dataSet({ Rows: 'X' })).toThrow(TypeError);
    expect(() => query.text('PatientNmae')).toThrow(TypeError);
  });

  it('reads what it built', () => {
    expect(query.items('ScheduledProcedureStepSequence')[0]?.text('Modality')).toBe('NM');
    expect(dataSet({ Rows: [1, 65_535] }).numbers('Rows')).toEqual([1, 65_535]);
    expect(dataSet({ OtherPatientIDs: ['A', 'B'] }).texts('OtherPatientIDs')).toEqual(['A', 'B']);
    expect(query.text('PatientSex')).toBe('');
    expect(query.has('PatientSex')).toBe(false);
    expect(query.has('AccessionNumber')).toBe(true);
  });
});
