import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { type DocumentScanState, RecordClass } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { DocumentAction } from './document.refusals.js';
import { allowedActions, canOpen, statusOf } from './document.rules.js';
import type { Document, DocumentVersion } from './document.type.js';
import { DOCUMENT_WORK } from './document-letter.type.js';
import type { TakenFile } from './document-vault.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const WITH_VERSIONS = {
  versions: { orderBy: { number: 'asc' } },
} as const satisfies Prisma.DocumentInclude;
export type DocumentRow = Prisma.DocumentGetPayload<{ include: typeof WITH_VERSIONS }>;
export type VersionRow = DocumentRow['versions'][number];

/** What a document is, before it has a content. */
export type NewDocument = Pick<
  Document,
  'patientId' | 'subjectType' | 'subjectId' | 'kind' | 'title' | 'retentionClass'
>;

/** Rows of documents as the other services of this room read and write them. */
@Injectable()
export class DocumentRecord {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {
    outbox.declare(DOCUMENT_WORK.filed);
  }

  /** The row, held until the transaction ends so that two changes come one after the other. Throws NOT_FOUND. */
  async mustHold(tx: Tx, id: string): Promise<DocumentRow> {
    if (!UUID.test(id)) throw notFound('document');
    await tx.$queryRaw`SELECT 1 FROM documents WHERE id = ${id}::uuid FOR UPDATE`;
    return this.mustHave(tx, id);
  }

  /** Throws NOT_FOUND. */
  async mustHave(tx: Tx, id: string): Promise<DocumentRow> {
    if (!UUID.test(id)) throw notFound('document');
    const row = await tx.document.findUnique({ where: { id }, include: WITH_VERSIONS });
    if (row === null) throw notFound('document');
    return row;
  }

  /** A new document with its first content. */
  async add(tx: Tx, actor: Actor, document: NewDocument, file: TakenFile): Promise<Document> {
    const filedAt = dateFromInstant(this.clock.now());
    const { id } = await tx.document.create({ data: { ...document, filedAt, filedById: actor.id } });
    await this.#addContent(tx, actor, id, 1, file);
    const filed = this.toDocument(await this.mustHave(tx, id));
    await this.record(tx, actor, 'document.filed', filed, null);
    return filed;
  }

  /** A further content of a document. */
  async addVersion(tx: Tx, actor: Actor, row: DocumentRow, file: TakenFile): Promise<Document> {
    const number = (row.versions.at(-1)?.number ?? 0) + 1;
    await this.#addContent(tx, actor, row.id, number, file);
    await tx.document.update({ where: { id: row.id }, data: { version: { increment: 1 } } });
    const changed = this.toDocument(await this.mustHave(tx, row.id));
    await this.record(tx, actor, 'document.version-filed', changed, this.toDocument(row));
    return changed;
  }

  /** Writes a change and its audit row; the row must be held. */
  async change(
    tx: Tx,
    actor: Actor,
    action: string,
    row: DocumentRow,
    data: Prisma.DocumentUncheckedUpdateInput,
  ): Promise<Document> {
    await tx.document.update({ where: { id: row.id }, data: { ...data, version: { increment: 1 } } });
    const changed = this.toDocument(await this.mustHave(tx, row.id));
    await this.record(tx, actor, action, changed, this.toDocument(row));
    return changed;
  }

  async record(
    tx: Tx,
    actor: Actor,
    action: string,
    after: Document,
    before: Document | null,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'document',
      subjectId: after.id,
      patientIds: after.patientId === null ? [] : [after.patientId],
      ...(before === null ? {} : { before }),
      after,
    });
  }

  toDocument(row: DocumentRow): Document {
    const { id, patientId, subjectType, subjectId, kind, title, retentionClass, filedById, version } = row;
    const status = statusOf(row);
    const versions = row.versions.map((one) => this.#toVersion(one, status === 'FILED'));
    const mayOpen = versions.some(({ isOpenable }) => isOpenable);
    return {
      id,
      patientId,
      subjectType,
      subjectId,
      kind,
      title,
      retentionClass: toRecordClass(retentionClass),
      status,
      allowedActions: allowedActions(status).filter((action) => action !== DocumentAction.OPEN || mayOpen),
      filedAt: instantFromDate(row.filedAt),
      filedById,
      withdrawnAt: instantOrNull(row.withdrawnAt),
      withdrawnById: row.withdrawnById,
      withdrawnReason: row.withdrawnReason,
      destroyedAt: instantOrNull(row.destroyedAt),
      version,
      versions,
    };
  }

  #toVersion(row: VersionRow, isFiled: boolean): DocumentVersion {
    const { number, fileName, mediaType, sizeBytes, scanState, threatName, scanProblem, filedById } = row;
    return {
      number,
      fileName,
      mediaType,
      sizeBytes,
      sha256: row.sha256 === null ? null : Buffer.from(row.sha256).toString('hex'),
      scanState,
      scannedAt: instantOrNull(row.scannedAt),
      threatName,
      scanProblem,
      isOpenable: isFiled && canOpen(row, this.config.documentsUnscanned) === null,
      contentPath: `/documents/${row.documentId}/content?version=${number}`,
      filedAt: instantFromDate(row.filedAt),
      filedById,
      contentDestroyedAt: instantOrNull(row.contentDestroyedAt),
    };
  }

  async #addContent(
    tx: Tx,
    actor: Actor,
    documentId: string,
    number: number,
    file: TakenFile,
  ): Promise<void> {
    const scanState: DocumentScanState = this.config.clamdUrl === undefined ? 'NOT_SCANNED' : 'PENDING';
    const { id } = await tx.documentVersion.create({
      data: {
        documentId,
        number,
        ...file,
        scanState,
        filedAt: dateFromInstant(this.clock.now()),
        filedById: actor.id,
      },
    });
    if (scanState === 'PENDING')
      await this.outbox.post(tx, { topic: DOCUMENT_WORK.filed, subjectId: id, version: 0 });
  }
}

/** The column is text, since the classes belong to another room; what that room does not know any more is a document. */
function toRecordClass(text: string): RecordClass {
  return Object.values(RecordClass).find((known) => known === text) ?? RecordClass.DOCUMENT;
}

function instantOrNull(date: Date | null): Temporal.Instant | null {
  return date === null ? null : instantFromDate(date);
}
