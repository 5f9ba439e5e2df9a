import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import {
  DocumentAction,
  DocumentChangedMeanwhile,
  type DocumentStandsOtherwise,
} from './document.refusals.js';
import { canDo, statusOf } from './document.rules.js';
import type {
  DescribeDocumentInput,
  Document,
  RestoreDocumentInput,
  SetDocumentRetentionInput,
  WithdrawDocumentInput,
} from './document.type.js';
import { DocumentReach } from './document-reach.service.js';
import type { DocumentReader } from './document-reader.type.js';
import { DocumentRecord } from './document-record.service.js';

type Changed = Document | DocumentStandsOtherwise | DocumentChangedMeanwhile;

interface Change {
  readonly action: DocumentAction;
  /** In the audit record. */
  readonly done: string;
  readonly data: Prisma.DocumentUncheckedUpdateInput;
}

/** What people do with documents that are filed. No content is ever touched by it. */
@Injectable()
export class DocumentChangeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentReach) private readonly reach: DocumentReach,
  ) {}

  /** Puts title or kind right. Throws NOT_FOUND, and BAD_INPUT when neither is given. */
  async describeDocument(reader: DocumentReader, input: DescribeDocumentInput): Promise<Changed> {
    const { title, kind } = input;
    if (!title && !kind) throw badInput('input: say a title or a kind.');
    const data = { ...(title ? { title: title.trim() } : {}), ...(kind ? { kind } : {}) };
    return this.#change(reader, input, { action: DocumentAction.DESCRIBE, done: 'document.described', data });
  }

  /** Says by which rule it is kept. Throws NOT_FOUND. */
  async setDocumentRetention(reader: DocumentReader, input: SetDocumentRetentionInput): Promise<Changed> {
    const data = { retentionClass: input.retentionClass };
    return this.#change(reader, input, {
      action: DocumentAction.DESCRIBE,
      done: 'document.retention-set',
      data,
    });
  }

  /** Takes it out; it can be put back. Throws NOT_FOUND. */
  async withdrawDocument(reader: DocumentReader, input: WithdrawDocumentInput): Promise<Changed> {
    return this.#change(reader, input, {
      action: DocumentAction.WITHDRAW,
      done: 'document.withdrawn',
      data: {
        withdrawnAt: dateFromInstant(this.clock.now()),
        withdrawnById: reader.actor.id,
        withdrawnReason: input.reason.trim(),
      },
    });
  }

  /** Puts it back. Throws NOT_FOUND. */
  async restoreDocument(reader: DocumentReader, input: RestoreDocumentInput): Promise<Changed> {
    return this.#change(reader, input, {
      action: DocumentAction.RESTORE,
      done: 'document.restored',
      data: { withdrawnAt: null, withdrawnById: null, withdrawnReason: null },
    });
  }

  async #change(
    reader: DocumentReader,
    seen: { readonly documentId: string; readonly version: number },
    { action, done, data }: Change,
  ): Promise<Changed> {
    return this.database.transaction(async (tx: Tx): Promise<Changed> => {
      const row = await this.reach.mustHold(tx, reader.roles, seen.documentId);
      const refused = canDo(action, statusOf(row));
      if (refused !== null) return refused;
      if (row.version !== seen.version) return new DocumentChangedMeanwhile();
      return this.record.change(tx, reader.actor, done, row, data);
    });
  }
}
