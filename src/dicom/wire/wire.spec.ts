import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePdu } from './decode.js';
import { encodePdu, encodePresentationData } from './encode.js';
import { type Frame, Framer } from './framer.js';
import { associationPduBytesMax, pduBytesMax } from './limits.js';
import { WireProblem } from './wire-problem.js';

/** What DCMTK 3.6.7 findscu sends for `findscu -W -aet SPECT1 -aec FACET`. */
const golden = readFileSync(new URL('./associate-rq.bin', import.meta.url));

function framesOf(chunks: readonly Buffer[]): Frame[] {
  const framer = new Framer();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    for (let frame = framer.next(); frame !== null; frame = framer.next()) frames.push(frame);
  }
  expect(framer.isMidPdu).toBe(false);
  return frames;
}

function header(type: number, length: number): Buffer {
  const bytes = Buffer.from([type, 0, 0, 0, 0, 0]);
  bytes.writeUInt32BE(length, 2);
  return bytes;
}

function decodeBody(pduType: number, body: Buffer) {
  return decodePdu({ pduType, body });
}

describe('framer', () => {
  it('gives the same PDUs at every split of the bytes', () => {
    const stream = Buffer.concat([
      golden,
      encodePdu({ type: 'release-rq' }),
      encodePdu({ type: 'abort', source: 2, reason: 6 }),
    ]);
    const whole = framesOf([stream]);
    expect(whole.map((frame) => frame.pduType)).toEqual([1, 5, 7]);
    for (let at = 0; at <= stream.length; at += 1) {
      expect(framesOf([stream.subarray(0, at), stream.subarray(at)])).toEqual(whole);
    }
    expect(framesOf([...stream].map((byte) => Buffer.from([byte])))).toEqual(whole);
  });

  it('gives the same PDUs for any cutting into chunks', () => {
    const pdus = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pdus, fc.infiniteStream(fc.integer({ min: 1, max: 50 })), (fragments, sizes) => {
        const stream = Buffer.concat(
          fragments.map((bytes) =>
            encodePresentationData({
              contextId: 1,
              isCommand: true,
              isLast: true,
              fragment: Buffer.from(bytes),
            }),
          ),
        );
        const chunks: Buffer[] = [];
        for (let at = 0; at < stream.length; ) {
          const size = sizes.next().value ?? 1;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(framesOf(chunks)).toEqual(framesOf([stream]));
      }),
    );
  });

  it.each([
    ['an HTTP GET', Buffer.from('GET / HTTP/1.1\r\n'), 'unrecognised-pdu'],
    ['a TLS hello', Buffer.from([0x16, 3, 1, 2, 0, 1]), 'unrecognised-pdu'],
    ['type 0', header(0, 4), 'unrecognised-pdu'],
    ['type 8', header(8, 4), 'unrecognised-pdu'],
    ['P-DATA of 4 GiB', header(4, 0xffffffff), 'invalid-parameter'],
    ['P-DATA one byte too long', header(4, pduBytesMax + 1), 'invalid-parameter'],
    ['A-ASSOCIATE-RQ of 4 GiB', header(1, 0xffffffff), 'invalid-parameter'],
    ['A-ASSOCIATE-RQ one byte too long', header(1, associationPduBytesMax + 1), 'invalid-parameter'],
    ['A-ABORT of another length', header(7, 5), 'invalid-parameter'],
    ['A-RELEASE-RQ of no length', header(5, 0), 'invalid-parameter'],
  ])('refuses %s at its header', (_name, bytes, reason) => {
    const framer = new Framer();
    framer.push(bytes);
    expect(() => framer.next()).toThrowError(
      expect.objectContaining({ name: 'WireProblem', abortReason: reason }),
    );
  });
});

