import type { Capture } from './captures.js';
import type { Random } from './random.js';

/** What one case sends, and how. */
export interface Plan {
  readonly capture: string;
  /** Names of the mutations, in order. */
  readonly mutations: readonly string[];
  readonly pdus: readonly Buffer[];
  /** Wait for an answer to the first PDU before the rest goes out, as a real client does. */
  readonly waitsForAnswer: boolean;
  /** The rest, cut into chunks of this many bytes at most; null: one PDU each. */
  readonly chunkBytesMax: number | null;
  /** What the client does when everything is sent. */
  readonly ending: 'wait' | 'close' | 'vanish';
}

type Mutation = (random: Random, pdus: Buffer[], captures: readonly Capture[]) => void;

const dataType = 0x04;
const mutationsPerCaseMax = 4;

/** Numbers at which parsers break. */
const oddNumbers = [
  0, 1, 2, 3, 4, 5, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x20000,
  0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff,
];
const tags = [
  [0x0008, 0x0005],
  [0x0008, 0x0060],
  [0x0010, 0x0010],
  [0x0010, 0x0020],
  [0x0040, 0x0002],
  [0x0040, 0x0100],
  [0x0040, 0x0252],
  [0x0040, 0x0340],
  [0x0009, 0x1010],
  [0x7fe0, 0x0010],
  [0xfffe, 0xe000],
  [0xfffe, 0xe00d],
  [0xfffe, 0xe0dd],
  [0x0000, 0x0100],
  [0x0000, 0x0800],
] as const;
const vrs = ['SQ', 'UN', 'PN', 'DA', 'TM', 'UI', 'OB', 'UT', 'AT', 'DS', 'IS', 'CS', 'ZZ', '\0\0'];
const texts = [
  '*'.repeat(200),
  '*?'.repeat(100),
  '-',
  '\\'.repeat(100),
  '=^=^=',
  '\x1b$B',
  '../../x',
  '99999999',
  '%s%n',
];

/** Mostly a PDU with data: what breaks the association request never gets further. */
function pickPdu(random: Random, pdus: readonly Buffer[]): number {
  const data = [...pdus.keys()].filter((index) => pdus[index]?.[0] === dataType);
  return data.length === 0 || random.oneIn(5) ? random.below(pdus.length) : random.pick(data);
}

/** Changes bytes of a PDU in place of the old one. */
function edit(random: Random, pdus: Buffer[], change: (copy: Buffer) => void): void {
  const index = pickPdu(random, pdus);
  const copy = Buffer.from(pdus[index] ?? Buffer.alloc(0));
  if (copy.length === 0) return;
  change(copy);
  pdus[index] = copy;
}

/** Puts other bytes in the place of a part of a PDU, and mostly makes the lengths right again, so that the inside is read. */
function rewrite(random: Random, pdus: Buffer[], change: (bytes: Buffer) => Buffer): void {
  const index = pickPdu(random, pdus);
  const old = pdus[index];
  if (old === undefined) return;
  const bytes = Buffer.from(change(old));
  pdus[index] = random.oneIn(4) ? bytes : repaired(bytes);
}

/** Lengths of the PDU, of the only PDV of a P-DATA-TF and of the command in it; an odd end is cut off. */
function repaired(bytes: Buffer): Buffer {
  if (bytes.length < 6) return bytes;
  const isData = bytes[0] === dataType && bytes.length >= 12;
  const even = isData ? bytes.subarray(0, bytes.length - (bytes.length % 2)) : bytes;
  even.writeUInt32BE(even.length - 6, 2);
  if (!isData) return even;
  even.writeUInt32BE(even.length - 10, 6);
  const isCommand = ((even[11] ?? 0) & 1) === 1;
  if (isCommand && even.length >= 24) even.writeUInt32LE(even.length - 24, 20);
  return even;
}

