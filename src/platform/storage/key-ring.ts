import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KEY_BYTES, type NamedKey } from '../config/index.js';
import { SealBroken } from './sealed-stream.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** A content's own key, and the same as it may be kept beside the content's row. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly wrapped: Uint8Array<ArrayBuffer>;
  /** The master key that wrapped it. */
  readonly keyName: string;
}

/** The master key that something was wrapped with is not among the settings. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';

  constructor(keyName: string) {
    super(`the key "${keyName}" is not among DOCUMENTS_KEYS`);
  }
}

/**
 * The master keys. Every content has a key of its own, wrapped by the first of them; a new master key is put before the
 * old one, which stays until nothing is wrapped with it any more.
 */
export class KeyRing {
  #keys: readonly NamedKey[] | null = null;

  /** `load` is called once, when a key is first needed. */
  constructor(private readonly load: () => readonly NamedKey[]) {}

  /** Name of the master key that wraps what comes. */
  get currentName(): string {
    return this.#current().name;
  }

  /** A key for one content. `context` says which, and must be the same when it is unwrapped. */
  newDataKey(context: string): DataKey {
    return this.#wrap(randomBytes(KEY_BYTES), context);
  }

  /** Throws KeyMissing, or SealBroken when the wrapped key is another content's or was changed. */
  unwrap(wrapped: Uint8Array, keyName: string, context: string): Uint8Array {
    const master = this.#all().find(({ name }) => name === keyName);
    if (master === undefined) throw new KeyMissing(keyName);
    if (wrapped.length !== WRAPPED_BYTES) throw new SealBroken();
    const decipher = createDecipheriv('aes-256-gcm', master.bytes, wrapped.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(contextOf(context));
    decipher.setAuthTag(wrapped.subarray(WRAPPED_BYTES - TAG_BYTES));
    try {
      const sealed = wrapped.subarray(NONCE_BYTES, WRAPPED_BYTES - TAG_BYTES);
      return Buffer.concat([decipher.update(sealed), decipher.final()]);
    } catch {
      throw new SealBroken();
    }
  }

  /** The same content's key, wrapped by the current master key. */
  rewrap(wrapped: Uint8Array, keyName: string, context: string): DataKey {
    return this.#wrap(this.unwrap(wrapped, keyName, context), context);
  }

  #wrap(key: Uint8Array, context: string): DataKey {
    const { name, bytes } = this.#current();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', bytes, nonce);
    cipher.setAAD(contextOf(context));
    const sealed = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    return { key, wrapped: new Uint8Array(sealed), keyName: name };
  }

  #current(): NamedKey {
    const [first] = this.#all();
    if (first === undefined) throw new KeyMissing('');
    return first;
  }

  #all(): readonly NamedKey[] {
    this.#keys ??= this.load();
    return this.#keys;
  }
}

function contextOf(context: string): Buffer {
  return Buffer.from(`facet data key 1\n${context}`, 'utf8');
}
