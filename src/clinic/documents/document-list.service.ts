import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { DocumentStatus } from './document.refusals.js';
import type { Document, DocumentFilterInput } from './document.type.js';
import { DocumentReach } from './document-reach.service.js';
import type { DocumentReader } from './document-reader.type.js';
import { DocumentRecord, WITH_VERSIONS } from './document-record.service.js';

/** Of one patient, in one look: the newest. The rest is found with `documents(filter, page)`. */
const OF_PATIENT_MAX = 50;

const WHERE_STATUS = {
  FILED: { withdrawnAt: null, destroyedAt: null },
  WITHDRAWN: { withdrawnAt: { not: null }, destroyedAt: null },
  DESTROYED: { destroyedAt: { not: null } },
} as const satisfies Record<DocumentStatus, Prisma.DocumentWhereInput>;

/** Looks at what is filed and within the reader's reach. Each look is recorded. */
@Injectable()
export class DocumentListService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentReach) private readonly reach: DocumentReach,
  ) {}

  /** One document with all its versions, in whatever state. Throws NOT_FOUND. */
  async document({ actor, roles }: DocumentReader, id: string): Promise<Document> {
    return this.database.transaction(async (tx) => {
      const document = this.record.toDocument(await this.reach.mustHave(tx, roles, id));
      await this.#recordLook(tx, actor, 'document.viewed', [document], document.id);
      return document;
    });
  }

  /** The last filed first. */
  async documents(
    { actor, roles }: DocumentReader,
    filter: DocumentFilterInput,
    page: PageInput,
  ): Promise<Page<Document>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.document.findMany({
        where: {
          AND: [whereOf(filter), this.reach.within(roles), after === null ? {} : { id: { lt: after } }],
        },
        include: WITH_VERSIONS,
        // Ids are UUID version 7: their order is the order in time.
        orderBy: { id: 'desc' },
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map((row) => this.record.toDocument(row));
      await this.#recordLook(tx, actor, 'documents.listed', items);
      const last = items.at(-1);
      return { items, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
    });
  }

  /** What is filed about each of these patients: the newest, newest first. */
  async ofPatients(
    { actor, roles }: DocumentReader,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, Document[]>> {
    return this.database.transaction(async (tx) => {
      const found = new Map<string, Document[]>();
      for (const patientId of new Set(patientIds)) {
        const rows = await tx.document.findMany({
          where: { patientId, ...WHERE_STATUS.FILED, ...this.reach.within(roles) },
          include: WITH_VERSIONS,
          orderBy: { id: 'desc' },
          take: OF_PATIENT_MAX,
        });
        found.set(
          patientId,
          rows.map((row) => this.record.toDocument(row)),
        );
      }
      await this.#recordLook(tx, actor, 'documents.listed', [...found.values()].flat(), undefined, [
        ...found.keys(),
      ]);
      return found;
    });
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: string,
    shown: readonly Document[],
    subjectId?: string,
    asked: readonly string[] = [],
  ): Promise<void> {
    const patientIds = new Set([...asked, ...shown.flatMap(({ patientId }) => patientId ?? [])]);
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'document',
      ...(subjectId === undefined ? {} : { subjectId }),
      patientIds: [...patientIds],
      after: { documentIds: shown.map(({ id }) => id) },
    });
  }
}

function whereOf(filter: DocumentFilterInput): Prisma.DocumentWhereInput {
  const { patientId, subjectType, subjectId, kinds, scanStates, statuses } = filter;
  return {
    ...(patientId ? { patientId } : {}),
    ...(subjectType ? { subjectType } : {}),
    ...(subjectId ? { subjectId } : {}),
    ...(kinds ? { kind: { in: [...kinds] } } : {}),
    ...(scanStates ? { versions: { some: { scanState: { in: [...scanStates] } } } } : {}),
    OR: (statuses ?? [DocumentStatus.FILED]).map((status) => WHERE_STATUS[status]),
  };
}