function insertAt(bytes: Buffer, at: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

/** Positions where a length stands, by type of PDU; behind them every even place may be one. */
function lengthOffset(random: Random, bytes: Buffer): number {
  const known = bytes[0] === dataType ? [2, 6, 20, 12 + 4, 12 + 6] : [2, 74 + 2, 74 + 23, 74 + 31, 74 + 55];
  return random.oneIn(2) ? random.pick(known) : random.below(bytes.length / 2) * 2;
}

export const mutations: Readonly<Record<string, Mutation>> = {
  'flip bits': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      for (let count = 1 + random.below(8); count > 0; count -= 1) {
        const at = random.below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      }
    }),
  'set bytes': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      const at = random.below(bytes.length);
      bytes.fill(
        random.pick([0, 0x20, 0x2a, 0x5c, 0x7f, 0x80, 0xff]),
        at,
        Math.min(at + 1 + random.below(8), bytes.length),
      );
    }),
  'set length': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      const at = lengthOffset(random, bytes);
      const number = random.oneIn(2) ? random.pick(oddNumbers) : Math.max(0, bytes.length - random.below(16));
      if (at + 4 > bytes.length) return;
      switch (random.below(4)) {
        case 0:
          return void bytes.writeUInt16BE(number & 0xffff, at);
        case 1:
          return void bytes.writeUInt16LE(number & 0xffff, at);
        case 2:
          return void bytes.writeUInt32BE(number, at);
        default:
          return void bytes.writeUInt32LE(number, at);
      }
    }),
  truncate: (random, pdus) => rewrite(random, pdus, (bytes) => bytes.subarray(0, random.below(bytes.length))),
  'delete bytes': (random, pdus) =>
    rewrite(random, pdus, (bytes) => {
      const at = random.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(32))]);
    }),
  'insert bytes': (random, pdus) =>
    rewrite(random, pdus, (bytes) =>
      insertAt(bytes, random.below(bytes.length), random.bytes(1 + random.below(64))),
    ),
  'insert text': (random, pdus) =>
    rewrite(random, pdus, (bytes) =>
      insertAt(bytes, random.below(bytes.length), Buffer.from(random.pick(texts), 'latin1')),
    ),
  'insert element': (random, pdus) =>
    rewrite(random, pdus, (bytes) => {
      const element = Buffer.alloc(8);
      const [group, number] = random.pick(tags);
      element.writeUInt16LE(group, 0);
      element.writeUInt16LE(number, 2);
      element.writeUInt32LE(random.pick(oddNumbers), 4);
      return insertAt(bytes, Math.min(12 + random.below(bytes.length / 2) * 2, bytes.length), element);
    }),
  'nest deeply': (random, pdus) =>
    rewrite(random, pdus, (bytes) => {
      const open = Buffer.from(
        random.oneIn(2) ? '40000001fffffffffeff00e0ffffffff' : '4000000153510000fffffffffeff00e0ffffffff',
        'hex',
      );
      const nest = Buffer.concat(Array.from({ length: 1 + random.below(200) }, () => open));
      return insertAt(bytes, Math.min(12, bytes.length), nest);
    }),
  'swap tags': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      const [a, b] = [random.below(bytes.length / 2) * 2, random.below(bytes.length / 2) * 2];
      const first = Buffer.from(bytes.subarray(a, a + 4));
      bytes.copy(bytes, a, b, b + 4);
      first.copy(bytes, b);
    }),
  'set tag': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      const at = random.below(bytes.length / 2) * 2;
      const [group, number] = random.pick(tags);
      if (at + 4 > bytes.length) return;
      bytes.writeUInt16LE(group, at);
      bytes.writeUInt16LE(number, at + 2);
    }),
  'set VR': (random, pdus) =>
    edit(random, pdus, (bytes) => {
      const known = vrs.flatMap((vr) => {
        const at = bytes.indexOf(vr, 12, 'latin1');
        return at < 0 ? [] : [at];
      });
      bytes.write(
        random.pick(vrs),
        known.length > 0 ? random.pick(known) : random.below(bytes.length),
        'latin1',
      );
    }),
  duplicate: (random, pdus) => {
    const index = random.below(pdus.length);
    const copies = Array.from(
      { length: 1 + random.below(random.oneIn(8) ? 40 : 3) },
      () => pdus[index] ?? Buffer.alloc(0),
    );
    pdus.splice(random.below(pdus.length + 1), 0, ...copies);
  },
  reorder: (random, pdus) => {
    const [a, b] = [random.below(pdus.length), random.below(pdus.length)];
    const [first, second] = [pdus[a], pdus[b]];
    if (first === undefined || second === undefined) return;
    pdus[a] = second;
    pdus[b] = first;
  },
  drop: (random, pdus) => {
    if (pdus.length > 1) pdus.splice(random.below(pdus.length), 1);
  },
  'splice in a PDU': (random, pdus, captures) => {
    const other = random.pick(captures);
    pdus.splice(1 + random.below(pdus.length), 0, random.pick(other.pdus));
  },
  'splice two PDUs': (random, pdus, captures) => {
    const tail = random.pick(random.pick(captures).pdus);
    rewrite(random, pdus, (bytes) =>
      Buffer.concat([
        bytes.subarray(0, random.below(bytes.length)),
        tail.subarray(random.below(tail.length)),
      ]),
    );
  },
  'begin something huge': (random, pdus) => {
    const header = Buffer.alloc(12);
    header.writeUInt8(random.pick([1, 4, 4, 4, 7]), 0);
    header.writeUInt32BE(random.pick([0xffffffff, 0x7fffffff, 0x20001, 0x20000, 0x1ffff, 0x10001]), 2);
    header.writeUInt32BE(random.pick(oddNumbers), 6);
    pdus.splice(1 + random.below(pdus.length), 0, header);
  },
  'join PDVs': (_random, pdus) => {
    const data = pdus.filter((bytes) => bytes[0] === dataType);
    const [first] = data;
    if (first === undefined || data.length < 2) return;
    const joined = Buffer.concat([first.subarray(0, 6), ...data.map((bytes) => bytes.subarray(6))]);
    joined.writeUInt32BE(joined.length - 6, 2);
    pdus.splice(pdus.indexOf(first), 1, joined);
    for (const bytes of data.slice(1)) pdus.splice(pdus.indexOf(bytes), 1);
  },
};

const names = Object.keys(mutations);

/** The same for the same random numbers and captures. */
export function planCase(random: Random, captures: readonly Capture[]): Plan {
  const capture = random.pick(captures);
  const pdus = [...capture.pdus];
  const chosen = Array.from({ length: 1 + random.below(mutationsPerCaseMax) }, () => random.pick(names));
  for (const name of chosen) mutations[name]?.(random, pdus, captures);
  return {
    capture: capture.name,
    mutations: chosen,
    pdus,
    waitsForAnswer: !random.oneIn(10),
    chunkBytesMax: random.pick([null, null, 1, 2, 7, 100, 1_000]),
    ending: random.pick(['wait', 'wait', 'close', 'vanish']),
  };
}
