import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/database.service.js';
import { Outbox } from '../../platform/outbox/index.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { DocumentNotScannable } from './document.refusals.js';
import { ScanEvent, scanStateAfter } from './document.rules.js';
import type { Document, ScanDocumentAgainInput } from './document.type.js';
import { DOCUMENT_WORK } from './document-letter.type.js';
import { DocumentReach } from './document-reach.service.js';
import type { DocumentReader } from './document-reader.type.js';
import { DocumentRecord } from './document-record.service.js';

/** Has a content looked at again: a scanner came late, was mended, or knows more by now. */
@Injectable()
export class DocumentRescanService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentReach) private readonly reach: DocumentReach,
  ) {}

  /** Until the scanner has answered, the content cannot be opened. Throws NOT_FOUND. */
  async scanDocumentAgain(
    { actor, roles }: DocumentReader,
    { documentId, number }: ScanDocumentAgainInput,
  ): Promise<Document | DocumentNotScannable> {
    return this.database.transaction(async (tx) => {
      const row = await this.reach.mustHold(tx, roles, documentId);
      const content = row.versions.find((version) => version.number === number);
      if (content === undefined) throw notFound('document');
      if (this.config.clamdUrl === undefined)
        return new DocumentNotScannable('No virus scanner is configured.');
      if (content.contentDestroyedAt !== null)
        return new DocumentNotScannable('Its content has been destroyed.');
      const next = scanStateAfter(content.scanState, ScanEvent.ASKED_AGAIN);
      if (next === null)
        return new DocumentNotScannable('It waits for the scanner, or a threat was found in it.');
      await tx.documentVersion.update({
        where: { id: content.id },
        data: { scanState: next, scannedAt: null, scanProblem: null },
      });
      await this.outbox.post(tx, { topic: DOCUMENT_WORK.filed, subjectId: content.id, version: row.version });
      return this.record.change(tx, actor, 'document.scan-asked-for', row, {});
    });
  }
}
