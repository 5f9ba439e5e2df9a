import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, expectedAnswers } from './bench/check.js';
import { formatNumber, formatRatio, latencyOf, percentile, ratioOf, table } from './bench/figures.js';
import { itemOf, queriesOf, today, USUAL_ANSWERS } from './bench/items.js';
import type { SizeFigures } from './bench/measure.js';
import { readOptions } from './bench/options.js';
import { PduScanner } from './bench/pdu-scanner.js';
import { type Results, ratioAt, reachesOf } from './bench/reaches.js';
import { report } from './bench/report.js';
import { pdu, pdv } from './support/dicom-scu.js';

// What the bench computes; what it measures is no test's business.

const PENDING = 0xff00;

/** Made by hand: a response with (0000,0800) and (0000,0900) after an element of ten bytes. */
function response(status: number, hasDataSet: boolean): Buffer {
  const bytes = Buffer.from(
    '00000200040000003132330000000008020000000101000000090200000000ff'.padEnd(64, '0'),
    'hex',
  );
  bytes.writeUInt16LE(hasDataSet ? 1 : 0x0101, 20);
  bytes.writeUInt16LE(status, 30);
  return bytes;
}

const answer = (text: string) => [
  pdu(0x04, pdv(3, true, true, response(PENDING, true))),
  pdu(0x04, pdv(3, false, false, Buffer.from(text.slice(0, 2)))),
  pdu(0x04, pdv(3, false, true, Buffer.from(text.slice(2)))),
];

function scan(stream: Buffer, cuts: readonly number[], reads = true) {
  const seen: string[] = [];
  const scanner = new PduScanner({
    answered: (status) => seen.push(`answer ${status.toString(16)}`),
    ended: (status) => seen.push(`end ${status}`),
    other: (type, body) => seen.push(`pdu ${type} ${body.length}`),
    ...(reads ? { identifier: (bytes: Buffer) => seen.push(bytes.toString()) } : {}),
  });
  const places = [...new Set([0, ...cuts, stream.length])].sort((a, b) => a - b);
  for (const [place, end] of places.slice(1).entries()) scanner.push(stream.subarray(places[place], end));
  return seen;
}

describe('the scanner of PDUs', () => {
  const both = Buffer.concat([
    pdv(3, true, true, response(PENDING, true)),
    pdv(3, false, true, Buffer.from('both')),
  ]);
  const split = response(0, false);
  const stream = Buffer.concat([
    pdu(0x02, Buffer.alloc(9)),
    ...answer('first'),
    pdu(0x04, both),
    pdu(0x04, pdv(3, true, false, split.subarray(0, 18))),
    pdu(0x04, pdv(3, true, true, split.subarray(18))),
    pdu(0x06, Buffer.alloc(4)),
  ]);
  const events = ['pdu 2 9', 'answer ff00', 'first', 'answer ff00', 'both', 'end 0', 'pdu 6 4'];

  it('sees the same events wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 })), (cuts) => {
        expect(scan(stream, cuts)).toEqual(events);
      }),
    );
  });

  it('leaves identifiers unread when nobody wants them', () => {
    expect(scan(stream, [], false)).toEqual(events.filter((event) => event !== 'first' && event !== 'both'));
  });
});

describe('figures', () => {
  it('take the nearest rank', () => {
    const values = [15, 20, 35, 40, 50];
    expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(values, share))).toEqual([15, 20, 20, 35, 50]);
    expect(percentile([], 0.5)).toBeNaN();
    expect(latencyOf([3, 1, 2])).toEqual({ p50Ms: 2, p95Ms: 3, count: 3 });
  });

  it('compare with the faster of the others', () => {
    expect(ratioOf(0.5, [400, 300])).toBe(600);
    expect(ratioOf(0.5, [undefined, 300])).toBe(600);
    expect(ratioOf(0.5, [undefined])).toBeNaN();
    expect(ratioOf(undefined, [300])).toBeNaN();
  });

  it('are written with three digits', () => {
    expect([0.1234, 1.234, 43.84, 2171.4, undefined, Number.NaN].map(formatNumber)).toEqual([
      '0.123',
      '1.23',
      '43.8',
      '2,171',
      '–',
      '–',
    ]);
    expect([2171.4, Number.NaN].map(formatRatio)).toEqual(['2,171×', '–']);
  });

  it('stand in a table', () => {
    expect(
      table(
        ['a', 'ms'],
        [
          ['usual', '1'],
          ['b', '1,000'],
        ],
      ),
    ).toBe(['| a     |    ms |', '| ----- | ----: |', '| usual |     1 |', '| b     | 1,000 |'].join('\n'));
  });
});

