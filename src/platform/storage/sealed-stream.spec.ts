import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, SealBroken, seal, sealedBytes, unseal } from './sealed-stream.js';

const KEY = randomBytes(32);
const CONTEXT = 'one';
const HEADER_BYTES = sealedBytes(0) - 16;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + 16;

async function* inParts(bytes: Buffer, cuts: readonly number[] = []): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, from] of places.entries()) yield bytes.subarray(from, places[index + 1] ?? from);
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const heard: Uint8Array[] = [];
  for await (const part of parts) heard.push(part);
  return Buffer.concat(heard);
}

const sealed = (plain: Buffer, cuts: readonly number[] = []) => all(seal(inParts(plain, cuts), KEY, CONTEXT));
const opened = (bytes: Buffer, cuts: readonly number[] = [], key = KEY, context = CONTEXT) =>
  all(unseal(inParts(bytes, cuts), key, context));

/** Content of any length, with the lengths at which chunks begin and end among them. */
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 3 * CHUNK_BYTES }),
  fc.constantFrom(0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 1),
);
const cuts = fc.array(fc.nat(), { maxLength: 12 });
const SOME_RUNS = { numRuns: 60 };

describe('a sealed content', () => {
  it('opens to what was sealed, however either is cut', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, cuts, cuts, async (length, one, other) => {
        const plain = randomBytes(length);
        const bytes = await sealed(plain, one);
        expect(bytes).toHaveLength(sealedBytes(length));
        expect((await opened(bytes, other)).equals(plain)).toBe(true);
      }),
      SOME_RUNS,
    );
  });

  it('does not open when it was cut off, at any place', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(), async (length, at) => {
        const bytes = await sealed(randomBytes(length));
        await expect(opened(bytes.subarray(0, at % bytes.length))).rejects.toThrow(SealBroken);
      }),
      SOME_RUNS,
    );
  });

  it('does not open when one bit is another', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(), fc.integer({ min: 0, max: 7 }), async (length, at, bit) => {
        const bytes = await sealed(randomBytes(length));
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        await expect(opened(bytes)).rejects.toThrow(SealBroken);
      }),
      SOME_RUNS,
    );
  });

  it('does not open with anything after it', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, fc.uint8Array({ minLength: 1, maxLength: 40 }), async (length, more) => {
        const bytes = Buffer.concat([await sealed(randomBytes(length)), more]);
        await expect(opened(bytes)).rejects.toThrow(SealBroken);
      }),
      SOME_RUNS,
    );
  });

  it('does not open when whole chunks are missing, doubled or changed over', async () => {
    const bytes = await sealed(randomBytes(3 * CHUNK_BYTES));
    const header = bytes.subarray(0, HEADER_BYTES);
    const [one, two, three] = [0, 1, 2].map((index) => {
      const from = HEADER_BYTES + index * SEALED_CHUNK_BYTES;
      return bytes.subarray(from, from + SEALED_CHUNK_BYTES);
    });
    const chunks = [one, two, three].map((chunk) => chunk ?? Buffer.alloc(0));
    const [first, second, third] = chunks as [Buffer, Buffer, Buffer];
    for (const order of [
      [first, second],
      [first, third],
      [second, first, third],
      [first, first, second, third],
      [],
    ]) {
      await expect(opened(Buffer.concat([header, ...order]))).rejects.toThrow(SealBroken);
    }
    expect(await opened(Buffer.concat([header, ...chunks]))).toHaveLength(3 * CHUNK_BYTES);
  });

  it('does not open with another key, nor as another content', async () => {
    const bytes = await sealed(randomBytes(100));
    await expect(opened(bytes, [], randomBytes(32))).rejects.toThrow(SealBroken);
    await expect(opened(bytes, [], KEY, 'two')).rejects.toThrow(SealBroken);
  });

  it('gives out no byte of a chunk that was changed', async () => {
    const bytes = await sealed(Buffer.alloc(2 * CHUNK_BYTES, 7));
    const place = HEADER_BYTES + SEALED_CHUNK_BYTES + 5;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    let heard = 0;
    await expect(async () => {
      for await (const part of unseal(inParts(bytes), KEY, CONTEXT)) heard += part.length;
    }).rejects.toThrow(SealBroken);
    expect(heard).toBe(CHUNK_BYTES);
  });

  it('passes on what its source throws', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      throw new Error('the sender went');
    }
    await expect(all(seal(failing(), KEY, CONTEXT))).rejects.toThrow('the sender went');
  });
});
