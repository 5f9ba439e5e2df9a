import { fileTypeFromBuffer } from 'file-type';
import { endsAsArchive, hasSecondNature, isWhole, TAIL_BYTES, trailsMarkup } from './endings.js';
import { type FileType, isFileType } from './file-types.js';

/** What types are told by, and what browsers look at to guess one: the beginning. */
const HEAD_BYTES = 4_100;

export const FILE_PROBLEMS = [
  'EMPTY',
  'TOO_LARGE',
  'TYPE_NOT_ALLOWED',
  'NOT_TEXT',
  'SECOND_NATURE',
  'CUT_OFF',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

/** The content is none that is taken in. */
export class ContentUnacceptable extends Error {
  override readonly name = 'ContentUnacceptable';

  constructor(readonly problem: FileProblem) {
    super(`the content is not acceptable: ${problem}`);
  }
}

export interface Inspection {
  /** What it is, by what is in it. */
  readonly type: FileType;
  /** All of it, judged as it flows: throws ContentUnacceptable, at the latest at its end. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Reads the beginning and says what it is. Throws ContentUnacceptable. Nothing is ever unpacked or held whole. */
export async function inspect(source: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Inspection> {
  const bytes = source[Symbol.asyncIterator]();
  try {
    const head = await readHead(bytes);
    const type = await typeOf(head);
    if (hasSecondNature(type, head)) throw new ContentUnacceptable('SECOND_NATURE');
    return { type, content: judged(head, bytes, type, bytesMax) };
  } catch (error) {
    await bytes.return?.();
    throw error;
  }
}

/** At least HEAD_BYTES, unless there is less. Throws EMPTY. */
async function readHead(bytes: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await bytes.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  if (head.length === 0) throw new ContentUnacceptable('EMPTY');
  return head;
}

async function typeOf(head: Buffer): Promise<FileType> {
  const found = await fileTypeFromBuffer(head.subarray(0, HEAD_BYTES));
  // What has no mark of its own may be text; whether it is shows as it flows.
  if (found === undefined) return 'text/plain';
  if (!isFileType(found.mime)) throw new ContentUnacceptable('TYPE_NOT_ALLOWED');
  return found.mime;
}

async function* judged(
  head: Buffer,
  rest: AsyncIterator<Uint8Array>,
  type: FileType,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  const text = type === 'text/plain' ? new TextJudge() : null;
  let tail = Buffer.alloc(0);
  let total = 0;
  try {
    for (
      let next: IteratorResult<Uint8Array> = { value: head };
      next.done !== true;
      next = await rest.next()
    ) {
      total += next.value.length;
      if (total > bytesMax) throw new ContentUnacceptable('TOO_LARGE');
      text?.add(next.value);
      tail = Buffer.concat([tail, next.value]).subarray(-TAIL_BYTES);
      yield next.value;
    }
    text?.end();
    if (endsAsArchive(tail, total - tail.length) || trailsMarkup(type, tail))
      throw new ContentUnacceptable('SECOND_NATURE');
    if (!isWhole(type, tail)) throw new ContentUnacceptable('CUT_OFF');
  } finally {
    await rest.return?.();
  }
}

/** UTF-8 without control characters other than line ends, tabs and form feeds. */
class TextJudge {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });

  add(bytes: Uint8Array): void {
    this.#judge(() => this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#judge(() => this.#decoder.decode());
  }

  #judge(decode: () => string): void {
    let text: string;
    try {
      text = decode();
    } catch {
      throw new ContentUnacceptable('NOT_TEXT');
    }
    if (/[^\P{Cc}\t\n\f\r]/u.test(text)) throw new ContentUnacceptable('NOT_TEXT');
  }
}
