import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Config, keepsDocuments } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import {
  DocumentAction,
  type DocumentNotOpenable,
  DocumentStandsOtherwise,
  DocumentsNotKept,
} from './document.refusals.js';
import { canDo, canOpen, statusOf } from './document.rules.js';
import { DocumentReach } from './document-reach.service.js';
import type { DocumentReader } from './document-reader.type.js';
import type { VersionRow } from './document-record.service.js';
import { DocumentVault } from './document-vault.service.js';

/** What is said of a content before it is opened. */
export interface ContentFacts {
  readonly documentId: string;
  readonly versionNumber: number;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface OpenedContent extends ContentFacts {
  /** Read it to its end, or destroy it. Ends in an error when what is stored does not fit its seal. */
  readonly content: Readable;
}

type CannotOpen = DocumentNotOpenable | DocumentStandsOtherwise | DocumentsNotKept;

/** Gives contents out. The look is recorded, and committed, before the first byte. */
@Injectable()
export class DocumentOpening {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DocumentReach) private readonly reach: DocumentReach,
    @Inject(DocumentVault) private readonly vault: DocumentVault,
  ) {}

  /** Opens a version; the newest when no number is given. Throws NOT_FOUND. */
  async openContent(
    reader: DocumentReader,
    documentId: string,
    versionNumber: number | null = null,
  ): Promise<OpenedContent | CannotOpen> {
    const found = await this.#look(reader, documentId, versionNumber, 'document.opened');
    if ('code' in found) return found;
    return { ...factsOf(found), content: await this.vault.open(found) };
  }

  /** Says what would be opened. Throws NOT_FOUND. */
  async contentFacts(
    reader: DocumentReader,
    documentId: string,
    versionNumber: number | null = null,
  ): Promise<ContentFacts | CannotOpen> {
    const found = await this.#look(reader, documentId, versionNumber, 'document.content-asked-for');
    return 'code' in found ? found : factsOf(found);
  }

  async #look(
    reader: DocumentReader,
    documentId: string,
    versionNumber: number | null,
    action: string,
  ): Promise<VersionRow | CannotOpen> {
    if (!keepsDocuments(this.config)) return new DocumentsNotKept();
    return this.database.transaction(async (tx) => {
      const row = await this.reach.mustHave(tx, reader.roles, documentId);
      const version =
        versionNumber === null
          ? row.versions.at(-1)
          : row.versions.find(({ number }) => number === versionNumber);
      if (version === undefined) throw notFound('document');
      const refused =
        canDo(DocumentAction.OPEN, statusOf(row)) ?? canOpen(version, this.config.documentsUnscanned);
      if (refused !== null) return refused;
      await this.audit.record(tx, reader.actor, {
        action,
        subjectType: 'document',
        subjectId: row.id,
        patientIds: row.patientId === null ? [] : [row.patientId],
        after: { versionNumber: version.number },
      });
      return version;
    });
  }
}

function factsOf({ documentId, number, fileName, mediaType, sizeBytes }: VersionRow): ContentFacts {
  return { documentId, versionNumber: number, fileName, mediaType, sizeBytes };
}
