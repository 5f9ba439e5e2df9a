import { createHash } from 'node:crypto';
import { PassThrough, type Readable, Transform } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { ZipFile } from 'yazl';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Clock, instantFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { lockedAccessRequest } from './records.queries.js';
import { canFetch } from './subject-access.rules.js';
import { SubjectAccess, type SubjectAccessFile } from './subject-access.type.js';
import { filesOf } from './subject-access-copy.service.js';
import { mustHaveRequest, toCopy } from './subject-access-record.service.js';
import type { CopyNotReady } from './subject-access-request.refusals.js';

export interface CopyArchive {
  readonly fileName: string;
  /** A ZIP, made while it is read. Breaks off when a file is not what it was when the copy was prepared. */
  readonly content: Readable;
}

interface Part {
  readonly path: string;
  readonly sha256: string;
  readonly content: Uint8Array | null;
}

/** A copy as one file. Each fetching is recorded before the first byte goes. */
@Injectable()
export class SubjectAccessDownloadService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(SubjectAccess) private readonly access: SubjectAccess,
  ) {}

  /** Throws NOT_FOUND. */
  async fetchCopy(actor: Actor, requestId: string): Promise<CopyArchive | CopyNotReady> {
    const found = await this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedAccessRequest(requestId));
      const row = await mustHaveRequest(tx, requestId);
      const refusal = canFetch(toCopy(row), this.clock.now());
      if (refusal !== null) return refusal;
      await tx.subjectAccessRequest.update({
        where: { id: requestId },
        data: { downloadsCount: { increment: 1 } },
      });
      await this.audit.record(tx, actor, {
        action: 'subject-access.fetched',
        subjectType: 'subject-access-request',
        subjectId: requestId,
        patientIds: [row.patientId],
        after: { manifestSha256: row.manifestSha256, downloadsCount: row.downloadsCount + 1 },
      });
      const parts = await tx.subjectAccessPart.findMany({ where: { requestId }, orderBy: { path: 'asc' } });
      const files = await this.#files(tx, row.patientId);
      return { parts, files, preparedAt: row.preparedAt };
    });
    if (!('parts' in found)) return found;
    const { parts, files, preparedAt } = found;
    const day = preparedAt === null ? '' : `-${instantFromDate(preparedAt).toString().slice(0, 10)}`;
    return { fileName: `record${day}-${requestId}.zip`, content: archive(parts, files, preparedAt) };
  }

  async #files(tx: Tx, patientId: string): Promise<ReadonlyMap<string, SubjectAccessFile>> {
    const files = new Map<string, SubjectAccessFile>();
    for (const room of this.access.rooms()) {
      for (const file of await filesOf(tx, room, patientId)) files.set(file.inCopy, file);
    }
    return files;
  }
}

/** The files one after another; a room's file is opened when its turn comes. */
export function archive(
  parts: readonly Part[],
  files: ReadonlyMap<string, SubjectAccessFile>,
  mtime: Date | null,
): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  const options = mtime === null ? {} : { mtime };
  zip.on('error', (error: unknown) => out.destroy(asError(error)));
  for (const { path, content, sha256 } of parts) {
    if (content !== null) {
      zip.addBuffer(Buffer.from(content), path, options);
      continue;
    }
    zip.addReadStreamLazy(path, options, (opened) => {
      openFile(files.get(path), sha256).then(
        (stream) => {
          stream.on('error', (error) => out.destroy(error));
          // Whoever stops half-way must not leave the file open.
          if (out.destroyed) stream.destroy();
          else out.once('close', () => stream.destroy());
          opened(null, stream);
        },
        (error: unknown) => {
          out.destroy(asError(error));
          opened(asError(error), new PassThrough().end());
        },
      );
    });
  }
  zip.end();
  zip.outputStream.pipe(out);
  return out;
}

async function openFile(file: SubjectAccessFile | undefined, sha256: string): Promise<Readable> {
  if (file === undefined) throw new Error('a file of the copy is there no more');
  const source = await file.open();
  const checked = sameAs(sha256);
  source.on('error', (error) => checked.destroy(error));
  checked.once('close', () => source.destroy());
  return source.pipe(checked);
}

/** Passes everything on, and fails at the end when it was not what it should be. */
function sameAs(sha256: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest('hex') === sha256 ? null : new Error('a file of the copy has changed'));
    },
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the copy could not be made');
}