describe('A-ASSOCIATE-RQ', () => {
  it('is read as DCMTK wrote it', () => {
    const [frame] = framesOf([golden]);
    if (frame === undefined) throw new Error('no frame');
    expect(decodePdu(frame)).toEqual({
      type: 'associate-rq',
      protocolVersion: 1,
      calledAETitle: 'FACET',
      callingAETitle: 'SPECT1',
      applicationContext: '1.2.840.10008.3.1.1.1',
      presentationContexts: [
        {
          id: 1,
          abstractSyntax: '1.2.840.10008.5.1.4.31',
          transferSyntaxes: ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2'],
        },
      ],
      userInformation: {
        pduBytesMax: 16_384,
        implementationClassUID: '1.2.276.0.7230010.3.0.3.6.7',
        implementationVersionName: 'OFFIS_DCMTK_367',
        asynchronousOperations: null,
        extendedNegotiations: [],
      },
    });
  });

  it('is refused when it is cut off anywhere but between items', () => {
    const body = golden.subarray(6);
    let refused = 0;
    for (let length = 0; length < body.length; length += 1) {
      try {
        decodeBody(1, body.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(WireProblem);
        refused += 1;
      }
    }
    // Without user information, the last item, it is still whole.
    expect(refused).toBe(body.length - 1);
  });

  it('never throws anything but a WireProblem, whatever byte is changed', () => {
    const body = golden.subarray(6);
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const bytes = Buffer.from(body);
        bytes[at] = value;
        try {
          decodeBody(1, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireProblem);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes NUL and spaces around AE titles for padding', () => {
    const bytes = Buffer.from(golden.subarray(6));
    bytes.write('  SPECT1\0\0\0\0\0\0\0\0', 20, 'latin1');
    expect(decodeBody(1, bytes)).toMatchObject({ callingAETitle: 'SPECT1' });
  });
});

describe('P-DATA-TF', () => {
  const pdv = (length: number, ...rest: number[]): Buffer =>
    Buffer.concat([header(0, length).subarray(2), Buffer.from(rest)]);

  it('may hold several PDVs, with odd fragments and empty ones', () => {
    const body = Buffer.concat([pdv(3, 1, 3, 0xaa), pdv(2, 1, 0), pdv(4, 255, 2, 1, 2)]);
    expect(decodeBody(4, body)).toEqual({
      type: 'p-data',
      values: [
        { contextId: 1, isCommand: true, isLast: true, fragment: Buffer.from([0xaa]) },
        { contextId: 1, isCommand: false, isLast: false, fragment: Buffer.alloc(0) },
        { contextId: 255, isCommand: false, isLast: true, fragment: Buffer.from([1, 2]) },
      ],
    });
  });

  it.each([
    ['no PDV', Buffer.alloc(0)],
    ['a PDV shorter than its header', pdv(1, 1, 3)],
    ['a PDV of no length', pdv(0, 1, 3)],
    ['a PDV that runs past the end', pdv(9, 1, 3, 0)],
    ['a PDV of 4 GiB', pdv(0xffffffff, 1, 3, 0)],
    ['half a header at the end', Buffer.concat([pdv(2, 1, 3), Buffer.from([0, 0, 0])])],
  ])('is refused with %s', (_name, body) => {
    expect(() => decodeBody(4, body)).toThrow(WireProblem);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        fc.boolean(),
        (bytes, isCommand, isLast) => {
          const value = { contextId: 7, isCommand, isLast, fragment: Buffer.from(bytes) };
          const [frame] = framesOf([encodePresentationData(value)]);
          expect(frame && decodePdu(frame)).toEqual({ type: 'p-data', values: [value] });
        },
      ),
    );
  });
});

describe('what an acceptor sends', () => {
  it('rejects, releases and aborts in ten bytes', () => {
    expect(encodePdu({ type: 'associate-rj', result: 1, source: 1, reason: 7 }).toString('hex')).toBe(
      '03000000000400010107',
    );
    expect(encodePdu({ type: 'release-rp' }).toString('hex')).toBe('06000000000400000000');
    expect(encodePdu({ type: 'abort', source: 2, reason: 1 }).toString('hex')).toBe('07000000000400000201');
  });
});
