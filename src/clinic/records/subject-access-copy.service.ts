import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
import { Clock, dateFromInstant, formatLocalDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { lockedAccessRequest } from './records.queries.js';
import { COPY_KEPT_DAYS } from './subject-access.rules.js';
import { SubjectAccess, type SubjectAccessFile, type SubjectAccessRoom } from './subject-access.type.js';
import {
  type CopyText,
  checksums,
  type ManifestFile,
  manifest,
  readme,
  safePath,
  sectionFile,
  type Withholding,
} from './subject-access-copy.rules.js';
import type { RequestRow } from './subject-access-record.service.js';
import { SUBJECT_ACCESS_WORK } from './subject-access-request.type.js';

const COPYIST: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'subject access',
  requestId: null,
  source: null,
};

export interface GatheredFile extends SubjectAccessFile {
  readonly inCopy: string;
}

interface Gathered {
  readonly texts: readonly CopyText[];
  readonly files: readonly GatheredFile[];
  readonly rooms: readonly string[];
  readonly localNumber: string;
}

type Part = ManifestFile & { readonly content: Buffer | null };

/** Gathers what every room has of a patient into a copy, and removes it when its time is over. */
@Injectable()
export class SubjectAccessCopyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(SubjectAccess) private readonly access: SubjectAccess,
  ) {
    outbox.declare(SUBJECT_ACCESS_WORK.due);
  }

  /** Prepares the copy that was asked for as this version; a request that has changed since is prepared by its own message. */
  async prepare(requestId: string, version: number): Promise<void> {
    const request = await this.#wanted(this.database.client, requestId, version);
    if (request === null) return;
    const withholdings = await this.#withholdings(requestId);
    const gathered = await this.#gather(request.patientId, withholdings);
    const now = this.clock.now();
    const parts = await this.#parts(request, gathered, withholdings, now);
    await this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedAccessRequest(requestId));
      const wanted = await this.#wanted(tx, requestId, version);
      if (wanted !== null) await this.#keep(tx, wanted, { parts, gathered, now });
    });
  }

  /** Removes a copy whose time is over. A later copy has its own message. */
  async expire(requestId: string, version: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedAccessRequest(requestId));
      const row = await tx.subjectAccessRequest.findUnique({ where: { id: requestId } });
      if (row === null || row.copyStatus !== 'READY' || row.copyVersion !== version) return;
      await tx.subjectAccessPart.deleteMany({ where: { requestId } });
      await tx.subjectAccessRequest.update({
        where: { id: requestId },
        data: { copyStatus: 'EXPIRED', version: { increment: 1 } },
      });
      await this.#record(tx, 'subject-access.copy-expired', row, { copyStatus: 'EXPIRED' });
    });
  }

  async #wanted(client: Tx, requestId: string, version: number): Promise<RequestRow | null> {
    const row = await client.subjectAccessRequest.findUnique({ where: { id: requestId } });
    if (row === null || row.copyStatus !== 'PREPARING' || row.copyVersion !== version) return null;
    return row.settledAt === null ? row : null;
  }

  async #withholdings(requestId: string): Promise<readonly Withholding[]> {
    return this.database.client.subjectAccessWithheld.findMany({
      where: { requestId },
      select: { path: true, recordId: true, field: true, reason: true },
      orderBy: [{ path: 'asc' }, { recordId: 'asc' }, { field: 'asc' }],
    });
  }

  /** In one snapshot: the rooms' parts fit to one another. */
  #gather(patientId: string, withholdings: readonly Withholding[]): Promise<Gathered> {
    return this.database.transaction<Gathered, never>(
      async (tx) => {
        const texts: CopyText[] = [];
        const files: GatheredFile[] = [];
        const rooms = this.access.rooms();
        for (const room of rooms) {
          for (const section of await room.collect(tx, patientId)) {
            texts.push(sectionFile(room.room, section, withholdings));
          }
          files.push(...(await filesOf(tx, room, patientId)));
        }
        const { localNumber } = await tx.patient.findUniqueOrThrow({ where: { id: patientId } });
        const isWithheld = ({ inCopy, id }: GatheredFile) =>
          withholdings.some(({ path, recordId }) => path === inCopy && recordId === id);
        return {
          ...{ texts, localNumber, files: files.filter((file) => !isWithheld(file)) },
          rooms: rooms.map(({ room }) => room),
        };
      },
      { isolation: 'RepeatableRead' },
    );
  }

  /** Every file of the copy with its fingerprint; files of rooms are read once for theirs, and again when the copy is fetched. */
  async #parts(
    request: RequestRow,
    { texts, files, rooms, localNumber }: Gathered,
    withholdings: readonly Withholding[],
    preparedAt: Temporal.Instant,
  ): Promise<readonly Part[]> {
    const day = formatLocalDate(preparedAt, this.config.clinicTimeZone);
    const said = [
      ...texts.map(({ path, text }) => textPart(path, text)),
      textPart('README.txt', readme(localNumber, day, rooms)),
    ];
    const opened: Part[] = [];
    for (const file of files) opened.push(await filePart(file));
    const all = [...said, ...opened];
    const index = textPart(
      'manifest.json',
      manifest({ requestId: request.id, localNumber, preparedAt, files: all, withholdings }),
    );
    return [...all, index, textPart('SHA256SUMS', checksums([...all, index]))];
  }

  async #keep(
    tx: Tx,
    request: RequestRow,
    { parts, gathered, now }: { parts: readonly Part[]; gathered: Gathered; now: Temporal.Instant },
  ): Promise<void> {
    const requestId = request.id;
    const expiresAt = now.add({ hours: 24 * COPY_KEPT_DAYS });
    const marked = gathered.texts.reduce((sum, { thirdPartyCount }) => sum + thirdPartyCount, 0);
    const columns = {
      manifestSha256: parts.find(({ path }) => path === 'manifest.json')?.sha256 ?? null,
      filesCount: parts.length,
      thirdPartyCount: marked + gathered.files.filter(({ isThirdParty }) => isThirdParty).length,
    };
    await tx.subjectAccessPart.deleteMany({ where: { requestId } });
    await tx.subjectAccessPart.createMany({
      data: parts.map(({ content, ...part }) => ({
        ...{ requestId, ...part },
        content: content === null ? null : new Uint8Array(content),
      })),
    });
    await tx.subjectAccessRequest.update({
      where: { id: requestId },
      data: {
        ...columns,
        copyStatus: 'READY',
        preparedAt: dateFromInstant(now),
        copyExpiresAt: dateFromInstant(expiresAt),
        version: { increment: 1 },
      },
    });
    const { copyVersion: version } = request;
    await this.outbox.post(tx, {
      topic: SUBJECT_ACCESS_WORK.due,
      subjectId: requestId,
      version,
      dueAt: expiresAt,
    });
    await this.#record(tx, 'subject-access.copy-prepared', request, columns);
  }

  async #record(
    tx: Tx,
    action: 'subject-access.copy-prepared' | 'subject-access.copy-expired',
    request: RequestRow,
    after: object,
  ): Promise<void> {
    await this.audit.record(tx, COPYIST, {
      action,
      subjectType: 'subject-access-request',
      subjectId: request.id,
      patientIds: [request.patientId],
      before: { copyStatus: request.copyStatus },
      after,
    });
  }
}

/** The files of a room as they stand in the copy. */
export async function filesOf(
  tx: Tx,
  room: SubjectAccessRoom,
  patientId: string,
): Promise<readonly GatheredFile[]> {
  const files = (await room.files?.(tx, patientId)) ?? [];
  return files.map((file) => ({ ...file, inCopy: safePath(`${room.room}/files`, file.path) }));
}

function textPart(path: string, text: string): Part {
  const content = Buffer.from(text, 'utf8');
  return {
    path,
    content,
    sizeBytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}

async function filePart(file: GatheredFile): Promise<Part> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of await file.open()) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    hash.update(bytes);
    sizeBytes += bytes.length;
  }
  return { path: file.inCopy, content: null, sizeBytes, sha256: hash.digest('hex') };
}