describe('items', () => {
  const firstDay = today();
  const items = Array.from({ length: 2_000 }, (_, n) => itemOf(n, firstDay));

  it('are twenty on the usual day and lie within 60 days', () => {
    const days = items.map(({ startsAt }) => firstDay.until(startsAt.toPlainDate()).days);
    expect(days.filter((day) => day === 0)).toHaveLength(USUAL_ANSWERS);
    expect(Math.max(...days)).toBe(59);
    expect(new Set(days).size).toBe(60);
    expect(new Set(items.map(({ stepId }) => stepId)).size).toBe(items.length);
  });

  it('are missed, and found too many or different', () => {
    const expected = expectedAnswers(items.slice(0, 3));
    const [first, second, third] = [...expected.values()];
    if (first === undefined || second === undefined || third === undefined) throw new Error('three items');
    expect(differences(expected, [third, first, second])).toEqual([]);
    expect(differences(expected, [first, first, second])).toEqual([
      'BS0000000 is too many',
      'BS0000002 is missing',
    ]);
    const renamed = new Map([...second, ['00100010', 'Else^Somebody']]);
    expect(differences(expected, [first, renamed, third])).toEqual([
      `BS0000001 00100010: Else^Somebody instead of ${second.get('00100010')}`,
    ]);
  });

  it('are asked for in prebuilt PDUs', () => {
    const { usual, broad } = queriesOf(firstDay);
    expect(usual.request[0]).toBe(0x04);
    expect(usual.request.length - broad.request.length).toBe(8);
  });
});

describe('options', () => {
  it('have the sizes of the issue by default', () => {
    expect(readOptions([])).toEqual({
      sizes: [100, 1_000, 10_000, 50_000],
      seconds: 2,
      facet: true,
      peers: ['wlmscpfs', 'orthanc'],
      apart: false,
    });
    expect(readOptions(['--only', 'facet', '--sizes', '10000'])).toMatchObject({
      sizes: [10_000],
      peers: [],
    });
  });

  it.each([
    ['--sizes', '10'],
    ['--sizes', '1000,100'],
    ['--only', 'nobody'],
    ['--seconds', 'x'],
    ['--other'],
  ])('refuse %s %s in words', (...args) => {
    expect(readOptions(args)).toContain('--sizes 100,1000');
  });
});

function results(facetMs: number, peerMs: number): Results {
  const figures = (ms: number): SizeFigures => {
    const latency = { p50Ms: ms, p95Ms: ms, count: 1 };
    const kept = { usualKept: latency, noneKept: latency, echoKept: latency };
    const anew = { usualNew: latency, noneNew: latency, echoNew: latency };
    return { ...kept, ...anew, broadMs: latency, broadPerSecond: 300_000, echoWorstMs: 1 };
  };
  return {
    sizes: [50_000],
    figures: new Map([
      ['facet', new Map([[50_000, figures(facetMs)]])],
      ['orthanc', new Map([[50_000, figures(peerMs)]])],
    ]),
    throughput: [],
    memory: null,
    problems: [],
  };
}

describe('reaches', () => {
  it('are reached, not reached or not measured', () => {
    const verdicts = (found: Results) => reachesOf(found).map(({ verdict }) => verdict);
    const missing = 'not measured';
    const rest = [missing, missing, 'reached', 'reached', missing, missing, 'reached'];
    expect(verdicts(results(0.5, 1_000))).toEqual([missing, missing, 'reached', 'reached', ...rest]);
    expect(verdicts(results(1, 1_000))).toEqual([missing, missing, 'NOT REACHED', 'NOT REACHED', ...rest]);
    expect(verdicts({ ...results(1, 1_000), problems: ['a'] }).at(-1)).toBe('NOT REACHED');
  });

  it('name where a peer is ahead', () => {
    expect(ratioAt(results(2, 1), 50_000, ({ echoNew }) => echoNew.p50Ms)).toBe(0.5);
    expect(report(results(2, 1))).toContain('- C-ECHO, new, 50,000 items: 0.500×');
    expect(report(results(1, 2))).toContain(
      '- longest wait of C-ECHO beside broad queries, 50,000 items: 1.00×',
    );
  });
});
