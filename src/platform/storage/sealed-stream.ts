import { createCipheriv, createDecipheriv } from 'node:crypto';

/**
 * A content sealed in chunks, so that it can be sealed and opened while it flows. Each chunk is AES-256-GCM; its nonce is
 * its place and whether it is the last, so that chunks that are missing, doubled, cut off or changed over are found. This
 * is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). A key seals one content only; what the content
 * belongs to (`context`) is authenticated with every chunk, so that two contents cannot change places either.
 */

/** Plain bytes of a chunk: what is held in memory before it is proved. */
export const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const COUNTER_AT = 7;
const LAST_FLAG_AT = 11;
/** Format of what follows, for the day on which there is another. */
const HEADER = Buffer.from('facet sealed 1\n', 'ascii');

/** The bytes are not what was sealed: cut off, changed, another content's, or under another key. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';

  constructor() {
    super('the content does not fit its seal');
  }
}

/** The length that a content of this many bytes has once it is sealed. */
export function sealedBytes(plainBytes: number): number {
  return HEADER.length + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES));
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(index, COUNTER_AT);
  nonce[LAST_FLAG_AT] = isLast ? 1 : 0;
  return nonce;
}

function additionalData(context: string): Buffer {
  return Buffer.concat([HEADER, Buffer.from(context, 'utf8')]);
}

interface Piece {
  readonly bytes: Buffer;
  readonly index: number;
  readonly isLast: boolean;
}

/** The same bytes in pieces of one size; the last may be shorter, and is there (empty) even when there are none. */
async function* inPieces(source: AsyncIterable<Uint8Array>, pieceBytes: number): AsyncGenerator<Piece> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let index = 0;
  for await (const bytes of source) {
    held.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    heldBytes += bytes.byteLength;
    if (heldBytes <= pieceBytes) continue;
    const all = Buffer.concat(held, heldBytes);
    let at = 0;
    // A full piece is let go only when something follows: until then it may be the last.
    for (; heldBytes - at > pieceBytes; at += pieceBytes) {
      yield { bytes: all.subarray(at, at + pieceBytes), index, isLast: false };
      index += 1;
    }
    held = [all.subarray(at)];
    heldBytes -= at;
  }
  yield { bytes: Buffer.concat(held, heldBytes), index, isLast: true };
}

/** Seals what flows through it. */
export async function* seal(
  plain: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  context: string,
): AsyncGenerator<Buffer> {
  const data = additionalData(context);
  yield HEADER;
  for await (const { bytes, index, isLast } of inPieces(plain, CHUNK_BYTES)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index, isLast));
    cipher.setAAD(data);
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }
}

async function* withoutHeader(sealed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = Buffer.alloc(0);
  let isRead = false;
  for await (const bytes of sealed) {
    if (isRead) {
      yield bytes;
      continue;
    }
    first = Buffer.concat([first, bytes]);
    if (first.length < HEADER.length) continue;
    if (!first.subarray(0, HEADER.length).equals(HEADER)) throw new SealBroken();
    isRead = true;
    yield first.subarray(HEADER.length);
  }
  if (!isRead) throw new SealBroken();
}

function openChunk({ bytes, index, isLast }: Piece, key: Uint8Array, data: Buffer): Buffer {
  if (bytes.length < TAG_BYTES) throw new SealBroken();
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index, isLast), { authTagLength: TAG_BYTES });
  decipher.setAAD(data);
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}

/**
 * Opens what `seal` made. Each chunk is proved before any of its bytes is let go; that nothing is missing at the end is
 * known at the end only, so whoever passes on what comes must be able to take the whole back. Throws SealBroken.
 */
export async function* unseal(
  sealed: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  context: string,
): AsyncGenerator<Buffer> {
  const data = additionalData(context);
  for await (const piece of inPieces(withoutHeader(sealed), CHUNK_BYTES + TAG_BYTES)) {
    const plain = openChunk(piece, key, data);
    if (plain.length > 0) yield plain;
  }
}
