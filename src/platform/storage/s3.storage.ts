import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Temporal } from '../time/index.js';
import { assertStorageKey, ObjectStorage } from './object-storage.js';

/** Before it, so that a bucket may hold other things too. */
const PREFIX = 'documents/';
/** Held in memory for each upload under way; S3 wants at least 5 MiB, and at most 10,000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
/** Without a byte either way. */
const IDLE_TIMEOUT_MS = 30_000;
const ATTEMPTS_MAX = 3;
const FAN_OUT_CHARACTERS = 2;

export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Contents in a bucket of anything that speaks S3. The client is loaded when it is first needed: it is large. */
export class S3Storage extends ObjectStorage {
  #client: Promise<S3Client> | null = null;

  constructor(private readonly place: S3Place) {
    super();
  }

  override async put(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const upload = new Upload({
      client: await this.#connected(),
      params: {
        Bucket: this.place.bucket,
        Key: nameOf(key),
        Body: Readable.from(content, { objectMode: false }),
      },
      partSize: PART_BYTES,
      queueSize: 1,
      // What was begun and cannot be ended is taken back at once; what a killed process leaves, by sweepParts.
      leavePartsOnError: false,
    });
    await upload.done();
  }

  override async open(key: string): Promise<Readable | null> {
    const { GetObjectCommand, NoSuchKey } = await import('@aws-sdk/client-s3');
    const client = await this.#connected();
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ Bucket: this.place.bucket, Key: nameOf(key) }),
      );
      if (!(Body instanceof Readable)) throw new Error('S3 answered without a content');
      return Body;
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw error;
    }
  }

  override async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.#connected();
    await client.send(new DeleteObjectCommand({ Bucket: this.place.bucket, Key: nameOf(key) }));
  }

  override async *keys(before: Temporal.Instant): AsyncIterable<string> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const client = await this.#connected();
    const pages = paginateListObjectsV2({ client }, { Bucket: this.place.bucket, Prefix: PREFIX });
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', LastModified } of Contents) {
        const key = keyOf(Key);
        if (key !== null && LastModified !== undefined && LastModified.getTime() < before.epochMilliseconds)
          yield key;
      }
    }
  }

  override async sweepParts(untouchedSince: Temporal.Instant): Promise<number> {
    const { AbortMultipartUploadCommand, ListMultipartUploadsCommand } = await import('@aws-sdk/client-s3');
    const client = await this.#connected();
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: this.place.bucket, Prefix: PREFIX }),
    );
    const left = Uploads.filter(
      ({ Initiated }) => Initiated !== undefined && Initiated.getTime() < untouchedSince.epochMilliseconds,
    );
    for (const { Key, UploadId } of left)
      await client.send(new AbortMultipartUploadCommand({ Bucket: this.place.bucket, Key, UploadId }));
    return left.length;
  }

  async close(): Promise<void> {
    (await this.#client)?.destroy();
  }

  #connected(): Promise<S3Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<S3Client> {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const { endpoint, region, accessKeyId, secretAccessKey } = this.place;
    return new S3Client({
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
      // The bucket in the path and not in the host's name: what servers other than Amazon's understand.
      forcePathStyle: true,
      // Checksums that Amazon's alone know. The seal is the stronger one.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: ATTEMPTS_MAX,
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
    });
  }
}

function nameOf(key: string): string {
  assertStorageKey(key);
  return `${PREFIX}${key.slice(0, FAN_OUT_CHARACTERS)}/${key}`;
}

/** Null for what is not ours. */
function keyOf(name: string): string | null {
  return /^documents\/[0-9a-f]{2}\/([0-9a-f]{32})$/.exec(name)?.[1] ?? null;
}
