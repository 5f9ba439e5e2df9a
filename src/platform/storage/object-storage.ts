import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Temporal } from '../time/index.js';

/** 128 random bits: two never meet, and nobody guesses one. */
const KEY_BYTES = 16;
const STORAGE_KEY = /^[0-9a-f]{32}$/;

/** Where a content lies: random, and never anything that a person typed. */
export function newStorageKey(): string {
  return randomBytes(KEY_BYTES).toString('hex');
}

/** Throws for anything but a key of ours: it becomes part of a path. */
export function assertStorageKey(key: string): void {
  if (!STORAGE_KEY.test(key)) throw new Error('not a storage key');
}

/**
 * Keeps contents under keys: in a folder or in S3. What it is given is sealed already; it knows nothing of what it keeps.
 * A content is whole or not there: whoever is interrupted leaves a part that only `sweepParts` sees.
 */
export abstract class ObjectStorage {
  /** Keeps all of it, durably when it resolves. When `content` throws, nothing is kept and the same error is thrown. */
  abstract put(key: string, content: AsyncIterable<Uint8Array>): Promise<void>;

  /** The content as it was put; null when there is none. */
  abstract open(key: string): Promise<Readable | null>;

  /** Gone when it resolves, whether it was there or not. */
  abstract remove(key: string): Promise<void>;

  /** Keys of everything that was put before this moment. */
  abstract keys(before: Temporal.Instant): AsyncIterable<string>;

  /** Removes what interrupted puts have left and nobody has added to since this moment; how many. */
  abstract sweepParts(untouchedSince: Temporal.Instant): Promise<number>;
}
