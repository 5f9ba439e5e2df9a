import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DiskStorage } from '../../../src/platform/storage/disk.storage.js';
import { newStorageKey, ObjectStorage } from '../../../src/platform/storage/object-storage.js';
import { S3Storage } from '../../../src/platform/storage/s3.storage.js';
import { Temporal } from '../../../src/platform/time/index.js';
import { startS3, type TestS3 } from '../../support/s3.js';
import { startSwift, type TestSwift } from '../../support/swift.js';

// Every way of keeping contents keeps the same promises: a folder, S3 as OpenStack Swift speaks it, and S3 of a small server
// of ours that checks signatures by itself and can misbehave.

const LONG_AGO = Temporal.Instant.from('2000-01-01T00:00:00Z');
const FAR_AHEAD = Temporal.Instant.from('2100-01-01T00:00:00Z');
/** More than two parts of an upload in parts. */
const MANY_BYTES = 20 * 1024 * 1024;

async function* flowing(bytes: Buffer, partBytes = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
}

async function* breakingOff(bytes: Buffer): AsyncGenerator<Buffer> {
  yield* flowing(bytes);
  throw new Error('the sender went');
}

async function keysOf(storage: ObjectStorage, before = FAR_AHEAD): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.keys(before)) keys.push(key);
  return keys.sort();
}

let folder: string;
let s3: TestS3;
let swift: TestSwift;
let bucket: string;
const s3Place = () => ({
  endpoint: s3.url,
  bucket: s3.bucket,
  region: 'eu-west-2',
  accessKeyId: s3.accessKeyId,
  secretAccessKey: s3.secretAccessKey,
});

const swiftPlace = () => ({
  endpoint: swift.url,
  bucket,
  region: 'us-east-1',
  accessKeyId: swift.accessKeyId,
  secretAccessKey: swift.secretAccessKey,
});

