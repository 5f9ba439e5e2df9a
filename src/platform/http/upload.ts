import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { badInput } from '../refusal/refusal.js';

/** More than any form of ours has. */
const FIELDS_MAX = 20;
const FIELD_NAME_BYTES_MAX = 60;
/** A title and a reason are the longest. */
const FIELD_BYTES_MAX = 4_096;
const PART_HEADERS_MAX = 10;
const PART_HEADER_BYTES_MAX = 8_192;
/** A person on a slow line still sends something; whoever sends nothing for so long has gone. */
export const UPLOAD_IDLE_MAX_MS = 30_000;

/** A file on its way in, with the fields that came before it. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  /** As the sender wrote it, the path before it cut off. */
  readonly fileName: string;
  /** As the sender declares it. */
  readonly mediaType: string;
  /** Read it once. Throws BAD_INPUT when it breaks off, or when nothing comes for too long. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads a form (RFC 7578) up to its file, which must be its last part: what is about the file is known before its first
 * byte is stored. Throws BAD_INPUT.
 */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart())
    throw badInput('Send a form: multipart/form-data with the file as its last part.');
  const parts = request.parts({
    limits: {
      fields: FIELDS_MAX,
      fieldNameSize: FIELD_NAME_BYTES_MAX,
      fieldSize: FIELD_BYTES_MAX,
      files: 1,
      headerPairs: PART_HEADERS_MAX,
      headerSize: PART_HEADER_BYTES_MAX,
      // How much is too much the reader of the content says.
      fileSize: Number.POSITIVE_INFINITY,
    },
  });
  const fields: Record<string, string> = {};
  try {
    for (;;) {
      const next = await parts.next();
      if (next.done === true) throw badInput('file: is missing.');
      const part: Multipart = next.value;
      if (part.type === 'file') return { fields, ...fileOf(part, parts, request) };
      addField(fields, part.fieldname, part.value, part.valueTruncated);
    }
  } catch (error) {
    throw toBadInput(error);
  }
}

function addField(fields: Record<string, string>, name: string, value: unknown, isTruncated: boolean): void {
  if (isTruncated) throw badInput(`${printable(name)}: must have at most ${FIELD_BYTES_MAX} bytes.`);
  if (typeof value !== 'string') throw badInput(`${printable(name)}: must be text.`);
  if (Object.hasOwn(fields, name)) throw badInput(`${printable(name)}: is there twice.`);
  fields[name] = value;
}

function fileOf(
  part: MultipartFile,
  parts: AsyncIterator<Multipart>,
  request: FastifyRequest,
): Omit<Upload, 'fields'> {
  return {
    fileName: part.filename ?? '',
    mediaType: part.mimetype,
    content: flowing(part, parts, request),
  };
}

async function* flowing(
  part: MultipartFile,
  parts: AsyncIterator<Multipart>,
  request: FastifyRequest,
): AsyncGenerator<Uint8Array> {
  const impatience = setTimeout(
    () => part.file.destroy(badInput('Nothing came for too long: the upload was given up.')),
    UPLOAD_IDLE_MAX_MS,
  );
  let isRead = false;
  try {
    for await (const bytes of part.file) {
      impatience.refresh();
      yield bytes;
    }
    // The end of a part is the end of a form only when the form's own end has come.
    const after = await parts.next();
    if (after.done !== true) throw badInput('The file must be the last part of the form.');
    isRead = true;
  } catch (error) {
    throw toBadInput(error);
  } finally {
    clearTimeout(impatience);
    if (!isRead) {
      part.file.destroy();
      request.raw.unpipe();
    }
  }
}

/** What the reader of forms throws is about the sender's bytes. Errors with a code of the system are not. */
function toBadInput(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'Fault') return error;
  const code = 'code' in error ? String(error.code) : '';
  if (
    code !== '' &&
    !code.startsWith('FST_') &&
    code !== 'ECONNRESET' &&
    code !== 'ERR_STREAM_PREMATURE_CLOSE'
  )
    return error;
  return badInput('The form broke off or cannot be read. Nothing was kept.');
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, FIELD_NAME_BYTES_MAX);
}
