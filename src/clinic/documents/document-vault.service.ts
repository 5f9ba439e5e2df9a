import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import {
  agreesWithDeclared,
  agreesWithName,
  ContentUnacceptable,
  FILE_TYPES,
  FILE_TYPES_IN_WORDS,
  type FileType,
  inspect,
} from '../../platform/file-content/index.js';
import { Fault } from '../../platform/refusal/refusal.js';
import {
  KeyRing,
  newStorageKey,
  ObjectStorage,
  SealBroken,
  seal,
  unseal,
} from '../../platform/storage/index.js';
import { FileNotAcceptable, FileProblem } from './document.refusals.js';
import { fileProblemInWords } from './document.rules.js';
import type { IncomingFile } from './document.type.js';
import { displayFileName } from './file-name.rules.js';

const BYTES_PER_MEGABYTE = 1024 * 1024;
/** What a form has beside its file: twenty fields of four kilobytes and their headings, with room. */
const FORM_BYTES_MAX = 256 * 1024;

/** Files on their way in at once: in S3 each holds two parts of 8 MB in memory. A whole clinic scanning in is a dozen. */
export const FILES_AT_ONCE_MAX = 24;

/** A content that lies in the storage, sealed, before any row names it. */
export interface TakenFile {
  readonly storageKey: string;
  readonly keyName: string;
  readonly wrappedKey: Uint8Array<ArrayBuffer>;
  readonly fileName: string;
  readonly mediaType: FileType;
  readonly sizeBytes: number;
  readonly sha256: Uint8Array<ArrayBuffer>;
}

/** What a row says of where a content lies and how it is opened. */
export interface SealedContent {
  readonly storageKey: string;
  readonly keyName: string;
  readonly wrappedKey: Uint8Array | null;
  readonly sha256: Uint8Array | null;
}

/** Takes contents in and gives them out. What lies in the storage is sealed; what it is belongs to the rows. */
@Injectable()
export class DocumentVault {
  readonly #log = new Logger('documents');
  #comingIn = 0;

  constructor(
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(KeyRing) private readonly keys: KeyRing,
    @Inject(Config) private readonly config: Config,
  ) {}

  /**
   * Looks into a file as it flows and keeps it, sealed. A refusal leaves nothing behind; neither does an error that the
   * file itself throws. Whoever takes it must write its row, or `discard` it. Throws TRY_AGAIN, before a byte is read,
   * when too many files are coming in.
   */
  async take(file: IncomingFile): Promise<TakenFile | FileNotAcceptable> {
    if (this.#comingIn >= FILES_AT_ONCE_MAX)
      throw new Fault('TRY_AGAIN', 'Too many files are coming in. Nothing was kept. Try again in a minute.');
    this.#comingIn += 1;
    try {
      return await this.#take(file);
    } finally {
      this.#comingIn -= 1;
    }
  }

  async #take(file: IncomingFile): Promise<TakenFile | FileNotAcceptable> {
    const bytesMax = this.config.documentMegabytesMax * BYTES_PER_MEGABYTE;
    try {
      const { type, content } = await inspect(file.stream, bytesMax);
      if (!agreesWithDeclared(type, file.mediaType ?? ''))
        return await this.#refuse(content, FileProblem.TYPE_DISAGREES);
      if (!agreesWithName(type, file.fileName))
        return await this.#refuse(content, FileProblem.NAME_DISAGREES);
      return await this.#keep(type, content, file.fileName);
    } catch (error) {
      if (error instanceof ContentUnacceptable) return this.#refusal(error.problem);
      throw error;
    }
  }

  /** Why a form of so many bytes is not even read; null when it may hold a file that is taken. */
  refuseForm(formBytes: number): FileNotAcceptable | null {
    const bytesMax = this.config.documentMegabytesMax * BYTES_PER_MEGABYTE;
    return formBytes > bytesMax + FORM_BYTES_MAX ? this.#refusal(FileProblem.TOO_LARGE) : null;
  }

  /** Removes a content that no row names. What cannot be removed now the sweep finds later. */
  async discard(storageKey: string): Promise<void> {
    try {
      await this.storage.remove(storageKey);
    } catch (error) {
      this.#log.warn({ event: 'content-left-behind', storageKey, error });
    }
  }

  /**
   * Opens a content. Each part is proved before it is let go, and the whole against its SHA-256 at the end: what was cut
   * off or changed ends in a SealBroken. Throws KeyMissing, and SealBroken when there is nothing.
   */
  async open(content: SealedContent): Promise<Readable> {
    if (content.wrappedKey === null) throw new SealBroken();
    const key = this.keys.unwrap(content.wrappedKey, content.keyName, content.storageKey);
    const sealed = await this.storage.open(content.storageKey);
    if (sealed === null) throw new SealBroken();
    const plain = proved(unseal(sealed, key, content.storageKey), content.sha256);
    const opened = Readable.from(plain, { objectMode: false });
    // Whoever stops half-way must not leave the file open.
    opened.once('close', () => sealed.destroy());
    return opened;
  }

  async #keep(type: FileType, content: AsyncIterable<Uint8Array>, givenName: string): Promise<TakenFile> {
    const storageKey = newStorageKey();
    const { key, wrapped, keyName } = this.keys.newDataKey(storageKey);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const bytes of content) {
        hash.update(bytes);
        sizeBytes += bytes.length;
        yield bytes;
      }
    }
    await this.storage.put(storageKey, seal(counted(), key, storageKey));
    return {
      storageKey,
      keyName,
      wrappedKey: wrapped,
      fileName: displayFileName(givenName, FILE_TYPES[type].extensions),
      mediaType: type,
      sizeBytes,
      sha256: new Uint8Array(hash.digest()),
    };
  }

  async #refuse(content: AsyncIterable<Uint8Array>, problem: FileProblem): Promise<FileNotAcceptable> {
    // Begun and left: the sender's stream is closed.
    const left = content[Symbol.asyncIterator]();
    await left.next();
    await left.return?.();
    return this.#refusal(problem);
  }

  #refusal(problem: FileProblem): FileNotAcceptable {
    const limits = { megabytesMax: this.config.documentMegabytesMax, typesInWords: FILE_TYPES_IN_WORDS };
    return new FileNotAcceptable(problem, fileProblemInWords(problem, limits));
  }
}

async function* proved(
  plain: AsyncIterable<Uint8Array>,
  sha256: Uint8Array | null,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  // One part behind, so that the last is let go only when the whole is proved.
  let held: Uint8Array | null = null;
  for await (const bytes of plain) {
    hash.update(bytes);
    if (held !== null) yield held;
    held = bytes;
  }
  if (held === null || sha256 === null || !hash.digest().equals(sha256)) throw new SealBroken();
  yield held;
}