/** A bucket that nobody else uses, made as whoever runs a clinic would make it. */
async function newBucket(): Promise<string> {
  const { endpoint, region, accessKeyId, secretAccessKey } = swiftPlace();
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    // Swift says that it is up before all of it is.
    maxAttempts: 10,
  });
  const name = `test-${newStorageKey()}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  return name;
}

beforeAll(async () => {
  [s3, swift] = await Promise.all([startS3(), startSwift()]);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facet-storage-'));
  s3.objects.clear();
  s3.uploads.clear();
  bucket = await newBucket();
  return () => rm(folder, { recursive: true, force: true });
});

afterAll(async () => {
  await s3?.stop();
  await swift?.stop();
});

const WAYS: readonly (readonly [string, () => ObjectStorage])[] = [
  ['a folder', () => new DiskStorage(join(folder, 'documents'))],
  ['S3 of ours', () => new S3Storage(s3Place())],
  ['S3 of Swift', () => new S3Storage(swiftPlace())],
];

describe.each(WAYS)('%s', (_, open) => {
  it.each([1, 1_000, MANY_BYTES])('gives back %d bytes as they were put', async (length) => {
    const storage = open();
    const key = newStorageKey();
    const bytes = randomBytes(length);
    await storage.put(key, flowing(bytes));
    const content = await storage.open(key);
    expect(content === null ? null : (await buffer(content)).equals(bytes)).toBe(true);
  });

  it('says when there is nothing, and removes what may not be there', async () => {
    const storage = open();
    const key = newStorageKey();
    expect(await storage.open(key)).toBeNull();
    await storage.remove(key);
    await storage.put(key, flowing(randomBytes(10)));
    await storage.remove(key);
    expect(await storage.open(key)).toBeNull();
  });

  it.each([1_000, MANY_BYTES])('keeps nothing of %d bytes that broke off', async (length) => {
    const storage = open();
    await expect(storage.put(newStorageKey(), breakingOff(randomBytes(length)))).rejects.toThrow(
      'the sender went',
    );
    expect(await keysOf(storage)).toEqual([]);
    expect(await storage.sweepParts(FAR_AHEAD)).toBe(0);
  });

  it('lists all of what was put before a moment', async () => {
    const storage = open();
    expect(await keysOf(storage)).toEqual([]);
    const keys = Array.from({ length: 8 }, newStorageKey);
    for (const key of keys) await storage.put(key, flowing(randomBytes(5)));
    expect(await keysOf(storage)).toEqual(keys.toSorted());
    expect(await keysOf(storage, LONG_AGO)).toEqual([]);
  });

  it('takes no key that is none', async () => {
    const storage = open();
    for (const key of ['', '../../etc/passwd', 'a'.repeat(31), 'A'.repeat(32), `${'a'.repeat(32)}\n`]) {
      await expect(storage.put(key, flowing(randomBytes(1)))).rejects.toThrow('not a storage key');
      await expect(storage.open(key)).rejects.toThrow('not a storage key');
      await expect(storage.remove(key)).rejects.toThrow('not a storage key');
    }
  });
});

describe('a folder', () => {
  it('is for its owner only, with contents under random names', async () => {
    const storage = new DiskStorage(join(folder, 'documents'));
    const key = newStorageKey();
    await storage.put(key, flowing(randomBytes(10)));
    const path = join(folder, 'documents', key.slice(0, 2), key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'documents', key.slice(0, 2)))).mode & 0o777).toBe(0o700);
  });

  it('loses the parts that nobody has touched for long, and no others', async () => {
    const storage = new DiskStorage(join(folder, 'documents'));
    const parts = join(folder, 'documents', '.parts');
    let isWritten: () => void = () => undefined;
    const written = new Promise<void>((settle) => {
      isWritten = settle;
    });
    let end: () => void = () => undefined;
    const ended = new Promise<void>((settle) => {
      end = settle;
    });
    async function* slow(): AsyncGenerator<Buffer> {
      yield randomBytes(10);
      isWritten();
      await ended;
    }
    const putting = storage.put(newStorageKey(), slow());
    await written;
    expect(await storage.sweepParts(LONG_AGO)).toBe(0);
    expect(await readdir(parts)).toHaveLength(1);
    const [part = ''] = await readdir(parts);
    await utimes(join(parts, part), 0, 0);
    expect(await storage.sweepParts(LONG_AGO)).toBe(1);
    expect(existsSync(join(parts, part))).toBe(false);
    end();
    await expect(putting).rejects.toThrow();
  });
});

describe('S3', () => {
  it('is asked with signatures that hold, and with the right secret only', async () => {
    const right = new S3Storage(s3Place());
    await right.put(newStorageKey(), flowing(randomBytes(10)));
    expect(s3.forged).toBe(0);
    const wrong = new S3Storage({ ...s3Place(), secretAccessKey: 'another' });
    const refused = new S3Storage({ ...swiftPlace(), secretAccessKey: 'another' });
    await expect(refused.put(newStorageKey(), flowing(randomBytes(10)))).rejects.toThrow();
    await expect(wrong.put(newStorageKey(), flowing(randomBytes(10)))).rejects.toThrow(
      'SignatureDoesNotMatch',
    );
    expect(s3.objects.size).toBe(1);
  });

  it('is asked again when it is busy for a moment', async () => {
    const storage = new S3Storage(s3Place());
    const key = newStorageKey();
    s3.failures = 1;
    await storage.put(key, flowing(randomBytes(10)));
    expect(await storage.open(key)).not.toBeNull();
  });

  it('loses uploads in parts that were begun long ago and never ended', async () => {
    const storage = new S3Storage(s3Place());
    s3.uploads.set('left', {
      name: `documents/aa/${'a'.repeat(32)}`,
      initiated: new Date('2001-01-01'),
      parts: new Map(),
    });
    expect(await storage.sweepParts(LONG_AGO)).toBe(0);
    expect(await storage.sweepParts(FAR_AHEAD)).toBe(1);
    expect(s3.uploads.size).toBe(0);
  });

  it('may hold other things too', async () => {
    s3.objects.set('documents/readme.txt', { bytes: Buffer.from('hello'), modified: new Date('2001-01-01') });
    expect(await keysOf(new S3Storage(s3Place()))).toEqual([]);
  });
});
