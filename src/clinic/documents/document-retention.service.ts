import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { dateFromInstant, instantFromDate, localDate, startOfDay } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type Destruction,
  type RetainedRecord,
  RetentionClasses,
  type RetentionHolder,
  type RetentionQuestion,
} from '../records/retention-class.type.js';
import { DOCUMENT_CLASSES } from './document.type.js';
import { DOCUMENT_WORK } from './document-letter.type.js';
import { DocumentRecord, type DocumentRow, WITH_VERSIONS } from './document-record.service.js';

/** What a stub says where a title and a name were. */
const DESTROYED_TITLE = 'Destroyed';
const DESTROYED_NAME = 'destroyed';

/** Documents stand for themselves: each is listed, approved and destroyed by itself, and leaves a stub. */
@Injectable()
export class DocumentRetentionService implements RetentionHolder {
  readonly room = 'documents';
  readonly subjectType = 'document';
  readonly classes = DOCUMENT_CLASSES;

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(DocumentRecord) private readonly rows: DocumentRecord,
  ) {
    classes.register(this);
  }

  async candidates(
    tx: Tx,
    { classes, createdUntil, afterId, limit }: RetentionQuestion,
  ): Promise<readonly RetainedRecord[]> {
    const before = startOfDay(createdUntil.add({ days: 1 }), this.config.clinicTimeZone);
    const rows = await tx.document.findMany({
      where: {
        destroyedAt: null,
        retentionClass: { in: [...classes] },
        filedAt: { lt: dateFromInstant(before) },
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      include: WITH_VERSIONS,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map((row) => this.#toRetained(row));
  }

  async record(tx: Tx, id: string): Promise<RetainedRecord | null> {
    await tx.$queryRaw`SELECT 1 FROM documents WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await tx.document.findUnique({ where: { id }, include: WITH_VERSIONS });
    return row === null || row.destroyedAt !== null ? null : this.#toRetained(row);
  }

  /** The keys go with the transaction, after which nobody can read the contents; what lies in the storage follows. */
  async destroy(tx: Tx, _actor: Actor, id: string, { at }: Destruction): Promise<readonly DestroyedPart[]> {
    const { versions } = await this.rows.mustHold(tx, id);
    const destroyedAt = dateFromInstant(at);
    await tx.documentVersion.updateMany({
      where: { documentId: id, contentDestroyedAt: null },
      data: { contentDestroyedAt: destroyedAt, wrappedKey: null },
    });
    await tx.documentVersion.updateMany({
      where: { documentId: id },
      data: { sha256: null, fileName: DESTROYED_NAME, scanProblem: null },
    });
    await tx.document.update({
      where: { id },
      data: {
        title: DESTROYED_TITLE,
        destroyedAt,
        withdrawnAt: null,
        withdrawnById: null,
        withdrawnReason: null,
        version: { increment: 1 },
      },
    });
    for (const version of versions) {
      await this.outbox.post(tx, {
        topic: DOCUMENT_WORK.contentDestroyed,
        subjectId: version.id,
        version: 0,
      });
    }
    const identifiers = versions.flatMap(({ sha256 }) =>
      sha256 === null ? [] : [Buffer.from(sha256).toString('hex')],
    );
    return [{ what: 'files', count: versions.length, identifiers }];
  }

  #toRetained(row: DocumentRow): RetainedRecord {
    const document = this.rows.toDocument(row);
    return {
      id: row.id,
      patientId: row.patientId,
      classes: [document.retentionClass],
      createdOn: localDate(instantFromDate(row.filedAt), this.config.clinicTimeZone),
      lastContactOn: null,
      keptBecause: null,
    };
  }
}
