import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Temporal } from '../time/index.js';
import { assertStorageKey, ObjectStorage } from './object-storage.js';

/** Nobody else on the machine has any business in it, sealed as it is. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
/** Where a content lies until it is whole. */
const PARTS_FOLDER = '.parts';
/** 256 folders: a million contents are four thousand to a folder. */
const FOLDER_NAME = /^[0-9a-f]{2}$/;
const FAN_OUT_CHARACTERS = 2;
const PART_NAME_BYTES = 6;
const CONTENT_NAME = /^[0-9a-f]{32}$/;

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Contents as files in a folder that all processes share. */
export class DiskStorage extends ObjectStorage {
  constructor(private readonly folder: string) {
    super();
  }

  override async put(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#pathOf(key);
    const parts = join(this.folder, PARTS_FOLDER);
    await mkdir(parts, { recursive: true, mode: FOLDER_MODE });
    const part = join(parts, `${key}.${randomBytes(PART_NAME_BYTES).toString('hex')}`);
    try {
      await writeDurably(part, content);
      await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      await rename(part, path);
      await syncFolder(dirname(path));
      await syncFolder(this.folder);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  override async open(key: string): Promise<Readable | null> {
    let file: FileHandle;
    try {
      file = await open(this.#pathOf(key), 'r');
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
    return file.createReadStream();
  }

  override async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  override async *keys(before: Temporal.Instant): AsyncIterable<string> {
    for await (const folder of entriesOf(this.folder)) {
      if (!FOLDER_NAME.test(folder)) continue;
      for await (const name of entriesOf(join(this.folder, folder))) {
        if (CONTENT_NAME.test(name) && (await isOlder(join(this.folder, folder, name), before))) yield name;
      }
    }
  }

  override async sweepParts(untouchedSince: Temporal.Instant): Promise<number> {
    const parts = join(this.folder, PARTS_FOLDER);
    let swept = 0;
    for await (const name of entriesOf(parts)) {
      if (!(await isOlder(join(parts, name), untouchedSince))) continue;
      await rm(join(parts, name), { force: true });
      swept += 1;
    }
    return swept;
  }

  #pathOf(key: string): string {
    assertStorageKey(key);
    return join(this.folder, key.slice(0, FAN_OUT_CHARACTERS), key);
  }
}

/** On the disk, not only in the system's memory, when it resolves. */
async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    for await (const bytes of content) await writeAll(file, bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A single write may take less than it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at);
    at += bytesWritten;
  }
}

/** A name is as durable as the folder that holds it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Names in a folder; none when it is not there. */
async function* entriesOf(path: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(path)) yield entry.name;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** False for what somebody else has removed meanwhile. */
async function isOlder(path: string, moment: Temporal.Instant): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs < moment.epochMilliseconds;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
